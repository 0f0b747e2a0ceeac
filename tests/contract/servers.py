"""Real SPARQL servers for the tests: Oxigraph's, whose program comes with its package, and Virtuoso where installed."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

__all__ = ["Server", "oxigraph", "virtuoso", "virtuoso_is_here"]

_VIRTUOSO_SETTINGS = Path("/usr/share/virtuoso-opensource-7/virtuoso.ini")


class Server(NamedTuple):
    """Where a server answers: queries, updates, and whole graphs."""

    query: str
    update: str
    graphs: str = ""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float) -> None:
    """Wait until the server answers, or fail with what it wrote."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The server at {url} did not start:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Server]:
    """Run Oxigraph's server, empty and in memory, until the block ends."""
    program = Path(sys.executable).with_name("oxigraph")
    base, log = f"http://127.0.0.1:{free_port()}", folder / "oxigraph.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(program), "serve", "--bind", base.removeprefix("http://"), *options], stdout=out, stderr=out
        )
    try:
        _wait(process, f"{base}/query", log, 20)
        yield Server(f"{base}/query", f"{base}/update", f"{base}/store")
    finally:
        process.terminate()
        process.wait(20)


def virtuoso_is_here() -> bool:
    """Whether Virtuoso is installed."""
    return all(map(shutil.which, ("virtuoso-t", "isql-vt"))) and _VIRTUOSO_SETTINGS.is_file()


@contextmanager
def virtuoso(folder: Path, data: Path, max_rows: int = 10_000) -> Iterator[Server]:
    """Run Virtuoso on the quads of an N-Quads file in the folder; it cuts every result at so many rows."""
    sql, base, log = free_port(), f"127.0.0.1:{free_port()}", folder / "virtuoso.log"
    settings = _VIRTUOSO_SETTINGS.read_text()
    for pattern, text in (
        (r"^(\w+\s*=\s*)/var/lib/virtuoso-opensource-7/(?:db/)?", rf"\g<1>{folder}/"),
        (r"^(ServerPort\s*=\s*)1111$", rf"\g<1>127.0.0.1:{sql}"),
        (r"^(ServerPort\s*=\s*)8890$", rf"\g<1>{base}"),
        (r"^(Load\w*\s*=)", r";\g<1>"),
        (r"^(ResultSetMaxRows\s*=\s*)\d+$", rf"\g<1>{max_rows}"),
        (r"^(DirsAllowed\s*=\s*)", rf"\g<1>{folder}, "),
    ):
        settings, changed = re.subn(pattern, text, settings, flags=re.MULTILINE)
        if not changed:
            raise RuntimeError(f"{_VIRTUOSO_SETTINGS} has no line like {pattern}")
    (folder / "virtuoso.ini").write_text(settings)
    (folder / "vsp").mkdir()

    def isql(command: str) -> None:
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={command}"],
            check=True,
            capture_output=True,
            timeout=120,
        )

    with log.open("wb") as out:
        process = subprocess.Popen(
            ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], cwd=folder, stdout=out, stderr=out
        )
    try:
        _wait(process, f"http://{base}/sparql?query=ASK%7B%7D", log, 120)
        isql('grant SPARQL_UPDATE to "SPARQL";')
        isql(f"ld_dir('{data.parent}', '{data.name}', 'urn:unused'); rdf_loader_run(); checkpoint;")
        yield Server(f"http://{base}/sparql", f"http://{base}/sparql")
    finally:
        process.kill()  # its database is thrown away; a query that spins would keep it from ending
        process.wait(60)
