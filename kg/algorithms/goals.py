"""Several goals settled one after the other by an integer programme, with the proof of the first.

What is best by the first goal is kept while the next is sought. Two goals are settled in one run of HiGHS where one
weighs so little beside the other that the solver's tolerances cannot confuse them, else in one run each. Coefficients
are whole numbers, hence sums are exact; of what is equal in all goals lots decide, drawn from the names alone.

References
----------
Q. Huangfu and J. Hall, Parallelizing the dual revised simplex method, Mathematical Programming Computation 10 (2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import isfinite
from typing import Any, NamedTuple

__all__ = ["NODE_LIMIT", "Goal", "Settled", "lot_of", "settle"]

#: Branch-and-bound nodes after which the best found is returned with its bound. A count, no time: it is the same
#: everywhere.
NODE_LIMIT = 20_000
#: The largest coefficient: the solver takes 0.999999 for 1, which must not amount to one unit of the last goal.
_LARGEST = 200_000


class Goal(NamedTuple):
    """What to minimise.

    Whole coefficients, how far apart sums of them may be, and the factor of the first where goals were merged.
    """

    of: Any  # a numpy array, not imported here since it is slow
    span: int
    of_first: int = 1


class Settled(NamedTuple):
    """What the variables are, whether that is proven best by the first goal, and else how far it may be from it."""

    taken: Any  # a numpy array of 0 and 1
    optimal: bool
    gap: float


def settle(
    goals: Sequence[Goal], constraints: Sequence[Any], lots: Any, largest: int, start: Any, *, node_limit: int
) -> Settled:
    """Return 0 or 1 for each variable: best by the first goal, of those best by the second, and so on.

    Parameters
    ----------
    goals
        Most important first.
    constraints
        Of scipy.
    lots
        What decides among equals: below 1 for each variable.
    largest
        More variables with a lot than this are never 1 together.
    start
        What is returned where the solver finds nothing within its limit.
    """
    import numpy as np
    from scipy.optimize import Bounds, milp

    turns = _merge(goals)
    turns[-1] = Goal(turns[-1].of + lots / (largest + 1), turns[-1].span, turns[-1].of_first)
    held, taken = [*constraints], start
    optimal, gap = True, 0.0
    for turn, goal in enumerate(turns):
        solved = milp(
            goal.of,
            integrality=np.ones(len(goal.of)),
            bounds=Bounds(0, 1),
            constraints=held,
            options={"mip_rel_gap": 0, "node_limit": node_limit},
        )
        if solved.x is not None:
            taken = np.round(solved.x)
        if turn == 0 and solved.status != 0:
            bound = solved.mip_dual_bound
            low = float(bound) if bound is not None and isfinite(bound) else float(np.minimum(goal.of, 0).sum())
            optimal, gap = False, max(0.0, (float(goal.of @ taken) - low) / goal.of_first)
        held.append(_at_most(goal.of, float(goal.of @ taken) + 0.5))
    return Settled(taken, optimal, gap)


def _at_most(of: Any, most: float) -> Any:  # arrays and constraints of scipy, which has no types
    import numpy as np
    from scipy.optimize import LinearConstraint

    return LinearConstraint(of, -np.inf, most)


def _merge(goals: Sequence[Goal]) -> list[Goal]:
    """Settle two goals in one run where the numbers stay small: the first counts more than all of the second."""
    merged = [goals[0]]
    for goal in goals[1:]:
        first, factor = merged[-1], goal.span + 1
        if float(abs(first.of).max()) * factor <= _LARGEST:
            merged[-1] = Goal(first.of * factor + goal.of, first.span * factor + goal.span, first.of_first * factor)
        else:
            merged.append(goal)
    return merged


def lot_of(name: str) -> float:
    """Return a number in 0…1 drawn from the name alone. Sums of such are hardly ever equal, so one choice is best.

    The idea is the isolation lemma: K. Mulmuley, U. Vazirani and V. Vazirani, Matching is as easy as matrix
    inversion, Combinatorica 7 (1987).
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=2).digest()) / 2**16
