"""How alike roles are, over whole matrices: four measures from the literature, on sparse rows of weights.

A score is from 0 to 1 and symmetric, and is rounded to twelve decimals, so that every machine ranks alike. A role that
a measure cannot rate has no score (NaN), which is something else than 0: it may be that nobody described it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from kg.algorithms.matrix import Matrix, RoleMatrix, Taxonomy

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = ["MEASURES", "Measure", "Similarity", "first"]

Measure = Literal["weighted_jaccard", "cosine", "tfidf", "lin"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

_DECIMALS = 12
_BLOCK = 256
#: Up to so many different weights, minima are sums of sparse products.
_FEW = 4
#: Above so many roles, cosines are found by the package made for it, so many rows at a time, with so many more of each
#: than are asked for: the role itself, and what may tie with the last.
MANY = 1_000
_CHUNK = 20_000
_SPARE = 16


class Similarity:
    r"""How alike are the roles of a matrix, by one measure?

    With :math:`w_{ri}` the weight with which role *r* requires *i* (0 where it does not):

    weighted_jaccard
        Sum of the smaller weights over the sum of the larger ones, Σ min(wₐ, w_b) / Σ max(wₐ, w_b) (Ruzicka 1958).
        Where few weights occur, computed as sparse products: a minimum is the sum, over the steps between the weights,
        of what both reach. Where ratings give many, minimum by minimum.
    cosine
        Σ wₐ·w_b / (‖wₐ‖·‖w_b‖) (Salton and McGill 1983).
    tfidf
        The cosine of w·idf, where idf = ln(N / n): of N described roles n require it (Spärck Jones 1972; Salton and
        Buckley 1988). What everybody needs says nothing; what few need says much. A role all of whose requirements
        are required by every role cannot be rated.
    lin
        Near misses count too. Two skills or tools are as alike as what they have in common tells, compared with what
        both tell: 2·IC(c) / (IC(a) + IC(b)), where c is their common broader concept with most information content (Lin
        1998; 1 for the same, 0 where nothing stands above both). Information content is −ln p (Resnik 1995), p being
        the share of all requirements that are for the concept or anything below it (`kg.algorithms.matrix.Taxonomy`).
        Two roles are as alike as their best matches on the average: for each requirement of the one, the most alike of
        the other, averaged by weight; then the mean of both ways (Pesquita et al. 2008, best-match average).

    Parameters
    ----------
    matrix
        What roles require.
    measure
        One of `MEASURES`.
    taxonomy
        For ``lin``: what stands above what.

    References
    ----------
    M. Ruzicka, Biológia 13 (1958). G. Salton and M. McGill, Introduction to Modern Information Retrieval (1983).
    K. Spärck Jones, Journal of Documentation 28 (1972). G. Salton and C. Buckley, Information Processing and Management
    24 (1988). P. Resnik, IJCAI (1995). D. Lin, ICML (1998). C. Pesquita et al., BMC Bioinformatics 9 (2008).
    """

    def __init__(self, matrix: RoleMatrix, measure: Measure, taxonomy: Taxonomy | None = None) -> None:
        import numpy as np

        self.matrix = matrix
        self.measure = measure
        self._weights: Matrix = matrix.weights
        if measure == "lin" and taxonomy is None:
            raise ValueError("The measure lin needs a taxonomy. Read one: Taxonomy.read(matrix, pairs).")
        self._taxonomy = taxonomy
        if measure == "tfidf":
            required_by = np.bincount(self._weights.indices, minlength=len(matrix.items))
            described = np.count_nonzero(np.diff(self._weights.indptr))
            idf = np.log(max(described, 1) / np.maximum(required_by, 1))
            self._weights = self._weights.copy()
            self._weights.data *= idf[self._weights.indices]
        self._sizes: Floats = self._weights.sum(axis=1)
        #: Which roles the measure can rate.
        self.rated: npt.NDArray[np.bool_] = self._sizes > 0

    @cached_property
    def _few_weights(self) -> bool:
        import numpy as np

        return len(np.unique(self._weights.data)) <= _FEW

    @cached_property
    def _levels(self) -> tuple[tuple[float, Matrix, Matrix], ...]:
        """For each weight that occurs: its step above the one before, who reaches it, and the same transposed."""
        import numpy as np

        found, before = [], 0.0
        for level in np.unique(self._weights.data):
            reached = self._weights.copy()
            reached.data = (reached.data >= level).astype(np.float64)
            reached.eliminate_zeros()
            found.append((float(level) - before, reached, reached.T.tocsr()))
            before = float(level)
        return tuple(found)

    @cached_property
    def _squares(self) -> Floats:
        import numpy as np

        squared = self._weights.copy()
        squared.data **= 2
        return np.asarray(squared.sum(axis=1), dtype=np.float64)

    @cached_property
    def _transposed(self) -> Matrix:
        return self._weights.T.tocsr()

    def scores(self, row: int) -> Floats:
        """Return the score of every role against one, by position; NaN where either cannot be rated."""
        scores: Floats = self._block(row, row + 1)[0]
        return scores

    def nearest(self, most: int, *, rank: Ints | None = None) -> Iterator[tuple[int, Ints, Floats]]:
        """Yield for every role its position, the positions of the nearest others, nearest first, and their scores.

        Parameters
        ----------
        most
            At most so many for each role.
        rank
            Place of each role in the order that decides ties; by IRI where none is given.

        Notes
        -----
        The cosines of many roles are found by sparse_dot_topn, where it is installed (``career-kg[fast]``): it keeps
        the greatest products of a row while it makes them, where scipy makes all. What it leaves in doubt, a tie at the
        last place or too few roles that have anything in common, is worked out in full.
        """
        import numpy as np

        if self.measure in ("cosine", "tfidf") and len(self.matrix.roles) > MANY and (product := _top_products()):
            yield from self._nearest_by(product, most, rank)
            return
        for start in range(0, len(self.matrix.roles), _BLOCK):
            block = self._block(start, min(start + _BLOCK, len(self.matrix.roles)))
            own = np.arange(len(block))
            block[own, start + own] = np.nan
            rows, found = _first(block, most, rank)
            cuts = np.searchsorted(rows, np.arange(len(block) + 1))
            for offset in own.tolist():
                near = found[cuts[offset] : cuts[offset + 1]]
                yield start + offset, near, block[offset, near]

    def _nearest_by(self, product: Any, most: int, rank: Ints | None) -> Iterator[tuple[int, Ints, Floats]]:
        """Yield the nearest roles of every role, by a function that returns the greatest products of each row."""
        import numpy as np
        from scipy.sparse import csr_matrix

        norms = np.sqrt(self._squares)
        unit = csr_matrix(self._weights)
        unit.data = unit.data / np.repeat(np.where(norms > 0, norms, 1.0), np.diff(unit.indptr))
        turned = unit.T.tocsr()
        kept = most + _SPARE
        for start in range(0, unit.shape[0], _CHUNK):
            found = product(unit[start : start + _CHUNK], turned, top_n=kept, sort=True, n_threads=os.cpu_count())
            for offset in range(found.shape[0]):
                row, span = start + offset, slice(found.indptr[offset], found.indptr[offset + 1])
                near, scores = found.indices[span], np.minimum(np.round(found.data[span], _DECIMALS), 1.0)
                others = near != row
                near, scores = near[others].astype(np.int64), scores[others]
                positive = scores > 0
                near, scores = near[positive], scores[positive]
                cut_off = span.stop - span.start == kept and scores[-1] >= scores[min(most, len(scores)) - 1]
                if len(near) < most or cut_off:
                    scores = self.scores(row)
                    scores[row] = np.nan
                    near = first(scores, most, rank)
                    yield row, near, scores[near]
                    continue
                order = np.lexsort((near if rank is None else rank[near], -scores))[:most]
                yield row, near[order], scores[order]

    def _block(self, start: int, end: int) -> Floats:
        """Return the scores of some roles against all, as a dense block."""
        import numpy as np

        if self.measure == "lin":
            return np.array([self._lin(row) for row in range(start, end)])
        if self.measure == "weighted_jaccard":
            if self._few_weights:
                block = np.zeros((end - start, len(self.matrix.roles)))
                for step, reached, transposed in self._levels:
                    block += step * _product(reached, transposed, start, end)
            else:
                block = np.array([_minima(self._weights, self._transposed, row) for row in range(start, end)])
            size = self._sizes[start:end, None] + self._sizes[None, :]
            size -= block
        else:
            block = _product(self._weights, self._transposed, start, end)
            size = np.sqrt(self._squares[start:end, None] * self._squares[None, :])
        with np.errstate(divide="ignore", invalid="ignore"):
            block /= size
        return self._finished(block, start, end)

    def _finished(self, block: Floats, start: int, end: int) -> Floats:
        import numpy as np

        np.round(block, _DECIMALS, out=block)
        np.minimum(block, 1.0, out=block)
        block[:, ~self.rated] = np.nan
        block[~self.rated[start:end]] = np.nan
        return block

    def _lin(self, row: int) -> Floats:
        import numpy as np

        taxonomy = self._taxonomy
        assert taxonomy is not None  # noqa: S101  # the constructor has seen to it
        weights, content = self._weights, taxonomy.content
        own = content[taxonomy.own]
        described = np.flatnonzero(np.diff(weights.indptr))
        there, best_back = np.zeros(len(self.matrix.roles)), np.zeros(len(self.matrix.items))
        span = slice(weights.indptr[row], weights.indptr[row + 1])
        for item, weight in zip(weights.indices[span], weights.data[span], strict=True):
            shared = np.zeros(len(own))
            above = taxonomy.above.indices[taxonomy.above.indptr[item] : taxonomy.above.indptr[item + 1]]
            for concept in above[np.argsort(content[above], kind="stable")]:  # what tells most is written last
                under = slice(taxonomy.below.indptr[concept], taxonomy.below.indptr[concept + 1])
                shared[taxonomy.below.indices[under]] = content[concept]
            both = own[item] + own
            alike = np.divide(2 * shared, both, out=np.zeros(len(own)), where=both > 0)
            alike[item] = 1.0
            there[described] += weight * np.maximum.reduceat(alike[weights.indices], weights.indptr[described])
            np.maximum(best_back, alike, out=best_back)
        with np.errstate(divide="ignore", invalid="ignore"):
            block = (there / self._sizes[row] + (weights @ best_back) / self._sizes) / 2
        scores: Floats = self._finished(block[None, :], row, row + 1)[0]
        return scores


def _top_products() -> Any:
    """Return the function that keeps the greatest products of each row; None where the package is not installed."""
    try:
        from sparse_dot_topn import sp_matmul_topn
    except ImportError:
        return None
    return sp_matmul_topn


def _product(left: Matrix, right: Matrix, start: int, end: int) -> Floats:
    """Return some rows of a product of sparse matrices, dense."""
    import numpy as np

    if end - start == 1:  # the columns that the row has: a fraction of the matrix
        span = slice(left.indptr[start], left.indptr[end])
        row = np.zeros(right.shape[1])
        for item, weight in zip(left.indices[span], left.data[span], strict=True):
            column = slice(right.indptr[item], right.indptr[item + 1])
            row[right.indices[column]] += weight * right.data[column]
        return row[None, :]
    product: Any = left[start:end] @ right
    return np.asarray(product.toarray(), dtype=np.float64)


def _minima(left: Matrix, right: Matrix, row: int) -> Floats:
    """Return the sums of the smaller weights of one row and of every other."""
    import numpy as np

    span = slice(left.indptr[row], left.indptr[row + 1])
    columns, weights = left.indices[span], left.data[span]
    starts, ends = right.indptr[columns], right.indptr[columns + 1]
    if not len(columns):
        return np.zeros(right.shape[1])
    others = np.concatenate([right.indices[a:b] for a, b in zip(starts, ends, strict=True)])
    theirs = np.concatenate([right.data[a:b] for a, b in zip(starts, ends, strict=True)])
    smaller = np.minimum(np.repeat(weights, ends - starts), theirs)
    return np.bincount(others, smaller, minlength=right.shape[1]).astype(np.float64)


def first(scores: Floats, most: int, rank: Ints | None = None) -> Ints:
    """Return the positions of the highest scores, highest first; NaN is left out, ties go by rank.

    Examples
    --------
    >>> import numpy as np
    >>> first(np.array([0.5, np.nan, 0.9, 0.5]), 2).tolist()
    [2, 0]
    """
    return _first(scores[None, :], most, rank)[1]


def _first(block: Floats, most: int, rank: Ints | None) -> tuple[Ints, Ints]:
    """Return the rows and columns of the highest scores of each row of a block, row by row, highest first."""
    import numpy as np

    known = np.where(np.isnan(block), -1.0, block)
    least = np.zeros(len(block))
    if 0 < most < block.shape[1]:
        np.maximum(least, np.partition(known, -most, axis=1)[:, -most], out=least)
    rows, columns = np.nonzero(known >= least[:, None])
    order = np.lexsort((columns if rank is None else rank[columns], -known[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)  # among those of the same row
    return rows[place < most], columns[place < most]
