"""`link`: a table of names, each with its node, how it matched, how likely it is right, and the runner-up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.terms import BASE
from kg.questions.link import link

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    path = tmp_path / "titles.csv"
    path.write_text(
        "person,title\nA,ML engneer\nB,Data Engineer\nC,asdf\nD,senior cloud engineering lead\nE,\nF,Data Engineer\n",
        encoding="utf-8",
    )
    return path


def test_every_name_is_linked_with_how_and_the_next_best(shipped: KnowledgeGraph, titles: Path) -> None:
    answer = link(shipped, titles, column="title", kind=["role"])
    rows = answer.rows()
    assert [row["line"] for row in rows] == [2, 3, 4, 5, 7], "an empty cell is no name"
    assert [row["how"] for row in rows] == ["spelling", "label", "", "words inside", "label"]
    assert rows[0]["iri"] == f"{BASE}role/machine-learning-engineer"
    assert rows[3]["label"] == "Cloud Engineer"
    assert rows[1]["next_label"]
    assert rows[2]["score"] is None
    assert all(0 < row["score"] <= 1 for row in rows if row["score"] is not None)
    assert rows[0]["score"] >= rows[0]["next_score"]
    assert "4 of 5 names linked" in str(answer)
    assert {row["kind"] for row in rows} == {"role", ""}


def test_the_first_column_is_read_where_none_is_named(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "skills.csv"
    path.write_text("skill\nsklearn\nAIF-C02\n", encoding="utf-8")
    assert [row["how"] for row in link(shipped, path).rows()] == ["alias", "version"]


def test_what_is_no_table_of_names_is_refused(shipped: KnowledgeGraph, titles: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r'has no column "name".*person, title'):
        link(shipped, titles, column="name")
    with pytest.raises(BadInput, match="No kind"):
        link(shipped, titles, kind=["job"])  # type: ignore[list-item]  # a caller without a type checker
    (tmp_path / "none.csv").write_text("title\n", encoding="utf-8")
    with pytest.raises(BadInput, match="has no name"):
        link(shipped, tmp_path / "none.csv")


def test_the_command_prints_the_table(run: Run, titles: Path) -> None:
    found = run("link", str(titles), "--column", "title", "--kind", "role", "--format", "csv")
    assert found.code == 0
    assert "machine-learning-engineer" in found.out
    assert run("link", str(titles), "--column", "nope").code == 2
