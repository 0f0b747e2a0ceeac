"""What is known to conflict about a thing: what the article says of it, what was found, what to say instead."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.model.graphs import Graph

__all__ = ["KnownConflict", "conflicts_about"]

#: What is about more things than this is told of one of them only where it names it.
_FEW = 5


class KnownConflict(NamedTuple):
    """A point on which what is said does not agree with what was found.

    ``severity`` is A, B or C, the gravest first; ``says`` is what the article says, and may be empty; ``told`` is so
    much of what was found as concerns the thing.
    """

    severity: str
    says: str
    told: str


def conflicts_about(graph: Graph, iri: str) -> tuple[KnownConflict, ...]:
    """Return what is known to conflict about a thing, the gravest first.

    Of what was found, the sentences that name it, by its label or the code of its exam; or else all, unless it is about
    many things: then nothing says which it concerns.
    """
    data = graph.nodes[iri]
    label = str(data.get("label", ""))
    codes = data.get("examCode", ())
    names = {label, label.partition(" – ")[0], *([codes] if isinstance(codes, str) else map(str, codes))} - {""}
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)))
    found = set()
    for other in graph.nodes.values():
        about = other.get("about", ())
        if other.get("kind") != "conflict" or iri not in about:
            continue
        sentences = re.split(r"(?<=\.)\s+(?=[A-Z])", str(other.get("finding", "")))
        told = [one for one in sentences if named.search(one)] or (sentences if len(about) <= _FEW else [])
        if told:
            severity, says = str(other.get("severity", "")), str(other.get("says", ""))
            found.add(KnownConflict(severity, says, " ".join(told)))
    return tuple(sorted(found))
