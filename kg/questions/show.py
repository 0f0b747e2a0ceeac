"""`show`: the card of a node, and what uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from kg.careers.offers import Offer, offer
from kg.careers.relations import Relation, relation_section
from kg.careers.required import weight
from kg.handles.asking import ask, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Claim, Node, Row, Section, node, text
from kg.model.columns import ANY, DATE, FLAG, IRI, OBJECT, ORIGIN, STATUS, TEXT, WHOLE, Column, many, maybe
from kg.model.graphs import Attributes, Graph, local_name

__all__ = ["Show", "show"]

#: How relations read from the node outward and inward, in the order to show them.
_PHRASES = {
    "issuedBy": ("issued by", "issues"),
    "isReplacedBy": ("replaced by", "replaces"),
    "hasPrerequisite": ("needs first", "is needed first by"),
    "hasRecommendedPreparation": ("recommended before it", "is recommended before"),
    "requires": ("requires", "is required by"),
    "uses": ("uses", "is used by"),
    "certifies": ("certifies", "is certified by"),
    "recommendedFor": ("is recommended for", "recommended certifications"),
    "relevantTo": ("is relevant to", "relevant certifications"),
    "focusesOn": ("focuses on", "is the focus of"),
    "worksOn": ("works on", "is worked on by"),
    "leadsTo": ("leads to", "is reached from"),
    "demonstrates": ("demonstrates", "is demonstrated by"),
    "broader": ("broader", "narrower"),
    "involves": ("involves", "is involved in"),
    "exactMatch": ("same as", "same as"),
    "closeMatch": ("close to", "close to"),
    "broadMatch": ("part of", "covers"),
    "narrowMatch": ("covers", "part of"),
    "relatedMatch": ("related to", "related to"),
}
_KIND_OF_CERTIFICATION = "certification"


@dataclass(frozen=True)
class Show(Answer):
    """The card of a node.

    Attributes
    ----------
    attributes
        The node's own attributes, as the graph has them.
    offered
        For a certification: whether it is on offer on the day asked about.
    relations
        What it is tied to, in the order of the vocabulary, then by label.
    citations
        For a certification: (source, date, what was read there, address).
    conflicts
        What is known to contradict, as (severity, finding, advice).
    """

    node: Node
    attributes: Mapping[str, Any] = field(repr=False)
    relations: tuple[Relation, ...] = field(repr=False)
    domains: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    citations: tuple[tuple[str, str, str, str], ...] = field(default=(), repr=False)
    conflicts: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    statements: tuple[tuple[int, str, str], ...] = field(default=(), repr=False)
    offered: Offer | None = None

    columns: ClassVar = (
        Column("relation", TEXT, "the relation, as the vocabulary names it", lambda r: r.relation),
        Column("phrase", TEXT, "how it reads from the node", lambda r: r.phrase),
        Column("iri", IRI, "the node at the other end", lambda r: r.other.iri),
        Column("label", TEXT, "its name", lambda r: r.other.label),
        Column("kind", TEXT, "its kind", lambda r: r.other.kind),
        Column("essential", maybe(FLAG), "essential or optional", lambda r: r.essential),
        Column("status", STATUS, "of a certification, on the day asked about", lambda r: r.standing),
        Column("sources", many(TEXT), "who says so", lambda r: [claim.source_label for claim in r.claims]),
        Column("origins", many(ORIGIN), "of which origin", lambda r: sorted({claim.origin for claim in r.claims})),
    )
    numbers: ClassVar = (
        Column("on_offer", FLAG, "of a certification: whether it can be taken on the day", optional=True),
        Column("status", STATUS, "of a certification: where it stands on that day", optional=True),
        Column("status_as_of", DATE, "when that was checked", optional=True),
        Column("not_recently_checked", FLAG, "whether that is long ago", optional=True),
        Column("price_usd", ANY, "USD; null where it is not stated, 0 where it is free", optional=True),
        Column("exam_minutes", ANY, "how long the exam takes; null where it is not stated", optional=True),
        Column("validity_months", ANY, "how long it is valid; null where it is not stated", optional=True),
        Column("claims", WHOLE, "claims about it"),
    )
    beside: ClassVar = (
        Column(
            "node",
            OBJECT,
            "the node: iri, label, kind",
            lambda a: {"iri": a.node.iri, "label": a.node.label, "kind": a.node.kind},
        ),
        Column(
            "attributes",
            OBJECT,
            "its attributes",
            lambda a: {name: a.attributes[name] for name in sorted(a.attributes)},
        ),
        Column(
            "domains",
            many(OBJECT),
            "of an exam: label, weight_percent",
            lambda a: _named(a.domains, "label", "weight_percent"),
        ),
        Column(
            "citations",
            many(OBJECT),
            "what was read where: source, date, what, url",
            lambda a: _named(a.citations, "source", "date", "what", "url"),
        ),
        Column(
            "conflicts",
            many(OBJECT),
            "known contradictions: severity, finding, advice",
            lambda a: _named(a.conflicts, "severity", "finding", "advice"),
        ),
        Column(
            "statements",
            many(OBJECT),
            "what the article says: line, facet, words",
            lambda a: _named(a.statements, "line", "facet", "words"),
        ),
    )

    def __str__(self) -> str:
        if self.offered is None:
            definition = self._first("definition")
            return f"{self.node.label} ({self.node.kind})" + (f": {definition.rstrip('.')}." if definition else ".")
        code = self._first("examCode")
        named = f"{self.node.label} ({code})" if code and code not in self.node.label else self.node.label
        day = self.context.as_of
        if self.offered.status == "retired":
            said = f"retired since {self.offered.until}" if self.offered.until else "retired"
        elif self.offered.status == "ending":
            said = f"ends on {self.offered.until}"
        else:
            said = self.offered.status
        successors = [r.other.label for r in self.relations if r.phrase == "replaced by"]
        after = f"; successor: {' or '.join(successors)}" if successors else ""
        return f"{named}: {said}, {'on offer' if self.offered.on_offer else 'not on offer'} on {day}{after}."

    def entries(self) -> tuple[Relation, ...]:
        """Return the relations."""
        return self.relations

    def _first(self, name: str) -> str:
        value = self.attributes.get(name, "")
        return str(value[0] if isinstance(value, tuple) and value else value or "")

    @property
    def measures(self) -> dict[str, Any]:
        """Return, for a certification.

        On_offer, status, status_as_of, not_recently_checked, and its figures; for any node: the number of claims.
        """
        if self.offered is None:
            return {"claims": len(self.evidence)}
        return {
            "on_offer": self.offered.on_offer,
            "status": self.offered.status,
            "status_as_of": self.offered.checked,
            "not_recently_checked": self.offered.stale,
            "price_usd": self.attributes.get("priceUSD"),
            "exam_minutes": self.attributes.get("examMinutes"),
            "validity_months": self.attributes.get("validityMonths"),
            "claims": len(self.evidence),
        }

    def sections(self) -> tuple[Section, ...]:
        """Return the card, the relations, and who says so."""
        parts = [Section(rows=self._facts(), header=("", ""))]
        if self.domains:
            parts.append(Section("Exam domains", ("domain", "weight"), self.domains))
        parts += [
            relation_section(phrase, [r for r in self.relations if r.phrase == phrase])
            for phrase in dict.fromkeys(r.phrase for r in self.relations)
        ]
        if self.statements:
            said = tuple((str(line), facet, words) for line, facet, words in self.statements)
            parts.append(Section("In the article", ("line", "under", "words"), said))
        if self.conflicts:
            parts.append(Section("Known conflicts", ("severity", "finding", "advice"), self.conflicts))
        if self.citations:
            parts.append(
                Section("Sources", ("source", "date", "what was read there"), tuple(c[:3] for c in self.citations))
            )
        return tuple(parts)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        """Return the card's lines, the ones that say something."""
        get = self.attributes.get
        lines: list[tuple[str, str]] = [("kind", self.node.kind)]
        if self.offered is not None:
            stale = "; not recently checked" if self.offered.stale else ""
            recorded = local_name(self._first("status")) or "unverified"
            lines += [("status", f"{recorded}, as of {self.offered.checked or 'unknown'}{stale}")]
            if self.offered.status != recorded:
                lines += [(f"on {self.context.as_of}", self.offered.status)]
            lines += [("from", self.offered.since), ("until", self.offered.until), *self._certification_facts()]
        if get("category"):
            lines.append(("category", local_name(self._first("category")).lower()))
        if get("describedStatus") == "unverified":
            lines.append(("described", "not described: no source for its requirements was found"))
        lines += [
            ("definition", self._first("definition")),
            ("note", text(get("note"))),
            ("also called", text(get("aliases"))),
            ("address", text(get("url"))),
            ("iri", self.node.iri),
        ]
        return tuple((name, value) for name, value in lines if value)

    def _certification_facts(self) -> list[tuple[str, str]]:
        get = self.attributes.get
        price = get("priceUSD")
        low, high = get("questionsMin"), get("questionsMax")
        months = get("validityMonths")
        score = get("passingScore")
        scale = {
            "percent": " %",
            "scaled": f" on {get('passingScoreScale', 'its scale')}",
            "correct_items": " correct answers",
        }
        return [
            (
                "about the status",
                _join(get("statusNote"), get("retirementNote"), get("upcomingNote"), get("generalAvailabilityNote")),
            ),
            ("upcoming version", text(get("upcomingVersion"))),
            ("unconfirmed end", text(get("unverifiedValidThrough"))),
            (
                "level",
                local_name(self._first("certificationLevel")).removesuffix("Level").lower() + _note(get("levelNote")),
            ),
            ("audience", "business: it tests no engineering skill" if get("audience") else ""),
            (
                "price",
                ("not stated" if price is None else "free" if price == 0 else f"USD {text(price)}")
                + _note(get("priceNote")),
            ),
            (
                "exam",
                (f"{get('examMinutes')} minutes" if get("examMinutes") else "duration not stated")
                + _note(get("examMinutesNote")),
            ),
            (
                "questions",
                _join("" if low is None else text(low) if low == high else f"{low} to {high}", get("questionsNote")),
            ),
            (
                "pass mark",
                _join(
                    "" if score is None else f"{text(score)}{scale.get(self._first('passingScoreType'), '')}",
                    get("passingNote"),
                ),
            ),
            ("languages", _join(text(get("inLanguage")), get("languagesNote"))),
            ("valid for", _join("" if months is None else f"{months} months", get("validityNote"))),
            ("eligibility", text(get("eligibility"))),
            ("recommended experience", text(get("recommendedExperience"))),
            ("exam guide", _join(get("examGuideVersion"), get("examGuideDate"))),
            ("sources disagree", _join(get("sourceConflict"))),
            ("not verified", text(get("unverifiedField"))),
            ("confidence", text(get("confidenceInRecord"))),
        ]


