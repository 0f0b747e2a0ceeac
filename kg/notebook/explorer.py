"""The explorer: choose a role, tick what is held, and see gap, plan and picture change. A widget for a notebook.

Its logic is that of the questions: a change in the browser sets `role` or `held`, Python asks `gap` and `plan` anew,
and what they say is sent back as plain text and as a picture that is an image, so nothing of it can run.
"""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kg.handles.handle import as_handle
from kg.handles.opening import open as open_graph
from kg.model.errors import MissingExtra
from kg.questions.gap import Gap, gap
from kg.questions.plan import plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.handles.handle import Handle
    from kg.model.answers import Answer
    from kg.model.graphs import Graph

__all__ = ["explore"]


def explore(
    g: Handle | Graph | None = None, role: str | None = None, *, held: Sequence[str] = ()
) -> Any:  # the widget, whose class needs an extra
    """What is missing for a role, as one ticks what one holds? A widget for a notebook cell.

    Parameters
    ----------
    g
        The graph; the shipped one of today by default.
    role
        The role to begin with; by default the first, by name, that requires anything.
    held
        What is held to begin with.

    Returns
    -------
    anywidget.AnyWidget
        With ``role`` and ``held``, IRIs to read and set, and ``answer``, the gap shown.

    Raises
    ------
    MissingExtra
        anywidget is not installed (``pip install 'career-kg[notebook]'``).
    UnknownName
        There is no such role, or nothing of that name to hold.

    Examples
    --------
    >>> import kg
    >>> widget = kg.explore(kg.open(as_of="2026-11-22"), "AI Engineer", held=["Python"])
    >>> print(widget.answer.role)
    AI Engineer
    """
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise MissingExtra("anywidget", "notebook", "kg.explore()") from None
    handle = as_handle(open_graph() if g is None else g)

    class Explorer(anywidget.AnyWidget):
        """The widget: `role` and `held` are what is asked, the rest is what is shown."""

        _esm = files("kg.notebook").joinpath("explorer.js").read_text(encoding="utf-8")
        _css = files("kg.notebook").joinpath("explorer.css").read_text(encoding="utf-8")
        roles: Any = traitlets.List().tag(sync=True)
        role = traitlets.Unicode().tag(sync=True)
        held = traitlets.List(traitlets.Unicode()).tag(sync=True)
        shown = traitlets.Dict().tag(sync=True)
        answer: Gap

        @traitlets.observe("role", "held")
        def _ask(self, _: object = None) -> None:
            if self.role:
                self.answer = gap(handle, self.role, held=self.held)
                self.shown = shown(self.answer, plan(handle, self.role, held=self.held))

    there = described(handle)
    first = handle.resolve(role, "role").iri if role else there[0][0] if there else ""
    names = [handle.resolve(name, "skill", "tool", "certification").iri for name in held]
    return Explorer(roles=there, role=first, held=names)


def described(handle: Handle) -> list[tuple[str, str]]:
    """Return the roles that require anything, as (IRI, label), by label."""
    whole = handle.whole
    found = (whole.named[iri] for iri in whole.requirements.roles)
    return sorted(((node.iri, node.label) for node in found), key=lambda role: (role[1].casefold(), role[0]))


def shown(missing: Gap, steps: Answer) -> dict[str, Any]:  # plain values, ready for JSON
    """Return what the widget shows of the two answers: text, tables, what can be ticked, and the picture."""
    from kg.views import still
    from kg.views.drawing import scene_of

    drawn = still.svg(scene_of(missing), words=False)
    return {
        "gap": str(missing),
        "plan": str(steps),
        "coverage": missing.gaps[0].coverage,
        "items": sorted({(row["iri"], row["label"]) for row in missing.rows()}, key=lambda item: item[1].casefold()),
        "sections": [
            {"title": part.title, "header": part.header, "rows": part.rows, "note": part.note}
            for part in steps.sections()
        ],
        "picture": "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode(),
    }
