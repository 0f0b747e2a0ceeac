"""The clients that people have get the rows of the store: curl, rdflib, SPARQLWrapper, and our own store."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from typing import Any

import pytest
from rdflib import Dataset, Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from kg.engine.reading import declare
from kg.handles.handle import KnowledgeGraph
from kg.model.terms import BASE
from kg.questions.overlap import overlap
from kg.stores.endpoint import EndpointStore
from tests.conftest import DAY
from tests.web.server import Server

pytestmark = pytest.mark.servers
ROLES = declare("SELECT ?role ?label { ?role a kg:Role ; skos:prefLabel ?label } ORDER BY ?label")
TRIPLES = declare("CONSTRUCT { ?r a kg:Role } { ?r a kg:Role }")


@pytest.fixture(scope="module")
def labels(shipped: KnowledgeGraph) -> list[str]:
    return [str(row["label"]) for row in shipped.store.select(ROLES).dicts()]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("way", [["-G"], []], ids=["GET", "POST"])
def test_curl(server: Server, labels: list[str], way: list[str]) -> None:
    command = ["curl", "-sSf", *way, "-H", "Accept: text/csv", f"{server.url}/sparql", "--data-urlencode"]
    done = subprocess.run([*command, f"query={ROLES}"], capture_output=True, text=True, timeout=60, check=True)
    assert [row["label"] for row in csv.DictReader(io.StringIO(done.stdout))] == labels


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv"])
def test_rdflib(server: Server, labels: list[str], method: str, form: str) -> None:
    store = SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=form)
    found = Dataset(store, default_union=True).query(ROLES)
    assert [str(row.label) for row in found] == labels  # type: ignore[union-attr]  # rows of a SELECT have names


def test_rdflib_reads_one_named_graph(server: Server, shipped: KnowledgeGraph) -> None:
    article = f"{BASE}source/article"
    store = SPARQLStore(f"{server.url}/sparql", returnFormat="json")
    counted = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (row,) = Graph(store, identifier=article).query(counted)
    wanted = shipped.store.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{article}> {{ ?s ?p ?o }} }}")
    assert int(row.n) == next(wanted.dicts())["n"]  # type: ignore[union-attr]  # as above


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper(server: Server, labels: list[str], method: str) -> None:
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setMethod(method)
    client.setReturnFormat(JSON)
    client.setQuery(ROLES)
    answer: Any = client.queryAndConvert()  # of JSON, a dictionary
    rows = answer["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == labels
    client.setReturnFormat(TURTLE)
    client.setQuery(TRIPLES)
    assert len(Graph().parse(data=client.query().response.read(), format="turtle")) == len(labels)


def test_our_own_store_answers_questions_through_it(server: Server, shipped: KnowledgeGraph) -> None:
    from kg.handles.handle import read_day

    remote = KnowledgeGraph(EndpointStore(f"{server.url}/sparql"), as_of=read_day(DAY))
    asked = ("AI Engineer", "ML Engineer")
    assert overlap(remote, *asked).rows() == overlap(shipped, *asked).rows()
