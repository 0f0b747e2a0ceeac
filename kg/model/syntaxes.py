"""The syntaxes of RDF and of query results: what each is called, its endings, its media types. Said once, read by all.

Files are known by endings (`kg.sources.rdf`), forms on the command line by short names (`kg.engine.rendering`),
requests by media types (`kg.web.negotiating`), a release by all of them (`kg.releases.building`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

__all__ = ["RESULTS", "SYNTAXES", "Syntax", "media_types"]

F = TypeVar("F", RdfFormat, QueryResultsFormat)


class Syntax(NamedTuple, Generic[F]):
    """A syntax of RDF, or of the result of a query.

    Attributes
    ----------
    name
        As `kg export` knows it; that of a result, as `kg sparql` knows it.
    short
        As an answer's form is called on the command line; empty where there is none.
    endings
        Of its files, the usual one first.
    media
        Media types, the registered one first; those after it are what some clients say.
    form
        As the engine knows it.
    """

    name: str
    short: str
    endings: tuple[str, ...]
    media: tuple[str, ...]
    form: F


#: The syntaxes of RDF, the preferred first.
SYNTAXES: Final = (
    Syntax("turtle", "ttl", (".ttl",), ("text/turtle", "application/x-turtle"), RdfFormat.TURTLE),
    Syntax("ntriples", "nt", (".nt",), ("application/n-triples", "text/plain"), RdfFormat.N_TRIPLES),
    Syntax("jsonld", "json", (".jsonld", ".json-ld"), ("application/ld+json",), RdfFormat.JSON_LD),
    Syntax("rdfxml", "xml", (".rdf", ".owl"), ("application/rdf+xml",), RdfFormat.RDF_XML),
    Syntax("trig", "", (".trig",), ("application/trig",), RdfFormat.TRIG),
    Syntax("nquads", "", (".nq",), ("application/n-quads",), RdfFormat.N_QUADS),
)

_RESULTS = "application/sparql-results"
#: The forms of a table, and of yes or no, the preferred first.
RESULTS: Final = (
    Syntax("json", "json", (".srj",), (f"{_RESULTS}+json", "application/json"), QueryResultsFormat.JSON),
    Syntax("xml", "xml", (".srx",), (f"{_RESULTS}+xml", "application/xml", "text/xml"), QueryResultsFormat.XML),
    Syntax("csv", "csv", (".csv",), ("text/csv",), QueryResultsFormat.CSV),
    Syntax("tsv", "tsv", (".tsv",), ("text/tab-separated-values",), QueryResultsFormat.TSV),
)


def media_types(syntaxes: Iterable[Syntax[Any]]) -> dict[str, str]:
    """Return short name by media type: what is registered first, in the order of preference, then what some say.

    Examples
    --------
    >>> [*media_types(SYNTAXES)][:2], media_types(SYNTAXES)["text/plain"]
    (['text/turtle', 'application/n-triples'], 'nt')
    """
    known = [syntax for syntax in syntaxes if syntax.short]
    said = [(rank, name, one.short) for one in known for rank, name in enumerate(one.media)]
    return {name: short for _, name, short in sorted(said, key=lambda each: each[0] > 0)}
