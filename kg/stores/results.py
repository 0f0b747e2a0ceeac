"""What an endpoint answers, read: a table, yes or no, triples. Anything else is told from them by its media type."""

from __future__ import annotations

import json
import re

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from kg.model.errors import BrokenIri, StoreError
from kg.model.quads import is_iri
from kg.model.terms import XSD
from kg.model.values import Cell, Table
from kg.stores.client import Reply

__all__ = ["ROWS", "TRIPLES", "read_solutions", "read_triples", "read_truth"]

#: What to accept where a table, or yes or no, is asked for; and where triples are.
ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"

_FORMS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
}
_BOOLEANS = {Literal(text, datatype=NamedNode(XSD.boolean)): Literal(text == "1") for text in ("0", "1")}


def read_solutions(reply: Reply, place: str) -> Table:
    """Return the table of a SELECT; `place` is the address to show in an error.

    Raises
    ------
    StoreError
        It is no table, or breaks off.
    BrokenIri
        It has an IRI that is none.
    """
    found = _read(reply, place)
    if not isinstance(found, QuerySolutions):
        raise _odd("yes or no where a table was asked for", place)
    try:
        return Table(tuple(v.value for v in found.variables), tuple(tuple(map(_spelt, row)) for row in found))
    except (SyntaxError, ValueError, OSError) as error:
        raise _broken_iri(reply, error) or _broken(place) from None


def read_truth(reply: Reply, place: str) -> bool:
    """Return the answer of an ASK.

    Raises
    ------
    StoreError
        It is neither yes nor no.
    """
    found = _read(reply, place)
    if not isinstance(found, QueryBoolean):
        raise _odd("a table where yes or no was asked for", place)
    return bool(found)


def read_triples(reply: Reply, place: str) -> tuple[Triple, ...]:
    """Return the triples of a CONSTRUCT or DESCRIBE, each once.

    Raises
    ------
    StoreError
        They are in no syntax of RDF, or break off.
    """
    form = RdfFormat.from_media_type(reply.kind) if reply.kind else None
    if form is None:
        raise _odd(reply.kind, place)
    try:
        return tuple(dict.fromkeys(quad.triple for quad in ox.parse(reply.body, form)))
    except (SyntaxError, ValueError, OSError):
        raise _broken(place) from None


def _read(reply: Reply, place: str) -> QuerySolutions | QueryBoolean:
    form = _FORMS.get(reply.kind)
    if form is None:
        raise _odd(reply.kind, place)
    try:
        return ox.parse_query_results(reply.body, form)
    except (SyntaxError, ValueError, OSError):
        raise _broken(place) from None


def _broken_iri(reply: Reply, error: Exception) -> BrokenIri | None:
    """Return what to raise where an IRI keeps a table from being read; of JSON the parser does not tell which."""
    if told := re.match("Invalid IRI value '(.*)': ", str(error), re.DOTALL):
        return BrokenIri(told[1])
    if "uri value" not in str(error):
        return None
    rows = json.loads(reply.body)["results"]["bindings"]
    iris = (cell["value"] for row in rows for cell in row.values() if cell["type"] == "uri")
    return next((BrokenIri(iri) for iri in iris if not is_iri(iri)), None)


def _spelt(cell: Cell) -> Cell:
    """Return a truth value as `true` or `false`, which Virtuoso writes as numbers; anything else as it is."""
    return _BOOLEANS.get(cell, cell) if isinstance(cell, Literal) else cell


def _broken(place: str) -> StoreError:
    return StoreError(
        f"The answer of {place} cannot be read: it breaks off or is malformed, as when a query fails midway. Ask for "
        "less, or ask whoever runs the server."
    )


def _odd(what: str, place: str) -> StoreError:
    kind = "a web page" if "html" in what else what or "something without a media type"
    return StoreError(
        f"{place} answers with {kind}, not as a SPARQL endpoint does. Check the address: its path is often /sparql or "
        "/query."
    )
