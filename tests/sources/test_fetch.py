"""`kg fetch` against a server on this machine: cut, continued, refused; never half a file under its name."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.model.errors import BadInput, FetchError
from kg.sources.fetch import Fetch, fetch

if TYPE_CHECKING:
    from tests.conftest import Run

pytest.importorskip("pooch", reason="needs the extra fetch")
NAME = "db_29_3_text.zip"


def archive(*, rows: int = 3000, seed: int = 1) -> bytes:
    """An archive in the shape of O*NET's, made up here; large enough to be cut in several places."""
    import random

    made = io.BytesIO()
    noise = random.Random(seed)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        lines = (f"{i:02d}-0000.00\tOccupation {noise.random()}\n" for i in range(rows))
        zipped.writestr(zipfile.ZipInfo("db_29_3_text/Occupation Data.txt"), "O*NET-SOC Code\tTitle\n" + "".join(lines))
    return made.getvalue()


class Mirror:
    """A server that behaves as a test says.

    Attributes
    ----------
    content
        What it serves, by path.
    cuts
        How many bytes to send before hanging up, one for each of the next answers.
    ranges
        The Range header of every request it got.
    """

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.cuts: list[int] = []
        self.ranges: list[str | None] = []
        self.statuses: list[int] = []
        self.redirects: dict[str, str] = {}
        self.validators = True
        self.understands_ranges = True
        self.announces: int | None = None
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                mirror.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        path = request.path
        if path in self.redirects:
            request.send_response(302)
            request.send_header("Location", self.redirects[path])
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        status = self.statuses.pop(0) if self.statuses else 200 if path in self.content else 404
        if status >= 400:
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        whole = self.content[path]
        tag = f'"{hashlib.sha256(whole).hexdigest()[:12]}"'
        start = 0
        if asked and self.understands_ranges and request.headers.get("If-Range") == tag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        body = whole[start:]
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        if self.validators:
            request.send_header("ETag", tag)
        request.send_header("Content-Length", str(len(body) if self.announces is None else self.announces))
        request.end_headers()
        cut = self.cuts.pop(0) if self.cuts else len(body)
        request.wfile.write(body[:cut])
        request.wfile.flush()
        if cut < len(body):
            request.close_connection = True
            request.connection.close()


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setattr("kg.sources.downloading._PAUSE", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Mirror()
    made.content[f"/{NAME}"] = archive()
    yield made
    made.close()


def got(mirror: Mirror, into: Path, **options: Any) -> Fetch:
    return fetch("onet", into=into, mirror=mirror.url, **options)


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_download(mirror: Mirror, tmp_path: Path) -> None:
    found = got(mirror, tmp_path / "new" / "folder")
    sent = mirror.content[f"/{NAME}"]
    assert found.file is not None
    assert found.file.read_bytes() == sent
    assert found.sha256 == hashlib.sha256(sent).hexdigest()
    assert (found.trust, found.downloaded) == ("first", True)
    assert "nothing proves it" in str(found)
    record = found.file.with_name(f"{NAME}.sha256")
    assert record.read_text() == f"{found.sha256}  {NAME}\n", "as sha256sum -c reads it"
    assert left(found.file.parent) == {NAME, record.name}, "nothing of the way is left"


def test_what_is_there_is_checked_and_not_fetched_again(mirror: Mirror, tmp_path: Path) -> None:
    got(mirror, tmp_path)
    again = got(mirror, tmp_path)
    assert (again.trust, again.downloaded, len(mirror.ranges)) == ("recorded", False, 1)
    assert again.file is not None
    again.file.write_bytes(b"damaged")
    mended = got(mirror, tmp_path)
    assert (mended.trust, mended.downloaded) == ("recorded", True)
    assert again.file.read_bytes() == mirror.content[f"/{NAME}"]


@pytest.mark.parametrize("cuts", [[1024], [2048, 20_480], [5120, 5120, 5120]])
def test_a_cut_download_goes_on_where_it_was(mirror: Mirror, tmp_path: Path, cuts: list[int]) -> None:
    mirror.cuts = [*cuts]
    found = got(mirror, tmp_path)
    assert found.file is not None
    assert found.file.read_bytes() == mirror.content[f"/{NAME}"]
    arrived = [int(asked.removeprefix("bytes=").rstrip("-")) for asked in mirror.ranges if asked]
    assert arrived == [sum(cuts[: i + 1]) for i in range(len(cuts))], "asked for the rest, each time"


def test_a_download_goes_on_in_the_next_run(mirror: Mirror, tmp_path: Path) -> None:
    mirror.cuts = [4096, 0, 0, 0]
    with pytest.raises(FetchError, match=r"cannot be fetched: .* what has come is kept"):
        got(mirror, tmp_path)
    assert left(tmp_path) == {f"{NAME}.part", f"{NAME}.part.mark"}, "nothing has the final name"
    assert (tmp_path / f"{NAME}.part").stat().st_size == 4096
    found = got(mirror, tmp_path)
    assert mirror.ranges[-1] == "bytes=4096-"
    assert found.file is not None
    assert found.file.read_bytes() == mirror.content[f"/{NAME}"]


def test_another_file_on_the_server_is_fetched_from_its_beginning(mirror: Mirror, tmp_path: Path) -> None:
    mirror.cuts = [4096, 0, 0, 0]
    with pytest.raises(FetchError, match="cannot be fetched"):
        got(mirror, tmp_path)
    mirror.content[f"/{NAME}"] = archive(seed=2)
    found = got(mirror, tmp_path)
    assert found.file is not None
    assert found.file.read_bytes() == archive(seed=2), "two files never become one"


@pytest.mark.parametrize("lacking", ["validators", "understands_ranges"])
def test_a_server_that_cannot_continue_sends_it_anew(mirror: Mirror, tmp_path: Path, lacking: str) -> None:
    setattr(mirror, lacking, False)
    mirror.cuts = [4096]
    found = got(mirror, tmp_path)
    assert found.file is not None
    assert found.file.read_bytes() == mirror.content[f"/{NAME}"]


def test_a_wrong_checksum_is_refused(mirror: Mirror, tmp_path: Path) -> None:
    wrong = "0" * 64
    with pytest.raises(FetchError, match=f"another SHA-256 than the one given, {wrong}. It was thrown away"):
        got(mirror, tmp_path, sha256=wrong)
    assert left(tmp_path) == set()
    right = hashlib.sha256(mirror.content[f"/{NAME}"]).hexdigest()
    found = got(mirror, tmp_path, sha256=right.upper())
    assert found.trust == "given"
    assert str(found).endswith("Its SHA-256 is the one given.")


def test_a_release_that_was_replaced_is_refused(mirror: Mirror, tmp_path: Path) -> None:
    first = got(mirror, tmp_path)
    assert first.file is not None
    first.file.unlink()
    mirror.content[f"/{NAME}"] = archive(seed=2)
    with pytest.raises(FetchError, match=r"than the one recorded in .*db_29_3_text\.zip\.sha256"):
        got(mirror, tmp_path)
    assert left(tmp_path) == {f"{NAME}.sha256"}


def test_what_is_there_is_kept_where_the_server_has_another(mirror: Mirror, tmp_path: Path) -> None:
    first = got(mirror, tmp_path)
    assert first.file is not None
    with pytest.raises(FetchError, match="another SHA-256 than the one given"):
        got(mirror, tmp_path, sha256="0" * 64)
    assert first.file.read_bytes() == mirror.content[f"/{NAME}"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<!doctype html><title>Sign in</title>", "it sends something that is no zip archive"),
        (b"", "it sends something that is no zip archive"),
        (archive()[:-400], "it sends something that is no zip archive"),
        (
            archive()[:900] + b"x" * 20 + archive()[920:],
            "an archive that is damaged",
        ),
    ],
    ids=["page", "nothing", "short", "damaged"],
)
def test_what_is_no_archive_is_refused(mirror: Mirror, tmp_path: Path, content: bytes, message: str) -> None:
    mirror.content[f"/{NAME}"] = content
    with pytest.raises(FetchError, match=message):
        got(mirror, tmp_path)
    assert left(tmp_path) == set()
    assert len(mirror.ranges) == 1, "it would be no other on the next try"


