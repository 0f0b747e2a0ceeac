"""What is exported as SKOS, schema.org, SSSOM and JSON-LD keeps what those standards ask for."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.exports.datasets import export
from kg.handles.handle import KnowledgeGraph
from kg.model.iris import mint
from kg.model.quads import to_quads
from kg.model.statements import Statement, Value
from kg.model.terms import KG, PREFIXES, RDF, SKOS
from kg.sources.sssom import read_mappings
from tests.laws.test_exports import HARD, handle

N = "https://example.org/"
_SKOS = PREFIXES["skos"]


def refuse(url: str, *_: object) -> Any:
    """A loader of documents that has none: nothing is fetched."""
    raise AssertionError(f"{url} was asked for")


def quads_of(document: Any) -> set[Quad]:
    """The quads of JSON-LD, by pyld, without the network."""
    text = jsonld.to_rdf(document, {"documentLoader": refuse, "format": "application/n-quads"})
    return set(parse(text.encode(), format=RdfFormat.N_QUADS))


# --- SKOS -------------------------------------------------------------------------------------------------------------


def closed(pairs: set[tuple[Any, Any]]) -> set[tuple[Any, Any]]:
    """The transitive closure of a relation."""
    pairs, after = set(pairs), defaultdict(set)
    for a, b in pairs:
        after[a].add(b)
    left = [*pairs]
    while left:
        a, b = left.pop()
        for c in after[b] - after[a]:
            after[a].add(c)
            pairs.add((a, c))
            left.append((a, c))
    return pairs


def violated(quads: Iterable[Quad]) -> set[str]:
    """The integrity conditions of the SKOS Reference that do not hold: S9, S13, S14, S27, S46."""
    said: dict[str, set[tuple[Any, Any]]] = defaultdict(set)
    for quad in quads:
        said[quad.predicate.value.removeprefix(_SKOS)].add((quad.subject, quad.object))
    types = {kind: {s for s, o in said[RDF.type] if o.value == _SKOS + kind} for kind in ("Concept", "ConceptScheme")}
    found = set()
    if types["Concept"] & types["ConceptScheme"]:
        found.add("S9")
    names = [said[name] for name in ("prefLabel", "altLabel", "hiddenLabel")]
    if names[0] & names[1] or names[0] & names[2] or names[1] & names[2]:
        found.add("S13")
    if any(n > 1 for n in Counter((s, o.language) for s, o in names[0]).values()):
        found.add("S14")
    up, down = ("broader", "broadMatch"), ("narrower", "narrowMatch")  # S41: a match is a kind of the relation
    above = closed({*(pair for n in up for pair in said[n]), *((o, s) for n in down for s, o in said[n])})
    related = said["related"] | said["relatedMatch"]
    if (related | {(o, s) for s, o in related}) & above:
        found.add("S27")
    others = said["broadMatch"] | said["narrowMatch"] | said["relatedMatch"]
    exact = said["exactMatch"]
    if closed(exact | {(o, s) for s, o in exact}) & (others | {(o, s) for s, o in others}):
        found.add("S46")
    if not said["topConceptOf"] <= said["inScheme"]:
        found.add("topConceptOf without inScheme")
    return found


def skos_of(g: KnowledgeGraph, folder: Path) -> list[Quad]:
    return [*parse(path=export(g, "skos", folder / "export.ttl").place, format=RdfFormat.TURTLE)]


def test_skos_of_the_shipped_dataset_keeps_its_conditions(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    quads = skos_of(shipped, tmp_path)
    assert violated(quads) == set()
    tops = Counter(quad.object for quad in quads if quad.predicate.value == f"{_SKOS}topConceptOf")
    schemes = {quad.subject for quad in quads if getattr(quad.object, "value", "") == f"{_SKOS}ConceptScheme"}
    assert set(tops) == schemes


concepts = st.sampled_from([NamedNode(N + name) for name in "abcd"])
relations = st.sampled_from(
    [
        *(SKOS.broader, _SKOS + "narrower", _SKOS + "related", SKOS.exactMatch, SKOS.broadMatch, SKOS.relatedMatch),
        _SKOS + "narrowMatch",
    ]
).map(NamedNode)
names = st.sampled_from([SKOS.prefLabel, SKOS.altLabel, _SKOS + "hiddenLabel"]).map(NamedNode)
labels = st.builds(lambda text, tag: Literal(text, language=tag), st.sampled_from("xyz"), st.sampled_from(["en", "de"]))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.builds(Quad, concepts, relations, concepts), max_size=8),
    st.lists(st.builds(Quad, concepts, names, labels), max_size=8),
)
def test_skos_keeps_its_conditions_whatever_is_said(tmp_path: Path, tied: list[Quad], named: list[Quad]) -> None:
    kinds = [Quad(NamedNode(N + name), NamedNode(RDF.type), NamedNode(KG.Skill)) for name in "abcd"]
    assert violated(skos_of(handle([*kinds, *tied, *named]), tmp_path)) == set()


# --- schema.org -------------------------------------------------------------------------------------------------------

#: The types that each property may be said of: its domain at https://schema.org/PROPERTY (release 29).
DOMAINS = {
    **{name: {"Thing"} for name in ("name", "alternateName", "description", "url", "sameAs", "identifier")},
    "skills": {"Occupation", "JobPosting", "Organization", "Person"},
    **{name: {"Occupation", "JobPosting"} for name in ("responsibilities", "qualifications")},
    **{name: {"EducationalOccupationalCredential"} for name in ("credentialCategory", "recognizedBy", "validFor")},
    "competencyRequired": {"EducationalOccupationalCredential", "LearningResource"},
    "educationalLevel": {"EducationalOccupationalCredential", "CreativeWork", "EducationEvent"},
    "offers": {"CreativeWork", "EducationalOccupationalCredential", "Product", "Service"},
    **{name: {"Offer"} for name in ("price", "priceCurrency", "validFrom", "validThrough")},
}
#: And the types of what it points to, where that is a thing.
RANGES = {
    "skills": {"DefinedTerm"},
    "competencyRequired": {"DefinedTerm"},
    "qualifications": {"EducationalOccupationalCredential"},
    "recognizedBy": {"Organization"},
    "offers": {"Offer"},
}


def test_schema_org_is_used_as_it_is_defined(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    done = export(shipped, "schemaorg", tmp_path / "export.jsonld")
    quads = quads_of(json.loads(done.place.read_text(encoding="utf-8")))
    types: dict[Any, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value == RDF.type and isinstance(quad.object, NamedNode):
            types[quad.subject].add(quad.object.value.removeprefix("https://schema.org/"))
    said = [quad for quad in quads if quad.predicate.value != RDF.type]
    known = {str(term).removeprefix("https://schema.org/") for term in dir(rdflib.SDO)}
    used = {quad.predicate.value.removeprefix("https://schema.org/") for quad in said}
    assert used | {name for several in types.values() for name in several} <= known
    assert used == set(DOMAINS)
    for quad in said:
        name = quad.predicate.value.removeprefix("https://schema.org/")
        assert (types[quad.subject] | {"Thing"}) & DOMAINS[name], quad
        if name in RANGES and not isinstance(quad.object, Literal):
            assert types[quad.object] & RANGES[name], quad


# --- SSSOM ------------------------------------------------------------------------------------------------------------


def test_sssom_has_the_slots_that_are_required(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    text = export(shipped, "sssom", tmp_path / "export.sssom.tsv").place.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    about = yaml.safe_load("".join(line[1:] for line in lines if line.startswith("#")))
    assert {"mapping_set_id", "license", "curie_map"} <= set(about)
    rows = [*csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")]
    assert len(rows) > 100
    for row in rows:
        for slot in ("subject_id", "predicate_id", "object_id", "mapping_justification", "mapping_source"):
            prefix, colon, local = row[slot].partition(":")
            assert colon, row
            assert prefix in about["curie_map"], row
            assert local, row
            assert not local.startswith("//"), row
        assert row["mapping_justification"].startswith("semapv:")
        assert row["confidence"] == "" or 0 <= float(row["confidence"]) <= 1


@pytest.mark.parametrize("text", [text for text in HARD if text.strip()])
def test_matches_come_back_whatever_their_texts(text: str, tmp_path: Path) -> None:
    source, one, other = mint("source", "s"), f"{N}a", f"{N}b/c"
    basis = f"semapv:ManualMappingCuration; {text}"
    claim = Statement(one, SKOS.closeMatch, other, source, basis=basis, confidence="0.5", locator=text)
    names = [Statement(thing, SKOS.prefLabel, Value.of(text, lang="en"), source) for thing in (one, other)]
    place = export(handle([*to_quads([claim, *names])]), "sssom", tmp_path / "export.sssom.tsv").place
    found = [*read_mappings(place, source=source)]
    assert [said for said in found if said.is_claim] == [claim]
    assert [said for said in found if said.relation == SKOS.prefLabel] == names[1:]


@pytest.mark.parametrize(
    "basis", ["by hand", "by hand; twice", "", "semapv:", "semapv:LexicalMatching; ", "see semapv:x"]
)
def test_a_basis_comes_back_whether_or_not_it_is_of_the_vocabulary(basis: str, tmp_path: Path) -> None:
    source = mint("source", "s")
    claims = [
        Statement(f"{N}{name}", SKOS.closeMatch, f"{N}b/c", source, basis=said)
        for name, said in (("a", basis), ("d", "semapv:UnspecifiedMatching; by hand"))
    ]
    done = export(handle([*to_quads(claims)]), "sssom", tmp_path / "export.sssom.tsv")
    assert [*read_mappings(done.place, source=source)] == claims
    assert not any("no column" in loss.what for loss in done.lost)
    lines = [line for line in done.place.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = [*csv.DictReader(lines, delimiter="\t")]
    assert all(row["mapping_justification"].startswith("semapv:") for row in rows)


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Docker", "AI-103"])
def test_two_other_readers_of_json_ld_agree(name: str, shipped: KnowledgeGraph, tmp_path: Path) -> None:
    document = json.loads(export(shipped, "jsonld", tmp_path / "x.jsonld", about=[name]).place.read_text("utf-8"))
    wanted = set(parse(path=export(shipped, "nquads", tmp_path / "x.nq", about=[name]).place, format=RdfFormat.N_QUADS))
    assert quads_of(document) == wanted
    context, options = {"@context": document["@context"]}, {"documentLoader": refuse}
    assert quads_of(jsonld.compact(jsonld.expand(document, options), context, options)) == wanted
    assert quads_of(jsonld.flatten(document, context, options)) == wanted
    read = rdflib.Dataset()
    read.parse(data=json.dumps(document), format="json-ld")
    assert set(parse(read.serialize(format="nquads").encode(), format=RdfFormat.N_QUADS)) == wanted
