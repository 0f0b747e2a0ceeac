"""The elements of an SVG as strings: text, lines and marks. `kg.views.still` puts pictures together from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from math import hypot

from kg.model.signs import FILLS, LINE_SIGNS, SHAPES, fill_of, kind_sign, mixed
from kg.views.geometry import (
    GAP,
    LABEL,
    LABEL_LINE,
    NOTE,
    NOTE_LINE,
    WRAP,
    bare,
    box,
    cut,
    radius,
    text_width,
    wrapped,
)
from kg.views.scene import Line, Mark

__all__ = [
    "INK",
    "PALE",
    "PAPER",
    "SOFT",
    "STROKE",
    "bar",
    "dashes",
    "figure",
    "line_between",
    "mark_with_words",
    "number",
    "unstyled",
    "shape_of",
    "text_at",
]

INK, SOFT, PALE, STROKE, PAPER = "#1b1f24", "#57606a", "#d0d7de", "#8b96a3", "#ffffff"
#: Letters of a title or a description, at most.
_LONGEST = 1000


def number(value: float) -> str:
    """Return a number as short as it can be written, to a tenth.

    Examples
    --------
    >>> number(12.04), number(-0.25), number(123456.7)
    ('12', '-0.2', '123457')
    """
    return f"{round(value, 1):g}" if abs(value) < 1e5 else str(round(value))


def unstyled(value: str) -> str:
    """Return a text as it may stand in an element, of a length that can be read."""
    found = bare(value[:_LONGEST])
    return escape(found + "…" if len(value) > _LONGEST else found)


def text_at(
    text: str, x: float, y: float, size: float, colour: str = SOFT, *, middle: bool = False, more: str = ""
) -> str:
    """Return a text element; ``more`` has further attributes."""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}"{anchor} font-size="{number(size)}" fill="{colour}"{more}>'
        f"{escape(text)}</text>"
    )


def dashes(dash: Iterable[float]) -> str:
    """Return the attribute of a dashed stroke, with a space before it; nothing for a solid one.

    Examples
    --------
    >>> dashes((6, 4)), dashes(())
    (' stroke-dasharray="6 4"', '')
    """
    lengths = " ".join(map(number, dash))
    return f' stroke-dasharray="{lengths}"' if lengths else ""


def line_between(line: Line, start: Mark, end: Mark) -> str:
    """Return a line from the rim of one mark to that of the other, with a head where it has one.

    To and from marks with words beside them it leaves and arrives level.
    """
    (x1, y1), (x2, y2) = _rim(start, end, 2), _rim(end, start, 3)
    length = max(hypot(x2 - x1, y2 - y1), 1e-6)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bent = abs(ux) > 0.4 and (start.beside or end.beside)
    half = (x2 - x1) / 2
    control = f"C{number(x1 + half)} {number(y1)} {number(x2 - half)} {number(y2)} " if bent else "L"
    path = f"M{number(x1)} {number(y1)}{control}{number(x2)} {number(y2)}"
    drawn = f'<path d="{path}" stroke-width="{number(0.6 + 2.4 * line.weight)}"{dashes(LINE_SIGNS[line.style].dash)}/>'
    if not line.arrow:
        return drawn
    hx, hy = (1.0 if ux > 0 else -1.0, 0.0) if bent else (ux, uy)
    corners = ((x2, y2), (x2 - 7 * hx + 3 * hy, y2 - 7 * hy - 3 * hx), (x2 - 7 * hx - 3 * hy, y2 - 7 * hy + 3 * hx))
    points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
    return f'{drawn}<polygon points="{points}" fill="{STROKE}" stroke="none"/>'


def _rim(mark: Mark, other: Mark, gap: float) -> tuple[float, float]:
    """Return where a line to another mark leaves this one: its rim, or the end of the words beside it."""
    reach = radius(mark) + gap
    if mark.beside:
        end = box(mark).right + gap
        if other.x > end:
            return end, mark.y
        if other.x < mark.x - reach:
            return mark.x - reach, mark.y
        return mark.x, mark.y + (reach if other.y > mark.y else -reach)
    dx, dy = other.x - mark.x, other.y - mark.y
    length = max(hypot(dx, dy), 1e-6)
    return mark.x + dx / length * reach, mark.y + dy / length * reach


def mark_with_words(mark: Mark) -> Iterator[str]:
    """Yield the elements of a mark: its name on hovering, its figure, its words."""
    hover = " · ".join(part[:200] for part in (mark.label, mark.kind, mark.group, mark.status) if part)
    yield f"<g><title>{unstyled(hover)}</title>"
    yield figure(mark)
    yield from _words_inside(mark) if mark.size else _words_around(mark)
    yield "</g>"


def figure(mark: Mark, scale: float = 1.0) -> str:
    """Return the figure of a mark, filled as its status says (`kg.model.signs.STATUS_SIGNS`)."""
    sign = kind_sign(mark.kind)
    colour = sign.light
    if mark.size:
        return (
            f'<circle cx="{number(mark.x)}" cy="{number(mark.y)}" r="{number(mark.size)}" fill="{colour}" '
            f'fill-opacity=".14" stroke="{colour}" stroke-width="3"/>'
        )
    shape = shape_of(sign.shape, mark.x, mark.y, radius(mark) * scale)
    fill = FILLS[fill_of(mark.status, mark.group)]
    return f'{shape} fill="{mixed(colour, fill.share)}" stroke="{colour}" stroke-width="1.5"{dashes(fill.dash)}/>'


def bar(mark: Mark) -> str:
    """Return a pale bar in the place of the words beside a mark."""
    start, end = mark.x + radius(mark) * 1.6 + GAP * 2, max(box(mark).right - GAP, mark.x + 30)
    path = f"M{number(start)} {number(mark.y)}H{number(end)}"
    return f'<path d="{path}" stroke="{PALE}" stroke-width="9" stroke-linecap="round"/>'


def shape_of(shape: str, x: float, y: float, r: float) -> str:
    """Return the opening of an element of a shape, which reaches about as far as a circle of that radius."""
    if shape == "dot":
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}"'
    points = " ".join(f"{number(x + right)},{number(y + down)}" for right, down in SHAPES[shape].points(r))
    return f'<polygon points="{points}"'


def _words_around(mark: Mark) -> Iterator[str]:
    """Yield label and note beside or below a mark, with a pale rim so that lines do not strike them through."""
    halo = f' paint-order="stroke" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round"'
    r, middle = radius(mark), not mark.beside
    x, y = (mark.x + r + GAP, mark.y + LABEL * 0.35) if mark.beside else (mark.x, mark.y + r + GAP / 2 + LABEL)
    heavy = ' font-weight="600"' if mark.weight >= 0.95 else ""
    for line in wrapped(mark):
        yield text_at(line, x, y, LABEL, INK, middle=middle, more=heavy + halo)
        y += LABEL_LINE
    if mark.note:
        note = cut(mark.note, box(mark).right - mark.x if mark.beside else WRAP, NOTE)
        yield text_at(note, x, y - LABEL_LINE + NOTE_LINE, NOTE, middle=middle, more=halo)


def _words_inside(mark: Mark) -> Iterator[str]:
    """Yield the label of a cluster for its disc, as large as there is room."""
    lines, r = wrapped(mark), mark.size
    wide = max(text_width(line, 1.0) for line in lines)
    size = max(LABEL, min(r / 4.5, 1.7 * r / max(wide, 1.0), 0.9 * r / len(lines)))
    y = mark.y - size * (len(lines) - 1) / 2
    for line in lines:
        more = ' font-weight="600"' if line == lines[0] else ""
        yield text_at(line, mark.x, y, size, INK, middle=True, more=more)
        y += size * 1.2
    if mark.note:
        yield text_at(cut(mark.note, 1.7 * r, size * 0.7), mark.x, y, size * 0.7, middle=True)
