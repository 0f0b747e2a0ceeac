"""From running text to nodes: which roles, skills, tools and certifications does a text name, and where?

All names (labels, aliases, exam codes) are looked for at once, by an Aho–Corasick automaton; from everything it finds,
the whole words are kept, and of those that overlap the leftmost, then the longest. The automaton's own
leftmost-longest search was rejected: it takes "machine learning engine" in "machine learning engineer", finds that it
ends inside a word, and has by then passed over "machine learning". Upper and lower case, the kind of dash and the kind
of space make no difference.

In prose a short or common name is easily something else. So a name of three characters or fewer counts only as it is
written in the graph (``R``, ``Go``, ``AI``; not "go"), and not where a hyphen, full stop, apostrophe or ``&`` ties it
to more letters (R&D, main.py); a name that is an English word too (`WORDS`) needs its capital and must not merely open
a sentence; and names that mean something else more often than not (`NEVER`) are not looked for in prose at all. Nothing
in an address (``https://python.org``) is a mention.

References
----------
A. V. Aho and M. J. Corasick, Efficient string matching: an aid to bibliographic search, Communications of the ACM 18
(1975).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.model.answers import Node, node
from kg.model.graphs import Graph

__all__ = ["NEVER", "WORDS", "Matcher", "Mention", "Mentions", "Name", "names_of"]

#: A name this short counts only in its own capitals.
SHORT = 3
_WORDS = """
bash chroma cortex delta excel fabric gemini glue go iceberg kafka looker r ray redis snowflake spark spring swift
tableau triton
"""
_NEVER = """
adapters agents classification cloud cv dl distillation fp grounding localization messaging np optimisation packaging
pd programmer provenance pruning py sockets stats streaming transformers ts
"""
#: Names that are English words: they need their capital, and more than the start of a sentence.
WORDS = frozenset(_WORDS.split())
#: Names that mean something else more often than not: not looked for in prose.
NEVER = frozenset(_NEVER.split())
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"\u2019": "'"})
_PIECES = re.compile(r"\s+|\S+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.]+", re.IGNORECASE)
#: What stands before a word that only opens a sentence or a line.
_OPENING = re.compile(r"(?:^|[.!?:]\s+|\n\s*)(?:[-*•·]\s+|\d+[.)]\s+)?$")
#: What stands behind a word that opens a line and is meant all the same: it is alone there, or the first of a list.
_LISTED = re.compile(r"\s*(?:[,;/|()\n•·:]|$|[-–—]\s|(?:and|or)\b)")


class Name(NamedTuple):
    """A name to look for: the node it belongs to and how it names it (``label``, ``alias``, ``code``)."""

    iri: str
    how: str
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A node named in a text: from where to where (offsets), by which words, by which of its names."""

    start: int
    end: int
    words: str
    node: Node
    how: str
    name: str


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text without case, with one kind of dash and of space, and the way back to the offsets it had."""

    text: str
    starts: list[int]
    origins: list[int]

    def origin(self, offset: int) -> int:
        """Return the offset that a character had, for one that begins a character of the original, and for the end."""
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]


def fold_text(text: str) -> _Folded:
    """Return the text as names are compared in it; casefolding may lengthen it, spaces may shorten it."""
    parts: list[str] = []
    starts, origins = [0], [0]
    length = shift = 0

    def put(folded: str, origin: int) -> None:
        nonlocal length, shift
        if origin - length != shift:
            shift = origin - length
            starts.append(length)
            origins.append(origin)
        parts.append(folded)
        length += len(folded)

    for piece in _PIECES.finditer(text):
        words, at = piece.group(), piece.start()
        if words[0].isspace():
            put("\n" if words.count("\n") > 1 else " ", at)
            continue
        folded = words.translate(_DASHES).casefold()
        if len(folded) == len(words):  # no character ever becomes nothing, so each has become one
            put(folded, at)
            continue
        for i, char in enumerate(words):
            put(char.translate(_DASHES).casefold(), at + i)
    starts.append(length)
    origins.append(len(text))
    return _Folded("".join(parts), starts, origins)


def _of_a_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")


def whole(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a text is no part of a longer word; C is not C++, nor C#.

    Examples
    --------
    >>> whole("C++ and Java", 0, 3), whole("C++ and Java", 0, 1), whole("JavaScript", 0, 4)
    (True, False, False)
    """
    if start and _of_a_word(text[start - 1]):
        return False
    if end == len(text):
        return True
    following = text[end]
    if following == "+":
        return end + 1 < len(text) and text[end + 1].isalnum()  # Java+Python names both
    return following != "#" and not _of_a_word(following)


