"""From text to a node: forgiving, and never a guess between two.

A name is first compared exactly, after folding case, accents and punctuation, with IRIs, labels, aliases and exam
codes. Only where nothing matches is spelling forgiven: by the optimal string alignment distance, up to two edits, and
only if no second node is as near. Everything else is a list of candidates, never a choice.

`GraphNames` reads every name for every text. That is right for a graph of some hundred nodes, and it is the slow and
obvious version that `kg.names.index.NameIndex`, which reads only the names that can match, is tested against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.model.answers import Node, node
from kg.model.errors import AmbiguousName, UnknownName
from kg.model.folding import fold
from kg.model.graphs import Graph
from kg.model.iris import curie
from kg.model.terms import BASE, PREFIXES

__all__ = [
    "ASKABLE",
    "MATCHES",
    "GraphNames",
    "Hit",
    "Names",
    "as_iris",
    "best",
    "digits",
    "edits_allowed",
    "find_nodes",
    "resolve",
]

#: The kinds of node that can be asked about by name.
ASKABLE = ("role", "skill", "tool", "certification", "provider", "activity")

#: How a name was matched, best first.
MATCHES = ("label", "code", "alias", "iri", "spelling", "close")


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that answers to a text: how it matched, by which of its names, and how well (0…1)."""

    node: Node
    match: str
    name: str
    score: float


def best(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Keep the best hit of each node and sort: score, then the kind of match, then label and IRI."""
    ranked = sorted(
        hits, key=lambda hit: (-hit.score, MATCHES.index(hit.match), hit.node.label.casefold(), hit.node.iri)
    )
    first: dict[str, Hit] = {}
    for hit in ranked:
        first.setdefault(hit.node.iri, hit)
    return tuple(first.values())


def as_iris(text: str, kinds: Collection[str]) -> Iterator[str]:
    """Yield the IRIs that a text may be: itself, what its prefix stands for, or the slug of one of the kinds."""
    yield text
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES:
        yield PREFIXES[prefix] + local
    yield from (f"{BASE}{kind}/{text}" for kind in kinds)


def edits_allowed(length: int) -> int:
    """Short names are codes and abbreviations: one letter more makes another name."""
    return 0 if length < 5 else 1 if length < 10 else 2


def digits(text: str) -> str:
    """Return the digits of a name: AI-103 is no misspelling of AI-102."""
    return "".join(char for char in text if char.isdigit())


class Names(Protocol):
    """Where names are looked up; what looks for a text returns one hit for a node, best first."""

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of these IRIs, by IRI; one that has no name is called by its short form."""

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, by label, case aside, then IRI."""

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name, as `fold` compares names, or this IRI."""

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""

    def close(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes with a name that resembles the text."""


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

    def _all(self, kinds: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Yield (IRI, how, name) for every name of every node of the kinds asked."""
        for iri, attributes in self._graph.nodes.items():
            if attributes.get("kind") not in kinds:
                continue
            yield iri, "label", attributes.get("label", iri)
            codes = attributes.get("examCode", ())
            for code in (codes,) if isinstance(codes, str) else codes:
                yield iri, "code", code
            for alias in attributes.get("aliases", ()):
                yield iri, "alias", alias

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name or IRI."""
        wanted = fold(text)
        graph = self._graph
        hits = [Hit(node(graph, iri), how, name, 1.0) for iri, how, name in self._all(kinds) if fold(name) == wanted]
        hits += [
            Hit(node(graph, iri), "iri", iri, 1.0)
            for iri in as_iris(text, kinds)
            if iri in graph.nodes and graph.nodes[iri].get("kind") in kinds
        ]
        return best(hits)

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""
        from rapidfuzz.distance import OSA

        wanted = fold(text)
        allowed = edits_allowed(len(wanted))
        numbers = digits(wanted)
        hits = []
        for iri, _, name in self._all(kinds):
            folded = fold(name)
            edits = OSA.distance(wanted, folded, score_cutoff=allowed)
            if edits <= min(allowed, edits_allowed(len(folded))) and digits(folded) == numbers:
                # Over the length of what was asked, not of the name: as many edits are as near.
                hits.append(Hit(node(self._graph, iri), "spelling", name, 1 - edits / len(wanted)))
        return best(hits)

    def close(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes with a name that resembles the text."""
        from rapidfuzz import fuzz, process

        names = [(iri, name) for iri, _, name in self._all(kinds) if len(name) > 2]
        near = process.extract(
            text.casefold(), [name.casefold() for _, name in names], scorer=fuzz.WRatio, limit=60, score_cutoff=70
        )
        hits = (
            Hit(node(self._graph, names[i][0]), "close", names[i][1], round(score / 100, 4)) for _, score, i in near
        )
        return best(hits)


def find_nodes(names: Names, text: str, *, kinds: Collection[str] = ASKABLE, limit: int = 10) -> tuple[Hit, ...]:
    """Return the nodes that a text may mean, best first.

    Where names match exactly, only those are returned; then those with a forgivable misspelling; then what is close.
    """
    if not fold(text):
        return ()
    found = names.exact(text, kinds) or names.misspelt(text, kinds) or names.close(text, kinds)
    return found[:limit]


def resolve(names: Names, text: str, *, kinds: Collection[str] = ASKABLE) -> Hit:
    """Return the one node that a text means.

    An activity (what a role works on) is meant only where nothing else has the name: activities are named after the
    skills they involve, and it is the skill that is asked about. Of two nodes of one kind, that which is called so is
    meant, not that which is also called so: frameworks give one alternative label to many.

    Raises
    ------
    UnknownName
        Nothing answers to the text; what is close is listed.
    AmbiguousName
        Several nodes do, equally well; they are listed.
    """
    what = " or ".join(kinds) if len(kinds) < len(ASKABLE) else "role, skill, tool or certification"
    found = find_nodes(names, text, kinds=kinds)
    certain = tuple(hit for hit in found if hit.match != "close")
    if not certain:
        close = ", ".join(f'"{hit.node.label}" ({curie(hit.node.iri)})' for hit in found[:3])
        raise UnknownName(
            f'No {what} "{text}". ' + (f"Close: {close}. " if close else "") + f'Try `kg find "{text}"`.',
            (hit.node.label for hit in found),
        )
    if certain[0].match == "spelling" and (other := names.exact(text, ASKABLE)):
        named = other[0].node
        raise UnknownName(
            f'"{text}" is the {named.kind} {named.label}; a {what} is asked for. Close: "{certain[0].node.label}" '
            f"({curie(certain[0].node.iri)}).",
            (hit.node.label for hit in certain),
        )
    found = tuple(hit for hit in certain if hit.score == certain[0].score)
    found = tuple(hit for hit in found if hit.node.kind != "activity") or found
    called = {(hit.node.kind, fold(hit.name)) for hit in found if fold(hit.name) == fold(hit.node.label)}
    found = tuple(
        hit for hit in found if fold(hit.name) == fold(hit.node.label) or (hit.node.kind, fold(hit.name)) not in called
    )
    if len(found) > 1:
        shown = ", ".join(f'"{hit.node.label}" ({curie(hit.node.iri)})' for hit in found)
        raise AmbiguousName(
            f'"{text}" may mean {shown}. Say which: give the full label or the name in brackets.',
            (hit.node.iri for hit in found),
        )
    return found[0]
