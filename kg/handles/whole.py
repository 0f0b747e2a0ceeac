"""What whole-graph questions ask again and again, worked out once for a handle: matrices, measures, places, hops.

The claims come from a file beside the store (`kg.handles.claims`). What is made from them for one way of asking,
such as the matrix of what ESCO alone calls essential, is kept in memory for the next question asked that way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kg.algorithms.matrix import RoleMatrix, Taxonomy
from kg.algorithms.similarity import Measure, Similarity
from kg.handles.claims import ClaimTable
from kg.handles.likeness import PARTS, Combined, Likeness, base_of, rows_of, split_items, technology_matrix
from kg.handles.requirements import Requirements, narrower_pairs
from kg.handles.words import RoleWords
from kg.model.answers import Node
from kg.names.lookup import Names

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

__all__ = ["WholeGraph"]

#: So many ways of asking are kept; a matrix of ESCO takes two megabytes.
_KEPT = 8


class WholeGraph:
    """A graph as arrays.

    Parameters
    ----------
    claims
        Its claims.
    names
        Names what the claims tie; gives the order that breaks ties.
    words
        Counts the words of what is said of roles; called when a measure first reads them.
    """

    def __init__(self, claims: ClaimTable, names: Names, words: Callable[[], RoleWords]) -> None:
        self.claims = claims
        self.names = names
        self._count_words = words
        self._matrices = lru_cache(maxsize=_KEPT)(self._matrix)
        self._measures = lru_cache(maxsize=_KEPT)(self._similarity)
        self._aspects = lru_cache(maxsize=_KEPT)(self._aspect)

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each node of the claims."""
        return {iri: at for at, iri in enumerate(self.claims.nodes)}

    @cached_property
    def named(self) -> dict[str, Node]:
        """Every node of the claims, with its label and kind."""
        return self.names.nodes(self.claims.nodes)

    @cached_property
    def requirements(self) -> Requirements:
        """Every requirement."""
        return Requirements.read(self.claims)

    @cached_property
    def hierarchy(self) -> tuple[tuple[str, str], ...]:
        """Every (narrower, broader) pair of skills and tools."""
        return narrower_pairs(self.claims)

    def matrix(self, sources: frozenset[str] = frozenset(), essential_only: bool = False) -> RoleMatrix:
        """Return the role × item matrix of some sources, or of all; see `Requirements.matrix`."""
        return self._matrices(sources, essential_only)

    def _matrix(self, sources: frozenset[str], essential_only: bool) -> RoleMatrix:
        return self.requirements.matrix(sources=sources, essential_only=essential_only)

    def similarity(
        self, measure: Measure, sources: frozenset[str] = frozenset(), essential_only: bool = False
    ) -> Similarity:
        """Return how alike roles are by a measure, over the matrix of the same."""
        return self._measures(measure, sources, essential_only)

    def _similarity(self, measure: Measure, sources: frozenset[str], essential_only: bool) -> Similarity:
        matrix = self.matrix(sources, essential_only)
        return Similarity(matrix, measure, Taxonomy.read(matrix, self.hierarchy) if measure == "lin" else None)

    @cached_property
    def words(self) -> RoleWords:
        """The words of what is said of roles, counted."""
        return self._count_words()

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Every role, described or not, by IRI."""
        return tuple(sorted({*self.requirements.roles, *(n.iri for n in self.names.of_kind("role"))}))

    @property
    def is_rated(self) -> bool:
        """Whether a source rates how important requirements are."""
        return bool((self.requirements.share >= 0).any())  # NaN is not

    def likeness(
        self, measure: Likeness, sources: frozenset[str] = frozenset(), essential_only: bool = False
    ) -> Similarity | Combined:
        """Return how alike all roles are by any measure; see `kg.handles.likeness`."""
        return self._aspects(measure, sources, essential_only)

    def _aspect(self, measure: Likeness, sources: frozenset[str], essential_only: bool) -> Similarity | Combined:
        way = sources, essential_only
        if measure == "combined":
            return Combined({part: self._plain(part, *way) for part in PARTS})
        return self._plain(measure, *way)

    def _plain(self, measure: Likeness, sources: frozenset[str], essential_only: bool) -> Similarity:
        if measure in ("weighted_jaccard", "cosine", "tfidf", "lin"):
            matrix = rows_of(self.matrix(sources, essential_only), self.roles)
            return Similarity(matrix, measure, Taxonomy.read(matrix, self.hierarchy) if measure == "lin" else None)
        if measure in ("tasks", "text"):
            matrix = self.words.weighed(tasks_only=measure == "tasks")
        elif measure == "technology":
            matrix = technology_matrix(self.claims, {n.iri for n in self.names.of_kind("tool")}, sources)
        else:
            tools = (n.iri for n in self.names.of_kind("tool"))
            required = self.matrix(sources, essential_only)
            skills, knowledge = split_items(required, self.hierarchy, self.words.knowledge, tools)
            matrix = knowledge if measure == "knowledge" else skills
        return Similarity(rows_of(matrix, self.roles), base_of(measure))

    @cached_property
    def ranks(self) -> Ints:
        """The place of each of `roles` in the order by label, case aside, then IRI."""
        return self._ranks(self.roles)

    @cached_property
    def role_ranks(self) -> Ints:
        """The place of each role of the matrices in the order by label, case aside, then IRI."""
        return self._ranks(self.requirements.roles)

    @cached_property
    def item_ranks(self) -> Ints:
        """The place of each skill and tool of the matrices in that order."""
        return self._ranks(self.requirements.items)

    def _ranks(self, iris: tuple[str, ...]) -> Ints:
        import numpy as np

        named = self.names.nodes(iris)
        order = sorted(range(len(iris)), key=lambda i: (named[iris[i]].label.casefold(), iris[i]))
        ranks = np.empty(len(iris), dtype=np.int64)
        ranks[order] = np.arange(len(iris))
        return ranks
