"""The certifications that a plan may choose from, and why it may not choose the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.algorithms.covering import Candidate, Covering, Prefer, cover
from kg.careers.offers import Offer, offer
from kg.careers.proofs import Proof, conditions, instead, is_step, proofs, why_not
from kg.careers.required import Required
from kg.model.answers import Claim, Node, node
from kg.model.graphs import Graph

__all__ = ["Candidates", "Chosen", "LeftOut", "evidence_of_way"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A certification that certifies something missing and cannot be chosen: why, and what to do instead."""

    node: Node
    why: str
    instead: str
    covers: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the optimiser chose and, with a budget, what it lacks.

    Attributes
    ----------
    taken
        The chosen certifications, by IRI.
    short
        By how many USD the budget falls short of all that could be certified; None without one.
    cheapest
        Where the budget pays for nothing: the cheapest certification that certifies something missing, and its price
        together with what it needs first.
    """

    covering: Covering
    taken: Mapping[str, Candidate]
    short: float | None = None
    cheapest: tuple[Node, float] | None = None


class Candidates:
    """The certifications that certify what is missing, and what these need: which can be chosen, and why others not."""

    def __init__(
        self,
        graph: Graph,
        missing: Mapping[str, Required],
        held: Collection[str],
        day: date,
        include: Collection[str],
        issuers: Collection[str] | None,
        assume_price: float | None,
        role: str = "",
    ) -> None:
        self.graph, self.missing, self.issuers, self.role = graph, missing, issuers, role
        self.assume_price = assume_price
        self.offers: dict[str, Offer] = {}
        self.proofs: dict[str, Proof] = {}
        self.covers: dict[str, set[str]] = defaultdict(set)
        for item in missing:
            for proof in proofs(graph, item, day, include=include):
                self.proofs[proof.node.iri] = proof
                self.covers[proof.node.iri].add(item)
        self._needs: dict[str, frozenset[str]] = {}
        self._steps: set[str] = set()
        ahead = sorted(self.covers)
        while ahead:
            iri = ahead.pop()
            if iri in self._needs or iri in held:
                continue
            attributes = graph.nodes[iri]
            self.offers[iri] = offer(attributes, day)
            if is_step({**attributes, "audience": ""} if self._serves(iri) else attributes, self.offers[iri], include):
                self._steps.add(iri)
            edges = graph.out_edges(iri, keys=True, data=True)
            firsts = {v for _, v, _, data in edges if data.get("relation") == "hasPrerequisite" and v not in held}
            self._needs[iri] = frozenset(firsts)
            ahead += sorted(firsts)
        self.candidates = [
            Candidate(iri, round(price * 100), frozenset(self.covers.get(iri, ())), self._needs[iri])
            for iri in sorted(self._steps)
            if self._issued(iri) and (price := self.price(iri)[0]) is not None
        ]
        self.names = {c.name for c in self.candidates}

    @property
    def needs(self) -> dict[str, frozenset[str]]:
        """What each candidate needs first."""
        return {c.name: c.needs for c in self.candidates}

    def _serves(self, iri: str) -> bool:
        """Whether anybody but the article says that a business-level exam is for the role."""
        edges = self.graph.out_edges(iri, keys=True, data=True)
        return any(
            v == self.role and data.get("relation") == "recommendedFor" and data.get("origin") != "article"
            for _, v, _, data in edges
        )

    def _issued(self, iri: str) -> bool:
        edges = self.graph.out_edges(iri, keys=True, data=True)
        return self.issuers is None or any(
            data.get("relation") == "issuedBy" and v in self.issuers for _, v, _, data in edges
        )

    def price(self, iri: str) -> tuple[float | None, bool]:
        """Return the price in USD, the dearest where sources disagree, and whether it is only assumed."""
        stated = _number(self.graph.nodes[iri].get("priceUSD"))
        if stated is not None and stated >= 0:
            return stated, False
        return self.assume_price, self.assume_price is not None

    def details(self, iri: str, needs: Sequence[Required]) -> dict[str, Any]:
        """Return what a step says of a certification."""
        attributes = self.graph.nodes[iri]
        price, assumed = self.price(iri)
        return {
            "covers": tuple(r.node for r in needs if r.node.iri in self.covers.get(iri, ())),
            "price": price,
            "assumed": assumed,
            "minutes": _number(attributes.get("examMinutes")),
            "validity": _number(attributes.get("validityMonths"), largest=False),
            "experience": _texts(attributes.get("recommendedExperience")),
            "eligibility": conditions(attributes),
            "offer": self.offers[iri],
        }

    def proof(self, item: str, chosen: Covering, beyond: str = "over budget") -> str:
        """Return whether a requirement is certified by the plan, or why not; `beyond` where one on offer would."""
        if item in chosen.covered:
            return "certified"
        by = {iri for iri, covers in self.covers.items() if item in covers}
        if any(self._reachable(iri) for iri in by & self.names):
            return beyond
        unpriced = any(iri in self._steps and self._issued(iri) and self.price(iri)[0] is None for iri in by)
        return "price not stated" if unpriced else "none"

    def _reachable(self, iri: str) -> bool:
        return iri in self.names and all(self._reachable(first) for first in self._needs[iri])

    def choose(self, *, prefer: Prefer, budget: float | None) -> Chosen:
        """Return the best set of certifications: for all that can be certified, or within a budget in USD."""
        weights = {iri: r.weight for iri, r in self.missing.items()}
        cents = None if budget is None else int(round(budget * 100, 4))
        best = cover(self.missing, self.candidates, prefer=prefer, budget=cents, weights=weights)
        taken = {c.name: c for c in self.candidates if c.name in best.chosen}
        if budget is None:
            return Chosen(best, taken)
        every = cover(self.missing, self.candidates, prefer="cost")
        if len(every.covered) <= len(best.covered):
            return Chosen(best, taken, 0.0)
        short = max(0.0, every.cost / 100 - budget)
        return Chosen(best, taken, short, None if taken else self._cheapest())

    def _cheapest(self) -> tuple[Node, float] | None:
        """Return the certification that certifies something for the least, with what it needs first, and that price."""
        by_name = {c.name: c for c in self.candidates}
        found = []
        for candidate in self.candidates:
            chain, ahead = set(), [candidate.name]
            while ahead:
                name = ahead.pop()
                if name not in chain:
                    chain.add(name)
                    ahead += by_name[name].needs if name in by_name else ()
            if candidate.covers and chain <= by_name.keys():
                price = sum(by_name[name].cost for name in chain)
                found.append((price, node(self.graph, candidate.name).label.casefold(), candidate.name))
        if not found:
            return None
        price, _, iri = min(found)
        return node(self.graph, iri), price / 100

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return those that certify something missing and cannot be chosen; not those of other providers."""
        found = []
        for iri, proof in self.proofs.items():
            covers = tuple(r.node for r in self.missing.values() if r.node.iri in self.covers[iri])
            if iri not in self.offers or not self._issued(iri) or self._reachable(iri):
                continue
            if not proof.step:
                why, then = why_not(proof), instead(proof).replace("or count it: ", "")
            elif self.price(iri)[0] is None:
                why, then = "price not stated", "--assume-price USD"
            else:
                first = min(node(self.graph, n).label for n in self._needs[iri] if not self._reachable(n))
                why, then = f"needs {first}, which cannot be chosen", ""
            found.append(LeftOut(proof.node, why, then, covers))
        return tuple(sorted(found, key=lambda one: (one.why, one.node.label.casefold(), one.node.iri)))


def _number(value: Any, *, largest: bool = True) -> float | None:  # an attribute: nothing, a number, or several
    if value is None:
        return None
    found = [float(one) for one in (value if isinstance(value, tuple) else (value,))]
    return max(found) if largest else min(found)


def _texts(value: Any) -> tuple[str, ...]:  # an attribute: nothing, a text, or several
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),) if value else ()


def evidence_of_way(
    graph: Graph, needs: Sequence[Required], steps: Collection[str], taken: Mapping[str, Candidate]
) -> tuple[Claim, ...]:
    """Return why everything is required, what must come before what, and what the certifications certify."""
    claims = {claim for r in needs for claim in r.claims}
    for iri in steps:
        for edge in graph.out_edges(iri, keys=True, data=True):
            relation, target = edge[3].get("relation"), edge[1]
            if (relation == "hasPrerequisite" and target in steps) or (
                relation == "certifies" and iri in taken and target in taken[iri].covers
            ):
                claims.add(Claim.read(graph, edge))
    return tuple(sorted(claims, key=lambda claim: claim.sort_key))
