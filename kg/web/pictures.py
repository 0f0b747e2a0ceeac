"""The interactive pages, drawn when they are asked for: of a node, of two roles, of the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer
from kg.model.errors import UnknownName
from kg.questions.gap import gap
from kg.questions.overlap import overlap
from kg.questions.roadmap import roadmap
from kg.questions.show import show
from kg.questions.similar import similar
from kg.views.drawing import draw

__all__ = ["PICTURES", "picture"]

#: Question → how many names it takes at least and at most, and how it is asked with them.
PICTURES: dict[str, tuple[int, int, Callable[..., Answer]]] = {
    "show": (1, 1, show),
    "overlap": (2, 5, overlap),
    "gap": (2, 2, lambda g, role, start: gap(g, role, from_=start)),
    "roadmap": (1, 1, roadmap),
    "similar": (1, 1, similar),
}


def picture(g: KnowledgeGraph, question: str, names: Sequence[str]) -> str:
    """Return the page of an answer, as one self-contained HTML file; of the ``atlas``, the page of the whole graph.

    Raises
    ------
    UnknownName
        There is no such picture, or it takes another number of names.
    """
    if question == "atlas" and not names:
        return draw(g).html
    if question not in PICTURES:
        raise UnknownName(f'No picture "{question[:80]}". There are: atlas, {", ".join(PICTURES)}.')
    least, most, ask = PICTURES[question]
    if not least <= len(names) <= most:
        raise UnknownName(f"The picture {question} is of {least} to {most} names (of=…), not of {len(names)}.")
    answer = ask(g, *names)
    return draw(answer, around=g if question == "show" else None).html
