"""Which few things bring most roles within reach: an exact optimiser, and a greedy search with its bound.

A role is within reach where the weight that is held is at least a share, the threshold, of all it requires. The number
of roles within reach is **not** submodular in what is added: two skills may each bring nothing and together a role. So
the well-known bound of greedy search does not hold for it. What is done instead:

exact
    An integer programme. With x_s whether s is added and y_r whether r is reached, maximise Σ y_r so that
    Σ_s w_rs·x_s ≥ need_r·y_r and Σ x_s ≤ N; of all that reach as many, the greatest total coverage; of those, what
    comes first by the order given. It is solved to optimality, which the solver proves.
greedy
    Where that is too large, N times the one with the greatest gain in *truncated coverage*, Σ_r min(coverage_r,
    threshold). That sum is monotone and submodular, so greedy search gains at least 1 − 1/e of the greatest possible
    gain in it (Nemhauser, Wolsey and Fisher 1978). This bounds truncated coverage, not the number of roles.

All weights are integers here (hundredths), so that "at least" is decided alike on every machine. A role that even its
N heaviest missing requirements do not bring within reach cannot be reached by any N, and is left out of the programme.

References
----------
G. Nemhauser, L. Wolsey and M. Fisher, An analysis of approximations for maximizing submodular set functions,
Mathematical Programming 14 (1978). Q. Huangfu and J. Hall, Parallelizing the dual revised simplex method, Mathematical
Programming Computation 10 (2018): HiGHS, the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.algorithms.matrix import Matrix

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

__all__ = ["EXACT_NODES", "EXACT_NUMBER", "EXACT_SIZE", "Problem", "exact", "greedy"]

#: The exact way is taken up to so many things to add, so many entries of the programme, so many branches of its search.
EXACT_NUMBER, EXACT_SIZE, EXACT_NODES = 10, 5_000, 1_000

_SHARES = 10_000  # total coverage is compared in parts of this size


@dataclass(frozen=True, eq=False)
class Problem:
    """What roles need, in integers.

    Attributes
    ----------
    missing
        Roles × candidates: the weight of what is required and not held, a ``scipy.sparse.csr_array`` of integers.
        Candidates stand in the order that decides ties.
    total, held
        Weight required, and held, by role; every total is above 0.
    threshold
        The share of the total from which a role is within reach.
    number
        How many may be added.
    """

    missing: Matrix
    total: Ints
    held: Ints
    threshold: Fraction
    number: int

    @cached_property
    def need(self) -> Ints:
        """What is still needed to bring each role within reach; 0 or less where it is."""
        import numpy as np

        top, bottom = self.threshold.numerator, self.threshold.denominator
        least = [-(-int(total) * top // bottom) for total in self.total]  # rounded up
        return np.array(least, dtype=np.int64) - self.held

    @cached_property
    def reachable(self) -> Ints:
        """The roles not yet within reach that their heaviest missing requirements alone would bring there."""
        import numpy as np

        m = self.missing
        most = [np.sort(m.data[a:b])[-self.number :].sum() for a, b in zip(m.indptr, m.indptr[1:], strict=False)]
        return np.flatnonzero((self.need > 0) & (np.array(most, dtype=np.int64) >= self.need))

    @cached_property
    def shares(self) -> Ints:
        """How much each candidate adds to the total coverage, in ten-thousandths of a role."""
        import numpy as np

        rows = np.repeat(np.arange(len(self.total)), np.diff(self.missing.indptr))
        parts = np.bincount(self.missing.indices, self.missing.data / self.total[rows], minlength=self.missing.shape[1])
        return np.round(parts * _SHARES).astype(np.int64)

    def reached(self, added: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Return which roles are within reach once some candidates are added."""
        return self.covered(added) >= self.need + self.held

    def covered(self, added: Sequence[int]) -> Ints:
        """Return the weight held of each role once some candidates are added."""
        import numpy as np

        chosen = np.zeros(self.missing.shape[1], dtype=np.int64)
        chosen[list(added)] = 1
        return np.asarray(self.held + self.missing @ chosen, dtype=np.int64)


def exact(problem: Problem) -> tuple[int, ...] | None:
    """Return the best candidates, in their order; None where the programme is too large or was not proven optimal."""
    import numpy as np

    roles, missing = problem.reachable, problem.missing
    if problem.number > EXACT_NUMBER or missing[roles].nnz > EXACT_SIZE:
        return None
    inside = np.zeros(missing.shape[1], dtype=bool)
    inside[missing[roles].indices] = True
    by_share = np.lexsort((np.arange(missing.shape[1]), -problem.shares))
    outside = [i for i in by_share.tolist() if not inside[i]][: problem.number]  # others could never be chosen
    candidates = np.sort(np.array([*np.flatnonzero(inside), *outside], dtype=np.int64))
    if len(candidates) <= problem.number:
        return tuple(candidates.tolist())
    if not len(roles):
        return tuple(sorted(by_share[: problem.number].tolist()))
    found = _Programme(problem, candidates).solve()
    return None if found is None else tuple(int(i) for i in candidates[found])


