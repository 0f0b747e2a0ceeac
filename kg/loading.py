"""From files to a store: everything a path may be, as one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Quad

from kg.errors import BadInput, Fault
from kg.sources.rdf import FORMATS, read_rdf
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Loaded", "load", "read_quads"]

_YAML = (".yaml", ".yml")


class Loaded(NamedTuple):
    """What a load did: files read, quads read, quads in the store afterwards."""

    files: int
    read: int
    total: int


def _gather(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Split paths into facts (files or folders of YAML) and RDF files; what is neither is a fault."""
    facts, rdf, faults = [], [], []
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.suffix in FORMATS and p.is_file()]
            has_facts = any(p.suffix in _YAML for p in path.rglob("*"))
            rdf += inside
            if has_facts or not inside:
                facts.append(path)
        elif path.suffix in _YAML:
            facts.append(path)
        elif path.suffix in FORMATS:
            rdf.append(path)
        elif not path.exists():
            faults.append(Fault(str(path), 0, "", "does not exist.", "Check the path."))
        else:
            known = ", ".join(sorted([*_YAML, *FORMATS]))
            faults.append(Fault(str(path), 0, "", f'has an unknown ending "{path.suffix}".', f"Known are {known}."))
    if faults:
        raise BadInput("What was given", faults)
    return facts, rdf


def read_quads(paths: Sequence[Path]) -> tuple[list[Quad], str]:
    """Return the quads of files and folders, and a SHA-256 over their content.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    facts, rdf = _gather(paths)
    quads: list[Quad] = []
    faults: list[Fault] = []
    digests: list[str] = []
    for path in rdf:
        try:
            data = path.read_bytes()
            digests.append(sha256(data).hexdigest())
            quads += read_rdf(path, data)
        except OSError as error:
            faults.append(Fault(str(path), 0, "", f"cannot be read: {error.strerror}.", "Check its rights."))
        except BadInput as error:
            faults += error.faults
    if facts:
        from kg.quads import to_quads
        from kg.sources.documents import read_documents
        from kg.sources.facts import read_facts

        try:
            documents = read_documents(facts)
            digests += [sha256(repr(document.data).encode()).hexdigest() for document in documents]
            quads += to_quads(read_facts(documents))
        except BadInput as error:
            faults += error.faults
            if not error.faults:
                raise
    if faults:
        raise BadInput(f"{len({fault.file for fault in faults})} file(s)", faults)
    return quads, sha256("".join(digests).encode()).hexdigest()


def load(paths: Iterable[str | Path], *, into: str | Path) -> Loaded:
    """Load files into a store folder, all or nothing.

    Parameters
    ----------
    paths
        RDF files, facts files, and folders of either, in any order.
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
    ...     loaded.files, loaded.read == loaded.total
    (1, True)
    """
    given = [Path(path) for path in paths]
    quads, _ = read_quads(given)
    store = OxigraphStore(Path(into))
    try:
        store.add(quads)
        return Loaded(len(given), len(set(quads)), len(store))
    finally:
        store.close()
