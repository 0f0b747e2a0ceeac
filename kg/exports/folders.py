"""Exports that are several files: a folder with a manifest, complete or not there.

The files are written to a folder beside the one named, which takes its place at the end. The manifest names every file
with its size and checksum, so that whoever receives the folder can tell that nothing is missing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import IO, Any

from kg.errors import BadInput

__all__ = ["MANIFEST", "Exported", "replacing", "replacing_file", "write_manifest"]

MANIFEST = "manifest.json"


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
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            yield fresh
            fresh.chmod(0o755)
            old = fresh.with_name(f"{fresh.name}.old")
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written: {error.strerror or error}. Check the folder, its rights and its space."
        ) from None


@contextmanager
def replacing_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file to write to, which takes the place of the one named when all has gone well.

    Raises
    ------
    BadInput
        Nothing can be written there; what stood there before still does.
    """
    if path.is_dir():
        raise BadInput(f"{path} is a folder, and this format is one file. Name a file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            fresh = Path(file.name)
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                fresh.chmod(0o644)
                fresh.replace(path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror or error}. Check the folder, its rights and its space."
        ) from None


def write_manifest(folder: Path, about: dict[str, Any], rows: dict[str, int], unit: str) -> None:
    """Write the manifest: what the export is, then each file with its rows or quads, its bytes and its SHA-256."""
    files = []
    for name, number in rows.items():
        with (folder / name).open("rb") as file:
            checksum = file_digest(file, "sha256").hexdigest()
        files.append({"name": name, unit: number, "bytes": (folder / name).stat().st_size, "sha256": checksum})
    text = json.dumps({**about, "files": files}, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
