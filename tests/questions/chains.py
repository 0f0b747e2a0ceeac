"""Chains found the slow and obvious way: every hop by its definition, every simple path, sorted; why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.model.answers import counted
from tests.strategies import Career

__all__ = ["effort", "in_order", "needs", "steps", "why_none"]

Steps = dict[tuple[str, str], float]


def needs(graph: Career, role: str) -> dict[str, float]:
    """What a role requires, by weight: its rating of 1 to 5 as a share, else 1, or 0.5 where only optional."""
    found: dict[str, float] = {}
    for _, item, data in graph.out_edges(role, data=True):
        if data["relation"] == "requires":
            unrated = 0.5 if data.get("essential") is False else 1.0
            weight = (data["importance"] - 1) / 4 if "importance" in data else unrated
            found[item] = max(found.get(item, 0.0), weight)
    return {item: weight for item, weight in found.items() if weight > 0}


def effort(graph: Career, start: str, end: str) -> float:
    """The definition, word for word."""
    if {graph.nodes[start]["kind"], graph.nodes[end]["kind"]} != {"role"}:
        return 1.0
    brought, needed = needs(graph, start), needs(graph, end)
    if not needed:
        return 1.0
    return 1 - sum(weight for item, weight in needed.items() if item in brought) / sum(needed.values())


def steps(graph: Career, via: Sequence[str], most: float) -> Steps:
    """Every hop that may be taken, with its effort."""
    ties = {(u, v) for u, v, data in graph.edges(data=True) if data["relation"] in via}
    ties |= {(v, u) for u, v, data in graph.edges(data=True) if f"^{data['relation']}" in via}
    if "overlap" in via:
        ties |= {(a, b) for a in graph for b in graph if a != b and needs(graph, a).keys() & needs(graph, b).keys()}
    found = {(a, b): round(effort(graph, a, b), 9) for a, b in ties if a != b}
    return {tie: share for tie, share in found.items() if share <= most}


def every_chain(found: Steps, so_far: tuple[str, ...], goal: str) -> Iterator[tuple[str, ...]]:
    if so_far[-1] == goal:
        yield so_far
        return
    for a, b in found:
        if a == so_far[-1] and b not in so_far:
            yield from every_chain(found, (*so_far, b), goal)


def in_order(graph: Career, found: Steps, start: str, goal: str, prefer: str) -> list[tuple[str, ...]]:
    """Every simple path, sorted as the answer must be."""

    def key(chain: tuple[str, ...]) -> tuple[object, ...]:
        hops, total = len(chain), round(sum(found[pair] for pair in pairwise(chain)), 8)
        first = (hops, total) if prefer == "hops" else (total, hops)
        return *first, [(graph.nodes[iri]["label"].casefold(), iri) for iri in chain]

    return sorted(every_chain(found, (start,), goal), key=key)


def why_none(graph: Career, found: Steps, start: str, goal: str) -> str:
    """Which side is cut off, in the words of the answer."""
    labels = {iri: str(graph.nodes[iri]["label"]) for iri in (start, goal)}
    ahead_n, behind_n = len(_within(found, start)), len(_within({(b, a): e for (a, b), e in found.items()}, goal))
    if not ahead_n and not behind_n:
        return f"nothing leaves {labels[start]} and nothing reaches {labels[goal]}."
    if not ahead_n:
        return f"nothing leaves {labels[start]}; {counted(behind_n, 'node')} would lead to {labels[goal]}."
    if not behind_n:
        return f"nothing reaches {labels[goal]}; {labels[start]} leads to {counted(ahead_n, 'node')}."
    lead = "leads" if behind_n == 1 else "lead"
    return (
        f"they lie apart: {labels[start]} leads to {counted(ahead_n, 'node')}, {counted(behind_n, 'node')} {lead} to "
        f"{labels[goal]}, and none is among both."
    )


def _within(found: Steps, start: str) -> set[str]:
    """Every node that some chain leads to."""
    there = {start}
    while more := {b for a, b in found if a in there} - there:
        there |= more
    return there - {start}
