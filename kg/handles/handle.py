"""The handle: a store, the day asked about, and what the dataset says of itself.

The clock is read here and nowhere else (`kg.open` with no ``as_of``, `as_handle` of a bare graph), so that every
question is a pure function of its handle. A networkx graph of our schema can stand in for the handle: `as_handle`
gives it the same three abilities, to name the day, to resolve a name, to deliver a slice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePath
from types import MethodType
from typing import TYPE_CHECKING, Protocol

from kg.handles.graph_handle import GraphHandle
from kg.model.answers import Dataset, Node, ReadAs
from kg.model.errors import BadInput
from kg.model.graphs import ClaimGraph, Graph, read_graph
from kg.model.statements import Value
from kg.model.terms import DATASET, KG
from kg.names.lookup import ASKABLE, reading, resolve
from kg.stores.binding import bind, load_query
from kg.stores.caching import kept_in
from kg.stores.slices import construct, select

if TYPE_CHECKING:
    from kg.handles.versions import Release
    from kg.handles.whole import WholeGraph
    from kg.names.lookup import Names
    from kg.names.merging import Identities
    from kg.questions.disagree import Disagree
    from kg.questions.find import Find
    from kg.questions.gap import Gap
    from kg.questions.list import List
    from kg.questions.nearest import Nearest
    from kg.questions.opens import Opens
    from kg.questions.overlap import Overlap
    from kg.questions.path import Path, Paths
    from kg.questions.plan import Plan
    from kg.questions.roadmap import Roadmap
    from kg.questions.show import Show
    from kg.questions.similar import Similar
    from kg.questions.sparql_answer import Sparql
    from kg.questions.why import Why
    from kg.stores.port import Store

__all__ = ["Handle", "KnowledgeGraph", "as_handle"]


#: A store in memory is large above so many quads.
_LARGE = 200_000
#: The questions that say what certifies a thing.
_PROVEN = ("gap", "plan")


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

    def read(self, text: str, *kinds: str) -> ReadAs:
        """Return the one node a text means, and how it was read."""

    def expect(self, *texts: str | None) -> None:
        """Be told which names are going to be resolved, so that they can be asked for at once."""

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> Graph:
        """Return the part of the graph a question needs."""

    @property
    def names(self) -> Graph:
        """Every node that can be asked about, with its names, as a graph."""

    @property
    def index(self) -> Names:
        """Where names are looked up."""

    @property
    def sources(self) -> frozenset[str]:
        """The IRIs of the sources that are described."""

    def said_by(self, sources: Collection[str]) -> frozenset[str]:
        """Return the nodes that sources say something about."""

    def used_by(self, items: Collection[str]) -> tuple[dict[str, int], int]:
        """Return how many roles require each skill or tool, and how many roles are described."""

    @property
    def whole(self) -> WholeGraph:
        """The whole graph as arrays, for questions about all of it."""

    @property
    def is_large(self) -> bool:
        """Whether a question about many claims should read them from the arrays, and fetch only what it shows."""


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
    release
        The releases to read, where the store has several of a framework (`kg.handles.versions`); the newest by default.
    merge_mappings
        Whether what mappings say is the same is one node in every answer (`kg.names.merging`).
    inferred
        Whether derived claims are read with the asserted ones (`kg.releases`).
    strict
        Whether a name must be a label, a listed alias, a code or an IRI, and every line of what is held a name.

    Attributes
    ----------
    store
        The whole store, with every release.
    """

    def __init__(
        self,
        store: Store,
        *,
        as_of: date,
        digest: Callable[[], str] = str,
        lang: str = "en",
        release: Collection[str] = (),
        merge_mappings: bool = False,
        inferred: bool = False,
        strict: bool = False,
    ) -> None:
        self.store = store
        self.inferred = inferred
        self.strict = strict
        self.release = tuple(release)
        self.merge_mappings = merge_mappings
        self.as_of = as_of
        self.lang = lang
        self._digest = digest

    if TYPE_CHECKING:  # the questions, as methods: `g.gap("AI Engineer", held=["Python"])` is `kg.gap(g, …)`
        find: Callable[..., Find]
        show: Callable[..., Show]
        list: Callable[..., List]
        overlap: Callable[..., Overlap]
        gap: Callable[..., Gap]
        plan: Callable[..., Plan]
        roadmap: Callable[..., Roadmap]
        similar: Callable[..., Similar]
        nearest: Callable[..., Nearest]
        opens: Callable[..., Opens]
        path: Callable[..., Path]
        paths: Callable[..., Paths]
        why: Callable[..., Why]
        disagree: Callable[..., Disagree]
        sparql: Callable[..., Sparql]
    else:

        def __getattr__(self, name: str) -> MethodType:
            """Return a question, bound to this graph; it is found by name, through the table of the front door."""
            if name in _questions():
                return MethodType(getattr(sys.modules["kg"], name), self)
            raise AttributeError(f"'KnowledgeGraph' object has no attribute {name!r}")

    def __dir__(self) -> Iterable[str]:
        """Return what can be asked, and what one wants to know of a graph: nothing of how it is done."""
        return sorted({*_questions(), "as_of", "close", "dataset", "lang", "left_out", "store"})

    def __repr__(self) -> str:
        return (
            f"<KnowledgeGraph {self.dataset.name} {self.dataset.version}: {len(self.store)} quads, as of {self.as_of}>"
        )

    @cached_property
    def dataset(self) -> Dataset:
        """Name, version and checksum of the data, as it describes itself."""
        about = getattr(self.index, "about", None) if self._is_remote else None
        if about is None:
            about = self._construct(f"CONSTRUCT WHERE {{ <{DATASET}> ?p ?o }}").nodes.get(DATASET, {})
        return Dataset(about.get("label", "graph"), str(about.get("version", "")), self._digest)

    @cached_property
    def names(self) -> ClaimGraph:
        """Every node that can be asked about, with its labels, aliases and exam codes."""
        return self.slice("find", node=())

    @property
    def sources(self) -> frozenset[str]:
        """The IRIs of the sources that the graph describes."""
        found = self._scope[0].select(f"SELECT DISTINCT ?source WHERE {{ ?source a <{KG.Source}> }}")
        return frozenset(str(row["source"]) for row in found.dicts())

    @cached_property
    def _scope(self) -> tuple[Store, tuple[Release, ...]]:
        """The store as questions read it, and the releases that are left out."""
        from kg.handles.versions import scope

        return scope(self.store, self.release, inferred=self.inferred)

    @property
    def scoped(self) -> Store:
        """The store as questions read it: without the releases that are left out, and what is derived unless asked."""
        return self._scope[0]

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """The releases that are not read, as (title, title of the one that is)."""
        from kg.handles.versions import releases_of

        left = self._scope[1]
        read = {r.framework: r.title for r in (releases_of(self.store) if left else ()) if r not in left}
        return tuple((release.title, read[release.framework]) for release in left)

    @cached_property
    def identities(self) -> Identities:
        """What mappings say is the same; nothing unless the handle merges."""
        from kg.names.merging import Identities

        if not self.merge_mappings:
            return Identities(())
        found = select(self._scope[0], load_query("identities"))
        return Identities.read(((str(row["one"]), str(row["other"])) for row in found.dicts()), self._index)

    @property
    def _is_remote(self) -> bool:
        """Whether every question travels (`kg.stores.endpoint`)."""
        return self.store.remote

    @cached_property
    def index(self) -> Names:
        """Where names are looked up; what is merged has one node."""
        if not self.merge_mappings:
            return self._index
        from kg.names.merging import MergedNames

        return MergedNames(self._index, self.identities)

    @cached_property
    def _index(self) -> Names:
        """Where names are looked up: kept beside a store folder, asked for on an endpoint, else made in memory."""
        from kg.names.index import NameIndex

        if not self._is_remote:
            store = self._scope[0]
            return NameIndex.open(store, kept_in(store), self.lang)
        from kg.names.asked import AskedNames

        return AskedNames(self.slice)

    @cached_property
    def whole(self) -> WholeGraph:
        """The whole graph as arrays, for questions about all of it; read once."""
        from kg.handles.claims import ClaimTable
        from kg.handles.whole import WholeGraph
        from kg.handles.words import RoleWords

        store = self._scope[0]
        claims = ClaimTable.of(store)
        if self.merge_mappings:
            claims = claims.renamed(self.identities.name)
        return WholeGraph(claims, self.index, lambda: RoleWords.of(store, self.lang))

    @cached_property
    def is_large(self) -> bool:
        """Whether a slice of all claims of a relation is too much: in a store folder, or above a size in memory.

        An endpoint is never asked for the arrays instead: all claims would travel.
        """
        return not self._is_remote and (kept_in(self.store) is not None or len(self.store) > _LARGE)

    def said_by(self, sources: Collection[str]) -> frozenset[str]:
        """Return the nodes that sources say something about, by IRI."""
        found = self._scope[0].select(bind(load_query("said_by"), source=sources))
        return frozenset(self.identities.name(str(row["node"])) for row in found.dicts())

    def used_by(self, items: Collection[str]) -> tuple[dict[str, int], int]:
        """Return how many roles require each skill or tool, by IRI, and how many roles are described."""
        same = self.identities if self.merge_mappings else None
        found = self._scope[0].select(bind(load_query("used_by"), item=same.expanded(items) if same else items))
        used: dict[str, int] = {}
        for row in found.dicts():
            name = same.name(str(row["item"])) if same else str(row["item"])
            used[name] = max(used.get(name, 0), int(str(row["roles"])))
        every = used.pop(KG.requires, 0)
        return used, every

    def expect(self, *texts: str | None) -> None:
        """Be told which names are going to be resolved: an endpoint is then asked once for all; None is none."""
        if self._is_remote:
            self._index.expect(text for text in texts if text is not None)  # type: ignore[attr-defined]  # it is AskedNames

    def resolve(self, text: str, *kinds: str) -> Node:
        """Return the one node that a text means, by label, alias, exam code or IRI.

        Raises
        ------
        UnknownName
            Nothing answers to the text; what is close is listed.
        AmbiguousName
            Several nodes do; they are listed.
        """
        return self.read(text, *kinds).node

    def read(self, text: str, *kinds: str) -> ReadAs:
        """Return the one node that a text means, and how it was read; see `resolve`."""
        return reading(text, resolve(self.index, text, kinds=kinds or ASKABLE, strict=self.strict))

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> ClaimGraph:
        """Return the part of the graph that a question needs.

        Parameters
        ----------
        question
            Name of a slice query in `kg/queries/`.
        **terms
            What to put into its VALUES rows (`kg.stores.binding.bind`).
        """
        if not self.merge_mappings:
            return self._construct(bind(load_query(question), **terms))
        same = self.identities
        found = self._construct(bind(load_query(question), **{k: same.expanded(v or ()) for k, v in terms.items()}))
        if question in _PROVEN:  # what certifies a thing under its other names
            others = {other for iri in found.nodes for other in same.members(iri) if other not in found.nodes}
            if others:
                more = construct(self._scope[0], bind(load_query("proofs"), item=sorted(others)))
                sparql, found = found.sparql, read_graph({*found.triples, *more}, lang=self.lang)
                found.sparql = sparql
        return same.merged(found, self._index)

    def _construct(self, query: str) -> ClaimGraph:
        found = read_graph(construct(self._scope[0], query), lang=self.lang)
        found.sparql = query
        return found

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _questions() -> frozenset[str]:
    """Return the names of the questions, as the front door lists them."""
    contents: dict[str, str] = sys.modules["kg"]._CONTENTS
    return frozenset(n for n, place in contents.items() if place.startswith("kg.questions.") and n.islower())


