"""Whole-graph questions run on matrices: what every role requires, as a sparse role × skill matrix.

`Requirements` has every claim that a role requires something, as arrays of numbers (`kg.algorithms.claims`): role,
skill or tool, source, whether essential, how important. From these a matrix is made for what is asked: some sources,
essential only. numpy and scipy are imported where they are used, since they take longer than answering most questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.algorithms.claims import ClaimTable, encoded
from kg.requirements.required import OPTIONAL_WEIGHT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

__all__ = ["Matrix", "Requirements", "RoleMatrix", "Taxonomy", "ancestors", "hierarchy"]

#: A scipy.sparse.csr_array; scipy has no types.
Matrix = Any


@dataclass(frozen=True, eq=False)
class RoleMatrix:
    """What roles require, as a sparse matrix.

    Attributes
    ----------
    roles, items
        IRIs of the rows and of the columns, each sorted.
    weights
        ``scipy.sparse.csr_array``, roles × items, with sorted indices; a row without entries is a role that is not
        described.
    """

    roles: tuple[str, ...]
    items: tuple[str, ...]
    weights: Matrix

    @cached_property
    def position(self) -> dict[str, int]:
        """The row of each role."""
        return {role: at for at, role in enumerate(self.roles)}

    def row(self, role: str) -> dict[str, float]:
        """Return what a role requires, by IRI, with its weight; nothing where the matrix does not know the role."""
        at = self.position.get(role)
        if at is None:
            return {}
        start, end = self.weights.indptr[at], self.weights.indptr[at + 1]
        columns, data = self.weights.indices[start:end].tolist(), self.weights.data[start:end].tolist()
        return {self.items[column]: value for column, value in zip(columns, data, strict=True)}


@dataclass(frozen=True, eq=False)
class Requirements:
    """Every requirement of a dataset, one position a claim.

    Attributes
    ----------
    roles, items, sources
        IRIs, sorted; the arrays below hold positions in them.
    share
        How far along its own scale the importance lies, 0…1; NaN where there is none.
    """

    roles: tuple[str, ...]
    items: tuple[str, ...]
    sources: tuple[str, ...]
    role: Ints
    item: Ints
    source: Ints
    essential: Bools
    share: Floats

    def __len__(self) -> int:
        return len(self.role)

    @classmethod
    def read(cls, claims: ClaimTable) -> Requirements:
        """Return the requirements among claims."""
        import numpy as np

        of = np.flatnonzero(claims.of_relations(["requires"]))
        at_role, role = np.unique(claims.subject[of], return_inverse=True)
        at_item, item = np.unique(claims.object[of], return_inverse=True)
        share = np.full(len(of), np.nan)
        scale = claims.importance_scale[of]
        rated = np.flatnonzero(scale >= 0)
        low, high = claims.ends[scale[rated]].T
        share[rated] = np.clip((claims.importance[of][rated] - low) / (high - low), 0.0, 1.0)
        return cls(
            tuple(claims.nodes[i] for i in at_role.tolist()),
            tuple(claims.nodes[i] for i in at_item.tolist()),
            claims.sources,
            role.astype(np.int64),
            item.astype(np.int64),
            claims.source[of].astype(np.int64),
            claims.essential[of] != 0,
            share,
        )

    def matrix(self, *, sources: Collection[str] = (), essential_only: bool = False) -> RoleMatrix:
        """Return the role × item matrix of what is asked, weighed as `kg.requirements.required` weighs.

        Parameters
        ----------
        sources
            IRIs of the sources to hear; all by default.
        essential_only
            Leave out what no source calls essential.
        """
        import numpy as np
        from scipy.sparse import csr_array

        shape = len(self.roles), len(self.items)
        weight = np.where(np.isnan(self.share), np.where(self.essential, 1.0, OPTIONAL_WEIGHT), self.share)
        heard = np.ones(len(self), dtype=bool)
        if sources:
            heard = np.isin(self.source, [i for i, iri in enumerate(self.sources) if iri in sources])
        role, item, essential, weight = self.role[heard], self.item[heard], self.essential[heard], weight[heard]
        pairs, which = np.unique(role * shape[1] + item, return_inverse=True)
        largest = np.zeros(len(pairs))
        np.maximum.at(largest, which, weight)
        needed = largest > 0
        if essential_only:
            called = np.zeros(len(pairs), dtype=bool)
            np.logical_or.at(called, which, essential)
            needed &= called
        pairs, largest = pairs[needed], largest[needed]
        rows, columns = np.divmod(pairs, max(shape[1], 1))  # sorted by row, then column, as CSR has them
        starts = np.searchsorted(rows, np.arange(shape[0] + 1))
        return RoleMatrix(self.roles, self.items, csr_array((largest, columns, starts), shape=shape))


def hierarchy(claims: ClaimTable) -> tuple[tuple[str, str], ...]:
    """Return every (narrower, broader) pair: ``skos:broader``, and tools under the skills they demonstrate; sorted."""
    import numpy as np

    of = claims.of_relations(["broader", "demonstrates"])
    pairs = np.unique(np.stack([claims.subject[of], claims.object[of]], axis=1), axis=0)
    return tuple((claims.nodes[a], claims.nodes[b]) for a, b in pairs.tolist())


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """What stands above what, and how much it tells to know it.

    Attributes
    ----------
    above
        Items × concepts, 1 where the concept is the item or stands above it, over any number of steps.
    below
        The same the other way round: concepts × items.
    content
        Information content by concept, in nats: −ln p, where p is the share of all requirements (pairs of a role and
        what it requires) that are for the concept or for anything below it (Resnik 1995).
    own
        Position of each item among the concepts.
    """

    above: Matrix
    below: Matrix
    content: Floats
    own: Ints

    @classmethod
    def read(cls, matrix: RoleMatrix, pairs: Iterable[tuple[str, str]]) -> Taxonomy:
        """Return the taxonomy over the items of a matrix; a circle in it makes its members stand above each other."""
        import numpy as np
        from scipy.sparse import csr_array

        found = [*ancestors(matrix.items, pairs).values()]
        concepts, columns = encoded([concept for line in found for concept in line])
        starts = np.cumsum([0, *map(len, found)])
        above = csr_array((np.ones(len(columns)), columns, starts), shape=(len(found), len(concepts)))
        below = above.T.tocsr()
        times = np.bincount(matrix.weights.indices, minlength=len(matrix.items)).astype(np.float64)
        times = below @ times
        total = max(matrix.weights.nnz, 1)
        content = np.zeros(len(concepts))
        np.log(total / np.maximum(times, 1), out=content)
        position = {concept: i for i, concept in enumerate(concepts)}
        return cls(above, below, content, np.array([position[item] for item in matrix.items], dtype=np.int64))


def ancestors(items: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return for each item itself and all that stands above it by (narrower, broader) pairs, sorted."""
    parents: dict[str, list[str]] = {}
    for narrower, broader in sorted(pairs):
        parents.setdefault(narrower, []).append(broader)
    return {item: _with_ancestors(item, parents) for item in items}


def _with_ancestors(item: str, parents: Mapping[str, list[str]]) -> list[str]:
    found, ahead = {item}, [item]
    while ahead:
        for broader in parents.get(ahead.pop(), ()):
            if broader not in found:
                found.add(broader)
                ahead.append(broader)
    return sorted(found)
