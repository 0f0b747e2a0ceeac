"""`disagree` at a glance: every source under what it says of the two; as a network, with lines to the nodes."""

from __future__ import annotations

from collections import defaultdict

from kg.model.answers import ORIGIN_WORDS, Claim, Node, text
from kg.questions.disagree import SAYS, Disagree, View
from kg.views.board import BarPart, Block, ShareBar, ToldGroup, ToldGroups, ToldRow
from kg.views.scene import Mark, Scene
from kg.views.sketch import TOP, Sketch, small

__all__ = ["scene"]

_ROOM = 170.0
#: The tone of each verdict, and what a heading calls it.
_TONES = dict(zip(SAYS, ("both", "left", "right", "plain", "plain", "plain"), strict=True))
_HEADS = {
    "same": "One and the same",
    "alternative label": "One is another name",
    "separate": "Two apart",
    "only one": "Knows only one",
    "related": "Related",
    "absent": "Has neither",
}
_STYLES = {"same": "solid", "separate": "solid", "alternative label": "dashed", "only one": "solid"}


def scene(answer: Disagree) -> Scene:
    """Return the picture of what sources say of two nodes: a band for each verdict, a mark for each source in it.

    A line leads to each node that the source speaks of under that verdict, and carries the claims behind it.
    """
    sketch = Sketch(answer)
    evidence: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in answer.evidence:
        for n in (claim.subject, claim.object):
            for name in {claim.source_label, claim.locator}:
                evidence[name, n.iri].append(claim)
    by_source: dict[tuple[str, str], list[View]] = defaultdict(list)
    for view in answer.views:
        by_source[view.says, view.source].append(view)
    cells: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for (says, source), views in by_source.items():
        key = f"{says}|{source}"
        cells[says, 1].append(_mark(sketch, key, views))
        about = dict.fromkeys(n.iri for view in views for n in (view.about, view.object) if _is_asked(answer, n))
        for iri in about:
            found = [view for view in views if view.about.iri == iri]
            label = "; ".join(
                dict.fromkeys(f"{says}: {view.object.label or view.about.label}" for view in found or views)
            )
            reading = all(view.origin == "reading" for view in views)
            style = "dotted" if says in ("absent", "related") or (reading and says != "same") else _STYLES[says]
            claims = [] if says == "absent" else evidence[source, iri]
            sketch.line(key, iri, says.replace(" ", "_"), claims, label=label, style=style, arrow=False)
    sketch.bands_of_grids([*SAYS], cells, [_ROOM, None, _ROOM], top=TOP)
    for region, n in ((0, answer.left), (2, answer.right)):
        left, width = sketch.lefts[region]
        sketch.put(sketch.mark(n, weight=1.0, group="asked about"), left + width / 2, 0.0)
    if by_source:
        sketch.head(1, "sources, by what they say of the two")
    return sketch.scene(
        "disagree",
        groups=["asked about", *SAYS],
        asks=f"Are {answer.left.label} and {answer.right.label} one thing or two?",
        board=_board(by_source),
        told=["Who says what"],
    )


def _board(by_source: dict[tuple[str, str], list[View]]) -> list[Block]:
    """Return how many sources say what, and under each verdict its sources, with what they say of each node."""
    groups = []
    for says in SAYS:
        rows = tuple(
            ToldRow(f"{says}|{source}", source, tuple(dict.fromkeys(map(_line, views))), views[0].date)
            for (verdict, source), views in by_source.items()
            if verdict == says
        )
        if rows:
            groups.append(ToldGroup(_HEADS[says], _TONES[says], rows))
    if not groups:
        return []
    bar = ShareBar(tuple(BarPart(small(group.title), len(group.rows), group.tone) for group in groups))
    return [bar, ToldGroups(tuple(groups))]


def _line(view: View) -> str:
    """Say what a source has about one node, and where, or why."""
    called = "" if view.object == view.about or not view.object.label else f": {view.object.label}"
    place = text(view.basis or view.locator)
    return f"{view.about.label}{called}{f' ({place})' if place else ''}"


def _is_asked(answer: Disagree, n: Node) -> bool:
    return n.iri in (answer.left.iri, answer.right.iri)


def _mark(sketch: Sketch, key: str, views: list[View]) -> Mark:
    first = views[0]
    concepts = [view for view in views if view.object.iri and view.object != view.about]
    more = [
        ("says", first.says),
        *((f"{view.about.label} is", f"{view.object.label} ({view.object.iri})") for view in concepts),
        ("where, or why", "; ".join(dict.fromkeys(view.basis or view.locator for view in views))),
        ("origin", ORIGIN_WORDS.get(first.origin, first.origin)),
        ("date", first.date),
        ("address", first.url),
    ]
    source = Node(first.source, key, "source")
    return sketch.mark(source, key=key, weight=0.6, group=first.says, note=first.date, more=more)
