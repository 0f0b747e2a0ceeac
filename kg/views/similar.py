"""`similar` at a glance: roles by how alike they are, with what is shared; as a network, the more alike the nearer."""

from __future__ import annotations

from kg.handles.likeness import TITLES
from kg.model.answers import few
from kg.questions.similar import Alike, Similar
from kg.views.board import Block, RankedBars, RankRow
from kg.views.layout import Listing, around, best_rows, grid, rank_ring
from kg.views.scene import Band, Scene
from kg.views.sketch import HEAD, Sketch, by_ends, first_names

__all__ = ["scene"]

#: The section that the board tells.
_TOLD = "Most alike first"
ASKED, RATED, UNRATED = "asked about", "rated", "not rated"
#: How far out a role stands that shares nothing, and one that is the same, in pixels.
_FAR, _NEAR = 420.0, 120.0


def scene(answer: Similar) -> Scene:
    """Return the picture of similar roles: nearest first, clockwise from the top; below, those that are not rated.

    The distance falls with the score, scaled so that the nearest stands close by; a role is never further away than
    one of a lower score. A line is as thick as the score, and rests on the claims about what both require.
    """
    sketch = Sketch(answer)
    said = by_ends(answer.evidence)
    asked = answer.role
    sketch.put(sketch.mark(asked, weight=1.0, group=ASKED), 0.0, 0.0)
    best = max((found.score or 0.0 for found in answer.nearest), default=0.0) or 1.0
    marks, distances = [], []
    for found in answer.nearest:
        score = found.score or 0.0
        more = [*_about(found), (answer.measure.replace("_", " "), f"{score:.3f}")]
        marks.append(
            sketch.mark(found.role, weight=0.3 + 0.6 * score / best, group=RATED, note=f"{score:.2f}", more=more)
        )
        distances.append(_NEAR + (_FAR - _NEAR) * (1 - score / best))
    sketch.marks += rank_ring(marks, distances)
    for found in answer.nearest:
        claims = [
            claim
            for n in found.shared
            for role in (asked, found.role)
            for claim in said.get((role.iri, "requires", n.iri), ())
        ]
        label = f"{found.score or 0:.2f}: both require {few([n.label for n in found.shared], 3)}"
        sketch.line(
            asked.iri,
            found.role.iri,
            "similar",
            claims,
            label=label,
            style="dotted",
            weight=(found.score or 0.0) / best,
            arrow=False,
        )
    if answer.unrated:
        inner = around(sketch.marks)
        rest = [sketch.mark(found.role, weight=0.3, group=UNRATED, more=_about(found)) for found in answer.unrated]
        rows = best_rows(
            lambda rows: (abs(Listing.of(rest).size(rows)[0] - (inner.right - inner.left)), 0.0), len(rest)
        )
        top = inner.bottom + 30
        placed = grid(rest, inner.left, top + HEAD, rows)
        sketch.marks += placed.marks
        sketch.bands.append(
            Band("not rated, which is not the same as unlike", round(top, 1), round(placed.box.bottom, 1))
        )
    return sketch.scene(
        "similar",
        groups=[ASKED, RATED, UNRATED],
        asks=f"Which roles are most like {asked.label}?",
        board=_board(answer),
        told=[_TOLD],
    )


def _board(answer: Similar) -> list[Block]:
    """Return a bar for each role that is rated, as long as its score, with what it shares."""
    rows = tuple(
        RankRow(
            found.role.iri,
            found.role.label,
            round(100 * (found.score or 0.0)),
            f"{found.score or 0.0:.2f} · {_covered(found)}",
            f"{len(found.shared)} shared:" if found.shared else "nothing shared",
            first_names(found.shared),
        )
        for found in answer.nearest
    )
    note = "".join(section.note for section in answer.sections() if section.title == _TOLD)
    return [RankedBars(f"{_TOLD}, by {TITLES[answer.measure]}", "left", rows, note)] if rows else []


def _covered(found: Alike) -> str:
    return "not described" if found.coverage is None else f"{found.coverage:.0%} of it covered"


def _about(found: Alike) -> list[tuple[str, str]]:
    covered = "not described" if found.coverage is None else f"{found.coverage:.0%} of what it requires"
    return [("covered", covered), ("shared", ", ".join(n.label for n in found.shared))]
