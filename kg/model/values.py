"""One value of a result: a term of RDF, and what it is as plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.model.terms import XSD

__all__ = ["NO", "YES", "Cell", "Table", "plain", "text_of"]

#: The words that tables and graphs say yes and no with, be it that something is essential.
YES = frozenset({"yes", "true", "1", "essential", "y", "must", "x", "core"})
NO = frozenset({"no", "false", "0", "optional", "n", "nice"})

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
