"""What of an answer can be seen at a glance: bars, columns of chips, ranked bars, tables, steps, said by components.

A board is a sequence of components. A page draws each as HTML and CSS (``assets/board.html.j2``), a still as SVG
(`kg.views.flow`): the same groups, in the same order, with the same counts. What can be chosen has a ``key``: that of
its mark in the scene, whose details tell who says so.

Tones, by which groups are told apart beside their names and places, are `kg.model.signs.TONES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

__all__ = [
    "BarPart",
    "BoardCell",
    "BoardTable",
    "Chip",
    "ChipColumn",
    "ChipColumns",
    "ChipGroup",
    "FactCard",
    "Lane",
    "LaneStop",
    "Lanes",
    "RankRow",
    "RankedBars",
    "SetMatrix",
    "SetRow",
    "ShareBar",
    "StepColumn",
    "StepColumns",
    "StepItem",
    "ToldGroup",
    "ToldGroups",
    "ToldRow",
    "shares_of",
    "tones_of",
]


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing, filled where it is essential, open where it is optional.

    Attributes
    ----------
    note
        A word after its label, such as a status that is not *active*.
    """

    key: str
    label: str
    strong: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """Chips of one sort, such as skills: those that are filled first."""

    title: str
    chips: tuple[Chip, ...]

    @property
    def strong(self) -> tuple[Chip, ...]:
        """Those that are filled."""
        return tuple(chip for chip in self.chips if chip.strong)

    @property
    def pale(self) -> tuple[Chip, ...]:
        """Those that are open."""
        return tuple(chip for chip in self.chips if not chip.strong)


@dataclass(frozen=True, slots=True)
class ChipColumn:
    """A tinted column of chips with its heading and how many there are."""

    title: str
    tone: str
    groups: tuple[ChipGroup, ...]

    @property
    def count(self) -> int:
        """How many chips it holds."""
        return sum(len(group.chips) for group in self.groups)

    @property
    def size(self) -> int:
        """How wide it is beside others."""
        return max(self.count, 1)


