"""The server starts where it can, says where it cannot, holds many clients, and leaves nothing when it stops."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.handles.opening import open as open_graph
from kg.model.errors import BadInput, StoreError
from kg.web.running import serve
from tests.conftest import Run
from tests.rights import without_privileges
from tests.web.server import ENDLESS, Server, serving

pytestmark = pytest.mark.servers
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")


def gone(pid: int) -> bool:
    """Whether a process has ended, be its parent aware of it or not."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


def wait_until_gone(pids: list[int]) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if all(map(gone, pids)):
            return True
        time.sleep(0.05)
    return False


# --- stopping ---------------------------------------------------------------------------------------------------------


@on_linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("busy", [pytest.param(False, marks=pytest.mark.slow), True], ids=["idle", "busy"])
def test_a_signal_ends_it_cleanly(number: signal.Signals, busy: bool) -> None:
    with serving() as server:
        workers = server.children()
        assert workers
        asking = threading.Thread(target=lambda: _ignore(server))
        if busy:
            asking.start()
            time.sleep(0.5)
        began = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - began < 8
        assert server.process.stderr is not None
        assert server.process.stderr.read() == "Stopped.\n"
        assert wait_until_gone(workers)
        if busy:
            asking.join(20)
        assert not asking.is_alive()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)


def _ignore(server: Server) -> None:
    try:
        server.ask(ENDLESS)
    except OSError:
        return  # the server left in the middle


@on_linux
def test_a_server_that_is_killed_leaves_no_worker() -> None:
    with serving() as server:
        workers = server.children()
        server.process.kill()
        server.process.wait()
        assert wait_until_gone(workers)


