"""The frontier against brute force: every subset is looked at."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms import frontier as module
from kg.algorithms.frontier import Choice, Limit, frontier, proven_by

THINGS = "abcdef"


@st.composite
def choices(draw: st.DrawFn) -> list[Choice]:
    names = [f"c{i}" for i in range(draw(st.integers(1, 6)))]
    few = st.frozensets(st.sampled_from(names), max_size=1)
    found = []
    for name in names:
        proves = draw(st.dictionaries(st.sampled_from(THINGS), st.sampled_from((0.5, 0.75, 1.0)), max_size=5))
        touches = draw(st.frozensets(st.sampled_from(THINGS), max_size=2)) | proves.keys()
        cost, least = draw(st.sampled_from((0, 6900, 7050, 16500, 30000))), draw(st.integers(0, 3))
        beside = [names for names in (draw(few) - {name}, draw(few) - {name}) if names]
        found.append(Choice(name, cost, proves, touches, least, draw(few) - {name}, tuple(beside)))
    return found


def allowed(subset: tuple[Choice, ...], budget: int | None, limits: list[Limit]) -> bool:
    names = {c.name for c in subset}
    for c in subset:
        others = frozenset().union(*(o.touches | o.proves.keys() for o in subset if o is not c))
        if len(c.proves.keys() - others) < c.least or not c.needs <= names or not all(one & names for one in c.beside):
            return False
    if budget is not None and sum(c.cost for c in subset) > budget:
        return False
    return all(len(names & limit.names) <= limit.most for limit in limits)


@settings(max_examples=80, deadline=None)
@given(
    found=choices(),
    weights=st.dictionaries(st.sampled_from(THINGS), st.sampled_from((0.5, 0.625, 1.0)), min_size=1),
    budget=st.one_of(st.none(), st.integers(0, 50000)),
    limited=st.frozensets(st.sampled_from(["c0", "c1", "c2"])),
)
def test_each_point_is_the_best_of_its_size(
    found: list[Choice], weights: dict[str, float], budget: int | None, limited: frozenset[str]
) -> None:
    limits = [Limit(limited, 1)]
    points = frontier(weights, found, most=4, budget=budget, limits=limits)
    best: list[tuple[float, int, int]] = []
    for size in range(1, 5):
        ranks = [
            (-proven_by(subset, weights), sum(c.cost for c in subset), len(subset))
            for count in range(size + 1)
            for subset in combinations(found, count)
            if allowed(subset, budget, limits)
        ]
        rank = min(ranks)
        if rank[0] < 0 and (not best or rank[0] < best[-1][0]):
            best.append(rank)
    assert [(-p.worth, p.cost, len(p.chosen)) for p in points] == best
    by_name = {c.name: c for c in found}
    for point in points:
        assert allowed(tuple(by_name[name] for name in point.chosen), budget, limits)
        assert point.optimal
        assert point.gap == 0
    assert frontier(weights, found[::-1], most=4, budget=budget, limits=limits) == points


def test_what_is_not_proven_says_how_far_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    things = [f"t{i}" for i in range(40)]
    many = [
        Choice(f"c{i:02}", 100, {t: 1.0 for j, t in enumerate(things) if (j * 7 + i * i + i * j) % 5 == 0}, least=0)
        for i in range(30)
    ]
    whole = frontier(dict.fromkeys(things, 1.0), many, most=4)
    assert all(point.optimal for point in whole)
    monkeypatch.setattr(module, "NODE_LIMIT", 1)
    for one, point in zip(frontier(dict.fromkeys(things, 1.0), many, most=4), whole, strict=False):
        assert one.optimal or one.worth + one.gap >= point.worth - 1e-6
