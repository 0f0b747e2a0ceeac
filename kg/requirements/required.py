"""What a role requires, with what weight; which certifications prove it. Shared by the questions that compare and plan.

There is one rule for weights, and every question that weighs has it from here. What one claim says weighs how far its
importance lies along its own scale, 0…1, where it has one and the ends of the scale are known (an O*NET importance of
4, on a scale from 1 to 5, weighs 0.75); else 1 where the source calls it essential or draws no such line, and 0.5 where
it calls it optional (our reading). Of several claims the greatest weight counts, among the sources that are heard. What
weighs nothing is not required.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kg.answers import Claim, Node, node
from kg.graphs import Attributes, Graph, local_name
from kg.offers import Offer, offer
from kg.requirements.scales import Rating, ends_of, share

__all__ = [
    "OPTIONAL_WEIGHT",
    "Proof",
    "Required",
    "heaviest",
    "highest_levels",
    "instead",
    "is_step",
    "proofs",
    "required",
    "weight",
    "weights",
    "why_not",
]

OPTIONAL_WEIGHT = 0.5

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


@dataclass(frozen=True, slots=True)
class Proof:
    """A certification that certifies something, and whether it is on offer.

    Attributes
    ----------
    step
        Whether it can be recommended as a next step: on offer on the day, not ending, or of a status asked for.
    successors
        The certifications that replace it, and are themselves a next step.
    coming
        Those that replace it and are none yet or any more, each with its status.
    """

    node: Node
    offer: Offer
    step: bool
    successors: tuple[Node, ...]
    coming: tuple[tuple[Node, str], ...]
    claims: tuple[Claim, ...]


def is_step(attributes: Attributes, offered: Offer, include: Collection[str]) -> bool:
    """Whether a certification can be recommended: active on the day or of a status asked for, and no business exam."""
    if local_name(str(attributes.get("audience", ""))) == "BusinessAudience":
        return False
    return offered.status == "active" or (
        offered.status in ("ending", "beta", "announced") and offered.status in include
    )


def proofs(graph: Graph, item: str, day: date, *, include: Collection[str] = ()) -> tuple[Proof, ...]:
    """Return the certifications that certify a skill or tool, next steps first, then by label.

    Parameters
    ----------
    day
        The day asked about.
    include
        What else counts as a next step: ``ending``, ``beta``, ``announced``.
    """
    by_certification: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.in_edges(item, keys=True, data=True):
        if edge[3].get("relation") == "certifies":
            by_certification[edge[0]].append(edge)
    found = [_proof(graph, iri, edges, day, include) for iri, edges in by_certification.items()]
    return tuple(sorted(found, key=lambda proof: (not proof.step, proof.node.label.casefold(), proof.node.iri)))


def _proof(graph: Graph, iri: str, edges: Sequence[Edge], day: date, include: Collection[str]) -> Proof:
    attributes = graph.nodes[iri]
    offered = offer(attributes, day)
    claims = tuple(sorted((Claim.read(graph, edge) for edge in edges), key=lambda claim: claim.sort_key))
    ready, coming = _successors(graph, iri, day, include)
    return Proof(node(graph, iri), offered, is_step(attributes, offered, include), ready, coming, claims)


def _successors(
    graph: Graph, iri: str, day: date, include: Collection[str]
) -> tuple[tuple[Node, ...], tuple[tuple[Node, str], ...]]:
    """Return what replaces a certification, following replacements of replacements: what can be taken, and the rest."""
    found: set[Node] = set()
    coming: set[tuple[Node, str]] = set()
    seen, ahead = {iri}, [iri]
    while ahead:
        for _, after, _, data in graph.out_edges(ahead.pop(), keys=True, data=True):
            if data.get("relation") != "isReplacedBy" or after in seen:
                continue
            seen.add(after)
            ahead.append(after)
            attributes = graph.nodes[after]
            offered = offer(attributes, day)
            if is_step(attributes, offered, include):
                found.add(node(graph, after))
            else:
                coming.add((node(graph, after), offered.status))
    return tuple(sorted(found)), tuple(sorted(coming))


def instead(proof: Proof) -> str:
    """Return what to take in the place of a certification that is no next step."""
    if proof.successors:
        return " or ".join(n.label for n in proof.successors)
    if proof.coming:
        later = [(after, status) for after, status in proof.coming if status != "retired"] or proof.coming
        return "; ".join(f"{after.label} ({status})" for after, status in later)
    if proof.offer.status in ("ending", "beta", "announced"):
        return f"or count it: --include {proof.offer.status}"
    return "no successor known" if proof.offer.status == "retired" else ""


def why_not(proof: Proof) -> str:
    """Return why a certification is no next step."""
    if proof.offer.status == "active":
        return "a business-level exam"
    if proof.offer.status == "retired" and proof.offer.until:
        return f"retired {proof.offer.until}"
    return f"{proof.offer.status} until {proof.offer.until}" if proof.offer.status == "ending" else proof.offer.status
