"""The commands: the questions as they are, without their first parameter, and the tools that are no questions.

`kg.cli.app` names them by text, so that a run imports only the command it runs.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from kg.answers import Answer
from kg.cli.session import session
from kg.errors import BadInput
from kg.options import Listed, named
from kg.questions import QUESTIONS

#: What makes the exit code 1.
Severity = Literal["error", "warning", "info", "never"]

__all__ = ["bench", "build", "check", "diff", "export", "fetch", "infer", "init", "lint", "load", "serve", "sparql"]


def __getattr__(name: str) -> Callable[..., Answer]:
    """Make the command of a question when it is first needed (PEP 562): ``ask_gap`` for `gap`."""
    question = name.removeprefix("ask_")
    if question == name or question not in QUESTIONS:
        raise AttributeError(f"module 'kg.cli.commands' has no attribute {name!r}")
    return _command(getattr(import_module(f"kg.questions.{question}"), question))


def _command(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a question as a command: the same signature without its first parameter, the graph."""

    def run(*args: Any, **options: Any) -> Answer:
        return question(session.graph(), *args, **options)

    signature = inspect.signature(question, eval_str=True)
    parameters = [named(parameter) for parameter in list(signature.parameters.values())[1:]]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # inspect reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = question.__doc__
    run.__name__ = question.__name__
    return run


def lint(file: Annotated[Path, Parameter(allow_leading_hyphen=True)], /, *, fail_on: Severity = "warning") -> Answer:
    """Is a text about careers still true?

    Certifications, tools and roles are found in it by label, alias and exam code; what is retired, ending, replaced,
    renamed, business-level, known to mislead or without a source is shown with its line, its column and the fix.

    Parameters
    ----------
    file
        Plain text, Markdown, HTML or PDF; - reads standard input.
    fail_on
        The exit code is 1 where something was found that is so grave, or graver: error, warning, info; or never.
    """
    from kg.linting.lint import lint as run

    return run(session.graph(), file, fail_on=fail_on)


def check(
    *paths: Path,
    stale_after: int = 90,
    shapes: Annotated[bool, Parameter(negative="--no-shapes")] = True,
    rule: Annotated[Sequence[str], Listed] = (),
    skip_rule: Annotated[Sequence[str], Listed] = (),
    fail_on: Severity = "warning",
) -> Answer:
    """Is the data right?

    Facts are checked before they are used: shapes (SHACL) and rules, each finding with file and line.
    With --graph, a whole graph is checked instead, such as a store folder.

    Parameters
    ----------
    paths
        Facts files and folders (YAML), tables (CSV) and RDF files; the facts that come with the package by default.
    stale_after
        Days after which the status of a certification is old.
    shapes
        Check the shapes too; --no-shapes leaves them out.
    rule
        Only these rules, such as shared-label; may be repeated. docs/checks.md describes all.
    skip_rule
        All rules but these.
    fail_on
        The exit code is 1 where something was found that is so grave, or graver: error, warning, info; or never.
    """
    from kg.checking.check import check as run

    graph = session.graph() if session.where else None
    return run(
        *paths,
        graph=graph,
        as_of=session.as_of,
        stale_after=stale_after,
        shapes=shapes,
        rule=rule,
        skip_rule=skip_rule,
        fail_on=fail_on,
    )


def bench(what: Literal["similarity"] = "similarity", /, *, measure: Annotated[Sequence[str], Listed] = ()) -> Answer:
    """How well does each measure of similarity do, against the roles that a source itself calls related?

    O*NET lists for each of its occupations twenty related ones; load it first (kg fetch onet, kg load).

    Parameters
    ----------
    what
        What to bench: similarity.
    measure
        The measures to score, as in kg similar; all by default.
    """
    from kg.benching import bench as run

    return run(session.graph(), what, measure=measure)  # type: ignore[arg-type]  # `bench` checks the names itself


def diff(before: str, after: str, /, *, on: str | None = None) -> Answer:
    """What changed between two releases, and what does that do to an answer?

    Compared are roles, skills, tools, certifications and activities with what is said of them, and what each requires
    and certifies. The exit code is 0 where the two are the same and 1 where they differ.

    Parameters
    ----------
    before
        A file, a folder, a store or "shipped"; or a source that --graph holds, such as esco-1-1-0, by short id, title
        or version.
    after
        The same, to compare with.
    on
        A question to ask both, as on the command line, or the JSON file of an answer saved with --format json.
    """
    from kg.comparing.asking import day_of
    from kg.comparing.diff import diff as run
    from kg.comparing.sides import is_place

    session.as_of = session.as_of or day_of(on)
    g = session.graph() if session.where or not (is_place(before) and is_place(after)) else None
    return run(before, after, g=g, on=on, as_of=session.as_of, lang=session.lang)


def fetch(
    framework: Literal["onet", "esco"],
    /,
    *,
    release: str = "",
    form: Literal["text", "excel"] = "text",
    into: Path | None = None,
    sha256: str = "",
    mirror: str = "",
) -> Answer:
    """Get the official release of a framework: O*NET; for ESCO, where and how.

    A download that was cut goes on where it stopped; what is there already is checked and not downloaded again. The
    exit code is 0 where the file is there and 1 where a person has to fetch it.

    Parameters
    ----------
    framework
        onet, or esco.
    release
        Which release of O*NET, such as 30.3; by default the one that is tested here.
    form
        The form of the archive: text, which is smaller, or excel.
    into
        The folder to put it in; by default the cache of this user.
    sha256
        The checksum it must have, where you know one.
    mirror
        The address of a folder that holds the archives, instead of the publisher's.
    """
    from kg.fetching.fetch import ONET_MIRROR
    from kg.fetching.fetch import fetch as run

    return run(framework, release=release, form=form, into=into, sha256=sha256, mirror=mirror or ONET_MIRROR)


