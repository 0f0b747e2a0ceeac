"""A query's text, as far as a client must understand it: its form, what it selects, and how to ask for it in pages.

A SPARQL parser is not needed for that, only a text without what could mislead: strings, comments and IRIs are blanked
out first, at equal length (`kg.stores.lexer`), so that every position found in the blanked text is one in the query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

from kg.model.errors import QueryError
from kg.model.values import Cell
from kg.stores.lexer import blanked, whole_word

__all__ = [
    "Construct",
    "count_of",
    "form_of",
    "names_nothing",
    "result_page",
    "read_construct",
    "with_full_graphs",
]

_PROLOGUE = re.compile(r"\s*(?:BASE\s+<_*>|PREFIX\s+[\w.-]*:\s*<_*>)", re.IGNORECASE)
_FORM = re.compile(r"\s*(SELECT|CONSTRUCT|ASK|DESCRIBE)(?![\w:.-])", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")
_BLANK_NODE = re.compile(r"_:|\[|\(")
_LIMIT = whole_word(r"(LIMIT|OFFSET)\s+(\d+)")
_EMPTY_GRAPH = re.compile(r"(?<![\w?$:@.-])GRAPH\s*[?$](\w+)\s*\{\s*\}", re.IGNORECASE)
_ORDER = whole_word(r"ORDER\s+BY")
_VALUES = whole_word("VALUES")


def _after_prologue(plain: str) -> int:
    at = 0
    while match := _PROLOGUE.match(plain, at):
        at = match.end()
    return at


def form_of(query: str) -> str:
    r"""Return SELECT, CONSTRUCT, ASK or DESCRIBE.

    Raises
    ------
    QueryError
        It is none of them: an update, or no SPARQL at all.

    Examples
    --------
    >>> form_of("PREFIX ask: <https://example.org/ASK> # ASK\nSELECT ?s { ?s ?p ?o }")
    'SELECT'
    """
    plain = blanked(query)
    match = _FORM.match(plain, _after_prologue(plain))
    if not match:
        raise QueryError(
            "This SPARQL query cannot be run: it begins with none of SELECT, CONSTRUCT, ASK and DESCRIBE. "
            "Write one of them; an update is not asked."
        )
    return match[1].upper()


def names_nothing(query: str) -> bool:
    """Whether a query's patterns are all variables, so that it asks about everything there is.

    Examples
    --------
    >>> names_nothing("SELECT ?p { ?s ?p ?o }"), names_nothing("SELECT ?s { ?s a ?c }")
    (True, False)
    """
    _, _, plain = _split(query)
    return not re.search(r"[<:]|\sa\s", plain[plain.find("{") :])


def with_full_graphs(query: str) -> str:
    """Return a query that finds graphs by what is in them: Virtuoso finds none with an empty pattern.

    Examples
    --------
    >>> print(with_full_graphs("SELECT ?g { GRAPH ?g { } }"))
    SELECT ?g { { SELECT DISTINCT ?g WHERE { GRAPH ?g { ?kg_s ?kg_p ?kg_o } } } }
    """
    text = query
    for match in reversed([*_EMPTY_GRAPH.finditer(blanked(query))]):
        filled = f"{{ SELECT DISTINCT ?{match[1]} WHERE {{ GRAPH ?{match[1]} {{ ?kg_s ?kg_p ?kg_o }} }} }}"
        text = text[: match.start()] + filled + text[match.end() :]
    return text


def _split(query: str) -> tuple[str, str, str]:
    """Return the prologue, the query without it, and the blanked form of that."""
    plain = blanked(query)
    at = _after_prologue(plain)
    return query[:at], query[at:], plain[at:]


def count_of(query: str) -> str:
    """Return the query for the number of rows that a SELECT has.

    Examples
    --------
    >>> print(count_of("SELECT ?s { ?s ?p ?o }"))
    SELECT (COUNT(*) AS ?kg_rows) { {SELECT ?s { ?s ?p ?o }
    } }
    """
    prologue, rest, _ = _split(query)
    graphs, rest = _lift_graphs(rest)
    return f"{prologue} SELECT (COUNT(*) AS ?kg_rows) {graphs}{{ {{{rest}\n}} }}".lstrip()


def _lift_graphs(rest: str) -> tuple[str, str]:
    """Take the FROM clauses out of a SELECT: they may not stand in one that is nested."""
    plain = blanked(rest)
    found = [*re.finditer(r"(?<![\w?$:@.-])FROM\s+(?:NAMED\s+)?(?:<_*>|[\w.-]*:[\w.-]*)\s*", plain, re.IGNORECASE)]
    first = plain.find("{")
    found = [match for match in found if match.start() < first]
    graphs = "".join(rest[match.start() : match.end()] + " " for match in found)
    for match in reversed(found):
        rest = rest[: match.start()] + rest[match.end() :]
    return graphs, rest


def result_page(query: str, columns: Sequence[str], limit: int, offset: int) -> str:
    """Return the query for one page of the rows of a SELECT.

    Rows come in an order that is the same for every page: the query's own, where it has one, then by every column. The
    order stands inside and the page outside: Virtuoso sorts no more than 10,000 rows for a page that is cut at once.

    Raises
    ------
    QueryError
        The query has a LIMIT but no order, so that its pages are not the same rows twice.

    Examples
    --------
    >>> print(result_page("SELECT ?s { ?s ?p ?o }", ["s"], 100, 200))
    SELECT ?s { { SELECT ?s { ?s ?p ?o }
    ORDER BY STR(?s) LANG(?s) ?s
    } } LIMIT 100 OFFSET 200
    """
    keys = " ".join(f"STR(?{name}) LANG(?{name}) ?{name}" for name in columns)
    prologue, rest, _ = _split(query)
    graphs, rest = _lift_graphs(rest)
    plain = blanked(rest)
    tail = plain.rfind("}") + 1
    ordered = _ORDER.search(plain, tail)
    modifiers = _LIMIT.search(plain, tail)
    if modifiers and not ordered:
        raise QueryError(
            "This SPARQL query cannot be asked in pages: it has a LIMIT or OFFSET but no ORDER BY, and the server cuts "
            "what it returns. Order it, or lower the limit."
        )
    if ordered:  # ties in the query's own order are broken by every column
        at = modifiers.start() if modifiers else len(rest)
        inner = f"{rest[:at].rstrip()}\n{keys} {rest[at:]}"
    elif any(not _depth(plain, match.start()) for match in _VALUES.finditer(plain)):  # a VALUES that closes the query
        inner = f"SELECT * {{ {{{rest}\n}} }} ORDER BY {keys}"
    else:
        inner = f"{rest}\nORDER BY {keys}"
    names = " ".join(f"?{name}" for name in columns)
    return f"{prologue}{_gap(prologue)}SELECT {names} {graphs}{{ {{ {inner}\n}} }} LIMIT {limit} OFFSET {offset}"


def _depth(plain: str, at: int) -> int:
    return plain.count("{", 0, at) - plain.count("}", 0, at)


class Construct(NamedTuple):
    """A CONSTRUCT as the SELECT of what its template needs, and the template."""

    select: str
    prologue: str
    template: str

    def fill(self, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> tuple[ox.Triple, ...]:
        """Return the triples that rows of the SELECT make, each once."""
        names = " ".join(f"?{name}" for name in columns)
        empty, found = ox.Store(), dict[ox.Triple, None]()
        for first in range(0, len(rows), 2000):
            cells = "\n".join(f"({' '.join(map(_written, row))})" for row in rows[first : first + 2000])
            made = empty.query(
                f"{self.prologue} CONSTRUCT {{{self.template}}} WHERE {{ VALUES ({names}) {{\n{cells}\n}} }}"
            )
            found.update(dict.fromkeys(made))  # type: ignore[arg-type]  # a CONSTRUCT yields triples
        return tuple(map(_back, found))


#: What stands for a blank node while a template is filled: VALUES takes none.
_STAND_IN = "urn:career-kg:blank:"


def _written(cell: Cell) -> str:
    if cell is None:
        return "UNDEF"
    return f"<{_STAND_IN}{cell.value}>" if isinstance(cell, ox.BlankNode) else str(cell)


def _back(triple: ox.Triple) -> ox.Triple:
    subject, obj = (
        ox.BlankNode(term.value.removeprefix(_STAND_IN))
        if isinstance(term, ox.NamedNode) and term.value.startswith(_STAND_IN)
        else term
        for term in (triple.subject, triple.object)
    )
    return ox.Triple(subject, triple.predicate, obj)  # type: ignore[arg-type]  # a subject stays an IRI or blank node


def read_construct(query: str) -> Construct | None:
    """Return a CONSTRUCT as a SELECT and a template; None where that is not the same, as with new blank nodes.

    Examples
    --------
    >>> read_construct("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c ; ?p ?o }").select
    'SELECT DISTINCT ?c ?s WHERE { ?s a ?c ; ?p ?o }'
    """
    prologue, rest, plain = _split(query)
    word = _FORM.match(plain)
    if not word or word[1].upper() != "CONSTRUCT":
        return None
    at = word.end()
    opened = plain.find("{", at)
    if opened < 0:
        return None
    if short := plain[at:opened].strip():  # CONSTRUCT [FROM …] WHERE { template }
        where = at
        template = rest[opened + 1 : plain.rfind("}")]
        if not re.fullmatch(r"(?s)(?:FROM.*)?WHERE", short, re.IGNORECASE):
            return None
    else:
        where = plain.find("}", opened) + 1
        template = rest[opened + 1 : where - 1]
    names = sorted(set(_VARIABLE.findall(blanked(template))))
    if not names or _BLANK_NODE.search(blanked(template)):
        return None
    chosen = " ".join(f"?{name}" for name in names)
    return Construct(f"{prologue}{_gap(prologue)}SELECT DISTINCT {chosen} {rest[where:].lstrip()}", prologue, template)


def _gap(prologue: str) -> str:
    return "\n" if prologue and not prologue.endswith("\n") else ""
