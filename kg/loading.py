"""From files to quads, and from files to a store: everything a path may be, as one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from kg.borrowing import ShippedNames, undefined
from kg.errors import BadInput, Fault
from kg.quads import to_quads
from kg.sources.documents import Document, read_documents
from kg.sources.facts import places, read_facts
from kg.sources.rdf import FORMATS, read_rdf
from kg.sources.table import read_table
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Gathered", "Loaded", "gather", "load"]

_YAML = (".yaml", ".yml")
_TABLES = (".csv", ".tsv")


class Loaded(NamedTuple):
    """What a load did: paths read, quads read, quads in the store afterwards."""

    paths: int
    read: int
    total: int


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


def _sort_out(paths: Iterable[Path]) -> tuple[list[Path], list[Path], list[Path]]:
    """Split paths into facts (files or folders of YAML), tables and RDF files; what is none of them is a fault."""
    facts, tables, rdf, faults = [], [], [], []
    for path in paths:
        if not path.exists():
            faults.append(Fault(str(path), 0, "", "does not exist.", "Check the path."))
        elif path.is_dir():
            files = [p for p in sorted(path.rglob("*")) if p.is_file()]
            rdf += [p for p in files if p.suffix in FORMATS]
            tables += [p for p in files if p.suffix in _TABLES]
            if any(p.suffix in _YAML for p in files):
                facts.append(path)
            elif not any(p.suffix in (*FORMATS, *_TABLES) for p in files):
                faults.append(
                    Fault(str(path), 0, "", "holds no facts, tables or RDF.", f"`kg init {path}` writes an example.")
                )
        elif path.suffix in _YAML:
            facts.append(path)
        elif path.suffix in _TABLES:
            tables.append(path)
        elif path.suffix in FORMATS:
            rdf.append(path)
        else:
            known = ", ".join(sorted([*_YAML, *_TABLES, *FORMATS]))
            faults.append(Fault(str(path), 0, "", f'has an unknown ending "{path.suffix}".', f"Known are {known}."))
    if faults:
        raise BadInput("What was given", faults)
    return facts, tables, rdf


def gather(paths: Sequence[Path]) -> Gathered:
    """Return what files and folders hold, read as one.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    facts, tables, rdf = _sort_out(paths)
    shipped = ShippedNames()
    quads: dict[Quad, None] = {}
    documents: list[Document] = []
    faults: list[Fault] = []
    digests: list[str] = []
    where: dict[str, tuple[str, int]] = {}
    for path in rdf:
        try:
            data = path.read_bytes()
            digests.append(sha256(data).hexdigest())
            read = dict.fromkeys(read_rdf(path, data))
            quads.update(read)
            where |= {quad.subject.value: (str(path), 0) for quad in read if isinstance(quad.subject, NamedNode)}
        except OSError as error:
            faults.append(Fault(str(path), 0, "", f"cannot be read: {error.strerror}.", "Check its rights."))
        except BadInput as error:
            faults += error.faults
    for path in tables:
        try:
            documents.append(read_table(path, known=shipped.by_name))
        except BadInput as error:
            faults += error.faults
    try:
        documents += read_documents(facts)
    except BadInput as error:
        faults += error.faults or (Fault("", 0, "", str(error)),)
    if not faults and documents:
        digests += [sha256(repr(document.data).encode()).hexdigest() for document in documents]
        try:
            quads.update(dict.fromkeys(to_quads(read_facts(documents, known=shipped.ids))))
        except BadInput as error:
            faults += error.faults or (Fault("", 0, "", str(error)),)
    if faults:
        files = {fault.file for fault in faults}
        raise BadInput(next(iter(files)) if len(files) == 1 else f"{len(files)} files", faults)
    borrowed = tuple(shipped.describe(undefined(quads))) if documents else ()
    return Gathered(tuple(quads), borrowed, where | places(documents), sha256("".join(digests).encode()).hexdigest())


def load(paths: Iterable[str | Path], *, into: str | Path) -> Loaded:
    """Load files into a store folder, all or nothing.

    Parameters
    ----------
    paths
        RDF files, facts files, tables, and folders of them, in any order.
    into
        The store folder; made if it does not exist. What it holds stays.

    Raises
    ------
    BadInput
        A file has faults; all are listed and the store is as it was.
    StoreError
        The folder is no store or cannot be written; it is as it was.

    Examples
    --------
    >>> import kg, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     loaded = kg.load([kg.data_path("ontology/kg.ttl")], into=folder + "/store")
    ...     loaded.paths, loaded.read == loaded.total
    (1, True)
    """
    given = [Path(path) for path in paths]
    gathered = gather(given)
    store = OxigraphStore(Path(into))
    try:
        store.add((*gathered.quads, *gathered.borrowed))
        return Loaded(len(given), len(gathered.quads), len(store))
    finally:
        store.close()
