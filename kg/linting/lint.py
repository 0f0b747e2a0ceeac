"""`lint`: is a text about careers still true?

A text names certifications, tools and roles; some have been retired, renamed or replaced since, some never were what
the text takes them for. Every rule is one function from what was read to findings, each with its place in the file and
what to write instead. Nothing is judged but what the graph knows: a certification it does not have is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.answers import Answer, Row, Section, counted
from kg.graphs import Graph
from kg.handle import Handle, as_handle, context
from kg.linting.mentions import Mention, Mentions, Name, names_of
from kg.linting.reading import Finding, Reading
from kg.linting.rules import RULES, SAID, known_conflicts, new_title
from kg.linting.texts import Place, read_text

__all__ = ["Lint", "lint"]

_KINDS = ("role", "skill", "tool", "certification")
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Lint(Answer):
    """What to mend in a text.

    Attributes
    ----------
    findings
        In the order of the text, each with its place.
    named
        What the text names, each node once.
    """

    name: str
    findings: tuple[tuple[Place, Finding], ...]
    named: tuple[Mention, ...]

    def __str__(self) -> str:
        kinds = [sum(m.node.kind == kind for m in self.named) for kind in ("certification", "tool", "role")]
        named = ", ".join(counted(n, kind) for n, kind in zip(kinds, ("certification", "tool", "role"), strict=True))
        if not self.findings:
            return f"{self.name}: nothing found; it names {named}."
        counts = [(severity, sum(f.severity == severity for _, f in self.findings)) for severity in _SEVERITIES]
        found = ", ".join(counted(n, severity) if severity != "info" else f"{n} info" for severity, n in counts if n)
        return f"{self.name}: {found}; it names {named}."

    @property
    def yes(self) -> bool:
        """Whether nothing was found that should be mended; the command line exits with 1 where something was."""
        return all(finding.severity == "info" for _, finding in self.findings)

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of findings by severity, and of the nodes named."""
        found = {f"{severity}s": sum(f.severity == severity for _, f in self.findings) for severity in _SEVERITIES}
        return {**found, "named": len(self.named)}

    def rows(self) -> tuple[Row, ...]:
        """Return one row per finding: line, column, page, text, iri, rule, finding, severity, fix.

        ``page`` is empty but for a PDF, whose lines count from the top of the page.
        """
        return tuple(
            {
                "line": place.line,
                "column": place.column,
                "page": place.page or None,
                "text": finding.words,
                "iri": finding.iri,
                "rule": finding.rule,
                "finding": finding.message,
                "severity": finding.severity,
                "fix": finding.fix,
            }
            for place, finding in self.findings
        )

    def sections(self) -> tuple[Section, ...]:
        """Return one table for each severity, in the order of the text."""
        parts = []
        for severity in _SEVERITIES:
            rows = tuple(
                (str(place), f.words, f.message, f.fix) for place, f in self.findings if f.severity == severity
            )
            if rows:
                header = ("line", "text", "finding", "what to do")
                parts.append(Section(f"{severity.capitalize()} ({len(rows)})", header, rows))
        return tuple(parts)


def lint(g: Handle | Graph, file: str | Path) -> Lint:
    """Is a text about careers still true?

    Parameters
    ----------
    g
        A graph or its handle; its day is the day to judge by.
    file
        Plain text, Markdown, HTML or PDF; ``-`` reads standard input.

    Returns
    -------
    Lint
        What is retired, ending, replaced, renamed, business-level, known to mislead or without a source, in the order
        of the text, with what to write instead.

    Raises
    ------
    BadInput
        The file cannot be read.
    MissingExtra
        A PDF, without pypdf.

    Examples
    --------
    >>> import kg
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "advice.txt"
    ...     _ = path.write_text("Begin with AI-102.")
    ...     found = kg.lint(kg.open(as_of="2026-11-22"), path)
    >>> for row in found.rows():
    ...     print(row["line"], row["column"], row["finding"])
    1 12 Microsoft Certified: Azure AI Engineer Associate (AI-102) was retired on 2026-06-30.
    """
    handle = as_handle(g)
    text = read_text(file)
    graph = handle.slice("lint")
    older = (
        Name(iri, "older title", old)
        for iri, data in sorted(graph.nodes.items())
        if data.get("kind") == "certification" and (old := new_title(data))
    )
    finder = Mentions(graph, (*names_of(graph, _KINDS), *older))
    reading = Reading(text, finder.find(text.text), graph, handle.as_of)
    found = [finding for rule in RULES for finding in rule(reading)]
    found += known_conflicts(reading, {finding.iri for finding in found if finding.rule in SAID})
    placed = sorted(
        ((text.place(finding.start), finding) for finding in found),
        key=lambda pair: (pair[1].start, _SEVERITIES.index(pair[1].severity)),
    )
    named = {mention.node: mention for mention in reversed(reading.mentions)}
    gone = {finding.iri for finding in found if finding.rule in ("retired", "ending", "replaced")}
    claims = {claim for iri in gone for claim in reading.successors(iri)}
    return Lint(
        text.name,
        tuple(placed),
        tuple(sorted(named.values(), key=lambda mention: mention.start)),
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=context(handle, graph, file=str(file)),
    )
