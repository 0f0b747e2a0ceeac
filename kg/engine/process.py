"""The near end of a worker process: start it, ask it within a time limit, kill it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any, NamedTuple

import kg.model.errors as errors
from kg.engine.locking import MEMORY
from kg.engine.worker import receive, send
from kg.model.errors import QueryStopped, StoreError
from kg.stores.oxigraph import OxigraphStore

__all__ = ["SIZE", "WorkerReply", "DataPlace", "Worker", "source_of"]

#: The most bytes of an answer.
SIZE = 256 * 1024**2
#: Seconds in which a worker must have opened its graph.
_OPENING = 600.0

_START = "import sys; sys.path.append(sys.argv[1]); from kg.engine.worker import main; main()"


class DataPlace(NamedTuple):
    """The graph a worker holds: a folder, a file, or a copy that travels to it.

    Attributes
    ----------
    kind
        ``generation``, the files that a store on disk reads; ``folder``, what a store folder holds when it is opened;
        ``file``; ``copy``; ``nothing`` for what only updates.
    place
        Path of the folder or file.
    quads
        N-Quads of a copy.
    """

    kind: str
    place: str = ""
    quads: bytes = b""


def source_of(store: OxigraphStore) -> DataPlace:
    """Return the content of a store as another process can have it: files by their path, memory as a copy.

    Of a folder it is the generation that the store reads, whatever was loaded since: two processes that are asked about
    one store must not differ. It is there as long as the store is open.
    """
    if store.generation is not None:
        store.settle()
        return DataPlace("generation", str(store.generation.absolute()))
    if store.folder is not None:
        return DataPlace("folder", str(store.folder.absolute()))
    if store.origin is not None:
        return DataPlace("file", str(store.origin))
    return DataPlace("copy", quads=store.dump())


class WorkerReply(NamedTuple):
    """What a worker answered: `head` says of what kind it is and whether it is complete, `body` holds it."""

    head: Mapping[str, Any]
    body: bytes


class Worker:
    """A process that holds a graph; the process starts while the caller does other things.

    Parameters
    ----------
    source
        The graph.
    """

    def __init__(self, source: DataPlace) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own program, by its own interpreter)
            [sys.executable, "-P", "-c", _START, str(Path(__file__).parents[2])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where an engine that runs out of memory prints its stack
            start_new_session=sys.platform != "win32",  # Ctrl-C is the caller's to answer
        )
        self._source = source
        self._stopping = Lock()
        self._ready = False

    @property
    def _pipe_in(self) -> Any:  # IO[bytes]: Popen's own type has None in it
        return self._process.stdin

    @property
    def _pipe_out(self) -> Any:  # as above
        return self._process.stdout

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def open(self) -> None:
        """Have the graph opened, and wait until it is.

        Raises
        ------
        StoreError
            It cannot be opened.
        """
        if self._ready:
            return
        kind, place, quads = self._source
        found, _ = self._exchange({"from": kind, "place": place}, quads, _OPENING)
        if found is None:
            raise StoreError("A worker process ended while it opened the graph. Is there enough memory? Ask again.")
        if found.head["kind"] == "error":
            self.stop()
            raise _raised(found.head)
        self._ready = True

    def ask(self, text: str, *, timeout: float, **how: object) -> WorkerReply:
        """Ask a query, or make an update, and return what is answered.

        Parameters
        ----------
        text
            SPARQL.
        timeout
            Seconds after which the process is killed; 0 for no limit.
        **how
            The further parts of the message (`kg.engine.worker.answer`).

        Raises
        ------
        QueryStopped
            The time limit was reached, or the process ended by itself.
        KgError
            What the worker raised.
        """
        self.open()
        found, timed_out = self._exchange({"seconds": timeout, **how}, text.encode(), timeout)
        if found is None and timed_out:
            raise QueryStopped(
                f"The query was ended at its limit of {timeout:g} seconds. Narrow it (a LIMIT, a bound term, fewer "
                "free patterns), or raise the limit with --timeout."
            )
        if found is None:
            raise QueryStopped(
                f"The query was ended without an answer: it needed more than {MEMORY // 1024**3} GiB of memory, or is "
                "nested too deeply. Narrow it, or split it."
            )
        if found.head["kind"] == "error":
            raise _raised(found.head)
        return found

    def _exchange(self, head: Mapping[str, Any], body: bytes, timeout: float) -> tuple[WorkerReply | None, bool]:
        """Send a message and wait for the reply; return it, or None with whether that was for the time."""
        timed_out = Event()

        def kill() -> None:
            timed_out.set()
            self.stop()

        timer = Timer(timeout, kill)
        timer.daemon = True
        try:
            if timeout:
                timer.start()
            try:
                send(self._pipe_in, head, body)
                found = receive(self._pipe_out)
            except (OSError, ValueError):  # the process ended and its pipes were closed on the way
                found = None
        except BaseException:  # an interrupt: what the process is doing, nobody waits for any more
            self.stop()
            raise
        finally:
            timer.cancel()
        if found is None:
            self.stop()
        return (None if found is None else WorkerReply(*found)), timed_out.is_set()

    def stop(self) -> None:
        """End the process, whatever it does, and let go of its pipes."""
        with self._stopping:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:  # what was still to be written has nowhere to go
                        continue

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _raised(head: Mapping[str, Any]) -> Exception:
    """Return the error a worker told of, as it would be here."""
    kind = getattr(errors, head["error"], StoreError)
    return kind(head["message"])
