"""Names looked up in a graph at hand, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any

from kg.model.answers import Node, node
from kg.model.folding import fold
from kg.model.graphs import Graph
from kg.model.iris import curie
from kg.model.terms import KG, SKOS
from kg.model.values import plain, text_of
from kg.names.grams import Grams
from kg.names.lookup import ASKABLE, Hit, as_iris, best, edits_allowed, like, scored, spelling_forgiven
from kg.names.variants import keys_of_name, keys_of_text

__all__ = ["GraphNames"]

#: The attributes of a node that name it, beside its label.
_NAMING = (
    ("examCode", "code"),
    ("notation", "code"),
    ("aliases", "alias"),
    ("hiddenLabel", "alias"),
)


class GraphNames:
    """The names of the nodes of a graph, read one by one."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of these IRIs, by IRI."""
        there = self._graph.nodes
        return {iri: node(self._graph, iri) if iri in there else Node(curie(iri), iri) for iri in iris}

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, by label, case aside, then IRI."""
        found = [node(self._graph, iri) for iri, data in self._graph.nodes.items() if data.get("kind") == kind]
        return tuple(sorted(found, key=lambda n: (n.label.casefold(), n.iri)))

    def _kind(self, iri: str) -> str:
        return str(self._graph.nodes[iri].get("kind", ""))

    def _all(self, kinds: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Yield (IRI, how, name) for every name of every node of the kinds asked."""
        for iri, attributes in self._graph.nodes.items():
            if attributes.get("kind") not in kinds:
                continue
            label = attributes.get("label", iri)
            yield iri, "label", label
            yield from ((iri, "other language", name) for name in self._labels.get(iri, ()) if name != label)
            for attribute, how in _NAMING:
                values = attributes.get(attribute, ())
                yield from ((iri, how, value) for value in ((values,) if isinstance(values, str) else values))

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name or IRI."""
        wanted = fold(text)
        graph = self._graph
        hits = [
            Hit(node(graph, iri), how, name, scored(how, self._kind(iri)))
            for iri, how, name in self._all(kinds)
            if fold(name) == wanted
        ]
        hits += [
            Hit(node(graph, iri), "iri", iri, scored("iri", self._kind(iri)))
            for iri in as_iris(text, kinds)
            if iri in graph.nodes and graph.nodes[iri].get("kind") in kinds
        ]
        return best(hits)

    def written(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names the text is another way of writing."""
        issuers = self._providers
        asked = {("", fold(text)), *keys_of_text(text, issuers.items())}
        hits = []
        for iri, how, name in self._all(kinds):
            data = self._graph.nodes[iri]
            by = self._issuer(iri)
            for key in keys_of_name(data["kind"], how, name, by, issuers.get(by, ())):
                if key in asked or (key[0] in ("code", "name and alias") and ("", key[1]) in asked):
                    hits.append(Hit(node(self._graph, iri), key[0], name, scored(key[0], self._kind(iri))))
        return best(hits)

    @cached_property
    def _providers(self) -> dict[str, list[str]]:
        """Who issues certifications: names by IRI."""
        found: dict[str, list[str]] = {}
        for iri, _, name in self._all(("provider",)):
            found.setdefault(iri, []).append(name)
        return found

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""
        from rapidfuzz.distance import OSA

        wanted = fold(text)
        allowed = edits_allowed(len(wanted))
        hits = []
        for iri, _, name in self._all(kinds):
            folded = fold(name)
            edits = OSA.distance(wanted, folded, score_cutoff=allowed)
            if edits <= min(allowed, edits_allowed(len(folded))) and spelling_forgiven(text, name):
                # Over the length of what was asked, not of the name: as many edits are as near.
                hits.append(
                    Hit(
                        node(self._graph, iri),
                        "spelling",
                        name,
                        scored("spelling", self._kind(iri), edits / len(wanted)),
                    )
                )
        return best(hits)

    def close(self, text: str, kinds: Collection[str], limit: int) -> tuple[Hit, ...]:
        """Return the nodes with a name that is like the text."""
        import numpy as np

        ordered, grams = self._grams
        names = [name for _, found in ordered for name in found]
        among = np.array([one.kind in kinds for one, _ in ordered], dtype=np.bool_)
        ranked = grams.ranked(text, limit + 1, among)
        return like(ranked, [(ordered[r.node][0], names[r.name]) for r in ranked], limit)

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        """The labels of nodes in every language, where the graph comes from triples."""
        found: dict[str, set[str]] = {}
        for triple in getattr(self._graph, "triples", ()):
            if triple.predicate.value == SKOS.prefLabel:
                found.setdefault(text_of(triple.subject), set()).add(str(plain(triple.object)))
        return {iri: sorted(names) for iri, names in found.items()}

    def _issuer(self, iri: str) -> str:
        """Return who issues a certification: as a claim says, or a plain triple."""
        issued = [
            v for _, v, _, data in self._graph.out_edges(iri, keys=True, data=True) if data["relation"] == "issuedBy"
        ]
        return min((*issued, *self._issuers.get(iri, ())), default="")

    def _out(self, iri: str) -> Iterable[tuple[str, str, str, dict[str, Any]]]:
        """Return the edges that leave a node, of a `ClaimGraph` or of networkx."""
        found: Iterable[tuple[str, str, str, dict[str, Any]]] = self._graph.out_edges(iri, keys=True, data=True)
        return found

    @cached_property
    def _issuers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for triple in getattr(self._graph, "triples", ()):
            if triple.predicate.value == KG.issuedBy:
                found.setdefault(text_of(triple.subject), []).append(text_of(triple.object))
        return found

    @cached_property
    def _grams(self) -> tuple[list[tuple[Node, list[str]]], Grams]:
        found: dict[str, list[str]] = {}
        for iri, _, name in self._all(ASKABLE):
            found.setdefault(iri, []).append(name)
        ordered = sorted(
            ((node(self._graph, iri), names) for iri, names in found.items()),
            key=lambda one: (one[0].label.casefold(), one[0].iri),
        )
        edges = [
            (u, v) for u in self._graph.nodes for _, v, _, data in self._out(u) if data.get("relation") == "requires"
        ]
        used = Counter(end for edge in edges for end in edge)
        return ordered, Grams.of([names for _, names in ordered], [used[one.iri] for one, _ in ordered])
