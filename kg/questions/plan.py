"""`plan`: in which order does one get from what is held to what a role requires, and which certifications prove it?

What is missing and all that must be learnt before it become steps in topological order (`kg.careers.ordering`); the
walk back along ``hasPrerequisite`` ends at what is held. The exams are the few that a good adviser would name
(`kg.careers.advice`): the best one, two, three … for the role, each point proved, and at most three recommended. They
stand among the steps, after what they test and need. With ``all_certifiable`` they are the cheapest that certify all
that any certifies, or with a budget the most importance (`kg.algorithms.covering`). A learn step is never dropped
because no certification covers it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Annotated, TypedDict, TypeVar, Unpack, get_args

from kg.algorithms.covering import Covering, Prefer
from kg.careers.advice import USUAL, Advice, FrontierPoint, advise
from kg.careers.candidates import Candidates, Chosen, LeftOut, evidence_of_way
from kg.careers.held import brought
from kg.careers.issuers import issuers_of
from kg.careers.offers import Include
from kg.careers.ordering import everyday_of, in_order, languages_of, prerequisites, way_of
from kg.careers.profile import Profile
from kg.careers.required import Required, required
from kg.careers.showing import Reason, Reasons, shown_by
from kg.careers.steps import Step, numbered
from kg.handles.asking import ask, check_choice, named, question
from kg.handles.handle import Handle
from kg.model.answers import Node, node
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.model.options import Listed
from kg.questions.plan_answer import PlanAnswer

__all__ = ["FrontierPoint", "LeftOut", "Plan", "Step", "plan"]

P = TypeVar("P", bound="PlanAnswer")


@dataclass(frozen=True)
class Plan(PlanAnswer):
    """The steps from what is held to what a role requires, and the exams among them."""


@question
def plan(
    g: Handle | Graph,
    role: str,
    *,
    held: Sequence[str] = (),
    from_: str | None = None,
    profile: Path | Profile | None = None,
    held_file: Path | None = None,
    person: str | None = None,
    not_held: Sequence[str] = (),
    as_said: bool = False,
    budget: float | None = None,
    provider: Annotated[Sequence[str], Listed] = (),
    prefer: Prefer = "cost",
    include: Annotated[Sequence[Include], Listed] = (),
    assume_price: float | None = None,
    exams: int = USUAL,
    all_certifiable: bool = False,
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Plan:
    """In which order does one get to a role from what is held, and which certifications prove it?

    Everything missing is a step, and so is everything that must be learnt before it; what is optional stands apart.
    At most three exams are recommended, of those that are said to be for the role or named after it: the best one, the
    best two, the best three, each proved. One whose price is not stated cannot be compared, so it is left out and
    named. No study time is shown, since no source states any.

    Parameters
    ----------
    role
        The role aimed at, such as "AI Engineer".
    exams
        Recommend at most so many exams.
    all_certifiable
        Certify all that any certification on offer certifies, at least cost, however many that takes.

    Returns
    -------
    Plan
        Steps in an order that can be followed, by stages, with exams among them; the frontier of the best one, two,
        three … exams with prices and proofs; what stands apart, and what is left out.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        An amount or a number below 0, an unknown provider, or prerequisites that run in a ring.

    References
    ----------
    A. B. Kahn, Topological sorting of large networks, Communications of the ACM 5 (1962). For the certifications see
    `kg.algorithms.frontier` and `kg.algorithms.covering`.

    Examples
    --------
    >>> import kg
    >>> answer = kg.plan(kg.open(as_of="2026-11-22"), "DevOps Engineer", held=["Python", "Git"])
    >>> [step.node.label for step in answer.certify], answer.cost, answer.covering.optimal
    (['AWS Certified DevOps Engineer – Professional'], 300.0, True)
    """
    return way_to(
        Plan,
        g,
        role=role,
        held=held,
        from_=from_,
        profile=profile,
        held_file=held_file,
        person=person,
        not_held=not_held,
        as_said=as_said,
        budget=budget,
        provider=provider,
        prefer=prefer,
        include=include,
        assume_price=assume_price,
        exams=exams,
        all_certifiable=all_certifiable,
        essential_only=essential_only,
        source=source,
    )


class Options(TypedDict):
    """What both questions about the way to a role are asked with."""

    role: str
    held: Sequence[str]
    from_: str | None
    profile: Path | Profile | None
    held_file: Path | None
    person: str | None
    not_held: Sequence[str]
    as_said: bool
    budget: float | None
    provider: Sequence[str]
    prefer: Prefer
    include: Sequence[Include]
    assume_price: float | None
    exams: int
    all_certifiable: bool
    essential_only: bool
    source: Sequence[str]


def way_to(form: type[P], g: Handle | Graph, **options: Unpack[Options]) -> P:
    """Return the way to a role, as a plan or a roadmap."""
    _check_amount("--budget", options["budget"])
    _check_amount("--assume-price", options["assume_price"])
    check_choice(options["include"], get_args(Include), '--include takes {among}, not "{value}".')
    check_choice([options["prefer"]], get_args(Prefer), '--prefer takes cost or few, not "{value}".')
    if options["exams"] < 0:
        raise BadInput(f"--exams {options['exams']} is no number of exams. Give 0 or more.")
    if options["prefer"] != "cost" and not options["all_certifiable"]:
        raise BadInput("--prefer chooses how all that can be certified is covered. Add --all-certifiable.")
    files = {"profile": named(options["profile"]), "held_file": named(options["held_file"])}
    told = {
        **options,
        **files,
        "prefer": options["prefer"].replace("cost", ""),
        "exams": None if options["exams"] == USUAL else options["exams"],
    }
    asked = ask(g, **told)
    asked.handle.expect(options["role"], *options["held"], *options["not_held"], options["from_"])
    aim = asked.node(options["role"], "role").iri
    files_of = (options["profile"], options["held_file"])
    how = options["not_held"], options["as_said"], options["person"]
    brings = brought(asked, options["held"], options["from_"], files_of, *how)
    issuers = issuers_of(asked.handle, options["provider"])
    wanted = [aim, *([brings.start.iri] if brings.start else ())]
    graph = asked.slice("plan", role=wanted, source=asked.sources)
    holds = brings.on(graph, [aim], sources=asked.sources, essential_only=options["essential_only"])
    needs = required(graph, aim, sources=asked.sources, essential_only=options["essential_only"])
    too_low = {r.node.iri for r in required(graph, aim, sources=asked.sources) if not holds.at.has(r)}
    held = holds.reasons.keys() - too_low
    missing = {r.node.iri: r for r in needs if r.node.iri not in held}
    used, roles = asked.handle.used_by([r.node.iri for r in needs]) if missing else ({}, 0)
    languages = languages_of(graph, needs, used)
    # Who programs is not served by an exam about the business.
    serves = "" if languages else aim
    offers = Candidates(
        graph, missing, held, asked.day, options["include"], issuers, options["assume_price"], role=serves
    )
    in_order(offers.needs, lambda iri: (iri,), graph)  # a ring of certifications can never be taken
    everyday = everyday_of(graph, needs, used, roles, languages)
    if options["all_certifiable"]:
        advice, chosen = Advice(), offers.choose(prefer=options["prefer"], budget=options["budget"])
    else:
        known = {*languages[:1], *({*languages} & everyday)}
        advice = advise(
            graph, node(graph, aim), needs, held, offers, known, exams=options["exams"], budget=options["budget"]
        )
        chosen = _taken(offers, advice)
    tested = {item for one in chosen.taken.values() for item in one.covers}
    way = way_of(graph, needs, held, everyday=everyday, tested=tested)
    steps = numbered(
        graph,
        aim,
        way=way,
        offers=offers,
        chosen=chosen,
        advice=advice,
        needs=needs,
        used=used,
        language=languages[0] if languages else "",
    )
    fits = (claim for iri in chosen.taken if iri in advice.fits for claim in advice.fits[iri].claims)
    evidence = evidence_of_way(graph, needs, {step.node.iri for step in steps}, chosen.taken)
    return form(
        role=node(graph, aim),
        held=tuple(r for r in needs if r.node.iri in held),
        missing=tuple(missing.values()),
        steps=steps,
        left_out=offers.left_out(),
        covering=chosen.covering,
        prefer=options["prefer"],
        stages=way.stages,
        set_aside=way.set_aside,
        advice=advice,
        full=options["all_certifiable"],
        grouped=way.grouped,
        budget=options["budget"],
        short=chosen.short,
        cheapest=chosen.cheapest,
        profile=brings.profile,
        taken_as_known=_taken_as_known(graph, holds.reasons, needs, held),
        evidence=tuple(sorted({*evidence, *fits}, key=lambda claim: claim.sort_key)),
        context=asked.context(graph),
    )


def _taken_as_known(
    graph: Graph, reasons: Reasons, needs: Sequence[Required], held: Collection[str]
) -> tuple[tuple[Node, Reason], ...]:
    whole = prerequisites(graph, [r.node.iri for r in needs], ())
    return tuple((node(graph, iri), why) for iri, why in shown_by(reasons, whole.keys() & held).items())


def _taken(offers: Candidates, advice: Advice) -> Chosen:
    """Return the recommended exams in the form in which full covers come."""
    point = advice.recommended
    if point is None:
        return Chosen(Covering((), 0, (), True, 0.0), {})
    iris = {n.iri for n in point.exams}
    taken = {c.name: c for c in offers.candidates if c.name in iris}
    proved = tuple(sorted(n.iri for n in point.proves))
    cost = sum(one.cost for one in taken.values())
    return Chosen(Covering(tuple(sorted(iris)), cost, proved, point.optimal, point.gap), taken)


def _check_amount(option: str, amount: float | None) -> None:
    if amount is not None and not (isfinite(amount) and amount >= 0):
        raise BadInput(f"{option} {amount:g} is no amount of money. Give USD, 0 or more.")
