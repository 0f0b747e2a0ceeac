"""SKOS and nothing else: concepts, names, notes, hierarchy and matches, for vocabulary editors and thesaurus tools.

Roles, skills, tools, certifications, activities and groups are concepts, each kind in a scheme of its own. Whatever
SKOS has no word for is left out and counted; the conditions that SKOS sets on names are kept.

References
----------
W3C SKOS Reference: S13 (the three kinds of names are disjoint), S14 (one preferred name for each language).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.exports.rdf import sorted_parts, sorted_quads, write_headed
from kg.graphs import local_name
from kg.statements import CLAIM_CLASSES
from kg.terms import BASE, KG, PREFIXES, RDF, SKOS

if TYPE_CHECKING:
    from kg.handle import KnowledgeGraph

__all__ = ["SCHEMES", "stream_skos"]

_SKOS = PREFIXES["skos"]
#: The kinds of concepts, and what the scheme of each is called.
SCHEMES = {
    KG.Role: "Roles",
    KG.Skill: "Skills",
    KG.Tool: "Tools",
    KG.Certification: "Certifications",
    KG.Activity: "Activities",
    KG.Group: "Groups",
}
_NAMES = tuple(f"{_SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel"))
_TEXTS = frozenset(
    f"{_SKOS}{name}"
    for name in ("definition", "note", "scopeNote", "editorialNote", "historyNote", "changeNote", "example", "notation")
)
#: Properties between two concepts.
_WITHIN = frozenset(f"{_SKOS}{name}" for name in ("broader", "narrower", "related"))
_MATCHES = frozenset(f"{_SKOS}{n}Match" for n in ("exact", "close", "broad", "narrow", "related"))
_CLAIMS = frozenset(CLAIM_CLASSES.values())


def stream_skos(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write the concepts of a dataset as SKOS in Turtle, and return what is lost."""
    kinds: dict[str, str] = {}
    for quad in g.store.quads():
        if quad.predicate.value == RDF.type and isinstance(quad.subject, NamedNode):
            kind = getattr(quad.object, "value", "")
            if kind in SCHEMES:
                kinds[quad.subject.value] = min(kind, kinds.get(quad.subject.value, kind))
    lost: Counter[str] = Counter()

    def bodies() -> Iterator[bytes | None]:
        used = sorted(set(kinds.values()))
        yield _turtle([quad for kind in used for quad in _scheme(kind)])
        for part in sorted_parts(g):
            said = sorted_quads(Quad(q.subject, q.predicate, q.object) for q in part)
            yield _turtle(
                [
                    quad
                    for subject, quads in groupby(said, lambda quad: quad.subject)
                    for quad in _concept(getattr(subject, "value", ""), [*quads], kinds, lost)
                ]
            )

    write_headed(bodies(), file)
    return lost


def _turtle(quads: list[Quad]) -> bytes | None:
    triples = (quad.triple for quad in sorted_quads(quads))
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)


def _scheme_of(kind: str) -> NamedNode:
    return NamedNode(f"{BASE}scheme/{local_name(kind).lower()}")


def _scheme(kind: str) -> Iterator[Quad]:
    scheme = _scheme_of(kind)
    yield Quad(scheme, NamedNode(RDF.type), NamedNode(f"{_SKOS}ConceptScheme"))
    yield Quad(scheme, NamedNode(SKOS.prefLabel), Literal(SCHEMES[kind], language="en"))


def _concept(subject: str, quads: list[Quad], kinds: dict[str, str], lost: Counter[str]) -> Iterator[Quad]:
    if subject not in kinds:
        types = {getattr(quad.object, "value", "") for quad in quads if quad.predicate.value == RDF.type}
        if types & _CLAIMS:
            lost["claims: who says so, where, since when, how important"] += 1
        else:
            lost["things that are no concepts: sources, citations, domains …"] += 1
        return
    node, scheme = NamedNode(subject), _scheme_of(kinds[subject])
    yield Quad(node, NamedNode(RDF.type), NamedNode(f"{_SKOS}Concept"))
    yield Quad(node, NamedNode(f"{_SKOS}inScheme"), scheme)
    yield from _names(node, quads, lost)
    top = True
    for quad in quads:
        relation, target = quad.predicate.value, quad.object
        if (relation in _TEXTS and isinstance(target, Literal)) or (relation in _MATCHES and _is_name(target)):
            yield quad
        elif relation in _WITHIN and getattr(target, "value", "") in kinds:
            top = top and relation != SKOS.broader
            yield quad
        elif relation not in _NAMES and not (relation == RDF.type and getattr(target, "value", "") in SCHEMES):
            lost[f"{'relations' if relation in CLAIM_CLASSES else 'attributes'} that SKOS has no word for"] += 1
    if top:
        yield Quad(node, NamedNode(f"{_SKOS}topConceptOf"), scheme)


def _is_name(term: object) -> bool:
    return isinstance(term, NamedNode)


def _names(node: NamedNode, quads: list[Quad], lost: Counter[str]) -> Iterator[Quad]:
    """Yield the names: one preferred name for each language, and none of two kinds."""
    taken: set[tuple[str, str | None]] = set()
    preferred: set[str | None] = set()
    for wanted in _NAMES:
        for quad in quads:
            if quad.predicate.value != wanted or not isinstance(quad.object, Literal):
                continue
            name, kind = (quad.object.value, quad.object.language), wanted
            if wanted == SKOS.prefLabel and name[1] in preferred:
                kind = SKOS.altLabel
                lost["second preferred names in one language, written as other names"] += 1
            if name in taken:
                lost["names that were given twice"] += 1
                continue
            taken.add(name)
            if kind == SKOS.prefLabel:
                preferred.add(name[1])
            yield Quad(node, NamedNode(kind), quad.object)
