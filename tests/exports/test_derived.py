"""Derived claims in an export: with ``--inferred`` alone, in every form, whole or in part."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.exports.datasets import export
from kg.handles.handle import KnowledgeGraph
from kg.model.terms import INFERRED

FORMS = ("nquads", "csv", "graphml", "nodelink")
FACTS = """
source: old
sources:
- {id: old, title: Old, kind: notes, read_in: notes, as_of: '2025', date: '2025', origin: source}
skills:
- {id: glass, label: Glass, category: concept, definition: d}
- {id: bottles, label: Bottles, category: concept, definition: d, broader: glass}
roles:
- {id: blower, label: Blower, summary: s, status: sourced, requires: [{skill: bottles, essential: true, source: old}]}
certifications: []
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store folder with claims and what follows from them."""
    place = tmp_path_factory.mktemp("derived")
    (place / "facts.yaml").write_text(FACTS, encoding="utf-8")
    kg.load([place / "facts.yaml"], into=place / "store")
    kg.infer(place / "store")
    return place / "store"


def derived_in(graph: KnowledgeGraph) -> int:
    return sum(getattr(quad.graph_name, "value", "") == INFERRED for quad in graph.store.quads())


@pytest.mark.parametrize("inferred", [True, False])
def test_the_whole_has_derived_claims_where_they_are_asked_for(folder: Path, tmp_path: Path, inferred: bool) -> None:
    g = kg.open(folder, inferred=inferred)
    again = kg.open(export(g, "nquads", tmp_path / "all.nq").place, inferred=inferred)
    assert derived_in(again) == derived_in(g)
    assert bool(derived_in(again)) == inferred


@pytest.mark.parametrize("inferred", [True, False])
def test_a_part_has_derived_claims_where_they_are_asked_for(folder: Path, tmp_path: Path, inferred: bool) -> None:
    g = kg.open(folder, inferred=inferred)
    for number, chosen in enumerate(({"about": ["Bottles"]}, {"answer": kg.why(g, "Bottles")})):
        done = export(g, "nquads", tmp_path / f"part-{number}.nq", **chosen)  # type: ignore[arg-type]  # either of the two
        assert bool(derived_in(kg.open(done.place, inferred=inferred))) == inferred


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_write_them(folder: Path, tmp_path: Path, form: str) -> None:
    plain = export(kg.open(folder), form, tmp_path / "plain")
    more = export(kg.open(folder, inferred=True), form, tmp_path / "more")
    assert more.quads > plain.quads


@pytest.mark.parametrize("form", ["graphml", "nodelink", "gexf"])
def test_a_derived_relation_is_an_edge_and_no_second_name(folder: Path, tmp_path: Path, form: str) -> None:
    done = export(kg.open(folder, inferred=True), form, tmp_path / "all")
    assert "second names" not in {loss.what for loss in done.lost}
