"""Mermaid: a flowchart as text, for README files and wikis that draw it.

It is meant for a slice: what draws Mermaid refuses more than 500 edges unless its settings say otherwise.
"""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING

from kg.exports.networks import written_losses
from kg.handles.networks import whole_network
from kg.model.signs import KIND_SIGNS, PALE, kind_sign, mixed
from kg.names.lookup import ASKABLE

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["MOST_EDGES", "stream_mermaid"]

#: The edges that Mermaid draws unless told otherwise (its setting ``maxEdges``).
MOST_EDGES = 500
_TEXT = "#111827"
_WRITTEN = frozenset({"label", "kind"})


def stream_mermaid(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write the nodes that claims tie as a flowchart, and return what is lost.

    References
    ----------
    https://mermaid.js.org/syntax/flowchart.html: special characters are written as entity codes (``#35;``).
    """
    graph = whole_network(g)
    lost: Counter[str] = Counter()
    edges = _edges(graph)
    tied = sorted({end for u, _, v in edges for end in (u, v)})
    shown = tied or sorted(n for n, data in graph.nodes(data=True) if data.get("kind") in ASKABLE)
    lost["claims: who says so, where, since when, how important"] = graph.number_of_edges()
    lost["things that no claim ties"] = len(graph) - len(shown)
    written_losses(g, graph, dict.fromkeys(shown, _WRITTEN), lost)
    lost[f"edges beyond the {MOST_EDGES} that are drawn without a setting of maxEdges"] = max(
        0, len(edges) - MOST_EDGES
    )
    names = {node: f"n{number}" for number, node in enumerate(shown)}
    lines = ["flowchart LR"]
    for node, name in names.items():
        data = graph.nodes[node]
        kind = data.get("kind", "")
        opening, closing = kind_sign(kind).brackets
        style = f":::{kind}" if kind in KIND_SIGNS else ""
        lines.append(f'  {name}{opening}"{_label(str(data.get("label", node)), lost)}"{closing}{style}')
    lines += [
        f'  {names[u]} {"-.->" if optional else "-->"}|"{relation}"| {names[v]}'
        for (u, relation, v), optional in sorted(edges.items())
    ]
    used = {graph.nodes[node].get("kind") for node in shown}
    lines += [
        f"  classDef {kind} fill:{mixed(sign.light, PALE)},stroke:{sign.light},color:{_TEXT}"
        for kind, sign in KIND_SIGNS.items()
        if kind in used
    ]
    file.write(("\n".join(lines) + "\n").encode())
    return lost


def _edges(graph: nx.MultiDiGraph[str]) -> dict[tuple[str, str, str], bool]:
    """Return (subject, relation, object), each once, and whether it is optional to all who say so."""
    found: dict[tuple[str, str, str], bool] = {}
    for u, v, data in graph.edges(data=True):
        edge = (u, data["relation"], v)
        found[edge] = found.get(edge, True) and data.get("essential") is False
    return found


def _label(text: str, lost: Counter[str]) -> str:
    """Return a name as Mermaid reads it: letters, digits and a few marks as they are, everything else as its number."""
    found = []
    for char in " ".join(text.split()):
        if char.isalnum() or char in " .,-_/+()'":
            found.append(char)
        elif char.isprintable():
            found.append(f"#{ord(char)};")
        else:
            lost["control characters in names"] += 1
    return "".join(found) or " "
