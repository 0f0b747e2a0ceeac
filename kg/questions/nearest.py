"""`nearest`: which roles suit what somebody holds?

Every role of the graph is rated at once, on a sparse matrix, by the evidence for it against chance
(`kg.algorithms.suiting`): not by coverage, which favours roles of which little is known and counts Git like PyTorch.
Only what is shown is fetched, with its claims. How far the score can be trusted is measured (`make bench ARGS=nearest`,
docs/questions/nearest.md).

What was said speaks for a role, and what certificates certify. What follows from these (`kg.careers.showing`) counts as
held, and stands in *n of m*; but it was not said, and that a Power BI user does business intelligence is no second
witness. Only a thing that no role asks for speaks by what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from kg.algorithms.suiting import gains, suiting
from kg.careers.held import Brought, brought
from kg.careers.profile import Profile
from kg.careers.required import Required, required
from kg.careers.showing import Reason, Reasons
from kg.handles.asking import ask, named, question
from kg.handles.handle import Handle
from kg.handles.whole import WholeGraph
from kg.model.answers import Answer, Node, Section, counted, few
from kg.model.columns import ANY_NUMBER, FLAG, IRI, OBJECT, PLACE, SHARE, TEXT, WHOLE, Column, many, maybe
from kg.model.errors import BadInput
from kg.model.graphs import Graph

__all__ = ["Near", "Nearest", "nearest"]

#: A role with fewer requirements is thinly described: another thing held or not moves it far.
THIN = 10
#: So many of the matches that decided a place are named.
_DECIDED = 4


@dataclass(frozen=True, slots=True)
class Near:
    """A role, and how well it suits.

    Attributes
    ----------
    score
        The evidence for it, in nats: the logarithm of how much likelier what is held is for it than for anybody.
    held, missing
        What it requires and is held, or not, or not well enough; as `gap` has them.
    used
        The share of what is held, 0…1, that it asks for, or for what that shows.
    decided
        What is held and speaks for it most, that which tells most first, each with what it says in nats.
    """

    role: Node
    score: float
    held: tuple[Required, ...]
    missing: tuple[Required, ...]
    used: float
    decided: tuple[tuple[Node, float], ...]

    @property
    def requirements(self) -> int:
        """How many things it requires."""
        return len(self.held) + len(self.missing)

    @property
    def coverage(self) -> float | None:
        """Share of the required weight that is held, 0…1, as `gap` has it."""
        total = sum(r.weight for r in (*self.held, *self.missing))
        return sum(r.weight for r in self.held) / total if total else None

    @property
    def is_thin(self) -> bool:
        """Whether it is thinly described."""
        return self.requirements < THIN


@dataclass(frozen=True)
class Nearest(Answer):
    """The roles that suit what is held, best first.

    Attributes
    ----------
    near
        The roles shown; ties by label, then IRI.
    rated
        How many roles anything that is held speaks for, shown or not.
    described
        How many roles have requirements.
    reasons
        What counts as held, by IRI, with why; nothing where it was said itself.
    """

    near: tuple[Near, ...]
    rated: int
    described: int
    reasons: Reasons = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)

    columns: ClassVar = (
        Column("rank", PLACE, "its place", lambda e: e[0]),
        Column("iri", IRI, "the role", lambda e: e[1].role.iri),
        Column("label", TEXT, "its name", lambda e: e[1].role.label),
        Column("score", ANY_NUMBER, "the evidence for it against chance, in nats", lambda e: round(e[1].score, 6)),
        Column("held", WHOLE, "how many of its requirements are held", lambda e: len(e[1].held)),
        Column("requirements", WHOLE, "of how many", lambda e: e[1].requirements),
        Column("coverage", maybe(SHARE), "the share of its required weight that is held", lambda e: e[1].coverage),
        Column(
            "used", SHARE, "the share of what is held that it asks for, or for what that shows", lambda e: e[1].used
        ),
        Column("thin", FLAG, f"whether it is thinly described, by fewer than {THIN} things", lambda e: e[1].is_thin),
        Column("decided_by", many(TEXT), "what speaks for it most", lambda e: [n.label for n, _ in e[1].decided]),
    )
    numbers: ClassVar = (
        Column("rated", WHOLE, "roles that ask for something that was said to be held"),
        Column("described", WHOLE, "roles with requirements"),
        Column("held", WHOLE, "things that were said to be held"),
        Column("shown", WHOLE, "things that count as held since these show them"),
    )
    beside: ClassVar = (
        Column("profile", many(OBJECT), "what was said of the person", lambda a: a.profile.told_rows(), optional=True),
    )

    def __str__(self) -> str:
        if not self.reasons:
            return "Nothing is held, so no role is near."
        if not self.near:
            return f"None of {counted(self.described, 'described role')} asks for anything that is held."
        first = self.near[0]
        more = f"; then {', '.join(found.role.label for found in self.near[1:4])}" if self.near[1:] else ""
        decided = ", ".join(n.label for n, _ in first.decided)
        thin = ", and it is thinly described" if first.is_thin else ""
        return (
            f"Nearest is {first.role.label}, by {decided}: {len(first.held)} of {first.requirements} requirements are "
            f"held{thin}{more}; of {counted(self.rated, 'role')} that ask for anything held."
        )

    def entries(self) -> Iterable[tuple[int, Near]]:
        """Return the roles with their places."""
        return enumerate(self.near, start=1)

    @property
    def measures(self) -> dict[str, Any]:
        """Return how many roles were rated, how many are described, how much was said and shown to be held."""
        said = sum(1 for why in self.reasons.values() if not why)
        return {
            "rated": self.rated,
            "described": self.described,
            "held": said,
            "shown": len(self.reasons) - said,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return the roles with what decided their places, and what the score says."""
        rows = tuple(
            (
                str(rank),
                found.role.label,
                f"{found.score:.1f}",
                f"{len(found.held)} of {found.requirements}" + (", thinly described" if found.is_thin else ""),
                f"{found.used:.0%}",
                few([n.label for n, _ in found.decided], _DECIDED),
            )
            for rank, found in self.entries()
        )
        parts = [Section("Nearest first", ("", "role", "score", "held", "of yours used", "decided by"), rows, _NOTE)]
        parts = parts if rows else []
        return (*parts, *(self.profile.sections() if self.profile.source else ()))


