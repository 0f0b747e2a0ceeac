"""The words of SPARQL: what is a string, a comment, an IRI, a name. Everything that reads a query's text reads it so.

A SPARQL parser is not needed for what is asked here, only a text without what could mislead. What is refused is judged
by the engine's own parser (`kg.stores.outward`), never by these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Word", "blanked", "names_its_graphs", "whole_word", "words"]

_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_COMMENT = r"\#[^\r\n]*"
_STRING = r"""\"{3}(?:\\.|(?!\"{3}).)*\"{3}|'{3}(?:\\.|(?!'{3}).)*'{3}|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'"""
_WORD = re.compile(
    rf"""(?P<space>\s+|{_COMMENT})
    |(?P<iri>{_IRI})
    |(?P<string>{_STRING})
    |(?P<variable>[?$]\w+)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<blank>_:\w(?:[\w.-]*[\w-])?)
    |(?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:-]|%[0-9A-Fa-f]{{2}}|\\.)(?:\.*(?:[\w:-]|%[0-9A-Fa-f]{{2}}|\\.)+)*)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<number>[0-9.][\w.]*)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_MISLEADING = re.compile(f"{_IRI}|{_COMMENT}|{_STRING}", re.DOTALL)


class Word(NamedTuple):
    """A word of a query: its kind (the groups of the pattern above), its text, and where it begins."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the word ends."""
        return self.start + len(self.text)


def words(text: str) -> Iterator[Word]:
    """Yield the words of SPARQL text, without spaces and comments.

    Examples
    --------
    >>> [word.text for word in words("ASK { ?a kg:uses 'SERVICE' } # why")]
    ['ASK', '{', '?a', 'kg:uses', "'SERVICE'", '}']
    """
    for match in _WORD.finditer(text):
        if match.lastgroup and match.lastgroup != "space":
            yield Word(match.lastgroup, match.group(), match.start())


def blanked(query: str) -> str:
    """Return the query with strings, comments and the inside of IRIs blanked out, every character in its place.

    Examples
    --------
    >>> blanked("ASK { <a:b> ?p 'FROM' } # LIMIT")
    "ASK { <___> ?p '____' }        "
    """

    def blank(match: re.Match[str]) -> str:
        text = match[0]
        if text[0] == "<":
            return f"<{'_' * (len(text) - 2)}>"
        return " " * len(text) if text[0] == "#" else "'" + "_" * (len(text) - 2) + "'"

    return _MISLEADING.sub(blank, query)


def whole_word(pattern: str) -> re.Pattern[str]:
    """Return what finds a keyword in a blanked query: no part of a name or a variable."""
    return re.compile(rf"(?<![\w?$:@.-])(?:{pattern})(?![\w:.-])", re.IGNORECASE)


_FROM = re.compile(r"(?<![\w?$:@.-])FROM\s*(?:NAMED\s*)?(?:<|(?<=\s)[\w.-]*:)", re.IGNORECASE)


def names_its_graphs(query: str) -> bool:
    """Whether a query has a FROM clause."""
    return _FROM.search(blanked(query)) is not None
