"""The whole graph as an answer: what it falls into. The atlas draws it.

Communities are found by Louvain's method with a fixed seed, on nodes numbered in the order of their IRIs, so that the
same graph falls into the same communities everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.handles.asking import ask
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import Handle, KnowledgeGraph, as_handle
from kg.model.answers import Answer, Claim, Node, Row, Section, counted, few
from kg.model.graphs import ClaimGraph, Graph, local_name
from kg.model.signs import kind_sign
from kg.names.lookup import ASKABLE
from kg.stores.binding import load_query
from kg.stores.slices import select

__all__ = ["Atlas", "Community", "atlas"]

#: Up to so many links the atlas carries the claims behind them.
_EVIDENCE = 6_000
#: Communities of fewer nodes are gathered in one.
_SMALL = 3
#: Above 1 for more and smaller communities, whose nodes fit a disc.
_RESOLUTION = 1.5

Link = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Community:
    """Nodes that are tied to each other more than to others, the most important first.

    Attributes
    ----------
    name
        The label of the most important: of the most ties.
    """

    name: str
    members: tuple[Node, ...]


@dataclass(frozen=True)
class Atlas(Answer):
    """The whole graph: its communities, the largest first; what is tied to nothing; every link once.

    Attributes
    ----------
    links
        (subject, relation, object), each once, whoever says it.
    ties
        Number of links by IRI.
    """

    communities: tuple[Community, ...]
    apart: tuple[Node, ...]
    links: tuple[Link, ...]
    ties: dict[str, int]

    def __str__(self) -> str:
        kinds = Counter(n.kind for found in self.communities for n in found.members)
        kinds.update(n.kind for n in self.apart)
        told = ", ".join(f"{kinds[kind]:,} {kind_sign(kind).plural}" for kind in ASKABLE if kinds[kind])
        lone = f"; {counted(len(self.apart), 'node')} tied to nothing" if self.apart else ""
        links = f"{len(self.links):,} links" if len(self.links) != 1 else "1 link"
        return f"{told or 'Nothing'}: {links}, in {len(self.communities)} communities{lone}."

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of nodes, links, communities, and of nodes tied to nothing."""
        return {
            "nodes": len(self.ties),
            "links": len(self.links),
            "communities": len(self.communities),
            "apart": len(self.apart),
        }

    def rows(self) -> tuple[Row, ...]:
        """Return one row per node, by community, the most important first: iri, label, kind, community, ties."""
        groups = [*((found.name, found.members) for found in self.communities), ("", self.apart)]
        return tuple(
            {"iri": n.iri, "label": n.label, "kind": n.kind, "community": name, "ties": self.ties[n.iri]}
            for name, members in groups
            for n in members
        )

    def sections(self) -> tuple[Section, ...]:
        """Return the communities, and what is tied to nothing."""
        header = ("community", "nodes", "roles", "such as")
        rows = tuple(
            (
                found.name,
                str(len(found.members)),
                few([n.label for n in found.members if n.kind == "role"], 3),
                few([n.label for n in found.members if n.kind != "role"], 5),
            )
            for found in self.communities
        )
        parts = [Section("Communities, the largest first", header, rows)] if rows else []
        if self.apart:
            parts.append(Section(f"Tied to nothing ({len(self.apart)})", note=few([n.label for n in self.apart], 40)))
        return tuple(parts)


def atlas(g: Handle | Graph) -> Atlas:
    """What does the whole graph fall into?

    Parameters
    ----------
    g
        A graph or its handle.

    Returns
    -------
    Atlas
        Communities by size, then by name. Up to a few thousand links it carries their claims.

    References
    ----------
    V. D. Blondel, J.-L. Guillaume, R. Lambiotte and E. Lefebvre, Fast unfolding of communities in large networks,
    Journal of Statistical Mechanics (2008) P10008.

    Examples
    --------
    >>> import kg
    >>> found = atlas(kg.open(as_of="2026-11-22"))
    >>> [n.label for n in found.apart]
    []
    """
    handle = as_handle(g)
    nodes = {
        iri: Node(data.get("label", iri), iri, data["kind"])
        for iri, data in sorted(handle.names.nodes.items())
        if data.get("kind") in ASKABLE
    }
    links = tuple(sorted({link for link in _links(handle) if link[0] in nodes and link[2] in nodes}))
    ties = Counter(end for subject, _, target in links for end in (subject, target))
    every = {iri: ties[iri] for iri in nodes}

    def first(members: Iterable[str]) -> tuple[Node, ...]:
        return tuple(sorted((nodes[iri] for iri in members), key=lambda n: (-every[n.iri], n.label.casefold(), n.iri)))

    found = [first(members) for members in _louvain([iri for iri in nodes if ties[iri]], links)]
    small = [n for members in found if len(members) < _SMALL for n in members]
    named = [Community(members[0].label, members) for members in found if len(members) >= _SMALL]
    if small:
        named.append(Community("small groups", first(n.iri for n in small)))
    whole: Graph = handle.names
    if len(links) <= _EVIDENCE:
        whole = handle.slice("graph")
    evidence = _evidence(whole, links) if len(links) <= _EVIDENCE else ()
    return Atlas(
        tuple(sorted(named, key=lambda c: (-len(c.members), c.name.casefold(), c.members[0].iri))),
        first(iri for iri in nodes if not ties[iri]),
        links,
        every,
        evidence=evidence,
        context=replace(ask(handle, atlas="the whole graph").context(whole), sparql=load_query("atlas")),
    )


def _links(handle: Handle) -> Iterable[Link]:
    """Yield (subject, relation, object) of every claim between things."""
    if isinstance(handle, KnowledgeGraph):
        for row in select(handle.store, load_query("atlas")).rows:
            subject, relation, target = (str(getattr(term, "value", term)) for term in row)
            yield subject, local_name(relation), target
    elif isinstance(handle, GraphHandle):
        graph = handle.graph
        edges = graph.edges() if isinstance(graph, ClaimGraph) else graph.edges(keys=True, data=True)
        for subject, target, _, data in edges:
            if not str(data.get("relation", "")).endswith("Match"):
                yield subject, str(data.get("relation", "")), target


def _louvain(nodes: Sequence[str], links: Sequence[Link]) -> list[list[str]]:
    """Return the communities of what the links tie."""
    if not nodes:
        return []
    import networkx as nx

    number = {iri: i for i, iri in enumerate(nodes)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    for subject, _, target in links:
        if subject != target:
            graph.add_edge(number[subject], number[target])
    found = nx.community.louvain_communities(graph, resolution=_RESOLUTION, seed=1, threshold=1e-4)
    return [[nodes[i] for i in sorted(members)] for members in found]


def _evidence(graph: Graph, links: Sequence[Link]) -> tuple[Claim, ...]:
    by_subject: dict[str, set[Link]] = defaultdict(set)
    for link in links:
        by_subject[link[0]].add(link)
    claims = [
        Claim.read(graph, edge)
        for subject, wanted in by_subject.items()
        for edge in graph.out_edges(subject, keys=True, data=True)
        if (subject, edge[3].get("relation"), edge[1]) in wanted
    ]
    return tuple(sorted(claims, key=lambda claim: claim.sort_key))
