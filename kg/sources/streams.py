"""What reads each file that was recognised: one list, whether the quads go to memory or to a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from pyoxigraph import Quad

from kg.model.quads import statement_lines, to_quads
from kg.model.statements import Statement
from kg.sources.esco import read_esco
from kg.sources.exported import read_exported
from kg.sources.mapped import read_mapped
from kg.sources.members import Member
from kg.sources.onet import read_onet
from kg.sources.rdf import read_rdf
from kg.sources.recognising import Recognised
from kg.sources.tally import Tally

__all__ = ["OfQuads", "OfStatements", "files", "frameworks"]


class OfQuads(NamedTuple):
    """A file that holds quads already; what it is, as a report says."""

    member: Member
    what: str
    read: Callable[[], Iterator[Quad]]

    def quads(self) -> Iterator[Quad]:
        """Return its quads, as they are read."""
        return self.read()


class OfStatements(NamedTuple):
    """A file that becomes statements; its reader notes on the tally what it leaves out."""

    member: Member | None
    read: Callable[[], Iterator[Statement]]

    def quads(self) -> Iterator[Quad]:
        """Return its quads, as they are read."""
        return to_quads(self.read())

    def lines(self) -> Iterator[str]:
        """Return its N-Quads, whole lines at a time."""
        return map(statement_lines, self.read())


def files(found: Recognised, tally: Tally | None = None) -> Iterator[OfQuads | OfStatements]:
    """Yield what reads each file that is read by itself; nothing is read before it is asked to."""
    for table, mapping in found.mapped:
        yield OfStatements(table, partial(read_mapped, table, mapping, tally=tally))
    for member, importer in found.imported:
        yield OfStatements(member, partial(importer.read, member, tally=tally))
    for manifest in found.exported:
        yield OfQuads(manifest, "exported folder", partial(read_exported, manifest))
    for member in found.rdf:
        yield OfQuads(member, "RDF", partial(read_rdf, member))


def frameworks(found: Recognised, tally: Tally) -> Iterator[OfStatements]:
    """Yield what reads each framework of several files, which goes to a store only."""
    for release in sorted(found.esco):
        yield OfStatements(None, partial(read_esco, found.esco[release], tally=tally))
    for folder in sorted(found.onet):
        if members := found.onet[folder].files:
            yield OfStatements(None, partial(read_onet, members, read_me=found.onet[folder].read_me, tally=tally))
