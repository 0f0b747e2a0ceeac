"""Readers and writers of one store folder at once: a reader sees one generation, whole, for as long as it reads."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.handles.loading import load
from kg.handles.opening import open_store
from kg.model.errors import StoreError
from kg.stores.generations import Hold
from kg.stores.oxigraph import OxigraphStore
from tests.faults.test_disk_full import chain

ROOT = Path(__file__).parents[2]
G, P = NamedNode("https://example.org/g"), NamedNode("https://example.org/p")
#: So many chunks give the engine more files than the sixteen it opens at once.
CHUNKS = 5

posix = pytest.mark.skipif(sys.platform == "win32", reason="there, files that are open cannot be removed")


def chunks(turn: int, count: int = CHUNKS, size: int = 300) -> Iterator[bytes]:
    for chunk in range(count):
        lines = (f'<https://example.org/s{turn}-{chunk}-{i}> {P} "{turn}" {G} .\n' for i in range(size))
        yield "".join(lines).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = OxigraphStore(tmp_path / "store")
    store.load(chunks(0))
    store.close()
    return tmp_path / "store"


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("generation-*"))


def one(number: int) -> Quad:
    return Quad(NamedNode(f"https://example.org/one{number}"), P, Literal(number), G)


@posix
def test_a_reader_goes_on_reading_files_that_it_had_not_opened(folder: Path) -> None:
    reader = OxigraphStore(folder)
    assert len([*folder.glob("generation-*/*.sst")]) > 16
    writer = OxigraphStore(folder)
    writer.add([one(1)])
    assert len(reader) == 1500
    assert len({*reader.quads()}) == 1500
    assert generations(folder) == ["generation-000001", "generation-000002"]
    reader.close()
    writer.add([one(2)])
    assert generations(folder) == ["generation-000003"], "what nobody reads any more is cleared away"
    assert len(OxigraphStore(folder)) == 1502


@posix
def test_a_reader_that_was_dropped_holds_nothing(folder: Path) -> None:
    reader = OxigraphStore(folder)
    del reader
    OxigraphStore(folder).add([one(1)])
    assert generations(folder) == ["generation-000002"]


@posix
def test_a_reader_in_a_process_that_was_killed_holds_nothing(folder: Path) -> None:
    program = "import sys, kg; g = kg.open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    arguments = [sys.executable, "-c", program, str(folder)]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        OxigraphStore(folder).add([one(1)])
        assert generations(folder) == ["generation-000001", "generation-000002"]
        reader.kill()
        reader.wait()
    OxigraphStore(folder).add([one(2)])
    assert generations(folder) == ["generation-000003"]


@posix
def test_graphs_read_together_go_on_being_read(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.nq"
    more.write_text(f'<https://example.org/more> {P} "more" {G} .\n')
    both, _ = open_store([folder, more])
    OxigraphStore(folder).add([one(1)])
    assert len({*both.quads()}) == 1501
    both.close()
    OxigraphStore(folder).add([one(2)])
    assert generations(folder) == ["generation-000003"]


@posix
def test_a_kept_combination_that_is_spoilt_is_made_anew(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.nq"
    more.write_text(f'<https://example.org/more> {P} "more" {G} .\n')
    open_store([folder, more])[0].close()
    (kept,) = folder.glob("generation-*+*")
    (kept / "CURRENT").write_text("nonsense")
    both, _ = open_store([folder, more])
    assert len(both) == 1501
    assert [*folder.glob("generation-*+*")] == [kept]
    both.close()


@posix
def test_a_leftover_that_cannot_be_removed_is_not_written_into(folder: Path) -> None:
    """What a killed writer left would else become part of the store."""
    half = folder / "generation-000002"
    (folder / "current.000002").write_text(half.name)
    store = OxigraphStore(half)  # any content: here a store of its own
    store.add([one(9)])
    store.close()
    hold = Hold(half)
    with pytest.raises(StoreError, match=r"generation-000002 is in the way.*It holds what it held before"):
        OxigraphStore(folder).add([one(1)])
    assert len(OxigraphStore(folder)) == 1500
    hold.release()
    OxigraphStore(folder).add([one(1)])
    assert len(OxigraphStore(folder)) == 1501


@posix
def test_derived_claims_that_cannot_be_removed_do_not_come_to_stand_beside_new_content(folder: Path) -> None:
    """A killed writer left them; the next generation would have had their name."""
    left = folder / "generation-000002.inferred"
    store = OxigraphStore(left)
    store.add([one(9)])
    store.close()
    hold = Hold(left)
    with pytest.raises(StoreError, match=r"generation-000002.inferred is in the way.*It holds what it held before"):
        OxigraphStore(folder).add([one(1)])
    assert len(OxigraphStore(folder, inferred=True)) == 1500
    hold.release()
    OxigraphStore(folder).add([one(1)])
    assert generations(folder) == ["generation-000002"]


@posix
def test_deriving_the_same_again_clears_away_what_a_killed_writer_left(folder: Path) -> None:
    """It was killed after its pointer had moved: there is nothing to write again, but something to remove."""
    kg.infer(folder)
    held = OxigraphStore(folder)
    for name in ("generation-000001", "generation-000001.inferred", "generation-000003.tmp"):
        (folder / name).mkdir()
    assert not kg.infer(folder).changed
    assert generations(folder) == ["generation-000002", "generation-000002.inferred"]
    assert len(held) == 1500
    (folder / "generation-000001").mkdir()
    with (folder / "lock").open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not kg.infer(folder).changed, "another writer's business"
        assert "generation-000001" in generations(folder)


@posix
def test_sparql_reads_the_generation_that_questions_read(folder: Path) -> None:
    with kg.open(folder) as g:
        OxigraphStore(folder).add([one(1)])
        found = kg.sparql(g, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        assert [row["n"] for row in found.rows()] == [len(g.store)] == [1500]


#: Counts the quads of a store folder over and over, by opening it anew each time and twice while it is open.
COUNTING = """
import sys
from pathlib import Path
from kg.stores.oxigraph import OxigraphStore
print("ready", flush=True)
seen = []
while not Path(sys.argv[2]).exists():
    store = OxigraphStore(Path(sys.argv[1]))
    first = len(store)
    turns = {int(quad.object.value) for quad in store.quads()}
    again = len({*store.quads()})
    assert first == again == 1500 * len(turns) and turns == set(range(len(turns))), (first, again, turns)
    seen.append(len(turns))
    store.close()