def _join(*values: Any) -> str:  # attribute values: text, numbers, or tuples of them
    return "; ".join(text(value) for value in values if value not in (None, "", ()))


def _note(value: Any) -> str:  # as above
    return f" ({text(value)})" if value else ""


@question
def show(g: Handle | Graph, name: str, *, source: Sequence[str] = ()) -> Show:
    """What is known of one node, and what uses it?

    Of a certification: status with its date, whether it is on offer on the day asked about, level, price, minutes,
    validity, prerequisites, domains with weights, skills, successor, sources. Of a role, skill or tool: what it needs
    and what uses it.

    Parameters
    ----------
    name
        Label, alias, exam code or IRI, such as "AI-102" or "python".

    Returns
    -------
    Show
        The card; its relations are empty where nothing is tied to the node.

    Raises
    ------
    UnknownName, AmbiguousName
        The name means no node, or several.

    Examples
    --------
    >>> import kg
    >>> card = kg.show(kg.open(as_of="2026-01-15"), "AI-102")
    >>> card.measures["on_offer"], card.measures["status"]
    (True, 'active')
    """
    asked = ask(g, name=name, source=source)
    found = asked.node(name)
    graph = asked.slice("show", node=[found.iri])
    return _show(graph, found.iri, asked.handle, frozenset(asked.sources), asked.context(graph))


