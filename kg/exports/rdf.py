"""RDF in its plain syntaxes, of any size: sorted, with prefixes, the same bytes on every run.

A small dataset is written in one piece. One of any size is written part by part (`kg.exports.partitions`), each part
sorted, so that memory never holds more than one; a dataset that fits one part is sorted throughout.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse, serialize

from kg.exports.losses import SourceLosses, clean_xml
from kg.exports.partitions import parts
from kg.terms import PREFIXES, RDF

if TYPE_CHECKING:
    from kg.handle import KnowledgeGraph

__all__ = [
    "PART",
    "sorted_parts",
    "sorted_quads",
    "stream_nquads",
    "stream_ntriples",
    "stream_rdfxml",
    "stream_trig",
    "stream_turtle",
    "write_headed",
    "write_trig",
    "write_turtle",
]

#: Quads in a part, about: a few hundred megabytes of memory.
PART = 250_000
#: Letters that both editions of XML in use take for such: those of ASCII and Latin-1, Greek, Cyrillic, Hebrew, Arabic,
#: Japanese, Chinese and Korean.
_LETTERS = (
    "A-Za-z_\xc0-\xd6\xd8-\xf6\xf8-\xff\u0391-\u03a1\u03a3-\u03ce\u0410-\u044f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a"
    "\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)
#: A name that XML can write ends a property; what stands before it, which ends in ASCII, is its namespace.
_XML_NAME = re.compile(f"[!-~][{_LETTERS}][-.0-9{_LETTERS}]*$")


def sorted_quads(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads, each once, by graph, subject, predicate (the class first) and object."""

    def key(quad: Quad) -> tuple[str, str, str, str]:
        predicate = quad.predicate.value
        return (str(quad.graph_name), str(quad.subject), "" if predicate == RDF.type else predicate, str(quad.object))

    return sorted(set(quads), key=key)


def sorted_parts(g: KnowledgeGraph, *, most: int = PART) -> Iterator[list[Quad]]:
    """Yield the quads of a dataset in sorted parts; all quads about a subject stand in one."""
    with parts(g.store.quads(), len(g.store), most=most) as dealt:
        for part in dealt:
            yield sorted_quads(parse(b"".join(part.lines), format=RdfFormat.N_QUADS))


def write_trig(quads: Iterable[Quad]) -> bytes:
    """Return the quads as TriG: nothing is lost."""
    return _headed(serialize(sorted_quads(quads), format=RdfFormat.TRIG, prefixes=PREFIXES))


def write_turtle(quads: Iterable[Quad]) -> bytes:
    """Return the quads as Turtle: the names of the graphs are lost, each claim still names its source."""
    return _headed(serialize(_triples(quads), format=RdfFormat.TURTLE, prefixes=PREFIXES))


def stream_trig(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as TriG and return what is lost: nothing."""
    bodies = (serialize(part, format=RdfFormat.TRIG, prefixes=PREFIXES) for part in sorted_parts(g))
    write_headed(bodies, file)
    return Counter()


def stream_turtle(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as Turtle and return what is lost."""
    sources = SourceLosses()

    def bodies() -> Iterator[bytes | None]:
        for part in sorted_parts(g):
            sources.add(part)
            yield serialize(_triples(part), format=RdfFormat.TURTLE, prefixes=PREFIXES)

    write_headed(bodies(), file)
    return sources.counted()


def stream_nquads(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as N-Quads and return what is lost: nothing."""
    with parts(g.store.quads(), len(g.store), most=PART) as dealt:
        for part in dealt:
            file.writelines(part.lines)
    return Counter()


def stream_ntriples(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as N-Triples and return what is lost."""
    sources = SourceLosses()
    for part in sorted_parts(g):
        sources.add(part)
        file.writelines(f"{triple} .\n".encode() for triple in _triples(part))
    return sources.counted()


def stream_rdfxml(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as RDF/XML and return what is lost: graphs, and what XML cannot write.

    References
    ----------
    W3C RDF 1.1 XML Syntax, section 7.2.9: a property is an element, so that its IRI must end in an XML name.
    """
    lost: Counter[str] = Counter()
    sources = SourceLosses()
    root = " ".join(f'xmlns:{name}="{namespace}"' for name, namespace in sorted(PREFIXES.items()))
    file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF {root}>'.encode())
    for part in sorted_parts(g):
        sources.add(part)
        triples = [found for triple in _triples(part) if (found := _in_xml(triple, lost))]
        if triples:
            data = serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
            body = data.split(b"\n", 2)[2].removesuffix(b"\n</rdf:RDF>")
            file.write(b"\n" + body.replace(b"\r", b"&#13;"))  # a parser would read it as a line feed
    file.write(b"\n</rdf:RDF>\n")
    return lost + sources.counted()


def _in_xml(triple: Triple, lost: Counter[str]) -> Triple | None:
    if not _XML_NAME.search(triple.predicate.value):
        lost["statements whose property is no XML name"] += 1
        return None
    value = triple.object
    if not isinstance(value, Literal):
        return triple
    text = clean_xml(value.value, lost)
    if text == value.value:
        return triple
    cleaned = Literal(text, language=value.language) if value.language else Literal(text, datatype=value.datatype)
    return Triple(triple.subject, triple.predicate, cleaned)


def _triples(quads: Iterable[Quad]) -> list[Triple]:
    return [quad.triple for quad in sorted_quads(Quad(q.subject, q.predicate, q.object) for q in quads)]


def _headed(data: bytes | None) -> bytes:
    names, body = _split(data)
    return _header(names) + b"\n" + body


def write_headed(bodies: Iterable[bytes | None], file: IO[bytes]) -> None:
    """Write bodies one after the other below the prefixes that any of them uses, which only the last one tells."""
    names: set[str] = set()
    with TemporaryFile() as kept:
        for data in bodies:
            used, body = _split(data)
            names |= used
            kept.write(body)
        kept.seek(0)
        file.write(_header(names) + b"\n")
        shutil.copyfileobj(kept, file, 1 << 20)


def _split(data: bytes | None) -> tuple[set[str], bytes]:
    """Return the prefixes that a text uses, and the text without their declarations."""
    if data is None:
        raise TypeError("pyoxigraph returns bytes where no output is given")
    body = b"".join(line for line in data.splitlines(keepends=True) if not line.startswith(b"@prefix "))
    return {match.decode() for match in re.findall(rb"(?:^|[\s^(,])([a-z-]+):", body)} & PREFIXES.keys(), body


def _header(names: Iterable[str]) -> bytes:
    """Return the declarations of prefixes, sorted: their order would change from run to run."""
    return b"".join(sorted(f"@prefix {name}: <{PREFIXES[name]}> .\n".encode() for name in names))
