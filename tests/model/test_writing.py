"""Files are written whole or not at all, keep their rights, and what is no file is not replaced by one."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.exports import folders
from kg.exports.folders import replacing
from kg.model.errors import BadInput
from kg.model.writing import new_file, replacing_file, write_file, write_files
from kg.sources.columns import MANIFEST

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights, pipes and locks are POSIX's")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def write_export(folder: Path, text: str) -> None:
    with replacing(folder) as fresh:
        (fresh / MANIFEST).write_text(text)


@posix
def test_a_file_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("old")
    path.chmod(0o600)
    write_file(path, b"new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (0o600, b"new")


@posix
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_has_the_rights_that_are_usual_here(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_file(tmp_path / "new.txt", b"new")
        write_export(tmp_path / "export", "{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / "export").stat().st_mode) == mode | (mode & 0o444) >> 2


@posix
def test_a_named_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    """As ``-o /dev/stdout`` and ``-o /dev/null`` do, which root would else replace by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"through")
    reader.join(10)
    assert read == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == {"pipe"}


@posix
@pytest.mark.parametrize("there", [True, False], ids=["a file", "nothing"])
def test_a_link_keeps_leading_to_its_file(tmp_path: Path, there: bool) -> None:
    (tmp_path / "far").mkdir()
    if there:
        (tmp_path / "far" / "file").write_text("old")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "far" / "file")
    write_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "far" / "file").read_bytes() == b"new"


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(BadInput, match=r"taken cannot be written: .*Check the folder, its rights and its space"):
        write_file(tmp_path / "taken", b"new")
    assert names(tmp_path) == {"taken"}


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"file cannot be written: No such file or directory\. Check the folder"):
        write_file(tmp_path / "missing" / "file", b"new")
    assert names(tmp_path) == set()


@posix
def test_the_longest_name_there_can_be(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 127)
    assert write_file(path, b"new").read_bytes() == b"new"
    with pytest.raises(BadInput, match="cannot be written: File name too long"):
        write_file(tmp_path / ("ä" * 128), b"new")


def test_of_several_files_none_is_moved_before_all_are_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(BadInput, match=r"b cannot be written"):
        write_files({tmp_path / "a": b"new", tmp_path / "missing" / "b": b"new"})
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == {"a"}


def test_where_a_file_cannot_be_moved_those_after_it_are_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_text("old")
    replace = Path.replace

    def moved(path: Path, target: Path) -> Path:
        if target.name == "b":
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", moved)
    with pytest.raises(BadInput, match=r"b cannot be written: Operation not permitted"):
        write_files(dict.fromkeys(paths, b"new"))
    assert [path.read_text() for path in paths] == ["new", "old", "old"]
    assert names(tmp_path) == {"a", "b", "c"}


# --- leftovers of killed writers --------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from kg.exports.folders import replacing
from kg.model.writing import replacing_file
with (replacing if sys.argv[1] == "folder" else replacing_file)(Path(sys.argv[2])) as fresh:
    fresh.write(b"half") if sys.argv[1] == "file" else (fresh / "half").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_writer_left_is_cleared_away_by_the_next(tmp_path: Path, kind: str) -> None:
    write: Callable[[Path], object] = (
        (lambda path: write_file(path, b"new")) if kind == "file" else (lambda path: write_export(path, "new"))
    )
    place = tmp_path / "place"
    write(tmp_path / "place.other")
    for _ in range(2):
        subprocess.run([sys.executable, "-c", KILLED, kind, str(place)], cwd=Path(__file__).parents[2], check=False)
    left = names(tmp_path) - {"place.other"}
    assert len(left) == 1, "each killed writer clears away what the one before it left"
    assert not place.exists()
    write(tmp_path / "place.other")
    assert names(tmp_path) == {*left, "place.other"}, "what is left of one place is none of another's business"
    write(place)
    assert names(tmp_path) == {"place", "place.other"}


@posix
def test_what_another_writer_is_writing_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "place"
    with replacing_file(path) as first:
        first.write(b"first")
        write_file(path, b"second")
        assert path.read_bytes() == b"second"
        assert len(names(tmp_path)) == 2
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == {"place"}


@posix
def test_files_called_nearly_like_a_leftover_are_left_alone(tmp_path: Path) -> None:
    others = {
        ".place.original",
        ".place.12345678",
        "place.12345678.kg-part",
        ".place.123.kg-part",
        ".placed.12345678.kg-part",
    }
    for name in others:
        (tmp_path / name).touch()
    write_file(tmp_path / "place", b"new")
    assert names(tmp_path) == {"place", *others}


@posix
def test_a_leftover_that_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".place.12345678.kg-part")
    (tmp_path / ".place.12345679.kg-part").symlink_to("/etc/passwd")
    write_file(tmp_path / "place", b"new")
    assert (tmp_path / "place").read_bytes() == b"new"
    assert Path("/etc/passwd").exists()


# --- folders change places ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [True, False], ids=["in one step", "in three"])
def test_an_export_takes_the_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr(folders, "_exchanged", lambda one, other: False)
    folder = tmp_path / "export"
    write_export(folder, "old")
    (folder / "more").touch()
    write_export(folder, "new")
    assert names(tmp_path) == {"export"}
    assert names(folder) == {MANIFEST}
    assert (folder / MANIFEST).read_text() == "new"


@pytest.mark.skipif(sys.platform != "linux", reason="asserted where it is known to be there")
def test_on_linux_folders_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name / name).mkdir(parents=True)
    assert folders._exchanged(tmp_path / "one", tmp_path / "other")
    assert names(tmp_path / "one") == {"other"}
    assert names(tmp_path / "other") == {"one"}


def test_an_export_that_was_moved_aside_by_a_killed_writer_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "export"
    write_export(folder, "old")
    folder.rename(tmp_path / ".export.kg-aside")
    with pytest.raises(BadInput, match="disk on fire"), replacing(folder):
        raise OSError("disk on fire")
    assert (folder / MANIFEST).read_text() == "old"
    assert names(tmp_path) == {"export"}


# --- the order on disk ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can tell what its open files are called")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_content_is_on_disk_before_its_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    done: list[str] = []
    fsync, replace, exchanged = os.fsync, Path.replace, folders._exchanged

    def synced(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        done.append("folder" if path == tmp_path else "fresh folder" if path.is_dir() else "content")
        fsync(handle)

    def moved(path: Path, target: Path) -> Path:
        done.append("name")
        return replace(path, target)

    def swapped(one: Path, other: Path) -> bool:
        done.append("name")
        return exchanged(one, other)

    if kind == "folder":
        write_export(tmp_path / "place", "old")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    monkeypatch.setattr(folders, "_exchanged", swapped)
    if kind == "file":
        write_file(tmp_path / "place", b"new")
        assert done == ["content", "name", "folder"]
    else:
        write_export(tmp_path / "place", "new")
        assert done == ["content", "fresh folder", "name", "folder"]


def test_an_open_temporary_file_is_the_writers_alone(tmp_path: Path) -> None:
    first, one = new_file(tmp_path / "place")
    second, other = new_file(tmp_path / "place")
    assert first.exists()
    assert first != second
    os.close(one)
    os.close(other)
