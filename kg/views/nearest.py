"""`nearest` at a glance: roles by the evidence for them, with what of each is held; as a network, what ties them."""

from __future__ import annotations

from kg.questions.nearest import Near, Nearest
from kg.views.board import Block, RankedBars, RankRow
from kg.views.layout import stack
from kg.views.scene import Heading, Mark, Scene
from kg.views.sketch import Sketch, first_names

__all__ = ["scene"]

_STEP = 360.0
#: The section that the board tells.
_TOLD = "Nearest first"
HELD, SUITS, THIN = "held", "suits what is held", "thinly described"


def scene(answer: Nearest) -> Scene:
    """Return the picture of roles that suit: what is held | the roles, best first.

    A bar is as long as the evidence for a role is, from none or the least that is shown.
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
    return sketch.scene(
        "nearest",
        groups=[HELD, SUITS, THIN],
        asks="Which roles suit what is held?",
        board=_board(answer),
        told=[_TOLD],
    )


def _role(sketch: Sketch, found: Near) -> Mark:
    more = [
        ("held", f"{len(found.held)} of {found.requirements}"),
        ("decided by", ", ".join(f"{n.label} ({says:.1f})" for n, says in found.decided)),
        ("of yours used", f"{found.used:.0%}"),
    ]
    group = THIN if found.is_thin else SUITS
    return sketch.mark(found.role, weight=0.7, group=group, note=f"{found.score:.1f}", more=more)


def _board(answer: Nearest) -> list[Block]:
    """Return a bar for each role, with how much of it is held, and what."""
    scores = [found.score for found in answer.near]
    low = min(0.0, *scores) if scores else 0.0
    rows = tuple(
        RankRow(
            found.role.iri,
            f"{rank}. {found.role.label}",
            round(100 * (found.score - low) / ((max(scores) - low) or 1.0)),
            f"{found.score:.1f} · {len(found.held)} of {found.requirements} held"
            + (", thinly described" if found.is_thin else ""),
            "by",
            first_names([n for n, _ in found.decided]),
        )
        for rank, found in answer.entries()
    )
    note = "".join(section.note for section in answer.sections() if section.title == _TOLD)
    return [RankedBars(_TOLD, "left", rows, note)] if rows else []
