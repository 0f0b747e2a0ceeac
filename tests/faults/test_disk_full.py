"""A disk that is full, whenever: a clear error, the old content, nothing left over, and the next run works."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kg
from kg.exports.dataset_formats import DATASET_FORMATS
from kg.loading import load
from kg.stores.oxigraph import OxigraphStore
from tests.faults.disks import Disk, Ran, disk, snapshot

SHIPPED = kg.data_path("career-kg.trig")
DAY = ("--as-of", "2026-11-22")
FORMATS = tuple(form.name for form in DATASET_FORMATS)
#: An update that writes every quad once more, into a graph of its own.
COPYING = "INSERT { GRAPH <https://example.org/copy> { ?s ?p ?o } } WHERE { GRAPH ?any { ?s ?p ?o } }"
#: What a full disk is called: by the system, and by the limit on the size of a file.
FULL = r"No space left on device|File too large"
#: What to do is said too.
ADVICE = r"Check (the|its)|Make room|with more space|holds what it held before|Name another folder"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], Disk]]:
    """Make a disk; it goes with the test."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda size: stack.enter_context(disk(tmp_path / "disk", size))


def refused(ran: Ran, place: object) -> None:
    """Hold that a command named the place, said that it is full, and said what to do."""
    assert ran.code == 2, ran
    assert "Traceback" not in ran.err
    said = " ".join(ran.err.split())
    assert str(place) in said
    assert re.search(FULL, said), said
    assert re.search(ADVICE, said), said


def lines(count: int, name: str) -> str:
    return "".join(f'<https://example.org/{name}{i}> <https://example.org/p> "{name} {i}" .\n' for i in range(count))


def content(folder: Path) -> list[str]:
    store = OxigraphStore(folder)
    try:
        return sorted(map(str, store.quads()))
    finally:
        store.close()


# --- store folders --------------------------------------------------------------------------------------------------


def first_load(disk: Disk, file: Path) -> bool:
    """Load into a new folder on a disk that may be too small; return whether it was."""
    ran = disk.run("load", file, "--into", disk.path / "store")
    if ran.code:
        refused(ran, disk.path / "store")
        assert [*disk.seen.iterdir()] == [], "a first load that failed leaves nothing behind"
        return True
    return False


def change(disk: Disk, words: list[object], leaving: int, wanted: list[str]) -> bool:
    """Change a store on a disk that is nearly full; return whether it was too full, and hold what must hold."""
    store = disk.seen / "store"
    before = content(store)
    names = {path.name for path in store.iterdir()}
    with disk.filled(leaving):
        ran = disk.run(*words)
        assert content(store) == (before if ran.code else wanted)
    if ran.code:
        refused(ran, disk.path / "store")
        assert {path.name for path in store.iterdir()} == names
        again = disk.run(*words)
        assert again.code == 0, again
    assert content(store) == wanted
    assert len([*store.glob("generation-*")]) == 1
    return ran.code != 0


@pytest.fixture
def more(tmp_path: Path) -> Path:
    path = tmp_path / "more.nt"
    path.write_text(lines(3000, "more"))
    return path


def update_words(disk: Disk) -> list[object]:
    return ["sparql", COPYING, "--update", "--graph", disk.path / "store"]


def prepared(disk: Disk, tmp_path: Path) -> None:
    path = tmp_path / "first.nt"
    path.write_text(lines(1000, "first"))
    ran = disk.run("load", path, "--into", disk.path / "store")
    assert ran.code == 0, ran


def with_more(disk: Disk, more: Path, copy: Path) -> list[str]:
    """Return what the store holds when more is loaded where there is room."""
    if (disk.seen / "store").exists():
        shutil.copytree(disk.seen / "store", copy)
    load([more], into=copy)
    return content(copy)


def with_copies(disk: Disk, copy: Path) -> list[str]:
    """Return what the store holds when it is updated where there is room."""
    shutil.copytree(disk.seen / "store", copy)
    OxigraphStore(copy).update(COPYING)
    return content(copy)


@pytest.mark.parametrize("size", ["32k", "256k"])
def test_a_first_load_onto_a_disk_that_is_too_small(
    made: Callable[[str], Disk], tmp_path: Path, more: Path, size: str
) -> None:
    disk = made(size)
    assert first_load(disk, more)
    disk.remount("size=16m")
    assert not first_load(disk, more)
    load([more], into=tmp_path / "wanted")
    assert content(disk.seen / "store") == content(tmp_path / "wanted")


def test_a_load_into_a_store_on_a_full_disk(made: Callable[[str], Disk], tmp_path: Path, more: Path) -> None:
    disk = made("16m")
    prepared(disk, tmp_path)
    wanted = with_more(disk, more, tmp_path / "copy")
    assert change(disk, ["load", more, "--into", disk.path / "store"], 200_000, wanted)


