"""What the shipped dataset knows, for facts that add to it.

A team's facts name `python` without defining it. So that their graph can be asked on its own, the names and classes
of what they name are borrowed from the shipped dataset, with its sources. The dataset is read only if a file names
something it does not define.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import NamedNode, Quad

from kg.model.folding import fold
from kg.model.terms import BASE, DATASET, KG, RDF, SKOS
from kg.names.lookup import ASKABLE

__all__ = ["ShippedNames", "undefined"]

_BORROWED = (RDF.type, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, KG.category, KG.examCode)


class ShippedNames:
    """The shipped dataset as a place to look names up."""

    @cached_property
    def _quads(self) -> tuple[Quad, ...]:
        from kg.stores.preload import take

        return tuple(take().quads())

    @cached_property
    def _nodes(self) -> frozenset[str]:
        return frozenset(q.subject.value for q in self._quads if isinstance(q.subject, NamedNode))

    def ids(self) -> Iterator[tuple[str, str]]:
        """Yield every id with its kind: roles, skills, tools, certifications, providers, sources."""
        for iri in sorted(self._nodes):
            kind, _, name = iri.removeprefix(BASE).partition("/")
            if kind in (*ASKABLE, "source") and iri.startswith(BASE) and "/" not in name:
                yield name, kind

    def by_name(self) -> dict[str, tuple[str, str]]:
        """Return (kind, id) of every skill and tool by each of its names, folded; names of two nodes are left out."""
        found: dict[str, set[tuple[str, str]]] = {}
        for quad in self._quads:
            kind, _, name = str(getattr(quad.subject, "value", "")).removeprefix(BASE).partition("/")
            if kind in ("skill", "tool") and quad.predicate.value in (SKOS.prefLabel, SKOS.altLabel):
                found.setdefault(fold(str(getattr(quad.object, "value", ""))), set()).add((kind, name))
        return {name: next(iter(nodes)) for name, nodes in found.items() if len(nodes) == 1}

    def describe(self, iris: Iterable[str]) -> Iterator[Quad]:
        """Yield the names and classes of nodes, and the descriptions of the sources that give them."""
        wanted, sources = set(iris) & self._nodes, set()
        for quad in self._quads:
            if getattr(quad.subject, "value", "") in wanted and quad.predicate.value in _BORROWED:
                sources.add(getattr(quad.graph_name, "value", ""))
                yield quad
        sources |= {iri for iri in wanted if iri.startswith(f"{BASE}source/")}
        for quad in self._quads:
            if getattr(quad.subject, "value", "") in sources and getattr(quad.graph_name, "value", "") == DATASET:
                yield quad


def undefined(quads: Iterable[Quad]) -> set[str]:
    """Return the IRIs that quads name as objects or graphs and give no class."""
    named, defined = set(), set()
    for quad in quads:
        if isinstance(quad.object, NamedNode) and quad.predicate.value != RDF.type:
            named.add(quad.object.value)
        named.add(getattr(quad.graph_name, "value", ""))
        named.add(getattr(quad.subject, "value", ""))
        if quad.predicate.value == RDF.type:
            defined.add(getattr(quad.subject, "value", ""))
    return named - defined
