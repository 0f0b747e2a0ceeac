"""`opens` at a glance: what to add, and how near roles come with it; as a network, which addition counts for which."""

from __future__ import annotations

from kg.model.answers import counted
from kg.questions.opens import Opens, Reach
from kg.views.board import Block, RankedBars, RankRow
from kg.views.layout import stack
from kg.views.scene import Heading, Mark, Scene
from kg.views.sketch import Sketch, by_ends, first_names

__all__ = ["scene"]

_STEP = 320.0


def scene(answer: Opens) -> Scene:
    """Return the picture of additions: what to add | the roles within reach with it | the nearest that are not."""
    sketch = Sketch(answer)
    said = by_ends(answer.evidence)
    doors = [
        sketch.mark(
            door.node,
            weight=0.8,
            group="to add",
            note=f"required by {door.required_by} roles",
            more=[("rank", str(rank)), ("opens", ", ".join(found.role.label for found in door.opened))],
        )
        for rank, door in enumerate(answer.doors, start=1)
    ]
    opened = [_role(sketch, found, "within reach") for door in answer.doors for found in door.opened]
    near = [_role(sketch, found, "still out of reach") for found in answer.nearest]
    columns = [(name, marks) for name, marks in (("add", doors), ("within reach", opened), ("nearest", near)) if marks]
    for i, (name, marks) in enumerate(columns):
        sketch.marks += stack(marks, i * _STEP, 0.0).marks
        sketch.columns.append(Heading(name, i * _STEP))
    for door in answer.doors:
        unlocked = {found.role.iri for found in door.opened}
        for found in (*(f for d in answer.doors for f in d.opened), *answer.nearest):
            claims = said.get((found.role.iri, "requires", door.node.iri), [])
            if claims or found.role.iri in unlocked:
                label = f"{found.role.label} requires {door.node.label}" if claims else "comes within reach with it"
                weight = 0.8 if found.role.iri in unlocked else 0.25
                sketch.line(door.node.iri, found.role.iri, "opens", claims, label=label, weight=weight)
    return sketch.scene(
        "opens",
        groups=["to add", "within reach", "still out of reach"],
        asks="What opens most roles?",
        board=_board(answer),
        told=["Add", "Within reach then", "Nearest of the others"],
    )


def _board(answer: Opens) -> list[Block]:
    """Return a bar for each addition, by how many roles require it, and one for each role, by how near it comes."""
    doors = tuple(
        RankRow(
            door.node.iri,
            f"{rank}. {door.node.label}",
            round(100 * door.required_by / answer.described) if answer.described else 0,
            f"{door.required_by} of {counted(answer.described, 'role')} require it",
            "opens" if door.opened else "opens none alone",
            first_names([found.role for found in door.opened]),
        )
        for rank, door in enumerate(answer.doors, start=1)
    )
    opened = tuple(_near(found) for door in answer.doors for found in door.opened)
    near = tuple(map(_near, answer.nearest))
    shown = (
        ("Add", "left", doors),
        ("Within reach then", "held", opened),
        (f"Nearest of the others, out of reach below {answer.threshold:.0%}", "plain", near),
    )
    return [RankedBars(title, tone, rows) for title, tone, rows in shown if rows]


def _near(found: Reach) -> RankRow:
    said = f"{found.before:.0%} now, {found.after:.0%} then"
    return RankRow(found.role.iri, found.role.label, round(100 * found.after), said)


def _role(sketch: Sketch, found: Reach, group: str) -> Mark:
    note = f"{found.before:.0%} → {found.after:.0%}"
    return sketch.mark(found.role, weight=0.3 + 0.6 * found.after, group=group, note=note)
