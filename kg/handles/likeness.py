"""Every measure of how alike roles are, by name: what it reads, how it computes, and how well it does.

Four measures compare what roles require, as it stands (`kg.algorithms.similarity`). The others each compare one aspect
by the cosine: the technology used, the skills and the knowledge rated, the words of the tasks, all words. `Combined`
puts three of them together, those that did best together on one half of O*NET's occupations (technology made it
worse). How well each finds the roles that O*NET itself calls related is `SCORES`, as `kg bench similarity` measures it
and a test holds; docs/similarity.md says what that is worth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from kg.algorithms.matrix import RoleMatrix, ancestors
from kg.algorithms.similarity import Measure, Similarity
from kg.handles.claims import ClaimTable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

__all__ = [
    "LIKENESS",
    "PARTS",
    "SCORES",
    "TITLES",
    "Combined",
    "Likeness",
    "Score",
    "base_of",
    "rows_of",
    "split_items",
    "technology_matrix",
]

Likeness = Literal[
    "weighted_jaccard", "cosine", "tfidf", "lin", "technology", "skills", "knowledge", "tasks", "text", "combined"
]
LIKENESS: tuple[Likeness, ...] = get_args(Likeness)
#: What `Combined` puts together.
PARTS: tuple[Likeness, ...] = ("text", "knowledge", "skills")

TITLES: Mapping[Likeness, str] = {
    "weighted_jaccard": "weighted Jaccard",
    "cosine": "cosine",
    "tfidf": "TF-IDF cosine",
    "lin": "Lin",
    "technology": "technology",
    "skills": "skills",
    "knowledge": "knowledge",
    "tasks": "words of the tasks",
    "text": "all words",
    "combined": "words, knowledge and skills together",
}

#: Above this branch of O*NET's content model everything is knowledge; ESCO says so of each skill.
KNOWLEDGE_BRANCH = "https://www.onetonline.org/find/descriptor/result/2.C"
_SAMPLED = 128
_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Score:
    """How well a measure finds the related occupations of O*NET 29.3, on the occupations that all measures rate.

    Attributes
    ----------
    recall
        Of the related occupations, the share among the twenty most alike.
    held_out
        The same on the half of the occupations on which no choice rests.
    mrr
        One over the place of the first related occupation, on the average.
    auc
        The chance that a related occupation is more alike than one that is not.
    coverage
        The share of the occupations with a list of related ones that it can rate.
    """

    recall: float
    held_out: float
    mrr: float
    auc: float
    coverage: float


#: As `kg bench similarity` measured them on O*NET 29.3, on 879 occupations; an order by chance has a recall of 0.0228.
SCORES: Mapping[Likeness, Score] = {
    "weighted_jaccard": Score(0.3714, 0.3711, 0.7921, 0.8991, 0.9848),
    "cosine": Score(0.3369, 0.3375, 0.7537, 0.8691, 0.9848),
    "tfidf": Score(0.2371, 0.238, 0.6364, 0.8012, 0.9848),
    "lin": Score(0.2036, 0.208, 0.5289, 0.7806, 0.9848),
    "technology": Score(0.2203, 0.2163, 0.5845, 0.7471, 1.0),
    "skills": Score(0.2842, 0.2756, 0.6229, 0.8744, 0.9523),
    "knowledge": Score(0.4461, 0.4423, 0.8251, 0.9412, 0.9523),
    "tasks": Score(0.5298, 0.533, 0.9372, 0.9602, 1.0),
    "text": Score(0.6028, 0.6045, 0.9643, 0.9779, 1.0),
    "combined": Score(0.6518, 0.6569, 0.9778, 0.983, 1.0),
}


def rows_of(matrix: RoleMatrix, roles: Sequence[str]) -> RoleMatrix:
    """Return a matrix with a row for each of the roles given, in their order; empty for one that it did not have."""
    import numpy as np
    from scipy.sparse import csr_array

    at = [matrix.position.get(role, -1) for role in roles]
    known = [i for i in at if i >= 0]
    sizes = np.zeros(len(roles), dtype=np.int64)
    sizes[[i >= 0 for i in at]] = np.diff(matrix.weights.indptr)[known]
    picked = matrix.weights[known]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    weights = csr_array((picked.data, picked.indices, starts), shape=(len(roles), len(matrix.items)))
    return RoleMatrix(tuple(roles), matrix.items, weights)


def split_items(
    matrix: RoleMatrix, pairs: Iterable[tuple[str, str]], knowledge: Iterable[str], tools: Iterable[str]
) -> tuple[RoleMatrix, RoleMatrix]:
    """Return what roles require of skills, and of knowledge; tools are neither.

    Parameters
    ----------
    pairs
        (narrower, broader), for what lies in a branch of knowledge.
    knowledge, tools
        IRIs of what is called knowledge by its source, and of tools.
    """
    import numpy as np

    above, called, left_out = ancestors(matrix.items, pairs), {*knowledge}, {*tools}
    known = np.array([item in called or KNOWLEDGE_BRANCH in above[item] for item in matrix.items], dtype=bool)
    neither = np.array([item in left_out for item in matrix.items], dtype=bool)
    return _columns(matrix, ~known & ~neither), _columns(matrix, known & ~neither)


def technology_matrix(claims: ClaimTable, tools: Collection[str], sources: Collection[str] = ()) -> RoleMatrix:
    """Return which tools roles use or require, each with weight 1: who names a tool mostly does not rate it."""
    import numpy as np
    from scipy.sparse import csr_array

    is_tool = np.array([node in tools for node in claims.nodes], dtype=bool)
    of = claims.of_relations(["requires", "uses"]) & is_tool[claims.object]
    if sources:
        of &= np.isin(claims.source, [i for i, iri in enumerate(claims.sources) if iri in sources])
    pairs = np.unique(np.stack([claims.subject[of], claims.object[of]]), axis=1)
    at_role, row = np.unique(pairs[0], return_inverse=True)
    at_tool, column = np.unique(pairs[1], return_inverse=True)
    weights = csr_array((np.ones(len(row)), (row, column)), shape=(len(at_role), len(at_tool)))
    roles, items = (tuple(claims.nodes[i] for i in found.tolist()) for found in (at_role, at_tool))
    return RoleMatrix(roles, items, weights)


def _columns(matrix: RoleMatrix, chosen: Bools) -> RoleMatrix:
    """Return a matrix with some of its columns; its entries stay in order."""
    import numpy as np
    from scipy.sparse import csr_array

    weights = matrix.weights
    keep = chosen[weights.indices]
    place = np.cumsum(chosen) - 1
    rows = np.repeat(np.arange(len(matrix.roles)), np.diff(weights.indptr))[keep]
    starts = np.searchsorted(rows, np.arange(len(matrix.roles) + 1))
    items = tuple(item for item, there in zip(matrix.items, chosen.tolist(), strict=True) if there)
    shape = len(matrix.roles), len(items)
    return RoleMatrix(
        matrix.roles, items, csr_array((weights.data[keep], place[weights.indices[keep]], starts), shape=shape)
    )


class Combined:
    r"""How alike are roles by several measures together?

    A plain sum of cosines would be ruled by the one that varies most: two occupations share few words, but nearly all
    need some active listening. So each part is set against how it varies over all pairs: its mean :math:`\mu_p` and
    its standard deviation :math:`\sigma_p`. The score is the average of the parts, each weighted by
    :math:`1/\sigma_p`, which ranks as the sum of standard scores does, stays between 0 and 1, and is 1 for what is
    the same. A part that cannot rate a pair (O*NET rates no skills of software developers) is taken to lie as many
    standard deviations above its mean as the others do on the average:

    .. math::

        s = \sum_p w_p \mu_p + \frac{P}{\sum_p 1/\sigma_p} \cdot \operatorname{mean}_p \frac{s_p - \mu_p}{\sigma_p},
        \quad w_p = \frac{1/\sigma_p}{\sum_q 1/\sigma_q},

    the mean being over the parts that rate the pair, and the result cut to 0…1. Nothing in this was fitted to lists of
    related roles.

    Parameters
    ----------
    parts
        By name, each over the same roles; those that rate no pair are left out.
    """

    def __init__(self, parts: Mapping[Likeness, Similarity]) -> None:
        import numpy as np

        first = next(iter(parts.values()))
        self.matrix = first.matrix
        self.parts = {name: part for name, part in parts.items() if np.count_nonzero(part.rated) > 1}
        #: Which roles it can rate: those that any part can.
        self.rated: Bools = np.zeros(len(self.matrix.roles), dtype=bool)
        for part in self.parts.values():
            self.rated |= part.rated

    @cached_property
    def spread(self) -> dict[Likeness, tuple[float, float]]:
        """Mean and standard deviation of each part over pairs of different roles: of all, or of an even sample."""
        import numpy as np

        found = {}
        for name, part in self.parts.items():
            rated = np.flatnonzero(part.rated)
            chosen = rated[np.unique(np.linspace(0, len(rated) - 1, min(len(rated), _SAMPLED)).astype(int))]
            rows = np.array([part.scores(row) for row in chosen.tolist()])
            rows[np.arange(len(chosen)), chosen] = np.nan
            found[name] = float(np.nanmean(rows)), max(float(np.nanstd(rows)), 1e-9)
        return found

    @cached_property
    def weights(self) -> dict[Likeness, float]:
        """The weight of each part; they sum to 1."""
        total = sum(1 / deviation for _, deviation in self.spread.values())
        return {name: 1 / deviation / total for name, (_, deviation) in self.spread.items()}

    def of_parts(self, row: int) -> dict[Likeness, Floats]:
        """Return the scores of every role against one by each part; NaN where it cannot rate the pair."""
        return {name: part.scores(row) for name, part in self.parts.items()}

    def scores(self, row: int) -> Floats:
        """Return the score of every role against one, by position; NaN where no part rates both."""
        import numpy as np

        scores = np.full(len(self.matrix.roles), np.nan)
        if not self.parts:
            return scores
        total, times, level = np.zeros(len(scores)), np.zeros(len(scores)), 0.0
        for name, found in self.of_parts(row).items():
            mean, deviation = self.spread[name]
            there = ~np.isnan(found)
            total[there] += (found[there] - mean) / deviation
            times += there
            level += self.weights[name] * mean
        scale = len(self.parts) / sum(1 / deviation for _, deviation in self.spread.values())
        rated = times > 0
        scores[rated] = np.clip(np.round(level + scale * total[rated] / times[rated], _DECIMALS), 0.0, 1.0)
        return scores


def base_of(measure: Likeness) -> Measure:
    """Return how an aspect is compared: what few have counts more, where it is words or tools; ratings as they are."""
    return "tfidf" if measure in ("technology", "tasks", "text") else "cosine"
