"""What every view does alike: marks with their details, lines with their claims, each claim once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg.careers.offers import offer
from kg.handles.handle import read_day
from kg.model.answers import Answer, Claim, Node, text
from kg.model.graphs import local_name
from kg.views.board import Block
from kg.views.layout import BLOCK_GAP, Listing, best_rows, grid
from kg.views.scene import Band, Heading, Line, Mark, Scene

__all__ = ["HEAD", "TOP", "Sketch", "capital", "first_names", "in_words", "small", "style_of", "title_of"]

#: What the details panel tells of a node: attribute, and what it is called there.
_TOLD = (
    ("definition", "definition"),
    ("aliases", "also called"),
    ("category", "category"),
    ("examCode", "exam code"),
    ("certificationLevel", "level"),
    ("examMinutes", "minutes"),
    ("validityMonths", "valid for months"),
    ("note", "note"),
    ("statusNote", "about the status"),
    ("retirementNote", "about its end"),
    ("url", "address"),
)
_NAMED = frozenset({"category", "certificationLevel"})
#: Between the heading of a column, or the name of a band, and what stands below.
HEAD = 30.0
#: Room for nodes that stand over the bands.
TOP = 70.0


def in_words(relation: str) -> str:
    """Return a relation as words.

    Examples
    --------
    >>> in_words("hasPrerequisite"), in_words("^certifies"), in_words("overlap")
    ('has prerequisite', 'certifies (read backwards)', 'overlap')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", relation.removeprefix("^")).lower()
    return f"{words} (read backwards)" if relation.startswith("^") else words


def style_of(claims: Iterable[Claim]) -> str:
    """Return the style of a line: dotted where nobody else says it, dashed where all call it optional."""
    found = list(claims)
    if not found or all(claim.origin in ("reading", "derived") for claim in found):
        return "dotted"
    stated = [claim.essential for claim in found if claim.essential is not None]
    return "dashed" if stated and not any(stated) else "solid"


def title_of(answer: Answer) -> str:
    """Return what was asked, short: the question and the names given to it.

    Examples
    --------
    >>> import kg
    >>> title_of(kg.overlap(kg.open(as_of="2026-11-22"), "AI Engineer", "ML engineer"))
    'Overlap: AI Engineer, Machine Learning Engineer'
    """
    named = []
    for field in ("nodes", "role", "start", "goal", "left", "right", "node", "other", "text", "kind"):
        value = getattr(answer, field, None)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Node | str) and str(item):
                named.append(str(item))
    gaps = getattr(answer, "gaps", ())
    if gaps:
        named = [found.role.label for found in gaps]
    start = answer.context.asked.get("from_")
    if isinstance(start, str):
        named.append(f"from {start}")
    question = type(answer).__name__
    return f"{question}: {', '.join(named)}" if named else question


