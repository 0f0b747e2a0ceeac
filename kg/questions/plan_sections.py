"""A plan for readers: the next month, the exams and their frontier, the stages, what stands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.careers.fit import interval
from kg.careers.ordering import OPTIONAL_STAGE
from kg.careers.steps import Step
from kg.model.answers import Section, counted, few
from kg.model.signs import NEED

if TYPE_CHECKING:
    from kg.questions.plan_answer import PlanAnswer

__all__ = ["BARE", "certified", "sections_of"]

BARE = {
    "none": "Learn without a certificate: none on offer certifies it",
    "price not stated": "Learn without a certificate: no price is stated (--assume-price USD admits it)",
    "over budget": "Learn without a certificate: beyond the budget",
    "more exams": "Not proved by the exams recommended, but by others (--all-certifiable)",
}
_NO_TIME = "No source states how long a step takes."
_NOT_GIVEN = "not stated"


def certified(answer: PlanAnswer) -> str:
    """Say what is certified, at which price, and how sure it is that this is best."""
    if not answer.full:
        return _recommended(answer)
    count = len(answer.covering.covered)
    if not answer.certify:
        if answer.cheapest:
            first, price = answer.cheapest
            return (
                f"The budget of {_usd(answer.budget)} pays for no certification: the cheapest, {first.label}, "
                f"takes {_usd(price)}, which is {_usd(price - (answer.budget or 0.0))} more."
            )
        return "No certification that can be chosen certifies any of it."
    several = len(answer.certify) > 1
    said = f"{counted(len(answer.certify), 'certification')} for {_usd(answer.cost)} certif{'y' if several else 'ies'} "
    said += f"{count} of the {len(answer.missing)} requirements, "
    if not answer.covering.optimal:
        return f"{said}not proven best: {_bound(answer)}."
    if answer.budget is not None:
        said += f"provably the most importance that {_usd(answer.budget)} can buy"
        return f"{said}; all that can be certified takes {_usd(answer.short)} more." if answer.short else f"{said}."
    best = "cheapest" if answer.prefer == "cost" else "fewest"
    asked = answer.context.asked
    whose = " of these providers" if asked.get("provider") else ""
    stated = "" if "assume_price" in asked else " with a stated price"
    return f"{said}provably the {best} for all that any on offer{whose}{stated} certifies."


def _recommended(answer: PlanAnswer) -> str:
    point = answer.advice.recommended
    if point is None:
        return answer.advice.why_none
    count = len(point.exams)
    said = f"{counted(count, 'exam')} for {_usd(point.total)} prove{'s' if count == 1 else ''} "
    said += f"{len(point.proves)} of the {counted(len(answer.missing), 'missing requirement')}, "
    within = "" if answer.budget is None else f" within {_usd(answer.budget)}"
    if not point.optimal:
        return f"{said}not proven best: up to {point.gap:.2f} more importance may be had."
    most = "one exam for this role" if count == 1 else f"{count} exams for this role"
    return f"{said}provably the most importance that {most} can prove{within}."


def _bound(answer: PlanAnswer) -> str:
    gap = answer.covering.gap
    if answer.budget is not None:
        return f"up to {gap:.2f} more importance may be had"
    return f"it may be up to {_usd(gap / 100)} too dear" if answer.prefer == "cost" else f"up to {gap:.0f} too many"


def sections_of(answer: PlanAnswer) -> tuple[Section, ...]:
    """Return the parts of a plan, what is left out last."""
    if not answer.steps:
        return ()
    parts = [_month(answer)]
    if answer.certify:
        parts.append(_exams(answer))
    if len(answer.advice.points) > 1 and not answer.full:
        parts.append(_frontier(answer))
    for stage in answer.stages:
        rows = tuple(
            _exam_among(step) if step.kind == "certify" else _learn_row(answer, step)
            for step in answer.steps
            if step.stage == stage and stage != OPTIONAL_STAGE
        )
        if rows:
            header = ("step", "learn", "after step", "why", "certified by")
            parts.append(Section(f"{stage[0].upper()}{stage[1:]} ({len(rows)})", header, rows))
    if answer.grouped:
        parts.append(Section(note="No source says what comes before what here: the stages are groups of skills."))
    parts += _apart(answer)
    parts += _conflicts(answer)
    if answer.taken_as_known:
        named = ", ".join(f"{n.label} ({why})" for n, why in answer.taken_as_known)
        note = f"{named}. --not-held X takes one back."
        parts.append(Section(f"Taken as known ({len(answer.taken_as_known)})", note=note))
    parts += _left_out(answer)
    if answer.profile.source:
        parts += answer.profile.sections()
    return tuple(parts)


def _month(answer: PlanAnswer) -> Section:
    rows = tuple((str(step.number), step.node.label, step.reason) for step in answer.next_month)
    return Section("The next month", ("step", "learn", "why"), rows, note=_NO_TIME)


def _exams(answer: PlanAnswer) -> Section:
    header = ("step", "certification", "level", "price", "minutes", "valid", "proves of the missing", "why, and know")
    rows = tuple(_exam_row(step) for step in answer.certify)
    return Section(f"Certifications ({len(rows)}), {_usd(answer.cost)} together", header, rows, note=certified(answer))


def _frontier(answer: PlanAnswer) -> Section:
    rows = []
    proved = 0
    for point in answer.advice.points:
        now = len(point.proves)
        rows.append(
            (
                f"{len(point.exams)}{' (recommended)' if point == answer.advice.recommended else ''}",
                "; ".join(n.label for n in point.exams),
                _usd(point.total),
                str(now),
                f"{now - proved:+}" if proved else "",
                f"{point.worth / point.of:.0%}" if point.of else "",
                "yes" if point.optimal else f"up to {point.gap:.2f} more",
            )
        )
        proved = now
    header = ("exams", "the best so many", "together", "prove", "more than before", "of the weight", "proven best")
    nothing = [step.node.label for step in answer.learn if step.proof == "none"]
    note = f"No exam on offer certifies {few(nothing, 6)}." if nothing else ""
    return Section("The best one, two, three … exams for this role", header, tuple(rows), note=note)


def _learn_row(answer: PlanAnswer, step: Step) -> tuple[str, ...]:
    numbers = {other.node.iri: other.number for other in answer.steps}
    first = ", ".join(str(n) for n in sorted(numbers[n.iri] for n in step.after))
    by = [other.number for other in answer.certify if step.node in other.covers]
    bare = {"": "", "none": "no certification", "more exams": "other exams"}
    proof = ", ".join(map(str, by)) if by else bare.get(step.proof, step.proof)
    return str(step.number), step.node.label, first or "start tomorrow", step.reason, proof


def _exam_among(step: Step) -> tuple[str, ...]:
    proves = counted(len(step.covers), "requirement") if step.covers else "needed first"
    return str(step.number), f"take {step.node.label}", "", f"{_price(step)}: {proves}", ""


def _exam_row(step: Step) -> tuple[str, ...]:
    notes = [step.fit] if step.fit else []
    notes += [step.offer.status] if step.offer and step.offer.status != "active" else []
    notes += [f"only with {text}" for text in step.eligibility]
    notes += [f"advised: {text}" for text in step.experience]
    minutes = _NOT_GIVEN if step.minutes is None else f"{step.minutes:g}"
    valid = _NOT_GIVEN if step.validity is None else f"{step.validity:g} months"
    shares = {one.node: f" ({share} %)" for one in step.proves if (share := interval(one.low, one.high))}
    named = ", ".join(f"{n.label}{shares.get(n, '')}" for n in step.covers)
    covers = f"{len(step.covers)}: {named}" if step.covers else "needed first"
    level = step.level or _NOT_GIVEN
    return str(step.number), step.node.label, level, _price(step), minutes, valid, covers, "; ".join(notes)


def _price(step: Step) -> str:
    return (_usd(step.price) if step.price else "free") + (" assumed" if step.assumed else "")


def _apart(answer: PlanAnswer) -> list[Section]:
    parts = []
    if answer.optional:
        named = ", ".join(f"{step.node.label} ({step.number})" for step in answer.optional)
        parts.append(Section(f"Optional, apart ({len(answer.optional)})", note=f"{named}."))
    if answer.set_aside:
        rows = tuple((one.required.node.label, few([n.label for n in one.needs], 4)) for one in answer.set_aside)
        title = f"Optional, and no step: what it needs first would be learnt for it alone ({len(rows)})"
        parts.append(Section(title, (NEED[False], "needs first"), rows))
    return parts


def _conflicts(answer: PlanAnswer) -> list[Section]:
    rows = tuple((step.node.label, known.says, known.told) for step in answer.certify for known in step.conflicts)
    return (
        [Section("What is known to conflict", ("certification", "the article says", "what was found"), rows)]
        if rows
        else []
    )


def _left_out(answer: PlanAnswer) -> list[Section]:
    parts = []
    for proof, title in BARE.items():
        labels = ", ".join(f"{step.node.label} ({step.number})" for step in answer.learn if step.proof == proof)
        if labels:
            parts.append(Section(title, note=f"{labels}."))
    if answer.left_out:
        rows = tuple((x.node.label, x.why, x.instead, str(len(x.covers))) for x in answer.left_out)
        header = ("certification", "why", "instead", "certifies of the missing")
        parts.append(Section("Certifications left out", header, rows, aside=True))
    return parts


def _usd(amount: float | None) -> str:
    amount = amount or 0.0
    return f"{amount:,.0f} USD" if amount == round(amount) else f"{amount:,.2f} USD"