assert seen == sorted(seen), seen
print(len(seen), len(set(seen)))
"""


#: As `COUNTING`, of a chain of broader things and what was derived from it: all of it, or nothing.
DERIVED = """
import sys
from pathlib import Path
from kg.stores.oxigraph import OxigraphStore
print("ready", flush=True)
seen = []
while not Path(sys.argv[2]).exists():
    store = OxigraphStore(Path(sys.argv[1]), inferred=True)
    for _ in range(2):
        names = [quad.predicate.value.rpartition("#")[2] for quad in store.quads()]
        asserted, derived = names.count("broader"), names.count("broaderTransitive")
        assert derived in (0, asserted * (asserted + 1) // 2), (asserted, derived)
        seen.append((asserted, derived))
    assert seen[-1] == seen[-2], seen
    store.close()
assert [asserted for asserted, _ in seen] == sorted(asserted for asserted, _ in seen), seen
print(len(seen) // 2, len(set(seen)))
"""


def read_beside_a_writer(
    program: str, folder: Path, stop: Path, writes: Iterable[Callable[[], object]], *, readers: int
) -> tuple[int, int]:
    """Write over and over beside readers; return how often was read, and the most generations that one of them saw."""
    arguments = [sys.executable, "-c", program, str(folder), str(stop)]
    running = [
        subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(readers)
    ]
    try:
        for reader in running:
            assert reader.stdout is not None
            reader.stdout.readline()
        for write in writes:
            write()
    finally:
        stop.touch()
        done = [reader.communicate(timeout=120) for reader in running]
    assert [reader.returncode for reader in running] == [0] * readers, [said for _, said in done]
    counts = [tuple(map(int, out.split())) for out, _ in done]
    return sum(reads for reads, _ in counts), max(seen for _, seen in counts)


def loads(folder: Path, turns: int) -> list[Callable[[], object]]:
    return [partial(lambda turn: OxigraphStore(folder).load(chunks(turn)), turn) for turn in range(1, turns + 1)]


@posix
@pytest.mark.parametrize(("readers", "turns"), [(1, 3), pytest.param(4, 12, marks=pytest.mark.slow)])
def test_processes_read_whole_generations_beside_a_writer(
    folder: Path, tmp_path: Path, readers: int, turns: int
) -> None:
    reads, seen = read_beside_a_writer(COUNTING, folder, tmp_path / "stop", loads(folder, turns), readers=readers)
    print(f"reads beside {turns} loads, by {readers} processes: {reads}; generations seen by one: {seen}")
    assert reads >= readers
    assert seen >= 2
    OxigraphStore(folder).add([one(1)])
    assert len(generations(folder)) == 1


@posix
@pytest.mark.parametrize(("readers", "turns"), [(1, 2), pytest.param(4, 12, marks=pytest.mark.slow)])
def test_readers_of_derived_claims_never_see_stale_ones(tmp_path: Path, readers: int, turns: int) -> None:
    folder = tmp_path / "store"

    def grow(turn: int) -> None:
        (tmp_path / "chain.nt").write_text(chain(4 * turn))
        load([tmp_path / "chain.nt"], into=folder)

    grow(1)
    kg.infer(folder)
    writes = [write for turn in range(2, turns + 2) for write in (partial(grow, turn), partial(kg.infer, folder))]
    reads, seen = read_beside_a_writer(DERIVED, folder, tmp_path / "stop", writes, readers=readers)
    print(
        f"reads beside {turns} loads and inferences, by {readers} processes: {reads}; generations seen by one: {seen}"
    )
    assert reads >= readers
    assert seen >= 2
    OxigraphStore(folder).add([one(1)])
    assert len(generations(folder)) == 1, "what was derived from the old content has gone with it"


@posix
def test_threads_read_one_store_beside_a_writer(folder: Path) -> None:
    reader = kg.open(folder)
    wrong: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = len({*reader.store.quads()})
            if found != 1500:
                wrong.append(found)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    OxigraphStore(folder).load(chunks(1))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(OxigraphStore(folder)) == 3000


@posix
def test_a_lock_that_a_killed_writer_left_is_none(folder: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from kg.stores.oxigraph import OxigraphStore\n"
        "OxigraphStore(Path(sys.argv[1])).load(os.kill(os.getpid(), 9) or b'' for _ in range(2))"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert (folder / "lock").exists()
    OxigraphStore(folder).add([one(1)])
    assert len(OxigraphStore(folder)) == 1501
