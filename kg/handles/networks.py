"""A dataset as a networkx graph: as it is for our own exports, and as other tools take it.

`kg.graph` gives what passes through GraphML, GEXF, node-link JSON, pandas, pyvis and igraph and comes back
(`kg.from_networkx`): every value is text, a number or a truth value; who says so is ``said_by``, since networkx calls
the start of an edge ``source`` and writes over it. Exports write from `whole_network`, in which several values are a
tuple.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg.handles.asking import check_choice
from kg.handles.network_values import KINDS_BESIDE, RELATION_IRIS, RENAMED
from kg.model.graphs import KIND_CLASSES, Attributes
from kg.names.lookup import ASKABLE

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["graph", "whole_network"]

#: What asks for every kind at once.
_ALL = "all"
_BAR = re.compile(r"(?<![^ ])(\\*)\|(?![^ ])")


def whole_network(g: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """Return the whole dataset as a frozen networkx graph, one node for each thing, several values as a tuple."""
    make = getattr(g.scoped, "made_snapshot", None)
    snapshot = None if make is None or g.merge_mappings else make()
    if snapshot is None:
        return g.slice("graph").to_networkx()
    from kg.handles.whole_graph import whole_graph

    return whole_graph(snapshot, lang=g.lang).to_networkx()


def graph(
    g: KnowledgeGraph, *, kinds: str | Collection[str] | None = None, relations: str | Collection[str] | None = None
) -> nx.MultiDiGraph[str]:
    """Return a dataset as a frozen networkx graph: one node for each thing, one edge for each claim.

    Every attribute is text, a number or a truth value, so that the graph passes through ``nx.write_graphml``,
    ``nx.write_gexf``, ``nx.node_link_data``, ``nx.to_pandas_edgelist``, pyvis and igraph. `kg.model.graphs` documents
    the attributes; here who says so is ``said_by``, ``aliases`` is one text with `` | `` between them, and of further
    values the second is called ``category_2``. Take ``.copy()`` to change it and `kg.from_networkx` to come back.

    Parameters
    ----------
    kinds
        The kinds of nodes to take, ``"all"`` for the whole dataset. By default what people ask about: roles, skills,
        tools, certifications, providers and activities, and the scales that ratings are on.
    relations
        The relations to take as edges, such as ``["requires"]``; all by default.

    Raises
    ------
    BadInput
        There is no such kind or relation.

    Examples
    --------
    >>> import kg
    >>> careers = kg.graph(kg.open(), kinds=["role", "tool"], relations="requires")
    >>> sorted({data["kind"] for _, data in careers.nodes(data=True)})
    ['role', 'tool']
    """
    import networkx as nx

    wanted = (kinds,) if isinstance(kinds, str) else tuple(kinds or ())
    taken = (relations,) if isinstance(relations, str) else tuple(relations or ())
    check_choice(wanted, (*KIND_CLASSES, *KINDS_BESIDE, _ALL), 'No kind "{value}". Kinds: {among}. Use one of these.')
    check_choice(taken, sorted(RELATION_IRIS), 'No relation "{value}". Relations: {among}. Use one of these.')
    whole = whole_network(g)
    kind = _kinds(whole)
    chosen = {
        node for node in whole if (not wanted and kind[node] in (*ASKABLE, "scale", "level")) or kind[node] in wanted
    }
    if _ALL in wanted:
        chosen = set(whole)
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes = {node: dict(_flattened({**whole.nodes[node], "kind": kind[node]})) for node in whole if node in chosen}
    edges = [
        (u, v, key, dict(_flattened(data)))
        for u, v, key, data in whole.edges(keys=True, data=True)
        if u in chosen and v in chosen and (not taken or data["relation"] in taken)
    ]
    for said in ([*nodes.values()], [data for *_, data in edges]):
        _level_types(said)
    found.add_nodes_from(nodes.items())
    for u, v, key, data in edges:
        found.add_edge(u, v, key=key, **data)
    return nx.freeze(found)  # type: ignore[no-any-return]  # the stubs type freeze as returning its own graph class


def _kinds(whole: nx.MultiDiGraph[str]) -> dict[str, str]:
    """Return the kind of every node: that of its class, or what it is to the ratings, or a thing."""
    scales = {data[name] for *_, data in whole.edges(data=True) for name in _SCALES if name in data}
    found = {}
    for node, data in whole.nodes(data=True):
        is_level = scales & {*_listed(data.get("inScheme", ()))}
        found[node] = data.get("kind") or ("scale" if node in scales else "level" if is_level else "thing")
    return found


_SCALES = ("importanceScale", "levelScale")


def _listed(value: Any) -> tuple[Any, ...]:  # an attribute of any type
    return value if isinstance(value, tuple) else (value,)


def _level_types(rows: list[Attributes]) -> None:
    """Give each attribute one type: GEXF has one for each, and networkx takes that of the first value it meets."""
    types: dict[str, set[type]] = defaultdict(set)
    for row in rows:
        for name, value in row.items():
            types[name].add(type(value))
    mixed = {name: float if found == {int, float} else str for name, found in types.items() if len(found) > 1}
    for row in rows:
        row.update({name: mixed[name](row[name]) for name in row.keys() & mixed.keys()})


def _flattened(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield attributes that other tools take: one value each, under names that they have no other use for."""
    for own, value in data.items():
        name = RENAMED.get(own, own)
        if own == "aliases":
            yield name, " | ".join(_BAR.sub(r"\\\1|", alias) for alias in _listed(value))
            continue
        for place, item in enumerate(_listed(value), start=1):
            if item is not None:
                yield (name if place == 1 else f"{name}_{place}"), item
