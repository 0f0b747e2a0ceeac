"""GEXF: opens in Gephi with labels, kinds, colours and weights, parallel edges included, and is read back.

The relation of an edge is its label and its ``kind``, so that Gephi keeps two relations of the same two things apart;
several claims of one relation it adds up unless told otherwise when the file is opened.

It is written here, not by networkx, whose writer puts the day of writing into the file and drops the names of parallel
edges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from kg.exports.flat import Flat, flat_graph, unflat_graph
from kg.exports.networks import network_losses
from kg.handles.networks import whole_network
from kg.model.graphs import Edge
from kg.model.signs import kind_sign
from kg.sources.guards import as_written, check_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["read_gexf", "stream_gexf"]

_SPACE = "http://gexf.net/1.3"
#: What GEXF has a place of its own for, besides attributes.
_OWN = {"node": frozenset({"label"}), "edge": frozenset({"weight"})}
_TYPES = {str: "string", float: "double", bool: "boolean"}


def stream_gexf(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as GEXF and return what is lost.

    References
    ----------
    GEXF 1.3 Primer, https://gexf.net/primer.html.
    """
    graph = whole_network(g)
    lost = network_losses(g, graph)
    nodes, edges = flat_graph(graph, lost)

    def line(text: str) -> None:
        file.write(f"{text}\n".encode())

    line('<?xml version="1.0" encoding="UTF-8"?>')
    line(f'<gexf xmlns="{_SPACE}" xmlns:viz="{_SPACE}/viz" version="1.3">')
    line('<graph mode="static" defaultedgetype="directed">')
    columns = {
        "node": _columns([data for _, data in nodes], _OWN["node"]),
        "edge": _columns([data for *_, data in edges], _OWN["edge"]),
    }
    for of, names in columns.items():
        line(f'<attributes class="{of}">')
        for (name, kind), number in names.items():
            line(f'<attribute id="{number}" title={_quoted(name)} type="{kind}"/>')
        line("</attributes>")
    line("<nodes>")
    for node, data in nodes:
        label = f" label={_quoted(str(data['label']))}" if "label" in data else ""
        said = _values(data, columns["node"], _OWN["node"])
        line(f"<node id={_quoted(node)}{label}>{said}{_colour(str(data.get('kind', '')))}</node>")
    line("</nodes>\n<edges>")
    for subject, target, key, data in edges:
        ends = f"id={_quoted(key)} source={_quoted(subject)} target={_quoted(target)}"
        relation = _quoted(str(data.get("relation", "")))
        more = f'label={relation} kind={relation} weight="{data["weight"]}"'
        line(f"<edge {ends} {more}>{_values(data, columns['edge'], _OWN['edge'])}</edge>")
    line("</edges>\n</graph>\n</gexf>")
    return lost


def _columns(rows: list[Flat], own: frozenset[str]) -> dict[tuple[str, str], int]:
    """Return a number for each attribute and type: an attribute may be text here and a number there."""
    found = {(name, _TYPES[type(value)]) for row in rows for name, value in row.items() if name not in own}
    return {column: number for number, column in enumerate(sorted(found))}


def _values(data: Flat, columns: Mapping[tuple[str, str], int], own: frozenset[str]) -> str:
    said = "".join(
        f'<attvalue for="{columns[name, _TYPES[type(value)]]}" value={_quoted(_spelt(value))}/>'
        for name, value in data.items()
        if name not in own
    )
    return f"<attvalues>{said}</attvalues>" if said else ""


def _colour(kind: str) -> str:
    colour = kind_sign(kind).light
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _spelt(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """Return text as the value of an attribute; line feeds and tabs as numbers, since a parser makes spaces of them."""
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def read_gexf(path: str | Path) -> nx.MultiDiGraph[str]:
    """Return the graph that `stream_gexf` or networkx wrote: what to give to `kg.from_networkx`.

    Raises
    ------
    BadInput
        The file is no such graph, or is made to exhaust whoever reads it.
    """
    with as_written(path, "GEXF") as member:
        check_xml(member)
        return _graph_of(path)


def _graph_of(path: str | Path) -> nx.MultiDiGraph[str]:
    """Read any version of GEXF: each has a namespace of its own, and the same names in it."""
    from xml.etree import ElementTree as ET

    root = ET.parse(path).getroot()  # noqa: S314  # it has been checked
    space, _, name = root.tag.rpartition("}")
    if name != "gexf":
        raise ValueError(f"its root is <{name}>, not <gexf>")
    inside = f"{space}}}" if space else ""
    columns = {
        of.get("class"): {item.get("id"): (str(item.get("title")), item.get("type")) for item in of}
        for of in root.iter(f"{inside}attributes")
    }

    def said(element: Element, of: str) -> Flat:
        found: Flat = {}
        for value in element.iter(f"{inside}attvalue"):
            name, kind = columns[of][value.get("for") or value.get("id")]  # 1.1 has it as id
            found[name] = _read(str(value.get("value")), str(kind))
        return found

    def label(element: Element) -> Flat:
        text = element.get("label")
        return {} if text is None else {"label": text}

    nodes = {str(node.get("id")): said(node, "node") | label(node) for node in root.iter(f"{inside}node")}
    edges: Iterator[Edge] = (
        (str(edge.get("source")), str(edge.get("target")), str(edge.get("id")), {**said(edge, "edge")})
        for edge in root.iter(f"{inside}edge")
    )
    drawn = next((str(graph.get("defaultedgetype")) for graph in root.iter(f"{inside}graph")), "")
    return unflat_graph(nodes, edges, directed=drawn == "directed")


def _read(text: str, kind: str) -> str | float | bool:
    if kind == "boolean":
        return text.strip().casefold() == "true"
    return float(text) if kind in ("double", "float", "integer", "int", "long") else text
