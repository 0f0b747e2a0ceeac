"""Importers of one file each: what a file in a format is known by, and what reads it.

Frameworks of several files (ESCO, O*NET) and tables with a mapping have readers of their own; whatever comes as one
file joins `IMPORTERS` with two functions and a line, and `kg load`, `--graph` and `kg check` read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from kg.model.statements import Statement
from kg.sources.cert_atlas import is_record, read_record
from kg.sources.members import Member
from kg.sources.sssom import is_sssom, read_set
from kg.sources.tally import Tally

__all__ = ["IMPORTERS", "Importer", "importer_of"]


class Read(Protocol):
    """Yield the statements of a file, its source described among them; note on the tally what was left out."""

    def __call__(self, member: Member, *, tally: Tally | None = None) -> Iterator[Statement]:
        """Return the statements; `BadInput` with every fault, by line."""


class Importer(NamedTuple):
    """A format of one file.

    Attributes
    ----------
    endings
        In lower case, with the dot.
    is_one
        Whether a file with such an ending is in this format; looks at its start, and raises nothing.
    """

    endings: tuple[str, ...]
    is_one: Callable[[Member], bool]
    read: Read


IMPORTERS = (
    # the most particular first
    Importer((".tsv",), is_sssom, read_set),
    Importer((".json",), is_record, read_record),
)


def importer_of(member: Member) -> Importer | None:
    """Return what reads a file; None where it is in none of these formats."""
    return next((one for one in IMPORTERS if member.suffix in one.endings and one.is_one(member)), None)
