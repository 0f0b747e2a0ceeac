"""`why`: who says so?

Every claim about a node, or between two, with its source, date, place and origin; claims that contradict each other
side by side; and what is known to conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from kg.handles.asking import ask, question
from kg.handles.handle import Handle
from kg.model.answers import ORIGIN_WORDS, Answer, Claim, Context, Node, Row, Section, counted, few, node, text
from kg.model.columns import DATE, FLAG, IRI, MAYBE_IRI, OBJECT, ORIGIN, TEXT, WHOLE, Column, many, maybe
from kg.model.errors import BadInput
from kg.model.graphs import Attributes, Graph, local_name

__all__ = ["Derivation", "Disagreement", "Told", "Why", "why"]

#: So many premises of a derivation are shown to readers; ``to_json`` has them all.
_SHOWN = 12
#: Of more derived claims than this, how each follows is not shown unasked.
_FEW = 6

#: Attributes of which a node has one, so that two values contradict each other.
_SINGLE = frozenset(
    {
        *("status", "statusAsOf", "validFrom", "validThrough", "certificationLevel", "examCode", "examGuideDate"),
        *("priceUSD", "examMinutes", "questionsMin", "questionsMax", "validityMonths"),
        *("passingScore", "passingScoreType", "passingScoreScale"),
    }
)
#: Attribute by the name that citations have for it (`kg:supports`).
_SUPPORTED = {
    "status": "status statusAsOf statusNote validFrom announcedOn generalAvailability upcomingVersion upcomingNote "
    "availabilityNote generalAvailabilityNote replacesVersion",
    "through": "validThrough retirementNote unverifiedValidThrough",
    "price": "priceUSD priceNote",
    "minutes": "examMinutes examMinutesNote",
    "questions": "questionsMin questionsMax questionsNote",
    "passing": "passingScore passingScoreType passingScoreScale passingNote",
    "languages": "inLanguage languagesNote",
    "validity": "validityMonths validityNote",
    "guide": "examGuideVersion examGuideDate",
    "code": "examCode examCodeNote",
    "level": "certificationLevel levelNote",
    "audience": "audience",
    "prerequisites": "eligibility",
    "preparation": "recommendedExperience",
}
_FIELD_OF = {name: field for field, names in _SUPPORTED.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Told:
    """One claim in the plainest form: who is said to be what, by whom, when, where.

    Attributes
    ----------
    relation
        Local name of the relation or attribute.
    object
        Label of the node at the other end, or the value as text.
    object_iri
        IRI of that node; empty for a value.
    origin
        ``article``, ``source``, ``reading`` or ``derived``.
    """

    subject: str
    relation: str
    object: str
    object_iri: str
    source: str
    source_iri: str
    source_date: str
    source_url: str
    locator: str
    origin: str
    essential: bool | None
    basis: str

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Order by what is said, the article first, then by source."""
        return (self.subject, self.relation, self.object, self.origin, self.source, self.locator, self.basis)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Claims that cannot both hold: what they are about, and who says what."""

    about: str
    sides: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a derived claim follows: the rule, what it says, and the premises, a chain in the order of its steps."""

    claim: Claim
    rule: str
    says: str
    premises: tuple[Claim, ...]

    def __str__(self) -> str:
        said = f"{self.claim.subject} {self.claim.relation} {self.claim.object}"
        return f"{said}: by {self.rule}, from {counted(len(self.premises), 'claim')}"


@dataclass(frozen=True)
class Why(Answer):
    """Every claim about a node, or between two.

    Attributes
    ----------
    derivations
        How each derived claim follows; none unless derived claims are read.
    conflicts
        What this project knows to contradict the article, as (severity, what it says, finding, advice).
    """

    node: Node
    other: Node | None
    told: tuple[Told, ...]
    disagreements: tuple[Disagreement, ...]
    conflicts: tuple[tuple[str, str, str, str], ...]
    statements: tuple[tuple[int, str, str], ...]
    derivations: tuple[Derivation, ...] = ()

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
                return (
                    f"No claim ties {what} to each other. Compare them with `kg overlap`, or read each with `kg why`."
                )
            return f"Nothing is claimed of {what}."
        sources = len({t.source_iri for t in self.told})
        between = "between" if self.other else "about"
        said = f"{counted(len(self.told), 'claim')} {between} {what}, from {counted(sources, 'source')}"
        if self.disagreements:
            said += f"; they disagree on {counted(len(self.disagreements), 'point')}"
        return f"{said}."

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
    answer = _why(graph, found.iri, second.iri if second else None, frozenset(asked.sources), asked.context(graph))
    if derived := [claim for claim in answer.evidence if claim.origin == "derived"]:
        how = asked.slice("derivations", claim=[claim.iri for claim in derived])
        return replace(answer, derivations=tuple(_derivations(how, derived)))
    return answer


