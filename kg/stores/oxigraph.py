"""The embedded default: Oxigraph, in memory or in a folder.

A store folder is ``FOLDER/generation-…/`` beside a file ``current`` that names the generation to read. A write copies
the current generation (hard links, so it is quick), adds to the copy, and moves the pointer last. A process that is
killed on the way leaves the pointer, and with it the old content, untouched; the next write clears away the rest. Two
writers never meet: the second is told to wait.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Triple
from pyoxigraph import Store as Engine

from kg.errors import QueryError, StoreError
from kg.stores.port import Table

__all__ = ["OxigraphStore", "is_store_folder"]

_POINTER = "current"
_GENERATION = "generation-"
_LOCK = "lock"


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
        self.revision = 0  #: counts the writes made through this object
        self.origin: Path | None = None  #: the file that `read` read, as long as nothing was added
        self.generation: Path | None = None  #: the folder of the generation that is read; None in memory
        self._engine = Engine() if folder is None else self._open(folder)

    def _open(self, folder: Path) -> Engine:
        """Open the generation pointed to, and note which that is; a writer may replace it on the way."""
        while True:
            self.generation = _generation(folder)
            engine = _open_current(folder)
            if self.generation == _generation(folder):
                return engine

    @classmethod
    def read(cls, path: Path) -> OxigraphStore:
        """Return a store in memory with the content of an RDF file of ours, its syntax told by its ending.

        Raises
        ------
        StoreError
            The data is not in that syntax.
        """
        store = cls()
        try:
            store._engine.bulk_load(path=str(path), format=RdfFormat.from_extension(path.suffix[1:]))
        except (OSError, SyntaxError) as error:
            raise StoreError(f"{path} cannot be read: {error}. Install career-kg anew.") from None
        store.origin = path
        return store

    @classmethod
    def copy(cls, nquads: bytes) -> OxigraphStore:
        """Return a store in memory with the quads that `dump` wrote."""
        store = cls()
        store._engine.bulk_load(nquads, RdfFormat.N_QUADS)
        return store

    def dump(self) -> bytes:
        """Return every quad as N-Quads, for another process to `copy`."""
        return self._engine.dump(format=RdfFormat.N_QUADS) or b""

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""
        with self._reading():
            found = self.run(query)
            if not isinstance(found, QuerySolutions):
                raise QueryError("This query returns no table. A table comes from SELECT; ask for one.")
            names = tuple(variable.value for variable in found.variables)
            return Table(names, tuple(tuple(row) for row in found))

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once."""
        with self._reading():
            found = self.run(query)
            if not isinstance(found, QueryTriples):
                raise QueryError(
                    "This query returns no triples. Triples come from CONSTRUCT or DESCRIBE; ask for them."
                )
            return tuple(dict.fromkeys(found))

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        with self._reading():
            found = self.run(query)
            if not isinstance(found, QueryBoolean):
                raise QueryError("This query returns neither yes nor no. Those come from ASK; ask so.")
            return bool(found)

    def run(
        self,
        query: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        default_graph: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryTriples | QueryBoolean:
        """Return the engine's own result, whose rows are computed as they are read.

        Parameters
        ----------
        query
            SPARQL of any of the four forms.
        prefixes
            Prefixes known without being declared.
        default_graph, named_graphs
            The graphs to read, over those that the query names by FROM: None for all of them, an empty list for none.

        Raises
        ------
        SyntaxError, RuntimeError, OSError
            As the engine raises them; `select`, `construct` and `ask` say them in our words.
        """
        known = None if prefixes is None else dict(prefixes)
        if default_graph is None and named_graphs is None:
            return self._engine.query(query, prefixes=known, use_default_graph_as_union=not _names_its_graphs(query))
        return self._engine.query(
            query, prefixes=known, default_graph=[*(default_graph or ())], named_graphs=[*(named_graphs or ())]
        )

    def update(self, text: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Change the quads by a SPARQL Update, all or nothing; on disk as a new generation.

        Raises
        ------
        SyntaxError, RuntimeError, OSError
            As the engine raises them; the store is then as it was.
        StoreError
            Another process is writing.
        """

        def change(writer: Engine) -> None:
            writer.update(text, prefixes=None if prefixes is None else dict(prefixes))

        self.revision, self.origin = self.revision + 1, None
        if self.folder is None:
            change(self._engine)
            return
        with _writing(self.folder):
            self._engine = _write_generation(self.folder, _open_current(self.folder), change)
            self.generation = _generation(self.folder)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say in our words what goes wrong while a query runs, which may be as late as its last row."""
        try:
            yield
        except SyntaxError as error:
            raise QueryError(f"This SPARQL query cannot be parsed: {_in_short(error)}.") from None
        except RuntimeError as error:
            raise QueryError(f"This SPARQL query cannot be run: {error}.") from error
        except OSError as error:
            raise StoreError(f"The store at {self.folder or 'memory'} cannot be read: {error}.") from error

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, all or nothing; on disk as a new generation that replaces the old one at the end."""
        self.revision, self.origin = self.revision + 1, None
        if self.folder is None:
            self._engine.extend(list(quads))
            return
        with _writing(self.folder):
            self._engine = _write_generation(
                self.folder, _open_current(self.folder), lambda writer: writer.bulk_extend(quads)
            )
            self.generation = _generation(self.folder)

    def load(self, chunks: Iterable[bytes]) -> None:
        """Add quads written as N-Quads, in chunks of whole lines, all or nothing as `add`.

        The engine takes one chunk in while the next is made, so that two of them are in memory at a time. It does not
        check IRIs again: whoever wrote the lines has.
        """
        from concurrent.futures import ThreadPoolExecutor

        self.revision, self.origin = self.revision + 1, None

        def change(writer: Engine) -> None:
            with ThreadPoolExecutor(1) as worker:
                taken = None
                for chunk in chunks:
                    if taken:
                        taken.result()
                    taken = worker.submit(writer.bulk_load, chunk, RdfFormat.N_QUADS, lenient=True)
                if taken:
                    taken.result()

        if self.folder is None:
            change(self._engine)
            return
        with _writing(self.folder):
            self._engine = _write_generation(self.folder, _open_current(self.folder), change)
            self.generation = _generation(self.folder)

    def backup(self, path: Path) -> None:
        """Copy the files of a store on disk, by hard links where the disk is the same.

        Raises
        ------
        OSError
            They cannot be written there.
        """
        self._engine.backup(str(path))

    def quads(self) -> Iterator[Quad]:
        """Yield every quad once."""
        yield from self._engine

    def __len__(self) -> int:
        return len(self._engine)

    def close(self) -> None:
        """Let go of the files."""
        del self._engine


def _in_short(error: SyntaxError) -> str:
    """Return where a query breaks off, without the list of every character that could stand there."""
    place, _, expected = str(error).partition(": expected ")
    if "Prefix not found" in expected:
        return f"{place}: a prefix is used that is not declared"
    return f"{place}: {expected} was expected" if 0 < len(expected) < 40 else place


#: What may hold the word FROM without meaning it: strings and comments; and IRIs, which are kept short.
_NO_WORDS = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\s]*>)|\#[^\n]*|\"{3}(?:\\.|(?!\"{3}).)*\"{3}|'{3}(?:\\.|(?!'{3}).)*'{3}"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""",
    re.DOTALL,
)
_FROM = re.compile(r"(?<![\w?$:@.-])FROM\s*(?:NAMED\s*)?(?:<>|(?<=\s)[\w.-]*:)", re.IGNORECASE)


def _names_its_graphs(query: str) -> bool:
    """Whether a query has a FROM clause, which the engine passes over where the default graph is the union."""
    return _FROM.search(_NO_WORDS.sub(lambda match: "<>" if match["iri"] else " ", query)) is not None


def _open_current(folder: Path) -> Engine:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file, not a store folder. Name a folder, or give the file to `kg load`.")
    generation = ""
    try:
        if not is_store_folder(folder):
            if folder.is_dir() and not all(map(_is_leftover, folder.iterdir())):
                raise StoreError(
                    f"{folder} is a folder but no store: it has no `{_POINTER}` file. "
                    "Name a store made by `kg load … --into FOLDER`, or an empty or new folder."
                )
            return Engine()
        generation = _pointed_to(folder)
        return Engine.read_only(str(folder / generation))
    except StoreError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        if generation and is_store_folder(folder) and _pointed_to(folder) != generation:
            return _open_current(folder)  # a writer has just replaced it
        raise StoreError(
            f"The store in {folder} cannot be opened: {error}. Check its rights, or delete it and `kg load` anew."
        ) from error


def _pointed_to(folder: Path) -> str:
    name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    if not name.startswith(_GENERATION) or not (folder / name).is_dir():
        raise ValueError(f'`{_POINTER}` names "{name[:80]}", which is not there')
    return name


def _generation(folder: Path) -> Path | None:
    """Return the folder of the generation pointed to; None where there is none, which opening it will say."""
    try:
        return folder / _pointed_to(folder)
    except (OSError, ValueError):
        return None


def _is_leftover(path: Path) -> bool:
    """Whether this is what a first load leaves that was killed on its way."""
    return path.name == _LOCK or path.name.startswith((_GENERATION, f"{_POINTER}."))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Keep other writers out; the lock ends with the process, however that ends; Windows has no such lock."""
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w") as lock:
            if sys.platform != "win32":
                import fcntl

                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise StoreError(f"Another process is loading into {folder}. Wait until it has ended.") from None
            try:
                yield
            except BaseException:
                if new and not is_store_folder(folder):
                    shutil.rmtree(folder, ignore_errors=True)  # a first load that failed leaves nothing behind
                raise
    except OSError as error:
        raise StoreError(f"The store in {folder} cannot be written: {error}. It holds what it held before.") from error


def _write_generation(folder: Path, engine: Engine, change: Callable[[Engine], None]) -> Engine:
    """Write the engine's content, changed, as a generation of its own, then point to it."""
    old = _pointed_to(folder) if is_store_folder(folder) else ""
    for path in folder.iterdir():
        if path.name not in (old, _LOCK) and _is_leftover(path):
            _remove(path)
    number = int(old.removeprefix(_GENERATION) or 0) + 1
    fresh = folder / f"{_GENERATION}{number:06d}"
    try:
        if old:
            engine.backup(str(fresh))
        writer = Engine(str(fresh))
        change(writer)
        writer.flush()
        del writer
        pointer = folder / f"{_POINTER}.{number:06d}"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(fresh.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(folder / _POINTER)
    except BaseException:
        _remove(fresh)
        raise
    if old:
        _remove(folder / old)
    return Engine.read_only(str(fresh))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
