"""Completion of ``%kg``: questions, options, and the names of nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kg.names.lookup import ASKABLE
from kg.questions import QUESTIONS

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["completions"]

_COMMON = ("--graph", "--as-of", "--lang", "--release", "--merge-mappings", "--help")
_MOST = 50


def completions(line: str, symbol: str, graph: Callable[[], KnowledgeGraph]) -> list[str]:
    """Return what the word under the cursor may become.

    Parameters
    ----------
    line
        The line up to the cursor, from ``%kg`` on.
    symbol
        Its last word, as IPython sees words: it breaks at spaces and quotation marks. What is returned begins with it.
    graph
        Gives the graph whose names to offer.

    Examples
    --------
    >>> import kg
    >>> completions("%kg ove", "ove", kg.open)
    ['overlap']
    >>> completions('%kg gap "AI Engi', "Engi", kg.open)
    ['Engineer"']
    """
    words = line.split()
    if len(words) < 2 or (len(words) == 2 and not line.endswith(" ")):
        return _beginning((*QUESTIONS, "use", "sparql", "draw", "lint", "check", "diff"), symbol)
    if symbol.startswith("-"):
        return _beginning((*_options(words[1]), *_COMMON), symbol)
    quote = next((mark for mark in ('"', "'") if line.count(mark) % 2), "")
    typed = line.rpartition(quote)[2] if quote else symbol
    before = typed[: len(typed) - len(symbol)]
    found = []
    g = graph()
    for kind in ASKABLE:
        for node in g.index.of_kind(kind):
            if node.label.casefold().startswith(typed.casefold()):
                rest = node.label[len(before) :]
                rest = symbol + rest[len(symbol) :]
                found.append(rest + quote if quote else rest.replace(" ", "\\ "))
                if len(found) == _MOST:
                    return sorted(set(found))
    return sorted(set(found))


def _beginning(words: Iterable[str], start: str) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(start)]


def _options(command: str) -> list[str]:
    """Return the options of a command, as its help shows them."""
    from cyclopts import CycloptsError

    from kg.cli.app import app

    try:
        arguments = app[command].assemble_argument_collection()
    except (KeyError, CycloptsError):
        return []
    return [name for argument in arguments for name in argument.names if name.startswith("--")]
