"""The best one, the best two, the best three …: which few of many choices prove most, each point with its proof?

Weighted maximum coverage under a bound on how many are chosen, NP-hard as set cover is; at the size asked here (some
dozen choices, some dozen things) HiGHS solves it to proven optimality. A choice proves a thing more or less well, and
of several the best counts. It may be chosen only where it adds enough that no other chosen one has, with others that
must come first, or beside one of some. What is wanted is a list of goals: the most that is proved, then the least cost,
then the fewest, then lots drawn from the names, so that the answer is always the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd
from typing import Any

from kg.algorithms.goals import NODE_LIMIT, Goal, lot_of, settle

__all__ = ["Choice", "Limit", "Point", "frontier", "proven_by"]

#: What is proved is compared to a thousandth.
_UNITS = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen.

    Attributes
    ----------
    name
        Breaks ties; unlike any other choice's.
    cost
        In whole units (cents), 0 or more.
    proves
        How well it proves each thing, above 0 and up to 1.
    touches
        What it takes away from what others add: at least what it proves.
    least
        So many of the things it proves must be touched by no other that is chosen.
    needs
        Names of the choices that must be chosen with it.
    beside
        Sets of names: of each, one must be chosen with it.
    """

    name: str
    cost: int
    proves: Mapping[str, float]
    touches: frozenset[str] = frozenset()
    least: int = 1
    needs: frozenset[str] = frozenset()
    beside: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of these are chosen."""

    names: frozenset[str]
    most: int


@dataclass(frozen=True, slots=True)
class Point:
    """The best of a size: what is chosen, sorted; what it costs; what it proves, as a weight; the proof of it.

    ``gap`` is how much more might be proved; 0 where ``optimal``.
    """

    chosen: tuple[str, ...]
    cost: int
    worth: float
    optimal: bool = True
    gap: float = 0.0


def proven_by(chosen: Sequence[Choice], weights: Mapping[str, float]) -> float:
    """Return what choices prove together: for each thing its weight, times how well the best of them proves it."""
    return sum(
        round(weight * _UNITS * max((one.proves.get(thing, 0.0) for one in chosen), default=0.0))
        for thing, weight in weights.items()
    ) / float(_UNITS)


def frontier(
    weights: Mapping[str, float],
    choices: Sequence[Choice],
    *,
    most: int,
    budget: int | None = None,
    limits: Sequence[Limit] = (),
) -> tuple[Point, ...]:
    """Which one, two, three … choices prove most?

    Parameters
    ----------
    weights
        What each thing counts; what is not named counts nothing. Compared to a thousandth.
    choices
        In any order.
    most
        The largest size asked about.
    budget
        In the units of the costs: no point costs more.

    Returns
    -------
    tuple of Point
        By size, each worth more than the one before; none where nothing can be chosen. A size at which one more adds
        nothing has no point of its own.

    References
    ----------
    G. Nemhauser, L. Wolsey and M. Fisher, An analysis of approximations for maximizing submodular set functions,
    Mathematical Programming 14 (1978), for how far the greedy way may be from this.

    Examples
    --------
    >>> one = Choice("one", 100, {"a": 1.0, "b": 1.0, "c": 1.0})
    >>> two, three = Choice("two", 90, {"a": 1.0, "b": 0.5}), Choice("three", 80, {"c": 1.0, "d": 1.0})
    >>> [(p.chosen, p.cost, p.worth) for p in frontier(dict.fromkeys("abcd", 1.0), [one, two, three], most=3)]
    [(('one',), 100, 3.0), (('one', 'three'), 180, 4.0)]
    """
    usable = sorted((c for c in choices if budget is None or c.cost <= budget), key=lambda c: c.name)
    found: list[Point] = []
    if not usable or not any(weights.get(thing) for c in usable for thing in c.proves):
        return ()
    for size in range(1, min(most, len(usable)) + 1):
        point = _best(weights, usable, size, budget, limits)
        if point.chosen and (not found or point.worth > found[-1].worth):
            found.append(point)
    return tuple(found)


def _best(
    weights: Mapping[str, float], choices: Sequence[Choice], size: int, budget: int | None, limits: Sequence[Limit]
) -> Point:
    import numpy as np
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    n = len(choices)
    column = {c.name: i for i, c in enumerate(choices)}
    steps = [  # (thing, how well at least, what that adds in whole units)
        (thing, high, round(weights[thing] * _UNITS * high) - round(weights[thing] * _UNITS * low))
        for thing in sorted(weights)
        for grades in [sorted({c.proves[thing] for c in choices if thing in c.proves})]
        for low, high in zip([0.0, *grades], grades, strict=False)
    ]
    rows = _Rows()
    for at, (thing, grade, _) in enumerate(steps, start=n):
        rows.add({at: -1, **{i: 1 for i, c in enumerate(choices) if c.proves.get(thing, 0.0) >= grade}}, 0.0)
    width = n + len(steps)
    for i, choice in enumerate(choices):
        for name in sorted(choice.needs):
            rows.add({i: -1, **({column[name]: 1} if name in column else {})}, 0.0)
        for names in choice.beside:
            rows.add({i: -1, **{column[name]: 1 for name in sorted(names) if name in column}}, 0.0)
        alone: dict[int, int] = {}  # a variable for each thing: whether no other that is chosen touches it
        for thing in sorted(choice.proves) if choice.least else ():
            others = [k for k, c in enumerate(choices) if k != i and (thing in c.touches or thing in c.proves)]
            for k in others:
                rows.add({width: -1, k: -1}, -1.0)
            alone[width] = 1
            width += 1
        if alone or choice.least:
            rows.add({i: -choice.least, **alone}, 0.0)
    for limit in limits:
        rows.add({i: -1 for i, c in enumerate(choices) if c.name in limit.names}, -float(limit.most))
    rows.add(dict.fromkeys(range(n), -1), -float(size))
    matrix = csr_array((np.array(rows.values, float), (rows.rows, rows.columns)), shape=(len(rows.lower), width))
    constraints: list[Any] = [LinearConstraint(matrix, rows.lower, np.inf)]  # scipy has no types

    unit = reduce(gcd, (c.cost for c in choices)) or 1
    cost, count, value, lots = (np.zeros(width) for _ in range(4))
    cost[:n] = [c.cost // unit for c in choices]
    count[:n] = 1
    lots[:n] = [lot_of(c.name) for c in choices]
    value[n : n + len(steps)] = [-added for _, _, added in steps]
    if budget is not None:
        constraints.append(LinearConstraint(cost, -np.inf, budget // unit))
    of_value = reduce(gcd, (added for _, _, added in steps)) or 1
    dearest = int(np.sort(cost)[::-1][:size].sum())
    goals = [Goal(value / of_value, int(-value.sum()) // of_value), Goal(cost, dearest), Goal(count, size)]
    taken, optimal, gap = settle(goals, constraints, lots, size, np.zeros(width), node_limit=NODE_LIMIT)
    chosen = [c for i, c in enumerate(choices) if taken[i]]
    worth = proven_by(chosen, weights)
    total = sum(c.cost for c in chosen)
    return Point(tuple(c.name for c in chosen), total, worth, optimal, gap * of_value / _UNITS)


class _Rows:
    """The rows of a sparse matrix, each at least its lower bound."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[int] = []
        self.lower: list[float] = []

    def add(self, entries: Mapping[int, int], lower: float) -> None:
        """Add a row of coefficients by column."""
        for at, value in entries.items():
            self.rows.append(len(self.lower))
            self.columns.append(at)
            self.values.append(value)
        self.lower.append(lower)
