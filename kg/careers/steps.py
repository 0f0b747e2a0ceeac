"""The steps of a plan: something to learn, or a certification to take, numbered in an order that can be followed.

A certification stands among what is learnt: after all that it tests, after what it needs first, and after those of a
lower level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.careers.advice import Advice, level_of, rank_of
from kg.careers.candidates import Candidates, Chosen
from kg.careers.conflicts import KnownConflict, conflicts_about
from kg.careers.offers import Offer
from kg.careers.ordering import OPTIONAL_STAGE, Way, closure_of, in_order
from kg.careers.proving import Proven
from kg.careers.required import Required
from kg.model.answers import Node, counted, node
from kg.model.graphs import Graph
from kg.model.signs import NEED

__all__ = ["Step", "numbered"]

#: What fewer roles require says nothing of how much it is used.
_MUCH_USED = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One step: something to learn, or a certification to take.

    Attributes
    ----------
    ready
        Whether no other step must come before it, so that it can start tomorrow.
    after
        The steps that must come directly before it; of a certification, what it tests and needs.
    because
        What asks for it: the role, and the steps that build on it.
    reason
        Why it is a step, and why there, in words.
    required
        What the role requires; None for a stepping stone and for a certification.
    covers
        Of a certification: the missing requirements that it certifies, essential and heavy first.
    proves
        Of these, how well each is proved; empty where that was not weighed.
    adds
        What it certifies that no certification before it does.
    proof
        Of a requirement: ``certified`` by a certification of the plan, ``over budget``, ``more exams``,
        ``price not stated``, or ``none`` on offer. Empty otherwise.
    price, running
        In USD; of a certification only: its own, and all up to it.
    fit, outside
        Why the certification is for the role, and whether somebody other than we says so.
    conflicts
        What is known to conflict about the certification.
    """

    number: int
    stage: str
    node: Node
    ready: bool
    after: tuple[Node, ...]
    because: tuple[Node, ...]
    reason: str = ""
    required: Required | None = None
    proof: str = ""
    covers: tuple[Node, ...] = ()
    proves: tuple[Proven, ...] = ()
    adds: tuple[Node, ...] = ()
    price: float | None = None
    running: float | None = None
    assumed: bool = False
    minutes: float | None = None
    validity: float | None = None
    experience: tuple[str, ...] = ()
    eligibility: tuple[str, ...] = ()
    level: str = ""
    fit: str = ""
    outside: bool = False
    conflicts: tuple[KnownConflict, ...] = ()
    offer: Offer | None = None

    @property
    def kind(self) -> str:
        """``learn`` or ``certify``."""
        return "certify" if self.offer else "learn"

    @property
    def apart(self) -> bool:
        """Whether it is optional, and stands apart."""
        return self.stage == OPTIONAL_STAGE


