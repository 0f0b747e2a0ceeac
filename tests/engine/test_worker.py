"""Queries run in a process of their own, within limits, and that process can open nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kg.engine.pool import Pool
from kg.engine.process import SIZE, DataPlace, Worker, WorkerReply, source_of
from kg.engine.rendering import read_tsv
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import QueryError, QueryRefused, QueryStopped, StoreError
from kg.stores.oxigraph import OxigraphStore

ROOT = Path(__file__).parents[2]
#: Runs for longer than anybody waits.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HOW = {"limit": 10, "size": SIZE, "table": "tsv", "triples": "nt", "default": None, "named": None}


def ask(worker: Worker, text: str, timeout: float = 30, **how: object) -> WorkerReply:
    return worker.ask(text, timeout=timeout, **HOW | how)


@pytest.fixture(scope="module")
def store(shipped: KnowledgeGraph) -> OxigraphStore:
    assert isinstance(shipped.store, OxigraphStore)
    return shipped.store


@pytest.fixture(scope="module")
def source(store: OxigraphStore) -> DataPlace:
    return source_of(store)


@pytest.fixture(scope="module")
def folder(shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped dataset in a store folder of several files, as after several loads."""
    made = tmp_path_factory.mktemp("folder") / "store"
    store, quads = OxigraphStore(made), [*shipped.store.quads()]
    for part in range(4):
        store.add(quads[part::4])
    return made


@pytest.fixture(scope="module")
def worker(source: DataPlace) -> Iterator[Worker]:
    with Worker(source) as made:
        yield made


def test_rows_are_those_of_the_store(worker: Worker, shipped: KnowledgeGraph) -> None:
    query = "SELECT ?role ?label { ?role a kg:Role ; skos:prefLabel ?label } ORDER BY ?label"
    prefixes = "PREFIX kg: <https://w3id.org/career-kg/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    assert read_tsv(ask(worker, query, limit=0).body) == shipped.store.select(prefixes + query)


@pytest.mark.parametrize(("limit", "complete"), [(5, False), (20, True), (0, True)])
def test_rows_are_limited_and_it_is_said(worker: Worker, limit: int, complete: bool) -> None:
    reply = ask(worker, "SELECT ?r { VALUES ?r { " + " ".join(map(str, range(20))) + " } }", limit=limit)
    assert len(read_tsv(reply.body).rows) == (limit or 20)
    assert reply.head["complete"] is complete


def test_a_folder_is_read_in_a_worker(folder: Path, worker: Worker) -> None:
    query = "SELECT ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p ORDER BY ?p"
    with Worker(DataPlace("folder", str(folder))) as made:
        assert ask(made, query, limit=0).body == ask(worker, query, limit=0).body
        assert ask(made, "SELECT * { tool:python ?p ?o }", limit=0).body


def test_a_generation_that_is_gone_is_named_by_its_folder(folder: Path) -> None:
    gone = DataPlace("generation", str(folder / "generation-999999"))
    with Worker(gone) as made, pytest.raises(StoreError, match=f"at {folder} cannot be opened: .*Check its rights"):
        ask(made, "ASK {}")


def test_triples_are_limited_each_counted_once(worker: Worker) -> None:
    reply = ask(worker, "CONSTRUCT { tool:python a kg:Tool } { ?r a kg:Role ; kg:requires ?item }", limit=1)
    assert reply.head["complete"] is True
    assert ask(worker, "CONSTRUCT WHERE { ?s ?p ?o }", limit=30).head["complete"] is False


def test_an_endless_query_is_ended_and_its_process_with_it(source: DataPlace) -> None:
    began = time.monotonic()
    with Worker(source) as made:
        made.open()
        with pytest.raises(QueryStopped, match=r"ended at its limit of 0\.5 seconds"):
            ask(made, ENDLESS, timeout=0.5)
        assert not made.alive
    assert time.monotonic() - began < 10


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_query_that_needs_too_much_memory_is_ended(source: DataPlace) -> None:
    with Worker(source) as made, pytest.raises(QueryStopped, match="memory, or is nested too deeply"):
        ask(made, "SELECT * { ?s ?p ?o . ?a ?b ?c } ORDER BY ?s ?a", timeout=120)


def test_a_query_that_is_nested_too_deeply_ends_its_process_only(source: DataPlace) -> None:
    with Worker(source) as made, pytest.raises(QueryStopped, match="nested too deeply"):
        ask(made, f"SELECT * {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}")


