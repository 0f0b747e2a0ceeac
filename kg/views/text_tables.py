"""Text: an answer as a person reads it where it is piped; `kg.views.screens` has what a terminal shows."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model.answers import Answer, Section

__all__ = ["arranged", "clean", "plain_text", "table_text", "wrap_text"]

PLAIN_WIDTH = 120


def clean(text: str) -> str:
    r"""Return text without control characters, which a terminal would obey.

    Examples
    --------
    >>> clean("a\x1b[2Jb")
    'a[2Jb'
    """
    return "".join(char for char in text if char == "\n" or char.isprintable() or char == "\t")


def _widths(section: Section, width: int) -> list[int]:
    """Return the widths of columns.

    A column is as wide as its widest cell where there is room; else the widest narrow, down to their longest word.
    """
    cells = [tuple(map(clean, row)) for row in (section.header, *section.rows)]
    widths = [max(1, *(len(row[i]) for row in cells)) for i in range(len(section.header))]
    floors = [max((len(word) for row in cells for word in row[i].split()), default=1) for i in range(len(widths))]
    room = max(width - 2 * (len(widths) - 1), 8 * len(widths))
    while sum(widths) > room:
        narrowable = [i for i in range(len(widths)) if widths[i] > floors[i]]
        if not narrowable:
            break
        widths[max(narrowable, key=lambda i: (widths[i], -i))] -= 1
    return widths


def wrap_text(text: str, width: int) -> list[str]:
    """Return text in lines; a word is never broken, since paths, addresses and IRIs are there to be copied."""
    from textwrap import wrap

    return wrap(clean(text), width, break_on_hyphens=False, break_long_words=False) or [""]


def arranged(answer: Answer) -> tuple[Section, ...]:
    """Return the sections of an answer, those about what is left out last."""
    return tuple(sorted((*answer.sections(), *answer.notes()), key=lambda section: section.aside))


def plain_text(answer: Answer, *, width: int = PLAIN_WIDTH) -> str:
    """Return an answer as plain text: its sentence, then every section as an aligned table."""
    parts = ["\n".join(line for said in (str(answer), answer.next_step) if said for line in wrap_text(said, width))]
    for section in arranged(answer):
        lines = [clean(section.title)] if section.title else []
        if section.rows:
            lines += _table(section, width)
        if section.note:
            lines += wrap_text(section.note, width)
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _table(section: Section, width: int) -> list[str]:
    widths = _widths(section, width)
    lines = []
    if any(section.header):
        lines.append(_line([[clean(cell)] for cell in section.header], widths, 0))
        lines.append("  ".join("-" * w for w in widths))
    for row in section.rows:
        wrapped = [wrap_text(cell, w) for cell, w in zip(row, widths, strict=True)]
        lines += [_line(wrapped, widths, i) for i in range(max(map(len, wrapped)))]
    return [line.rstrip() for line in lines]


def _line(cells: Sequence[Sequence[str]], widths: Sequence[int], index: int) -> str:
    return "  ".join((cell[index] if index < len(cell) else "").ljust(w) for cell, w in zip(cells, widths, strict=True))


def table_text(answer: Answer, *, width: int = PLAIN_WIDTH) -> str:
    """Return the rows of an answer as one plain table, a column for each field."""
    from kg.model.answers import text

    rows = answer.rows()
    if not rows:
        return clean(f"{answer}\n")
    header = tuple(rows[0])
    body = tuple(tuple(text(row[name]) for name in header) for row in rows)
    natural = sum(max(len(line[i]) for line in (header, *body)) + 2 for i in range(len(header)))
    return "\n".join(_table(Section(header=header, rows=body), max(width, natural))) + "\n"
