"""A store folder: generations, of which a pointer names one.

``FOLDER/generation-…/`` stands beside a file ``current`` that names the generation to read. A write copies the current
generation (hard links, so it is quick), changes the copy, has the disk take it in, and moves the pointer last. A
process that is killed on the way leaves the pointer, and with it the old content, untouched; the next write clears
away the rest. Two writers never meet: the second is told to wait.

The new pointer lies beside the old one while the generation is written, as ``current.000002``, and becomes ``current``
by one renaming. So it tells what a killed writer left, to be cleared away, from a generation that was pointed to: where
``current`` is missing or leads elsewhere, a generation without such a file is content whose pointer was lost. That is
told (`check_pointer`), and nothing is removed but what a generation that is pointed to has replaced.

Whoever reads a generation holds it by a shared lock, and a writer leaves what is held in place: the engine opens most
of its files only when a query needs them, and would not find them any more. What was held is cleared away by the next
write after that. Locks end with their process, however that ends.

Derived claims are never written among the asserted ones. They stand in a second copy beside the generation they follow
from, ``generation-….inferred/``, which shares its files and is opened only when it is asked for. So a question that
does not ask for them cannot see them, and is as fast as without them; and whatever writes a new generation leaves them
behind, since their premises may be gone.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pyoxigraph import Store as Engine

from kg.model.errors import KgError, StoreError, is_address
from kg.model.writing import sync_folder

__all__ = [
    "Hold",
    "check_pointer",
    "clear_leftovers",
    "damage",
    "generation_of",
    "inferred_of",
    "is_store_folder",
    "open_current",
    "read_held",
    "remove_unheld",
    "write_generation",
]

_POINTER = "current"
_GENERATION = "generation-"
_LOCK = "lock"
_INFERRED = ".inferred"


def is_store_folder(folder: Path) -> bool:
    """Whether the folder holds a store written by career-kg."""
    return (folder / _POINTER).is_file()


class Hold:
    """A generation that is read: as long as this lives and is not let go of, no writer clears it away.

    Windows has no such locks; there, files that are open cannot be removed.

    Parameters
    ----------
    path
        The folder of the generation.

    Raises
    ------
    OSError
        It is gone, or is being cleared away.
    """

    def __init__(self, path: Path) -> None:
        self._handle = -1
        if sys.platform == "win32":
            return
        self._handle = _locked(path, exclusive=False)

    def release(self) -> None:
        """Let it go."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    __del__ = release


def _locked(path: Path, *, exclusive: bool) -> int:
    """Return an open folder with a lock on it; where the file system has none, without.

    Raises
    ------
    BlockingIOError
        Another lock is in the way.
    OSError
        The folder is not there.
    """
    import fcntl

    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:  # this file system knows no locks
        pass
    return handle


def read_held(path: Path) -> tuple[Engine, Hold]:
    """Return what reads a generation, and what holds it.

    Raises
    ------
    OSError, RuntimeError
        It is gone, or cannot be read.
    """
    hold = Hold(path)
    try:
        return Engine.read_only(str(path)), hold
    except BaseException:
        hold.release()
        raise


def open_current(folder: Path, *, inferred: bool = False) -> tuple[Engine, Path | None, Hold | None]:
    """Return what reads the current generation, the generation's folder, and what holds it; of no store, nothing.

    With ``inferred``, what was derived from the generation is read too, where that was done.

    Raises
    ------
    StoreError
        The folder holds something that is no store, or cannot be read.
    """
    if is_address(folder):
        raise StoreError(f"{folder} is an address, not a store folder. Name a folder of this machine.")
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file, not a store folder. Name a folder, or give the file to `kg load`.")
    while True:
        generation = ""
        try:
            if not is_store_folder(folder):
                check_pointer(folder)
                if is_store_folder(folder):
                    continue  # a first load has just ended
                if folder.is_dir() and not all(map(_is_leftover, folder.iterdir())):
                    raise StoreError(
                        f"{folder} is a folder but no store: it has no `{_POINTER}` file. "
                        "Name a store made by `kg load … --into FOLDER`, or an empty or new folder."
                    )
                return Engine(), None, None
            generation = _pointed_to(folder)
            beside = inferred_of(folder / generation)
            read = beside if inferred and beside.is_dir() else folder / generation
            engine, hold = read_held(read)
            if _pointed_to(folder) == generation:
                return engine, read, hold
            hold.release()
        except StoreError:
            raise
        except (OSError, RuntimeError, ValueError) as error:
            if generation_of(folder) not in (None, folder / generation):
                continue  # a writer has just replaced it
            if isinstance(error, ValueError):
                check_pointer(folder)
            raise StoreError(
                f"The store in {folder} cannot be opened: {error}. Check its rights, or delete it and `kg load` anew."
            ) from error


