"""What counts as held for a question: what a person says, the role they come from, and what that shows.

A question takes words, a file, a role to come from, or all of them. They become one `Profile` (`kg.careers.reading`),
which the answer begins with; what it implies is found by rules on a slice of its own (`kg.careers.showing`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.careers.levels import HeldAt, rated, read_level
from kg.careers.profile import HELD_KINDS, Holding, Profile
from kg.careers.required import required
from kg.careers.showing import Reason, Reasons, levels_of, reasons_of
from kg.handles.asking import Asked
from kg.model.answers import Node, node
from kg.model.errors import BadInput, UnknownName
from kg.model.graphs import ClaimGraph, Graph
from kg.model.scales import Rating
from kg.names.phrases import segments

__all__ = ["Brought", "Held", "brought"]


@dataclass(frozen=True)
class Held:
    """What counts as held on a graph that has the roles asked about.

    Attributes
    ----------
    reasons
        By IRI, why it counts: nothing where it was said itself.
    at
        How well it is held.
    """

    reasons: Reasons
    at: HeldAt


@dataclass(frozen=True)
class Brought:
    """What a person brings to a question.

    Attributes
    ----------
    start
        The role that the person comes from.
    not_held
        The IRIs of what is not held, whatever shows it.
    as_said
        Whether only what was said counts.
    """

    asked: Asked
    profile: Profile
    start: Node | None = None
    not_held: frozenset[str] = frozenset()
    as_said: bool = False

    def reasons(self, start: Mapping[str, Reason] | None = None) -> tuple[Graph, Reasons]:
        """Return all that counts as held, with why, and the slice that says so."""
        named = [*(n.iri for n in self.profile.things), *(start or ())]
        graph: Graph = self.asked.slice("held", held=named) if named else ClaimGraph({}, ())
        said = self.profile.things
        return graph, reasons_of(graph, said, start, not_held=self.not_held, as_said=self.as_said)

    def on(self, graph: Graph, roles: Sequence[str], *, sources: Collection[str], essential_only: bool = False) -> Held:
        """Return what counts as held on a graph that has the roles, and how well."""
        start = {}
        if self.start:
            needs = required(graph, self.start.iri, sources=sources, essential_only=essential_only)
            start = {r.node.iri: Reason("required", self.start, r.claims[0], self.start) for r in needs}
        rules, reasons = self.reasons(start)
        asks: dict[str, set[str]] = defaultdict(set)
        for role in roles:
            for r in required(graph, role, sources=sources):
                asks[r.node.iri].update(scale for _, scale in r.levels)
        known: dict[str, tuple[Rating, ...]] = {}
        if self.start:
            at_start = {r.node.iri: r.levels for r in required(graph, self.start.iri, sources=sources) if r.levels}
            known = {
                iri: levels
                for iri, levels in at_start.items()
                if {reason.by for reason in reasons.get(iri, ())} == {self.start}
            }
        for iri, levels in levels_of(rules, reasons, self.profile.levels).items():
            one = node(rules, iri) if iri in rules.nodes else node(graph, iri)
            if ratings := rated(graph, levels, asks[iri]):
                known[iri] = ratings
            if self._is_typed(iri):  # what was typed as a level has to be one
                known[iri] = read_level(graph, one, next(iter(levels)), asks[iri])
        return Held(reasons, HeldAt(graph, reasons, known))

    def _is_typed(self, iri: str) -> bool:
        return any(one.node.iri == iri and not one.place and "=" in one.words for one in self.profile.held)


def brought(
    asked: Asked,
    held: Sequence[str] = (),
    from_: str | None = None,
    files: Sequence[Path | Profile | None] = (),
    not_held: Sequence[str] = (),
    as_said: bool = False,
    person: str | None = None,
) -> Brought:
    """Return what somebody brings who holds things, comes from a role, has a file that says so.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        A file cannot be read, names nothing, or tells of several people.
    """
    found = _typed(asked, held)
    for given in files:
        if given is None:
            continue
        from kg.careers.people import read_profile  # here, since most gaps are asked without a file

        read = given if isinstance(given, Profile) else read_profile(asked, Path(given), person)
        asked.told = (*asked.told, read.told)
        found += read
    start = asked.node(from_, "role") if from_ else None
    never = frozenset(n.iri for n in asked.nodes(not_held, *HELD_KINDS))
    return Brought(asked, found, start, never, as_said)


def _typed(asked: Asked, held: Sequence[str]) -> Profile:
    """Return what is typed as held: names, which have to be known, ``Python=Working``, and lists of names."""
    found = Profile()
    levels: dict[str, str] = {}
    for text in held:
        name, sign, level = text.rpartition("=")
        if not sign or not name.strip() or not level.strip() or asked.handle.index.exact(text, HELD_KINDS):
            found += _one_or_more(asked, text)
            continue
        one = asked.node(name.strip(), *HELD_KINDS)
        level = level.strip()
        if one.kind == "certification":
            raise BadInput(f'"{text}": {one.label} is a certification, which is held or not. Leave "={level}" out.')
        if levels.setdefault(one.iri, level) != level:
            raise BadInput(f"{one.label} is held at two levels: {levels[one.iri]} and {level}. Give one.")
        found += Profile(held=(Holding(one, text, level=level),))
    return found


def _one_or_more(asked: Asked, text: str) -> Profile:
    """Return what one typed text says is held: a name, or else a list or a phrase, read as the lines of a file."""
    try:
        return Profile(held=(Holding(asked.node(text, *HELD_KINDS), text),))
    except UnknownName:
        from kg.careers.reading import Reader

        found = Reader(asked).listed(text)
        several = len([*segments(text)]) > 1
        if not (found.held or found.doubtful) or (found.not_understood and not several):
            raise
        if found.not_understood and getattr(asked.handle, "strict", False):
            raise
        asked.told = (*asked.told, found.told)
        return replace(found, source="")
