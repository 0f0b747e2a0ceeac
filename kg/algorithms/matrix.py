"""A sparse role × item matrix, and what stands above its items.

numpy and scipy are imported where they are used, since they take longer than answering most questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

__all__ = ["Matrix", "RoleMatrix", "Taxonomy", "ancestors", "encoded"]

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


def encoded(values: Iterable[str]) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """Return the different values, sorted, and each value's position among them."""
    import numpy as np

    values = [*values]
    names = sorted(set(values))
    position = {name: i for i, name in enumerate(names)}
    return tuple(names), np.fromiter(map(position.__getitem__, values), dtype=np.int32, count=len(values))