def _pointed_to(folder: Path) -> str:
    name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    if not _is_name(name) or not (folder / name).is_dir():
        raise ValueError(f'`{_POINTER}` names "{name[:80]}", which is not there')
    return name


def _is_name(name: str) -> bool:
    """Whether this is how a generation is called: a number at the end, and nothing that leads elsewhere."""
    return name.startswith(_GENERATION) and name.removeprefix(_GENERATION).isdecimal()


def generation_of(folder: Path) -> Path | None:
    """Return the folder of the generation pointed to; None where there is none, which opening it will say."""
    try:
        return folder / _pointed_to(folder)
    except (OSError, ValueError):
        return None


def check_pointer(folder: Path) -> None:
    """Raise where a store folder has generations but no pointer that leads to one of them.

    Raises
    ------
    StoreError
        With what is there, and how to mend it.
    """
    if lost := _not_superseded(folder):
        pointer = folder / _POINTER
        what = "has a pointer that leads nowhere" if pointer.exists() else "has lost its pointer"
        there = f"there is {lost[-1]}" if len(lost) == 1 else f"there are {', '.join(lost)}"
        raise StoreError(
            f"The store in {folder} {what}: {there}, but no file `{_POINTER}` that names the one to read. Nothing was "
            f"changed. To mend it, write that name into the file: printf {lost[-1]} > '{pointer}' (the highest number "
            "is the newest). To begin anew, name another folder, or remove this one."
        )


def _not_superseded(folder: Path) -> list[str]:
    """Return the generations that were written whole, and that none pointed to has replaced; the newest last.

    A first load that ends meanwhile has moved its pointer, and one that fails has removed its generation before that.
    """
    try:
        names = sorted((path.name for path in folder.iterdir() if _is_name(path.name)), key=_number)
    except OSError:
        return []
    found = [name for name in names if not _pointer_to(folder, _number(name)).exists()]
    now = generation_of(folder)
    least = _number(now.name) if now else -1
    return [name for name in found if _number(name) > least and (folder / name).is_dir()]


def _number(name: str) -> int:
    return int(name.removeprefix(_GENERATION))


def _pointer_to(folder: Path, number: int) -> Path:
    """Return where the pointer to a generation lies while that is being written."""
    return folder / f"{_POINTER}.{number:06d}"


def inferred_of(generation: Path) -> Path:
    """Return where a generation stands together with what was derived from it."""
    return generation.with_name(generation.name + _INFERRED)


def _is_leftover(path: Path) -> bool:
    """Whether this is what a first load leaves that was killed on its way."""
    return path.name == _LOCK or path.name.startswith((_GENERATION, f"{_POINTER}."))


def damage(error: Exception) -> str:
    """Return what the engine says of files that are not as it wrote them; empty for any other error."""
    text = str(error)
    return text if isinstance(error, RuntimeError) and text.startswith("Corruption") else ""


