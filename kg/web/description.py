"""What the endpoint says of itself: its languages, its formats, its graphs and how much stands in them.

References
----------
W3C, SPARQL 1.1 Service Description; W3C, Describing Linked Datasets with the VoID Vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.handles.handle import KnowledgeGraph
from kg.model.terms import DATASET, DCTERMS, RDF, VOID, XSD

__all__ = ["describe"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)


def describe(g: KnowledgeGraph, endpoint: str, *, updates: bool) -> Iterator[Triple]:
    """Yield the description of the endpoint at an address, and what the dataset says of itself.

    Parameters
    ----------
    g
        The graph that is served.
    endpoint
        The address of the endpoint.
    updates
        Whether it takes updates.
    """
    service, dataset, union = f"{endpoint}#service", f"{endpoint}#dataset", f"{endpoint}#union"
    yield _link(service, RDF.type, f"{_SD}Service")
    yield _link(service, f"{_SD}endpoint", endpoint)
    yield _link(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query")
    if updates:
        yield _link(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Update")
    yield _link(service, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    for name in _RESULTS:
        yield _link(service, f"{_SD}resultFormat", f"{_FORMATS}{name}")
    yield _link(service, f"{_SD}defaultDataset", dataset)
    yield _link(dataset, RDF.type, f"{_SD}Dataset")
    yield _link(dataset, RDF.type, VOID.Dataset)
    yield _link(dataset, VOID.sparqlEndpoint, endpoint)
    yield _link(dataset, f"{_SD}defaultGraph", union)
    yield _link(union, RDF.type, f"{_SD}Graph")
    yield _link(dataset, DCTERMS.source, DATASET)
    triples = 0
    for number, (graph, size) in enumerate(_sizes(g), start=1):
        triples += size
        named = f"{endpoint}#graph-{number}"
        yield _link(dataset, f"{_SD}namedGraph", named)
        yield _link(named, RDF.type, f"{_SD}NamedGraph")
        yield _link(named, f"{_SD}name", graph)
        yield _link(named, f"{_SD}graph", graph)
        yield _link(graph, RDF.type, f"{_SD}Graph")
        yield _count(graph, size)
    yield _count(dataset, triples)
    yield from g.store.construct(f"CONSTRUCT {{ <{DATASET}> ?p ?o }} WHERE {{ <{DATASET}> ?p ?o }}")


def _sizes(g: KnowledgeGraph) -> Iterator[tuple[str, int]]:
    query = "SELECT ?graph (COUNT(*) AS ?size) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
    for row in g.store.select(query).dicts():
        yield str(row["graph"]), int(str(row["size"]))


def _link(subject: str, predicate: str, target: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target))


def _count(subject: str, number: int) -> Triple:
    return Triple(NamedNode(subject), NamedNode(VOID.triples), Literal(str(number), datatype=NamedNode(XSD.integer)))
