"""What holding implies: each rule on a small graph, laws on any graph, and what is said of a developer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.careers.profile import Profile
from kg.careers.showing import RULES
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.terms import BASE, KG
from kg.questions.gap import Gap, gap
from kg.questions.opens import opens
from kg.questions.plan import plan
from kg.questions.roadmap import roadmap
from tests.strategies import DAYS, Career, careers

DAY = date(2026, 11, 22)
KINDS = {"t": "tool", "s": "skill", "c": "certification", "r": "role"}
RELATIONS = {"shows": "demonstrates", "needs": "hasPrerequisite", "within": "broader", "proves": "certifies"}


def craft(*lines: str) -> GraphHandle:
    """Return a graph from lines such as ``t1 shows s1``, ``s1 needs s2``, ``s1 within s2``, ``r1 asks s1``."""
    graph: Career = nx.MultiDiGraph()
    for line in lines:
        subject, verb, target, *rest = line.split()
        for name in (subject, target):
            graph.add_node(f"{BASE}{KINDS[name[0]]}/{name}", label=name, kind=KINDS[name[0]], aliases=())
        said: dict[str, object] = {"relation": RELATIONS.get(verb, "requires"), "origin": "reading"}
        if rest and rest[0].isdigit():
            said |= {"level": float(rest[0]), "levelScale": KG.GdadLevelScale}
        elif rest:
            said["origin"] = rest[0]
        graph.add_edge(f"{BASE}{KINDS[subject[0]]}/{subject}", f"{BASE}{KINDS[target[0]]}/{target}", **said)
    graph.add_node(KG.GdadLevelScale, label="GDaD", minValue=1, maxValue=4)
    return GraphHandle(graph, as_of=DAY)


def held(answer: Gap) -> dict[str, list[str]]:
    return {row["label"]: row["held_by"] for row in answer.rows() if row["held"]}


def test_each_rule_shows_what_it_says_and_tells_why() -> None:
    graph = craft(
        "t1 shows s1", "s1 needs s2", "s2 needs s3", "s4 within s1", "c1 proves s4", *(f"r1 asks s{i}" for i in "1234")
    )
    shown = ["shown by t1"], ["shown by s1, by t1"], ["shown by s2, by t1"]
    assert held(gap(graph, "r1", held=["t1"])) == dict(zip(("s1", "s2", "s3"), shown, strict=True))
    assert held(gap(graph, "r1", held=["s4"])) == {
        "s4": [],
        "s1": ["shown by s4"],
        "s2": ["shown by s1, by s4"],
        "s3": ["shown by s2, by s4"],
    }
    assert held(gap(graph, "r1", held=["c1"]))["s4"] == ["c1"]
    assert held(gap(graph, "r1", held=["c1"], as_said=True)) == {"s4": ["c1"]}
    assert held(gap(graph, "r1", held=["t1"], as_said=True)) == {}
    assert held(gap(graph, "r1", held=["t1"], not_held=["s2"])) == {"s1": shown[0]}


def test_a_broader_skill_is_shown_one_step_and_only_by_our_reading() -> None:
    graph = craft("s1 within s2", "s2 within s3", "s4 within s5 source", *(f"r1 asks s{i}" for i in "12345"))
    assert held(gap(graph, "r1", held=["s1", "s4"])) == {"s1": [], "s4": [], "s2": ["shown by s1"]}


def test_every_shown_item_names_rule_and_claim(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "AI Engineer", held=["PyTorch", "Git", "Java"])
    shown = answer.to_json()["shown_by"]
    assert shown
    claims = {claim.iri for claim in answer.evidence}
    assert all(row["rule"] in RULES and row["by"] and row["claim"] in claims for row in shown)
    said = {n.iri for n in answer.profile.things}
    assert not said & {row["iri"] for row in shown}, "nothing shown by a rule is called said"
    assert answer.measures["shown"] == len(shown)


def test_the_developer_of_the_issue(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "Backend Developer", held=["Git", "Java", "Docker"], essential_only=True)
    by = held(answer)
    assert by["Version control"] == ["shown by Git"]
    assert by["Programming fundamentals"] == ["shown by Java"]
    assert "Version control (shown by Git)" in str(answer)
    steps = [step.node.label for step in plan(shipped, "Java Developer", held=["Java"]).steps]
    assert "Programming fundamentals" not in steps
    back = plan(shipped, "Java Developer", held=["Java"], not_held=["Programming fundamentals"])
    assert "Programming fundamentals" in [step.node.label for step in back.steps]
    known = plan(shipped, "Java Developer", held=["Java"])
    assert "Programming fundamentals" in [n.label for n, _ in known.taken_as_known]
    assert [part.title for part in known.sections() if part.title.startswith("Taken as known")]
    way = roadmap(shipped, "Java Developer", held=["Java"])
    assert "Programming fundamentals" not in [step.node.label for step in way.steps]


def test_levels_go_with_what_shows_and_an_entry_exam_proves_no_advanced_level() -> None:
    graph = craft("c1 proves s1", "t1 shows s1", "r1 asks s1 3")
    attributes = graph.graph.nodes[f"{BASE}certification/c1"]
    for level, enough in (
        ("Entry", False),
        ("Associate", False),
        ("Professional", True),
        ("Expert", True),
        ("Specialty", True),
    ):
        attributes["certificationLevel"] = f"https://w3id.org/career-kg/ontology#{level}Level"
        assert ("s1" in held(gap(graph, "r1", held=["c1"]))) == enough, level
    assert not held(gap(graph, "r1", held=["some t1"]))
    assert not held(gap(graph, "r1", held=["t1", "s1=2"])), "what was said at a level is held at that"
    assert held(gap(graph, "r1", held=["advanced t1"]))
    assert held(gap(graph, "r1", held=["t1"]))


def test_what_is_held_and_asked_for_nowhere_is_told(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "Data Analyst", held=["SQL", "AutoCAD"])
    assert [n.label for n in answer.unused] == ["AutoCAD"]
    assert [part.note for part in answer.sections() if part.title.startswith("Held, and asked for nowhere")] == [
        "AutoCAD."
    ]


def test_from_a_role_under_essential_only_counts_what_both_call_essential(shipped: KnowledgeGraph) -> None:
    for aim in ("Backend Developer", "AI Engineer"):
        answer = gap(shipped, aim, from_="Machine Learning Engineer", essential_only=True, as_said=True)
        start = gap(shipped, "Machine Learning Engineer", essential_only=True)
        assert {r.node for r in answer.held} <= {r.node for r in start.missing}


def things(graph: Career) -> list[str]:
    return sorted(iri for iri, data in graph.nodes(data=True) if data.get("kind") in ("skill", "tool", "certification"))


@settings(deadline=None, max_examples=60)
@given(st.data(), careers(), DAYS)
def test_holding_more_never_lowers_coverage_and_no_plan_repeats_a_prerequisite(
    data: st.DataObject, graph: Career, day: date
) -> None:
    handle = GraphHandle(graph, as_of=day)
    all_of = things(graph)
    some = data.draw(st.lists(st.sampled_from(all_of), unique=True)) if all_of else []
    more = data.draw(st.lists(st.sampled_from(all_of), unique=True)) if all_of else []
    before: Career = nx.MultiDiGraph(graph)
    for role in sorted(iri for iri, of in graph.nodes(data=True) if of.get("kind") == "role"):
        less, much = gap(handle, role, held=some), gap(handle, role, held=[*some, *more])
        assert (less.coverage or 0) <= (much.coverage or 0)
        as_said = gap(handle, role, held=some, as_said=True)
        assert {r.node for r in as_said.held} <= {r.node for r in less.held}
        steps = {step.node.iri for step in plan(handle, role, held=some).steps if step.kind == "learn"}
        known, ahead = set(some), [*some]
        while ahead:
            for _, first, of in graph.out_edges(ahead.pop(), data=True):
                if of["relation"] == "hasPrerequisite" and first not in known:
                    known.add(first)
                    ahead.append(first)
        assert not steps & known
    assert nx.utils.graphs_equal(before, graph), "nothing is written into the graph"


def test_all_questions_take_a_profile(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "held.txt"
    path.write_text("Python, some SQL | frobnicate\n", encoding="utf-8")
    for ask in (
        lambda profile: gap(shipped, "Data Engineer", profile=profile),
        lambda profile: plan(shipped, "Data Engineer", profile=profile),
        lambda profile: roadmap(shipped, "Data Engineer", profile=profile),
        lambda profile: opens(shipped, profile=profile),
    ):
        assert str(ask(path)).startswith(f"Read 2 of 3 names in {path}. Not understood: frobnicate. ")
    read: Profile = gap(shipped, "Data Engineer", profile=path).profile
    assert gap(shipped, "Data Engineer", profile=read).rows() == gap(shipped, "Data Engineer", profile=path).rows()


@pytest.mark.parametrize("typed", ["Python, basic SQL", "Python and SQL (basic)", "Python | SQL - basic"])
def test_a_list_in_one_text_is_taken_apart(shipped: KnowledgeGraph, typed: str) -> None:
    answer = gap(shipped, "Data Analyst", held=[typed])
    assert answer.rows() == gap(shipped, "Data Analyst", held=["Python", "basic SQL"]).rows()
    assert [(one.node.label, one.level) for one in answer.profile.held] == [("Python", ""), ("SQL", "basic")]
