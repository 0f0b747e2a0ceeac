"""The rules that shapes cannot say, each one function from the whole graph to findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kg.answers import counted
from kg.errors import BadInput
from kg.graphs import ClaimGraph, local_name
from kg.naming.lookup import fold
from kg.offers import first_day
from kg.terms import KG, curie

__all__ = ["RULES", "SEVERITIES", "Asked", "Finding"]

_TOOL_CATEGORIES = frozenset({KG.Language, KG.Framework, KG.Platform, KG.Product})
_SKILL_CATEGORIES = frozenset({KG.Concept, KG.Practice, KG.Mathematics})
#: Kinds whose names must not be shared, since a question looks for either.
_NAMED_TOGETHER = ({"role"}, {"skill", "tool"}, {"certification"}, {"provider"})
SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: what it is about (an IRI, where there is one), how grave, which rule, what to do.

    Attributes
    ----------
    file, line
        Where it was said; empty and 0 where that is not known.
    severity
        ``error`` (the data is wrong), ``warning`` (it should be looked at) or ``info``.
    """

    severity: str
    rule: str
    message: str
    fix: str
    about: str = ""
    file: str = ""
    line: int = 0

    @property
    def sort_key(self) -> tuple[int, str, int, str, str]:
        """Order by severity, then place, then rule and message."""
        return (SEVERITIES.index(self.severity), self.file, self.line, self.rule, self.message)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules are told besides the graph: the day, and how old a status may be."""

    day: date
    stale_after: timedelta


Rule = Callable[[ClaimGraph, Asked], Iterable[Finding]]


def prerequisite_cycles(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield every ring of prerequisites: things of which each must be known before itself.

    References
    ----------
    R. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM Journal on Computing 1 (1972): strongly connected
    components.
    """
    import networkx as nx

    for relation in ("hasPrerequisite", "broader", "isReplacedBy"):
        edges = [(u, v) for u, v, _, data in graph.edges() if data["relation"] == relation]
        ties = nx.DiGraph(edges)
        rings = [sorted(ring) for ring in nx.strongly_connected_components(ties) if len(ring) > 1]
        rings += [[node] for node in nx.nodes_with_selfloops(ties)]
        for ring in sorted(rings):
            cycle = [ring[0]] if len(ring) == 1 else [u for u, _ in nx.find_cycle(ties.subgraph(ring), ring[0])]
            names = " → ".join(_label(graph, node) for node in [*cycle, cycle[0]])
            yield Finding(
                "error", "cycle", f"{relation} goes round in a ring: {names}.", "Drop one of its claims.", cycle[0]
            )


