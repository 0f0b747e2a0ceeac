"""`why`: who says so, against SPARQL, the facts themselves and disagreements that were planted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings

from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.model.errors import BadInput, UnknownName
from kg.model.terms import BASE, KG
from kg.names.lookup import ASKABLE
from kg.questions.why import Why, why
from kg.stores.binding import bind, load_query
from kg.stores.memory import MemoryStore
from kg.stores.port import Store
from kg.views.text_tables import plain_text
from tests.conftest import DAY
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

AI, JAVA = f"{BASE}role/ai-engineer", f"{BASE}tool/java"
FIELDS = ("subject", "relation", "object", "source", "source_date", "locator", "origin")


def nodes_of(whole: Career) -> list[str]:
    return sorted(iri for iri, data in whole.nodes(data=True) if data.get("kind") in ASKABLE)


def claims(answer: Why) -> tuple[object, ...]:
    """Return what an answer says of claims between nodes; a graph has no attributes by source."""
    rows = tuple(row for row in answer.rows() if row["object_iri"])
    requirements = [d for d in answer.disagreements if " of " not in d.about]
    return rows, answer.evidence, requirements, answer.conflicts, answer.statements


def said(answer: Why) -> tuple[object, ...]:
    """Return all that an answer says, but not how it was asked."""
    return str(answer), answer.rows(), answer.measures, answer.evidence, answer.sections()


def in_python(answer: Why) -> set[tuple[object, ...]]:
    return {(c.iri, c.subject.iri, c.relation, c.object.iri, c.source, c.locator) for c in answer.evidence}


def by_sparql(store: Store, iri: str, other: Sequence[str] = ()) -> set[tuple[object, ...]]:
    query = bind(load_query("why_answer"), subject=[iri], object=[iri], other=other)
    return {
        (
            row["claim"],
            row["subject"],
            str(row["relation"]).rpartition("#")[2].rpartition("/")[2],
            row["object"],
            row["source"],
            row["locator"] or "",
        )
        for row in store.select(query).dicts()
    }


# Agreement


def test_graph_and_sparql_agree_on_every_node(shipped: KnowledgeGraph, whole: Career) -> None:
    handle = GraphHandle(whole, as_of=shipped.as_of)
    nodes = nodes_of(whole)
    assert nodes
    for i, iri in enumerate(nodes):
        answer = why(handle, iri)
        assert by_sparql(shipped.store, iri) == in_python(answer), iri
        if i % 10 == 0:  # a slice takes longer than the answer itself
            assert claims(why(shipped, iri)) == claims(answer), iri


def test_graph_and_sparql_agree_between_two_nodes(shipped: KnowledgeGraph, whole: Career) -> None:
    handle = GraphHandle(whole, as_of=shipped.as_of)
    for other in ("tool/python", "tool/java", "certification/ms-ai-102", "skill/ai-agents", "role/data-analyst"):
        pair = AI, f"{BASE}{other}"
        answer = why(shipped, *pair)
        assert by_sparql(shipped.store, pair[0], pair[1:]) == in_python(answer), other
        assert claims(why(handle, *pair)) == claims(answer)
        assert claims(why(shipped, *reversed(pair))) == claims(answer)


def test_rdflib_gives_the_same_answer(shipped: KnowledgeGraph) -> None:
    store = MemoryStore()
    store.add(shipped.store.quads())
    memory = KnowledgeGraph(store, as_of=shipped.as_of)
    for pair in ((AI, JAVA), (f"{BASE}certification/ms-ai-102", None), (f"{BASE}tool/python", None)):
        answer = why(shipped, *pair)
        assert said(why(memory, *pair)) == said(answer)
        assert by_sparql(store, pair[0], [pair[1]] if pair[1] else ()) == in_python(answer)


# What is said of each claim


def test_the_article_and_the_sources_say_different_things_of_java(shipped: KnowledgeGraph) -> None:
    answer = why(shipped, "AI Engineer", "Java")
    told = {(row["relation"], row["source_iri"].rpartition("/")[2], row["locator"]) for row in answer.rows()}
    assert ("uses", "article", "line 37") in told
    (esco,) = (locator for relation, source, locator in told if (relation, source) == ("requires", "esco-111"))
    assert esco.startswith("ESCO relation: optional")
    assert "No source found that Java is common for enterprise AI" in answer.conflicts[0][2]
    assert {line for line, _, _ in answer.statements} == {37}
    assert [part.title.partition(" (")[0] for part in answer.sections()] == [
        "Known conflicts",
        "The article says",
        "A source says",
        "The article's statements",
    ]


def test_every_row_has_its_source_and_origin(shipped: KnowledgeGraph, whole: Career) -> None:
    sources = {iri for iri, data in whole.nodes(data=True) if data.get("kind") == "source"}
    for iri in nodes_of(whole)[::12]:
        for row in why(shipped, iri).rows():
            assert row.keys() >= set(FIELDS)
            assert row["subject"]
            assert row["relation"]
            assert row["source"]
            assert row["source_iri"] in sources
            assert row["origin"] in ("article", "source", "reading")


def test_a_source_has_its_date_and_a_claim_its_place(shipped: KnowledgeGraph) -> None:
    rows = why(shipped, "AI Engineer").rows()
    esco = [row for row in rows if row["source_iri"].endswith("/esco-111")]
    assert esco
    assert {row["source_date"] for row in esco} == {"2022-09-13"}
    article = [row for row in rows if row["origin"] == "article" and row["object_iri"]]
    assert article
    assert all(row["locator"].startswith("line ") for row in article)


def test_attributes_carry_the_place_that_their_citation_names(shipped: KnowledgeGraph) -> None:
    rows = [row for row in why(shipped, "AI-102").rows() if not row["object_iri"]]
    ends = {(row["object"], row["locator"]) for row in rows if row["relation"] == "validThrough"}
    assert ends == {
        ("2026-06-30", "deadline 23:59 Central Standard Time on 2026-06-30"),
        ("2026-06-30", "retirement date 2026-06-30, replacement AI-103, last skills list (2025-12-23) with weights"),
        ("2026-06-30", "same date"),
    }
    assert {row["object"] for row in rows if row["relation"] == "status"} == {"retired"}


def test_attributes_stand_where_facts_put_them(shipped: KnowledgeGraph) -> None:
    rows = why(shipped, "Python").rows()
    assert {"label", "also called", "category"} <= {row["relation"] for row in rows if not row["object_iri"]}
    between = why(shipped, "AI Engineer", "Python").rows()
    assert between
    assert all(row["object_iri"] for row in between), "between two nodes are no attributes of one"


def test_our_own_readings_are_labelled_as_such(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = why(shipped, "Python")
    (section,) = [part for part in answer.sections() if part.title.startswith("Our reading")]
    readings = [row for row in answer.rows() if row["origin"] == "reading"]
    assert section.title == f"Our reading ({len(readings)})"
    assert readings
    for row in answer.rows():
        assert (whole.nodes[row["source_iri"]]["origin"] == KG.OurReading) == (row["origin"] == "reading")
    assert sum(answer.measures[o] for o in ("article", "source", "reading")) == answer.measures["claims"]


def test_known_conflicts_are_shown_on_every_node_they_concern(shipped: KnowledgeGraph, whole: Career) -> None:
    known = [data for _, data in whole.nodes(data=True) if data.get("kind") == "conflict"]
    assert known
    concerned = sorted({iri for data in known for iri in data.get("about", ()) if iri in nodes_of(whole)})
    for iri in concerned[::3]:
        expected = {data.get("says", "") for data in known if iri in data.get("about", ())}
        assert {row[1] for row in why(shipped, iri).conflicts} == expected
    (severity, says, finding, advice) = why(shipped, "AI-102").conflicts[0]
    assert (severity, says) == ("A", "take Azure AI Engineer Associate (AI-102)")
    assert "Retired 2026-06-30" in finding
    assert "AI-103" in advice


def test_only_one_source_is_heard(shipped: KnowledgeGraph) -> None:
    answer = why(shipped, "AI Engineer", source=["esco-111"])
    assert answer.told
    assert {t.source_iri for t in answer.told} == {f"{BASE}source/esco-111"}
    with pytest.raises(BadInput, match='No source "nonsense"'):
        why(shipped, "AI Engineer", source=["nonsense"])


# Disagreement, planted

FACTS = """
source: first
sources:
- {id: first, title: The first, date: '2026-01', origin: source}
- {id: second, title: The second, date: '2026-02', origin: source}
skills:
- {id: juggling, label: Juggling, category: practice, definition: throwing things}
- {id: walking, label: Walking, category: practice, definition: on a rope}
roles:
- id: clown
  label: Clown
  requires:
  - {skill: juggling, essential: true, source: first}
  - {skill: juggling, essential: false, source: second}
  - {skill: walking, essential: false, source: first}
  - {skill: walking, essential: false, source: second}
