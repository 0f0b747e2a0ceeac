"""`dataset`: the graph as an rdflib `Dataset`, so that whatever rdflib can do works on it.

A graph that already is one is given as it is. Any other stays in its store: rdflib's way of asking for triples, and its
queries, are passed on to that store's own engine, so nothing is copied. What only rdflib can do (a query with
``initBindings``, a prepared one, one about a single graph) it then does itself, on the triples it asks for, and only
where the query, as rdflib has parsed it, reads nothing else. Copying everything into rdflib's memory was rejected:
O*NET takes minutes so, and much memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rdflib import BNode, Dataset, Graph, URIRef, Variable
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.store import Store as RdflibStore

from kg.engine.reading import declare, refuse_reaching_out
from kg.handles.opening import open as open_graph
from kg.model.errors import QueryRefused, StoreError
from kg.model.terms import PREFIXES
from kg.stores.lexer import words
from kg.stores.memory import MemoryStore, from_rdflib, to_rdflib

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph
    from kg.stores.port import Store

__all__ = ["dataset"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def dataset(g: KnowledgeGraph | None = None) -> Dataset:
    """Return the graph as an rdflib Dataset; its default graph is the union of all.

    Parameters
    ----------
    g
        A graph that `kg.open` opened; the shipped one by default.

    Returns
    -------
    rdflib.Dataset
        Over the store itself, not a copy: read-only, but where the graph was opened from a Dataset, that one.

    Examples
    --------
    >>> import kg
    >>> from rdflib import SKOS, URIRef
    >>> ds = kg.dataset()
    >>> print(ds.value(URIRef("https://w3id.org/career-kg/role/ai-engineer"), SKOS.prefLabel))
    AI Engineer
    """
    store = (open_graph() if g is None else g).store
    if isinstance(store, MemoryStore):
        return store.dataset
    made = Dataset(store=ReadStore(store), default_union=True)
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    return made


def _refuse_parts(part: Any) -> None:  # a node of rdflib's algebra, a dict or list of them, or a term
    """Raise where rdflib would make a request for a part of a query: it fetches what FROM names, too."""
    if getattr(part, "name", "") == "ServiceGraphPattern":
        raise QueryRefused(
            "SERVICE is refused: a query reads this graph and nothing else, no address and no file. Fetch the data "
            "yourself, then `kg load FILE --into FOLDER`."
        )
    if isinstance(part, dict) and dict.get(part, "datasetClause"):  # rdflib's own `get` gives the key where nothing is
        raise QueryRefused(
            "FROM is refused in a query that is prepared, has bindings or asks one graph: rdflib answers that, and "
            "would fetch what FROM names. Ask the whole dataset, with the query as a string and no initBindings."
        )
    if not isinstance(part, str) and hasattr(part, "__iter__"):  # a term is a str
        for inner in part.values() if isinstance(part, dict) else part:
            _refuse_parts(inner)


class ReadStore(RdflibStore):
    """A store of the port as a store of rdflib, to be read."""

    context_aware = True
    graph_aware = True
    formula_aware = False
    transaction_aware = False

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._namespaces: dict[str, URIRef] = {}

    def triples(
        self, triple_pattern: tuple[Any, Any, Any], context: Graph | None = None
    ) -> Iterator[tuple[tuple[Any, Any, Any], Iterator[Graph]]]:
        """Yield the triples of a pattern, each with the graphs it stands in."""
        found: dict[tuple[Any, ...], list[Graph]] = {}
        for *triple, name in self._quads(triple_pattern, context):
            terms = tuple(map(to_rdflib, triple))
            if all(asked is None or asked == term for asked, term in zip(triple_pattern, terms, strict=True)):
                found.setdefault(terms, []).append(self._graph(name))
        for (s, p, o), graphs in found.items():
            yield (s, p, o), iter(graphs)

    def _quads(self, pattern: tuple[Any, Any, Any], context: Graph | None) -> Iterator[tuple[Any, ...]]:
        """Yield the quads that may match: terms of the store, None for the default graph. No query names a blank node.

        The default graph of a query is the union; what stands in no named graph is what is left when they are gone.
        """
        fixed = {
            name: term
            for name, term in zip("spo", pattern, strict=True)
            if term is not None and not isinstance(term, BNode)
        }
        rows = "".join(f"VALUES ?{name} {{ {from_rdflib(term)} }} " for name, term in fixed.items())
        asked = getattr(context, "identifier", None)
        if asked is not None and asked != DATASET_DEFAULT_GRAPH_ID:
            if isinstance(asked, URIRef):
                graph = f"VALUES ?g {{ {from_rdflib(asked)} }} "
                yield from self._store.select(f"SELECT ?s ?p ?o ?g {{ {rows}{graph}GRAPH ?g {{ ?s ?p ?o }} }}").rows
            return
        if asked is None:
            yield from self._store.select(f"SELECT ?s ?p ?o ?g {{ {rows}GRAPH ?g {{ ?s ?p ?o }} }}").rows
        unnamed = "FILTER NOT EXISTS { GRAPH ?h { ?s ?p ?o } }"
        yield from (
            (*row, None) for row in self._store.select(f"SELECT DISTINCT ?s ?p ?o {{ {rows}?s ?p ?o {unnamed} }}").rows
        )

    def _graph(self, name: Any) -> Graph:  # a term of the store, or None
        return Graph(store=self, identifier=DATASET_DEFAULT_GRAPH_ID if name is None else to_rdflib(name))

    def contexts(self, triple: tuple[Any, Any, Any] | None = None) -> Iterator[Graph]:  # type: ignore[override]  # as above
        """Yield the graphs, by name; those that hold a triple, where one is given."""
        if triple is not None and triple != (None, None, None):
            names = {graph.identifier: graph for _, graphs in self.triples(triple) for graph in graphs}
            yield from (names[name] for name in sorted(names))
            return
        for (name,) in self._store.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g").rows:
            yield self._graph(name)

    def __len__(self, context: Graph | None = None) -> int:
        if context is None or context.identifier == DATASET_DEFAULT_GRAPH_ID:
            return len(self._store) if context is None else sum(1 for _ in self.triples((None, None, None), context))
        return sum(1 for _ in self.triples((None, None, None), context))

    def query(
        self,
        query: Any,
        initNs: Mapping[str, Any],  # noqa: N803  # rdflib's name
        initBindings: Mapping[str, Any],  # noqa: N803  # rdflib's name
        queryGraph: str,  # noqa: N803  # rdflib's name
        **options: Any,
    ) -> Result:
        """Answer a query about the union of the graphs by the store's own engine, any other by rdflib.

        Raises
        ------
        QueryRefused
            It would read something else than the graph.
        """
        if not isinstance(query, str) or initBindings or queryGraph != "__UNION__":
            return self._by_rdflib(query, initNs, initBindings, queryGraph, options.get("base"))
        declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in initNs.items() if prefix not in PREFIXES)
        text = declared + declare(query)
        refuse_reaching_out(text, "query")
        form = next((word.text.upper() for word in words(query) if word.text.upper() in _FORMS), "SELECT")
        result = Result("CONSTRUCT" if form == "DESCRIBE" else form)
        if form == "ASK":
            result.askAnswer = self._store.ask(text)
        elif form == "SELECT":
            table = self._store.select(text)
            result.vars = [Variable(name) for name in table.columns]
            result.bindings = [
                {name: to_rdflib(cell) for name, cell in zip(result.vars, row, strict=True) if cell is not None}
                for row in table.rows
            ]
        else:
            result.graph = Graph()
            for triple in self._store.construct(text):
                result.graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
        return result

    def _by_rdflib(
        self, query: Any, namespaces: Mapping[str, Any], bindings: Mapping[str, Any], name: str, base: str | None
    ) -> Result:
        """Have rdflib answer a query, once it has parsed it and nothing in it leads out."""
        from rdflib.plugins.sparql.algebra import translateQuery
        from rdflib.plugins.sparql.parser import parseQuery
        from rdflib.plugins.sparql.processor import SPARQLProcessor, SPARQLResult

        if not hasattr(query, "algebra"):  # a prepared one has been parsed
            query = translateQuery(parseQuery(query), base, namespaces)
        _refuse_parts(query.algebra)
        whole = name in ("__UNION__", str(DATASET_DEFAULT_GRAPH_ID))
        asked = Dataset(store=self, default_union=name == "__UNION__") if whole else Graph(self, name)
        processor = SPARQLProcessor(asked)  # type: ignore[no-untyped-call]  # rdflib has no types there
        return SPARQLResult(processor.query(query, bindings, namespaces))

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        """Note a prefix; the store itself is not changed."""
        if override or prefix not in self._namespaces:
            self._namespaces[prefix] = namespace

    def namespace(self, prefix: str) -> URIRef | None:
        """Return the namespace of a prefix."""
        return self._namespaces.get(prefix)

    def prefix(self, namespace: URIRef) -> str | None:
        """Return the prefix of a namespace."""
        return next((prefix for prefix, known in self._namespaces.items() if known == namespace), None)

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        """Yield prefixes with their namespaces."""
        yield from self._namespaces.items()

    def add_graph(self, graph: Graph) -> None:
        """Do nothing: rdflib says so of each graph that it only looks at."""

    def add(self, *_: Any, **__: Any) -> None:
        """Refuse."""
        raise StoreError(
            "This rdflib Dataset reads a store and cannot change it. kg.load adds files to a store folder; a Dataset "
            "of your own, opened with kg.open(dataset), can be changed."
        )

    addN = remove = remove_graph = update = add  # noqa: N815  # rdflib's names
