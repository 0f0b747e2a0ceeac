"""`opens`: which few skills bring most roles within reach?

A role is within reach where at least a share of what it requires, by weight, is held. The best set of skills is found
exactly by an optimiser where the question is small, and else by greedy search, whose bound the answer states
(`kg.algorithms.reach`). All roles are considered at once, on a sparse matrix; only what is shown is fetched, with its
claims.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import e
from pathlib import Path
from typing import Any, ClassVar

from kg.algorithms.reach import Problem, exact, greedy
from kg.careers.held import brought
from kg.careers.profile import Profile
from kg.handles.asking import ask, named, question
from kg.handles.handle import Handle
from kg.handles.whole import WholeGraph
from kg.model.answers import Answer, Claim, Node, Section, counted, few
from kg.model.columns import FLAG, IRI, PLACE, SHARE, TEXT, WHOLE, Column, many, one_of
from kg.model.errors import BadInput
from kg.model.graphs import Graph

__all__ = ["Door", "Opens", "Reach", "opens"]

_NEAREST = 5
_EVIDENCE = 50
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """How near a role is: its coverage with what is held, and with all that is added (0…1)."""

    role: Node
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Door:
    """A skill or tool to add.

    Attributes
    ----------
    opened
        The roles that come within reach with it, once those listed before it are added; by label.
    required_by
        How many described roles require it.
    """

    node: Node
    opened: tuple[Reach, ...]
    required_by: int


@dataclass(frozen=True)
class Opens(Answer):
    """What to add to bring most roles within reach.

    Attributes
    ----------
    doors
        What to add, that which opens most roles first.
    reached_before, reached_after
        How many described roles are within reach with what is held, and with what is added.
    nearest
        Of the roles that stay out of reach, the nearest, nearest first.
    described
        How many roles have requirements; the others are not counted.
    exact
        Whether an optimiser proved that no other set as large brings more roles within reach.
    at_most
        No set as large brings more roles within reach than this.
    """

    doors: tuple[Door, ...]
    reached_before: int
    reached_after: int
    nearest: tuple[Reach, ...]
    described: int
    threshold: float
    exact: bool
    at_most: int

    columns: ClassVar = (
        Column("rank", PLACE, "the order to add them in", lambda e: e[0]),
        Column("iri", IRI, "what to add", lambda e: e[1].node.iri),
        Column("label", TEXT, "its name", lambda e: e[1].node.label),
        Column("kind", one_of("skill", "tool"), "its kind", lambda e: e[1].node.kind),
        Column("roles_opened", many(TEXT), "roles within reach with it", lambda e: [r.role.label for r in e[1].opened]),
        Column("required_by", WHOLE, "how many roles require it", lambda e: e[1].required_by),
    )
    numbers: ClassVar = (
        Column("reached_before", WHOLE, "roles within reach without them"),
        Column("reached_after", WHOLE, "roles within reach with them"),
        Column("threshold", SHARE, "the coverage from which a role is within reach"),
        Column("exact", FLAG, "whether no other additions open more"),
        Column("bound", SHARE, "the share of the greatest possible gain in `bound_on` that is certain"),
        Column("bound_on", one_of("roles within reach", "truncated coverage"), "what the bound is on"),
        Column("at_most", WHOLE, "no additions can bring more roles within reach"),
        Column("described", WHOLE, "roles with requirements"),
    )

    def __str__(self) -> str:
        share = f"{self.threshold:.0%}"
        if not self.doors:
            return f"Nothing can be added: of {counted(self.described, 'described role')} none lacks a requirement."
        names = ", ".join(door.node.label for door in self.doors)
        opened = [found.role.label for door in self.doors for found in door.opened]
        if opened:
            said = f"{names}: with {'it' if len(self.doors) == 1 else 'these'}, {few(opened, 5)} "
            said += f"{'comes' if len(opened) == 1 else 'come'} within reach (at least {share} of the required weight)"
            return (
                f"{said}: {self.reached_after} of {counted(self.described, 'role')} instead of {self.reached_before}."
            )
        none = f"no {counted(len(self.doors), 'addition')} can bring" if self.exact else "no addition found brings"
        near = self.nearest[0] if self.nearest else None
        how = f"; nearest is {near.role.label}, at {near.after:.0%} instead of {near.before:.0%}" if near else ""
        adds = "adds" if len(self.doors) == 1 else "add"
        return (
            f"{names} {adds} most, but {none} another role within reach (at least {share} of the required weight){how}."
        )

    def entries(self) -> Iterable[tuple[int, Door]]:
        """Return the additions with their ranks."""
        return enumerate(self.doors, start=1)

    @property
    def measures(self) -> dict[str, Any]:
        """Return reached_before, reached_after, threshold, exact, bound, bound_on, at_most, described.

        ``bound`` is the share of the greatest possible gain in ``bound_on`` that is certain: 1 of the number of roles
        where exact, else 1 − 1/e of the truncated coverage, Σ min(coverage, threshold).
        """
        return {
            "reached_before": self.reached_before,
            "reached_after": self.reached_after,
            "threshold": self.threshold,
            "exact": self.exact,
            "bound": 1.0 if self.exact else round(1 - 1 / e, 6),
            "bound_on": "roles within reach" if self.exact else "truncated coverage",
            "at_most": self.at_most,
            "described": self.described,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return what to add, which roles come within reach, the nearest of the others, and how sure that is."""
        parts = []
        if self.doors:
            rows = tuple(
                (
                    str(rank),
                    door.node.label,
                    door.node.kind,
                    str(door.required_by),
                    few([f.role.label for f in door.opened], 5) or "none yet",
                )
                for rank, door in enumerate(self.doors, start=1)
            )
            parts.append(Section("Add", ("", "", "kind", "roles that require it", "brings within reach"), rows))
        opened = [found for door in self.doors for found in door.opened]
        for title, shown in (("Within reach then", opened[:20]), ("Nearest of the others", self.nearest)):
            if shown:
                near = tuple((f.role.label, f"{f.before:.0%}", f"{f.after:.0%}") for f in shown)
                parts.append(Section(title, ("role", "coverage now", "then"), near))
        parts.append(Section("How sure", note=self._certainty()))
        return tuple(parts)

    def _certainty(self) -> str:
        reach = (
            f"Within reach: coverage of at least {self.threshold:.0%}; roles that are not described do not count. "
            "An addition counts for itself, not for what it would show besides."
        )
        if self.exact:
            return f"Exact: an optimiser proved that no {counted(len(self.doors), 'addition')} can do better. {reach}"
        return (
            "Greedy: the gain in truncated coverage (each role's coverage, counted up to the threshold) is at least "
            "1 − 1/e, or 63%, of the greatest possible. For the number of roles there is no such bound; it can be "
            f"{self.at_most} at most. {reach}"
        )


