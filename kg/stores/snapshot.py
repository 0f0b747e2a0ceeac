"""A generation as columns: every term once, sorted, and every quad as numbers, in two orders.

What a question about two roles needs is read by point look-ups, what one about the whole graph needs in a pass over the
columns, neither through SPARQL nor quad by quad from the engine's tree. It is written with the generation, by the same
transaction (`kg.stores.columns`), and says nothing that the engine does not hold; what people ask in SPARQL is answered
by the engine.

The container is one ``.npy`` file a column: numpy maps it into memory as it is, and so does the standard library, since
it is a short header before the plain numbers. That is why it was chosen: a cold question about two roles would wait
longer for numpy, or pyarrow, than for its answer. ``npz`` cannot be mapped, and Arrow's format asks for pyarrow, which
is no part of the core. A file ``manifest`` beside them tells sizes and the checksum of each; what does not agree with
it is not read.

A term is the text that N-Quads has for it, as the engine writes it. ``outgoing`` orders quads by subject, predicate,
object and graph, ``incoming`` by object, predicate, subject and graph; of the first of these only the places are kept
where each term begins.
"""

from __future__ import annotations

import json
import mmap
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zlib import crc32

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]

__all__ = ["COLUMNS", "DEFAULT", "FOLDER", "MANIFEST", "Snapshot", "term_of"]

#: Where it lies in a generation; the number is that of the format.
FOLDER = "snapshot-1"
MANIFEST = "manifest"
#: Column → the format of its items, as in `struct`.
COLUMNS = {
    "terms": "B",
    "offsets": "q",
    "outgoing": "i",
    "outgoing-predicate": "i",
    "outgoing-object": "i",
    "outgoing-graph": "i",
    "incoming": "i",
    "incoming-predicate": "i",
    "incoming-subject": "i",
    "incoming-graph": "i",
}

#: So many quads are written at a time.
_AT_ONCE = 1 << 16

#: The default graph, which sorts behind texts and before IRIs, and is neither.
DEFAULT = "DEFAULT"

