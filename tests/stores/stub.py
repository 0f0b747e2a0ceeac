"""An endpoint for the tests that behaves as told: it cuts, refuses, moves, stalls and breaks off."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

__all__ = ["Asked", "Stub", "said", "serving"]

JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, list[str]]:
        """The parameters, of the form or the address."""
        form = self.body.decode() if "urlencoded" in self.headers.get("content-type", "") else urlsplit(self.path).query
        return parse_qs(form, keep_blank_values=True)

    @property
    def query(self) -> str:
        """The query."""
        return self.fields["query"][0] if "query" in self.fields else self.body.decode()


@dataclass(frozen=True)
class Said:
    """One answer; `length` is what the header claims of it."""

    status: int
    headers: dict[str, str]
    body: bytes
    length: int | None = None


def said(
    status: int = 200,
    body: bytes | str = b"",
    /,
    *,
    length: int | None = None,
    headers: dict[str, str] | None = None,
    **more: str,
) -> Said:
    """Return an answer; a header is named with underscores, or given as it is."""
    text = body.encode() if isinstance(body, str) else body
    return Said(status, {name.replace("_", "-"): value for name, value in (headers or more).items()}, text, length)


@dataclass
class Stub:
    """A SPARQL endpoint on quads.

    Attributes
    ----------
    union
        Whether its default graph is the union of all.
    cut
        Rows after which it silently ends a result; 0 for never.
    says
        Whether it says so, in the header that Virtuoso uses.
    answer
        Answers instead, where it returns anything.
    """

    quads: Iterable[ox.Quad] = ()
    union: bool = True
    cut: int = 0
    says: bool = False
    server: str = "Stub"
    packed: bool = True
    answer: Callable[[Asked], Said | None] = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.store = ox.Store()
        self.store.extend(self.quads)

    @property
    def queries(self) -> list[str]:
        """The queries that came in."""
        return [each.query for each in self.asked]

    def run(self, asked: Asked) -> Said:
        """Answer a query as an endpoint does."""
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
        named: list[ox.NamedNode | ox.BlankNode]
        default = [ox.NamedNode(iri) for iri in asked.fields.get("default-graph-uri", ())]
        named = [ox.NamedNode(iri) for iri in asked.fields.get("named-graph-uri", ())]
        try:
            if default or named:
                found = self.store.query(asked.query, default_graph=default, named_graphs=named)
            else:
                found = self.store.query(asked.query, use_default_graph_as_union=self.union)
        except SyntaxError as error:
            return said(400, str(error), content_type="text/plain")
        headers = {"content_type": JSON, "server": self.server}
        if isinstance(found, ox.QueryTriples):
            triples = [*found]
            cut = triples[: self.cut or None]
            return said(
                200,
                b"".join(f"{t} .\n".encode() for t in cut),
                headers=headers | {"content_type": "application/n-triples"},
            )
        body = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert body is not None
        whole = json.loads(body)
        rows = whole.get("results", {}).get("bindings", [])
        if self.cut and len(rows) > self.cut:
            whole["results"]["bindings"] = rows[: self.cut]
            headers |= {"x_sparql_maxrows": str(self.cut)} if self.says else {}
        return said(200, json.dumps(whole), headers=headers)


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    """Let the stub answer at `Stub.url` until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            stub.asked.append(asked)
            answer = stub.answer(asked) or stub.run(asked)
            text = answer.body
            self.send_response_only(answer.status)
            if stub.packed and text and answer.length is None and "content-encoding" not in answer.headers:
                text = gzip.compress(text)
                self.send_header("Content-Encoding", "gzip")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _answer  # noqa: N815  # the names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        stub.url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()
