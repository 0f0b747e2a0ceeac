"""The benchmark of likeness: the protocol on a small graph where the right numbers are known, the scores on O*NET."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, serialize

import kg
from benchmarks.likeness import bench, is_held_out, measure
from kg.handles.handle import KnowledgeGraph
from kg.handles.likeness import LIKENESS, SCORES
from kg.handles.networkx_graphs import from_networkx
from kg.model.errors import BadInput
from kg.model.terms import BASE
from tests.realdata import real_data

ROOT = Path(__file__).parents[2]
SCALE = "https://w3id.org/career-kg/ontology#OnetImportanceScale"
FAMILIES, MEMBERS = 12, 5


def families(*, related: bool = True, count: int = FAMILIES) -> nx.MultiDiGraph[str]:
    """Families of five roles; members of one require, use and do the same, and are called related to each other."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    source = {"source": f"{BASE}source/frame", "source_label": "Frame", "source_date": "2025", "origin": "source"}

    def tie(subject: str, relation: str, target: str, **more: Any) -> None:
        key = f"{BASE}claim/{graph.number_of_edges():05d}"
        graph.add_edge(subject, target, key=key, relation=relation, **source, **more)

    letters = "abcdefghijklmnopqrstuvwxyz"
    for f in range(count):
        word = letters[f] * 4
        own = {kind: f"{BASE}{kind}/{word}" for kind in ("tool", "activity")}
        for kind, iri in own.items():
            graph.add_node(iri, label=f"{word}ing", kind=kind, aliases=())
        for i, kind in enumerate(("skill/competence", "knowledge")):
            graph.add_node(f"{BASE}skill/{word}-{i}", label=f"{word} {i}", kind="skill", aliases=(), skillType=kind)
    for f in range(count):
        word = letters[f] * 4
        for m in range(MEMBERS):
            role = f"{BASE}role/{word}-{m}"
            graph.add_node(role, label=f"{word} {letters[m] * 3}", kind="role", aliases=())
            for i in range(2):
                tie(role, "requires", f"{BASE}skill/{word}-{i}", importance=4.0, importanceScale=SCALE)
                other = letters[(f + 1) % count] * 4
                tie(role, "requires", f"{BASE}skill/{other}-{i}", importance=2.0 + 0.1 * m, importanceScale=SCALE)
            tie(role, "uses", f"{BASE}tool/{word}")
            tie(role, "worksOn", f"{BASE}activity/{word}")
            for n in range(MEMBERS):
                if related and n != m:
                    tie(role, "relatedRole", f"{BASE}role/{word}-{n}")
    return graph


@pytest.fixture(scope="module")
def related() -> KnowledgeGraph:
    return from_networkx(families(), as_of="2026-11-22")


def test_families_are_found_by_every_measure(related: KnowledgeGraph) -> None:
    result = bench(related)
    assert [*result.scores] == [*LIKENESS]
    for name, score in result.scores.items():
        assert astuple(score) == (1.0, 1.0, 1.0, 1.0, 1.0), name
    assert (result.scored, result.listed, result.related) == (60, 60, 4.0)
    assert result.chance == pytest.approx(20 / 59, abs=1e-4)


def test_scrambled_lists_are_found_by_none() -> None:
    """The score comes from the lists: with each role's list given to another family it falls to what is wrong."""
    graph = families()
    edges = [(u, v, k) for u, v, k, data in graph.edges(keys=True, data=True) if data["relation"] == "relatedRole"]
    roles = sorted(n for n, data in graph.nodes(data=True) if data["kind"] == "role")
    for u, v, key in edges:
        data = dict(graph.edges[u, v, key])
        graph.remove_edge(u, v, key)
        graph.add_edge(u, roles[(roles.index(v) + 6 * MEMBERS) % len(roles)], key=key, **data)
    for name, score in bench(from_networkx(graph)).scores.items():
        assert score.auc <= 0.5, name
        assert score.mrr < 0.3, name


def test_measures_can_be_chosen(related: KnowledgeGraph, tmp_path: Path) -> None:
    assert bench(related, measure=["text"]).scores == {"text": bench(related).scores["text"]}
    store = tmp_path / "families.nq"
    store.write_bytes(serialize(related.store.quads(), format=RdfFormat.N_QUADS) or b"")
    assert "held-out half" in measure(str(store))
    assert "No source of this graph says which roles are related" in measure()


def test_what_cannot_be_benched(related: KnowledgeGraph) -> None:
    with pytest.raises(BadInput, match='No measure "nearness"'):
        bench(related, measure=["nearness"])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(BadInput, match="says which roles are related"):
        bench(from_networkx(families(related=False)))
    with pytest.raises(BadInput, match="15 roles with related ones can be rated by every measure; with fewer than 40"):
        bench(from_networkx(families(count=3)))


def test_the_halves_are_halves() -> None:
    roles = [
        f"https://www.onetonline.org/link/summary/{i:02d}-{j:04d}.00" for i in range(11, 54) for j in range(1000, 1030)
    ]
    assert 0.45 < sum(map(is_held_out, roles)) / len(roles) < 0.55


def test_the_documented_scores_are_those_of_the_table() -> None:
    text = (ROOT / "docs" / "similarity.md").read_text(encoding="utf-8")
    for name, score in SCORES.items():
        numbers = " | ".join(f"{value:.3f}" for value in astuple(score))
        assert f"| `{name}` | " in text
        assert f" | {numbers} |" in text, name


@pytest.mark.realdata
@pytest.mark.slow
def test_scores_on_onet_are_those_that_ship(tmp_path: Path) -> None:
    folder = real_data("onet-29.3")
    kg.load([folder], into=tmp_path / "onet")
    g = kg.open(tmp_path / "onet", as_of="2026-11-22")
    result = bench(g)
    assert (result.scored, result.listed, result.chance) == (879, 923, 0.0228)
    for name, score in result.scores.items():
        assert astuple(score) == pytest.approx(astuple(SCORES[name]), abs=0.002), name
    best = max(result.scores, key=lambda measure: result.scores[measure].recall)
    assert best == "combined"
    assert result.scores["combined"].recall >= 0.60
    assert result.scores["combined"].auc >= 0.98
    unrated = ("Software Developers", "Data Scientists")  # O*NET rates neither's skills nor knowledge
    for role in unrated:
        answer = kg.similar(g, role)
        assert answer.measure == "combined"
        assert answer.rated == 1015
        assert all(row["knowledge"] is None and row["text"] is not None for row in answer.rows())
