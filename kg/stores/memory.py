"""A store on an rdflib `Dataset`: for notebooks, and for whoever brings one.

rdflib keeps the data and Oxigraph answers, on a copy that is kept while the dataset is unchanged (`kg.stores.copying`).
Literals keep their spelling (rdflib would rewrite ``"01"`` as ``"1"``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.model.errors import BadInput, BrokenIri, QueryError
from kg.model.values import Table
from kg.stores.copying import Copy, copy_of

if TYPE_CHECKING:
    from rdflib.term import Identifier, Node

__all__ = ["MemoryStore", "from_rdflib", "of_graph", "to_rdflib"]


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


def of_graph(graph: Graph) -> Dataset:
    """Return a dataset with a copy of what a graph holds, in its default graph."""
    made = Dataset()
    for triple in graph:  # what rdflib calls the default graph differs from version to version
        made.add(triple)
    return made


class MemoryStore:
    """A store in memory, on rdflib.

    Parameters
    ----------
    dataset
        An rdflib `Dataset` to read and write; a new one by default. Queries read the union of its graphs.
    """

    remote = False
    generation = None
    derived = ""

    def __init__(self, dataset: Dataset | None = None) -> None:
        self.dataset = Dataset() if dataset is None else dataset
        self.dataset.default_union = True

    def copied(self) -> Copy:
        """Return the copy that queries are asked of, made anew if the dataset has changed."""
        return copy_of(self.dataset)

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""
        copy = self.copied()
        return copy.spelt_table(copy.select(query), query)

    def construct(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once."""
        copy = self.copied()
        return copy.spelt_triples(copy.construct(query), query)

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        return self.copied().ask(query)

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


def _graph_name(name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Identifier:
    return DATASET_DEFAULT_GRAPH_ID if isinstance(name, ox.DefaultGraph) else to_rdflib(name)


def _graph_term(graph: object) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
    """Return the name of a graph, as `Dataset.quads` gives it: nothing for the default graph."""
    if graph is None or graph == DATASET_DEFAULT_GRAPH_ID:
        return ox.DefaultGraph()
    return ox.BlankNode(str(graph)) if isinstance(graph, BNode) else _iri(str(graph))
