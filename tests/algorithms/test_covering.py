"""`cover`: the least cost, against every subset there is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.algorithms import covering
from kg.algorithms.covering import Candidate, Prefer, cover

GOODS = "abcdef"


@st.composite
def candidates(draw: st.DrawFn, *, most: int = 8) -> list[Candidate]:
    """A few candidates, of few prices so that many choices are equal; some need another, or what is not there."""
    names = [f"c{i}" for i in range(draw(st.integers(0, most)))]
    drawn = []
    for i, name in enumerate(names):
        needs = draw(st.frozensets(st.sampled_from([*names[:i], "nowhere"]), max_size=1)) if draw(st.booleans()) else ()
        covers = draw(st.frozensets(st.sampled_from(GOODS), max_size=4))
        drawn.append(Candidate(name, draw(st.sampled_from((0, 6900, 7050, 9900, 16500))), covers, frozenset(needs)))
    return drawn


def choices(drawn: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    """Return every choice that has what it needs."""
    subsets = chain.from_iterable(combinations(drawn, size) for size in range(len(drawn) + 1))
    return [subset for subset in subsets if all(c.needs <= {other.name for other in subset} for c in subset)]


def goods(subset: Sequence[Candidate], wanted: frozenset[str]) -> frozenset[str]:
    return frozenset(chain.from_iterable(c.covers for c in subset)) & wanted


def price(subset: Sequence[Candidate], prefer: Prefer) -> tuple[int, int]:
    cost, count = sum(c.cost for c in subset), len(subset)
    return (cost, count) if prefer == "cost" else (count, cost)


@settings(max_examples=400, deadline=None)
@given(drawn=candidates(), wanted=st.frozensets(st.sampled_from(GOODS)), prefer=st.sampled_from(("cost", "few")))
def test_no_choice_that_covers_as_much_costs_less(
    drawn: list[Candidate], wanted: frozenset[str], prefer: Prefer
) -> None:
    found = cover(wanted, drawn, prefer=prefer)
    every = choices(drawn)
    whole = frozenset().union(*(goods(subset, wanted) for subset in every))
    best = min(price(subset, prefer) for subset in every if goods(subset, wanted) == whole)
    assert found.covered == tuple(sorted(whole))
    assert price([c for c in drawn if c.name in found.chosen], prefer) == best
    assert (found.optimal, found.gap) == (True, 0.0)


@settings(max_examples=400, deadline=None)
@given(
    drawn=candidates(),
    wanted=st.frozensets(st.sampled_from(GOODS)),
    prefer=st.sampled_from(("cost", "few")),
    budget=st.integers(0, 40_000),
    weights=st.fixed_dictionaries({good: st.sampled_from((0.5, 1.0, 2.75, 4.12)) for good in GOODS}),
)
def test_no_choice_within_the_budget_covers_more(
    drawn: list[Candidate], wanted: frozenset[str], prefer: Prefer, budget: int, weights: dict[str, float]
) -> None:
    found = cover(wanted, drawn, prefer=prefer, budget=budget, weights=weights)

    def worth(subset: Sequence[Candidate]) -> int:
        return sum(round(weights[good] * 1000) for good in goods(subset, wanted))

    affordable = [subset for subset in choices(drawn) if sum(c.cost for c in subset) <= budget]
    most = max(map(worth, affordable))
    chosen = [c for c in drawn if c.name in found.chosen]
    assert found.cost <= budget
    assert worth(chosen) == most
    assert price(chosen, prefer) == min(price(subset, prefer) for subset in affordable if worth(subset) == most)
    assert found.optimal


@settings(max_examples=100, deadline=None)
@given(drawn=candidates(), data=st.data(), prefer=st.sampled_from(("cost", "few")))
def test_the_order_of_the_candidates_does_not_matter(
    drawn: list[Candidate], data: st.DataObject, prefer: Prefer
) -> None:
    shuffled = data.draw(st.permutations(drawn))
    assert cover(GOODS, shuffled, prefer=prefer) == cover(GOODS, drawn, prefer=prefer)
    assert cover(GOODS, shuffled, budget=20_000) == cover(GOODS, drawn, budget=20_000)


def test_what_is_out_of_reach_is_not_chosen() -> None:
    drawn = [Candidate("a", 1, frozenset("a"), frozenset({"b"})), Candidate("b", 1, frozenset(), frozenset({"gone"}))]
    assert cover("a", drawn) == covering.Covering((), 0, (), True, 0.0)


def test_what_comes_first_is_paid_for() -> None:
    drawn = [
        Candidate("expert", 1, frozenset("a"), frozenset({"basic"})),
        Candidate("basic", 100, frozenset()),
        Candidate("alone", 50, frozenset("a")),
    ]
    assert cover("a", drawn).chosen == ("alone",)
    assert cover("a", drawn[:2]).cost == 101
    assert cover("a", drawn[:2], budget=100).chosen == ()


def test_a_search_cut_short_says_how_far_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    from random import Random

    random = Random(1)
    wanted = [f"{i:02}" for i in range(60)]
    drawn = [
        Candidate(f"c{i:03}", random.randint(50, 60) * 100, frozenset(random.sample(wanted, 6))) for i in range(300)
    ]
    monkeypatch.setattr(covering, "NODE_LIMIT", 1)
    found = cover(wanted, drawn)
    assert not found.optimal
    assert set(found.covered) == set(wanted)
    assert 0 < found.gap < found.cost