# --- starting ---------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_said_plainly(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = run("serve", "--port", port)
    assert (ran.code, ran.out) == (2, "")
    assert f"Port {port} of 127.0.0.1 is taken by another program. Name another" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--port", "70000"), "70000 is no port"),
        (("--host", "no.such.host.invalid"), "is no address of this machine"),
        (("--timeout", "0"), "--timeout is above 0"),
        (("--max-rows", "-1"), "--max-rows at least 0"),
        (("--cors", "example.org"), '"example.org" is no origin'),
        (("--cors", "https://example.org/path"), "is no origin"),
        (("--update",), "Updates need one store folder"),
        (("--update", "--graph", "shipped"), "Updates need one store folder"),
        (("--graph", "https://example.org/sparql"), "is served already"),
        (("--graph", "nowhere.ttl"), 'There is no "nowhere.ttl"'),
    ],
)
def test_what_cannot_be_served_is_said(run: Run, options: tuple[str, ...], said: str) -> None:
    ran = run("serve", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_privileged_port_is_said_plainly() -> None:
    with without_privileges(), pytest.raises(BadInput, match="not for ordinary users"):
        serve(open_graph, (), port=80)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(ImportError, match=r"kg serve needs uvicorn.*career-kg\[serve\]"):
        serve(open_graph, ())


def test_a_store_that_breaks_is_said(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current").write_text("generation-000001")
    with pytest.raises(StoreError, match="cannot be opened"):
        serve(lambda: open_graph(tmp_path / "store"), (str(tmp_path / "store"),), port=0)


def test_it_listens_on_loopback_alone_unless_asked(tmp_path: Path) -> None:
    with serving() as server:
        addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        for address in addresses - {"127.0.0.1", "127.0.1.1"}:
            with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
                socket.create_connection((str(address), server.port), timeout=2)
        assert "no password" not in server.said


# --- many clients -----------------------------------------------------------------------------------------------------

QUERIES = (
    "SELECT ?role { ?role a kg:Role }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "CONSTRUCT { ?r a kg:Role } { ?r a kg:Role }",
    "SELECT ?item (COUNT(?role) AS ?n) { ?role kg:requires ?item } GROUP BY ?item",
    "ASK { role:ai-engineer kg:requires tool:python }",
)
PATHS = ("/", "/search?q=python", "/node?name=AI+Engineer", "/sparql", "/assets/console.js")


def visit(server: Server, seconds: float, seed: int) -> dict[int, int]:
    """Ask one thing after another for some seconds, and count the statuses."""
    seen: dict[int, int] = {}
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        page = chance.random() < 0.1
        answer = server.get(chance.choice(PATHS)) if page else server.ask(chance.choice(QUERIES))
        seen[answer.status] = seen.get(answer.status, 0) + 1
    return seen


def crowd(server: Server, seconds: float) -> dict[int, int]:
    """Have fifty clients at once, and return how many answers there were of each status."""
    total: dict[int, int] = {}
    with ThreadPoolExecutor(50) as threads:
        for seen in threads.map(lambda seed: visit(server, seconds, seed), range(50)):
            for status, number in seen.items():
                total[status] = total.get(status, 0) + number
    return total


@on_linux
@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_fifty_clients_get_no_error_and_leave_nothing(seconds: float) -> None:
    with serving("--timeout", "20") as server:
        crowd(server, 2)  # until everything is loaded
        time.sleep(0.5)
        workers, files, memory = server.children(), server.open_files(), server.memory()
        statuses = crowd(server, seconds)
        assert statuses.keys() == {200}
        assert statuses[200] > 50
        until = time.monotonic() + 15
        while server.open_files() > files + 2 and time.monotonic() < until:
            time.sleep(0.2)  # connections that are kept alive are given up after a while
        assert server.open_files() <= files + 2
        assert server.children() == workers
        assert server.memory() < memory * 1.25 + 64 * 1024**2


@on_linux
def test_a_crowd_of_endless_queries_is_turned_away_and_leaves_nothing() -> None:
    with serving("--timeout", "1", "--workers", "2") as server:
        server.ask("ASK {}")
        files = server.open_files()
        with ThreadPoolExecutor(10) as threads:
            statuses = {answer.status for answer in threads.map(lambda _: server.ask(ENDLESS), range(10))}
        assert statuses <= {503, 504}
        assert 504 in statuses
        assert server.ask("ASK {}").status == 200
        assert len(server.children()) == 2
        time.sleep(0.3)
        assert server.open_files() <= files + 2


@on_linux
def test_a_client_that_leaves_takes_its_query_along() -> None:
    with serving("--timeout", "60", "--workers", "1") as server:
        (before,) = server.children()
        asking = socket.create_connection(("127.0.0.1", server.port))
        query = ENDLESS.replace(" ", "%20").replace("?", "%3F")
        asking.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.5)
        asking.close()
        began = time.monotonic()
        assert server.ask("ASK {}").status == 200
        assert time.monotonic() - began < 10
        assert server.children() != [before]


def test_busy_is_said_with_when_to_come_again() -> None:
    with serving("--timeout", "1", "--workers", "1") as server, ThreadPoolExecutor(8) as threads:
        answers = [*threads.map(lambda _: server.ask(ENDLESS), range(8))]
        busy = [answer for answer in answers if answer.status == 503]
        assert busy
        assert all("All workers are busy" in answer.text and answer.headers["retry-after"] == "5" for answer in busy)


def test_the_server_keeps_quiet_about_what_is_asked(tmp_path: Path) -> None:
    with serving() as server:
        server.ask("SELECT ?secret { ?secret ?p ?o } LIMIT 1")
        server.ask("SELECT oops")
        server.stop()
        assert server.process.stdout is not None
        assert server.process.stderr is not None
        assert (server.process.stdout.read(), server.process.stderr.read()) == ("", "Stopped.\n")


def test_help_needs_no_server_package() -> None:
    program = (
        "import sys; sys.modules['starlette'] = sys.modules['uvicorn'] = None; sys.argv = ['kg', 'serve', '--help']"
    )
    done = subprocess.run([sys.executable, "-c", f"{program}; from kg.cli.start import main; sys.exit(main())"])
    assert done.returncode == 0
