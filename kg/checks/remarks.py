"""What the rules of `lint` are told: a text, what it names, and how that stands in the graph on a day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kg.careers.offers import Offer, offer
from kg.model.answers import Claim
from kg.model.graphs import Graph
from kg.names.mentions import Mention
from kg.sources.texts import Text

__all__ = ["Reading", "Remark", "one"]

#: What a successor may be that cannot be named without saying so.
_COMING = ("beta", "announced", "planned", "not started")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend in a text, as a rule says it; with its place it is a `kg.model.findings.Finding`.

    Attributes
    ----------
    start
        Offset in the text; `Lint` has the place in the file.
    words
        What the text says there.
    iri
        The node it is about; empty where it is about none.
    rule
        The name of the rule.
    severity
        ``error`` (it is gone), ``warning`` (it misleads) or ``info`` (good to know).
    """

    start: int
    words: str
    iri: str
    rule: str
    message: str
    severity: str
    fix: str


@dataclass(frozen=True)
class Reading:
    """What the rules are told: the text, what it names, the graph, the day."""

    text: Text
    mentions: tuple[Mention, ...]
    graph: Graph
    day: date

    @cached_property
    def lines(self) -> tuple[tuple[int, str], ...]:
        """Every line of what was read with the offset of its start."""
        found, at = [], 0
        for line in self.text.text.split("\n"):
            found.append((at, line))
            at += len(line) + 1
        return tuple(found)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.lines)

    @cached_property
    def _mention_starts(self) -> tuple[int, ...]:
        return tuple(mention.start for mention in self.mentions)

    def line_of(self, offset: int) -> int:
        """Return the number, from 0, of the line at an offset."""
        return bisect_right(self._starts, offset) - 1

    def on_line(self, line: int) -> tuple[Mention, ...]:
        """Return what a line names."""
        start, words = self.lines[line]
        from_, to = bisect_left(self._mention_starts, start), bisect_right(self._mention_starts, start + len(words))
        return self.mentions[from_:to]

    @cached_property
    def certifications(self) -> tuple[tuple[Mention, Offer, Mapping[str, Any]], ...]:
        """Every certification named, once a line, with how it stands and what is known of it."""
        found: dict[tuple[str, int], Mention] = {}
        for mention in self.mentions:
            if mention.node.kind == "certification":
                found.setdefault((mention.node.iri, self.line_of(mention.start)), mention)
        return tuple(
            (m, offer(self.graph.nodes[m.node.iri], self.day), self.graph.nodes[m.node.iri]) for m in found.values()
        )

    @cached_property
    def first(self) -> tuple[tuple[Mention, Offer, Mapping[str, Any]], ...]:
        """Every certification named, once."""
        found: dict[str, tuple[Mention, Offer, Mapping[str, Any]]] = {}
        for entry in self.certifications:
            found.setdefault(entry[0].node.iri, entry)
        return tuple(found.values())

    def successors(self, iri: str) -> tuple[Claim, ...]:
        """Return the claims that name what replaces a certification, and what replaces that, one for each successor."""
        found: dict[str, Claim] = {}
        ahead = [iri]
        for node in ahead:  # grows while it is read, each node once
            edges = self.graph.out_edges(node, keys=True, data=True)
            claims = [Claim.read(self.graph, edge) for edge in edges if edge[3]["relation"] == "isReplacedBy"]
            for claim in sorted(claims, key=lambda claim: claim.sort_key):
                if claim.object.iri not in found and claim.object.iri != iri:
                    found[claim.object.iri] = claim
                    ahead.append(claim.object.iri)
        return tuple(found.values())

    def titled(self, iri: str) -> str:
        """Return the label of a certification with its exam code."""
        data = self.graph.nodes[iri]
        code = one(data.get("examCode"))
        return f"{data['label']} ({code})" if code and code not in data["label"] else str(data["label"])

    def instead(self, iri: str) -> str:
        """Return what to name in the place of a certification: successors on offer, else those to come."""
        stands: dict[str, list[str]] = {}
        for claim in self.successors(iri):
            status = offer(self.graph.nodes[claim.object.iri], self.day).status
            stands.setdefault(status, []).append(self.titled(claim.object.iri))
        if "active" in stands:
            return f"Name its successor: {' or '.join(stands['active'])}."
        coming = [f"{title} ({status})" for status in _COMING for title in stands.get(status, ())]
        if coming:
            return f"Its successor is not generally on offer yet: {', '.join(coming)}."
        return "No successor on offer is known: leave it out."


def one(value: Any) -> str:  # an attribute: text, or a tuple where sources differ
    """Return one text of an attribute, the first where sources differ."""
    return str(value[0] if isinstance(value, tuple) and value else value or "")
