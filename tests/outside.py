"""A guard for tests: nothing but what they allow is connected to, and a server notes what came all the same."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

__all__ = ["Outside", "outside"]


class Outside:
    """The world outside.

    Attributes
    ----------
    url
        The address of a server on this machine, which answers any request. None may come.
    asked
        The requests that came.
    allowed
        Ports of this machine that the test itself may connect to, as those of a server that it started.
    refused
        Addresses that this process tried to connect to, and was kept from.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.allowed: set[int] = set()
        self.refused: list[Any] = []  # as socket.connect takes them

    def check(self) -> None:
        """Fail if anything went out, or would have."""
        assert (self.asked, self.refused) == ([], [])


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Whatever the test does, nothing goes out: of this process by Python, of any process to the server here."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            world.asked.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world = Outside(f"http://127.0.0.1:{server.server_port}/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # as socket.connect takes it
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[1] not in world.allowed:
            world.refused.append(address)
            raise PermissionError(f"a test connects to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded)
    try:
        yield world
        world.check()
    finally:
        server.shutdown()
        server.server_close()
