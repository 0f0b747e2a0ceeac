"""What a format cannot say: counted while it is written, and reported with it.

Each writer counts its own losses in words that finish the sentence "not written: …". What is counted here is common to
several: characters that XML has no way to write, and named graphs that nothing else tells. What becomes of a dataset as
nodes and edges is counted in `kg.exports.networks`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.model.lines import Terms
from kg.model.statements import CLAIM_CLASSES, DERIVED_RELATIONS
from kg.model.terms import DCTERMS, KG, RDF

__all__ = ["CLAIMS", "RELATIONS", "SOURCES", "Loss", "SourceLosses", "Ties", "as_losses", "clean_xml", "is_named"]

#: The classes of claims, and the relations that a claim is made of.
CLAIMS = frozenset(CLAIM_CLASSES.values())
RELATIONS = frozenset({*CLAIM_CLASSES, *DERIVED_RELATIONS, KG.requiresEssential, KG.requiresOptional})
#: Lost where a named graph is, and no claim names it.
SOURCES = "sources of what is said of a node"

#: As N-Quads writes them.
_CLAIMS = frozenset(f"<{iri}>".encode() for iri in CLAIMS)
_RELATIONS = frozenset(f"<{iri}>".encode() for iri in RELATIONS)
_TYPE, _SOURCE = (f"<{iri}>".encode() for iri in (RDF.type, DCTERMS.source))

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Loss(NamedTuple):
    """What was not written, in words, and how often."""

    what: str
    count: int  # type: ignore[assignment]  # a tuple counts too, which is not asked of these


def as_losses(counted: Counter[str]) -> tuple[Loss, ...]:
    """Return the losses that there are, the most frequent first."""
    return tuple(Loss(what, count) for what, count in sorted(counted.items(), key=lambda x: (-x[1], x[0])) if count)


def clean_xml(text: str, lost: Counter[str]) -> str:
    """Return text with U+FFFD for each character that XML cannot write, and count those.

    References
    ----------
    W3C Extensible Markup Language (XML) 1.0, production 2.

    Examples
    --------
    >>> lost = Counter()
    >>> clean_xml("a" + chr(0) + "b", lost) == "a" + chr(0xFFFD) + "b", lost.total()
    (True, 1)
    """
    cleaned, found = _FORBIDDEN.subn("\ufffd", text)
    if found:
        lost["characters that XML has no way to write (U+FFFD instead)"] += found
    return cleaned


def is_named(quad: Quad) -> bool:
    """Whether a quad stands in a named graph."""
    return not isinstance(quad.graph_name, DefaultGraph)


class SourceLosses:
    """Counts the statements whose named graph is lost where a format has none.

    A claim names its source: all that is said of it stands in the graph of that name, and so does the plain triple that
    it is made of. Of everything else the graph is told nowhere.
    """

    def __init__(self) -> None:
        self._lost = 0
        self._plain: set[int] = set()  # checksums of plain triples with their graphs, and of those that claims tell
        self._told: set[int] = set()

    def add(self, rows: Iterable[Terms]) -> None:
        """Take in a part of a dataset, in which all quads about a subject stand one after the other."""
        for _, said in groupby(rows, itemgetter(0)):
            self._add_subject([*said])

    def _add_subject(self, rows: list[Terms]) -> None:
        if any(predicate == _TYPE and value in _CLAIMS for _, predicate, value, _ in rows):
            said = {predicate.decode()[1:-1]: value.decode() for _, predicate, value, _ in rows}
            sources = {value for _, predicate, value, _ in rows if predicate == _SOURCE}
            source = sources.pop() if len(sources) == 1 else b""
            self._lost += sum(graph not in (b"", source) for *_, graph in rows)
            for relation in _made_of(said):
                self._told.add(hash((said.get(RDF.subject), relation, said.get(RDF.object), source)))
            return
        for subject, predicate, value, graph in rows:
            if not graph:
                continue
            if predicate in _RELATIONS and value.startswith(b"<") and not value.startswith(b"<<"):
                self._plain.add(hash((subject.decode(), predicate.decode(), value.decode(), graph)))
            else:
                self._lost += 1

    def counted(self) -> Counter[str]:
        """Return how many statements lost their source, once every part was taken in."""
        return Counter({SOURCES: self._lost + len(self._plain - self._told)})


class Ties:
    """Tells the plain triples that a claim is made of from those that none is."""

    def __init__(self) -> None:
        self._plain: list[int] = []  # checksums of triples, one for each quad
        self._claimed: set[int] = set()

    def add(self, quads: Sequence[Quad]) -> None:
        """Take in all quads about one subject."""
        if any(q.predicate.value == RDF.type and getattr(q.object, "value", "") in CLAIMS for q in quads):
            said = {quad.predicate.value: str(quad.object) for quad in quads}
            ends = (said.get(RDF.subject), said.get(RDF.object))
            self._claimed |= {hash((relation, *ends)) for relation in _made_of(said)}
            return
        for quad in quads:
            if quad.predicate.value in RELATIONS and isinstance(quad.object, NamedNode):
                self._plain.append(hash((str(quad.predicate), str(quad.subject), str(quad.object))))

    def untied(self) -> int:
        """Return how many quads are plain triples of no claim, once all were taken in."""
        return sum(tie not in self._claimed for tie in self._plain)


def _made_of(said: dict[str, str]) -> list[str]:
    """Return the relations of the plain triples that a claim is made of, as they are written in N-Quads."""
    relation = said.get(RDF.predicate, "")
    if relation != f"<{KG.requires}>" or KG.essential not in said:
        return [relation]
    essential = said[KG.essential] == str(Literal(True))
    return [relation, f"<{KG.requiresEssential if essential else KG.requiresOptional}>"]
