"""`check`: is the data right?

The shapes of `ontology/shapes.ttl` say what each node must have (SHACL); the rules on this page say what shapes
cannot: cycles, names that two nodes share, claims without a source, statuses that are old. Each rule is one function
from the whole graph to findings. Findings in facts files carry file and line; what is wrong with a file itself
(syntax, unknown names) is reported before any rule runs, all of it at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kg.answers import Answer, Context, Dataset, Row, Section, counted
from kg.errors import BadInput, Fault
from kg.graphs import ClaimGraph, local_name, read_graph
from kg.handle import read_day
from kg.loading import Gathered, gather
from kg.lookup import fold
from kg.offers import STALE, first_day
from kg.shipped import data_path
from kg.terms import KG, curie

__all__ = ["RULES", "Check", "Finding", "check"]

_TOOL_CATEGORIES = frozenset({KG.Language, KG.Framework, KG.Platform, KG.Product})
_SKILL_CATEGORIES = frozenset({KG.Concept, KG.Practice, KG.Mathematics})
#: Kinds whose names must not be shared, since a question looks for either.
_NAMED_TOGETHER = ({"role"}, {"skill", "tool"}, {"certification"}, {"provider"})
_SEVERITIES = ("error", "warning", "info")


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
        return (_SEVERITIES.index(self.severity), self.file, self.line, self.rule, self.message)


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
        elif (age := asked.day - first_day(checked)) > asked.stale_after:
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


#: Every rule, in the order to read its findings.
RULES: tuple[Rule, ...] = (
    prerequisite_cycles,
    wrong_kind,
    claims_without_source,
    outside_scale,
    ends_before_start,
    shared_names,
    dead_successors,
    old_statuses,
    unreachable,
)


@dataclass(frozen=True)
class Check(Answer):
    """What is wrong with data, the gravest first.

    Attributes
    ----------
    shacl
        Whether the shapes were checked too.
    missing
        The package without which they could not be.
    """

    what: str
    findings: tuple[Finding, ...]
    shacl: bool
    missing: str = ""

    def __str__(self) -> str:
        if not self.findings:
            said = f"{self.what}: nothing found."
        else:
            counts = [(severity, sum(f.severity == severity for f in self.findings)) for severity in _SEVERITIES]
            named = ", ".join(
                counted(n, severity) if severity != "info" else f"{n} info" for severity, n in counts if n
            )
            said = f"{self.what}: {named}."
        if not self.missing:
            return said
        return f"{said} The shapes were not checked, since {self.missing} is missing: pip install 'career-kg[shacl]'."

    @property
    def yes(self) -> bool:
        """Whether nothing was found that should be looked at; the command line exits with 1 where something was."""
        return all(finding.severity == "info" for finding in self.findings)

    @property
    def measures(self) -> Mapping[str, Any]:
        """Return the number of findings by severity, and whether the shapes were checked."""
        found = {f"{severity}s": sum(f.severity == severity for f in self.findings) for severity in _SEVERITIES}
        return {**found, "shacl": self.shacl}

    def rows(self) -> tuple[Row, ...]:
        """Return one row per finding: file, line, severity, rule, message, fix, iri."""
        return tuple(
            {
                "file": f.file,
                "line": f.line,
                "severity": f.severity,
                "rule": f.rule,
                "message": f.message,
                "fix": f.fix,
                "iri": f.about,
            }
            for f in self.findings
        )

    def sections(self) -> tuple[Section, ...]:
        """Return one table for each severity."""
        parts = []
        for severity in _SEVERITIES:
            found = [f for f in self.findings if f.severity == severity]
            if found:
                rows = tuple((f"{f.file}:{f.line}" if f.line else f.file, f.rule, f.message, f.fix) for f in found)
                parts.append(
                    Section(f"{severity.capitalize()} ({len(found)})", ("where", "rule", "finding", "what to do"), rows)
                )
        return tuple(parts)


def check(
    *paths: str | Path, as_of: date | str | None = None, stale_after: int = STALE.days, shapes: bool = True
) -> Check:
    """Is the data right?

    Parameters
    ----------
    paths
        Facts files and folders (YAML), tables (CSV), RDF files; the facts that come with the package by default. They
        are read, not loaded anywhere.
    as_of
        The day by which statuses are judged old; today by default.
    stale_after
        Days after which a status is old.
    shapes
        Check the shapes (SHACL) too, where the extra ``shacl`` is installed.

    Returns
    -------
    Check
        The findings, the gravest first; with file and line where they are known.

    Examples
    --------
    >>> import kg
    >>> kg.check(as_of="2026-11-22", shapes=False).measures["errors"]
    0
    """
    day = read_day(as_of)
    if stale_after < 0:
        raise BadInput(f"{stale_after} days is no age. Give 0 or more.")
    given = [Path(path) for path in paths] or [data_path("ontology/facts")]
    what = ", ".join(str(path) for path in paths) or "The facts of this release"
    context = Context(
        as_of=day.isoformat(),
        dataset=Dataset(what),
        asked={"paths": [str(path) for path in paths], "stale_after": stale_after},
    )
    try:
        gathered = gather(given)
    except BadInput as error:
        faults = error.faults or (Fault("", 0, "", str(error)),)
        return Check(what, tuple(_fault(fault) for fault in faults), shacl=False, context=context)
    graph = read_graph(quad.triple for quad in (*gathered.quads, *gathered.borrowed))
    asked = Asked(day, timedelta(days=stale_after))
    own = {quad.subject.value for quad in gathered.quads if hasattr(quad.subject, "value")}
    findings = [f for rule in RULES for f in rule(graph, asked) if not f.about or f.about in own]
    checked = shapes and _has_pyshacl()
    if checked:
        findings += _shape_findings(gathered, own)
    root = "" if paths else f"{data_path('ontology/facts').parent.parent}/"
    places = {iri: (file.removeprefix(root), line) for iri, (file, line) in gathered.places.items()}
    placed = [_placed(finding, places) for finding in findings]
    missing = "pyshacl" if shapes and not checked else ""
    return Check(what, tuple(sorted(placed, key=lambda f: f.sort_key)), checked, missing, context=context)


def _fault(fault: Fault) -> Finding:
    message = f"{fault.field}: {fault.message}" if fault.field else fault.message
    return Finding("error", "file", message, fault.fix, file=fault.file, line=fault.line)


def _placed(finding: Finding, places: Mapping[str, tuple[str, int]]) -> Finding:
    file, line = places.get(finding.about, ("", 0))
    return Finding(finding.severity, finding.rule, finding.message, finding.fix, finding.about, file, line)


def _has_pyshacl() -> bool:
    from importlib.util import find_spec

    return find_spec("pyshacl") is not None


def _shape_findings(gathered: Gathered, own: Collection[str]) -> Iterator[Finding]:
    """Yield the violations of the shapes, by pyshacl."""
    from pyshacl import validate
    from rdflib import Graph, URIRef
    from rdflib.namespace import SH

    from kg.stores.memory import to_rdflib

    data = Graph()
    for quad in (*gathered.quads, *gathered.borrowed):
        data.add((to_rdflib(quad.subject), URIRef(quad.predicate.value), to_rdflib(quad.object)))
    shapes = Graph().parse(data_path("ontology/shapes.ttl"))
    _, report, _ = validate(data, shacl_graph=shapes, allow_warnings=True, advanced=False)
    severities = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "info"}
    for result in report.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), SH.ValidationResult):
        focus = str(report.value(result, SH.focusNode))
        message, _, fix = str(report.value(result, SH.resultMessage)).partition(". ")
        severity = severities[report.value(result, SH.resultSeverity)]
        if focus in own:
            yield Finding(severity, "shape", f"{curie(focus)}: {message}.", fix, focus)


def _label(graph: ClaimGraph, iri: str) -> str:
    return str(graph.nodes[iri].get("label", curie(iri)))


def _text(value: Any) -> str:  # an attribute: text, or a tuple where sources give several
    return str(value[0] if isinstance(value, tuple) and value else value or "")
