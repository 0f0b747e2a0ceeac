"""The commands: the questions as they are, without their first parameter, and the tools that are no questions.

`kg.cli` names them by text, so that a run imports only the command it runs.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from kg.answers import Answer
from kg.questions import QUESTIONS
from kg.session import session

__all__ = ["build", "check", "init", "lint", "load"]


def __getattr__(name: str) -> Callable[..., Answer]:
    """Make the command of a question when it is first needed (PEP 562): ``ask_gap`` for `gap`."""
    question = name.removeprefix("ask_")
    if question == name or question not in QUESTIONS:
        raise AttributeError(f"module 'kg.commands' has no attribute {name!r}")
    return _command(getattr(import_module(f"kg.questions.{question}"), question))


def _command(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a question as a command: the same signature without its first parameter, the graph."""

    def run(*args: Any, **options: Any) -> Answer:
        return question(session.graph(), *args, **options)

    signature = inspect.signature(question, eval_str=True)
    parameters = [_named(parameter) for parameter in list(signature.parameters.values())[1:]]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # inspect reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = question.__doc__
    run.__name__ = question.__name__
    return run


def _named(parameter: inspect.Parameter) -> inspect.Parameter:
    """Return a parameter with the name it has as an option: of one letter, it has one hyphen (``-k 3``)."""
    if len(parameter.name) > 1 or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
        return parameter
    named = Annotated[parameter.annotation, Parameter(name=f"-{parameter.name}")]  # type: ignore[name-defined]  # made at run time
    return parameter.replace(annotation=named)


def lint(file: Annotated[Path, Parameter(allow_leading_hyphen=True)]) -> Answer:
    """Is a text about careers still true?

    Certifications, tools and roles are found in it by label, alias and exam code; what is retired, ending, replaced,
    renamed, business-level, known to mislead or without a source is shown with its line, its column and the fix.

    Parameters
    ----------
    file
        Plain text, Markdown, HTML or PDF; - reads standard input.
    """
    from kg.linting import lint as run

    return run(session.graph(), file)


def check(
    *paths: Path, stale_after: int = 90, shapes: Annotated[bool, Parameter(negative="--no-shapes")] = True
) -> Answer:
    """Is the data right?

    Facts are checked before they are used: shapes (SHACL) and rules, each finding with file and line.

    Parameters
    ----------
    paths
        Facts files and folders (YAML), tables (CSV) and RDF files; the facts that come with the package by default.
    stale_after
        Days after which the status of a certification is old.
    shapes
        Check the shapes too, where pyshacl is installed; --no-shapes leaves them out.
    """
    from kg.checks import check as run

    return run(*paths, as_of=session.as_of, stale_after=stale_after, shapes=shapes)


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


def build(*facts: Path, out: Path | None = None) -> None:
    """Compile facts into a dataset release: TriG, Turtle, JSON-LD, GraphML.

    Parameters
    ----------
    facts
        Files or folders of facts (YAML); by default those that come with the package.
    out
        The folder to write to: exports for the facts of the package, else build.
    """
    from kg.building import build as run

    built = run(facts, out=out or Path("build" if facts else "exports"))
    for title, counts in (("Facts in", built.facts), ("Claims out", built.claims)):
        print(f"{title}: {', '.join(f'{number} {name}' for name, number in counts.items())}.", file=sys.stderr)
    print(f"{built.quads} quads.", file=sys.stderr)
    for path in built.files:
        print(path)


def load(*paths: Path, into: Path) -> None:
    """Load files into a store folder, all or nothing.

    Parameters
    ----------
    paths
        RDF files, facts files (YAML), tables (CSV), and folders of them, in any order.
    into
        The store folder; made if it does not exist. What it holds stays.
    """
    from kg.loading import load as run

    loaded = run(paths, into=into)
    print(f"Read {loaded.read} quads; {into} now holds {loaded.total}.", file=sys.stderr)
