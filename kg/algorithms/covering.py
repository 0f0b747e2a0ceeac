"""Which certifications cover what is missing, at least cost? Weighted set cover, solved exactly and with the proof.

Set cover is NP-hard (Karp 1972), and the greedy way can be dear by a factor of ln n (Chvátal 1979). At the size asked
here (some hundred certifications, some dozen skills) the integer programme is solved to proven optimality by HiGHS,
mostly in milliseconds, so nothing is approximated. What is wanted is a list of goals, each settled before the next:
cost, then number of exams (or the other way round); of choices that are equal in both, lots drawn from the names
decide, so that it is always the same one. Goals are settled in one run of the solver where one weighs so little
beside the other that its tolerances cannot confuse them, else in one run each. Costs are whole numbers (cents), hence
sums are exact.

A candidate may need others first; then these are chosen with it, and paid for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd
from typing import Any, Literal

from kg.algorithms.goals import NODE_LIMIT, Goal, lot_of, settle

__all__ = ["Candidate", "Covering", "Prefer", "cover"]

Prefer = Literal["cost", "few"]

#: Weights are compared to a thousandth.
_WEIGHT_UNITS = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A set that can be chosen.

    Attributes
    ----------
    name
        Breaks ties; unlike any other candidate's.
    cost
        In whole units (cents), 0 or more.
    covers
        What it covers.
    needs
        Names of the candidates that must be chosen with it.
    """

    name: str
    cost: int
    covers: frozenset[str]
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Covering:
    """The candidates chosen.

    Attributes
    ----------
    chosen
        Names, sorted.
    cost
        What they cost together.
    covered
        What they cover of what was asked, sorted.
    optimal
        Whether it is proven that no other choice is better by the first goal.
    gap
        How far the first goal may be from the best: in cost units, in candidates (``few``), or in weight (with a
        budget); 0 where `optimal`.
    """

    chosen: tuple[str, ...]
    cost: int
    covered: tuple[str, ...]
    optimal: bool
    gap: float


def cover(
    wanted: Collection[str],
    candidates: Sequence[Candidate],
    *,
    prefer: Prefer = "cost",
    budget: int | None = None,
    weights: dict[str, float] | None = None,
) -> Covering:
    """Which candidates cover what is wanted, at least cost?

    Without a budget: everything that any candidate covers, at least cost; of those the fewest candidates. With one:
    the most weight within it, then the least cost, then the fewest. ``prefer="few"`` exchanges cost and number.

    Parameters
    ----------
    wanted
        What is to be covered. What no candidate covers is left out.
    candidates
        In any order. One that needs something that is no candidate cannot be chosen.
    budget
        In the units of the costs.
    weights
        What each thing wanted counts, 1 by default; heard only with a budget. Compared to a thousandth.

    References
    ----------
    R. Karp, Reducibility among combinatorial problems (1972); V. Chvátal, A greedy heuristic for the set-covering
    problem, Mathematics of Operations Research 4 (1979); S. Khuller, A. Moss and J. Naor, The budgeted maximum
    coverage problem, Information Processing Letters 70 (1999); Q. Huangfu and J. Hall, Parallelizing the dual revised
    simplex method, Mathematical Programming Computation 10 (2018), for HiGHS.

    Examples
    --------
    Greedy would take the pair first, and pay 5 in all:

    >>> pair = Candidate("pair", 1, frozenset("bc"))
    >>> left, right = Candidate("left", 2, frozenset("ab")), Candidate("right", 2, frozenset("cd"))
    >>> cover("abcd", [pair, left, right]).chosen
    ('left', 'right')
    >>> cover("abcd", [pair, left, right], budget=1).covered
    ('b', 'c')
    """
    candidates = _reachable(candidates)
    there = frozenset().union(*(c.covers for c in candidates))
    goods = sorted(set(wanted) & there)
    candidates = _useful(candidates, frozenset(goods))
    if budget is not None:
        candidates = [c for c in candidates if c.cost <= budget]
        candidates = _reachable(candidates)
    if not goods or not candidates:
        return Covering((), 0, (), True, 0.0)
    return _solve(goods, candidates, prefer, budget, weights or {})


