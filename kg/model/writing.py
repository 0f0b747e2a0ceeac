"""Writing so that nobody ever reads half of it: under a temporary name beside the place, then moved there.

The order is the one that survives a loss of power: the content is on the disk before the name is, and the folder's
entry is written out before the writer says that it is done. What is being written is locked as long as its writer
lives. What a writer left that was killed is known by its name and by the lock that is gone; the next one that writes
to the same place clears it away.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO

from kg.model.errors import BadInput, KgError, is_address

__all__ = [
    "new_file",
    "new_folder",
    "refuse_address",
    "replacing_file",
    "sync",
    "sync_folder",
    "write_file",
    "write_files",
]

#: The ending of what is being written; nothing without it is ever cleared away.
_PART = ".kg-part"


def write_file(path: Path, content: bytes) -> Path:
    """Write a file under a temporary name beside it, then move it into place.

    Raises
    ------
    BadInput
        The file cannot be written; what stood there before still does.
    """
    with replacing_file(path) as file:
        file.write(content)
    return path


def write_files(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write several files, all under temporary names before the first is moved into place.

    Raises
    ------
    BadInput
        One cannot be written; what stood there before still does, everywhere. Or, which is rare once all are written,
        one cannot be moved into place: those named before it are new, it and those after it are as they were.
    """
    begun: list[_Fresh] = []
    try:
        for path, content in contents.items():
            with _said_of(path):
                begun.append(_Fresh(path))
                begun[-1].file.write(content)
                begun[-1].finish()
        for path, fresh in zip(contents, begun, strict=True):
            with _said_of(path):
                fresh.move()
    except BaseException:
        for fresh in begun:
            fresh.abandon()  # of one that was moved there is nothing to remove
        raise
    return tuple(contents)


@contextmanager
def replacing_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file to write to, which takes the place of the one named when all has gone well.

    A file that is there keeps its rights, and a link keeps leading to it. What is no file but takes bytes, such as
    ``/dev/stdout`` or a named pipe, is written to as it is.

    Raises
    ------
    BadInput
        Nothing can be written there; what stood there before still does.
    """
    with _said_of(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as stream:
                yield stream
            return
        fresh = _Fresh(path)
        try:
            yield fresh.file
            fresh.finish()
            fresh.move()
        except BaseException:
            fresh.abandon()
            raise


class _Fresh:
    """A file that is written beside the one whose place it will take."""

    def __init__(self, path: Path) -> None:
        refuse_address(path)
        self.target = Path(os.path.realpath(path))
        if self.target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        self.path, handle = new_file(self.target)
        self.file = os.fdopen(handle, "wb")

    def finish(self) -> None:
        """Have the disk take in what was written."""
        self.file.flush()
        os.fsync(self.file.fileno())
        with suppress(FileNotFoundError):
            self.path.chmod(self.target.stat().st_mode & 0o777)

    def move(self) -> None:
        """Put it in its place."""
        if sys.platform == "win32":
            self.file.close()  # there, an open file cannot be moved
        self.path.replace(self.target)
        self.file.close()
        sync_folder(self.target.parent)

    def abandon(self) -> None:
        """Remove it."""
        with suppress(OSError):
            self.file.close()  # what is still buffered may have nowhere to go
        with suppress(OSError):
            self.path.unlink()


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """Say in our words that a file cannot be written."""
    try:
        yield
    except OSError as error:
        if isinstance(error, KgError):
            raise
        raise BadInput(
            f"{path} cannot be written: {error.strerror or error}. Check the folder, its rights and its space."
        ) from None


def new_file(target: Path) -> tuple[Path, int]:
    """Make a temporary file beside the place it is for, and return it, open and locked.

    What a killed writer left for the same place is cleared away first.

    Raises
    ------
    OSError
        It cannot be made.
    """
    _sweep(target)
    while True:
        path = _name(target)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        _lock(handle)
        if os.fstat(handle).st_nlink:
            return path, handle
        os.close(handle)  # it was swept away before it was locked


def new_folder(target: Path) -> tuple[Path, int]:
    """Make a temporary folder beside the place it is for, as `new_file` does; on Windows it is not locked, but −1.

    Raises
    ------
    OSError
        It cannot be made.
    """
    _sweep(target)
    while True:
        path = _name(target)
        path.mkdir()
        if sys.platform == "win32":
            return path, -1
        with suppress(FileNotFoundError):  # it was swept away before it was locked
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            _lock(handle)
            if path.is_dir():
                return path, handle
            os.close(handle)


def refuse_address(target: Path) -> None:
    """Raise where a place to write to is an address: folders of that name would be made."""
    if is_address(target):
        raise BadInput(f"{target} is an address, and nothing is sent there. Name a file or folder of this machine.")


def _name(target: Path) -> Path:
    return target.with_name(f"{_start(target)}{token_hex(4)}{_PART}")


def _start(target: Path) -> str:
    """Return what the names of temporary files for a place begin with; a long name is cut, as file systems have it."""
    return f".{os.fsencode(target.name)[:200].decode(errors='ignore')}."


def _lock(handle: int) -> bool:
    """Whether an open file or folder is now locked by this process alone."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another has it, or the file system knows no locks
        return False
    return True


def _sweep(target: Path) -> None:
    """Remove what killed writers left for a place."""
    start = _start(target)
    with suppress(OSError):
        for path in sorted(target.parent.iterdir()):
            name = path.name
            if name.startswith(start) and name.endswith(_PART) and len(name) == len(start) + 8 + len(_PART):
                _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    if sys.platform == "win32":
        with suppress(OSError):
            path.unlink()  # there, an open file cannot be removed
        return
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            if not _lock(handle):
                return
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        finally:
            os.close(handle)


def sync(path: Path) -> None:
    """Have the disk take in a file.

    Raises
    ------
    OSError
        It does not.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the disk take in the names in a folder, as far as the system can: Windows and some network disks cannot."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
