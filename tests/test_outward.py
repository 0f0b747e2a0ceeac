"""Nothing reaches out: at every door, a clause that would make a request is refused, and no request is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Dataset, URIRef, Variable
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql import prepareQuery

import kg
from kg.model.errors import KgError, QueryError, QueryRefused, StoreError
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store
from tests.conftest import DAY, Run
from tests.outside import Outside
from tests.web.server import serving

G = "https://example.org/g"
QUADS = [Quad(NamedNode("https://example.org/a"), NamedNode("https://example.org/p"), Literal(1), NamedNode(G))]

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "oxigraph in memory": lambda _: OxigraphStore(),
    "oxigraph in a folder": OxigraphStore,
}
#: What a keyword may look like, for one parser or another.
WORDS = ["SERVICE", "service SILENT", r"\u0053ERVICE", r"SERV\u0049CE SILENT", r"\U00000053ERVIC\u0065"]
SERVICES = [f"SELECT * {{ {word} <URL> {{ ?s ?p ?o }} }}" for word in WORDS] + [
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { OPTIONAL { { SELECT * { SERVICE ?u { ?s ?p ?o } } } } VALUES ?u { <URL> } }",
]
LOADS = ["LOAD <URL>", "LOAD SILENT <URL> INTO GRAPH <a:g>", r"L\u004FAD <URL>", r"LOA\U00000044 SILENT <URL>"]
FROMS = ["SELECT * FROM <URL> { ?s ?p ?o }", "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }"]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = STORES[request.param](tmp_path / "store")
    made.add(QUADS)
    yield made
    made.close()


@pytest.fixture
def g(store: Store) -> kg.KnowledgeGraph:
    return kg.KnowledgeGraph(store, as_of=date.fromisoformat(DAY))


@pytest.mark.parametrize("timeout", [30.0, 0.0], ids=["in a worker", "here"])
def test_sparql(g: kg.KnowledgeGraph, outside: Outside, timeout: float) -> None:
    for text in SERVICES:
        with pytest.raises(QueryRefused, match="SERVICE and LOAD are refused"):
            kg.sparql(g, text.replace("URL", outside.url), timeout=timeout)
        outside.check()
    for text in FROMS:
        assert kg.sparql(g, text.replace("URL", outside.url), timeout=timeout).rows() == ()
        outside.check()


@pytest.mark.parametrize("method", ["select", "construct", "ask"])
def test_a_store_itself(store: Store, outside: Outside, method: str) -> None:
    form = {"select": "SELECT *", "construct": "CONSTRUCT { ?s ?p ?o }", "ask": "ASK"}[method]
    for text in SERVICES:
        with pytest.raises(QueryError, match="cannot be"):
            getattr(store, method)(text.replace("SELECT *", form, 1).replace("URL", outside.url))
        outside.check()


def test_update(tmp_path: Path, outside: Outside) -> None:
    OxigraphStore(tmp_path).add(QUADS)
    services = [f"INSERT {{ ?s ?p ?o }} WHERE {{ {word} <URL> {{ ?s ?p ?o }} }}" for word in WORDS]
    for text in [*LOADS, *services]:
        with pytest.raises(
            QueryError, match=r"SERVICE and LOAD are refused|This is a query"
        ):  # what is escaped is no word
            kg.update(tmp_path, text.replace("URL", outside.url))
        with pytest.raises(QueryRefused, match="are refused"):
            OxigraphStore(tmp_path).update(text.replace("URL", outside.url))
        outside.check()


# --- rdflib's own ways to ask ---------------------------------------------------------------------------------------


def _bound(ds: Dataset, text: str) -> object:
    return ds.query(text, initBindings={"s": URIRef("https://example.org/a")})


ASKED: dict[str, Callable[[Dataset, str], object]] = {
    "as it is": lambda ds, text: ds.query(text),
    "with bindings": _bound,
    "prepared": lambda ds, text: ds.query(prepareQuery(text)),
    "prepared, with bindings": lambda ds, text: ds.query(prepareQuery(text), initBindings={"x": URIRef("a:b")}),
    "one graph": lambda ds, text: ds.graph(URIRef(G)).query(text),
    "the default graph": lambda ds, text: ds.graph(DATASET_DEFAULT_GRAPH_ID).query(text),
    "without the union": lambda ds, text: Dataset(store=ds.store).query(text),
    "bytes": lambda ds, text: ds.query(text.encode()),  # type: ignore[arg-type]  # rdflib's parser takes them
}


@pytest.mark.parametrize("way", ASKED)
@pytest.mark.parametrize("name", ["oxigraph in memory", "oxigraph in a folder"])
def test_a_dataset_over_a_store(tmp_path: Path, outside: Outside, name: str, way: str) -> None:
    store = STORES[name](tmp_path / "store")
    store.add(QUADS)
    ds = kg.dataset(kg.KnowledgeGraph(store, as_of=date.fromisoformat(DAY)))
    for text in [*SERVICES, *FROMS]:
        try:
            found: Any = ASKED[way](ds, text.replace("URL", outside.url))
        except QueryRefused:
            outside.check()
            continue
        assert text in FROMS, f"{text} was answered"
        assert way == "as it is"
        assert len(found) == 0
        outside.check()
    assert len(kg.dataset(kg.KnowledgeGraph(store, as_of=date.fromisoformat(DAY)))) == 1


@pytest.mark.parametrize("way", ASKED)
def test_a_dataset_over_a_store_still_answers(way: str) -> None:
    store = OxigraphStore()
    store.add(QUADS)
    ds = kg.dataset(kg.KnowledgeGraph(store, as_of=date.fromisoformat(DAY)))
    text = "PREFIX ex: <https://example.org/> SELECT ?s ?o { ?s ex:p ?o . OPTIONAL { ?o ex:q 'SERVICE FROM' } }"
    found: Any = ASKED[way](ds, text)
    rows = [row[Variable("s")] for row in found.bindings]
    assert rows == ([] if way in ("the default graph", "without the union") else [URIRef("https://example.org/a")])


def test_a_dataset_over_a_store_takes_no_update(outside: Outside) -> None:
    ds = kg.dataset(kg.open(as_of=DAY))
    for text in LOADS:
        with pytest.raises(StoreError, match="cannot change it"):
            ds.update(text.replace("URL", outside.url))


# --- notebooks, commands, the server ----------------------------------------------------------------------------------


def test_the_magic(outside: Outside) -> None:
    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "kg")
        ds = Dataset()
        ds.parse(data=f"<a:a> <a:b> <a:c> <{G}> .", format="nquads")
        shell.user_ns["mine"] = kg.open(ds, as_of=DAY)
        for graph in ("shipped", "mine"):
            shell.run_line_magic("kg", f"use {graph}")
            for text in SERVICES:
                with pytest.raises(UsageError, match="SERVICE and LOAD are refused"):
                    shell.run_cell_magic("sparql", "", text.replace("URL", outside.url))  # type: ignore[no-untyped-call]  # IPython has no types there
                outside.check()
    finally:
        InteractiveShell.clear_instance()


def test_the_command_on_a_file(run: Run, tmp_path: Path, outside: Outside) -> None:
    file = tmp_path / "mine.nq"
    file.write_text("\n".join(f"{quad} ." for quad in QUADS))
    for text in (SERVICES[0], SERVICES[2], SERVICES[-1]):
        ran = run("sparql", text.replace("URL", outside.url), "--graph", file)
        assert (ran.code, ran.out) == (2, "")
        assert "SERVICE and LOAD are refused" in ran.err
        outside.check()
    asked = run("sparql", FROMS[0].replace("URL", outside.url), "--graph", file, "--format", "csv")
    assert asked.out.split() == ["o,p,s"]


@pytest.mark.servers
def test_the_server(tmp_path: Path, outside: Outside) -> None:
    OxigraphStore(tmp_path / "store").add(QUADS)
    with serving("--graph", tmp_path / "store", "--update") as server:
        outside.allowed.add(server.port)
        for text in SERVICES:
            assert server.ask(text.replace("URL", outside.url)).status == 403
        for text in LOADS:
            assert server.update(text.replace("URL", outside.url)).status in (400, 403)
        for text in FROMS:
            assert server.ask(text.replace("URL", outside.url)).status == 200
        assert server.ask("SELECT * {}", **{"default-graph-uri": outside.url}).status == 200


#: Files that name an address which a reader may be tempted to look at.
FILES = {
    "imports.ttl": "<URL> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> <URL> .",
    "context.jsonld": '{"@context": "URLcontext.jsonld", "@id": "https://example.org/a", "name": "x"}',
    "list.jsonld": '{"@context": ["URLcontext.jsonld", {"@import": "URL"}], "@id": "https://example.org/a"}',
    "entity.rdf": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "URLx"> <!ENTITY % y SYSTEM "URLy"> %y;]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
    '<rdf:Description rdf:about="URL"><e:p>&x;</e:p></rdf:Description></rdf:RDF>',
    "entity.graphml": '<?xml version="1.0"?><!DOCTYPE graphml SYSTEM "URLx.dtd" [<!ENTITY x SYSTEM "URLx">]>'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"><node id="&x;"/></graph>'
    "</graphml>",
    "facts.yaml": "sources:\n  - id: mine\n    url: URL\n",
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_name_an_address(run: Run, tmp_path: Path, outside: Outside, name: str) -> None:
    file = tmp_path / name
    file.write_text(FILES[name].replace("URL", outside.url))
    run("load", file, "--into", tmp_path / "store")
    run("check", file)
    run("list", "roles", "--graph", file)
    outside.check()
    with suppress(KgError):
        kg.sparql(kg.open(file, as_of=DAY), f"SELECT * FROM <{outside.url}> {{ ?s ?p ?o }}")


def test_the_guard_itself_is_awake(outside: Outside) -> None:
    from urllib.error import URLError
    from urllib.request import urlopen

    with pytest.raises(URLError):
        urlopen(outside.url, timeout=5)
    assert len(outside.refused) == 1
    outside.allowed.add(int(outside.url.rstrip("/").rpartition(":")[2]))
    urlopen(outside.url, timeout=5).close()
    assert outside.asked == ["GET /"]
    outside.asked.clear()
    outside.refused.clear()