def _reachable(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out those that need what is no candidate, again and again; sort by name."""
    left = sorted(candidates, key=lambda c: c.name)
    while True:
        names = {c.name for c in left}
        kept = [c for c in left if c.needs <= names]
        if len(kept) == len(left):
            return kept
        left = kept


def _useful(candidates: Sequence[Candidate], goods: frozenset[str]) -> list[Candidate]:
    """Keep those that cover something wanted, and what these need."""
    by_name = {c.name: c for c in candidates}
    ahead = [c.name for c in candidates if c.covers & goods]
    kept: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name not in kept:
            kept.add(name)
            ahead += by_name[name].needs
    return [c for c in candidates if c.name in kept]


def _solve(
    goods: Sequence[str], candidates: Sequence[Candidate], prefer: Prefer, budget: int | None, weights: dict[str, float]
) -> Covering:
    """Solve one goal after the other; each that is settled becomes a constraint of the next."""
    import numpy as np
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    n, m = len(candidates), len(goods)
    column = {c.name: i for i, c in enumerate(candidates)}
    row = {good: j for j, good in enumerate(goods)}
    width = n if budget is None else n + m  # with a budget, n + j says whether good j is covered
    entries: list[tuple[int, int, int]] = [
        (row[good], i, 1) for i, c in enumerate(candidates) for good in sorted(c.covers & row.keys())
    ]
    lower = [1.0] * m
    if budget is not None:
        entries += [(j, n + j, -1) for j in range(m)]
        lower = [0.0] * m
    for i, c in enumerate(candidates):
        for name in sorted(c.needs):
            entries += [(len(lower), column[name], 1), (len(lower), i, -1)]
            lower.append(0.0)
    at_row, at_column, values = zip(*entries, strict=True)
    matrix = csr_array((np.array(values, float), (at_row, at_column)), shape=(len(lower), width))
    constraints: list[Any] = [LinearConstraint(matrix, lower, np.inf)]  # scipy has no types

    unit = reduce(gcd, (c.cost for c in candidates)) or 1
    cost = np.zeros(width)
    cost[:n] = [c.cost // unit for c in candidates]
    count = np.zeros(width)
    count[:n] = 1
    # No best choice has more candidates than things to cover, but for those that only come first.
    most = n if any(c.needs for c in candidates) else min(n, m)
    dearest = int(np.sort(cost)[::-1][:most].sum())
    goals = [Goal(cost, dearest), Goal(count, most)]
    scale = float(unit)
    if prefer == "few":
        goals.reverse()
        scale = 1.0
    if budget is not None:
        value = np.zeros(width)
        value[n:] = [-round(weights.get(good, 1.0) * _WEIGHT_UNITS) for good in goods]
        unit_value = reduce(gcd, (int(-v) for v in value)) or 1
        goals.insert(0, Goal(value / unit_value, int(-value.sum()) // unit_value))
        scale = unit_value / _WEIGHT_UNITS
        constraints.append(LinearConstraint(cost, -np.inf, budget // unit))
    lots = np.zeros(width)
    lots[:n] = [lot_of(c.name) for c in candidates]
    start = np.ones(width) if budget is None else np.zeros(width)
    taken, optimal, gap = settle(goals, constraints, lots, most, start, node_limit=NODE_LIMIT)
    chosen = [c for i, c in enumerate(candidates) if taken[i]]
    covered = frozenset().union(*(c.covers for c in chosen)) & frozenset(goods)
    return Covering(
        tuple(c.name for c in chosen), sum(c.cost for c in chosen), tuple(sorted(covered)), optimal, gap * scale
    )
