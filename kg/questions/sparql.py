"""`sparql`: what does the graph answer to a query of one's own?

A query runs in a worker process of its own, since no engine in this one can be stopped: the process is killed at the
limit of time. It is kept for the next query about the same graph, and ends with this process. A folder is opened there
read-only; what is in memory is copied to it once, and again when it has changed.

Of an rdflib dataset the worker gets a copy, and another when the dataset has changed (`kg.stores.copying`). At an
endpoint the limit of time is that for its answer, and the endpoint may have others of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, finalize

from pyoxigraph import RdfFormat, Triple, parse

from kg.engine.library import Library, fill, library, read_query
from kg.engine.process import SIZE, Worker, WorkerReply, source_of
from kg.engine.reading import declare, kind_of, refuse_reaching_out
from kg.engine.rendering import read_tsv
from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Context
from kg.model.errors import BadInput, QueryError, QueryRefused
from kg.model.values import Table
from kg.questions.sparql_answer import Sparql
from kg.stores.lexer import words
from kg.stores.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from kg.stores.port import Store

__all__ = ["LIMIT", "TIMEOUT", "queries", "sparql"]

#: Rows or triples, unless more are asked for.
LIMIT = 10_000
#: Seconds, unless more are given.
TIMEOUT = 30.0

_FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})


def sparql(
    g: KnowledgeGraph,
    query: str | Path,
    *,
    bind: Sequence[str] = (),
    limit: int = LIMIT,
    timeout: float = TIMEOUT,
) -> Sparql:
    """What does the graph answer to a SPARQL query?

    SPARQL 1.1, all four forms; the default graph is the union of all, with every release that is there, and a set: what
    two sources state counts once. The prefixes of the project (kg, role, skill, tool, certification, source, skos,
    dcterms …) need no declaration. SERVICE is refused.

    Parameters
    ----------
    g
        A graph that `kg.open` opened.
    query
        SPARQL, the name of a query of the library, or the path of a file.
    bind
        What to put into the open rows of a query, ``VALUES ?role { }``: row=term for each, the term a name, an IRI, a
        short form such as role:ai-engineer, or a literal in double quotes.
    limit
        The most rows or triples to give; 0 gives all.
    timeout
        Seconds after which the query is ended; with 0 it runs without a limit, in this process.

    Returns
    -------
    Sparql
        In the order of the query, triples sorted. Where the limit of rows was reached, `complete` is False and
        `remarks` say so.

    Raises
    ------
    QueryRefused
        It would read something else than the graph, or change it.
    QueryStopped
        It was ended at its limit of time or memory.
    QueryError
        It cannot be parsed (with line and column) or run.

    References
    ----------
    W3C, SPARQL 1.1 Query Language.

    Examples
    --------
    >>> import kg
    >>> found = kg.sparql(kg.open(), "SELECT ?role { ?role a kg:Role ; skos:prefLabel 'AI Engineer'@en }")
    >>> found.rows()
    ({'role': 'https://w3id.org/career-kg/role/ai-engineer'},)
    """
    if not isinstance(g, KnowledgeGraph):
        raise BadInput("SPARQL asks a store, and this graph is in none. Open one with kg.open, or kg.load it first.")
    if limit < 0 or not 0 <= timeout < 10**9:
        raise BadInput(f"limit {limit} or timeout {timeout} is no limit. Give numbers above 0, or 0 for none.")
    text = fill(read_query(query), bind, lambda name: g.resolve(name).iri)
    how = {"limit": limit, "size": SIZE, "table": "tsv", "triples": "nt", "default": None, "named": None}
    remarks: tuple[str, ...] = ()
    if g.store.remote and timeout:
        g.store.client.timeout = timeout  # type: ignore[attr-defined]  # `remote` says that it is an EndpointStore
    if isinstance(g.store, OxigraphStore):
        kind, table, truth, complete = _read_reply(_ask(g.store, text, how, timeout))
    elif hasattr(g.store, "copied"):  # a MemoryStore, whose module imports rdflib
        copy = g.store.copied()
        asked_of, graphs = copy.reading(text)
        kind, table, truth, complete = _read_reply(_ask(asked_of, text, how | graphs, timeout))
        if kind == "triples":
            table = _as_table(copy.spelt_triples((Triple(*row) for row in table.rows), text))  # type: ignore[arg-type]  # these were triples
        else:
            table = copy.spelt_table(table, text)
        remarks = copy.remarks
    else:
        kind, table, truth, complete = _ask_port(g.store, text, limit)
    if not complete:
        remarks += (
            f"Stopped at the limit of {limit:,} rows; there are more. --limit N raises it, --limit 0 lifts it.",
        )
    asked: dict[str, Any] = {"query": str(query), "bind": [*bind]} if bind else {"query": str(query)}
    context = Context(as_of=g.as_of.isoformat(), dataset=g.dataset, sparql=text, asked=asked)
    return Sparql(kind, table, truth, complete, remarks, context=context)


def queries() -> Library:
    """Return the library of queries that are ready to run.

    Examples
    --------
    >>> "demand-per-skill" in [row["name"] for row in queries().rows()]
    True
    """
    return Library(library())


def _read_reply(reply: WorkerReply) -> tuple[Any, Table, bool | None, bool]:
    """Return kind, table, truth and completeness of what a worker says."""
    kind, complete = reply.head["kind"], bool(reply.head.get("complete", True))
    if kind == "boolean":
        return kind, Table((), ()), bool(reply.head["value"]), True
    if kind == "table":
        return kind, read_tsv(reply.body), None, complete
    found = parse(reply.body, RdfFormat.N_TRIPLES)
    return kind, _as_table(Triple(quad.subject, quad.predicate, quad.object) for quad in found), None, complete


def _as_table(triples: Iterable[Triple]) -> Table:
    rows = sorted(((t.subject, t.predicate, t.object) for t in triples), key=lambda row: tuple(map(str, row)))
    return Table(("subject", "predicate", "object"), tuple(rows))


# --- in a worker ----------------------------------------------------------------------------------------------------


class _Kept:
    """The worker of a store, and what the store held when the worker got it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.worker: Worker | None = None
        self.revision = -1

    def ask(self, store: OxigraphStore, text: str, how: dict[str, Any], timeout: float) -> WorkerReply:
        with self.lock:
            if self.worker is None or self.revision != store.revision or not self.worker.alive:
                self.stop()
                self.worker, self.revision = Worker(source_of(store)), store.revision
            return self.worker.ask(text, timeout=timeout, **how)

    def stop(self) -> None:
        if self.worker is not None:
            self.worker.stop()


