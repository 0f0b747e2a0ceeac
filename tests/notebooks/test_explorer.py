"""The explorer, without a browser: what it shows is what the questions say."""

from __future__ import annotations

import sys
from base64 import b64decode
from xml.etree import ElementTree

import pytest

import kg


@pytest.fixture(scope="module")
def g() -> kg.KnowledgeGraph:
    return kg.open(as_of="2026-11-22")


def test_it_says_what_gap_and_plan_say_and_changes_with_what_is_held(g: kg.KnowledgeGraph) -> None:
    widget = kg.explore(g, "AI Engineer")
    assert widget.shown["gap"] == str(kg.gap(g, "AI Engineer"))
    before = widget.shown["coverage"]
    python = next(iri for iri, label in widget.shown["items"] if label == "Python")
    widget.held = [python]
    assert widget.shown["gap"] == str(kg.gap(g, "AI Engineer", held=["Python"]))
    assert widget.shown["plan"] == str(kg.plan(g, "AI Engineer", held=["Python"]))
    assert widget.shown["coverage"] > before
    picture = b64decode(widget.shown["picture"].partition(",")[2])
    assert ElementTree.fromstring(picture).tag.endswith("svg")


def test_it_offers_every_role_that_requires_anything(g: kg.KnowledgeGraph) -> None:
    labels = [label for _, label in kg.explore(g).roles]
    assert labels == sorted(labels, key=str.casefold)
    assert {"AI Engineer", "Data Engineer"} <= set(labels)


def test_an_unknown_role_is_said(g: kg.KnowledgeGraph) -> None:
    with pytest.raises(kg.UnknownName, match='No role "Bkaer"'):
        kg.explore(g, "Bkaer")


def test_without_the_extra_it_is_named(g: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(kg.MissingExtra, match=r"career-kg\[notebook\]"):
        kg.explore(g)
