"""How long every form of export takes for a generated graph of medium size, beside what the library under it takes.

The floors sort nothing, count no losses and, of RDF, dump what the engine holds in its own order: what we add is the
same bytes on every run, and the report of what was lost.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from pyoxigraph import Quad, RdfFormat, serialize

from benchmarks.generated import Size
from benchmarks.matrix import statements
from benchmarks.timing import Measured, in_turn
from kg.exports.dataset_formats import DATASET_FORMATS
from kg.exports.datasets import export
from kg.exports.flat import flat_graph
from kg.handles.handle import KnowledgeGraph
from kg.handles.networks import whole_network
from kg.model.quads import to_quads
from kg.stores.oxigraph import OxigraphStore

_QUADS = {"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}
_TRIPLES = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML}
#: How many times as long as its floor a form may take: what was measured when this was written and a third more, so
#: that it gets no worse. Most of it is sorting; what nodes and edges take begins with reading the graph.
_REACH = {
    "trig": 24.0,
    "nquads": 8.0,
    "jsonld": 16.0,
    "turtle": 35.0,
    "ntriples": 24.0,
    "rdfxml": 68.0,
    "shards": 18.0,
    "parquet": 6.0,
    "csv": 5.0,
    "graphml": 5.0,
    "gexf": 5.0,
    "nodelink": 40.0,
}


def measure() -> Iterator[Measured]:
    """Yield each form that a library could write from the same data."""
    store = OxigraphStore()
    store.add(to_quads(statements(Size())))
    g = KnowledgeGraph(store, as_of=date(2026, 11, 22))
    quads = [*store.quads()]
    triples = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    rows = [[str(term) for term in quad] for quad in quads]
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes, edges = flat_graph(whole_network(g), Counter())
    plain.add_nodes_from(nodes)
    for u, v, key, data in edges:
        plain.add_edge(u, v, key=key, **data)

    def table() -> None:
        columns = [*zip(*rows, strict=True)]
        pq.write_table(pa.table({str(i): column for i, column in enumerate(columns)}), BytesIO(), compression="zstd")

    floors: dict[str, tuple[str, Callable[[], object]]] = {
        **{name: ("pyoxigraph, quads", partial(serialize, quads, format=form)) for name, form in _QUADS.items()},
        **{
            name: ("pyoxigraph, all triples", partial(serialize, triples, format=form))
            for name, form in _TRIPLES.items()
        },
        "shards": ("pyoxigraph, N-Quads", partial(serialize, quads, format=RdfFormat.N_QUADS)),
        "parquet": ("pyarrow, one table of quads", table),
        "csv": ("csv, one table of quads", lambda: csv.writer(StringIO()).writerows(rows)),
        "graphml": ("networkx, of the graph", lambda: nx.write_graphml_xml(plain, BytesIO())),
        "gexf": ("networkx, of the graph", lambda: nx.write_gexf(plain, BytesIO())),
        "nodelink": ("networkx and json", lambda: json.dumps(nx.node_link_data(plain, edges="edges"))),
    }
    with TemporaryDirectory() as folder:
        jobs: dict[str, Callable[[], object]] = {}
        for form in DATASET_FORMATS:
            if form.name in floors:
                jobs[form.name] = partial(export, g, form.name, Path(folder) / f"{form.name}{form.ending}")
                jobs[f"floor of {form.name}"] = floors[form.name][1]
        seconds = in_turn(jobs, samples=3)
    for name, (floor, _) in floors.items():
        job = f"export {len(quads):,} quads, {name}"
        yield Measured(job, seconds[name], floor, seconds[f"floor of {name}"], _REACH[name])
