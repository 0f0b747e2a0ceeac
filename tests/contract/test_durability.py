"""A store folder survives what may happen to it: kills, faults midway, leftovers, readers while it is written."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.handles.loading import load
from kg.handles.opening import open_store
from kg.model.errors import BadInput, StoreError
from kg.stores.oxigraph import OxigraphStore
from tests.rights import without_privileges

ROOT = Path(__file__).parents[2]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
EX = "https://example.org/"

#: Adds quads to the store folder of its first argument and kills itself after as many as its second says.
SUICIDE = """
import os, signal, sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from kg.stores.oxigraph import OxigraphStore

def quads(limit):
    for i in range(10**9):
        if i == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        yield Quad(NamedNode(f"a:new{i}"), NamedNode("a:p"), Literal(i), NamedNode("a:g"))

OxigraphStore(Path(sys.argv[1])).add(quads(int(sys.argv[2])))
"""

#: Adds many quads, over and over, saying each time when it begins.
BUSY = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from kg.stores.oxigraph import OxigraphStore

store = OxigraphStore(Path(sys.argv[1]))
for turn in range(1000):
    print(turn, flush=True)
    store.add(Quad(NamedNode(f"a:{turn}/{i}"), NamedNode("a:p"), Literal(i), NamedNode("a:g")) for i in range(1000))
"""


def quads(count: int, name: str = "s") -> list[Quad]:
    graph = NamedNode(EX + "g")
    return [Quad(NamedNode(f"{EX}{name}{i}"), NamedNode(EX + "p"), Literal(i), graph) for i in range(count)]


