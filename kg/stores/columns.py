"""Writing a snapshot (`kg.stores.snapshot`): N-Quads go by, chunk after chunk, and become columns.

The lines are those that the engine takes in at the same time, so that nothing is read back from it. What it spells anew
(``01`` as ``1``) is spelt by an engine in memory, each such term once. numpy is imported where it is used.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from itertools import chain
from logging import getLogger
from pathlib import Path
from secrets import token_hex
from shutil import copyfile, rmtree
from typing import TYPE_CHECKING, Any
from zlib import crc32

from pyoxigraph import RdfFormat
from pyoxigraph import Store as Engine

from kg.model.writing import sync_folder
from kg.stores.snapshot import COLUMNS, DEFAULT, FOLDER, MANIFEST, Snapshot

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]

__all__ = ["SnapshotWriter", "copy_snapshot", "make_snapshot"]

_log = getLogger(__name__)

#: A line with a graph: the last term before the full stop. No text ends in one, since texts end in a quotation mark.
_QUAD = re.compile(rb'^(\S+) (\S+) (.*) (<[^<>"\s]*>|_:\S+) \.$', re.MULTILINE)
_TRIPLE = re.compile(rb"^(\S+) (\S+) (.*) \.$")
#: Terms that the engine may spell anew: typed literals, escapes, tags of languages in capitals.
_ANEW = re.compile(rb'"\^\^|\\|@[a-z0-9-]*[A-Z][A-Za-z0-9-]*$')


class _Numbers(dict[bytes, int]):
    """Numbers terms in the order in which they come."""

    def __missing__(self, term: bytes) -> int:
        self[term] = number = len(self)
        return number


class SnapshotWriter:
    """Takes N-Quads in and writes them as columns.

    Parameters
    ----------
    dumped
        The lines are an engine's own. Those that it is given it reads with new names for blank nodes, which only it
        knows: of such no columns are written.
    """

    def __init__(self, *, dumped: bool = False) -> None:
        self._dumped = dumped
        self._numbers = _Numbers()
        self._parts: list[Ints] = []  # a row a quad: subject, predicate, object, graph
        self._left = b""

    def take(self, chunk: bytes) -> bytes:
        """Take in a chunk of whole lines, and return it."""
        import numpy as np

        rows = _QUAD.findall(chunk)
        if len(rows) != chunk.count(b"\n"):
            rows = [_terms(line) for line in chunk.splitlines() if line]
        if rows:
            numbers = map(self._numbers.__getitem__, chain.from_iterable(rows))
            self._parts.append(np.fromiter(numbers, np.int32, 4 * len(rows)).reshape(-1, 4))
        return chunk

    def write(self, data: bytes) -> int:
        """Take in a part of the lines that an engine dumps, which may end anywhere."""
        whole, newline, rest = data.rpartition(b"\n")
        if newline:
            self.take(self._left + whole + newline)
            self._left = rest
        else:
            self._left += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: it is all in memory."""

    def finish(self, generation: Path, old: Path | None = None) -> None:
        """Write the columns into a generation.

        Parameters
        ----------
        old
            The generation that was added to; where that has no columns, or spoilt ones, none are written.

        Raises
        ------
        OSError
            They cannot be written there.
        """
        import numpy as np

        if not self._dumped and any(term[:1] == b"_" for term in self._numbers):
            return
        if old is not None:
            try:
                self._add(Snapshot(old))
            except (OSError, ValueError):
                return
        spelt = self._spell_anew()
        terms = sorted(set(self._numbers).difference(spelt).union(spelt.values()))
        rank = {term: at for at, term in enumerate(terms)}
        ranks = np.fromiter((rank[spelt.get(term, term)] for term in self._numbers), np.int32, len(self._numbers))
        del rank
        self._numbers.clear()
        quads = ranks[np.concatenate([np.zeros((0, 4), np.int32), *self._parts])]
        self._parts.clear()
        s, p, o, g = quads.T
        quads = quads[np.lexsort((g, o, p, s))]
        if len(quads):
            fresh = np.ones(len(quads), bool)
            fresh[1:] = (quads[1:] != quads[:-1]).any(axis=1)
            quads = quads[fresh]
        s, p, o, g = map(np.ascontiguousarray, quads.T)
        folder = generation / FOLDER
        folder.mkdir()
        manifest: dict[str, Any] = {"quads": len(s), "terms": len(terms), "checksums": {}}

        def put(name: str, column: Any) -> None:  # an array
            manifest["checksums"][name] = _save(folder / f"{name}.npy", column.astype(COLUMNS[name], copy=False))

        put("offsets", np.cumsum([0, *map(len, terms)], dtype=np.int64))
        put("terms", np.frombuffer(b"".join(terms), np.uint8))
        edges = np.arange(len(terms) + 1)
        put("outgoing", np.searchsorted(s, edges))
        for name, column in (("predicate", p), ("object", o), ("graph", g)):
            put(f"outgoing-{name}", column)
        order = np.lexsort((g, s, p, o))
        put("incoming", np.searchsorted(o[order], edges))
        for name, column in (("predicate", p), ("subject", s), ("graph", g)):
            put(f"incoming-{name}", column[order])
        text = json.dumps(manifest).encode()
        with (folder / MANIFEST).open("wb") as file:
            file.write(b"%08x\n%b" % (crc32(text), text))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(folder)

    def _add(self, before: Snapshot) -> None:
        """Add what is there already."""
        import numpy as np

        number = self._numbers.__getitem__
        terms = (before.text(term).encode() for term in range(before.terms))
        numbers = np.fromiter(map(number, terms), np.int32, before.terms)
        others = (before.array(f"outgoing-{name}") for name in ("predicate", "object", "graph"))
        self._parts.append(numbers[np.stack([before.subjects, *others], axis=1)])

    def _spell_anew(self) -> dict[bytes, bytes]:
        """Return the terms that the engine spells otherwise, with its spelling."""
        asked = [term for term in self._numbers if _ANEW.search(term)]
        engine = Engine()
        lines = b"".join(b"<a:%d> <a:p> %b .\n" % (at, term) for at, term in enumerate(asked) if term[:1] == b'"')
        engine.load(lines, RdfFormat.N_QUADS, lenient=True)
        found = {}
        for line in (engine.dump(format=RdfFormat.N_QUADS) or b"").splitlines():
            subject, _, spelt, _ = _terms(line)
            if asked[at := int(subject[3:-1])] != spelt:
                found[asked[at]] = spelt
        return found


