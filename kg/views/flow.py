"""A board as SVG: the components of `kg.views.board` in a simple flow from top to bottom, as wide as a slide.

The groups, their order, what is filled and every count are those of the page. Text is measured as everywhere in a
still (`kg.views.geometry`), so that it needs no font.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kg.model.signs import TONES
from kg.views.board import (
    BarPart,
    Block,
    BoardTable,
    Chip,
    ChipColumns,
    ChipGroup,
    FactCard,
    Lanes,
    RankedBars,
    SetMatrix,
    ShareBar,
    StepColumns,
    ToldGroups,
    ToldRow,
)
from kg.views.geometry import cut, text_width
from kg.views.strokes import INK, PALE, PAPER, SOFT, number, text_at

__all__ = ["CHIEF", "EXAM", "EXAM_EDGE", "LANE", "READY", "READY_EDGE", "WIDE", "board_svg"]

#: How wide a board is in a still.
WIDE = 1392.0
_SMALL, _BODY, _HEAD = 13.0, 14.0, 16.0
_CHIP, _GAP, _PAD, _BETWEEN = 24.0, 4.0, 12.0, 12.0
#: Room that bold letters leave, of what is measured for others.
_BOLD = 0.92
_HEAVY = ' font-weight="600"'
#: Of what can start tomorrow.
READY, READY_EDGE = "#fff4cc", "#8a6d00"
#: Of an exam among the steps.
EXAM, EXAM_EDGE = "#fdeee4", "#9a3d00"
#: Of the stops of a chain; of the chief facts of a card.
LANE, CHIEF = "#0a5ea8", "#e9f1f8"
#: Rows of a table that a still shows; the page has them all.
_MOST_ROWS = 20


@dataclass
class Canvas:
    """What has been drawn so far, and how far down that reaches.

    Attributes
    ----------
    words
        Whether text is written; a thumbnail has none.
    """

    words: bool = True
    parts: list[str] = field(default_factory=list)

    def rect(
        self, x: float, y: float, wide: float, high: float, fill: str, *, stroke: str = "", corner: float = 4
    ) -> None:
        """Draw a box."""
        edge = f' stroke="{stroke}"' if stroke else ""
        self.parts.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}" '
            f'rx="{number(corner)}" fill="{fill}"{edge}/>'
        )

    def text(
        self, text: str, x: float, y: float, size: float, colour: str, *, middle: bool = False, heavy: bool = False
    ) -> None:
        """Write a text, where there are words."""
        if self.words and text:
            self.parts.append(text_at(text, x, y, size, colour, middle=middle, more=_HEAVY if heavy else ""))


def board_svg(board: Iterable[Block], *, words: bool = True) -> tuple[list[str], float]:
    """Return the elements of a board that begins at (0, 0) and is `WIDE`, and its height."""
    canvas, y = Canvas(words), 0.0
    for block in board:
        y = _DRAWN[block.kind](canvas, block, y) + _BETWEEN
    return canvas.parts, max(y - _BETWEEN, 0.0)


def _bar(canvas: Canvas, block: ShareBar, y: float) -> float:
    parts = [part for part in block.parts if part.count]
    x, high = 0.0, 44.0
    for part, wide in zip(parts, _shares([part.count for part in parts], WIDE, 2.0), strict=True):
        canvas.rect(x, y, wide, high, TONES[part.tone].light, corner=3)
        said = _bar_words(part, wide - 12)
        canvas.text(said, x + wide / 2, y + high / 2 + 5, _HEAD, PAPER, middle=True, heavy=True)
        x += wide + 2.0
    return y + high


def _bar_words(part: BarPart, room: float) -> str:
    said = f"{part.count} {part.label}"
    return cut(said, room, _HEAD) if room > 60 else str(part.count)


def _shares(sizes: Sequence[int], wide: float, gap: float, least: float = 0.0) -> list[float]:
    """Return how wide parts are that share a width by their sizes, none narrower than the least."""
    room = wide - gap * (len(sizes) - 1)
    found = [room * size / sum(sizes) for size in sizes]
    low = [i for i, one in enumerate(found) if one < least]
    if low and len(low) < len(sizes):
        rest = sum(size for i, size in enumerate(sizes) if i not in low)
        found = [least if i in low else (room - least * len(low)) * size / rest for i, size in enumerate(sizes)]
    return found


def _chip_columns(canvas: Canvas, block: ChipColumns, y: float) -> float:
    widths = _shares([column.size for column in block.columns], WIDE, _BETWEEN, 200.0)
    rooms, bottoms = list(zip(block.columns, widths, strict=True)), []
    for column, wide in rooms:  # once without drawing, since the tint lies under it and is as high as the highest
        bottoms.append(_groups(Canvas(words=False), column.groups, 0.0, y + 30, wide - 2 * _PAD, column.tone))
    bottom, x = max(bottoms, default=y) + _PAD, 0.0
    for column, wide in rooms:
        tone = TONES[column.tone]
        canvas.rect(x, y, wide, bottom - y, tone.light_tint, corner=8)
        head = f"{column.title}  {column.count}"
        canvas.text(cut(head, wide - 2 * _PAD, _HEAD), x + _PAD, y + 22, _HEAD, tone.light, heavy=True)
        _groups(canvas, column.groups, x + _PAD, y + 30, wide - 2 * _PAD, column.tone)
        x += wide + _BETWEEN
    return _key(canvas, block, bottom)


def _groups(canvas: Canvas, groups: Iterable[ChipGroup], x: float, y: float, wide: float, tone: str) -> float:
    for group in groups:
        canvas.text(
            f"{group.title[:1].upper()}{group.title[1:]}  {len(group.chips)}", x, y + 14, _SMALL, SOFT, heavy=True
        )
        y = _chips(canvas, (*group.strong, *group.pale), x, y + 20, wide, tone) + 6
    return y


def _chips(canvas: Canvas, chips: Iterable[Chip], x: float, y: float, wide: float, tone: str) -> float:
    """Draw chips in rows, and return where they end."""
    at, colour = x, TONES[tone].light
    for chip in chips:
        label = cut(f"{chip.label} {chip.note}".strip(), wide - 16, _SMALL)
        long = text_width(label, _SMALL) + 16
        if at > x and at + long > x + wide:
            at, y = x, y + _CHIP + _GAP
        canvas.rect(at, y, long, _CHIP, colour if chip.strong else PAPER, stroke=colour)
        canvas.text(label, at + long / 2, y + 16.5, _SMALL, PAPER if chip.strong else colour, middle=True)
        at += long + _GAP
    return y + _CHIP


def _key(canvas: Canvas, block: ChipColumns | SetMatrix, y: float) -> float:
    """Write what a filled and an open chip mean, where there are both."""
    if not block.pale:
        return y
    if canvas.words:
        _chips(canvas, (Chip("", block.strong), Chip("", block.pale, strong=False)), 0.0, y + 8, WIDE, "plain")
    return y + 8 + _CHIP


def _table(canvas: Canvas, block: BoardTable, y: float) -> float:
    if not canvas.words:
        return y
    canvas.text(cut(block.title, WIDE, _HEAD), 0.0, y + 20, _HEAD, INK, heavy=True)
    wide = [max(text_width(row[i].text, _SMALL) for row in block.rows) + 24 for i in range(len(block.header))]
    wide = [max(one, text_width(name, _SMALL) + 24) for one, name in zip(wide, block.header, strict=True)]
    wide = [one * min(1.0, WIDE / sum(wide)) for one in wide]
    y += 30
    for i, row in enumerate((block.header, *([cell.text for cell in row] for row in block.rows[:_MOST_ROWS]))):
        x = 0.0
        for cell, room in zip(row, wide, strict=True):
            canvas.text(cut(cell, room - 16, _SMALL), x, y + 16, _SMALL, SOFT if i else INK, heavy=not i)
            x += room
        y += 24
        canvas.parts.append(f'<path d="M0 {number(y)}H{number(WIDE)}" stroke="{PALE}"/>')
    left = len(block.rows) - _MOST_ROWS
    if left > 0:
        canvas.text(f"and {left} more, which the page has", 0.0, y + 18, _SMALL, SOFT)
        y += 24
    return y


def _sets(canvas: Canvas, block: SetMatrix, y: float) -> float:
    names, bars = 260.0, 160.0
    left = names + bars + 24
    for row in block.rows:
        tone_name = "both" if all(row.members) else "left" if sum(row.members) > 1 else "plain"
        tone = TONES[tone_name]
        high = len(block.names) * 20 + 12.0
        bottom = max(y + high, _groups(Canvas(words=False), row.groups, left, y + 4, WIDE - left - _PAD, tone_name) + 4)
        canvas.rect(0.0, y, WIDE, bottom - y, tone.light_tint, corner=8)
        for i, (name, has) in enumerate(zip(block.names, row.members, strict=True)):
            fill = tone.light if has else PAPER
            at = y + 16 + 20 * i
            canvas.parts.append(f'<circle cx="18" cy="{number(at)}" r="5" fill="{fill}" stroke="{tone.light}"/>')
            canvas.text(cut(name, names - 40, _BODY), 32, at + 5, _BODY, INK if has else SOFT, heavy=has)
        canvas.rect(names, y + high / 2 - 9, max(3.0, (bars - 40) * block.share(row) / 100), 18, tone.light, corner=3)
        canvas.text(
            str(row.count), names + (bars - 40) * block.share(row) / 100 + 8, y + high / 2 + 5, _BODY, INK, heavy=True
        )
        _groups(canvas, row.groups, left, y + 4, WIDE - left - _PAD, tone_name)
        y = bottom + 8
    return _key(canvas, block, y - 8)


def _ranked(canvas: Canvas, block: RankedBars, y: float) -> float:
    tone = TONES[block.tone]
    canvas.text(cut(block.title, WIDE, _HEAD), 0.0, y + 20, _HEAD, INK, heavy=True)
    y += 30
    names, bars, said = 400.0, 160.0, 330.0
    for row in block.rows[:_MOST_ROWS]:
        canvas.text(cut(row.label, names - 16, _SMALL), 0.0, y + 16, _SMALL, INK)
        canvas.rect(names, y + 6, bars, 12, tone.light_tint, corner=3)
        if row.share:
            canvas.rect(names, y + 6, bars * row.share / 100, 12, tone.light, corner=3)
        canvas.text(cut(row.said, said - 16, _SMALL), names + bars + 12, y + 16, _SMALL, INK)
        left = names + bars + said + 12
        canvas.text(cut(f"{row.more} {', '.join(row.things)}".strip(), WIDE - left, _SMALL), left, y + 16, _SMALL, SOFT)
        y += 26
    if len(block.rows) > _MOST_ROWS:
        canvas.text(f"and {len(block.rows) - _MOST_ROWS} more, which the page has", 0.0, y + 16, _SMALL, SOFT)
        y += 24
    return y


def _steps(canvas: Canvas, block: StepColumns, y: float) -> float:
    widths, x, bottom = _shares([column.size for column in block.columns], WIDE, _BETWEEN), 0.0, y
    for column, wide in zip(block.columns, widths, strict=True):
        tone = TONES[column.tone]
        canvas.rect(x, y, wide, 32, tone.light, corner=6)
        head = f"{column.title}  {len(column.steps)}"
        canvas.text(cut(head, wide - 20, _BODY), x + 10, y + 21, _BODY, PAPER, heavy=True)
        room, high = wide / column.size, [42.0 if step.note else 24.0 for step in column.steps]
        most, top, left = -(-sum(high) // column.size), y + 38, x
        for step, tall in zip(column.steps, high, strict=True):
            if top - y - 38 >= most:
                left, top = left + room, y + 38
            if step.note or step.ready:
                fill, edge = (EXAM, EXAM_EDGE) if step.note else (READY, READY_EDGE)
                canvas.rect(left, top, room - 6, tall - 2, fill, stroke=edge)
            heavy = step.strong or bool(step.note)
            canvas.text(str(step.number), left + 6, top + 16, _SMALL, SOFT)
            said = cut(step.label, (room - 50) * (_BOLD if heavy else 1), _SMALL)
            canvas.text(said, left + 36, top + 16, _SMALL, INK if heavy else SOFT, heavy=heavy)
            canvas.text(cut(step.note, room - 50, _SMALL), left + 36, top + 33, _SMALL, SOFT)
            if not canvas.words:
                canvas.rect(left + 4, top + 6, min(room - 20, text_width(step.label)), 10, tone.light, corner=3)
            top += tall
            bottom = max(bottom, top)
        x += wide + _BETWEEN
    return bottom


def _told(canvas: Canvas, block: ToldGroups, y: float) -> float:
    """Draw groups in three columns, each below the shortest so far."""
    wide = (WIDE - 2 * _BETWEEN) / 3
    ends = [y] * 3
    for group in block.groups:
        tone, rows = TONES[group.tone], group.rows[:_MOST_ROWS]
        at = min(range(3), key=lambda i: (ends[i], i))
        x, top, left = at * (wide + _BETWEEN), ends[at], len(group.rows) - _MOST_ROWS
        high = 36 + 17 * len(group.lines) + sum(map(_tall, rows)) + (20 if left > 0 else 0)
        canvas.rect(x, top, wide, high, tone.light_tint, corner=8)
        head = f"{group.title}  {len(group.rows)}" if group.rows[0].key else group.title
        canvas.text(cut(head, (wide - 24) * _BOLD, _HEAD), x + _PAD, top + 22, _HEAD, tone.light, heavy=True)
        line = top + 30
        for one in group.lines:
            canvas.text(cut(one, wide - 24, _SMALL), x + _PAD, line + 12, _SMALL, SOFT)
            line += 17
        for row in rows:
            said = f"{row.number} {row.label} {row.note}".strip()
            canvas.text(cut(said, (wide - 24) * _BOLD, _BODY), x + _PAD, line + 15, _BODY, INK, heavy=True)
            if not canvas.words:
                canvas.rect(x + _PAD, line + 6, min(wide - 24, text_width(said)), 10, tone.light, corner=3)
            if row.share:
                canvas.rect(x + _PAD, line + 21, wide - 24, 10, PAPER, corner=3)
                canvas.rect(x + _PAD, line + 21, (wide - 24) * row.share / 100, 10, tone.light, corner=3)
            end = line + _tall(row)
            for i, one in enumerate(reversed(row.lines)):
                canvas.text(cut(one, wide - 24, _SMALL), x + _PAD, end - 8 - 17 * i, _SMALL, SOFT)
            line = end
        if left > 0:
            canvas.text(f"and {left} more, which the page has", x + _PAD, line + 14, _SMALL, SOFT)
        ends[at] = top + high + _BETWEEN
    return max(ends) - _BETWEEN


def _tall(row: ToldRow) -> float:
    return 22.0 + 17 * len(row.lines) + (16 if row.share else 0)


def _lanes(canvas: Canvas, block: Lanes, y: float) -> float:
    for lane in block.lanes:
        canvas.text(cut(f"{lane.title}  {lane.total}", WIDE, _HEAD), 0.0, y + 20, _HEAD, INK, heavy=True)
        x, y = 0.0, y + 32
        last = len(lane.stops) - 1
        for i, stop in enumerate(lane.stops):
            label = cut(stop.label, 260.0, _BODY)
            by = text_width(stop.by, _SMALL) + 40 if stop.by else 0.0
            long = text_width(label, _BODY) + 28
            if x and x + by + long > WIDE:
                x, y = 0.0, y + 48
            if stop.by:
                canvas.text(f"{stop.by}  →", x + by / 2, y + 22, _SMALL, SOFT, middle=True)
            end = i in (0, last)
            canvas.rect(x + by, y, long, 34, LANE if end else PAPER, stroke=LANE, corner=7)
            canvas.text(label, x + by + long / 2, y + 22, _BODY, PAPER if end else INK, middle=True, heavy=True)
            x += by + long
        y += 34 + 2 * _BETWEEN
    return y - 2 * _BETWEEN


def _card(canvas: Canvas, block: FactCard, y: float) -> float:
    if block.chief:
        wide = (WIDE - 8 * (len(block.chief) - 1)) / len(block.chief)
        for i, (name, value) in enumerate(block.chief):
            x = i * (wide + 8)
            canvas.rect(x, y, wide, 58, CHIEF, corner=8)
            canvas.text(cut(name, wide - 28, _SMALL), x + 14, y + 22, _SMALL, SOFT)
            canvas.text(cut(value, wide - 28, _HEAD), x + 14, y + 45, _HEAD, INK, heavy=True)
        y += 66
    if canvas.words:
        for name, value in block.facts:
            canvas.text(cut(name, 190.0, _SMALL), 0.0, y + 16, _SMALL, SOFT)
            canvas.text(cut(value, WIDE - 200, _SMALL), 200.0, y + 16, _SMALL, INK)
            y += 22
    return y


#: How each component is drawn.
_DRAWN: dict[str, Callable[[Canvas, Block, float], float]] = {
    "bar": _bar,  # type: ignore[dict-item]  # each takes its own kind of component
    "chips": _chip_columns,  # type: ignore[dict-item]
    "table": _table,  # type: ignore[dict-item]
    "ranked": _ranked,  # type: ignore[dict-item]
    "steps": _steps,  # type: ignore[dict-item]
    "sets": _sets,  # type: ignore[dict-item]
    "told": _told,  # type: ignore[dict-item]
    "lanes": _lanes,  # type: ignore[dict-item]
    "card": _card,  # type: ignore[dict-item]
}