def _derivations(graph: Graph, derived: Sequence[Claim]) -> Iterable[Derivation]:
    """Yield how each claim follows, as the slice has it."""
    edges = {
        edge[2]: edge
        for iri in graph.nodes
        for edge in graph.out_edges(iri, keys=True, data=True)
        if "source" in edge[3]
    }
    rules = {local_name(iri): data for iri, data in graph.nodes.items() if data.get("kind") == "rule"}
    for claim in derived:
        premises = [Claim.read(graph, edges[iri]) for iri in claim.premises if iri in edges]
        says = str(rules.get(claim.rule, {}).get("definition", ""))
        yield Derivation(claim, claim.rule, says, tuple(_in_steps(claim.subject, premises)))


def _in_steps(start: Node, premises: Iterable[Claim]) -> Iterable[Claim]:
    """Yield claims so that each has a node in common with the one before, as far as they have."""
    left: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in sorted(premises, key=lambda claim: claim.sort_key):
        left[claim.subject.iri, claim.object.iri].append(claim)
    here = start.iri
    while left:
        following = next((ends for ends in left if here in ends), next(iter(left)))
        here = following[0] if here == following[1] else following[1]
        yield from left.pop(following)


def _why(graph: Graph, iri: str, other: str | None, sources: frozenset[str], asked: Context) -> Why:
    edges = [
        edge
        for edge in (*graph.out_edges(iri, keys=True, data=True), *graph.in_edges(iri, keys=True, data=True))
        if (other is None or other in edge[:2]) and (not sources or edge[3].get("source") in sources)
    ]
    edges = list({edge[2]: edge for edge in edges}.values())
    claims = [Claim.read(graph, edge) for edge in edges]
    told = [_told(claim) for claim in claims]
    if other is None:
        told += [t for t in _attributes(graph, iri) if not sources or t.source_iri in sources]
    told.sort(key=lambda t: t.sort_key)
    concerned = {iri, other} - {None}
    about = [
        data
        for _, data in sorted(graph.nodes.items())
        if concerned <= {*data.get("about", ()), *data.get("mentions", ())}
        and data.get("kind") in ("conflict", "statement")
    ]
    return Why(
        node(graph, iri),
        node(graph, other) if other else None,
        tuple(told),
        (*_requirement_disagreements(claims), *_value_disagreements(told)),
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
        evidence=tuple(sorted(claims, key=lambda claim: claim.sort_key)),
        context=asked,
    )


def _told(claim: Claim) -> Told:
    return Told(
        claim.subject.label,
        claim.relation,
        claim.object.label,
        claim.object.iri,
        claim.source_label,
        claim.source,
        claim.source_date,
        claim.source_url,
        claim.locator,
        claim.origin,
        claim.essential,
        f"{claim.rule}, from {counted(len(claim.premises), 'claim')}" if claim.rule else claim.basis,
    )


def _attributes(graph: Graph, iri: str) -> Iterable[Told]:
    """Yield the attributes of a node as claims: what each source gives, with the place its citation names."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for data in graph.nodes.values():
        if data.get("kind") == "citation" and iri in data.get("about", ()):
            for field in data.get("supports", ()):
                places[str(data.get("source")), field].append(str(data.get("locator", "")))
    label = node(graph, iri).label
    for data in graph.nodes.values():
        if data.get("kind") != "attribute" or data.get("subject") != iri:
            continue
        name = local_name(str(data["predicate"]))
        given = data["object"]
        source: Attributes = graph.nodes.get(data["source"], {})
        for value in given if isinstance(given, tuple) else (given,):
            shown = local_name(value) if isinstance(value, str) and "/ontology#" in value else text(value)
            yield Told(
                label,
                "label" if name == "prefLabel" else "also called" if name == "altLabel" else name,
                shown,
                "",
                str(source.get("label", data["source"])),
                str(data["source"]),
                str(source.get("date", "")),
                str(source.get("url", "")),
                "; ".join(sorted(places.get((data["source"], _FIELD_OF.get(name, "")), ()))),
                _origin(source),
                None,
                "",
            )


def _origin(source: Attributes) -> str:
    voices = {"ArticleSays": "article", "OurReading": "reading", "Derived": "derived"}
    return voices.get(local_name(str(source.get("origin", ""))), "source")


def _requirement_disagreements(claims: Sequence[Claim]) -> Iterable[Disagreement]:
    """Yield the requirements that one source calls essential and another optional."""
    by_pair: dict[tuple[Node, str, Node], dict[bool, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in claims:
        if claim.essential is not None:
            by_pair[claim.subject, claim.relation, claim.object][claim.essential].add(claim.source_label)
    for (subject, relation, target), sides in sorted(by_pair.items()):
        if len(sides) == 2:
            yield Disagreement(
                f"{subject} {relation} {target}",
                (("essential", tuple(sorted(sides[True]))), ("optional", tuple(sorted(sides[False])))),
            )


def _value_disagreements(told: Sequence[Told]) -> Iterable[Disagreement]:
    """Yield the attributes that can have one value and are given several."""
    by_attribute: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for t in told:
        if t.relation in _SINGLE:
            by_attribute[t.subject, t.relation][t.object].add(t.source)
    for (subject, attribute), sides in sorted(by_attribute.items()):
        if len(sides) > 1:
            yield Disagreement(
                f"{attribute} of {subject}", tuple((says, tuple(sorted(who))) for says, who in sorted(sides.items()))
            )


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
