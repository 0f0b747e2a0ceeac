"""Bad input, as people really bring it: a clear message, the right exit code, never a traceback."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import DAY
from tests.rights import without_privileges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import Run

FACTS = """\
source: mine
sources: [{id: mine, title: Mine, date: '2026-11-01', origin: source}]
skills:
- {id: juggling, label: Juggling, category: practice}
roles:
- id: clown
  label: Clown
  requires:
  - {skill: juggling}
"""


def refused(run: Run, *arguments: object, says: str | Sequence[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, ""), ran
    assert "Traceback" not in ran.err
    for text in (says,) if isinstance(says, str) else says:
        assert text in ran.err


def facts(folder: Path, text: str = FACTS, name: str = "facts.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


#: Questions, each with a name where ``…`` stands.
ASKING = (
    ("show", "…"),
    ("overlap", "AI Engineer", "…"),
    ("gap", "…"),
    ("gap", "AI Engineer", "--held", "…"),
    ("why", "…"),
)


@pytest.mark.parametrize("asked", ASKING, ids=" ".join)
@pytest.mark.parametrize("name", ["qqqqqqqq", "", "\x1b[2Jqqqqqqqq", "q" * 5000, "\ud800"])
def test_unknown_names(run: Run, asked: Sequence[str], name: str) -> None:
    ran = run(*(name if word == "…" else word for word in asked), "--as-of", DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "No " in ran.err
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err


def test_an_unknown_name_names_what_is_close(run: Run) -> None:
    refused(run, "gap", "Data Enginer of sorts", says=['No role "Data Enginer of sorts"', "Data Engineer", "kg find"])


def test_ambiguous_names_list_the_candidates(run: Run) -> None:
    refused(run, "show", "databricks", says=["may mean", "tool:databricks", "provider:databricks", "Say which"])
    refused(run, "gap", "AI Engineer", "--held", "GitHub Copilot", says=["certification:gh-300", "tool:github-copilot"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("roles: [\n", "is not YAML"),
        ("roles:\n\t- id: x\n", "is not YAML"),
        ("a: &a [1]\nb: *a\n", "anchor or alias"),
        ("- just\n- a list\n", "is no mapping"),
        ("just text\n", "is no mapping"),
        ("", "is empty"),
        ("# nothing but a remark\n", "is empty"),
        ("[" * 5000, "nested"),
        ("!!python/object/apply:os.system ['true']\n", "facts.yaml:1"),
        ("roles: []\nroles: []\n", "twice"),
        ("roles: {}\n", "facts.yaml:1"),
        ("nonsense: 1\n", "nonsense"),
        (FACTS.replace("source: mine\n", ""), "names no source"),
        (FACTS.replace("id: mine,", "id: other,"), 'there is no source "mine"'),
        (FACTS.replace("'2026-11-01'", "'2026-11-31'"), "is no date"),
        (FACTS.replace("'2026-11-01'", "last week"), "is no date"),
        (FACTS.replace("skill: juggling", "skill: joggling"), "facts.yaml:9"),
    ],
)
@pytest.mark.parametrize("command", ["show", "build", "load"])
def test_malformed_facts(run: Run, tmp_path: Path, text: str, says: str, command: str) -> None:
    path = facts(tmp_path, text)
    arguments: dict[str, tuple[object, ...]] = {
        "show": ("show", "clown", "--graph", path),
        "build": ("build", path, "-o", tmp_path / "out"),
        "load": ("load", path, "--into", tmp_path / "store"),
    }
    refused(run, *arguments[command], says=[says, "facts.yaml"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["facts.yaml"], "nothing is left behind"
    ran = run("check", path, "--as-of", DAY)
    assert ran.code == 1
    assert says.partition(" ")[0] in ran.out


def test_a_cycle_of_prerequisites_is_found_and_harms_no_question(run: Run, tmp_path: Path) -> None:
    text = FACTS.replace("category: practice}", "category: practice, prerequisites: [juggling]}")
    path = facts(tmp_path, text)
    ran = run("check", path, "--as-of", DAY, "--no-shapes", "--format", "json")
    assert ran.code == 1
    assert "goes round in a ring" in ran.out
    for asked in (("show", "Juggling"), ("gap", "Clown"), ("why", "Clown"), ("find", "Clown")):
        assert run(*asked, "--graph", path, "--as-of", DAY).code == 0


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("bad.ttl", b"<https://a.example/> <https://b.example/> .\n", 1),
        ("bad.ttl", b"\n\n<a> nonsense\n", 3),
        ("bad.trig", b"<https://a.example/> {\n<https://b.example/> nonsense .\n}\n", 2),
        ("bad.nt", b"<https://a.example/> <https://b.example/> <https://c.example/> .\nnonsense\n", 2),
        ("bad.jsonld", b'{"@id": \n', 0),
        ("bad.rdf", b"<rdf", 0),
        ("bad.ttl", b"\x00\xff\xfe\x00", 0),
    ],
)
def test_rdf_that_cannot_be_parsed(run: Run, tmp_path: Path, name: str, content: bytes, line: int) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    place = f"{name}:{line}" if line else name
    refused(run, "show", "x", "--graph", path, says=[place, "is not "])
    refused(run, "load", path, "--into", tmp_path / "store", says=place)
    assert not (tmp_path / "store").exists()
    ran = run("check", path)
    assert ran.code == 1
    assert place in "".join(ran.out.split())


def test_a_folder_that_is_no_store(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"\xff\xd8")
    for name in ("empty", "photos"):
        refused(run, "show", "AI-102", "--graph", tmp_path / name, says=["holds no facts", name])
    refused(run, "load", facts(tmp_path), "--into", tmp_path / "photos", says="photos")
    assert [p.name for p in (tmp_path / "photos").iterdir()] == ["cat.jpg"]
    refused(run, "load", facts(tmp_path), "--into", facts(tmp_path), says="facts.yaml")
    refused(run, "show", "AI-102", "--graph", tmp_path / "nowhere", says="nowhere")


def forbid(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Have the system refuse to open a file; root may read everything, so rights alone would not do."""
    opened = io.open

    def refuse(file: Any, *rest: Any, **options: Any) -> Any:  # as `io.open` takes and gives them
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *rest, **options)

    monkeypatch.setattr(io, "open", refuse)