@question
def opens(
    g: Handle | Graph,
    /,
    *,
    held: Sequence[str] = (),
    profile: Path | Profile | None = None,
    held_file: Path | None = None,
    person: str | None = None,
    not_held: Sequence[str] = (),
    as_said: bool = False,
    limit: int = 3,
    threshold: float = 0.5,
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Opens:
    """Which few skills bring most roles within reach?

    A role is within reach where at least half of what it requires is held, by weight; --threshold sets another share.
    Weights are those of `gap`: how far a rating lies along its own scale; else 1 essential, 0.5 optional. Up to ten
    additions are chosen exactly, by an optimiser, unless too many roles are near; else greedily, and the answer says
    which, with what is certain of it. Of equally good sets, that which adds most coverage in total; then by label.

    Parameters
    ----------
    limit
        How many skills or tools to add.
    threshold
        The share of the required weight from which a role is within reach, above 0 and up to 1.

    Returns
    -------
    Opens
        What to add, that which opens most first; which roles come within reach, and the nearest of the others. The
        evidence is why the roles shown require what is held or added, for the first fifty.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        The number is below 1, or the threshold no share.

    References
    ----------
    G. Nemhauser, L. Wolsey and M. Fisher, An analysis of approximations for maximizing submodular set functions,
    Mathematical Programming 14 (1978). The number of roles within reach is not submodular; `kg.algorithms.reach` says
    what the bound is on.

    Examples
    --------
    >>> import kg
    >>> answer = kg.opens(kg.open(as_of="2026-11-22"), held=["Python", "SQL"], limit=3)
    >>> [door.node.label for door in answer.doors], answer.exact
    (['Requirements analysis', 'Stakeholder communication', 'Technical documentation'], True)
    """
    if limit < 1:
        raise BadInput(f"{limit} skills cannot be added. Ask for 1 or more: -n 3.")
    if not 0 < threshold <= 1:
        raise BadInput(f"A threshold of {threshold} is no share. Give one above 0 and up to 1, such as 0.5.")
    asked = ask(
        g,
        held=held,
        profile=named(profile),
        held_file=named(held_file),
        person=person,
        not_held=not_held,
        as_said=as_said,
        limit=limit,
        threshold=threshold,
        essential_only=essential_only,
        source=source,
    )
    asked.handle.expect(*held, *not_held)
    sources = asked.sources
    brings = brought(asked, held, None, (profile, held_file), not_held, as_said, person)
    _, reasons = brings.reasons()
    found = _solve(asked.handle.whole, frozenset(sources), essential_only, reasons.keys(), limit, threshold)
    shown = [r for door in found["doors"] for r in door.opened] + list(found["nearest"])
    iris = [r.role.iri for r in shown[:_EVIDENCE]]
    items = {door.node.iri for door in found["doors"]} | set(reasons)
    graph = asked.slice("opens", role=iris, item=items, source=sources)
    claims = {
        Claim.read(graph, edge)
        for role in iris
        if role in graph.nodes
        for edge in graph.out_edges(role, keys=True, data=True)
        if edge[1] in items
        and edge[3].get("relation") == "requires"
        and (not sources or edge[3].get("source") in sources)
        and not (essential_only and edge[3].get("essential") is False)
    }
    return Opens(
        **found,
        threshold=threshold,
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=asked.context(graph),
    )


def _solve(
    whole: WholeGraph,
    sources: frozenset[str],
    essential_only: bool,
    held: Collection[str],
    limit: int,
    threshold: float,
) -> dict[str, Any]:  # the fields of `Opens` that are found here
    """Choose what to add; the definition, without stores."""
    import numpy as np

    matrix, roles = whole.matrix(sources, essential_only), whole.role_ranks
    weights = matrix.weights.copy()
    weights.data = np.round(weights.data * _HUNDREDTHS)
    weights = weights.astype(np.int64)
    weights.eliminate_zeros()
    total = np.asarray(weights.sum(axis=1), dtype=np.int64)
    described = np.flatnonzero(total)
    is_held = np.array([iri in held for iri in matrix.items], dtype=bool)
    needed = np.bincount(weights.indices, minlength=len(matrix.items))
    candidates = np.flatnonzero((needed > 0) & ~is_held)
    candidates = candidates[np.argsort(whole.item_ranks[candidates])]
    weights = weights[described]
    problem = Problem(
        weights[:, candidates].tocsr(),
        total[described],
        np.asarray(weights @ is_held.astype(np.int64), dtype=np.int64),
        Fraction(str(threshold)),
        limit,
    )
    best = exact(problem)
    chosen = greedy(problem) if best is None else _in_order(problem, best)
    after, before = problem.covered(chosen).tolist(), problem.reached(())
    first = int(before.sum())
    opened: list[list[int]] = []
    for place in range(1, len(chosen) + 1):
        now = problem.reached(chosen[:place])
        opened.append(sorted(np.flatnonzero(now & ~before).tolist(), key=lambda at: int(roles[described[at]])))
        before = now
    out = sorted(
        np.flatnonzero(~before).tolist(),
        key=lambda at: (-Fraction(int(after[at]), int(problem.total[at])), int(roles[described[at]])),
    )
    near = out[:_NEAREST]
    items = [int(candidates[candidate]) for candidate in chosen]
    named = whole.names.nodes(
        [*(matrix.items[i] for i in items), *(matrix.roles[described[at]] for at in (*near, *chain(*opened)))]
    )

    def reach(at: int) -> Reach:
        total = int(problem.total[at])
        return Reach(named[matrix.roles[described[at]]], int(problem.held[at]) / total, after[at] / total)

    last = int(before.sum())
    return {
        "doors": tuple(
            Door(named[matrix.items[item]], tuple(map(reach, roles_opened)), int(needed[item]))
            for item, roles_opened in zip(items, opened, strict=True)
        ),
        "reached_before": first,
        "reached_after": last,
        "nearest": tuple(map(reach, near)),
        "described": len(described),
        "exact": best is not None,
        "at_most": last if best is not None else first + len(problem.reachable),
    }


def _in_order(problem: Problem, chosen: Collection[int]) -> tuple[int, ...]:
    """Return what is chosen, that which brings most roles within reach first, then that which adds most coverage."""
    left, order = sorted(chosen), list[int]()
    while left:
        most = min(left, key=lambda i: (-int(problem.reached([*order, i]).sum()), -int(problem.shares[i]), i))
        left.remove(most)
        order.append(most)
    return tuple(order)
