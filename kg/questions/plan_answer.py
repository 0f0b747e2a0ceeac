"""The answer of `plan` and `roadmap`: steps in an order that can be followed, exams among them, and the frontier."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from kg.algorithms.covering import Covering, Prefer
from kg.careers.advice import Advice, FrontierPoint
from kg.careers.candidates import LeftOut
from kg.careers.ordering import STAGES, SetAside
from kg.careers.profile import Profile
from kg.careers.required import Required
from kg.careers.showing import Reason
from kg.careers.steps import Step
from kg.model.answers import Answer, Node, Section, counted
from kg.model.columns import (
    DATE,
    FLAG,
    IRI,
    NUMBER,
    OBJECT,
    PLACE,
    SHARE,
    STATUS,
    TEXT,
    WHOLE,
    Column,
    many,
    maybe,
    one_of,
)
from kg.questions.plan_sections import BARE, certified, sections_of

__all__ = ["THIN", "PlanAnswer"]

#: A role with fewer requirements is thinly described.
THIN = 10
#: So many steps are told as those of the next month.
_MONTH = 5


@dataclass(frozen=True)
class PlanAnswer(Answer):
    """The steps from what is held to what a role requires, in an order that can be followed.

    Attributes
    ----------
    held, missing
        What the role requires, split by whether it is held.
    stages
        The stages there are, in order.
    set_aside
        What is optional and no step, since only for it would have to be learnt what it needs.
    advice
        The best one, two, three … exams, which are recommended, and why none where none is.
    full
        Whether all was to be certified that can be (``--all-certifiable``), instead of a few exams recommended.
    grouped
        Whether the stages are groups of skills, since no source says what comes before what.
    covering
        What was chosen, in cents, and how good that provably is.
    covered
        The IRIs of the requirements that the chosen certifications certify.
    short
        With a budget for all: by how many USD it falls short of all that could be certified; None else.
    cheapest
        With a budget for all that pays for nothing: the cheapest certification that certifies something missing, and
        its price together with what it needs first.
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
    stages: tuple[str, ...] = STAGES
    set_aside: tuple[SetAside, ...] = ()
    advice: Advice = field(default_factory=Advice)
    full: bool = False
    grouped: bool = False
    budget: float | None = None
    short: float | None = None
    cheapest: tuple[Node, float] | None = None
    profile: Profile = field(default_factory=Profile)
    taken_as_known: tuple[tuple[Node, Reason], ...] = ()

    columns: ClassVar = (
        Column("step", PLACE, "its number", lambda s: s.number),
        Column(
            "stage", TEXT, "the stage it belongs to: " + ", ".join(STAGES) + "; or a group of skills", lambda s: s.stage
        ),
        Column("kind", one_of("learn", "certify"), "to learn, or a certification to take", lambda s: s.kind),
        Column("iri", IRI, "what to learn or take", lambda s: s.node.iri),
        Column("label", TEXT, "its name", lambda s: s.node.label),
        Column("ready", FLAG, "whether no other step must come before it", lambda s: s.ready),
        Column("required", FLAG, "whether the role itself requires it", lambda s: s.required is not None),
        Column(
            "essential", maybe(FLAG), "essential or optional", lambda s: s.required.essential if s.required else None
        ),
        Column(
            "importance", maybe(NUMBER), "the weight that counts", lambda s: s.required.weight if s.required else None
        ),
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
        Column("after", many(IRI), "what must come directly before it", lambda s: [n.iri for n in s.after]),
        Column("reason", TEXT, "why it is a step, and why there", lambda s: s.reason),
        Column("level", TEXT, "of a certification; empty where not stated", lambda s: s.level),
        Column("for_role", TEXT, "why a certification is for the role", lambda s: s.fit),
        Column(
            "said_outside", FLAG, "whether somebody other than we says that it is for the role", lambda s: s.outside
        ),
        Column("adds", many(IRI), "what it certifies that none before it does", lambda s: [n.iri for n in s.adds]),
        Column("running_usd", maybe(NUMBER), "USD for the certifications so far", lambda s: s.running),
        Column(
            "conflicts",
            many(TEXT),
            "what is known to conflict about it",
            lambda s: [c.told for c in s.conflicts],
        ),
    )
    numbers: ClassVar = (
        Column("cost_usd", NUMBER, "USD for the certifications together"),
        Column("coverage", maybe(SHARE), "the share of the required weight that is held or certified by the plan"),
        Column("optimal", FLAG, "whether no other choice is better at what it is best at"),
        Column(
            "gap_to_bound", NUMBER, "0 where optimal; else how far from the best it may be, in USD, exams or weight"
        ),
        Column("learn", WHOLE, "steps of learning, what is optional and stands apart left out"),
        Column("optional", WHOLE, "optional steps that stand apart"),
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
            "next_month",
            many(IRI),
            "the steps to begin with",
            lambda a: [step.node.iri for step in a.next_month],
        ),
        Column(
            "frontier",
            many(OBJECT),
            "the best one, two, three … exams: exams, labels, adds, prices, running, total, worth, of, optimal, gap, "
            "recommended",
            lambda a: [_plain_point(a, point) for point in a.advice.points],
        ),
        Column("why_none", TEXT, "why no exam is recommended; empty where one is", lambda a: a.advice.why_none),
        Column(
            "set_aside",
            many(OBJECT),
            "what is optional and no step, with what only it would need: iri, label, needs",
            lambda a: [
                {"iri": one.required.node.iri, "label": one.required.node.label, "needs": [n.iri for n in one.needs]}
                for one in a.set_aside
            ],
        ),
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
        ready = sum(step.ready for step in self.main)
        learn = [step for step in self.main if step.kind == "learn"]
        essential = sum(step.required is not None and step.required.essential for step in learn)
        said = (
            f"{counted(len(self.main), 'step')} to {self.role.label}: learn {len(learn)} "
            f"({essential} of them essential), {ready} can start tomorrow{self._apart()}."
        )
        return f"{said} {certified(self)}{self._thin()}"

    def _apart(self) -> str:
        apart = len(self.optional) + len(self.set_aside)
        if not apart:
            return ""
        return "; 1 more is optional and stands apart" if apart == 1 else f"; {apart} more are optional and stand apart"

    def _thin(self) -> str:
        count = len(self.held) + len(self.missing)
        return f" The role is thinly described: {counted(count, 'requirement')}." if count < THIN else ""

    def entries(self) -> tuple[Step, ...]:
        """Return the steps, in order."""
        return self.steps

    @property
    def main(self) -> tuple[Step, ...]:
        """The steps without what is optional and stands apart."""
        return tuple(step for step in self.steps if not (step.apart and step.kind == "learn"))

    @property
    def optional(self) -> tuple[Step, ...]:
        """What is learnt apart, since it is only optional."""
        return tuple(step for step in self.steps if step.apart and step.kind == "learn")

    @property
    def next_month(self) -> tuple[Step, ...]:
        """The steps to begin with: the first five to learn, in their order."""
        return tuple(step for step in self.main if step.kind == "learn")[:_MONTH]

    @property
    def learn(self) -> tuple[Step, ...]:
        """The steps that are learnt, those that stand apart among them."""
        return tuple(step for step in self.steps if step.kind == "learn")

    @property
    def certify(self) -> tuple[Step, ...]:
        """The certifications to take, in the order to take them."""
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
            "gap_to_bound": gap / 100 if self.full and self.budget is None and self.prefer == "cost" else gap,
            "learn": len(self.learn) - len(self.optional),
            "optional": len(self.optional),
            "certify": len(self.certify),
            "ready": len(self.ready),
            "missing": len(self.missing),
            "certified": len(self.covering.covered),
            "short_usd": self.short,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return the next month, the exams and their frontier, the stages, what stands apart, and what is left out."""
        return sections_of(self)


def _plain_point(a: PlanAnswer, point: FrontierPoint) -> dict[str, Any]:  # JSON
    return {
        "exams": [n.iri for n in point.exams],
        "labels": [n.label for n in point.exams],
        "adds": [[n.iri for n in added] for added in point.adds],
        "prices": [*point.prices],
        "running": [*point.running],
        "total": point.total,
        "worth": point.worth,
        "of": point.of,
        "optimal": point.optimal,
        "gap": point.gap,
        "recommended": point == a.advice.recommended,
    }
