"""How long questions and the engine beneath take inside one process, on the shipped dataset."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import networkx as nx
import pyoxigraph as ox

import kg
from benchmarks.timing import Measured, in_turn
from kg.model.graphs import read_graph
from kg.model.shipped import DATASET_FILE, data_path
from kg.stores.binding import bind, load_query
from kg.stores.oxigraph import OxigraphStore


def measure() -> Iterator[Measured]:
    """Yield opening, a query, and a question, each against what pyoxigraph or networkx need for the same."""
    path = data_path(DATASET_FILE)
    g = kg.open(as_of="2026-11-22")
    roles = [g.resolve("AI Engineer").iri, g.resolve("ML engineer").iri]
    query = bind(load_query("overlap"), node=roles, source=None)
    engine = ox.Store()
    engine.bulk_load(path=str(path), format=ox.RdfFormat.TRIG)
    triples = g.store.construct(load_query("graph"))

    def parse() -> None:
        ox.Store().bulk_load(path=str(path), format=ox.RdfFormat.TRIG)

    def plain_network() -> None:
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for t in triples:
            graph.add_edge(str(t.subject), str(t.object), key=str(t.predicate))

    def engine_query() -> None:
        deque(engine.query(query, use_default_graph_as_union=True), maxlen=0)  # type: ignore[arg-type]  # triples come

    def our_query() -> None:
        g.store.construct(query)

    def overlap() -> None:
        kg.overlap(g, *roles)

    def our_graph() -> None:
        read_graph(triples).to_networkx()

    seconds = in_turn(
        {
            "parse": parse,
            "open": lambda: OxigraphStore.read(path).close(),
            "engine query": engine_query,
            "our query": our_query,
            "plain network": plain_network,
            "our graph": our_graph,
            "overlap": overlap,
        }
    )
    yield Measured("open the shipped dataset", seconds["open"], "pyoxigraph's bulk load", seconds["parse"], 1.2)
    yield Measured("the slice of two roles", seconds["our query"], "pyoxigraph", seconds["engine query"], 1.2)
    yield Measured(
        "overlap of two roles, warm", seconds["overlap"], "its slice in pyoxigraph", seconds["engine query"], 4.0
    )
    yield Measured(
        "whole dataset to networkx", seconds["our graph"], "adding bare edges", seconds["plain network"], 8.0
    )
