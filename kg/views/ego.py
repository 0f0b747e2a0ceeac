"""`show` at a glance: a card, and what the node is tied to; as a network, with what lies one step further."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.careers.relations import Relation
from kg.handles.handle import Handle, as_handle
from kg.model.answers import Node, counted, node
from kg.model.graphs import Graph
from kg.model.signs import NEED, kind_sign
from kg.names.lookup import ASKABLE
from kg.questions.show import Show
from kg.views.board import Block, Chip, ChipColumn, ChipColumns, ChipGroup, FactCard
from kg.views.geometry import ROW
from kg.views.layout import BLOCK_GAP, grid
from kg.views.scene import Mark, Scene
from kg.views.sketch import TOP, Sketch, price_of

__all__ = ["graph_around", "scene"]

#: Who needs or names a node, what tells most first.
_USED_BY = ("is required by", "is recommended for", "requires", "is certified by", "certifies", "issues")
_ROOM = 110.0
#: Radius of the disc that stands for what lies one step further.
_DISC = 30.0
#: Nodes one step further that a band keeps, those tied to most of it first; the others are counted.
_FURTHER = 24


def graph_around(g: Handle | Graph, answer: Show) -> Graph:
    """Return the slice that tells what the neighbours of a node are tied to."""
    return as_handle(g).slice("show", node=list(dict.fromkeys(r.other.iri for r in answer.relations)))


def scene(answer: Show, further: Graph | None = None) -> Scene:
    """Return the picture of a neighbourhood: the node, and below it a band for each relation.

    Parameters
    ----------
    further
        A graph that knows the neighbours of the neighbours (`around`). With it each band ends in a cluster of them,
        which opens to the right.
    """
    sketch = Sketch(answer)
    cells: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    taken = {answer.node.iri}
    ends: dict[str, list[Relation]] = defaultdict(list)
    for r in answer.relations:
        key = r.other.iri if r.other.iri not in taken else f"{r.other.iri}|{r.phrase}"
        taken.add(key)
        need = NEED[r.essential]
        weight = 0.35 if r.essential is False else 0.6
        mark = sketch.mark(
            r.other, key=key, weight=weight, group=r.phrase, more=[("relation", r.phrase), ("need", need)]
        )
        cells[r.phrase, 1].append(mark)
        ends[r.phrase].append(r)
        outward = any(claim.subject.iri == answer.node.iri for claim in r.claims)
        one, two = (answer.node.iri, key) if outward else (key, answer.node.iri)
        sketch.line(one, two, r.relation, r.claims, label=r.phrase, weight=0.3, arrow=False)
    sketch.bands_of_grids(list(ends), cells, [_ROOM, None], top=TOP)
    left, width = sketch.lefts[0]
    sketch.put(sketch.mark(answer.node, weight=1.0, group="asked about"), left + width / 2, 0.0)
    if further is not None and answer.relations:
        _add_further(sketch, answer, ends, further)
    return sketch.scene(
        "ego",
        title=f"Around {answer.node.label}",
        groups=["asked about", *ends],
        asks=f"What is known of {answer.node.label}?",
        board=_board(answer, cells),
        told=["", *(section.title for section in answer.sections() if section.title.startswith(_heads(ends)))],
    )


def _heads(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{phrase.capitalize()} (" for phrase in phrases)


def _board(answer: Show, cells: Mapping[tuple[str, int], Sequence[Mark]]) -> list[Block]:
    """Return the card, its chief facts in large, and all that the node is tied to, by relation."""
    card = next(section for section in answer.sections() if not section.title)
    facts = [("identifier" if name == "iri" else name, value) for name, value in (row[:2] for row in card.rows)]
    named = dict(facts)
    chief = [("kind", answer.node.kind)]
    if found := answer.offered:
        standing = found.status if found.on_offer else f"{found.status}, not on offer"
        price = price_of(answer.attributes.get("priceUSD"))
        chief = [(f"on {answer.context.as_of}", standing), ("price", price)]
        chief += [(name, _short(named.get(name, "not stated"))) for name in ("level", "valid for")]
    chief += _users(answer.relations)
    rest = tuple(fact for fact in facts if fact not in chief)
    essential = any(r.essential for r in answer.relations)
    groups = []
    for phrase in dict.fromkeys(r.phrase for r in answer.relations):
        tied = [r for r in answer.relations if r.phrase == phrase]
        marks = cells[phrase, 1]
        chips = tuple(
            Chip(mark.key, mark.label, r.essential is True, r.standing if r.standing != "active" else "")
            for r, mark in zip(tied, marks, strict=True)
        )
        groups.append(ChipGroup(phrase, chips))
    board: list[Block] = [FactCard(tuple(chief), rest)]
    if groups:
        column = ChipColumn("What it is tied to", "left", tuple(groups))
        board.append(ChipColumns((column,), pale="others" if essential else ""))
    return board


def _users(relations: Sequence[Relation]) -> list[tuple[str, str]]:
    """Return who needs or names the node, and what it needs: the chief three, each with how many of which kinds."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for r in relations:
        kinds[r.phrase][r.other.kind] += 1
    return [
        (phrase, ", ".join(f"{n} {kind if n == 1 else kind_sign(kind).plural}" for kind, n in kinds[phrase].items()))
        for phrase in _USED_BY
        if phrase in kinds
    ][:3]