@dataclass(frozen=True, slots=True)
class ChipColumns:
    """Columns side by side, as wide as what they hold.

    Attributes
    ----------
    strong, pale
        What a filled and an open chip mean.
    """

    columns: tuple[ChipColumn, ...]
    strong: str = "essential"
    pale: str = "optional"
    kind: ClassVar[str] = "chips"

    @property
    def sizes(self) -> Iterator[int]:
        """The shares of the width that its parts take."""
        return (column.size for column in self.columns)

    @property
    def tones(self) -> Iterator[str]:
        """The tones it uses."""
        return (column.tone for column in self.columns)


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar."""

    label: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A bar whose parts are as wide as they count; a part of nothing is left out."""

    parts: tuple[BarPart, ...]
    kind: ClassVar[str] = "bar"

    @property
    def sizes(self) -> Iterator[int]:
        """The shares of the width that its parts take."""
        return (part.count for part in self.parts)

    @property
    def tones(self) -> Iterator[str]:
        """The tones it uses."""
        return (part.tone for part in self.parts)


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A cell of a table; with a key it can be chosen."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class BoardTable:
    """A comparison: a row for each thing, a column for each of those compared."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[BoardCell, ...], ...]
    kind: ClassVar[str] = "table"
    sizes: ClassVar[tuple[int, ...]] = ()
    tones: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class SetRow:
    """What exactly these of the sets have."""

    members: tuple[bool, ...]
    groups: tuple[ChipGroup, ...]

    @property
    def count(self) -> int:
        """How many things they have."""
        return sum(len(group.chips) for group in self.groups)


@dataclass(frozen=True, slots=True)
class SetMatrix:
    """Which sets have what in common, as an UpSet plot has it: a row for each combination, its size, what is in it.

    References
    ----------
    A. Lex, N. Gehlenborg, H. Strobelt, R. Vuillemot and H. Pfister, UpSet: Visualization of Intersecting Sets, IEEE
    Transactions on Visualization and Computer Graphics 20 (2014), 1983-1992.
    """

    names: tuple[str, ...]
    rows: tuple[SetRow, ...]
    strong: str = "essential"
    pale: str = "optional"
    kind: ClassVar[str] = "sets"
    tones: ClassVar[tuple[str, ...]] = ("both", "left", "plain")

    @property
    def sizes(self) -> Iterator[int]:
        """The length of the bar of each row, in per cent of the longest."""
        return map(self.share, self.rows)

    def share(self, row: SetRow) -> int:
        """Return how long the bar of a row is, in per cent of the longest."""
        return round(100 * row.count / max(other.count for other in self.rows))


@dataclass(frozen=True, slots=True)
class RankRow:
    """One thing of a ranking.

    Attributes
    ----------
    key
        Empty where it is no mark, such as a choice of several.
    share
        How long its bar is, in per cent.
    said
        What the bar stands for, in words.
    more
        What the things are.
    things
        What else there is to it, such as what is shared.
    """

    key: str
    label: str
    share: int
    said: str
    more: str = ""
    things: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedBars:
    """Things in their order, each with a bar; pointing at one lights up what it is tied to."""

    title: str
    tone: str
    rows: tuple[RankRow, ...]
    note: str = ""
    kind: ClassVar[str] = "ranked"

    @property
    def sizes(self) -> Iterator[int]:
        """The lengths of the bars, in per cent."""
        return (row.share for row in self.rows)

    @property
    def tones(self) -> tuple[str, ...]:
        """The tones it uses."""
        return (self.tone,)


@dataclass(frozen=True, slots=True)
class StepItem:
    """One step of a way: essential or not, ready to start or not; with a note, such as a price, it is an exam."""

    key: str
    number: int
    label: str
    strong: bool = False
    ready: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepColumn:
    """The steps of a stage, in their order; a long stage takes the room of several columns."""

    title: str
    tone: str
    steps: tuple[StepItem, ...]

    @property
    def size(self) -> int:
        """How many columns it takes."""
        return max(1, -(-len(self.steps) // 22))


@dataclass(frozen=True, slots=True)
class StepColumns:
    """The stages of a way side by side; pointing at a step lights up all that comes before and after it."""

    columns: tuple[StepColumn, ...]
    kind: ClassVar[str] = "steps"

    @property
    def sizes(self) -> Iterator[int]:
        """The shares of the width that the stages take."""
        return (column.size for column in self.columns)

    @property
    def tones(self) -> Iterator[str]:
        """The tones it uses."""
        return (column.tone for column in self.columns)


@dataclass(frozen=True, slots=True)
class ToldRow:
    """Something that is told: what it is about, and lines on who says so, where, or why.

    Attributes
    ----------
    key
        Empty where it is no mark, such as a choice of several.
    note
        A word after its label.
    number
        What stands before it, such as the number of a step.
    share
        How long its bar is, in per cent; none where it is 0.
    """

    key: str
    label: str
    lines: tuple[str, ...] = ()
    note: str = ""
    number: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """What is told under a heading; the lines hold for every row."""

    title: str
    tone: str
    rows: tuple[ToldRow, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldGroups:
    """Groups of what is told, in as many columns as there is room for."""

    groups: tuple[ToldGroup, ...]
    kind: ClassVar[str] = "told"

    @property
    def sizes(self) -> Iterator[int]:
        """The lengths of its bars, in per cent."""
        return (row.share for group in self.groups for row in group.rows)

    @property
    def tones(self) -> Iterator[str]:
        """The tones it uses."""
        return (group.tone for group in self.groups)


@dataclass(frozen=True, slots=True)
class LaneStop:
    """A node on a chain, with how one gets there from the stop before."""

    key: str
    label: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A chain from left to right, and what it takes in all."""

    title: str
    stops: tuple[LaneStop, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """Chains one below the other."""

    lanes: tuple[Lane, ...]
    kind: ClassVar[str] = "lanes"
    sizes: ClassVar[tuple[int, ...]] = ()
    tones: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class FactCard:
    """What is known of one thing: its chief facts in large, the others below, as (name, value)."""

    chief: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "card"
    sizes: ClassVar[tuple[int, ...]] = ()
    tones: ClassVar[tuple[str, ...]] = ()


#: Any component.
Block = ShareBar | ChipColumns | BoardTable | SetMatrix | RankedBars | StepColumns | ToldGroups | Lanes | FactCard


def shares_of(board: Iterable[Block]) -> tuple[int, ...]:
    """Return each share of a width that some component has, once: a page has a rule of style for each."""
    return tuple(sorted({size for block in board for size in block.sizes if size > 0}))


def tones_of(board: Iterable[Block]) -> frozenset[str]:
    """Return the tones that some component uses: a page has a rule of style for each."""
    return frozenset(tone for block in board for tone in block.tones)
