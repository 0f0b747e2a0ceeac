"""The endpoint store: what it asks, what it takes for the whole answer, and what it says when things go wrong."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import Message
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

import kg
from kg.handles.handle import KnowledgeGraph, read_day
from kg.handles.opening import open_store
from kg.model.errors import BadInput, KgError, QueryError, StoreError
from kg.model.terms import KG
from kg.names.lookup import EXACT
from kg.stores.client import Client, Reply
from kg.stores.endpoint import EndpointStore
from kg.stores.lexer import names_its_graphs
from kg.stores.oxigraph import OxigraphStore
from kg.stores.rewriting import (
    Construct,
    count_of,
    form_of,
    names_nothing,
    read_construct,
    result_page,
)
from tests.conftest import DAY, Run
from tests.stores.stub import JSON, Asked, Said, Stub, said, serving

EX = "https://example.org/"
ALL = "SELECT ?s ?o { ?s <https://example.org/p> ?o }"
SECRET = "s3cret-t0ken"
NOTHING = '{"head": {"vars": ["s"]}, "results": {"bindings": []}}'


def quads(count: int, graph: str = "g") -> list[Quad]:
    return [
        Quad(NamedNode(f"{EX}s{i}"), NamedNode(EX + "p"), Literal(i % 7), NamedNode(EX + graph)) for i in range(count)
    ]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No secrets of whoever runs the tests."""
    monkeypatch.delenv("KG_ENDPOINT_HEADER", raising=False)
    monkeypatch.delenv("KG_ENDPOINT_TIMEOUT", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses a client would have made."""
    made: list[float] = []
    monkeypatch.setattr("kg.stores.client.time.sleep", made.append)
    return made


@pytest.fixture
def stub(request: pytest.FixtureRequest) -> Iterator[Stub]:
    with serving(Stub(quads(20))) as made:
        yield made


# --- whole answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("says", [True, False], ids=["said", "silent"])
@pytest.mark.parametrize("cut", [100, 1000, 1234])
def test_what_a_server_cuts_is_fetched_in_pages(cut: int, says: bool) -> None:
    everything = quads(3 * cut + 5)
    with serving(Stub(everything, cut=cut, says=says)) as stub:
        store = EndpointStore(stub.url)
        assert Counter(store.select(ALL).rows) == Counter((q.subject, q.object) for q in everything)
        assert set(store.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == {q.triple for q in everything}
        assert set(store.quads()) == set(everything)
        assert len(store) == len(everything)


def test_pages_keep_the_order_asked_and_the_limit() -> None:
    with serving(Stub(quads(950), cut=100)) as stub:
        store = EndpointStore(stub.url)
        found = store.select(f"{ALL} ORDER BY DESC(?o) LIMIT 420 OFFSET 30 # LIMIT 5")
        local = OxigraphStore()
        local.add(quads(950))
        expected = local.select(f"{ALL} ORDER BY DESC(?o) STR(?s) LIMIT 420 OFFSET 30")
    assert found == expected


def test_a_limit_without_an_order_cannot_be_paged_and_is_no_whole_answer() -> None:
    with (
        serving(Stub(quads(950), cut=100)) as stub,
        pytest.raises(QueryError, match="has a LIMIT or OFFSET but no ORDER"),
    ):
        EndpointStore(stub.url).select(f"{ALL} LIMIT 400")


def test_pages_that_do_not_add_up_are_an_error() -> None:
    def nothing_later(asked: Asked) -> Said | None:
        return said(200, NOTHING, content_type=JSON) if "OFFSET 100" in asked.query else None

    message = r"cuts its results at 100 rows, and its pages give 100 of 350\. Ask for less"
    with (
        serving(Stub(quads(350), cut=100, answer=nothing_later)) as stub,
        pytest.raises(StoreError, match=message),
    ):
        EndpointStore(stub.url).select(ALL)


def test_a_short_answer_costs_one_request_and_a_long_one_one_more() -> None:
    with serving(Stub(quads(1500))) as stub:
        store = EndpointStore(stub.url)
        store.select(f"{ALL} LIMIT 50")
        assert len(stub.asked) == 2, "one to find out about the server, one for the rows"
        store.select(ALL)
        assert len(stub.asked) == 4, "the rows, and how many there are"
        assert "COUNT(*)" in stub.queries[-1]
        store.select(ALL)
        assert len(stub.asked) == 5, "so many rows have come whole before"


def test_describe_and_new_blank_nodes_are_not_taken_for_whole_where_a_server_may_cut() -> None:
    for query in ("CONSTRUCT { [] <a:p> ?o } WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o }"):
        with serving(Stub(quads(1200))) as stub, pytest.raises(QueryError, match="cannot be run whole"):
            EndpointStore(stub.url).construct(query)
        with serving(Stub(quads(1200), server="Oxigraph/0.5")) as stub:
            assert len(EndpointStore(stub.url).construct(query)) == 1200
        with serving(Stub(quads(20))) as stub:
            assert len(EndpointStore(stub.url).construct(query)) == 20


def test_a_server_that_says_its_answer_is_partial() -> None:
    answer = said(206, NOTHING, content_type=JSON, x_sql_state="S1TAT")
    with serving(Stub(answer=lambda _: answer)) as stub, pytest.raises(StoreError, match="answered in part only"):
        EndpointStore(stub.url).select(ALL)


# --- the default graph ----------------------------------------------------------------------------------------------


def test_a_default_graph_that_is_no_union_is_made_one() -> None:
    with serving(Stub([*quads(5, "g1"), *quads(9, "g2")], union=False)) as stub:
        store = EndpointStore(stub.url)
        assert len(set(store.select(ALL).rows)) == 9
        assert store.ask("ASK { <https://example.org/s8> ?p ?o }")
        assert len(store.select("SELECT ?g ?s { GRAPH ?g { ?s ?p ?o } }").rows) == 14
        assert len(store) == 14
        assert stub.asked[-1].fields["default-graph-uri"] == [EX + "g1", EX + "g2"]  # sorted: the same bytes each time
        one = store.select(ALL.replace("{", "FROM <https://example.org/g1> {", 1))
        assert len(one.rows) == 5
        assert "default-graph-uri" not in stub.asked[-1].fields


def test_a_default_graph_apart_from_named_ones_is_refused() -> None:
    apart = Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(1), DefaultGraph())
    with (
        serving(Stub([*quads(5), apart], union=False)) as stub,
        pytest.raises(StoreError, match="apart from its named"),
    ):
        EndpointStore(stub.url).select(ALL)


def test_a_server_strict_about_parameters_is_asked_without_them() -> None:
    def strict(asked: Asked) -> Said | None:
        return said(400, "unknown parameter") if "union-default-graph" in asked.fields else None

    with serving(Stub(quads(5), answer=strict)) as stub:
        store = EndpointStore(stub.url)
        assert len(store.select(ALL).rows) == 5
        asked = len(stub.asked)
        assert len(store.select(ALL).rows) == 5
        assert len(stub.asked) == asked + 1


# --- the protocol ---------------------------------------------------------------------------------------------------


def test_a_query_goes_as_a_form_and_bare_only_where_forms_are_refused(stub: Stub) -> None:
    assert EndpointStore(stub.url).ask("ASK { ?s ?p ?o }")
    assert {asked.method for asked in stub.asked} == {"POST"}
    assert all("urlencoded" in asked.headers["content-type"] for asked in stub.asked)
    stub.answer = lambda asked: said(415) if "urlencoded" in asked.headers["content-type"] else None
    stub.asked.clear()
    store = EndpointStore(f"{stub.url}?key=1")
    assert store.ask("ASK { ?s ?p ?o }")
    assert store.ask("ASK { ?s ?p ?o }")
    kinds = [asked.headers["content-type"].partition(";")[0] for asked in stub.asked]
    assert kinds == ["application/x-www-form-urlencoded", *3 * ["application/sparql-query"]], "the first, and two more"
    assert stub.asked[-1].path.startswith("/sparql?key=1&")


def test_results_in_xml_are_read(stub: Stub) -> None:
    xml = (
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head><results>'
        '<result><binding name="s"><literal>a &amp; b</literal></binding></result></results></sparql>'
    )
    hello = stub.run
    stub.answer = lambda asked: (
        said(200, xml, content_type="application/sparql-results+xml") if "kind" not in asked.query else hello(asked)
    )
    assert EndpointStore(stub.url).select("SELECT ?s { ?s ?p ?o }").rows == ((Literal("a & b"),),)


@pytest.mark.parametrize("retry_after", ["", "2", "date", "nonsense"])
def test_a_busy_server_is_asked_again(stub: Stub, pauses: list[float], retry_after: str) -> None:
    busy = iter([429, 503, 503])

    def answer(_: Asked) -> Said | None:
        when = formatdate(time.time() + 3, usegmt=True) if retry_after == "date" else retry_after
        return (
            said(status, "busy", headers={"retry_after": when} if when else {}) if (status := next(busy, 0)) else None
        )

    stub.answer = answer
    assert len(EndpointStore(stub.url).select(ALL).rows) == 20
    assert len(pauses) == 3
    if retry_after == "2":
        assert pauses == [2.0, 2.0, 2.0]
    elif retry_after == "date":
        assert all(1 < pause <= 3 for pause in pauses)
    else:
        assert all(0.25 * 2**i <= pause <= 0.5 * 2**i for i, pause in enumerate(pauses))


def test_a_server_that_stays_busy_is_given_up(stub: Stub, pauses: list[float]) -> None:
    stub.answer = lambda _: said(503, "later")
    with pytest.raises(StoreError, match=r"cannot be asked: status 503, later\. It is busy\. Ask again later\."):
        EndpointStore(stub.url).select(ALL)
    assert 3 <= len(pauses) <= 7
    assert sum(pauses) <= 30
    stub.answer = lambda _: said(429, retry_after="86400")
    with pytest.raises(StoreError, match="status 429"):
        EndpointStore(stub.url).select(ALL)
    assert sum(pauses) <= 30, "a day is too long to wait"


def test_an_update_is_never_repeated(stub: Stub, pauses: list[float]) -> None:
    stub.answer = lambda asked: said(503) if "update" in asked.fields else None
    with pytest.raises(StoreError, match="status 503"):
        EndpointStore(stub.url, update=stub.url).add(quads(1))
    assert len(stub.asked) == 1
    assert not pauses


def test_without_an_address_for_updates_nothing_is_written(stub: Stub) -> None:
    with pytest.raises(StoreError, match=r"is read only here\. Load files with the tools of the server"):
        EndpointStore(stub.url).add(quads(1))
    assert not stub.asked


@pytest.mark.parametrize(
    "text", ["INSERT DATA { <a:s> <a:p> 1 }", "PREFIX a: <a:> # SELECT\nDROP ALL", "LOAD <a:b>", "", "{}", "# ASK"]
)
def test_an_update_never_leaves_as_a_query(stub: Stub, text: str) -> None:
    """Virtuoso would run it."""
    for method in ("select", "construct", "ask"):
        with pytest.raises(QueryError, match="it begins with none of SELECT, CONSTRUCT, ASK and DESCRIBE"):
            getattr(EndpointStore(stub.url), method)(text)
    assert not stub.asked


# --- limits ---------------------------------------------------------------------------------------------------------


def test_an_answer_that_takes_too_long() -> None:
    def slow(_: Asked) -> Said | None:
        time.sleep(0.6)
        return None

    with (
        serving(Stub(answer=slow)) as stub,
        pytest.raises(StoreError, match=r"gave no whole answer within 0\.2 seconds"),
    ):
        EndpointStore(stub.url, timeout=0.2).select(ALL)


def test_an_answer_that_drips_has_no_more_time_than_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        from threading import Thread

        def drip() -> None:
            with listener.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: text/plain\r\n\r\n")
                try:
                    for _ in range(60):
                        connection.sendall(b" ")
                        time.sleep(0.05)
                except OSError:
                    pass

        thread = Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(StoreError, match="gave no whole answer within"):
            EndpointStore(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.4).select(ALL)
        assert time.monotonic() - began < 2
        thread.join()


def test_an_answer_too_large_is_not_read_to_its_end_though_it_came_packed_small() -> None:
    bomb = gzip.compress(b" " * 30_000_000)
    assert len(bomb) < 100_000
    with serving(Stub(answer=lambda _: said(200, bomb, content_type=JSON, content_encoding="gzip"))) as stub:
        client = Client(stub.url, max_bytes=1 << 20)
        with pytest.raises(StoreError, match=r"answers with more than 1 MB\. Ask for less"):
            client.query(ALL, JSON)
        assert client.received < 100_000


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "inf"])
def test_a_time_limit_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TIMEOUT", text)
    with pytest.raises(BadInput, match=r"KG_ENDPOINT_TIMEOUT is .* Give the seconds"):
        EndpointStore("https://example.org/sparql")


# --- who asks -------------------------------------------------------------------------------------------------------


def test_a_header_from_the_environment_is_sent(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_HEADER", f"Authorization: Bearer {SECRET}\nX-Api-Key: k")
    EndpointStore(stub.url).select(ALL)
    assert all(asked.headers["authorization"] == f"Bearer {SECRET}" for asked in stub.asked)
    assert all(asked.headers["x-api-key"] == "k" for asked in stub.asked)


@pytest.mark.parametrize("text", ["no header", "A b: c", ": c", "A: b\x07"])
def test_a_header_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("KG_ENDPOINT_HEADER", text)
    with pytest.raises(StoreError, match="KG_ENDPOINT_HEADER holds no header"):
        EndpointStore("https://example.org/sparql")


def test_user_and_password_come_from_the_address_or_from_netrc(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    EndpointStore(stub.url.replace("//", "//ann:p%40ss@")).select(ALL)
    assert {asked.headers["authorization"] for asked in stub.asked} == {"Basic YW5uOnBAc3M="}
    stub.asked.clear()
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login ann password p@ss\n")
    monkeypatch.setenv("NETRC", str(file))
    EndpointStore(stub.url).select(ALL)
    assert {asked.headers["authorization"] for asked in stub.asked} == {"Basic YW5uOnBAc3M="}
    file.write_text("machine 127.0.0.1 nonsense")
    with pytest.raises(StoreError, match="netrc cannot be read"):
        EndpointStore(stub.url)


def test_no_secret_travels_unencrypted_beyond_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=r"would travel to http://example\.org/sparql unencrypted") as caught:
        EndpointStore(f"http://ann:{SECRET}@example.org/sparql?key={SECRET}")
    assert SECRET not in str(caught.value)
    monkeypatch.setenv("KG_ENDPOINT_HEADER", f"Authorization: Bearer {SECRET}")
    with pytest.raises(StoreError, match="unencrypted"):
        EndpointStore("http://example.org/sparql")
    EndpointStore("https://example.org/sparql")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 418, 500, 502])
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json"])
def test_no_error_tells_a_secret(stub: Stub, monkeypatch: pytest.MonkeyPatch, status: int, kind: str) -> None:
    monkeypatch.setenv("KG_ENDPOINT_HEADER", f"Authorization: Bearer {SECRET}")
    body = f'{{"message": "no: Bearer {SECRET}\\n{SECRET} {"long " * 500}"}}'
    stub.answer = lambda _: said(status, body, content_type=kind)
    with pytest.raises(KgError) as caught:
        EndpointStore(f"{stub.url}?key={SECRET}#{SECRET}").select(ALL)
    assert SECRET not in str(caught.value)
    assert str(caught.value.__cause__ or "").find(SECRET) < 0
    assert len(str(caught.value)) < 350
    assert "\n" not in str(caught.value)
    assert stub.url in str(caught.value)


def test_a_move_within_a_host_keeps_the_query_and_the_secret(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_HEADER", f"Authorization: Bearer {SECRET}")
    for status in (301, 302, 307, 308):
        stub.asked.clear()
        stub.answer = lambda asked, status=status: said(status, location="/there") if asked.path == "/sparql" else None  # type: ignore[misc]  # bound at once
        assert len(EndpointStore(stub.url).select(ALL).rows) == 20
        assert stub.asked[1].path == "/there"
        assert stub.asked[1].method == "POST"
        assert stub.asked[1].headers["authorization"] == f"Bearer {SECRET}"


def test_a_move_to_another_host_leaves_the_secret_behind(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_HEADER", f"Authorization: Bearer {SECRET}")
    with serving(Stub()) as first:  # another port is another origin
        first.answer = lambda _: said(307, location=stub.url)
        assert len(EndpointStore(first.url).select(ALL).rows) == 20
    assert first.asked[0].headers["authorization"]
    assert not any(SECRET in str(asked.headers) for asked in stub.asked)


@pytest.mark.parametrize("target", ["/sparql", "", "file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "https:///x"])
def test_a_move_in_a_circle_or_nowhere(stub: Stub, target: str) -> None:
    stub.answer = lambda _: said(307, location=target)
    with pytest.raises(StoreError, match="redirects"):
        EndpointStore(stub.url).select(ALL)
    assert len(stub.asked) <= 7


def test_a_move_from_https_to_http_is_refused() -> None:
    moved = Message()
    moved["Location"] = f"http://u:{SECRET}@example.org/x?{SECRET}"
    with pytest.raises(StoreError, match=r"redirects to http://example\.org/x, which is unencrypted"):
        Client("https://example.org/")._moved("https://example.org/", Reply(b"", moved), 1)


# --- what goes wrong on the way -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "https://",
        "http://[::1/x",
        "https://a b/",
        "https://example.org:x/",
        "://x",
        "https://h\n/",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(StoreError, match=r"is no address of a SPARQL endpoint\. Name one as https://host/sparql"):
        open_store(url)


def test_a_host_that_nobody_knows() -> None:
    with pytest.raises(StoreError, match=r"https://nowhere\.invalid/sparql cannot be reached: no such host is known"):
        EndpointStore("https://nowhere.invalid/sparql").select(ALL)


def test_a_port_that_nobody_listens_on() -> None:
    with pytest.raises(StoreError, match=r"cannot be reached: nothing listens there\. Start the server"):
        EndpointStore("http://127.0.0.1:1/sparql").select(ALL)


def test_https_where_http_is_spoken(stub: Stub) -> None:
    with pytest.raises(StoreError, match=r"cannot be reached: .*Check that the address wants https"):
        EndpointStore(stub.url.replace("http:", "https:")).select(ALL)
    assert issubclass(ssl.SSLError, OSError)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (said(200, "<html>hello", content_type="text/html; charset=utf-8"), "answers with a web page, not as a SPARQL"),
        (said(200, "hello"), "answers with something without a media type"),
        (said(200, "a,b", content_type="text/csv"), "answers with text/csv"),
        (said(200, NOTHING[:-5], content_type=JSON), "cannot be read: it breaks off or is malformed"),
        (said(200, "nonsense", content_type=JSON), "cannot be read: it breaks off or is malformed"),
        (said(200, '{"head": {}, "boolean": true}', content_type=JSON), "yes or no where a table was asked for"),
        (said(200, NOTHING, length=5000, content_type=JSON), "cannot be read: it breaks off or is no HTTP"),
        (said(200, b"\x1f\x8bnonsense", content_type=JSON, content_encoding="gzip"), "cannot be read"),
        (said(200, gzip.compress(b"x" * 999)[:-9], content_type=JSON, content_encoding="gzip"), "cannot be read"),
        (said(401), r"wants to know who asks \(status 401\)\. Give KG_ENDPOINT_HEADER"),
        (said(404, "<html>", content_type="text/html"), "status 404. There is no endpoint at this address"),
        (said(500, "boom"), "status 500, boom. Ask whoever runs the server"),
        (said(400, "line 1: no\nSPARQL query: …"), r"query cannot be run by .*: line 1: no$"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_that_is_none(stub: Stub, answer: Said, message: str) -> None:
    stub.answer = lambda _: answer
    with pytest.raises(KgError, match=message):
        EndpointStore(stub.url).select(ALL)


def test_what_is_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        from threading import Thread

        def babble() -> None:
            with listener.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b"220 mail.example.org ready\r\n")

        thread = Thread(target=babble)
        thread.start()
        with pytest.raises(StoreError, match="cannot be read: it breaks off or is no HTTP"):
            EndpointStore(f"http://127.0.0.1:{listener.getsockname()[1]}/").select(ALL)
        thread.join()


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library(shipped: KnowledgeGraph) -> Iterator[Stub]:
    """The shipped dataset behind a server that says what it is, as Oxigraph's does."""
    with serving(Stub(shipped.store.quads(), server="Oxigraph/0.5")) as stub:
        yield stub


Question = Callable[[KnowledgeGraph], object]


@pytest.mark.parametrize(
    ("question", "requests", "kilobytes"),
    [
        (lambda g: kg.overlap(g, "AI Engineer", "ML Engineer"), 3, 60),
        # One more for what holding shows, and in a plan one for how many roles require each thing.
        (lambda g: kg.gap(g, "AI Engineer", from_="ML Engineer"), 4, 120),
        (lambda g: kg.gap(g, "AI Engineer", held=["Python", "SQL", "Docker", "statistics", "AI-102"]), 4, 100),
        (lambda g: kg.plan(g, "AI Engineer", from_="ML Engineer"), 5, 170),
        (lambda g: kg.path(g, "Data Analyst", "MLOps Engineer", via=["leads_to"]), 3, "leadsTo"),
        (lambda g: kg.why(g, "AI Engineer", "Python"), 3, 60),
        (lambda g: kg.disagree(g, "AI Engineer", "ML Engineer"), 3, 60),
        (lambda g: kg.show(g, "AI-102"), 3, 20),
        (lambda g: kg.find(g, "sklearn"), 3, 4),
        (lambda g: kg.list(g, "roles"), 3, "role"),
    ],
    ids=["overlap", "gap from", "gap held", "plan", "path", "why", "disagree", "show", "find", "list"],
)
def test_a_question_costs_few_requests_and_little_travels(
    library: Stub, shipped: KnowledgeGraph, question: Question, requests: int, kilobytes: int | str
) -> None:
    """What reads all roles, or all transitions, may read one or two kilobytes for each."""
    library.asked.clear()
    g = kg.open(library.url, as_of=DAY)
    answer = question(g)
    assert str(answer) == str(question(shipped))
    store = g.store
    assert isinstance(store, EndpointStore)
    assert len(library.asked) == store.client.requests <= requests
    if kilobytes == "role":
        kilobytes = len(shipped.index.of_kind("role"))
    elif isinstance(kilobytes, str):
        said = shipped.store.select(f"SELECT DISTINCT ?a ?b {{ ?a <{KG.leadsTo}> ?b }}")
        kilobytes = 2 * len(said.rows)
    assert store.client.received < kilobytes * 1000


def test_a_name_asks_for_no_other_names(library: Stub) -> None:
    library.asked.clear()
    g = kg.open(library.url, as_of=DAY)
    assert g.resolve("sci-kit  LEARN").label == "scikit-learn"
    assert len(library.asked) == 2
    assert isinstance(g.store, EndpointStore)
    assert g.store.client.received < 2000


def test_all_names_are_never_read(library: Stub, shipped: KnowledgeGraph) -> None:
    library.asked.clear()
    g = kg.open(library.url, as_of=DAY)
    for text in ("machin learning", "Pyhton", "Terraform Associate", "PMLE", "COF-C02", "ML engneer"):
        assert kg.find(g, text).rows() == kg.find(shipped, text).rows()
    assert kg.find(g, "cloud archtecture").hits[0].node == kg.find(shipped, "cloud archtecture").hits[0].node
    kg.find(g, "nothing of that name at all")
    assert not [query for query in library.queries if "?node ?class ?property ?name" in query]
    assert len([query for query in library.queries if "LIMIT 400" in query]) <= 8


#: Letters that the query folds as `fold` does: rarer ones, such as ligatures, are looked up on stores at hand only.
NAMES = st.text(st.sampled_from("abcdeXYZ 0129+#.-!'éàüñçÉÜß"), max_size=12)


@pytest.fixture(scope="module")
def named() -> Iterator[Stub]:
    with serving(Stub(server="Oxigraph/0.5")) as stub:
        yield stub


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(NAMES, st.sampled_from(["café", "Cafe", "CAFÉ!", "C++", "C", "straße", "Straße", ".NET"])), max_size=6
    ),
    st.data(),
)
def test_any_name_is_found_as_on_a_store_at_hand(named: Stub, names: list[str], data: st.DataObject) -> None:
    """Texts that only look alike after folding, and texts with anything in them."""
    label, kind = (
        NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    )
    local = OxigraphStore()
    found = []
    for i, name in enumerate(names):
        node = NamedNode(f"{EX}n{i}")
        found += [Quad(node, label, Literal(name, language="en")), Quad(node, kind, NamedNode(str(kg.KG.Skill)))]
    local.add(found)
    named.store.clear()
    named.store.extend(found)
    text = data.draw(
        st.one_of(NAMES, st.sampled_from(names or ["x"]), st.sampled_from(["cafe", "strasse", "net", "c"]))
    )
    here, there = (KnowledgeGraph(store, as_of=read_day(DAY)) for store in (local, EndpointStore(named.url)))
    exactly = [row for row in kg.find(here, text, limit=99).rows() if row["match"] in EXACT]
    assert [row for row in kg.find(there, text, limit=99).rows() if row["match"] in EXACT] == exactly


