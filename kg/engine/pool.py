"""Several worker processes that hold the same graph, for a server that answers several queries at once."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from kg.engine.process import Worker, source_of
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Lease", "Pool"]


class Lease(NamedTuple):
    """A worker that is lent out, and the store whose content it holds: open as long as the worker may open it."""

    worker: Worker
    store: OxigraphStore


class Pool:
    """Worker processes that hold the same graph; each is lent to one query at a time.

    A worker that was killed, or that holds what the graph was before a change, is replaced when it comes back or is
    about to be lent. All hold what the store holds, be a folder written by others meanwhile. The pool is used from one
    thread; the workers it lends may be asked from any.

    Parameters
    ----------
    store
        The graph, open.
    size
        How many processes.
    """

    def __init__(self, store: OxigraphStore, *, size: int) -> None:
        self._store, self._source = store, source_of(store)
        self._closed = False
        self._lent: set[Lease] = set()
        self._idle: deque[Lease] = deque(self._fresh() for _ in range(size))

    def _fresh(self) -> Lease:
        return Lease(Worker(self._source), self._store)

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
        if lease.store is not self._store or not lease.worker.alive:
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

    def renew(self, store: OxigraphStore) -> None:
        """Have every worker hold what this store holds from its next query on."""
        self._store, self._source = store, source_of(store)

    def close(self) -> None:
        """End every worker, whatever it does."""
        self._closed = True
        for lease in (*self._lent, *self._idle):
            lease.worker.stop()
        self._idle.clear()
