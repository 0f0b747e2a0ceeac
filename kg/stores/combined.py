"""Several places as one store, without copying a framework for every question.

Where one of the places is a store folder, the others are added to a copy of it. The copy shares the folder's files by
hard links, so it takes a moment and no room; only what is added is written. It is kept beside the generation it was
made from and named after all that went into it, so that the next question opens it as it is, and the next write to the
folder clears it away. A store folder that went into it is told from one loaded anew in the same place by when its files
were made, a file by its checksum, and what has neither by a checksum of its quads.

SPARQL then sees one dataset, with joins across the places: asking each place by itself and putting the answers together
was rejected, since it would miss these. Where the folder cannot be written, the copy lies in a temporary folder and is
gone with the store. Places without a folder among them are combined in memory.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, gettempdir

from pyoxigraph import Store as Engine

from kg.model.errors import KgError, StoreError
from kg.model.shipped import DATASET_FILE, read_data
from kg.stores.generations import Hold, read_held, remove_unheld
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store

__all__ = ["CombinedStore", "combine"]

#: So many combinations are kept beside a generation; making a further one drops those longest unused.
_KEPT = 4


class CombinedStore(OxigraphStore):
    """A store folder and what is read together with it; it is only read.

    Parameters
    ----------
    path
        Where the engine's files lie.
    temporary
        The temporary folder they lie in, which goes when the store is closed; None where they stay.
    """

    def __init__(self, path: Path, temporary: TemporaryDirectory[str] | None = None) -> None:
        super().__init__()
        self._engine, self._hold = read_held(path)
        self._temporary = temporary
        self.generation = path

    def close(self) -> None:
        """Let go of the files."""
        super().close()
        if self._temporary is not None:
            self._temporary.cleanup()


def combine(places: Sequence[tuple[Store, str]], *, name: str = "") -> Store:
    """Return one store with the quads of several.

    Parameters
    ----------
    places
        Each store with the checksum of its files; of a store folder it is not asked for.
    name
        What else tells the combination from others, such as which graphs of the files were read.

    Raises
    ------
    StoreError
        A place can be asked, but not read as a whole.
    """
    if any(store.remote for store, _ in places):
        raise StoreError(
            "An endpoint cannot be combined with another graph: it would have to be copied as a whole. Ask it by "
            "itself, or load both into one store."
        )
    folders = [store for store, _ in places if isinstance(store, OxigraphStore) and store.generation is not None]
    if not folders:
        return _in_memory([store for store, _ in places])
    base = max(folders, key=_size)
    others = [(store, digest) for store, digest in places if store is not base]
    path = base.generation
    assert path is not None  # noqa: S101  # chosen so
    try:
        kept = path.with_name(f"{path.name}+{_digest(base, others, name)}")
        return _reopened(kept) or _made(base, [store for store, _ in others], kept)
    except KgError:
        raise
    except (OSError, RuntimeError):  # a disk that is read-only or full, another's rights, or a writer in between
        return _aside(base, [store for store, _ in others])


def _digest(base: OxigraphStore, others: Sequence[tuple[Store, str]], name: str) -> str:
    """Return what tells a combination from every other that is kept beside the same generation.

    The package's version and its dataset are part of it, since facts borrow names from there.
    """
    from importlib.metadata import version

    parts = sorted(digest or _identity(store) for store, digest in others)
    shipped = sha256(read_data(DATASET_FILE)).hexdigest()
    return sha256("\n".join([version("career-kg"), shipped, name, _identity(base), *parts]).encode()).hexdigest()[:16]


def _identity(store: Store) -> str:
    """Return what no other content has: of a generation, which never changes, place and birth; else a checksum."""
    if generation := store.generation:
        born = (generation / "CURRENT").stat()
        return f"{generation.resolve()} {born.st_ino} {born.st_mtime_ns} {born.st_ctime_ns}"
    return sha256("\n".join(sorted(map(str, store.quads()))).encode()).hexdigest()


def _reopened(kept: Path) -> CombinedStore | None:
    """Return a combination that is kept; None where there is none, or where a disk has spoilt it, which removes it."""
    if not kept.is_dir():
        return None
    try:
        found = CombinedStore(kept)
    except (OSError, RuntimeError):
        remove_unheld(kept)
        return None
    with suppress(OSError):  # it is another user's, or the disk is read-only
        os.utime(kept)
    return found


def _made(base: OxigraphStore, others: Sequence[Store], kept: Path) -> CombinedStore:
    """Return a combination, written first under another name; where another process was first, it is that one's.

    Raises
    ------
    OSError, RuntimeError
        It cannot be written there or opened.
    """
    if kept.is_dir():
        raise FileExistsError(f"{kept} cannot be opened")  # it is another user's, or spoilt while somebody reads it
    with _fresh(kept) as fresh:
        _write(base, others, fresh / "store")
        with suppress(OSError):  # another process was first, or opening it says what is wrong
            (fresh / "store").replace(kept)
    made = CombinedStore(kept)
    assert base.generation is not None  # noqa: S101  # as it was chosen
    _forget(base.generation, kept)
    return made


@contextmanager
def _fresh(kept: Path) -> Iterator[Path]:
    """Give a folder beside the place, which is held while it is written to and gone at the end.

    Its name is one that the next write to the store clears away, should this process be killed.
    """
    fresh = kept.with_name(f"{kept.name}.{token_hex(4)}")
    fresh.mkdir()
    hold: Hold | None = None
    try:
        hold = Hold(fresh)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if hold is not None:
            hold.release()


def _aside(base: OxigraphStore, others: Sequence[Store]) -> CombinedStore:
    """Return a combination in a temporary folder, which goes with it."""
    try:
        temporary = TemporaryDirectory(prefix="kg-")
        try:
            _write(base, others, Path(temporary.name) / "store")
            return CombinedStore(Path(temporary.name) / "store", temporary)
        except BaseException:
            temporary.cleanup()
            raise
    except (OSError, RuntimeError) as error:
        if isinstance(error, KgError):
            raise
        raise StoreError(
            f"The graphs cannot be combined: neither {base.generation} nor {gettempdir()} can be written ({error}). "
            "Make room, set TMPDIR to a folder with more space, or load all of them into one store."
        ) from error


def _in_memory(stores: Sequence[Store]) -> Store:
    combined = next((store for store in stores if isinstance(store, OxigraphStore)), None) or OxigraphStore()
    for store in stores:
        if store is not combined:
            combined.add(store.quads())
    return combined


def _write(base: OxigraphStore, others: Sequence[Store], path: Path) -> None:
    """Copy the base by hard links and add the others, a stream of quads each, so that memory stays bounded."""
    base.backup(path)
    writer = Engine(str(path))
    for other in others:
        writer.bulk_extend(other.quads())
    writer.flush()


def _size(store: OxigraphStore) -> int:
    """Return the bytes of a store's own files."""
    return sum(p.stat().st_size for p in store.generation.iterdir() if p.is_file()) if store.generation else 0


def _forget(generation: Path, kept: Path) -> None:
    """Drop the combinations longest unused, but for those that somebody reads."""
    try:
        found = [p for p in generation.parent.iterdir() if p.name.startswith(f"{generation.name}+") and p != kept]
        for path in sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
            remove_unheld(path)
    except OSError:
        pass  # another process is doing the same
