"""`check`: is the data right?

The shapes of `ontology/shapes.ttl` say what each node must have (SHACL, asked as SPARQL by `kg.checking.shapes`); the
rules in `kg/checking/rules.py` say what shapes cannot: cycles, names that two nodes share, claims without a source,
statuses that are old. Each rule is one function from the whole graph to findings. Findings in facts files carry file
and line; what is wrong with a file itself (syntax, unknown names) is reported before any rule runs, all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.answers import Answer, Context, Dataset, Row, Section, counted, node
from kg.checking.rules import RULES, SEVERITIES, Asked, Finding
from kg.checking.shapes import violations
from kg.errors import BadInput, Fault
from kg.graphs import ClaimGraph, read_graph
from kg.handle import KnowledgeGraph, read_day
from kg.loading import gather
from kg.offers import STALE
from kg.shipped import data_path
from kg.stores.oxigraph import OxigraphStore
from kg.terms import curie

if TYPE_CHECKING:
    from kg.stores.port import Store

__all__ = ["Check", "check"]


@dataclass(frozen=True)
class Check(Answer):
    """What is wrong with data, the gravest first.

    Attributes
    ----------
    shacl
        Whether the shapes were checked too.
    """

    what: str
    findings: tuple[Finding, ...]
    shacl: bool

    def __str__(self) -> str:
        if not self.findings:
            return f"{self.what}: nothing found."
        counts = [(severity, sum(f.severity == severity for f in self.findings)) for severity in SEVERITIES]
        named = ", ".join(counted(n, severity) if severity != "info" else f"{n} info" for severity, n in counts if n)
        return f"{self.what}: {named}."

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
    *paths: str | Path,
    graph: KnowledgeGraph | None = None,
    as_of: date | str | None = None,
    stale_after: int = STALE.days,
    shapes: bool = True,
) -> Check:
    """Is the data right?

    Parameters
    ----------
    paths
        Facts files and folders (YAML), tables (CSV), RDF files; the facts that come with the package by default. They
        are read, not loaded anywhere.
    graph
        A graph that is open already, such as a store folder, instead of files: all of it is checked, every release.
        Its findings carry no file.
    as_of
        The day by which statuses are judged old; by default the day of the graph, else today.
    stale_after
        Days after which a status is old.
    shapes
        Check the shapes (SHACL) too.

    Returns
    -------
    Check
        The findings, the gravest first; with file and line where they are known.

    Raises
    ------
    BadInput
        Both files and a graph are given, or the day or the age is none.

    Examples
    --------
    >>> import kg
    >>> kg.check(as_of="2026-11-22", shapes=False).measures["errors"]
    0
    """
    if graph is not None and paths:
        raise BadInput(f"{paths[0]} is to be checked, and a graph. Name either files or a graph.")
    day = graph.as_of if graph is not None and as_of is None else read_day(as_of)
    if stale_after < 0:
        raise BadInput(f"{stale_after} days is no age. Give 0 or more.")
    asked = Asked(day, timedelta(days=stale_after))
    if graph is not None:
        return _check_graph(graph, asked, shapes)
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
    store = OxigraphStore()
    store.add((*gathered.quads, *gathered.borrowed))
    own = {quad.subject.value for quad in gathered.quads if hasattr(quad.subject, "value")}
    read = read_graph(quad.triple for quad in (*gathered.quads, *gathered.borrowed))
    findings = [f for f in _findings(read, store, asked, shapes) if not f.about or f.about in own]
    root = "" if paths else f"{data_path('ontology/facts').parent.parent}/"
    places = {iri: (file.removeprefix(root), line) for iri, (file, line) in gathered.places.items()}
    places |= {claim: places[u] for u, _, claim, _ in read.edges() if u in places}
    placed = [_placed(finding, places) for finding in findings]
    return Check(what, tuple(sorted(placed, key=lambda f: f.sort_key)), shapes, context=context)


def _check_graph(handle: KnowledgeGraph, asked: Asked, shapes: bool) -> Check:
    """Check all that a graph holds, in every release."""
    context = Context(
        as_of=asked.day.isoformat(),
        dataset=handle.dataset,
        asked={"graph": handle.dataset.name, "stale_after": asked.stale_after.days},
    )
    read = read_graph(quad.triple for quad in handle.store.quads())
    findings = sorted(_findings(read, handle.store, asked, shapes), key=lambda f: f.sort_key)
    return Check(handle.dataset.name, tuple(findings), shapes, context=context)


def _findings(graph: ClaimGraph, store: Store, asked: Asked, shapes: bool) -> Iterator[Finding]:
    """Yield what the rules find, then what breaks the shapes; a claim is named by what it ties."""
    for rule in RULES:
        yield from rule(graph, asked)
    if not shapes:
        return
    ties = {claim: (u, v) for u, v, claim, _ in graph.edges()}
    for focus, severity, words in violations(store):
        message, _, fix = words.partition(". ")
        name = " → ".join(str(node(graph, end)) for end in ties[focus]) if focus in ties else curie(focus)
        yield Finding(severity, "shape", f"{name}: {message}.", fix, focus)


def _fault(fault: Fault) -> Finding:
    message = f"{fault.field}: {fault.message}" if fault.field else fault.message
    return Finding("error", "file", message, fault.fix, file=fault.file, line=fault.line)


def _placed(finding: Finding, places: Mapping[str, tuple[str, int]]) -> Finding:
    file, line = places.get(finding.about, ("", 0))
    return Finding(finding.severity, finding.rule, finding.message, finding.fix, finding.about, file, line)
