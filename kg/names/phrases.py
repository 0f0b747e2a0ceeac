"""What a list of skills says beside a name: how well it is mastered, and for how long.

People write *some SQL*, *SQL (advanced)*, *Java – 5 years*, *Python=Working*. What is beside the name is taken off and
kept as it is written; what a word such as *advanced* is worth on a scale says `kg.careers.levels`. Nothing is looked up
here, so that a name which itself has such a word in it (*Programming fundamentals*) is to be looked for first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.model.scales import LADDER

__all__ = ["FILLERS", "Phrase", "Segment", "level_alone", "phrase", "segments", "without_comment"]

_LEVEL = rf"(?:very\s+)?(?P<level>{'|'.join(sorted(LADDER, key=len, reverse=True))})(?:[\s-]+level)?"
_YEARS = (
    r"(?:over|more than|at least|about|ca\.?|approx\.?|>|~)?\s*(?P<years>\d{1,2}(?:[.,]\d)?)"
    r"\s*\+?\s*(?:years?|yrs?\.?|y)(?:['’]s?)?"
)
_OF = r"(?:\s+(?:of|in|with|at|using|knowledge|experience|understanding|skills?|command|hands-on|practical|working))*"
_PREFIX = re.compile(rf"(?:{_LEVEL}|{_YEARS}){_OF}\s+(?=\S)", re.IGNORECASE)
_BRACKET = re.compile(r"\s*[(\[](?P<inner>[^()\[\]]*)[)\]]\s*$")
_SUFFIX = re.compile(
    rf"(?:\s*[-–—:=]\s*|\s+)(?:{_LEVEL}|{_YEARS})"
    r"(?:\s+(?:knowledge|experience|of experience|user|skills?|in use))?\s*$",
    re.IGNORECASE,
)
_ONLY = re.compile(
    rf"\s*(?:{_LEVEL}|{_YEARS})(?:\s+(?:of\s+)?(?:knowledge|experience|user|skills?))?\s*", re.IGNORECASE
)
_FILLERS = """
a an and the i have had has with in of on for to my am is are be been using use used uses user knowledge experience
experienced experiences skills skill work worked works working know knows knowing hands-on practical daily also
including e.g. etc such as well various other tools tool technologies technology software programming language
languages development certified certification certificate certifications in-depth understanding command years year
yrs & + plus both can or
"""
#: Words beside a name that say nothing of it.
FILLERS = frozenset(_FILLERS.split())


class Phrase(NamedTuple):
    """A name without what stands beside it, and what that says."""

    name: str
    level: str = ""
    years: float | None = None


class Segment(NamedTuple):
    """A piece of a line, and where it begins and ends in it."""

    start: int
    end: int
    words: str


def phrase(words: str) -> Phrase:
    """Return the name in what is written, and how well and how long it is used, where that is said.

    Examples
    --------
    >>> phrase("some SQL"), phrase("SQL (advanced, 5 years)")
    (Phrase(name='SQL', level='some', years=None), Phrase(name='SQL', level='advanced', years=5.0))
    >>> phrase("5+ years of experience in Java"), phrase("Git")
    (Phrase(name='Java', level='', years=5.0), Phrase(name='Git', level='', years=None))
    """
    name, level, years = " ".join(words.split()), "", None
    if bracket := _BRACKET.search(name):
        inside = [_ONLY.fullmatch(part) for part in re.split("[,;/]", bracket["inner"])]
        if all(inside):
            name = name[: bracket.start()]
            for part in filter(None, inside):
                level, years = part["level"] or level, _number(part["years"]) or years
    for _ in range(3):
        found = _PREFIX.match(name)
        if found:
            name = name[found.end() :]
        elif found := _SUFFIX.search(name):
            name = name[: found.start()]
        else:
            break
        level, years = level or found["level"] or "", years or _number(found["years"])
    return Phrase(name.strip(), level, years)


def level_alone(words: str) -> Phrase | None:
    """Return what is said of the name before, where these words are no name but how well or how long.

    Examples
    --------
    >>> level_alone("5 years"), level_alone("Java")
    (Phrase(name='', level='', years=5.0), None)
    """
    found = _ONLY.fullmatch(words)
    return Phrase("", found["level"] or "", _number(found["years"])) if found else None


def _number(text: str | None) -> float | None:
    return float(text.replace(",", ".")) if text else None


_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BULLET = re.compile(r"\s*(?:[-*+•·▪◦–—]\s+|\(?\d{1,3}[.)]\s+)?")
_LABEL = re.compile(r"(?P<label>[^\W\d][\w &/'-]{0,40}?)\s*:\s+(?=\S)")
_BETWEEN = re.compile(r"[,;|•·\t▪◦]")


def without_comment(line: str) -> str:
    """Return a line without what stands behind a ``#`` that opens it, or follows a space: not that of C#."""
    return _COMMENT.sub("", line)


def segments(line: str) -> Iterator[Segment]:
    """Yield the pieces of a line of a list, which commas, semicolons, bars and bullets divide; brackets hold together.

    Examples
    --------
    >>> [piece.words for piece in segments("- Languages: Java, SQL (basic, 2 years); C#")]
    ['Java', 'SQL (basic, 2 years)', 'C#']
    """
    bullet = _BULLET.match(line)
    at = bullet.end() if bullet else 0
    label = _LABEL.match(line, at)
    if label and not level_alone(_BETWEEN.split(line[label.end() :])[0]):
        at = label.end()
    depth, begin = 0, at
    for place in range(at, len(line) + 1):
        char = line[place] if place < len(line) else ","
        depth += (char in "([") - (char in ")]" and depth > 0)
        if place == len(line) or (not depth and _BETWEEN.match(line, place) and not _of_number(line, place)):
            words = line[begin:place]
            if words.strip(" .\t"):
                start = begin + len(words) - len(words.lstrip())
                yield Segment(start, start + len(words.strip()), words.strip())
            begin = place + 1


def _of_number(line: str, place: int) -> bool:
    """Whether a comma stands within a number."""
    return line[place] == "," and line[place - 1 : place].isdigit() and line[place + 1 : place + 2].isdigit()
