"""One screen: an answer as a terminal shows it, no higher than it is.

First the sentence and what to do, then of each section as many rows as there is room for, each on one line, what is
left out last and shortest, and how to see the rest. It is laid out from what an answer declares (`Answer.sections`,
`Answer.next_step`, `Section.aside`), so that every answer has it. An answer that fits is shown whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from kg.model.answers import Answer, Section, counted
from kg.model.signs import STATUS_SIGNS
from kg.views.text_tables import arranged, clean, wrap_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["print_screen"]

#: A section that is opened shows so many rows, if it has them, before another gets more.
_FIRST = 3
#: Of a terminal, the share that the sentence may take.
_SENTENCE = 3
#: What is read with no column narrower than this.
_NARROW = 6
#: The lines that what to do may take.
_ADVICE = 2
_REST = "--all shows everything here, -o FILE.html, .md, .csv or .xlsx keeps it, --format json is for programs."

Line = list[tuple[str, str]]  # texts with their styles


def print_screen(answer: Answer, stream: TextIO, *, width: int, height: int | None) -> None:
    """Print an answer to a terminal, in colour.

    Parameters
    ----------
    width
        Columns of the terminal.
    height
        Its rows, of which one is left for the prompt; None prints the answer whole.
    """
    from rich.console import Console

    console = Console(file=stream, width=width, highlight=False)
    rows = sum(len(section.rows) + 1 for section in arranged(answer))
    if height is None or rows < height:
        with console.capture() as whole:
            _print_whole(answer, console)
        if height is None or whole.get().count("\n") < height:
            stream.write(whole.get())
            return
    for line in _screen(answer, width, height - 1):
        console.print(_styled(line), no_wrap=True, overflow="ellipsis", crop=True)


def _styled(line: Line) -> Text:
    from rich.text import Text

    return Text.assemble(*line)


def _print_whole(answer: Answer, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print(Text(clean(str(answer)), style="bold"))
    if answer.next_step:
        console.print(Text(clean(answer.next_step)))
    for section in arranged(answer):
        console.print()
        if section.title:
            console.print(Text(clean(section.title), style="bold cyan"))
        if section.rows:
            table = Table(
                box=None, show_header=any(section.header), header_style="dim", pad_edge=False, padding=(0, 2, 0, 0)
            )
            for cell in section.header:
                table.add_column(Text(clean(cell)), overflow="fold")
            for row in section.rows:
                table.add_row(*(Text(clean(cell), style=_style(cell)) for cell in row))
            console.print(table)
        if section.note:
            console.print(Text(clean(section.note), style="dim"))


def _in_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(clean(text).split())


def _style(cell: str) -> str:
    return STATUS_SIGNS[cell].terminal if cell in STATUS_SIGNS else ""


@dataclass
class _Part:
    """A section on a screen: closed to one line, or open with some of its lines."""

    section: Section
    width: int
    shown: int = 0

    @cached_property
    def words(self) -> list[str]:
        """The lines of a note that stands alone."""
        return wrap_text(self.section.note, self.width) if self.section.note and not self.section.rows else []

    @property
    def total(self) -> int:
        return len(self.section.rows) or len(self.words)

    @property
    def height(self) -> int:
        """Lines that it takes; where it is open, the empty one before it too."""
        if not self.shown:
            return 1
        note = bool(self.section.note and self.section.rows and self.shown == self.total)
        header = bool(self.section.rows and any(self.section.header))
        return 1 + bool(self.section.title) + header + self.shown + note

    def opened(self, shown: int) -> int:
        """Lines more that it would take with so many rows."""
        return _Part(self.section, self.width, shown).height - self.height

    def lines(self) -> list[Line]:
        section = self.section
        title = _in_line(section.title)
        if not self.shown:
            first = _in_line(section.note or " ".join(section.rows[0] if section.rows else ()))
            return [[(title, "cyan"), (f": {first}" if title and self.words else "" if title else first, "dim")]]
        some = f" – the first {self.shown}" if section.rows and self.shown < self.total else ""
        lines: list[Line] = [[]]
        if title:
            lines.append([(title, "bold cyan"), (some, "dim")])
        if not section.rows:
            words = self.words[: self.shown]
            if self.shown < self.total:
                words[-1] = f"{words[-1][: self.width - 2]} …"
            return [*lines, *([(line, "")] for line in words)]
        rows = section.rows[: self.shown]
        widths = _widths((section.header, *rows), self.width)
        if any(section.header):
            lines.append([(cell, "dim") for cell in _cells(section.header, widths)])
        lines += [[(cell, _style(whole)) for cell, whole in zip(_cells(row, widths), row, strict=True)] for row in rows]
        if section.note and self.shown == self.total:
            lines.append([(_in_line(section.note), "dim")])
        return lines


def _screen(answer: Answer, width: int, height: int) -> list[Line]:
    """Return the lines of an answer that is higher than a terminal, at most so many."""
    head: list[Line] = [[(line, "bold")] for line in _within(str(answer), width, max(2, height // _SENTENCE))]
    if answer.next_step:
        head += [[(line, "")] for line in _within(answer.next_step, width, _ADVICE)]
    parts = [_Part(section, width) for section in arranged(answer)]
    lines = sum(part.total for part in parts)
    most = max(1, height - len(head) - 1)
    # an empty line before the rest, one before what is closed
    room = height - len(head) - len(_rest(lines, width, most)) - 2
    kept = parts[: max(room, 0)]
    telling = [part for part in kept if not part.section.aside]
    room -= len(kept)
    for part in telling:
        for shown in range(min(_FIRST, part.total), 0, -1):
            if (more := part.opened(shown)) <= room:
                part.shown, room = shown, room - more
                break
    grew = True
    while grew:
        grew = False
        for part in telling:
            if 0 < part.shown < part.total and (more := part.opened(part.shown + 1)) <= room:
                part.shown, room, grew = part.shown + 1, room - more, True
    body: list[Line] = []
    closed = False
    for part in kept:
        if not part.shown and not closed:
            body, closed = [*body, []], True
        body += part.lines()
    return [*head, *body, [], *_rest(lines - sum(part.shown for part in parts), width, most)]


def _rest(lines: int, width: int, most: int) -> list[Line]:
    """Return how to see the rest, in at most so many lines."""
    return [[(line, "dim")] for line in _within(f"{counted(lines, 'line')} more. {_REST}", width, most)]


def _within(text: str, width: int, most: int) -> list[str]:
    """Return text in at most so many lines."""
    lines = wrap_text(text, width)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: width - 2]} …"]


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of columns of one line each: what does not fit is cut where it is widest, names last."""
    from rich.cells import cell_len

    widths = [max(1, *(cell_len(_in_line(row[i])) for row in rows)) for i in range(len(rows[0]))]
    room = width - 2 * (len(widths) - 1)
    while (over := sum(widths) - room) > 0:
        others = [i for i in range(1, len(widths)) if widths[i] > _NARROW]
        widest = max(others or range(len(widths)), key=lambda i: (widths[i], -i))
        if widths[widest] <= 1:
            break
        widths[widest] -= min(over, max(1, widths[widest] // 20))
    return widths


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Return the cells of a row, each as wide as its column, with what lies between them."""
    from rich.cells import cell_len, set_cell_size

    cells = []
    for cell, width in zip(row, widths, strict=True):
        text = _in_line(cell)
        if cell_len(text) > width:
            text = set_cell_size(text, width - 1) + "…"
        cells.append(set_cell_size(text, width) + "  ")
    return [*cells[:-1], cells[-1].rstrip()]
