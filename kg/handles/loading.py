"""`load`: files to a store folder, as streams, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg.handles.gathering import gather
from kg.handles.loaded import Loaded
from kg.model.errors import BadInput, Faults
from kg.model.terms import INFERRED, KG
from kg.sources.distinguishing import distinguish
from kg.sources.recognising import Recognised, recognise
from kg.sources.streams import OfStatements, files, frameworks
from kg.sources.tally import FileTally, Tally
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Progress", "load"]

#: The engine takes in so many characters at a time: larger chunks cost memory, smaller ones time.
CHUNK = 48 << 20
#: Progress is told each so many quads.
_TOLD_EVERY = 20_000

_INFERRED = NamedNode(INFERRED)

#: What is told of a load under way: the file, the quads made, the share done.
Progress = Callable[[str, int, float], None]


def load(paths: Iterable[str | Path], *, into: str | Path, progress: Progress | None = None) -> Loaded:
    """Load files into a store folder, all or nothing.

    Parameters
    ----------
    paths
        Files, folders and .zip archives, in any order.
    into
        The store folder; made if it does not exist. What it holds stays.
    progress
        Called now and then with the file being read, the quads made so far, and the share of all bytes that lie in
        files already read, from 0 to 1.

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
    ...     len(loaded.files), loaded.read == loaded.total == loaded.added
    (1, True)
    """
    given = [Path(path) for path in paths]
    if not given:
        raise BadInput("Nothing was given to load. Name files, folders or archives.")
    found = recognise(given)
    store = OxigraphStore(Path(into))
    try:
        told = distinguish(found, held=_held(store))
        counter = _Counter({file.name: file.size for file in found.read}, progress)
        tally = Tally(watch=counter.begin)
        tally.remarks += told
        before, derived = len(store), store.holds_inferred
        store.load(_chunks(_lines(found, tally), counter))
        _prepare(store)
        if derived:
            tally.remarks.append(
                f"Derived claims were dropped, since what they follow from may have changed. kg infer --graph {into} "
                "derives them again."
            )
        return Loaded.tell(
            tally, into=str(into), read=counter.quads, before=before, total=len(store), not_read=found.not_read
        )
    finally:
        store.close()


def _held(store: OxigraphStore) -> dict[str, set[str]]:
    """Return the sources that a store has of files, with the checksums of those."""
    held: dict[str, set[str]] = {}
    for row in store.select(f"SELECT DISTINCT ?source ?sum {{ ?source <{KG.checksum}> ?sum }}").dicts():
        held.setdefault(str(row["source"]), set()).add(str(row["sum"]))
    return held


def _prepare(store: OxigraphStore) -> None:
    """Write what the first question would otherwise have to make; where that cannot be kept, it is made when asked."""
    from kg.handles.handle import KnowledgeGraph

    store.settle()
    g = KnowledgeGraph(store, as_of=date.min)
    if len(g.index):  # type: ignore[arg-type]  # an index, since the store is here
        g.whole.claims  # noqa: B018  # it is kept beside the store
        g.whole.words  # noqa: B018  # as above


class _Counter:
    """Counts the quads that went by, and tells of it."""

    def __init__(self, sizes: Mapping[str, int], progress: Progress | None) -> None:
        self.sizes, self.progress = sizes, progress
        self.total = max(sum(sizes.values()), 1)
        self.quads = self.done = 0
        self.file = ""

    def begin(self, name: str) -> None:
        """Note that the next file is read."""
        self.done += self.sizes.get(self.file, 0)
        self.file = name
        self.tell()

    def tell(self) -> None:
        """Tell how far it is."""
        if self.progress:
            self.progress(self.file, self.quads, self.done / self.total)


def _lines(found: Recognised, tally: Tally) -> Iterator[str]:
    """Yield the N-Quads of everything found, whole lines at a time; at the end raise the faults of all files."""
    faults = Faults()
    for part in chain(frameworks(found, tally), files(found, tally)):
        with faults.kept():
            if isinstance(part, OfStatements):
                yield from part.lines()
            else:
                yield from _of_quads(part.read, tally.file(part.member.name, part.what))
    if paths := (*found.facts, *found.tables):
        with faults.kept():
            yield from _of_quads(partial(_facts, paths), tally.file(", ".join(map(str, paths)), "facts"))
    faults.tell()


def _of_quads(read: Callable[[], Iterator[Quad]], counts: FileTally) -> Iterator[str]:
    for quad in read():
        counts.rows += 1
        if quad.graph_name == _INFERRED:
            counts.skipped["of derived claims, which kg infer derives from what is loaded"] += 1
            continue
        counts.statements += 1
        yield f"{quad} .\n"


def _facts(paths: Sequence[Path]) -> Iterator[Quad]:
    gathered = gather(paths)
    yield from gathered.quads
    yield from gathered.borrowed


def _chunks(lines: Iterable[str], counter: _Counter) -> Iterator[bytes]:
    """Yield lines in chunks, and count them."""
    chunk: list[str] = []
    size = told = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        counter.quads += line.count("\n")
        if counter.quads >= told:
            counter.tell()
            told = counter.quads + _TOLD_EVERY
        if size >= CHUNK:
            yield "".join(chunk).encode()
            chunk, size = [], 0
    yield "".join(chunk).encode()
