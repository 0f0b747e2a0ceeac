"""`roadmap`: the whole way to a role, from nothing or from what is held, told by its stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from kg.algorithms.covering import Prefer
from kg.careers.offers import Include
from kg.careers.ordering import STAGES
from kg.careers.profile import Profile
from kg.handles.asking import question
from kg.handles.handle import Handle
from kg.model.answers import counted
from kg.model.graphs import Graph
from kg.model.options import Listed
from kg.questions.plan import Plan, way_to

__all__ = ["Roadmap", "roadmap"]


@dataclass(frozen=True)
class Roadmap(Plan):
    """The whole way to a role in stages: foundations, core, specialisation, certifications."""

    def __str__(self) -> str:
        if not self.missing:
            return super().__str__()
        counts = {stage: sum(step.stage == stage for step in self.steps) for stage in STAGES[:-1]}
        told = ", ".join(f"{count} {stage}" for stage, count in counts.items() if count)
        return (
            f"The way to {self.role.label} has {counted(len(self.learn), 'step')} to learn: {told}. {self._certified()}"
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
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Roadmap:
    """What is the whole way to a role, from nothing or from what is held, in stages?

    Foundations need nothing first, or are stepping stones that rest on foundations alone; specialisation is what needs
    something first and nothing else builds on; core lies between. The certifications that prove it come last.

    Parameters
    ----------
    role
        The role aimed at, such as "AI Engineer".

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
    >>> answer = kg.roadmap(kg.open(as_of="2026-11-22"), "AI Engineer", essential_only=True)
    >>> [step.node.label for step in answer.steps if step.stage == "specialisation"][:2]
    ['AI application development', 'AI automation']
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
        essential_only=essential_only,
        source=source,
    )
