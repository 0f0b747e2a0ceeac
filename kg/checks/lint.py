"""`lint`: is a text about careers still true?

A text names certifications, tools and roles; some have been retired, renamed or replaced since, some never were what
the text takes them for. Every rule is one function from what was read to findings, each with its place in the file and
what to write instead. Nothing is judged but what the graph knows: a certification it does not have is not found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from kg.checks.lint_rules import RULE_TEXTS, RULES, SAID, known_conflicts, new_title
from kg.checks.remarks import Reading, Remark
from kg.handles.asking import ask
from kg.handles.handle import Handle
from kg.model.answers import Section, counted
from kg.model.columns import MAYBE_IRI, NOT_EMPTY, PLACE, TEXT, Column, maybe, one_of
from kg.model.findings import SEVERITIES, Finding, Findings, RuleText, fails
from kg.model.graphs import Graph
from kg.names.mentions import Mention, Mentions, Name, names_of
from kg.sources.texts import STANDARD_INPUT, Place, Text, read_text

__all__ = ["Lint", "lint"]

_KINDS = ("role", "skill", "tool", "certification")


@dataclass(frozen=True)
class Lint(Findings):
    """What to mend in a text.

    Attributes
    ----------
    findings
        In the order of the text, each with its place.
    named
        What the text names, each node once.
    text
        What was read, for the ends of the findings.
    """

    name: str
    findings: tuple[tuple[Place, Remark], ...]
    named: tuple[Mention, ...]
    text: Text | None = field(default=None, repr=False, compare=False)

    columns: ClassVar = (
        Column("line", PLACE, "the line; of a PDF from the top of the page", lambda e: e[0].line),
        Column("column", PLACE, "the column", lambda e: e[0].column),
        Column("page", maybe(PLACE), "of a PDF: the page", lambda e: e[0].page or None),
        Column("text", NOT_EMPTY, "the words it is about", lambda e: e[1].words),
        Column("iri", MAYBE_IRI, "the node that they name; empty where they name none", lambda e: e[1].iri),
        Column("rule", TEXT, "the rule that found it", lambda e: e[1].rule),
        Column("finding", NOT_EMPTY, "what is wrong", lambda e: e[1].message),
        Column("severity", one_of(*SEVERITIES), "how grave it is", lambda e: e[1].severity),
        Column("fix", NOT_EMPTY, "what to do", lambda e: e[1].fix),
    )

    def __str__(self) -> str:
        kinds = [sum(m.node.kind == kind for m in self.named) for kind in ("certification", "tool", "role")]
        named = ", ".join(counted(n, kind) for n, kind in zip(kinds, ("certification", "tool", "role"), strict=True))
        return f"{self.name}: {self.counted() or 'nothing found'}; it names {named}."

    def entries(self) -> Iterable[tuple[Any, Any]]:  # a place, and what was found there
        """Return the findings with their places."""
        return self.findings

    @property
    def located(self) -> tuple[Finding, ...]:
        """Every finding with its place, in the order of the text."""
        file = "" if self.name == STANDARD_INPUT else self.name
        found = []
        for place, f in self.findings:
            last = self.text.place(f.start + len(f.words) - 1) if self.text and f.words else Place(0, 0)
            end = last.column + 1 if (last.line, last.page) == (place.line, place.page) else 0
            at = (file, place.line, place.column, end, place.page)
            found.append(Finding(f.severity, f.rule, f.message, f.fix, f.iri, *at, f.words))
        return tuple(found)

    @property
    def rule_texts(self) -> tuple[RuleText, ...]:
        """All rules: a text is read by each."""
        return RULE_TEXTS

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of findings by severity, and of the nodes named."""
        return {**super().measures, "named": len(self.named)}

    def sections(self) -> tuple[Section, ...]:
        """Return one table for each severity, in the order of the text."""
        parts = []
        for severity in SEVERITIES:
            rows = tuple(
                (str(place), f.words, f.message, f.fix) for place, f in self.findings if f.severity == severity
            )
            if rows:
                header = ("line", "text", "finding", "what to do")
                parts.append(Section(f"{severity.capitalize()} ({len(rows)})", header, rows))
        return tuple(parts)


def lint(g: Handle | Graph, file: str | Path | Text, *, fail_on: str = "warning") -> Lint:
    """Is a text about careers still true?

    Parameters
    ----------
    g
        A graph or its handle; its day is the day to judge by.
    file
        Plain text, Markdown, HTML or PDF; ``-`` reads standard input; or a text that is read already.
    fail_on
        The least severity that makes the answer a "no": error, warning, info or never.

    Returns
    -------
    Lint
        What is retired, ending, replaced, renamed, business-level, known to mislead or without a source, in the order
        of the text, with what to write instead.

    Raises
    ------
    BadInput
        The file cannot be read, or there is no such severity.
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
    fails((), fail_on)  # a severity that is none is said now
    text = file if isinstance(file, Text) else read_text(file)
    asked = ask(g, file=text.name)
    graph = asked.slice("lint")
    older = (
        Name(iri, "older title", old)
        for iri, data in sorted(graph.nodes.items())
        if data.get("kind") == "certification" and (old := new_title(data))
    )
    finder = Mentions(graph, (*names_of(graph, _KINDS), *older))
    reading = Reading(text, finder.find(text.text), graph, asked.day)
    found = [finding for rule in RULES for finding in rule(reading)]
    found += known_conflicts(reading, {finding.iri for finding in found if finding.rule in SAID})
    placed = sorted(
        ((text.place(finding.start), finding) for finding in found),
        key=lambda pair: (pair[1].start, SEVERITIES.index(pair[1].severity)),
    )
    named = {mention.node: mention for mention in reversed(reading.mentions)}
    gone = {finding.iri for finding in found if finding.rule in ("retired", "ending", "replaced")}
    claims = {claim for iri in gone for claim in reading.successors(iri)}
    return Lint(
        text.name,
        tuple(placed),
        tuple(sorted(named.values(), key=lambda mention: mention.start)),
        text,
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=asked.context(graph),
        fail_on=fail_on,
    )
