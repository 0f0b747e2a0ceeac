"""Real servers: the same queries and the same questions give the same on each, and what each does of its own is met."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import KgError, StoreError
from kg.questions import QUESTIONS
from kg.stores.endpoint import EndpointStore
from kg.stores.port import Store
from kg.stores.rewriting import form_of
from tests.contract.conftest import ENDPOINT
from tests.contract.servers import free_port, oxigraph, virtuoso, virtuoso_is_here
from tests.contract.test_stores import ASKED, QUERIES, text_of_query

pytestmark = pytest.mark.servers

DAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[2]


@contextmanager
def kg_serve(folder: Path) -> Iterator[str]:
    """Run `kg serve` on the shipped dataset until the block ends; yields its address."""
    port, log = free_port(), folder / "serve.log"
    url = f"http://127.0.0.1:{port}/sparql"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "kg", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, stdout=out, stderr=out, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
                break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError(log.read_text(errors="replace")) from None
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EndpointStore]:
    """The shipped dataset on `kg serve`."""
    pytest.importorskip("uvicorn", reason="kg serve needs career-kg[serve]")
    with kg_serve(tmp_path_factory.mktemp("kg-serve")) as url:
        yield EndpointStore(url)


@pytest.fixture(scope="session")
def on_virtuoso(shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EndpointStore]:
    """The shipped dataset on Virtuoso, with the limits it comes with."""
    if not virtuoso_is_here():
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    folder = tmp_path_factory.mktemp("virtuoso")
    file = folder / "data.nq"
    serialize(shipped.store.quads(), str(file), RdfFormat.N_QUADS)
    with virtuoso(folder, file) as server:
        yield EndpointStore(server.query, update=server.update)


def content(store: Store, query: str) -> Counter[object]:
    """Return what a query finds, whatever its form and the order of what is found."""
    if (form := form_of(query)) == "SELECT":
        table = store.select(query)
        return Counter([table.columns, *table.rows])
    return Counter(store.construct(query) if form != "ASK" else [store.ask(query)])


# --- the query library and the questions ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_gives_the_same_on_kg_serve(shipped: KnowledgeGraph, served: Store, name: str) -> None:
    query = text_of_query(name)
    assert content(served, query) == content(shipped.store, query)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUERIES)
def test_every_query_gives_the_same_on_virtuoso(shipped: KnowledgeGraph, on_virtuoso: Store, name: str) -> None:
    query = text_of_query(name)
    assert content(on_virtuoso, query) == content(shipped.store, query)


def asked_of(store: Store, name: str) -> list[object]:
    question = getattr(import_module(f"kg.questions.{name}"), name)
    handle = KnowledgeGraph(store, as_of=DAY)
    return [question(handle, *arguments, **options).to_json() for arguments, options in ASKED[name]]


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_gives_the_same_on_kg_serve(shipped: KnowledgeGraph, served: Store, name: str) -> None:
    assert asked_of(served, name) == asked_of(shipped.store, name)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_gives_the_same_on_oxigraphs_server(
    shipped: KnowledgeGraph, filled: dict[str, Store], name: str
) -> None:
    assert asked_of(filled[ENDPOINT], name) == asked_of(shipped.store, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_gives_the_same_on_virtuoso(shipped: KnowledgeGraph, on_virtuoso: Store, name: str) -> None:
    assert asked_of(on_virtuoso, name) == asked_of(shipped.store, name)


# --- generated queries ----------------------------------------------------------------------------------------------

PREFIXES = """\
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX kg: <https://w3id.org/career-kg/ontology#>
PREFIX role: <https://w3id.org/career-kg/role/>
"""


RELATIONS = ("kg:requires", "kg:certifies", "kg:hasPrerequisite", "kg:recommendedFor", "kg:leadsTo", "skos:broader")
#: Relation → those that can follow it, from its object; and paths, which none follows.
FOLLOWS = {
    "kg:requires": ("kg:hasPrerequisite", "skos:broader", "^kg:certifies"),
    "kg:certifies": ("kg:hasPrerequisite", "skos:broader", "^kg:requires"),
    "kg:recommendedFor": ("kg:requires", "kg:leadsTo", "kg:worksOn"),
    "kg:leadsTo": ("kg:requires", "kg:leadsTo", "^kg:recommendedFor"),
    "kg:hasPrerequisite": ("kg:hasPrerequisite", "skos:broader", "^kg:requires"),
    "kg:requires|kg:uses": ("skos:broader",),
    "kg:leadsTo/kg:requires": ("skos:broader",),
    "kg:requires/^kg:certifies": ("kg:issuedBy", "kg:recommendedFor"),
    "skos:broader/skos:broader": ("^kg:requires",),
}
ROLES = ("role:ai-engineer", "role:data-engineer", "role:data-analyst", "role:machine-learning-engineer")


def generated(seed: int) -> str:
    """Return a query on the shipped dataset: a chain of patterns, with what SPARQL adds to patterns.

    Results are sets, or counts of distinct things: stores may differ in how often they give a row (`kg.stores.port`).
    """
    dice = random.Random(seed)
    first = dice.choice([*FOLLOWS])
    parts = [f"?a {first} ?b ."]
    if dice.random() < 0.5:
        parts.append(f"?b {dice.choice(FOLLOWS[first])} ?c .")
    if dice.random() < 0.3:
        parts.append("?b a ?d .")
    if dice.random() < 0.4:
        parts.append(f"OPTIONAL {{ ?b {dice.choice(['kg:category', 'kg:examCode', 'kg:status'])} ?e }}")
    if dice.random() < 0.3:
        parts.append(f"{dice.choice(['FILTER NOT EXISTS', 'MINUS'])} {{ ?b {dice.choice(RELATIONS)} ?x }}")
    if dice.random() < 0.3:
        parts.append('?b skos:prefLabel ?f . FILTER(STRLEN(STR(?f)) > 7 && CONTAINS(LCASE(STR(?f)), "a"))')
    if dice.random() < 0.2 and first in RELATIONS:
        parts.append(f"GRAPH ?g {{ ?a {first} ?b }}")
    if dice.random() < 0.3 and first.startswith("kg:requires"):
        parts.insert(0, f"VALUES ?a {{ {' '.join(dice.sample(ROLES, 2))} }}")
    if dice.random() < 0.3:
        parts = [f"{{ {' '.join(parts)} }} UNION {{ ?b {dice.choice(RELATIONS)} ?a }}"]
    body = "\n  ".join(parts)
    form = dice.choice(["rows", "rows", "rows", "count", "ask", "triples"])
    if form == "count":
        by, other = dice.sample("ab", 2)
        return f"{PREFIXES}SELECT ?{by} (COUNT(DISTINCT ?{other}) AS ?n) WHERE {{\n  {body}\n}} GROUP BY ?{by}"
    if form == "ask":
        return f"{PREFIXES}ASK {{\n  {body}\n}}"
    if form == "triples":
        return f"{PREFIXES}CONSTRUCT {{ ?a kg:found ?b . ?b kg:foundBy ?a }} WHERE {{\n  {body}\n}}"
    bound = " ".join(sorted(set(re.findall(r"\?[a-g]\b", body))))
    return f"{PREFIXES}SELECT DISTINCT {bound} WHERE {{\n  {body}\n}}"


SEEDS = range(80)


def test_generated_queries_are_worth_asking(shipped: KnowledgeGraph) -> None:
    sizes = [sum(content(shipped.store, generated(seed)).values()) for seed in SEEDS]
    assert sum(size > 3 for size in sizes) > 0.7 * len(SEEDS)
    assert len({generated(seed) for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_generated_queries_give_the_same_on_kg_serve_and_oxigraphs_server(
    shipped: KnowledgeGraph, served: Store, filled: dict[str, Store], seed: int
) -> None:
    query = generated(seed)
    expected = content(shipped.store, query)
    assert content(served, query) == expected
    assert content(filled[ENDPOINT], query) == expected


@pytest.mark.parametrize("seed", SEEDS[:48:4])
def test_generated_queries_give_the_same_in_memory(
    shipped: KnowledgeGraph, filled: dict[str, Store], seed: int
) -> None:
    query = generated(seed)
    assert content(filled["memory"], query) == content(shipped.store, query)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_generated_queries_give_the_same_on_virtuoso(shipped: KnowledgeGraph, on_virtuoso: Store, seed: int) -> None:
    query = generated(seed)
    assert content(on_virtuoso, query) == content(shipped.store, query)


# --- what a server does of its own ------------------------------------------------------------------------------------


def test_oxigraphs_server_serves_no_union_unless_asked(filled: dict[str, Store]) -> None:
    store = filled[ENDPOINT]
    assert isinstance(store, EndpointStore)
    everything = "SELECT (COUNT(*) AS ?n) { ?s a ?c }"
    bare = store.client.query(everything, "application/sparql-results+json").body
    assert b'"0"' in bare
    ((found,),) = store.select(everything).rows
    assert found != NamedNode("a:a")
    assert int(str(found).split('"')[1]) > 1000


def test_a_server_whose_union_is_its_default_is_read_as_it_is(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with oxigraph(tmp_path, "--union-default-graph") as server:
        store = EndpointStore(server.query, update=server.update)
        store.add([*shipped.store.quads()][:500])
        assert len(store) == 500


@pytest.mark.slow
def test_virtuoso_cuts_and_nothing_is_lost(shipped: KnowledgeGraph, on_virtuoso: EndpointStore) -> None:
    everything = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"
    reply = on_virtuoso.client.query(everything, "application/sparql-results+json")
    assert reply.headers["X-SPARQL-MaxRows"] == "10000", "the trap this store is made for is gone"
    expected = set(shipped.store.quads())
    assert len(expected) > 20_000
    assert set(on_virtuoso.quads()) == expected
    assert len(on_virtuoso) == len(expected)
    triples = on_virtuoso.construct("CONSTRUCT WHERE { ?s ?p ?o }")
    assert set(triples) == {quad.triple for quad in expected}


@pytest.mark.slow
def test_virtuoso_takes_what_is_added(on_virtuoso: EndpointStore) -> None:
    text = "line\nbreak \"double\" 'single' \\ back 数据"
    graph = NamedNode("https://example.org/g")
    on_virtuoso.add(
        [Quad(NamedNode("https://example.org/s"), NamedNode("https://example.org/p"), Literal(text), graph)]
    )
    assert on_virtuoso.select("SELECT ?o { <https://example.org/s> ?p ?o }").rows == ((Literal(text),),)
    on_virtuoso.client.update(str(on_virtuoso._update), "DROP SILENT GRAPH <https://example.org/g>")
    with pytest.raises(KgError, match="cannot be run by"):
        on_virtuoso.add(
            Quad(NamedNode(f"https://example.org/s{i}"), NamedNode("https://example.org/p"), Literal(i), graph)
            for i in range(20_000)
        )
    assert not on_virtuoso.ask("ASK { GRAPH <https://example.org/g> { ?s ?p ?o } }"), "all or nothing"


def test_a_server_that_is_gone(tmp_path: Path) -> None:
    with oxigraph(tmp_path) as server:
        store = EndpointStore(server.query)
        assert not store.ask("ASK { ?s <a:p> ?o }")
    with pytest.raises(StoreError, match="cannot be reached: nothing listens there"):
        store.ask("ASK { ?s <a:p> ?o }")
