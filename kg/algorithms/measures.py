"""How alike two weighted sets are: the numbers that compare roles, each from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

__all__ = ["Measures", "Weights", "compare", "share_of"]

#: Weight (above 0) by member.
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measures:
    """How alike two weighted sets are, each number from 0 to 1.

    A number is None where both sets, or the set it is a share of, are empty.

    Attributes
    ----------
    jaccard
        Shared members over all members (Jaccard 1901).
    weighted_jaccard
        Sum of the smaller weights over the sum of the larger ones (Ruzicka 1958).
    cosine
        Cosine of the two weight vectors (Salton and McGill 1983).
    coverage_left, coverage_right
        Share of the left (right) set's weight that lies on shared members: how much of what the left needs comes with
        the right. Asymmetric.
    """

    jaccard: float | None
    weighted_jaccard: float | None
    cosine: float | None
    coverage_left: float | None
    coverage_right: float | None


def compare(left: Weights, right: Weights) -> Measures:
    """How alike are two weighted sets?

    Parameters
    ----------
    left, right
        Weight (above 0) by member.

    References
    ----------
    P. Jaccard, Bulletin de la Société vaudoise des sciences naturelles 37 (1901); M. Ruzicka, Biológia 13 (1958), as
    the weighted Jaccard; G. Salton and M. McGill, Introduction to Modern Information Retrieval (1983).

    Examples
    --------
    >>> compare({"python": 1.0, "sql": 1.0}, {"python": 0.5})
    Measures(jaccard=0.5, weighted_jaccard=0.25, cosine=0.7071067811865475, coverage_left=0.5, coverage_right=1.0)
    """
    shared, union = sorted(left.keys() & right.keys()), sorted(left.keys() | right.keys())
    norm = sqrt(sum(w * w for _, w in sorted(left.items())) * sum(w * w for _, w in sorted(right.items())))
    return Measures(
        jaccard=share_of(len(shared), len(union)),
        weighted_jaccard=share_of(
            sum(min(left[x], right[x]) for x in shared), sum(max(left.get(x, 0.0), right.get(x, 0.0)) for x in union)
        ),
        cosine=share_of(sum(left[x] * right[x] for x in shared), norm) if norm else (0.0 if union else None),
        coverage_left=share_of(sum(left[x] for x in shared), sum(left[x] for x in sorted(left))),
        coverage_right=share_of(sum(right[x] for x in shared), sum(right[x] for x in sorted(right))),
    )


def share_of(part: float, whole: float) -> float | None:
    """Return a part as a share of the whole, 0…1; None of nothing."""
    return min(1.0, part / whole) if whole else None