def test_an_answer_that_is_too_large_is_refused(worker: Worker) -> None:
    with pytest.raises(QueryStopped, match="larger than 1 MiB"):
        ask(worker, "SELECT * { ?s ?p ?o }", limit=0, size=1024**2)
    assert ask(worker, "ASK {}").head["value"] is True


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", QueryRefused),
        ("SELECT * { SERVICE <http://x.test/> {} }", QueryRefused),
        ("SELECT", QueryError),
        ("SELECT (<a:f>(1) AS ?x) {}", QueryError),
    ],
)
def test_errors_travel_and_the_worker_lives_on(worker: Worker, text: str, error: type[QueryError]) -> None:
    with pytest.raises(error, match=r"\w+ .+\."):
        ask(worker, text)
    assert ask(worker, "ASK {}").body == b"true\n"


def test_a_graph_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("not turtle")
    with (
        Worker(DataPlace("file", str(tmp_path / "bad.ttl"))) as made,
        pytest.raises(StoreError, match="cannot be read"),
    ):
        made.open()


def test_a_worker_ends_with_the_process_that_started_it(source: DataPlace) -> None:
    program = (
        "import sys, time\nfrom kg.engine.process import DataPlace, Worker\n"
        "worker = Worker(DataPlace(*sys.argv[1:3])); worker.open(); print(worker.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, source.kind, source.place], cwd=ROOT, capture_output=True, text=True
    )
    pid = int(done.stdout)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return  # it has ended; who adopted it has not looked yet
        time.sleep(0.05)
    pytest.fail("the worker outlives the process that started it")


# --- the second lock --------------------------------------------------------------------------------------------------

#: A worker without the first lock: what is refused when it is read gets to the engine.
UNLOCKED = """
import io, sys
import kg.engine.locking as locking
import kg.engine.worker as worker
import kg.stores.oxigraph as oxigraph
worker.refuse_reaching_out = oxigraph.refuse_outward = lambda text, kind: None
for name in ("forbid_connections", "forbid_files", "bound_memory"):
    if name not in sys.argv[1]:
        setattr(worker, name, lambda: None)
source, sink = io.BytesIO(), io.BytesIO()
how = {"seconds": 30, "limit": 0, "size": 10**6, "table": "json", "triples": "ttl", "default": None, "named": None}
worker.send(source, {"from": sys.argv[2], "place": sys.argv[3]})
worker.send(source, how, sys.argv[4].encode())
source.seek(0)
worker.run(source, sink)
sink.seek(0)
print(worker.receive(sink), worker.receive(sink))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="not every system has these locks")
@pytest.mark.parametrize(
    ("locks", "kind", "asked"),
    [
        ("none", "file", 1),
        ("forbid_connections", "file", 0),
        ("forbid_files", "file", 0),
        ("none", "folder", 1),
        ("forbid_connections", "folder", 0),
    ],
)
def test_a_worker_reaches_no_server_even_if_a_clause_were_overlooked(
    source: DataPlace, folder: Path, locks: str, kind: str, asked: int
) -> None:
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hits.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{server.server_port}/sparql> {{ ?s ?p ?o }} }}"
        place = source.place if kind == "file" else str(folder)
        command = [sys.executable, "-c", UNLOCKED, locks, kind, place, query]
        done = subprocess.run(command, cwd=ROOT, timeout=60, check=True, capture_output=True, text=True)
        assert "'kind': 'open'" in done.stdout
        assert "'kind': 'table'" in done.stdout
    finally:
        server.shutdown()
        server.server_close()
    assert len(hits) == asked


# --- several at once --------------------------------------------------------------------------------------------------


def test_a_pool_replaces_what_was_killed_and_what_is_old(store: OxigraphStore) -> None:
    pool = Pool(store, size=2)
    try:
        first, second = pool.take(), pool.take()
        with pytest.raises(IndexError):
            pool.take()
        first.worker.stop()
        pool.give(first)
        pool.give(second)
        pids = {lease.worker.pid for lease in (first, second)}
        third, fourth = pool.take(), pool.take()
        assert second in (third, fourth)
        pool.renew(OxigraphStore.copy(b"<a:new> <a:new> <a:new> <a:g> ."))  # both are lent, and old when they come back
        pool.give(third)
        pool.give(fourth)
        fifth = pool.take()
        assert fifth.worker.pid not in pids | {third.worker.pid, fourth.worker.pid}
        assert ask(fifth.worker, "ASK { <a:new> ?p ?o }").head["value"] is True
        pool.give(fifth)
    finally:
        pool.close()


def test_a_closed_pool_leaves_no_process(store: OxigraphStore) -> None:
    pool = Pool(store, size=2)
    lent = pool.take()
    workers = [lent.worker, *(lease.worker for lease in pool._idle)]
    pool.close()
    pool.give(lent)
    assert not any(worker.alive for worker in workers)
