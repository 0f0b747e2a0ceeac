"""`roadmap`: the plan from nothing, by stages, for every role."""

from __future__ import annotations

import networkx as nx

from kg.careers.ordering import STAGES
from kg.handles.handle import KnowledgeGraph
from kg.questions.plan import plan
from kg.questions.roadmap import roadmap
from tests.strategies import Career


def test_every_role_has_one(shipped: KnowledgeGraph, whole: Career) -> None:
    """Each stage holds what its definition says, checked by networkx on the whole graph."""
    needs: nx.DiGraph[str] = nx.DiGraph(
        (u, v) for u, v, data in whole.edges(data=True) if data["relation"] == "hasPrerequisite"
    )
    roles = sorted(iri for iri, data in whole.nodes(data=True) if data.get("kind") == "role")
    described = 0
    for role in roles[::3]:
        answer = roadmap(shipped, role)
        required = {v for _, v, data in whole.out_edges(role, data=True) if data["relation"] == "requires"}
        if not required:
            assert "not described" in str(answer)
            continue
        described += 1
        reached = required.union(*(nx.descendants(needs, iri) for iri in required if iri in needs))
        stages = {step.node.iri: step.stage for step in answer.learn}
        aside = {one.required.node.iri for one in answer.set_aside}
        assert not any(one.required.essential for one in answer.set_aside)
        assert required <= stages.keys() | aside
        assert stages.keys() <= reached
        for iri, stage in stages.items():
            firsts = set(needs.successors(iri)) if iri in needs else set()
            assert all(STAGES.index(stages[first]) <= STAGES.index(stage) for first in firsts)
            if stage == "specialisation":
                assert iri in required
                assert firsts
                assert not (set(needs.predecessors(iri)) & reached)
        essential = {r.node.iri for r in answer.missing if r.essential}
        for iri in stages.keys() - required:  # no stepping stone for the sake of one optional thing
            after = nx.ancestors(needs, iri)
            everyday = {one for one in after & required if stages.get(one) == "foundations"}
            assert after & essential or everyday or len(after & required & stages.keys()) > 1
        assert [STAGES.index(step.stage) for step in answer.steps] == sorted(
            STAGES.index(s.stage) for s in answer.steps
        )
        assert answer.covering.optimal
    assert described >= 5


def test_it_is_the_plan_from_nothing(shipped: KnowledgeGraph) -> None:
    whole_way, from_nothing = roadmap(shipped, "Data Analyst", budget=300), plan(shipped, "Data Analyst", budget=300)
    assert whole_way.rows() == from_nothing.rows()
    assert whole_way.measures == from_nothing.measures
    assert whole_way.to_json()["question"] == "roadmap"
    count = len(whole_way.learn) - len(whole_way.optional)
    assert str(whole_way).startswith(f"The way to Data Analyst has {count} steps to learn: ")


def test_both_engineers_of_the_article_get_the_roadmap_it_promises(shipped: KnowledgeGraph) -> None:
    for role in ("AI Engineer", "Machine Learning Engineer"):
        answer = roadmap(shipped, role)
        assert {step.stage for step in answer.steps} == {*STAGES}
        titles = [section.title for section in answer.sections()]
        assert [title.partition(" (")[0] for title in titles if title][:6] == [
            "The next month",
            "Certifications",
            "The best one, two, three … exams for this role",
            "Foundations",
            "Core",
            "Specialisation",
        ]
        assert answer.to_networkx().number_of_edges() > len(answer.steps)
