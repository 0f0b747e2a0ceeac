"""Shortest paths through a generated graph of ESCO's order, against networkx's own on the same graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from statistics import median
from time import perf_counter

import networkx as nx

import kg
from benchmarks.generated import BASE, ESCO, career, requirements
from benchmarks.timing import Measured, in_turn
from kg.algorithms.shortest import shortest_path, shortest_paths
from kg.handles.graph_handle import GraphHandle

#: One pair of roles each; nothing is special about them.
PAIRS = ((17, 2_900), (5, 1_234), (404, 2_222))


def measure() -> Iterator[Measured]:
    """Yield one shortest path and ten, roles and skills being tied both ways, each with its length."""
    size = ESCO
    theirs: nx.DiGraph[int] = nx.DiGraph()
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(size.roles + size.skills)]
    for (role, skill), importance in requirements(size).items():
        node, length = size.roles + skill, round((1 - importance) * 1_000_000) + 1
        theirs.add_edge(role, node, length=length)
        theirs.add_edge(node, role, length=length)
        neighbours[role].append((node, length))
        neighbours[node].append((role, length))
    edges = neighbours.__getitem__

    def our_path() -> None:
        for a, b in PAIRS:
            shortest_path(a, b, edges, edges)

    def our_paths() -> None:
        for a, b in PAIRS:
            shortest_paths(a, b, 10, edges, edges)

    def one_way() -> None:
        for a, b in PAIRS:
            nx.dijkstra_path(theirs, a, b, "length")

    def two_way() -> None:
        for a, b in PAIRS:
            nx.bidirectional_dijkstra(theirs, a, b, "length")

    a, b = PAIRS[0]
    theirs_ten: list[float] = []
    for _ in range(3):  # it takes seconds: few samples, of one pair
        start = perf_counter()
        found = [*islice(nx.shortest_simple_paths(theirs, a, b, "length"), 10)]
        theirs_ten.append(perf_counter() - start)
    lengths = [nx.path_weight(theirs, path, "length") for path in found]
    assert lengths == [path.length for path in shortest_paths(a, b, 10, edges, edges)]

    graph = career(size)
    handle = GraphHandle(graph, as_of=date(2026, 11, 22))
    names = [f"{BASE}role/role-{i}" for i in PAIRS[0]]

    def our_ten() -> None:
        shortest_paths(a, b, 10, edges, edges)

    def question() -> None:
        kg.path(handle, *names, via=["requires", "^requires"])

    def chains() -> None:
        kg.paths(handle, *names, limit=10, via=["leads_to"], prefer="effort")

    seconds = in_turn(
        {
            "path": our_path,
            "two-way": two_way,
            "one-way": one_way,
            "paths": our_paths,
            "one pair": our_ten,
            "kg.path": question,
            "chains": chains,
        },
        samples=5,
    )
    n = len(PAIRS)
    one, ten = seconds["path"] / n, median(theirs_ten)
    yield Measured("one shortest path, 3,000 roles", one, "networkx, from both ends", seconds["two-way"] / n, 1.0)
    yield Measured("one shortest path, 3,000 roles", one, "networkx dijkstra_path", seconds["one-way"] / n, 0.1)
    yield Measured("ten shortest paths, 3,000 roles", seconds["one pair"], "networkx's Yen", ten, 0.1)
    yield Measured("ten shortest paths, three pairs", seconds["paths"] / n, "one shortest path", one, 60.0)
    yield Measured("kg.path on that graph, by name", seconds["kg.path"], "networkx's Yen", ten, 0.5)
    yield Measured("kg.paths over leads_to, by name", seconds["chains"], "networkx's Yen", ten, 0.5)
