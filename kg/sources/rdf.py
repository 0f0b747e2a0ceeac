"""RDF files: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML.

They hold quads already, so they pass by `Statement`. A triple outside any named graph is put into a graph of its
file, since nothing enters without a source; blank nodes get IRIs. Nothing is fetched: a JSON-LD context on the web is a
fault, and so is an XML entity that lies elsewhere or is made of others (`kg.sources.guards`).
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import BufferedReader
from typing import IO

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.model.errors import BadInput
from kg.model.iris import mint, slugify
from kg.model.quads import to_quads
from kg.model.statements import Source
from kg.model.syntaxes import SYNTAXES
from kg.model.terms import BASE, KG
from kg.sources.guards import check_json, check_xml
from kg.sources.members import Member

__all__ = ["FORMATS", "read_rdf"]

Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph

#: Syntax by file ending.
FORMATS: dict[str, RdfFormat] = {ending: syntax.form for syntax in SYNTAXES for ending in syntax.endings}


def read_rdf(member: Member) -> Iterator[Quad]:
    """Yield the quads of an RDF file, as they are read.

    Raises
    ------
    BadInput
        The file is not in the syntax of its ending, or is made to exhaust whoever reads it; with the line.
    """
    form = FORMATS[member.suffix]
    digest = member.sha256()
    source = Source(
        mint("source", slugify(member.source_name)),
        member.file_name,
        KG.SourceSays,
        kind="RDF file",
        checksum=f"sha256:{digest}",
    )
    own = NamedNode(source.iri)
    described = False
    blank: dict[BlankNode, NamedNode] = {}  # the parser names blank nodes at random; we number them as they come

    def named(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        return blank.setdefault(term, NamedNode(f"{BASE}.well-known/genid/{digest[:16]}/{len(blank) + 1}"))

    with _opened(member, form) as stream:
        try:
            for quad in parse(stream, format=form, base_iri=source.iri):
                subject, obj, graph = quad.subject, quad.object, quad.graph_name
                if isinstance(graph, DefaultGraph):
                    graph = own
                    if not described:
                        described = True
                        yield from to_quads(source.statements())
                yield Quad(named(subject), quad.predicate, named(obj), named(graph))  # type: ignore[arg-type]  # named() only turns blank nodes into IRIs
        except SyntaxError as error:
            line = error.lineno or 0
            if "remote context" in str(error.msg):
                raise member.fault(
                    "names a context on the web.", "Nothing is fetched; put the context into the file.", line=line
                ) from None
            raise member.fault(f"is not {form.name}: {error.msg}.", "See the line named.", line=line) from None
        except MemoryError:
            raise member.fault(
                "has a text or IRI of more than 16 million characters.", "Shorten it, or leave it out."
            ) from None
        except BadInput:
            raise
        except OSError as error:
            raise member.damaged(error) from None


def _opened(member: Member, form: RdfFormat) -> IO[bytes]:
    """Open a file for the parser, once it is known to be harmless."""
    if form == RdfFormat.JSON_LD:
        from io import BytesIO

        return BytesIO(check_json(member))
    if form == RdfFormat.RDF_XML:
        check_xml(member)
    stream = BufferedReader(member.open())  # type: ignore[type-var]  # an open member is raw enough
    start = stream.peek(3)
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        stream.close()
        raise member.fault("is UTF-16 text, by the mark that it begins with.", "Save it as UTF-8.", line=1)
    if start.startswith(BOM_UTF8) and form != RdfFormat.RDF_XML:
        stream.read(3)
    return stream