def numbered(
    graph: Graph,
    role: str,
    *,
    way: Way,
    offers: Candidates,
    chosen: Chosen,
    advice: Advice,
    needs: Sequence[Required],
    used: Mapping[str, int],
    language: str,
) -> tuple[Step, ...]:
    """Return every step with its number: what is learnt, and the certifications among it.

    Parameters
    ----------
    way
        What is learnt, its stages and prerequisites.
    needs
        All that the role requires, held or not.
    used
        How many roles require each thing.
    language
        IRI of the language of the role; empty where it has none.
    """
    taken, missing = chosen.taken, offers.missing
    exams = _sequence(graph, chosen, missing)
    tests = {iri: {*taken[iri].covers} & way.before.keys() for iri in exams}
    turn: dict[str, int] = {}
    for i, iri in enumerate(exams):
        for one in closure_of(way.before, tests[iri]):
            turn.setdefault(one, i)
    rank = {iri: rank_of(graph, iri) for iri in exams}
    before = {iri: {*firsts} for iri, firsts in way.before.items()}
    at = {iri: way.stages.index(way.stage[iri]) for iri in way.before}
    after = {iri: sorted(before[iri]) for iri in before}
    for i, iri in enumerate(exams):
        before[iri] = tests[iri] | {*taken[iri].needs} | {one for one in exams[:i] if rank[one] < rank[iri]}
        at[iri] = max((at[one] for one in before[iri]), default=0)
        after[iri] = sorted(tests[iri] | taken[iri].needs)

    def key(iri: str) -> tuple[Any, ...]:
        if iri in taken:
            return at[iri], False, -1, 0.0, exams.index(iri), ()
        label = node(graph, iri).label.casefold()
        own = missing[iri].sort_key if iri in missing else (True, 0.0, label, iri)
        return way.key(iri, own, turn.get(iri, len(exams)), used.get(iri, 0))

    numbers = {iri: i for i, iri in enumerate(in_order(before, key, graph), start=1)}
    because: dict[str, list[str]] = defaultdict(list)
    for iri in numbers:
        for first in after[iri]:
            if iri not in taken or first in taken:
                because[first].append(iri)
    # A full cover leaves out only what the budget does not pay for.
    beyond = "more exams" if advice.points or advice.why_none else "over budget"
    steps = []
    seen: set[str] = set()
    running = 0.0
    for iri, number in numbers.items():
        asked_by_role = iri in missing or (iri in taken and bool(taken[iri].covers))
        builders = [node(graph, other) for other in because[iri]]
        more: dict[str, Any] = {}
        if iri in taken:
            more = _of_exam(graph, iri, offers, advice, needs)
            more["adds"] = tuple(n for n in more["covers"] if n.iri not in seen)
            seen |= {n.iri for n in more["covers"]}
            running = round(running + (more["price"] or 0.0), 2)
            more["running"] = running
            more["reason"] = more["fit"]
        else:
            exam = node(graph, exams[turn[iri]]).label if iri in turn and iri in tests[exams[turn[iri]]] else ""
            more["reason"] = _reason(iri, missing, way, used, language, builders, exam)
        steps.append(
            Step(
                number,
                way.stages[at[iri]],
                node(graph, iri),
                not after[iri],
                tuple(node(graph, first) for first in after[iri]),
                (*([node(graph, role)] if asked_by_role else []), *builders),
                required=missing.get(iri),
                proof=offers.proof(iri, chosen.covering, beyond) if iri in missing else "",
                **more,
            )
        )
    return tuple(steps)


def _sequence(graph: Graph, chosen: Chosen, missing: Mapping[str, Required]) -> list[str]:
    """Return the certifications in the order to take them: what is needed first, then by level, the telling first."""

    def key(iri: str) -> tuple[Any, ...]:
        worth = sum(missing[item].weight for item in chosen.taken[iri].covers)
        return rank_of(graph, iri), -worth, chosen.taken[iri].cost, node(graph, iri).label.casefold(), iri

    return in_order({iri: one.needs for iri, one in chosen.taken.items()}, key, graph)


def _of_exam(
    graph: Graph, iri: str, offers: Candidates, advice: Advice, needs: Sequence[Required]
) -> dict[str, Any]:  # fields of a step
    found = offers.details(iri, needs)
    fit = advice.fits.get(iri)
    if advice.recommended:
        proves = advice.proofs.get(iri, ())
        found |= {"proves": proves, "covers": tuple(one.node for one in proves)}
    return {
        **found,
        "level": level_of(graph, iri),
        "fit": fit.says if fit else "",
        "outside": fit.is_outside if fit else False,
        "conflicts": conflicts_about(graph, iri),
    }


def _reason(
    iri: str,
    missing: Mapping[str, Required],
    way: Way,
    used: Mapping[str, int],
    language: str,
    builders: Sequence[Node],
    exam: str,
) -> str:
    """Return why a thing is learnt, and why where it stands, in words."""
    said = [NEED[missing[iri].essential]] if iri in missing else []
    if iri == language:
        said.append("the language of the role")
    resting = way.resting[iri]
    if resting > 1:
        said.append(f"{counted(resting, 'other step')} rest on it")
    elif builders:
        said.append(f"first for {builders[0].label}")
    if used.get(iri, 0) >= _MUCH_USED:
        said.append(f"{used[iri]} roles require it")
    if exam and iri in missing and not missing[iri].essential:
        said.append(f"tested by {exam}")
    return ", ".join(said)
