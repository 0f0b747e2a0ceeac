"""Every requirement of a dataset as arrays of numbers, and the matrix of those that are asked about.

From the claims (`kg.handles.claims`) come role, skill or tool, source, whether essential, how important; from these a
matrix is made for what is asked: some sources, essential only. numpy and scipy are imported where they are used, since
they take longer than answering most questions.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.algorithms.matrix import RoleMatrix
from kg.handles.claims import ClaimTable
from kg.model.scales import OPTIONAL_WEIGHT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

__all__ = ["Requirements", "narrower_pairs"]


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
        """Return the role × item matrix of what is asked, weighed as `kg.careers.required` weighs.

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


def narrower_pairs(claims: ClaimTable) -> tuple[tuple[str, str], ...]:
    """Return every (narrower, broader) pair: ``skos:broader``, and tools under the skills they demonstrate; sorted."""
    import numpy as np

    of = claims.of_relations(["broader", "demonstrates"])
    pairs = np.unique(np.stack([claims.subject[of], claims.object[of]], axis=1), axis=0)
    return tuple((claims.nodes[a], claims.nodes[b]) for a, b in pairs.tolist())
