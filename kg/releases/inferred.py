"""What the rules are, and what they concluded: answers like others, so that they show in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.model.answers import Answer, Row, Section, counted
from kg.model.graphs import local_name
from kg.releases.infer_rules import RULES, Rule

__all__ = ["Infer", "Rules"]


@dataclass(frozen=True, kw_only=True)
class Infer(Answer):
    """What rules concluded from a graph, and where it was written.

    Attributes
    ----------
    rules
        Those that were applied.
    claims
        How many claims each concluded, by (rule, relation); rules that concluded none are not among them.
    quads
        How many quads were written: the claims with their premises, and the description of rules and source.
    sources
        From how many sources.
    releases
        Titles of the releases of frameworks that were read.
    place
        The store folder or file.
    changed
        Whether the place holds something else than before.
    """

    rules: tuple[Rule, ...]
    claims: Mapping[tuple[str, str], int]
    quads: int
    sources: int
    releases: tuple[str, ...]
    place: str
    changed: bool

    def __str__(self) -> str:
        number = sum(self.claims.values())
        by = f"by {counted(len(self.rules), 'rule')} from {counted(self.sources, 'source')}"
        said = f"Derived {number:,} {'claim' if number == 1 else 'claims'} {by}: {self.quads:,} quads in {self.place}"
        return f"{said}." if self.changed else f"{said}, which holds them already."

    def rows(self) -> tuple[Row, ...]:
        """Return a row for each relation that a rule concludes: rule, relation, claims."""
        return tuple(
            {
                "rule": rule.name,
                "relation": local_name(relation),
                "claims": self.claims.get((rule.name, relation), 0),
            }
            for rule in self.rules
            for relation in rule.concludes
        )

    @property
    def measures(self) -> Mapping[str, Any]:
        """Return the number of claims, quads, rules and sources."""
        return {
            "claims": sum(self.claims.values()),
            "quads": self.quads,
            "rules": len(self.rules),
            "sources": self.sources,
        }

    def sections(self) -> tuple[Section, ...]:
        """Return how many claims each rule concluded."""
        rows = tuple((row["rule"], row["relation"], f"{row['claims']:,}") for row in self.rows())
        note = f"Read: {'; '.join(self.releases)}." if self.releases else ""
        return (Section("Claims by rule", ("rule", "concludes", "claims"), rows, note),)


@dataclass(frozen=True, kw_only=True)
class Rules(Answer):
    """The rules, each with what it says and its definition."""

    rules: tuple[Rule, ...] = RULES

    def __str__(self) -> str:
        return f"{counted(len(self.rules), 'rule')}; kg infer applies them all, or those that --rule names."

    def rows(self) -> tuple[Row, ...]:
        """Return a row for each rule: rule, label, says, reads, concludes, after, sparql."""
        return tuple(
            {
                "rule": rule.name,
                "label": rule.label,
                "says": rule.says,
                "reads": [local_name(relation) for relation in rule.reads],
                "concludes": [local_name(relation) for relation in rule.concludes],
                "after": rule.after,
                "sparql": rule.formal,
            }
            for rule in self.rules
        )

    def sections(self) -> tuple[Section, ...]:
        """Return a section for each rule: what it says, where it comes from, and its definition as SPARQL."""
        found = []
        for rule in self.rules:
            query = [line for line in rule.formal.splitlines() if line and not line.startswith(("#", "PREFIX"))]
            defined = tuple(("" if place else "defined", line) for place, line in enumerate(query))
            lines = (("says", rule.says), ("after", rule.after), *defined)
            found.append(Section(f"{rule.name}: {rule.label}", ("", ""), lines))
        return tuple(found)
