"""Starting the server of tools: over standard input and output, or HTTP on this machine alone."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

__all__ = ["run_http", "run_stdio"]

#: Between which an answer must be allowed to be: less has no room, more is no budget.
_LEAST, _MOST = 1_000, 1_000_000
_HOST = "127.0.0.1"


def _server(graph: Callable[[], KnowledgeGraph], most: int) -> Server[Any]:
    if not _LEAST <= most <= _MOST:
        raise BadInput(f"--max-bytes is {most:,}. Give {_LEAST:,} to {_MOST:,}.")
    try:
        from kg.assistants.server import make_server
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in ("mcp", "mcp_types", "anyio", "uvicorn"):
            raise
        raise MissingExtra("mcp", "mcp", "kg mcp") from None
    logging.getLogger("mcp").setLevel(logging.ERROR)  # it would repeat what is asked
    return make_server(graph, most=most)


def run_stdio(graph: Callable[[], KnowledgeGraph], *, most: int) -> None:
    """Serve whoever started this, over standard input and output, until the input ends.

    Raises
    ------
    MissingExtra
        The SDK is not installed (``pip install 'career-kg[mcp]'``).
    BadInput
        The budget leaves no room, or is none.
    """
    server = _server(graph, most)
    import anyio
    from mcp.server.stdio import stdio_server

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)


def run_http(graph: Callable[[], KnowledgeGraph], *, port: int, most: int) -> None:
    """Serve this machine over streamable HTTP, until Ctrl-C; calls of the server by any other name are refused.

    Raises
    ------
    MissingExtra
        The SDK is not installed.
    BadInput
        The port is taken or none; the budget leaves no room, or is none.
    """
    if not 0 <= port <= 65535:
        raise BadInput(f"{port} is no port. Ports go from 0, which takes a free one, to 65535.")
    server = _server(graph, most)
    import socket

    import uvicorn

    app = server.streamable_http_app(host=_HOST)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, port))
        except OSError as error:
            raise BadInput(f"Nothing can listen at port {port}: {error.strerror}. Name another, or --port 0.") from None
        sys.stderr.write(
            f"http://{_HOST}:{listening.getsockname()[1]}/mcp   Model Context Protocol. Ctrl-C stops it.\n"
        )
        sys.stderr.flush()
        config = uvicorn.Config(app, log_level="error", access_log=False, server_header=False, lifespan="on")
        uvicorn.Server(config).run(sockets=[listening])
