"""`check`: is the data right?

The shapes of `ontology/shapes.ttl` say what each node must have (SHACL); the rules in `kg/rules.py` say what shapes
cannot: cycles, names that two nodes share, claims without a source, statuses that are old. Each rule is one function
from the whole graph to findings. Findings in facts files carry file and line; what is wrong with a file itself
(syntax, unknown names) is reported before any rule runs, all of it at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kg.answers import Answer, Context, Dataset, Row, Section, counted, node
from kg.errors import BadInput, Fault
from kg.graphs import ClaimGraph, read_graph
from kg.handle import read_day
from kg.loading import Gathered, gather
from kg.offers import STALE
from kg.rules import RULES, SEVERITIES, Asked, Finding
from kg.shipped import data_path
from kg.terms import curie

__all__ = ["Check", "check"]


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
            counts = [(severity, sum(f.severity == severity for f in self.findings)) for severity in SEVERITIES]
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
        found = {f"{severity}s": sum(f.severity == severity for f in self.findings) for severity in SEVERITIES}
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
        for severity in SEVERITIES:
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
        found = sorted(map(_fault, faults), key=lambda f: f.sort_key)
        return Check(what, tuple(found), shacl=False, context=context)
    graph = read_graph(quad.triple for quad in (*gathered.quads, *gathered.borrowed))
    asked = Asked(day, timedelta(days=stale_after))
    own = {quad.subject.value for quad in gathered.quads if hasattr(quad.subject, "value")}
    findings = [f for rule in RULES for f in rule(graph, asked) if not f.about or f.about in own]
    checked = shapes and _has_pyshacl()
    if checked:
        findings += _shape_findings(gathered, own, graph)
    root = "" if paths else f"{data_path('ontology/facts').parent.parent}/"
    places = {iri: (file.removeprefix(root), line) for iri, (file, line) in gathered.places.items()}
    places |= {claim: places[u] for u, _, claim, _ in graph.edges() if u in places}
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


def _shape_findings(gathered: Gathered, own: Collection[str], graph: ClaimGraph) -> Iterator[Finding]:
    """Yield the violations of the shapes, by pyshacl; a claim is named by what it ties."""
    from pyshacl import validate
    from rdflib import Graph, URIRef
    from rdflib.namespace import SH

    from kg.stores.memory import to_rdflib

    data = Graph()
    for quad in (*gathered.quads, *gathered.borrowed):
        data.add((to_rdflib(quad.subject), URIRef(quad.predicate.value), to_rdflib(quad.object)))
    shapes = Graph().parse(data_path("ontology/shapes.ttl"))
    _, report, _ = validate(data, shacl_graph=shapes, allow_warnings=True, advanced=False)
    names = {claim: f"{node(graph, u)} → {node(graph, v)}" for u, v, claim, _ in graph.edges()}
    severities = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "info"}
    for result in report.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), SH.ValidationResult):
        focus = str(report.value(result, SH.focusNode))
        message, _, fix = str(report.value(result, SH.resultMessage)).partition(". ")
        severity = severities[report.value(result, SH.resultSeverity)]
        if focus in own:
            yield Finding(severity, "shape", f"{names.get(focus, curie(focus))}: {message}.", fix, focus)
