"""Quads as TriG and Turtle: sorted, with the prefixes they use, the same bytes on every run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.model.lines import lines_of, quads_in_order, terms_of, triples_in_order
from kg.model.terms import PREFIXES

__all__ = [
    "header",
    "quads_of",
    "sorted_quads",
    "trig_body",
    "turtle_body",
    "without_prefixes",
    "write_trig",
    "write_turtle",
]

#: Where a text in Turtle may use a prefix.
_USES = {name: re.compile(rf"(?:^|[\s^(,]){name}:".encode()) for name in PREFIXES}


def sorted_quads(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads, each once, by graph, subject, predicate (the class first) and object."""
    return [*quads_of(quads_in_order(lines_of(quads)))]


def write_trig(quads: Iterable[Quad]) -> bytes:
    """Return the quads as TriG: nothing is lost."""
    return _headed(trig_body(lines_of(quads)))


def write_turtle(quads: Iterable[Quad]) -> bytes:
    """Return the quads as Turtle: the names of the graphs are lost, each claim still names its source."""
    return _headed(turtle_body(triples_in_order(map(terms_of, lines_of(quads)))))


def quads_of(lines: list[bytes]) -> Iterator[Quad]:
    """Return the quads of lines that the engine wrote, which it need not check."""
    return parse(b"".join(lines), format=RdfFormat.N_QUADS, lenient=True)


def trig_body(lines: list[bytes]) -> bytes | None:
    """Return lines of N-Quads as TriG, with the prefixes of this part of them alone."""
    return serialize(quads_of(quads_in_order(lines)), format=RdfFormat.TRIG, prefixes=PREFIXES)


def turtle_body(lines: list[bytes]) -> bytes | None:
    """Return sorted lines of N-Triples as Turtle, with the prefixes of this part of them alone."""
    return serialize(quads_of(lines), format=RdfFormat.TURTLE, prefixes=PREFIXES)


def _headed(data: bytes | None) -> bytes:
    names, body = without_prefixes(data)
    return header(names) + b"\n" + body


def without_prefixes(data: bytes | None) -> tuple[set[str], bytes]:
    """Return the prefixes that a text uses, and the text without their declarations."""
    if data is None:
        raise TypeError("pyoxigraph returns bytes where no output is given")
    start = 0
    while data.startswith(b"@prefix ", start):
        start = data.index(b"\n", start) + 1
    body = data[start:]
    return {name for name, used in _USES.items() if f"{name}:".encode() in body and used.search(body)}, body


def header(names: Iterable[str]) -> bytes:
    """Return the declarations of prefixes, sorted: their order would change from run to run."""
    return b"".join(sorted(f"@prefix {name}: <{PREFIXES[name]}> .\n".encode() for name in names))
