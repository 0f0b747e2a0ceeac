"""IRIs that are none: every store that lets them in is checked all the same, and nothing of them enters a query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF as R
from rdflib import Dataset, URIRef
from rdflib import Literal as Words

import kg
from kg.checks.check import Check, check
from kg.model.errors import BrokenIri
from kg.model.shipped import data_path
from kg.model.terms import BASE, INFERRED, KG, KINDS, SKOS
from kg.stores.binding import load_query
from kg.stores.client import Reply
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.results import read_solutions
from tests.conftest import DAY
from tests.stores.stub import Stub, serving

SPACE = "http://example.org/a b"
#: Where it were pasted into a query, it would close the braces of VALUES and ask for something else.
HOSTILE = "http://example.org/> } ?f a ?any . } #"


def lenient(*iris: str) -> Iterator[ox.Quad]:
    """Skills with these IRIs and one more, as an engine reads them that does not look at them."""
    for iri in iris:
        node = "".join(char if char.isalnum() or char in ":/" else f"\\u{ord(char):04X}" for char in iri)
        line = f"<{node}> <{R.type}> <{KG.Skill}> .\n<{BASE}skill/juggling> <{R.type}> <{KG.Skill}> .\n"
        yield from ox.parse(line.encode(), ox.RdfFormat.N_TRIPLES, lenient=True)


def broken(answer: Check) -> set[str]:
    return {finding.about for finding in answer.findings if finding.rule == "broken-iri"}


def others(answer: Check) -> set[tuple[str, str]]:
    return {(finding.rule, finding.about) for finding in answer.findings if finding.rule != "broken-iri"}


def test_what_ships_has_only_iris_of_kinds_there_are() -> None:
    with kg.open(as_of=DAY) as graph:
        assert [f.message for f in check(graph=graph).findings if f.severity == "error"] == []


def test_derived_claims_and_their_rules_have_iris_of_kinds_there_are(tmp_path: Path) -> None:
    kg.load([data_path("career-kg.trig")], into=tmp_path / "store")
    with kg.open(tmp_path / "store", as_of=DAY) as graph:
        kg.infer(graph, rules=["inverse"])
    with kg.open(tmp_path / "store", as_of=DAY, inferred=True) as graph:
        assert graph.store.ask(f"ASK {{ GRAPH <{INFERRED}> {{ ?rule a <{KG.Rule}> }} }}")
        assert broken(check(graph=graph, rule=["broken-iri"])) == set()


def test_the_query_knows_the_kinds() -> None:
    (kinds,) = re.findall(r"\|\(([a-z|]+)\)/", load_query("check_iris"))
    assert tuple(kinds.split("|")) == KINDS


@pytest.mark.parametrize("iri", [SPACE, HOSTILE])
def test_a_store_that_was_read_leniently_is_checked(iri: str) -> None:
    with kg.open(as_of=DAY) as graph:
        graph.store = OxigraphStore()
        graph.store.add(lenient(iri))
        answer = check(graph=graph)
    assert broken(answer) == {iri}
    assert ("shape", f"{BASE}skill/juggling") in others(answer), "the rest is judged as ever"
    assert answer.shacl


def test_an_rdflib_dataset_is_checked() -> None:
    dataset = Dataset()
    for node in (URIRef(SPACE), URIRef(f"{BASE}skill/juggling")):
        dataset.add((node, R.type, URIRef(KG.Skill)))
        dataset.add((node, URIRef(SKOS.prefLabel), Words("Juggling", lang="en")))
    for shapes in (True, False):
        answer = check(graph=kg.open(dataset, as_of=DAY), shapes=shapes)
        assert broken(answer) == {SPACE}
        barred = {f.message for f in answer.findings if "keeps these rules" in f.message}
        assert len(barred) == 1
        assert "unreachable" in barred.pop()
    with pytest.raises(BrokenIri, match=r"<http://example.org/a b>, which is no absolute IRI. Mend it") as raised:
        check(graph=kg.open(dataset, as_of=DAY), rule=["unreachable"])
    assert raised.value.iri == SPACE


def test_a_relative_iri_in_an_rdflib_dataset_is_named() -> None:
    dataset = Dataset()
    dataset.add((URIRef("relative"), R.type, URIRef(KG.Skill)))
    with pytest.raises(BrokenIri, match="<relative>"):
        MemoryStore(dataset).select("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(BrokenIri, match="<relative>"):
        list(MemoryStore(dataset).quads())


def test_an_endpoint_is_checked() -> None:
    with serving(Stub(lenient(SPACE))) as stub, kg.open(stub.url, as_of=DAY) as graph:
        answer = check(graph=graph)
    assert broken(answer) == {SPACE}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "application/sparql-results+json",
            '{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"uri","value":"http://example.org/a b"}}]}}',
        ),
        (
            "application/sparql-results+xml",
            '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/></head><results><result>'
            '<binding name="a"><uri>http://example.org/a b</uri></binding></result></results></sparql>',
        ),
    ],
)
def test_a_table_with_an_iri_that_is_none_says_which(kind: str, body: str) -> None:
    headers: Message[str, str] = Message()
    headers["Content-Type"] = kind
    with pytest.raises(BrokenIri, match=re.escape(f"<{SPACE}>")):
        read_solutions(Reply(body.encode(), headers), "https://example.org/sparql")
