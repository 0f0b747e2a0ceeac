"""Findings before they are worded: what a rule says of IRIs, whose labels are asked for once, at the end.

A rule reads what it needs by one query, and that has IRIs. Labels are needed for what is found and for nothing else, so
a rule leaves a place for each, and `worded` fills all of them with as few queries as can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal

from kg.model.errors import BrokenIri
from kg.model.findings import Finding
from kg.model.graphs import choose_language
from kg.model.iris import curie
from kg.model.values import plain
from kg.stores.binding import bind, load_query
from kg.stores.port import Store
from kg.stores.slices import select

__all__ = ["Draft", "NameOf", "read", "worded"]

#: So many nodes are named in one query.
_CHUNK = 500


class NameOf(str):
    """An IRI in a message, to be said by its label; of a claim, by the labels of what it ties."""

    __slots__ = ()


class Draft(NamedTuple):
    """A finding without labels.

    Attributes
    ----------
    message
        A template of `str.format`, with one ``{}`` for each part.
    parts
        Text as it is, and each `NameOf` by its label.
    about
        The IRI it is about; empty where it is about none.
    """

    severity: str
    rule: str
    message: str
    parts: tuple[str, ...]
    fix: str
    about: str = ""

    @property
    def named(self) -> frozenset[str]:
        """The nodes that it names: what it is about, and those in its words."""
        nodes = {str(part) for part in self.parts if isinstance(part, NameOf)}
        return frozenset(nodes | {self.about} if self.about else nodes)


def read(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query as text, each once and sorted; what is unbound is empty."""
    rows = {tuple("" if cell is None else str(plain(cell)) for cell in row) for row in select(store, query).rows}
    return sorted(rows)


def worded(store: Store, drafts: Sequence[Draft], lang: str = "en") -> Iterator[Finding]:
    """Yield the drafts as findings, in their order."""
    names = _names(store, {part for draft in drafts for part in draft.parts if isinstance(part, NameOf)}, lang)
    for draft in drafts:
        parts = (names[part] if isinstance(part, NameOf) else part for part in draft.parts)
        yield Finding(draft.severity, draft.rule, draft.message.format(*parts), draft.fix, draft.about)


def _names(store: Store, iris: Iterable[str], lang: str) -> dict[str, str]:
    """Return how nodes are called; a node without a label by its short IRI."""
    asked = {str(iri) for iri in iris}
    labels, ties = _described(store, asked, lang)
    ends = {end for tie in ties.values() for end in tie} - asked
    more, _ = _described(store, ends, lang)
    called = {iri: (labels | more).get(iri) or curie(iri) for iri in asked | ends}
    return called | {claim: " → ".join(called[end] for end in tie) for claim, tie in ties.items()}


def _described(store: Store, iris: Iterable[str], lang: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return the labels of nodes, and what the claims among them tie."""
    literals: dict[str, set[Literal]] = defaultdict(set)
    ties: dict[str, tuple[str, str]] = {}
    left = iter(sorted(iri for iri in iris if _can_be_named(iri)))
    while chunk := [*islice(left, _CHUNK)]:
        try:
            rows = store.select(bind(load_query("check_labels"), node=chunk)).rows
        except BrokenIri:  # they are said by their IRIs
            continue
        for node, label, subject, target in rows:
            if isinstance(label, Literal):
                literals[str(plain(node))].add(label)
            if subject is not None and target is not None:
                tie = str(plain(subject)), str(plain(target))
                ties[str(plain(node))] = min(tie, ties.get(str(plain(node)), tie))
    return {iri: min(one.value for one in choose_language(found, lang)) for iri, found in literals.items()}, ties


def _can_be_named(iri: str) -> bool:
    """Tell whether a query can name a node: a blank one it cannot, nor what is no IRI."""
    return ":" in iri and not iri.startswith("_:") and not any(char in '<>"{}|\\^`' or char <= " " for char in iri)
