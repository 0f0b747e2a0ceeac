"""Our own queries answered from a snapshot (`kg.stores.snapshot`), by point look-ups.

What a slice holds is said in one place, its file in `kg/queries/`; this reads the part of SPARQL that those are
written in: basic graph patterns with property paths, UNION, OPTIONAL, VALUES, BIND of a variable, FILTER with IN, and a
subselect at the beginning of a group. Whatever else a query says, `read_slice` refuses, and the engine is asked. So an
endpoint and a snapshot answer the same text, and the engine is the oracle that the tests hold this against.

Only sets are made, which is all that CONSTRUCT and SELECT DISTINCT can tell. That allows what an engine may not do:
after each pattern the rows are cut to the variables that are still needed, and each is kept once. The next pattern is
always the one that multiplies the rows least, counted exactly for a few of them. A library of one query for all stores
and a second evaluator of these few forms was chosen over one function for each slice: those would say everything twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.model.values import Table
from kg.stores.slice_queries import (
    Bind,
    Group,
    In,
    NotASlice,
    Optional,
    Path,
    Pattern,
    Select,
    SliceReading,
    Union,
    Values,
    names_in,
)

if TYPE_CHECKING:
    from kg.stores.port import Store
    from kg.stores.snapshot import Snapshot

__all__ = ["NotASlice", "Query", "construct", "read_slice", "select"]


# --- what a query says ----------------------------------------------------------------------------------------------


# --- what it finds --------------------------------------------------------------------------------------------------

#: Numbers of terms; None where nothing is bound.
Row = tuple[int | None, ...]


@dataclass(frozen=True)
class Query:
    """A query that a snapshot can answer; `read_slice` reads it."""

    template: tuple[Pattern, ...]
    select: Select

    def triples(self, snapshot: Snapshot) -> tuple[Triple, ...]:
        """Return what a CONSTRUCT makes, each triple once.

        Raises
        ------
        NotASlice
            It asks for more than is looked up here.
        """
        rows = _Run(snapshot).select(self.select)
        at = {name: number for number, name in enumerate(self.select.kept)}
        made: dict[tuple[Any, Any, Any], None] = {}
        for pattern in self.template:
            parts = [
                pattern.subject,
                pattern.path if isinstance(pattern.path, str) else pattern.path[1],
                pattern.object,
            ]
            if all(part in at for part in parts):
                s, p, o = (at[part] for part in parts)
                made |= dict.fromkeys((row[s], row[p], row[o]) for row in rows)
            else:
                fixed = [None if part in at else snapshot.find(part) for part in parts]
                raise_if_new = [part for part, number in zip(parts, fixed, strict=True) if number == -1]
                if raise_if_new:
                    raise NotASlice(f"{raise_if_new[0]} is not there")
                for row in rows:
                    made[tuple(row[at[p]] if p in at else n for p, n in zip(parts, fixed, strict=True))] = None  # type: ignore[index]  # three parts
        term = snapshot.term
        triples = ((term(s), term(p), term(o)) for s, p, o in made if s is not None and p is not None and o is not None)
        return tuple(Triple(s, p, o) for s, p, o in triples if isinstance(s, NamedNode | BlankNode))

    def table(self, snapshot: Snapshot) -> Table:
        """Return the rows of a SELECT, each once.

        Raises
        ------
        NotASlice
            As for `triples`.
        """
        term = snapshot.term
        rows = _Run(snapshot).select(self.select)
        return Table(
            tuple(name[1:] for name in self.select.kept),
            tuple(tuple(None if cell is None else term(cell) for cell in row) for row in rows),
        )


def read_slice(text: str) -> Query:
    """Return a query as it is looked up in a snapshot.

    Raises
    ------
    NotASlice
        It says more than is read here.
    """
    return Query(*SliceReading(text).query())


def construct(store: Store, query: str) -> tuple[Triple, ...]:
    """Return the triples of one of our own CONSTRUCT queries: from the store's snapshot if it has one, or by SPARQL."""
    snapshot: Snapshot | None = getattr(store, "snapshot", None)
    if snapshot is not None:
        with suppress(NotASlice):
            return read_slice(query).triples(snapshot)
    return store.construct(query)


def select(store: Store, query: str) -> Table:
    """Return the rows of one of our own SELECT queries, as `construct` does."""
    snapshot: Snapshot | None = getattr(store, "snapshot", None)
    if snapshot is not None:
        with suppress(NotASlice):
            return read_slice(query).table(snapshot)
    return store.select(query)


