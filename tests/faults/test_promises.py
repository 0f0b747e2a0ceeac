"""What SECURITY.md and docs/reliability.md promise names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults.disks import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/reliability.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert len(NAMED.findall(text)) >= 5
    assert not missing(text)


def missing(text: str) -> list[str]:
    """Return what a text names that is not there: files without a test, and tests that a file does not have."""
    return [f"{file}::{test}" if test else file for file, test in NAMED.findall(text) if not holds(ROOT / file, test)]


def holds(path: Path, test: str) -> bool:
    """Whether the file is there and holds that test, or any test where none is named."""
    tests = (
        re.findall(r"^ *(?:async )?def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        if path.is_file()
        else []
    )
    return test in tests if test else bool(tests)


def test_what_is_missing_is_found() -> None:
    there = ["tests/faults/test_promises.py", "tests/faults/test_promises.py::test_what_is_missing_is_found"]
    gone = [
        "tests/faults/test_nothing.py",
        "tests/faults/disks.py",  # no test is in it
        "tests/faults/test_promises.py::test_what_is_missing",  # there is one that begins so
    ]
    assert missing(" ".join(f"`{name}`" for name in there + gone)) == gone


def test_every_promise_names_its_tests() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    promises = text.partition("## What is promised")[2].partition("## What is not promised")[0].split("\n- ")[1:]
    assert len(promises) >= 10
    for promise in promises:
        assert NAMED.search(promise), promise


def test_every_file_of_this_room_is_named() -> None:
    pages = "".join((ROOT / page).read_text(encoding="utf-8") for page in ("SECURITY.md", "docs/reliability.md"))
    rooms = {f"tests/faults/{path.name}" for path in (ROOT / "tests" / "faults").glob("test_*.py")}
    assert {name for name in rooms if name not in pages} == {"tests/faults/test_promises.py"}
