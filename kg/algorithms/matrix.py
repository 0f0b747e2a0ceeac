"""Whole-graph questions run on matrices: what every role requires, as a sparse role × skill matrix.

A slice is right for a question about two roles; a question about all of them would turn 130,000 claims into objects
and back. So one SELECT delivers every requirement as a row of terms, and `Requirements` keeps them as arrays of
numbers: role, skill or tool, source, whether essential, importance. From these a matrix is made for what is asked:
some sources, essential only, rated or not. A networkx graph gives the same arrays from its edges. numpy and scipy are
imported where they are used, since they take longer than answering most questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.requirements import OPTIONAL_WEIGHT
from kg.stores.binding import load_query
from kg.stores.port import Cell, plain

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

__all__ = ["Matrix", "Requirements", "RoleMatrix", "Taxonomy", "hierarchy_of", "requirements_of"]

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

    def row(self, role: str) -> dict[str, float]:
        """Return what a role requires, by IRI, with its weight; nothing where the matrix does not know the role."""
        if role not in self.roles:
            return {}
        at = self.roles.index(role)
        start, end = self.weights.indptr[at], self.weights.indptr[at + 1]
        columns, data = self.weights.indices[start:end], self.weights.data[start:end]
        return {self.items[column]: float(value) for column, value in zip(columns, data, strict=True)}


@dataclass(frozen=True, eq=False)
class Requirements:
    """Every requirement of a dataset, one position a claim.

    Attributes
    ----------
    roles, items, sources, scales
        IRIs, sorted; the arrays below hold positions in them (scale −1: not rated).
    """

    roles: tuple[str, ...]
    items: tuple[str, ...]
    sources: tuple[str, ...]
    scales: tuple[str, ...]
    role: Ints
    item: Ints
    source: Ints
    essential: Bools
    importance: Floats
    scale: Ints

    def __len__(self) -> int:
        return len(self.role)

    @classmethod
    def read(
        cls,
        roles: Sequence[str],
        items: Sequence[str],
        sources: Sequence[str],
        essential: Sequence[bool],
        importance: Sequence[float | None],
        scales: Sequence[str | None],
    ) -> Requirements:
        """Return the requirements from columns, one position a claim, in any order; a claim may come twice."""
        import numpy as np

        rated = [name if name and value is not None else "" for value, name in zip(importance, scales, strict=True)]
        role_names, role = _encoded(roles)
        item_names, item = _encoded(items)
        source_names, source = _encoded(sources)
        scale_names, scale = _encoded(["", *rated])  # the empty name sorts first, and so becomes −1
        value = [value if name else None for value, name in zip(importance, rated, strict=True)]
        return cls(
            role_names,
            item_names,
            source_names,
            scale_names[1:],
            role,
            item,
            source,
            np.array(essential, dtype=bool),
            np.array(value, dtype=np.float64),  # None becomes NaN
            scale[1:] - 1,
        )

    def matrix(self, *, sources: Collection[str] = (), essential_only: bool = False, rated: bool = False) -> RoleMatrix:
        """Return the role × item matrix of what is asked.

        The weight of a pair is 1 where any source calls it essential, or draws no such line, and 0.5 where all call it
        optional (our reading).

        Parameters
        ----------
        sources
            IRIs of the sources to hear; all by default.
        essential_only
            Leave out what no source calls essential.
        rated
            For a role of which every claim carries an importance on one and the same scale, weigh by the largest
            importance instead, as `kg.gap` does.
        """
        import numpy as np
        from scipy.sparse import csr_array

        shape = len(self.roles), len(self.items)
        role, item, essential = self.role, self.item, self.essential
        weight = np.where(essential, 1.0, OPTIONAL_WEIGHT)
        heard = np.ones(len(self), dtype=bool)
        if sources:
            heard = np.isin(self.source, [i for i, iri in enumerate(self.sources) if iri in sources])
        if rated and self.scales:
            low, high = np.full(shape[0], len(self.scales)), np.full(shape[0], -1)
            np.minimum.at(low, role[heard], self.scale[heard])
            np.maximum.at(high, role[heard], self.scale[heard])
            one_scale = (low == high) & (low >= 0)
            weight = np.where(one_scale[role], self.importance, weight)
        role, item, essential, weight = role[heard], item[heard], essential[heard], weight[heard]
        pairs, which = np.unique(role * shape[1] + item, return_inverse=True)
        largest = np.zeros(len(pairs))
        np.maximum.at(largest, which, weight)
        if essential_only:
            needed = np.zeros(len(pairs), dtype=bool)
            np.logical_or.at(needed, which, essential)
            pairs, largest = pairs[needed], largest[needed]
        rows, columns = np.divmod(pairs, max(shape[1], 1))  # sorted by row, then column, as CSR has them
        starts = np.searchsorted(rows, np.arange(shape[0] + 1))
        return RoleMatrix(self.roles, self.items, csr_array((largest, columns, starts), shape=shape))


def _encoded(values: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """Return the different values, sorted, and each value's position among them."""
    import numpy as np

    names = sorted(set(values))
    position = {name: i for i, name in enumerate(names)}
    return tuple(names), np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))


def requirements_of(asked: Any) -> Requirements:
    """Return every requirement of a store, by one SELECT, or of a graph, from its edges."""
    if hasattr(asked, "out_edges"):
        found = [edge for iri in asked.nodes for edge in asked.out_edges(iri, keys=True, data=True)]
        found = [edge for edge in found if edge[3].get("relation") == "requires"]
        said = [data for *_, data in found]
        return Requirements.read(
            [role for role, *_ in found],
            [item for _, item, *_ in found],
            [data.get("source", "") for data in said],
            [data.get("essential") is not False for data in said],
            [data.get("importance") for data in said],
            [data.get("importanceScale") for data in said],
        )
    rows: Any = asked.select(load_query("requirements")).rows  # the query asks for IRIs: every cell has a value
    return Requirements.read(
        [row[0].value for row in rows],
        [row[1].value for row in rows],
        [row[2].value for row in rows],
        [row[3] is None or plain(row[3]) is not False for row in rows],
        [None if row[4] is None else _number(row[4]) for row in rows],
        [None if row[5] is None else row[5].value for row in rows],
    )


def _number(term: Cell) -> float | None:
    rating = plain(term)
    return float(rating) if isinstance(rating, int | float) else None


def hierarchy_of(asked: Any) -> tuple[tuple[str, str], ...]:
    """Return every (narrower, broader) pair: ``skos:broader``, and tools under the skills they demonstrate; sorted."""
    if hasattr(asked, "out_edges"):
        edges = [edge for iri in asked.nodes for edge in asked.out_edges(iri, keys=True, data=True)]
        pairs = {(a, b) for a, b, _, data in edges if data.get("relation") in ("broader", "demonstrates")}
    else:
        rows: Any = asked.select(load_query("hierarchy")).rows  # as above
        pairs = {(narrower.value, broader.value) for narrower, broader in rows}
    return tuple(sorted(pairs))


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

        parents: dict[str, list[str]] = {}
        for narrower, broader in sorted(pairs):
            parents.setdefault(narrower, []).append(broader)
        found = [_with_ancestors(item, parents) for item in matrix.items]
        concepts, columns = _encoded([concept for line in found for concept in line])
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


def _with_ancestors(item: str, parents: Mapping[str, list[str]]) -> list[str]:
    found, ahead = {item}, [item]
    while ahead:
        for broader in parents.get(ahead.pop(), ()):
            if broader not in found:
                found.add(broader)
                ahead.append(broader)
    return sorted(found)