def write_generation(
    folder: Path,
    change: Callable[[Engine], None],
    release: Callable[[], None],
    *,
    beside: Callable[[Engine], None] | None = None,
    also: Callable[[Path, Path | None], None] | None = None,
    after: Path | None = None,
) -> None:
    """Write the content of a store folder, changed, as a generation of its own, and point to it; all or nothing.

    Parameters
    ----------
    change
        Changes the content.
    release
        Called when the pointer has moved: the caller lets go of the old generation, or raises and goes on reading it.
    beside
        Adds what was derived from the content, in a copy of its own; without it there is none.
    also
        Writes what goes with the generation: called with its folder, and that of the one before, if there is one.
    after
        The generation that must be there, since what is added was derived from it.

    Raises
    ------
    StoreError
        The folder cannot be written, is damaged, holds another generation than it must, or another process is writing.
        It holds what it held before. Or as `release` says.
    """
    with _writing(folder):
        engine, old, hold = open_current(folder)
        if after is not None and old != after:
            raise StoreError(f"{folder} has changed while claims were derived from it. Derive them again.")
        if newer := _not_superseded(folder):
            raise StoreError(
                f"The store in {folder} holds {newer[-1]}, which is newer than the generation that its file "
                f"`{_POINTER}` names, so that a write would replace it unread. Write the name of the one to keep into "
                f"the file, and remove the other: {folder / newer[-1]}."
            )
        _clear(folder, old)
        number = _number(old.name) + 1 if old else 1
        pointer = _pointer_to(folder, number)
        fresh = folder / f"{_GENERATION}{number:06d}"
        for taken in (fresh, inferred_of(fresh)):  # nothing derived from other content may come to stand beside it
            if taken.exists():
                raise OSError(f"{taken} is in the way and cannot be removed")
        try:
            with pointer.open("w", encoding="utf-8") as file:
                file.write(fresh.name)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(folder)  # what is there without its pointer was pointed to
            if old:
                engine.backup(str(fresh))
            writer = Engine(str(fresh))
            change(writer)
            writer.flush()
            if beside is not None:
                writer.backup(str(inferred_of(fresh)))
                second = Engine(str(inferred_of(fresh)))
                beside(second)
                second.flush()
                del second
            del writer, engine
            if also is not None:
                also(fresh, old)
            if beside is not None:
                sync_folder(inferred_of(fresh))
            sync_folder(fresh)
            sync_folder(folder)  # the generation must be there before the pointer that names it
            pointer.replace(folder / _POINTER)
            sync_folder(folder)
        except BaseException:
            if generation_of(folder) != fresh:
                remove_unheld(fresh)
                remove_unheld(inferred_of(fresh))
                if not fresh.exists():
                    remove_unheld(pointer)
            raise
        release()
        if old and hold:
            hold.release()
            remove_unheld(old)
            remove_unheld(inferred_of(old))


def clear_leftovers(folder: Path) -> None:
    """Remove what killed writers left in a store folder, unless another is writing or nothing can be removed there."""
    with suppress(StoreError), _writing(folder):
        if generation := generation_of(folder):
            _clear(folder, generation)


def _clear(folder: Path, current: Path | None) -> None:
    """Remove every generation but the current one and what lost its pointer, then every pointer that was not moved."""
    kept = {folder / _LOCK, *(folder / name for name in _not_superseded(folder))}
    if current:
        kept |= {current, inferred_of(current)}
    for path in sorted(folder.iterdir(), key=lambda path: path.name.startswith(f"{_POINTER}.")):
        named = path.name.removeprefix(f"{_POINTER}.")
        held = named.isdecimal() and (folder / f"{_GENERATION}{named}").exists()  # it could not be removed: it is read
        if path not in kept and _is_leftover(path) and not held:
            remove_unheld(path)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Keep other writers out; the lock ends with the process, however that ends; Windows has no such lock."""
    new = not folder.exists()
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if new:
                sync_folder(folder.parent)
            with (folder / _LOCK).open("w") as lock:
                if sys.platform != "win32":
                    import fcntl

                    try:
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        new = False
                        raise StoreError(
                            f"Another process is loading into {folder}. Wait until it has ended."
                        ) from None
                yield
        except BaseException:
            if new and not is_store_folder(folder):
                shutil.rmtree(folder, ignore_errors=True)  # a first load that failed leaves nothing behind
            raise
    except OSError as error:
        if isinstance(error, KgError):
            raise
        raise StoreError(f"The store in {folder} cannot be written: {error}. It holds what it held before.") from error
    except RuntimeError as error:
        if not damage(error):
            raise
        raise StoreError(
            f"The store in {folder} is damaged: {error}. It holds what it held before; delete it and `kg load` anew."
        ) from error


def remove_unheld(path: Path) -> None:
    """Remove a generation, or another part of a store folder, unless somebody reads it."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    handle = -1
    if sys.platform != "win32":
        try:
            handle = _locked(path, exclusive=True)
        except OSError:  # it is read, or another process is removing it
            return
    try:
        shutil.rmtree(path, ignore_errors=True)
    finally:
        if handle >= 0:
            os.close(handle)
