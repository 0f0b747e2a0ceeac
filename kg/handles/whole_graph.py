"""The whole dataset as a graph, from the columns of a snapshot: what `read_graph` makes of every triple there is.

A term that stands in a thousand quads is read once, and no triple is made of any: a million of them would take longer
than all the rest, and most of the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.model.graphs import ClaimGraph, Properties, Tagged, graph_of
from kg.model.values import plain, text_of

if TYPE_CHECKING:
    from kg.stores.snapshot import Snapshot

__all__ = ["whole_graph"]


def whole_graph(snapshot: Snapshot, *, lang: str = "en") -> ClaimGraph:
    """Return the graph of all that a snapshot holds, without its triples.

    Parameters
    ----------
    lang
        Language tag to prefer for labels and definitions.
    """
    return graph_of(_subjects(snapshot), lang=lang)


def _subjects(snapshot: Snapshot) -> Iterator[tuple[str, Properties, Tagged]]:
    """Yield what is said of each subject."""
    values: dict[int, Any] = {}  # of each term that was an object; a text with a language as a literal
    names: dict[int, str] = {}
    last = -1
    name, properties, tagged = "", Properties(), Tagged()
    columns = (snapshot.subjects, snapshot.predicates, snapshot.objects)
    for subject, predicate, target in zip(*(column.data for column in columns), strict=True):
        if subject != last:
            if properties or tagged:
                yield name, properties, tagged
            last, name, properties, tagged = subject, text_of(snapshot.term(subject)), {}, {}
        if (value := values.get(target)) is None:
            term = snapshot.term(target)
            value = values[target] = term if isinstance(term, Literal) and term.language else plain(term)
        if (relation := names.get(predicate)) is None:
            relation = names[predicate] = snapshot.iri(predicate)
        said: dict[str, set[Any]] = tagged if isinstance(value, Literal) else properties
        if relation in said:
            said[relation].add(value)
        else:
            said[relation] = {value}
    if properties or tagged:
        yield name, properties, tagged
