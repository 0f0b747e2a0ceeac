"""`kg.dataset`: what rdflib says of the store over our store is what it says of a copy in its own memory."""

from __future__ import annotations

import pytest
from rdflib import RDF, SKOS, Dataset, Literal, URIRef, Variable

import kg
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore

ROLE = URIRef("https://w3id.org/career-kg/role/ai-engineer")
DATA = b"""
<urn:a> <urn:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g> .
<urn:a> <urn:p> <urn:b> <urn:g> .
<urn:a> <urn:p> <urn:b> <urn:h> .
<urn:b> <urn:p> _:x <urn:h> .
<urn:c> <urn:p> "caf\xc3\xa9"@fr .
"""


@pytest.fixture(scope="module")
def both() -> tuple[Dataset, Dataset]:
    from datetime import date

    store = OxigraphStore.copy(DATA)
    copy = MemoryStore()
    copy.add(store.quads())
    return kg.dataset(kg.KnowledgeGraph(store, as_of=date(2026, 11, 22))), copy.dataset


@pytest.mark.parametrize(
    "pattern",
    [
        (None, None, None),
        (URIRef("urn:a"), None, None),
        (None, URIRef("urn:p"), None),
        (None, None, URIRef("urn:b")),
        (None, None, Literal("café", lang="fr")),
        (URIRef("urn:none"), None, None),
    ],
    ids=str,
)
def test_triples_and_quads_are_those_of_a_copy(both: tuple[Dataset, Dataset], pattern: tuple[None, None, None]) -> None:
    ours, copy = both
    assert set(ours.triples(pattern)) == set(copy.triples(pattern))
    assert set(ours.quads((*pattern, None))) == set(copy.quads((*pattern, None)))


def test_one_graph_of_several(both: tuple[Dataset, Dataset]) -> None:
    ours, copy = both
    for name in ("urn:g", "urn:h", "urn:none"):
        assert set(ours.graph(URIRef(name))) == set(copy.graph(URIRef(name)))
    assert {g.identifier for g in ours.graphs()} == {
        g.identifier for g in copy.graphs() if len(g) or "default" in g.identifier
    }
    found = ours.graph(URIRef("urn:h")).query("SELECT ?s { ?s <urn:p> <urn:b> }")
    assert [str(row[Variable("s")]) for row in found.bindings] == ["urn:a"]


def test_a_blank_node_is_found_again(both: tuple[Dataset, Dataset]) -> None:
    ours, _ = both
    blank = ours.value(URIRef("urn:b"), URIRef("urn:p"))
    assert [*ours.subjects(URIRef("urn:p"), blank)] == [URIRef("urn:b")]


def test_queries_of_all_forms() -> None:
    ds = kg.dataset(kg.open(as_of="2026-11-22"))
    assert ds.value(ROLE, SKOS.prefLabel, any=True) is not None
    assert ds.query("ASK { role:ai-engineer a kg:Role }").askAnswer is True
    found = ds.query("SELECT ?s { ?role kg:requires ?s }", initBindings={"role": ROLE})  # rdflib's own evaluation
    asked = ds.query("SELECT DISTINCT ?s { role:ai-engineer kg:requires ?s }")
    assert {row[Variable("s")] for row in found.bindings} == {row[Variable("s")] for row in asked.bindings} != set()
    built = ds.query("CONSTRUCT { ?r a kg:Role } { ?r a kg:Role }").graph
    assert built is not None
    assert set(built.subjects(RDF.type, URIRef(kg.KG.Role))) == set(ds.subjects(RDF.type, URIRef(kg.KG.Role)))
    with pytest.raises(kg.QueryRefused, match="SERVICE"):
        ds.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_it_is_read_only() -> None:
    with pytest.raises(kg.StoreError, match="cannot change it"):
        kg.dataset().add((ROLE, SKOS.prefLabel, Literal("x")))


def test_a_dataset_of_ones_own_is_opened_and_given_back() -> None:
    ds = Dataset()
    ds.add((URIRef("https://w3id.org/career-kg/role/baker"), RDF.type, URIRef(kg.KG.Role)))
    ds.add((URIRef("https://w3id.org/career-kg/role/baker"), SKOS.prefLabel, Literal("Baker", lang="en")))
    g = kg.open(ds, as_of="2026-11-22")
    assert kg.dataset(g) is ds
    assert kg.show(g, "Baker").rows() is not None
    both = kg.open(["shipped", ds], as_of="2026-11-22")
    assert {"Baker", "AI Engineer"} <= {row["label"] for row in kg.list(both, "roles").rows()}
