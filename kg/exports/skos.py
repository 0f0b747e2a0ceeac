"""SKOS and nothing else: concepts, names, notes, hierarchy and matches, for vocabulary editors and thesaurus tools.

Roles, skills, tools, certifications, activities and groups are concepts, each kind in a scheme of its own. Whatever
SKOS has no word for is left out and counted; the conditions that SKOS sets on names are kept.

References
----------
W3C SKOS Reference: S13 (the three kinds of names are disjoint), S14 (one preferred name for each language), S27 (what
is related is not broader, through any number of steps), S46 (an exact match is no broader, narrower or related one).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.exports.losses import CLAIMS, SOURCES, is_named
from kg.exports.rdf import sorted_parts, write_headed
from kg.model.graphs import local_name
from kg.model.rdf_text import sorted_quads
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import BASE, KG, PREFIXES, RDF, SKOS

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

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
#: Broader and narrower, among concepts and as matches, which are kinds of them (S41); and what excludes both.
_UP, _DOWN = (frozenset({f"{_SKOS}{way}er", f"{_SKOS}{way.removesuffix('er')}Match"}) for way in ("broad", "narrow"))
_RELATED = frozenset({f"{_SKOS}related", f"{_SKOS}relatedMatch"})
_NOT_EXACT = frozenset(f"{_SKOS}{n}Match" for n in ("broad", "narrow", "related"))


def stream_skos(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write the concepts of a dataset as SKOS in Turtle, and return what is lost."""
    concepts = _Concepts(g.store.quads())
    kinds, lost = concepts.kinds, concepts.lost

    def bodies() -> Iterator[bytes | None]:
        used = sorted(set(kinds.values()))
        yield _turtle([quad for kind in used for quad in _scheme(kind)])
        for part in sorted_parts(g):
            said = sorted_quads(Quad(q.subject, q.predicate, q.object) for q in part)
            found = [
                quad
                for subject, quads in groupby(said, lambda quad: quad.subject)
                for quad in concepts.written(getattr(subject, "value", ""), [*quads])
            ]
            kept = {quad.triple for quad in found}
            lost[SOURCES] += sum(
                is_named(quad) and (quad.triple in kept or concepts.is_kind(quad))
                for quad in part
                if quad.predicate.value not in CLAIM_CLASSES
            )
            yield _turtle(found)

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


class _Concepts:
    """The concepts of a dataset, and what SKOS says of each.

    Attributes
    ----------
    kinds
        The class of each concept; of one that has several, the first by name.
    lost
        What is not written, counted.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.kinds: dict[str, str] = {}
        self.lost: Counter[str] = Counter()
        self._broader: defaultdict[str, set[str]] = defaultdict(set)
        self._same: dict[str, set[str]] = {}  # by name, all that exact matches tie to it, itself too
        for quad in quads:
            subject, target = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
            if quad.predicate.value == RDF.type and target in SCHEMES:
                self.kinds[subject] = min(target, self.kinds.get(subject, target))
            elif quad.predicate.value in _UP:
                self._broader[subject].add(target)
            elif quad.predicate.value in _DOWN:
                self._broader[target].add(subject)
            elif quad.predicate.value == SKOS.exactMatch:
                same, fewer = self._same.get(subject, {subject}), self._same.get(target, {target})
                if len(same) < len(fewer):  # the smaller joins the larger, so that no node is moved often
                    same, fewer = fewer, same
                same |= fewer
                self._same |= dict.fromkeys((subject, *fewer), same)

    def is_kind(self, quad: Quad) -> bool:
        """Whether this says of which class a concept is, which its scheme tells."""
        kind = self.kinds.get(getattr(quad.subject, "value", ""))
        return quad.predicate.value == RDF.type and getattr(quad.object, "value", "") == kind

    def written(self, subject: str, quads: list[Quad]) -> Iterator[Quad]:
        """Yield what SKOS says of a subject, and count the rest."""
        if subject not in self.kinds:
            types = {getattr(quad.object, "value", "") for quad in quads if quad.predicate.value == RDF.type}
            claim = "claims: who says so, where, since when, how important"
            self.lost[claim if types & CLAIMS else "things that are no concepts: sources, citations, domains …"] += 1
            return
        node, scheme = NamedNode(subject), _scheme_of(self.kinds[subject])
        yield Quad(node, NamedNode(RDF.type), NamedNode(f"{_SKOS}Concept"))
        yield Quad(node, NamedNode(f"{_SKOS}inScheme"), scheme)
        yield from _names(node, quads, self.lost)
        top = True
        for quad in quads:
            relation, target = quad.predicate.value, getattr(quad.object, "value", "")
            if relation in _TEXTS and isinstance(quad.object, Literal):
                yield quad
            elif relation in _MATCHES and isinstance(quad.object, NamedNode):
                if relation in _NOT_EXACT and target in self._same.get(subject, ()):
                    self.lost["matches beside an exact one (S46)"] += 1
                elif relation in _RELATED and self._is_broader(subject, target):
                    self.lost["related concepts of which one is broader (S27)"] += 1
                else:
                    yield quad
            elif relation in _WITHIN and isinstance(quad.object, NamedNode) and target in self.kinds:
                if relation in _RELATED and self._is_broader(subject, target):
                    self.lost["related concepts of which one is broader (S27)"] += 1
                    continue
                top = top and not (relation == SKOS.broader and self.kinds[target] == self.kinds[subject])
                yield quad
            elif relation not in _NAMES and not self.is_kind(quad):
                self.lost[
                    f"{'relations' if relation in CLAIM_CLASSES else 'attributes'} that SKOS has no word for"
                ] += 1
        if top:
            yield Quad(node, NamedNode(f"{_SKOS}topConceptOf"), scheme)

    def _is_broader(self, one: str, other: str) -> bool:
        """Whether one of two concepts is broader than the other."""
        return self._below(one, other) or self._below(other, one)

    def _below(self, lower: str, upper: str) -> bool:
        """Whether one concept is broader than another, through any number of steps."""
        seen, left = {lower}, [lower]
        while left:
            for parent in self._broader.get(left.pop(), ()):
                if parent == upper:
                    return True
                if parent not in seen:
                    seen.add(parent)
                    left.append(parent)
        return False


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
