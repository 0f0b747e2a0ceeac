"""What an importer counted while it read: rows, claims, rows left out and why, labels that mean several things.

An importer is a generator of statements and knows no report; it is handed a `Tally` and notes on it what the statements
cannot say. Only the first few places of each reason are kept, so that a file of a million bad rows costs no memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["FileTally", "Tally", "trimmed"]

#: Of each reason to leave a row out, so many lines are named.
PLACES = 5

_ODD = {ord(char): " " for char in "\u00a0\u1680\u2007\u202f\u205f\u3000\t\n\r\v\f"}
_ODD |= dict.fromkeys(map(ord, "\u200b\u2060\ufeff"), "")


def trimmed(text: str) -> str:
    r"""Return a label without outer spaces, its inner runs of spaces, non-breaking ones too, as single spaces.

    Examples
    --------
    >>> trimmed(" data\u00a0 scientist ")
    'data scientist'
    """
    return " ".join(text.translate(_ODD).split())


@dataclass
class FileTally:
    """What was counted in one file.

    Attributes
    ----------
    name, content
        The file as the user knows it, and what it was read as; without content it was not read.
    rows, statements
        Rows read, and statements made of them.
    skipped, lines
        Rows left out by reason, and the first lines of each reason.
    noted
        What was mended or found odd while the row was kept, by what it was.
    """

    name: str
    content: str = ""
    rows: int = 0
    statements: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def skip(self, line: int, reason: str) -> None:
        """Note a row that was left out."""
        self.skipped[reason] += 1
        self._place(line, reason)

    def note(self, line: int, what: str) -> None:
        """Note something about a row that was kept."""
        self.noted[what] += 1
        self._place(line, what)

    def _place(self, line: int, what: str) -> None:
        places = self.lines[what]
        if line and len(places) < PLACES:
            places.append(line)

    def label(self, line: int, text: str) -> str:
        """Return a label cleaned, and count it where it had to be."""
        cleaned = trimmed(text)
        if cleaned != text:
            self.note(line, "labels with outer, doubled or non-breaking spaces, mended")
        return cleaned


@dataclass
class Tally:
    """What was counted in a whole load.

    Attributes
    ----------
    watch
        Called with the name of each file as it is begun.
    collapsed
        Mappings that put several things on one: (relation, IRI of the one, labels of the several).
    """

    files: list[FileTally] = field(default_factory=list)
    watch: Callable[[str], None] | None = None
    remarks: list[str] = field(default_factory=list)
    collapsed: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    _meanings: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    _several: dict[tuple[str, str], set[str]] = field(default_factory=dict, repr=False)
    _shown: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def file(self, name: str, content: str = "") -> FileTally:
        """Return the tally of a file, new at the first call."""
        found = FileTally(name, content)
        self.files.append(found)
        if self.watch:
            self.watch(name)
        return found

    def meaning(self, kind: str, label: str, iri: str) -> None:
        """Note that a label names a node, so that labels of several nodes come to light."""
        key = kind, label.casefold()
        first = self._meanings.setdefault(key, iri)
        if first != iri:
            self._several.setdefault(key, {first}).add(iri)
            self._shown.setdefault(key, label)

    def ambiguous(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield labels that name several nodes of a kind, as (kind, label, IRIs), those of most nodes first."""
        found = sorted(self._several.items(), key=lambda item: (-len(item[1]), item[0]))
        for key, iris in found:
            yield key[0], self._shown[key], tuple(sorted(iris))
