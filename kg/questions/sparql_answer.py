"""The answer of a SPARQL query: a table, triples, or yes or no, in the formats of the standards and in those of kg."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from pyoxigraph import NamedNode, Triple

from kg.model.answers import Answer, Row, Section, counted, text
from kg.model.errors import QueryError
from kg.model.iris import curie
from kg.model.values import Cell, Table, plain

if TYPE_CHECKING:
    from kg.model.graphs import Graph

__all__ = ["Sparql"]

#: Rows that a notebook cell shows.
_SHOWN = 500


@dataclass(frozen=True)
class Sparql(Answer):
    """What a SPARQL query gives.

    Attributes
    ----------
    kind
        ``table`` of a SELECT, ``triples`` of a CONSTRUCT or DESCRIBE, ``boolean`` of an ASK.
    table
        Columns and rows of terms, in the order of the query; of triples, subject, predicate and object, sorted; of yes
        or no, nothing.
    truth
        What an ASK says; None otherwise.
    complete
        Whether these are all the rows; where not, the limit of rows was reached.
    remarks
        What is to be said aloud: a limit that was reached, a query that is slow where it runs.
    """

    kind: Literal["table", "triples", "boolean"]
    table: Table
    truth: bool | None = None
    complete: bool = True
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.truth is not None:
            return "Yes." if self.truth else "No."
        said = counted(len(self.table.rows), "row" if self.kind == "table" else "triple")
        return f"{said}." if self.complete else f"The first {said}; there are more."

    @property
    def yes(self) -> bool:
        """What an ASK says; a table or triples are always an answer, be they empty."""
        return self.truth is not False

    def rows(self) -> tuple[Row, ...]:
        """Return the table as plain values: IRIs and dates as text, numbers and booleans as themselves."""
        if self.truth is not None:
            return ({"answer": self.truth},)
        return tuple(self.table.dicts())

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE.

        Raises
        ------
        QueryError
            The query gives none.
        """
        if self.kind != "triples":
            raise QueryError("This query gives no triples. Triples come from CONSTRUCT or DESCRIBE; ask for them.")
        return tuple(Triple(*row) for row in self.table.rows)  # type: ignore[arg-type]  # the cells of triples are such terms

    @property
    def graph(self) -> Graph:
        """The triples as a graph of our schema; empty where the query gives none."""
        if self.kind != "triples":
            return self.context.graph
        from kg.model.graphs import read_graph

        return read_graph(self.triples)

    @property
    def measures(self) -> Mapping[str, Any]:
        """The number of rows or triples and whether they are all; of an ASK, what it says."""
        if self.truth is not None:
            return {"answer": self.truth}
        return {("rows" if self.kind == "table" else "triples"): len(self.table.rows), "complete": self.complete}

    def sections(self) -> tuple[Section, ...]:
        """Return the table with short names for IRIs, and what is to be said about it."""
        note = " ".join(self.remarks)
        if self.truth is not None:
            return (Section(note=note),) if note else ()
        rows = tuple(tuple(map(_short, row)) for row in self.table.rows)
        return (Section(header=self.table.columns, rows=rows, note=note),)

    def _repr_html_(self) -> str:
        """Return the table for a notebook cell, its IRIs as links under their short names; every cell escaped."""
        said = "".join(f"<p>{escape(part)}</p>" for part in (f"{self}", *self.remarks))
        if self.truth is not None or not self.table.rows:
            return said
        shown = self.table.rows[:_SHOWN]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.table.columns)
        body = "".join("<tr>" + "".join(f"<td>{_linked(cell)}</td>" for cell in row) + "</tr>" for row in shown)
        more = len(self.table.rows) - len(shown)
        rest = f"<p>{more} more rows: .to_frame() has them.</p>" if more else ""
        return f"{said}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"

    def standard_form(self, form: str) -> str | None:
        """Return the answer as the W3C has it: results in JSON, XML, CSV, TSV; triples in Turtle, JSON-LD, RDF/XML.

        None for a format that no standard sets.

        Raises
        ------
        QueryError
            Turtle is asked for, and the answer is no triples.
        """
        from kg.engine.rendering import TABLES, TRIPLES, table_as, triples_as, truth_as, tsv

        if self.kind == "triples" and form in TRIPLES:
            return triples_as(form, self.triples).decode()
        if form == "ttl":
            raise QueryError("Turtle holds triples, and this query gives none. Ask with CONSTRUCT or DESCRIBE.")
        if form not in TABLES:
            return None
        written = truth_as(form, self.truth) if self.truth is not None else table_as(form, tsv(self.table))
        return written.decode() + ("" if form in ("csv", "tsv") else "\n")


def _linked(cell: Cell) -> str:
    """Return a cell as HTML: an address of the web as a link; any other IRI could name a script, and is text."""
    words = escape(_short(cell))
    if isinstance(cell, NamedNode) and cell.value.startswith(("http://", "https://")):
        address = escape(cell.value)
        return f'<a href="{address}" title="{address}" target="_blank" rel="noopener noreferrer">{words}</a>'
    return words


def _short(cell: Cell) -> str:
    return curie(cell.value) if isinstance(cell, NamedNode) else text(plain(cell))
