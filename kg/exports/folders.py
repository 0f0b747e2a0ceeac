"""Exports that are several files: a folder with a manifest, complete or not there.

The files are written to a folder beside the one named, which takes its place at the end. The manifest names every file
with its size and checksum, so that whoever receives the folder can tell that nothing is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from kg.model.errors import BadInput, KgError
from kg.model.writing import new_folder, refuse_address, replacing_file, sync, sync_folder
from kg.sources.columns import MANIFEST

__all__ = ["Exported", "replacing", "replacing_export", "write_manifest"]

#: The ending of a folder for the moment between its leaving its place and another taking it.
_ASIDE = ".kg-aside"
_HERE = -100  # AT_FDCWD


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes
    ----------
    place
        The file or folder asked for.
    quads
        How many quads were exported.
    files
        Rows or quads in each file, by its name, in the order of the manifest.
    """

    place: Path
    quads: int
    files: dict[str, int]


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give a new folder to write to, which takes the place of the one named when all has gone well.

    Raises
    ------
    BadInput
        The name is taken by something that is no export, or nothing can be written there; what stood there before still
        does.
    """
    if folder.exists() and not (folder / MANIFEST).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} holds something that is no export: it has no {MANIFEST}. Name a new or empty folder.")
    handle = -1
    try:
        target = Path(os.path.realpath(folder))
        refuse_address(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            _restore(target)
        fresh, handle = new_folder(target)
        try:
            yield fresh
            for path in fresh.iterdir():
                sync(path)
            sync_folder(fresh)
            if target.exists():
                _exchange(fresh, target)
            else:
                fresh.rename(target)
            sync_folder(target.parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)  # the old folder now, or what there is of the new one
    except OSError as error:
        if isinstance(error, KgError):
            raise
        raise BadInput(
            f"{folder} cannot be written: {error.strerror or error}. Check the folder, its rights and its space."
        ) from None
    finally:
        if handle >= 0:
            os.close(handle)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places, in one step where the system has that (Linux, macOS, local disks)."""
    if not _exchanged(one, other):
        aside = other.with_name(f".{other.name}{_ASIDE}")
        other.rename(aside)
        one.rename(other)
        aside.rename(one)


def _exchanged(one: Path, other: Path) -> bool:
    if sys.platform not in ("linux", "darwin"):
        return False
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            done = library.renameat2(_HERE, paths[0], _HERE, paths[1], 2)  # RENAME_EXCHANGE
        else:
            done = library.renamex_np(*paths, 2)  # RENAME_SWAP
    except AttributeError:  # a C library without it
        return False
    return bool(done == 0)


def _restore(folder: Path) -> None:
    """Put back a folder that a writer was killed between moving it aside and putting the new one in its place."""
    aside = folder.with_name(f".{folder.name}{_ASIDE}")
    if (aside / MANIFEST).is_file():
        aside.rename(folder)


@contextmanager
def replacing_export(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file to write to, which takes the place of the one named when all has gone well; folders are made.

    Raises
    ------
    BadInput
        Nothing can be written there; what stood there before still does.
    """
    if path.is_dir():
        raise BadInput(f"{path} is a folder, and this format is one file. Name a file.")
    try:
        refuse_address(path)
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}. Check the folder, its rights and its space."
        ) from None
    with replacing_file(path) as file:
        yield file


def write_manifest(folder: Path, about: dict[str, Any], rows: dict[str, int], unit: str) -> None:
    """Write the manifest: what the export is, then each file with its rows or quads, its bytes and its SHA-256."""
    files = []
    for name, number in rows.items():
        with (folder / name).open("rb") as file:
            checksum = file_digest(file, "sha256").hexdigest()
        files.append({"name": name, unit: number, "bytes": (folder / name).stat().st_size, "sha256": checksum})
    text = json.dumps({**about, "files": files}, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
