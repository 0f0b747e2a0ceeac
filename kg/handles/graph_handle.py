"""A networkx graph of our schema in the place of a handle, so that a question can be asked of it.

It has the abilities that a question needs (`kg.handles.handle.Handle`): to name the day, to resolve a name, to deliver
a slice. Everything is at hand, so that nothing is fetched, kept or left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from kg.model.answers import Dataset, Node, ReadAs
from kg.model.graphs import Attributes, ClaimGraph, Graph
from kg.model.statements import Value
from kg.names.graph_names import GraphNames
from kg.names.lookup import ASKABLE, reading, resolve

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.whole import WholeGraph

__all__ = ["GraphHandle"]


class GraphHandle:
    """A networkx graph of our schema (`kg.model.graphs`) in the place of a handle; its slice is the whole graph."""

    def __init__(self, graph: nx.MultiDiGraph[str] | ClaimGraph, *, as_of: date) -> None:
        self.graph = graph
        self.as_of = as_of
        self.dataset = Dataset()

    @property
    def names(self) -> Graph:
        """The graph itself."""
        return self.graph

    @property
    def index(self) -> GraphNames:
        """The names of the graph's nodes, read one by one."""
        return GraphNames(self.graph)

    @property
    def sources(self) -> frozenset[str]:
        """The sources that are nodes of the graph, and those its edges name."""
        described = {iri for iri, data in self.graph.nodes.items() if data.get("kind") == "source"}
        return frozenset(described | {str(data["source"]) for _, _, data in self._edges() if "source" in data})

    @property
    def whole(self) -> WholeGraph:
        """The whole graph as arrays, for questions about all of it."""
        from kg.handles.claims import ClaimTable
        from kg.handles.whole import WholeGraph
        from kg.handles.words import RoleWords

        return WholeGraph(ClaimTable.of(self.graph), self.index, lambda: RoleWords.of(self.graph))

    @property
    def is_large(self) -> bool:
        """The graph is at hand, whatever its size."""
        return False

    def said_by(self, sources: Collection[str]) -> frozenset[str]:
        """Return both ends of every edge of these sources, and what their statements and citations are about."""
        ends = {end for u, v, data in self._edges() if data.get("source") in sources for end in (u, v)}
        told = (data for data in self.graph.nodes.values() if data.get("source") in sources)
        return frozenset(ends | {iri for data in told for iri in data.get("about", ())})

    def used_by(self, items: Collection[str]) -> tuple[dict[str, int], int]:
        """Return how many roles require each skill or tool, by IRI, and how many roles are described."""
        pairs = {(u, v) for u, v, data in self._edges() if data.get("relation") == "requires"}
        return dict(Counter(v for _, v in pairs if v in items)), len({u for u, _ in pairs})

    def _edges(self) -> Iterator[tuple[str, str, Attributes]]:
        edges = self.graph.edges() if isinstance(self.graph, ClaimGraph) else self.graph.edges(keys=True, data=True)
        yield from ((u, v, data) for u, v, _, data in edges)

    def expect(self, *texts: str | None) -> None:
        """Do nothing: the names are at hand."""

    def resolve(self, text: str, *kinds: str) -> Node:
        """Return the one node that a text means; see `KnowledgeGraph.resolve`."""
        return self.read(text, *kinds).node

    def read(self, text: str, *kinds: str) -> ReadAs:
        """Return the one node that a text means, and how it was read; see `resolve`."""
        return reading(text, resolve(self.index, text, kinds=kinds or ASKABLE))

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> Graph:
        """Return the whole graph."""
        return self.graph
