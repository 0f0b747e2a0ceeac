"""The steps of a plan: something to learn, or a certification to take, numbered in an order that can be followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.careers.candidates import Candidates, Chosen
from kg.careers.offers import Offer
from kg.careers.ordering import STAGES, in_order
from kg.careers.required import Required
from kg.model.answers import Node, node
from kg.model.graphs import Graph

__all__ = ["Step", "numbered"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: something to learn, or a certification to take.

    Attributes
    ----------
    ready
        Whether no other step must come before it, so that it can start tomorrow.
    after
        The steps that must come directly before it.
    because
        What asks for it: the role, and the steps that build on it.
    required
        What the role requires; None for a stepping stone and for a certification.
    covers
        Of a certification: the missing requirements that it certifies, essential and heavy first.
    proof
        Of a requirement: ``certified`` by a certification of the plan, ``over budget``, ``price not stated``, or
        ``none`` on offer. Empty otherwise.
    price
        In USD; of a certification only.
    """

    number: int
    stage: str
    node: Node
    ready: bool
    after: tuple[Node, ...]
    because: tuple[Node, ...]
    required: Required | None = None
    proof: str = ""
    covers: tuple[Node, ...] = ()
    price: float | None = None
    assumed: bool = False
    minutes: float | None = None
    validity: float | None = None
    experience: tuple[str, ...] = ()
    eligibility: tuple[str, ...] = ()
    offer: Offer | None = None

    @property
    def kind(self) -> str:
        """``learn`` or ``certify``."""
        return "certify" if self.offer else "learn"


def numbered(
    graph: Graph,
    role: str,
    *,
    learn: Sequence[str],
    stage: Mapping[str, str],
    before: Mapping[str, set[str]],
    offers: Candidates,
    chosen: Chosen,
    needs: Sequence[Required],
) -> tuple[Step, ...]:
    """Return every step with its number: first what is learnt, then the certifications, the most telling first.

    Parameters
    ----------
    learn
        What is learnt, in order.
    stage, before
        Of each thing to learn: its stage, and what must be learnt directly before it.
    needs
        All that the role requires, held or not.
    """
    taken, missing = chosen.taken, offers.missing
    numbers = {iri: i for i, iri in enumerate(learn, start=1)}
    after = {iri: sorted(before[iri]) for iri in learn}

    def by_importance(iri: str) -> tuple[Any, ...]:
        worth = sum(missing[item].weight for item in taken[iri].covers)
        return (-worth, taken[iri].cost, node(graph, iri).label.casefold(), iri)

    for iri in in_order({iri: taken[iri].needs for iri in taken}, by_importance, graph):
        numbers[iri] = len(numbers) + 1
        after[iri] = sorted(taken[iri].covers | taken[iri].needs)
    because: dict[str, list[str]] = defaultdict(list)
    for iri in numbers:
        for first in after[iri]:
            if iri not in taken or first in taken:
                because[first].append(iri)
    steps = []
    for iri, number in numbers.items():
        asked_by_role = iri in missing or (iri in taken and bool(taken[iri].covers))
        builders = [node(graph, other) for other in because[iri]]
        steps.append(
            Step(
                number,
                STAGES[-1] if iri in taken else stage[iri],
                node(graph, iri),
                not after[iri],
                tuple(node(graph, first) for first in after[iri]),
                (*([node(graph, role)] if asked_by_role else []), *builders),
                required=missing.get(iri),
                proof=offers.proof(iri, chosen.covering) if iri in missing else "",
                **(offers.details(iri, needs) if iri in taken else {}),
            )
        )
    return tuple(steps)
