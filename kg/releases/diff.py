"""`diff`: what changed between two releases, and what does that do to an answer?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.handles.handle import KnowledgeGraph, read_day
from kg.model.answers import Answer, Context, Node, Row, Section, counted, few, text
from kg.model.graphs import KIND_CLASSES, ClaimGraph, local_name
from kg.model.terms import RDF, SKOS
from kg.names.lookup import ASKABLE
from kg.releases.changes import CERTIFICATION_TERMS, Change, changes, following
from kg.releases.impact import Impact, impact
from kg.releases.replaying import read_replay
from kg.releases.sides import Comparable, Said, Side, find_sides, read_said

__all__ = ["Diff", "diff"]

_SHOWN = 20  # rows of a section; `rows()` has them all


@dataclass(frozen=True)
class Diff(Answer):
    """What is not the same on two sides.

    Attributes
    ----------
    before, after
        The two sides.
    changes
        Every change, by kind, then label, IRI and relation.
    nodes, links
        How many nodes, and relations between nodes, each side has.
    following
        How many relations came or went with the node they start from; they are no changes of their own.
    impact
        One question answered on both sides; None where none was asked.
    """

    before: Side
    after: Side
    changes: tuple[Change, ...]
    nodes: tuple[int, int]
    links: tuple[int, int]
    following: int
    impact: Impact | None

    def __str__(self) -> str:
        sides = f"{self.before} → {self.after}"
        if not self.changes:
            return f"{sides}: no difference, {counted(self.nodes[1], 'node')} and {counted(self.links[1], 'relation')}."
        parts = []
        for kind in ASKABLE:
            found = [(n, what) for what in ("added", "removed", "label") if (n := len(self.of(what, kind)))]
            if found:
                (n, what), *more = found
                words = [f"{counted(n, kind)} {_WORD[what]}", *(f"{m} {_WORD[other]}" for m, other in more)]
                parts.append(", ".join(words))
        needs = [change for change in self.changes if change.relation == "requires"]
        for what, word in (("added", "added"), ("removed", "removed"), ("essential", "essential ↔ optional")):
            if n := sum(change.what == what for change in needs):
                parts.append(f"{counted(n, 'requirement')} {word}")
        other = len(self.changes) - sum(
            change.what in ("added", "removed", "label") and not change.relation for change in self.changes
        )
        other -= sum(change.what in ("added", "removed", "essential") for change in needs)
        if other:
            parts.append(counted(other, "other change"))
        return f"{sides}: {'; '.join(parts)}."

    def of(self, what: str, kind: str = "", relation: str = "") -> tuple[Change, ...]:
        """Return the changes of one sort: of nodes of a kind, or with a relation of claims."""
        return tuple(
            change
            for change in self.changes
            if change.what == what and change.relation == relation and kind in ("", change.node.kind)
        )

    @property
    def yes(self) -> bool:
        """Whether the two are the same; the command line exits with 1 where they differ, as `diff` does."""
        return not self.changes and not (self.impact and self.impact.changed)

    @property
    def measures(self) -> dict[str, Any]:
        """Return how much of what changed, by kind and by relation, and the size of both sides."""
        count: Counter[str] = Counter()
        for change in self.changes:
            about = change.relation or change.node.kind or "node"
            count[f"{about} {change.what}"] += 1
        sizes = {"nodes_before": self.nodes[0], "nodes_after": self.nodes[1]}
        sizes |= {"relations_before": self.links[0], "relations_after": self.links[1]}
        return {"changes": len(self.changes), **sizes, "following": self.following, **dict(sorted(count.items()))}

    def rows(self) -> tuple[Row, ...]:
        """Return one row per change: change, iri, label, kind, relation, object_iri, object, before, after.

        Those of the answer to a question come last; their ``change`` begins with ``answer``, and ``relation`` is the
        measure or the column that changed.
        """
        found = [_row(c.what, c.node, c.relation, c.object, c.before or None, c.after or None) for c in self.changes]
        if self.impact:
            found += _impact_rows(self.impact)
        return tuple(found)

    def sections(self) -> tuple[Section, ...]:
        """Return a table of what came and went, then what changed, the weightiest first, at most twenty rows each."""
        parts = [self._overview()] if self.changes else []
        for kind in ASKABLE:
            for what in ("added", "removed"):
                found = self.of(what, kind)
                title = f"{kind.capitalize()}s {what} ({len(found)})" if kind != "activity" else ""
                title = title or f"Activities {what} ({len(found)})"
                parts += _listed(title, (), [(c.node.label,) for c in found])
        parts += _listed(
            "Relabelled", ("", "before", "after"), [(c.node.kind, c.before, c.after) for c in self.of("label")]
        )
        parts += _listed(
            "Another kind", ("", "before", "after"), [(c.node.label, c.before, c.after) for c in self.of("kind")]
        )
        terms = [c for word in CERTIFICATION_TERMS for c in self.of(word)]
        terms.sort(key=lambda change: change.sort_key)
        header = ("", "what", "before", "after")
        parts += _listed("Certifications", header, [(c.node.label, c.what, c.before, c.after) for c in terms])
        parts += self._requirements()
        flips = [(c.node.label, _other(c), c.before, c.after) for c in self.of("essential", relation="requires")]
        parts += _listed("Essential ↔ optional", ("role", "requires", "before", "after"), flips)
        parts += self._others()
        for what in ("importance", "level"):
            rated = [(c.node.label, _other(c), c.before, c.after) for c in self.changes if c.what == what]
            parts += _listed(f"{what.capitalize()}", ("", "", "before", "after"), rated)
        for what in ("definition", "aliases", "category"):
            parts += _listed(
                what.capitalize(), ("", "gone", "new"), [(c.node.label, c.before, c.after) for c in self.of(what)]
            )
        if self.following:
            note = f"{counted(self.following, 'relation')} came or went with what was added or removed."
            parts.append(Section(note=note))
        if self.impact:
            parts += _impact_sections(self.impact, self.before, self.after)
        return tuple(parts)

    def _overview(self) -> Section:
        rows = []
        for kind in ASKABLE:
            numbers = [len(self.of(what, kind)) for what in ("added", "removed", "label")]
            if any(numbers):
                rows.append((kind, *map(str, numbers)))
        needs = [len(self.of(what, relation="requires")) for what in ("added", "removed")]
        if any(needs):
            rows.append(("requirement", *map(str, needs), ""))
        return Section("How much changed", ("", "added", "removed", "relabelled"), tuple(rows)) if rows else Section()

    def _requirements(self) -> list[Section]:
        """Return what each role requires more and less, the role with most changes first."""
        by_role: dict[Node, dict[str, list[str]]] = defaultdict(lambda: {"added": [], "removed": []})
        for what in ("added", "removed"):
            for change in self.of(what, relation="requires"):
                by_role[change.node][what].append(_other(change))
        ordered = sorted(by_role.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0]))
        rows = [(role.label, *(_few(found[what]) for what in ("added", "removed"))) for role, found in ordered]
        return _listed("Requirements by role", ("role", "added", "removed"), rows)

    def _others(self) -> list[Section]:
        """Return how many of the other relations came and went."""
        there = sorted({c.relation for c in self.changes} - {"", "requires"})
        rows = []
        for relation in there:
            cells = [
                _few([f"{c.node.label} → {_other(c)}" for c in self.of(w, relation=relation)], 2)
                for w in ("added", "removed")
            ]
            if any(cells):
                rows.append((relation, *cells))
        return _listed("Other relations", ("", "added", "removed"), rows)


_WORD = {"added": "added", "removed": "removed", "label": "relabelled"}


def _other(change: Change) -> str:
    return change.object.label if change.object else ""


def _few(labels: Sequence[str], most: int = 4) -> str:
    return f"{len(labels)}: {few(labels, most)}" if labels else ""


def _listed(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[Section]:
    """Return a section with the first rows and how many more there are; none without rows."""
    if not rows:
        return []
    more = f"and {len(rows) - _SHOWN} more; --format table has them all" if len(rows) > _SHOWN else ""
    title = title if title.endswith(")") else f"{title} ({len(rows)})"
    return [Section(title, header or ("",) * len(rows[0]), tuple(rows[:_SHOWN]), more)]


def _row(change: str, about: Node, relation: str, other: Node | None, before: Any, after: Any) -> Row:
    return {
        "change": change,
        "iri": about.iri,
        "label": about.label,
        "kind": about.kind,
        "relation": relation,
        "object_iri": other.iri if other else "",
        "object": other.label if other else "",
        "before": before,
        "after": after,
    }


def _impact_rows(found: Impact) -> Iterable[Row]:
    whole = Node(found.asked.name, "")
    if str(found.before) != str(found.after):
        yield _row("answer", whole, "", None, str(found.before), str(found.after))
    for name, before, after in found.measures:
        yield _row("answer measure", whole, name, None, before, after)
    for row in found.rows:
        yield _row(f"answer row {row.what}", Node(row.label, row.iri), row.column, None, row.before, row.after)


def _impact_sections(found: Impact, before: Side, after: Side) -> Iterable[Section]:
    title = f"What it does to {found.asked}"
    if not found.changed:
        yield Section(title, note=f"Nothing: {found.after}")
        return
    yield Section(title, ("", ""), ((str(before), str(found.before)), (str(after), str(found.after))))
    numbers = [(name, text(was), text(now)) for name, was, now in found.measures]
    yield from _listed("Its measures", ("", "before", "after"), numbers)
    for what in ("added", "removed"):
        rows = [(row.label,) for row in found.rows if row.what == what]
        yield from _listed(f"Its rows {what} ({len(rows)})", (), rows)
    changed = [(r.label, r.column, text(r.before), text(r.after)) for r in found.rows if r.what == "changed"]
    yield from _listed("Its rows that changed", ("", "what", "before", "after"), changed)


def diff(
    before: Comparable,
    after: Comparable,
    /,
    *,
    g: KnowledgeGraph | None = None,
    on: str | Path | None = None,
    as_of: date | str | None = None,
    lang: str = "en",
) -> Diff:
    """What changed between two releases, and what does that do to an answer?

    Compared are nodes (by IRI), their labels, definitions, aliases and terms of offer, and the relations between them
    with what is essential, important and of which level. What several sources of one side say of one thing is put
    together, as the questions do: essential where any says so, the largest rating on each scale.

    Parameters
    ----------
    before, after
        Each a dataset (a handle, or its place as for `kg.open`), or a source of `g`, by short id, title, IRI, or a
        version that it alone has.
    g
        The graph whose sources may be named.
    on
        A question to ask both, as on the command line (``gap "AI Engineer" --held Python``), or the path of an answer
        saved with ``--format json``.
    as_of
        The day to ask about; by default that of the saved answer, or today.
    lang
        Language of the labels to compare; English, then any, where there is none.

    Returns
    -------
    Diff
        Every change, sorted. Its graph is what `after` says and `before` does not, as plain triples; the other half
        is that of the diff the other way round.

    Raises
    ------
    UnknownName, AmbiguousName
        A side is neither a dataset nor a source, or may be several; or neither side can answer the question.
    BadInput
        A side says nothing that can be compared, or the question cannot be read.

    Examples
    --------
    >>> import kg
    >>> g = kg.open(as_of="2026-11-22")
    >>> found = kg.diff(g, g)
    >>> found.yes, found.changes
    (True, ())
    """
    asked = read_replay(on) if on is not None else None
    day = as_of or (asked.as_of if asked else "") or None
    old, new = find_sides(before, after, g, as_of=day, lang=lang)
    had = read_said(old)
    has = had if (old.handle is new.handle and old.sources == new.sources) else read_said(new)
    found = changes(had, has)
    return Diff(
        old,
        new,
        found,
        (len(had.kinds), len(has.kinds)),
        (len(had.links), len(has.links)),
        following(had, has),
        impact(asked, old, new, day=read_day(day) if day else None) if asked else None,
        context=Context(
            as_of=new.handle.as_of.isoformat(),
            dataset=new.handle.dataset,
            asked={"before": old.name, "after": new.name, **({"on": str(on)} if on is not None else {})},
            graph=_news(had, has),
        ),
    )


def _news(had: Said, has: Said) -> ClaimGraph:
    """Return what the second side says and the first does not: nodes with class and label, and plain relations."""
    from pyoxigraph import Literal, NamedNode, Triple

    triples = []
    for iri in sorted(has.kinds):
        if iri not in had.kinds:
            triples.append(Triple(NamedNode(iri), NamedNode(RDF.type), NamedNode(KIND_CLASSES[has.kinds[iri]])))
        if iri not in had.kinds or had.label(iri) != has.label(iri):
            triples.append(Triple(NamedNode(iri), NamedNode(SKOS.prefLabel), Literal(has.label(iri))))
    new = sorted(has.links.keys() - had.links.keys())
    triples += [Triple(NamedNode(s), NamedNode(p), NamedNode(o)) for s, p, o in new]
    ends = {end for subject, _, target in new for end in (subject, target)} | (has.kinds.keys() - had.kinds.keys())
    nodes = {iri: {"label": has.label(iri), "kind": has.kinds.get(iri, ""), "aliases": ()} for iri in sorted(ends)}
    edges = ((s, o, f"{s} {p} {o}", {"relation": local_name(p)}) for s, p, o in new)
    return ClaimGraph(nodes, edges, triples)
