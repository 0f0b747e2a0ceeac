"""RDF in its plain syntaxes, of any size: sorted, with prefixes, the same bytes on every run.

A small dataset is written in one piece. One of any size is written part by part (`kg.exports.partitions`), each part
sorted, so that memory never holds more than one; a dataset that fits one part is sorted throughout.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, Quad, RdfFormat, Triple, serialize

from kg.exports.losses import SourceLosses, clean_xml
from kg.exports.partitions import parts, said_of_temporary, temporary_file
from kg.model.lines import quads_in_order, terms_of, triples_in_order
from kg.model.rdf_text import header, quads_of, trig_body, turtle_body, without_prefixes
from kg.model.terms import PREFIXES

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = [
    "PART",
    "sorted_parts",
    "stream_nquads",
    "stream_ntriples",
    "stream_rdfxml",
    "stream_trig",
    "stream_turtle",
    "write_headed",
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


def sorted_parts(g: KnowledgeGraph, *, most: int = PART) -> Iterator[list[Quad]]:
    """Yield the quads of a dataset in sorted parts; all quads about a subject stand in one."""
    with parts(g.store, most=most) as dealt:
        for part in dealt:
            yield [*quads_of(quads_in_order(part.lines))]


def stream_trig(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as TriG and return what is lost: nothing."""
    with parts(g.store, most=PART) as dealt:
        write_headed((trig_body(part.lines) for part in dealt), file)
    return Counter()


def stream_turtle(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as Turtle and return what is lost."""
    sources = SourceLosses()
    write_headed(map(turtle_body, _triples(g, sources)), file)
    return sources.counted()


def stream_nquads(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as N-Quads and return what is lost: nothing."""
    with parts(g.store, most=PART) as dealt:
        for part in dealt:
            file.writelines(part.lines)
    return Counter()


def stream_ntriples(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as N-Triples and return what is lost."""
    sources = SourceLosses()
    for lines in _triples(g, sources):
        file.writelines(lines)
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
    for lines in _triples(g, sources):
        written = [found for line in lines if (found := _in_xml(line, lost))]
        if written:
            data = serialize(quads_of(written), format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
            body = data.split(b"\n", 2)[2].removesuffix(b"\n</rdf:RDF>")
            file.write(b"\n" + body.replace(b"\r", b"&#13;"))  # a parser would read it as a line feed
    file.write(b"\n</rdf:RDF>\n")
    return lost + sources.counted()


def _in_xml(line: bytes, lost: Counter[str]) -> bytes | None:
    """Return a line of N-Triples as XML can write it; None where it cannot."""
    if not _is_element(line.split(b" ", 2)[1]):
        lost["statements whose property is no XML name"] += 1
        return None
    if b"\\" not in line:  # what XML cannot write is a control character, which N-Triples escapes
        return line
    (quad,) = quads_of([line])
    value = quad.object
    if not isinstance(value, Literal) or (text := clean_xml(value.value, lost)) == value.value:
        return line
    cleaned = Literal(text, language=value.language) if value.language else Literal(text, datatype=value.datatype)
    return f"{Triple(quad.subject, quad.predicate, cleaned)} .\n".encode()


@lru_cache(maxsize=4096)
def _is_element(predicate: bytes) -> bool:
    return _XML_NAME.search(predicate[1:-1].decode()) is not None


def _triples(g: KnowledgeGraph, sources: SourceLosses) -> Iterator[list[bytes]]:
    """Yield a dataset as sorted lines of N-Triples, part by part, and count the sources that are lost."""
    with parts(g.store, most=PART) as dealt:
        for part in dealt:
            rows = [*map(terms_of, part.lines)]
            sources.add(rows)
            yield triples_in_order(rows)


def write_headed(bodies: Iterable[bytes | None], file: IO[bytes]) -> None:
    """Write bodies one after the other below the prefixes that any of them uses, which only the last one tells.

    Raises
    ------
    BadInput
        The temporary folder, where they wait for the last one, cannot be written.
    """
    names: set[str] = set()
    with temporary_file() as kept:
        for data in bodies:
            used, body = without_prefixes(data)
            names |= used
            with said_of_temporary():
                kept.write(body)
        with said_of_temporary():
            kept.flush()
        kept.seek(0)
        file.write(header(names) + b"\n")
        shutil.copyfileobj(kept, file, 1 << 20)
