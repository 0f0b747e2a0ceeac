"""Which few exams would a good adviser name for a role, and in which order?

Of the certifications that can be chosen, only those for the role are considered (`kg.careers.fit`). What each proves is
weighed (`kg.careers.proving`), the more the clearer it is for the role, and less at entry level; and the best one, the
best two, the best three … are found with their proofs (`kg.algorithms.frontier`). Recommended are as many as add three
requirements each to what fewer prove, or half of their weight. What an adviser would not say is ruled out:

- an exam that adds fewer than three missing requirements which no other chosen one touches (unless it is free, or fewer
  are missing);
- more than one of entry level, or any where the person holds a language of the role or a third of what it requires, or
  where the role asks for experience;
- a professional or expert exam as the first certificate, where there is one of a lower level that is as clearly for the
  role: unless the person holds half of what the role requires, or a certification above entry level;
- one that only our own reading ties to the role, unless beside one that somebody else does, and no more than one; so
  one that only names its core, where others are for the role itself;
- an older version where a newer of the same exam is on offer; a business-level exam, unless for a role that one is for.

The thresholds are our reading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.algorithms.frontier import Choice, Limit, Point, frontier
from kg.careers.candidates import Candidates
from kg.careers.fit import Fit, RoleNames
from kg.careers.ordering import in_order
from kg.careers.proving import Proven, proven
from kg.careers.required import Required
from kg.model.answers import Node, few, node
from kg.model.graphs import Graph, local_name

__all__ = ["LEAST", "USUAL", "Advice", "FrontierPoint", "advise", "level_of", "rank_of"]

#: So many missing requirements an exam adds at least.
LEAST = 3
#: So many exams are recommended unless another number is asked for.
USUAL = 3
#: So many points of the frontier are shown.
_SHOWN = 5
_BEGUN, _ADVANCED = 1 / 3, 1 / 2
#: A further exam is worth it, too, where it proves half as much again in weight.
_AGAIN = 1 / 2
#: What an exam of entry level proves counts so much.
_ENTRY_COUNTS = 0.6
_RANKS = {"EntryLevel": 0, "AssociateLevel": 1, "SpecialtyLevel": 2, "ProfessionalLevel": 2, "ExpertLevel": 3}
_WORDS = {"EntryLevel": "entry", "AssociateLevel": "associate", "SpecialtyLevel": "specialty"}
#: A number above this in the name of an exam is a version; "Core 2" and "Level 1" are parts.
_PARTS = 4


@dataclass(frozen=True)
class FrontierPoint:
    """The best so many exams.

    Attributes
    ----------
    exams
        In the order to take them, entry before expert.
    adds
        Of each, what it proves that those before do not.
    prices
        Of each, in USD; ``total`` is what all take.
    worth, of
        The weight that they prove together, and that of all that is missing.
    optimal, gap
        Whether it is proven that no other so many prove more, and else how much more some might.
    """

    exams: tuple[Node, ...]
    adds: tuple[tuple[Node, ...], ...]
    prices: tuple[float, ...]
    worth: float
    of: float
    optimal: bool
    gap: float

    @property
    def total(self) -> float:
        """The price of all, in USD."""
        return round(sum(self.prices), 2)

    @property
    def running(self) -> tuple[float, ...]:
        """What has been paid after each exam, in USD."""
        return tuple(round(sum(self.prices[: i + 1]), 2) for i in range(len(self.prices)))

    @property
    def proves(self) -> frozenset[Node]:
        """All that they prove."""
        return frozenset(one for added in self.adds for one in added)


@dataclass(frozen=True)
class Advice:
    """The frontier for a role, and what of it is recommended.

    Attributes
    ----------
    points
        The best one, two, three … exams; each proves more than the one before.
    recommended
        The point that is recommended; None where none is.
    fits
        Of each exam that was considered, by IRI: why it is for the role.
    proofs
        Of each, how it proves what.
    why_none
        Why nothing is recommended; empty where something is.
    """

    points: tuple[FrontierPoint, ...] = ()
    recommended: FrontierPoint | None = None
    fits: Mapping[str, Fit] = field(default_factory=dict)
    proofs: Mapping[str, tuple[Proven, ...]] = field(default_factory=dict)
    why_none: str = ""


def level_of(graph: Graph, iri: str) -> str:
    """Return the level of a certification in a word; empty where none is stated."""
    found = local_name(_text(graph.nodes.get(iri, {}).get("certificationLevel")))
    return _WORDS.get(found, found.removesuffix("Level").lower())


def rank_of(graph: Graph, iri: str) -> int:
    """Return how high a certification stands: 0 for entry, 1 associate or not stated, 2 professional, 3 expert."""
    return _RANKS.get(local_name(_text(graph.nodes.get(iri, {}).get("certificationLevel"))), 1)


def _text(value: object) -> str:  # an attribute: nothing, one, or several where sources disagree
    return str(value[-1]) if isinstance(value, tuple) else str(value or "")


def advise(
    graph: Graph,
    role: Node,
    needs: Sequence[Required],
    held: Collection[str],
    offers: Candidates,
    languages: Collection[str],
    *,
    exams: int,
    budget: float | None,
) -> Advice:
    """Return which few exams are recommended, and the frontier they stand on.

    Parameters
    ----------
    needs
        All that the role requires, held or not.
    held
        What the person holds, certifications too.
    offers
        What can be chosen.
    languages
        The languages of the role.
    exams
        At most so many.
    budget
        At most so many USD; None for any.
    """
    if not offers.missing:
        return Advice()
    names = RoleNames(graph, role.iri, needs)
    fits = {c.name: fit for c in offers.candidates if (fit := names.fit(c.name)).kind}
    proofs = {iri: _proofs(graph, iri, offers) for iri in fits}
    share = _share(needs, held)
    beginner = not (set(languages) & set(held)) and share < _BEGUN and not names.is_senior
    advanced = share >= _ADVANCED or any(_is_above_entry(graph, iri) for iri in held)
    choices, limits = _choices(graph, offers, fits, proofs, advanced=advanced, entry=1 if beginner else 0)
    weights = {iri: r.weight for iri, r in offers.missing.items()}
    cents = None if budget is None else int(round(budget * 100, 4))
    found = frontier(weights, choices, most=max(_SHOWN, exams), budget=cents, limits=limits)
    points = tuple(_point(graph, offers, proofs, point, sum(weights.values())) for point in found)
    best = _worth_taking(point for point in points if len(point.exams) <= exams)
    why = "" if best else _why_none(graph, role, offers, fits, proofs, choices, exams=exams, budget=budget)
    return Advice(points, best, fits, proofs, why)


def _worth_taking(points: Iterable[FrontierPoint]) -> FrontierPoint | None:
    """Return the largest point of which each further exam adds enough to the one before."""
    best: FrontierPoint | None = None
    for point in points:
        more = len(point.exams) - (len(best.exams) if best else 0)
        added = len(point.proves) - (len(best.proves) if best else 0)
        much = best is not None and point.worth >= best.worth * (1 + _AGAIN * more)
        if best is None or added >= LEAST * more or much or point.total <= best.total:
            best = point
    return best


def _share(needs: Sequence[Required], held: Collection[str]) -> float:
    total = sum(r.weight for r in needs)
    return sum(r.weight for r in needs if r.node.iri in held) / total if total else 0.0


def _is_above_entry(graph: Graph, iri: str) -> bool:
    return graph.nodes.get(iri, {}).get("kind") == "certification" and rank_of(graph, iri) > 0


def _proofs(graph: Graph, iri: str, offers: Candidates) -> tuple[Proven, ...]:
    found = (proven(graph, iri, r.node) for r in offers.missing.values() if r.node.iri in offers.covers.get(iri, ()))
    return tuple(one for one in found if one)


def _choices(
    graph: Graph,
    offers: Candidates,
    fits: Mapping[str, Fit],
    proofs: Mapping[str, tuple[Proven, ...]],
    *,
    advanced: bool,
    entry: int,
) -> tuple[list[Choice], list[Limit]]:
    """Return what may be chosen for a role, and under which limits."""
    old = _older(graph, fits)
    rank = {iri: rank_of(graph, iri) for iri in fits}
    least = {iri: min(LEAST, len(offers.missing)) if offers.price(iri)[0] else 1 for iri in fits}
    usable = {iri for iri in fits if iri not in old and len(proofs[iri]) >= least[iri] and (rank[iri] > 0 or entry)}
    outside = frozenset(iri for iri in usable if fits[iri].is_outside)
    clear = frozenset(iri for iri in usable if fits[iri].is_clear)
    found = []
    for candidate in offers.candidates:
        iri = candidate.name
        if iri not in usable or not outside:
            continue
        fit = fits[iri]
        lower = frozenset(one for one in outside if rank[one] < rank[iri] and fits[one].grade >= fit.grade)
        beside = () if fit.is_clear or (fit.is_outside and not clear) else (clear or outside,)
        if rank[iri] > 1 and lower and not advanced:
            beside = (*beside, lower)
        counts = fit.grade * (_ENTRY_COUNTS if rank[iri] == 0 else 1.0)
        proves = {one.node.iri: round(one.grade * counts, 3) for one in proofs[iri]}
        found.append(Choice(iri, candidate.cost, proves, candidate.covers, least[iri], candidate.needs, beside))
    read = frozenset(iri for iri in usable if not fits[iri].is_outside)
    limits = [Limit(frozenset(iri for iri in usable if rank[iri] == 0), entry), Limit(read, 1)]
    return found, [*limits, Limit(outside - clear, 1)] if clear else limits


def _older(graph: Graph, exams: Collection[str]) -> set[str]:
    """Return the exams of which a newer version is among them: the same issuer and words before a higher number."""
    lines: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for iri in exams:
        issuers = sorted(
            v for _, v, _, data in graph.out_edges(iri, keys=True, data=True) if data.get("relation") == "issuedBy"
        )
        found = re.search(r"(\w+ \w+) (\d+)\b", str(graph.nodes[iri].get("label", "")))
        if found and int(found[2]) > _PARTS:
            lines[(*issuers, found[1].casefold())].append((int(found[2]), iri))
    return {iri for line in lines.values() for number, iri in line if number < max(line)[0]}


def _point(
    graph: Graph, offers: Candidates, proofs: Mapping[str, tuple[Proven, ...]], point: Point, of: float
) -> FrontierPoint:
    chosen = {*point.chosen}

    def key(iri: str) -> tuple[int, float, str, str]:
        worth = sum(offers.missing[one.node.iri].weight * one.grade for one in proofs[iri])
        return rank_of(graph, iri), -worth, node(graph, iri).label.casefold(), iri

    order = in_order({iri: offers.needs[iri] & chosen for iri in point.chosen}, key, graph)
    seen: set[str] = set()
    adds = []
    for iri in order:
        adds.append(tuple(one.node for one in proofs[iri] if one.node.iri not in seen))
        seen |= {one.node.iri for one in proofs[iri]}
    prices = tuple(offers.price(iri)[0] or 0.0 for iri in order)
    exams = tuple(node(graph, iri) for iri in order)
    return FrontierPoint(exams, tuple(adds), prices, point.worth, of, point.optimal, point.gap)


def _why_none(
    graph: Graph,
    role: Node,
    offers: Candidates,
    fits: Mapping[str, Fit],
    proofs: Mapping[str, tuple[Proven, ...]],
    choices: Sequence[Choice],
    *,
    exams: int,
    budget: float | None,
) -> str:
    """Return why no exam is recommended, in a sentence."""
    if exams == 0:
        return "No exam was asked for."
    if not offers.candidates:
        return "No certification that can be chosen certifies any of it."
    most = max(offers.candidates, key=lambda c: (len(c.covers), c.name))
    outside = [iri for iri, fit in fits.items() if fit.is_outside]
    if not outside:
        return (
            f"No exam is recommended: none on offer is said by a source to be for {role.label}, or named after it. "
            f"{node(graph, most.name).label} certifies most of it, {len(most.covers)} of the {len(offers.missing)} "
            "missing requirements; --all-certifiable shows what covers all that can be certified."
        )
    if budget is not None and choices and all(choice.cost > budget * 100 for choice in choices):
        cheapest = min(choices, key=lambda choice: (choice.cost, choice.name))
        return (
            f"The budget of {budget:,.0f} USD pays for no exam for {role.label}: {node(graph, cheapest.name).label} "
            f"takes {cheapest.cost / 100:,.2f} USD."
        )
    proved = sorted(outside, key=lambda iri: (-len(proofs[iri]), iri))
    told = few([f"{node(graph, iri).label} ({len(proofs[iri])})" for iri in proved])
    none = "the only exam" if len(outside) == 1 else f"none of the {len(outside)} exams"
    proves = "does not prove" if len(outside) == 1 else "proves"
    return (
        f"No exam is recommended: {none} for {role.label} {proves} {LEAST} of the {len(offers.missing)} missing "
        f"requirements at a level that fits: {told}. --all-certifiable shows what covers all that can be certified."
    )
