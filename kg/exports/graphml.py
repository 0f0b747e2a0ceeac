"""GraphML: opens in Gephi, yEd and Cytoscape with labels, kinds and weights, and is read back.

It is written here, a line for each node and edge. yEd shows a label only where it stands in markup of its own
(``y:NodeLabel``), which comes first in each element and which other readers pass over; so do the colour and shape of
the kind. The attributes after it are those of plain GraphML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from kg.exports.flat import Flat, flat_graph, unflat_graph
from kg.exports.networks import network_losses
from kg.handles.networks import whole_network
from kg.model.graphs import Edge
from kg.model.signs import PALE, SHAPES, kind_sign, mixed
from kg.sources.guards import as_written, check_xml

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["read_graphml", "stream_graphml", "write_graphml"]

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="{_SPACE}" xmlns:y="http://www.yworks.com/xml/graphml" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="{_SPACE} http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<key id="y0" for="node" yfiles.type="nodegraphics"/>
<key id="y1" for="edge" yfiles.type="edgegraphics"/>
"""
_TYPES = {str: "string", float: "double", bool: "boolean"}
#: A parser would read a carriage return as a line feed.
_RETURN = {"\r": "&#13;"}
_FlatNode = tuple[str, Flat]
_FlatEdge = tuple[str, str, str, Flat]
_Columns = Mapping[tuple[str, str], str]


def stream_graphml(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as GraphML and return what is lost; each edge has a weight (`kg.exports.flat.weight`).

    References
    ----------
    U. Brandes et al., GraphML Primer, http://graphml.graphdrawing.org/primer/graphml-primer.html.
    """
    graph = whole_network(g)
    lost = network_losses(g, graph)
    nodes, edges = flat_graph(graph, lost)
    file.writelines(_lines(nodes, edges))
    return lost


def write_graphml(graph: nx.MultiDiGraph[str]) -> bytes:
    """Return a graph of our schema (`kg.model.graphs`) as GraphML, the same bytes on every run, as in a release."""
    return b"".join(_lines(*flat_graph(graph, Counter())))


def _lines(nodes: Sequence[_FlatNode], edges: Sequence[_FlatEdge]) -> Iterator[bytes]:
    yield _HEAD.encode()
    columns = {"node": _columns("n", [data for _, data in nodes]), "edge": _columns("e", [data for *_, data in edges])}
    for of, names in columns.items():
        for (name, kind), key in names.items():
            yield f'<key id="{key}" for="{of}" attr.name={quoteattr(name)} attr.type="{kind}"/>\n'.encode()
    yield b'<graph edgedefault="directed">\n'
    for node, data in nodes:
        yield f"<node id={_quoted(node)}>{_node_look(data)}{_values(data, columns['node'])}</node>\n".encode()
    for subject, target, key, data in edges:
        ends = f"id={_quoted(key)} source={_quoted(subject)} target={_quoted(target)}"
        yield f"<edge {ends}>{_edge_look(data)}{_values(data, columns['edge'])}</edge>\n".encode()
    yield b"</graph>\n</graphml>\n"


def _columns(letter: str, rows: Sequence[Flat]) -> _Columns:
    """Return a key for each attribute and type: an attribute may be text here and a number there."""
    found = {(name, _TYPES[type(value)]) for row in rows for name, value in row.items()}
    return {column: f"{letter}{number}" for number, column in enumerate(sorted(found))}


def _values(data: Flat, columns: _Columns) -> str:
    return "".join(
        f'<data key="{columns[name, _TYPES[type(value)]]}">{_text(value)}</data>' for name, value in data.items()
    )


def _node_look(data: Flat) -> str:
    sign = kind_sign(str(data.get("kind", "")))
    label = _text(str(data.get("label", "")))
    return (
        f'<data key="y0"><y:ShapeNode><y:Fill color="{mixed(sign.light, PALE)}"/><y:BorderStyle color="{sign.light}"/>'
        f'<y:NodeLabel>{label}</y:NodeLabel><y:Shape type="{SHAPES[sign.shape].yed}"/></y:ShapeNode></data>'
    )


def _edge_look(data: Flat) -> str:
    style = "dashed" if data.get("weight") == 0.5 else "line"  # optional (`kg.exports.flat.weight`)
    return (
        f'<data key="y1"><y:PolyLineEdge><y:LineStyle type="{style}"/><y:Arrows source="none" target="standard"/>'
        f"<y:EdgeLabel>{_text(str(data.get('relation', '')))}</y:EdgeLabel></y:PolyLineEdge></data>"
    )


def _text(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(str(value), _RETURN)


def _quoted(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def read_graphml(path: str | Path) -> nx.MultiDiGraph[str]:
    """Return the graph that `stream_graphml` or networkx wrote: what to give to `kg.from_networkx`.

    Raises
    ------
    BadInput
        The file is no such graph, or is made to exhaust whoever reads it.
    """
    import networkx as nx

    with as_written(path, "GraphML") as member:
        check_xml(member)
        found: nx.MultiDiGraph[str] = nx.read_graphml(path, force_multigraph=True)  # type: ignore[assignment]  # as asked
        edges: Iterator[Edge] = (
            (u, v, str(key), {name: value for name, value in data.items() if not _is_drawn(name, value, data)})
            for u, v, key, data in found.edges(keys=True, data=True)
        )
        nodes = {node: _undrawn(found.nodes[node]) for node in found}
        return unflat_graph(nodes, edges, directed=found.is_directed())


def _is_drawn(name: str, value: object, data: Mapping[str, Any]) -> bool:
    """Whether an attribute of an edge is what networkx makes of its key, or of the markup of yEd."""
    return name == "id" or (name == "label" and value == data.get("relation"))


def _undrawn(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a node without those of yEd; a label that nothing but yEd was given is empty."""
    return {name: value for name, value in data.items() if name != "shape_type" and (name, value) != ("label", None)}
