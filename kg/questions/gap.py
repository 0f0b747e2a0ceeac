"""`gap`: what does a role require that is not held yet?

The gap is the set difference of what the role requires and what is held. Where a role asks for a level, what is held at
a lower one is missing, with the levels it lacks (`kg.careers.levels`). What is held is what a person says, and what
that shows by rules (`kg.careers.showing`), each time with the reason; nothing shown is called said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar, get_args

from kg.careers.held import Brought, Held, brought
from kg.careers.levels import LevelGap, efforts, level_in_words
from kg.careers.offers import Include
from kg.careers.profile import Profile
from kg.careers.proofs import Proof, instead, proofs, why_not
from kg.careers.required import Required, required
from kg.careers.showing import Reason, shown_by
from kg.handles.asking import ask, check_choice, named, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Claim, Node, Section, few, node
from kg.model.columns import ANY_NUMBER, FLAG, IRI, NUMBER, OBJECT, SHARE, TEXT, WHOLE, Column, many, maybe, one_of
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.model.options import Listed
from kg.model.scales import OPTIONAL_WEIGHT
from kg.model.signs import NEED

__all__ = ["Gap", "RoleGap", "gap"]

#: So many missing skills, and tools, are shown to readers; the rows have them all.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RoleGap:
    """The gap to one role.

    Attributes
    ----------
    held, missing
        What is required and held, and what is not, or not well enough: essential first, then by weight, then by label.
    levels
        By IRI, for what is required at a level: target and held level on each scale that is used.
    """

    role: Node
    held: tuple[Required, ...]
    missing: tuple[Required, ...]
    levels: Mapping[str, tuple[LevelGap, ...]] = field(default_factory=dict)

    @property
    def effort(self) -> dict[str, float]:
        """The effort to close the gap, by scale: Σ weight · levels missing; nothing where no source states levels."""
        return efforts((r.weight, self.levels.get(r.node.iri, ())) for r in (*self.held, *self.missing))

    @property
    def coverage(self) -> float | None:
        """Share of the required weight that is held, 0…1; None where the role is not described."""
        total = sum(r.weight for r in self.held) + sum(r.weight for r in self.missing)
        return sum(r.weight for r in self.held) / total if total else None


def _level(of: str, entry: tuple[RoleGap, Required, object, object, object]) -> Any:  # a number, or the name of a scale
    levels = entry[0].levels.get(entry[1].node.iri, ())
    return getattr(levels[0], of) if levels else None


@dataclass(frozen=True)
class Gap(Answer):
    """What roles require, split by whether it is held.

    Attributes
    ----------
    gaps
        One for each role, the nearest first.
    proofs
        For each missing thing, by IRI: the certifications that certify it, next steps first.
    reasons
        What counts as held, by IRI, with why: a certification, a role, a rule; nothing where it was said itself.
    profile
        What was said, with what is doubtful and what was not understood.
    """

    gaps: tuple[RoleGap, ...]
    proofs: dict[str, tuple[Proof, ...]]
    reasons: dict[str, tuple[Reason, ...]]
    profile: Profile = field(default_factory=Profile)

    columns: ClassVar = (
        Column("role", TEXT, "the role that requires it", lambda e: e[0].role.label),
        Column("iri", IRI, "what is required", lambda e: e[1].node.iri),
        Column("label", TEXT, "its name", lambda e: e[1].node.label),
        Column("kind", one_of("skill", "tool"), "its kind", lambda e: e[1].node.kind),
        Column("essential", maybe(FLAG), "essential or optional; null where none says which", lambda e: e[1].stated),
        Column("importance", NUMBER, "the weight that counts", lambda e: e[1].weight),
        Column("held", FLAG, "whether it is held", lambda e: e[2]),
        Column("held_by", many(TEXT), "what brings or shows it", lambda e: [*dict.fromkeys(map(str, e[3]))]),
        Column("certified_by", many(IRI), "certifications that can be a next step", lambda e: [n.iri for n in e[4]]),
        Column("certified_by_labels", many(TEXT), "the same, by name", lambda e: [n.label for n in e[4]]),
        Column("sources", many(TEXT), "who requires it", lambda e: sorted({c.source_label for c in e[1].claims})),
        *(
            Column(name, maybe(kind), f"{meaning}; of several scales, of the first", partial(_level, of), optional=True)
            for name, kind, meaning, of in (
                ("level", ANY_NUMBER, "the level required", "target"),
                ("held_level", ANY_NUMBER, "the level held", "held"),
                ("levels_missing", ANY_NUMBER, "levels between them", "missing"),
                ("level_scale", TEXT, "the scale", "scale_label"),
            )
        ),
    )
    numbers: ClassVar = (
        Column("coverage", maybe(SHARE), "of the nearest role: the share of the required weight that is held"),
        Column("held", WHOLE, "of the nearest role: requirements held"),
        Column("missing", WHOLE, "of the nearest role: requirements missing"),
        Column("shown", WHOLE, "of those held, shown by something else that is held", optional=True),
        Column("effort", OBJECT, "levels missing, by scale", optional=True),
        Column("too_low", WHOLE, "held at too low a level", optional=True),
        Column("coverage_by_role", OBJECT, "of several roles, the coverage of each", optional=True),
    )
    beside: ClassVar = (
        Column("profile", many(OBJECT), "what was said of the person", lambda a: a.profile.told_rows(), optional=True),
        Column(
            "shown_by", many(OBJECT), "what was shown: iri, rule, by, claim", lambda a: a.shown_rows(), optional=True
        ),
        Column(
            "unused",
            many(IRI),
            "what was said and no role asks for",
            lambda a: [n.iri for n in a.unused],
            optional=True,
        ),
    )

    def __str__(self) -> str:
        described = [found for found in self.gaps if found.coverage is not None]
        if not described:
            names = " and ".join(found.role.label for found in self.gaps)
            return f"{names}: not described; no source for what it requires is in the graph."
        first = described[0]
        if len(self.gaps) == 1:
            essential = sum(r.stated is True for r in first.missing)
            unsaid = sum(r.stated is None for r in first.missing)
            if not first.missing:
                return (
                    f"Nothing is missing for {first.role.label}: all {len(first.held)} requirements are held"
                    f"{_among(self.shown(first))}."
                )
            return (
                f"{len(first.held)} of {len(first.held + first.missing)} requirements of {first.role.label} are held "
                f"(coverage {first.coverage:.0%}){_among(self.shown(first))}; missing are {len(first.missing)}, "
                f"{essential} of them essential"
                f"{f', of {unsaid} no source says which' if unsaid else ''}{_effort(first)}."
            )
        order = ", ".join(f"{found.role.label} {found.coverage:.0%}" for found in described)
        return f"Nearest is {first.role.label}, by share of the required weight that is held: {order}."

    def shown(self, found: RoleGap) -> list[tuple[Required, Reason]]:
        """Return what is held for a role and was not said but shown by something else, with the reason."""
        shown = shown_by(self.reasons, (r.node.iri for r in found.held))
        return [(r, shown[r.node.iri]) for r in found.held if r.node.iri in shown]

    def shown_rows(self) -> list[dict[str, Any]]:
        """Return what is required and shown by something else: what shows it, by which rule, resting on which claim."""
        found = {r.node: reason for gap in self.gaps for r, reason in self.shown(gap)}
        return [
            {"iri": n.iri, "rule": reason.rule, "by": reason.by.iri, "claim": reason.claim.iri if reason.claim else ""}
            for n, reason in found.items()
        ]

    @property
    def unused(self) -> tuple[Node, ...]:
        """What was said to be held and no role asks for, nor for anything that it shows."""
        asked = {r.node.iri for found in self.gaps for r in (*found.held, *found.missing)}
        used = asked | {reason.first.iri for iri in asked for reason in self.reasons.get(iri, ())}
        used |= {reason.by.iri for iri in asked for reason in self.reasons.get(iri, ())}
        return tuple(n for n in self.profile.things if n.iri not in used and n.iri in self.reasons)

    def entries(self) -> Iterable[tuple[RoleGap, Required, bool, tuple[Reason, ...], tuple[Node, ...]]]:
        """Return each requirement of each role, the missing first: whether held, by what, certified by what."""
        for found in self.gaps:
            for is_held, group in ((False, found.missing), (True, found.held)):
                for r in group:
                    yield found, r, is_held, self.reasons.get(r.node.iri, ()), self.steps(r)

    def columns_here(self) -> tuple[Column, ...]:
        """Return the columns; those of levels where some are known."""
        levelled = any(found.levels for found in self.gaps)
        return tuple(column for column in self.columns if levelled or not column.optional)

    @property
    def role(self) -> Node:
        """The role; of several the nearest."""
        return self.gaps[0].role

    @property
    def held(self) -> tuple[Required, ...]:
        """What the (nearest) role requires and is held."""
        return self.gaps[0].held

    @property
    def missing(self) -> tuple[Required, ...]:
        """What the (nearest) role requires and is not held, essential first."""
        return self.gaps[0].missing

    @property
    def coverage(self) -> float | None:
        """Share of the required weight that is held, 0…1; None where the (nearest) role is not described."""
        return self.gaps[0].coverage

    @property
    def measures(self) -> dict[str, Any]:
        """Return coverage (of the nearest role), held and missing; for several roles also the coverage of each.

        Where levels are known, also the effort by scale, and how many of the missing are held at too low a level.
        """
        first = self.gaps[0]
        found: dict[str, Any] = {"coverage": first.coverage, "held": len(first.held), "missing": len(first.missing)}
        if first.effort:
            found["effort"] = first.effort
            found["too_low"] = sum(any(g.held for g in first.levels.get(r.node.iri, ())) for r in first.missing)
        if shown := self.shown(first):
            found["shown"] = len(shown)
        if len(self.gaps) > 1:
            found["coverage_by_role"] = {found.role.label: found.coverage for found in self.gaps}
        return found

    @property
    def next_step(self) -> str:
        """What weighs most of the missing, and where the order of all stands."""
        if not self.missing:
            return ""
        first = ", ".join(r.node.label for r in self.missing[:3])
        return f"What weighs most: {first}. `kg plan`, asked with the same words, puts all in order."

    def sections(self) -> tuple[Section, ...]:
        """Return what is missing by kind, what certifies it, what is held, and what cannot be taken any more."""
        parts = []
        if len(self.gaps) > 1:
            rows = tuple(
                (
                    f.role.label,
                    "not described" if f.coverage is None else f"{f.coverage:.0%}",
                    str(len(f.held)),
                    str(len(f.missing)),
                )
                for f in self.gaps
            )
            parts.append(Section("Nearest first", ("role", "coverage", "held", "missing"), rows))
        for found in self.gaps:
            prefix = f"{found.role.label}: " if len(self.gaps) > 1 else ""
            for kind, title in (("skill", "missing skills"), ("tool", "missing tools")):
                missing = [r for r in found.missing if r.node.kind == kind]
                if missing:
                    title = f"{prefix}{title} ({len(missing)})"
                    lines = tuple(self._missing_row(found, r) for r in missing[:_SHOWN])
                    header: tuple[str, ...] = ("", "need", "certified by", "who requires it")
                    if found.levels:
                        header = (*header[:2], "level", *header[2:])
                    note = f"And {len(missing) - _SHOWN} more that weigh less." if len(missing) > _SHOWN else ""
                    parts.append(Section(title[0].upper() + title[1:], header, lines, note))
            if found.held:
                named = ", ".join(self._held_name(r) for r in found.held)
                parts.append(
                    Section(
                        f"{prefix}held ({len(found.held)})".capitalize()
                        if not prefix
                        else f"{prefix}held ({len(found.held)})",
                        note=f"{named}.",
                    )
                )
        steps = self._steps()
        if steps:
            parts.append(
                Section(
                    "Certifications on offer that certify what is missing",
                    ("certification", "status", "certifies of the missing"),
                    steps,
                )
            )
        gone = self._gone()
        if gone:
            parts.append(Section("Not a next step", ("certification", "why", "take instead"), gone, aside=True))
        if self.unused:
            named = ", ".join(n.label for n in self.unused)
            parts.append(Section(f"Held, and asked for nowhere here ({len(self.unused)})", note=f"{named}."))
        if self.profile.source:
            parts += self.profile.sections()
        return tuple(parts)

    def _missing_row(self, found: RoleGap, r: Required) -> tuple[str, ...]:
        steps = [n.label for n in self.steps(r)]
        shown = "; ".join(steps[:2]) + (f" and {len(steps) - 2} more" if len(steps) > 2 else "")
        need = NEED[r.stated] or "not stated"
        if not all(claim.essential is not None for claim in r.claims) and r.weight not in (1.0, OPTIONAL_WEIGHT):
            need = f"{r.weight:.0%}"
        return (
            r.node.label,
            need,
            *(("; ".join(map(level_in_words, found.levels.get(r.node.iri, ()))),) if found.levels else ()),
            shown or ("none on offer" if self.proofs.get(r.node.iri) else "no certification known"),
            _who(r.claims),
        )

    def steps(self, r: Required) -> tuple[Node, ...]:
        """Return the next steps that certify something missing, those that certify most of the missing first."""
        breadth: dict[str, int] = {}
        for found in self.proofs.values():
            for proof in found:
                breadth[proof.node.iri] = breadth.get(proof.node.iri, 0) + 1
        steps = [proof.node for proof in self.proofs.get(r.node.iri, ()) if proof.step]
        return tuple(sorted(steps, key=lambda n: (-breadth[n.iri], n.label.casefold(), n.iri)))

    def _held_name(self, r: Required) -> str:
        return f"{r.node.label}{_in_brackets(self.reasons.get(r.node.iri, ()))}"

    def _by_certification(self, step: bool) -> dict[Node, tuple[Proof, list[str]]]:
        found: dict[Node, tuple[Proof, list[str]]] = {}
        labels = {r.node.iri: r.node.label for gap in self.gaps for r in gap.missing}
        for iri, label in labels.items():
            for proof in self.proofs.get(iri, ()):
                if proof.step == step:
                    found.setdefault(proof.node, (proof, []))[1].append(label)
        return found

    def _steps(self) -> tuple[tuple[str, ...], ...]:
        ranked = sorted(
            self._by_certification(True).items(), key=lambda pair: (-len(pair[1][1]), pair[0].label.casefold())
        )
        return tuple((n.label, p.offer.status, f"{len(labels)}: {', '.join(labels)}") for n, (p, labels) in ranked[:8])

    def _gone(self) -> tuple[tuple[str, ...], ...]:
        found = sorted(self._by_certification(False).items(), key=lambda pair: pair[0].label.casefold())
        return tuple((n.label, why_not(p), instead(p)) for n, (p, _) in found)


def _in_brackets(why: Sequence[Reason]) -> str:
    """Return why something is held, in brackets; nothing where it was said."""
    said = ", ".join(dict.fromkeys(map(str, why)))
    return f" ({said if said.startswith('shown by') else f'by {said}'})" if said else ""


def _among(shown: Sequence[tuple[Required, Reason]]) -> str:
    """Return what is shown by something else, for the sentence."""
    named = few([f"{r.node.label} ({reason})" for r, reason in shown], 3)
    return f", among them {named}" if named else ""


def _effort(found: RoleGap) -> str:
    """Return what the missing levels amount to, for the sentence."""
    parts = [f"{effort:.1f} levels by weight ({scale})" for scale, effort in found.effort.items() if effort]
    return f"; to climb are {' and '.join(parts)}" if parts else ""


def _who(claims: Sequence[Claim]) -> str:
    """Return who requires it: the article with its lines, then the other sources."""
    lines = sorted(
        {int(c.locator.removeprefix("line ")) for c in claims if c.origin == "article" and c.locator[5:].isdigit()}
    )
    article = [f"the article, line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"] if lines else []
    return "; ".join([*article, *sorted({c.source_label for c in claims if c.origin != "article"})])


@question
def gap(
    g: Handle | Graph,
    *roles: str,
    held: Sequence[str] = (),
    from_: str | None = None,
    profile: Path | Profile | None = None,
    held_file: Path | None = None,
    person: str | None = None,
    not_held: Sequence[str] = (),
    as_said: bool = False,
    include: Annotated[Sequence[Include], Listed] = (),
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Gap:
    """What does a role require that is not held yet?

    Parameters
    ----------
    roles
        The role aimed at, such as "Data Engineer"; or several, to see which is nearest.

    Returns
    -------
    Gap
        Held and missing, the most important first, coverage, and what certifies the missing; of several roles the
        nearest first.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        No role is named, or the file cannot be read; with every line that means nothing.

    Examples
    --------
    >>> import kg
    >>> answer = kg.gap(kg.open(as_of="2026-11-22"), "Data Analyst", held=["SQL", "Python"], essential_only=True)
    >>> print(answer.missing[0].node, answer.missing[0].essential)
    Analytical mathematical calculation True
    """
    if not roles:
        raise BadInput(
            'A gap needs the role aimed at. Name it: kg gap "AI Engineer" --held Python; or ask which roles suit what '
            "is held: kg nearest --held Python."
        )
    check_choice(include, get_args(Include), '"{value}" cannot be included. Choose from {among}.')
    asked = ask(
        g,
        roles=roles,
        held=held,
        from_=from_,
        profile=named(profile),
        held_file=named(held_file),
        person=person,
        not_held=not_held,
        as_said=as_said,
        include=include,
        essential_only=essential_only,
        source=source,
    )
    asked.handle.expect(*roles, *held, *not_held, from_)
    aims = [n.iri for n in asked.nodes(roles, "role")]
    brings = brought(asked, held, from_, (profile, held_file), not_held, as_said, person)
    wanted = [*aims, *([brings.start.iri] if brings.start else ())]
    graph = asked.slice("gap", role=wanted, source=asked.sources)
    return _gap(
        graph,
        aims,
        held=brings.on(graph, aims, sources=asked.sources, essential_only=essential_only),
        brings=brings,
        include=include,
        essential_only=essential_only,
        sources=asked.sources,
        day=asked.day,
        context=asked.context(graph),
    )


def _gap(
    graph: Graph,
    roles: Sequence[str],
    *,
    held: Held,
    brings: Brought,
    include: Sequence[str],
    essential_only: bool,
    sources: Sequence[str],
    day: Any,
    context: Any,
) -> Gap:
    """Split what roles require by whether it is held; the definition, without names and stores."""
    gaps = []
    for role in roles:
        needs = required(graph, role, sources=sources, essential_only=essential_only)
        gaps.append(
            RoleGap(
                node(graph, role),
                tuple(r for r in needs if held.at.has(r)),
                tuple(r for r in needs if not held.at.has(r)),
                {r.node.iri: held.at.gaps(r) for r in needs if r.levels},
            )
        )
    gaps.sort(
        key=lambda found: (
            found.coverage is None,
            -(found.coverage or 0.0),
            found.role.label.casefold(),
            found.role.iri,
        )
    )
    certified = {r.node.iri: proofs(graph, r.node.iri, day, include=include) for found in gaps for r in found.missing}
    claims = {claim for found in gaps for r in (*found.held, *found.missing) for claim in r.claims}
    claims |= {claim for found in certified.values() for proof in found if proof.step for claim in proof.claims}
    claims |= {
        reason.claim
        for found in gaps
        for r in found.held
        for reason in held.reasons[r.node.iri]
        if reason.claim and reason.rule not in ("certifies", "required")
    }
    return Gap(
        tuple(gaps),
        certified,
        held.reasons,
        brings.profile,
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=context,
    )
