"""The port: what a store must be able to do, and no more.

A third store (an endpoint, another engine) implements these methods, registers in `kg.stores.open_store`, and joins
the contract suite in `tests/contract/`, which all stores pass without exceptions. Terms are pyoxigraph's on both
sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.terms import XSD

__all__ = ["Cell", "Store", "Table", "plain", "text_of"]

#: One value of a SELECT result: a term, or None where the variable is unbound.
Cell = None | NamedNode | BlankNode | Literal | Triple


class Table(NamedTuple):
    """The result of a SELECT: column names in the order asked, and rows of terms in the order of the store."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def dicts(self) -> Iterator[dict[str, str | int | float | bool | None]]:
        """Yield each row as plain Python values by column name (`plain`)."""
        for row in self.rows:
            yield {column: plain(cell) for column, cell in zip(self.columns, row, strict=True)}


class Store(Protocol):
    """A set of quads that answers SPARQL 1.1. The default graph of a query is the union of all graphs.

    Two things a store may do, as Oxigraph does: give a row once for each graph its triple stands in, so that who counts
    says DISTINCT; and spell a number anew (``01`` as ``1``), never its value.
    """

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query."""

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once."""

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, all or nothing: where the iterable raises, the store is as it was before."""

    def quads(self) -> Iterator[Quad]:
        """Yield every quad once, in no particular order."""

    def __len__(self) -> int:
        """Return the number of quads."""

    def close(self) -> None:
        """Let go of files and connections; a closed store is not asked again."""


def text_of(term: NamedNode | BlankNode | Triple) -> str:
    """Return a node as text: an IRI without its brackets, anything else as it is written."""
    return term.value if isinstance(term, NamedNode) else str(term)


_NUMBERS: dict[str, type[int] | type[float]] = {
    XSD.integer: int,
    XSD.decimal: float,
    XSD.double: float,
    XSD.float: float,
}


def plain(term: Cell) -> str | int | float | bool | None:
    """Return a term as a plain Python value: IRIs and dates as text, numbers and booleans as themselves.

    Examples
    --------
    >>> from pyoxigraph import Literal
    >>> plain(Literal(165)), plain(Literal(True)), plain(Literal("Python", language="en"))
    (165, True, 'Python')
    """
    if term is None:
        return None
    if isinstance(term, Literal):
        datatype = term.datatype.value
        if datatype == XSD.boolean:
            return term.value in ("true", "1")
        number = _NUMBERS.get(datatype)
        if number is None:
            return term.value
        try:
            return number(term.value)
        except ValueError:  # an ill-typed literal, such as "abc"^^xsd:integer, is legal RDF
            return term.value
    return text_of(term)
