"""How well does an exam prove a thing? Weighed by what its name and its domains say, not by the bullets of its guide.

An exam that is called after a thing, or has a domain of that title with a fifth of it or more, proves it. Where the
domain is smaller, or the vendor gives no weights, it proves it less; and a skill that only the guide names, by our
reading of it, it proves by half. A tool that neither name nor domain names is a bullet of the guide, and not proved.
The grades are our reading, and stand here alone.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.careers.fit import DOMAIN_SHARE, domains_of, is_within, stems
from kg.model.answers import Node
from kg.model.graphs import Graph

__all__ = ["Proven", "proven"]

_BY_NAME, _BY_PART, _BY_GUIDE = 1.0, 0.75, 0.5


class Proven(NamedTuple):
    """How an exam proves a thing.

    Attributes
    ----------
    how
        Whether the ``name`` of the exam says it, a ``domain``, or only the ``guide``.
    grade
        Above 0 and up to 1.
    low, high
        The share of the exam that domains of this title have, in percent; None where none or no weight is known.
    """

    node: Node
    how: str
    grade: float
    low: float | None = None
    high: float | None = None


def proven(graph: Graph, exam: str, thing: Node) -> Proven | None:
    """Return how an exam that certifies a thing proves it; None where it does not."""
    data = graph.nodes[thing.iri]
    phrases = [stems(name) for name in (thing.label, *map(str, data.get("aliases", ())))]
    title = stems(str(graph.nodes[exam].get("label", "")))
    if any(is_within(phrase, title) for phrase in phrases):
        return Proven(thing, "name", _BY_NAME)
    parts = [
        (low, high)
        for label, low, high in domains_of(graph, exam)
        if any(is_within(phrase, stems(label)) for phrase in phrases)
    ]
    if parts:
        low = sum(one or 0.0 for one, _ in parts) or None
        high = min(100.0, sum(other or 0.0 for _, other in parts)) or None
        return Proven(thing, "domain", _BY_NAME if low and low >= DOMAIN_SHARE else _BY_PART, low, high)
    return Proven(thing, "guide", _BY_GUIDE) if thing.kind == "skill" else None
