"""Attributes as graph formats hold them: text, numbers and truth values, no lists; and back.

Several values become one text, joined by " | "; a vertical bar that stands in a text has a backslash before it, so that
the list can be told again. A list that holds numbers is written as JSON. The name, date and address of a source are
not repeated on every edge, since they stand with the node of the source.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kg.exports.losses import clean_xml
from kg.model.graphs import _ALWAYS_TUPLE, Attributes, Edge
from kg.model.iris import curie

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["flat", "flat_graph", "unflat", "unflat_graph", "edge_weight"]

_WITH_SOURCE = frozenset({"source_url", "source_label", "source_date"})
_BAR = re.compile(r"(\\*\|)")
_ESCAPED_BAR = re.compile(r"\\(\\*\|)")

_LARGEST = 10**300  # well below what a double cannot hold at all

Flat = dict[str, str | float | bool]


def edge_weight(data: Mapping[str, Any]) -> float:
    """Return how thick to draw an edge: 0.5 where its source says that it is optional, else 1."""
    return 0.5 if data.get("essential") is False else 1.0


def flat(attributes: Mapping[str, Any], lost: Counter[str]) -> Flat:
    r"""Return attributes without lists, sorted by name; characters that XML cannot write are replaced and counted.

    Examples
    --------
    >>> flat({"aliases": ("a|b", "c"), "line": (3, 4), "level": 2}, Counter())
    {'aliases': 'a\\|b | c', 'level': 2.0, 'line': '[3, 4]'}
    """
    found: Flat = {}
    for name, value in sorted(attributes.items()):
        if name in _WITH_SOURCE or value is None or value == ():
            continue
        if isinstance(value, bool):
            found[name] = value
        elif isinstance(value, int) and (abs(value) > _LARGEST or float(value) != value):
            found[name] = str(value)
            lost["numbers beyond the precision of a double, as text"] += 1
        elif isinstance(value, int | float):
            found[name] = float(value)
        else:
            found[name] = clean_xml(_text(value), lost)
    return found


def _text(value: Any) -> str:  # text, or a tuple of plain values
    if not isinstance(value, tuple):
        text = _BAR.sub(r"\\\1", str(value))
        return f"\\{text}" if text[:1] in ("[", "\\") else text
    if not all(isinstance(item, str) for item in value):
        return json.dumps(value, ensure_ascii=False)
    text = " | ".join(_BAR.sub(r"\\\1", item) for item in value)
    return f"\\{text}" if text[:1] in ("[", "\\") else text


def unflat(attributes: Mapping[str, str | float | bool]) -> Attributes:
    r"""Return the attributes that were made flat.

    Examples
    --------
    >>> unflat({"aliases": "a\\|b | c", "line": "[3, 4]"})
    {'aliases': ('a|b', 'c'), 'line': (3, 4)}
    """
    return {name: _value(name, value) for name, value in attributes.items()}


def _value(name: str, value: str | float | bool) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return (value,) if name in _ALWAYS_TUPLE else value
    if value.startswith("["):
        with suppress(ValueError):  # networkx writes texts as they are
            return tuple(json.loads(value))
    # a first backslash stands before one or before "[", so that no text is taken for JSON
    text = value[1:] if value[:2] in ("\\[", "\\\\") else value
    items = tuple(_ESCAPED_BAR.sub(r"\1", item) for item in text.split(" | "))
    return items if len(items) > 1 or name in _ALWAYS_TUPLE else items[0]


def flat_graph(
    graph: nx.MultiDiGraph[str], lost: Counter[str]
) -> tuple[list[tuple[str, Flat]], list[tuple[str, str, str, Flat]]]:
    """Return nodes and edges, sorted, with flat attributes, and the weight of each edge."""
    nodes = [(node, flat(graph.nodes[node], lost)) for node in sorted(graph.nodes)]
    edges = [
        (u, v, key, flat(data, lost) | {"weight": edge_weight(data)})
        for u, v, key, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])
    ]
    return nodes, edges


def unflat_graph(
    nodes: Mapping[str, Mapping[str, str | float | bool]], edges: Iterator[Edge], *, directed: bool = True
) -> nx.MultiDiGraph[str]:
    """Return the graph of our schema (`kg.model.graphs`) that was written: what to give to `kg.from_networkx`.

    Of edges that networkx wrote without a direction the graph has none, whatever its type says here.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph() if directed else nx.MultiGraph()  # type: ignore[assignment]  # as said
    for node, said in nodes.items():
        attributes = unflat(said)
        graph.add_node(node, **({"aliases": ()} | attributes if attributes else {}))
    for u, v, key, said in edges:
        data = unflat(said)
        data.pop("weight", None)
        source = graph.nodes.get(data.get("source", ""), {})
        if "source" in data:
            data |= {"source_label": source.get("label", curie(data["source"]))}
            data |= {"source_date": source.get("date", ""), "source_url": source.get("url", "")}
        graph.add_edge(u, v, key=key, **data)
    return graph
