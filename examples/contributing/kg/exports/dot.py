"""DOT: nodes and relations for Graphviz."""

from __future__ import annotations

import json
from collections import Counter
from typing import IO, TYPE_CHECKING

from kg.exports.networks import written_losses
from kg.handles.networks import whole_network

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["stream_dot"]


def stream_dot(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write every node with its label and every relation, and return what is lost."""
    graph = whole_network(g)
    lost = Counter({"claims: who says so, where, since when, how important": graph.number_of_edges()})
    written_losses(g, graph, dict.fromkeys(graph, frozenset({"label"})), lost)
    lines = [f"  {_quoted(node)} [label={_quoted(data['label'])}]" for node, data in sorted(graph.nodes(data=True))]
    ties = {(u, v, data["relation"]) for u, v, data in graph.edges(data=True)}
    lines += [f"  {_quoted(u)} -> {_quoted(v)} [label={_quoted(relation)}]" for u, v, relation in sorted(ties)]
    file.write("\n".join(["digraph {", *lines, "}", ""]).encode())
    return lost


def _quoted(text: str) -> str:
    return json.dumps(text.replace("\\", "\\\\"), ensure_ascii=False)
