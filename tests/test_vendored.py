"""What of others is carried or fetched: what lies here is what their registry has, and nothing else is taken."""

from __future__ import annotations

import io
import sys
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha512
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kg.model.errors import FetchError, MissingExtra
from kg.web import vendored
from kg.web.sparql_page import _classic

ROOT = Path(__file__).parents[1]


def archive() -> bytes:
    """A package in the shape of Oxigraph's."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in (("web.js", b"export class Store {}\n"), ("web_bg.wasm", b"\0asm")):
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """A registry on this machine, which gives what stands in ``content`` and counts in ``asked``."""
    given = {"content": archive(), "asked": b""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given["asked"] += b"."
            self.send_response(200 if given["content"] else 404)
            self.end_headers()
            self.wfile.write(given["content"])

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(vendored, "_OXIGRAPH", f"http://127.0.0.1:{server.server_port}/oxigraph.tgz")
    monkeypatch.setattr(vendored, "_SHA512", sha512(given["content"]).hexdigest())
    yield given
    server.shutdown()
    server.server_close()


def test_the_engine_is_fetched_once(registry: dict[str, bytes], tmp_path: Path) -> None:
    for _ in range(2):
        assert vendored.oxigraph(tmp_path) == ("export class Store {}\n", b"\0asm")
    assert registry["asked"] == b"."


def test_another_engine_is_refused_and_not_kept(registry: dict[str, bytes], tmp_path: Path) -> None:
    registry["content"] += b"\0"
    with pytest.raises(FetchError, match="is not the one known: its checksum differs"):
        vendored.oxigraph(tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_no_engine_to_be_had(registry: dict[str, bytes], tmp_path: Path) -> None:
    registry["content"] = b""
    with pytest.raises(FetchError, match=r"cannot be fetched: .*404.*Go online once, or put that file there"):
        vendored.oxigraph(tmp_path)


def test_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendored, "_OXIGRAPH", "http://127.0.0.1:9/oxigraph.tgz")
    with pytest.raises(FetchError, match="cannot be fetched: there is no connection"):
        vendored.oxigraph(tmp_path)


def test_without_pooch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(MissingExtra, match=r"career-kg\[fetch\]"):
        vendored.oxigraph(tmp_path)


def test_the_checksum_is_that_of_the_registry() -> None:
    known = b64encode(bytes.fromhex(vendored._SHA512)).decode()
    assert known == "zKdgmp1tsrutGzC1lCCywwZRPpLJKaJnKSDWoY2hIhMiwiCRRXNN1DU7WUyTInBvgPKT8Y5N+RgwTL8qKXpLng=="


def test_the_editor_is_unchanged_and_its_licence_is_told() -> None:
    folder = ROOT / "kg" / "web" / "vendor" / "yasqe"
    found = {path.name: b64encode(sha512(path.read_bytes()).digest()).decode() for path in folder.glob("*.min.*")}
    assert found == {
        "yasqe.min.js": "PIi5gA30R6NnV4F/6thZ3oMmdALgAXpm0diS8Qgo/Wahzikb/97prmAjtKqlRgsJ5TfdaPZIaFB6GmuvomcxLg==",
        "yasqe.min.css": "tZkv3q1TtnnJT6A+YCZDOPtO7pvNCaFkiYcQBdyOgVukUPr/0QCNuzDJondLcVz+pu/uVaDt7T6TswMHZIAcBg==",
    }
    assert "MIT licence" in (folder / "LICENSE").read_text()
    assert "kg/web/vendor/yasqe/LICENSE" in (ROOT / "NOTICE").read_text()


def test_a_module_becomes_a_plain_script() -> None:
    module = "export class A {}\nexport function f() { return import.meta.url }\nexport { f as default };\n"
    assert _classic(module) == "class A {}\nfunction f() { return self.location.href }\n\n"
