"""`gap` at a glance: how much is held, what is missing, what certifies it; the same as a network."""

from __future__ import annotations

from collections import Counter, defaultdict

from kg.careers.proofs import Proof
from kg.careers.required import Required
from kg.model.answers import Node, few
from kg.model.signs import NEED
from kg.questions.gap import Gap
from kg.views.board import (
    BarPart,
    Block,
    Chip,
    ChipColumn,
    ChipColumns,
    ChipGroup,
    RankedBars,
    RankRow,
    ShareBar,
)
from kg.views.layout import order_layers
from kg.views.scene import Mark, Scene
from kg.views.sketch import Sketch

__all__ = ["scene"]

#: Certifications drawn: those that certify most, and more until each missing thing that has one shows it.
_CERTIFICATIONS = 14
HELD, ESSENTIAL, OPTIONAL, PROOF = "held", "missing, essential", "missing, optional", "certifies the missing"
_ROLE = 150.0


def scene(answer: Gap) -> Scene:
    """Return the picture of a gap: held | roles | missing (essential first) | certifications that can be next steps.

    Each requirement is one mark, also where several roles ask for it. What more certifications certify a missing thing
    stands in its details.
    """
    sketch = Sketch(answer)
    held: dict[str, Required] = {}
    missing: dict[str, Required] = {}
    roles: dict[str, list[Node]] = defaultdict(list)
    for found in answer.gaps:
        for target, group in ((held, found.held), (missing, found.missing)):
            for r in group:
                target.setdefault(r.node.iri, r)
                roles[r.node.iri].append(found.role)
                sketch.line(found.role.iri, r.node.iri, "requires", r.claims, weight=0.3, arrow=False)
    certifications = _chosen(answer, missing)
    links = [(iri, proof.node.iri) for iri in missing for proof in answer.proofs.get(iri, ()) if proof.step]
    cells: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for r in held.values():
        by = ", ".join(dict.fromkeys(map(str, answer.reasons.get(r.node.iri, ()))))
        cells["", 0].append(_mark(sketch, answer, r, HELD, [("held by", by)], roles))
    for essential, name in ((True, ESSENTIAL), (False, OPTIONAL)):
        here = [iri for iri, r in missing.items() if r.essential == essential]
        (_, ordered) = order_layers([list(certifications), here], [(b, a) for a, b in links])
        for iri in ordered:
            by = few([n.label for n in answer.steps(missing[iri])], 6) or "none on offer"
            cells["", 2].append(_mark(sketch, answer, missing[iri], name, [("certified by", by)], roles))
    places = [mark.key for mark in cells["", 2]]
    _, ordered = order_layers([places, list(certifications)], links, sweeps=1)
    for iri in ordered:
        proof = certifications[iri]
        names = [missing[item].node.label for item in places if (item, iri) in set(links)]
        more = [("certifies of the missing", f"{len(names)}: {', '.join(names)}")]
        cells["", 3].append(sketch.mark(proof.node, weight=0.5, group=PROOF, more=more))
    for iri in missing:
        for proof in answer.proofs.get(iri, ()):
            if proof.node.iri in certifications:
                sketch.line(proof.node.iri, iri, "certifies", proof.claims, weight=0.15, arrow=False)
    height = sketch.bands_of_grids([""], cells, [None, _ROLE, None, None])
    for region, name in ((0, "held"), (2, "missing"), (3, "certifications that certify it")):
        if cells["", region]:
            sketch.head(region, f"{name} ({len(cells['', region])})" if region < 3 else name)
    left, width = sketch.lefts[1]
    for i, found in enumerate(answer.gaps):
        share = "not described" if found.coverage is None else f"{found.coverage:.0%} held"
        mark = sketch.mark(found.role, weight=1.0, group="role", note=share)
        sketch.put(mark, left + width / 2, height * (i + 1) / (len(answer.gaps) + 1))
    named = ", ".join(found.role.label for found in answer.gaps)
    titles = [section.title for section in answer.sections()]
    return sketch.scene(
        "gap",
        groups=["role", HELD, ESSENTIAL, OPTIONAL, PROOF],
        asks=f"What is missing for {named}?",
        board=_board(answer, held, missing, sketch),
        told=[title for title in titles if _is_told(title)],
    )


