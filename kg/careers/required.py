"""What a role requires, with what weight. Shared by the questions that compare and plan.

There is one rule for weights, and every question that weighs has it from here. What one claim says weighs how far its
importance lies along its own scale, 0…1, where it has one and the ends of the scale are known (an O*NET importance of
4, on a scale from 1 to 5, weighs 0.75); else 1 where the source calls it essential or draws no such line, and 0.5 where
it calls it optional (our reading). Of several claims the greatest weight counts, among the sources that are heard. What
weighs nothing is not required.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kg.model.answers import Claim, Node, node
from kg.model.graphs import Attributes, Graph
from kg.model.scales import OPTIONAL_WEIGHT, Rating, ends_of, share

__all__ = [
    "Required",
    "heaviest",
    "highest_levels",
    "required",
    "weight",
    "weights",
]

Edge = tuple[str, str, str, Attributes]


@dataclass(frozen=True, slots=True)
class Required:
    """One thing a role requires.

    Attributes
    ----------
    essential
        Whether any source calls it essential.
    weight
        How much it counts, above 0 and up to 1, by the rule of this module.
    levels
        How well it must be mastered: the highest level asked for on each scale that a claim names.
    """

    node: Node
    essential: bool
    weight: float
    claims: tuple[Claim, ...]
    levels: tuple[Rating, ...] = ()

    @property
    def stated(self) -> bool | None:
        """Whether any source calls it essential; None where none says either."""
        return self.essential if any(claim.essential is not None for claim in self.claims) else None

    @property
    def sort_key(self) -> tuple[bool, float, str, str]:
        """Order essential first, then by weight, then by label and IRI."""
        return (not self.essential, -self.weight, self.node.label.casefold(), self.node.iri)


def weight(graph: Graph, data: Attributes) -> float:
    """Return the weight of one claim, by the rule of this module; the graph knows the ends of its scale."""
    value, scale = data.get("importance"), data.get("importanceScale")
    if isinstance(value, int | float) and scale and (ends := ends_of(graph, scale)):
        return share(value, ends)
    return OPTIONAL_WEIGHT if data.get("essential") is False else 1.0


def heaviest(graph: Graph, claims: Iterable[Attributes]) -> float:
    """Return the weight of what several claims say of one thing: the greatest of theirs."""
    return max(weight(graph, data) for data in claims)


def required(
    graph: Graph, role: str, *, sources: Collection[str] = (), essential_only: bool = False
) -> tuple[Required, ...]:
    """Return what a role requires, essential and heavy first.

    Parameters
    ----------
    graph
        A graph with the role's ``requires`` edges.
    role
        IRI of the role.
    sources
        IRIs of the sources to hear; all by default.
    essential_only
        Leave out what no source calls essential.
    """
    found = (
        Required(
            node(graph, item),
            any(data.get("essential") is not False for *_, data in edges),
            heaviest(graph, (data for *_, data in edges)),
            tuple(sorted((Claim.read(graph, edge) for edge in edges), key=lambda claim: claim.sort_key)),
            highest_levels(data for *_, data in edges),
        )
        for item, edges in _by_item(graph, role, sources).items()
    )
    needed = (r for r in found if r.weight > 0 and (r.essential or not essential_only))
    return tuple(sorted(needed, key=lambda r: r.sort_key))


def weights(graph: Graph, role: str, *, sources: Collection[str] = ()) -> dict[str, float]:
    """Return the weight of each thing a role requires, by IRI: the same as `required` has, without the claims."""
    by_item = _by_item(graph, role, sources)
    found = {item: heaviest(graph, (data for *_, data in edges)) for item, edges in by_item.items()}
    return {item: weight for item, weight in found.items() if weight > 0}


def _by_item(graph: Graph, role: str, sources: Collection[str]) -> dict[str, list[Edge]]:
    by_item: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.out_edges(role, keys=True, data=True):
        if edge[3].get("relation") == "requires" and (not sources or edge[3].get("source") in sources):
            by_item[edge[1]].append(edge)
    return by_item


def highest_levels(claims: Iterable[Attributes]) -> tuple[Rating, ...]:
    """Return the highest level that claims ask for on each scale, by scale."""
    highest: dict[str, float] = {}
    for data in claims:
        value, scale = data.get("level"), data.get("levelScale")
        if isinstance(value, int | float) and scale:
            highest[scale] = max(float(value), highest.get(scale, float(value)))
    return tuple(Rating(value, scale) for scale, value in sorted(highest.items()))
