"""How many levels are missing: what a role asks for, less what is held, on one scale.

A level is a number on a named scale. Not to hold a thing at all is to hold it at level 0, which lies at or below the
lowest step of every scale. The effort to close a gap is Σ weight · max(0, target − held), summed on each scale apart,
since numbers on two scales cannot be added. It is asymmetric: what is held beyond the target helps nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum

from kg.careers.required import Required
from kg.model.answers import Node
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.model.scales import LADDER, Ends, Rating, ends_of, name_of_scale, steps_of

__all__ = ["HeldAt", "LevelGap", "efforts", "level_in_words", "rated", "read_level"]


@dataclass(frozen=True, slots=True)
class LevelGap:
    """What is asked for and what is held, on one scale.

    Attributes
    ----------
    target, held
        Numbers on the scale; ``held`` is 0 for what is not held at all.
    scale
        IRI of the scale; ``scale_label`` is what it is called.
    target_step, held_step
        What the scale calls these numbers; empty where it has no named steps.
    """

    target: float
    held: float
    scale: str
    scale_label: str
    target_step: str = ""
    held_step: str = ""

    @property
    def missing(self) -> float:
        """How many levels are missing, 0 or more."""
        return max(0.0, round(self.target - self.held, 9))


class HeldAt:
    """What is held, and how well.

    Parameters
    ----------
    graph
        A graph that knows the scales.
    held
        The IRIs of what counts as held.
    levels
        For those that are held at known levels: at most one for each scale. What is held without a level, or at a level
        on another scale than the one asked for, is taken to be held well enough.
    """

    def __init__(self, graph: Graph, held: Iterable[str], levels: Mapping[str, Sequence[Rating]]) -> None:
        self._graph = graph
        self._held = frozenset(held)
        self._levels = {item: {rating.scale: rating.value for rating in found} for item, found in levels.items()}

    def has(self, needed: Required) -> bool:
        """Whether a requirement is held, and well enough."""
        return needed.node.iri in self._held and not any(gap.missing for gap in self.gaps(needed))

    def gaps(self, needed: Required) -> tuple[LevelGap, ...]:
        """Return target and held level of a requirement on each scale it has a level on."""
        found = []
        for target, scale in needed.levels:
            if needed.node.iri not in self._held:
                held = 0.0
            else:
                held = self._levels.get(needed.node.iri, {}).get(scale, target)
            steps = {number: step for step, number in steps_of(self._graph, scale).items()}
            label = name_of_scale(self._graph, scale)
            found.append(LevelGap(target, held, scale, label, steps.get(target, ""), steps.get(held, "")))
        return tuple(found)


def efforts(gaps: Iterable[tuple[float, Sequence[LevelGap]]]) -> dict[str, float]:
    """Return the effort on each scale, Σ weight · max(0, target − held), from weights and level gaps.

    Examples
    --------
    >>> efforts([(1.0, [LevelGap(3, 1, "s", "SFIA")]), (0.5, [LevelGap(2, 4, "s", "SFIA")])])
    {'SFIA': 2.0}
    """
    parts: dict[str, list[float]] = defaultdict(list)
    for weight, found in gaps:
        for gap in found:
            parts[gap.scale_label].append(weight * gap.missing)
    return {scale: round(fsum(parts[scale]), 9) for scale in sorted(parts)}


def level_in_words(gap: LevelGap) -> str:
    """Return a level gap in a few words.

    Examples
    --------
    >>> (
    ...     level_in_words(LevelGap(3, 1, "s", "SFIA", "Practitioner", "Awareness")),
    ...     level_in_words(LevelGap(4.5, 0, "s", "O*NET level")),
    ... )
    ('Practitioner, held Awareness: 2 levels missing', '4.5')
    """
    target = gap.target_step or _short(gap.target)
    if not gap.held or not gap.missing:
        return target
    return (
        f"{target}, held {gap.held_step or _short(gap.held)}: {_short(gap.missing)} "
        f"{'level' if gap.missing == 1 else 'levels'} missing"
    )


def _short(number: float) -> str:
    return f"{round(number, 2):g}"


def read_level(graph: Graph, held: Node, level: str, scales: Iterable[str]) -> tuple[Rating, ...]:
    """Return the level that a text names, on each of the scales that know it.

    Parameters
    ----------
    held
        What is held at that level, for the message.
    level
        A step such as ``Working``, or a number.
    scales
        The scales on which the thing held is asked for.

    Raises
    ------
    BadInput
        No scale has such a step, the number lies beyond its ends, or nothing asks for a level.
    """
    there = sorted(scales)
    if not there:
        raise BadInput(
            f'"{held.label}={level}": what is asked about names no level of {held.label}. Leave "={level}" out.'
        )
    found, known = [], []
    for scale in there:
        steps, ends, label = steps_of(graph, scale), ends_of(graph, scale), name_of_scale(graph, scale)
        number = _stated(level, steps, ends)
        if number is not None:
            found.append(Rating(number, scale))
        known.append(f"{label}: " + (", ".join(steps) if steps else _between(ends)))
    if not found:
        raise BadInput(f'"{level}" is no level of {held.label}. Levels are, on {"; on ".join(known)}.')
    return tuple(found)


def rated(graph: Graph, levels: Iterable[str], scales: Iterable[str]) -> tuple[Rating, ...]:
    """Return the highest of several levels on each of the scales; nothing on a scale that does not know one of them."""
    found = []
    for scale in sorted(scales):
        steps, ends = steps_of(graph, scale), ends_of(graph, scale)
        numbers = [_on_scale(level, steps, ends) for level in sorted(levels)]
        if numbers and None not in numbers:
            found.append(Rating(max(number for number in numbers if number is not None), scale))
    return tuple(found)


def _stated(level: str, steps: Mapping[str, float], ends: Ends | None) -> float | None:
    """Return the number of a level that a scale itself has: of one of its steps, or a number within its ends."""
    by_name = {step.casefold(): number for step, number in steps.items()}
    if (number := by_name.get(level.strip().casefold())) is not None:
        return number
    number = _number(level)
    return number if number is not None and number >= 0 and (ends is None or number <= ends.high) else None


def _on_scale(level: str, steps: Mapping[str, float], ends: Ends | None) -> float | None:
    """Return the number of a level on a scale, also of a word such as *advanced*.

    A word has a rank from 1 to 4 (`kg.model.scales.LADDER`), as certifications have from entry to expert. On a scale
    of steps it is the step as far up; on a scale of numbers, the number, the lowest being the end of a scale that does
    not begin at 0. That is our reading.
    """
    stated, rank = _stated(level, steps, ends), LADDER.get(level.strip().casefold())
    if stated is not None or rank is None:
        return stated
    most = max(LADDER.values())
    if steps:
        return sorted(steps.values())[ceil(rank * len(steps) / most) - 1]
    if ends is None:
        return None
    return ends.high * rank / most if ends.low <= 0 else ends.low + (ends.high - ends.low) * (rank - 1) / (most - 1)


def _between(ends: tuple[float, float] | None) -> str:
    return f"numbers from {ends[0]:g} to {ends[1]:g}" if ends else "numbers from 0"


def _number(level: str) -> float | None:
    try:
        number = float(level)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None
