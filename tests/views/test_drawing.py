"""`kg draw`, `--format html|svg|png`, `--open`, and `kg.draw`."""

from __future__ import annotations

import shlex
import webbrowser
from pathlib import Path

import pytest

import kg
from kg.cli.words import EXAMPLES
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.questions import QUESTIONS
from kg.questions.overlap import overlap
from kg.questions.show import show
from kg.views.drawing import Drawing
from tests.conftest import DAY, Run
from tests.strategies import Career

CHAIN = ("path", "Data Analyst", "MLOps Engineer", "--via", "leads_to", "--as-of", DAY)
NAME = "path-data-analyst-mlops-engineer"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser would have opened."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    return found


def test_draw_names_its_file_after_what_was_asked(run: Run, here: Path, opened: list[str]) -> None:
    assert run("draw", *CHAIN) == (0, "", f"{NAME}.html\n")
    assert run("draw", *CHAIN, "--format", "svg") == (0, "", f"{NAME}.svg\n")
    assert {path.name for path in here.iterdir()} == {f"{NAME}.html", f"{NAME}.svg"}
    assert (here / f"{NAME}.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert opened == []


def test_draw_writes_where_it_is_told(run: Run, here: Path) -> None:
    assert run("draw", *CHAIN, "-o", "x.html") == (0, "", "x.html\n")
    assert [path.name for path in here.iterdir()] == ["x.html"]
    assert run(*CHAIN, "--format", "html", "-o", "y.html").code == 0
    assert (here / "x.html").read_bytes() == (here / "y.html").read_bytes()


def test_open_shows_the_picture(run: Run, here: Path, opened: list[str]) -> None:
    assert run("draw", *CHAIN, "--open").err == f"{NAME}.html\n"
    assert opened == [(here / f"{NAME}.html").as_uri()]
    shown = Path(run(*CHAIN, "--open").err.strip())
    assert shown.name == f"{NAME}.html"
    assert here not in shown.parents, "who asks for no file gets none where he works"
    assert opened[1:] == [shown.as_uri()]


def test_a_picture_has_no_form_of_data(run: Run, here: Path) -> None:
    ran = run("draw", *CHAIN, "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "Choose from html, svg, png" in ran.err
    assert [*here.iterdir()] == []


def test_where_there_is_no_path_the_page_says_so_and_the_exit_code_too(run: Run, here: Path) -> None:
    ran = run("draw", "path", "AI Engineer", "Data Analyst", "--via", "has_prerequisite", "--as-of", DAY)
    assert (ran.code, ran.err) == (1, "path-ai-engineer-data-analyst.html\n")
    assert "No path from AI Engineer to Data Analyst" in (here / ran.err.strip()).read_text(encoding="utf-8")


def test_every_question_can_be_drawn_with_the_same_options(run: Run) -> None:
    listed = run("draw", "--help").out
    for name in (*QUESTIONS, "ego", "atlas"):
        assert f"│ {name} " in listed
    asked, drawn = run("gap", "--help").out, run("draw", "gap", "--help").out
    options = [line.split()[1] for line in asked.splitlines() if line.startswith("│ --")]
    assert [line.split()[1] for line in drawn.splitlines() if line.startswith("│ --")] == options


@pytest.mark.parametrize("example", [e for e in EXAMPLES["draw"] if "my-facts" not in e])
def test_the_examples_run(example: str, run: Run, here: Path, opened: list[str]) -> None:
    ran = run(*shlex.split(example)[1:], "--as-of", DAY)
    assert (ran.code, ran.out) == (0, "")
    assert (here / ran.err.strip()).stat().st_size > 1000
    assert len(opened) == ("--open" in example)


def test_draw_in_python(shipped: KnowledgeGraph, whole: Career, here: Path) -> None:
    page = kg.draw(overlap(shipped, "AI Engineer", "ML engineer"))
    assert page.save("x.html").read_text(encoding="utf-8") == page.html
    assert "<title>Atlas of the whole graph</title>" in kg.draw(shipped).html
    assert "<title>Atlas of the whole graph</title>" in kg.draw(whole).html
    card = show(shipped, "LangChain")
    assert len(kg.draw(card, around=shipped).html) > len(kg.draw(card).html)


def test_a_form_that_no_picture_has(shipped: KnowledgeGraph) -> None:
    with pytest.raises(BadInput, match=r"A picture has no form pdf\. Choose from html, svg, png"):
        Drawing(overlap(shipped, "AI Engineer", "ML engineer")).render("pdf")
