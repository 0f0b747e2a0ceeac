"""Which certifications prove a skill or tool, which of them can be recommended, and what to take instead of others.

One rule for all questions: what can no longer be taken, proves no engineering, or is open to a few only, is no next
step. It is named all the same, with why and what instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.careers.offers import Offer, offer
from kg.model.answers import Claim, Node, node
from kg.model.graphs import Attributes, Graph, local_name

__all__ = ["Proof", "conditions", "instead", "is_business", "is_step", "proofs", "why_not"]

Edge = tuple[str, str, str, Attributes]


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
    business
        Whether it is an exam about the business, which proves no engineering.
    only_with
        On what condition alone one may sit for it, such as employment at a partner; empty where anyone may.
    """

    node: Node
    offer: Offer
    step: bool
    successors: tuple[Node, ...]
    coming: tuple[tuple[Node, str], ...]
    claims: tuple[Claim, ...]
    business: bool = False
    only_with: tuple[str, ...] = ()


def is_business(attributes: Mapping[str, Any]) -> bool:  # attributes of any type
    """Whether a certification is about the business, so that it proves no engineering skill."""
    return local_name(str(attributes.get("audience", ""))) == "BusinessAudience"


def conditions(attributes: Mapping[str, Any]) -> tuple[str, ...]:  # attributes of any type
    """Return on what conditions alone one may sit for a certification; none where anyone may."""
    found = attributes.get("eligibility", ())
    return (found,) if isinstance(found, str) else tuple(found)


def is_step(attributes: Attributes, offered: Offer, include: Collection[str]) -> bool:
    """Whether a certification can be recommended to anyone who asks.

    It is active on the day or of a status asked for, is no business exam, and is open to everybody unless those that
    are not (``restricted``) are asked for: who cannot register has no use for the cheapest price.
    """
    if is_business(attributes) or (conditions(attributes) and "restricted" not in include):
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
        What else counts as a next step: ``ending``, ``beta``, ``announced``, ``restricted``.
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
    return Proof(
        node(graph, iri),
        offered,
        is_step(attributes, offered, include),
        ready,
        coming,
        claims,
        is_business(attributes),
        conditions(attributes),
    )


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
    include = [proof.offer.status] if proof.offer.status in ("ending", "beta", "announced") else []
    include += ["restricted"] if proof.only_with and (include or proof.offer.status == "active") else []
    if include and not proof.business:
        return f"or count it: --include {','.join(include)}"
    return "no successor known" if proof.offer.status == "retired" else ""


def why_not(proof: Proof) -> str:
    """Return why a certification is no next step."""
    if proof.business and proof.offer.status != "retired":
        return "a business-level exam"
    if proof.offer.status == "active":
        return f"only with {' and '.join(proof.only_with)}"
    if proof.offer.status == "retired" and proof.offer.until:
        return f"retired {proof.offer.until}"
    return f"{proof.offer.status} until {proof.offer.until}" if proof.offer.status == "ending" else proof.offer.status
