"""Commands that judge: what somebody holds, a table of names, a text, data, two releases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from kg.cli.options import with_commas
from kg.cli.session import session
from kg.model.answers import Answer

__all__ = ["check", "diff", "link", "lint", "read"]

#: What a name may be asked to name.
Kind = Literal["role", "skill", "tool", "certification", "provider", "activity"]
#: What makes the exit code 1.
Severity = Literal["error", "warning", "info", "never"]


def read(file: Annotated[Path, Parameter(allow_leading_hyphen=True)], /, *, person: str | None = None) -> Answer:
    """What does somebody hold, by a list, a table or a CV, and how do we know?

    Each word that is read is shown with its place and what it was read as; so is what does not count, since it is
    denied, wished for, past or in progress, and what was not understood. --format yaml writes a profile that you can
    correct, for --profile of every question.

    Parameters
    ----------
    file
        A list, a table of one person or many, a CV as text, Markdown, HTML, PDF or DOCX, a JSON Resume, a LinkedIn
        export, Open Badges, or a profile; - reads standard input.
    person
        Only this person, where the file tells of several.
    """
    from kg.careers.people import people, profile

    if person is not None:
        return profile(session.graph(), file, person=person)
    found = people(session.graph(), file)
    return found if len(found) > 1 else found.profiles[0]


def link(file: Path, /, *, column: str | None = None, kind: Annotated[tuple[Kind, ...], with_commas] = ()) -> Answer:
    """Which nodes does a table of names mean?

    Each name gets the node that it means best, how it matched, how often such a match was right (0 to 1), and the next
    best node.

    Parameters
    ----------
    file
        A table with one name a row: CSV, tab-separated, or an Excel workbook.
    column
        The column that has the names; the first by default.
    kind
        Only nodes of these kinds, such as role.
    """
    from kg.questions.link import link as run

    return run(session.graph(), file, column=column, kind=kind)


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
    from kg.checks.lint import lint as run

    return run(session.graph(), file, fail_on=fail_on)


def check(
    *paths: Path,
    stale_after: int = 90,
    shapes: Annotated[bool, Parameter(negative="--no-shapes")] = True,
    rule: Annotated[Sequence[str], with_commas] = (),
    skip_rule: Annotated[Sequence[str], with_commas] = (),
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
    from kg.checks.check import check as run
    from kg.model.errors import BadInput

    options = {"--release": session.release, "--merge-mappings": session.merge_mappings}
    if not session.where:
        options["--inferred"] = session.inferred
    if given := [name for name, value in options.items() if value]:
        what = "a graph in every release, and no mapping merged" if session.where else "files as they stand"
        leave = "Leave it out" if len(given) == 1 else "Leave them out"
        raise BadInput(f"check reads {what}; {' and '.join(given)} would change nothing. {leave}.")
    graph = session.graph() if session.where else None
    return run(
        *paths,
        graph=graph,
        as_of=session.as_of,
        lang=session.lang,
        stale_after=stale_after,
        shapes=shapes,
        rule=rule,
        skip_rule=skip_rule,
        fail_on=fail_on,
    )


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
    from kg.releases.diff import diff as run
    from kg.releases.replaying import day_of
    from kg.releases.sides import is_place

    session.as_of = session.as_of or day_of(on)
    g = session.graph() if session.where or not (is_place(before) and is_place(after)) else None
    return run(before, after, g=g, on=on, as_of=session.as_of, lang=session.lang)
