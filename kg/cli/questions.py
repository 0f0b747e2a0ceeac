"""The questions as commands: each as it is, without its first parameter, the graph.

`kg.cli.app` names them by text, so that a run imports only the command it runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

from kg.cli.options import as_option, split_names
from kg.cli.session import session
from kg.model.answers import Answer
from kg.questions import QUESTIONS


def __getattr__(name: str) -> Callable[..., Answer]:
    """Make the command of a question when it is first needed (PEP 562): ``ask_gap`` for `gap`."""
    question = name.removeprefix("ask_")
    if question == name or question not in QUESTIONS:
        raise AttributeError(f"module 'kg.cli.questions' has no attribute {name!r}")
    return _command(getattr(import_module(f"kg.questions.{question}"), question))


def _command(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return a question as a command: the same signature without its first parameter, the graph."""

    def run(*args: Any, **options: Any) -> Answer:
        graph = session.graph()
        split_names(graph, options)
        return question(graph, *args, **options)

    signature = inspect.signature(question, eval_str=True)
    parameters = [as_option(parameter) for parameter in list(signature.parameters.values())[1:]]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # inspect reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__doc__ = question.__doc__
    run.__name__ = question.__name__
    return run
