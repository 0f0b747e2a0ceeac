"""From text to node: forgiving, and never a guess between two, nor one in silence.

A text is read in steps, of which the first that gives anything decides. **Exactly**, after folding case, accents and
punctuation: IRIs, labels in every language, aliases, codes. **As another way of writing a name**
(`kg.names.variants`): ``NAME (ALIAS)``, a certification without its provider, initials, another version of an exam.
**Misspelt**: by the optimal string alignment distance, up to two edits, none of them in a code
(`kg.names.words.is_code`), and only if no second node is as near. What is merely **like** the text is a list of
candidates, never a choice.

`reading` says how a text was read, which every answer begins with. `GraphNames` reads every name for every text: right
for a graph of some hundred nodes, and the slow and obvious version that `kg.names.index.NameIndex` is tested against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.model.answers import Node, ReadAs
from kg.model.errors import AmbiguousName, UnknownName
from kg.model.folding import fold
from kg.model.iris import curie
from kg.model.terms import BASE, PREFIXES
from kg.names.grams import WordMatch
from kg.names.variants import exam_codes, split_alias, version_of
from kg.names.words import is_code, stem, telling, tokens

__all__ = [
    "ASKABLE",
    "EXACT",
    "MATCHES",
    "VARIANTS",
    "Hit",
    "Names",
    "as_iris",
    "best",
    "edits_allowed",
    "find_nodes",
    "like",
    "linked",
    "readable",
    "reading",
    "resolve",
    "scored",
    "spelling_forgiven",
]

#: The kinds of node that can be asked about by name.
ASKABLE = ("role", "skill", "tool", "certification", "provider", "activity")
#: How a name was matched, best first.
EXACT = ("label", "code", "other language", "alias", "iri")
VARIANTS = ("name and alias", "provider and rest", "abbreviation", "version")
MATCHES = (*EXACT, *VARIANTS, "spelling", "words inside", "close")
#: How likely a match of that sort is right. For labels this was counted, where titles and spans had been annotated by
#: others: 39 of 39 skills, 59 of 72 roles. The rest is set by hand, lower than what was counted for labels.
_RIGHT = {
    "iri": 1.0,
    "code": 0.99,
    "label": 0.97,
    "other language": 0.97,
    "alias": 0.78,
    "name and alias": 0.78,
    "version": 0.78,
    "provider and rest": 0.78,
    "abbreviation": 0.7,
    "spelling": 0.75,
}
#: Of what is called so exactly, roles are less often meant: an advertisement's title says little of the work.
_ROLE_RIGHT = 0.88
#: Of `readable`: learned on titles that are no name, with a gap that counts up to the last.
LIKE = (-2.36, 0.94, 8.98, 0.2)


@dataclass(frozen=True, slots=True)
class Hit:
    """A node that answers to a text: how it matched, by which of its names, and how well (0…1)."""

    node: Node
    match: str
    name: str
    score: float


def best(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Keep the best hit of each node and sort: exact ones by the kind of match, others by score; then label and IRI."""
    ranked = sorted(
        hits,
        key=lambda hit: (
            hit.match not in EXACT,
            0.0 if hit.match in EXACT else -hit.score,
            MATCHES.index(hit.match),
            hit.node.label.casefold(),
            hit.node.iri,
        ),
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


def spelling_forgiven(text: str, name: str) -> bool:
    """Tell whether what differs between a text and a name may be a slip: no code differs, on either side.

    Examples
    --------
    >>> spelling_forgiven("machine lerning enginer", "Machine Learning Engineer"), spelling_forgiven("AZ-500", "AI-500")
    (True, False)
    >>> (
    ...     spelling_forgiven("platform engineer", "AI platform engineer"),
    ...     spelling_forgiven("datta engineer", "data engineer"),
    ... )
    (False, True)
    """
    from rapidfuzz.distance import OSA

    typed, there = tokens(text), tokens(name)
    for word in [*typed]:
        if word in there:
            typed.remove(word)
            there.remove(word)
    if any(map(is_code, typed)):
        return False
    return all(
        word.isalpha() and any(OSA.distance(word, other) < 2 or _joined(word, other) for other in typed)
        for word in filter(is_code, there)
    )


def _joined(word: str, longer: str) -> bool:
    """Whether a short word was typed without the blank before or behind it."""
    return len(word) > 2 and len(longer) > len(word) + 3 and (longer.startswith(word) or longer.endswith(word))


def scored(match: str, kind: str, edits: float = 0.0) -> float:
    """Return how likely a match of that sort is right, for a node of that kind; edits are a share of the text.

    Examples
    --------
    >>> scored("label", "tool"), scored("label", "role"), scored("spelling", "tool", 0.1)
    (0.97, 0.88, 0.675)
    """
    right = _RIGHT[match]
    if kind == "role" and match in ("label", "other language"):
        right = _ROLE_RIGHT
    return round(right * (1 - edits), 4)


def readable(score: float, gap: float) -> float:
    """Return how likely the node is right that is like a text, by how like it is and how far it is before the next."""
    from math import exp

    constant, by_score, by_gap, most = LIKE
    return round(1 / (1 + exp(-(constant + by_score * min(score, 1.0) + by_gap * max(-1.0, min(gap, most))))), 4)


class Names(Protocol):
    """Where names are looked up; what looks for a text returns one hit for a node, best first."""

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of these IRIs, by IRI; one that has no name is called by its short form."""

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, by label, case aside, then IRI."""

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name, as `fold` compares names, or this IRI."""

    def written(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names the text is another way of writing (`kg.names.variants`)."""

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""

    def close(self, text: str, kinds: Collection[str], limit: int) -> tuple[Hit, ...]:
        """Return the nodes with a name that is like the text, at most so many."""


def like(ranked: Sequence[WordMatch], named: Sequence[tuple[Node, str]], limit: int) -> tuple[Hit, ...]:
    """Return what is like a text as hits: how likely each is right follows from how far it is before the best other."""
    hits = []
    for i, (found, (one, name)) in enumerate(zip(ranked, named, strict=True)):
        other = ranked[1].score if i == 0 and len(ranked) > 1 else ranked[0].score if i else 0.0
        match = "words inside" if found.has_word else "close"
        hits.append(Hit(one, match, name, readable(found.score, found.score - other)))
    return tuple(hits[:limit])


def find_nodes(names: Names, text: str, *, kinds: Collection[str] = ASKABLE, limit: int = 10) -> tuple[Hit, ...]:
    """Return the nodes that a text may mean, best first: what it means, and where that is nothing, what is like it."""
    if not fold(text):
        return ()
    found = _sure(names, text, kinds)
    return found[:limit] if found or "://" in text else names.close(text, kinds, limit)  # an address has no words


def linked(names: Names, text: str, *, kinds: Collection[str] = ASKABLE, limit: int = 10) -> tuple[Hit, ...]:
    """Return what a text may be linked to, best first: what it means, then what is like it."""
    if not fold(text):
        return ()
    found = _sure(names, text, kinds)[:limit]
    there = {hit.node.iri for hit in found}
    return (*found, *(hit for hit in names.close(text, kinds, limit + len(found)) if hit.node.iri not in there))[:limit]


def _sure(names: Names, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
    """Return what a text means: by its names, else as another way of writing one, else as a slip."""
    return names.exact(text, kinds) or _variants(names, text, kinds) or names.misspelt(text, kinds)


def _variants(names: Names, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
    """Return the nodes of whose names a text is another way of writing."""
    if parts := split_alias(text):
        return _of_parts(names, *parts, kinds)
    found = names.written(text, kinds)
    versions = [version_of(hit.name) for hit in found]
    if len({version.series for version in versions if version}) == 1 and all(versions):  # the newest that is known
        newest = max(version for version in versions if version)
        found = tuple(hit for hit in found if version_of(hit.name) == newest)
    return tuple(hit for hit in found if hit.match == found[0].match)


def _of_parts(names: Names, name: str, alias: str, kinds: Collection[str]) -> tuple[Hit, ...]:
    """Return what a text such as ``NAME (ALIAS)`` means: what both mean, or one where the other says nothing else."""
    by_name = names.exact(name, kinds) or _variants(names, name, kinds)
    by_alias = names.exact(alias, kinds) or (_variants(names, alias, kinds) if version_of(alias) else ())
    if by_name and by_alias:
        named, coded = ({hit.node.iri for hit in hits} for hits in (by_name, by_alias))
        versions = {hit.node.iri for hit in names.written(alias, kinds) if hit.match == "version"}
        if not named & coded and named <= versions:  # the code says which version of what is named
            found = by_alias
        else:
            found = tuple(hit for hit in by_alias if hit.node.iri in named) or (*by_name, *by_alias)
    elif by_name:
        found = () if exam_codes(alias) else by_name
    else:
        said = {stem(word) for word in telling(name)} - _NOTHING
        found = tuple(hit for hit in by_alias if said <= {stem(word) for word in telling(hit.node.label)})
    return best(
        hit
        if hit.match == "version"
        else Hit(hit.node, "name and alias", hit.name, scored("name and alias", hit.node.kind))
        for hit in found
    )


#: Words beside a code that do not name anything else.
_NOTHING = frozenset({"certification", "certified", "certificate", "exam"})


def reading(text: str, hit: Hit) -> ReadAs:
    """Return how a text was read, told where it is no label or code, nor an alias that shares a word with the label.

    Examples
    --------
    >>> engineer = Node("Machine Learning Engineer", "x:ml", "role")
    >>> reading("ML engneer", Hit(engineer, "spelling", "ML Engineer", 0.7)).said
    'Read "ML engneer" as Machine Learning Engineer (spelling)'
    >>> reading("ML engineer", Hit(engineer, "alias", "ML Engineer", 0.8)).said
    ''
    """
    said = ""
    typed = next((found for found in map(version_of, (text, *exam_codes(text))) if found), None)
    if hit.match == "version" and typed and (there := version_of(hit.name)):
        when, known = ("an earlier", "now") if typed.number < there.number else ("a later", "here still")
        code = text.strip() if version_of(text) else exam_codes(text)[0]
        said = f"{code} is {when} version of {hit.node.label}, {known} {hit.name}"
    elif hit.match not in ("label", "code", "iri") and (
        hit.match not in EXACT or not _stems(text) & _stems(hit.node.label)
    ):
        said = f'Read "{text}" as {hit.node.label} ({hit.match})'
    return ReadAs(text, hit.node, hit.match, hit.name, said)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in telling(text)}


def resolve(names: Names, text: str, *, kinds: Collection[str] = ASKABLE, strict: bool = False) -> Hit:
    """Return the one node that a text means.

    An activity (what a role works on) is meant only where nothing else has the name: activities are named after the
    skills they involve, and it is the skill that is asked about. Of two nodes of one kind, that which is called so is
    meant, not that which is also called so: frameworks give one alternative label to many.

    Parameters
    ----------
    strict
        Whether only a label, a listed alias, a code or an IRI is taken.

    Raises
    ------
    UnknownName
        Nothing answers to the text; what is close is listed.
    AmbiguousName
        Several nodes do, equally well; they are listed.
    """
    what = " or ".join(kinds) if len(kinds) < len(ASKABLE) else "role, skill, tool or certification"
    certain = _sure(names, text, kinds) if fold(text) else ()
    if not certain:
        found = names.close(text, kinds, 10) if fold(text) else ()
        close = ", ".join(f'"{hit.node.label}" ({curie(hit.node.iri)})' for hit in found[:3])
        unknown = [code for code in exam_codes(text) if not names.exact(code, ASKABLE)]
        raise UnknownName(
            (f'{unknown[0]} is not in this graph: no {what} "{text}". ' if unknown else f'No {what} "{text}". ')
            + (f"Close: {close}. " if close else "")
            + f'Try `kg find "{text}"`.',
            (hit.node.label for hit in found),
        )
    if certain[0].match not in EXACT and (other := names.exact(text, ASKABLE)):
        named = other[0].node
        raise UnknownName(
            f'"{text}" is the {named.kind} {named.label}; a {what} is asked for. Close: "{certain[0].node.label}" '
            f"({curie(certain[0].node.iri)}).",
            (hit.node.label for hit in certain),
        )
    if strict and certain[0].match not in EXACT:
        taken = certain[0]
        raise UnknownName(
            f'No {what} is called "{text}". Close: "{taken.node.label}" ({curie(taken.node.iri)}), by {taken.match}. '
            "Write that, or leave out --strict.",
            (hit.node.label for hit in certain),
        )
    found = certain if certain[0].match in EXACT else tuple(hit for hit in certain if hit.score == certain[0].score)
    found = tuple(hit for hit in found if hit.node.kind != "activity") or found
    called = {(hit.node.kind, fold(hit.name)) for hit in found if hit.match in _CALLED}
    found = tuple(hit for hit in found if hit.match in _CALLED or (hit.node.kind, fold(hit.name)) not in called)
    if len(found) > 1:
        shown = ", ".join(f'"{hit.node.label}" ({curie(hit.node.iri)})' for hit in found)
        raise AmbiguousName(
            f'"{text}" may mean {shown}. Say which: give the full label or the name in brackets.',
            (hit.node.iri for hit in found),
        )
    return found[0]


#: A node is called so, in whatever language; not also called so.
_CALLED = ("label", "other language")
