"""The order in which a store folder reaches the disk: a generation is there, whole, before the pointer to it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.handles.loading import load
from kg.stores.generations import inferred_of
from kg.stores.snapshot import COLUMNS, FOLDER, MANIFEST
from tests.faults.disks import environment, give_up, kg_command
from tests.faults.test_disk_full import COPYING, chain, content

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there a process can tell what is written")

#: What the engine writes and never reads again, and its log of changes, which are in other files by then.
PASSING = re.compile(r"/(LOG|LOCK|[0-9]+\.log)$")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder with content and what was derived from it."""
    (tmp_path / "chain.nt").write_text(chain(6))
    (tmp_path / "longer.nt").write_text(chain(12))
    load([tmp_path / "chain.nt"], into=tmp_path / "store")
    kg.infer(tmp_path / "store", rules=["inverse"])
    return tmp_path / "store"


@pytest.mark.parametrize("what", ["load", "infer"])
def test_folders_are_synchronised_before_the_pointer_moves_and_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    def moved(path: Path, target: Path) -> Path:
        done.append(f"{path.name} moves")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", moved)
    if what == "load":
        load([folder.parent / "longer.nt"], into=folder)
    else:
        kg.infer(folder)
    beside = ["generation-000003.inferred"] if what == "infer" else []
    pointer = ["current.000003", "store"]  # before the generation: without it that would be one whose pointer was lost
    columns = [name for name in done if name.endswith(".npy") or name in (MANIFEST, FOLDER)]
    assert {*columns} == {*(f"{name}.npy" for name in COLUMNS), MANIFEST, FOLDER}
    order = [*pointer, *columns, *beside, "generation-000003", "store", "current.000003 moves", "store"]
    assert done[: len(order)] == order  # what comes after it is derived, and kept in the generation


# --- as the system sees it, the engine's own files with it ----------------------------------------------------------

#: A call, with the number of its process before it; what comes in the middle of another's call is told in two lines.
CALL = re.compile(r"\d+ +(?P<name>\w+)\((?P<rest>.*)")
QUOTED = re.compile(r'"([^"]*)"')
OPENED = re.compile(r"\d+<(?P<path>[^>]*)>")
#: Closing a file cuts off the room that was kept for it ahead (ftruncate): that is no change of its content.
CALLS = "openat,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2,link,linkat,mkdir"


def calls(trace: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what a trace by strace has: the kind of each call that did not fail, and the paths it is about."""
    for line in trace.read_text(errors="replace").splitlines():
        found = CALL.match(line)
        if found is None or " = -1 " in line:
            continue
        name, rest = found["name"], found["rest"]
        if name in ("fsync", "fdatasync") and (opened := OPENED.match(rest)):
            yield "sync", [opened["path"]]
        elif "write" in name and (opened := OPENED.match(rest)):
            yield "write", [opened["path"]]
        elif name in ("openat", "creat") and "O_CREAT" in rest:
            yield "make", QUOTED.findall(rest)[:1]
        elif name.startswith("rename"):
            yield "move", QUOTED.findall(rest)[:2]
        elif name in ("link", "linkat"):
            yield "make", QUOTED.findall(rest)[1:2]
        elif name == "mkdir":
            yield "make", QUOTED.findall(rest)[:1]


@pytest.mark.parametrize(
    "what", ["load", *(pytest.param(what, marks=pytest.mark.slow) for what in ("update", "infer"))]
)
def test_every_file_of_a_generation_is_on_disk_before_the_pointer_that_names_it(
    folder: Path, tmp_path: Path, what: str
) -> None:
    """Content that was not synchronised after its last change, and names whose folder was not, could be lost."""
    if shutil.which("strace") is None:
        give_up("strace is not installed")
    words: list[object] = {
        "load": ["load", tmp_path / "longer.nt", "--into", folder],
        "update": ["sparql", COPYING, "--update", "--graph", folder],
        "infer": ["infer", "--graph", folder],
    }[what]
    trace = tmp_path / "trace"
    traced = ["strace", "-f", "-y", "-qq", "-s", "4096", "-o", str(trace), "-e", f"trace={CALLS}"]
    subprocess.run([*traced, *kg_command(*words)], env=environment(), capture_output=True, check=True, timeout=120)
    files, names = set[str](), set[str]()  # what the disk may not have yet: content, and folders with new names in them
    late: set[str] | None = None  # the files that were not on disk when the pointer moved
    seen = 0
    for kind, paths in calls(trace):
        if not all(path.startswith(str(folder)) for path in paths):
            continue
        if kind == "write":
            files.add(paths[0])
            seen += 1
        elif kind == "sync":
            files.discard(paths[0])
            names.discard(paths[0])
        elif kind == "make":
            names.add(str(Path(paths[0]).parent))
        elif kind == "move":
            old, new = paths
            if new == str(folder / "current"):
                late = set(files)
                assert {path for path in late if not PASSING.search(path)} == set()
                assert {name for name in names if name.startswith(f"{folder}/generation-")} == set()
                assert old not in late
            for paths_of in (files, names):
                moved = {path for path in paths_of if path == old or path.startswith(f"{old}/")}
                paths_of.difference_update(moved)
                paths_of.update(new + path.removeprefix(old) for path in moved)
            names.add(str(Path(new).parent))
    assert late is not None
    assert seen > 5
    assert str(folder) not in names, "the new name of the pointer is on disk at the end"
    generation = folder / (folder / "current").read_text()
    assert inferred_of(generation).is_dir() == (what == "infer")
    wanted = content(folder, inferred=True)
    for path in late:
        Path(path).write_bytes(b"")  # as a loss of power may leave it
    assert content(folder, inferred=True) == wanted