class _Rows(NamedTuple):
    """Rows and the variables they bind."""

    names: tuple[str, ...]
    rows: list[Row]

    def cut(self, needed: Collection[str]) -> _Rows:
        """Keep some variables, and each row once."""
        at = [number for number, name in enumerate(self.names) if name in needed]
        if len(at) == len(self.names):
            return _Rows(self.names, [*dict.fromkeys(self.rows)])
        names = tuple(self.names[number] for number in at)
        return _Rows(names, [*dict.fromkeys(tuple(row[number] for number in at) for row in self.rows)])


_ONE = _Rows((), [()])
#: Paths of one step: to a predicate by its name, and by its number.
_ONE_STEP = ("iri", "number")
#: By how much what is bound nowhere multiplies rows.
_MANY = 1e18


class _Run:
    """Answers one query."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._numbers: dict[str, int] = {}
        self._steps: dict[tuple[Path, int, bool], tuple[int, ...]] = {}

    def number(self, term: str) -> int:
        if (found := self._numbers.get(term)) is None:
            found = self._numbers[term] = self.snapshot.find(term)
        return found

    def select(self, select: Select) -> list[Row]:
        rows = self.group(select.group, _ONE, set(select.kept))
        at = {name: number for number, name in enumerate(rows.names)}
        places = [at.get(name) for name in select.kept]
        return [*dict.fromkeys(tuple(None if p is None else row[p] for p in places) for row in rows.rows)]

    def group(self, group: Group, rows: _Rows, needed: set[str]) -> _Rows:
        """Return the rows that a group makes of others, with the variables needed afterwards."""
        filters = {
            part.name: {self.number(term) for term in part.terms} for part in group.parts if isinstance(part, In)
        }
        parts = [part for part in group.parts if not isinstance(part, In)]
        while parts:
            patterns = [part for part in parts[: _run_of(parts)] if isinstance(part, Pattern)]
            if patterns:
                part = min(patterns, key=lambda pattern: self._factor(pattern, rows))
                parts.remove(part)
            else:
                part = parts.pop(0)
            left = needed.union(filters, *map(names_in, parts))
            rows = self._joined(part, rows, filters, left)
        for name, terms in filters.items():
            if name in rows.names:
                at = rows.names.index(name)
                rows = _Rows(rows.names, [row for row in rows.rows if row[at] in terms])
        return rows.cut(needed)

    def _joined(self, part: Any, rows: _Rows, filters: dict[str, set[int]], left: set[str]) -> _Rows:
        if isinstance(part, Values):
            terms = [found for term in part.terms if (found := self.number(term)) >= 0]
            if part.name in rows.names:
                known = rows.names.index(part.name)
                return _Rows(rows.names, [row for row in rows.rows if row[known] in terms])
            return _Rows((*rows.names, part.name), [(*row, term) for row in rows.rows for term in terms]).cut(left)
        if isinstance(part, Bind):
            place = rows.names.index(part.one)
            return _Rows((*rows.names, part.other), [(*row, row[place]) for row in rows.rows]).cut(left)
        if isinstance(part, Select):
            if rows.names:
                raise NotASlice("a subselect after something else")
            return _Rows(part.kept, self.select(part)).cut(left)
        if isinstance(part, Union):
            return self._union([self.group(group, rows, left) for group in part.groups])
        if isinstance(part, Optional):
            kept = left.union(rows.names)
            numbered = _Rows((*rows.names, "#"), [(*row, at) for at, row in enumerate(rows.rows)])
            both = self.group(part.group, numbered, {*kept, "#"})
            last = both.names.index("#")
            matched = {row[last] for row in both.rows}
            alone = [row for number, row in enumerate(rows.rows) if number not in matched]
            return self._union([both, _Rows(rows.names, alone)]).cut(left)
        return self._matched(part, rows, filters).cut(left)

    @staticmethod
    def _union(several: list[_Rows]) -> _Rows:
        names = tuple(dict.fromkeys(name for rows in several for name in rows.names))
        made: dict[Row, None] = {}
        for rows in several:
            if rows.names == names:
                made |= dict.fromkeys(rows.rows)
                continue
            at = {name: number for number, name in enumerate(rows.names)}
            places = [at.get(name) for name in names]
            made |= dict.fromkeys(tuple(None if p is None else row[p] for p in places) for row in rows.rows)
        return _Rows(names, [*made])

    # --- patterns ---------------------------------------------------------------------------------------------------

    def _factor(self, pattern: Pattern, rows: _Rows) -> float:
        """Return by how much a pattern multiplies rows, as a few of them tell."""
        subject, target = self._place(pattern.subject, rows), self._place(pattern.object, rows)
        if subject is not None and target is not None:
            return 0.0
        if isinstance(pattern.path, str) or pattern.path[0] != "iri":
            return 50.0 if subject is not None else 500.0 if target is not None else _MANY
        if subject is None and target is None:
            return _MANY
        predicate = self.number(pattern.path[1])
        step = max(1, len(rows.rows) // 5)
        order, known = ("outgoing", subject) if subject is not None else ("incoming", target)
        assert known is not None  # noqa: S101  # one of them is
        sample = (known(row) for row in rows.rows[::step])
        counts = [self.snapshot.count(order, node, predicate) for node in sample if node is not None]
        return sum(counts) / max(1, len(counts))

    def _place(self, part: str, rows: _Rows) -> Callable[[Row], int | None] | None:
        """Return what gives a part of a pattern for a row; None where it is not bound."""
        if part[0] != "?":
            number = self.number(part)
            return lambda row: number
        if part not in rows.names:
            return None
        at = rows.names.index(part)
        return lambda row: row[at]

    def _matched(self, pattern: Pattern, rows: _Rows, filters: dict[str, set[int]]) -> _Rows:
        subject, target = self._place(pattern.subject, rows), self._place(pattern.object, rows)
        if isinstance(pattern.path, str):
            return self._any_property(pattern, rows, subject, filters)
        path, made = pattern.path, []
        if subject is not None and target is not None:
            for row in rows.rows:
                s, o = subject(row), target(row)
                if s is None or o is None:
                    raise NotASlice("a variable that may be unbound")
                if o in self._reached(path, s, True):
                    made.append(row)
            return _Rows(rows.names, made)
        if subject is None and target is None:
            if path[0] not in _ONE_STEP or pattern.subject == pattern.object:
                raise NotASlice("a path between anything")
            pairs = self.snapshot.pairs(self._predicate(path))
            return _Rows(
                (*rows.names, pattern.subject, pattern.object), [(*row, *pair) for row in rows.rows for pair in pairs]
            )
        known, forward = (subject, True) if subject is not None else (target, False)
        assert known is not None  # noqa: S101  # one of them is
        free = pattern.object if forward else pattern.subject
        for row in rows.rows:
            if (node := known(row)) is None:
                raise NotASlice("a variable that may be unbound")
            made += [(*row, found) for found in self._reached(path, node, forward)]
        return _Rows((*rows.names, free), made)

    def _any_property(
        self,
        pattern: Pattern,
        rows: _Rows,
        subject: Callable[[Row], int | None] | None,
        filters: dict[str, set[int]],
    ) -> _Rows:
        path = str(pattern.path)
        if path in rows.names:
            place = rows.names.index(path)
            by_predicate: dict[int | None, list[Row]] = {}
            for row in rows.rows:
                by_predicate.setdefault(row[place], []).append(row)
            return self._union(
                [
                    self._matched(pattern._replace(path=("number", predicate)), _Rows(rows.names, each), {})
                    for predicate, each in by_predicate.items()
                ]
            )
        if subject is None or pattern.object in rows.names or pattern.object[0] != "?":
            raise NotASlice("a property that is not known, of anything")
        allowed, made = filters.get(path), []
        for row in rows.rows:
            node = subject(row)
            if node is None:
                continue
            said: Sequence[tuple[int, int]] = self.snapshot.properties(node)
            made += [(*row, p, o) for p, o in said if allowed is None or p in allowed]
        return _Rows((*rows.names, path, pattern.object), made)

    def _reached(self, path: Path, node: int, forward: bool) -> Iterable[int]:
        """Return the nodes that a path leads to from a node, each once."""
        if path[0] in _ONE_STEP:
            predicate = self._predicate(path)
            if forward:
                return self.snapshot.objects_of(node, predicate)
            return self.snapshot.subjects_of(predicate, node)
        if path[0] == "^":
            return self._reached(path[1], node, not forward)
        key = (path, node, forward)
        if (found := self._steps.get(key)) is None:
            found = self._steps[key] = tuple(dict.fromkeys(self._walk(path, node, forward)))
        return found

    def _predicate(self, path: Path) -> int:
        return self.number(path[1]) if path[0] == "iri" else int(path[1])

    def _walk(self, path: Path, node: int, forward: bool) -> Iterable[int]:
        kind, *parts = path
        if kind == "|":
            return (each for part in parts for each in self._reached(part, node, forward))
        if kind == "/":
            here: Iterable[int] = (node,)
            for part in parts if forward else reversed(parts):
                here = dict.fromkeys(each for one in here for each in self._reached(part, one, forward))
            return here
        if kind == "?":
            return (node, *self._reached(parts[0], node, forward))
        seen: dict[int, None] = {node: None} if kind == "*" else {}
        waiting = [node]
        while waiting:
            for each in self._reached(parts[0], waiting.pop(), forward):
                if each not in seen:
                    seen[each] = None
                    waiting.append(each)
        return seen


def _run_of(parts: Sequence[Any]) -> int:
    """Return how many patterns stand at the beginning."""
    return next((at for at, part in enumerate(parts) if not isinstance(part, Pattern)), len(parts))
