"""GraphML: opens in Gephi and yEd with labels and kinds. Tuples become text joined by " | "."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["write_graphml"]


def write_graphml(graph: nx.MultiDiGraph[str]) -> bytes:
    """Return a graph of our schema (`kg.graphs`) as GraphML, sorted, the same bytes on every run."""
    import networkx as nx

    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(graph.nodes):
        flat.add_node(node, **_flat(graph.nodes[node]))
    for u, v, key, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        flat.add_edge(u, v, key=key, **_flat(data))
    out = BytesIO()
    nx.write_graphml_xml(flat, out, encoding="utf-8", prettyprint=False)
    return re.sub(rb">(?=<(key|node|edge|/graph)[ >])", b">\\n", out.getvalue()) + b"\n"  # a line for each node and edge


#: Attributes of an edge left out: GraphML repeats them on every edge, and they stand with the node of the source.
_WITH_SOURCE = frozenset({"source_url", "source_label", "source_date"})


def _flat(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes as GraphML can hold them: text, numbers and booleans; control characters, which XML
    forbids, as U+FFFD.
    """
    flat: dict[str, Any] = {}
    for name, value in sorted(attributes.items()):
        if name in _WITH_SOURCE:
            continue
        joined = " | ".join(map(str, value)) if isinstance(value, tuple) else value
        if isinstance(joined, str):
            joined = "".join(char if char in "\t\n\r" or char >= " " else "\ufffd" for char in joined)
        if joined not in ("", None):
            flat[name] = float(joined) if isinstance(joined, int) and not isinstance(joined, bool) else joined
    return flat
