"""The library: the query files of `kg/queries/`, each opening with a comment that says what it returns.

Most run as they stand. Some have open rows, ``VALUES ?role { }``, for what the caller chooses: the slices behind the
questions, and the questions themselves as one query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.model.answers import Answer, Row, Section
from kg.model.errors import QueryError
from kg.model.iris import expand
from kg.model.statements import Value
from kg.model.terms import PREFIXES
from kg.stores.binding import bind

__all__ = ["Library", "Ready", "fill", "find_query", "library", "read_query"]

#: Gives the IRI that a name means.
Resolve = Callable[[str], str]

_QUERIES = Path(__file__).parent.parent / "queries"
_ROW = re.compile(r"VALUES\s+\?(\w+)\s*\{\s*(UNDEF)?\s*\}")
_FORM = re.compile(r"^(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_LITERAL = re.compile(r'"(?P<text>.*)"(?:@(?P<lang>[A-Za-z-]+)|\^\^(?P<datatype>\S+))?', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ready:
    """A query of the library.

    Attributes
    ----------
    needs
        The open rows that must be filled for it to find anything.
    takes
        The open rows that may be filled, and mean *any* where they are not.
    """

    name: str
    says: str
    form: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    text: str


@cache
def library() -> tuple[Ready, ...]:
    """Return the queries of the library: first those that run as they stand, each part by name."""
    found = [_read(path) for path in _QUERIES.glob("*.rq")]
    return tuple(sorted(found, key=lambda ready: (bool(ready.needs), ready.name)))


def _read(path: Path) -> Ready:
    text = path.read_text(encoding="utf-8")
    comment = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.lstrip("# "))
    form = _FORM.search(text)
    rows = dict.fromkeys(_ROW.findall(text))
    return Ready(
        name=path.stem.replace("_", "-"),
        says=" ".join(comment),
        form=form[1] if form else "",
        needs=tuple(name for name, default in rows if not default),
        takes=tuple(name for name, default in rows if default),
        text=text,
    )


def find_query(name: str) -> Ready | None:
    """Return the query of that name, with hyphens or underscores; None where there is none.

    Examples
    --------
    >>> find_query("demand-per-skill").form
    'SELECT'
    """
    wanted = name.strip().replace("_", "-")
    return next((ready for ready in library() if ready.name == wanted), None)


def read_query(query: str | Path) -> str:
    """Return the text of a query: of a file, of the library, or what was given.

    Raises
    ------
    QueryError
        It looks like a name, and the library has none such; or the file cannot be read.
    """
    if isinstance(query, Path):
        try:
            return query.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise QueryError(f"{query} cannot be read: {why}. Name a file with SPARQL in it.") from None
    if not _NAME.fullmatch(query.strip()):
        return query
    if found := find_query(query):
        return found.text
    from rapidfuzz import process

    near = ", ".join(name for name, _, _ in process.extract(query, [ready.name for ready in library()], limit=3))
    raise QueryError(f'No query "{query}" in the library. Close: {near}. `kg sparql --list` shows all.')


def fill(text: str, chosen: Sequence[str], resolve: Resolve) -> str:
    """Return the text with its open rows filled.

    Parameters
    ----------
    text
        SPARQL, with rows such as ``VALUES ?role { }``.
    chosen
        ``row=term`` for each term: an IRI, a short form (``role:ai-engineer``), a literal in double quotes, or a name.
    resolve
        Gives the IRI that a name means.

    Raises
    ------
    QueryError
        A row is named that the query does not have, or none is filled of those without which it finds nothing.
    """
    rows = dict.fromkeys(_ROW.findall(text))
    if not rows and not chosen:
        return text
    terms: dict[str, list[str | Value]] = {name: [] for name, _ in rows}
    have = ", ".join(sorted(terms)) or "none"
    for each in chosen:
        name, sign, term = each.partition("=")
        if not sign or name not in terms:
            raise QueryError(f'"{each}" fills no row of this query. Its rows: {have}. Write row=term.')
        terms[name].append(_term(term, resolve))
    needs = [name for name, default in rows if not default]
    if needs and not any(terms[name] for name in needs):
        raise QueryError(
            f"This query asks about something, and none of its rows is filled: {', '.join(needs)}. "
            f'Write --bind {needs[0]}="AI Engineer", or an IRI.'
        )
    return bind(text, **terms)


def _term(said: str, resolve: Resolve) -> str | Value:
    if match := _LITERAL.fullmatch(said):
        datatype = match["datatype"] or ""
        return Value(match["text"], expand(datatype.strip("<>")) if datatype else "", match["lang"] or "")
    if said.startswith("<") and said.endswith(">"):
        return said[1:-1]
    prefix, colon, _ = said.partition(":")
    if colon and (prefix in PREFIXES or "://" in said):
        return expand(said)
    return resolve(said)


@dataclass(frozen=True)
class Library(Answer):
    """The queries of the library."""

    queries: tuple[Ready, ...]

    def __str__(self) -> str:
        ready = sum(not query.needs for query in self.queries)
        return (
            f"{len(self.queries)} queries: {ready} run as they stand (kg sparql NAME), "
            f"{len(self.queries) - ready} ask about something (kg sparql NAME --bind ROW=TERM)."
        )

    def rows(self) -> tuple[Row, ...]:
        """Return one row per query: name, says, form, needs, takes, text."""
        return tuple(
            {
                "name": query.name,
                "says": query.says,
                "form": query.form,
                "needs": [*query.needs],
                "takes": [*query.takes],
                "text": query.text,
            }
            for query in self.queries
        )

    def sections(self) -> tuple[Section, ...]:
        """Return those that run as they stand, then those that ask about something."""
        ready = tuple((query.name, query.says) for query in self.queries if not query.needs)
        open_ = tuple((query.name, ", ".join(query.needs), query.says) for query in self.queries if query.needs)
        return (
            Section("Run as they stand", ("query", "gives"), ready),
            Section("Ask about something", ("query", "rows to fill", "gives"), open_),
        )