class Matcher:
    """Finds many patterns in a text at once: whole words, without case, the leftmost and longest of what overlaps.

    Parameters
    ----------
    patterns
        What to look for; patterns that differ in case or spaces alone are one.

    Examples
    --------
    >>> matcher = Matcher(["machine learning", "machine learning engine"])
    >>> matcher.find("A Machine  Learning engineer")
    [(2, 19, 0)]
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        keys: dict[str, int] = {}
        for number, pattern in enumerate(patterns):
            if key := fold_text(pattern.strip()).text:
                keys.setdefault(key, number)
        self._numbers = tuple(keys.values())
        self._automaton = AhoCorasick([*keys], matchkind=MatchKind.Standard, store_patterns=False)

    def candidates(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield every whole-word match as (start, end, number of the pattern), also those that overlap."""
        folded = fold_text(text)
        for key, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            if whole(folded.text, start, end):
                yield folded.origin(start), folded.origin(end), self._numbers[key]

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return the matches in their order: the leftmost, of those the longest, none over another."""
        return _apart(self.candidates(text))


def _apart(candidates: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for match in sorted(candidates, key=lambda match: (match[0], -match[1], match[2])):
        if not found or match[0] >= found[-1][1]:
            found.append(match)
    return found


def names_of(graph: Graph, kinds: Collection[str]) -> Iterator[Name]:
    """Yield every name of every node of the kinds asked, those of roles also in the plural."""
    for iri, data in sorted(graph.nodes.items()):
        if data.get("kind") not in kinds:
            continue
        codes = data.get("examCode", ())
        names = [
            Name(iri, "label", str(data["label"])),
            *(Name(iri, "code", code) for code in ((codes,) if isinstance(codes, str) else codes)),
            *(Name(iri, "alias", alias) for alias in data.get("aliases", ())),
        ]
        yield from names
        if data["kind"] == "role":
            yield from (Name(iri, name.how, f"{name.name}s") for name in names)


class Mentions:
    """Finds the nodes that texts name.

    Parameters
    ----------
    graph
        Where labels are looked up.
    names
        What to look for.
    """

    def __init__(self, graph: Graph, names: Iterable[Name]) -> None:
        self._graph = graph
        by_key: dict[str, dict[str, Name]] = defaultdict(dict)
        for name in names:
            key = fold_text(name.name.strip()).text
            if key and key not in NEVER and not key.isdigit():
                by_key[key].setdefault(name.iri, name)
        self._names = [tuple(owners.values()) for owners in by_key.values()]
        self._matcher = Matcher([owners[0].name for owners in self._names])

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return what a text names, in its order; a name that several nodes share is a mention of each."""
        addresses = [match.span() for match in _ADDRESS.finditer(text)]
        ends = [end for _, end in addresses]

        def in_address(start: int, end: int) -> bool:
            nearest = bisect_right(ends, start)
            return nearest < len(addresses) and addresses[nearest][0] < end

        meant = (
            match
            for match in self._matcher.candidates(text)
            if not in_address(*match[:2]) and self._is_meant(text, *match)
        )
        return tuple(
            Mention(start, end, text[start:end], node(self._graph, name.iri), name.how, name.name)
            for start, end, number in _apart(meant)
            for name in self._names[number]
        )

    def _is_meant(self, text: str, start: int, end: int, number: int) -> bool:
        words, names = text[start:end], self._names[number]
        if len(names[0].name) <= SHORT and not (any(words == name.name for name in names) and _alone(text, start, end)):
            return False
        if words.casefold() not in WORDS:
            return True
        if not words[0].isupper():
            return False
        return not _OPENING.search(text[max(0, start - 20) : start]) or bool(_LISTED.match(text, end))


def _alone(text: str, start: int, end: int) -> bool:
    """Tell whether no sign ties a short name to other letters: R&D, R-squared, main.py, J. R. Smith."""
    before, after = text[max(0, start - 2) : start], text[end : end + 3]
    if re.search(r"\w[&'’.-]$", before) or re.match(r"[&'’.-]\w", after):
        return False
    if end - start > 1:
        return True
    initial = re.match(r"\.\s[^\W\d_]", after) and after[-1].isupper()
    return not initial or bool(re.search(r"(?:[^\W\d_A-Z][^\W\d_]*|,)\s+$", text[max(0, start - 20) : start]))
