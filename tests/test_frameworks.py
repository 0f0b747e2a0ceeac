"""Every question on the official ESCO and O*NET, at their size: exact, and the same by every way there is."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from kg.checks.check import check
from kg.handles.handle import KnowledgeGraph
from kg.handles.loading import load
from kg.handles.opening import open as open_graph
from kg.model.terms import KG
from kg.names.graph_names import GraphNames
from kg.names.lookup import ASKABLE, find_nodes
from kg.questions.find import find
from kg.questions.gap import gap
from kg.questions.list import list as list_of
from kg.questions.opens import opens
from kg.questions.overlap import overlap
from kg.questions.path import path
from kg.questions.plan import plan
from kg.questions.similar import similar
from kg.questions.why import why
from kg.stores.binding import bind, load_query
from tests.realdata import real_data

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

DAY = "2026-11-22"
OCCUPATION = "http://data.europa.eu/esco/occupation/"
DESIGNER = f"{OCCUPATION}35553663-deab-4d9a-bf22-15c1625d28e8"


@pytest.fixture(scope="module")
def esco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("esco") / "store"
    load([real_data("esco-1.1.1")], into=folder)
    return folder


@pytest.fixture(scope="module")
def onet(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    pytest.importorskip("openpyxl")
    folder = tmp_path_factory.mktemp("onet") / "store"
    load([real_data("onet-29.3")], into=folder)
    return open_graph(folder, as_of=DAY)


@pytest.fixture(scope="module")
def g(esco: Path) -> KnowledgeGraph:
    return open_graph(esco, as_of=DAY)


@pytest.mark.parametrize(
    ("other", "essential_only", "sizes"),
    [
        ("data scientist", True, (28, 54, 8, 0.1081)),
        ("computer vision engineer", True, (28, 26, 5, 0.1020)),
        ("knowledge engineer", True, (28, 23, 10, 0.2439)),
        ("software developer", True, (28, 24, 2, 0.0400)),
        ("knowledge engineer", False, (83, 87, 60, 0.5455)),
        ("software developer", False, (83, 104, 37, 0.2467)),
    ],
)
def test_overlaps_are_exact(
    g: KnowledgeGraph, other: str, essential_only: bool, sizes: tuple[int, int, int, float]
) -> None:
    answer = overlap(g, DESIGNER, other, essential_only=essential_only)
    counted = [
        sum(n in item.having for item in answer.items if item.facet in ("skills", "tools")) for n in answer.nodes
    ]
    both = sum(len(item.having) == 2 for item in answer.items if item.facet in ("skills", "tools"))
    assert (*counted, both, round(answer.measures["jaccard"], 4)) == sizes


def test_gaps_are_those_of_sparql_and_scores_those_of_overlap(g: KnowledgeGraph) -> None:
    random, roles = Random(8), [n.iri for n in g.index.of_kind("role")]
    for one, other in (random.sample(roles, 2) for _ in range(12)):
        query = bind(load_query("gap_answer"), role=[one], start=[other], source=(), held=(), certification=())
        expected = {(r["item"], r["essential"] == 1, r["has"] == 1) for r in g.store.select(query).dicts()}
        assert {(r["iri"], r["essential"], r["held"]) for r in gap(g, one, from_=other).rows()} == expected
        scores = g.whole.similarity("weighted_jaccard").scores(g.whole.matrix().position[one])
        measured = overlap(g, one, other).measures["weighted_jaccard"]
        assert scores[g.whole.matrix().position[other]] == pytest.approx(measured or 0.0, abs=1e-9)


def test_every_question_answers(g: KnowledgeGraph) -> None:
    role = "data scientist"
    assert similar(g, role, measure="cosine").nearest[0].score > 0.5  # type: ignore[operator]  # it is rated
    assert opens(g, held=["SQL"], limit=2).doors
    assert plan(g, role, held=["SQL"]).steps
    assert len(why(g, role).evidence) > 50
    chain = path(g, role, "butcher", via=["requires", "^requires"]).chain
    assert chain is not None
    assert [n.kind for n in chain.nodes] == ["role", "skill", "role", "skill", "role"]
    assert len(list_of(g, "roles").items) == 3007 + 1, "one is named by relations and described by no file"
    assert find(g, "softwear developer").hits[0].node.label == "software developer"


def test_misspelt_names_are_those_found_by_reading_all(g: KnowledgeGraph) -> None:
    random, slow = Random(3), GraphNames(g.names)
    labels = [n.label for n in (*g.index.of_kind("role"), *g.index.of_kind("skill")) if len(n.label) > 8]
    for label in random.sample(labels, 40):
        at = random.randrange(1, len(label) - 1)
        text = label[:at] + label[at + 1 :]
        fast = [hit for hit in find_nodes(g.index, text, limit=99) if hit.match not in ("words inside", "close")]
        assert fast == [hit for hit in find_nodes(slow, text, limit=99) if hit.match not in ("words inside", "close")]
        assert g.index.exact(label, ASKABLE) == slow.exact(label, ASKABLE)


def test_frameworks_meet_through_mappings(esco: Path) -> None:
    both = open_graph([esco, "shipped"], as_of=DAY, merge_mappings=True)
    answer = gap(both, "data scientist", from_="Machine Learning Engineer")
    assert {tuple(n.label for n in found) for found in answer.context.merged} >= {("Data Scientist", "data scientist")}
    assert {"ESCO v1.1.1"} < {name for row in answer.rows() for name in row["sources"]}
    assert answer.held


def test_levels_of_onet(onet: KnowledgeGraph) -> None:
    up = gap(onet, "Registered Nurses", from_="Accountants and Auditors")
    down = gap(onet, "Accountants and Auditors", from_="Registered Nurses")
    assert up.measures["effort"]["O*NET level"] != down.measures["effort"]["O*NET level"]
    for answer in (up, down):
        by_hand = sum(r["importance"] * r["levels_missing"] for r in answer.rows() if r["level"] is not None)
        assert answer.measures["effort"]["O*NET level"] == pytest.approx(by_hand)
    weights = [r["importance"] for r in up.rows()]
    assert all(0 < weight <= 1 for weight in weights), "an importance from 1 to 5 is a share of its scale"


def test_what_onet_sets_aside_is_not_required(onet: KnowledgeGraph) -> None:
    query = f"SELECT ?role ?item {{ ?role <{KG.setsAside}> ?item }}"
    aside = {(r["role"], r["item"]) for r in onet.store.select(query).dicts()}
    matrix = onet.whole.matrix()
    assert len(aside) > 5_000
    assert not [pair for pair in aside if pair[1] in matrix.row(str(pair[0]))]


def test_a_role_of_a_hundred_ratings_is_cut_for_readers(onet: KnowledgeGraph) -> None:
    answer = gap(onet, "Registered Nurses")
    assert all(len(section.rows) <= 60 for section in answer.sections())
    weights = [r["importance"] for r in answer.rows()]
    assert weights == sorted(weights, reverse=True)


def test_what_is_wrong_in_the_frameworks_is_found_and_nothing_else(esco: Path, onet: KnowledgeGraph) -> None:
    with open_graph(esco, as_of=DAY) as graph:
        found = check(graph=graph)
    errors = [finding.message for finding in found.findings if finding.severity == "error"]
    assert len(errors) == 2
    assert "a9e54177-a185-404d-b6e6-15663d31137e: There is no skos:prefLabel" in errors[0]
    assert "measure water depth → measure water depth: A claim needs exactly one rdf:subject" in errors[1]
    assert [f.message.partition(":")[0] for f in found.findings if f.severity == "warning"] == [
        "implement cloud security and compliance"
    ]
    assert {f.rule for f in found.findings if f.severity == "info"} == {"shared-name", "unreachable"}
    assert [f.rule for f in check(graph=onet).findings if f.severity != "info"] == ["shared-label"]
