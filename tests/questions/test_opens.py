"""`opens`: what to add, against brute force over every set on small graphs."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations
from math import e
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms import reach
from kg.algorithms.reach import Problem, exact, greedy
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, UnknownName
from kg.model.terms import BASE
from kg.questions.gap import gap
from kg.questions.opens import opens
from tests.strategies import Career, careers

if TYPE_CHECKING:
    from tests.conftest import Run


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to six roles and nine candidates, weights of a half, one, or a rating, in hundredths."""
    import numpy as np
    from scipy.sparse import csr_array

    roles, many = draw(st.integers(1, 6)), draw(st.integers(1, 9))
    weight = st.sampled_from((0, 0, 50, 100, 100, 362))
    missing = np.array([[draw(weight) for _ in range(many)] for _ in range(roles)], dtype=np.int64)
    held = np.array([draw(st.sampled_from((0, 0, 50, 100, 350))) for _ in range(roles)], dtype=np.int64)
    keep = missing.sum(axis=1) + held > 0
    missing, held = missing[keep], held[keep]
    threshold = Fraction(draw(st.sampled_from(("0.1", "0.25", "0.5", "0.6", "0.75", "1"))))
    total = missing.sum(axis=1) + held
    return Problem(csr_array(missing), total, held, threshold, draw(st.integers(1, 4)))


def reached(problem: Problem, chosen: tuple[int, ...]) -> int:
    lines = zip(problem.missing.toarray().tolist(), problem.held.tolist(), problem.total.tolist(), strict=True)
    return sum(Fraction(held + sum(line[i] for i in chosen), total) >= problem.threshold for line, held, total in lines)


def gained(problem: Problem, chosen: tuple[int, ...]) -> float:
    """Return the truncated coverage that some candidates add."""
    lines = zip(problem.missing.toarray().tolist(), problem.held.tolist(), problem.total.tolist(), strict=True)
    top = float(problem.threshold)
    gains = [min((h + sum(line[i] for i in chosen)) / t, top) - min(h / t, top) for line, h, t in lines]
    return float(sum(gains))


def sets_of(problem: Problem) -> list[tuple[int, ...]]:
    many = problem.missing.shape[1]
    return [*combinations(range(many), min(problem.number, many))]


@settings(max_examples=400, deadline=None)
@given(problem=problems())
def test_the_exact_way_finds_what_brute_force_finds(problem: Problem) -> None:
    shares = problem.shares.tolist()
    best = min(sets_of(problem), key=lambda c: (-reached(problem, c), -sum(shares[i] for i in c), c))
    found = exact(problem)
    assert found is not None
    assert (reached(problem, found), found) == (reached(problem, best), best)
    assert reached(problem, found) == int(problem.reached(found).sum())
    assert reached(problem, found) <= reached(problem, ()) + len(problem.reachable), "what is said to be most, is"


@settings(max_examples=400, deadline=None)
@given(problem=problems())
def test_the_greedy_way_keeps_its_bound(problem: Problem) -> None:
    found = greedy(problem)
    assert len(set(found)) == len(found) == min(problem.number, problem.missing.shape[1])
    best = max(gained(problem, chosen) for chosen in sets_of(problem))
    assert gained(problem, found) >= (1 - 1 / e) * best - 1e-9


@settings(max_examples=300, deadline=None)
@given(graph=careers(), number=st.integers(1, 3), threshold=st.sampled_from((0.25, 0.5, 1.0)), keep=st.booleans())
def test_any_graph(graph: Career, number: int, threshold: float, keep: bool) -> None:
    handle = GraphHandle(graph, as_of=date(2026, 11, 22))
    kinds = {iri: data["kind"] for iri, data in graph.nodes(data=True)}
    held = [iri for iri, kind in kinds.items() if keep and kind in ("skill", "certification")][:2]
    answer = opens(handle, held=held, limit=number, threshold=threshold, as_said=True)
    roles = [iri for iri, kind in kinds.items() if kind == "role"]

    def within(added: tuple[str, ...]) -> int:
        found = gap(handle, *roles, held=[*held, *added], as_said=True).gaps
        return sum(one.coverage is not None and one.coverage >= threshold - 1e-12 for one in found)

    items = [iri for iri, kind in kinds.items() if kind in ("skill", "tool")]
    best = max(within(added) for added in combinations(items, min(number, len(items))))
    assert answer.exact
    assert answer.reached_before == within(())
    assert answer.reached_after == within(tuple(door.node.iri for door in answer.doors)) == best
    opened = [found.role for door in answer.doors for found in door.opened]
    assert len(opened) == len({*opened}) == answer.reached_after - answer.reached_before
    for door in answer.doors:
        assert all(found.before < threshold <= found.after for found in door.opened)
    assert list(answer.evidence) == sorted(answer.evidence, key=lambda claim: claim.sort_key)
    assert all(len(row) == len(part.header) for part in answer.sections() for row in part.rows)
    assert str(answer)


