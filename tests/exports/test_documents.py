"""Markdown and workbooks: an answer whole, and nothing in it taken for more than text."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from kg.exports.formats import answer_form, to_csv
from kg.exports.markdown import whole_markdown
from kg.exports.xlsx import to_xlsx
from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer, Row, Section
from kg.model.errors import BadInput
from kg.questions.find import find
from kg.questions.gap import gap
from kg.questions.list import list as list_of
from tests.conftest import Run

HOSTILE = "=1+1 | <script>alert(1)</script> [a](javascript:b) `c` \x1b[2J\nhttps://example.org"


class Hostile(Answer):
    """An answer all of whose texts mean harm."""

    def __str__(self) -> str:
        return HOSTILE

    def rows(self) -> tuple[Row, ...]:
        return ({"a": HOSTILE, "b": [HOSTILE, "x"], "c": 1.5, "d": None, "e": True},)

    def sections(self) -> tuple[Section, ...]:
        return (Section(HOSTILE, (HOSTILE, "b"), ((HOSTILE, "x"),), HOSTILE),)


def test_markdown_has_every_row(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "AI Engineer", held=["Python"])
    rows = [line for line in whole_markdown(answer).splitlines() if line.startswith("| ")]
    tables = [section for section in (*answer.sections(), *answer.notes()) if section.rows]
    assert len(rows) == sum(len(section.rows) + 2 for section in tables)
    assert whole_markdown(answer) == whole_markdown(answer)


def test_markdown_shows_texts_as_they_are() -> None:
    (row,) = [line for line in whole_markdown(Hostile()).splitlines() if line.endswith("| x |")]
    assert r"\| \<script\>alert(1)\</script\> \[a\](javascript:b) \`c\`" in row
    assert "\x1b" not in row
    assert "https:" not in row, "an address is no link"
    assert not [line for line in whole_markdown(Hostile()).splitlines() if line.startswith(("=", "<", "- "))]


def test_a_workbook_reads_back_as_its_rows(shipped: KnowledgeGraph) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    answer = list_of(shipped, "certifications", status=["beta"])
    written = to_xlsx(answer)
    assert written == to_xlsx(answer)
    book = openpyxl.load_workbook(BytesIO(written))
    assert book.sheetnames == ["Answer", "Rows", "Evidence"]
    assert book["Answer"]["B2"].value == str(answer)
    header, *lines = book["Rows"].iter_rows(values_only=True)
    found = [dict(zip(header, line, strict=True)) for line in lines]
    assert [line["label"] for line in found] == [row["label"] for row in answer.rows()]
    assert [line["price_usd"] for line in found] == [
        "; ".join(map(str, row["price_usd"])) if isinstance(row["price_usd"], tuple | list) else row["price_usd"]
        for row in answer.rows()
    ]


def test_a_workbook_holds_no_formula() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(BytesIO(to_xlsx(Hostile())))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if "\x1b" in str(cell.value)]


@pytest.mark.parametrize("ending", ["txt", "md", "csv", "json", "html", "svg", "png", "ttl", "xlsx"])
def test_the_ending_says_the_form(run: Run, tmp_path: Path, ending: str) -> None:
    if ending == "png":
        pytest.importorskip("resvg_py")
    named, plain = tmp_path / f"plan.{ending}", tmp_path / "plan"
    form = "text" if ending == "txt" else ending
    assert run("show", "Keras", "-o", named).code == 0
    assert run("show", "Keras", "-o", plain, "--format", form).code == 0
    assert named.read_bytes() == plain.read_bytes()


def test_a_contradiction_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("show", "Keras", "-o", tmp_path / "plan.html", "--format", "csv")
    assert ran.code == 2
    assert "--format csv contradicts the ending of" in ran.err
    assert not (tmp_path / "plan.html").exists()
    assert "No answer is written as .docx" in run("show", "Keras", "-o", tmp_path / "plan.docx").err
    assert run("draw", "show", "Keras", "-o", tmp_path / "x.svg").code == 0
    assert (tmp_path / "x.svg").read_text(encoding="utf-8").startswith("<")
    with pytest.raises(BadInput, match="says md"):
        answer_form("json", Path("a.md"))


def test_columns_are_heeded_in_pipes() -> None:
    def widest(columns: str) -> int:
        command = [sys.executable, "-m", "kg", "gap", "Data Analyst", "--held", "SQL"]
        said = subprocess.run(
            command, env={**os.environ, "COLUMNS": columns}, capture_output=True, text=True, check=True
        )
        return max(map(len, said.stdout.splitlines()))

    assert 80 < widest("") <= 120
    assert 120 < widest("200") <= 200


def test_an_empty_answer_has_a_header(shipped: KnowledgeGraph) -> None:
    nothing, some = find(shipped, "qqqqqqqqqq"), find(shipped, "python")
    assert not nothing.rows()
    assert to_csv(nothing).splitlines()[0] == to_csv(some).splitlines()[0]


def test_a_text_that_no_cell_can_hold_says_that_it_is_cut() -> None:
    from kg.exports.xlsx import _value

    assert _value("x" * 32_767) == "x" * 32_767
    cut = _value("x" * 40_000)
    assert isinstance(cut, str)
    assert len(cut) == 32_767
    assert cut.endswith("(cut: a cell holds no more; --format json has all)")