def _short(fact: str) -> str:
    """Return a fact without what is added to it."""
    return fact.partition(";")[0].partition(" (")[0]


def _add_further(sketch: Sketch, answer: Show, ends: dict[str, list[Relation]], further: Graph) -> None:
    """Add a cluster to each band: what its nodes are tied to, and the node asked about is not."""
    left, width = sketch.lefts[1]
    x = left + width + BLOCK_GAP + 30
    first = {answer.node.iri, *(r.other.iri for r in answer.relations)}
    used: set[str] = set()
    for band in list(sketch.bands):
        ties: Counter[str] = Counter()
        links: list[tuple[str, str, str]] = []
        for r in ends[band.label]:
            for start, end, _, data in (
                *further.out_edges(r.other.iri, keys=True, data=True),
                *further.in_edges(r.other.iri, keys=True, data=True),
            ):
                other = end if start == r.other.iri else start
                if other not in first and other not in used and node(further, other).kind in ASKABLE:
                    ties[other] += 1
                    links.append((start, str(data.get("relation", "")), end))
        if not ties:
            continue
        shown = sorted(ties, key=lambda iri: (-ties[iri], node(further, iri).label.casefold(), iri))[:_FURTHER]
        used |= {*shown}
        key = f"further|{band.label}"
        label = f"+{len(ties)}"
        rows = max(1, int((band.bottom - band.top - 20) // ROW))
        members = [_member(sketch, node(further, iri), key, ties[iri] / max(ties.values())) for iri in shown]
        sketch.marks += grid(members, x + 2 * _DISC, band.top + 30, rows).marks
        names = ", ".join(node(further, iri).label for iri in shown)
        told = (
            ("one step further", f"{counted(len(ties), 'node')}, shown are the {len(shown)} tied most often: {names}"),
        )
        middle = round((band.top + band.bottom) / 2 + 8, 1)
        sketch.marks.append(
            Mark(
                key,
                label,
                "cluster",
                x,
                middle,
                weight=0.1,
                group=band.label,
                details=told,
                is_cluster=True,
                size=_DISC,
            )
        )
        for one, relation, two in dict.fromkeys(link for link in links if {link[0], link[2]} & {*shown}):
            sketch.line(one, two, relation, style="solid", weight=0.15, arrow=False)


def _member(sketch: Sketch, n: Node, cluster: str, weight: float) -> Mark:
    return replace(sketch.mark(n, weight=0.2 + 0.4 * weight, group="one step further"), cluster=cluster)
