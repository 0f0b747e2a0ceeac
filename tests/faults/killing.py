"""Work done in a process of its own that may be killed at any moment, without its start counting."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

__all__ = ["killed_after", "preload"]

#: What the work imports; the processes are forks of one that has done so.
LIGHT = [
    "kg.releases.building",
    "kg.exports.datasets",
    "kg.handles.handle",
    "kg.releases.infer",
    "kg.handles.loading",
    __name__,
]
#: What builds, exports and questions import besides, where they are used.
HEAVY = [
    *("kg.exports.csv_tables", "kg.exports.parquet", "kg.stores.preload", "kg.views._page", "kg.views.atlas"),
    *("kg.views.sketch", "jinja2", "jsonschema", "networkx", "numpy", "pyarrow.parquet", "pyvis.network"),
    "scipy.sparse",
]

Work = Callable[..., object]


def preload(*modules: str, heavy: bool) -> None:
    """Say what is imported before the first process starts: the modules that define the work, and what it imports."""
    get_context("forkserver").set_forkserver_preload([*LIGHT, *(HEAVY if heavy else ()), *modules])


def _perform(begun: Connection, work: Work, arguments: tuple[object, ...]) -> None:
    begun.send(None)
    work(*arguments)
    os._exit(0)


def killed_after(
    seconds: float | None, work: Work, *arguments: object, since: Callable[[], bool] | None = None
) -> tuple[bool, float]:
    """Start work and kill it after so many seconds; None lets it end.

    Parameters
    ----------
    since
        Asked over and over: the seconds count from when it is true; without it, from the beginning of the work.

    Returns
    -------
    tuple
        Whether it was at work still, and for how many seconds.
    """
    if not hasattr(main := sys.modules["__main__"], "__spec__"):
        main.__spec__ = None  # of a worker of pytest-xdist; multiprocessing asks for it
    context = get_context("forkserver")
    begun, here = context.Pipe(duplex=False)
    process = context.Process(target=_perform, args=(here, work, arguments))
    process.start()
    here.close()  # a process that ends before it begins is then seen, not waited for
    begun.recv()
    while since is not None and process.is_alive() and not since():
        time.sleep(0.0005)
    start = time.monotonic()
    if seconds is not None:
        time.sleep(seconds)
        assert process.pid is not None
        with suppress(ProcessLookupError):  # it has ended
            os.kill(process.pid, signal.SIGKILL)
    process.join()
    took = time.monotonic() - start
    assert process.exitcode in ((0,) if seconds is None else (0, -signal.SIGKILL)), process.exitcode
    return process.exitcode != 0, took
