"""How large things are drawn: the same in a page and in a still.

Views need it to leave room for words; whatever draws a scene needs it to keep to that room. Text is measured without a
font, by classes of letters after a wide one (DejaVu Sans), so a label in a narrower font never needs more room than it
was given, and the same scene comes out on a machine without any font. What sign each kind has: `kg.model.signs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import category, east_asian_width

from kg.views.scene import Mark

__all__ = [
    "LABEL",
    "NOTE",
    "ROW",
    "WRAP",
    "Box",
    "bare",
    "box",
    "cut",
    "wrapped",
    "radius",
    "row_height",
    "text_width",
]

#: Font sizes in pixels at zoom 1, and the height of a line of each.
LABEL, NOTE = 13.0, 11.0
LABEL_LINE, NOTE_LINE = 16.0, 14.0
#: Distance of rows of marks with their words beside them: without notes; `row_height` has it with them.
ROW = 26.0
#: Most pixels of a line of a label below a mark, and of a label beside one.
WRAP, BESIDE = 150.0, 250.0
#: Between a mark and its words, and around them.
GAP = 6.0

_NARROW = frozenset("iljItf.,:;'|!()[] \u00b7`°")
_WIDE = frozenset("mwMW@%&…—")


def bare(text: str) -> str:
    r"""Return a text on one line, without control characters and those that turn the direction of writing.

    Examples
    --------
    >>> bare("a\u202eb\n c")
    'ab c'
    """
    text = text.replace("\ufffe", "").replace("\uffff", "")  # not allowed in XML
    kept = "".join(
        " " if c.isspace() else "" if category(c) in ("Cc", "Cf", "Cs") and c != "\u200d" else c for c in text
    )
    return " ".join(kept.split())


@cache
def _advance(letter: str) -> float:
    if letter in _NARROW:
        return 0.36
    if east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 1.05
    if category(letter) in ("Mn", "Me"):
        return 0.0
    if letter in _WIDE:
        return 1.0
    return 0.70 if letter.isupper() else 0.62


def text_width(text: str, size: float = LABEL) -> float:
    """Return about how many pixels a text takes, rather too many than too few.

    Examples
    --------
    >>> text_width("Python") < text_width("PyTorch") < text_width("机器学习机器学习")
    True
    """
    return round(size * sum(map(_advance, text)), 1)


def cut(text: str, width: float, size: float = LABEL) -> str:
    """Return as much of a text as fits a width, with … where it was cut.

    Examples
    --------
    >>> cut("Natural language processing", 90)
    'Natural lan…'
    """
    text = bare(text[:400])
    if text_width(text, size) <= width:
        return text
    room, kept = width - text_width("…", size), 0
    used = 0.0
    for letter in text:
        used += size * _advance(letter)
        if used > room:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def wrapped(mark: Mark) -> tuple[str, ...]:
    """Return the lines of a mark's label as they are drawn: one beside it; below it at most two.

    Inside a disc each part of the label between dots has a line.

    Examples
    --------
    >>> wrapped(Mark("a", "Microsoft Certified: Azure AI Fundamentals", "certification", 0, 0))
    ('Microsoft Certified:', 'Azure AI Fundamen…')
    """
    text = bare(mark.label[:400])
    if mark.size:
        return tuple(cut(part, WRAP) for part in text.split(" · "))
    if mark.beside:
        return (cut(text, BESIDE),)
    if text_width(text) <= WRAP:
        return (text,)
    first: list[str] = []
    words = text.split()
    while words and text_width(" ".join([*first, words[0]])) <= WRAP:
        first.append(words.pop(0))
    if not first:  # one word too long for a line
        return (cut(text, WRAP),)
    return " ".join(first), cut(" ".join(words), WRAP)


def radius(mark: Mark) -> float:
    """Return how far a mark reaches from its centre."""
    if mark.size:
        return mark.size
    if mark.is_cluster:
        return round(16 + 14 * mark.weight, 1)
    return round((5 + 4 * mark.weight) if mark.beside else (7 + 9 * mark.weight), 1)


def row_height(notes: bool) -> float:
    """Return the distance of rows of marks with their words beside them, with or without notes below the labels."""
    return ROW + NOTE_LINE if notes else ROW


@dataclass(frozen=True, slots=True)
class Box:
    """The room that a mark and its words take."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two have a point within in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def box(mark: Mark) -> Box:
    """Return the room that a mark and its words take."""
    r = radius(mark)
    if mark.size:
        return Box(mark.x - r, mark.y - r, mark.x + r, mark.y + r)
    lines = wrapped(mark)
    note = cut(mark.note, BESIDE if mark.beside else WRAP, NOTE) if mark.note else ""
    wide = max(*(text_width(line) for line in lines), text_width(note, NOTE))
    if mark.beside:
        half = max(r, LABEL_LINE / 2)
        return Box(mark.x - r, mark.y - half, mark.x + r + GAP + wide, mark.y + half + (NOTE_LINE if note else 0))
    high = LABEL_LINE * len(lines) + (NOTE_LINE if note else 0)
    half = max(r, wide / 2)
    return Box(mark.x - half, mark.y - r, mark.x + half, mark.y + r + GAP / 2 + high)
