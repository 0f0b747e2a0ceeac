"""Where marks stand: lists and grids, layers with few crossings, discs that keep clear of each other, maps.

Everything here is a pure function of its input, and rounded: the same scene has the same coordinates on every machine.
Only `pivot_map` uses numpy; its result is rounded so coarsely that the last bits of a linear algebra library are lost,
and all that builds on it is plain arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, hypot, pi, sin, sqrt
from typing import TypeVar

from kg.views.geometry import Box, box, radius, row_height
from kg.views.scene import Mark

__all__ = [
    "Listing",
    "Placed",
    "around",
    "best_rows",
    "clear",
    "grid",
    "hexagons",
    "order_layers",
    "pivot_map",
    "rank_ring",
    "stack",
]

T = TypeVar("T", bound=Hashable)

#: Between two columns of a grid, and between two blocks.
COLUMN_GAP, BLOCK_GAP = 22.0, 46.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Marks with their places, and the room they take together, words included."""

    marks: tuple[Mark, ...]
    box: Box


def _at(mark: Mark, x: float, y: float) -> Mark:
    return replace(mark, x=round(x, 1), y=round(y, 1))


def around(marks: Iterable[Mark]) -> Box:
    """Return the room that marks take together; none at all around no marks."""
    boxes = [box(mark) for mark in marks]
    if not boxes:
        return Box(0.0, 0.0, 0.0, 0.0)
    return Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )


def grid(marks: Sequence[Mark], left: float, top: float, rows: int) -> Placed:
    """Place marks with their words beside them, column after column, each of at most so many rows.

    A column is as wide as its longest label. The box begins at ``left`` and ``top``.

    Examples
    --------
    >>> placed = grid([Mark(key, key, "skill", 0, 0) for key in "abc"], 0, 0, 2)
    >>> [(mark.x, mark.y) for mark in placed.marks]
    [(9, 13.0), (9, 39.0), (61.1, 13.0)]
    """
    high = row_height(any(mark.note for mark in marks))
    placed: list[Mark] = []
    x, bottom = left, top
    rows = _even(len(marks), rows)
    for start in range(0, len(marks), rows):
        column = [replace(mark, beside=True) for mark in marks[start : start + rows]]
        inset = max(9, *(radius(mark) for mark in column))
        put = [_at(mark, x + inset, top + high * i + row_height(False) / 2) for i, mark in enumerate(column)]
        placed += put
        x = max(box(mark).right for mark in put) + COLUMN_GAP
        bottom = max(bottom, top + high * len(column))
    return Placed(tuple(placed), Box(left, top, max(left, x - COLUMN_GAP), bottom))


def stack(marks: Sequence[Mark], x: float, middle: float) -> Placed:
    """Place marks with their words below them, one under the other around a height."""
    boxes = [box(replace(mark, x=0.0, y=0.0)) for mark in marks]
    y = middle - sum(b.bottom - b.top + 18 for b in boxes) / 2
    placed = []
    for mark, b in zip(marks, boxes, strict=True):
        placed.append(_at(mark, x, y - b.top))
        y += b.bottom - b.top + 18
    return Placed(tuple(placed), around(placed))


def order_layers(
    layers: Sequence[Sequence[T]], links: Iterable[tuple[T, T]], *, sweeps: int = 8
) -> tuple[tuple[T, ...], ...]:
    """Order what stands in each layer so that few links cross.

    Each layer is sorted by the mean place of its neighbours in the other layers, forwards and backwards in turn; the
    order with fewest crossings is kept, the first of equals. Places are shares of a layer's height.

    References
    ----------
    K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of hierarchical system structures, IEEE
    Transactions on Systems, Man, and Cybernetics 11 (1981): the barycentre heuristic.

    Examples
    --------
    >>> order_layers([["a", "b"], ["x", "y"]], [("a", "y"), ("b", "x")])
    (('a', 'b'), ('y', 'x'))
    """
    known = {item for layer in layers for item in layer}
    pairs = [(a, b) for a, b in links if a in known and b in known]
    near: dict[T, list[T]] = {item: [] for item in known}
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    current = [list(layer) for layer in layers]
    layer_of = {item: i for i, layer in enumerate(current) for item in layer}

    def places() -> dict[T, float]:
        return {item: (i + 0.5) / len(layer) for layer in current for i, item in enumerate(layer)}

    best, fewest = [[*layer] for layer in current], _crossings(pairs, places(), layer_of)
    for sweep in range(sweeps):
        span = range(1, len(current)) if sweep % 2 == 0 else range(len(current) - 2, -1, -1)
        for i in span:
            place = places()
            means = {
                item: sum(place[n] for n in others) / len(others) if others else place[item]
                for item in current[i]
                for others in ([n for n in near[item] if layer_of[n] != i],)
            }
            current[i].sort(key=means.__getitem__)  # stable: equals stay as they stand
        crossings = _crossings(pairs, places(), layer_of)
        if crossings < fewest:
            best, fewest = [[*layer] for layer in current], crossings
    return tuple(map(tuple, best))


