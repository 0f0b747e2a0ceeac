"""`plan`: in order, on offer, and never dearer than need be, against brute force on small graphs."""

from __future__ import annotations

from datetime import date
from itertools import chain, combinations
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.careers.offers import offer
from kg.careers.ordering import STAGES
from kg.careers.proofs import is_step
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, UnknownName
from kg.model.terms import BASE, KG
from kg.questions.plan import Plan, plan
from kg.stores.memory import MemoryStore
from tests.strategies import SOURCES, Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run

DAY = date(2026, 11, 22)
AI, ML = "AI Engineer", "Machine Learning Engineer"


def targets(graph: Career, iri: str, relation: str) -> set[str]:
    return {v for _, v, data in graph.out_edges(iri, data=True) if data["relation"] == relation}


def iri(kind: str, name: str) -> str:
    return f"{BASE}{kind}/{name}"


def small(*edges: str, **prices: float | None) -> Career:
    """Draw a graph from lines such as "role requires skill"; the first letter says the kind: r, s, c."""
    kinds = {"r": "role", "s": "skill", "c": "certification", "p": "provider"}
    graph: Career = nx.MultiDiGraph()
    for i, edge in enumerate(edges):
        subject, relation, target = edge.split()
        for name in (subject, target):
            graph.add_node(iri(kinds[name[0]], name), label=name, kind=kinds[name[0]], aliases=())
        graph.add_edge(
            iri(kinds[subject[0]], subject),
            iri(kinds[target[0]], target),
            key=f"{BASE}claim/{i}",
            relation=relation,
            **SOURCES[0],
        )
    for name, data in graph.nodes(data=True):
        if data["kind"] == "certification":
            data |= {"status": KG.active, "statusAsOf": "2026-11-01"}
            price = prices.get(name.rpartition("/")[2], 100.0)
            if price is not None:
                data["priceUSD"] = price
    return graph


def ask(graph: Career, **options: object) -> Plan:
    """Ask for a full cover, unless a few exams are asked for."""
    full = {"all_certifiable": "exams" not in options, **options}
    return plan(GraphHandle(graph, as_of=DAY), "r", **full)  # type: ignore[arg-type]  # options of many types


def by_label(answer: Plan) -> list[str]:
    return [step.node.label for step in answer.steps]


@st.composite
def priced(draw: st.DrawFn) -> Career:
    """A small career graph whose certifications mostly are on offer at a price."""
    graph: Career = draw(careers(most=5))
    for _, data in graph.nodes(data=True):
        if data["kind"] == "certification" and draw(st.integers(0, 3)):
            for name in ("validFrom", "validThrough"):
                data.pop(name, None)
            data["status"] = KG.active
        if data["kind"] == "certification" and draw(st.integers(0, 4)):
            data["priceUSD"] = draw(st.sampled_from((0, 69, 70.5, 99, 165)))
    return graph


def available(graph: Career) -> set[str]:
    """Return the certifications with a price that are on offer and rest on none that is not, the slow way."""
    found = {
        name
        for name, data in graph.nodes(data=True)
        if data["kind"] == "certification" and "priceUSD" in data and is_step(data, offer(data, DAY), ())
    }
    for _ in graph.nodes:
        found = {name for name in found if targets(graph, name, "hasPrerequisite") <= found}
    return found