_ESCAPE = re.compile(r'\\(?:([tbnrf"\'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Snapshot:
    """A generation as columns.

    Parameters
    ----------
    folder
        The generation.

    Raises
    ------
    OSError, ValueError
        There is none, or it is not as it was written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        checksum, _, text = (self._folder / MANIFEST).read_bytes().partition(b"\n")
        if checksum != b"%08x" % crc32(text):
            raise ValueError(f"{self._folder / MANIFEST} is not as it was written")
        manifest = json.loads(text)
        self._checksums: dict[str, int] = manifest["checksums"]
        self._views: dict[str, memoryview] = {}
        self._known: dict[int, Any] = {}  # terms that were made, by number
        self.size: int = manifest["quads"]
        self.terms: int = manifest["terms"]
        self._read: set[int] | None = None  # the graphs to read; None for all
        for name in COLUMNS:
            if not name.endswith("graph"):
                self[name]

    def scoped(self, graphs: Iterable[str]) -> Snapshot | None:
        """Return what stands in some graphs, by IRI; None where the columns for that are spoilt."""
        found = Snapshot.__new__(Snapshot)
        found.__dict__.update(self.__dict__)
        for name in ("rows", "subjects", "predicates", "objects", "_outgoing", "_incoming"):
            found.__dict__.pop(name, None)
        found._read = {self.node(graph) for graph in graphs} - {-1}
        return found if self.has_graphs else None

    @cached_property
    def has_graphs(self) -> bool:
        """Whether the columns of the graphs are as they were written; the others are looked at when it is opened."""
        try:
            return bool(self["outgoing-graph"].format and self["incoming-graph"].format)
        except (OSError, ValueError):
            return False

    # --- columns ----------------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> memoryview:
        """Return a column; its checksum is compared when it is first read.

        Raises
        ------
        ValueError
            It is not as it was written.
        """
        if (view := self._views.get(name)) is None:
            with (self._folder / f"{name}.npy").open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            if crc32(mapped) != self._checksums[name]:
                raise ValueError(f"{self._folder / name}.npy is not as it was written")
            begin = 10 + int.from_bytes(mapped[8:10], "little")  # as numpy's format has it, in its version 1.0
            view = self._views[name] = memoryview(mapped)[begin:].cast(COLUMNS[name])  # type: ignore[call-overload]  # one of its formats
        return view

    def array(self, name: str) -> Ints:
        """Return a column as an array of numpy's."""
        import numpy as np

        return np.frombuffer(self[name], dtype=COLUMNS[name])

    @cached_property
    def rows(self) -> npt.NDArray[np.bool_] | slice:
        """Which quads of ``outgoing`` are read: all, or those of the graphs asked for."""
        if self._read is None:
            return slice(None)
        import numpy as np

        return np.isin(self.array("outgoing-graph"), sorted(self._read))

    @cached_property
    def subjects(self) -> Ints:
        """The subject of each quad of ``outgoing``, which is kept as the places where they begin only."""
        import numpy as np

        return np.repeat(np.arange(self.terms, dtype=np.int32), np.diff(self.array("outgoing")))[self.rows]

    @cached_property
    def predicates(self) -> Ints:
        """The predicate of each quad of ``outgoing``."""
        return self.array("outgoing-predicate")[self.rows]

    @cached_property
    def objects(self) -> Ints:
        """The object of each quad of ``outgoing``."""
        return self.array("outgoing-object")[self.rows]

    def quads(self) -> Iterator[Quad]:
        """Yield every quad once, in order."""
        for terms, rows in self._in_blocks():
            made = [*map(term_of, map(self.text, terms))]
            yield from (Quad(made[s], made[p], made[o], made[g]) for s, p, o, g in rows)

    def write(self, file: IO[bytes]) -> None:
        """Write every quad as a line of N-Quads, in order."""
        default = self.find(DEFAULT)
        for terms, rows in self._in_blocks():
            texts = [b"" if term == default else self._bytes(term) + b" " for term in terms]
            file.write(b"".join(b"%b%b%b%b.\n" % (texts[s], texts[p], texts[o], texts[g]) for s, p, o, g in rows))

    def _in_blocks(self) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Yield terms, and quads as places among them; of a block of quads at a time, so that memory holds no more."""
        import numpy as np

        columns = (self.subjects, self.predicates, self.objects, self.array("outgoing-graph")[self.rows])
        for begin in range(0, len(self.subjects), _AT_ONCE):
            rows = np.stack([column[begin : begin + _AT_ONCE] for column in columns], axis=1)
            terms, places = np.unique(rows, return_inverse=True)
            yield terms.tolist(), places.reshape(-1, 4).tolist()

    # --- terms ------------------------------------------------------------------------------------------------------

    def text(self, term: int) -> str:
        """Return a term as N-Quads writes it."""
        offsets = self["offsets"]
        return str(self["terms"][offsets[term] : offsets[term + 1]], "utf-8")

    def iri(self, term: int) -> str:
        """Return the IRI of a term that is one."""
        offsets = self["offsets"]
        return str(self["terms"][offsets[term] + 1 : offsets[term + 1] - 1], "utf-8")

    def term(self, term: int) -> Any:  # a term of any kind
        """Return a term as the engine gives it."""
        if (found := self._known.get(term)) is None:
            found = self._known[term] = term_of(self.text(term))
        return found

    def find(self, text: str) -> int:
        """Return the number of the term that N-Quads writes so; −1 where there is none."""
        wanted = text.encode()
        at = bisect_left(range(self.terms), wanted, key=self._bytes)
        return at if at < self.terms and self._bytes(at) == wanted else -1

    def _bytes(self, term: int) -> bytes:
        offsets = self["offsets"]
        return bytes(self["terms"][offsets[term] : offsets[term + 1]])

    def nodes(self, iris: Iterable[str]) -> list[int]:
        """Return the numbers of the IRIs that are there, in their order."""
        return [found for iri in dict.fromkeys(iris) if (found := self.find(f"<{iri}>")) >= 0]

    def node(self, iri: str) -> int:
        """Return the number of an IRI; −1 where it is not there."""
        return self.find(f"<{iri}>")

    # --- look-ups ---------------------------------------------------------------------------------------------------

    def properties(self, subject: int) -> list[tuple[int, int]]:
        """Return what is said of a node, as predicate and object, each pair once, in order."""
        if subject < 0:
            return []
        begins, predicates, objects, *graphs = self._outgoing
        begin, end = begins[subject], begins[subject + 1]
        pairs = zip(predicates[begin:end], objects[begin:end], strict=True)
        if self._read is None:
            return [*dict.fromkeys(pairs)]
        both = zip(pairs, graphs[0][begin:end], strict=True)
        return [*dict.fromkeys(pair for pair, graph in both if graph in self._read)]

    def objects_of(self, subject: int, predicate: int) -> list[int]:
        """Return the objects of a node under a predicate, each once, in order."""
        return self._others(self._outgoing, subject, predicate)

    def subjects_of(self, predicate: int, target: int) -> list[int]:
        """Return the subjects that have a node under a predicate, each once, in order."""
        return self._others(self._incoming, target, predicate)

    def _others(self, columns: tuple[memoryview, ...], node: int, predicate: int) -> list[int]:
        begin, end = _range(columns, node, predicate)
        others = columns[2]
        if self._read is None:
            return [others[begin]] if end - begin == 1 else [*dict.fromkeys(others[begin:end])]
        both = zip(others[begin:end], columns[3][begin:end], strict=True)
        return [*dict.fromkeys(other for other, graph in both if graph in self._read)]

    @cached_property
    def _outgoing(self) -> tuple[memoryview, ...]:
        return self._columns("outgoing")

    @cached_property
    def _incoming(self) -> tuple[memoryview, ...]:
        return self._columns("incoming")

    def _columns(self, order: str) -> tuple[memoryview, ...]:
        """Return the columns of an order; the graphs only where they are looked at."""
        names = [name for name in COLUMNS if name.startswith(order)]
        return tuple(self[name] for name in names if self._read is not None or not name.endswith("graph"))

    def count(self, order: str, node: int, predicate: int) -> int:
        """Return how many quads have a predicate, and a subject (``outgoing``) or an object (``incoming``)."""
        begin, end = _range(self._outgoing if order == "outgoing" else self._incoming, node, predicate)
        return end - begin

    def pairs(self, predicate: int) -> list[tuple[int, int]]:
        """Return subject and object of every triple with a predicate, each once, in order."""
        import numpy as np

        rows = np.flatnonzero(self.predicates == predicate)
        return [*dict.fromkeys(zip(self.subjects[rows].tolist(), self.objects[rows].tolist(), strict=True))]


def _range(columns: tuple[memoryview, ...], node: int, predicate: int) -> tuple[int, int]:
    """Return where the quads of a node with a predicate begin and end."""
    if node < 0 or predicate < 0:
        return 0, 0
    begins, predicates = columns[0], columns[1]
    begin, end = begins[node], begins[node + 1]
    begin = bisect_left(predicates, predicate, begin, end)
    return begin, bisect_right(predicates, predicate, begin, end)


def term_of(text: str) -> Any:  # a term of any kind
    r"""Return the term that N-Quads writes so.

    Examples
    --------
    >>> term_of("<https://example.org/a>")
    <NamedNode value=https://example.org/a>
    >>> term_of(r'"say \"hello\""@en')
    <Literal value=say "hello" language=en>
    """
    if text[0] == "<":
        if text.startswith("<<("):
            from pyoxigraph import RdfFormat, parse

            (quad,) = parse(f"<a:s> <a:p> {text} .", RdfFormat.N_TRIPLES)
            return quad.object
        return NamedNode(text[1:-1])
    if text[0] == "_":
        return BlankNode(text[2:])
    if text == DEFAULT:
        return DefaultGraph()
    end = text.rindex('"')
    value, rest = text[1:end], text[end + 1 :]
    if "\\" in value:
        value = _ESCAPE.sub(lambda m: _ESCAPED[m[1]] if m[1] else chr(int(m[2] or m[3], 16)), value)
    if not rest:
        return Literal(value)
    return Literal(value, language=rest[1:]) if rest[0] == "@" else Literal(value, datatype=NamedNode(rest[3:-1]))
