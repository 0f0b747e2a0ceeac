"""The endpoint keeps to the SPARQL 1.1 Protocol, and says why where it does not answer."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.engine.reading import declare
from kg.handles.handle import KnowledgeGraph
from kg.handles.loading import load
from kg.model.shipped import data_path
from kg.web.negotiating import TABLE_TYPES, TRIPLE_TYPES, choose
from tests.engine.test_reading import REACHING_OUT
from tests.web.server import ENDLESS, FORM, Server, serving

pytestmark = pytest.mark.servers
ROLES = "SELECT ?role ?label { ?role a kg:Role ; skos:prefLabel ?label } ORDER BY ?label"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TRIPLES = "CONSTRUCT { ?r a kg:Role } { ?r a kg:Role }"
DATASET = "https://w3id.org/career-kg/dataset"
ARTICLE = "https://w3id.org/career-kg/source/article"


def count(body: str) -> int:
    ((cell,),) = parse_query_results(body, QueryResultsFormat.JSON)  # type: ignore[misc]  # a table, not yes or no
    return int(cell.value)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_the_three_ways_to_ask_give_the_rows_of_the_store(server: Server, shipped: KnowledgeGraph) -> None:
    answers = (
        server.ask(ROLES),
        server.send("POST", "/sparql", urlencode({"query": ROLES}), Content_Type=FORM),
        server.send("POST", "/sparql", ROLES, Content_Type="application/sparql-query"),
        server.send("POST", "/sparql", ROLES, Content_Type="application/sparql-query; charset=UTF-8"),
    )
    wanted = shipped.store.select(declare(ROLES))
    for answer in answers:
        assert answer.status == 200
        assert answer.kind == "application/sparql-results+json"
        found = parse_query_results(answer.body, QueryResultsFormat.JSON)
        assert tuple(tuple(row) for row in found) == wanted.rows  # type: ignore[union-attr]  # a table, not yes or no


@pytest.mark.parametrize(("media", "form"), TABLE_TYPES.items())
def test_tables_in_every_format(shipped: KnowledgeGraph, server: Server, media: str, form: str) -> None:
    answer = server.ask(ROLES, media)
    wanted = shipped.store.select(declare(ROLES)).rows
    assert (answer.status, answer.kind) == (200, media)
    assert "AI Engineer" in answer.text
    if form != "csv":
        ending = {"json": "srj", "xml": "srx"}.get(form, form)
        found = parse_query_results(answer.body, QueryResultsFormat.from_extension(ending))
        assert len([*found]) == len(wanted)  # type: ignore[misc]  # as above
    assert server.ask("ASK {}", media).status == 200


@pytest.mark.parametrize(("media", "form"), TRIPLE_TYPES.items())
def test_triples_in_every_format(shipped: KnowledgeGraph, server: Server, media: str, form: str) -> None:
    answer = server.ask(TRIPLES, media)
    assert (answer.status, answer.kind) == (200, media)
    syntax = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "json": RdfFormat.JSON_LD, "xml": RdfFormat.RDF_XML}
    wanted = shipped.store.construct(declare(TRIPLES))
    assert len([*parse(answer.body, syntax[form])]) == len({*wanted})


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("image/png", None),
        ("text/csv;q=nonsense", None),
        (", ; /", None),
    ],
)
def test_a_client_gets_what_it_likes_best(accept: str, chosen: str | None) -> None:
    assert choose(accept, TABLE_TYPES) == chosen


def test_what_no_format_can_say_is_not_acceptable(server: Server) -> None:
    answer = server.ask(ROLES, "text/turtle")
    assert answer.status == 406
    assert "application/sparql-results+json" in answer.text
    assert server.ask(TRIPLES, "text/csv").status == 406


def test_the_request_names_the_graphs_over_the_query(server: Server) -> None:
    whole = count(server.ask(COUNT).text)
    part = count(server.ask(COUNT, **{"default-graph-uri": DATASET}).text)
    assert 0 < part < whole
    from_article = f"SELECT (COUNT(*) AS ?n) FROM <{ARTICLE}> {{ ?s ?p ?o }}"
    assert 0 < count(server.ask(from_article).text) < whole
    assert count(server.ask(from_article, **{"default-graph-uri": DATASET}).text) == part
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(server.ask(named, **{"default-graph-uri": DATASET}).text) == 0
    assert count(server.ask(named, **{"named-graph-uri": DATASET}).text) == part
    both = f"/sparql?{urlencode([('query', COUNT), ('default-graph-uri', DATASET), ('default-graph-uri', ARTICLE)])}"
    assert count(server.get(both).text) > part
    assert server.ask(COUNT, **{"default-graph-uri": "no iri"}).status == 400


def test_the_limit_of_rows_is_said_in_a_header() -> None:
    with serving("--max-rows", "5") as limited:
        cut = limited.ask(ROLES)
        assert len(json.loads(cut.body)["results"]["bindings"]) == 5
        assert cut.headers["x-sparql-maxrows"] == "5"
        assert "x-sparql-maxrows" not in limited.ask(f"{ROLES} LIMIT 5").headers


# --- describing itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", ["text/turtle", "application/n-triples", "application/ld+json"])
def test_without_a_query_it_describes_itself(server: Server, media: str) -> None:
    answer = server.get("/sparql", Accept=media)
    assert answer.kind == media
    described = [*parse(answer.body, RdfFormat.from_media_type(media))]
    terms = {str(quad.object) for quad in described} | {str(quad.predicate) for quad in described}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert {f"<{sd}Service>", f"<{sd}SPARQL11Query>", f"<{sd}UnionDefaultGraph>"} <= terms
    assert f"<{server.url}/sparql>" in terms
    assert f"<{sd}SPARQL11Update>" not in terms
    assert "<http://rdfs.org/ns/void#triples>" in terms
    named = [quad for quad in described if quad.predicate.value == f"{sd}name"]
    assert len(named) > 100


def test_a_browser_without_a_query_gets_the_editor(server: Server) -> None:
    answer = server.get("/sparql", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status, answer.headers["location"]) == (303, "/sparql.html")


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"/sparql?query={quote('SELECT ?x')}", 400, "line 1, column 10: the text ends too early"),
        ("/sparql?query=", 400, "The query is empty"),
        ("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", 400, "this one carries 2"),
        ("/sparql?query=%FF", 400, "percent-encoded UTF-8"),
        ("/sparql?update=CLEAR%20ALL", 400, "An update comes by POST"),
        (f"/sparql?query={quote('CLEAR ALL')}", 403, "only read"),
        (f"/sparql?query={quote('SELECT (<a:f>(1) AS ?x) {}')}", 400, "cannot be run"),
    ],
)
def test_malformed_requests_get_a_reason(server: Server, path: str, status: int, said: str) -> None:
    answer = server.get(path)
    assert (answer.status, answer.kind) == (status, "text/plain")
    assert said in answer.text


@pytest.mark.parametrize(
    ("kind", "body", "status", "said"),
    [
        ("text/plain", "ASK {}", 415, "application/sparql-query"),
        ("", "ASK {}", 415, "not as nothing"),
        ("application/sparql-query", b"\xff", 400, "not UTF-8"),
        ("application/sparql-query; charset=latin-1", "ASK {}", 415, "Send UTF-8"),
        (FORM, "nothing=here", 400, "this one carries 0"),
        (FORM, "query=ASK+%7B%7D&update=CLEAR+ALL", 400, "this one carries 2"),
        (FORM, "&".join(["a=b"] * 2000), 400, "cannot be read"),
        (FORM, "update=CLEAR+ALL", 403, "This endpoint is read-only"),
        ("application/sparql-update", "CLEAR ALL", 403, "This endpoint is read-only"),
        ("application/sparql-update", "this is no SPARQL", 403, "This endpoint is read-only"),
        ("application/sparql-query", "#" * 1_100_000, 413, "at most 1048576 bytes"),
    ],
)
def test_malformed_posts_get_a_reason(server: Server, kind: str, body: bytes | str, status: int, said: str) -> None:
    answer = server.send("POST", "/sparql", body, Content_Type=kind)
    assert (answer.status, answer.kind) == (status, "text/plain")
    assert said in answer.text


def test_a_body_that_does_not_say_its_size_is_measured(server: Server) -> None:
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    chunks = (b"#" * 65536 for _ in range(20))
    try:
        connection.request("POST", "/sparql", chunks, {"Content-Type": "application/sparql-query"}, encode_chunked=True)
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hung up before all was sent, which is as good
    finally:
        connection.close()
    assert server.ask("ASK {}").status == 200


@pytest.mark.parametrize("text", [text for kind, text in REACHING_OUT if kind == "query"])
def test_nothing_else_can_be_read_through_it(server: Server, text: str) -> None:
    answer = server.ask(text)
    assert answer.status == 403
    assert "SERVICE and LOAD are refused" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/assets/../app.py", "/assets/..%2f..%2f..%2fpyproject.toml", "/assets/%2e%2e/app.py", "/assets//etc/passwd",
     "/../../etc/passwd", "/assets/console.js%00.css", "/exports", "/kg"],
)  # fmt: skip
def test_no_path_leads_to_a_file(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status == 404
    assert "There is no page" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_taken(server: Server, method: str) -> None:
    assert server.send(method, "/sparql").status == 405


def test_an_endless_query_is_ended_and_the_server_lives_on() -> None:
    with serving("--timeout", "1", "--workers", "1") as quick:
        began = time.monotonic()
        answer = quick.ask(ENDLESS)
        assert answer.status == 504
        assert "ended at its limit of 1 seconds" in answer.text
        assert time.monotonic() - began < 10
        assert quick.ask("ASK {}").status == 200
        assert quick.ask(f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}").status in (400, 414, 504)
        assert quick.ask("ASK {}").status == 200


# --- updates ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("served") / "store"
    load([data_path("ontology/kg.ttl")], into=made)
    return made


def test_updates_where_they_are_asked_for(folder: Path) -> None:
    with serving("--graph", folder, "--update", "--cors", "https://example.org") as server:
        assert "updates of" in server.said
        asked = "ASK { tool:x a kg:Tool }"
        assert json.loads(server.ask(asked).body)["boolean"] is False
        done = server.update("INSERT DATA { GRAPH source:mine { tool:x a kg:Tool } }")
        assert (done.status, "became" in done.text) == (200, True)
        assert all(json.loads(server.ask(asked).body)["boolean"] for _ in range(8)), "every worker reads it anew"
        body = urlencode({"update": "DELETE DATA { GRAPH source:mine { tool:x a kg:Tool } }"})
        assert server.send("POST", "/sparql", body, Content_Type=FORM).status == 200
        assert json.loads(server.ask(asked).body)["boolean"] is False
        for text, status in (("INSERT oops", 400), ("LOAD <file:///etc/passwd>", 403), ("SELECT * {}", 400)):
            assert server.update(text).status == status
        insert = "INSERT DATA { GRAPH <a:g> { <a:a> <a:b> <a:c> } }"
        assert server.update(insert, Origin="https://evil.test").status == 403
        assert server.update(insert, Origin="null").status == 403
        assert server.update(insert, Origin=server.url).status == 200
        using = urlencode({"update": insert, "using-graph-uri": "a:b"})
        assert server.send("POST", "/sparql", using, Content_Type=FORM).status == 400
        described = server.get("/sparql", Accept="text/turtle").text
        assert "SPARQL11Update" in described


@pytest.mark.parametrize("cors", ["*", "https://example.org"])
def test_a_page_that_may_read_may_not_erase(tmp_path: Path, cors: str) -> None:
    load([data_path("ontology/kg.ttl")], into=tmp_path / "store")
    with serving("--graph", tmp_path / "store", "--update", "--cors", cors) as server:
        before = json.loads(server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)
        form = urlencode({"update": "CLEAR ALL"})
        for page in (
            {"Origin": "https://example.org"},
            {"Origin": "https://evil.test"},
            {"Origin": "null"},
            {"Origin": f"{server.url}.evil.test"},
            {"Origin": server.url.replace(str(server.port), "1")},
            {"Origin": "http://evil.test", "Host": "evil.test"},
            {"Origin": "http://[::1"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ):
            for body, kind in ((form, FORM), ("CLEAR ALL", "application/sparql-update"), (form, "text/plain")):
                told = server.send("POST", "/sparql", body, Content_Type=kind, **page)
                assert told.status in (403, 415, 421), (page, kind)
        refused = server.update("CLEAR ALL", Origin="https://example.org")
        assert "--cors lets pages read, never write" in refused.text
        assert refused.headers["access-control-allow-origin"] == cors, "the page may read why"
        asked = urlencode({"query": "ASK {}"})
        assert server.send("POST", "/sparql", asked, Content_Type=FORM, Origin="https://example.org").status == 200
        assert json.loads(server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body) == before
        insert = "INSERT DATA { GRAPH <a:g> { <a:a> <a:b> <a:c> } }"
        assert server.update(insert).status == 200, "a program says no origin"
        assert server.update(insert, Origin=server.url, Sec_Fetch_Site="same-origin").status == 200
        named = f"localhost:{server.port}"
        assert server.update(insert, Origin=f"http://{named}", Host=named).status == 200


def test_a_name_made_to_point_here_may_not_erase_where_every_name_is_answered(folder: Path) -> None:
    """On all addresses the name in Host is not checked, so that a page could be of the very name it calls us by."""
    with serving("--graph", folder, "--update", "--host", "0.0.0.0") as server:
        text = "CLEAR ALL"
        assert server.update(text, Host="evil.test", Origin="http://evil.test").status == 403
        insert = "INSERT DATA { GRAPH <a:g> { <a:a> <a:b> <a:c> } }"
        assert server.update(insert, Host="behind.a.proxy.example").status == 200
        for own in (f"127.0.0.1:{server.port}", f"{socket.gethostname()}:{server.port}"):
            assert server.update(insert, Host=own, Origin=f"http://{own}").status == 200


# --- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "localhost.evil.test:80", "", "a b", "[::1"])
def test_another_name_for_this_machine_is_not_answered(server: Server, host: str) -> None:
    assert server.get("/", Host=host).status in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8080", "LOCALHOST"])
def test_the_names_of_loopback_are_answered(server: Server, host: str) -> None:
    assert server.get("/robots.txt", Host=host).status == 200


def test_no_other_site_may_read_unless_asked(server: Server) -> None:
    answer = server.send("GET", "/sparql?query=ASK%7B%7D", Origin="https://example.org")
    assert not [name for name in answer.headers if name.startswith("access-control")]
    with serving("--cors", "https://example.org") as shared:
        path = "/sparql?query=ASK%7B%7D"
        assert shared.send("GET", path, Origin="https://example.org").headers["access-control-allow-origin"] == (
            "https://example.org"
        )
        assert "access-control-allow-origin" not in shared.send("GET", path, Origin="https://evil.test").headers


def test_every_answer_carries_its_guards(server: Server) -> None:
    for path in ("/", "/sparql?query=ASK%7B%7D", "/nope", "/assets/console.js", "/sparql?query="):
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
        assert headers["server"] == "career-kg"  # its name, and no version to look faults up for