@settings(max_examples=300, deadline=None)
@given(graph=priced(), budget=st.one_of(st.none(), st.integers(0, 400)), prefer=st.sampled_from(("cost", "few")))
def test_any_plan_of_any_graph(graph: Career, budget: int | None, prefer: str) -> None:
    role = min(name for name, data in graph.nodes(data=True) if data["kind"] == "role")
    answer = plan(GraphHandle(graph, as_of=DAY), role, budget=budget, prefer=prefer, all_certifiable=True)  # type: ignore[arg-type]
    required = targets(graph, role, "requires")
    there = available(graph)
    chosen = {step.node.iri for step in answer.certify}

    # Everything that is required is there, with all it needs first, but for what is optional and would ask for
    # something that nothing else needs; each after what it needs and what it tests.
    def closure(some: set[str]) -> set[str]:
        found = set(some)
        for _ in graph.nodes:
            found |= set(chain.from_iterable(targets(graph, name, "hasPrerequisite") for name in found))
        return found

    essential = {r.node.iri for r in answer.missing if r.essential}
    kept = required - essential
    while True:
        stones = {one: closure({one}) - required - closure(essential) for one in kept}
        alone = {one for one in kept if any(not any(s in stones[o] for o in kept - {one}) for s in stones[one])}
        if not alone:
            break
        kept -= alone
    learnt = closure(essential | kept)
    assert {one.required.node.iri for one in answer.set_aside} == required - learnt
    number = {step.node.iri: step.number for step in answer.steps}
    assert {step.node.iri for step in answer.learn} == learnt
    assert sorted(number.values()) == list(range(1, len(number) + 1)) == [step.number for step in answer.steps]
    for step in answer.steps:
        firsts = targets(graph, step.node.iri, "hasPrerequisite")
        if step.kind == "certify":
            firsts |= targets(graph, step.node.iri, "certifies") & required & learnt
        assert {n.iri for n in step.after} == firsts
        assert all(number[first] < step.number for first in firsts)
        assert step.ready == (not firsts)
    stages = [STAGES.index(step.stage) for step in answer.steps]
    assert stages == sorted(stages)

    # Only what is on offer, and no choice is better.
    assert chosen <= there
    covers = {name: targets(graph, name, "certifies") & required for name in there}
    cost = {name: round(graph.nodes[name]["priceUSD"] * 100) for name in there}
    weight = dict.fromkeys(required, 0.0)
    for _, target, data in graph.out_edges(role, data=True):
        if data["relation"] == "requires":
            weight[target] = max(weight[target], 0.5 if data.get("essential") is False else 1.0)
    ranks = []
    for size in range(len(there) + 1):
        for subset in combinations(sorted(there), size):
            if any(not targets(graph, name, "hasPrerequisite") <= {*subset} for name in subset):
                continue
            total = sum(cost[name] for name in subset)
            if budget is not None and total > budget * 100:
                continue
            goods = set(chain.from_iterable(covers[name] for name in subset))
            worth = sum(weight[name] for name in goods) if budget is not None else len(goods)
            ranks.append((-worth, *((total, size) if prefer == "cost" else (size, total))))
    total, size = sum(cost[name] for name in chosen), len(chosen)
    goods = set(chain.from_iterable(covers[name] for name in chosen))
    worth = sum(weight[name] for name in goods) if budget is not None else len(goods)
    assert (-worth, *((total, size) if prefer == "cost" else (size, total))) == min(ranks)
    assert answer.measures["cost_usd"] == total / 100
    assert (answer.measures["optimal"], answer.measures["gap_to_bound"]) == (True, 0.0)
    assert {step.node.iri for step in answer.learn if step.proof == "certified"} == goods & learnt
    assert all(len(row) == len(section.header) for section in answer.sections() for row in section.rows)
    assert str(answer)


@settings(max_examples=40, deadline=None)
@given(graph=priced(), data=st.data())
def test_the_order_of_the_edges_does_not_matter(graph: Career, data: st.DataObject) -> None:
    role = min(name for name, attributes in graph.nodes(data=True) if attributes["kind"] == "role")
    other: Career = nx.MultiDiGraph()
    other.add_nodes_from(data.draw(st.permutations([*graph.nodes(data=True)])))
    other.add_edges_from(data.draw(st.permutations([*graph.edges(keys=True, data=True)])))
    first, second = (plan(GraphHandle(one, as_of=DAY), role) for one in (graph, other))
    assert first.to_json() == second.to_json()
    assert first.sections() == second.sections()


def test_what_is_held_is_pruned_with_what_only_it_needs() -> None:
    graph = small("r requires s3", "s3 hasPrerequisite s2", "s2 hasPrerequisite s1", "r requires s4")
    assert by_label(ask(graph)) == ["s1", "s2", "s4", "s3"]
    held = ask(graph, held=["s2"])
    assert by_label(held) == ["s4", "s3"]
    assert all(step.ready for step in held.steps)
    stages = {step.node.label: step.stage for step in ask(graph).steps}
    assert stages == {"s1": "foundations", "s4": "core", "s2": "foundations", "s3": "specialisation"}
    assert [step.stage for step in held.steps] == ["core", "specialisation"], "the same for everyone"


def test_a_certification_comes_after_what_it_tests_and_needs() -> None:
    graph = small("r requires s1", "c2 certifies s1", "c2 hasPrerequisite c1")
    answer = ask(graph)
    assert by_label(answer) == ["c1", "s1", "c2"]
    assert (answer.cost, answer.steps[0].covers, answer.steps[0].ready) == (200, (), True)
    assert [n.label for n in answer.steps[0].because] == ["c2"]
    assert by_label(ask(graph, held=["c1"])) == ["s1", "c2"]


