"""What SECURITY.md and docs/reliability.md promise names tests that exist."""

from __future__ import annotations

import re

import pytest

from tests.faults.disks import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/reliability.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = NAMED.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) >= 5
    for file, test in named:
        assert (ROOT / file).is_file(), f"{page} names {file}"
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8"), f"{page} names {file}::{test}"


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
