"""Drawing: the picture of an answer, whichever question it answers, as a page or a still.

`draw` is the front door; the command line and the gallery use `Drawing`, which names files too. A view is imported when
something of its question is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from kg.handles.handle import Handle
from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.model.iris import slugify
from kg.views.cell import writable
from kg.views.page import Page, page_of
from kg.views.scene import Scene

__all__ = ["PICTURES", "Drawing", "bundle", "draw", "has_picture", "scene_of"]

#: The forms a picture can have: a page, and stills.
PICTURES = ("html", "svg", "png")

#: View by question, by the name of the answer's class; every other answer is drawn as a list, or as its tables.
VIEWS = {
    "atlas": "atlas",
    "disagree": "disagree",
    "gap": "gap",
    "nearest": "nearest",
    "opens": "opens",
    "overlap": "overlap",
    "path": "path",
    "paths": "path",
    "plan": "plan",
    "roadmap": "plan",
    "show": "ego",
    "similar": "similar",
    "sparql": "triples",
    "why": "why",
}


def has_picture(answer: Answer) -> bool:
    """Return whether a picture of an answer says more than its table: it is no list, no yes or no, and not empty."""
    named = any(kind.__name__.lower() in VIEWS for kind in type(answer).__mro__)
    return named and answer.yes and getattr(answer, "kind", "triples") == "triples" and bool(answer.rows())


def bundle(answer: Answer) -> dict[str, str]:
    """Return an answer by media type, as Jupyter shows it: HTML, and plain text."""
    html = page_of(scene_of(answer))._repr_html_() if has_picture(answer) else answer._repr_html_()
    return {"text/html": writable(html), "text/plain": writable(str(answer))}


def scene_of(answer: Answer, *, around: Handle | Graph | None = None) -> Scene:
    """Return what the picture of an answer shows.

    Parameters
    ----------
    around
        For the card of a node: the graph to take from it what lies one step further.
    """
    names = (kind.__name__.lower() for kind in type(answer).__mro__)
    name = next((VIEWS[name] for name in names if name in VIEWS), "listed")
    view: Any = import_module(f"kg.views.{name}")  # a module with `scene`
    if name == "ego" and around is not None:
        found: Scene = view.scene(answer, view.graph_around(around, answer))
    else:
        found = view.scene(answer)
    return found


@dataclass(frozen=True)
class Drawing:
    """The picture of an answer, in any form.

    Attributes
    ----------
    around
        As for `scene_of`.
    """

    answer: Answer
    around: Handle | Graph | None = None

    @cached_property
    def scene(self) -> Scene:
        """What it shows."""
        return scene_of(self.answer, around=self.around)

    @property
    def name(self) -> str:
        """The name of its file, without the end: the question and what was asked, at most 80 letters."""
        return slugify(self.scene.title)[:80].strip("-") or self.scene.view

    @property
    def page(self) -> Page:
        """The interactive page."""
        return page_of(self.scene)

    def render(self, form: str) -> bytes:
        """Return the picture in a form.

        Raises
        ------
        BadInput
            No picture has this form.
        MissingExtra
            For PNG: what draws it is not installed (``pip install 'career-kg[png]'``).
        """
        if form == "html":
            return self.page.html.encode()
        if form not in PICTURES:
            raise BadInput(f"A picture has no form {form}. Choose from {', '.join(PICTURES)}.")
        from kg.views import still

        return still.svg(self.scene).encode() if form == "svg" else still.png(self.scene)


def draw(what: Answer | Handle | Graph, *, around: Handle | Graph | None = None) -> Page:
    """Draw an answer, or a whole graph, as an interactive page.

    Parameters
    ----------
    what
        The answer to any question; or a graph or its handle, for the atlas of the whole.
    around
        For the card of a node (`kg.show`): the graph to take from it what lies one step further, on a click.

    Returns
    -------
    Page
        ``.save("x.html")`` writes it, ``.open()`` shows it, and a notebook cell displays it. It works offline: no
        request leaves it.

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> page = kg.draw(kg.overlap(g, "AI Engineer", "ML engineer"))
    >>> "<title>Overlap: AI Engineer, Machine Learning Engineer</title>" in page.html
    True
    """
    if not isinstance(what, Answer):
        from kg.views.communities import atlas

        what = atlas(what)
    return Drawing(what, around).page
