"""The pages of the article's own question and others like it, of the shipped dataset, each opened in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import kg
from kg.handles.handle import KnowledgeGraph
from kg.views.drawing import scene_of
from kg.views.page import page_of
from tests.browser.conftest import Open, read, settle

pytestmark = pytest.mark.browser

AI, ML = "AI Engineer", "Machine Learning Engineer"
ASKED: dict[str, Callable[[KnowledgeGraph], Any]] = {
    "overlap": lambda g: kg.overlap(g, AI, ML),
    "roadmap": lambda g: kg.roadmap(g, AI),
    "gap": lambda g: kg.gap(g, AI, held=["Python", "SQL"]),
    "show": lambda g: kg.show(g, "Python"),
    "similar": lambda g: kg.similar(g, AI),
    "why": lambda g: kg.why(g, AI, "Java"),
    "disagree": lambda g: kg.disagree(g, AI, ML),
    "paths": lambda g: kg.paths(g, "Data Analyst", AI, limit=3, via=["leads_to", "overlap"]),
    "opens": lambda g: kg.opens(g, held=["Python", "SQL"], limit=3),
    "find": lambda g: kg.find(g, "engineer"),
    "list": lambda g: kg.list(g, "certifications"),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in ("overlap", "gap") else pytest.mark.slow) for name in ASKED]
)
def test_the_page_of_an_answer(name: str, shipped: KnowledgeGraph, open_page: Open) -> None:
    answer = ASKED[name](shipped)
    scene = scene_of(answer)
    page = open_page(page_of(scene))
    assert read(page, "visible") == [mark.key for mark in scene.marks if not mark.cluster]
    assert page.locator(".sentence").inner_text() == scene.sentence
    assert page.locator("#rows > summary").inner_text() == f"All rows ({len(answer.rows())})"
    for mark in scene.marks[:3]:
        page.locator("#search").fill(mark.label)
        page.keyboard.press("Enter")
        settle(page)
        assert page.locator("#panel h2").inner_text() in {other.label for other in scene.marks}
    violations = Axe().run(page).response["violations"]
    assert [found["id"] for found in violations if found["impact"] in ("serious", "critical")] == []
