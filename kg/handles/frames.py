"""A table of edges in pandas, as a networkx graph: what ``nx.to_pandas_edgelist`` gave, or roles and what they require.

Two forms are known. Columns ``source``, ``target`` and ``relation`` are edges, with one more column for each
attribute; columns ``role`` and ``skill`` or ``tool`` are what roles require. A table of edges says nothing of its
nodes: their kind is told by an IRI of ours, else by the relation; what the shipped dataset calls them is borrowed from
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.handles.borrowing import ShippedNames
from kg.handles.handle import KnowledgeGraph
from kg.handles.network_values import ENDS_OF
from kg.handles.networkx_graphs import from_networkx
from kg.model.errors import BadInput, Fault
from kg.model.iris import slugify
from kg.model.terms import BASE, KINDS

if TYPE_CHECKING:
    from datetime import date

    import networkx as nx

__all__ = ["open_frame"]

_EDGES = ("source", "target", "relation")


def open_frame(frame: Any, *, as_of: date | str | None = None) -> KnowledgeGraph:  # pandas is not imported here
    """Return a DataFrame of edges, or of roles and what they require, as a graph that can be questioned.

    Raises
    ------
    BadInput
        It has neither columns, or with every fault of its rows.
    """
    columns = [str(name) for name in frame.columns]
    folded = {name.casefold(): name for name in columns}
    if {*_EDGES} <= folded.keys():
        graph = _of_edges(frame, folded)
    elif "role" in folded and {"skill", "tool"} & folded.keys():
        graph = _of_requirements(frame, folded)
    else:
        have = ", ".join(columns)[:300] or "none"
        raise BadInput(
            f"A DataFrame is opened as edges, with columns source, target and relation, or as what roles require, with "
            f"columns role and skill or tool; this one has {have}. Rename them, or write it as a table "
            "(frame.to_csv) and load that with a mapping: kg load MAPPING.yaml TABLE.csv --into STORE (docs/data.md)."
        )
    opened = from_networkx(graph, as_of=as_of, source="DataFrame")
    unnamed = [node for node, data in graph.nodes(data=True) if str(node).startswith(BASE) and "label" not in data]
    if unnamed:
        opened.store.add(ShippedNames().describe(unnamed))
    return opened


def _of_edges(frame: Any, folded: dict[str, str]) -> nx.MultiDiGraph[str]:
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    faults = []
    for place, row in enumerate(frame.to_dict("records")):
        one, other, relation = (row.pop(folded[name]) for name in _EDGES)
        if not isinstance(one, str) or not isinstance(other, str) or not one.strip() or not other.strip():
            faults.append(Fault("", 0, f"row {place}", "names no source or no target.", "Name both ends, or drop it."))
            continue
        for node, kinds in zip((one, other), ENDS_OF.get(str(relation), ((), ())), strict=True):
            known = [
                kind for kind in ("role", "skill", "certification", "tool", "activity", "provider") if kind in kinds
            ]
            if node not in graph:
                graph.add_node(node)
            if known and not _told(node):
                graph.nodes[node].setdefault("kind", known[0])
        graph.add_edge(one, other, relation=relation, **{str(name): value for name, value in row.items()})
    if faults:
        raise BadInput("This DataFrame", faults)
    return graph


def _told(node: str) -> bool:
    """Return whether the IRI of a node tells its kind."""
    return node.startswith(BASE) and node.removeprefix(BASE).partition("/")[0] in KINDS


def _of_requirements(frame: Any, folded: dict[str, str]) -> nx.MultiDiGraph[str]:
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    faults = []
    for place, row in enumerate(frame.to_dict("records")):
        named = {kind: str(row.pop(folded[kind])) for kind in ("role", "skill", "tool") if _named(row, folded, kind)}
        others = [kind for kind in ("skill", "tool") if kind in named]
        if "role" not in named or len(others) != 1:
            says = "names no role, or not one skill or tool."
            faults.append(Fault("", 0, f"row {place}", says, "Name a role, and a skill or a tool."))
            continue
        (kind,) = others
        ends = [f"{of} {slugify(named[of])}" for of in ("role", kind)]
        for node, of in zip(ends, ("role", kind), strict=True):
            graph.add_node(node, label=named[of], kind=of)
        rest = {str(name).casefold(): value for name, value in row.items() if str(name).casefold() not in named}
        rest = {_CALLED.get(name, name): value for name, value in rest.items() if name not in ("skill", "tool")}
        graph.add_edge(*ends, relation="requires", **rest)
    if faults:
        raise BadInput("This DataFrame", faults)
    return graph


#: What columns of a table of requirements are called as attributes of an edge.
_CALLED = {"source": "said_by", "since": "validFrom", "until": "validThrough"}


def _named(row: dict[Any, Any], folded: dict[str, str], kind: str) -> bool:
    value = row.get(folded.get(kind, ""))
    return isinstance(value, str) and bool(value.strip())
