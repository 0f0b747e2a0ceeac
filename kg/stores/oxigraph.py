"""The embedded default: Oxigraph, in memory or in a folder.

A store folder is ``FOLDER/<generation>/`` beside a file ``current`` that names the generation to read. A write copies
the current generation (hard links, so it is quick), adds to the copy, and moves the pointer last. A process that is
killed on the way leaves the pointer, and with it the old content, untouched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Triple
from pyoxigraph import Store as Engine

from kg.errors import QueryError, StoreError
from kg.stores.port import Table

__all__ = ["OxigraphStore", "is_store_folder"]

_POINTER = "current"


def is_store_folder(folder: Path) -> bool:
    """Whether the folder holds a store written by career-kg."""
    return (folder / _POINTER).is_file()


class OxigraphStore:
    """A store on Oxigraph: in memory without a folder, else in that folder.

    Parameters
    ----------
    folder
        Where the store lives; made if it does not exist. Without one the store lives in memory.

    Raises
    ------
    StoreError
        The folder holds something that is no store, or cannot be read or written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._engine = Engine() if folder is None else _open_current(folder)

    @classmethod
    def parse(cls, data: bytes, name: str) -> OxigraphStore:
        """Return a store in memory with the content of an RDF file; `name` tells its syntax by its ending.

        Raises
        ------
        StoreError
            The data is not in that syntax.
        """
        store = cls()
        try:
            store._engine.bulk_load(data, format=RdfFormat.from_extension(name.rpartition(".")[2]))
        except SyntaxError as error:
            raise StoreError(f"{name} cannot be parsed: {error}. Install career-kg anew.") from None
        return store

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""
        found = self._run(query)
        if not isinstance(found, QuerySolutions):
            raise QueryError("This query returns no table. A table comes from SELECT; ask for one.")
        names = tuple(variable.value for variable in found.variables)
        return Table(names, tuple(tuple(row[name] for name in names) for row in found))

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once."""
        found = self._run(query)
        if not isinstance(found, QueryTriples):
            raise QueryError("This query returns no triples. Triples come from CONSTRUCT or DESCRIBE; ask for them.")
        return tuple(dict.fromkeys(found))

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        found = self._run(query)
        if not isinstance(found, QueryBoolean):
            raise QueryError("This query returns neither yes nor no. Those come from ASK; ask so.")
        return bool(found)

    def _run(self, query: str) -> QuerySolutions | QueryTriples | QueryBoolean:
        try:
            return self._engine.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"This SPARQL query cannot be parsed: {error}.") from None
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The store at {self.folder or 'memory'} cannot be read: {error}.") from error

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, all or nothing; on disk as a new generation that replaces the old one at the end."""
        if self.folder is None:
            self._engine.extend(list(quads))
            return
        self._engine = _write_generation(self.folder, self._engine, quads)

    def quads(self) -> Iterator[Quad]:
        """Yield every quad once."""
        yield from self._engine

    def __len__(self) -> int:
        return len(self._engine)

    def close(self) -> None:
        """Let go of the files."""
        del self._engine


def _open_current(folder: Path) -> Engine:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file, not a store folder. Name a folder, or give the file to `kg load`.")
    if not is_store_folder(folder):
        if folder.is_dir() and any(folder.iterdir()):
            raise StoreError(
                f"{folder} is a folder but no store: it has no `{_POINTER}` file. "
                "Name a store made by `kg load … --into FOLDER`, or an empty or new folder."
            )
        return Engine()
    try:
        generation = (folder / _POINTER).read_text(encoding="utf-8").strip()
        return Engine.read_only(str(folder / generation))
    except (OSError, RuntimeError, UnicodeDecodeError) as error:
        raise StoreError(f"The store in {folder} cannot be opened: {error}. Load it anew with `kg load`.") from error


def _write_generation(folder: Path, engine: Engine, quads: Iterable[Quad]) -> Engine:
    """Write the engine's content and the new quads as a generation of its own, then point to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = (folder / _POINTER).read_text(encoding="utf-8").strip() if is_store_folder(folder) else ""
        number = 1 + max((int(path.name) for path in folder.iterdir() if path.name.isdigit()), default=0)
        fresh = folder / f"{number:06d}"
        try:
            if old:
                engine.backup(str(fresh))
            writer = Engine(str(fresh))
            writer.bulk_extend(quads)
            writer.flush()
            del writer
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        pointer = folder / f"{_POINTER}.{number:06d}"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(fresh.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(folder / _POINTER)
    except OSError as error:
        raise StoreError(f"The store in {folder} cannot be written: {error}. It holds what it held before.") from error
    for path in folder.iterdir():
        if path.name.isdigit() and path.name != fresh.name:
            shutil.rmtree(path, ignore_errors=True)
    return Engine.read_only(str(fresh))
