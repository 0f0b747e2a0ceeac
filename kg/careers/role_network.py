"""The claims of a table as a graph that a search walks: only what it comes by is turned into edges.

A search for a path between two nodes of a large graph touches a few hundred of its nodes. `TableGraph` has the part of
the networkx interface that `kg.careers.hops` uses, over the arrays of a `ClaimTable`: the edges of a node are made
when they are first asked for. They carry what a search needs (relation, source, weight); what explains a chain is
fetched for the chain alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from kg.algorithms.matrix import RoleMatrix
from kg.careers.hops import WEIGHT_UNITS, effort
from kg.handles.whole import WholeGraph
from kg.model.graphs import Attributes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Positions = npt.NDArray[np.int32]

__all__ = ["RoleEfforts", "TableGraph"]

Edge = tuple[str, str, str, Attributes]


class TableGraph:
    """A graph over some of the claims of a table.

    Parameters
    ----------
    whole
        The graph as arrays.
    relations
        Local names of the relations to have.
    sources
        IRIs of the sources to hear; all by default.
    also
        Nodes to have even if no claim ties them.
    """

    def __init__(
        self,
        whole: WholeGraph,
        relations: Collection[str],
        sources: Collection[str] = (),
        also: Collection[str] = (),
    ) -> None:
        import numpy as np

        claims = whole.claims
        heard = claims.of_relations(relations)
        if sources:
            heard &= np.isin(claims.source, [i for i, iri in enumerate(claims.sources) if iri in sources])
        rows = np.flatnonzero(heard)
        self._claims = claims
        self._position = whole.position
        self._leaving = _grouped(rows, claims.subject, len(claims.nodes))
        self._reaching = _grouped(rows, claims.object, len(claims.nodes))
        self._edges: dict[tuple[str, bool], tuple[Edge, ...]] = {}
        self.nodes: dict[str, Attributes] = {
            iri: {"label": n.label, "kind": n.kind, "aliases": ()}
            for iri, n in (whole.named | whole.names.nodes(also)).items()
        }
        for iri, (low, high) in zip(claims.scales, claims.ends.tolist(), strict=True):
            if low < high:
                self.nodes[iri] = {"label": iri, "minValue": low, "maxValue": high}

    def out_edges(self, nbunch: str, keys: bool = True, data: bool = True) -> tuple[Edge, ...]:
        """Return the edges that leave a node."""
        return self._of(nbunch, True)

    def in_edges(self, nbunch: str, keys: bool = True, data: bool = True) -> tuple[Edge, ...]:
        """Return the edges that reach a node."""
        return self._of(nbunch, False)

    def _of(self, iri: str, leaving: bool) -> tuple[Edge, ...]:
        if (iri, leaving) not in self._edges:
            at = self._position.get(iri)
            rows, starts = self._leaving if leaving else self._reaching
            found = rows[starts[at] : starts[at + 1]].tolist() if at is not None else []
            self._edges[iri, leaving] = tuple(map(self._edge, found))
        return self._edges[iri, leaving]

    def _edge(self, row: int) -> Edge:
        claims = self._claims
        data: dict[str, Any] = {
            "relation": claims.relations[claims.relation[row]],
            "source": claims.sources[claims.source[row]],
        }
        if claims.essential[row] >= 0:
            data["essential"] = bool(claims.essential[row])
        if claims.importance_scale[row] >= 0:
            data["importance"] = float(claims.importance[row])
            data["importanceScale"] = claims.scales[claims.importance_scale[row]]
        return claims.nodes[claims.subject[row]], claims.nodes[claims.object[row]], str(row), data


class RoleEfforts:
    """The effort of hops between all roles, a row of a sparse product at a time.

    From role a to role b it is the share of b's weight that lies on what a does not require. For all b at once, what is
    carried over is W·aᵀ, where W has the weights of every role and a marks what the one requires; to all a at once it
    is M·bᵀ, where M marks what every role requires and b has the weights of the one. Weights are whole numbers of
    millionths, so that sums are exact and equal to those that `kg.careers.hops.Network` makes pair by pair.

    Parameters
    ----------
    matrix
        What roles require.
    """

    def __init__(self, matrix: RoleMatrix) -> None:
        import numpy as np

        weights = matrix.weights.copy()
        weights.data = np.maximum(np.round(weights.data * WEIGHT_UNITS), 1)  # what is required at all weighs something
        self._matrix = matrix
        self._weights = weights.astype(np.int64)
        self._marks = self._weights.copy()
        self._marks.data = np.ones_like(self._marks.data)
        self._totals = np.asarray(self._weights.sum(axis=1), dtype=np.int64)

    def of(self, role: str, leaving: bool) -> dict[str, int]:
        """Return the effort to (or from) every role that shares something with one, in billionths, by IRI."""
        import numpy as np

        at = self._matrix.position.get(role)
        if at is None:
            return {}
        span = slice(self._weights.indptr[at], self._weights.indptr[at + 1])
        own = np.zeros(len(self._matrix.items), dtype=np.int64)
        own[self._weights.indices[span]] = 1 if leaving else self._weights.data[span]
        carried = (self._weights if leaving else self._marks) @ own
        near = np.flatnonzero(carried)
        totals = self._totals[near] if leaving else self._totals[at]
        units = effort(carried[near], totals).tolist()
        return {self._matrix.roles[i]: found for i, found in zip(near.tolist(), units, strict=True)}


def _grouped(rows: Ints, by: Positions, nodes: int) -> tuple[Ints, Ints]:
    """Return the rows sorted by an end, and where those of each node begin."""
    import numpy as np

    order = np.argsort(by[rows], kind="stable")
    ends = by[rows][order]
    return rows[order], np.searchsorted(ends, np.arange(nodes + 1))
