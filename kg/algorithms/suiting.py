"""How well roles suit what somebody holds: the evidence for each role, on a sparse role × item matrix.

A role that asks for L things, of which m are held, is compared with chance: the logarithm of how much likelier what is
held is for somebody of that role than for anybody. For anybody a thing x has the probability pop(x), its share of all
requirements; for somebody of the role each of its L things is held with an unknown probability θ, of which a Beta(α, β)
distribution is assumed and which is integrated out:

    S = Σ over the m matched of −log pop(x) + log B(m + α, L − m + β) − log B(α, β)

What is held and not asked for is as likely either way and drops out. So a rare match says more than a common one (Git
less than PyTorch), matching by having many requirements costs, and a role of three things is not near because one of
them is held, as it is by coverage. α = β = 2: nobody of a role is likely to hold nothing of it, or all.

References
----------
The beta-binomial marginal: J. G. Skellam, A probability distribution derived from the binomial distribution by
regarding the probability of success as variable between the sets of trials, Journal of the Royal Statistical Society B
10 (1948).
Ranking by odds against chance: S. E. Robertson and K. Spärck Jones, Relevance weighting of search terms (1976).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.algorithms.matrix import Floats, Matrix

__all__ = ["ALPHA", "BETA", "gains", "suiting"]

#: The distribution of how much of a role its people hold.
ALPHA = BETA = 2.0


def gains(weights: Matrix) -> Floats:
    """Return −log pop by item: how much a match with it tells, in nats; nothing is required of it, 0."""
    import numpy as np

    times = np.bincount(weights.indices[weights.data > 0], minlength=weights.shape[1]).astype(np.float64)
    found = np.zeros(len(times))
    np.log(times.sum() / np.maximum(times, 1), out=found, where=times > 0)
    return found


def suiting(weights: Matrix, held: Iterable[Sequence[int]]) -> tuple[Floats, Floats]:
    """Return for each role the evidence for it, in nats, and how many of what is held speak for it.

    Parameters
    ----------
    weights
        Roles × items, a ``csr_array``; what weighs 0 is not required.
    held
        The columns of each thing that is held: its own, or several that stand for it, of which that speaks for a role
        which tells most. No column stands for two things.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> scores, matched = suiting(csr_array([[1, 1, 0], [1, 0, 1]]), [[0], [1]])
    >>> [round(score, 2) for score in scores.tolist()], matched.tolist()
    ([0.88, -0.92], [2.0, 1.0])
    """
    import numpy as np
    from scipy.special import betaln

    columns, gain = weights.tocsc(), gains(weights)
    lengths = np.asarray((weights > 0).sum(axis=1), dtype=np.float64)
    total, matched = np.zeros(len(lengths)), np.zeros(len(lengths))
    for one in held:
        best, has = np.zeros(len(lengths)), np.zeros(len(lengths), dtype=bool)
        for column in one:
            there = slice(columns.indptr[column], columns.indptr[column + 1])
            rows = columns.indices[there][columns.data[there] > 0]
            best[rows] = np.maximum(best[rows], gain[column])
            has[rows] = True
        total += best
        matched += has
    score = total + betaln(matched + ALPHA, lengths - matched + BETA) - betaln(ALPHA, BETA)
    return score, matched
