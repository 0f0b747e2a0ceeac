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
from kg.exports.datasets import export
from kg.handles.loading import load
from kg.releases.building import build
from kg.stores.oxigraph import OxigraphStore
from tests.faults.disks import ROOT, environment, give_up, kg_command, snapshot
from tests.faults.killing import killed_after, preload
from tests.faults.test_disk_full import COPYING, chain, content, lines

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")

#: What is told of a place after a kill: what it holds, and what else lies there.
Left = tuple[object, frozenset[str]]


def beside(place: Path) -> frozenset[str]:
    return frozenset(path.name for path in place.parent.iterdir()) - {place.name}


# --- what is done, and what is there afterwards ---------------------------------------------------------------------

Work = Callable[[Path, Path], None]


def do_load(place: Path, file: Path) -> None:
    load([file], into=place)


def do_update(place: Path, file: Path) -> None:
    OxigraphStore(place).update(COPYING)


def do_export(name: str, place: Path, file: Path) -> None:
    with kg.open(file) as g:
        export(g, name, place)


def do_build(place: Path, file: Path) -> None:
    build([file], out=place)


def do_infer(place: Path, file: Path) -> None:
    with kg.open(place) as g:
        kg.infer(g)


def do_infer_some(place: Path, file: Path) -> None:
    """Load, and derive with one rule."""
    load([file], into=place)
    with kg.open(place) as g:
        kg.infer(g, rules=["inverse"])


def do_infer_to_file(place: Path, file: Path) -> None:
    with kg.open(file) as g:
        kg.infer(g, into=place / "derived.trig")


def do_infer_some_to_file(place: Path, file: Path) -> None:
    place.mkdir()
    with kg.open(file) as g:
        kg.infer(g, rules=["inverse"], into=place / "derived.trig")


def of_store(place: Path) -> Left:
    """Return what a store asserts, what is derived from it, and what else lies in its folder or lacks there."""
    if not place.exists():
        return None, frozenset()
    names = {path.name for path in place.iterdir()}
    if not (place / "current").exists():
        return None, frozenset(names)
    named = (place / "current").read_text()
    derived = content(place, inferred=True) if f"{named}.inferred" in names else []
    return (tuple(content(place)), tuple(derived)), frozenset(names - {"current", "lock", named, f"{named}.inferred"})


def of_files(place: Path) -> Left:
    found = snapshot(place)
    return None if found is None else tuple(sorted(found.items())), beside(place)


def of_release(place: Path) -> Left:
    """Return the files of a release, or of another folder that is not written as a whole, and what is none of them."""
    found = snapshot(place) or {}
    rest = {name for name in found if name.endswith(".kg-part")}
    return tuple(sorted((name, data) for name, data in found.items() if name not in rest)) or None, frozenset(rest)


def phase_of(before: object, left: Left, *, ended: bool) -> str:
    """Return what was going on when the kill came."""
    if ended:
        return "after the end"
    found, rest = left
    if found == before:
        pointer = rest and all(name.startswith("current.") for name in rest)
        return "pointer" if pointer else "writing" if rest else "before anything was written"
    return "clearing away" if rest else "all but the end"


def spread(count: int, seconds: float, seed: int) -> list[float]:
    """Return moments over a span, one in each equal part of it, at random within."""
    rng = random.Random(seed)
    return [(i + rng.random()) / count * seconds for i in range(count)]


def changed(place: Path) -> Callable[[], bool]:
    """Return what tells whether a name in a place, or beside it, has changed since."""

    def names() -> frozenset[Path] | None:
        try:
            return frozenset([*place.parent.iterdir(), *(place.iterdir() if place.is_dir() else ())])
        except OSError:  # the place is changing just now
            return None

    there = names()
    return lambda: names() != there


