"""`plan` and `roadmap` at a glance: the next month, steps by stage with exams among them, what how many exams prove.

The network behind it shows what needs what.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import cycle

from kg.careers.ordering import OPTIONAL_STAGE, STAGES
from kg.careers.steps import Step
from kg.model.answers import counted
from kg.model.signs import NEED
from kg.questions.plan import Plan
from kg.questions.roadmap import Roadmap
from kg.views.board import Block, StepColumn, StepColumns, StepItem, ToldGroup, ToldGroups, ToldRow
from kg.views.layout import BLOCK_GAP, Listing, best_rows, grid, order_layers
from kg.views.scene import Heading, Mark, Scene
from kg.views.sketch import HEAD, Sketch, by_ends, capital, price_of

__all__ = ["scene"]

#: The sections of the answer that the board tells, beside those of the stages.
_MONTH, _FRONTIER = "The next month", "The best one, two, three … exams for this role"
_TOLD = (_MONTH, "Certifications (", _FRONTIER, "Optional, apart (")
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
        told=[title for title in titles if title.startswith((*_TOLD, *(f"{capital(s)} (" for s in answer.stages)))],
    )


def _board(answer: Plan) -> list[Block]:
    """Return the next month and the exams; a column for each stage, exams in their place; the frontier of exams."""
    if not answer.steps:
        return []
    notes = {section.title: section.note for section in answer.sections() if section.note}
    month = tuple(
        ToldRow(step.node.iri, step.node.label, (step.reason,) if step.reason else (), number=f"{step.number}.")
        for step in answer.next_month
    )
    groups = [ToldGroup("The next month", "held", month, (notes[_MONTH],) if _MONTH in notes else ())]
    if answer.certify:
        exams = tuple(map(_exam, answer.certify))
        groups.append(ToldGroup(f"Exams, {_usd(answer.cost)} together", "certifications", exams))
    tones = cycle(STAGES[:3])
    columns = [
        StepColumn(
            capital(stage),
            "plain" if stage == OPTIONAL_STAGE else stage if stage in STAGES else next(tones),
            tuple(_item(step) for step in answer.steps if step.stage == stage),
        )
        for stage in answer.stages
        if any(step.stage == stage for step in answer.steps)
    ]
    groups += _frontier(answer, notes.get(_FRONTIER, ""))
    return [ToldGroups(tuple(group for group in groups if group.rows)), StepColumns(tuple(columns))]


def _exam(step: Step) -> ToldRow:
    """Return an exam with its price and level, what has been paid by then, and why it is taken."""
    level = f"{step.level} · " if step.level else ""
    proves = counted(len(step.covers), "requirement")
    first = f"{_price(step)} · {level}proves {proves}" if step.covers else f"{_price(step)} · {level}needed first"
    lines = (first, step.fit) if step.fit else (first,)
    status = "" if step.offer is None or step.offer.status == "active" else step.offer.status
    return ToldRow(step.node.iri, step.node.label, lines, status, f"{step.number}.")


def _item(step: Step) -> StepItem:
    note = ""
    if step.kind == "certify":
        running = "" if step.running is None else f", {_usd(step.running)} so far"
        note = f"{_price(step)}{running} · proves {len(step.covers)}"
    strong = step.required is not None and step.required.essential
    return StepItem(step.node.iri, step.number, step.node.label, strong, step.ready, note)


def _frontier(answer: Plan, note: str) -> list[ToldGroup]:
    """Return how much of the missing weight the best one, two, three … exams prove, and at which price."""
    points = answer.advice.points
    if answer.full or len(points) < 2:
        return []
    rows = []
    for point in points:
        best = point == answer.advice.recommended
        price = f"{_usd(point.total)} · proves {len(point.proves)} of {len(answer.missing)}"
        lines = (price,) if best else (price, "; ".join(n.label for n in point.exams))
        share = round(100 * point.worth / point.of) if point.of else 0
        number = counted(len(point.exams), "exam")
        rows.append(ToldRow("", number, lines, "recommended" if best else "", share=share))
    return [ToldGroup("How much do one, two, three … exams prove?", "plain", tuple(rows), (note,) if note else ())]


def _price(step: Step) -> str:
    return f"{price_of(step.price)}{' (assumed)' if step.assumed else ''}"


def _usd(amount: float) -> str:
    return f"USD {amount:,.0f}" if amount == round(amount) else f"USD {amount:,.2f}"


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