providers: [{id: circus, label: Circus}]
certifications:
- id: clown-exam
  label: Clown exam
  provider: circus
  level: entry
  status: {state: active, as_of: '2026-11-01'}
  price: {usd: 10}
  skills: [juggling]
"""
#: A second opinion on the price; facts files have one for each certification, so this comes as RDF.
SECOND = f"""
@prefix kg: <https://w3id.org/career-kg/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{BASE}source/second> {{
  <{BASE}certification/clown-exam> kg:priceUSD "20"^^xsd:decimal ; kg:examMinutes 30 .
}}
"""


@pytest.fixture
def circus(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "second.trig").write_text(SECOND, encoding="utf-8")
    return open_graph([tmp_path / "facts.yaml", tmp_path / "second.trig"], as_of=DAY)


def test_essential_against_optional_is_a_disagreement(circus: KnowledgeGraph) -> None:
    for answer in (why(circus, "Clown"), why(circus, "Clown", "Juggling"), why(circus, "Juggling")):
        (found,) = answer.disagreements
        assert found.about == "Clown requires Juggling"
        assert found.sides == (("essential", ("The first",)), ("optional", ("The second",)))
        assert answer.measures["disagreements"] == 1
        assert str(answer).endswith("; they disagree on 1 point.")
        assert answer.sections()[0].title == "Sources disagree: Clown requires Juggling", "it is told first"
    assert why(circus, "Clown", "Walking").disagreements == ()


def test_two_prices_are_a_disagreement(circus: KnowledgeGraph) -> None:
    answer = why(circus, "Clown exam")
    (found,) = answer.disagreements
    assert found.about == "priceUSD of Clown exam"
    assert found.sides == (("10", ("The first",)), ("20", ("The second",)))
    assert (answer.measures["claims"], answer.measures["sources"]) == (len(answer.told), 2)
    assert why(circus, "Clown exam", source=["first"]).disagreements == ()


def test_two_skills_of_one_name_do_not_disagree() -> None:
    graph: Career = nx.MultiDiGraph()
    graph.add_node("r", label="Role", kind="role", aliases=())
    for name, essential in (("a", True), ("b", False)):
        graph.add_node(name, label="Same", kind="skill", aliases=())
        graph.add_edge("r", name, key=f"claim-{name}", relation="requires", essential=essential)
    assert why(GraphHandle(graph, as_of=open_graph(as_of=DAY).as_of), "Role").disagreements == ()


@settings(max_examples=60, deadline=None)
@given(graph=careers())
def test_every_edge_of_any_graph_is_told_at_both_its_ends(graph: Career) -> None:
    from datetime import date

    handle = GraphHandle(graph, as_of=date.fromisoformat(DAY))
    for iri in graph:
        answer = why(handle, iri)
        edges = {key for u, v, key in graph.edges(keys=True) if iri in (u, v)}
        assert {claim.iri for claim in answer.evidence} == edges
        assert len(answer.told) == len(edges)
        assert answer.yes == bool(edges)
        assert [t.sort_key for t in answer.told] == sorted(t.sort_key for t in answer.told)
        assert all(len(row) == len(part.header) for part in answer.sections() for row in part.rows)


# Nothing, and the command


def test_nothing_between_two_nodes_is_an_answer(run: Run, shipped: KnowledgeGraph) -> None:
    answer = why(shipped, "Data Analyst", "Kubernetes")
    assert not answer.yes
    assert str(answer).startswith("No claim ties Data Analyst and Kubernetes to each other.")
    ran = run("why", "Data Analyst", "Kubernetes", "--as-of", DAY)
    assert (ran.code, ran.err) == (1, "")
    assert "No claim ties" in ran.out
    assert run("why", "AI Engineer", "Java").code == 0


def test_a_name_that_means_nothing(shipped: KnowledgeGraph) -> None:
    for names in (("qqqqqq",), ("AI Engineer", "qqqqqq")):
        with pytest.raises(UnknownName, match='"qqqqqq"'):
            why(shipped, *names)


def test_the_command_says_what_the_function_says(run: Run, shipped: KnowledgeGraph) -> None:
    ran = run("why", "AI-102", "--as-of", DAY, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    printed = json.loads(ran.out)
    answer = why(shipped, "AI-102")
    assert printed == json.loads(json.dumps(answer.to_json()))
    assert printed["rows"][0].keys() >= set(FIELDS)
    assert len(printed["conflicts"]) == len(answer.conflicts)
    assert run("why", "AI-102", "--as-of", DAY).out == plain_text(answer)


def test_a_certification_says_how_it_stands_and_what_is_known_to_conflict(shipped: KnowledgeGraph) -> None:
    answer = why(shipped, "AI Engineer", "AI-102")
    assert "is retired since 2026-06-30" in str(answer)
    assert "replaced by Microsoft Certified: Azure AI Apps and Agents Developer Associate" in str(answer)
    assert any("AI-103" in advice for *_, advice in answer.conflicts)
    assert answer.to_json()["standing"] == [*answer.standing]
    assert not why(shipped, "AI Engineer", "Python").standing
