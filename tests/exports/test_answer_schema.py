"""Columns are declared once: rows, schema, text and reference come from the declaration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

import kg
from kg.exports.answer_schema import ANSWERS, answer_reference, answer_schema
from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer
from tests.goldens import kept

DOCS = Path(__file__).parents[2] / "docs" / "answers.md"
ASKED: dict[str, Any] = {
    "find": lambda g: kg.find(g, "sklearn"),
    "show": lambda g: kg.show(g, "AI-102"),
    "list": lambda g: kg.list(g, "certifications"),
    "overlap": lambda g: kg.overlap(g, "AI Engineer", "ML engineer"),
    "gap": lambda g: kg.gap(g, "AI Engineer", held=["Python"]),
    "why": lambda g: kg.why(g, "AI Engineer", "Python"),
    "path": lambda g: kg.path(g, "Data Analyst", "MLOps Engineer"),
    "paths": lambda g: kg.paths(g, "Data Analyst", "MLOps Engineer"),
    "plan": lambda g: kg.plan(g, "Prompt Engineer"),
    "roadmap": lambda g: kg.roadmap(g, "Prompt Engineer"),
    "similar": lambda g: kg.similar(g, "AI Engineer"),
    "nearest": lambda g: kg.nearest(g, held=["Python"]),
    "opens": lambda g: kg.opens(g, held=["Python"]),
    "disagree": lambda g: kg.disagree(g, "AI Engineer", "ML engineer"),
}


@pytest.fixture(scope="module", params=ASKED)
def answer(request: pytest.FixtureRequest, shipped: KnowledgeGraph) -> Answer:
    found: Answer = ASKED[request.param](shipped)
    return found


def test_an_answer_has_what_its_class_declares_and_no_more(answer: Answer) -> None:
    declared = {
        "rows": {column.name: column.optional for column in answer.columns},
        "measures": {column.name: column.optional for column in answer.numbers},
    }
    said = answer.to_json()
    assert said["rows"]
    for row in said["rows"]:
        assert [*row] == [name for name in declared["rows"] if name in row], "in the order declared"
    for name, objects in (("rows", said["rows"]), ("measures", [said["measures"]])):
        for found in objects:
            always = {column for column, optional in declared[name].items() if not optional}
            assert always <= found.keys() <= declared[name].keys(), name
    assert {part.name for part in answer.beside if not part.optional} <= said.keys()


def test_an_answer_is_as_the_schema_says_and_nothing_less(answer: Answer) -> None:
    schema = Draft202012Validator(answer_schema(), validate_formats=True)
    said = json.loads(json.dumps(answer.to_json()))
    assert [error.message for error in schema.iter_errors(said)] == []
    for name in said["rows"][0]:
        assert not schema.is_valid({**said, "rows": [{**said["rows"][0], name: {"no": "value"}}]}), name


def test_a_repr_of_678_076_characters_is_one_line(answer: Answer) -> None:
    assert repr(answer).startswith(f"<{type(answer).__name__}: ")
    assert "\n" not in repr(answer)
    assert len(repr(answer)) < 260
    assert len(answer.to_json()["rows"]) > 0


def test_a_terminal_of_ipython_still_shows_the_answer_as_text(shipped: KnowledgeGraph) -> None:
    from IPython.core.formatters import DisplayFormatter

    answer = kg.find(shipped, "sklearn")
    data, _ = DisplayFormatter(active_types=["text/plain"]).format(answer)  # type: ignore[no-untyped-call]  # of IPython
    assert data["text/plain"] == str(answer)


@pytest.mark.golden
def test_the_reference_in_the_documentation_is_what_the_classes_declare() -> None:
    kept(DOCS, answer_reference())


def test_every_column_says_what_it_means() -> None:
    for form in ANSWERS:
        assert form.columns, form.__name__
        for column in (*form.columns, *form.numbers, *form.beside):
            assert "" not in (column.meaning, column.type.words), (form.__name__, column.name)
    questions = {form.__name__.lower() for form in ANSWERS}
    assert {*kg.questions.QUESTIONS} <= questions | {"sparql"}, "all but what has the columns of a query"
