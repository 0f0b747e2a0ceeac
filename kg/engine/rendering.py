"""Results in the formats of the standards: tables as SPARQL JSON, XML, CSV and TSV, triples as Turtle and its kin.

The RDF library writes them all. TSV is the form in which a table travels between processes, since it is the one whose
rows can be counted without reading them: a row is a line.

References
----------
W3C, SPARQL 1.1 Query Results JSON Format; SPARQL Query Results XML Format; SPARQL 1.1 Query Results CSV and TSV
Formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
    serialize,
)

from kg.model.rdf_text import sorted_quads, write_turtle
from kg.model.syntaxes import RESULTS, SYNTAXES
from kg.model.values import Table

__all__ = ["TABLES", "TRIPLES", "read_tsv", "table_as", "triples_as", "truth_as", "tsv"]

#: Formats of tables and of yes or no, by the names of the command line.
TABLES: Final = {syntax.short: syntax.form for syntax in RESULTS}
#: Formats of triples: `json` is JSON-LD, `xml` is RDF/XML, `nt` N-Triples.
TRIPLES: Final = {syntax.short: syntax.form for syntax in SYNTAXES if syntax.short}


def tsv(table: Table) -> bytes:
    r"""Return a table as SPARQL TSV.

    Examples
    --------
    >>> from pyoxigraph import Literal
    >>> tsv(Table(("a", "b"), ((Literal("x"), None),)))
    b'?a\t?b\n"x"\t\n'
    """
    lines = ["\t".join(f"?{column}" for column in table.columns)]
    lines += ["\t".join("" if cell is None else str(cell) for cell in row) for row in table.rows]
    return "".join(f"{line}\n" for line in lines).encode()


def read_tsv(data: bytes) -> Table:
    """Return the table of a SPARQL TSV."""
    found = _solutions(data)
    return Table(tuple(variable.value for variable in found.variables), tuple(tuple(row) for row in found))


def table_as(form: str, data: bytes) -> bytes:
    r"""Return a table, given as SPARQL TSV, in another of the `TABLES` formats.

    Examples
    --------
    >>> table_as("csv", b'?a\t?b\n"x"\t\n')
    b'a,b\r\nx,\r\n'
    """
    return data if form == "tsv" else _solutions(data).serialize(format=TABLES[form]) or b""


def _solutions(data: bytes) -> QuerySolutions:
    found = parse_query_results(data, QueryResultsFormat.TSV)
    if isinstance(found, QueryBoolean):
        raise TypeError("a table has columns, yes or no has none")
    return found


def truth_as(form: str, value: bool) -> bytes:
    """Return yes or no in one of the `TABLES` formats; as CSV and TSV, which the standard leaves out, one word."""
    said = b"true" if value else b"false"
    if form in ("csv", "tsv"):
        return said + b"\n"
    whole = parse_query_results(b'{"head":{},"boolean":%s}' % said, QueryResultsFormat.JSON)
    return whole.serialize(format=TABLES[form]) or b""


def triples_as(form: str, triples: Iterable[Triple]) -> bytes:
    """Return triples, each once and sorted, in one of the `TRIPLES` formats."""
    quads = [Quad(triple.subject, triple.predicate, triple.object) for triple in triples]
    if form == "ttl":
        return write_turtle(quads)
    return serialize((quad.triple for quad in sorted_quads(quads)), format=TRIPLES[form]) or b""
