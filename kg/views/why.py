"""`why` as a picture: sources, what each says, and whom it is said of."""

from __future__ import annotations

from collections import defaultdict

from kg.model.answers import ORIGIN_WORDS, Claim, Node, text
from kg.questions.why import Told, Why
from kg.views.layout import order_layers
from kg.views.scene import Mark, Scene
from kg.views.sketch import Sketch, in_words

__all__ = ["scene"]

SOURCE, SAID, DISPUTED, ABOUT = "source", "said", "sources disagree", "asked about"
_ROOM = 150.0


def scene(answer: Why) -> Scene:
    """Return the picture of who says what: sources | what is said, each once | the nodes asked about.

    A line from a source is one that says it, with its place; a line to a node says whom it is about.
    """
    sketch = Sketch(answer)
    by_place: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in answer.evidence:
        by_place[claim.subject.label, claim.relation, claim.object.iri, claim.source].append(claim)
    sources: dict[str, Told] = {}
    said: dict[str, list[Told]] = defaultdict(list)
    for told in answer.told:
        sources.setdefault(told.source_iri, told)
        said[_key(told)].append(told)
    disputed = {(told.subject, told.relation, told.object) for told in answer.told if _is_disputed(answer, told)}
    links = [(source, key) for key, found in said.items() for source in dict.fromkeys(t.source_iri for t in found)]
    named, keys = order_layers([[*sources], [*said]], links)
    cells: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    number = {source: sum(source == other for other, _ in links) for source in named}
    for iri in named:
        told = sources[iri]
        more = [
            ("origin", ORIGIN_WORDS.get(told.origin, told.origin)),
            ("date", told.source_date),
            ("says", f"{number[iri]} of these"),
            ("address", told.source_url),
        ]
        weight = 0.3 + 0.5 * number[iri] / max(number.values())
        mark = sketch.mark(
            Node(told.source, iri, "source"), weight=weight, group=SOURCE, note=told.source_date, more=more
        )
        cells["", 0].append(mark)
    for key in keys:
        first = said[key][0]
        other = Node(_words(first), first.object_iri or key, _kind(sketch, first))
        group = DISPUTED if (first.subject, first.relation, first.object) in disputed else SAID
        more = [("says who", "; ".join(dict.fromkeys(_where(told) for told in said[key])))]
        mark = sketch.mark(other, key=key, weight=0.5, group=group, more=more)
        cells["", 1].append(mark)
        nodes = [n for n in (answer.node, answer.other) if n and n.label == first.subject]
        for n in nodes or [answer.node]:
            sketch.line(key, n.iri, "about", label="is said of", style="solid", weight=0.15, arrow=False)
        if first.object_iri and answer.other and first.object_iri in (answer.node.iri, answer.other.iri):
            sketch.line(key, first.object_iri, "about", label="names", style="solid", weight=0.15, arrow=False)
        by_source: dict[str, list[Told]] = defaultdict(list)
        for told in said[key]:
            by_source[told.source_iri].append(told)
        for source, found in by_source.items():
            claims = by_place[first.subject, first.relation, first.object_iri, source]
            style = (
                "dotted"
                if found[0].origin in ("reading", "derived")
                else "dashed"
                if first.essential is False
                else "solid"
            )
            places = "; ".join(dict.fromkeys(text(told.basis or told.locator) for told in found))
            sketch.line(source, key, "says", claims, label=places or "says", style=style, weight=0.3, arrow=False)
    height = sketch.bands_of_grids([""], cells, [None, None, _ROOM])
    sketch.head(0, f"sources ({len(named)})")
    sketch.head(1, f"say ({len(keys)})")
    left, width = sketch.lefts[2]
    shown = [n for n in (answer.node, answer.other) if n]
    for i, n in enumerate(shown):
        y = max(height, 120.0) * (i + 1) / (len(shown) + 1)
        sketch.put(sketch.mark(n, weight=1.0, group=ABOUT), left + width / 2, y)
    return sketch.scene("why", groups=[ABOUT, SOURCE, SAID, DISPUTED])


def _key(told: Told) -> str:
    """Return a name for what is said, whoever says it."""
    return "|".join(("said", told.subject, told.relation, told.object_iri or told.object, str(told.essential)))


def _words(told: Told) -> str:
    need = {None: "", True: " (essential)", False: " (optional)"}[told.essential]
    return f"{in_words(told.relation)}: {told.object}{need}"


def _kind(sketch: Sketch, told: Told) -> str:
    return str(sketch.attributes(told.object_iri).get("kind") or "concept") if told.object_iri else "value"


def _where(told: Told) -> str:
    place = text(told.basis or told.locator)
    return f"{told.source} ({place})" if place else told.source


def _is_disputed(answer: Why, told: Told) -> bool:
    about = {d.about for d in answer.disagreements}
    return bool(about & {f"{told.subject} {told.relation} {told.object}", f"{told.relation} of {told.subject}"})
