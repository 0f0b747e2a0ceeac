"""What is said of a node, claim by claim in its plainest form, and where what is said contradicts itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model.answers import Claim, Node, counted, node, text
from kg.model.graphs import Attributes, Graph, local_name

__all__ = [
    "Derivation",
    "Disagreement",
    "Told",
    "derivations_of",
    "requirement_disagreements",
    "told_of",
    "told_of_attributes",
    "value_disagreements",
]

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


def derivations_of(graph: Graph, derived: Sequence[Claim]) -> Iterable[Derivation]:
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


def told_of(claim: Claim) -> Told:
    """Return a claim in its plainest form."""
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


def told_of_attributes(graph: Graph, iri: str) -> Iterable[Told]:
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


def requirement_disagreements(claims: Sequence[Claim]) -> Iterable[Disagreement]:
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


def value_disagreements(told: Sequence[Told]) -> Iterable[Disagreement]:
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