def test_an_update_of_a_store_on_a_full_disk(made: Callable[[str], Disk], tmp_path: Path) -> None:
    disk = made("16m")
    prepared(disk, tmp_path)
    assert change(disk, update_words(disk), 16_384, with_copies(disk, tmp_path / "copy"))


@pytest.mark.slow
def test_a_first_load_onto_disks_of_all_sizes(tmp_path: Path, more: Path) -> None:
    too_small = []
    for size in (4, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 8192):
        with disk(tmp_path / str(size), f"{size}k") as small:
            too_small.append(first_load(small, more))
    print(f"first load: {sum(too_small)} of {len(too_small)} disks were too small")
    assert too_small == sorted(too_small, reverse=True)
    assert {*too_small} == {True, False}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["load", "update"])
def test_changes_of_a_store_on_a_disk_filled_to_all_levels(tmp_path: Path, more: Path, kind: str) -> None:
    full = []
    for number, leaving in enumerate((0, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 1024, 8192)):
        with disk(tmp_path / str(number), "24m") as filled:
            prepared(filled, tmp_path)
            if kind == "load":
                words: list[object] = ["load", more, "--into", filled.path / "store"]
                full.append(change(filled, words, leaving << 10, with_more(filled, more, tmp_path / f"copy-{number}")))
            else:
                full.append(
                    change(
                        filled, update_words(filled), leaving << 10, with_copies(filled, tmp_path / f"copy-{number}")
                    )
                )
    print(f"{kind}: {sum(full)} of {len(full)} levels were too full")
    assert full[0]
    assert not full[-1]


# --- files and folders ----------------------------------------------------------------------------------------------

Words = Callable[[Path], list[object]]


def export_to(name: str) -> Words:
    return lambda place: ["export", "--to", name, "-o", place]


WRITTEN: dict[str, Words] = {
    "an answer": lambda place: ["show", "AI-102", "--format", "json", "-o", place, *DAY],
    "a page": lambda place: ["draw", "gap", "AI Engineer", "-o", place, *DAY],
    "a still": lambda place: ["draw", "gap", "AI Engineer", "--format", "svg", "-o", place, *DAY],
    "a release": lambda place: ["build", "--out", place],
    "facts to start from": lambda place: ["init", place],
    **{f"export to {name}": export_to(name) for name in FORMATS},
}


