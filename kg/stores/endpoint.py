"""A store on any SPARQL 1.1 endpoint: the same questions, where the data has outgrown one machine.

Endpoints differ in two things that change answers without a word; the first answer tells how this one does them, by
the engine's name or by one more request (`_Server`). **The default graph** is the union of all graphs in most engines;
Oxigraph's server is asked for it (``union-default-graph``), to any other each query names its graphs. **Rows are cut**
by some: Virtuoso returns 10,000 and says so in a header of a SELECT, but nowhere in a CONSTRUCT. So a CONSTRUCT is
asked for as the SELECT of its template's variables and filled in here, a cut is seen in the header or by counting, and
the whole is then fetched in pages. What cannot be had whole is an error, never a part.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kg.model.errors import BadInput, QueryError, StoreError
from kg.model.values import Cell, Table
from kg.stores.client import Client, Reply
from kg.stores.lexer import names_its_graphs
from kg.stores.results import ROWS, TRIPLES, read_solutions, read_triples, read_truth
from kg.stores.rewriting import (
    count_of,
    form_of,
    names_nothing,
    read_construct,
    result_page,
    with_full_graphs,
)

__all__ = ["EndpointStore"]

_UNION = {"union-default-graph": [""]}
_FEW = 1000  #: Nobody cuts results shorter than this, but for round numbers.
_PAGE = 10_000
_MOST = 10_000_000

#: Which graphs there are, and whether the default graph shows what is in them; three rows at most.
_HELLO = """\
SELECT DISTINCT ?kind WHERE {
  { SELECT (1 AS ?kind) WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1 }
  UNION { { SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1 } ?s ?p ?o . BIND(2 AS ?kind) }
  UNION { SELECT (3 AS ?kind) WHERE { ?s ?p ?o } LIMIT 1 }
}"""
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"

#: What Virtuoso keeps of its own in every database; it is nobody's data.
_OF_VIRTUOSO = tuple(
    f"http://{graph}"
    for graph in (
        "www.openlinksw.com/schemas/virtrdf#",
        "www.w3.org/ns/ldp#",
        "localhost:8890/sparql",
        "localhost:8890/DAV/",
    )
)
_EXCLUDED = "".join(
    f"define input:{which}-graph-exclude <{graph}>\n" for graph in _OF_VIRTUOSO for which in ("default", "named")
)


class _Server(NamedTuple):
    """How a server does what the standard leaves open.

    Attributes
    ----------
    options
        What to send with a query for the default graph to be the union of all.
    says_cuts
        Whether it says in a header that it has cut the rows of a SELECT.
    whole
        Whether it never cuts.
    preamble
        What a query must open with that asks about everything, so that it does not get what is the server's own.
    """

    options: dict[str, list[str]]
    says_cuts: bool = False
    whole: bool = False
    preamble: str = ""


def _engine(reply: Reply) -> _Server | None:
    """Return how an engine does these things that says its name; None for any other."""
    name = reply.headers.get("Server") or ""
    if name.startswith("Virtuoso"):
        return _Server({}, says_cuts=True, preamble=_EXCLUDED)
    if name.startswith("Oxigraph"):
        return _Server(_UNION, whole=True)
    return _Server({}, says_cuts=True) if name.startswith("career-kg") else None


class EndpointStore:
    """A store on a SPARQL 1.1 endpoint.

    Parameters
    ----------
    url
        Where it answers queries. Who asks is proved by KG_ENDPOINT_HEADER, a user in the address, or ``.netrc``.
    update
        Where it takes updates; without one the store is read only.
    timeout
        Seconds that one answer may take; KG_ENDPOINT_TIMEOUT or 60 by default.

    Raises
    ------
    StoreError
        The address is none. Nothing is sent before the first question.
    """

    #: Each question travels: ask for little, and for much at once (`kg.handles.handle`).
    remote = True
    generation = None
    derived = ""
    folder = None

    def __init__(self, url: str, *, update: str | None = None, timeout: float | None = None) -> None:
        self.client = Client(url, timeout=_timeout() if timeout is None else timeout)
        self._update = update
        self._known: _Server | None = None
        self._cut_at = 0  # rows at which this server has been seen to cut
        self._not_cut_at = 0  # rows it has been seen to return

    def select(self, query: str) -> Table:
        """Return the rows of a SELECT query, all of them."""
        _check(query, "SELECT")
        return self._rows(query)

    def construct(self, query: str) -> tuple[Triple, ...]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, each once, all of them."""
        form = _check(query, "CONSTRUCT", "DESCRIBE")
        asked = read_construct(query) if form == "CONSTRUCT" else None
        if asked and not self._server.whole:
            table = self._rows(asked.select)
            return asked.fill(table.columns, table.rows)
        found = read_triples(self._send(query, TRIPLES), self.client.place)
        if not self._server.whole and len(found) >= (self._cut_at or _FEW):
            raise QueryError(
                f"This SPARQL query cannot be run whole: {self.client.place} may cut what it returns, and a {form} "
                "that makes blank nodes cannot be asked in pages. Ask with SELECT, or for less."
            )
        return found

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        _check(query, "ASK")
        return read_truth(self._send(query, ROWS), self.client.place)

    # --- whole results ------------------------------------------------------------------------------------------------

    def _rows(self, query: str) -> Table:
        reply = self._send(query, ROWS)
        table = self._read(reply)
        n = len(table.rows)
        total = self._total(query, n, reply)
        if total <= n:
            self._not_cut_at = max(self._not_cut_at, n)
            return table
        self._cut_at = n
        if total > _MOST:
            raise StoreError(f"{self.client.place} has {total:,} rows for this query. Ask for less.")
        rows: list[tuple[Cell, ...]] = []
        while len(rows) < total:
            asked = result_page(query, table.columns, min(n, _PAGE), len(rows))
            page = self._read(self._send(asked, ROWS)).rows
            if not page:
                break
            rows += page
        if len(rows) != total:
            raise StoreError(
                f"{self.client.place} cuts its results at {n:,} rows, and its pages give {len(rows):,} of {total:,}. "
                "Ask for less, or have the limit of the server raised."
            )
        return Table(table.columns, tuple(rows))

    def _total(self, query: str, n: int, reply: Reply) -> int:
        """Return how many rows there are: as many as came, or counted where they may have been cut."""
        server, said = self._server, reply.headers.get("X-SPARQL-MaxRows") is not None
        if said:
            return self._count(query)
        if server.whole or server.says_cuts or not n or n <= self._not_cut_at:
            return n
        suspicious = n >= self._cut_at if self._cut_at else n >= _FEW or n % 100 == 0
        return self._count(query) if suspicious else n

    def _count(self, query: str) -> int:
        ((cell,),) = self._read(self._send(count_of(query), ROWS)).rows
        return int(cell.value) if isinstance(cell, ox.Literal) else 0

    # --- one request --------------------------------------------------------------------------------------------------

    @property
    def _server(self) -> _Server:
        if self._known is None:
            self._known = self._greet()
        return self._known

    def _greet(self) -> _Server:
        """Find out how a server does what the standard leaves open; one request, as a rule."""
        options = _UNION
        try:
            reply = self.client.query(_HELLO, ROWS, options)
        except QueryError:  # a server that is strict about parameters it does not know
            options = {}
            reply = self.client.query(_HELLO, ROWS)
        if known := _engine(reply):
            return known
        kinds = {cell.value for (cell,) in self._read(reply).rows if isinstance(cell, ox.Literal)}
        if "1" not in kinds or "2" in kinds:
            return _Server(options)
        if "3" in kinds:
            raise StoreError(
                f"{self.client.place} keeps its default graph apart from its named graphs, and both hold data. Have it "
                "serve the union of all graphs as default graph, or load everything into named graphs."
            )
        self._known = _Server({})
        graphs = sorted(cell.value for (cell,) in self._rows(_GRAPHS).rows if isinstance(cell, NamedNode))
        return _Server({"default-graph-uri": graphs, "named-graph-uri": graphs})

    def _send(self, query: str, accept: str) -> Reply:
        if self._known is None and accept is ROWS and not names_nothing(query):
            first = self._send_first(query)
            if first is not None:
                return first
        server = self._server
        options = {} if names_its_graphs(query) else server.options
        if server.preamble:
            query = (server.preamble if names_nothing(query) else "") + with_full_graphs(query)
        return self.client.query(query, accept, options)

    def _send_first(self, query: str) -> Reply | None:
        """Ask before anything is known of the server; return its answer if that turns out to be what was meant."""
        options = {} if names_its_graphs(query) else _UNION
        try:
            reply = self.client.query(query, ROWS, options)
        except QueryError:  # be it the query or the parameter: it is asked again when more is known
            return None
        self._known = _engine(reply) or self._greet()
        return reply if self._known.options in ({}, options) or not options else None

    def _read(self, reply: Reply) -> Table:
        return read_solutions(reply, self.client.place)

    # --- content ------------------------------------------------------------------------------------------------------

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads by one update, which a server does as a whole or not at all.

        Raises
        ------
        StoreError
            No address for updates was given.
        """
        found = sorted(set(quads), key=lambda quad: (str(quad.graph_name), str(quad)))
        if self._update is None:
            raise StoreError(
                f"{self.client.place} is read only here. Load files with the tools of the server, or into a folder: "
                "kg load FILE --into FOLDER."
            )
        if not found:
            return
        blocks = []
        for graph, part in groupby(found, key=lambda quad: quad.graph_name):
            lines = "\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in part)
            blocks.append(lines if isinstance(graph, DefaultGraph) else f"GRAPH {graph} {{\n{lines}\n}}")
        self.client.update(self._update, "INSERT DATA {\n" + "\n".join(blocks) + "\n}")
        self._known = None  # there may be graphs that were not there

    def quads(self) -> Iterator[Quad]:
        """Yield every quad once; blank nodes as the server names them."""
        named = set[Triple]()
        for graph, *terms in self._rows("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }").rows:
            triple = Triple(*terms)  # type: ignore[arg-type]  # the pattern binds terms that may stand there
            named.add(triple)
            yield Quad(triple.subject, triple.predicate, triple.object, graph)  # type: ignore[arg-type]  # as above
        for row in self._rows("SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }").rows:
            if (triple := Triple(*row)) not in named:  # type: ignore[arg-type]  # as above
                yield Quad(triple.subject, triple.predicate, triple.object)

    def __len__(self) -> int:
        unnamed = "SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
        return self._count(f"SELECT * WHERE {{ {{ GRAPH ?g {{ ?s ?p ?o }} }} UNION {{ {unnamed} }} }}")

    def close(self) -> None:
        """Let go of what is known of the server; no connection is kept."""
        self._known = None


def _check(query: str, *forms: str) -> str:
    """Return the form of a query, if it is one of these; else nothing is sent."""
    if (form := form_of(query)) in forms:
        return form
    if not re.search("SERVICE", query, re.IGNORECASE):  # which would be asked at once
        try:
            ox.Store().query(query)
        except SyntaxError as error:
            place = str(error).partition(": expected")[0]
            raise QueryError(f"This SPARQL query cannot be parsed: {place}.") from None
    article = "an" if form == "ASK" else "a"
    raise QueryError(f"This is {article} {form} query; here a {' or '.join(forms)} query is needed.")


def _timeout() -> float:
    text = os.environ.get("KG_ENDPOINT_TIMEOUT", "60")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise BadInput(f'KG_ENDPOINT_TIMEOUT is "{text}". Give the seconds that one answer may take, such as 300.')
    return seconds
