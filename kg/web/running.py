"""Starting and stopping the server."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, MissingExtra, StoreError
from kg.stores.generations import check_pointer
from kg.stores.oxigraph import is_store_folder

if TYPE_CHECKING:
    import uvicorn

__all__ = ["serve"]

#: Seconds in which open requests may end when the server stops.
_FAREWELL = 2


def serve(
    reopen: Callable[[], KnowledgeGraph],
    where: Sequence[str],
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    update: bool = False,
    cors: Sequence[str] = (),
    timeout: float = 30.0,
    max_rows: int = 100_000,
    workers: int = 0,
) -> None:
    """Serve a graph over HTTP until Ctrl-C or SIGTERM.

    Parameters
    ----------
    reopen
        Opens the graph.
    where
        The places it is read from.
    host, port
        The address to listen at; port 0 takes a free one.
    update
        Take SPARQL Update, from its own pages and from programs; `where` must then be one store folder.
    cors
        Origins whose pages may read from it; they may never change it.
    timeout
        Seconds after which a query is ended.
    max_rows
        The most rows or triples of an answer; 0 for all.
    workers
        How many queries run at once; 0 for one for each processor, at least two and at most eight.

    Raises
    ------
    MissingExtra
        starlette or uvicorn is not installed (``pip install 'career-kg[serve]'``).
    BadInput
        A value cannot be used; the port is taken.
    StoreError
        The graph cannot be opened, or cannot be updated.
    """
    _check(cors, timeout, max_rows, workers, port)
    folder = _folder(where) if update else None
    if any(place.startswith(("http://", "https://")) for place in where):
        raise BadInput("That graph is an endpoint, which is served already. Name a file or a store folder.")
    try:
        import uvicorn

        from kg.web.app import make_app
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in ("starlette", "uvicorn"):
            raise
        raise MissingExtra(package, "serve", "kg serve") from None
    from kg.web.guarding import LOOPBACK
    from kg.web.service import Limits, Service

    with _bound(host, port) as listening:
        loopback = _is_loopback(host)
        limits = Limits(timeout=timeout, rows=max_rows, workers=workers or max(2, min(8, os.cpu_count() or 2)))
        service = Service(reopen, limits=limits, folder=folder)
        try:
            service.open()
            names = sorted({*LOOPBACK, host.lower(), socket.gethostname().lower()})
            app = make_app(service, hosts=sorted({*LOOPBACK, host}) if loopback else (), cors=cors, names=names)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                headers=[("Server", "career-kg")],  # a client that knows it takes an uncut answer for the whole
                lifespan="on",
                limit_concurrency=1000,
                timeout_keep_alive=10,
                timeout_graceful_shutdown=_FAREWELL,
            )
            server = uvicorn.Server(config)
            with _stopping(server, service.close):
                _announce(service.graph, host, listening.getsockname()[1], folder, limits.timeout, loopback)
                server.run(sockets=[listening])
        finally:
            service.close()
    _say("Stopped.")


def _check(cors: Sequence[str], timeout: float, max_rows: int, workers: int, port: int) -> None:
    for origin in cors:
        parts = urlsplit(origin)
        if origin != "*" and (parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}"):
            raise BadInput(f'"{origin}" is no origin. Write scheme, name and port, such as https://example.org, or *.')
    if not 0 < timeout < 10**6 or max_rows < 0 or not 0 <= workers <= 64:
        raise BadInput("A limit is out of range: --timeout is above 0, --max-rows at least 0, --workers at most 64.")
    if not 0 <= port <= 65535:
        raise BadInput(f"{port} is no port. Ports go from 0, which takes a free one, to 65535.")


def _folder(where: Sequence[str]) -> Path:
    if len(where) != 1 or not is_store_folder(Path(where[0])):
        for place in where:
            check_pointer(Path(place))
        raise StoreError(
            "Updates need one store folder: `kg load FILE --into FOLDER`, then `kg serve --graph FOLDER --update`."
        )
    return Path(where[0])


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket that listens at the address, before anything else is started."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise BadInput(f'"{host}" is no address of this machine: {error.strerror}. Try --host 127.0.0.1.') from None
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as listening:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(address)
            listening.listen(256)
        except PermissionError:
            raise BadInput(f"Port {port} is not for ordinary users. Name another, such as --port 8080.") from None
        except OSError as error:
            if "in use" in str(error).lower():
                raise BadInput(
                    f"Port {port} of {host} is taken by another program. Name another, such as --port {port + 1}, or "
                    "--port 0 for a free one."
                ) from None
            raise BadInput(f"Nothing can listen at {host}, port {port}: {error.strerror}.") from None
        listening.set_inheritable(False)
        yield listening


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _announce(g: KnowledgeGraph, host: str, port: int, folder: Path | None, timeout: float, loopback: bool) -> None:
    name = f"[{host}]" if ":" in host else host
    mode = f"updates of {folder} are taken" if folder else "read-only"
    _say(f"{g.dataset.name} {g.dataset.version}: {len(g.store):,} quads, {mode}.")
    _say(f"http://{name}:{port}/         pages\nhttp://{name}:{port}/sparql   SPARQL 1.1")
    if not loopback:
        _say("Everyone who can reach this machine can ask it; there is no password.")
    _say(f"Queries end after {timeout:g} seconds. Ctrl-C stops the server.")


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


@contextmanager
def _stopping(server: uvicorn.Server, close: Callable[[], None]) -> Iterator[None]:
    """End the server on Ctrl-C and SIGTERM, and the running queries with it.

    uvicorn's own handling is taken over: it raises the signal again when all is done, which ends the process as if it
    had failed.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        if server.should_exit:
            server.force_exit = True
        server.should_exit = True
        close()

    signals = [number for name in ("SIGINT", "SIGTERM", "SIGBREAK") if (number := getattr(signal, name, None))]
    before = {number: signal.signal(number, stop) for number in signals}
    server.capture_signals = _leave_signals  # type: ignore[method-assign]  # ours are set
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _leave_signals() -> Iterator[None]:
    yield