def copy_snapshot(fresh: Path, old: Path | None) -> None:
    """Put the columns of one generation into another of the same content, by hard links where the disk has them."""
    if old is None or not (old / FOLDER / MANIFEST).is_file():
        return
    (fresh / FOLDER).mkdir()
    for path in (old / FOLDER).iterdir():
        place = fresh / FOLDER / path.name
        try:
            place.hardlink_to(path)
        except OSError:
            copyfile(path, place)
    sync_folder(fresh / FOLDER)


def make_snapshot(engine: Engine, generation: Path) -> Snapshot | None:
    """Make the columns of a generation that has none, or spoilt ones, from the engine; None where that cannot be."""
    fresh = generation / f"{FOLDER}.{token_hex(4)}"
    try:
        fresh.mkdir()
        _log.warning("%s has no columns, or damaged ones; they are made anew, which takes a moment.", generation.parent)
        columns = SnapshotWriter(dumped=True)
        engine.dump(columns, RdfFormat.N_QUADS)  # type: ignore[arg-type]  # it needs write and flush of a file, no more
        columns.finish(fresh)
        rmtree(generation / FOLDER, ignore_errors=True)
        with suppress(OSError):  # another process was first
            (fresh / FOLDER).replace(generation / FOLDER)
        return Snapshot(generation)
    except (OSError, ValueError):
        return None
    finally:
        rmtree(fresh, ignore_errors=True)


def _terms(line: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the terms of a line."""
    if match := _QUAD.match(line):
        return match.groups()  # type: ignore[return-value]  # there are four
    match = _TRIPLE.match(line)
    if match is None:  # the engine reads the same chunk on another thread, and may come to it later
        raise SyntaxError(f"Parser error: {line[:80]!r} is no line of N-Quads")
    return (*match.groups(), DEFAULT.encode())  # type: ignore[return-value]  # as above


def _save(path: Path, column: Any) -> int:
    """Write an array to a file, have the disk take it in, and return the file's checksum."""
    import numpy as np

    with path.open("w+b") as file:
        np.lib.format.write_array(file, column, version=(1, 0), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        found = 0
        while block := file.read(1 << 20):
            found = crc32(block, found)
    return found