def content(folder: Path) -> set[Quad]:
    store = OxigraphStore(folder)
    try:
        return set(store.quads())
    finally:
        store.close()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder of ten quads."""
    store = OxigraphStore(tmp_path / "store")
    store.add(quads(10))
    store.close()
    return tmp_path / "store"


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], cwd=ROOT, capture_output=True, encoding="utf-8"
    )


def test_what_was_added_is_there_after_reopening(folder: Path) -> None:
    assert content(folder) == set(quads(10))
    store = OxigraphStore(folder)
    store.add(quads(5, "more"))
    assert len(store) == 15  # in the store that wrote, too
    assert content(folder) == {*quads(10), *quads(5, "more")}


# --- kills ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 50_000])
def test_a_load_killed_midway_leaves_the_old_content(folder: Path, limit: int) -> None:
    before = names(folder)
    killed = run(SUICIDE, folder, limit)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert names(folder) > before, "the kill left no trace: it came too early to show anything"
    assert content(folder) == set(quads(10))
    store = OxigraphStore(folder)
    store.add(quads(3, "later"))
    store.close()
    assert content(folder) == {*quads(10), *quads(3, "later")}
    assert len(names(folder)) == len(before), "the leftovers of the kill are still there"


def test_the_first_load_killed_midway_leaves_no_store_and_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    assert run(SUICIDE, folder, 1000).returncode == -signal.SIGKILL
    assert names(folder)
    with pytest.raises(BadInput, match="holds no facts"):
        kg.open(folder)
    OxigraphStore(folder).add(quads(3))
    assert content(folder) == set(quads(3))


@pytest.mark.parametrize("seed", range(4))
def test_kills_from_outside_at_any_moment_lose_nothing(folder: Path, seed: int) -> None:
    busy = [sys.executable, "-c", BUSY, str(folder)]
    with subprocess.Popen(busy, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        turns = process.stdout.read().split()
    begun = int(turns[-1]) if turns else 0  # every turn before this one had ended
    found = content(folder)
    assert set(quads(10)) <= found
    whole, part = divmod(len(found) - 10, 1000)
    assert part == 0, "a turn is there in part"
    assert begun <= whole <= begun + 1
    OxigraphStore(folder).add(quads(1, "later"))
    assert len(content(folder)) == len(found) + 1


# --- faults ---------------------------------------------------------------------------------------------------------


def test_an_iterator_that_raises_leaves_nothing_behind(folder: Path) -> None:
    before = names(folder)

    def broken() -> Iterator[Quad]:
        yield from quads(1000, "new")
        raise OSError("disk on fire")

    with pytest.raises(StoreError, match=r"disk on fire.*It holds what it held before"):
        OxigraphStore(folder).add(broken())
    assert content(folder) == set(quads(10))
    assert names(folder) == before


def test_a_bad_file_among_good_ones_loads_nothing_and_is_named(folder: Path, tmp_path: Path) -> None:
    good, bad, worse = tmp_path / "good.ttl", tmp_path / "bad.ttl", tmp_path / "worse.nt"
    good.write_text("<a:s> <a:p> <a:o> .")
    bad.write_text("<a:s> <a:p> <a:o> .\n<a:s> <a:p> .\n")
    worse.write_text("<a:s> <a:p> <a:o> .\n\nnonsense\n")
    with pytest.raises(BadInput) as caught:
        load([good, bad, worse], into=folder)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [(str(bad), 2), (str(worse), 3)]
    assert content(folder) == set(quads(10))


def test_loading_files_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "one.ttl"
    file.write_text("<a:s> <a:p> [ <a:q> 1 ] .")
    first = load([file], into=tmp_path / "store")
    again = load([file], into=tmp_path / "store")
    assert first.added == first.total == again.total
    assert (again.read, again.added) == (first.read, 0)
    assert first.total == len(content(tmp_path / "store"))


# --- what is no store -----------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    photos = tmp_path / "000001"
    photos.mkdir()
    (photos / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(StoreError, match="is a folder but no store: it has no `current` file"):
        load([kg.data_path("ontology/kg.ttl")], into=tmp_path)
    assert (photos / "holiday.jpg").exists()


def test_other_things_in_a_store_folder_are_left_alone(folder: Path) -> None:
    (folder / "2024").mkdir()
    (folder / "README.md").write_text("mine")
    OxigraphStore(folder).add(quads(1, "later"))
    assert {"2024", "README.md"} < names(folder)
    assert len(content(folder)) == 11


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "store"
    file.write_text("no store")
    with pytest.raises(StoreError, match="is a file, not a store folder"):
        OxigraphStore(file)
    assert file.read_text() == "no store"


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written"):
        OxigraphStore(tmp_path / "file" / "store").add(quads(1))


@pytest.mark.parametrize("pointer", ["", "generation-000099", "../../elsewhere", "/etc", "\udcff", "x" * 5000])
def test_a_pointer_that_leads_nowhere(folder: Path, pointer: str) -> None:
    (folder / "current").write_bytes(pointer.encode(errors="surrogateescape"))
    with pytest.raises(StoreError, match="has a pointer that leads nowhere: there is generation-") as caught:
        kg.open(folder)
    assert str(folder) in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_generation_that_is_damaged(folder: Path) -> None:
    generation = folder / (folder / "current").read_text()
    for file in generation.glob("MANIFEST*"):
        file.write_bytes(b"nonsense")
    with pytest.raises(StoreError, match=r"cannot be opened.*Check its rights, or delete it"):
        kg.open(folder)


@pytest.mark.parametrize(("mode", "message"), [(0o000, "cannot be"), (0o500, "cannot be written")])
def test_a_folder_without_rights(folder: Path, mode: int, message: str) -> None:
    folder.chmod(mode)
    try:
        with without_privileges(), pytest.raises(StoreError, match=message):
            OxigraphStore(folder).add(quads(1, "later"))
    finally:
        folder.chmod(0o700)
    assert content(folder) == set(quads(10))


def test_a_missing_place_is_named() -> None:
    with pytest.raises(StoreError, match='There is no "nowhere/at-all"'):
        open_store("nowhere/at-all")


def test_reading_a_new_folder_does_not_make_it(tmp_path: Path) -> None:
    assert len(OxigraphStore(tmp_path / "new")) == 0
    assert not (tmp_path / "new").exists()


# --- several at once ------------------------------------------------------------------------------------------------


def test_a_reader_keeps_its_content_while_a_writer_loads(folder: Path) -> None:
    reader = kg.open(folder)
    writer = OxigraphStore(folder)
    for turn in range(3):
        writer.add(quads(2000, f"turn{turn}-"))
        assert set(reader.store.quads()) == set(quads(10))
        assert [*reader.store.select(COUNT).dicts()] == [{"n": 10}]
    assert len(content(folder)) == 6010


def test_two_processes_read_at_once(folder: Path) -> None:
    reader = OxigraphStore(folder)
    other = run("import sys, kg; print(len(kg.open(sys.argv[1]).store))", folder)
    assert (other.stdout.strip(), other.returncode) == ("10", 0), other.stderr
    assert len(reader) == 10


def test_a_writer_adds_to_what_another_has_written_meanwhile(folder: Path) -> None:
    first, second = OxigraphStore(folder), OxigraphStore(folder)
    first.add(quads(1, "first"))
    second.add(quads(1, "second"))
    assert content(folder) == {*quads(10), *quads(1, "first"), *quads(1, "second")}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such lock")
def test_a_second_writer_is_told_to_wait(folder: Path) -> None:
    second = OxigraphStore(folder)

    def meanwhile() -> Iterator[Quad]:
        with pytest.raises(StoreError, match=r"Another process is loading into .*Wait"):
            second.add(quads(1, "second"))
        yield from quads(1, "first")

    OxigraphStore(folder).add(meanwhile())
    assert content(folder) == {*quads(10), *quads(1, "first")}
    second.add(quads(1, "second"))
    assert len(content(folder)) == 12


def test_a_copy_of_the_folder_is_a_store(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    assert content(tmp_path / "copy") == set(quads(10))