def _crossings(pairs: Sequence[tuple[T, T]], place: Mapping[T, float], layer: Mapping[T, int]) -> int:
    """Count the crossings of links between the same two layers."""
    between: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for a, b in pairs:
        one, two = (a, b) if layer[a] <= layer[b] else (b, a)
        between.setdefault((layer[one], layer[two]), []).append((place[one], place[two]))
    crossings = 0
    for found in between.values():
        ends: list[float] = []
        for _, end in sorted(found):
            crossings += sum(end < other for other in ends)
            ends.append(end)
    return crossings


def rank_ring(marks: Sequence[Mark], distances: Sequence[float]) -> tuple[Mark, ...]:
    """Place marks around the origin, clockwise from the top in their order, as far out as given.

    A mark that would touch another moves further out, and so do all after it: what comes first is never further away.
    """
    placed: list[Mark] = []
    taken: list[Box] = [Box(-90, -50, 90, 60)]
    least = 0.0
    for i, (mark, distance) in enumerate(zip(marks, distances, strict=True)):
        turn = 2 * pi * i / max(len(marks), 1) - pi / 2
        out = max(distance, least)
        while True:
            put = _at(mark, out * cos(turn) * 1.35, out * sin(turn))
            room = box(put)
            if not any(room.meets(other) for other in taken):
                break
            out += 8
        least = out
        placed.append(put)
        taken.append(room)
    return tuple(placed)


def hexagons(count: int, wide: float, high: float) -> tuple[tuple[float, float], ...]:
    """Return places for so many things around the origin, in rows set off by half, the innermost first.

    Examples
    --------
    >>> hexagons(3, 10, 10)
    ((0.0, 0), (-10.0, 0), (10.0, 0))
    """
    span = ceil(sqrt(count)) + 1
    found = [
        (column * wide + (wide / 2 if row % 2 else 0.0), row * high)
        for row in range(-span, span + 1)
        for column in range(-span, span + 1)
    ]
    found.sort(key=lambda at: (round(hypot(at[0], at[1] * 1.6), 3), at[1], at[0]))
    return tuple(found[:count])


def clear(
    centres: Sequence[tuple[float, float]], radii: Sequence[float], *, gap: float = 24.0, rounds: int = 90
) -> tuple[tuple[float, float], ...]:
    """Move discs as little as needed until none meets another, then draw them together again.

    Parameters
    ----------
    centres
        Where they would like to be.
    radii
        Their sizes, in the same unit.
    gap
        Least distance between two.
    rounds
        How often all are drawn towards the middle; after that they are only parted.
    """
    at = [[x, y] for x, y in centres]
    for round_ in range(10 * rounds):
        moved = False
        pull = 0.02 if round_ < rounds else 0.0
        for i in range(len(at)):
            at[i][0] -= pull * at[i][0]
            at[i][1] -= pull * at[i][1]
        for i in range(len(at)):
            for j in range(i):
                dx, dy = at[i][0] - at[j][0], at[i][1] - at[j][1]
                apart = sqrt(dx * dx + dy * dy)
                lack = radii[i] + radii[j] + gap - apart
                if lack <= 0:
                    continue
                moved = True
                if apart < 1e-6:  # on one spot: part them by their places in the list
                    dx, dy, apart = 1.0, (i - j) / len(at), sqrt(1 + ((i - j) / len(at)) ** 2)
                share = radii[j] / (radii[i] + radii[j])
                at[i][0] += dx / apart * lack * share
                at[i][1] += dy / apart * lack * share
                at[j][0] -= dx / apart * lack * (1 - share)
                at[j][1] -= dy / apart * lack * (1 - share)
        if not moved and not pull:
            break
    return tuple((round(x, 1), round(y, 1)) for x, y in at)


