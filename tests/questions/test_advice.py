"""A panel of judgements: what an adviser would say to a person who wants a role, held against `plan`.

The judgements were written before the code that must meet them; a line of reason stands with each.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.handles.handle import KnowledgeGraph
from kg.model.graphs import local_name
from kg.questions.plan import Plan, plan

PANEL: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("advice.yaml").read_text(encoding="utf-8"))


def named(judged: dict[str, Any]) -> str:
    return "-".join([judged["role"], judged.get("from", ""), *judged.get("held", ())]).replace(" ", "").strip("-")


@cache
def asked(g: KnowledgeGraph, role: str, from_: str | None, held: tuple[str, ...]) -> Plan:
    return plan(g, role, from_=from_, held=held)


def slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def test_the_panel_is_large_and_gives_reasons() -> None:
    assert len(PANEL) >= 40
    assert len({judged["role"] for judged in PANEL}) == 44
    assert len({named(judged) for judged in PANEL}) == len(PANEL)
    assert all(judged["because"] for judged in PANEL)


@pytest.mark.parametrize("judged", PANEL, ids=named)
def test_an_adviser_would_say_the_same(shipped: KnowledgeGraph, judged: dict[str, Any]) -> None:
    answer = asked(shipped, judged["role"], judged.get("from"), tuple(judged.get("held", ())))
    exams = answer.certify[:3]
    taken = {slug(step.node.iri) for step in exams}
    why = f"{judged['because']}; said: {sorted(taken)}"
    if "any_exam" in judged:
        assert taken & set(judged["any_exam"]), why
    refused = set(judged.get("no_exam", ()))
    assert not taken & refused, why
    if "entry" in refused:
        levels = {str(answer.graph.nodes[step.node.iri].get("certificationLevel", "")) for step in exams}
        assert "EntryLevel" not in {local_name(level) for level in levels}, why
    steps = [slug(step.node.iri) for step in answer.steps]
    assert set(judged.get("first", ())) <= {*steps[:10]}, f"{judged['because']}; first: {steps[:10]}"
    assert not set(judged.get("not_first", ())) & {*steps[:10]}, f"{judged['because']}; first: {steps[:10]}"
    assert not set(judged.get("never", ())) & {*steps}, judged["because"]


@pytest.fixture(scope="module")
def recommended(shipped: KnowledgeGraph) -> dict[str, Plan]:
    """What is recommended to somebody who holds nothing, by role."""
    return {n.label: asked(shipped, n.label, None, ()) for n in shipped.index.of_kind("role")}


def test_most_exams_are_said_to_be_for_the_role_by_others_than_us(recommended: dict[str, Plan]) -> None:
    assert len(recommended) == 44
    exams = [step for answer in recommended.values() for step in answer.certify]
    assert sum(step.outside for step in exams) >= 0.7 * len(exams) > 0
    for answer in recommended.values():
        assert any(step.outside for step in answer.certify) or (not answer.certify and answer.advice.why_none)
        assert len(answer.certify) <= 3
        assert sum(step.level == "entry" for step in answer.certify) <= 1
        assert all(step.fit and step.offer and step.offer.status == "active" for step in answer.certify)


def test_what_is_weaker_stands_beside_what_is_stronger(recommended: dict[str, Plan]) -> None:
    """Of what only our reading says none stands alone, nor of what names the core where others are for the role."""
    for answer in recommended.values():
        for point in answer.advice.points:
            fits = [answer.advice.fits[n.iri] for n in point.exams]
            assert any(fit.is_outside for fit in fits)
            assert sum(not fit.is_outside for fit in fits) <= 1
            core = sum(fit.is_outside and not fit.is_clear for fit in fits)
            assert core <= 1 or core == len([fit for fit in fits if fit.is_outside])


def test_what_conflicts_is_told_of_whom_it_concerns(recommended: dict[str, Plan]) -> None:
    told = {
        (slug(step.node.iri), known.says): known.told
        for answer in recommended.values()
        for step in answer.certify
        for known in step.conflicts
    }
    assert told["aws-aip-c01", "AIP-C01 with no precondition"].startswith("Professional level")
    assert not [iri for iri, says in told if says == "no cost, level, validity, preconditions"], "of the article only"
    assert "AI-103" in told["ms-ai-103", "take Azure AI Engineer Associate (AI-102)"]


def test_none_adds_fewer_than_three(recommended: dict[str, Plan]) -> None:
    """By what it is weighed to prove, and by all that its guide lists."""
    for answer in recommended.values():
        least = min(3, len(answer.missing))
        missing = {r.node.iri for r in answer.missing}
        seen: set[str] = set()
        for step in answer.certify:
            assert len(step.adds) >= least or step.price == 0, step.node.label
            edges = answer.context.graph.out_edges(step.node.iri, keys=True, data=True)
            listed = {v for _, v, _, data in edges if data["relation"] == "certifies"} & missing
            assert len(listed - seen) >= least or step.price == 0, step.node.label
            seen |= listed


def test_a_language_of_the_role_rules_entry_exams_out(shipped: KnowledgeGraph) -> None:
    for role, language in (("Python Developer", "Python"), ("Data Engineer", "Python"), ("Java Developer", "Java")):
        answer = plan(shipped, role, held=[language], exams=5)
        assert "entry" not in {step.level for step in answer.certify}


def test_the_frontier_is_proved_and_says_what_each_adds(recommended: dict[str, Plan]) -> None:
    for answer in recommended.values():
        points = answer.advice.points
        assert [point.worth for point in points] == sorted({point.worth for point in points})
        for point in points:
            assert point.optimal
            assert point.gap == 0
            assert point.running[-1] == point.total
            assert len(point.exams) == len(point.adds) == len(point.prices)
        told = answer.to_json()
        assert [one["recommended"] for one in told["frontier"]].count(True) == (answer.advice.recommended is not None)


def test_fewer_exams_or_money_never_buy_more(shipped: KnowledgeGraph) -> None:
    for role in ("AI Engineer", "Data Engineer"):
        worth = []
        for exams in range(4):
            point = plan(shipped, role, exams=exams).advice.recommended
            worth.append(point.worth if point else 0.0)
        assert worth == sorted(worth)
        worth = []
        for budget in (0, 150, 300, 500, 2000):
            answer = plan(shipped, role, budget=float(budget))
            assert answer.cost <= budget
            worth.append(max((point.worth for point in answer.advice.points), default=0.0))
        assert worth == sorted(worth)
    assert "pays for no exam" in str(plan(shipped, "Data Engineer", budget=20.0))
    assert "No exam was asked for" in str(plan(shipped, "Data Engineer", exams=0))


def test_exams_stand_among_the_steps(recommended: dict[str, Plan]) -> None:
    """After all that they test; a lower level before a higher one."""
    for answer in recommended.values():
        number = {step.node.iri: step.number for step in answer.steps}
        levels = [
            ("entry", "associate", "", "specialty", "professional", "expert").index(s.level) for s in answer.certify
        ]
        assert levels == sorted(levels)
        for step in answer.certify:
            assert step.after
            assert all(number[n.iri] < step.number for n in step.after)
    assert any(step.number < len(a.main) for a in recommended.values() for step in a.certify)


def test_the_next_month_has_three_to_five_steps_with_reasons(recommended: dict[str, Plan]) -> None:
    for answer in recommended.values():
        assert 3 <= len(answer.next_month) <= 5
        assert all(step.reason for step in answer.next_month)
        assert "No source states how long" in answer.sections()[0].note


def test_essential_comes_before_optional_within_a_stage(recommended: dict[str, Plan]) -> None:
    """But in foundations, where everyday tools come first; and for what something essential needs."""
    for answer in recommended.values():
        after = {step.node.iri: {n.iri for n in step.after} for step in answer.learn}
        needed = {step.node.iri for step in answer.learn if step.required and step.required.essential}
        for step in reversed(answer.learn):
            needed |= after[step.node.iri] if step.node.iri in needed else set()
        for stage in answer.stages[1:]:
            marks = [step.node.iri in needed for step in answer.learn if step.stage == stage]
            assert marks == sorted(marks, reverse=True)


def test_a_role_of_few_requirements_is_called_thinly_described(shipped: KnowledgeGraph) -> None:
    thin = plan(shipped, "AI Engineer", source=["exam-guide-ms-ai-103"])
    assert 0 < len(thin.missing) < 10
    assert "thinly described" in str(thin)
    assert "thinly" not in str(plan(shipped, "AI Engineer"))
