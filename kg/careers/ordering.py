"""What must be learnt before what: the prerequisites of a role, their stages, and an order that can be followed.

Topological order by Kahn's algorithm, the smallest key first wherever there is a choice, so that it is the same every
time.

References
----------
A. B. Kahn, Topological Sorting of Large Networks, Communications of the ACM 5 (1962).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from heapq import heapify, heappop, heappush
from typing import Any

from kg.careers.required import Required
from kg.model.answers import node
from kg.model.errors import BadInput
from kg.model.graphs import Graph

__all__ = ["STAGES", "Before", "in_order", "ordered", "prerequisites", "stages"]

STAGES = ("foundations", "core", "specialisation", "certifications")

#: For each thing, what must come directly before it.
Before = Mapping[str, Collection[str]]


def prerequisites(graph: Graph, missing: Collection[str], held: Collection[str]) -> dict[str, set[str]]:
    """Return for all that is missing, and all that must be learnt before it, what must come directly before."""
    before: dict[str, set[str]] = {}
    ahead = sorted(missing)
    while ahead:
        iri = ahead.pop()
        if iri in before:
            continue
        edges = graph.out_edges(iri, keys=True, data=True)
        before[iri] = {
            first for _, first, _, data in edges if data.get("relation") == "hasPrerequisite" and first not in held
        }
        ahead += sorted(before[iri])
    return before


def stages(before: Before, required: Collection[str]) -> dict[str, str]:
    """Return the stage of everything that a role requires or that must be learnt before that; rings are core."""
    built_on = {first for firsts in before.values() for first in firsts}
    stage = {iri: "foundations" for iri, firsts in before.items() if not firsts}
    ahead = True
    while ahead:
        ahead = False
        for iri in before.keys() - stage.keys() - set(required):
            if all(stage.get(first) == "foundations" for first in before[iri]):
                stage[iri] = "foundations"
                ahead = True
    for iri in before.keys() - stage.keys():
        stage[iri] = "core" if iri in built_on else "specialisation"
    return stage


def ordered(graph: Graph, before: Before, stage: Mapping[str, str], missing: Mapping[str, Required]) -> list[str]:
    """Return what is to be learnt in an order that can be followed: by stage, then by importance, then by label."""
    order = in_order(before, lambda iri: (iri,), graph)
    # A stepping stone matters as much as the heaviest thing that builds on it.
    worth = {iri: missing[iri].weight if iri in missing else 0.0 for iri in order}
    for iri in reversed(order):
        for first in before[iri]:
            worth[first] = max(worth[first], worth[iri])

    def key(iri: str) -> tuple[Any, ...]:
        return STAGES.index(stage[iri]), -worth[iri], node(graph, iri).label.casefold(), iri

    return in_order(before, key, graph)


def in_order(before: Before, key: Callable[[str], tuple[Any, ...]], graph: Graph) -> list[str]:
    """Return the keys so that each follows what is before it, the smallest key first wherever there is a choice (Kahn).

    Raises
    ------
    BadInput
        They run in a ring.
    """
    waiting = {iri: sum(first in before for first in firsts) for iri, firsts in before.items()}
    follow: dict[str, list[str]] = defaultdict(list)
    for iri, firsts in before.items():
        for first in firsts:
            follow[first].append(iri)
    free = [(key(iri), iri) for iri, count in waiting.items() if not count]
    heapify(free)
    order = []
    while free:
        _, iri = heappop(free)
        order.append(iri)
        for after in follow[iri]:
            waiting[after] -= 1
            if not waiting[after]:
                heappush(free, (key(after), after))
    if len(order) < len(before):
        ring = _ring({iri: before[iri] for iri in before if iri not in set(order)})
        named = " needs ".join(f'"{node(graph, iri).label}"' for iri in ring)
        raise BadInput(
            f"These cannot be put in order, since each needs the next first: {named}. Take one of these "
            "prerequisites out of the data, or name one of them as --held."
        )
    return order


def _ring(before: Before) -> list[str]:
    """Return a ring among nodes that all have one of each other before them, its first node again at its end."""
    path = [min(before)]
    while True:
        # Every node left waits for another that is left, so the walk never ends but in a ring.
        first = min(iri for iri in before[path[-1]] if iri in before)
        if first in path:
            return [*path[path.index(first) :], first]
        path.append(first)
