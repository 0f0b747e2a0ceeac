"""Cells: an answer or a page as a notebook shows it, in one piece of HTML that degrades well.

In a trusted notebook a reader sees the interactive page, in a frame of an origin of its own, which can neither read nor
run anything of the notebook; the table is below, folded away. An untrusted notebook, and a site that shows notebooks,
take frames and styles out of the HTML. What is left is then the sentence, a still picture and the same table. The still
is hidden by a style, and only by that: where the style is gone so is the frame, so nobody sees the picture twice.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from kg.model.answers import Section, section_html
from kg.model.errors import MissingExtra

if TYPE_CHECKING:
    from kg.views.scene import Scene

__all__ = ["frame", "page_cell", "writable"]

#: What a page in a notebook cell may do: run its own script, open a link in a tab of its own, save a picture.
SANDBOX = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
#: Rows of a section in a cell; the answer has them all.
MOST_ROWS = 200
#: Widths of the still, in pixels, the first whose PNG has so few bytes is taken.
_WIDTHS, _MOST_BYTES = (480, 360), 64_000

_STYLE = "<style>.career-kg-still{display:none}</style>"


def frame(html: str, *, title: str = "Interactive picture") -> str:
    """Return a page in a frame that keeps it apart from what is around it; a reader may drag it higher."""
    return (
        f'<iframe srcdoc="{escape(html)}" sandbox="{SANDBOX}" title="{escape(title)}" width="100%" height="640" '
        'loading="lazy" style="border: 0; resize: vertical"></iframe>'
    )


def page_cell(html: str, scene: Scene | None) -> str:
    """Return a page for a cell: its frame, and of its scene what is left where frames are taken out."""
    if scene is None:
        return frame(html)
    answer = scene.answer
    sentence = f"<p><strong>{escape(str(answer))}</strong></p>"
    tables = "".join(map(section_html, map(_shortened, (*answer.sections(), *answer.notes()))))
    folded = f"<details><summary>The answer as a table</summary>{tables}</details>" if tables else ""
    still = f'<div class="career-kg-still">{sentence}{_still(scene)}</div>'
    return writable(f"{_STYLE}{frame(html, title=scene.title)}{still}{folded}")


def writable(text: str) -> str:
    """Return a text that can be saved: half a character, which a label may hold, cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _shortened(section: Section) -> Section:
    """Return a section with no more rows than a cell shows."""
    more = len(section.rows) - MOST_ROWS
    if more <= 0:
        return section
    note = f"{section.note} {more} more rows: .rows() and .to_frame() have them.".strip()
    return replace(section, rows=section.rows[:MOST_ROWS], note=note)


def _still(scene: Scene) -> str:
    """Return the still picture as an image with its data inside; nothing where it cannot be drawn, or is too large."""
    from kg.views.still import png

    try:
        for width in _WIDTHS:
            drawn = png(scene, width=width, words=False)
            if len(drawn) <= _MOST_BYTES:
                data = b64encode(drawn).decode()
                return f'<img src="data:image/png;base64,{data}" alt="{escape(scene.title)}" width="{width}">'
    except MissingExtra:
        return ""
    return ""
