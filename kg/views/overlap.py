"""`overlap` at a glance: how much is shared, and what; as a network, what is shared stands between the nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kg.model.answers import Claim
from kg.questions.overlap import Overlap, Shared
from kg.views.board import (
    BarPart,
    Block,
    BoardCell,
    BoardTable,
    Chip,
    ChipColumn,
    ChipColumns,
    ChipGroup,
    SetMatrix,
    SetRow,
    ShareBar,
)
from kg.views.scene import Mark, Scene
from kg.views.sketch import TOP, Sketch, small

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
#: What is counted, and shown as chips, by the kind of the nodes compared.
_COUNTED = {
    "role": ("skills", "tools"),
    "certification": ("skills", "tools"),
    "skill": ("roles", "certifications"),
    "tool": ("roles", "certifications"),
}
#: The room for a node that is compared, between lists.
NODE = 84.0
#: Width to keep to, so that all regions are in sight while one scrolls down.
_WIDE = 1350.0


def scene(answer: Overlap) -> Scene:
    """Return the picture of an overlap.

    The board has a bar and a column of chips for each side; of three nodes and more a row for each combination; and a
    table of certifications. In the network behind it the nodes stand at the top, over two regions where they are two:
    only the first, shared, only the second; where they are more: shared by all, by some, by each alone. A row of the
    answer is a mark.
    """
    sketch = Sketch(answer)
    two = len(answer.nodes) == 2
    # regions from left to right, None for lists; two nodes stand in the others
    widths: list[float | None] = [None, NODE, None, NODE, None] if two else [None] * (2 + len(answer.nodes))
    said = _by_row(answer)
    cells: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    taken: set[str] = set()
    shown: list[tuple[Shared, Mark]] = []
    for item in sorted(answer.items, key=_essential_first):
        key = item.node.iri if item.node.iri not in taken else f"{item.node.iri}|{item.facet}"
        taken.add(key)
        mark = _mark(sketch, answer, item, key)
        shown.append((item, mark))
        cells[item.facet, _region(answer, item, two)].append(mark)
        ties = ((one.node.iri, n, facet) for one in (item, *item.also) for n in one.having for facet in [one.facet])
        for iri, n, facet in dict.fromkeys(ties):
            for relation in _RELATIONS[facet]:
                if claims := said[relation, iri, n.iri]:
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
    counted = _COUNTED[answer.nodes[0].kind]
    return sketch.scene(
        "overlap",
        groups=order,
        asks=f"What do {_listed(labels)} share?",
        board=_board(answer, counted, shown),
        told=[name.capitalize() for name in (*counted, "certifications")],
    )


def _listed(names: Sequence[str]) -> str:
    """Return names with *and* before the last."""
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _board(answer: Overlap, counted: Sequence[str], shown: Sequence[tuple[Shared, Mark]]) -> list[Block]:
    chips = [(item, _chip(item, mark)) for item, mark in shown if item.facet in counted]
    board: list[Block] = []
    if len(answer.nodes) == 2:
        one, two = answer.nodes
        sides = (("left", f"Only {one}", (one,)), ("both", "Both", (one, two)), ("right", f"Only {two}", (two,)))
        columns = [
            ChipColumn(title, tone, _groups([(i, c) for i, c in chips if i.having == having], counted))
            for tone, title, having in sides
        ]
        board = [
            ShareBar(tuple(BarPart(small(c.title), c.count, c.tone) for c in columns)),
            ChipColumns(tuple(columns)),
        ]
    else:
        by_set: dict[tuple[bool, ...], list[tuple[Shared, Chip]]] = defaultdict(list)
        for item, chip in chips:
            by_set[tuple(n in item.having for n in answer.nodes)].append((item, chip))
        rows = [SetRow(members, _groups(found, counted)) for members, found in by_set.items()]
        rows.sort(key=lambda row: (-sum(row.members), -row.count, [not has for has in row.members]))
        board = [SetMatrix(tuple(n.label for n in answer.nodes), tuple(rows))]
    if "certifications" not in counted and (table := _certifications(answer, shown)):
        board.append(table)
    return board


def _certifications(answer: Overlap, shown: Sequence[tuple[Shared, Mark]]) -> BoardTable | None:
    """Return a row for each certification: those that all have first."""
    found = [(item, mark) for item, mark in shown if item.facet == "certifications"]
    found.sort(key=lambda pair: (-len(pair[0].having), [n not in pair[0].having for n in answer.nodes]))
    rows = tuple(
        (
            BoardCell(mark.label, mark.key),
            *(BoardCell("recommended" if n in item.having else "–") for n in answer.nodes),
            BoardCell(mark.note),
        )
        for item, mark in found
    )
    header = ("certification", *(n.label for n in answer.nodes), "code, status")
    return BoardTable(f"Certifications ({len(rows)})", header, rows) if rows else None


def _groups(found: Sequence[tuple[Shared, Chip]], counted: Sequence[str]) -> tuple[ChipGroup, ...]:
    groups = (ChipGroup(name, tuple(chip for item, chip in found if item.facet == name)) for name in counted)
    return tuple(group for group in groups if group.chips)


def _chip(item: Shared, mark: Mark) -> Chip:
    optional = item.essential != () and None not in item.essential and not any(item.essential)
    return Chip(mark.key, mark.label, not optional, item.standing if item.standing != "active" else "")


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
        ("under", item.facet),
        ("need", needs),
        ("the article's words", item.wording),
        ("lines of the article", lines),
        ("also", "; ".join(f"{one.facet}: {', '.join(n.label for n in one.having)}" for one in item.also)),
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
