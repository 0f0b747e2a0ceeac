"""The process in which queries run: it holds the graph, answers one query at a time, and may be killed at any moment.

Before it opens its graph a worker gives up connections, and then, as far as the system has such locks, files and memory
without bounds (`kg.engine.locking`).

Messages go both ways over the standard streams: two lengths, a head in JSON, a body of bytes. `kg.engine.process`
is the other end. Started by `kg.engine.process`, never by hand.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions

from kg.engine.locking import bound_memory, forbid_connections, forbid_files
from kg.engine.reading import explain, kind_of, refuse_reaching_out
from kg.engine.rendering import table_as, triples_as, truth_as
from kg.model.errors import KgError, QueryError, QueryRefused, QueryStopped, StoreError
from kg.model.terms import PREFIXES
from kg.stores.generations import damage, is_store_folder
from kg.stores.oxigraph import OxigraphStore

__all__ = ["answer", "main", "receive", "run", "send"]

#: Seconds after its limit at which a worker whose parent is gone ends itself.
_GRACE = 5

Head = dict[str, Any]  # a message's head: plain values


def send(stream: IO[bytes], head: Mapping[str, Any], body: bytes = b"") -> None:
    """Write a message."""
    said = json.dumps(head).encode()
    stream.write(struct.pack(">IQ", len(said), len(body)) + said)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Head, bytes] | None:
    """Read a message; None where the other side has ended, be it in the middle of one."""
    lengths = stream.read(12)
    if len(lengths) < 12:
        return None
    said, carried = struct.unpack(">IQ", lengths)
    head, body = stream.read(said), stream.read(carried)
    if len(head) < said or len(body) < carried:
        return None
    return json.loads(head), body


class _Enough(Exception):
    """The limit of rows is reached."""


class _Rows:
    """A file that takes so many lines of SPARQL TSV, header aside, and then no more."""

    def __init__(self, most: int, size: int) -> None:
        self._left = most + 1 if most else -1
        self._size = size
        self._taken = bytearray()
        self.complete = True

    def write(self, data: bytes) -> int:
        if not self.complete:
            return len(data)  # the engine empties its buffer once more
        if self._left < 0 or (lines := data.count(b"\n")) <= self._left:
            self._left -= 0 if self._left < 0 else lines
            self._taken += data
        else:
            end = 0
            for _ in range(self._left):
                end = data.index(b"\n", end) + 1
            self._taken += data[:end]
            self.complete = False
            raise _Enough
        if len(self._taken) > self._size:
            self.complete = False
            raise QueryStopped(
                f"The answer is larger than {self._size // 1024**2} MiB. Ask for fewer rows (LIMIT) or columns."
            )
        return len(data)

    def flush(self) -> None:
        """Do nothing: it is all in memory."""

    @property
    def taken(self) -> bytes:
        return bytes(self._taken)


def answer(store: OxigraphStore, head: Mapping[str, Any], text: str) -> tuple[Head, bytes]:
    """Answer a query.

    Parameters
    ----------
    store
        The graph.
    head
        ``limit``, the most rows or triples (0 for all); ``size``, the most bytes; ``table`` and ``triples``, the format
        of each, or None where the caller can use none; ``default`` and ``named``, IRIs of the graphs to read or None.
    text
        SPARQL.

    Returns
    -------
    tuple
        Kind (table, triples or boolean), number of rows, whether they are all; and the answer in that format.

    Raises
    ------
    QueryError
        It cannot be parsed or run, or is refused.
    """
    if kind_of(text) == "update":
        raise QueryRefused(
            "This is an update, and here the graph is only read. Updates go to a store folder, with --update."
        )
    refuse_reaching_out(text, "query")
    default, named = (
        None if graphs is None else [NamedNode(iri) for iri in graphs] for graphs in (head["default"], head["named"])
    )
    limit, wanted = int(head["limit"]), {"boolean": head["table"], "table": head["table"], "triples": head["triples"]}
    try:
        found = store.run(text, prefixes=PREFIXES, default_graph=default, named_graphs=named)
        kind = "table" if isinstance(found, QuerySolutions) else "triples"
        kind = "boolean" if isinstance(found, QueryBoolean) else kind
        if (form := wanted[kind]) is None:
            return {"kind": "unacceptable", "form": kind}, b""
        if isinstance(found, QueryBoolean):
            return {"kind": kind, "value": bool(found)}, truth_as(form, bool(found))
        if isinstance(found, QuerySolutions):
            rows = _Rows(limit, int(head["size"]))
            try:
                found.serialize(rows, format=QueryResultsFormat.TSV)  # type: ignore[arg-type]  # it needs write and flush of a file, no more
            except _Enough:
                pass
            except OSError:
                if rows.complete:
                    raise
            return {"kind": kind, "complete": rows.complete}, table_as(form, rows.taken)
        triples: dict[Any, None] = {}
        for triple in found:
            if limit and len(triples) == limit and triple not in triples:
                return {"kind": kind, "complete": False}, triples_as(form, triples)
            triples[triple] = None
        return {"kind": kind, "complete": True}, triples_as(form, triples)
    except SyntaxError:
        raise explain(text, "query") from None
    except (RuntimeError, ValueError, OSError) as error:
        if isinstance(error, KgError):
            raise
        if damage(error):
            place = store.folder or (_store_of(store.generation) if store.generation else "memory")
            raise StoreError(f"The store at {place} is damaged: {error}. Delete it and `kg load` anew.") from None
        raise QueryError(f"This SPARQL cannot be run: {error}.") from None


def change(head: Mapping[str, Any], text: str) -> tuple[Head, bytes]:
    """Change a store folder, and return the number of its quads before and after."""
    if kind_of(text) == "query":
        raise QueryError("This is a query, not an update. Ask it without --update.")
    refuse_reaching_out(text, "update")
    store = OxigraphStore(Path(head["folder"]))
    before, derived = len(store), store.holds_inferred
    try:
        store.update(text, prefixes=PREFIXES)
    except SyntaxError:
        raise explain(text, "update") from None
    except (RuntimeError, ValueError) as error:
        if isinstance(error, KgError):
            raise
        raise QueryError(f"This SPARQL cannot be run: {error}.") from None
    return {"kind": "updated", "before": before, "after": len(store), "dropped": derived}, b""


def _open(head: Mapping[str, Any], body: bytes) -> OxigraphStore | None:
    """Open the graph a worker is to hold; none for one that only updates."""
    if head["from"] == "nothing":
        return None
    if head["from"] == "copy":
        return OxigraphStore.copy(body)
    if head["from"] == "file":
        return OxigraphStore.read(Path(head["place"]))
    if head["from"] == "generation":
        from kg.stores.combined import CombinedStore

        place = Path(head["place"])
        try:
            return CombinedStore(place)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The store at {_store_of(place)} cannot be opened: {error}. Check its rights, or delete it and "
                "`kg load` anew."
            ) from None
    return OxigraphStore(Path(head["place"]))


def _store_of(generation: Path) -> Path:
    """Return what a user calls the place of a generation: the store folder where it lies in one."""
    return generation.parent if is_store_folder(generation.parent) else generation


def run(source: IO[bytes], sink: IO[bytes]) -> None:
    """Open the graph that the first message names, then answer message after message until there is none."""
    first = receive(source)
    if first is None:
        return
    try:
        forbid_connections()
        store = _open(*first)
        if store is not None:
            bound_memory()
        if store is not None and store.generation is None:
            forbid_files()
        send(sink, {"kind": "open"})
    except Exception as error:
        send(sink, _told(error))
        return
    while (message := receive(source)) is not None:
        head, body = message
        if hasattr(signal, "setitimer") and head["seconds"]:
            signal.setitimer(signal.ITIMER_REAL, head["seconds"] + _GRACE)
        try:
            text = body.decode()
            said, carried = change(head, text) if store is None else answer(store, head, text)
        except Exception as error:
            said, carried = _told(error), b""
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        send(sink, said, carried)


def _told(error: Exception) -> Head:
    """Return an error as a message."""
    if isinstance(error, MemoryError):
        error = QueryStopped("The query needed too much memory, and was ended.")
    ours = isinstance(error, KgError)
    return {
        "kind": "error",
        "error": type(error).__name__ if ours else "StoreError",
        "message": str(error) if ours else f"{type(error).__name__}: {error}",
    }


def main() -> None:
    """Serve the process that started this one, over its standard streams."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what else is printed must not stand between the messages
    run(sys.stdin.buffer, sink)
