"""Two IRIs become one in a view, never in the store: what a mapping says is the same is answered as one node.

An identity is a ``skos:exactMatch`` between two nodes that both have a name here; a match that is only close merges
nothing. Identities are symmetric and transitive (SKOS Reference, S45), so they form classes, and each class is named
after one of its members: one of career-kg's own, else the first by IRI. Claims keep their own IRI, source and place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kg.model.answers import Node
from kg.model.graphs import Attributes, ClaimGraph
from kg.model.terms import BASE
from kg.names.lookup import Hit, Names, best

__all__ = ["Identities", "MergedNames"]


class Identities:
    """What is the same as what.

    Parameters
    ----------
    pairs
        IRIs of two nodes that are the same, in any order.

    Examples
    --------
    >>> same = Identities([("x:b", "x:a"), ("x:b", "x:c")])
    >>> same.name("x:c"), same.members("x:b"), same.name("x:d")
    ('x:a', ('x:a', 'x:b', 'x:c'), 'x:d')
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        leader: dict[str, str] = {}

        def find(iri: str) -> str:
            while leader.setdefault(iri, iri) != iri:
                leader[iri] = leader[leader[iri]]
                iri = leader[iri]
            return iri

        for one, other in pairs:
            leader[find(one)] = find(other)
        classes: dict[str, set[str]] = defaultdict(set)
        for iri in [*leader]:
            classes[find(iri)].add(iri)
        self._members: dict[str, tuple[str, ...]] = {}
        for found in classes.values():
            if len(found) > 1:
                members = tuple(sorted(found, key=lambda iri: (not iri.startswith(BASE), iri)))
                self._members.update(dict.fromkeys(members, members))

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]], names: Names) -> Identities:
        """Return the identities among pairs of which both nodes have a name and are of one kind, or skill and tool."""
        pairs = [*pairs]
        named = names.nodes({iri for pair in pairs for iri in pair})
        kinds = {iri: "skill" if node.kind == "tool" else node.kind for iri, node in named.items()}
        return cls((one, other) for one, other in pairs if kinds[one] and kinds[one] == kinds[other])

    def __len__(self) -> int:
        return len(set(self._members.values()))

    def name(self, iri: str) -> str:
        """Return the IRI that stands for a node."""
        return self._members.get(iri, (iri,))[0]

    def members(self, iri: str) -> tuple[str, ...]:
        """Return every IRI of a node, that which stands for it first."""
        return self._members.get(iri, (iri,))

    def expanded(self, iris: Iterable[Any]) -> list[Any]:  # values stand beside IRIs in the rows of a query
        """Return the IRIs with all that are the same as one of them; what is no IRI is left as it is."""
        return [*dict.fromkeys(one for iri in iris for one in (self.members(iri) if isinstance(iri, str) else (iri,)))]

    def merged(self, graph: ClaimGraph, names: Names) -> ClaimGraph:
        """Return a graph in which the same is one node; its ``merged`` says which nodes were made one.

        A node has the attributes of the IRI that stands for it, filled up from the others; their labels are among its
        aliases. A claim that two merged nodes are the same says nothing any more and is left out.
        """
        classes: dict[str, list[str]] = defaultdict(list)
        for iri in graph.nodes:
            classes[self.name(iri)].append(iri)
        nodes: dict[str, Attributes] = {}
        for iri, found in classes.items():
            ordered = sorted(found, key=self.members(iri).index)
            nodes[iri] = _one([graph.nodes[member] for member in ordered])
        edges = [(self.name(u), self.name(v), key, data) for u, v, key, data in graph.edges()]
        made = ClaimGraph(nodes, [edge for edge in edges if edge[0] != edge[1]], graph.triples)
        made.sparql = graph.sparql
        several = {iri: found for iri, found in classes.items() if len(found) > 1 or found != [iri]}
        named = names.nodes({member for iri in several for member in self.members(iri)})
        for iri in several:
            made.nodes[iri] |= {"label": named[iri].label, "kind": named[iri].kind}
        made.merged = tuple(
            tuple(named[member] for member in self.members(iri)) for iri in sorted(several, key=lambda i: (named[i], i))
        )
        return made


def _one(found: list[Attributes]) -> Attributes:
    one: Attributes = {}
    for attributes in found:
        one = {**attributes, **one}
    aliases = {alias for data in found for alias in data.get("aliases", ())}
    aliases |= {data["label"] for data in found[1:] if "label" in data and data["label"] != one.get("label")}
    return {**one, "aliases": tuple(sorted(aliases))}


class MergedNames:
    """Names, with one node for what is the same."""

    def __init__(self, names: Names, identities: Identities) -> None:
        self._names, self._identities = names, identities

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes that stand for these IRIs, by the IRI asked for."""
        wanted = [*iris]
        named = self._names.nodes({self._identities.name(iri) for iri in wanted})
        return {iri: named[self._identities.name(iri)] for iri in wanted}

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind that stand for themselves, by label, case aside, then IRI."""
        return tuple(n for n in self._names.of_kind(kind) if self._identities.name(n.iri) == n.iri)

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name or IRI."""
        return self._standing(self._names.exact(text, kinds))

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""
        return self._standing(self._names.misspelt(text, kinds))

    def close(self, text: str, kinds: Collection[str], limit: int) -> tuple[Hit, ...]:
        """Return the nodes with a name that is like the text."""
        return self._standing(self._names.close(text, kinds, limit))

    def written(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names the text is another way of writing."""
        return self._standing(self._names.written(text, kinds))

    def _standing(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        hits = [*hits]
        nodes: Mapping[str, Node] = self.nodes(hit.node.iri for hit in hits)
        return best(Hit(nodes[hit.node.iri], hit.match, hit.name, hit.score) for hit in hits)