class Sketch:
    """A scene in the making.

    Parameters
    ----------
    answer
        The answer to be shown; node attributes come from its slice.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.marks: list[Mark] = []
        self.lines: list[Line] = []
        self.columns: list[Heading] = []
        self.bands: list[Band] = []
        self.lefts: list[tuple[float, float]] = []
        self._claims: dict[Claim, int] = {}
        self._day = read_day(answer.context.as_of or None)

    def attributes(self, iri: str) -> Mapping[str, Any]:  # attributes of any type
        """Return what the slice has about a node."""
        nodes = self.answer.graph.nodes
        found: Mapping[str, Any] = nodes[iri] if iri in nodes else {}  # noqa: SIM401  # a networkx view has no get
        return found

    def claims(self, claims: Iterable[Claim]) -> tuple[int, ...]:
        """Return the positions of claims in the scene, in order; new ones are taken in."""
        return tuple(sorted({self._claims.setdefault(claim, len(self._claims)) for claim in claims}))

    def mark(
        self,
        n: Node,
        *,
        key: str = "",
        label: str = "",
        weight: float = 0.5,
        group: str = "",
        note: str = "",
        more: Iterable[tuple[str, str]] = (),
        claims: Iterable[Claim] = (),
    ) -> Mark:
        """Return a mark for a node, not placed yet, with its status and its details; ``more`` stands before them."""
        data = self.attributes(n.iri)
        status = offer(data, self._day).status if n.kind == "certification" else ""
        if n.kind == "certification":
            code = text(data.get("examCode"))
            said = note or price_and_status(data, status)
            note = f"{code} · {said}" if code and code not in n.label else said
        return Mark(
            key or n.iri,
            label or n.label,
            n.kind,
            0.0,
            0.0,
            iri=n.iri,
            weight=weight,
            group=group,
            status=status,
            note=note,
            details=tuple((name, value) for name, value in (*more, *_told(n, data, status)) if value),
            claims=self.claims(claims),
        )

    def line(
        self,
        source: str,
        target: str,
        relation: str,
        claims: Iterable[Claim] = (),
        *,
        label: str = "",
        style: str = "",
        weight: float = 0.5,
        arrow: bool = True,
    ) -> None:
        """Draw a line; its words and its style come from relation and claims where they are not given."""
        found = [*claims]
        self.lines.append(
            Line(
                source,
                target,
                relation,
                label=label or in_words(relation),
                style=style or style_of(found),
                weight=weight,
                arrow=arrow,
                claims=self.claims(found),
            )
        )

    def bands_of_grids(
        self,
        names: Sequence[str],
        cells: Mapping[tuple[str, int], Sequence[Mark]],
        widths: Sequence[float | None],
        *,
        most_wide: float = 0.0,
        top: float = 0.0,
    ) -> float:
        """Place lists of marks in bands (rows) and regions (columns), and return the height of the picture.

        Parameters
        ----------
        names
            The bands from top to bottom; a band without a mark is left out.
        cells
            The marks of each band and region.
        widths
            For each region the room to keep for something else, or None for a region of lists.
        most_wide
            Keep to this width where that is possible, however high the picture gets; by default it takes the form of a
            screen.
        top
            Where the first band begins.
        """
        there = [name for name in names if any(cells.get((name, i)) for i in range(len(widths)))]
        lists = {(name, i): Listing.of(cells.get((name, i), ())) for name in there for i in range(len(widths))}
        most = max((len(found.reaches) for found in lists.values()), default=1)

        def across(rows: int) -> list[float]:
            return [
                max((lists[name, i].size(rows)[0] for name in there), default=0.0) if width is None else width
                for i, width in enumerate(widths)
            ]

        def fewest(name: str, wide: Sequence[float]) -> int:
            """Return with how few rows every list of a band fits its region."""
            for rows in range(1, most):
                if all(lists[name, i].size(rows)[0] <= width for i, width in enumerate(wide)):
                    return rows
            return most

        def measure(rows: int) -> tuple[float, float]:
            wide = across(rows)
            high = [max(lists[name, i].size(fewest(name, wide))[1] for i in range(len(wide))) for name in there]
            return sum(wide) + BLOCK_GAP * len(wide), sum(high) + (HEAD + 10) * len(high)

        wide = across(best_rows(measure, min(most, 60), most_wide=most_wide))
        for name in there:
            row = [cells.get((name, i), ()) for i in range(len(widths))]
            rows = fewest(name, wide)
            left, bottom = 0.0, top + HEAD
            for marks, width in zip(row, wide, strict=True):
                placed = grid(marks, left, top + HEAD, rows)
                self.marks += placed.marks
                left += width + BLOCK_GAP
                bottom = max(bottom, placed.box.bottom)
            if name:
                self.bands.append(Band(name, round(top, 1), round(bottom, 1)))
            top = bottom + 10
        left = 0.0
        for width in wide:
            self.lefts.append((left, width))
            left += width + BLOCK_GAP
        return top

    def head(self, region: int, label: str) -> None:
        """Write a heading over a region of lists placed by `bands_of_grids`."""
        left, width = self.lefts[region]
        self.columns.append(Heading(label, round(left + width / 2, 1)))

    def put(self, mark: Mark, x: float, y: float) -> None:
        """Place one mark with its words below."""
        self.marks.append(replace(mark, x=round(x, 1), y=round(y, 1), beside=False))

    def scene(
        self,
        view: str,
        *,
        title: str = "",
        groups: Sequence[str] = (),
        asks: str = "",
        board: Sequence[Block] = (),
        told: Sequence[str] = (),
    ) -> Scene:
        """Return the scene: the groups given first, then those that occur beside them."""
        used = dict.fromkeys(mark.group for mark in self.marks if mark.group)
        keys = {mark.key for mark in self.marks}
        return Scene(
            view,
            title or title_of(self.answer),
            self.answer,
            tuple(self.marks),
            tuple(line for line in self.lines if line.source in keys and line.target in keys),
            tuple(self.columns),
            tuple(self.bands),
            (*(g for g in groups if g in used), *(g for g in used if g not in groups)),
            tuple(self._claims),
            asks,
            tuple(board),
            tuple(told),
        )


def price_and_status(data: Mapping[str, Any], status: str) -> str:  # attributes of any type
    """Return the price, where the slice has one, and the status in a line.

    Examples
    --------
    >>> price_and_status({"priceUSD": 165.0}, "retired"), price_and_status({}, "active")
    ('USD 165 · retired', 'active')
    """
    said = [price_of(data["priceUSD"])] if "priceUSD" in data else []
    return " · ".join([*said, *([status] if status else [])])


def price_of(price: Any) -> str:  # a number, several where sources disagree, or nothing
    """Return a price as text.

    Examples
    --------
    >>> price_of(165.0), price_of(0), price_of(None), price_of((100, 150))
    ('USD 165', 'free', 'price not stated', 'USD 100 or 150')
    """
    if price is None:
        return "price not stated"
    amounts = sorted(price) if isinstance(price, tuple) else [price]
    return "free" if amounts == [0] else f"USD {' or '.join(text(amount) for amount in amounts)}"


def first_names(some: Sequence[Node], most: int = 8) -> tuple[str, ...]:
    """Return the names of the first of some nodes, and how many more there are.

    Examples
    --------
    >>> first_names([Node("SQL", "", "tool"), Node("R", "", "tool"), Node("Git", "", "tool")], 2)
    ('SQL', 'R', '1 more')
    """
    more = len(some) - most
    return (*(n.label for n in some[:most]), *([f"{more} more"] if more > 0 else []))


def capital(words: str) -> str:
    """Return words with a capital first; the rest stays as it is.

    Examples
    --------
    >>> capital("stated by ESCO"), small("Only ESCO")
    ('Stated by ESCO', 'only ESCO')
    """
    return words[:1].upper() + words[1:]


def small(words: str) -> str:
    """Return words with a small letter first."""
    return words[:1].lower() + words[1:]


def by_ends(claims: Iterable[Claim]) -> dict[tuple[str, str, str], list[Claim]]:
    """Return claims by subject, relation and object."""
    found: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.subject.iri, claim.relation, claim.object.iri].append(claim)
    return found


def _told(n: Node, data: Mapping[str, Any], status: str) -> Iterable[tuple[str, str]]:  # attributes of any type
    """Yield what is known of a node, by name, as far as it says something."""
    if n.kind:
        yield "kind", n.kind
    if status:
        checked = text(data.get("statusAsOf"))
        yield "status", f"{status}{f', as of {checked}' if checked else ''}"
        yield "price", price_of(data["priceUSD"]) if "priceUSD" in data else ""
    for name, called in _TOLD:
        value = data.get(name)
        if name in _NAMED and value:
            value = tuple(local_name(str(one)).removesuffix("Level").lower() for one in _several(value))
        if value not in (None, "", ()):
            yield called, text(value)
    if "://" in n.iri:
        yield "identifier", n.iri


def _several(value: Any) -> tuple[Any, ...]:  # an attribute of any type
    return value if isinstance(value, tuple) else (value,)
