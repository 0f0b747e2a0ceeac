"""Commands that carry data: from where it is published, into stores, and out in every form."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from kg.cli.options import split_names, with_commas
from kg.cli.session import session
from kg.model.answers import Answer
from kg.model.errors import BadInput

__all__ = ["build", "export", "fetch", "infer", "init", "load"]


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
    from kg.sources.fetch import ONET_MIRROR
    from kg.sources.fetch import fetch as run

    return run(framework, release=release, form=form, into=into, sha256=sha256, mirror=mirror or ONET_MIRROR)


def init(folder: Path) -> None:
    """Start a folder of facts of your own, with an example role, skill and certification.

    Parameters
    ----------
    folder
        A new or empty folder.
    """
    from kg.sources.starting import init as run

    print(run(folder))
    print(f'Edit it, then: kg check {folder}; kg show "Data Platform Engineer" --graph {folder}', file=sys.stderr)


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
    from kg.handles.loading import load as run
    from kg.handles.progress import progress_bar

    with progress_bar() as progress:
        return run(paths, into=into, progress=progress)


def infer(*, list: bool = False, rule: Annotated[Sequence[str], with_commas] = ()) -> Answer | None:
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
    from kg.releases.infer import infer as run
    from kg.releases.inferred import Rules

    if list:
        return Rules()
    if session.output is None:
        return run(session.graph(), rules=rule)
    _expect_form()
    with session.graph() as g:
        written = run(g, rules=rule, into=session.output)
    _tell(written, written.place)
    return None


def build(*facts: Path, sparql_page: bool = False) -> None:
    """Compile facts into a dataset release: TriG, Turtle, JSON-LD, GraphML, and pages with an index.

    They are written to the folder that -o names: by default to exports for the facts of the package, else to build.

    Parameters
    ----------
    facts
        Files or folders of facts (YAML); by default those that come with the package.
    sparql_page
        Also write sparql.html, one file that answers SPARQL in a browser, offline; to build, or to the folder named.
        The first time, its engine is fetched (3 MB, from the npm registry) and kept.
    """
    from kg.releases.building import build as run

    out = session.output
    built = run(facts, out=out or Path("build" if facts else "exports"))
    for title, counts in (("Facts in", built.facts), ("Claims out", built.claims)):
        print(f"{title}: {', '.join(f'{number} {name}' for name, number in counts.items())}.", file=sys.stderr)
    print(f"{built.quads} quads.", file=sys.stderr)
    for path in built.files:
        print(path)
    if sparql_page:
        from kg.web.sparql_page import write_sparql_page

        print(write_sparql_page(built.files[0], (out or Path("build")) / "sparql.html"))


def export(*, to: str = "", about: Sequence[str] = (), question: str | None = None) -> None:
    """Write the graph, or a part of it, in the form that another tool reads.

    What the form cannot say is counted and reported.

    Parameters
    ----------
    to
        trig, nquads, shards, jsonld, parquet and csv lose nothing; turtle, ntriples, rdfxml, nodelink, graphml, gexf,
        skos, schemaorg, sssom and mermaid say what they lose. parquet, csv and shards are folders. By default that
        which the ending of the file says: -o career.gexf.
    about
        Write only what is said of this node; may be repeated.
    question
        Write only what the answer rests on: a question as on the command line, or an answer saved as JSON.
    """
    from kg.exports.dataset_formats import form_of_dataset
    from kg.exports.datasets import export as run
    from kg.exports.datasets import export_to_stdout
    from kg.views.text_tables import plain_text

    _expect_form()
    to = form_of_dataset(to, session.output)
    with session.graph() as g:
        options: dict[str, Any] = {"about": tuple(about)}
        split_names(g, options)
        about, answer = options["about"], None
        if question is not None:
            from kg.releases.replaying import read_replay

            answer = read_replay(question).ask(g)
        if session.output is None:
            written = export_to_stdout(g, to, about=about, answer=answer)
        else:
            written = run(g, to, session.output, about=about, answer=answer)
    if session.output is None:
        print(plain_text(written), file=sys.stderr, end="")
    else:
        _tell(written, written.place)


#: How what was written can be reported, beside a file.
_REPORTS = ("text", "table", "json", "csv")


def _expect_form() -> None:
    """Refuse a format that could not be given for the report, before anything is written."""
    if session.form is None:
        return
    if session.output is None:
        raise BadInput(
            f"--format {session.form} is the form of the report, and standard output has the export itself. Name a "
            "file with -o; --to says the form of the export."
        )
    if session.form not in _REPORTS:
        raise BadInput(f"No report as {session.form}. What was written is told as {', '.join(_REPORTS)}.")


def _tell(written: Answer, place: str | Path) -> None:
    """Print where it was written, and on standard error what; in the form asked for, the report alone."""
    from kg.exports.formats import FORMATS

    if session.form is None:
        print(place)
        print(FORMATS["text"](written), file=sys.stderr, end="")
    else:
        print(FORMATS[session.form](written), end="")
