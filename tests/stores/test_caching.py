"""What is kept beside a store is whole and unspoilt, or made anew."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.handles.loading import load
from kg.stores.caching import keep

ROOT = Path(__file__).parents[2]


def write(path: Path) -> None:
    path.write_text("content")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "derived"


def test_what_is_kept_is_made_once(folder: Path) -> None:
    first = keep(folder, "thing-1.txt", write)
    again = keep(folder, "thing-1.txt", lambda path: pytest.fail("it is there"))
    assert first == again is not None
    assert [*folder.iterdir()] == [first]


@pytest.mark.parametrize("spoil", [b"", b"conten", b"contenu", b"content\0", b"x" * 1000], ids=len)
def test_a_spoilt_file_is_made_anew(folder: Path, spoil: bytes) -> None:
    path = keep(folder, "thing-1.txt", write)
    assert path is not None
    path.write_bytes(spoil)
    assert keep(folder, "thing-1.txt", write) == path
    assert path.read_text() == "content"
    assert [*folder.iterdir()] == [path]


def test_a_file_of_another_version_is_left_alone(folder: Path) -> None:
    old = keep(folder, "thing-1.txt", write)
    new = keep(folder, "thing-2.txt", write)
    assert old != new
    assert {*folder.iterdir()} == {old, new}


def test_what_cannot_be_written_is_not_kept(folder: Path) -> None:
    def full(path: Path) -> None:
        path.write_text("half")
        raise OSError("disk full")

    assert keep(folder, "thing-1.txt", full) is None
    assert [*folder.iterdir()] == []


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
def test_what_killed_writers_left_does_not_grow(folder: Path) -> None:
    program = (
        "import os, sys, pathlib, kg.stores.caching as c\n"
        "c.keep(pathlib.Path(sys.argv[1]), 'thing-1.txt', lambda path: os.kill(os.getpid(), 9))"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, check=False)
        assert len([*folder.iterdir()]) == 1
    path = keep(folder, "thing-1.txt", write)
    assert [*folder.iterdir()] == [path]


@pytest.mark.parametrize("seed", range(3))
def test_no_flipped_bit_in_what_is_kept_changes_an_answer(tmp_path: Path, seed: int) -> None:
    """SQLite and numpy would read most of such files without a word."""
    store = tmp_path / "store"
    load([kg.data_path("career-kg.trig")], into=store)

    def answers() -> list[str]:
        with kg.open(store, as_of="2026-11-22") as g:
            return [str(kg.find(g, "ml enginer")), str(kg.similar(g, "AI Engineer").rows())]

    wanted = answers()
    rng = random.Random(seed)
    kept = sorted(store.glob("generation-*/derived/*"))
    assert len(kept) >= 2
    for path in kept:
        content = bytearray(path.read_bytes())
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
    assert answers() == wanted
    assert sorted(store.glob("generation-*/derived/*")) == kept
