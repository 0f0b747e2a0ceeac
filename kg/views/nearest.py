"""`nearest` as a picture: a ranked list with bars, and what of each role is held; behind it the network."""

from __future__ import annotations

from kg.questions.nearest import Near, Nearest
from kg.views.board import Chip, ChipGroup, RankedBars, RankedRow
from kg.views.layout import stack
from kg.views.scene import Heading, Mark, Scene
from kg.views.sketch import Sketch

__all__ = ["scene"]

_STEP = 360.0
HELD, SUITS, THIN = "held", "suits what is held", "thinly described"


def scene(answer: Nearest) -> Scene:
    """Return the picture of roles that suit: what is held | the roles, best first.

    A bar is as long as the evidence for a role is, from none or the least that is shown. The chips are what of a role
    is held.
    """
    sketch = Sketch(answer)
    held: dict[str, Mark] = {}
    for found in answer.near:
        for r in found.held:
            if r.node.iri not in held:
                how = ", ".join(map(str, answer.reasons.get(r.node.iri, ()))) or "said"
                held[r.node.iri] = sketch.mark(r.node, weight=0.5, group=HELD, more=[("how we know", how)])
            sketch.line(r.node.iri, found.role.iri, "requires", r.claims, weight=0.3, arrow=False)
    roles = [_role(sketch, found) for found in answer.near]
    columns = [(name, marks) for name, marks in (("held", [*held.values()]), ("nearest first", roles)) if marks]
    for i, (name, marks) in enumerate(columns):
        sketch.marks += stack(marks, i * _STEP, 0.0).marks
        sketch.columns.append(Heading(name, i * _STEP))
    told = [section.title for section in answer.sections()[:1]] if answer.near else []
    return sketch.scene("nearest", groups=[HELD, SUITS, THIN], board=_board(answer, held, roles), told=told)


def _role(sketch: Sketch, found: Near) -> Mark:
    more = [
        ("held", f"{len(found.held)} of {found.requirements}"),
        ("decided by", ", ".join(f"{n.label} ({says:.1f})" for n, says in found.decided)),
        ("of yours used", f"{found.used:.0%}"),
    ]
    group = THIN if found.is_thin else SUITS
    return sketch.mark(found.role, weight=0.7, group=group, note=f"{found.score:.1f}", more=more)


def _board(answer: Nearest, held: dict[str, Mark], roles: list[Mark]) -> list[RankedBars]:
    scores = [found.score for found in answer.near]
    if not scores:
        return []
    low = min(0.0, *scores)
    rows = []
    for found, mark in zip(answer.near, roles, strict=True):
        share = round(100 * (found.score - low) / ((max(scores) - low) or 1.0))
        chips = tuple(Chip(held[r.node.iri].key, r.node.label, r.essential) for r in found.held)
        thin = ", thinly described" if found.is_thin else ""
        said = f"{found.score:.1f} · {len(found.held)} of {found.requirements}{thin}"
        rows.append(RankedRow(mark.key, found.role.label, share, said, (ChipGroup("held", chips),)))
    return [RankedBars(tuple(rows))]
