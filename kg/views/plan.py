"""`plan` and `roadmap` at a glance: steps by stage, exams with a running total; as a network, with what needs what."""

from __future__ import annotations

from collections import defaultdict

from kg.careers.steps import Step
from kg.model.signs import NEED, TONES
from kg.questions.plan import Plan
from kg.questions.roadmap import Roadmap
from kg.views.board import Block, StepColumn, StepColumns, StepItem
from kg.views.layout import BLOCK_GAP, Listing, best_rows, grid, order_layers
from kg.views.scene import Heading, Mark, Scene
from kg.views.sketch import HEAD, Sketch, by_ends, price_of

__all__ = ["scene"]

_HELD = "held"
_GOAL = "goal"
_GOAL_ROOM = 160.0


def scene(answer: Plan) -> Scene:
    """Return the picture of a plan: what is held, foundations, core, specialisation, certifications, the role.

    A stage is read downwards and then to the right: no step stands before one that it needs. An arrow leads from what
    comes first to what needs it; to a certification, from what it certifies.
    """
    sketch = Sketch(answer)
    claims = by_ends(answer.evidence)
    number = {step.node.iri: step for step in answer.steps}
    stages = _stages(answer)
    links = [(n.iri, step.node.iri) for step in answer.steps for n in step.after if n.iri in number]
    ordered = order_layers([layer for _, layer in stages], links)
    marks = {step.node.iri: _mark(sketch, step) for step in answer.steps}
    columns: dict[str, list[Mark]] = defaultdict(list)
    columns[_HELD] = [
        sketch.mark(r.node, weight=0.4, group=_HELD, more=[("required by", answer.role.label)], claims=r.claims)
        for r in answer.held
    ]
    for (stage, _), layer in zip(stages, ordered, strict=True):
        columns[stage] += [marks[iri] for iri in layer]
    right, height = _place(sketch, columns)
    for step in answer.steps:
        for n in step.after:
            if n.iri in number:
                relation = (
                    "certifies" if step.kind == "certify" and number[n.iri].kind == "learn" else "hasPrerequisite"
                )
                found = claims[step.node.iri, relation, n.iri]
                label = f"{n.label} comes before {step.node.label}"
                sketch.line(n.iri, step.node.iri, relation, found, label=label, weight=0.25)
    done = "" if answer.coverage is None else f"{answer.coverage:.0%} held or certified"
    goal = sketch.mark(answer.role, weight=1.0, group=_GOAL, note=done)
    sketch.put(goal, right + _GOAL_ROOM / 2, max(height / 2, HEAD + 20))
    for step in answer.certify:
        if step.covers:
            sketch.line(
                step.node.iri, answer.role.iri, "demonstrates", label="proves what it requires", weight=0.3, arrow=False
            )
    groups = [_HELD, *answer.stages, _GOAL]
    titles = [section.title for section in answer.sections()]
    return sketch.scene(
        "roadmap" if isinstance(answer, Roadmap) else "plan",
        groups=groups,
        asks=f"What is the way to {answer.role.label}, and its price?",
        board=_board(answer),
        told=[title for title in titles if title.startswith(tuple(f"{_titled(stage)} (" for stage in answer.stages))],
    )


def _board(answer: Plan) -> list[Block]:
    """Return a column for each stage; the exams with their prices, and what they cost together so far."""
    columns = []
    for stage in answer.stages:
        total, items = 0.0, []
        for step in (step for step in answer.steps if step.stage == stage):
            note = ""
            if step.offer:
                total += step.price or 0.0
                status = "" if step.offer.status == "active" else f" · {step.offer.status}"
                assumed = " (assumed)" if step.assumed else ""
                so_far = f"{step.running or 0.0:,.0f} so far"
                note = f"{price_of(step.price)}{assumed}, {so_far} · certifies {len(step.covers)}{status}"
            strong = step.required is not None and step.required.essential
            items.append(StepItem(step.node.iri, step.number, step.node.label, strong, step.ready, note))
        if items:
            price = f"USD {total:,.0f} together" if any(item.note for item in items) else ""
            tone = stage if stage in TONES else "plain"
            columns.append(StepColumn(_titled(stage), tone, tuple(items), price))
    return [StepColumns(tuple(columns))] if columns else []


def _titled(stage: str) -> str:
    return f"{stage[0].upper()}{stage[1:]}"


def _stages(answer: Plan) -> list[tuple[str, list[str]]]:
    """Return the steps in layers: by stage, and within a stage by how many of its steps must come before."""
    depth: dict[str, int] = {}
    stage = {step.node.iri: step.stage for step in answer.steps}
    layers: dict[tuple[int, int], list[str]] = defaultdict(list)
    for step in answer.steps:  # in an order that can be followed: what comes before has its depth already
        inside = [depth[n.iri] + 1 for n in step.after if stage.get(n.iri) == step.stage]
        depth[step.node.iri] = max(inside, default=0)
        layers[answer.stages.index(step.stage), depth[step.node.iri]].append(step.node.iri)
    return [(answer.stages[i], layers[i, j]) for i, j in sorted(layers)]


def _place(sketch: Sketch, columns: dict[str, list[Mark]]) -> tuple[float, float]:
    """Place the stages beside each other, each a list of as many columns as it needs; return width and height."""
    lists = {name: Listing.of(marks) for name, marks in columns.items() if marks}

    def measure(rows: int) -> tuple[float, float]:
        sizes = [found.size(rows) for found in lists.values()]
        return sum(wide + BLOCK_GAP for wide, _ in sizes) + _GOAL_ROOM, max((high for _, high in sizes), default=0.0)

    rows = best_rows(measure, max((len(marks) for marks in columns.values()), default=1))
    left, bottom = 0.0, 0.0
    for name in lists:
        placed = grid(columns[name], left, HEAD, rows)
        sketch.marks += placed.marks
        sketch.columns.append(Heading(f"{name} ({len(columns[name])})", round((left + placed.box.right) / 2, 1)))
        left = placed.box.right + BLOCK_GAP
        bottom = max(bottom, placed.box.bottom)
    return left, bottom


def _mark(sketch: Sketch, step: Step) -> Mark:
    needed = "required" if step.required else "needed first" if step.kind == "learn" else ""
    if step.required:
        needed = NEED[step.required.essential]
    more = [
        ("step", str(step.number)),
        ("need", needed),
        ("can start tomorrow", "yes" if step.ready else ""),
        ("comes after", ", ".join(n.label for n in step.after)),
        ("because of", ", ".join(n.label for n in step.because)),
        ("certifies of the missing", ", ".join(n.label for n in step.covers)),
        ("proof", step.proof),
        ("eligibility", "; ".join(step.eligibility)),
        ("recommended experience", "; ".join(step.experience)),
    ]
    note = ""
    if step.offer:
        assumed = " (assumed)" if step.assumed else ""
        note = f"{price_of(step.price)}{assumed} · {step.offer.status}"
    weight = 0.25 + 0.5 * min(step.required.weight, 1.0) if step.required else 0.5 if step.offer else 0.2
    own = step.required.claims if step.required else ()
    return sketch.mark(
        step.node,
        label=f"{step.number}. {step.node.label}",
        weight=weight,
        group=step.stage,
        note=note,
        more=more,
        claims=own,
    )
