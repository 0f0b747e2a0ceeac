"""The questions as programs ask them from afar: those over the graph, and those about a text or names that are sent.

A server reads no file for others. What is a file on the command line is a text here: `document` of `lint`, `names` of
`link`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from kg.checks.lint import Lint, lint
from kg.handles.asking import question
from kg.handles.handle import Handle
from kg.handles.signatures import call, needs_file, read_given, taken_by
from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.questions import QUESTIONS
from kg.questions.find import Kind
from kg.questions.link import Link, link
from kg.sources.texts import sent_text

__all__ = ["SENT", "asked_from_afar", "served_question", "served_questions"]


@question
def link_names(g: Handle | Graph, names: Sequence[str], *, kind: Sequence[Kind] = ()) -> Link:
    """Which nodes do these names mean?

    Parameters
    ----------
    names
        The names, such as titles of jobs or skills.
    kind
        Only nodes of these kinds.
    """
    if not any(name.strip() for name in names):
        raise BadInput("No name is given. Give one or more.")
    return link(g, [*names], kind=kind)


@question
def lint_text(g: Handle | Graph, document: str) -> Lint:
    """Is a text about careers still true?

    Certifications, tools and roles are found in it; what is retired, ending, replaced, renamed, known to mislead or
    without a source is told with its line, its column and the fix.

    Parameters
    ----------
    document
        The text: plain, Markdown or HTML.
    """
    return lint(g, sent_text(document))


#: The questions about what is sent.
SENT: dict[str, Callable[..., Answer]] = {"link": link_names, "lint": lint_text}


def served_question(name: str) -> Callable[..., Answer]:
    """Return a question by its name, as it is asked from afar.

    Raises
    ------
    KeyError
        There is none of that name.
    """
    if name in QUESTIONS:
        found: Callable[..., Answer] = getattr(import_module(f"kg.questions.{name}"), name)
        return found
    return SENT[name]


def served_questions() -> tuple[str, ...]:
    """Return the names of all that can be asked from afar; what asks for a file is not among them.

    Examples
    --------
    >>> [name for name in ("gap", "lint", "check") if name in served_questions()]
    ['gap', 'lint']
    """
    return (*(name for name in QUESTIONS if not needs_file(served_question(name))), *SENT)


def asked_from_afar(name: str, g: Any, given: dict[str, Any]) -> Answer:
    """Ask a question with values as they come: texts of an address, or JSON.

    Raises
    ------
    BadInput
        Something is given that is not taken, or of another type; something is missing.
    KgError
        Whatever the question raises.
    """
    function = served_question(name)
    return call(function, g, read_given(taken_by(function), given, what=name))
