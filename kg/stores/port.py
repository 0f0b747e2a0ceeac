"""The port: what a store must be able to do, and no more.

A third store (an endpoint, another engine) implements these methods, registers in `kg.handles.opening.open_store`, and
joins the contract suite in `tests/contract/`, which all stores pass without exceptions. Terms are pyoxigraph's on both
sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pyoxigraph import Quad, Triple

from kg.model.values import Table

__all__ = ["Store"]


class Store(Protocol):
    """A set of quads that answers SPARQL 1.1. The default graph of a query is the union of all graphs, and a set.

    A store may spell a number anew, as Oxigraph does (``01`` as ``1``), never its value. An endpoint stays as its owner
    configured it: there, a triple may count once for each graph it stands in.
    """

    @property
    def remote(self) -> bool:
        """Whether every question travels: then little is asked, and nothing is read whole."""

    @property
    def generation(self) -> Path | None:
        """The folder that holds what is read, which never changes; None in memory and elsewhere."""

    @property
    def derived(self) -> str:
        """The name of the folder, in that generation, for what is derived from this store."""

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once."""

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, all or nothing: where the iterable raises, the store is as it was before."""

    def quads(self) -> Iterator[Quad]:
        """Yield every quad once, in no particular order."""

    def __len__(self) -> int:
        """Return the number of quads."""

    def close(self) -> None:
        """Let go of files and connections; a closed store is not asked again."""
