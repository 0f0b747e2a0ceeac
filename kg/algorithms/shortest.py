"""Shortest simple paths, in pure Python: one by bidirectional Dijkstra, the k shortest by Yen with Lawler's rule.

Lengths are positive whole numbers, so that sums are exact and a tie is a tie. Among paths of one length the smaller
node comes first (paths are compared as sequences of nodes), so an answer does not depend on the order of edges, and
the first of the k shortest is the shortest. A graph is given by one function from a node to its (neighbour, length)
pairs: whoever asks decides whether they are read from lists or found when they are needed. networkx was rejected
here: its import takes longer than an answer, its Yen runs a search of the whole graph for every deviation, and its
ties fall as the edges lie. It is the oracle of the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import pairwise
from math import inf
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

__all__ = ["Route", "Neighbours", "reached", "shortest_path", "shortest_paths"]


class Sortable(Protocol):
    """A node: it can be hashed and compared."""

    def __lt__(self, other: Any, /) -> bool: ...  # as `typeshed` has it: any other of its own kind

    def __hash__(self) -> int: ...


N = TypeVar("N", bound=Sortable)

#: The (neighbour, length) pairs of a node, each neighbour once.
Neighbours = Callable[[N], Iterable[tuple[N, int]]]


class Route(NamedTuple, Generic[N]):
    """A path and its length; sorted by length, then by nodes."""

    length: int
    nodes: tuple[N, ...]


def reached(start: N, neighbours: Neighbours[N]) -> set[N]:
    """Return the nodes that can be reached, the start among them.

    Examples
    --------
    >>> sorted(reached(1, {1: [(2, 1)], 2: [(1, 1)], 3: [(1, 1)]}.__getitem__))
    [1, 2]
    """
    seen, ahead = {start}, [start]
    while ahead:
        for after, _ in neighbours(ahead.pop()):
            if after not in seen:
                seen.add(after)
                ahead.append(after)
    return seen


def shortest_path(start: N, goal: N, out: Neighbours[N], into: Neighbours[N]) -> Route[N] | None:
    """Return the shortest path, of several the one with the smallest nodes; None where there is none.

    Parameters
    ----------
    out, into
        The edges that leave a node, and those that reach it.

    References
    ----------
    I. Pohl, Bi-directional Search, Machine Intelligence 6 (1971): grow two balls, always the smaller, until their
    radii together exceed the best path seen.

    Examples
    --------
    >>> out = {1: [(2, 5), (3, 1)], 2: [], 3: [(2, 1)]}
    >>> into = {1: [], 2: [(1, 5), (3, 1)], 3: [(1, 1)]}
    >>> shortest_path(1, 2, out.__getitem__, into.__getitem__)
    Route(length=2, nodes=(1, 3, 2))
    """
    if start == goal:
        return Route(0, (start,))
    ahead, behind = {start: 0}, {goal: 0}
    fringe_ahead, fringe_behind = [(0, start)], [(0, goal)]
    best: float = inf
    tails: list[N] = []  # of the edges at which the two balls meet on a shortest path
    while fringe_ahead and fringe_behind:
        if fringe_ahead[0][0] + fringe_behind[0][0] >= best:
            break
        forward = len(fringe_ahead) <= len(fringe_behind)
        mine, other = (ahead, behind) if forward else (behind, ahead)
        fringe, neighbours = (fringe_ahead, out) if forward else (fringe_behind, into)
        radius = (fringe_behind if forward else fringe_ahead)[0][0]
        far, node = heappop(fringe)
        if far > mine[node]:
            continue
        known, across = mine.get, other.get
        for near, length in neighbours(node):
            total = far + length
            had = known(near, inf)
            if total > had:
                continue
            rest = across(near)
            if rest is not None and total + rest <= best:
                if total + rest < best:
                    best = total + rest
                    tails = []
                tails.append(node if forward else near)
            # What the other ball has not reached is at least its radius away: beyond, no shortest path passes.
            if total < had and total + radius <= best:
                mine[near] = total
                heappush(fringe, (total, near))
    if best == inf:
        return None
    best = int(best)
    return Route(best, _smallest(start, goal, best, (ahead, behind), _before(tails, ahead, into), out))


def _before(tails: list[N], ahead: dict[N, int], into: Neighbours[N]) -> set[N]:
    """Return every node on a shortest path from the start to one of the tails."""
    good, todo = set(tails), [*tails]
    while todo:
        node = todo.pop()
        for before, length in into(node):
            if before not in good and before in ahead and ahead[before] + length == ahead[node]:
                good.add(before)
                todo.append(before)
    return good


def _smallest(
    start: N,
    goal: N,
    best: int,
    balls: tuple[dict[N, int], dict[N, int]],
    good: set[N],
    out: Neighbours[N],
) -> tuple[N, ...]:
    """Walk from the start to the goal, among the next nodes of shortest paths always to the smallest."""
    ahead, behind = balls
    path, gone = [start], 0
    while path[-1] != goal:
        node, length = min(
            (near, length)
            for near, length in out(path[-1])
            if (near in good and ahead[near] == gone + length) or behind.get(near) == best - gone - length
        )
        path.append(node)
        gone += length
    return tuple(path)


class _Remaining(Generic[N]):
    """How far each node is from the goal: Dijkstra backwards, only as far as is asked.

    ``after`` leads from a node that is settled along the shortest path with the smallest nodes.
    """

    def __init__(self, goal: N, into: Neighbours[N]) -> None:
        self.settled: dict[N, int] = {}
        self.after: dict[N, N] = {}
        self.radius = 0  # what is not settled is at least so far
        self._goal = goal
        self._into = into
        self._known = {goal: 0}
        self._fringe = [(0, goal)]

    def grow(self, node: N) -> int | None:
        """Return how far a node is, growing the ball until it is settled; None where it never is."""
        settled, known, fringe, after = self.settled, self._known, self._fringe, self.after
        while node not in settled and fringe:
            far, nearest = heappop(fringe)
            if nearest in settled:
                continue
            settled[nearest] = self.radius = far
            shortest = known.get
            for before, length in self._into(nearest):
                total = far + length
                had = shortest(before, inf)
                if total > had:  # most edges lead back into the ball
                    continue
                if total < had:
                    known[before] = total
                    after[before] = nearest
                    heappush(fringe, (total, before))
                elif nearest < after[before]:
                    after[before] = nearest
        return settled.get(node)

    def way(self, node: N) -> list[N]:
        """Return the nodes after a settled one, to the goal."""
        found = []
        while node != self._goal:
            node = self.after[node]
            found.append(node)
        return found


def shortest_paths(
    start: N,
    goal: N,
    k: int,
    out: Neighbours[N],
    into: Neighbours[N],
) -> list[Route[N]]:
    """Return the k shortest simple paths, the shortest first, of equal length the one with the smaller nodes first.

    Fewer come back where there are no more. Each deviation from a path found is one A* search whose potential is the
    distance to the goal in the whole graph: a single tree, grown backwards from the goal no further than needed. A
    search ends at the first node whose way down that tree is free.

    Parameters
    ----------
    out, into
        The edges that leave a node, and those that reach it.

    References
    ----------
    J. Y. Yen, Finding the K Shortest Loopless Paths in a Network, Management Science 17 (1971); E. L. Lawler, A
    Procedure for Computing the K Best Solutions, Management Science 18 (1972): deviate only at or after the node
    where a path itself deviated; P. E. Hart, N. J. Nilsson and B. Raphael, A Formal Basis for the Heuristic
    Determination of Minimum Cost Paths, IEEE Transactions SSC 4 (1968).

    Examples
    --------
    >>> out = {1: [(2, 5), (3, 1)], 2: [], 3: [(2, 1)]}
    >>> into = {1: [], 2: [(1, 5), (3, 1)], 3: [(1, 1)]}
    >>> shortest_paths(1, 2, 5, out.__getitem__, into.__getitem__)
    [Route(length=2, nodes=(1, 3, 2)), Route(length=5, nodes=(1, 2))]
    """
    remaining = _Remaining(goal, into)
    first = remaining.grow(start)
    if first is None or k < 1:
        return []
    # Each candidate is the best of one part of all paths: those that share its first nodes up to the place where it
    # deviates, and do not go on from there to a node that is barred.
    candidates: list[tuple[int, tuple[N, ...], int, frozenset[N]]] = [
        (first, (start, *remaining.way(start)), 0, frozenset())
    ]
    found: list[Route[N]] = []
    while candidates:
        length, path, deviated, barred = heappop(candidates)
        found.append(Route(length, path))
        wanted = k - len(found)
        if not wanted:
            break
        gone = _length(path[: deviated + 1], out)
        for i in range(deviated, len(path) - 1):
            bars = barred | {path[i + 1]} if i == deviated else frozenset((path[i + 1],))
            limit = sorted(c[0] for c in candidates)[wanted - 1] if len(candidates) >= wanted else None
            other = _deviation(path[: i + 1], gone, bars, limit, out, remaining)
            if other:
                heappush(candidates, (*other, i, bars))
            gone += next(step for near, step in out(path[i]) if near == path[i + 1])
    return found


def _length(path: tuple[N, ...], out: Neighbours[N]) -> int:
    return sum(next(length for near, length in out(node) if near == after) for node, after in pairwise(path))


def _deviation(
    root: tuple[N, ...],
    gone: int,
    barred: frozenset[N],
    limit: int | None,
    out: Neighbours[N],
    remaining: _Remaining[N],
) -> tuple[int, tuple[N, ...]] | None:
    """Return the best path that begins with a root, then goes to no node that is barred; None beyond the limit.

    Entries of the fringe are (least length of the whole path, nodes after the root): a node is taken up first by the
    shortest way to it and, of equally short ones, by that with the smallest nodes, since whatever begins a sequence
    comes before it.
    """
    used = set(root)
    settled = remaining.settled
    nearest: dict[N, int] = dict.fromkeys(used, -1)  # the least way to each node so far; there is none back to a root
    fringe: list[tuple[int, tuple[N, ...], int]] = []
    way: tuple[N, ...] = ()
    node, far = root[-1], gone
    most = inf if limit is None else limit
    while True:
        radius = remaining.radius
        for near, length in out(node):
            rest = settled.get(near)
            total = far + length
            least = total + (radius if rest is None else rest)
            if least <= most and total <= nearest.get(near, total) and (way or near not in barred):
                nearest[near] = total
                heappush(fringe, (least, (*way, near), total))
                if rest is not None and least < most and used.isdisjoint(remaining.way(near)):
                    most = least  # a path as long as this there is: what is longer need not be looked at
        while fringe:
            least, way, far = heappop(fringe)
            node = way[-1]
            if far > nearest[node]:
                continue
            rest = settled.get(node)
            if rest is None:
                rest = remaining.grow(node)
            if rest is None:
                continue
            if far + rest == least:
                break
            if far + rest <= most:  # how far it is was not known when it was put here
                heappush(fringe, (far + rest, way, far))
        else:
            return None
        down = remaining.way(node)
        if used.isdisjoint(down):
            return least, (*root, *way, *down)
        nearest[node] = -1  # done
