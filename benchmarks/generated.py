"""A generated career graph of ESCO's order, the same on every run: 3,000 roles, 14,000 skills, 130,000 requirements.

Skills are asked for as words are used: a few by thousands of roles, most by a handful (Zipf's law).
"""

from __future__ import annotations

from itertools import accumulate, count
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["ESCO", "Size", "career", "requirements"]

BASE = "https://w3id.org/career-kg/"
SOURCE = {"source": f"{BASE}source/generated", "source_label": "Generated", "source_date": "", "origin": "source"}


class Size(NamedTuple):
    """How much of everything."""

    roles: int = 3_000
    skills: int = 14_000
    requirements: int = 130_000
    certifications: int = 500
    prerequisites: int = 20_000
    transitions: int = 9_000


#: The order of ESCO.
ESCO = Size()


def _weights(size: int) -> list[float]:
    return [*accumulate(1 / (rank + 3) for rank in range(size))]


def _pairs(random: Random, wanted: int, left: int, right: int) -> dict[tuple[int, int], None]:
    """Draw pairs without repeats: the left end evenly, the right end by Zipf's law, each left end at least once."""
    weights, numbers = _weights(right), range(right)
    found = {(i, random.choices(numbers, cum_weights=weights)[0]): None for i in range(min(left, wanted))}
    while len(found) < wanted:
        found[random.randrange(left), random.choices(numbers, cum_weights=weights)[0]] = None
    return found


def requirements(size: Size = ESCO, *, seed: int = 1) -> dict[tuple[int, int], float]:
    """Return the importance (0.05…1) of each (role, skill), both as numbers from 0."""
    random = Random(seed)
    pairs = _pairs(random, size.requirements, size.roles, size.skills)
    return {pair: round(random.uniform(0.05, 1.0), 3) for pair in pairs}


def career(size: Size = ESCO, *, seed: int = 1) -> nx.MultiDiGraph[str]:
    """Return a graph of our schema (`kg.model.graphs`): roles, skills, certifications and claims between them."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for kind, number in (("role", size.roles), ("skill", size.skills), ("certification", size.certifications)):
        for i in range(number):
            more = {"status": "https://w3id.org/career-kg/ontology#active"} if kind == "certification" else {}
            graph.add_node(f"{BASE}{kind}/{kind}-{i}", label=f"{kind} {i}", kind=kind, aliases=(), **more)

    numbers = count()  # networkx counts its edges one by one

    def add(subject: str, relation: str, target: str, **more: object) -> None:
        key = f"{BASE}claim/{next(numbers):07d}"
        graph.add_edge(f"{BASE}{subject}", f"{BASE}{target}", key=key, relation=relation, **SOURCE, **more)

    random = Random(seed)
    scale = "https://w3id.org/career-kg/scale/generated"
    for (role, skill), importance in requirements(size, seed=seed).items():
        rated = {"importance": importance, "importanceScale": scale, "essential": importance > 0.5}
        add(f"role/role-{role}", "requires", f"skill/skill-{skill}", **rated)
    for one, skill in _pairs(random, 12 * size.certifications, size.certifications, size.skills):
        add(f"certification/certification-{one}", "certifies", f"skill/skill-{skill}")
    for a, b in _pairs(random, size.prerequisites, size.skills, size.skills):
        if b < a:  # what is common is needed before what is rare: never a circle
            add(f"skill/skill-{a}", "hasPrerequisite", f"skill/skill-{b}")
    for _ in range(size.transitions):
        a, b = random.sample(range(size.roles), 2)
        add(f"role/role-{a}", "leadsTo", f"role/role-{b}")
    return graph
