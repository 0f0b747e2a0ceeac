"""What an answer is in a cell: a frame for the page, and what is left where frames and styles are taken out."""

from __future__ import annotations

import re
from base64 import b64decode
from html import unescape
from typing import Any

import pytest

import kg
from kg.model.answers import Answer
from kg.views import cell, still
from kg.views.page import page_of
from tests.browser.scenes import hostile

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def g() -> kg.KnowledgeGraph:
    return kg.open(as_of=DAY)


@pytest.fixture(scope="module")
def gap(g: kg.KnowledgeGraph) -> Answer:
    return kg.gap(g, "AI Engineer", held=["Python"])


def untrusted(html: str) -> str:
    """Return what an untrusted notebook keeps: no frame, style, script or picture of its own drawing."""
    return re.sub(r"<(iframe|style|script|svg)\b.*?</\1>", "", html, flags=re.DOTALL)


def test_an_answer_is_a_page_and_a_table_and_plain_text(gap: Answer) -> None:
    shown = gap._repr_mimebundle_()
    assert shown["text/plain"] == str(gap)
    page = re.search(r'<iframe srcdoc="([^"]*)" sandbox="([^"]*)"', shown["text/html"])
    assert page is not None
    assert unescape(page[1]) == kg.draw(gap).html
    assert "allow-scripts" in page[2]
    assert "allow-same-origin" not in page[2]


def test_untrusted_it_is_a_sentence_a_picture_and_a_table(gap: Answer) -> None:
    left = untrusted(gap._repr_mimebundle_()["text/html"])
    assert str(gap) in unescape(left)
    assert "<table>" in left
    data = re.search(r'<img src="data:image/png;base64,([^"]+)"', left)
    assert data is not None
    assert b64decode(data[1]).startswith(b"\x89PNG")


def test_the_page_itself_shows_the_same(gap: Answer) -> None:
    assert kg.draw(gap)._repr_mimebundle_()["text/html"] == gap._repr_mimebundle_()["text/html"]


def test_without_the_extra_for_pictures_the_table_stays(gap: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> bytes:
        raise kg.MissingExtra("Pillow", "png", "A picture as PNG")

    monkeypatch.setattr(still, "png", missing)
    left = untrusted(gap._repr_mimebundle_()["text/html"])
    assert "<img" not in left
    assert "<table>" in left


def test_lists_and_tables_have_no_frame(g: kg.KnowledgeGraph) -> None:
    found = (kg.find(g, "sklearn"), kg.list(g, "roles"), kg.sparql(g, "ASK { ?a a kg:Role }"))
    for answer in (*found, kg.sparql(g, "SELECT ?a { ?a a kg:Role }")):
        assert "<iframe" not in answer._repr_mimebundle_()["text/html"]


def test_triples_are_a_picture(g: kg.KnowledgeGraph) -> None:
    query = "CONSTRUCT { role:ai-engineer kg:requires ?s . ?s skos:prefLabel ?l } "
    found = kg.sparql(g, query + "{ role:ai-engineer kg:requires ?s . ?s skos:prefLabel ?l }")
    html: str = found._repr_mimebundle_()["text/html"]
    from kg.views.drawing import scene_of

    scene = scene_of(found)
    requires = [t for t in found.triples if t.predicate.value == kg.KG.requires]
    assert len(scene.lines) == len(requires) > 10
    assert len(scene.marks) == len(requires) + 1
    assert {mark.kind for mark in scene.marks} == {"role", "skill", "tool"}
    assert "Python" in {mark.label for mark in scene.marks}
    assert "<iframe" in html


def test_a_copy_is_small(gap: Answer) -> None:
    """The network library alone is some 180 KB when packed; everything else is a third of the cell at most."""
    assert len(gap._repr_mimebundle_()["text/html"]) < 380_000


def test_hostile_labels_are_text() -> None:
    left = untrusted(page_of(hostile())._repr_html_())
    assert "<script" not in left
    assert not re.search(r"<(?!/?(?:div|p|strong|img|details|summary|table|thead|tbody|tr|th|td|h4)\b)[a-zA-Z/!]", left)
    assert not re.search(r"<[a-z0-9]+[^>]*\son\w+=", left)


def test_an_address_that_could_run_is_no_link(g: kg.KnowledgeGraph) -> None:
    found = kg.sparql(g, 'SELECT (IRI("javascript:alert(1)") AS ?a) ("<script>" AS ?b) {}')
    html = found._repr_html_()
    assert "<a " not in html
    assert "<script>" not in html


def test_a_long_table_is_cut_with_a_word() -> None:
    section = kg.model.answers.Section(rows=tuple((str(i),) for i in range(cell.MOST_ROWS + 5)))
    found: Any = cell._shortened(section)
    assert len(found.rows) == cell.MOST_ROWS
    assert found.note.startswith("5 more rows")