_kept: WeakKeyDictionary[OxigraphStore, _Kept] = WeakKeyDictionary()
_keeping = Lock()


def _ask(store: OxigraphStore, text: str, how: dict[str, Any], timeout: float) -> WorkerReply:
    if not timeout:
        from kg.engine.worker import answer

        return WorkerReply(*answer(store, how, text))
    with _keeping:
        if (kept := _kept.get(store)) is None:
            kept = _kept[store] = _Kept()
            finalize(store, kept.stop)
    return kept.ask(store, text, how, timeout)


# --- here, through the port -----------------------------------------------------------------------------------------


def _ask_port(store: Store, text: str, limit: int) -> tuple[Any, Table, bool | None, bool]:
    """Ask a store that is elsewhere; the limit is looked at when it has answered."""
    if kind_of(text) == "update":
        raise QueryRefused("This is an update, and here the graph is only read. Updates go to a store folder.")
    refuse_reaching_out(text, "query")
    form = next((word.text.upper() for word in words(text) if word.text.upper() in _FORMS), "")
    asked = declare(text)
    if form == "ASK":
        return "boolean", Table((), ()), store.ask(asked), True
    if form == "SELECT":
        kind, table = "table", store.select(asked)
    elif form:
        kind, table = "triples", _as_table(store.construct(asked))
    else:
        raise QueryError("This is no SPARQL query: it has no SELECT, CONSTRUCT, DESCRIBE or ASK.")
    complete = not limit or len(table.rows) <= limit
    return kind, table if complete else Table(table.columns, table.rows[:limit]), None, complete
