"""What the server holds: the graph for its pages, worker processes for queries, and the limits of both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

from kg.engine.pool import Pool
from kg.engine.process import SIZE, WorkerReply
from kg.engine.updating import Updated, update
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import QueryStopped, StoreBusy
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Limits", "Service"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take, and how many may run and wait.

    Attributes
    ----------
    timeout
        Seconds, for the query itself; waiting for a worker may take as long again.
    rows
        The most rows or triples of an answer; 0 for all.
    workers
        How many queries run at once, each in a process of its own.
    waiting
        How many more may wait.
    """

    timeout: float = 30.0
    rows: int = 100_000
    workers: int = 2
    waiting: int = 100


class Service:
    """The graph that is served.

    Parameters
    ----------
    reopen
        Opens the graph: now, and again after each update.
    limits
        What a query may take.
    folder
        The store folder that updates change; None where the graph is only read.
    """

    def __init__(self, reopen: Callable[[], KnowledgeGraph], *, limits: Limits, folder: Path | None = None) -> None:
        self._reopen = reopen
        self.limits = limits
        self.folder = folder
        self.graph = reopen()
        self._opened = token_hex(8)  # stands for data whose checksum is not known
        self._pool = Pool(_store(self.graph), size=limits.workers)
        self._threads = ThreadPoolExecutor(max_workers=limits.workers + 4, thread_name_prefix="kg-serve")
        self._free = asyncio.Semaphore(limits.workers)
        self._asking = asyncio.Semaphore(limits.workers)
        self._writing = asyncio.Lock()
        self._waiting = 0
        self.page = lru_cache(maxsize=64)(self._page)

    @property
    def marks(self) -> tuple[str, ...]:
        """What an answer hangs on besides what is asked: the data, how they are read, the day, and who answers."""
        g = self.graph
        data = g.dataset.sha256 or f"opened {self._opened}"
        how = (g.lang, *g.release, str(g.merge_mappings), str(g.inferred), str(g.strict))
        return (version("career-kg"), data, g.as_of.isoformat(), *how)

    def open(self) -> None:
        """Wait until the workers have opened the graph."""
        self._pool.open()

    async def ask(self, text: str, gone: Coroutine[Any, Any, object], **how: object) -> WorkerReply:
        """Ask a query of a worker.

        Parameters
        ----------
        text
            SPARQL.
        gone
            Done when nobody waits for the answer any more; the query then ends.
        **how
            Formats and graphs (`kg.engine.worker.answer`).

        Raises
        ------
        StoreBusy
            Too many wait already, or no worker became free in time.
        QueryError
            The query cannot be parsed or run, is refused, or was ended at its limit.
        """
        await self._wait_for(self._free)
        lease = None
        try:
            lease = self._pool.take()
            worker, limits = lease.worker, self.limits
            asking = asyncio.get_running_loop().run_in_executor(
                self._threads,
                lambda: worker.ask(text, timeout=limits.timeout, limit=limits.rows, size=SIZE, **how),
            )
            leaving = asyncio.create_task(gone)
            both: set[asyncio.Future[Any]] = {asking, leaving}
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if not asking.done():
                    worker.stop()
                return await asking
            except asyncio.CancelledError:
                worker.stop()
                await asyncio.wait({asking})
                raise
            finally:
                leaving.cancel()
        finally:
            if lease is not None:
                self._pool.give(lease)
            self._free.release()

    async def answer(self, work: Callable[[], T]) -> T:
        """Answer a question in a thread, within the limits of queries.

        A thread cannot be ended: where the time is over, whoever asked is told so, and its place stays taken until it
        has ended by itself.

        Raises
        ------
        StoreBusy
            Too many wait already, or no place became free in time.
        QueryStopped
            It took longer than a query may.
        """
        await self._wait_for(self._asking)
        asking = asyncio.get_running_loop().run_in_executor(self._threads, work)
        asking.add_done_callback(self._answered)
        done, _ = await asyncio.wait({asking}, timeout=self.limits.timeout or None)
        if not done:
            raise QueryStopped(
                f"The question took longer than {self.limits.timeout:g} seconds. Ask for less, or give more time with "
                "--timeout."
            )
        return asking.result()

    def _answered(self, asking: asyncio.Future[Any]) -> None:
        self._asking.release()
        if not asking.cancelled():
            asking.exception()  # whoever asked has it, or has gone

    async def _wait_for(self, free: asyncio.Semaphore) -> None:
        if free.locked() and self._waiting >= self.limits.waiting:
            raise StoreBusy(f"{self._waiting} queries are waiting already. Try again in a few seconds.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.timeout or None):
                await free.acquire()
        except TimeoutError:
            raise StoreBusy("All workers are busy with other queries. Try again in a few seconds.") from None
        finally:
            self._waiting -= 1

    async def change(self, text: str) -> Updated:
        """Update the folder, one update at a time, and have everything read it anew.

        Raises
        ------
        QueryError
            The update cannot be parsed or run, is refused, or was ended at its limit.
        StoreError
            The folder cannot be written.
        """
        folder = self.folder
        if folder is None:
            raise TypeError("whoever asks for an update looks first whether there is a folder")
        async with self._writing:
            done = await self.run(lambda: update(folder, text, timeout=self.limits.timeout))
            self.graph = await self.run(self._reopen)  # who still reads the old one keeps it until then
            self._opened = token_hex(8)
            self._pool.renew(_store(self.graph))
            self.page.cache_clear()
        return done

    async def run(self, work: Callable[[], T]) -> T:
        """Do something that takes a while in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _page(self, question: str, names: Sequence[str]) -> str:
        from kg.web.pictures import picture

        return picture(self.graph, question, names)

    def close(self) -> None:
        """End the workers, whatever they do."""
        self._pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _store(g: KnowledgeGraph) -> OxigraphStore:
    if not isinstance(g.store, OxigraphStore):
        raise TypeError("the command line opens stores on Oxigraph only")
    return g.store
