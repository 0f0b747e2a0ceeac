"""`plan`: in which order does one get from what is held to what a role requires, and which certifications prove it?

What is missing and all that must be learnt before it become steps in topological order; the walk back along
``hasPrerequisite`` ends at what is held. The certifications come from an exact optimiser (`kg.algorithms.covering`): a
learn step is never dropped because no certification covers it, and a certification never stands before what it tests or
needs.

Stages are read off all that the role requires and what that rests on, held or not, so that a step has the same stage
for everyone. *Foundations* need nothing first, or are stepping stones (needed first, not required themselves) that
rest on foundations alone. *Specialisation* is what needs something first and nothing else builds on. *Core* is what
lies between. No step of a stage needs one of a later stage. *Certifications* come last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypedDict, TypeVar, Unpack, get_args

from kg.algorithms.covering import Covering, Prefer
from kg.careers.candidates import Candidates, LeftOut, evidence_of_way
from kg.careers.held import Brought, Held, brought
from kg.careers.issuers import issuers_of
from kg.careers.offers import Include
from kg.careers.ordering import STAGES, in_order, ordered, prerequisites, stages
from kg.careers.profile import Profile
from kg.careers.required import Required, required
from kg.careers.showing import Reason, shown_by
from kg.careers.steps import BARE, STEP_COLUMNS, Step, certify_row, numbered, usd
from kg.handles.asking import ask, check_choice, named, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Context, Node, Section, counted, few, node
from kg.model.columns import (
    FLAG,
    NUMBER,
    OBJECT,
    SHARE,
    WHOLE,
    Column,
    many,
    maybe,
)
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.model.options import Listed
from kg.model.signs import NEED

__all__ = ["LeftOut", "Plan", "Step", "plan"]

P = TypeVar("P", bound="Plan")


@dataclass(frozen=True)
class Plan(Answer):
    """The steps from what is held to what a role requires, in an order that can be followed.

    Attributes
    ----------
    held, missing
        What the role requires, split by whether it is held.
    covering
        What the optimiser chose, in cents, and how good that provably is.
    covered
        The IRIs of the requirements that the chosen certifications certify.
    short
        With a budget: by how many USD it falls short of all that could be certified; None without one.
    cheapest
        With a budget that pays for nothing: the cheapest certification that certifies something missing, and its price
        together with what it needs first.
    profile
        What was said of the person, with what is doubtful and what was not understood.
    taken_as_known
        What would be a step, and is held since something else that is held shows it: with the reason.
    """

    role: Node
    held: tuple[Required, ...]
    missing: tuple[Required, ...]
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    covering: Covering
    prefer: Prefer
    budget: float | None = None
    short: float | None = None
    cheapest: tuple[Node, float] | None = None
    profile: Profile = field(default_factory=Profile)
    taken_as_known: tuple[tuple[Node, Reason], ...] = ()

    columns: ClassVar = STEP_COLUMNS
    numbers: ClassVar = (
        Column("cost_usd", NUMBER, "USD for the certifications together"),
        Column("coverage", maybe(SHARE), "the share of the required weight that is held or certified by the plan"),
        Column("optimal", FLAG, "whether no cheaper choice certifies as much"),
        Column(
            "gap_to_bound", NUMBER, "0 where optimal; else how far from the best it may be, in USD, exams or weight"
        ),
        Column("learn", WHOLE, "steps of learning"),
        Column("certify", WHOLE, "certifications"),
        Column("ready", WHOLE, "steps that can start tomorrow"),
        Column("missing", WHOLE, "requirements missing"),
        Column("certified", WHOLE, "of those, certified by the plan"),
        Column(
            "short_usd", maybe(NUMBER), "USD that the budget lacks for all that can be certified; null without a budget"
        ),
    )
    beside: ClassVar = (
        Column(
            "left_out",
            many(OBJECT),
            "certifications that cannot be chosen: iri, label, why, instead, covers",
            lambda a: [
                {
                    "iri": one.node.iri,
                    "label": one.node.label,
                    "why": one.why,
                    "instead": one.instead,
                    "covers": [n.iri for n in one.covers],
                }
                for one in a.left_out
            ],
        ),
        Column("profile", many(OBJECT), "what was said of the person", lambda a: a.profile.told_rows(), optional=True),
        Column(
            "taken_as_known",
            many(OBJECT),
            "what needs no step, since something held shows it: iri, rule, by",
            lambda a: [{"iri": n.iri, "rule": why.rule, "by": why.by.iri} for n, why in a.taken_as_known],
            optional=True,
        ),
    )

    def __str__(self) -> str:
        if not self.held and not self.missing:
            return f"{self.role.label}: not described; no source for what it requires is in the graph."
        if not self.missing:
            return f"Nothing is missing for {self.role.label}: all {len(self.held)} requirements are held."
        ready = sum(step.ready for step in self.steps)
        return (
            f"{counted(len(self.steps), 'step')} to {self.role.label}: learn {len(self.learn)} "
            f"({len(self.missing)} of them required), {ready} can start tomorrow. {self._certified()}"
        )

    def entries(self) -> tuple[Step, ...]:
        """Return the steps, in order."""
        return self.steps

    def _certified(self) -> str:
        """Say in a sentence what is certified, at which price, and how sure it is that this is best."""
        count = len(self.covering.covered)
        if not self.certify:
            if self.cheapest:
                first, price = self.cheapest
                return (
                    f"The budget of {usd(self.budget)} pays for no certification: the cheapest, {first.label}, "
                    f"takes {usd(price)}, which is {usd(price - (self.budget or 0.0))} more."
                )
            return "No certification that can be chosen certifies any of it."
        several = len(self.certify) > 1
        said = f"{counted(len(self.certify), 'certification')} for {usd(self.cost)} certif{'y' if several else 'ies'} "
        said += f"{count} of the {len(self.missing)} requirements, "
        if not self.covering.optimal:
            return f"{said}not proven best: {self._bound()}."
        if self.budget is not None:
            said += f"provably the most importance that {usd(self.budget)} can buy"
            return f"{said}; all that can be certified takes {usd(self.short)} more." if self.short else f"{said}."
        best = "cheapest" if self.prefer == "cost" else "fewest"
        asked = self.context.asked
        whose = " of these providers" if asked.get("provider") else ""
        stated = "" if "assume_price" in asked else " with a stated price"
        return f"{said}provably the {best} for all that any on offer{whose}{stated} certifies."

    def _bound(self) -> str:
        gap = self.covering.gap
        if self.budget is not None:
            return f"up to {gap:.2f} more importance may be had"
        return f"it may be up to {usd(gap / 100)} too dear" if self.prefer == "cost" else f"up to {gap:.0f} too many"

    @property
    def learn(self) -> tuple[Step, ...]:
        """The steps that are learnt."""
        return tuple(step for step in self.steps if step.kind == "learn")

    @property
    def certify(self) -> tuple[Step, ...]:
        """The certifications to take."""
        return tuple(step for step in self.steps if step.kind == "certify")

    @property
    def ready(self) -> tuple[Step, ...]:
        """What can start tomorrow."""
        return tuple(step for step in self.steps if step.ready)

    @property
    def cost(self) -> float:
        """The price of the certifications together, in USD."""
        return self.covering.cost / 100

    @property
    def coverage(self) -> float | None:
        """Share of the required weight that is held or certified by the plan, 0…1; None where nothing is described."""
        proven = set(self.covering.covered)
        total = sum(r.weight for r in (*self.held, *self.missing))
        have = sum(r.weight for r in self.held) + sum(r.weight for r in self.missing if r.node.iri in proven)
        return min(1.0, have / total) if total else None

    @property
    def measures(self) -> dict[str, Any]:
        """Return cost_usd, coverage, optimal, gap_to_bound, and the counts.

        ``coverage`` is the share of the required weight that is held or certified by the plan. ``gap_to_bound`` is 0
        where ``optimal``; else how far from the best it may be: in USD, in certifications (few), or in weight (budget).
        ``short_usd`` is what the budget lacks for all that can be certified; null without a budget.
        """
        gap = self.covering.gap
        return {
            "cost_usd": self.cost,
            "coverage": self.coverage,
            "optimal": self.covering.optimal,
            "gap_to_bound": gap / 100 if self.budget is None and self.prefer == "cost" else gap,
            "learn": len(self.learn),
            "certify": len(self.certify),
            "ready": len(self.ready),
            "missing": len(self.missing),
            "certified": len(self.covering.covered),
            "short_usd": self.short,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return what can start tomorrow, the stages, the certifications with their prices, and what is left out."""
        parts = []
        header: tuple[str, ...]
        rows: tuple[tuple[str, ...], ...]
        if self.ready:
            named = ", ".join(f"{step.node.label} ({step.number})" for step in self.ready)
            parts.append(Section(f"Start tomorrow ({len(self.ready)})", note=f"{named}."))
        for stage in STAGES[:-1]:
            rows = tuple(self._learn_row(step) for step in self.steps if step.stage == stage)
            if rows:
                header = ("step", "learn", "after step", "why", "certified by")
                parts.append(Section(f"{stage.capitalize()} ({len(rows)})", header, rows))
        if self.certify:
            header = ("step", "certification", "price", "minutes", "valid", "certifies of the missing", "know")
            rows = tuple(certify_row(step) for step in self.certify)
            title = f"Certifications ({len(rows)}), {usd(self.cost)} together"
            parts.append(Section(title, header, rows, note=self._certified()))
        bare = [step for step in self.learn if step.proof not in ("", "certified")]
        for proof, title in BARE.items():
            labels = ", ".join(f"{step.node.label} ({step.number})" for step in bare if step.proof == proof)
            if labels:
                parts.append(Section(title, note=f"{labels}."))
        if self.taken_as_known:
            named = ", ".join(f"{n.label} ({why})" for n, why in self.taken_as_known)
            note = f"{named}. --not-held X takes one back."
            parts.append(Section(f"Taken as known ({len(self.taken_as_known)})", note=note))
        if self.left_out:
            rows = tuple((x.node.label, x.why, x.instead, str(len(x.covers))) for x in self.left_out)
            parts.append(
                Section(
                    "Certifications left out", ("certification", "why", "instead", "certifies of the missing"), rows
                )
            )
        if self.profile.source:
            parts += self.profile.sections()
        return tuple(parts)

    def _learn_row(self, step: Step) -> tuple[str, ...]:
        numbers = {other.node.iri: other.number for other in self.steps}
        first = ", ".join(str(n) for n in sorted(numbers[n.iri] for n in step.after))
        why = NEED[step.required.essential] if step.required else f"first for {few([n.label for n in step.because])}"
        by = [other.number for other in self.certify if step.node in other.covers]
        certified = ", ".join(map(str, by)) if by else {"": "", "none": "no certification"}.get(step.proof, step.proof)
        return str(step.number), step.node.label, first or "start tomorrow", why, certified


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
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Plan:
    """In which order does one get to a role from what is held, and which certifications prove it?

    Everything missing is a step, and so is everything that must be learnt before it. The certifications are the
    provably cheapest that certify all that can be certified. One whose price is not stated cannot be compared, so it
    is left out and named. No study time is shown, since no source states any.

    Parameters
    ----------
    role
        The role aimed at, such as "AI Engineer".

    Returns
    -------
    Plan
        Steps in an order that can be followed, by stages; certifications with prices, the proof, and what is left out.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        An amount below 0, an unknown provider, or prerequisites that run in a ring.

    References
    ----------
    A. B. Kahn, Topological sorting of large networks, Communications of the ACM 5 (1962). For the certifications see
    `kg.algorithms.covering`.

    Examples
    --------
    >>> import kg
    >>> answer = kg.plan(kg.open(as_of="2026-11-22"), "Prompt Engineer", held=["Python", "Prompt engineering"])
    >>> answer.steps[0].node.label, len(answer.certify), answer.cost, answer.covering.optimal
    ('Embeddings', 4, 924.0, True)
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
    essential_only: bool
    source: Sequence[str]


def way_to(form: type[P], g: Handle | Graph, **options: Unpack[Options]) -> P:
    """Return the way to a role, as a plan or a roadmap."""
    _check_amount("--budget", options["budget"])
    _check_amount("--assume-price", options["assume_price"])
    check_choice(options["include"], get_args(Include), '--include takes {among}, not "{value}".')
    check_choice([options["prefer"]], get_args(Prefer), '--prefer takes cost or few, not "{value}".')
    files = {"profile": named(options["profile"]), "held_file": named(options["held_file"])}
    told = {**options, **files, "prefer": options["prefer"].replace("cost", "")}
    asked = ask(g, **told)
    asked.handle.expect(options["role"], *options["held"], *options["not_held"], options["from_"])
    aim = asked.node(options["role"], "role").iri
    files_of = (options["profile"], options["held_file"])
    how = options["not_held"], options["as_said"], options["person"]
    brings = brought(asked, options["held"], options["from_"], files_of, *how)
    issuers = issuers_of(asked.handle, options["provider"])
    wanted = [aim, *([brings.start.iri] if brings.start else ())]
    graph = asked.slice("plan", role=wanted, source=asked.sources)
    held = brings.on(graph, [aim], sources=asked.sources, essential_only=options["essential_only"])
    too_low = {r.node.iri for r in required(graph, aim, sources=asked.sources) if not held.at.has(r)}
    return _plan(
        form,
        graph,
        aim,
        held=held,
        known=held.reasons.keys() - too_low,
        brings=brings,
        day=asked.day,
        include=options["include"],
        issuers=issuers,
        prefer=options["prefer"],
        budget=options["budget"],
        assume_price=options["assume_price"],
        essential_only=options["essential_only"],
        sources=asked.sources,
        context=asked.context(graph),
    )


def _check_amount(option: str, amount: float | None) -> None:
    if amount is not None and not (isfinite(amount) and amount >= 0):
        raise BadInput(f"{option} {amount:g} is no amount of money. Give USD, 0 or more.")


def _plan(
    form: type[P],
    graph: Graph,
    role: str,
    *,
    held: Held,
    known: Collection[str],
    brings: Brought,
    day: date,
    include: Collection[str],
    issuers: Collection[str] | None,
    prefer: Prefer,
    budget: float | None,
    assume_price: float | None,
    essential_only: bool,
    sources: Collection[str],
    context: Context,
) -> P:
    """Plan on a graph; the definition, without names and stores."""
    needs = required(graph, role, sources=sources, essential_only=essential_only)
    missing = {r.node.iri: r for r in needs if r.node.iri not in known}
    before = prerequisites(graph, missing, known)
    everything = [r.node.iri for r in needs]
    all_before = prerequisites(graph, everything, ())
    stage = stages(all_before, everything)
    learn = ordered(graph, before, stage, missing)

    offers = Candidates(graph, missing, known, day, include, issuers, assume_price)
    in_order(offers.needs, lambda iri: (iri,), graph)  # a ring of certifications can never be taken
    chosen = offers.choose(prefer=prefer, budget=budget)
    steps = numbered(graph, role, learn=learn, stage=stage, before=before, offers=offers, chosen=chosen, needs=needs)
    return form(
        role=node(graph, role),
        held=tuple(r for r in needs if r.node.iri in known),
        missing=tuple(missing.values()),
        steps=steps,
        left_out=offers.left_out(),
        covering=chosen.covering,
        prefer=prefer,
        budget=budget,
        short=chosen.short,
        cheapest=chosen.cheapest,
        profile=brings.profile,
        taken_as_known=tuple(
            (node(graph, iri), why) for iri, why in shown_by(held.reasons, all_before.keys() & known).items()
        ),
        evidence=evidence_of_way(graph, needs, {step.node.iri for step in steps}, chosen.taken),
        context=context,
    )
