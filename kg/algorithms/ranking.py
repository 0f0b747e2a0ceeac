"""How well a ranking finds what it should: recall at a place, reciprocal rank, area under the curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

__all__ = ["Ranked", "found"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well one ranking found what is relevant, each number from 0 to 1.

    Attributes
    ----------
    recall
        The share of what is relevant that stands among the first.
    reciprocal
        One over the place of the first that is relevant.
    auc
        The chance that a relevant one stands above an irrelevant one, a tie counting half; NaN where there are none of
        either.
    """

    recall: float
    reciprocal: float
    auc: float


def found(scores: Floats, relevant: Bools, rank: Ints, *, most: int = 20) -> Ranked:
    """How well do scores find what is relevant?

    Parameters
    ----------
    scores
        One for each candidate, higher first; NaN comes after all others, and is tied.
    relevant
        Which candidates should be found; at least one.
    rank
        The order among candidates that are tied.
    most
        How many are the first.

    References
    ----------
    E. M. Voorhees, TREC-8 (1999), for the reciprocal rank; J. A. Hanley and B. J. McNeil, Radiology 143 (1982), for the
    area under the curve as the statistic of Mann and Whitney (1947).

    Examples
    --------
    >>> import numpy as np
    >>> found(np.array([0.9, 0.5, 0.7]), np.array([False, True, True]), np.arange(3), most=2)
    Ranked(recall=0.5, reciprocal=0.5, auc=0.0)
    """
    import numpy as np
    from scipy.stats import rankdata

    known = np.where(np.isnan(scores), -np.inf, scores)
    ordered = relevant[np.lexsort((rank, -known))]
    hits, misses = int(relevant.sum()), int((~relevant).sum())
    places = rankdata(known)[relevant].sum() - hits * (hits + 1) / 2
    return Ranked(
        float(ordered[:most].sum()) / hits,
        1.0 / (int(np.argmax(ordered)) + 1),
        float(places) / (hits * misses) if misses else float("nan"),
    )
