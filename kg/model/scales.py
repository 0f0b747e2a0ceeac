"""What a rating says: how far along its own scale it lies.

Two numbers on two scales say nothing to each other. What can be compared is how far along its own scale each lies: an
O*NET importance of 4 on a scale from 1 to 5 is three quarters of the way. This holds for weights; levels are compared
on one scale only, and a sum over several scales is never made. The ends of a scale are known from the data, where the
scale is described (``schema:minValue``, ``schema:maxValue``), or from the vocabulary (`ENDS`).
"""

from __future__ import annotations

from typing import NamedTuple

from kg.model.graphs import Graph, local_name
from kg.model.terms import KG

__all__ = ["ENDS", "LADDER", "OPTIONAL_WEIGHT", "Ends", "Rating", "ends_of", "name_of_scale", "share", "steps_of"]


#: What an optional requirement weighs beside an essential one, which weighs 1: our reading, not a source's.
OPTIONAL_WEIGHT = 0.5


#: Words for how well somebody masters something, by rank from 1 to 4, as the certificates' entry, associate,
#: professional and expert: our reading.
LADDER = {
    word: rank
    for rank, words in enumerate(
        (
            "some basic basics beginner novice elementary awareness familiar familiarity entry rudimentary limited",
            "working intermediate good solid competent conversant associate medium sound",
            "advanced strong proficient proficiency fluent practitioner professional skilled excellent extensive "
            "in-depth deep senior",
            "expert expertise master mastery native guru",
        ),
        start=1,
    )
    for word in words.split()
}


class Ends(NamedTuple):
    """The lowest and the highest number of a scale."""

    low: float
    high: float


class Rating(NamedTuple):
    """A number on a scale."""

    value: float
    scale: str


#: The scales of the vocabulary.
ENDS = {
    KG.OnetImportanceScale: Ends(1.0, 5.0),
    KG.OnetLevelScale: Ends(0.0, 7.0),
    KG.GdadLevelScale: Ends(1.0, 4.0),
}
_NAMES = {
    KG.OnetImportanceScale: "O*NET importance",
    KG.OnetLevelScale: "O*NET level",
    KG.GdadLevelScale: "UK Government Digital and Data level",
}


def share(value: float, ends: Ends) -> float:
    """Return how far along its scale a number lies, 0…1.

    Examples
    --------
    >>> share(4, Ends(1, 5)), share(9, Ends(1, 5))
    (0.75, 1.0)
    """
    return min(1.0, max(0.0, (value - ends.low) / (ends.high - ends.low)))


def ends_of(graph: Graph, scale: str) -> Ends | None:
    """Return the ends of a scale; None where they are not known, and where they are no two ends."""
    found = graph.nodes.get(scale, {})
    low, high = found.get("minValue"), found.get("maxValue")
    if isinstance(low, int | float) and isinstance(high, int | float) and low < high:
        return Ends(float(low), float(high))
    if scale in ENDS:
        return ENDS[scale]
    orders = [*steps_of(graph, scale).values()]
    return Ends(0.0, orders[-1]) if orders and orders[-1] > 0 else None


def steps_of(graph: Graph, scale: str) -> dict[str, float]:
    """Return the named steps of a scale with their numbers, lowest first; nothing where it has no named steps."""
    found = (
        (data.get("order"), str(data.get("label", iri)))
        for iri, data in graph.nodes.items()
        if scale in _listed(data.get("inScheme"))
    )
    return {label: float(order) for order, label in sorted(pair for pair in found if isinstance(pair[0], int | float))}


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def name_of_scale(graph: Graph, scale: str) -> str:
    """Return what a scale is called."""
    label = graph.nodes[scale].get("label") if scale in graph.nodes else None
    return str(label or _NAMES.get(scale) or local_name(scale))
