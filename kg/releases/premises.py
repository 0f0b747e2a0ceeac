"""What is asserted, as rules read it: pairs by relation, each with the claims that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.model.terms import INFERRED, KG
from kg.stores.binding import bind, load_query
from kg.stores.port import Store
from kg.stores.slices import select

__all__ = ["Facts", "Pair", "read_premises"]

#: Subject and object, as IRIs.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """Relations between nodes, and who says so.

    Attributes
    ----------
    said
        By relation and pair, the claims that say it, sorted by IRI; of a plain triple that no claim carries, the graphs
        it stands in.
    business
        Certifications whose exam is about business.
    sources
        The graphs in which these relations stand.
    """

    said: Mapping[str, Mapping[Pair, tuple[str, ...]]]
    business: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def pairs(self, relation: str) -> Mapping[Pair, tuple[str, ...]]:
        """Return the pairs of a relation with the claims that say each; none ties a node to itself."""
        return self.said.get(relation, {})

    def between(self, relation: str, one: str, other: str) -> str:
        """Return the first claim that ties two nodes, in whichever direction; the given one first."""
        pairs = self.pairs(relation)
        return (pairs.get((one, other)) or pairs[other, one])[0]


def read_premises(store: Store, relations: Collection[str]) -> Facts:
    """Return what a store asserts of some relations; what rules have derived is no part of it."""
    if not relations:
        return Facts({})
    claims: dict[str, dict[Pair, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim, subject, relation, target in _rows(store, "premises", relations):
        claims[relation][subject, target].append(claim)
    graphs: dict[str, dict[Pair, list[str]]] = defaultdict(lambda: defaultdict(list))
    sources = set()
    for subject, relation, target, source in _rows(store, "stated", relations):
        if source != INFERRED and subject != target:
            graphs[relation][subject, target].append(source)
            sources.add(source)
    said = {
        relation: {
            pair: tuple(sorted(set(claims[relation].get(pair) or found))) for pair, found in graphs[relation].items()
        }
        for relation in sorted(graphs)
    }
    business = {str(row["certification"]) for row in select(store, load_query("business")).dicts()}
    return Facts(said, frozenset(business if KG.certifies in relations else ()), frozenset(sources))


def _rows(store: Store, query: str, relations: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows in which all are IRIs: what a literal or a blank node stands in is no relation between nodes."""
    from pyoxigraph import NamedNode

    rows: Any = select(store, bind(load_query(query), relation=relations)).rows  # cells are terms, told apart here
    for row in rows:
        if all(type(cell) is NamedNode for cell in row):
            yield tuple([cell.value for cell in row])
