"""Real SPARQL servers on a large dataset, and a wire that counts: what `benchmarks.scale` measures."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Wire", "memory_of", "oxigraph", "virtuoso"]

_SETTINGS = Path("/usr/share/virtuoso-opensource-7/virtuoso.ini")


class Wire:
    """A TCP relay on this machine that counts the connections it carries and the bytes each way."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = self.sent = self.received = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def reset(self) -> None:
        """Begin to count anew."""
        self.connections = self.sent = self.received = 0

    def _listen(self) -> None:
        while True:
            near, _ = self._listener.accept()
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self._to))
            for one, other, outward in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._relay, args=(one, other, outward), daemon=True).start()

    def _relay(self, one: socket.socket, other: socket.socket, outward: bool) -> None:
        try:
            while data := one.recv(1 << 16):
                if outward:
                    self.sent += len(data)
                else:
                    self.received += len(data)
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # an end has hung up


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def memory_of(process: int) -> tuple[float, float]:
    """Return the resident memory of a process now, and the most it had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    now, most = (int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1e3 for name in ("VmRSS", "VmHWM"))
    return now, most


def _until_it_answers(url: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@contextmanager
def oxigraph(generation: Path) -> Iterator[tuple[int, int, str]]:
    """Serve a generation of a store folder with Oxigraph's server: its process, its port, the path of its endpoint."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [program, "serve-read-only", "--location", generation, "--bind", f"127.0.0.1:{port}"],
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers(f"http://127.0.0.1:{port}/query", 60)
        yield process.pid, port, "/query"
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def virtuoso(folder: Path, shards: Path, buffers: int = 340_000) -> Iterator[tuple[int, int, str, float]]:
    """Load shards into a new Virtuoso with so many page buffers (8 KB each), and serve them.

    Yields its process, its port, the path of its endpoint, and the seconds that loading took.
    """
    sql, web = free_port(), free_port()
    settings = _SETTINGS.read_text()
    for pattern, text in (
        (r"^(\w+\s*=\s*)/var/lib/virtuoso-opensource-7/(?:db/)?", rf"\g<1>{folder}/"),
        (r"^(ServerPort\s*=\s*)1111$", rf"\g<1>127.0.0.1:{sql}"),
        (r"^(ServerPort\s*=\s*)8890$", rf"\g<1>127.0.0.1:{web}"),
        (r"^(Load\w*\s*=)", r";\g<1>"),
        (r"^(MaxQueryCostEstimationTime\s*=\s*)\d+", r"\g<1>100000"),  # what it thinks takes long, it refuses
        (r"^(NumberOfBuffers\s*=\s*)\d+", rf"\g<1>{buffers}"),
        (r"^(MaxDirtyBuffers\s*=\s*)\d+", rf"\g<1>{buffers * 3 // 4}"),
        (r"^(DirsAllowed\s*=\s*)", rf"\g<1>{shards}, "),
    ):
        settings = re.sub(pattern, text, settings, flags=re.MULTILINE)
    folder.mkdir(parents=True)
    (folder / "vsp").mkdir()
    (folder / "virtuoso.ini").write_text(settings)

    def isql(command: str) -> None:
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={command}"], check=True, capture_output=True
        )

    process = subprocess.Popen(
        ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        _until_it_answers(f"http://127.0.0.1:{web}/sparql?query=ASK%7B%7D", 120)
        start = time.perf_counter()
        isql(f"ld_dir('{shards}', '*.nq.gz', 'urn:unused'); rdf_loader_run(); checkpoint;")
        yield process.pid, web, "/sparql", time.perf_counter() - start
    finally:
        process.kill()
        process.wait(60)
