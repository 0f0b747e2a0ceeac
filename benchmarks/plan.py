"""What a proven plan costs: 60 missing skills, 500 certifications of 5 to 30 out of 600 skills, drawn with a seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.timing import Measured, in_turn
from kg.algorithms.covering import Candidate, cover

_PRICES = (69, 99, 100, 125, 150, 165, 200, 245, 300)


def draw(
    seed: int, *, skills: int = 600, gap: int = 60, certifications: int = 500
) -> tuple[list[str], list[Candidate]]:
    """Return what is missing, and the certifications."""
    random = Random(seed)
    there = [f"skill-{i:03}" for i in range(skills)]
    drawn = [
        Candidate(
            f"certification-{i:03}",
            random.choice(_PRICES) * 100,
            frozenset(random.sample(there, random.randint(5, 30))),
        )
        for i in range(certifications)
    ]
    return random.sample(there, gap), drawn


def greedy(wanted: list[str], candidates: list[Candidate]) -> int:
    """Return what it costs to take the best price per new skill, again and again (Chvátal 1979)."""
    left = set(wanted) & frozenset().union(*(c.covers for c in candidates))
    cost = 0
    while left:
        best = min((c for c in candidates if c.covers & left), key=lambda c: (c.cost / len(c.covers & left), c.name))
        left -= best.covers
        cost += best.cost
    return cost


def bare(wanted: list[str], candidates: list[Candidate]) -> int:
    """Return the least cost, as the solver alone finds it."""
    row = {skill: j for j, skill in enumerate(wanted)}
    matrix = np.zeros((len(wanted), len(candidates)))
    for i, candidate in enumerate(candidates):
        matrix[[row[skill] for skill in candidate.covers if skill in row], i] = 1
    found = milp(
        [c.cost for c in candidates],
        integrality=np.ones(len(candidates)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, matrix.any(axis=1).astype(float), np.inf),
        options={"mip_rel_gap": 0},
    )
    return int(found.fun + 0.5)


def measure() -> Iterator[Measured]:
    """Yield the exact covering of five drawn gaps against the bare solver, and say how dear greedy is."""
    drawn = [draw(seed) for seed in range(5)]
    dear = []
    for wanted, candidates in drawn:
        best = cover(wanted, candidates)
        if not best.optimal or best.cost != bare(wanted, candidates):
            raise AssertionError(f"not proven the cheapest: {best}")
        dear.append(greedy(wanted, candidates) / best.cost - 1)

    def ours() -> None:
        for one in drawn:
            cover(*one)

    def alone() -> None:
        for one in drawn:
            bare(*one)

    def quick() -> None:
        for one in drawn:
            greedy(*one)

    seconds = in_turn({"ours": ours, "bare": alone, "greedy": quick}, samples=3)
    floor = f"scipy.milp (greedy: {seconds['greedy'] * 1000:.0f} ms, {min(dear):.0%} to {max(dear):.0%} too dear)"
    yield Measured("plan 5 gaps: 60 skills, 500 exams", seconds["ours"], floor, seconds["bare"], 2.0)