def init(folder: Path) -> None:
    """Start a folder of facts of your own, with an example role, skill and certification.

    Parameters
    ----------
    folder
        A new or empty folder.
    """
    from kg.starting import init as run

    print(run(folder))
    print(f'Edit it, then: kg check {folder}; kg show "Data Platform Engineer" --graph {folder}', file=sys.stderr)


def build(*facts: Path, out: Path | None = None, sparql_page: bool = False) -> None:
    """Compile facts into a dataset release: TriG, Turtle, JSON-LD, GraphML, and pages with an index.

    Parameters
    ----------
    facts
        Files or folders of facts (YAML); by default those that come with the package.
    out
        The folder to write to: exports for the facts of the package, else build.
    sparql_page
        Also write sparql.html, one file that answers SPARQL in a browser, offline; to build, or to the folder named.
        The first time, its engine is fetched (3 MB, from the npm registry) and kept.
    """
    from kg.building import build as run

    built = run(facts, out=out or Path("build" if facts else "exports"))
    for title, counts in (("Facts in", built.facts), ("Claims out", built.claims)):
        print(f"{title}: {', '.join(f'{number} {name}' for name, number in counts.items())}.", file=sys.stderr)
    print(f"{built.quads} quads.", file=sys.stderr)
    for path in built.files:
        print(path)
    if sparql_page:
        from kg.offline.page import write_sparql_page

        print(write_sparql_page(built.files[0], (out or Path("build")) / "sparql.html"))


def export(*, to: str, about: Sequence[str] = (), question: str | None = None) -> None:
    """Write the graph, or a part of it, in the form that another tool reads.

    What the form cannot say is counted and reported.

    Parameters
    ----------
    to
        trig, nquads, shards, jsonld, parquet and csv lose nothing; turtle, ntriples, rdfxml, nodelink, graphml, gexf,
        skos, schemaorg, sssom and mermaid say what they lose. parquet, csv and shards are folders.
    about
        Write only what is said of this node; may be repeated.
    question
        Write only what the answer rests on: a question as on the command line, or an answer saved as JSON.
    """
    from kg.exports.datasets import export as run
    from kg.exports.datasets import export_to_stdout
    from kg.exports.text import plain_text

    with session.graph() as g:
        answer = None
        if question is not None:
            from kg.comparing.asking import read_asked

            answer = read_asked(question).ask(g)
        if session.output is None:
            written = export_to_stdout(g, to, about=about, answer=answer)
        else:
            written = run(g, to, session.output, about=about, answer=answer)
            print(written.place)
    print(plain_text(written), file=sys.stderr, end="")


def load(*paths: Path, into: Path) -> Answer:
    """Load files into a store folder, all or nothing.

    What each is, is recognised: ESCO and O*NET as they are downloaded (archives, folders), tables with a mapping,
    mappings in SSSOM, RDF, facts. What was read, what was left out and why, and which labels are ambiguous is told.

    Parameters
    ----------
    paths
        Files, folders and .zip archives, in any order.
    into
        The store folder; made if it does not exist. What it holds stays.
    """
    from kg.loading import load as run
    from kg.loading.progress import bar

    with bar() as progress:
        return run(paths, into=into, progress=progress)


def infer(*, list: bool = False, rule: Annotated[Sequence[str], Listed] = ()) -> Answer | None:
    """What follows from the claims, by named rules?

    What a rule concludes is written as claims, each with its rule and its premises, in a graph of their own: beside a
    store folder's content, or with -o to a file. Questions and SPARQL read them only with --inferred. All that were
    derived before are replaced; loading into the folder drops them.

    Parameters
    ----------
    list
        List the rules: what each says, and its definition.
    rule
        A rule to apply; may be repeated. All by default.
    """
    from kg.inference.infer import infer as run
    from kg.inference.report import Rules

    if list:
        return Rules()
    if session.output is None:
        return run(session.graph(), rules=rule)
    from kg.exports.text import plain_text

    with session.graph() as g:
        written = run(g, rules=rule, into=session.output)
    print(written.place)
    print(plain_text(written), file=sys.stderr, end="")
    return None


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
    from kg.querying.asking import queries
    from kg.querying.asking import sparql as run

    if list:
        return queries()
    text = _sparql_text(query)
    if update:
        from kg.querying.library import read_query
        from kg.querying.updating import update as change

        if len(session.where) != 1:
            raise BadInput("An update changes one store folder. Name it: --graph FOLDER.")
        before, after, dropped = change(session.where[0], read_query(text), timeout=timeout)
        print(f"{session.where[0]} held {before} quads and now holds {after}.", file=sys.stderr)
        if dropped:
            print(
                "Derived claims were dropped, since what they follow from may be another now. "
                f"kg infer --graph {session.where[0]} derives them again.",
                file=sys.stderr,
            )
        return None
    answer = run(session.graph(), text, bind=bind, limit=limit, timeout=timeout)
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
    cors: Sequence[str] = (),
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
        Take SPARQL Update too; --graph must then name one store folder.
    cors
        An origin whose pages may read from it, such as https://example.org; may be repeated.
    timeout
        Seconds after which a query is ended.
    max_rows
        The most rows or triples of an answer; 0 for all.
    workers
        How many queries run at once; one for each processor by default.
    """
    from kg.serving.running import serve as run

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