class _Programme:
    """The integer programme: variables x (candidates), y (roles), f (the first of the candidates chosen next)."""

    def __init__(self, problem: Problem, candidates: Ints) -> None:
        import numpy as np
        from scipy.sparse import csr_array, diags_array, hstack, vstack

        weights = problem.missing[problem.reachable][:, candidates].astype(np.float64)
        need = problem.need[problem.reachable]
        for row in range(len(need)):  # smaller numbers, the same integers: need rounds up
            span = slice(weights.indptr[row], weights.indptr[row + 1])
            divisor = np.gcd.reduce(weights.data[span].astype(np.int64))
            weights.data[span] /= divisor
            need[row] = -(-need[row] // divisor)
        self.shares = problem.shares[candidates].astype(np.float64)
        self.number, self.many, self.roles = problem.number, len(candidates), len(need)
        nothing = csr_array((self.roles, self.many))
        eye = diags_array(np.ones(self.many))
        # Both sides are integers wherever x and y are: half a unit of slack keeps the solver's tolerance harmless.
        reach = hstack([weights, diags_array(-(need - 0.5)), nothing])
        chosen = hstack([eye, csr_array((self.many, self.roles)), -eye])  # f only where x
        self.rows = vstack([reach, chosen]).tocsr()

    def solve(self) -> Ints | None:
        """Return the positions of the candidates chosen; None where the search was cut short."""
        import numpy as np

        self._fixed: list[int] = []
        reached = self._run(-self._vector(0, 1, 0))
        if reached is None:
            return None
        at_least = [(self._vector(0, 1, 0), round(-reached.fun))]
        covered = self._run(-self._vector(self.shares, 0, 0), at_least)
        if covered is None:
            return None
        at_least.append((self._vector(self.shares, 0, 0), round(-covered.fun)))
        for _ in range(self.number):  # the set whose first comes first, then whose second does
            place = np.arange(self.many, dtype=np.float64)
            step = self._run(self._vector(0, 0, place), at_least, first=True)
            if step is None:
                return None
            self._fixed.append(int(np.argmax(step.x[-self.many :])))
        return np.array(sorted(self._fixed), dtype=np.int64)

    def _vector(self, x: Any, y: Any, f: Any) -> Any:
        import numpy as np

        return np.concatenate([np.broadcast_to(v, n) for v, n in ((x, self.many), (y, self.roles), (f, self.many))])

    def _run(self, objective: Any, at_least: Sequence[tuple[Any, int]] = (), *, first: bool = False) -> Any:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        size = 2 * self.many + self.roles
        low, high = np.zeros(size), np.ones(size)
        low[self._fixed] = 1
        high[-self.many :] = first
        high[[size - self.many + i for i in self._fixed]] = 0
        constraints = [
            LinearConstraint(self.rows, lb=0),
            LinearConstraint(self._vector(1, 0, 0)[None, :], ub=self.number, lb=self.number),
            LinearConstraint(self._vector(0, 0, 1)[None, :], lb=float(first), ub=float(first)),
            *(LinearConstraint(vector[None, :], lb=least - 0.5) for vector, least in at_least),
        ]
        options = {"mip_rel_gap": 0.0, "node_limit": EXACT_NODES}
        found = milp(
            objective, integrality=np.ones(size), bounds=Bounds(low, high), constraints=constraints, options=options
        )
        return found if found.status == 0 else None


def greedy(problem: Problem) -> tuple[int, ...]:
    """Return candidates in the order chosen, each with the greatest gain in truncated coverage, then in coverage."""
    import numpy as np

    missing = problem.missing
    rows = np.repeat(np.arange(len(problem.total)), np.diff(missing.indptr))
    covered = problem.held.copy()
    chosen: list[int] = []
    columns = missing.T.tocsr()
    for _ in range(min(problem.number, missing.shape[1])):
        room = np.maximum(problem.need + problem.held - covered, 0)
        parts = np.minimum(missing.data, room[rows]) / problem.total[rows]
        gain = np.round(np.bincount(missing.indices, parts, minlength=missing.shape[1]), 9)
        gain[chosen] = -1
        best = int(np.lexsort((np.arange(len(gain)), -problem.shares, -gain))[0])
        chosen.append(best)
        span = slice(columns.indptr[best], columns.indptr[best + 1])
        covered[columns.indices[span]] += columns.data[span]
    return tuple(chosen)