@pytest.mark.parametrize("name", ["facts.yaml", "team.csv", "more.ttl"])
def test_a_file_that_may_not_be_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = facts(tmp_path, name=name)
    forbid(monkeypatch, path)
    refused(run, "show", "clown", "--graph", path, says=[name, "cannot be read: Permission denied"])
    ran = run("check", path, "--format", "json")  # as text, a long path wraps the words beside it
    assert ran.code == 1
    assert "Permission denied" in ran.out


def test_a_held_file_that_may_not_be_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = facts(tmp_path, "Python\n", "held.txt")
    forbid(monkeypatch, path)
    refused(run, "gap", "AI Engineer", "--held-file", path, says="cannot be read: Permission denied")


def test_a_folder_that_may_not_be_written(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with without_privileges():
        refused(run, "init", tmp_path / "mine", says="cannot be written")
        refused(run, "build", "-o", tmp_path / "out", says="cannot be written")
    tmp_path.chmod(0o700)


def test_a_place_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    file = facts(tmp_path)
    refused(run, "init", file / "below", says="cannot be written")
    refused(run, "build", file, "-o", file / "below", says="cannot be written")
    refused(run, "build", file, "-o", file, says="cannot be written")
    refused(run, "show", "AI-102", "-o", file / "below", says="cannot be written")
    refused(run, "load", file, "--into", file / "below", says="below")
    assert file.read_text(encoding="utf-8") == FACTS


@pytest.mark.parametrize("name", ["facts.yaml", "team.csv", "more.ttl", "more.trig", "more.jsonld"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff\xfe" * 50, b"\xff\xd8\xff\xe0\x00\x10JFIF"], ids=len)
def test_empty_and_binary_files(run: Run, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for arguments in (("show", "x", "--graph", path), ("load", path, "--into", tmp_path / "store")):
        ran = run(*arguments)
        assert "Traceback" not in ran.err
        if content or name in ("facts.yaml", "team.csv", "more.jsonld"):
            assert ran.code == 2
            assert name in ran.err
    ran = run("check", path)
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.err


def test_an_ending_that_is_unknown(run: Run, tmp_path: Path) -> None:
    path = facts(tmp_path, name="facts.docx")
    refused(run, "show", "x", "--graph", path, says=['unknown ending ".docx"', ".yaml", ".ttl"])
    ran = run("check", path)
    assert ran.code == 1


@pytest.mark.parametrize("day", ["2026-02-30", "22.11.2026", "tomorrow", "", "2026", "0000-00-00", "9999999-01-01"])
@pytest.mark.parametrize("asked", [("show", "AI-102"), ("gap", "AI Engineer"), ("check", "--no-shapes")], ids=" ".join)
def test_dates_that_are_none(run: Run, asked: Sequence[str], day: str) -> None:
    refused(run, *asked, "--as-of", day, says=["is no date", "YYYY-MM-DD"])


# Interrupted


@pytest.mark.skipif(os.name == "nt", reason="signals of a shell")
@pytest.mark.parametrize("after", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("command", ["build", "check"])
def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path, command: str, after: float) -> None:
    code = "import sys; print('here', flush=True); from kg.cli.start import main; sys.exit(main())"
    arguments = [command, *(["-o", str(tmp_path / "out")] if command == "build" else [])]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    if process.returncode in (0, 1) and "Interrupted" not in said:
        pytest.skip("it was done before it could be interrupted")
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert "Interrupted" in said
    left = [*(tmp_path / "out").iterdir()] if (tmp_path / "out").exists() else []
    assert [p.name for p in left if p.name.startswith(".")] == [], "no half-written file"
