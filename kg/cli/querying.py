"""Commands for who speaks SPARQL: ask, change, serve; and for assistants."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kg.cli.options import split_bindings, with_commas
from kg.cli.session import session
from kg.model.answers import Answer
from kg.model.errors import BadInput

__all__ = ["mcp", "serve", "sparql"]


def sparql(
    query: Annotated[str, Parameter(allow_leading_hyphen=True)] = "",
    /,
    *,
    list: bool = False,
    bind: Sequence[str] = (),
    limit: int = 10_000,
    timeout: float = 30.0,
    update: bool = False,
) -> Answer | None:
    """What does the graph answer to a SPARQL query?

    The default graph is the union of all graphs; the project's prefixes need no declaration. A query is ended at its
    limit of time; a table that is cut at the limit of rows says so. json, xml, csv and tsv are the result formats of
    the standard; ttl is for CONSTRUCT and DESCRIBE. The exit code of an ASK is 0 for yes and 1 for no.

    Parameters
    ----------
    query
        SPARQL, a file with SPARQL, the name of a ready query (see --list), or - for standard input.
    list
        List the ready queries.
    bind
        What a ready query is to be about, ROW=TERM: a name, an IRI, or a short form such as role:ai-engineer.
    limit
        The most rows or triples; 0 for all.
    timeout
        Seconds after which the query is ended; 0 for no limit.
    update
        Take it as a SPARQL Update of the store folder that --graph names, all or nothing.
    """
    from kg.questions.sparql import queries
    from kg.questions.sparql import sparql as run

    if list:
        return queries()
    text = _sparql_text(query)
    if update:
        from kg.engine.library import read_query
        from kg.engine.updating import update as change

        if len(session.where) != 1:
            raise BadInput("An update changes one store folder. Name it: --graph FOLDER.")
        before, after, dropped = change(session.where[0], read_query(text), timeout=timeout)
        print(f"{session.where[0]} held {before} quads and now holds {after}.", file=sys.stderr)
        if dropped:
            print(
                "Derived claims were dropped, since what they follow from may have changed. "
                f"kg infer --graph {session.where[0]} derives them again.",
                file=sys.stderr,
            )
        return None
    answer = run(session.graph(), text, bind=split_bindings(bind), limit=limit, timeout=timeout)
    for remark in answer.remarks:
        print(remark, file=sys.stderr)
    return answer


def _sparql_text(query: str) -> str | Path:
    """Return what the command line names: standard input, a file, else the text or name itself."""
    if not query:
        raise BadInput("No query is given. Write one, name a file or a ready query (kg sparql --list), or give -.")
    if query == "-":
        return sys.stdin.read()
    path = Path(query)
    if path.suffix in (".rq", ".ru", ".sparql") and not any(char.isspace() for char in query):
        return path
    try:
        return path if path.is_file() else query
    except (OSError, ValueError):  # a query is too long for the name of a file, or has characters none can have
        return query


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    update: bool = False,
    cors: Annotated[Sequence[str], with_commas] = (),
    timeout: float = 30.0,
    max_rows: int = 100_000,
    workers: int = 0,
) -> None:
    """Serve the graph on this machine: a SPARQL endpoint, a search, an editor.

    The SPARQL 1.1 Protocol at /sparql; at / the pages. Read-only and for this machine alone, unless asked otherwise.
    Ctrl-C stops it.

    Parameters
    ----------
    host
        The address to listen at; 0.0.0.0 lets others in, without a password.
    port
        The port; 0 takes a free one.
    update
        Take SPARQL Update too, but from no page of another site; --graph must then name one store folder.
    cors
        An origin whose pages may read from it, such as https://example.org, or * for all; they may never write. May be
        repeated.
    timeout
        Seconds after which a query is ended.
    max_rows
        The most rows or triples of an answer; 0 for all.
    workers
        How many queries run at once; one for each processor by default.
    """
    from kg.web.running import serve as run

    if update and session.inferred:
        raise BadInput("An update drops what is derived, so that it could not be served. Leave --inferred or --update.")
    run(
        session.graph,
        session.where,
        host=host,
        port=port,
        update=update,
        cors=cors,
        timeout=timeout,
        max_rows=max_rows,
        workers=workers,
    )


def mcp(*, http: bool = False, port: int = 8081, max_bytes: int = 7_000) -> None:
    """Offer the questions to an assistant, as tools of the Model Context Protocol.

    An assistant starts this command itself, and speaks over standard input and output; its settings name the command
    (docs/assistants.md). Each answer is Markdown within a budget: ranked, with sources, dates and IRIs, and how to ask
    for what was left out. Nothing is written, nothing is logged, no file is read for others.

    Parameters
    ----------
    http
        Speak streamable HTTP on this machine instead, at http://127.0.0.1:PORT/mcp.
    port
        With --http, the port; 0 takes a free one.
    max_bytes
        The most bytes of an answer; 7,000 are about 2,000 tokens.
    """
    from kg.assistants.running import run_http, run_stdio

    if http:
        run_http(session.graph, port=port, most=max_bytes)
    else:
        run_stdio(session.graph, most=max_bytes)
