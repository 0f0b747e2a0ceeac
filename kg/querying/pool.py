"""Several worker processes that hold the same graph, for a server that answers several queries at once."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from kg.querying.process import Source, Worker

__all__ = ["Lease", "Pool"]


class Lease(NamedTuple):
    """A worker that is lent out, and the state of the graph that it holds."""

    worker: Worker
    generation: int


class Pool:
    """Worker processes that hold the same graph; each is lent to one query at a time.

    A worker that was killed, or that holds what the graph was before a change, is replaced when it comes back or is
    about to be lent. The pool is used from one thread; the workers it lends may be asked from any.

    Parameters
    ----------
    source
        The graph.
    size
        How many processes.
    """

    def __init__(self, source: Source, *, size: int) -> None:
        self._source = source
        self._generation = 0
        self._closed = False
        self._lent: set[Lease] = set()
        self._idle: deque[Lease] = deque(self._fresh() for _ in range(size))

    def _fresh(self) -> Lease:
        return Lease(Worker(self._source), self._generation)

    def open(self) -> None:
        """Wait until a worker has opened the graph, so that what is wrong with it is known before the first query.

        Raises
        ------
        StoreError
            It cannot be opened.
        """
        for lease in self._idle:
            lease.worker.open()

    def take(self) -> Lease:
        """Lend a worker that is free.

        Raises
        ------
        IndexError
            None is: whoever uses the pool counts.
        """
        lease = self._idle.popleft()
        if lease.generation != self._generation or not lease.worker.alive:
            lease.worker.stop()
            lease = self._fresh()
        self._lent.add(lease)
        return lease

    def give(self, lease: Lease) -> None:
        """Take back a worker; where it was killed, another starts."""
        self._lent.discard(lease)
        if self._closed:
            lease.worker.stop()
        else:
            self._idle.append(lease if lease.worker.alive else self._fresh())

    def renew(self) -> None:
        """Have every worker open the graph anew before its next query, since it has changed."""
        self._generation += 1

    def close(self) -> None:
        """End every worker, whatever it does."""
        self._closed = True
        for lease in (*self._lent, *self._idle):
            lease.worker.stop()
        self._idle.clear()
