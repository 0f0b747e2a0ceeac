"""Shortest paths: against every simple path of small graphs, and against networkx."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms.shortest import Neighbours, Route, reached, shortest_path, shortest_paths

Lengths = dict[tuple[int, int], int]


@st.composite
def lengths(draw: st.DrawFn, *, most: int = 7, longest: int = 4) -> Lengths:
    """A small directed graph as the length of each edge, with many ties; node 0 and 1 are always there."""
    size = draw(st.integers(2, most))
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=22))
    return {pair: draw(st.integers(1, longest)) for pair in chosen}


def both_ways(graph: Lengths) -> tuple[Neighbours[int], Neighbours[int]]:
    out: dict[int, list[tuple[int, int]]] = {}
    into: dict[int, list[tuple[int, int]]] = {}
    for (a, b), length in graph.items():
        out.setdefault(a, []).append((b, length))
        into.setdefault(b, []).append((a, length))
    return (lambda node: out.get(node, [])), (lambda node: into.get(node, []))


def every_path(graph: Lengths, path: tuple[int, ...], goal: int, gone: int = 0) -> Iterator[Route[int]]:
    """Every simple path, by trying everything."""
    if path[-1] == goal:
        yield Route(gone, path)
        return
    for (a, b), length in graph.items():
        if a == path[-1] and b not in path:
            yield from every_path(graph, (*path, b), goal, gone + length)


def in_networkx(graph: Lengths) -> nx.DiGraph[int]:
    found: nx.DiGraph[int] = nx.DiGraph()
    found.add_nodes_from((0, 1))
    found.add_weighted_edges_from((a, b, length) for (a, b), length in graph.items())
    return found


@settings(max_examples=500)
@given(lengths())
def test_the_shortest_path_is_the_first_of_all_paths(graph: Lengths) -> None:
    every = sorted(every_path(graph, (0,), 1))
    assert shortest_path(0, 1, *both_ways(graph)) == (every[0] if every else None)


@settings(max_examples=500)
@given(lengths(), st.integers(1, 40))
def test_the_k_shortest_are_the_first_k_of_all_paths(graph: Lengths, k: int) -> None:
    assert shortest_paths(0, 1, k, *both_ways(graph)) == sorted(every_path(graph, (0,), 1))[:k]


@settings(max_examples=200)
@given(lengths(most=14, longest=50))
def test_networkx_finds_paths_of_the_same_lengths(graph: Lengths) -> None:
    theirs = in_networkx(graph)
    ours = shortest_paths(0, 1, 12, *both_ways(graph))
    if not nx.has_path(theirs, 0, 1):
        assert ours == []
        return
    found = islice(nx.shortest_simple_paths(theirs, 0, 1, weight="weight"), 12)
    assert [path.length for path in ours] == [nx.path_weight(theirs, path, "weight") for path in found]
    assert ours[0].length == nx.dijkstra_path_length(theirs, 0, 1)
    assert all(nx.is_simple_path(theirs, [*path.nodes]) for path in ours)


@settings(max_examples=100)
@given(st.integers(0, 10_000), st.integers(10, 60))
def test_larger_graphs_too(seed: int, size: int) -> None:
    theirs = nx.gnp_random_graph(size, 4 / size, seed=seed, directed=True)
    graph = {(a, b): (a * 7 + b * 13 + seed) % 9 + 1 for a, b in theirs.edges}
    first = shortest_path(0, 1, *both_ways(graph))
    several = shortest_paths(0, 1, 8, *both_ways(graph))
    assert several[:1] == ([first] if first else [])
    if first:
        found = [*islice(nx.shortest_simple_paths(in_networkx(graph), 0, 1, weight="weight"), 8)]
        assert [path.length for path in several] == [sum(graph[edge] for edge in pairwise(path)) for path in found]
    assert several == sorted(several)
    assert len({path.nodes for path in several}) == len(several)


@given(lengths())
def test_the_order_of_edges_does_not_matter(graph: Lengths) -> None:
    turned = dict(reversed(graph.items()))
    assert shortest_path(0, 1, *both_ways(graph)) == shortest_path(0, 1, *both_ways(turned))
    assert shortest_paths(0, 1, 9, *both_ways(graph)) == shortest_paths(0, 1, 9, *both_ways(turned))


@given(lengths())
def test_reached_is_what_networkx_reaches(graph: Lengths) -> None:
    out, into = both_ways(graph)
    assert reached(0, out) == nx.descendants(in_networkx(graph), 0) | {0}
    assert reached(1, into) == nx.ancestors(in_networkx(graph), 1) | {1}


def test_a_node_is_its_own_path() -> None:
    out, into = both_ways({(0, 1): 1})
    assert shortest_path(0, 0, out, into) == Route(0, (0,))
    assert shortest_paths(0, 0, 3, out, into) == [Route(0, (0,))]


def test_no_path_is_none_and_no_paths_are_none_at_all() -> None:
    out, into = both_ways({(1, 0): 1})
    assert shortest_path(0, 1, out, into) is None
    assert shortest_paths(0, 1, 3, out, into) == []
    assert shortest_paths(1, 0, 0, out, into) == []
