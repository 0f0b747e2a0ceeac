"""`why` at a glance: each claim with its two ends and who makes it; as a network, who says what of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.model.answers import ORIGIN_WORDS, Claim, Node, counted, text
from kg.model.signs import NEED
from kg.questions.why import Told, Why
from kg.views.board import Block, ToldGroup, ToldGroups, ToldRow
from kg.views.layout import order_layers
from kg.views.scene import Mark, Scene
from kg.views.sketch import Sketch, capital, in_words

__all__ = ["scene"]

SOURCE, SAID, DISPUTED, ABOUT = "source", "said", "sources disagree", "asked about"
_ROOM = 150.0
#: Lines on who says one thing; the details have them all.
_MOST = 4


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
    titles = [section.title for section in answer.sections()]
    return sketch.scene(
        "why",
        groups=[ABOUT, SOURCE, SAID, DISPUTED],
        asks=(
            f"Who ties {answer.node.label} to {answer.other.label}?"
            if answer.other
            else f"Who says what of {answer.node.label}?"
        ),
        board=_board(answer, said, disputed),
        told=[title for title in titles if title.startswith(tuple(map(capital, ORIGIN_WORDS.values())))],
    )


def _board(answer: Why, said: dict[str, list[Told]], disputed: set[tuple[str, str, str]]) -> list[Block]:
    """Return what is said, each claim once, with who says so: by relation, with the other end.

    What sources disagree on stands first; values, such as a price, stand last, under those who state them.
    """
    groups: dict[tuple[int, str], list[ToldRow]] = defaultdict(list)
    for key, found in said.items():
        first = found[0]
        relation = in_words(first.relation)
        need = "" if first.essential is None else NEED[first.essential]
        lines = tuple(dict.fromkeys(map(_said_by, found)))
        shown = lines if len(lines) <= _MOST else (*lines[: _MOST - 1], f"and {len(lines) - _MOST + 1} more")
        about = "" if first.subject == answer.node.label and not answer.other else f"{first.subject}: "
        row = ToldRow(key, first.object, shown, need)
        if (first.subject, first.relation, first.object) in disputed:
            groups[0, f"Sources disagree on what {first.subject} {relation}"].append(row)
        elif not first.object_iri:
            row = ToldRow(key, f"{relation}: {first.object}", shown, need)
            ours = all(told.origin == "reading" for told in found)
            by = ORIGIN_WORDS["reading"] if ours else f"stated by {counted(len(lines), 'source')}"
            groups[2, f"{about}{by}|{lines}"].append(row)
        elif about and first.object_iri == answer.node.iri and not answer.other:
            groups[1, f"{relation} {first.object}"].append(ToldRow(key, first.subject, shown, need))
        else:
            groups[1, f"{about}{relation}"].append(row)
    ordered = sorted(groups.items(), key=lambda pair: pair[0][0])
    found_groups = tuple(
        _group(capital(title.partition("|")[0]), "plain" if place else "missing", rows)
        for (place, title), rows in ordered
    )
    return [ToldGroups(found_groups)] if found_groups else []


def _group(title: str, tone: str, rows: Sequence[ToldRow]) -> ToldGroup:
    """Return a group; what is the same for all its rows is said once."""
    if len(rows) > 1 and len({row.lines for row in rows}) == 1:
        return ToldGroup(title, tone, tuple(replace(row, lines=()) for row in rows), rows[0].lines)
    return ToldGroup(title, tone, tuple(rows))


def _said_by(told: Told) -> str:
    """Return who says it, when and where; of our reading and of a rule, that."""
    who = told.source if told.origin == "source" else ORIGIN_WORDS.get(told.origin, told.origin)
    if told.origin == "reading" and not told.source_iri.endswith("/career-kg"):
        who = f"{who}: {told.source}"
    dated = f"{who}, {told.source_date}" if told.source_date and told.origin != "article" else who
    place = text(told.basis or told.locator)
    return f"{dated} ({place})" if place else dated


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