def test_the_shipped_data(shipped: KnowledgeGraph, whole: Career) -> None:
    answer = opens(shipped, held=["Python", "SQL"], limit=3)
    opened = [role for row in answer.rows() for role in row["roles_opened"]]
    assert answer.exact
    assert len(opened) == answer.reached_after - answer.reached_before
    assert all(role in str(answer) for role in opened)
    described = {role for role, _, data in whole.edges(data=True) if data["relation"] == "requires"}
    assert answer.described == len(described), "a role that nobody describes is not counted"
    here = opens(GraphHandle(whole, as_of=shipped.as_of), held=["Python", "SQL"], limit=3)
    assert (here.rows(), here.evidence, str(here)) == (answer.rows(), answer.evidence, str(answer))
    added = [door.node.iri for door in answer.doors]
    for door in answer.doors:
        for found in door.opened:
            held = ["Python", "SQL", *added[: added.index(door.node.iri) + 1]]
            counted = gap(shipped, found.role.iri, held=held).coverage
            assert counted is not None
            assert found.before < found.after <= counted, "an addition counts for itself, not for what it shows besides"
    roles = [found.role.iri for found in (*(one for door in answer.doors for one in door.opened), *answer.nearest)]
    shown = {one.node.iri for role in roles for one in gap(shipped, role, held=["Python", "SQL"]).held}
    assert f"{BASE}tool/python" in shown
    assert {claim.object.iri for claim in answer.evidence} <= {*added, *shown}, "what is held, shown or added, no more"
    said = opens(shipped, held=["Python", "SQL"], limit=3, as_said=True)
    plainly = {*(door.node.iri for door in said.doors), f"{BASE}tool/python", f"{BASE}tool/sql"}
    assert {claim.object.iri for claim in said.evidence} <= plainly


def test_where_nothing_comes_within_reach_the_nearest_is_named(shipped: KnowledgeGraph) -> None:
    answer = opens(shipped, held=["Python"], limit=1, threshold=0.9)
    assert answer.reached_after == 0
    assert "no 1 addition can bring another role within reach" in str(answer)
    assert f"nearest is {answer.nearest[0].role.label}" in str(answer)


def test_a_large_question_is_answered_greedily_and_says_so(shipped: KnowledgeGraph) -> None:
    answer = opens(shipped, held=["Python"], limit=reach.EXACT_NUMBER + 1)
    assert not answer.exact
    assert (answer.measures["bound"], answer.measures["bound_on"]) == (0.632121, "truncated coverage")
    assert answer.reached_after <= answer.measures["at_most"]
    assert "For the number of roles there is no such bound" in answer.sections()[-1].note


def test_a_search_cut_short_is_no_proof(monkeypatch: pytest.MonkeyPatch, shipped: KnowledgeGraph) -> None:
    monkeypatch.setattr(reach, "EXACT_SIZE", 0)
    assert not opens(shipped, held=["Python"], threshold=0.2).exact


def test_a_certification_held_counts_for_what_it_certifies(shipped: KnowledgeGraph) -> None:
    with_it, without = opens(shipped, held=["AIP-C01"]), opens(shipped)
    before = {found.role.iri: found.before for found in without.nearest}
    assert any(found.before > before.get(found.role.iri, 0) for found in with_it.nearest)


def test_equally_good_sets_go_by_label() -> None:
    graph: Career = nx.MultiDiGraph()
    graph.add_node(f"{BASE}role/r", label="R", kind="role", aliases=())
    for name in ("Pear", "apple", "Fig"):
        graph.add_node(f"{BASE}skill/{name}", label=name, kind="skill", aliases=())
        graph.add_edge(f"{BASE}role/r", f"{BASE}skill/{name}", relation="requires")
    answer = opens(graph, limit=2)
    assert [door.node.label for door in answer.doors] == ["apple", "Fig"]
    assert [found.role.label for found in answer.doors[1].opened] == ["R"]
    every = opens(graph, held=["Pear", "apple", "Fig"])
    assert (every.doors, every.reached_before) == ((), 1)
    assert "Nothing can be added" in str(every)


def test_what_cannot_be_asked_is_refused(shipped: KnowledgeGraph) -> None:
    with pytest.raises(BadInput, match="1 or more"):
        opens(shipped, limit=0)
    for threshold in (0, 1.5, float("nan")):
        with pytest.raises(BadInput, match="no share"):
            opens(shipped, threshold=threshold)
    with pytest.raises(UnknownName, match="qqqqqq"):
        opens(shipped, held=["qqqqqq"])


def test_on_the_command_line(run: Run, shipped: KnowledgeGraph) -> None:
    assert (
        opens(shipped, held=["Python", "SQL"], limit=3).doors[0].node.label
        in run("opens", "--held", "Python", "--held", "SQL", "-n", "3").out
    )
    assert run("opens", "-n", "0").code == 2
    assert run("opens", "--threshold", "2").code == 2
