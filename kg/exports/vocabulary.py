"""The vocabulary read for a page: each term with definition, the question it serves, and what it is aligned with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, RdfFormat, parse

from kg.model.graphs import local_name
from kg.model.iris import curie
from kg.model.shipped import data_path
from kg.model.terms import BASE, DCTERMS, KG, RDF, SKOS
from kg.model.values import text_of

__all__ = ["Term", "Vocabulary", "read_vocabulary"]

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SCHEMA = "https://schema.org/"
#: Parts of the page, and the classes whose members stand in each; every other term is a named individual.
_PARTS = {
    "Classes": ("Class",),
    "Relations between things": ("ObjectProperty",),
    "Attributes": ("DatatypeProperty",),
    "Annotations": ("AnnotationProperty",),
}
_SAID = {
    f"{_RDFS}subClassOf": "is a",
    f"{_RDFS}subPropertyOf": "is a",
    f"{_RDFS}domain": "of",
    f"{_SCHEMA}domainIncludes": "of",
    f"{_RDFS}range": "to",
    f"{_SCHEMA}rangeIncludes": "to",
    f"{_OWL}inverseOf": "inverse of",
    SKOS.exactMatch: "same as",
    SKOS.closeMatch: "close to",
    SKOS.broadMatch: "part of",
    SKOS.narrowMatch: "covers",
    SKOS.relatedMatch: "related to",
}


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes
    ----------
    said
        What is said of it: relation in words, and (name, address) of each thing; an address is empty, or an anchor
        of this page, or of the web.
    """

    iri: str
    name: str
    label: str
    definition: str
    question: str
    comment: str
    said: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @property
    def anchor(self) -> str:
        """Where it stands in the page."""
        return local_name(self.iri)


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary: what it says of itself, and its terms by part, each sorted by name."""

    title: str
    description: str
    version: str
    iri: str
    comment: str
    parts: tuple[tuple[str, tuple[Term, ...]], ...]


def read_vocabulary() -> Vocabulary:
    """Return the vocabulary of this package, from its Turtle."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(path=data_path("ontology/kg.ttl"), format=RdfFormat.TURTLE):
        obj = quad.object.value if isinstance(quad.object, Literal) else text_of(quad.object)
        values[text_of(quad.subject)][quad.predicate.value].append(obj)
    own = {iri for iri in values if iri.startswith(str(BASE)) and "#" in iri}
    parts: dict[str, list[Term]] = {name: [] for name in (*_PARTS, "Named values")}
    for iri in sorted(own, key=lambda iri: (local_name(iri).casefold(), iri)):
        types = {local_name(name) for name in values[iri][RDF.type]}
        part = next((name for name, classes in _PARTS.items() if types & {*classes}), "Named values")
        parts[part].append(_term(iri, values[iri], own))
    about = values[f"{BASE}ontology"]

    def first(*names: str) -> str:
        return next((about[name][0] for name in names if about.get(name)), "")

    return Vocabulary(
        first(DCTERMS.title),
        first(DCTERMS.description),
        first(f"{_OWL}versionInfo"),
        f"{BASE}ontology",
        first(f"{_RDFS}comment"),
        tuple((name, tuple(terms)) for name, terms in parts.items() if terms),
    )


def _term(iri: str, values: dict[str, list[str]], own: set[str]) -> Term:
    def text(name: str) -> str:
        return " ".join(values.get(name, ()))

    def named(other: str) -> tuple[str, str]:
        return curie(other), f"#{local_name(other)}" if other in own else other if other.startswith("http") else ""

    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for relation, words in _SAID.items():
        said[words] += [named(other) for other in sorted(values.get(relation, ()))]
    kinds = [other for other in values.get(RDF.type, ()) if other in own]
    said["kind"] += [named(other) for other in sorted(kinds)]
    return Term(
        iri,
        curie(iri),
        text(f"{_RDFS}label") or text(SKOS.prefLabel),
        text(SKOS.definition),
        text(KG.question) if hasattr(KG, "question") else text(f"{BASE}ontology#question"),
        text(f"{_RDFS}comment"),
        tuple((words, tuple(others)) for words, others in said.items() if others),
    )
