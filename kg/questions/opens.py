"""`opens`: which few skills bring most roles within reach?

A role is within reach where at least a share of what it requires, by weight, is held. The best set of skills is found
exactly by an optimiser where the question is small, and else by greedy search, whose bound the answer states
(`kg.algorithms.reach`). All roles are considered at once, on a sparse matrix; only what is shown is fetched, with its
claims.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import e
from typing import Annotated, Any

from cyclopts import Parameter

from kg.algorithms.matrix import RoleMatrix
from kg.algorithms.reach import Problem, exact, greedy
from kg.answers import Answer, Claim, Node, Row, Section, counted, few
from kg.errors import BadInput
from kg.graphs import Graph
from kg.handle import Handle, as_handle, context, source_iris
from kg.held import HELD_KINDS, all_held
from kg.terms import curie

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

    def rows(self) -> tuple[Row, ...]:
        """Return one row per addition, in order: rank, iri, label, kind, roles_opened, required_by."""
        return tuple(
            {
                "rank": rank,
                "iri": door.node.iri,
                "label": door.node.label,
                "kind": door.node.kind,
                "roles_opened": [found.role.label for found in door.opened],
                "required_by": door.required_by,
            }
            for rank, door in enumerate(self.doors, start=1)
        )

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
        reach = f"Within reach: coverage of at least {self.threshold:.0%}; roles that are not described do not count."
        if self.exact:
            return f"Exact: an optimiser proved that no {counted(len(self.doors), 'addition')} can do better. {reach}"
        return (
            "Greedy: the gain in truncated coverage (each role's coverage, counted up to the threshold) is at least "
            "1 − 1/e, or 63%, of the greatest possible. For the number of roles there is no such bound; it can be "
            f"{self.at_most} at most. {reach}"
        )


def opens(
    g: Handle | Graph,
    /,
    *,
    held: Sequence[str] = (),
    number: Annotated[int, Parameter(name=["--number", "-n"])] = 3,
    threshold: float = 0.5,
    essential_only: bool = False,
    source: Sequence[str] = (),
) -> Opens:
    """Which few skills bring most roles within reach?

    A role is within reach where at least half of what it requires is held, by weight; --threshold sets another share.
    Weights are those of `gap`: 1 essential, 0.5 optional, or ratings where a role is rated throughout. Up to ten
    additions are chosen exactly, by an optimiser, unless too many roles are near; else greedily, and the answer says
    which, with what is certain of it. Of equally good sets, that which adds most coverage in total; then by label.

    Parameters
    ----------
    g
        A graph or its handle.
    held
        What is held: skills, tools, certifications. A certification counts for all that it certifies, unless it is a
        business-level exam.
    number
        How many skills or tools to add.
    threshold
        The share of the required weight from which a role is within reach, above 0 and up to 1.
    essential_only
        Leave out what is only optional.
    source
        Only what these sources require, by short id, such as article or esco-111.

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
    >>> answer = kg.opens(kg.open(as_of="2026-11-22"), held=["Python", "SQL"], number=3)
    >>> [door.node.label for door in answer.doors], answer.exact
    (['Prompt engineering', 'LLM evaluation', 'Large language models'], True)
    """
    handle = as_handle(g)
    if number < 1:
        raise BadInput(f"{number} skills cannot be added. Ask for 1 or more: -n 3.")
    if not 0 < threshold <= 1:
        raise BadInput(f"A threshold of {threshold} is no share. Give one above 0 and up to 1, such as 0.5.")
    named = [handle.resolve(name, *HELD_KINDS) for name in held]
    sources = source_iris(handle, source)
    certified = [n.iri for n in named if n.kind == "certification"]
    brought = all_held(handle.slice("gap", role=(), held=certified, source=sources), named, None, ())
    matrix = handle.requirements.matrix(sources=sources, essential_only=essential_only, rated=True)
    names = _Names(handle)
    found = _solve(matrix, names, brought.keys(), number, threshold)
    shown = [r for door in found["doors"] for r in door.opened] + list(found["nearest"])
    iris = [r.role.iri for r in shown[:_EVIDENCE]]
    items = {door.node.iri for door in found["doors"]} | set(brought)
    graph = handle.slice("opens", role=iris, item=items, source=sources)
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
    asked = context(
        handle,
        graph,
        held=[*held],
        number=number,
        threshold=threshold,
        essential_only=essential_only,
        source=[*source],
    )
    return Opens(
        **found,
        threshold=threshold,
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=asked,
    )


class _Names:
    """The names of roles, skills and tools, as the handle has them, and the order they put things in."""

    def __init__(self, handle: Handle) -> None:
        self._nodes = handle.names.nodes

    def node(self, iri: str) -> Node:
        data = self._nodes.get(iri, {})
        return Node(data.get("label", curie(iri)), iri, data.get("kind", ""))

    def order(self, iri: str) -> tuple[str, str]:
        return self.node(iri).label.casefold(), iri


def _solve(
    matrix: RoleMatrix, names: _Names, held: Collection[str], number: int, threshold: float
) -> dict[str, Any]:  # the fields of `Opens` that are found here
    """Choose what to add; the definition, without stores."""
    import numpy as np

    weights = matrix.weights.copy()
    weights.data = np.round(weights.data * _HUNDREDTHS)
    weights = weights.astype(np.int64)
    total = np.asarray(weights.sum(axis=1), dtype=np.int64)
    described = np.flatnonzero(total)
    is_held = np.array([iri in held for iri in matrix.items], dtype=bool)
    needed = np.bincount(weights.indices, minlength=len(matrix.items))
    open_items = [i for i in range(len(matrix.items)) if needed[i] and not is_held[i]]
    candidates = np.array(sorted(open_items, key=lambda i: names.order(matrix.items[i])), dtype=np.int64)
    weights = weights[described]
    problem = Problem(
        weights[:, candidates].tocsr(),
        total[described],
        np.asarray(weights @ is_held.astype(np.int64), dtype=np.int64),
        Fraction(str(threshold)),
        number,
    )
    best = exact(problem)
    chosen = greedy(problem) if best is None else _in_order(problem, best)

    def reach(at: int) -> Reach:
        whole = int(problem.total[at])
        return Reach(names.node(matrix.roles[described[at]]), problem.held[at] / whole, after[at] / whole)

    after = problem.covered(chosen).tolist()
    doors, before = [], problem.reached(())
    first = int(before.sum())
    for place, candidate in enumerate(chosen, start=1):
        now = problem.reached(chosen[:place])
        opened = sorted(map(reach, np.flatnonzero(now & ~before).tolist()), key=lambda r: names.order(r.role.iri))
        item = int(candidates[candidate])
        doors.append(Door(names.node(matrix.items[item]), tuple(opened), int(needed[item])))
        before = now
    out = sorted(
        np.flatnonzero(~before).tolist(),
        key=lambda at: (-Fraction(int(after[at]), int(problem.total[at])), *names.order(matrix.roles[described[at]])),
    )
    last = int(before.sum())
    return {
        "doors": tuple(doors),
        "reached_before": first,
        "reached_after": last,
        "nearest": tuple(map(reach, out[:_NEAREST])),
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