def test_too_much_is_refused(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.sources.downloading._LARGEST", 10_000)
    with pytest.raises(FetchError, match=r"it announces .* bytes, more than 10,000"):
        got(mirror, tmp_path)
    monkeypatch.setattr("kg.sources.downloading._LARGEST", 1_000_000_000)
    monkeypatch.setattr("kg.sources.downloading._UNPACKED", 10_000)
    with pytest.raises(FetchError, match="an archive of more than 10,000 bytes"):
        got(mirror, tmp_path)
    assert NAME not in left(tmp_path)


def test_a_release_that_is_not_there(mirror: Mirror, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"the server answers 404 Not Found\. Look at https://www\.onetcenter\.org"):
        got(mirror, tmp_path, release="99.9")
    assert (left(tmp_path), len(mirror.ranges)) == (set(), 1)


def test_a_server_that_is_busy_is_asked_again(mirror: Mirror, tmp_path: Path) -> None:
    mirror.statuses = [503, 429]
    assert got(mirror, tmp_path).downloaded
    assert len(mirror.ranges) == 3


def test_redirects_are_followed_but_not_in_circles(mirror: Mirror, tmp_path: Path) -> None:
    mirror.content["/elsewhere.zip"] = mirror.content.pop(f"/{NAME}")
    mirror.redirects[f"/{NAME}"] = "/elsewhere.zip"
    assert got(mirror, tmp_path).downloaded
    mirror.redirects["/db_30_0_text.zip"] = "/db_30_0_text.zip"
    with pytest.raises(FetchError, match="the server leads in circles"):
        got(mirror, tmp_path, release="30.0")


def test_encryption_is_not_given_up_on_the_way(tmp_path: Path) -> None:
    """No server with a certificate stands here: the session is told what one would have answered."""
    import requests

    from kg.sources.downloading import Resuming, Unusable

    class Led(requests.adapters.BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            answer = requests.Response()
            answer.request, answer.url, answer.raw = request, str(request.url), io.BytesIO(archive())
            secure = answer.url.startswith("https://")
            answer.status_code = 302 if secure else 200
            answer.headers["Location"] = "http://mirror.example/db.zip" if secure else ""
            return answer

        def close(self) -> None:
            """Nothing is open."""

    session = requests.Session()
    session.mount("https://", Led())
    session.mount("http://", Led())
    with pytest.raises(Unusable, match="without encryption"):
        Resuming(tmp_path / "db.zip.part")._fetch(session, "https://mirror.example/db.zip")


def test_nobody_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.sources.downloading._PAUSE", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(FetchError, match="the server cannot be reached, or hung up"):
        fetch("onet", into=tmp_path, mirror="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"release": "29"}, '"29" is no release of O\\*NET'),
        ({"release": "19.0"}, "from 20.1 on"),
        ({"release": "../29.3"}, "is no release"),
        ({"form": "mysql"}, "Choose text or excel"),
        ({"sha256": "abc"}, "64 hexadecimal digits"),
    ],
)
def test_what_cannot_be_fetched(options: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=message):
        fetch("onet", into=tmp_path, **options)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(BadInput, match=r'"isco" cannot be fetched. Choose from onet, esco'):
        fetch("isco")  # type: ignore[arg-type]  # wrong on purpose


def test_a_folder_that_cannot_be_written(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match=r"cannot be written: Not a directory\. Name another folder: --into"):
        got(mirror, tmp_path / "file")


def test_a_record_that_is_none(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.sha256").write_text("<html>")
    with pytest.raises(BadInput, match="holds no checksum"):
        got(mirror, tmp_path)


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_says_what_to_do_next(run: Run, mirror: Mirror, tmp_path: Path) -> None:
    ran = run("fetch", "onet", "--into", tmp_path / "a folder", "--mirror", mirror.url)
    assert (ran.code, ran.err) == (0, "")
    assert f"kg load '{tmp_path / 'a folder' / NAME}' --into onet" in " ".join(ran.out.split())
    assert "CC BY 4.0: credit the U.S. Department of Labor" in " ".join(ran.out.split())
    ran = run("fetch", "onet", "--into", tmp_path, "--mirror", mirror.url, "--release", "31.0")
    assert ran.code == 2
    assert "404" in ran.err


@pytest.mark.parametrize("form", ["text", "table", "json", "csv", "html"])
def test_esco_needs_a_person(run: Run, form: str) -> None:
    ran = run("fetch", "esco", "--format", form)
    assert ran.code == 1, "nothing was fetched"
    assert ran.err == ""
    assert "https://esco.ec.europa.eu/en/use-esco/download" in ran.out
    assert "kg load" in ran.out
    if form == "json":
        assert json.loads(ran.out)["rows"][0]["file"] is None


def test_nothing_is_fetched_unless_asked(tmp_path: Path) -> None:
    """Importing, and asking for help, opens no connection."""
    import subprocess
    import sys

    program = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = refuse\n"
        "import kg, kg.sources.fetch, kg.sources.downloading\n"
        "sys.argv = ['kg', 'fetch', '--help']\n"
        "from kg.cli.app import main\n"
        "assert main() == 0 and kg.fetch('esco').file is None\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
