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
from kg.model.columns import DATE, FLAG, IRI, NUMBER, PLACE, STATUS, TEXT, Column, many, maybe, one_of
from kg.model.graphs import Graph

__all__ = ["BARE", "STEP_COLUMNS", "Step", "certify_row", "numbered", "usd"]


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


#: What is learnt without a certificate, by why there is none.
BARE = {
    "none": "Learn without a certificate: none on offer certifies it",
    "price not stated": "Learn without a certificate: no price is stated (--assume-price USD admits it)",
    "over budget": "Learn without a certificate: beyond the budget",
}
#: The columns of a table of steps.
STEP_COLUMNS = (
    Column("step", PLACE, "its number", lambda s: s.number),
    Column("stage", one_of(*STAGES), "the stage it belongs to", lambda s: s.stage),
    Column("kind", one_of("learn", "certify"), "to learn, or a certification to take", lambda s: s.kind),
    Column("iri", IRI, "what to learn or take", lambda s: s.node.iri),
    Column("label", TEXT, "its name", lambda s: s.node.label),
    Column("ready", FLAG, "whether no other step must come before it", lambda s: s.ready),
    Column("required", FLAG, "whether the role itself requires it", lambda s: s.required is not None),
    Column("essential", maybe(FLAG), "essential or optional", lambda s: s.required.essential if s.required else None),
    Column("importance", maybe(NUMBER), "the weight that counts", lambda s: s.required.weight if s.required else None),
    Column("proof", one_of("", "certified", *BARE), "what certifies what is learnt", lambda s: s.proof),
    Column("price_usd", maybe(NUMBER), "USD; null for what is learnt, 0 where it is free", lambda s: s.price),
    Column("price_assumed", FLAG, "whether the price is the one assumed", lambda s: s.assumed),
    Column("minutes", maybe(NUMBER), "how long the exam takes; null where not stated", lambda s: s.minutes),
    Column("validity_months", maybe(NUMBER), "how long it is valid; null where not stated", lambda s: s.validity),
    Column("experience", many(TEXT), "the experience advised", lambda s: [*s.experience]),
    Column("eligibility", many(TEXT), "who may take it", lambda s: [*s.eligibility]),
    Column("status", STATUS, "on the day asked about", lambda s: s.offer.status if s.offer else ""),
    Column("status_as_of", DATE, "when that was checked", lambda s: s.offer.checked if s.offer else ""),
    Column("covers", many(IRI), "what it certifies of the missing", lambda s: [n.iri for n in s.covers]),
    Column("covers_labels", many(TEXT), "the same, by name", lambda s: [n.label for n in s.covers]),
    Column("because", many(IRI), "what it must be learnt for", lambda s: [n.iri for n in s.because]),
    Column("because_labels", many(TEXT), "the same, by name", lambda s: [n.label for n in s.because]),
    Column("after", many(IRI), "what must be learnt directly before it", lambda s: [n.iri for n in s.after]),
)


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


def certify_row(step: Step) -> tuple[str, ...]:
    """Return a certification to take as a row: number, name, price, minutes, validity, what it certifies, notes."""
    notes = [step.offer.status] if step.offer and step.offer.status != "active" else []
    notes += [f"only with {text}" for text in step.eligibility]
    notes += [f"advised: {text}" for text in step.experience]
    price = (usd(step.price) if step.price else "free") + (" assumed" if step.assumed else "")
    minutes = "not stated" if step.minutes is None else f"{step.minutes:g}"
    valid = "not stated" if step.validity is None else f"{step.validity:g} months"
    covers = f"{len(step.covers)}: {', '.join(n.label for n in step.covers)}" if step.covers else "needed first"
    return str(step.number), step.node.label, price, minutes, valid, covers, "; ".join(notes)


def usd(amount: float | None) -> str:
    """Return an amount of money in words; None is nothing."""
    amount = amount or 0.0
    return f"{amount:,.0f} USD" if amount == round(amount) else f"{amount:,.2f} USD"
