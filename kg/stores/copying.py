"""What an rdflib dataset holds, as Oxigraph keeps it: `copy_of` makes it once, and again when the dataset has changed.

rdflib's own SPARQL was rejected: a subquery sees the variables around it, so that its LIMIT holds once for each outer
row, an OPTIONAL after VALUES loses rows, and SERVICE and FROM make requests. One engine answers on every store.

Oxigraph keeps a number or a time by its value and not as it was spelt: ``1.50`` as ``1.5``, an ``xsd:byte`` as an
``xsd:integer``. A copy knows how the dataset spells each, and answers are spelt so.

A dataset of rdflib does not count its changes. Its store in memory tells of each triple that is added; it does not tell
of one that is removed, but then a graph has fewer. The two together miss nothing. A store of any other kind is compared
in full.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pyoxigraph as ox
from pyoxigraph import RdfFormat
from rdflib import BNode, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.memory import Memory
from rdflib.store import StoreCreatedEvent, TripleAddedEvent, TripleRemovedEvent

from kg.model.errors import BrokenIri, QueryError
from kg.model.terms import PREFIXES
from kg.model.values import Cell, Table
from kg.stores.lexer import blanked, whole_word
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from rdflib import Dataset
    from rdflib.store import Store as RdflibStore
    from rdflib.term import Node

__all__ = ["Copy", "copy_of"]

_IN_NO_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_IN_NO_STRING = re.compile(r'[\x00-\x1f"\\\x7f]')
_AS = re.compile(r"(?<![\w?$:@.-])AS\s*[?$](\w+)", re.IGNORECASE)
_FROM = whole_word(r"FROM(?!\s*NAMED\b)")
#: The name, in a copy, of the union of the graphs that a query names by FROM.
_UNION = "urn:career-kg:union"
#: How many unions of graphs are kept.
_UNIONS = 4


class Copy(OxigraphStore):
    """The quads of an rdflib dataset at one moment.

    Attributes
    ----------
    spellings
        What the engine keeps, to how the dataset spells it: literals that differ from what is kept.
    """

    def __init__(self, quads: Iterable[tuple[tuple[Any, Any, Any], tuple[Any, ...]]]) -> None:
        super().__init__()
        self.spellings: dict[ox.Literal, frozenset[ox.Literal]] = {}
        self._broken: set[str] = set()
        self._unions: dict[frozenset[str], Copy] = {}
        self._typed: list[ox.Literal] = []
        texts: dict[Any, str] = {}

        def text(node: Any) -> str:
            if (known := texts.get(node)) is None:
                known = texts[node] = self._written(node)
            return known

        plain: list[str] = []
        blank: list[str] = []
        for (s, p, o), graphs in quads:
            if not isinstance(p, URIRef) or not isinstance(s, URIRef | BNode):
                raise QueryError(f"This dataset has a triple that RDF 1.1 has not, and no SPARQL finds: {(s, p, o)!r}.")
            line = f"{text(s)} {text(p)} {text(o)}"
            for name in tuple(map(text, graphs)) or ("",):
                (blank if "_:" in line or name[:1] == "_" else plain).append(f"{line} {name} .")
        try:
            self._engine.bulk_load("\n".join(plain).encode(), RdfFormat.N_QUADS, lenient=True)
            # Loading would name blank nodes anew.
            self._engine.extend(ox.parse("\n".join(blank).encode(), RdfFormat.N_QUADS, lenient=True))
        except (SyntaxError, UnicodeEncodeError) as error:
            raise QueryError(f"This dataset has a term that RDF 1.1 has not, and no SPARQL finds: {error}.") from None
        self.spellings = _respelt(self._typed)

    def _written(self, node: Node) -> str:
        """Return a term in N-Quads, as it is, an IRI that none may be too: what it stands in may not be asked for."""
        if isinstance(node, URIRef):
            try:
                return str(ox.NamedNode(str(node)))
            except ValueError:
                self._broken.add(str(node))
                return f"<{_escaped(_IN_NO_IRI, node)}>"
        if isinstance(node, BNode):
            try:
                return str(ox.BlankNode(str(node)))
            except ValueError:
                return f"_:kg{str(node).encode().hex()}"
        if not isinstance(node, Literal):
            raise QueryError(f"{node!r} is no RDF 1.1 term. Give IRIs, literals or blank nodes.")
        written = f'"{_escaped(_IN_NO_STRING, node)}"'
        if node.language:
            return f"{written}@{node.language}"
        if node.datatype is None:
            return written
        try:
            self._typed.append(ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))))
        except ValueError:
            self._broken.add(str(node.datatype))
        return f"{written}^^<{_escaped(_IN_NO_IRI, node.datatype)}>"

    def run(
        self,
        query: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        default_graph: Sequence[ox.NamedNode] | None = None,
        named_graphs: Sequence[ox.NamedNode] | None = None,
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Return the engine's own result (`OxigraphStore.run`)."""
        asked: OxigraphStore = self
        if default_graph is None and named_graphs is None:
            asked, graphs = self.reading(query)
            default_graph, named_graphs = (
                None if names is None else [ox.NamedNode(name) for name in names]
                for names in (graphs["default"], graphs["named"])
            )
        return OxigraphStore.run(
            asked, query, prefixes=prefixes, default_graph=default_graph, named_graphs=named_graphs
        )

    def reading(self, query: str) -> tuple[Copy, dict[str, list[str] | None]]:
        """Return what to ask a query of, and the IRIs of the graphs it is to read there by default and by name.

        The engine would give a triple once for each graph of several that FROM names. The union of these is then a
        graph of its own.
        """
        if len(_FROM.findall(blanked(query))) < 2:
            return self, {"default": None, "named": None}
        from rdflib.plugins.sparql.algebra import translateQuery
        from rdflib.plugins.sparql.parser import parseQuery

        try:
            clauses = translateQuery(parseQuery(query), initNs=PREFIXES).algebra.datasetClause
        except Exception:  # rdflib raises bare Exception for an unknown prefix
            clauses = None
        if not clauses:  # a fault, which the engine tells better
            return self, {"default": None, "named": None}
        default = frozenset(str(clause.default) for clause in clauses if clause.default)
        named = sorted({str(clause.named) for clause in clauses if clause.named})
        if default not in self._unions:
            while len(self._unions) >= _UNIONS:
                self._unions.pop(next(iter(self._unions)), None)
            self._unions[default] = self._with_union(default)
        return self._unions[default], {"default": [_UNION], "named": named}

    def _with_union(self, graphs: frozenset[str]) -> Copy:
        made = Copy(())
        made.spellings, made._broken = self.spellings, self._broken
        named = [quad for quad in self._engine if isinstance(quad.graph_name, ox.NamedNode)]
        union = ox.NamedNode(_UNION)
        made._engine.extend(named)
        made._engine.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, union)
            for quad in named
            if quad.graph_name.value in graphs
        )
        return made

    def spelt_table(self, table: Table, query: str) -> Table:
        """Return rows with the terms spelt as in the dataset, but for those that the query computes (``AS ?x``).

        Raises
        ------
        BrokenIri
            One is an IRI that none may be.
        """
        if not self.spellings and not self._broken:
            return table
        computed = set(_AS.findall(blanked(query)))
        spell = [self._kept if name in computed else self._spelt for name in table.columns]
        rows = (tuple(how(cell) for how, cell in zip(spell, row, strict=True)) for row in table.rows)
        return Table(table.columns, tuple(rows))

    def spelt_triples(self, triples: Iterable[ox.Triple], query: str) -> tuple[ox.Triple, ...]:
        """Return triples with the terms spelt as in the dataset; all as they are where the query computes any."""
        if not self.spellings and not self._broken:
            return tuple(triples)
        spell = self._kept if _AS.search(blanked(query)) else self._spelt
        return tuple(ox.Triple(*(spell(term) for term in triple)) for triple in triples)  # type: ignore[arg-type]  # a term stays of its kind

    def _kept(self, cell: Cell) -> Cell:
        named = cell.datatype if isinstance(cell, ox.Literal) else cell
        if isinstance(named, ox.NamedNode) and named.value in self._broken:
            raise BrokenIri(named.value)
        return cell

    def _spelt(self, cell: Cell) -> Cell:
        if isinstance(cell, ox.Literal) and len(known := self.spellings.get(cell, frozenset())) == 1:
            (cell,) = known
        return self._kept(cell)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Say where answers may differ from the dataset by the spelling of a literal."""
        if not self.spellings:
            return ()
        spelt = sorted(str(each) for known in self.spellings.values() for each in known)
        others = "" if len(spelt) == 1 else f" and {len(spelt) - 1:,} more"
        return (
            f"{spelt[0]}{others}: SPARQL compares such literals by their value here, not by how they are spelt, and "
            "what a query computes from them is spelt anew.",
        )


def _escaped(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: f"\\u{ord(match[0]):04X}", str(text))


def _respelt(typed: list[ox.Literal]) -> dict[ox.Literal, frozenset[ox.Literal]]:
    """Return what the engine keeps of literals, with how they were spelt, where that differs."""
    engine, node = ox.Store(), ox.NamedNode("urn:x")
    engine.bulk_extend(ox.Quad(node, ox.NamedNode(f"urn:{i}"), literal) for i, literal in enumerate(typed))
    found: dict[ox.Literal, set[ox.Literal]] = {}
    for quad in engine:
        assert isinstance(quad.object, ox.Literal)  # noqa: S101  # as it went in
        found.setdefault(quad.object, set()).add(typed[int(quad.predicate.value[4:])])
    return {kept: frozenset(known) for kept, known in found.items() if known != {kept}}


# --- as long as the dataset is unchanged ------------------------------------------------------------------------------


class _Counter:
    """Counts what a store tells of; of a class of its own, so that the store can still be pickled and copied."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _: object) -> None:
        self.count += 1


