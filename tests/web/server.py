"""A `kg serve` of our own, as a user would start it, on a free port of this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
FORM = "application/x-www-form-urlencoded"
#: Runs for longer than anybody waits.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Answer:
    """What the server answered."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], port: int, said: str) -> None:
        self.process = process
        self.port = port
        self.said = said
        self.url = f"http://127.0.0.1:{port}"

    def send(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
        """Send one request; names of headers are written with _ for -."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode() if isinstance(body, str) else body, named)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def ask(self, query: str, accept: str = "", **fields: str) -> Answer:
        """Ask a query by GET."""
        headers = {"Accept": accept} if accept else {}
        return self.get(f"/sparql?{urlencode({'query': query} | fields)}", **headers)

    def update(self, text: str, **headers: str) -> Answer:
        return self.send("POST", "/sparql", text, Content_Type="application/sparql-update", **headers)

    def children(self) -> list[int]:
        """The processes it has started, as Linux tells them."""
        pid = self.process.pid
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))  # noqa: PTH208  (what is there may go on the way)

    def memory(self) -> int:
        """Bytes that it and its workers hold."""
        total = 0
        for pid in (self.process.pid, *self.children()):
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            total += pages * os.sysconf("SC_PAGE_SIZE")
        return total

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def serving(*arguments: str | Path) -> Iterator[Server]:
    """Start `kg serve` with these arguments, wait until it listens, and end it."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = ""
    try:
        until = time.monotonic() + 60
        while "Ctrl-C" not in said and time.monotonic() < until:
            line = process.stderr.readline()
            assert line, f"kg serve ended: {said}"
            said += line
        port = int(re.search(r"http://[\d.]+:(\d+)/", said)[1])  # type: ignore[index]  # it has said where it listens
        yield Server(process, port, said)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