def hold(
    work: Work,
    place: Path,
    files: tuple[Path, Path],
    look: Callable[[Path], Left],
    *,
    prepare: Work | None,
    kills: int,
    seed: int,
    mixed: bool = False,
) -> Counter[str]:
    """Kill work at moments spread over its whole length, and hold after each what must hold.

    Every other kill falls into the part of the work that begins with the first change of a name.

    Parameters
    ----------
    files
        What the old content is made from, and the new.
    prepare
        Makes the old content; None where there is none.
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
    if prepare is not None:
        prepare(template, old_file)

    def renew() -> None:
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir()
        if template.is_dir():
            shutil.copytree(template, place)
        elif template.exists():
            shutil.copy2(template, place)

    renew()
    before, _ = look(place)
    _, whole = killed_after(None, work, place, new_file)
    after, rest = look(place)
    assert rest == frozenset()
    assert after != before
    renew()
    _, writing = killed_after(None, work, place, new_file, since=changed(place))
    moments = [*spread(kills - kills // 2, whole, seed), *spread(kills // 2, writing, seed + 1)]
    phases: Counter[str] = Counter()
    for number, moment in enumerate(moments):
        if number % 2 == 0 or look(place)[0] == after:
            renew()  # else the next run begins with what the kill before left
        since = changed(place) if number >= kills - kills // 2 else None
        ended = not killed_after(moment, work, place, new_file, since=since)[0]
        left = look(place)
        if mixed:
            assert isinstance(left[0], tuple | None)
            known = {*(before or ()), *after}  # type: ignore[misc]  # tuples both
            assert {*(left[0] or ())} <= known, "a file is neither the old one nor the new one"
        else:
            assert left[0] in (before, after), f"content lost {moment:.3f} seconds after the start"
        is_mixed = mixed and left[0] not in (before, after, None)
        phases["moving" if is_mixed else phase_of(before, left, ended=ended)] += 1
        if number % 5 == 0:
            work(place, new_file)
            assert look(place) == (after, frozenset()), "the next run did not clear away"
    print(f"{kills} kills: {dict(phases)}; content lost: 0")
    return phases


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    for name, count in (("old", 500), ("new", 6000)):
        (tmp_path / f"{name}.nt").write_text(lines(count, name))
    return tmp_path / "old.nt", tmp_path / "new.nt"


@pytest.fixture
def chains(tmp_path: Path) -> tuple[Path, Path]:
    """Two files of which something follows: each thing is broader than the one before."""
    for name, count in (("chain", 12), ("longer", 24)):
        (tmp_path / f"{name}.nt").write_text(chain(count))
    return tmp_path / "chain.nt", tmp_path / "longer.nt"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work" / "place"


def facts(tmp_path: Path, name: str) -> Path:
    path = kg.init(tmp_path / name)
    path.write_text(path.read_text().replace("Data Platform Engineer", f"{name} Engineer"))
    return path


@pytest.fixture(scope="session", autouse=True)
def preloaded(request: pytest.FixtureRequest) -> None:
    """Only the slow tests build and export: the quick ones need not wait for what that imports."""
    preload(__name__, heavy=any(item.get_closest_marker("slow") for item in request.session.items))


FIRST = pytest.mark.parametrize("first", [True, False], ids=["first", "again"])


@FIRST
def test_a_load_killed_a_few_times(place: Path, files: tuple[Path, Path], first: bool) -> None:
    prepare = None if first else do_load
    assert hold(do_load, place, files, of_store, prepare=prepare, kills=4, seed=1).total() == 4


def test_a_load_over_derived_claims_killed_a_few_times(place: Path, chains: tuple[Path, Path]) -> None:
    assert hold(do_load, place, chains, of_store, prepare=do_infer_some, kills=4, seed=6).total() == 4


@pytest.mark.slow
@FIRST
def test_a_load_killed_a_hundred_times(place: Path, files: tuple[Path, Path], first: bool) -> None:
    prepare = None if first else do_load
    phases = hold(do_load, place, files, of_store, prepare=prepare, kills=100, seed=2)
    assert phases["writing"] >= 10


@pytest.mark.slow
def test_a_load_over_derived_claims_killed_a_hundred_times(place: Path, chains: tuple[Path, Path]) -> None:
    """The derived claims go with the content that they follow from, never later."""
    phases = hold(do_load, place, chains, of_store, prepare=do_infer_some, kills=100, seed=7)
    assert phases["writing"] >= 10


@pytest.mark.slow
@pytest.mark.parametrize("prepare", [do_load, do_infer_some], ids=["first", "again"])
def test_an_inference_killed_a_hundred_times(place: Path, chains: tuple[Path, Path], prepare: Work) -> None:
    phases = hold(do_infer, place, chains[::-1], of_store, prepare=prepare, kills=100, seed=8)
    assert phases["writing"] >= 10


@pytest.mark.slow
def test_an_inference_into_a_file_killed_a_hundred_times(place: Path, chains: tuple[Path, Path]) -> None:
    phases = hold(do_infer_to_file, place, chains, of_release, prepare=do_infer_some_to_file, kills=100, seed=9)
    assert phases.total() == 100


@pytest.mark.slow
def test_an_update_killed_a_hundred_times(place: Path, files: tuple[Path, Path]) -> None:
    phases = hold(do_update, place, (files[1], files[1]), of_store, prepare=do_load, kills=100, seed=3)
    assert phases["writing"] >= 10


def export_ntriples(place: Path, file: Path) -> None:
    do_export("ntriples", place, file)


def export_csv(place: Path, file: Path) -> None:
    do_export("csv", place, file)


def export_parquet(place: Path, file: Path) -> None:
    do_export("parquet", place, file)


@pytest.mark.slow
@pytest.mark.parametrize("work", [export_ntriples, export_csv, export_parquet])
@FIRST
def test_an_export_killed_a_hundred_times(place: Path, files: tuple[Path, Path], work: Work, first: bool) -> None:
    phases = hold(work, place, files, of_files, prepare=None if first else work, kills=100, seed=4)
    assert phases["writing"] >= 10


@pytest.mark.slow
@FIRST
def test_a_build_killed_a_hundred_times(place: Path, tmp_path: Path, first: bool) -> None:
    files = facts(tmp_path, "Old"), facts(tmp_path, "New")
    prepare = None if first else do_build
    phases = hold(do_build, place, files, of_release, prepare=prepare, kills=100, seed=5, mixed=True)
    assert phases["writing"] >= 10
    assert phases["moving"]


# --- every call that changes a folder -------------------------------------------------------------------------------

#: What changes names and what makes them last; strace kills at the n-th of each kind, for every n there is.
CALLS = ("rename,renameat,renameat2", "fsync", "fdatasync", "unlink,unlinkat,rmdir", "link,linkat,mkdir")


@pytest.mark.slow
@pytest.mark.parametrize("what", ["load", "load over derived claims", "infer", "export"])
def test_a_kill_at_every_call_that_changes_a_folder(
    place: Path, files: tuple[Path, Path], chains: tuple[Path, Path], tmp_path: Path, what: str
) -> None:
    if shutil.which("strace") is None:
        give_up("strace is not installed")
    from_chains = what in ("load over derived claims", "infer")
    old_file, new_file = chains if from_chains else files
    prepare, work, look = {
        "load": (do_load, do_load, of_store),
        "load over derived claims": (do_infer_some, do_load, of_store),
        "infer": (do_infer_some, do_infer, of_store),
        "export": (export_csv, export_csv, of_files),
    }[what]
    words: list[object] = ["load", new_file, "--into", place]
    if what == "infer":
        words = ["infer", "--graph", place]
    elif what == "export":
        words = ["export", "--to", "csv", "--graph", new_file, "-o", place]
    prepare(place, old_file)
    before, _ = look(place)
    work(place, new_file)
    after, _ = look(place)
    phases: Counter[str] = Counter()
    for calls in CALLS:
        for number in range(1, 500):
            shutil.rmtree(place.parent)
            place.parent.mkdir()
            prepare(place, old_file)
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
    assert what == "export" or phases["pointer"]


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