def as_handle(asked: Handle | Graph) -> Handle:
    """Return what can be asked: a handle as it is, a graph as a `GraphHandle` of today.

    Raises
    ------
    BadInput
        It is a graph, but none of our schema; or something else, which can be opened first.
    """
    if isinstance(asked, KnowledgeGraph | GraphHandle):
        return asked
    if isinstance(asked, ClaimGraph):
        return GraphHandle(asked, as_of=date.today())
    if hasattr(asked, "is_directed"):
        from kg.handles.network_values import read_network

        read = read_network(asked, derived=True)  # type: ignore[arg-type]  # a graph of networkx by now
        return GraphHandle(ClaimGraph(*read), as_of=date.today())
    if not hasattr(asked, "resolve"):
        raise BadInput(_no_graph(asked))
    return asked  # type: ignore[return-value]  # it has what a handle has


def _no_graph(asked: object) -> str:
    """Return what to do with something that is no graph yet."""
    what, room = type(asked).__name__, type(asked).__module__.partition(".")[0]
    if room in ("rdflib", "pandas") or isinstance(asked, str | PurePath):
        return f"{what} is no open graph. Open it first: kg.open(…), and ask what that returns."
    return f"{what} is no graph that can be asked. Give what kg.open returns, or a networkx graph of our schema."


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
