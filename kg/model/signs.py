"""The one table of signs: how kinds, statuses and lines look wherever something is drawn.

Pages (to whose scripts it goes as data), stills, cells, the terminal, and the exports that have colours and shapes take
from here. Colours are those of Okabe and Ito, which the colour-blind tell apart; the shape is the second sign. On dark
paper the two that would be hard to see are lighter.

References
----------
M. Okabe and K. Ito, Color Universal Design: How to make figures and presentations that are friendly to colorblind
people (2008).
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import NamedTuple

__all__ = [
    "FILLS",
    "KIND_SIGNS",
    "LINE_SIGNS",
    "NEED",
    "OTHER_KIND",
    "PALE",
    "SHAPES",
    "STATUS_SIGNS",
    "TONES",
    "Fill",
    "KindSign",
    "LineSign",
    "Shape",
    "StatusSign",
    "Tone",
    "fill_of",
    "kind_sign",
    "mixed",
]


class Shape(NamedTuple):
    """A figure, for a mark of radius 1: how many corners (0: a circle), where the first one stands, how far out.

    ``inner`` is how far out the corners between them are, as a star has them; 0 where there are none.
    """

    corners: int
    turn: float
    outer: float
    inner: float
    character: str
    yed: str

    def points(self, radius: float) -> tuple[tuple[float, float], ...]:
        """Return the corners around (0, 0)."""
        reach = (self.outer, self.inner) if self.inner else (self.outer,)
        number = self.corners * len(reach)
        turns = [(radius * reach[i % len(reach)], self.turn + 2 * pi * i / number) for i in range(number)]
        return tuple((out * cos(angle), out * sin(angle)) for out, angle in turns)


#: By the name that vis-network has for it. A figure that is all corners reaches further, to look as large as a circle.
SHAPES = {
    "dot": Shape(0, 0.0, 1.0, 0.0, "●", "ellipse"),
    "square": Shape(4, pi / 4, 1.22, 0.0, "■", "rectangle"),
    "diamond": Shape(4, 0.0, 1.2, 0.0, "◆", "diamond"),
    "star": Shape(5, -pi / 2, 1.35, 0.6, "★", "star5"),
    "triangle": Shape(3, -pi / 2, 1.25, 0.0, "▲", "triangle"),
    "triangleDown": Shape(3, pi / 2, 1.25, 0.0, "▼", "trapezoid2"),
    "hexagon": Shape(6, 0.0, 1.08, 0.0, "⬢", "hexagon"),
}


class KindSign(NamedTuple):
    """How a kind is drawn: the plural of its word, its shape, its colour on light and on dark paper.

    ``brackets`` are those of the nearest shape that Mermaid has.
    """

    plural: str
    shape: str
    light: str
    dark: str
    brackets: tuple[str, str] = ("[", "]")


KIND_SIGNS = {
    "role": KindSign("roles", "dot", "#0072B2", "#3A97D3", ("([", "])")),
    "skill": KindSign("skills", "square", "#009E73", "#009E73"),
    "tool": KindSign("tools", "diamond", "#E69F00", "#E69F00", ("{", "}")),
    "certification": KindSign("certifications", "star", "#D55E00", "#D55E00", ("{{", "}}")),
    "activity": KindSign("activities", "triangleDown", "#56B4E9", "#56B4E9", ("[\\", "/]")),
    "provider": KindSign("providers", "triangle", "#CC79A7", "#CC79A7", ("[/", "\\]")),
    "source": KindSign("sources", "hexagon", "#6B6B6B", "#9A9A9A"),
}
#: Of every other kind.
OTHER_KIND = KindSign("", "hexagon", "#8C8C8C", "#8C8C8C")


def kind_sign(kind: str) -> KindSign:
    """Return how a kind is drawn.

    Examples
    --------
    >>> kind_sign("tool").shape, kind_sign("domain").plural
    ('diamond', 'domains')
    """
    return KIND_SIGNS.get(kind) or OTHER_KIND._replace(plural=f"{kind}s")


class Fill(NamedTuple):
    """How a figure is filled: how much of its colour there is on the paper, 0…1, and the dashes of its edge."""

    share: float
    dash: tuple[float, ...] = ()


FILLS = {"full": Fill(1.0), "half": Fill(0.35, (2.5, 1.5)), "hollow": Fill(0.0)}


class StatusSign(NamedTuple):
    """How a status shows: the fill of a figure, and the colour of the word in a terminal."""

    fill: str
    terminal: str


#: Filled is what can be taken, half filled what can be under a condition, hollow what cannot or might not be there.
STATUS_SIGNS = {
    "active": StatusSign("full", "green"),
    "ending": StatusSign("half", "yellow"),
    "retiring": StatusSign("half", "red"),
    "beta": StatusSign("half", "yellow"),
    "announced": StatusSign("half", "yellow"),
    "planned": StatusSign("hollow", "yellow"),
    "not started": StatusSign("hollow", "yellow"),
    "retired": StatusSign("hollow", "red"),
    "unverified": StatusSign("hollow", "magenta"),
}
#: Of what one asks about, and a source does not have.
_ABSENT = "absent"


def fill_of(status: str, group: str = "") -> str:
    """Return the fill of a mark of a status, in a group of a picture: full where neither says otherwise.

    Examples
    --------
    >>> fill_of("not started"), fill_of("beta"), fill_of(""), fill_of("", "absent")
    ('hollow', 'half', 'full', 'hollow')
    """
    if group == _ABSENT:
        return "hollow"
    return STATUS_SIGNS[status].fill if status in STATUS_SIGNS else "full"


class LineSign(NamedTuple):
    """How a line is drawn, and what that means."""

    dash: tuple[float, ...]
    meaning: str


LINE_SIGNS = {
    "solid": LineSign((), "essential, or stated"),
    "dashed": LineSign((6, 4), "optional"),
    "dotted": LineSign((1.5, 4), "our reading, or derived"),
}
#: Whether something is required, in a word; where nobody says, in none.
NEED = {True: "essential", False: "optional", None: ""}


class Tone(NamedTuple):
    """The colour of a group, and the tint behind it, on light and on dark paper.

    Words on the colour are white on light paper and near black on dark paper, with a contrast of at least 6.
    """

    light: str
    light_tint: str
    dark: str
    dark_tint: str


_BLUE = Tone("#0B57A4", "#E8F0FA", "#7CBCF2", "#16283A")
_PURPLE = Tone("#5B3A8C", "#EFE9F7", "#C4A8F2", "#271F38")
_ORANGE = Tone("#9A3F00", "#FCEEE4", "#F2A66E", "#35230F")
_TEAL = Tone("#0B6A61", "#E3F3F1", "#62CDBF", "#10302C")
_GREY = Tone("#4A535C", "#EEF0F2", "#A9B3BC", "#20272D")
#: By what a group means.
TONES = {
    "left": _BLUE,
    "both": _PURPLE,
    "right": _ORANGE,
    "held": _TEAL,
    "missing": _ORANGE,
    "foundations": _TEAL,
    "core": _BLUE,
    "specialisation": _PURPLE,
    "certifications": _ORANGE,
    "plain": _GREY,
}


#: How much of its colour the fill of a thing has whose name is written on it.
PALE = 0.18


def mixed(colour: str, share: float) -> str:
    """Return a colour mixed with white paper; ``share`` is how much of the colour there is, 0…1.

    Examples
    --------
    >>> mixed("#0072B2", 0.5), mixed("#0072B2", 0)
    ('#80B9D9', '#FFFFFF')
    """
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{int(255 + (part - 255) * share + 0.5):02X}" for part in parts)
