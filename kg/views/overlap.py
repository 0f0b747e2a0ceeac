"""`overlap` as a picture: what is shared stands between the nodes, what only one has at its side, facets as bands."""

from __future__ import annotations

from collections import defaultdict

from kg.model.answers import Claim
from kg.questions.overlap import Overlap, Shared
from kg.views.scene import Mark, Scene
from kg.views.sketch import TOP, Sketch

__all__ = ["scene"]

#: The relations that a facet is read from.
_RELATIONS = {
    "skills": ("requires", "certifies"),
    "tools": ("requires", "certifies"),
    "uses": ("uses",),
    "technologies": ("uses",),
    "typical tools": ("uses",),
    "focus": ("focusesOn",),
    "primary focus": ("focusesOn",),
    "work scope": ("focusesOn",),
    "activities": ("worksOn",),
    "certifications": ("recommendedFor", "certifies"),
    "roles": ("requires", "recommendedFor"),
    "prerequisites": ("hasPrerequisite",),
}
#: The room for a node that is compared, between lists.
NODE = 84.0
#: Width to keep to, so that all regions are in sight while one scrolls down.
_WIDE = 1350.0


def scene(answer: Overlap) -> Scene:
    """Return the picture of an overlap.

    The nodes stand at the top, over two regions where they are two: only the first, shared, only the second; where they
    are more: shared by all, by some, by each alone. A row of the answer is a mark; what stands under several facets has
    one in each.
    """
    sketch = Sketch(answer)
    two = len(answer.nodes) == 2
    # regions from left to right, None for lists; two nodes stand in the others
    widths: list[float | None] = [None, NODE, None, NODE, None] if two else [None] * (2 + len(answer.nodes))
    said = _by_row(answer)
    cells: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    taken: set[str] = set()
    for item in sorted(answer.items, key=_essential_first):
        key = item.node.iri if item.node.iri not in taken else f"{item.node.iri}|{item.facet}"
        taken.add(key)
        cells[item.facet, _region(answer, item, two)].append(_mark(sketch, answer, item, key))
        for n in item.having:
            for relation in _RELATIONS[item.facet]:
                if claims := said[relation, item.node.iri, n.iri]:
                    sketch.line(n.iri, key, relation, claims, arrow=False, weight=0.1)
    facets = list(dict.fromkeys(item.facet for item in answer.items))
    sketch.bands_of_grids(facets, cells, widths, most_wide=_WIDE, top=TOP)
    labels = [n.label for n in answer.nodes]
    if two:
        heads = {0: f"only {labels[0]}", 2: "shared", 4: f"only {labels[1]}"}
        middles = [left + width / 2 for left, width in sketch.lefts[1::2]]
    else:
        heads = {0: "shared by all", 1: "shared by some", **{2 + i: f"only {name}" for i, name in enumerate(labels)}}
        left, width = sketch.lefts[-1]
        middles = [(left + width) * (i + 0.5) / len(labels) for i in range(len(labels))]
    for region, name in heads.items():
        if any(at == region for _, at in cells):
            sketch.head(region, name)
    for n, x in zip(answer.nodes, middles, strict=True):
        sketch.put(sketch.mark(n, weight=1.0, group="compared"), x, 0.0)
    order = ["compared", "shared", *(["shared by some"] if not two else []), *(f"only {name}" for name in labels)]
    return sketch.scene("overlap", groups=order)


def _essential_first(item: Shared) -> tuple[bool, str, str]:
    return item.essential != () and not any(item.essential), item.node.label.casefold(), item.node.iri


def _region(answer: Overlap, item: Shared, two: bool) -> int:
    if len(item.having) == len(answer.nodes):
        return 2 if two else 0
    if len(item.having) > 1:
        return 1
    at = answer.nodes.index(item.having[0])
    return 4 * at if two else 2 + at


def _mark(sketch: Sketch, answer: Overlap, item: Shared, key: str) -> Mark:
    everyone = len(item.having) == len(answer.nodes)
    group = "shared" if everyone else "shared by some" if len(item.having) > 1 else f"only {item.having[0].label}"
    needs = ", ".join(
        f"{'essential' if essential else 'optional'} for {n.label}"
        for n, essential in zip(item.having, item.essential, strict=True)
        if essential is not None
    )
    lines = ", ".join(map(str, item.lines))
    more = [
        ("facet", item.facet),
        ("need", needs),
        ("the article's words", item.wording),
        ("lines of the article", lines),
    ]
    weight = max((answer.weights[n.iri].get(item.node.iri, 0.0) for n in item.having), default=0.0)
    return sketch.mark(item.node, key=key, weight=0.25 + 0.4 * weight, group=group, more=more)


def _by_row(answer: Overlap) -> dict[tuple[str, str, str], list[Claim]]:
    """Return the claims behind each thing of a node, by (relation, thing, node)."""
    found: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for claim in answer.evidence:
        for n, other in ((claim.subject, claim.object), (claim.object, claim.subject)):
            found[claim.relation, other.iri, n.iri].append(claim)
    return found
