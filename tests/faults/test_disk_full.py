"""A disk that is full, whenever: a clear error, the old content, nothing left over, and the next run works."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

import kg
from kg.exports.dataset_formats import DATASET_FORMATS
from kg.handles.loading import load
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
ADVICE = r"Check (the|its)|Make room|with more space|holds what it held before|Name another folder|set TMPDIR"


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


def chain(count: int) -> str:
    """Return so many broader things, one after the other; from n of them n (n + 1) / 2 follow by `broader-closure`."""
    broader = "<http://www.w3.org/2004/02/skos/core#broader>"
    things = [f"<https://example.org/thing{i}>" for i in range(count + 1)]
    return "".join(f"{one} {broader} {other} .\n" for one, other in pairwise(things))


def content(folder: Path, *, inferred: bool = False) -> list[str]:
    store = OxigraphStore(folder, inferred=inferred)
    try:
        found = sorted(map(str, store._engine))
        assert sorted(map(str, store.quads())) == found, "the columns hold what the engine does"
        return found
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


class Change(NamedTuple):
    """A change of a store folder: as a command, here, and whether the store holds derived claims before."""

    words: Callable[[Path, Path], list[object]]
    here: Callable[[Path, Path], object]
    derived: bool = False


LOADING = Change(lambda store, more: ["load", more, "--into", store], lambda store, more: load([more], into=store))
CHANGES = {
    "load": LOADING,
    "load over derived claims": LOADING._replace(derived=True),
    "update": Change(
        lambda store, _: ["sparql", COPYING, "--update", "--graph", store],
        lambda store, _: OxigraphStore(store).update(COPYING),
    ),
    "infer": Change(lambda store, _: ["infer", "--graph", store], lambda store, _: kg.infer(store), derived=True),
}


def change(disk: Disk, tmp_path: Path, more: Path, kind: str, leaving: int) -> bool:
    """Change a store on a disk that is nearly full; return whether it was too full, and hold what must hold."""
    store, words, here = disk.seen / "store", *CHANGES[kind][:2]
    prepare(disk, tmp_path, derived=CHANGES[kind].derived)
    shutil.copytree(store, tmp_path / "copy")
    here(tmp_path / "copy", more)
    wanted = content(tmp_path / "copy", inferred=True)
    shutil.rmtree(tmp_path / "copy")
    before = content(store, inferred=True)
    names = {path.name for path in store.iterdir()}
    assert before != wanted
    with disk.filled(leaving):
        ran = disk.run(*words(disk.path / "store", more))
        assert content(store, inferred=True) == (before if ran.code else wanted)
    if ran.code:
        refused(ran, disk.path / "store")
        assert {path.name for path in store.iterdir()} == names
        again = disk.run(*words(disk.path / "store", more))
        assert again.code == 0, again
    assert content(store, inferred=True) == wanted
    assert all(path.name.startswith((store / "current").read_text()) for path in store.glob("generation-*"))
    return ran.code != 0


@pytest.fixture
def more(tmp_path: Path) -> Path:
    path = tmp_path / "more.nt"
    path.write_text(lines(3000, "more"))
    return path


def prepare(disk: Disk, tmp_path: Path, *, derived: bool = False) -> None:
    """Load into a new store on a disk, and derive something."""
    path = tmp_path / "first.nt"
    path.write_text(lines(1000, "first") + chain(12))
    ran = disk.run("load", path, "--into", disk.path / "store")
    assert ran.code == 0, ran
    if derived:
        ran = disk.run("infer", "--rule", "inverse", "--graph", disk.path / "store")
        assert ran.code == 0, ran


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


@pytest.mark.parametrize(("kind", "leaving"), [("load", 200_000), ("infer", 100_000)])
def test_a_change_of_a_store_on_a_full_disk(
    made: Callable[[str], Disk], tmp_path: Path, more: Path, kind: str, leaving: int
) -> None:
    assert change(made("16m"), tmp_path, more, kind, leaving)


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
@pytest.mark.parametrize("kind", CHANGES)
def test_changes_of_a_store_on_a_disk_filled_to_all_levels(tmp_path: Path, more: Path, kind: str) -> None:
    full = []
    for number, leaving in enumerate((0, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 1024, 8192)):
        with disk(tmp_path / str(number), "24m") as filled:
            full.append(change(filled, tmp_path, more, kind, leaving << 10))
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
    "a release": lambda place: ["build", "-o", place],
    "facts to start from": lambda place: ["init", place],
    "a folder": lambda place: ["export", "--to", "csv", "--about", "AI-102", "-o", place, *DAY],
    "derived claims": lambda place: ["infer", "-o", place],
    **{f"export to {name}": export_to(name) for name in FORMATS},
}


#: What makes other content before, where the same would not be written again.
OLDER: dict[str, Words] = {"derived claims": lambda place: ["infer", "--rule", "inverse", "-o", place]}


def write_on_full_disk(disk: Disk, what: str, parts: tuple[float, ...]) -> int:
    """Write where there is room for a part of it only, first with old content there, then with none.

    Returns
    -------
    int
        How often the disk was too full.
    """
    words, name = WRITTEN[what], "place.trig" if what == "derived claims" else "place"
    place, seen = disk.path / name, disk.seen / name
    room = disk.free()
    ran = disk.run(*words(place))
    assert ran.code == 0, ran
    wanted = snapshot(seen)
    size = room - disk.free()
    if what in OLDER:
        assert disk.run(*OLDER[what](place)).code == 0
    old = snapshot(seen)
    refusals = 0
    for there in (True, False):
        if not there or what == "facts to start from":
            remove(seen)
            old = None
        for part in parts:
            with disk.filled(int(size * part) // 4096 * 4096):
                ran = disk.run(*words(place))
                refused(ran, place)
                assert snapshot(seen) in ((None, {}) if old is None else (old,))
                assert {path.name for path in disk.seen.iterdir()} <= {name, "filler"}, "a leftover"
                refusals += 1
    ran = disk.run(*words(place))
    assert ran.code == 0, ran
    assert snapshot(seen) == wanted
    assert {path.name for path in disk.seen.iterdir()} == {name}
    return refusals


def remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


@pytest.mark.parametrize("what", ["an answer", "a folder"])
def test_what_is_written_to_a_full_disk(made: Callable[[str], Disk], what: str) -> None:
    assert write_on_full_disk(made("64m"), what, (0.5,)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("what", WRITTEN)
def test_whatever_is_written_to_a_disk_filled_to_several_levels(made: Callable[[str], Disk], what: str) -> None:
    parts = (0.0,) if what == "facts to start from" else (0.0, 0.25, 0.6, 0.95)
    times = write_on_full_disk(made("96m"), what, parts)
    print(f"{what}: {times} refusals")
    assert times == 2 * len(parts)


@pytest.mark.parametrize("limit", [8, pytest.param(0, marks=pytest.mark.slow)])
def test_a_limit_on_the_size_of_files(made: Callable[[str], Disk], tmp_path: Path, more: Path, limit: int) -> None:
    """As ``ulimit -f`` sets it: the signal that the system sends is not the end of the process."""
    disk = made("16m")
    page = disk.run("draw", "gap", "AI Engineer", "-o", disk.path / "page.html", *DAY, kilobytes_a_file=limit)
    refused(page, disk.path / "page.html")
    store = disk.run("load", more, "--into", disk.path / "store", kilobytes_a_file=limit)
    refused(store, disk.path / "store")
    assert [*disk.seen.iterdir()] == []


# --- what is only kept, or only temporary ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leaving", "quick"), [(0, True), *(pytest.param(n, False, marks=pytest.mark.slow) for n in (0, 12_288))]
)
def test_a_question_is_answered_though_nothing_can_be_kept(
    made: Callable[[str], Disk], tmp_path: Path, leaving: int, quick: bool
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
    for words in asked[::3] if quick else asked:
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
        ran = disk.run("infer", "-o", tmp_path / "derived.nq", TMPDIR=disk.path)
        refused(ran, disk.path)
        assert "TMPDIR" in ran.err
    assert [*disk.seen.iterdir()] == []
    assert {path.name for path in tmp_path.iterdir()} == {"disk"}
    assert disk.run("export", "--to", "csv", "-o", tmp_path / "csv").code == 0


def test_combining_where_neither_folder_nor_temporary_folder_has_room(
    made: Callable[[str], Disk], tmp_path: Path
) -> None:
    disk = made("16m")
    prepare(disk, tmp_path)
    extra = tmp_path / "extra.nt"
    extra.write_text(lines(1, "extra"))
    with disk.filled(16_384):
        words = ("sparql", "ASK {}", "--graph", disk.path / "store", "--graph", extra)
        refused(disk.run(*words, TMPDIR=disk.path), disk.path)
    assert {path.name for path in disk.seen.iterdir()} == {"store"}


def test_a_download_onto_a_full_disk_goes_on_when_there_is_room(made: Callable[[str], Disk]) -> None:
    pytest.importorskip("pooch", reason="needs the extra fetch")
    from tests.sources.test_fetch import NAME, Mirror, archive

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
