"""GraphML: opens in Gephi, yEd and Cytoscape with labels and kinds, and is read back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.exports.flat import flat_graph, unflat_graph
from kg.exports.losses import clean_xml
from kg.exports.networks import network_losses
from kg.graphs import Edge
from kg.handle import graph as graph_of
from kg.sources.guards import as_written, check_xml

if TYPE_CHECKING:
    import networkx as nx

    from kg.handle import KnowledgeGraph

__all__ = ["read_graphml", "stream_graphml", "write_graphml"]


def stream_graphml(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as GraphML and return what is lost; each edge has a weight (`kg.exports.flat.weight`)."""
    import networkx as nx

    graph = graph_of(g)
    lost = network_losses(g, graph)
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes, edges = flat_graph(graph, lost)
    flat.add_nodes_from(nodes)
    for subject, target, key, data in edges:
        flat.add_edge(subject, target, key=key, **data)
    file.write(_lines(flat))
    return lost


def read_graphml(path: Path) -> nx.MultiDiGraph[str]:
    """Return the graph that `stream_graphml` wrote.

    Raises
    ------
    BadInput
        The file is no such graph, or is made to exhaust whoever reads it.
    """
    import networkx as nx

    with as_written(path, "GraphML") as member:
        check_xml(member)
        flat: nx.MultiDiGraph[str] = nx.read_graphml(path, force_multigraph=True)  # type: ignore[assignment]  # as asked
        edges: Iterator[Edge] = (
            (u, v, str(key), {name: value for name, value in data.items() if name != "id"})
            for u, v, key, data in flat.edges(keys=True, data=True)
        )
        return unflat_graph({node: dict(flat.nodes[node]) for node in flat}, edges)


def write_graphml(graph: nx.MultiDiGraph[str]) -> bytes:
    """Return a graph of our schema (`kg.graphs`) as GraphML, sorted, the same bytes on every run.

    It is what a release holds: for people to look at, with several values joined by " | " and no weights.
    """
    import networkx as nx

    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(graph.nodes):
        flat.add_node(node, **_flat(graph.nodes[node]))
    for u, v, key, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        flat.add_edge(u, v, key=key, **_flat(data))
    return _lines(flat)


def _lines(flat: nx.MultiDiGraph[str]) -> bytes:
    """Return GraphML with a line for each node and edge."""
    import networkx as nx

    out = BytesIO()
    nx.write_graphml_xml(flat, out, encoding="utf-8", prettyprint=False)
    data = out.getvalue().replace(b"\r", b"&#13;")  # a parser would read it as a line feed
    return re.sub(rb">(?=<(key|node|edge|/graph)[ >])", b">\n", data) + b"\n"


#: Attributes of an edge left out: GraphML repeats them on every edge, and they stand with the node of the source.
_WITH_SOURCE = frozenset({"source_url", "source_label", "source_date"})


def _flat(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes as GraphML can hold them: text, numbers and booleans."""
    flat: dict[str, Any] = {}
    for name, value in sorted(attributes.items()):
        if name in _WITH_SOURCE:
            continue
        joined = " | ".join(map(str, value)) if isinstance(value, tuple) else value
        if isinstance(joined, str):
            joined = clean_xml(joined, Counter())
        if joined not in ("", None):
            flat[name] = float(joined) if isinstance(joined, int) and not isinstance(joined, bool) else joined
    return flat
