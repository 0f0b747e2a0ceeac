"""The embedded default: Oxigraph, in memory or in a folder (`kg.stores.generations`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    serialize,
)
from pyoxigraph import Store as Engine

from kg.model.errors import QueryError, StoreError
from kg.model.values import Table
from kg.stores.default_graph import Made, default_graph_of, fill_default_graph, overlaps, tells_apart
from kg.stores.generations import (
    Hold,
    damage,
    generation_of,
    inferred_of,
    is_store_folder,
    open_current,
    write_generation,
)
from kg.stores.lexer import names_its_graphs
from kg.stores.outward import refuse_outward

if TYPE_CHECKING:
    from kg.stores.snapshot import Snapshot

__all__ = ["OxigraphStore", "is_store_folder"]


class OxigraphStore:
    """A store on Oxigraph: in memory without a folder, else in that folder.

    Parameters
    ----------
    folder
        Where the store lives; made if it does not exist. Without one the store lives in memory.
    inferred
        Read what was derived from the folder's content too, where that was done (`holds_inferred`).

    Raises
    ------
    StoreError
        The folder holds something that is no store, or cannot be read or written.
    """

    remote = False
    derived = "derived"

    def __init__(self, folder: Path | None = None, *, inferred: bool = False) -> None:
        self.folder = folder
        self.inferred = inferred  #: whether derived claims are read with the asserted ones
        self.revision = 0  #: counts the writes made through this object
        self.origin: Path | None = None  #: the file that `read` read, as long as nothing was added
        self.generation: Path | None = None  #: the folder of the generation that is read; None in memory
        self._hold: Hold | None = None
        self._snapshot: Snapshot | None = None
        self._default: Made | None = None
        self._own: list[Quad] = []  #: what stood in no named graph before the default graph was filled
        self._filling = Lock()
        if folder is None:
            self._engine = Engine()
        else:
            self._engine, self.generation, self._hold = open_current(folder, inferred=inferred)

    @property
    def holds_inferred(self) -> bool:
        """Whether claims have been derived from the generation that the folder holds now."""
        generation = generation_of(self.folder) if self.folder else None
        return generation is not None and inferred_of(generation).is_dir()

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
        if b"_:" in nquads:  # loading would name blank nodes anew
            store._engine.extend(parse(nquads, RdfFormat.N_QUADS, lenient=True))
        else:
            store._engine.bulk_load(nquads, RdfFormat.N_QUADS, lenient=True)
        return store

    def dump(self) -> bytes:
        """Return every quad as N-Quads, for another process to `copy`."""
        if self._is_filled:
            return serialize(self.quads(), format=RdfFormat.N_QUADS) or b""
        return self._engine.dump(format=RdfFormat.N_QUADS) or b""

    def write(self, file: IO[bytes]) -> None:
        """Write every quad as a line of N-Quads, in no particular order; the lines are never in memory all at once."""
        with self._reading():
            if self._is_filled:
                serialize(self.quads(), file, RdfFormat.N_QUADS)
            elif self.snapshot is not None and self.snapshot.has_graphs:
                self.snapshot.write(file)
            else:
                self._engine.dump(file, RdfFormat.N_QUADS)

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
        QueryRefused
            It has a SERVICE clause.
        """
        refuse_outward(query, "query")
        known = None if prefixes is None else dict(prefixes)
        if default_graph is None and named_graphs is None:
            if names_its_graphs(query):
                return self._engine.query(query, prefixes=known)
            if tells_apart(query):
                self.settle()
            if self._default and self._default.graphs:
                engine = self._default.engine or self._engine
                return engine.query(query, prefixes=known, default_graph=[*self._default.graphs])
            return self._engine.query(query, prefixes=known, use_default_graph_as_union=True)
        return self._engine.query(
            query, prefixes=known, default_graph=[*(default_graph or ())], named_graphs=[*(named_graphs or ())]
        )

    def settle(self) -> None:
        """See that the default graph is a set (`kg.stores.default_graph`), before a query is asked that tells."""
        with self._filling:
            if self._default:
                return
            if self.generation is not None:
                self._default = default_graph_of(self._engine, self.generation)
            else:
                self._own = [*self._engine.quads_for_pattern(None, None, None, DefaultGraph())]
                self._default = Made(None, fill_default_graph(self._engine) if overlaps(self._engine) else ())

    @property
    def _is_filled(self) -> bool:
        """Whether the engine in memory holds copies of triples, which are no quads of the store."""
        return self.generation is None and self._default is not None and bool(self._default.graphs)

    def update(self, text: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Change the quads by a SPARQL Update, all or nothing; on disk as a new generation.

        Raises
        ------
        SyntaxError, RuntimeError, OSError
            As the engine raises them; the store is then as it was.
        QueryRefused
            It has a SERVICE clause or a LOAD operation.
        StoreError
            Another process is writing.
        """
        refuse_outward(text, "update")

        def change(writer: Engine) -> None:
            writer.update(text, prefixes=None if prefixes is None else dict(prefixes))

        self._change(change)

    def _change(
        self, change: Callable[[Engine], None], also: Callable[[Path, Path | None], None] | None = None
    ) -> None:
        """Make a change, all or nothing; on disk as a new generation, which is read from then on."""
        self.revision, self.origin = self.revision + 1, None
        if self.folder is None:
            if self._is_filled:
                self._engine.clear_graph(DefaultGraph())
                self._engine.extend(self._own)
            self._default = None
            change(self._engine)
            return
        write_generation(self.folder, change, self._reopen, also=also)

    def _reopen(self) -> None:
        """Read the generation that the folder holds now, and let go of the one before; if it opens, not otherwise."""
        assert self.folder is not None  # noqa: S101  # a store in memory has no generations
        try:
            fresh = open_current(self.folder, inferred=self.inferred)
        except StoreError as error:
            raise StoreError(
                f"What was to be written is in {self.folder}, but it cannot be read from there now, and what it held "
                f"before is still read: {error}"
            ) from error
        self.close()
        self._engine, self.generation, self._hold = fresh

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say in our words what goes wrong while a query runs, which may be as late as its last row."""
        try:
            yield
        except SyntaxError as error:
            raise QueryError(f"This SPARQL query cannot be parsed: {_in_short(error)}.") from None
        except (OSError, RuntimeError) as error:
            if damage(error):
                raise StoreError(
                    f"The store at {self.folder or 'memory'} is damaged: {error}. Delete it and `kg load` anew."
                ) from error
            if isinstance(error, RuntimeError):
                raise QueryError(f"This SPARQL query cannot be run: {error}.") from error
            raise StoreError(f"The store at {self.folder or 'memory'} cannot be read: {error}.") from error

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, all or nothing; on disk as a new generation that replaces the old one at the end."""
        if self.folder is None:
            quads = list(quads)  # all or nothing: what makes them may break off
            self._change(lambda writer: writer.extend(quads))
        else:
            self._change(lambda writer: writer.bulk_extend(quads))

    def load(self, chunks: Iterable[bytes]) -> None:
        """Add quads written as N-Quads, in chunks of whole lines, all or nothing as `add`."""
        if self.folder is None:
            lines = b"".join(chunks)
            self._change(lambda writer: writer.load(lines, RdfFormat.N_QUADS, lenient=True))
        else:
            from kg.stores.columns import SnapshotWriter

            columns = SnapshotWriter()
            self._change(lambda writer: _take_in(writer, map(columns.take, chunks)), columns.finish)

    def derive(self, chunks: Iterable[bytes]) -> None:
        """Put derived claims beside the folder's content, in the place of all there were, all or nothing.

        Parameters
        ----------
        chunks
            N-Quads, as for `load`.

        Raises
        ------
        StoreError
            The folder holds another generation than the one read here, from which the claims were derived.
        """
        if self.folder is None:
            raise StoreError("A store in memory keeps no derived claims. Write them to a file: kg infer -o FILE.")
        from kg.stores.columns import SnapshotWriter, copy_snapshot

        columns = SnapshotWriter()

        def also(fresh: Path, old: Path | None) -> None:
            copy_snapshot(fresh, old)
            columns.finish(inferred_of(fresh), old)

        write_generation(
            self.folder,
            lambda writer: None,
            self._reopen,
            beside=lambda writer: _take_in(writer, map(columns.take, chunks)),
            also=also,
            after=self.generation,
        )

    @property
    def snapshot(self) -> Snapshot | None:
        """The generation as columns (`kg.stores.snapshot`); None in memory, and where there are no whole ones."""
        if self._snapshot is None and self.generation is not None:
            from kg.stores.snapshot import Snapshot

            with suppress(OSError, ValueError):
                self._snapshot = Snapshot(self.generation)
        return self._snapshot

    def made_snapshot(self) -> Snapshot | None:
        """Return the generation as columns, made from the engine, with a word, where there are none; None in memory."""
        if self.snapshot is None and self.generation is not None:
            from kg.stores.columns import make_snapshot

            self._snapshot = make_snapshot(self._engine, self.generation)
        return self._snapshot

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
        with self._reading():
            if self._is_filled:
                yield from (quad for quad in self._engine if quad.graph_name != DefaultGraph())
                yield from self._own
            elif self.snapshot is not None and self.snapshot.has_graphs:
                yield from self.snapshot.quads()
            else:
                yield from self._engine

    def __len__(self) -> int:
        with self._reading():
            if self._is_filled:
                return sum(1 for _ in self.quads())
            return len(self._engine)

    def close(self) -> None:
        """Let go of the files."""
        temporary = self._default.temporary if self._default else None
        self._default = self._snapshot = None
        if temporary:
            temporary.cleanup()
        if hasattr(self, "_engine"):
            del self._engine
        if self._hold is not None:
            self._hold.release()


def _take_in(writer: Engine, chunks: Iterable[bytes]) -> None:
    """Add N-Quads, in chunks of whole lines.

    The engine takes one chunk in while the next is made, so that two of them are in memory at a time. It does not check
    IRIs again: whoever wrote the lines has.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as worker:
        taken = None
        for chunk in chunks:
            if taken:
                taken.result()
            taken = worker.submit(writer.bulk_load, chunk, RdfFormat.N_QUADS, lenient=True)
        if taken:
            taken.result()


def _in_short(error: SyntaxError) -> str:
    """Return where a query breaks off, without the list of every character that could stand there."""
    place, _, expected = str(error).partition(": expected ")
    if "Prefix not found" in expected:
        return f"{place}: a prefix is used that is not declared"
    return f"{place}: {expected} was expected" if 0 < len(expected) < 40 else place
