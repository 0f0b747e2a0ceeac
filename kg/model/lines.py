"""Lines of N-Quads: taken apart, and put into the order in which we write.

The engine writes and reads lines many times faster than Python can ask a term for its parts. So the exports sort the
lines themselves, as bytes, and let the engine turn them into another syntax. Code points and their UTF-8 sort alike, so
the order is that of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, serialize

from kg.model.terms import RDF

__all__ = ["Terms", "lines_of", "quads_in_order", "terms_of", "triples_in_order"]

#: Subject, predicate, object and graph as N-Quads writes them; the default graph is empty.
Terms = tuple[bytes, bytes, bytes, bytes]

_TYPE = f"<{RDF.type}>".encode()


def lines_of(quads: Iterable[Quad]) -> list[bytes]:
    """Return quads as lines of N-Quads, each once, in no particular order."""
    return [*{*(serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)}]


def terms_of(line: bytes) -> Terms:
    r"""Return the terms of a line as our engine writes it: one space between two, and what would break a line escaped.

    Examples
    --------
    >>> terms_of(b'<https://example.org/a> <https://example.org/b> "c d"@en <https://example.org/g> .\n')
    (b'<https://example.org/a>', b'<https://example.org/b>', b'"c d"@en', b'<https://example.org/g>')
    """
    subject, predicate, rest = line.split(b" ", 2)
    if rest[:1] == b'"':  # an IRI holds neither quotes nor spaces, so the last quotation mark ends the text
        end = rest.index(b" ", rest.rindex(b'"'))
    elif rest[:3] == b"<<(":
        end = rest.rindex(b")>>") + 3
    else:
        end = rest.index(b" ")
    return subject, predicate, rest[:end], rest[end + 1 : -3]


def _rank(predicate: bytes) -> bytes:
    """Return what a predicate sorts by: the class comes first, and the end of an IRI before any further letter."""
    return b"" if predicate == _TYPE else predicate[1:-1]


def quads_in_order(lines: Iterable[bytes]) -> list[bytes]:
    """Return lines by graph, subject, predicate (class first) and object; the default graph follows those with IRIs.

    Examples
    --------
    >>> from pyoxigraph import NamedNode
    >>> a, b = NamedNode("https://example.org/a"), NamedNode("https://example.org/b")
    >>> quads_in_order(lines_of([Quad(b, a, a, b), Quad(b, b, b, a)]))[0].startswith(
    ...     b"<https://example.org/b> <https://example.org/b>"
    ... )
    True
    """

    def key(line: bytes) -> tuple[bytes, ...]:
        subject, predicate, value, graph = terms_of(line)
        return (graph or b"DEFAULT", subject, _rank(predicate), value)

    return sorted(lines, key=key)


def triples_in_order(rows: Iterable[Terms]) -> list[bytes]:
    """Return lines of N-Triples, each once, by subject, predicate (the class first) and object."""
    found = {(s, _rank(p), o): b"%b %b %b .\n" % (s, p, o) for s, p, o, _ in rows}
    return [found[key] for key in sorted(found)]
