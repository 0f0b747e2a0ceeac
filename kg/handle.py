"""The handle: a store, the day asked about, and what the dataset says of itself.

The clock is read here and nowhere else (`open` with no ``as_of``, `as_handle` of a bare graph), so that every question
is a pure function of its handle. A networkx graph of our schema can stand in for the handle: `as_handle` gives it the
same three abilities, to name the day, to resolve a name, to deliver a slice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg.answers import Context, Dataset, Node
from kg.errors import BadInput
from kg.graphs import Attributes, ClaimGraph, Graph, read_graph
from kg.lookup import ASKABLE, resolve
from kg.statements import Value
from kg.stores.binding import bind, load_query
from kg.terms import BASE, DATASET, KG

if TYPE_CHECKING:
    import networkx as nx

    from kg.algorithms.matrix import Requirements
    from kg.stores.port import Store

__all__ = ["GraphHandle", "Handle", "KnowledgeGraph", "as_handle", "graph", "open"]


class Handle(Protocol):
    """What a question needs of whatever it is asked of."""

    @property
    def as_of(self) -> date:
        """The day asked about."""

    @property
    def dataset(self) -> Dataset:
        """Name, version and checksum of the data."""

    def resolve(self, text: str, *kinds: str) -> Node:
        """Return the one node a text means."""

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> Graph:
        """Return the part of the graph a question needs."""

    @property
    def names(self) -> Graph:
        """Every node that can be asked about, with its names."""

    @property
    def sources(self) -> frozenset[str]:
        """The IRIs of the sources that are described."""

    def said_by(self, sources: Collection[str]) -> frozenset[str]:
        """Return the nodes that sources say something about."""

    @property
    def requirements(self) -> Requirements:
        """Every requirement of the graph, as arrays for whole-graph questions."""

    @property
    def hierarchy(self) -> tuple[tuple[str, str], ...]:
        """Every (narrower, broader) pair of skills and tools."""


class KnowledgeGraph:
    """A career knowledge graph that can be questioned; made by `kg.open`.

    Parameters
    ----------
    store
        Any store of the port.
    as_of
        The day asked about.
    digest
        Computes the checksum of the file it was read from; gives nothing where there is none.
    lang
        Language tag to prefer for labels.
    """

    def __init__(self, store: Store, *, as_of: date, digest: Callable[[], str] = str, lang: str = "en") -> None:
        self.store = store
        self.as_of = as_of
        self.lang = lang
        self._digest = digest

    def __repr__(self) -> str:
        return (
            f"<KnowledgeGraph {self.dataset.name} {self.dataset.version}: {len(self.store)} quads, as of {self.as_of}>"
        )

    @cached_property
    def dataset(self) -> Dataset:
        """Name, version and checksum of the data, as it describes itself."""
        about = self._construct(f"CONSTRUCT WHERE {{ <{DATASET}> ?p ?o }}").nodes.get(DATASET, {})
        return Dataset(about.get("label", "graph"), str(about.get("version", "")), self._digest)

    @cached_property
    def names(self) -> ClaimGraph:
        """Every node that can be asked about, with its labels, aliases and exam codes."""
        return self.slice("find")

    @property
    def sources(self) -> frozenset[str]:
        """The IRIs of the sources that the graph describes."""
        found = self.store.select(f"SELECT DISTINCT ?source WHERE {{ ?source a <{KG.Source}> }}")
        return frozenset(str(row["source"]) for row in found.dicts())

    @cached_property
    def requirements(self) -> Requirements:
        """Every requirement of the graph, as arrays for whole-graph questions; read once."""
        from kg.algorithms.matrix import requirements_of

        return requirements_of(self.store)

    @cached_property
    def hierarchy(self) -> tuple[tuple[str, str], ...]:
        """Every (narrower, broader) pair of skills and tools; read once."""
        from kg.algorithms.matrix import hierarchy_of

        return hierarchy_of(self.store)

    def said_by(self, sources: Collection[str]) -> frozenset[str]:
        """Return the nodes that sources say something about, by IRI."""
        found = self.store.select(bind(load_query("said_by"), source=sources))
        return frozenset(str(row["node"]) for row in found.dicts())

    def resolve(self, text: str, *kinds: str) -> Node:
        """Return the one node that a text means, by label, alias, exam code or IRI.

        Raises
        ------
        UnknownName
            Nothing answers to the text; what is close is listed.
        AmbiguousName
            Several nodes do; they are listed.
        """
        return resolve(self.names, text, kinds=kinds or ASKABLE).node

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> ClaimGraph:
        """Return the part of the graph that a question needs.

        Parameters
        ----------
        question
            Name of a slice query in `kg/queries/`.
        **terms
            What to put into its VALUES rows (`kg.stores.binding.bind`).
        """
        return self._construct(bind(load_query(question), **terms))

    def _construct(self, query: str) -> ClaimGraph:
        found = read_graph(self.store.construct(query), lang=self.lang)
        found.sparql = query
        return found

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class GraphHandle:
    """A networkx graph of our schema (`kg.graphs`) in the place of a handle; its slice is always the whole graph."""

    def __init__(self, graph: nx.MultiDiGraph[str] | ClaimGraph, *, as_of: date) -> None:
        self.graph = graph
        self.as_of = as_of
        self.dataset = Dataset()

    @property
    def names(self) -> Graph:
        """The graph itself."""
        return self.graph

    @property
    def sources(self) -> frozenset[str]:
        """The sources that are nodes of the graph, and those its edges name."""
        described = {iri for iri, data in self.graph.nodes.items() if data.get("kind") == "source"}
        return frozenset(described | {str(data["source"]) for _, _, data in self._edges() if "source" in data})

    @property
    def requirements(self) -> Requirements:
        """Every requirement of the graph, as arrays for whole-graph questions."""
        from kg.algorithms.matrix import requirements_of

        return requirements_of(self.graph)

    @property
    def hierarchy(self) -> tuple[tuple[str, str], ...]:
        """Every (narrower, broader) pair of skills and tools."""
        from kg.algorithms.matrix import hierarchy_of

        return hierarchy_of(self.graph)

    def said_by(self, sources: Collection[str]) -> frozenset[str]:
        """Return both ends of every edge of these sources, and what their statements and citations are about."""
        ends = {end for u, v, data in self._edges() if data.get("source") in sources for end in (u, v)}
        told = (data for data in self.graph.nodes.values() if data.get("source") in sources)
        return frozenset(ends | {iri for data in told for iri in data.get("about", ())})

    def _edges(self) -> Iterator[tuple[str, str, Attributes]]:
        edges = self.graph.edges() if isinstance(self.graph, ClaimGraph) else self.graph.edges(keys=True, data=True)
        yield from ((u, v, data) for u, v, _, data in edges)

    def resolve(self, text: str, *kinds: str) -> Node:
        """Return the one node that a text means; see `KnowledgeGraph.resolve`."""
        return resolve(self.graph, text, kinds=kinds or ASKABLE).node

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> Graph:
        """Return the whole graph."""
        return self.graph


def as_handle(asked: Handle | Graph) -> Handle:
    """Return what can be asked: a handle as it is, a graph as a `GraphHandle` of today."""
    if isinstance(asked, KnowledgeGraph | GraphHandle):
        return asked
    if hasattr(asked, "out_edges"):
        return GraphHandle(asked, as_of=date.today())  # type: ignore[arg-type]  # a Graph is either of the two
    return asked


def context(handle: Handle, graph: Graph, **asked: object) -> Context:
    """Return the circumstances of an answer computed on this slice."""
    return Context(
        as_of=handle.as_of.isoformat(),
        dataset=handle.dataset,
        sparql=getattr(graph, "sparql", ""),
        asked={
            name: value
            for name, value in asked.items()
            if value is not None and value is not False and value not in ((), [], "")
        },
        graph=graph,
    )


def source_iris(handle: Handle, names: Sequence[str]) -> tuple[str, ...]:
    """Return the IRIs of sources given by short id (``article``) or IRI.

    Raises
    ------
    BadInput
        The graph has no such source; those that come near are listed.
    """
    if not names:
        return ()
    there = handle.sources
    iris = tuple(name if "://" in name else f"{BASE}source/{name}" for name in names)
    for name, iri in zip(names, iris, strict=True):
        if iri not in there:
            from rapidfuzz import process

            short = sorted(source.removeprefix(f"{BASE}source/") for source in there)
            near = ", ".join(found for found, _, _ in process.extract(name, short, limit=5)) or "none at all"
            raise BadInput(f'No source "{name}". Close: {near}. `kg why` names the source of every claim.')
    return iris


def read_day(day: date | str | None) -> date:
    """Return the day asked about; today where none is given.

    Raises
    ------
    BadInput
        The text is no ISO date.
    """
    if day is None:
        return date.today()
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise BadInput(f'"{day}" is no date. Write it YYYY-MM-DD, such as 2026-11-22.') from None


def open(
    where: str | Path | Collection[str | Path] | None = None,
    *,
    as_of: date | str | None = None,
    lang: str = "en",
) -> KnowledgeGraph:
    """Open a career knowledge graph.

    Parameters
    ----------
    where
        ``None`` or ``"shipped"`` for the dataset that comes with the package; the path of an RDF file, of a facts
        file or folder (YAML), or of a store folder; or several of these, which are combined in memory.
    as_of
        The day asked about, a `date` or ISO text; today by default.
    lang
        Language to prefer for labels; English, then any, where there is none.

    Raises
    ------
    StoreError
        The place is no store, or cannot be read.
    BadInput
        A file has faults (all are listed), or the date is none.

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> print(kg.show(g, "AI-102"))
    Microsoft Certified: Azure AI Engineer Associate (AI-102): retired since 2026-06-30, not on offer on 2026-11-22;
    successor: Microsoft Certified: Azure AI Apps and Agents Developer Associate.
    """
    from kg.stores import open_store

    day = read_day(as_of)
    store, digest = open_store(where)
    return KnowledgeGraph(store, as_of=day, digest=digest, lang=lang)


def graph(g: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """Return the whole dataset as a frozen networkx graph: one node for each thing, one edge for each claim.

    `kg.graphs` documents the attributes. Take ``.copy()`` to change it and `kg.from_networkx` to come back.

    Examples
    --------
    >>> import kg
    >>> whole = kg.graph(kg.open())
    >>> sorted({data["kind"] for _, data in whole.nodes(data=True) if data.get("kind") in ("role", "tool")})
    ['role', 'tool']
    """
    return g.slice("graph").to_networkx()