class _Kept:
    """The copy of a store, and what told then that it was current."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.counter = _Counter()
        self.state: object = None
        self.copy: Copy | None = None


_kept: WeakKeyDictionary[RdflibStore, _Kept] = WeakKeyDictionary()
_keeping = Lock()


def copy_of(dataset: Dataset) -> Copy:
    """Return the copy of a dataset as it is now.

    Raises
    ------
    QueryError
        It has a term or triple that RDF 1.1 has not.
    """
    store = dataset.store
    with _keeping:
        kept = _kept.setdefault(store, _Kept())
    with kept.lock:
        state = _state(store, kept)
        if kept.copy is None or kept.state != state:
            kept.copy, kept.state = Copy(_quads(store)), state
        return kept.copy


def _state(store: RdflibStore, kept: _Kept) -> object:
    """Return what differs whenever the content of a store does."""
    if type(store) is not Memory:
        return frozenset((triple, name) for triple, names in _quads(store) for name in (None, *names))
    told: dict[Any, list[Callable[[object], None]]] = store.dispatcher.get_map() or {}  # type: ignore[no-untyped-call]  # rdflib has no types there
    if kept.counter not in told.get(TripleAddedEvent, ()):
        kept.counter = _Counter()
        for event in (TripleAddedEvent, TripleRemovedEvent, StoreCreatedEvent):  # with one, it raises for the others
            store.dispatcher.subscribe(event, kept.counter)  # type: ignore[no-untyped-call]  # as above
    return kept.counter, kept.counter.count, len(store), sum(map(store.__len__, store.contexts()))


def _quads(store: RdflibStore) -> Iterator[tuple[tuple[Any, Any, Any], tuple[Any, ...]]]:
    """Yield each triple of a store with the names of the graphs it stands in, but for the default graph."""
    for triple, graphs in store.triples((None, None, None), None):
        names = (getattr(graph, "identifier", graph) for graph in graphs)
        yield triple, tuple(name for name in names if name is not None and name != DATASET_DEFAULT_GRAPH_ID)