_NOTE = (
    "The score says how much likelier what is held is for somebody of the role than for anybody, as a logarithm: rare "
    "matches count most, and requirements that are not held count against. On O*NET 29.3, with half of what a role "
    "asks for and a quarter of strangers, the role itself is first in 36% of trials and among the first five in 56% "
    "(docs/questions/nearest.md)."
)


@question
def nearest(
    g: Handle | Graph,
    /,
    *,
    held: Sequence[str] = (),
    profile: Path | Profile | None = None,
    held_file: Path | None = None,
    person: str | None = None,
    not_held: Sequence[str] = (),
    as_said: bool = False,
    limit: int = 10,
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Nearest:
    """Which roles suit what somebody holds?

    Roles are ordered by the evidence for them: the logarithm of how much likelier what is held is for somebody of the
    role than for anybody. A match counts −log of its share of all requirements, so that PyTorch says more than Git;
    what the role asks for and is not held counts against it, by the beta-binomial distribution. What only follows from
    what is held adds nothing to the score. Beside the score stand how many of its requirements are held, the share of
    what is held that it uses, and what decided its place; a role with fewer than ten requirements is thinly described.

    Parameters
    ----------
    limit
        How many roles to show.

    Returns
    -------
    Nearest
        The roles, that which suits best first; what of theirs is held and missing. The evidence is why they require
        what is held.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        Nothing is said to be held, the number is below 1, or the file cannot be read.

    References
    ----------
    See `kg.algorithms.suiting`: the beta-binomial marginal (Skellam 1948) against chance.

    Examples
    --------
    >>> import kg
    >>> answer = kg.nearest(kg.open(as_of="2026-11-22"), held=["Microsoft Excel", "Power BI", "SQL"], limit=3)
    >>> answer.near[0].role.label, [n.label for n, _ in answer.near[0].decided][:1]
    ('Data Analyst', ['Power BI'])
    """
    if limit < 1:
        raise BadInput(f"{limit} roles cannot be shown. Ask for 1 or more: -n 10.")
    if not held and profile is None and held_file is None:
        raise BadInput("It is not said what is held. Say it, or give a file: kg nearest --held Python --held SQL.")
    asked = ask(
        g,
        held=held,
        profile=named(profile),
        held_file=named(held_file),
        person=person,
        not_held=not_held,
        as_said=as_said,
        limit=limit,
        essential_only=essential_only,
        source=source,
    )
    asked.handle.expect(*held, *not_held)
    sources = asked.sources
    brings = brought(asked, held, None, (profile, held_file), not_held, as_said, person)
    _, reasons = brings.reasons()
    best = _Best(asked.handle.whole, frozenset(sources), essential_only, reasons)
    places = best.first(limit)
    iris = [best.roles[at] for at in places]
    graph = asked.slice("nearest", role=iris, source=sources)
    at_levels = brings.on(graph, iris, sources=sources)
    near = []
    for at, iri in zip(places, iris, strict=True):
        needs = required(graph, iri, sources=sources, essential_only=essential_only)
        has = tuple(r for r in needs if at_levels.at.has(r))
        lacks = tuple(r for r in needs if not at_levels.at.has(r))
        near.append(Near(best.nodes[iri], best.score(at), has, lacks, _used(brings, reasons, needs), best.decided(at)))
    claims = {claim for found in near for r in found.held for claim in r.claims}
    return Nearest(
        tuple(near),
        best.rated,
        best.described,
        reasons,
        brings.profile,
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=asked.context(graph),
    )


def _sayers(reasons: Reasons, iri: str) -> frozenset[str]:
    """Return the IRIs of what was said and makes this count as held."""
    why = reasons[iri]
    if not why:
        return frozenset((iri,))
    if why[0].rule in ("certifies", "required"):
        return frozenset(reason.by.iri for reason in why)
    return _sayers(reasons, why[0].first.iri)


def _used(brings: Brought, reasons: Reasons, needs: Iterable[Required]) -> float:
    """Return the share of what was said to be held that speaks for some requirement."""
    said = {n.iri for n in brings.profile.things if n.iri in reasons}
    used = {sayer for r in needs if r.node.iri in reasons for sayer in _sayers(reasons, r.node.iri)}
    return len(used & said) / len(said) if said else 0.0


class _Best:
    """Rates all roles; the definition, without stores."""

    def __init__(self, whole: WholeGraph, sources: frozenset[str], essential_only: bool, reasons: Reasons) -> None:
        import numpy as np

        matrix = whole.matrix(sources, essential_only)
        self.roles, self._items, self._weights = matrix.roles, matrix.items, matrix.weights
        self._gains = gains(matrix.weights)
        asked = {*matrix.weights.indices[matrix.weights.data > 0].tolist()}
        column = {iri: at for at, iri in enumerate(matrix.items) if at in asked}
        self._held = [*_columns(column, reasons)]
        self._scores, matched = suiting(matrix.weights, self._held)
        rated = np.flatnonzero(matched > 0)
        self._order = rated[np.lexsort((whole.role_ranks[rated], -np.round(self._scores[rated], 9)))]
        self.rated = len(rated)
        self.described = int((np.diff(matrix.weights.indptr) > 0).sum())
        self._names = whole.names
        self.nodes: dict[str, Node] = {}

    def first(self, limit: int) -> list[int]:
        """Return the rows of the best roles, and look up what is to be named."""
        found: list[int] = self._order[:limit].tolist()
        items = {self._items[at] for one in self._held for at in one}
        self.nodes = dict(self._names.nodes(sorted({self.roles[at] for at in found} | items)))
        return found

    def score(self, row: int) -> float:
        """Return the evidence for a role."""
        return float(self._scores[row])

    def decided(self, row: int) -> tuple[tuple[Node, float], ...]:
        """Return what speaks for a role, that which tells most first."""
        there = slice(self._weights.indptr[row], self._weights.indptr[row + 1])
        asks = {*self._weights.indices[there][self._weights.data[there] > 0].tolist()}
        best = [max(asks & {*one}, key=lambda at: (self._gains[at], -at)) for one in self._held if asks & {*one}]
        found = [(self.nodes[self._items[at]], round(float(self._gains[at]), 6)) for at in best]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].label.casefold(), pair[0].iri))[:_DECIDED])


def _columns(column: Mapping[str, int], reasons: Reasons) -> Iterator[list[int]]:
    """Yield for each thing that was said or certified its column; of what no role asks for, those of what it shows."""
    shown: dict[str, list[int]] = {}
    for iri, why in reasons.items():
        if not _is_base(why) and iri in column:
            shown.setdefault(why[0].first.iri, []).append(column[iri])
    for iri in sorted(iri for iri, why in reasons.items() if _is_base(why)):
        if iri in column:
            yield [column[iri]]
        elif iri in shown:
            yield sorted(shown[iri])


def _is_base(why: Sequence[Reason]) -> bool:
    return not why or why[0].rule in ("certifies", "required")