def shared_names(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield every label, alias or exam code that two nodes of the same sort share."""
    for kinds in _NAMED_TOGETHER:
        owners: dict[str, dict[str, str]] = defaultdict(dict)
        for iri, data in sorted(graph.nodes.items()):
            if data.get("kind") in kinds:
                codes = data.get("examCode", ())
                for name in (data["label"], *data["aliases"], *((codes,) if isinstance(codes, str) else codes)):
                    owners[fold(name)].setdefault(iri, name)
        for found in owners.values():
            if len(found) > 1:
                names = " and ".join(f"{_label(graph, iri)} ({curie(iri)})" for iri in found)
                yield Finding(
                    "warning",
                    "shared-name",
                    f'"{next(iter(found.values()))}" is a name of {names}.',
                    "Keep it for one.",
                    [*found][-1],
                )


def wrong_kind(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield tools that are typed as skills, and skills as tools, by their category."""
    for iri, data in sorted(graph.nodes.items()):
        categories = data.get("category", ())
        for category in (categories,) if isinstance(categories, str) else categories:
            for kind, wrong, right in (("skill", _TOOL_CATEGORIES, "tool"), ("tool", _SKILL_CATEGORIES, "skill")):
                if data.get("kind") == kind and category in wrong:
                    what = local_name(category).lower()
                    yield Finding(
                        "error",
                        "wrong-kind",
                        f"{data['label']} is a {kind} and also a {what}.",
                        f"Make it a {right}, or change its category.",
                        iri,
                    )


def claims_without_source(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield claims whose source is not described, by source."""
    counts: dict[str, int] = defaultdict(int)
    first: dict[str, str] = {}
    for u, _, _, data in graph.edges():
        if graph.nodes.get(data["source"], {}).get("kind") != "source":
            counts[data["source"]] += 1
            first.setdefault(data["source"], u)
    for source, count in sorted(counts.items()):
        yield Finding(
            "error",
            "no-source",
            f"{counted(count, 'claim')} of {curie(source)}, which is not described; the first is about "
            f"{_label(graph, first[source])}.",
            "Add it under `sources:` with its title and date.",
            first[source],
        )


def old_statuses(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield certifications whose status was not checked recently, retired ones aside: they do not come back."""
    for iri, data in sorted(graph.nodes.items()):
        status = local_name(_text(data.get("status")))
        if data.get("kind") != "certification" or status == "retired":
            continue
        checked = _text(data.get("statusAsOf"))
        if not checked:
            yield Finding(
                "warning", "no-date", f"The status of {data['label']} has no date.", "Say when it was checked.", iri
            )
        elif (day := _day(checked)) is None:
            message = f'The status of {data["label"]} is as of "{checked}", which is no date.'
            yield Finding("error", "no-date", message, "Write YYYY, YYYY-MM or YYYY-MM-DD.", iri)
        elif (age := asked.day - day) > asked.stale_after:
            yield Finding(
                "warning",
                "old-status",
                f"The status of {data['label']} ({status}) was checked on {checked}, {age.days} days ago.",
                "Check it again and change its date.",
                iri,
            )


def outside_scale(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield ratings outside the bounds of their scale, or on no scale."""
    bounds = {KG.OnetImportanceScale: (1.0, 5.0), KG.OnetLevelScale: (0.0, 7.0)}
    for u, v, _, data in graph.edges():
        for name in ("importance", "level"):
            if name not in data:
                continue
            scale, value = data.get(f"{name}Scale", ""), float(data[name])
            low, high = bounds.get(scale, (float("-inf"), float("inf")))
            about = f"{_label(graph, u)} → {_label(graph, v)}"
            if not scale:
                yield Finding("error", "no-scale", f"The {name} of {about} names no scale.", "Name its scale.", u)
            elif not low <= value <= high:
                message = f"The {name} of {about} is {value:g}, outside {low:g} to {high:g} of {curie(scale)}."
                yield Finding("error", "outside-scale", message, "Correct it, or name its scale.", u)


def unreachable(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield skills and tools that nothing requires, certifies, uses or needs first."""
    for iri, data in sorted(graph.nodes.items()):
        if data.get("kind") not in ("skill", "tool"):
            continue
        used = [d["relation"] for _, _, _, d in graph.in_edges(iri)]
        if not any(
            relation in ("requires", "certifies", "uses", "hasPrerequisite", "broader", "demonstrates")
            for relation in used
        ):
            yield Finding(
                "info",
                "unreachable",
                f"No role, certification or other skill leads to {data['label']}.",
                "Tie it to one, or drop it.",
                iri,
            )


def ends_before_start(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield what ends before it starts."""
    for iri, data in sorted(graph.nodes.items()):
        start, end = _text(data.get("validFrom")), _text(data.get("validThrough"))
        if start and end and end[: len(start)] < start[: len(end)]:
            message = f"{data.get('label', iri)} ends on {end}, before it starts on {start}."
            yield Finding("error", "ends-before-start", message, "Correct one of the dates.", iri)


def dead_successors(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield certifications whose only successors are retired themselves and lead nowhere."""
    for u, v, _, data in graph.edges():
        if data["relation"] != "isReplacedBy":
            continue
        after = graph.nodes[v]
        onward = any(d["relation"] == "isReplacedBy" for _, _, _, d in graph.out_edges(v))
        if local_name(_text(after.get("status"))) == "retired" and not onward:
            message = f"{_label(graph, u)} is replaced by {_label(graph, v)}, which is retired and has no successor."
            yield Finding("warning", "dead-successor", message, "Name what can be taken now.", u)


def expired_claims(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield claims that held only until a day that is past."""
    for u, v, claim, data in graph.edges():
        end = _text(data.get("validThrough"))
        if end and end < asked.day.isoformat()[: len(end)]:
            message = f"{_label(graph, u)} → {_label(graph, v)} ({data['relation']}) held until {end}."
            yield Finding("info", "expired-claim", message, "See whether its source still says so.", claim)


def mapping_collapse(graph: ClaimGraph, asked: Asked) -> Iterator[Finding]:
    """Yield nodes to which several of one framework are mapped as exactly the same: that makes those one, too."""
    mapped: dict[tuple[str, str], set[str]] = defaultdict(set)
    for u, v, _, data in graph.edges():
        if data["relation"] == "exactMatch":
            mapped[v, u.removesuffix(local_name(u))].add(u)
    for (target, _), nodes in sorted(mapped.items()):
        if len(nodes) > 1:
            names = " and ".join(f"{_label(graph, iri)} ({curie(iri)})" for iri in sorted(nodes))
            message = f"{names} are each mapped as exactly the same as {_label(graph, target)} ({curie(target)})."
            yield Finding("warning", "mapping-collapse", message, "Make all but one a closeMatch.", min(nodes))


#: Every rule, in the order to read its findings.
RULES: tuple[Rule, ...] = (
    prerequisite_cycles,
    wrong_kind,
    claims_without_source,
    outside_scale,
    ends_before_start,
    shared_names,
    mapping_collapse,
    dead_successors,
    old_statuses,
    expired_claims,
    unreachable,
)


def _label(graph: ClaimGraph, iri: str) -> str:
    return str(graph.nodes[iri].get("label", curie(iri)))


def _day(text: str) -> date | None:
    try:
        return first_day(text)
    except BadInput:
        return None


def _text(value: Any) -> str:  # an attribute: text, or a tuple where sources give several
    return str(value[0] if isinstance(value, tuple) and value else value or "")