def _is_told(title: str) -> bool:
    """Whether a section says what the board says: what is held, and which certifications certify what is missing."""
    return title.startswith(("Held (", "Certifications on offer")) or ": held (" in title


def _board(answer: Gap, held: dict[str, Required], missing: dict[str, Required], sketch: Sketch) -> list[Block]:
    """Return a bar, columns of what is held and missing, and the certifications by how much of that they certify."""
    missing = {iri: r for iri, r in missing.items() if iri not in held}
    essential = {iri: r for iri, r in missing.items() if r.essential}
    optional = {iri: r for iri, r in missing.items() if not r.essential}
    sides = (
        ("Held", "held", held),
        ("Missing, essential", "missing", essential),
        ("Missing, optional", "plain", optional),
    )
    columns = tuple(ChipColumn(title, tone, _chips(found)) for title, tone, found in sides if found)
    board: list[Block] = [
        ShareBar(tuple(BarPart(title.lower(), len(found), tone) for title, tone, found in sides)),
        ChipColumns(columns),
    ]
    rows = []
    for mark in sketch.marks:
        if mark.group == PROOF:
            number = sum(any(p.node.iri == mark.key for p in answer.proofs.get(iri, ())) for iri in missing)
            level = next((value for name, value in mark.details if name == "level"), "level not stated")
            told = " · ".join(part for part in (mark.note, level) if part)
            said = f"certifies {number} of {len(missing)}"
            rows.append((number, RankRow(mark.key, mark.label, round(100 * number / len(missing)), said, told)))
    rows.sort(key=lambda row: (-row[0], row[1].label.casefold()))
    if rows:
        board.append(RankedBars("What certifies the missing", "certifications", tuple(row for _, row in rows)))
    return board


def _chips(found: dict[str, Required]) -> tuple[ChipGroup, ...]:
    """Return chips by kind: filled where essential."""
    kinds = (("skills", "skill"), ("tools", "tool"))
    groups = (
        ChipGroup(name, tuple(Chip(iri, r.node.label, r.essential) for iri, r in found.items() if r.node.kind == kind))
        for name, kind in kinds
    )
    return tuple(group for group in groups if group.chips)


def _mark(
    sketch: Sketch,
    answer: Gap,
    r: Required,
    group: str,
    more: list[tuple[str, str]],
    roles: dict[str, list[Node]],
) -> Mark:
    asked = [("required by", ", ".join(n.label for n in roles[r.node.iri]))] if len(answer.gaps) > 1 else []
    need = [("need", NEED[r.essential])]
    return sketch.mark(r.node, weight=0.2 + 0.5 * min(r.weight, 1.0), group=group, more=[*asked, *need, *more])


def _chosen(answer: Gap, missing: dict[str, Required]) -> dict[str, Proof]:
    """Return the certifications to draw, by IRI: those that certify most, then what is needed to show one for each."""
    steps = {iri: [p for p in answer.proofs.get(iri, ()) if p.step] for iri in missing}
    breadth = Counter(p.node.iri for found in steps.values() for p in found)
    every = {p.node.iri: p for found in steps.values() for p in found}
    ranked = sorted(every, key=lambda iri: (-breadth[iri], every[iri].node.label.casefold(), iri))
    chosen = dict.fromkeys(ranked[:_CERTIFICATIONS])
    for found in steps.values():
        if found and not any(p.node.iri in chosen for p in found):
            chosen[min((p.node.iri for p in found), key=ranked.index)] = None
    return {iri: every[iri] for iri in chosen}
