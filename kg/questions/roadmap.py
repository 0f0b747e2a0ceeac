"""`roadmap`: the whole way to a role, from nothing or from what is held, told by its stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from kg.algorithms.covering import Prefer
from kg.careers.advice import USUAL
from kg.careers.offers import Include
from kg.careers.profile import Profile
from kg.handles.asking import question
from kg.handles.handle import Handle
from kg.model.answers import counted
from kg.model.graphs import Graph
from kg.model.options import Listed
from kg.questions.plan import Plan, way_to
from kg.questions.plan_sections import certified

__all__ = ["Roadmap", "roadmap"]


@dataclass(frozen=True)
class Roadmap(Plan):
    """The whole way to a role in stages: foundations, core, specialisation, and what is optional apart."""

    def __str__(self) -> str:
        if not self.missing:
            return super().__str__()
        learn = [step for step in self.main if step.kind == "learn"]
        counts = {stage: sum(step.stage == stage for step in learn) for stage in self.stages}
        told = "" if self.grouped else ": " + ", ".join(f"{count} {stage}" for stage, count in counts.items() if count)
        return (
            f"The way to {self.role.label} has {counted(len(learn), 'step')} to learn{told}{self._apart()}. "
            f"{certified(self)}{self._thin()}"
        )


@question
def roadmap(
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
) -> Roadmap:
    """What is the whole way to a role, from nothing or from what is held, in stages?

    Foundations are everyday tools and what other things rest on that needs nothing first itself; specialisation is what
    needs something first and nothing else builds on; core lies between; what is optional stands apart. The few exams
    that prove most of it stand among the steps.

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
    Roadmap
        Steps in an order that can be followed, by stages; certifications with prices and the proof.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        An amount below 0, an unknown provider, or prerequisites that run in a ring.

    Examples
    --------
    >>> import kg
    >>> answer = kg.roadmap(kg.open(as_of="2026-11-22"), "AI Engineer")
    >>> [step.node.label for step in answer.next_month][:3]
    ['Programming fundamentals', 'Python', 'Relational databases']
    """
    return way_to(
        Roadmap,
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
