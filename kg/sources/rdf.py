"""RDF files: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML.

They hold quads already, so they pass by `Statement`. A triple outside any named graph is put into a graph of its
file, since nothing enters without a source; blank nodes get IRIs. JSON-LD contexts on the web are not fetched and XML
entities are not resolved: the parser does neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import BadInput, Fault
from kg.quads import to_quads
from kg.statements import Source
from kg.terms import BASE, KG, mint, slugify

__all__ = ["FORMATS", "read_rdf"]

Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph

#: Syntax by file ending.
FORMATS: dict[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
}


def read_rdf(path: Path, data: bytes) -> Iterator[Quad]:
    """Yield the quads of an RDF file.

    Raises
    ------
    BadInput
        The file is not in the syntax of its ending; with the line.
    """
    digest = sha256(data).hexdigest()
    source = Source(
        mint("source", slugify(path.stem)), path.name, KG.SourceSays, kind="RDF file", checksum=f"sha256:{digest}"
    )
    own = NamedNode(source.iri)
    described = False
    blank: dict[BlankNode, NamedNode] = {}  # the parser names blank nodes at random; we number them as they come

    def named(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        return blank.setdefault(term, NamedNode(f"{BASE}.well-known/genid/{digest[:16]}/{len(blank) + 1}"))

    try:
        for quad in parse(data, format=FORMATS[path.suffix], base_iri=source.iri):
            subject, obj, graph = quad.subject, quad.object, quad.graph_name
            if isinstance(graph, DefaultGraph):
                graph = own
                if not described:
                    described = True
                    yield from to_quads(source.statements())
            yield Quad(named(subject), quad.predicate, named(obj), named(graph))  # type: ignore[arg-type]  # named() only turns blank nodes into IRIs
    except SyntaxError as error:
        line = error.lineno or 0
        raise BadInput(
            str(path),
            [Fault(str(path), line, "", f"is not {FORMATS[path.suffix].name}: {error.msg}.", "See the line named.")],
        ) from None
