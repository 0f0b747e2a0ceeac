"""SIGKILL at any moment: the old content or the new, whole files only; the next run works and clears away the rest."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.building import build
from kg.exports.datasets import export
from kg.loading import load
from kg.stores.oxigraph import OxigraphStore
from tests.faults.disks import ROOT, environment, kg_command, snapshot
from tests.faults.killing import killed_after
from tests.faults.test_disk_full import COPYING, content, lines

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")

#: What is told of a place after a kill: what it holds, and what else lies there.
Left = tuple[object, frozenset[str]]


def beside(place: Path) -> frozenset[str]:
    return frozenset(path.name for path in place.parent.iterdir()) - {place.name}


# --- what is done, and what is there afterwards ---------------------------------------------------------------------


def do_load(place: Path, file: Path) -> None:
    load([file], into=place)


def do_update(place: Path, file: Path) -> None:
    OxigraphStore(place).update(COPYING)


def do_export(name: str, place: Path, file: Path) -> None:
    with kg.open(file) as g:
        export(g, name, place)


def do_build(place: Path, file: Path) -> None:
    build([file], out=place)


def of_store(place: Path) -> Left:
    """Return the quads of a store, and what else lies in its folder or lacks there."""
    if not place.exists():
        return None, frozenset()
    names = {path.name for path in place.iterdir()}
    if not (place / "current").exists():
        return None, frozenset(names)
    named = (place / "current").read_text()
    return tuple(content(place)), frozenset(names - {"current", "lock", named})


def of_files(place: Path) -> Left:
    found = snapshot(place)
    return None if found is None else tuple(sorted(found.items())), beside(place)


def phase_of(before: object, left: Left, *, ended: bool) -> str:
    """Return what was going on when the kill came."""
    if ended:
        return "after the end"
    found, rest = left
    if found == before:
        pointer = any(name.startswith("current.") for name in rest)
        return "pointer" if pointer else "writing" if rest else "before anything was written"
    return "clearing away" if rest else "all but the end"


def spread(count: int, seconds: float, seed: int) -> list[float]:
    """Return moments over a span, one in each equal part of it, at random within."""
    rng = random.Random(seed)
    return [(i + rng.random()) / count * seconds for i in range(count)]


def hold(
    work: Callable[[Path, Path], None],
    place: Path,
    files: tuple[Path, Path],
    look: Callable[[Path], Left],
    *,
    first: bool,
    kills: int,
    seed: int,
    mixed: bool = False,
) -> Counter[str]:
    """Kill work at moments spread over its whole length, and hold after each what must hold.

    Parameters
    ----------
    files
        What the old content is made from, and the new.
    first
        Whether there is no old content.
    mixed
        Whether the place is several files that are moved one after the other; each is then old or new.

    Returns
    -------
    Counter
        How many kills fell into each phase.
    """
    old_file, new_file = files
    template = place.parent.parent / "template" / place.name
    template.parent.mkdir()
    if not first:
        (do_load if work is do_update else work)(template, old_file)

    def renew() -> None:
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir()
        if template.is_dir():
            shutil.copytree(template, place)
        elif template.exists():
            shutil.copy2(template, place)

    renew()
    before, _ = look(place)
    _, took = killed_after(None, work, place, new_file)
    after, rest = look(place)
    assert rest == frozenset()
    assert after != before
    phases: Counter[str] = Counter()
    for number, moment in enumerate(spread(kills, took, seed)):
        if number % 2 == 0 or look(place)[0] == after:
            renew()  # else the next run begins with what the kill before left
        ended = not killed_after(moment, work, place, new_file)[0]
        left = look(place)
        if mixed:
            assert isinstance(left[0], tuple | None)
            whole = {*(before or ()), *after}  # type: ignore[misc]  # tuples both
            assert {*(left[0] or ())} <= whole, "a file is neither the old one nor the new one"
        else:
            assert left[0] in (before, after), f"content lost {moment:.3f} seconds after the start"
        is_mixed = mixed and left[0] not in (before, after, None)
        phases["moving" if is_mixed else phase_of(before, left, ended=ended)] += 1
        if number % 5 == 0:
            work(place, new_file)
            if work is not do_load and work is not do_update:
                assert look(place) == (after, frozenset()), "the next run did not clear away"
            else:
                found, rest = look(place)
                assert (found, rest) == (after, frozenset())
    print(f"{kills} kills: {dict(phases)}; content lost: 0")
    return phases


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    for name, count in (("old", 500), ("new", 6000)):
        (tmp_path / f"{name}.nt").write_text(lines(count, name))
    return tmp_path / "old.nt", tmp_path / "new.nt"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work" / "place"


def facts(tmp_path: Path, name: str) -> Path:
    path = kg.init(tmp_path / name)
    path.write_text(path.read_text().replace("Data Platform Engineer", f"{name} Engineer"))
    return path


@pytest.mark.parametrize("first", [True, False], ids=["first", "again"])
def test_a_load_killed_a_few_times(place: Path, files: tuple[Path, Path], first: bool) -> None:
    assert hold(do_load, place, files, of_store, first=first, kills=4, seed=1).total() == 4


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False], ids=["first", "again"])
def test_a_load_killed_a_hundred_times(place: Path, files: tuple[Path, Path], first: bool) -> None:
    phases = hold(do_load, place, files, of_store, first=first, kills=100, seed=2)
    assert phases["writing"] >= 10


@pytest.mark.slow
def test_an_update_killed_a_hundred_times(place: Path, files: tuple[Path, Path]) -> None:
    phases = hold(do_update, place, (files[1], files[1]), of_store, first=False, kills=100, seed=3)
    assert phases["writing"] >= 10


def export_ntriples(place: Path, file: Path) -> None:
    do_export("ntriples", place, file)


def export_csv(place: Path, file: Path) -> None:
    do_export("csv", place, file)


def export_parquet(place: Path, file: Path) -> None:
    do_export("parquet", place, file)


@pytest.mark.slow
@pytest.mark.parametrize("work", [export_ntriples, export_csv, export_parquet])
@pytest.mark.parametrize("first", [True, False], ids=["first", "again"])
def test_an_export_killed_a_hundred_times(
    place: Path, files: tuple[Path, Path], work: Callable[[Path, Path], None], first: bool
) -> None:
    assert hold(work, place, files, of_files, first=first, kills=100, seed=4).total() == 100


@pytest.mark.slow
def test_a_build_killed_a_hundred_times(place: Path, tmp_path: Path) -> None:
    files = facts(tmp_path, "Old"), facts(tmp_path, "New")
    assert hold(do_build, place, files, of_build, first=False, kills=100, seed=5, mixed=True).total() == 100


def of_build(place: Path) -> Left:
    """Return the files of a release, and what is no file of it."""
    found = snapshot(place) or {}
    rest = {name for name in found if name.endswith(".kg-part")}
    return tuple(sorted((name, data) for name, data in found.items() if name not in rest)) or None, frozenset(rest)


# --- every call that changes a folder -------------------------------------------------------------------------------

#: What changes names and what makes them last; strace kills at the n-th of each kind, for every n there is.
CALLS = ("rename,renameat,renameat2", "fsync", "fdatasync", "unlink,unlinkat,rmdir", "link,linkat,mkdir")


@pytest.mark.slow
@pytest.mark.parametrize("what", ["load", "export"])
def test_a_kill_at_every_call_that_changes_a_folder(
    place: Path, files: tuple[Path, Path], tmp_path: Path, what: str
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    old_file, new_file = files
    work, look = (do_load, of_store) if what == "load" else (export_csv, of_files)
    words = (
        ["load", new_file, "--into", place]
        if what == "load"
        else ["export", "--to", "csv", "--graph", new_file, "-o", place]
    )
    work(place, old_file)
    before, _ = look(place)
    work(place, new_file)
    after, _ = look(place)
    phases: Counter[str] = Counter()
    for calls in CALLS:
        for number in range(1, 500):
            shutil.rmtree(place.parent)
            place.parent.mkdir()
            work(place, old_file)
            traced = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={calls}:signal=KILL:when={number}"]
            done = subprocess.run(
                [*traced, *kg_command(*words)], env=environment(), capture_output=True, check=False, timeout=120
            )
            left = look(place)
            if done.returncode == 0:
                assert left == (after, frozenset())
                break
            assert left[0] in (before, after), f"content lost at call {number} of {calls}"
            phases[phase_of(before, left, ended=False)] += 1
            work(place, new_file)
            assert look(place) == (after, frozenset()), f"the next run did not clear away what {number} of {calls} left"
    print(f"{what}: kills at each of {phases.total()} calls: {dict(phases)}; content lost: 0")
    assert set(phases) >= {"writing", "clearing away"}
    assert what != "load" or phases["pointer"]


# --- ends that are asked for ----------------------------------------------------------------------------------------


def _heed_signals() -> None:
    """Undo what a shell does for what it starts in the background, and nohup for what it starts: to ignore signals."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=lambda value: str(value),
)
@pytest.mark.parametrize("what", ["load", pytest.param("export", marks=pytest.mark.slow)])
def test_an_end_that_is_asked_for_leaves_nothing_behind(
    place: Path, tmp_path: Path, number: signal.Signals, code: int, what: str
) -> None:
    file = tmp_path / "endless.nt"
    file.write_text(lines(150_000, "much"))
    words: list[object] = (
        ["load", file, "--into", place] if what == "load" else ["export", "--to", "csv", "--graph", file, "-o", place]
    )
    for _ in range(10):
        with subprocess.Popen(
            kg_command(*words), cwd=ROOT, env=environment(), stderr=subprocess.PIPE, preexec_fn=_heed_signals
        ) as process:
            deadline = time.monotonic() + 60
            while not any(place.parent.iterdir()) and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        if process.returncode != 0:
            break
        shutil.rmtree(place)  # it had ended before the signal came
    assert process.returncode == code, said
    assert b"Interrupted; no file was left half-written." in said
    assert [*place.parent.iterdir()] == []
