"""Names that are no UTF-8, numbers that only YAML 1.1 reads, and files with very many faults."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import kg
from kg.model.errors import TOLD, BadInput, Fault
from kg.sources.documents import read_yaml
from kg.sources.members import Member


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A Turtle file whose name is no UTF-8."""
    path = tmp_path / os.fsdecode(b"caf\xe9.ttl")
    path.write_text('<https://e.org/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "X" .', encoding="utf-8")
    return path


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="file systems there take no other name than UTF-8")
def test_a_name_that_is_no_utf8_is_shown_as_far_as_it_can_be(odd: Path, tmp_path: Path) -> None:
    other = odd.with_name(os.fsdecode(b"caf\xe8.ttl"))
    other.write_text(odd.read_text(encoding="utf-8").replace("/x", "/y"), encoding="utf-8")
    assert Member(odd).file_name == r"caf\xe9.ttl"
    assert r"caf\xe9.ttl" in str(kg.check(odd, as_of="2026-11-22", shapes=False))
    loaded = kg.load([odd, other], into=tmp_path / "store")
    str(loaded).encode()  # what is told can be written down
    found = kg.open(tmp_path / "store").store.select(
        "SELECT ?g { GRAPH ?g { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> 'X' } }"
    )
    assert len(found.rows) == 2, "two files are two sources"


@pytest.mark.parametrize(("written", "read"), [("1:30", "1:30"), ("12:30:45.5", "12:30:45.5"), ("90", 90), ("0", 0)])
def test_times_are_no_numbers_to_base_sixty(tmp_path: Path, written: str, read: object) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(f"minutes: {written}\n", encoding="utf-8")
    assert read_yaml(path, "facts.yaml").data["minutes"] == read


def test_a_number_that_may_be_octal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("code: 010\n", encoding="utf-8")
    with pytest.raises(BadInput, match="octal to some, decimal to others"):
        read_yaml(path, "facts.yaml")


def test_a_message_tells_a_hundred_faults_and_counts_the_rest() -> None:
    error = BadInput("many.csv", [Fault("many.csv", line, "level", "is no number.") for line in range(1, 3001)])
    assert len(error.faults) == 3000
    assert len(str(error).splitlines()) == TOLD + 2
    assert str(error).endswith("… and 2,900 more. Mend these first.")


def test_an_open_graph_is_checked_as_it_stands(shipped: kg.KnowledgeGraph) -> None:
    whole = kg.check(shipped, rule=["cycle"])
    assert whole.rows() == kg.check(graph=shipped, rule=["cycle"]).rows()
    with pytest.raises(BadInput, match="files or one graph"):
        kg.check(shipped, "facts.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_through_which_nothing_comes_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(BadInput, match="a pipe through which nothing came"):
        kg.lint(kg.open(), tmp_path / "pipe.md")
