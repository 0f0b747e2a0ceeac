"""The triples of a CONSTRUCT or DESCRIBE as a picture: what only points stands left, what is only pointed at right.

A type and a name are no lines but say what a mark looks like and how it is called; any other literal is a detail of its
subject. A query that gives no triples is drawn as a list.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.model.answers import Node, counted
from kg.model.graphs import KIND_CLASSES, local_name
from kg.model.iris import curie
from kg.model.terms import BASE, RDF, RDFS, SKOS
from kg.model.values import plain, text_of
from kg.views import listed
from kg.views.geometry import ROW, box
from kg.views.layout import order_layers
from kg.views.sketch import Sketch, in_words

if TYPE_CHECKING:
    from kg.views.scene import Scene

__all__ = ["scene"]

#: Marks drawn; the table has every triple.
_MOST = 200
_NAMES = (SKOS.prefLabel, RDFS.label)
_ROOM = 160.0


def scene(answer: Any) -> Scene:  # a `kg.questions.sparql_answer.Sparql`, which lies further along the road
    """Return the picture of triples, the nodes with most lines where there are too many to draw all."""
    if answer.kind != "triples":
        return listed.scene(answer)
    names, kinds, details, lines = _read(answer.triples)
    degrees: dict[str, int] = defaultdict(int)
    for subject, _, target in lines:
        degrees[subject] += 1
        degrees[target] += 1
    every = sorted({*degrees, *details}, key=lambda iri: (-degrees[iri], iri))
    kept = frozenset(every[:_MOST])
    lines = sorted({line for line in lines if line[0] in kept and line[2] in kept})
    from_, to = {s for s, _, _ in lines}, {o for _, _, o in lines}
    layers = [sorted(kept - to), sorted(from_ & to), sorted((kept & to) - from_)]
    sketch = Sketch(answer)
    left = 0.0
    for layer in order_layers([layer for layer in layers if layer], [(s, o) for s, _, o in lines]):
        marks = [
            sketch.mark(
                Node(names.get(iri) or local_name(iri), iri, kinds.get(iri) or _kind(iri)), more=details.get(iri, ())
            )
            for iri in layer
        ]
        tops = (round((i - len(marks) / 2) * ROW, 1) for i in range(len(marks)))
        placed = [replace(mark, x=round(left, 1), y=y, beside=True) for mark, y in zip(marks, tops, strict=True)]
        sketch.marks += placed
        left = max(box(mark).right for mark in placed) + _ROOM
    for subject, relation, target in lines:
        sketch.line(subject, target, relation, label=in_words(local_name(relation)), style="solid")
    left_out = len(every) - len(kept)
    title = f"{counted(len(answer.triples), 'triple')}{f' ({left_out} nodes not drawn)' if left_out else ''}"
    return sketch.scene("sparql", title=title)


def _read(triples: Any) -> tuple[dict[str, str], dict[str, str], dict[str, list[tuple[str, str]]], list[Any]]:
    """Return names, kinds, details by node, and the lines between nodes."""
    of_class = {iri: kind for kind, iri in KIND_CLASSES.items()}
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    details: dict[str, list[tuple[str, str]]] = defaultdict(list)
    lines = []
    for triple in triples:
        subject, relation = text_of(triple.subject), triple.predicate.value
        if isinstance(triple.object, Literal):
            if relation in _NAMES and (subject not in names or triple.object.language == "en"):
                names[subject] = triple.object.value
            details[subject].append((in_words(local_name(relation)), str(plain(triple.object))))
        elif relation == RDF.type:
            kinds.setdefault(subject, of_class.get(text_of(triple.object), ""))
            details[subject].append(("type", curie(text_of(triple.object))))
        else:
            lines.append((subject, relation, text_of(triple.object)))
    return names, kinds, details, lines


def _kind(iri: str) -> str:
    """Return the kind that the IRI of an individual says."""
    kind = iri.removeprefix(BASE).partition("/")[0] if iri.startswith(BASE) else ""
    return kind if kind in KIND_CLASSES else ""
