"""`disagree`: what each source says of two nodes, against the mapping file and the claims themselves."""

from __future__ import annotations

import csv
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, UnknownName
from kg.model.shipped import data_path
from kg.model.terms import BASE
from kg.questions.disagree import SAYS, Disagree, disagree
from kg.stores.memory import MemoryStore
from tests.strategies import Career

if TYPE_CHECKING:
    from tests.conftest import Run

AI, ML = f"{BASE}role/ai-engineer", f"{BASE}role/machine-learning-engineer"
SKOS = "http://www.w3.org/2004/02/skos/core#"


def by_source(answer: Disagree, word: str) -> list[tuple[str, str, str]]:
    return [(v.says, v.about.label, v.object.label) for v in answer.views if word in v.source]


def without_circumstances(answer: Disagree) -> tuple[object, ...]:
    return str(answer), answer.rows(), answer.measures, answer.evidence, answer.sections()


def mapped() -> dict[tuple[str, str], set[str]]:
    """Return the concepts of each node in each release, read from the mapping file in the plainest way."""
    lines = data_path("ontology/mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
    found: dict[tuple[str, str], set[str]] = {}
    for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
        kind, _, slug = row["subject_id"].partition(":")
        found.setdefault((f"{BASE}{kind}/{slug}", row["object_source_version"]), set()).add(row["object_label"])
    return found


def test_ai_and_ml_engineer_are_one_in_esco_titles_in_onet_and_two_in_the_article(shipped: KnowledgeGraph) -> None:
    answer = disagree(shipped, "AI Engineer", "ML engineer")
    others = {view.source for view in answer.views if view.says == "only one"}
    assert str(answer) == (
        "AI Engineer and Machine Learning Engineer: one concept in ESCO v1.2, alternate titles under 3 occupations of "
        f"O*NET 29.2, two roles in the article and roadmap.sh, {len(others)} sources describe only one of them."
    )
    concept = "artificial intelligence engineer"
    assert by_source(answer, "ESCO v1.2") == [
        ("same", "AI Engineer", concept),
        ("alternative label", "Machine Learning Engineer", concept),
    ]
    onet = by_source(answer, "O*NET")
    assert {says for says, _, _ in onet} == {"alternative label"}
    assert len({concept for _, _, concept in onet}) == 3
    article = [view for view in answer.views if view.origin == "article"]
    assert [(view.says, view.about.label) for view in article] == [
        ("separate", "AI Engineer"),
        ("separate", "Machine Learning Engineer"),
    ]
    assert all(view.locator.startswith("lines ") for view in article)
    assert by_source(answer, "UK government") == [("only one", *["Machine Learning Engineer"] * 2)]
    assert ("C", "AI and ML engineer are separate") in [row[:2] for row in answer.conflicts]


def test_each_view_has_its_date_and_each_match_its_claim(shipped: KnowledgeGraph) -> None:
    answer = disagree(shipped, "AI Engineer", "ML engineer")
    dates = {view.source: view.date for view in answer.views}
    assert (dates["ESCO v1.2"], dates["O*NET 29.2"]) == ("2024-04-30", "2025-02")
    assert all(dates.values())
    claims = {(claim.subject.iri, claim.object.iri) for claim in answer.evidence}
    for view in answer.views:
        if view.object.kind == "concept" and view.says != "absent":
            assert (view.about.iri, view.object.iri) in claims


def test_the_other_way_round_says_the_same(shipped: KnowledgeGraph) -> None:
    for left, right in (("AI Engineer", "ML engineer"), ("pandas", "NumPy"), ("Data Analyst", "Data Scientist")):
        there, back = disagree(shipped, left, right), disagree(shipped, right, left)
        assert there.rows() == back.rows()
        assert there.evidence == back.evidence


def test_the_views_of_frameworks_are_those_of_the_mapping_file(shipped: KnowledgeGraph, whole: Career) -> None:
    concepts = mapped()
    handle = GraphHandle(whole, as_of=shipped.as_of)
    roles = sorted(iri for iri, data in whole.nodes(data=True) if data.get("kind") == "role")
    for left, right in list(combinations(roles, 2))[::3]:
        answer = disagree(handle, left, right)
        for release in {release for iri, release in concepts if iri in (left, right)}:
            views = [view for view in answer.views if view.source == release and view.object.kind == "concept"]
            for iri in (left, right):
                expected = concepts.get((iri, release), set())
                found = {view.object.label for view in views if view.about.iri == iri and view.says != "absent"}
                assert found == expected, (iri, release)
                absent = [view for view in views if view.about.iri == iri and view.says == "absent"]
                assert bool(absent) == (not expected)


def test_slice_graph_and_rdflib_agree(shipped: KnowledgeGraph, whole: Career) -> None:
    memory = MemoryStore()
    memory.add(shipped.store.quads())
    for left, right in ((AI, ML), (f"{BASE}skill/machine-learning", f"{BASE}skill/deep-learning")):
        expected = without_circumstances(disagree(shipped, left, right))
        assert without_circumstances(disagree(GraphHandle(whole, as_of=shipped.as_of), left, right)) == expected
        in_memory = KnowledgeGraph(memory, as_of=shipped.as_of)
        assert without_circumstances(disagree(in_memory, left, right)) == expected


def test_two_concepts_of_one_release_are_separate(shipped: KnowledgeGraph) -> None:
    answer = disagree(shipped, "Data Analyst", "Data Scientist")
    assert {says for says, _, _ in by_source(answer, "ESCO v1.2")} == {"separate"}
    assert "two concepts in ESCO v1.2" in str(answer)


def test_what_ties_the_two_is_related(shipped: KnowledgeGraph) -> None:
    answer = disagree(shipped, "pandas", "NumPy")
    (tie,) = [view for view in answer.views if view.says == "related"]
    assert (tie.about.label, tie.object.label, tie.basis) == ("pandas", "NumPy", "hasPrerequisite")
    assert tie.origin == "reading"


def matches(*edges: tuple[str, str, str, str]) -> GraphHandle:
    """Return a graph of matches: (role, relation, concept, why)."""
    graph: Career = nx.MultiDiGraph()
    for name in ("one", "two"):
        graph.add_node(f"{BASE}role/{name}", label=name.title(), kind="role", aliases=())
    for i, (role, relation, concept, why) in enumerate(edges):
        target = f"https://example.org/{concept}"
        graph.add_node(target, label=concept, aliases=())
        graph.add_edge(f"{BASE}role/{role}", target, key=str(i), relation=relation, locator="F 1.0", basis=why)
    return GraphHandle(graph, as_of=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("edges", "says", "sentence"),
    [
        ([("one", "exactMatch", "x", ""), ("two", "closeMatch", "x", "")], ["same", "same"], "one concept in F 1.0"),
        ([("one", "exactMatch", "x", ""), ("two", "exactMatch", "y", "")], ["separate", "separate"], "two concepts in"),
        ([("one", "exactMatch", "x", "")], ["only one", "absent"], "only One in F 1.0"),
        ([("one", "exactMatch", "x", ""), ("two", "broadMatch", "x", "")], ["separate", "related"], "two concepts in"),
        (
            [("one", "exactMatch", "x", ""), ("two", "broadMatch", "x", 'alternative label "Two"')],
            ["same", "alternative label"],
            "one concept in F 1.0",
        ),
        (
            [
                ("one", "exactMatch", "x", 'alternative label "Two"'),
                ("two", "relatedMatch", "y", 'alternate title "z"'),
            ],
            ["separate", "related"],
            "two concepts in",
        ),
        (
            [("one", "broadMatch", "x", 'alternate title "One"'), ("two", "broadMatch", "y", 'alternate title "TWO"')],
            ["alternative label", "alternative label"],
            "alternate titles under 2 occupations of F 1.0",
        ),
        ([("one", "relatedMatch", "x", ""), ("two", "relatedMatch", "x", "")], ["related"] * 2, "only related to"),
        ([], [], "no source says"),
    ],
)
def test_verdicts(edges: list[tuple[str, str, str, str]], says: list[str], sentence: str) -> None:
    answer = disagree(matches(*edges), "One", "Two")
    assert sorted((view.says for view in answer.views), key=SAYS.index) == sorted(says, key=SAYS.index)
    assert sentence in str(answer)
    assert answer.yes == bool(edges)


@pytest.mark.parametrize(
    ("names", "error", "match"),
    [
        (("AI Engineer", "ai engineer"), BadInput, "both AI Engineer"),
        (("AI Engineer", "Python"), BadInput, "a role, Python a tool"),
        (("AI Engineer", "AI-102"), UnknownName, "AI-102"),
        (("AI Engineer", "qqqqqq"), UnknownName, "qqqqqq"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    shipped: KnowledgeGraph, names: tuple[str, str], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        disagree(shipped, *names)


def test_exit_codes(run: Run) -> None:
    assert run("disagree", "AI Engineer", "ML engineer").code == 0
    assert run("disagree", "AI Engineer").code == 2
    assert run("disagree", "AI Engineer", "Python").code == 2
