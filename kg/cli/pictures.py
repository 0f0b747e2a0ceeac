"""The commands of `kg draw`: every question, with the same options, and the two pictures that no question makes.

`kg.cli.app` names them by text, as those of `kg.cli.questions`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from kg.cli import questions
from kg.cli.options import with_commas
from kg.cli.session import session
from kg.questions import QUESTIONS

if TYPE_CHECKING:
    from kg.model.answers import Answer
    from kg.views.drawing import Drawing

__all__ = ["atlas", "ego"]


def __getattr__(name: str) -> Callable[..., Drawing]:
    """Make the command that draws a question when it is first needed (PEP 562): ``draw_gap`` for `gap`."""
    question = name.removeprefix("draw_")
    if question == name or question not in QUESTIONS:
        raise AttributeError(f"module 'kg.cli.pictures' has no attribute {name!r}")
    return _drawn(getattr(questions, f"ask_{question}"))


def _drawn(command: Callable[..., Answer]) -> Callable[..., Drawing]:
    """Return the command of a question as one that draws the answer: the same signature."""

    def run(*args: Any, **options: Any) -> Drawing:
        from kg.views.drawing import Drawing

        return Drawing(command(*args, **options))

    run.__signature__ = inspect.signature(command)  # type: ignore[attr-defined]  # inspect reads it
    run.__annotations__ = dict(command.__annotations__)
    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    return run


def ego(
    name: str, *, source: Annotated[Sequence[str], with_commas] = ()
) -> Any:  # a Drawing, imported when something is drawn
    """What surrounds a node, by relation, and what lies one step further?

    Parameters
    ----------
    name
        Label, alias, exam code or IRI, such as "AI-102" or "python".
    source
        Only what these sources say, by short id, such as article or esco-111.
    """
    from kg.questions.show import show
    from kg.views.drawing import Drawing

    g = session.graph()
    return Drawing(show(g, name, source=source), around=g)


def atlas() -> Any:  # a Drawing, as above
    """What does the whole graph fall into?

    Communities of nodes that are tied to each other more than to others, each a disc that opens on a click.
    """
    from kg.views.communities import atlas as run
    from kg.views.drawing import Drawing

    return Drawing(run(session.graph()))
