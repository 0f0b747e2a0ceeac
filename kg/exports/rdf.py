"""TriG and Turtle: sorted, with prefixes, the same bytes on every run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, serialize

from kg.terms import PREFIXES, RDF

__all__ = ["sorted_quads", "write_trig", "write_turtle"]


def sorted_quads(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads, each once, by graph, subject, predicate (the class first) and object."""

    def key(quad: Quad) -> tuple[str, str, str, str]:
        predicate = quad.predicate.value
        return (str(quad.graph_name), str(quad.subject), "" if predicate == RDF.type else predicate, str(quad.object))

    return sorted(set(quads), key=key)


def write_trig(quads: Iterable[Quad]) -> bytes:
    """Return the quads as TriG: nothing is lost."""
    return _text(serialize(sorted_quads(quads), format=RdfFormat.TRIG, prefixes=PREFIXES))


def write_turtle(quads: Iterable[Quad]) -> bytes:
    """Return the quads as Turtle: the names of the graphs are lost, each claim still names its source."""
    triples = sorted_quads(Quad(q.subject, q.predicate, q.object) for q in quads)
    return _text(serialize((q.triple for q in triples), format=RdfFormat.TURTLE, prefixes=PREFIXES))


def _text(data: bytes | None) -> bytes:
    """Sort the prefixes, whose order changes from run to run, and drop those that nothing uses."""
    if data is None:
        raise TypeError("pyoxigraph returns bytes where no output is given")
    lines = data.splitlines(keepends=True)
    body = b"".join(line for line in lines if not line.startswith(b"@prefix "))
    used = {match.decode() for match in re.findall(rb"(?:^|[\s^(,])([a-z-]+):", body)}
    header = (line for line in lines if line.startswith(b"@prefix "))
    return b"".join(sorted(line for line in header if line.split()[1].decode().rstrip(":") in used)) + b"\n" + body
