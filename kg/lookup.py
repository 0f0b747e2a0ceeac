"""From text to a node: forgiving, and never a guess between two.

A name is first compared exactly, after folding case, accents and punctuation, with IRIs, labels, aliases and exam
codes. Only where nothing matches is spelling forgiven: by the optimal string alignment distance, up to two edits, and
only if no second node is as near. Everything else is a list of candidates, never a choice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kg.answers import Node, node
from kg.errors import AmbiguousName, UnknownName
from kg.graphs import Graph
from kg.terms import BASE, PREFIXES, curie

__all__ = ["ASKABLE", "Hit", "find_nodes", "fold", "resolve"]

#: The kinds of node that can be asked about by name.
ASKABLE = ("role", "skill", "tool", "certification", "provider", "activity")

#: How a name was matched, best first.
_MATCHES = ("label", "code", "alias", "iri", "spelling", "close")


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that answers to a text: how it matched, by which of its names, and how well (0…1)."""

    node: Node
    match: str
    name: str
    score: float


def fold(text: str) -> str:
    """Return a name without case, accents, spaces and punctuation, keeping ``+`` and ``#`` (C++, C#).

    Examples
    --------
    >>> fold("Scikit-learn"), fold("AIP C01"), fold("Ünïted"), fold("C++")
    ('scikitlearn', 'aipc01', 'united', 'c++')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum() or char in "+#") or plain.strip()


def _names(graph: Graph, kinds: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (IRI, how, name) for every name of every node of the kinds asked."""
    for iri, attributes in graph.nodes.items():
        if attributes.get("kind") not in kinds:
            continue
        yield iri, "label", attributes.get("label", iri)
        codes = attributes.get("examCode", ())
        for code in (codes,) if isinstance(codes, str) else codes:
            yield iri, "code", code
        for alias in attributes.get("aliases", ()):
            yield iri, "alias", alias


def _best(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Keep the best hit of each node and sort: score, then the kind of match, then label and IRI."""
    ranked = sorted(
        hits, key=lambda hit: (-hit.score, _MATCHES.index(hit.match), hit.node.label.casefold(), hit.node.iri)
    )
    first: dict[str, Hit] = {}
    for hit in ranked:
        first.setdefault(hit.node.iri, hit)
    return tuple(first.values())


def _exact(graph: Graph, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
    wanted = fold(text)
    hits = [Hit(node(graph, iri), how, name, 1.0) for iri, how, name in _names(graph, kinds) if fold(name) == wanted]
    hits += [
        Hit(node(graph, iri), "iri", iri, 1.0)
        for iri in _as_iris(text, kinds)
        if iri in graph.nodes and graph.nodes[iri].get("kind") in kinds
    ]
    return _best(hits)


def _as_iris(text: str, kinds: Collection[str]) -> Iterator[str]:
    """Yield the IRIs that a text may be: itself, what its prefix stands for, or the slug of one of the kinds."""
    yield text
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES:
        yield PREFIXES[prefix] + local
    yield from (f"{BASE}{kind}/{text}" for kind in kinds)


def _edits_allowed(length: int) -> int:
    """Short names are codes and abbreviations: one letter more makes another name."""
    return 0 if length < 5 else 1 if length < 10 else 2


def _digits(text: str) -> str:
    """Return the digits of a name: AI-103 is no misspelling of AI-102."""
    return "".join(char for char in text if char.isdigit())


def _misspelt(graph: Graph, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
    from rapidfuzz.distance import OSA

    wanted = fold(text)
    allowed = _edits_allowed(len(wanted))
    numbers = _digits(wanted)
    hits = []
    for iri, _, name in _names(graph, kinds):
        folded = fold(name)
        edits = OSA.distance(wanted, folded, score_cutoff=allowed)
        if edits <= min(allowed, _edits_allowed(len(folded))) and _digits(folded) == numbers:
            # Over the length of what was asked, not of the name: as many edits are as near.
            hits.append(Hit(node(graph, iri), "spelling", name, 1 - edits / len(wanted)))
    return _best(hits)


def _close(graph: Graph, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
    from rapidfuzz import fuzz, process

    names = [(iri, name) for iri, _, name in _names(graph, kinds) if len(name) > 2]
    near = process.extract(
        text.casefold(), [name.casefold() for _, name in names], scorer=fuzz.WRatio, limit=60, score_cutoff=70
    )
    return _best(Hit(node(graph, names[i][0]), "close", names[i][1], round(score / 100, 4)) for _, score, i in near)


def find_nodes(graph: Graph, text: str, *, kinds: Collection[str] = ASKABLE, limit: int = 10) -> tuple[Hit, ...]:
    """Return the nodes that a text may mean, best first.

    Where names match exactly, only those are returned; then those with a forgivable misspelling; then what is close.
    """
    if not fold(text):
        return ()
    found = _exact(graph, text, kinds) or _misspelt(graph, text, kinds) or _close(graph, text, kinds)
    return found[:limit]


def resolve(graph: Graph, text: str, *, kinds: Collection[str] = ASKABLE) -> Hit:
    """Return the one node that a text means.

    An activity (what a role works on) is meant only where nothing else has the name: activities are named after the
    skills they involve, and it is the skill that is asked about.

    Raises
    ------
    UnknownName
        Nothing answers to the text; what is close is listed.
    AmbiguousName
        Several nodes do, equally well; they are listed.
    """
    what = " or ".join(kinds) if len(kinds) < len(ASKABLE) else "role, skill, tool or certification"
    found = find_nodes(graph, text, kinds=kinds)
    certain = tuple(hit for hit in found if hit.match != "close")
    if not certain:
        close = ", ".join(f'"{hit.node.label}" ({curie(hit.node.iri)})' for hit in found[:3])
        raise UnknownName(
            f'No {what} "{text}". ' + (f"Close: {close}. " if close else "") + f'Try `kg find "{text}"`.',
            (hit.node.label for hit in found),
        )
    if certain[0].match == "spelling" and (other := _exact(graph, text, ASKABLE)):
        named = other[0].node
        raise UnknownName(
            f'"{text}" is the {named.kind} {named.label}; a {what} is asked for. Close: "{certain[0].node.label}" '
            f"({curie(certain[0].node.iri)}).",
            (hit.node.label for hit in certain),
        )
    best = tuple(hit for hit in certain if hit.score == certain[0].score)
    best = tuple(hit for hit in best if hit.node.kind != "activity") or best
    if len(best) > 1:
        both = ", ".join(f'"{hit.node.label}" ({curie(hit.node.iri)})' for hit in best)
        raise AmbiguousName(
            f'"{text}" may mean {both}. Say which: give the full label or the name in brackets.',
            (hit.node.iri for hit in best),
        )
    return best[0]
