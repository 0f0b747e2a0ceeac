"""`why`: who says so?

Every claim about a node, or between two, with its source, date, place and origin; claims that contradict each other
side by side; and what is known to conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from kg.careers.offers import offer
from kg.careers.telling import (
    Derivation,
    Disagreement,
    Told,
    derivations_of,
    requirement_disagreements,
    told_of,
    told_of_attributes,
    value_disagreements,
)
from kg.handles.asking import ask, question
from kg.handles.handle import Handle
from kg.model.answers import ORIGIN_WORDS, Answer, Claim, Context, Node, Row, Section, counted, few, node, text
from kg.model.columns import DATE, FLAG, IRI, MAYBE_IRI, OBJECT, ORIGIN, TEXT, WHOLE, Column, many, maybe
from kg.model.errors import BadInput
from kg.model.graphs import Graph

__all__ = ["Derivation", "Disagreement", "Told", "Why", "why"]

#: So many premises of a derivation are shown to readers; ``to_json`` has them all.
_SHOWN = 12
#: Of more derived claims than this, how each follows is not shown unasked.
_FEW = 6


@dataclass(frozen=True)
class Why(Answer):
    """Every claim about a node, or between two.

    Attributes
    ----------
    derivations
        How each derived claim follows; none unless derived claims are read.
    conflicts
        What this project knows to contradict the article, as (severity, what it says, finding, advice): about the node,
        about both, or about a certification among them.
    standing
        Of each certification asked about, a sentence: its status on the day, when that was checked, what replaces it.
    """

    node: Node
    other: Node | None
    told: tuple[Told, ...]
    disagreements: tuple[Disagreement, ...]
    conflicts: tuple[tuple[str, str, str, str], ...]
    statements: tuple[tuple[int, str, str], ...]
    derivations: tuple[Derivation, ...] = ()
    standing: tuple[str, ...] = ()

    columns: ClassVar = (
        Column("subject", TEXT, "what the claim is about", lambda t: t.subject),
        Column("relation", TEXT, "the relation, as the vocabulary names it", lambda t: t.relation),
        Column("object", TEXT, "what it is tied to", lambda t: t.object),
        Column("object_iri", MAYBE_IRI, "the same; empty where it is a text", lambda t: t.object_iri),
        Column("source", TEXT, "who says so", lambda t: t.source),
        Column("source_iri", IRI, "the named graph of the source", lambda t: t.source_iri),
        Column("source_url", TEXT, "where it can be read", lambda t: t.source_url),
        Column("source_date", DATE, "when the source was made", lambda t: t.source_date),
        Column("locator", TEXT, "the place in the source", lambda t: t.locator),
        Column("origin", ORIGIN, "the article, another source, our reading, or a rule", lambda t: t.origin),
        Column("essential", maybe(FLAG), "essential or optional", lambda t: t.essential),
        Column("basis", TEXT, "what a reading or a rule rests on", lambda t: t.basis),
    )
    numbers: ClassVar = (
        Column("claims", WHOLE, "claims"),
        Column("sources", WHOLE, "sources that make them"),
        Column("disagreements", WHOLE, "points on which sources differ"),
        Column("conflicts", WHOLE, "known contradictions"),
        *(Column(origin, WHOLE, f"claims of which {words}") for origin, words in ORIGIN_WORDS.items()),
    )
    beside: ClassVar = (
        Column(
            "disagreements",
            many(OBJECT),
            "points on which sources differ: about, sides",
            lambda a: _plain_disagreements(a),
        ),
        Column(
            "conflicts",
            many(OBJECT),
            "known contradictions: severity, says, finding, advice",
            lambda a: _plain_conflicts(a),
        ),
        Column(
            "standing",
            many(TEXT),
            "of each certification asked about: its status on the day, and what replaces it",
            lambda a: [*a.standing],
            optional=True,
        ),
        Column(
            "derivations",
            many(OBJECT),
            "what follows from what: claim, rule, says, premises",
            lambda a: _plain_derivations(a),
        ),
    )

    def __str__(self) -> str:
        what = f"{self.node.label} and {self.other.label}" if self.other else self.node.label
        if not self.told:
            if self.other:
                none = (
                    f"No claim ties {what} to each other. Compare them with `kg overlap`, or read each with `kg why`."
                )
                return " ".join((none, *self.standing))
            return f"Nothing is claimed of {what}."
        sources = len({t.source_iri for t in self.told})
        between = "between" if self.other else "about"
        said = f"{counted(len(self.told), 'claim')} {between} {what}, from {counted(sources, 'source')}"
        if self.disagreements:
            said += f"; they disagree on {counted(len(self.disagreements), 'point')}"
        return " ".join((f"{said}.", *self.standing))

    def entries(self) -> tuple[Told, ...]:
        """Return the claims, as they are told."""
        return self.told

    @property
    def yes(self) -> bool:
        """Whether anything is claimed."""
        return bool(self.told)

    @property
    def measures(self) -> dict[str, Any]:
        """Return the number of claims, of sources, of disagreements, of known conflicts, and of claims by origin."""
        return {
            "claims": len(self.told),
            "sources": len({t.source_iri for t in self.told}),
            "disagreements": len(self.disagreements),
            "conflicts": len(self.conflicts),
            **{origin: sum(t.origin == origin for t in self.told) for origin in ORIGIN_WORDS},
        }

    def sections(self) -> tuple[Section, ...]:
        """Return what contradicts first, then every claim, grouped by what it says."""
        parts = []
        for d in self.disagreements:
            rows = tuple((says, "; ".join(who)) for says, who in d.sides)
            parts.append(Section(f"Sources disagree: {d.about}", ("say", "who"), rows))
        if self.conflicts:
            parts.append(Section("Known conflicts", ("severity", "the article", "finding", "advice"), self.conflicts))
        subjects = {t.subject for t in self.told}
        for origin, words in ORIGIN_WORDS.items():
            found = [t for t in self.told if t.origin == origin]
            if found:
                claims = tuple(
                    (
                        f"{t.subject + ' ' if len(subjects) > 1 else ''}{t.relation}",
                        t.object + {None: "", True: " (essential)", False: " (optional)"}[t.essential],
                        "" if origin == "article" or t.source_iri.endswith("/career-kg") else _dated(t),
                        text(t.basis or t.locator),
                    )
                    for t in found
                )
                header = ("claim", "", "source", "where, or why")
                used = [i for i in range(4) if any(row[i] for row in claims)]
                parts.append(
                    Section(
                        f"{words[0].upper()}{words[1:]} ({len(found)})",
                        tuple(header[i] for i in used),
                        tuple(tuple(row[i] for i in used) for row in claims),
                    )
                )
        if len(self.derivations) <= _FEW:
            parts += map(_derivation, self.derivations)
        else:
            parts.append(Section(note="How a derived claim follows: kg why with both its nodes, or --format json."))
        if self.statements:
            said = tuple((str(line), facet, words) for line, facet, words in self.statements)
            parts.append(Section("The article's statements", ("line", "under", "words"), said))
        return tuple(parts)


def _dated(t: Told) -> str:
    return f"{t.source}, {t.source_date}" if t.source_date else t.source


def _derivation(derivation: Derivation) -> Section:
    """Return how a claim follows: each premise once, with all who say it."""
    said: dict[tuple[Node, str, Node], list[Claim]] = defaultdict(list)
    for premise in derivation.premises:
        said[premise.subject, premise.relation, premise.object].append(premise)
    rows = []
    for (subject, relation, target), claims in said.items():
        sources = [*dict.fromkeys(f"{c.source_label}, {c.source_date}".removesuffix(", ") for c in claims)]
        places = [*dict.fromkeys(c.basis or c.locator for c in claims if c.basis or c.locator)]
        rows.append((f"{subject} {relation} {target}", few(sources), few(places)))
    more = f"And {len(rows) - _SHOWN} more premises; --format json has them all. " if len(rows) > _SHOWN else ""
    header = ("premise", "source", "where, or why")
    return Section(str(derivation), header, tuple(rows[:_SHOWN]), more + derivation.says)


@question
def why(g: Handle | Graph, name: str, other: str | None = None, *, source: Sequence[str] = ()) -> Why:
    """Who says so?

    Every claim about a node, or between two, with source, date, place and origin. Claims that contradict each other
    stand side by side: an essential and an optional reading of one requirement, two values of what can have one.

    Parameters
    ----------
    name
        Label, alias, exam code or IRI.
    other
        A second node: only the claims between the two.

    Returns
    -------
    Why
        The claims by what they say; none where nothing ties the two.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.

    Examples
    --------
    >>> import kg
    >>> answer = kg.why(kg.open(as_of="2026-11-22"), "AI Engineer", "Java")
    >>> sorted({told.source for told in answer.told if told.relation == "requires"})
    ['AI Engineer vs Machine Learning Engineer: Which Career is Better in 2026?', 'ESCO v1.1.1 occupation-skill
    relations and skills', 'O*NET 29.2', 'O*NET 29.3']
    """
    asked = ask(g, name=name, other=other, source=source)
    found, *rest = asked.nodes([name] if other is None else [name, other])
    second = rest[0] if rest else None
    if second and second.iri == found.iri:
        raise BadInput(f"{found.label} is named twice. Name two different nodes, or one.")
    graph = asked.slice("why", node=[found.iri, *([second.iri] if second else ())])
    answer = _why(
        graph, found.iri, second.iri if second else None, frozenset(asked.sources), asked.context(graph), asked.day
    )
    if derived := [claim for claim in answer.evidence if claim.origin == "derived"]:
        how = asked.slice("derivations", claim=[claim.iri for claim in derived])
        return replace(answer, derivations=tuple(derivations_of(how, derived)))
    return answer


def _why(graph: Graph, iri: str, other: str | None, sources: frozenset[str], asked: Context, day: date) -> Why:
    edges = [
        edge
        for edge in (*graph.out_edges(iri, keys=True, data=True), *graph.in_edges(iri, keys=True, data=True))
        if (other is None or other in edge[:2]) and (not sources or edge[3].get("source") in sources)
    ]
    edges = list({edge[2]: edge for edge in edges}.values())
    claims = [Claim.read(graph, edge) for edge in edges]
    told = [told_of(claim) for claim in claims]
    if other is None:
        told += [t for t in told_of_attributes(graph, iri) if not sources or t.source_iri in sources]
    told.sort(key=lambda t: t.sort_key)
    concerned = {iri} | ({other} if other else set())
    certifications = {one for one in concerned if node(graph, one).kind == "certification"}
    about = [
        data
        for _, data in sorted(graph.nodes.items())
        if data.get("kind") in ("conflict", "statement")
        and (
            concerned <= {*data.get("about", ()), *data.get("mentions", ())}
            or (data["kind"] == "conflict" and certifications & {*data.get("about", ())})
        )
    ]
    return Why(
        node(graph, iri),
        node(graph, other) if other else None,
        tuple(told),
        (*requirement_disagreements(claims), *value_disagreements(told)),
        tuple(
            (data.get("severity", ""), data.get("says", ""), data.get("finding", ""), data.get("advice", ""))
            for data in about
            if data["kind"] == "conflict"
        ),
        tuple(
            sorted(
                {
                    (data["line"][0], data.get("facet", ""), data.get("wording", ""))
                    for data in about
                    if data["kind"] == "statement"
                }
            )
        ),
        standing=tuple(_standing(graph, one, day) for one in sorted(certifications)),
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=asked,
    )


def _standing(graph: Graph, iri: str, day: date) -> str:
    """Say how a certification stands on the day, and what replaces it."""
    found = offer(graph.nodes[iri], day)
    until = {"retired": f" since {found.until}", "ending": f" until {found.until}"}.get(found.status, "")
    said = f"{node(graph, iri).label} is {found.status}{until if found.until else ''}"
    if found.checked:
        said += f", as checked {found.checked}"
    after = sorted(
        {
            node(graph, v).label
            for _, v, _, data in graph.out_edges(iri, keys=True, data=True)
            if data.get("relation") == "isReplacedBy"
        }
    )
    return f"{said}; replaced by {' and '.join(after)}." if after else f"{said}."


def _plain_disagreements(a: Why) -> list[Row]:
    return [
        {"about": d.about, "sides": [{"says": says, "sources": [*who]} for says, who in d.sides]}
        for d in a.disagreements
    ]


def _plain_conflicts(a: Why) -> list[Row]:
    return [dict(zip(("severity", "says", "finding", "advice"), row, strict=True)) for row in a.conflicts]


def _plain_derivations(a: Why) -> list[Row]:
    return [
        {
            "claim": d.claim.iri,
            "rule": d.rule,
            "says": d.says,
            "premises": [premise.to_dict() for premise in d.premises],
        }
        for d in a.derivations
    ]
