"""Query files and the one way to put terms into them.

A query in `kg/queries/` is valid SPARQL that opens with a comment saying what it returns. What the caller chooses
stands in it as an empty row, ``VALUES ?role { }``, or as ``VALUES ?source { UNDEF }`` where no choice means *any*.
`bind` fills these rows and nothing else: every term is serialised by the RDF library, never pasted. (`initBindings`
was rejected: rdflib answers, oxrdflib raises, rdflib's `SPARQLStore` silently returns nothing. A late ``FILTER(?x =
…)`` was rejected too: rdflib then takes half a minute where ``VALUES`` takes 35 ms.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.model.errors import BadInput, QueryError
from kg.model.statements import Value

__all__ = ["bind", "load_query"]

_QUERIES = Path(__file__).parent.parent / "queries"
_ROW = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{\s*(?P<default>UNDEF)?\s*\}")


@cache
def load_query(name: str) -> str:
    """Return the text of a query file, such as ``"overlap"``.

    Raises
    ------
    QueryError
        There is no such file.
    """
    path = _QUERIES / f"{name}.rq"
    if not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
        have = ", ".join(sorted(found.stem for found in _QUERIES.glob("*.rq")))
        raise QueryError(f'No query "{name}". There are: {have}.')
    return path.read_text(encoding="utf-8")


def _term(value: str | Value) -> str:
    if isinstance(value, str):
        try:
            return str(NamedNode(value))
        except ValueError:
            raise BadInput(f'"{value}" is no IRI. Give the full IRI of a node; `kg find` shows it.') from None
    try:
        if value.lang:
            return str(Literal(value.text, language=value.lang))
        return str(Literal(value.text, datatype=NamedNode(value.datatype)) if value.datatype else Literal(value.text))
    except ValueError as error:
        raise BadInput(
            f"{value} is no literal: {error}. Give a language tag such as en, or a datatype's IRI."
        ) from None


def bind(query: str, **terms: Iterable[str | Value] | None) -> str:
    """Return the query with its VALUES rows filled.

    Parameters
    ----------
    query
        SPARQL text with a row ``VALUES ?name { }`` or ``VALUES ?name { UNDEF }`` for each name.
    **terms
        For each name the IRIs (`str`) or literals (`Value`) to put there. None or nothing leaves an ``UNDEF`` row
        open (any term); for a row without ``UNDEF`` it means *no term*, so that nothing is found.

    Raises
    ------
    BadInput
        A string is no IRI.
    QueryError
        The query has no such row, or a row of the query is left out.

    Examples
    --------
    >>> print(bind("SELECT * { VALUES ?role { } ?role ?p ?o }", role=["https://example.org/a"]))
    SELECT * { VALUES ?role { <https://example.org/a> } ?role ?p ?o }
    """
    rows = {match["name"] for match in _ROW.finditer(query)}
    if missing := rows.symmetric_difference(terms):
        raise QueryError(
            f"The query has rows for {sorted(rows)}, the call for {sorted(terms)}: {sorted(missing)} stand alone."
        )

    def fill(match: re.Match[str]) -> str:
        chosen = sorted({_term(value) for value in terms[match["name"]] or ()})
        if not chosen and match["default"]:
            return ""
        return f"VALUES ?{match['name']} {{ {' '.join(chosen)} }}"

    return _ROW.sub(fill, query)
