"""The atlas: the whole graph as a map of communities, each a disc that opens on a click and shows what is in it.

A disc is as large as what it holds, so an open one covers nothing else; discs lie near each other where their nodes
are few links apart (`kg.views.layout.pivot_map`). Within a disc the most important stands in the middle. A graph of
17,000 nodes is drawn as a few dozen discs, each with its most important nodes; the others are in the table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from math import hypot, sqrt

from kg.model.answers import Node, counted
from kg.views.communities import Atlas, Community
from kg.views.geometry import WRAP
from kg.views.layout import clear, hexagons, pivot_map
from kg.views.scene import Mark, Scene
from kg.views.sketch import Sketch, by_ends, in_words

__all__ = ["scene"]

#: Nodes drawn in a disc, and discs.
_MEMBERS, _DISCS = 60, 40
#: A graph of at most so many nodes is drawn open, without discs.
_OPEN = 40
#: Links drawn for each node in a graph that has too many, and how many that is.
_LINKS_EACH, _MANY = 4, 6_000
#: Nodes that the label of a disc names; and apart from all others so many stand without one.
_NAMED, _FREE = 4, 8
#: Links between two discs are drawn for so many neighbours of each, the strongest.
_NEIGHBOURS = 3
_WIDE, _HIGH = WRAP + 14, 78.0
#: Radius of a disc at least, so that there is room for its label when all of the map is in sight.
_LEAST = 320.0
APART = "tied to nothing"


def scene(answer: Atlas) -> Scene:
    """Return the map of the whole graph, closed; of a small one, open."""
    sketch = Sketch(answer)
    groups = [*answer.communities]
    if answer.apart:
        groups.append(Community(APART, answer.apart))
    drawn, rest = groups[:_DISCS], groups[_DISCS:]
    if rest:
        drawn.append(Community(f"{len(rest)} others", tuple(n for found in rest for n in found.members)))
    closed = len(answer.ties) > _OPEN
    slots = [hexagons(min(len(found.members), _MEMBERS), _WIDE, _HIGH) for found in drawn]
    radii = [max((hypot(x, y) for x, y in found), default=0.0) + _WIDE * 0.62 for found in slots]
    radii = [max(r, _LEAST) for r in radii]
    radii = [r + _WIDE if _stands_free(found) else r for r, found in zip(radii, drawn, strict=True)]
    centres = _centres(answer, drawn, radii)
    most = max(answer.ties.values(), default=1) or 1
    shown: dict[str, int] = {}
    for i, (found, at, radius, places) in enumerate(zip(drawn, centres, radii, slots, strict=True)):
        key = f"community|{i}"
        disc = closed and not _stands_free(found)
        if disc:
            sketch.marks.append(_disc(found, key, at, radius))
        for n, (x, y) in zip(found.members, places, strict=False):
            weight = 0.15 + 0.6 * sqrt(answer.ties[n.iri] / most)
            more = [("ties", str(answer.ties[n.iri])), ("community", found.name)]
            mark = sketch.mark(n, weight=round(weight, 3), group=found.name, more=more)
            put = replace(mark, x=round(at[0] + x, 1), y=round(at[1] + y, 1), cluster=key if disc else "")
            sketch.marks.append(put)
            shown[n.iri] = i
    _draw_links(sketch, answer, shown)
    if closed:
        _draw_bundles(sketch, answer, drawn)
    return sketch.scene("atlas", title="Atlas of the whole graph", groups=[found.name for found in drawn])


def _stands_free(found: Community) -> bool:
    return found.name == APART and len(found.members) <= _FREE


def _disc(found: Community, key: str, at: tuple[float, float], radius: float) -> Mark:
    kinds = Counter(n.kind for n in found.members)
    told = [
        ("holds", ", ".join(f"{number} of kind {kind}" for kind, number in sorted(kinds.items()))),
        ("most important", ", ".join(n.label for n in found.members[:8])),
    ]
    if len(found.members) > _MEMBERS:
        told.append(("shown", f"the {_MEMBERS} with most ties, of {len(found.members):,}; the table has every one"))
    chief: Node = found.members[0]
    return Mark(
        key,
        " · ".join(n.label for n in found.members[:_NAMED]) if found.name == chief.label else found.name,
        chief.kind,
        at[0],
        at[1],
        weight=1.0,
        group=found.name,
        note=counted(len(found.members), "node") if len(found.members) < 1000 else f"{len(found.members):,} nodes",
        details=tuple(told),
        is_cluster=True,
        size=round(radius, 1),
    )


def _centres(answer: Atlas, drawn: list[Community], radii: list[float]) -> tuple[tuple[float, float], ...]:
    """Return where discs stand: about where their nodes lie on the map of the graph, clear of each other."""
    linked = [iri for iri, number in answer.ties.items() if number]
    where = pivot_map(linked, ((subject, target) for subject, _, target in answer.links))
    span = 1.2 * sqrt(sum(radius * radius for radius in radii))
    wished = []
    for i, found in enumerate(drawn):
        places = [where[n.iri] for n in found.members if n.iri in where]
        if places:
            x, y = (round(sum(place[axis] for place in places) / len(places), 2) for axis in (0, 1))
        else:  # no link leads there: set apart, below
            x, y = 0.1 * i / len(drawn), 1.6
        wished.append((x * span * 1.5, y * span))
    return clear(wished, radii, gap=40.0)


def _draw_links(sketch: Sketch, answer: Atlas, shown: dict[str, int]) -> None:
    """Draw the links between nodes that are drawn; of too many, those to each node's most important neighbours."""
    said = by_ends(answer.evidence)
    links = [link for link in answer.links if link[0] in shown and link[2] in shown]
    if len(links) > _MANY:
        near: dict[str, list[tuple[int, tuple[str, str, str]]]] = defaultdict(list)
        for link in links:
            if shown[link[0]] == shown[link[2]]:
                near[link[0]].append((-answer.ties[link[2]], link))
                near[link[2]].append((-answer.ties[link[0]], link))
        links = sorted({link for found in near.values() for _, link in sorted(found)[:_LINKS_EACH]})
    for subject, relation, target in links:
        claims = said.get((subject, relation, target), [])
        sketch.line(subject, target, relation, claims, style="" if claims else "solid", weight=0.15, arrow=False)


def _draw_bundles(sketch: Sketch, answer: Atlas, drawn: list[Community]) -> None:
    """Draw one line for all links between two discs, as thick as they are many."""
    disc = {n.iri: i for i, found in enumerate(drawn) for n in found.members}
    between: Counter[tuple[int, int]] = Counter()
    relations: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for subject, relation, target in answer.links:
        one, two = sorted((disc[subject], disc[target]))
        if one != two:
            between[one, two] += 1
            relations[one, two][relation] += 1
    strongest: set[tuple[int, int]] = set()
    for i in range(len(drawn)):
        own = sorted((pair for pair in between if i in pair), key=lambda pair: (-between[pair], pair))
        strongest |= {*own[:_NEIGHBOURS]}
    most = max(between.values(), default=1)
    for one, two in sorted(strongest):
        told = ", ".join(f"{in_words(name)} {number}" for name, number in relations[one, two].most_common(3))
        label = f"{counted(between[one, two], 'link')}: {told}"
        weight = round(sqrt(between[one, two] / most), 3)
        sketch.line(
            f"community|{one}", f"community|{two}", "links", label=label, style="solid", weight=weight, arrow=False
        )
