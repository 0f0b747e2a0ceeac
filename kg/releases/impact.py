"""What a change of the data does to an answer: one question put to both sides, its answers beside each other.

Rows are matched by what they are about (`_ABOUT`), not by their place: a plan with one step more at its beginning is
one row added, not every row changed. So the columns that count places are compared with nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.handles.handle import KnowledgeGraph
from kg.handles.versions import releases_of
from kg.model.answers import Answer, Row
from kg.model.errors import AmbiguousName, BadInput, UnknownName
from kg.model.terms import DATASET
from kg.releases.replaying import Replay
from kg.releases.sides import Side
from kg.stores.binding import bind, load_query
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Impact", "RowChange", "impact"]

#: The columns that say what a row is about, over all questions.
_ABOUT = (
    "role",
    "facet",
    "subject",
    "relation",
    "iri",
    "from_iri",
    "to_iri",
    "object_iri",
    "about_iri",
    "source_iri",
    "locator",
    "chain",
)
#: The columns that count places, or repeat in words what a column of `_ABOUT` says.
_PLACES = frozenset({"step", "after", "rank", "hop", "label", "from", "to", "object", "about"})


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of the answer that came, went, or reads otherwise.

    Attributes
    ----------
    what
        ``added``, ``removed`` or ``changed``.
    label, iri
        What the row is about.
    column, before, after
        Of a changed row: one column and its two values.
    """

    what: str
    label: str
    iri: str
    column: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Impact:
    """One question, answered on both sides.

    Attributes
    ----------
    before, after
        The answer, or why there is none: a role that is gone has no answer any more.
    measures
        (name, before, after) of every number that changed.
    rows
        Rows added, removed, changed, in this order, each in the order of its answer.
    same
        How many rows are on both sides, whether they changed or not.
    """

    asked: Replay
    before: Answer | str
    after: Answer | str
    measures: tuple[tuple[str, Any, Any], ...]
    rows: tuple[RowChange, ...]
    same: int

    @property
    def changed(self) -> bool:
        """Whether anything in the answer is not as it was."""
        return str(self.before) != str(self.after) or bool(self.measures or self.rows)


def impact(asked: Replay, before: Side, after: Side, *, day: date | None = None) -> Impact:
    """Ask both sides one question and return what changed in its answer.

    Parameters
    ----------
    day
        The day to ask about; by default that of each side.

    Raises
    ------
    UnknownName, AmbiguousName, BadInput
        Neither side can answer.
    """
    answers = [_answer(asked, side, day) for side in (before, after)]
    old, new = answers
    if isinstance(old, Exception) and isinstance(new, Exception):
        raise new
    had, has = (_numbers(a) for a in answers)
    measures = [(n, had.get(n), has.get(n)) for n in dict.fromkeys((*had, *has)) if had.get(n) != has.get(n)]
    was, now = (_by_subject(a) for a in answers)
    rows = [_row_change("added", row) for key, row in now.items() if key not in was]
    rows += [_row_change("removed", row) for key, row in was.items() if key not in now]
    for key, row in now.items():
        rows += _cells(was[key], row) if key in was else ()
    texts = [str(a) if isinstance(a, Exception) else a for a in answers]
    return Impact(asked, texts[0], texts[1], tuple(measures), tuple(rows), len(was.keys() & now.keys()))


def _answer(asked: Replay, side: Side, day: date | None) -> Answer | Exception:
    try:
        return asked.ask(restricted(side, day or side.handle.as_of))
    except (UnknownName, AmbiguousName, BadInput) as error:
        return error


def restricted(side: Side, day: date) -> KnowledgeGraph:
    """Return what one side says, as a graph of a day that can be asked.

    A release is asked as with ``--release``. Of another source only what it says is heard; what it speaks of and
    another source defines keeps its names, so that it can be asked about.
    """
    handle = side.handle
    if not side.sources:
        if day == handle.as_of:
            return handle
        return KnowledgeGraph(
            handle.store, as_of=day, lang=handle.lang, release=handle.release, merge_mappings=handle.merge_mappings
        )
    if {*side.sources} & {release.source for release in releases_of(handle.store)}:
        return KnowledgeGraph(
            handle.store, as_of=day, lang=handle.lang, release=side.sources, merge_mappings=handle.merge_mappings
        )
    store = OxigraphStore()
    given = handle.store
    for source in (*side.sources, DATASET):
        triples = given.construct(bind(load_query("diff_graph"), source=[source]))
        graph = NamedNode(source)
        store.add(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    names = given.construct(bind(load_query("diff_names"), source=side.sources))
    store.add(Quad(t.subject, t.predicate, t.object, NamedNode(DATASET)) for t in names)
    return KnowledgeGraph(store, as_of=day, lang=handle.lang)


def _numbers(answer: Answer | Exception) -> Mapping[str, Any]:
    return {} if isinstance(answer, Exception) else answer.measures


def _by_subject(answer: Answer | Exception) -> dict[tuple[str, ...], Row]:
    """Return the rows by what they are about; several about the same are told apart by their order."""
    rows = () if isinstance(answer, Exception) else answer.rows()
    several = len({row.get("role") for row in rows}) > 1  # of one role the label says nothing, and may have changed
    about_names = _ABOUT if several else _ABOUT[1:]
    found: dict[tuple[str, ...], Row] = {}
    times: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        about = tuple(f"{name}={row[name]}" for name in about_names if row.get(name) not in (None, ""))
        times[about] += 1
        found[(*about, str(times[about]))] = row
    return found


def _title(row: Row) -> tuple[str, str]:
    """Return what a row is about, for people, and its IRI where it has one."""
    ends = [str(row[name]) for name in ("from", "to", "subject", "relation", "object") if row.get(name)]
    label = str(row.get("label") or " → ".join(ends) or next(iter(row.values()), ""))
    role = row.get("role")
    return (f"{role}: {label}" if role and role != label else label), str(row.get("iri") or row.get("object_iri") or "")


def _row_change(what: str, row: Row) -> RowChange:
    return RowChange(what, *_title(row))


def _cells(old: Row, new: Row) -> list[RowChange]:
    names = [name for name in dict.fromkeys((*old, *new)) if name not in _PLACES]
    return [
        RowChange("changed", *_title(new), name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]
