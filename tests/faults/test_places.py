"""Places that cannot be written, or are something else than expected: told clearly, and left as they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

import kg
from tests.faults.disks import Ran, disk, environment, kg_command, snapshot
from tests.faults.test_disk_full import DAY, FORMATS, WRITTEN, content, lines, remove

SHIPPED = kg.data_path("career-kg.trig")
FOLDERS = ("parquet", "csv", "shards")


def kg_run(*arguments: object, **variables: object) -> Ran:
    done = subprocess.run(
        kg_command(*arguments), capture_output=True, encoding="utf-8", env=environment(**variables), check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def refused(ran: Ran, place: object, says: str) -> None:
    assert ran.code == 2, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    said = " ".join(ran.err.split())
    assert str(place) in said
    assert re.search(says, said), said


READ_ONLY = "Read-only file system"
CHANGES: dict[str, Callable[[Path, Path], list[object]]] = {
    "load": lambda store, place: ["load", SHIPPED, "--into", store],
    "update": lambda store, place: ["sparql", "CLEAR ALL", "--update", "--graph", store],
    "answer": lambda store, place: WRITTEN["an answer"](place),
    "page": lambda store, place: WRITTEN["a page"](place),
    "build": lambda store, place: WRITTEN["a release"](place),
    "init": lambda store, place: WRITTEN["facts to start from"](place),
    "file": lambda store, place: ["export", "--to", "nquads", "--graph", store, "-o", place],
    "folder": lambda store, place: ["export", "--to", "csv", "--graph", store, "-o", place],
}


@pytest.mark.parametrize("names", [("load",), pytest.param(tuple(CHANGES), marks=pytest.mark.slow)], ids=len)
def test_a_disk_that_may_only_be_read(tmp_path: Path, names: tuple[str, ...]) -> None:
    """As a medium, a container or a failing disk is mounted; root may not write there either."""
    first = tmp_path / "first.nt"
    first.write_text(lines(100, "first"))
    with disk(tmp_path / "disk", "32m") as mounted:
        store, place = mounted.path / "store", mounted.path / "place"
        assert mounted.run("load", first, "--into", store).code == 0
        before = content(mounted.seen / "store"), snapshot(mounted.seen)
        mounted.remount("ro")
        for name in names:
            ran = mounted.run(*CHANGES[name](store, place))
            refused(ran, store if name in ("load", "update") else place, READ_ONLY)
        answered = mounted.run("sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--graph", store, "--format", "csv")
        assert (answered.code, answered.out.split()) == (0, ["n", "107"])
        both = mounted.run(
            "sparql", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--graph", store, "--graph", first, "--format", "csv"
        )
        assert (both.code, both.out.split()) == (0, ["n", "107"]), both
        mounted.remount("rw")
        assert (content(mounted.seen / "store"), snapshot(mounted.seen)) == before
        for name in names:
            ran = mounted.run(*CHANGES[name](store, place))
            assert ran.code == 0, ran
            remove(mounted.seen / place.name)


@pytest.mark.parametrize(
    "words", [("find", "ml enginer"), pytest.param(("similar", "AI Engineer"), marks=pytest.mark.slow)], ids=" ".join
)
def test_a_question_is_asked_of_a_store_on_a_disk_that_may_only_be_read(tmp_path: Path, words: tuple[str, ...]) -> None:
    with disk(tmp_path / "disk", "64m") as mounted:
        store = mounted.path / "store"
        assert mounted.run("load", SHIPPED, "--into", store).code == 0
        mounted.remount("ro")
        poor = mounted.run(*words, "--graph", store, *DAY)
        mounted.remount("rw")
        assert poor.code == 0, poor
        assert poor == mounted.run(*words, "--graph", store, *DAY)


# --- something else is there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_where_something_else_is(tmp_path: Path, name: str, run: Callable[..., Ran]) -> None:
    place = tmp_path / "place"
    if name in FOLDERS:
        place.write_text("mine")
        says = "holds something that is no export.*Name a new or empty folder"
    else:
        place.mkdir()
        (place / "mine").write_text("mine")
        says = "is a folder, and this format is one file. Name a file"
    before = snapshot(place)
    refused(run("export", "--to", name, "-o", place), place, says)
    assert snapshot(place) == before
    assert [*tmp_path.iterdir()] == [place]


def test_a_load_below_a_file_and_onto_one(tmp_path: Path, run: Callable[..., Ran]) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    refused(run("load", SHIPPED, "--into", file), file, "is a file, not a store folder. Name a folder")
    refused(run("load", SHIPPED, "--into", file / "below"), file, "cannot be written: .*holds what it held before")
    assert snapshot(file) == {".": b"mine"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links(tmp_path: Path) -> None:
    first, second = tmp_path / "first.nt", tmp_path / "second.nt"
    first.write_text(lines(10, "first"))
    second.write_text(lines(10, "second"))
    (tmp_path / "real").mkdir()
    link, dangling = tmp_path / "link", tmp_path / "dangling"
    link.symlink_to(tmp_path / "real")
    dangling.symlink_to(tmp_path / "nowhere")
    for file in (first, second):
        assert kg_run("load", file, "--into", link).code == 0
    assert len(content(tmp_path / "real")) >= 20
    assert link.is_symlink()
    refused(kg_run("load", first, "--into", dangling), dangling, "cannot be written: .*holds what it held before")
    refused(kg_run("find", "x", "--graph", dangling), dangling, "There is no")
    refused(kg_run("load", dangling, "--into", tmp_path / "store"), dangling, "does not exist. Check the path")
    (tmp_path / "old").mkdir()
    link.unlink()
    link.symlink_to(tmp_path / "old")
    for _ in range(2):
        ran = kg_run("export", "--to", "csv", "--graph", first, "-o", link)
        assert ran.code == 0, ran
        assert link.is_symlink()
        assert (tmp_path / "old" / "manifest.json").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"first.nt", "second.nt", "real", "link", "dangling", "old"}


# --- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize(
    ("ending", "quick"),
    [
        (".zip", True),
        *(
            pytest.param(ending, False, marks=pytest.mark.slow)
            for ending in ("", ".yaml", ".csv", ".ttl", ".zip", ".xlsx", ".sssom.tsv")
        ),
    ],
)
def test_a_named_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path, ending: str, quick: bool) -> None:
    pipe = tmp_path / f"pipe{ending}"
    os.mkfifo(pipe)
    commands: list[list[object]] = [
        ["load", pipe, "--into", tmp_path / "store"],
        ["show", "x", "--graph", pipe],
        ["check", pipe],
        ["build", pipe, "-o", tmp_path / "out"],
        ["lint", pipe],
        ["gap", "AI Engineer", "--held-file", pipe],
        ["diff", pipe, "shipped"],
        ["sparql", pipe],
    ]
    if quick:
        commands = commands[:2]
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(kg_command(*words), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            )
            for words in commands
        ]
        for process in running:
            stack.callback(process.kill)
        done = [
            (words, process, *process.communicate(timeout=60)) for words, process in zip(commands, running, strict=True)
        ]
    for words, process, out, err in done:
        assert b"Traceback" not in err, (words, err)
        reads_text = words[0] in ("check", "lint", "gap")  # to which an empty text is a text
        assert process.returncode in ((0, 1, 2) if reads_text else (2,)), (words, out, err)
    assert not (tmp_path / "store").exists()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device")
def test_a_device_that_never_ends_is_not_read(tmp_path: Path, run: Callable[..., Ran]) -> None:
    refused(run("load", "/dev/zero", "--into", tmp_path / "store"), "/dev/zero", "is no regular file. Give a file")
    refused(run("show", "x", "--graph", "/dev/zero"), "/dev/zero", "is no regular file. Give a file")
    refused(run("lint", "/dev/zero"), "/dev/zero", "has more than .* bytes. Split it")
    refused(run("gap", "AI Engineer", "--held-file", "/dev/zero"), "/dev/zero", "has more than .* bytes. Split it")
    refused(run("build", "/dev/zero", "-o", tmp_path / "out"), "/dev/zero", "is no regular file. Give a file")