def pivot_map(nodes: Sequence[T], links: Iterable[tuple[T, T]], *, pivots: int = 50) -> dict[T, tuple[float, float]]:
    """Return a map on which nodes a few links apart lie near each other: pivot multidimensional scaling.

    Shortest distances from a few pivots, each as far as can be from those before it, stand for all distances. The map
    is scaled to −1…1 and rounded to hundredths. Nodes that no link reaches from the largest part are left out.

    References
    ----------
    U. Brandes and C. Pich, Eigensolver methods for progressive multidimensional scaling of large data, Graph Drawing
    2006 (LNCS 4372).
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components, dijkstra

    number = {node: i for i, node in enumerate(nodes)}
    ends = np.array([(number[a], number[b]) for a, b in links if a != b], dtype=np.int64).reshape(-1, 2)
    if not len(ends):
        return {}
    size = len(nodes)
    matrix = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size)).tocsr()
    _, part = connected_components(matrix, directed=False)
    inside = np.flatnonzero(part == np.bincount(part).argmax())
    matrix = matrix[inside][:, inside]
    degree = np.asarray(matrix.sum(axis=0)).ravel() + np.asarray(matrix.sum(axis=1)).ravel()
    chosen, nearest, rows = int(degree.argmax()), np.full(len(inside), np.inf), []
    for _ in range(min(pivots, len(inside))):
        distance = dijkstra(matrix, directed=False, indices=chosen, unweighted=True)
        rows.append(distance)
        nearest = np.minimum(nearest, distance)
        chosen = int(nearest.argmax())
    squared = np.array(rows).T ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    flat = centred @ vectors[:, -2:][:, ::-1] if vectors.shape[1] > 1 else np.repeat(centred @ vectors, 2, axis=1)
    flat *= np.sign(flat[np.abs(flat).argmax(axis=0), np.arange(2)])  # an eigenvector's sign is arbitrary
    flat = np.round(flat / np.maximum(np.abs(flat).max(axis=0), 1e-12), 2) + 0.0
    return {nodes[i]: (float(x), float(y)) for i, (x, y) in zip(inside.tolist(), flat.tolist(), strict=True)}


def best_rows(
    measure: Callable[[int], tuple[float, float]], most: int, *, aspect: float = 1.7, most_wide: float = 0.0
) -> int:
    """Return with how many rows, at most so many, a picture is shown largest on a screen of this aspect.

    Parameters
    ----------
    measure
        (width, height) by number of rows.
    most_wide
        Instead, as few rows as this width allows, or the narrowest picture where none is as narrow.
    """

    def shrunk(rows: int) -> tuple[float, float, int]:
        width, height = measure(rows)
        if most_wide:
            return max(width - most_wide, 0.0), height, rows
        return round(max(width / aspect, height), 3), 0.0, rows

    return min(range(1, max(most, 1) + 1), key=shrunk)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of marks measures, known before it is placed: the reach of each mark and its words, and a row."""

    reaches: tuple[float, ...]
    row: float

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> Listing:
        """Measure marks with their words beside them."""
        beside = [box(replace(mark, x=0.0, y=0.0, beside=True)) for mark in marks]
        inset = [max(radius(replace(mark, beside=True)), 9) for mark in marks]
        return cls(
            tuple(round(at + b.right, 1) for at, b in zip(inset, beside, strict=True)),
            row_height(any(mark.note for mark in marks)),
        )

    def size(self, rows: int) -> tuple[float, float]:
        """Return width and height in so many rows, as `grid` would place it."""
        if not self.reaches:
            return 0.0, 0.0
        rows = _even(len(self.reaches), rows)
        wide = [max(self.reaches[i : i + rows]) for i in range(0, len(self.reaches), rows)]
        return sum(wide) + COLUMN_GAP * (len(wide) - 1), self.row * min(rows, len(self.reaches))


def _even(count: int, rows: int) -> int:
    """Return of how many rows columns are that hold so many things about equally."""
    return max(1, ceil(count / max(1, ceil(count / max(rows, 1)))))
