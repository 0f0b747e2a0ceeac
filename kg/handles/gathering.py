"""Files small enough to hold in memory become quads: facts, tables and RDF that a question is asked of directly."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from kg.handles.borrowing import ShippedNames, undefined
from kg.model.errors import BadInput, Fault, Faults
from kg.model.quads import to_quads
from kg.sources.distinguishing import distinguish
from kg.sources.documents import Document, read_documents
from kg.sources.exported import is_exported, sum_of
from kg.sources.facts import places, read_facts
from kg.sources.members import Member
from kg.sources.recognising import recognise
from kg.sources.streams import files
from kg.sources.table import read_table

__all__ = ["Gathered", "gather"]


class Gathered(NamedTuple):
    """What files hold.

    Attributes
    ----------
    quads
        What the files say, each quad once.
    borrowed
        Names and classes of what they name without defining it, from the shipped dataset.
    places
        File and line by IRI; of what stands in RDF files only the file is known, and the line is 0.
    sha256
        Checksum over the content of the files.
    """

    quads: tuple[Quad, ...]
    borrowed: tuple[Quad, ...]
    places: dict[str, tuple[str, int]]
    sha256: str


def gather(paths: Sequence[Path], *, beside: Sequence[Member] = ()) -> Gathered:
    """Return what files and folders hold, read as one.

    Parameters
    ----------
    beside
        Files that are read beside these, from which they are to be told apart.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    found = recognise(paths)
    if found.esco or found.onet:
        fix = "Load it once: `kg load … --into FOLDER`; then ask the folder."
        archives = sorted({str(file.path) for file in found.frameworks})
        raise BadInput("What was given", [Fault(name, 0, "", "is a whole framework.", fix) for name in archives])
    distinguish(found, beside=beside)
    shipped = ShippedNames()
    quads: dict[Quad, None] = {}
    documents: list[Document] = []
    faults = Faults()
    digests: list[str] = []
    where: dict[str, tuple[str, int]] = {}
    for file in files(found):
        if (member := file.member) is not None:
            with faults.kept():
                read = dict.fromkeys(file.quads())
                digests.append(sum_of(member) if is_exported(member) else member.sha256())
                quads.update(read)
                where |= {quad.subject.value: (member.name, 0) for quad in read if isinstance(quad.subject, NamedNode)}
    for path in found.tables:
        with faults.kept():
            documents.append(read_table(path, known=shipped.by_name))
    with faults.kept():
        documents += read_documents(found.facts)
    if not faults.found and documents:
        digests += [sha256(repr(document.data).encode()).hexdigest() for document in documents]
        with faults.kept():
            quads.update(dict.fromkeys(to_quads(read_facts(documents, known=shipped.ids))))
    faults.tell()
    borrowed = tuple(shipped.describe(undefined(quads))) if documents else ()
    return Gathered(tuple(quads), borrowed, where | places(documents), sha256("".join(digests).encode()).hexdigest())