def _show(graph: Graph, iri: str, handle: Handle, sources: frozenset[str], asked: Any) -> Show:
    here = node(graph, iri)
    attributes: dict[str, Any] = dict(graph.nodes[iri])
    matched = {
        other
        for edge in (*graph.out_edges(iri, keys=True, data=True), *graph.in_edges(iri, keys=True, data=True))
        for other in edge[:2]
        if edge[3].get("relation", "").endswith("Match") and edge[3].get("origin") != "derived"
    }
    grouped: dict[tuple[int, str, str, str], list[tuple[str, str, str, Attributes]]] = {}
    for direction, edges in enumerate(
        (graph.out_edges(iri, keys=True, data=True), graph.in_edges(iri, keys=True, data=True))
    ):
        for edge in edges:
            relation = edge[3].get("relation", "")
            if relation not in _PHRASES or (sources and edge[3].get("source") not in sources):
                continue
            other = edge[1 - direction]
            if edge[3].get("origin") == "derived" and relation.endswith("Match") and other in matched:
                continue  # a match that a source states is shown on both sides as it is
            grouped.setdefault(
                (2 * list(_PHRASES).index(relation) + direction, relation, _PHRASES[relation][direction], other), []
            ).append(edge)
    relations = []
    for (_, relation, phrase, other), edges in sorted(
        grouped.items(), key=lambda pair: (pair[0][0], node(graph, pair[0][3]).label.casefold())
    ):
        stated = [data["essential"] for *_, data in edges if data.get("essential") is not None]
        claims = tuple(sorted((Claim.read(graph, edge) for edge in edges), key=lambda claim: claim.sort_key))
        end = node(graph, other)
        standing = offer(graph.nodes[other], handle.as_of).status if end.kind == _KIND_OF_CERTIFICATION else ""
        rated = [weight(graph, data) for *_, data in edges if data.get("importance") is not None]
        relations.append(
            Relation(phrase, relation, end, any(stated) if stated else None, claims, standing, max(rated, default=None))
        )
    # What is rated, the most important first; the sort is stable, so that the rest stays in its order.
    places = {phrase: place for place, phrase in enumerate(dict.fromkeys(r.phrase for r in relations))}
    relations.sort(key=lambda r: (places[r.phrase], -(r.rated or 0.0)))
    about = [
        (other, data)
        for other, data in graph.nodes.items()
        if iri in data.get("about", ()) or iri in data.get("mentions", ())
    ]
    return Show(
        here,
        attributes,
        tuple(relations),
        domains=_domains(graph, iri),
        citations=_citations(graph, [data for _, data in about if data.get("kind") == "citation"]),
        conflicts=tuple(
            (data.get("severity", ""), data.get("finding", ""), data.get("advice", ""))
            for _, data in sorted(
                about, key=lambda pair: int(local_name(pair[0])) if local_name(pair[0]).isdigit() else 0
            )
            if data.get("kind") == "conflict"
        ),
        statements=tuple(
            sorted(
                {
                    (data["line"][0], data.get("facet", ""), data.get("wording", ""))
                    for _, data in about
                    if data.get("kind") == "statement" and data.get("line")
                }
            )
        ),
        offered=offer(attributes, handle.as_of) if here.kind == _KIND_OF_CERTIFICATION else None,
        evidence=tuple(sorted((c for r in relations for c in r.claims), key=lambda claim: claim.sort_key)),
        context=asked,
    )


def _domains(graph: Graph, iri: str) -> tuple[tuple[str, str], ...]:
    """Return the exam domains in their order, each with its weight as a percentage or an interval of them."""
    found = [graph.nodes[domain] for domain in graph.nodes[iri].get("hasDomain", ()) if domain in graph.nodes]

    def percent(data: Attributes) -> str:
        low, high = data.get("weightMin"), data.get("weightMax")
        if low is None:
            return "not stated"
        if high is None:
            return f"at least {low:g} %"
        return f"{low:g} %" if low == high else f"{low:g}–{high:g} %"

    return tuple((data["label"], percent(data)) for data in sorted(found, key=lambda data: data.get("order", 0)))


def _citations(graph: Graph, found: Sequence[Attributes]) -> tuple[tuple[str, str, str, str], ...]:
    rows = []
    for data in found:
        source = graph.nodes.get(data["source"], {})
        rows.append(
            (
                source.get("label", data["source"]),
                source.get("date", "") or source.get("asOf", ""),
                data.get("locator", ""),
                source.get("url", ""),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row[1] or "", row[0]), reverse=True))


def _named(rows: Sequence[Sequence[object]], *names: str) -> list[Row]:
    return [dict(zip(names, row, strict=True)) for row in rows]
