"""What is derived from a store once and read many times: kept beside the store, in the generation it was made from.

A generation of a store folder never changes and is deleted with all that lies in it, so what is kept there is never
stale. Files are written under another name and moved, so that a reader sees a whole file or none; whoever comes second
finds the first one's. A file's name carries the checksum of its content (4 GB a second to compute): one that a disk has
spoilt is thrown away and made anew. Where nothing can be written (a store in memory, a read-only or full disk) nothing
is kept, and the question is answered from memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from kg.model.writing import new_file
from kg.stores.port import Store

__all__ = ["broken", "keep", "kept_in"]

_BLOCK = 1 << 20


def kept_in(store: Store) -> Path | None:
    """Return the folder for what is derived from a store; None where it lives in memory or elsewhere."""
    return store.generation / store.derived if store.generation else None


def broken() -> tuple[type[Exception], ...]:
    """Return what reading a file of numpy's raises where it is not ours, or not whole."""
    from zipfile import BadZipFile

    return OSError, ValueError, KeyError, EOFError, BadZipFile


def keep(folder: Path | None, name: str, write: Callable[[Path], None]) -> Path | None:
    """Return the file of that name in the folder, written first if it is not there; None where it cannot be.

    Parameters
    ----------
    name
        Of the file; it tells the version of its format, so that a later release of the package writes its own.
    write
        Writes the content to the path it is given.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as made:
    ...     path = keep(Path(made), "number-1.txt", lambda path: path.write_text("42") and None)
    ...     again = keep(Path(made), "number-1.txt", lambda path: path.write_text("43") and None)
    ...     path == again, path.name, again.read_text()
    (True, 'number-1.3224b088.txt', '42')
    """
    if folder is None:
        return None
    stem, _, ending = name.rpartition(".")
    fresh: Path | None = None
    try:
        for path in sorted(folder.glob(f"{stem}.????????.{ending}")):
            if path.name == f"{stem}.{_checksum(path)}.{ending}":
                return path
            path.unlink()
        if not folder.parent.is_dir():  # the generation is gone: a writer has replaced it while it was read
            return None
        folder.mkdir(exist_ok=True)
        fresh, handle = new_file(folder / name)
        try:
            write(fresh)
            return fresh.replace(folder / f"{stem}.{_checksum(fresh)}.{ending}")
        finally:
            os.close(handle)
    except OSError:
        return None
    finally:
        if fresh is not None:
            with suppress(OSError):
                fresh.unlink()


def _checksum(path: Path) -> str:
    """Return the CRC-32 of a file, which misses no damage of up to 32 bits in a row, and one in four billion others."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found = crc32(block, found)
    return f"{found:08x}"