def test_an_unknown_price_is_not_nothing() -> None:
    graph = small("r requires s1", "c1 certifies s1", c1=None)
    answer = ask(graph)
    assert by_label(answer) == ["s1"]
    assert answer.steps[0].proof == "price not stated"
    assert [(one.node.label, one.why) for one in answer.left_out] == [("c1", "price not stated")]
    assumed = ask(graph, assume_price=120.0)
    assert (assumed.cost, assumed.certify[0].assumed) == (120, True)
    free = ask(small("r requires s1", "c1 certifies s1", c1=0))
    assert (by_label(free), free.cost) == (["s1", "c1"], 0)
    needing = ask(small("r requires s1", "c1 certifies s1", "c1 hasPrerequisite c2", c2=None))
    assert [(one.node.label, one.why) for one in needing.left_out] == [("c1", "needs c2, which cannot be chosen")]


def test_a_budget_that_is_too_small_says_by_how_much() -> None:
    graph = small("r requires s1", "r requires s2", "c1 certifies s1", "c2 certifies s2", c1=80, c2=150)
    answer = ask(graph, budget=50)
    assert "takes 80 USD, which is 30 USD more" in str(answer)
    assert answer.measures["short_usd"] == 180
    assert {step.proof for step in answer.learn} == {"over budget"}
    half = ask(graph, budget=100)
    assert [step.node.label for step in half.certify] == ["c1"]
    assert "takes 130 USD more" in str(half)
    assert ask(graph, budget=230).measures["short_usd"] == 0


def test_providers_are_named_by_name_id_or_initials(shipped: KnowledgeGraph) -> None:
    found = [
        plan(shipped, AI, provider=[name]).rows() for name in ("AWS", "amazon-web-services", "Amazon Web Services")
    ]
    assert found[0] == found[1] == found[2]
    taken = [row["iri"] for row in found[0] if row["kind"] == "certify"]
    assert taken
    assert all("/aws-" in name for name in taken)
    ibm = plan(shipped, "DevOps Engineer", provider=["IBM"], assume_price=1.0)
    assert not [row for row in ibm.rows() if "hashicorp" in row["iri"]], "HashiCorp (IBM) is another name"
    with pytest.raises(BadInput, match="Amazon Web Services"):
        plan(shipped, AI, provider=["nobody"])


@pytest.mark.parametrize("held", [[], ["s3"]])
def test_a_ring_is_named(held: list[str]) -> None:
    graph = small("r requires s1", "s1 hasPrerequisite s2", "s2 hasPrerequisite s1", "r requires s3")
    with pytest.raises(BadInput, match='"s1" needs "s2" needs "s1"'):
        ask(graph, held=held)
    # Who holds one of the ring has what it needs first, which is the other: no ring is in the way, and it is told.
    answer = ask(graph, held=["s2"])
    assert by_label(answer) == ["s3"]
    assert [n.label for n, _ in answer.taken_as_known] == ["s1"]
    for options in ({"as_said": True}, {"not_held": ["s1"]}):
        assert by_label(ask(graph, held=["s2"], **options)) == ["s1", "s3"]
    certifications = small("r requires s1", "c1 certifies s1", "c1 hasPrerequisite c2", "c2 hasPrerequisite c1")
    with pytest.raises(BadInput, match='"c1" needs "c2" needs "c1"'):
        ask(certifications)


def test_the_day_decides_what_is_on_offer(shipped: KnowledgeGraph) -> None:
    before = KnowledgeGraph(shipped.store, as_of=date(2026, 1, 15))
    chosen = []
    for g in (before, shipped):
        answer = plan(g, AI, from_=ML)
        for step in answer.certify:
            assert offer(answer.graph.nodes[step.node.iri], g.as_of).status == "active"
        chosen.append({step.node.iri for step in answer.certify})
        assert answer.covering.optimal
    assert chosen[0] != chosen[1]
    gone = {one.node.iri: one for one in plan(shipped, AI, from_=ML).left_out}
    assert gone[iri("certification", "ms-ai-102")].why == "retired 2026-06-30"
    assert "Azure AI Apps and Agents" in gone[iri("certification", "ms-ai-102")].instead
    assert gone[iri("certification", "aws-aif-c01")].why == "a business-level exam"


def test_beta_is_taken_only_where_it_is_asked_for(shipped: KnowledgeGraph) -> None:
    def statuses(**options: object) -> set[str]:
        rows = plan(shipped, AI, all_certifiable=True, **options).rows()  # type: ignore[arg-type]
        return {row["status"] for row in rows if row["kind"] == "certify"}

    assert statuses() == {"active"}
    google = {"provider": ["google-cloud"], "prefer": "few"}
    assert statuses(**google, include=["beta"]) == {"active", "beta"}
    with pytest.raises(BadInput, match="retired"):
        statuses(include=["retired"])


