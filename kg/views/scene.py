"""What a picture shows, before anything draws it: marks and lines with positions, columns, clusters, and the evidence.

A view (`kg/views/gap.py` …) maps an answer to a `Scene`; `kg.views.page` makes the interactive page of it and
`kg.views.still` the SVG or PNG. So a layout is computed once, in Python, and every way to draw it shows the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model.answers import Answer, Claim
from kg.views.board import Block

__all__ = ["Band", "Heading", "Line", "Mark", "Scene"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One node as it is drawn.

    Attributes
    ----------
    key
        Its name within the scene: the IRI, but for what is drawn twice or stands for several nodes.
    x, y
        Where it stands, in pixels at zoom 1; y grows downwards.
    weight
        Importance for size and for thinning out labels, 0…1.
    group
        What the legend filters by beside kind and status, such as ``shared`` or ``missing``; its label for readers.
    note
        One line below the label: a price and status, an effort.
    details
        (name, text) pairs for the details panel; a text that is an http(s) address becomes a link.
    cluster
        Key of the cluster mark it stands in; it is drawn once that is opened. Empty where it stands free.
    is_cluster
        Whether this mark stands for the marks whose ``cluster`` is its key.
    beside
        Whether label and note stand to the right of the mark, as in a list (rows are then `kg.views.geometry.ROW`
        apart), and not below it.
    size
        Radius in pixels of a cluster mark: the room that its marks take once it is open, so that a closed cluster is a
        large disc with its label inside. 0 for `kg.views.geometry.radius`.
    claims
        Positions in `Scene.claims` of evidence of its own, shown with that of its lines.
    """

    key: str
    label: str
    kind: str
    x: float
    y: float
    iri: str = ""
    weight: float = 0.5
    group: str = ""
    status: str = ""
    note: str = ""
    details: tuple[tuple[str, str], ...] = ()
    cluster: str = ""
    is_cluster: bool = False
    beside: bool = False
    size: float = 0.0
    claims: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One edge as it is drawn, from a mark to a mark; several claims of one relation between the two make one line.

    Attributes
    ----------
    style
        ``solid`` (essential, or asserted), ``dashed`` (optional) or ``dotted`` (our reading, derived): the sign beside
        colour.
    claims
        Positions in `Scene.claims` of what it rests on.
    label
        Shown on hover and zoom; the relation in words.
    """

    source: str
    target: str
    relation: str
    label: str = ""
    style: str = "solid"
    weight: float = 0.5
    arrow: bool = True
    claims: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading over marks that stand below one another."""

    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Band:
    """A strip across the picture, such as a facet: its name stands at its top left, under a thin rule."""

    label: str
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture with its words.

    Attributes
    ----------
    view
        Name of the view: ``gap``.
    title
        What was asked, short: the title of the page.
    answer
        The answer behind it: its sentence, sections, rows, day, dataset and query stand on the page too.
    groups
        Values of `Mark.group` in the order of the legend.
    claims
        The evidence that lines and details refer to, each once.
    asks
        What is answered, as a question of few words: the heading of page and still. Where it is empty, the title.
    board
        The answer at a glance. Where there is one, the network stands behind it, for those who ask for it.
    told
        The titles of sections of the answer that the board has told.
    """

    view: str
    title: str
    answer: Answer
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    columns: tuple[Heading, ...] = ()
    bands: tuple[Band, ...] = ()
    groups: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = field(default=(), repr=False)
    asks: str = ""
    board: tuple[Block, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What stands over page and still."""
        return self.asks or self.title

    @property
    def sentence(self) -> str:
        """What stands below it: the answer."""
        return str(self.answer)
