"""How long the layout of a whole graph takes, against the searches that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.generated import ESCO, Size, career
from benchmarks.timing import Measured, in_turn
from kg.views.atlas import scene
from kg.views.communities import atlas
from kg.views.layout import pivot_map

_PIVOTS = 50
_SIZES = {"2,000 nodes": Size(350, 1_600, 14_000, 50, 2_300, 1_000), "17,500 nodes": ESCO}


def measure() -> Iterator[Measured]:
    """Yield the map of a graph, and the scene of its atlas once its communities are known, at two sizes."""
    for name, size in _SIZES.items():
        graph = career(size)
        answer = atlas(graph)
        nodes = sorted(graph)
        links = [(a, b) for a, b in graph.edges()]
        number = {node: i for i, node in enumerate(nodes)}
        ends = np.array([(number[a], number[b]) for a, b in links])
        matrix = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(nodes),) * 2).tocsr()

        def searches(matrix: object = matrix) -> None:
            dijkstra(matrix, directed=False, indices=range(_PIVOTS), unweighted=True)

        def mapped(nodes: list[str] = nodes, links: list[tuple[str, str]] = links) -> None:
            pivot_map(nodes, links, pivots=_PIVOTS)

        def drawn(answer: object = answer) -> None:
            scene(answer)  # type: ignore[arg-type]  # it is the Atlas of this size, bound early

        times = in_turn({"searches": searches, "map": mapped, "scene": drawn}, samples=5)
        floor = f"{_PIVOTS} searches in scipy"
        yield Measured(f"map of {name}", times["map"], floor, times["searches"], 6.0)
        yield Measured(f"scene of the atlas, {name}", times["scene"], "that map", times["map"], 8.0)