def test_what_few_may_take_is_taken_only_where_it_is_asked_for(shipped: KnowledgeGraph) -> None:
    named = ("associate", "developer", "architect", "architect-professional")
    restricted = {iri("certification", f"claude-{name}") for name in named}
    plain = plan(shipped, AI, all_certifiable=True)
    asked = plan(shipped, AI, all_certifiable=True, include=["restricted"])
    assert not restricted & {step.node.iri for step in plain.certify}
    assert restricted & {step.node.iri for step in asked.certify}
    assert set(plain.covering.covered) < set(asked.covering.covered)
    gone = {one.node.iri: one for one in plain.left_out}
    assert restricted <= gone.keys()
    for name in restricted:
        assert gone[name].why == "only with employment at a Claude Partner Network organisation"
        assert gone[name].instead == "--include restricted"


def test_a_restricted_exam_in_beta_names_both_words_that_admit_it() -> None:
    graph = small("r requires s1", "c1 certifies s1")
    graph.nodes[iri("certification", "c1")].update({"status": KG.beta, "eligibility": ("an invitation", "an employer")})
    left = ask(graph)
    assert [(one.why, one.instead) for one in left.left_out] == [("beta", "--include beta,restricted")]
    assert not ask(graph, include=["beta"]).certify
    assert ask(graph, include=["beta", "restricted"]).certify[0].eligibility == ("an invitation", "an employer")


def test_a_role_not_described_and_one_with_nothing_missing(undescribed: KnowledgeGraph) -> None:
    bare = plan(undescribed, "Data Gardener")
    assert "not described" in str(bare)
    assert (bare.rows(), bare.coverage) == ((), None)
    done = plan(undescribed, AI, from_=AI)
    assert "Nothing is missing" in str(done)
    assert (done.rows(), done.coverage) == ((), 1)


def test_every_store_and_networkx_say_the_same(shipped: KnowledgeGraph, whole: Career) -> None:
    memory = MemoryStore()
    memory.add(shipped.store.quads())
    first = plan(shipped, "Prompt Engineer", from_="Data Analyst", source=["career-kg", "article"])
    for g in (KnowledgeGraph(memory, as_of=DAY), GraphHandle(whole, as_of=DAY)):
        other = plan(g, "Prompt Engineer", from_="Data Analyst", source=["career-kg", "article"])
        assert (other.rows(), other.measures, other.left_out) == (first.rows(), first.measures, first.left_out)
        assert other.evidence == first.evidence


def test_every_step_rests_on_evidence(shipped: KnowledgeGraph) -> None:
    answer = plan(shipped, AI, from_=ML)
    said = {(claim.subject.iri, claim.relation, claim.object.iri) for claim in answer.evidence}
    for step in answer.steps:
        for first in step.after:
            relation = "certifies" if step.kind == "certify" and first.kind != "certification" else "hasPrerequisite"
            assert (step.node.iri, relation, first.iri) in said
        assert not step.required or (answer.role.iri, "requires", step.node.iri) in said


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"budget": -1.0}, "--budget -1"),
        ({"budget": float("nan")}, "--budget nan"),
        ({"assume_price": float("inf")}, "--assume-price inf"),
        ({"prefer": "most"}, "cost or few"),
        ({"prefer": "few"}, "Add --all-certifiable"),
        ({"exams": -1}, "--exams -1"),
    ],
)
def test_what_cannot_be_planned_is_refused(
    shipped: KnowledgeGraph, options: dict[str, float | str], match: str
) -> None:
    with pytest.raises(BadInput, match=match):
        plan(shipped, AI, **options)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(UnknownName, match="qqqqqq"):
        plan(shipped, AI, held=["qqqqqq"])


def test_commas_and_repetition_mean_the_same(run: Run) -> None:
    asked = ("plan", AI, "--as-of", "2026-11-22", "--format", "csv")
    commas = run(*asked, "--include", "beta,announced", "--provider", "aws, google-cloud")
    repeated = run(
        *asked, "--include", "beta", "--include", "announced", "--provider", "aws", "--provider", "google-cloud"
    )
    assert commas.code == 0
    assert commas.out == repeated.out
    assert run(*asked, "--include", "retired").code == 2
    assert run(*asked, "--budget", "-1").code == 2
