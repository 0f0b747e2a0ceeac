"""A store on an rdflib `Dataset`: for notebooks, and for whoever brings one.

An adapter is a pair of total conversions and nothing clever. Literals keep their spelling (rdflib would rewrite
``"01"`` as ``"1"``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib import BNode, Dataset, Literal, URIRef, Variable
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.model.errors import BadInput, BrokenIri, QueryError
from kg.model.values import Table

if TYPE_CHECKING:
    from rdflib.query import Result
    from rdflib.term import Identifier, Node

__all__ = ["MemoryStore", "from_rdflib", "to_rdflib"]


def to_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> URIRef | BNode | Literal:
    """Return the rdflib term for an Oxigraph term; a triple as a term is RDF 1.2, which rdflib 7 has not."""
    if isinstance(term, ox.Triple):
        raise BadInput(f"{term} is a triple used as a term, which is RDF 1.2. Use RDF 1.1, or a store on Oxigraph.")
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    return Literal(term.value) if plain else Literal(term.value, datatype=datatype, normalize=False)


def from_rdflib(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return the Oxigraph term for an rdflib term.

    Raises
    ------
    BrokenIri
        It is an IRI that none may be, which rdflib lets in.
    """
    if isinstance(node, URIRef):
        return _iri(node)
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=_iri(node.datatype)) if node.datatype else ox.Literal(str(node))
    raise QueryError(f"{node!r} is no RDF 1.1 term. Give IRIs, literals or blank nodes.")


def _iri(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(str(iri))
    except ValueError:
        raise BrokenIri(str(iri)) from None


class MemoryStore:
    """A store in memory, on rdflib.

    Parameters
    ----------
    dataset
        An rdflib `Dataset` to read and write; a new one by default. Queries read the union of its graphs.
    """

    def __init__(self, dataset: Dataset | None = None) -> None:
        self.dataset = Dataset() if dataset is None else dataset
        self.dataset.default_union = True

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""
        found = self._run(query, "SELECT")
        names = found.vars or []
        cells = ((binding.get(name) for name in names) for binding in found.bindings)
        rows = (tuple(None if cell is None else from_rdflib(cell) for cell in row) for row in cells)
        return Table(tuple(map(str, names)), tuple(rows))

    def construct(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once."""
        found = self._run(query, "CONSTRUCT", "DESCRIBE")
        return tuple(ox.Triple(*map(from_rdflib, triple)) for triple in found.graph or ())  # type: ignore[arg-type]  # rdflib types a triple's terms as Node

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        return bool(self._run(query, "ASK").askAnswer)

    def _run(self, query: str, *forms: str) -> Result:
        """Run the query to its end: rdflib computes rows only when they are read."""
        from pyparsing import ParseException
        from rdflib.plugins import sparql
        from rdflib.plugins.sparql.algebra import translateQuery, traverse
        from rdflib.plugins.sparql.parser import parseQuery

        loads, sparql.SPARQL_LOAD_GRAPHS = sparql.SPARQL_LOAD_GRAPHS, False  # FROM <…> is a graph of ours, not a file
        try:
            parsed = parseQuery(query)
            translated = translateQuery(parsed)
            traverse(translated.algebra, visitPost=_join_by_binding)
            found = self.dataset.query(translated)
            if found.type == "SELECT":
                found.bindings = list(found.bindings)
                if found.bindings == [{}] and "groupby" in parsed[1]:  # rdflib makes a group of nothing; there is none
                    found.bindings = []
        except ParseException as error:
            raise QueryError(
                f"This SPARQL query cannot be parsed: line {error.lineno}, column {error.column}: {error.msg}."
            ) from None
        except Exception as error:  # rdflib raises bare Exception for an unknown prefix
            raise QueryError(f"This SPARQL query cannot be run: {error}.") from error
        finally:
            sparql.SPARQL_LOAD_GRAPHS = loads
        if found.type not in forms:
            raise QueryError(f"This is a {found.type} query; here a {' or '.join(forms)} query is needed.")
        if found.vars and "projection" not in parsed[1]:  # SELECT *: rdflib gives the names in the order of a set
            found.vars = sorted(found.vars)
        return found

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads, all or nothing: every one is converted before the first is added."""
        converted = [
            (
                to_rdflib(quad.subject),
                URIRef(quad.predicate.value),
                to_rdflib(quad.object),
                _graph_name(quad.graph_name),
            )
            for quad in quads
        ]
        self.dataset.addN((s, p, o, self.dataset.graph(name)) for s, p, o, name in converted)

    def quads(self) -> Iterator[ox.Quad]:
        """Yield every quad once."""
        for subject, predicate, obj, graph in self.dataset.quads():
            name = _graph_term(graph)
            yield ox.Quad(from_rdflib(subject), from_rdflib(predicate), from_rdflib(obj), name)  # type: ignore[arg-type]  # as above

    def __len__(self) -> int:
        return sum(1 for _ in self.dataset.quads())

    def close(self) -> None:
        """Let go of the dataset."""


def _join_by_binding(node: Any) -> None:  # a node of rdflib's algebra, whose parts are its attributes
    """Have a join look up its second part for each row of the first, where that part is triples or VALUES.

    rdflib does so in the first join of a group only; in the later ones it computes both parts in full and compares each
    row with each, and it begins with every triple of a fixed predicate: minutes where this takes milliseconds.
    """
    from rdflib.plugins.sparql.algebra import BGP, Join, Values

    if getattr(node, "name", "") == "ToMultiSet" and node.p == []:  # VALUES without a row, on which rdflib stumbles
        node["p"] = Values([])
    if getattr(node, "name", "") != "Join" or node.p2.name not in ("BGP", "ToMultiSet"):
        return
    node["lazy"] = True
    if node.p2.name == "BGP" and node.p2.triples:
        *first, last = _in_order(node.p2.triples, _variables(node.p1))
        for triple in first:
            node["p1"] = Join(node.p1, BGP([triple]))
            node.p1["lazy"] = True
        node["p2"] = BGP([last])


def _variables(part: Any) -> set[Any]:  # as above
    """Return the variables that a part binds; of VALUES rdflib does not note them."""
    if part.name in ("Join", "Union"):
        return _variables(part.p1) | _variables(part.p2)
    if part.name == "ToMultiSet" and getattr(part.p, "name", "") == "values":
        return {variable for row in part.p.res for variable, value in row.items() if value != "UNDEF"}
    return set(part["_vars"]) if "_vars" in part else set()


def _in_order(triples: Iterable[Any], known: Iterable[Any]) -> list[Any]:
    """Order triple patterns: next is always one with the fewest unknown variables, among those one with a known one."""
    left, bound, ordered = list(triples), set(known), []

    def cost(triple: Any) -> tuple[int, bool]:
        variables = {term for term in triple if isinstance(term, Variable)}
        return len(variables - bound), not variables & bound

    while left:
        chosen = min(left, key=cost)
        left.remove(chosen)
        bound.update(chosen)
        ordered.append(chosen)
    return ordered


def _graph_name(name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Identifier:
    return DATASET_DEFAULT_GRAPH_ID if isinstance(name, ox.DefaultGraph) else to_rdflib(name)


def _graph_term(graph: object) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
    """Return the name of a graph, as `Dataset.quads` gives it: nothing for the default graph."""
    if graph is None or graph == DATASET_DEFAULT_GRAPH_ID:
        return ox.DefaultGraph()
    return ox.BlankNode(str(graph)) if isinstance(graph, BNode) else _iri(str(graph))
