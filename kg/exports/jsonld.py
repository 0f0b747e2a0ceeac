"""JSON-LD: compact and readable, with the terms of `ontology/context.jsonld` written into the file.

A value is written without its type where the context gives that type, so that most read as plain JSON; graphs are
named, so nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.exports.rdf import sorted_parts
from kg.model.rdf_text import sorted_quads
from kg.model.shipped import read_data
from kg.model.terms import RDF, XSD

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["stream_jsonld", "write_jsonld"]

Json = Any  # JSON values

#: An integer that JSON spells as RDF does, and that no reader of JSON rounds.
_PLAIN_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")

#: So many IRIs are remembered with how they are written.
_REMEMBERED = 100_000


class _Compactor:
    """Writes terms as the context of the project would have them read."""

    def __init__(self, context: Mapping[str, Json]) -> None:
        self._prefixes = {
            name: iri for name, iri in context.items() if isinstance(iri, str) and iri[-1:] in "#/" and "://" in iri
        }
        self._longest_first = sorted(self._prefixes.items(), key=lambda pair: -len(pair[1]))
        self._iris: dict[str, str] = {}
        self.terms: dict[tuple[str, str, str], str] = {}  # (iri, type, language) → term
        for term, definition in context.items():
            if term.startswith("@") or term in self._prefixes:
                continue
            spec = {"@id": definition} if isinstance(definition, str) else definition
            iri = self.expand(spec.get("@id", term))
            self.terms[iri, self.expand(spec.get("@type", "")), spec.get("@language", "")] = term

    def expand(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return self._prefixes[prefix] + local if colon and prefix in self._prefixes else name

    def iri(self, iri: str) -> str:
        found = self._iris.get(iri)
        if found is None:
            found = self._iris[iri] = self._shortened(iri)
            if len(self._iris) > _REMEMBERED:
                self._iris.clear()
        return found

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._longest_first:
            if iri.startswith(namespace) and iri != namespace:
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri

    def type(self, iri: str) -> str:
        return self.terms.get((iri, "", ""), self.iri(iri))

    def pair(self, predicate: str, value: NamedNode | Literal) -> tuple[str, Json]:
        """Return key and value of one property."""
        if isinstance(value, NamedNode):
            for coercion in ("@vocab", "@id"):
                if term := self.terms.get((predicate, coercion, "")):
                    return term, self.type(value.value) if coercion == "@vocab" else self.iri(value.value)
            return self.iri(predicate), {"@id": self.iri(value.value)}
        if value.language:
            if term := self.terms.get((predicate, "", value.language)):
                return term, value.value
            return self.iri(predicate), {"@value": value.value, "@language": value.language}
        datatype = value.datatype.value
        if term := self.terms.get((predicate, datatype, "")):
            return term, value.value
        if datatype == XSD.boolean and value.value in ("true", "false"):
            plain: Json = value.value == "true"
        elif datatype == XSD.integer and _PLAIN_INTEGER.fullmatch(value.value):
            plain = int(value.value)
        elif datatype == XSD.string:
            plain = value.value
        else:
            return self.iri(predicate), {"@value": value.value, "@type": self.iri(datatype)}
        term = self.terms.get((predicate, "", ""))
        return (term, plain) if term else (self.iri(predicate), {"@value": plain})


def write_jsonld(quads: Iterable[Quad]) -> bytes:
    """Return the quads as compact JSON-LD 1.1, one object for each named graph."""
    from io import BytesIO

    file = BytesIO()
    _write([sorted_quads(quads)], file)
    return file.getvalue()


def stream_jsonld(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write a dataset as JSON-LD and return what is lost: nothing; a large graph is several objects of one name."""
    _write(sorted_parts(g), file)
    return Counter()


def _write(parts: Iterable[list[Quad]], file: IO[bytes]) -> None:
    context = json.loads(read_data("ontology/context.jsonld"))["@context"]
    compactor = _Compactor(context)
    head = json.dumps({"@context": context}, ensure_ascii=False, indent=1)
    file.write(f'{head.removesuffix("}").rstrip()},\n "@graph": ['.encode())
    before = ""
    for quads in parts:
        for item in _items(quads, compactor):
            text: list[str] = []
            _add_text(item, "\n  ", text)
            file.write(f"{before}\n  {''.join(text)}".encode())
            before = ","
    file.write(b"\n ]\n}\n" if before else b"]\n}\n")


def _add_text(value: Json, line: str, text: list[str]) -> None:
    """Add what `json.dumps` writes with an indent of one, which it does several times as slowly.

    Parameters
    ----------
    line
        How a line begins: a line feed, and the indent of the value.
    """
    if isinstance(value, str):
        text.append(encode_basestring(value))
    elif isinstance(value, dict):
        before = f"{{{line} "
        for key, found in value.items():
            text.append(f"{before}{encode_basestring(key)}: ")
            _add_text(found, line + " ", text)
            before = f",{line} "
        text.append(line + "}")
    elif isinstance(value, list):
        before = f"[{line} "
        for found in value:
            text.append(before)
            _add_text(found, line + " ", text)
            before = f",{line} "
        text.append(line + "]")
    else:
        text.append(json.dumps(value))


def _items(quads: list[Quad], compactor: _Compactor) -> list[Json]:
    """Return the objects of a part: a graph with its nodes, or a node of the default graph."""
    graphs: dict[str, dict[str, dict[str, list[Json]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for quad in quads:
        graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name.value)
        node = graphs[graph][str(quad.subject.value)]  # type: ignore[union-attr]  # RDF-star subjects do not occur here
        if quad.predicate.value == RDF.type and isinstance(quad.object, NamedNode):
            node["@type"].append(compactor.type(quad.object.value))
            continue
        key, value = compactor.pair(quad.predicate.value, quad.object)  # type: ignore[arg-type]  # nor do blank or star objects
        node[key].append(value)
    listed: list[Json] = []
    for graph, nodes in graphs.items():
        items = [
            {
                "@id": compactor.iri(subject),
                **{key: found if len(found) > 1 else found[0] for key, found in node.items()},
            }
            for subject, node in nodes.items()
        ]
        listed += [{"@id": compactor.iri(graph), "@graph": items}] if graph else items
    return listed