def write_on_full_disk(disk: Disk, words: Words, parts: tuple[float, ...]) -> int:
    """Write where there is room for a part of it only, first with nothing there, then with old content.

    Returns
    -------
    int
        How often the disk was too full.
    """
    place, seen = disk.path / "place", disk.seen / "place"
    room = disk.free()
    ran = disk.run(*words(place))
    assert ran.code == 0, ran
    wanted = snapshot(seen)
    size = room - disk.free()
    old: dict[str, bytes] | None = wanted
    refusals = 0
    for there in (True, False):
        if not there or words is WRITTEN["facts to start from"]:
            remove(seen)
            old = None
        for part in parts:
            with disk.filled(int(size * part) // 4096 * 4096):
                ran = disk.run(*words(place))
                refused(ran, place)
                assert snapshot(seen) in ((None, {}) if old is None else (old,))
                assert {path.name for path in disk.seen.iterdir()} <= {"place", "filler"}, "a leftover"
                refusals += 1
    ran = disk.run(*words(place))
    assert ran.code == 0, ran
    assert snapshot(seen) == wanted
    assert {path.name for path in disk.seen.iterdir()} == {"place"}
    return refusals


def remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


@pytest.mark.parametrize("what", ["an answer", "export to turtle", "export to csv"])
def test_what_is_written_to_a_full_disk(made: Callable[[str], Disk], what: str) -> None:
    assert write_on_full_disk(made("64m"), WRITTEN[what], (0.5,)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("what", WRITTEN)
def test_whatever_is_written_to_a_disk_filled_to_several_levels(made: Callable[[str], Disk], what: str) -> None:
    parts = (0.0,) if what == "facts to start from" else (0.0, 0.25, 0.6, 0.95)
    times = write_on_full_disk(made("96m"), WRITTEN[what], parts)
    print(f"{what}: {times} refusals")
    assert times == 2 * len(parts)


@pytest.mark.parametrize("limit", [0, 8])
def test_a_limit_on_the_size_of_files(made: Callable[[str], Disk], tmp_path: Path, more: Path, limit: int) -> None:
    """As ``ulimit -f`` sets it: the signal that the system sends is not the end of the process."""
    disk = made("16m")
    page = disk.run("draw", "gap", "AI Engineer", "-o", disk.path / "page.html", *DAY, kilobytes_a_file=limit)
    refused(page, disk.path / "page.html")
    store = disk.run("load", more, "--into", disk.path / "store", kilobytes_a_file=limit)
    refused(store, disk.path / "store")
    assert [*disk.seen.iterdir()] == []


# --- what is only kept, or only temporary ---------------------------------------------------------------------------


@pytest.mark.parametrize("leaving", [0, pytest.param(12_288, marks=pytest.mark.slow)])
def test_a_question_is_answered_though_nothing_can_be_kept(
    made: Callable[[str], Disk], tmp_path: Path, leaving: int
) -> None:
    disk = made("64m")
    assert disk.run("load", SHIPPED, "--into", disk.path / "store").code == 0
    asked: list[list[object]] = [
        ["find", "ml enginer", "--graph", disk.path / "store", *DAY],
        ["similar", "AI Engineer", "--graph", disk.path / "store", *DAY],
        ["similar", "AI Engineer", "--measure", "text", "--graph", disk.path / "store", *DAY],
    ]
    extra = tmp_path / "extra.nt"
    extra.write_text(lines(1, "extra"))
    asked.append(["show", "AI-102", "--graph", disk.path / "store", "--graph", extra, *DAY])
    for words in asked:
        with disk.filled(leaving):
            poor = disk.run(*words)
        assert poor.code == 0, poor
        assert not any(path.name.endswith(".kg-part") for path in disk.seen.rglob("*"))
        assert poor == disk.run(*words), "the same with room as without"


def test_a_temporary_folder_that_is_full(made: Callable[[str], Disk], tmp_path: Path) -> None:
    disk = made("1m")
    with disk.filled(16_384):
        ran = disk.run("export", "--to", "csv", "-o", tmp_path / "csv", TMPDIR=disk.path)
        refused(ran, disk.path)
        assert "TMPDIR" in ran.err
        ran = disk.run("export", "--to", "trig", TMPDIR=disk.path)
        refused(ran, disk.path)
        assert ran.out == ""
    assert [*disk.seen.iterdir()] == []
    assert {path.name for path in tmp_path.iterdir()} == {"disk"}
    assert disk.run("export", "--to", "csv", "-o", tmp_path / "csv").code == 0


def test_combining_where_neither_folder_nor_temporary_folder_has_room(
    made: Callable[[str], Disk], tmp_path: Path
) -> None:
    disk = made("16m")
    prepared(disk, tmp_path)
    extra = tmp_path / "extra.nt"
    extra.write_text(lines(1, "extra"))
    with disk.filled(16_384):
        words = ("sparql", "ASK {}", "--graph", disk.path / "store", "--graph", extra)
        refused(disk.run(*words, TMPDIR=disk.path), disk.path)
    assert {path.name for path in disk.seen.iterdir()} == {"store"}


def test_a_download_onto_a_full_disk_goes_on_when_there_is_room(made: Callable[[str], Disk]) -> None:
    pytest.importorskip("pooch", reason="needs the extra fetch")
    from tests.fetching.test_fetch import NAME, Mirror, archive

    disk, mirror = made("256k"), Mirror()
    mirror.content[f"/{NAME}"] = archive(rows=4000)
    words = ("fetch", "onet", "--release", "29.3", "--mirror", mirror.url, "--into", disk.path / "onet")
    try:
        with disk.filled(40_960):
            refused(disk.run(*words), disk.path / "onet" / NAME)
            assert not (disk.seen / "onet" / NAME).exists()
            left = {path.name for path in (disk.seen / "onet").iterdir()}
            assert left <= {f"{NAME}.part", f"{NAME}.part.mark"}
        ran = disk.run(*words)
        assert ran.code == 0, ran
        assert (disk.seen / "onet" / NAME).read_bytes() == archive(rows=4000)
        assert {path.name for path in (disk.seen / "onet").iterdir()} == {NAME, f"{NAME}.sha256"}
    finally:
        mirror.close()


@pytest.mark.parametrize(
    "words",
    [
        ("show", "AI-102", *DAY),
        ("show", "AI-102", "--format", "csv", *DAY),
        ("export", "--to", "trig"),
        ("sparql", "SELECT * { ?s ?p ?o }"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_standard_output_that_is_full(words: tuple[str, ...]) -> None:
    import subprocess

    from tests.faults.disks import environment, kg_command

    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            kg_command(*words), stdout=full, stderr=subprocess.PIPE, env=environment(), encoding="utf-8", check=False
        )
    refused(Ran(done.returncode, "", done.stderr), "The answer")
