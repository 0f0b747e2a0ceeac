"""A store of which only some graphs are read: the releases a question is asked of.

The choice is written into the query as ``FROM`` and ``FROM NAMED``, which is SPARQL 1.1, so that it
holds for every store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, Triple

from kg.model.errors import StoreError
from kg.model.values import Table
from kg.stores.port import Store

if TYPE_CHECKING:
    from kg.stores.snapshot import Snapshot

__all__ = ["ScopedStore"]


class ScopedStore:
    """A store, read through some of its graphs.

    Parameters
    ----------
    store
        The store.
    graphs
        IRIs of the graphs to read; the default graph of a query is their union.
    """

    def __init__(self, store: Store, graphs: Iterable[str]) -> None:
        self._store = store
        self._graphs = frozenset(graphs)
        terms = [str(NamedNode(graph)) for graph in sorted(self._graphs)]
        self._clause = "".join(f"FROM {term}\nFROM NAMED {term}\n" for term in terms)

    @property
    def remote(self) -> bool:
        """Whether every question travels."""
        return self._store.remote

    @property
    def generation(self) -> Path | None:
        """The folder of the generation that is read; None in memory."""
        return self._store.generation

    @property
    def derived(self) -> str:
        """The name of the folder for what is derived from these graphs alone."""
        return f"derived-{sha256(' '.join(sorted(self._graphs)).encode()).hexdigest()[:16]}"

    @property
    def snapshot(self) -> Snapshot | None:
        """These graphs as columns (`kg.stores.snapshot`), where the store has such."""
        whole = getattr(self._store, "snapshot", None)
        return None if whole is None else whole.scoped(self._graphs)

    def made_snapshot(self) -> Snapshot | None:
        """Return these graphs as columns, made where there are none yet."""
        make = getattr(self._store, "made_snapshot", None)
        whole = None if make is None else make()
        return None if whole is None else whole.scoped(self._graphs)

    def _scoped(self, query: str) -> str:
        """Return one of our own queries with the graphs named before its first WHERE."""
        head, where, rest = query.partition("WHERE")
        return f"{head}{self._clause}{where}{rest}"

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""
        return self._store.select(self._scoped(query))

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT query, each once."""
        return self._store.construct(self._scoped(query))

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        return self._store.ask(self._scoped(query))

    def add(self, quads: Iterable[Quad]) -> None:
        """Refuse: a part of a store is only read."""
        raise StoreError("Some releases of a store are only read. Open the store without a release to add to it.")

    def quads(self) -> Iterator[Quad]:
        """Yield every quad of the graphs."""
        return (quad for quad in self._store.quads() if getattr(quad.graph_name, "value", "") in self._graphs)

    def __len__(self) -> int:
        return sum(1 for _ in self.quads())

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()