# --- the command line -----------------------------------------------------------------------------------------------


def test_a_command_takes_an_address(library: Stub, run: Run) -> None:
    local = run("overlap", "AI Engineer", "ML Engineer", "--as-of", DAY)
    remote = run("overlap", "AI Engineer", "ML Engineer", "--as-of", DAY, "--graph", library.url)
    assert remote == local
    assert remote.code == 0


def test_an_endpoint_is_not_copied_to_be_combined(library: Stub, run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("<a:s> <a:p> <a:o> .")
    library.asked.clear()
    found = run("show", "Python", "--as-of", DAY, "--graph", library.url, "--graph", own)
    assert (found.code, found.out) == (2, "")
    assert "An endpoint cannot be combined with another graph" in found.err
    assert not library.asked


def test_a_command_says_what_is_wrong_with_an_address(run: Run) -> None:
    found = run("show", "Python", "--graph", f"http://ann:{SECRET}@127.0.0.1:1/sparql")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("http://127.0.0.1:1/sparql cannot be reached: nothing listens there.")
    assert SECRET not in found.err


# --- the text of a query --------------------------------------------------------------------------------------------

TEXTS = [
    "SELECT ?s WHERE { ?s ?p ?o }",
    "PREFIX ask: <https://example.org/>\n# CONSTRUCT\nSELECT ?s { ?s ask:p 'ORDER BY } LIMIT 3' }",
    'BASE <a:b> SELECT DISTINCT ?s { ?s ?p """}\nLIMIT 1""" . FILTER(?s != <a:LIMIT/3>) } ORDER BY ?s',
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_query_is_is_not_told_from_its_strings_comments_and_iris(text: str) -> None:
    assert form_of(text) == "SELECT"
    assert not names_its_graphs(text)
    store = OxigraphStore()
    store.add(quads(30))
    whole = store.select(text.replace("'ORDER BY } LIMIT 3'", "?o").replace('"""}\nLIMIT 1"""', "?o"))
    query = text.replace("'ORDER BY } LIMIT 3'", "?o").replace('"""}\nLIMIT 1"""', "?o")
    pages = [store.select(result_page(query, ["s"], 7, at)).rows for at in range(0, 35, 7)]
    assert sorted(map(str, whole.rows)) == sorted(str(row) for page in pages for row in page)
    (count,) = store.select(count_of(query)).dicts()
    assert count["kg_rows"] == len(whole.rows)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?o",
        "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?o HAVING (COUNT(*) > 4) ORDER BY DESC(?n)",
        "SELECT ?s ?o { ?s ?p ?o } ORDER BY DESC(?o) STR(?s) LIMIT 20 OFFSET 3",
        "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o DESC(STR(?s)) OFFSET 3 LIMIT 20",
        "SELECT ?s ?o FROM <https://example.org/g> { ?s ?p ?o }",
        "SELECT ?s ?g FROM NAMED <https://example.org/g> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s ?o { ?s ?p ?o } VALUES ?o { 1 2 }",
        "SELECT ?s ?x { { SELECT ?s { ?s ?p ?o } LIMIT 30 } OPTIONAL { ?s <a:x> ?x } }",
        "SELECT * { ?s ?p ?o # a comment at the end\n} # LIMIT 1",
    ],
)
def test_pages_of_a_query_are_the_query(query: str) -> None:
    store = OxigraphStore()
    store.add(quads(30))
    whole = store.select(query)
    pages = [store.select(result_page(query, whole.columns, 4, at)) for at in range(0, 36, 4)]
    assert {page.columns for page in pages} == {whole.columns}
    assert Counter(row for page in pages for row in page.rows) == Counter(whole.rows)
    (count,) = store.select(count_of(query)).dicts()
    assert count["kg_rows"] == len(whole.rows)


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT FROM <https://example.org/g> WHERE { ?s ?p ?o }",
        "PREFIX e: <https://example.org/>\nCONSTRUCT { ?s a e:Thing ; ?q ?o . e:x e:y ?o } WHERE "
        "{ ?s ?p ?o OPTIONAL { ?s e:q ?q } }",
        "CONSTRUCT { ?o <a:p> ?s } WHERE { ?s ?p ?o }",  # a literal is no subject
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 5",
    ],
)
def test_a_construct_is_the_select_of_its_template(query: str) -> None:
    store = OxigraphStore()
    store.add([*quads(12), Quad(BlankNode("b"), NamedNode(EX + "p"), BlankNode("c"), NamedNode(EX + "g"))])
    asked = read_construct(query)
    assert asked
    table = store.select(asked.select)
    assert set(asked.fill(table.columns, table.rows)) == set(store.construct(query))


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { _:b <a:p> ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { [] <a:p> ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s <a:p> (1 2) } WHERE { ?s ?p ?o }",
        "CONSTRUCT { <a:s> <a:p> <a:o> } WHERE { ?s ?p ?o }",
        "DESCRIBE ?s { ?s ?p ?o }",
        "CONSTRUCT",
    ],
)
def test_a_construct_that_is_no_such_select(query: str) -> None:
    assert read_construct(query) is None


def test_a_template_filled_with_anything_stays_a_template() -> None:
    made = Construct("", "", "?s <a:p> ?o")
    for text in ('"} } DROP ALL', "\\", "\n", "'''"):
        assert made.fill(["o", "s"], [(Literal(text), NamedNode("a:s"))]) == (
            Triple(NamedNode("a:s"), NamedNode("a:p"), Literal(text)),
        )


def test_a_query_about_everything_is_known_by_its_variables() -> None:
    assert names_nothing("PREFIX a: <b:c> SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s")
    assert not names_nothing("PREFIX a: <b:c> SELECT * { ?s a:p ?o }")
    assert not names_nothing("SELECT * { ?s ?p <a:b> }")
