"""`link`: which nodes does a table of names mean?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from kg.handles.asking import ask, check_choice
from kg.handles.handle import Handle
from kg.model.answers import Answer, counted
from kg.model.columns import MAYBE_IRI, NOT_EMPTY, SHARE, TEXT, WHOLE, Column, maybe, one_of
from kg.model.errors import BadInput, Fault
from kg.model.graphs import ClaimGraph, Graph
from kg.names.lookup import ASKABLE, MATCHES, Hit, linked
from kg.questions.find import Kind
from kg.sources.members import Member
from kg.sources.rows import read_table_rows

__all__ = ["Link", "Linked", "link"]


@dataclass(frozen=True, slots=True)
class Linked:
    """A name of a table: where it stands, the node that it may mean best, and the next best."""

    line: int
    name: str
    best: Hit | None
    next: Hit | None


def _of_best(attribute: str) -> Callable[[Linked], str]:
    """Return what takes an attribute off the node that a name means best."""
    return lambda one: str(getattr(one.best.node, attribute)) if one.best else ""


@dataclass(frozen=True)
class Link(Answer):
    """The names of a table, each with the node it may mean."""

    names: tuple[Linked, ...]

    columns: ClassVar = (
        Column("line", WHOLE, "where the name stands in the file", lambda one: one.line),
        Column("name", NOT_EMPTY, "the name", lambda one: one.name),
        Column("iri", MAYBE_IRI, "the node that it means best; empty where nothing is like it", _of_best("iri")),
        Column("label", TEXT, "its label", _of_best("label"), "means"),
        Column("kind", one_of("", *ASKABLE), "its kind", _of_best("kind")),
        Column(
            "how", one_of("", *MATCHES), "how it answers to the name", lambda one: one.best.match if one.best else ""
        ),
        Column("score", maybe(SHARE), "how often such a match was right", lambda one: one.best and one.best.score),
        Column("next_iri", MAYBE_IRI, "the next best node", lambda one: one.next.node.iri if one.next else ""),
        Column("next_label", TEXT, "its label", lambda one: one.next.node.label if one.next else "", "or else"),
        Column("next_score", maybe(SHARE), "how likely that is right", lambda one: one.next and one.next.score),
    )
    in_text: ClassVar = ("name", "label", "how", "score", "next_label", "iri")

    def __str__(self) -> str:
        found = [one for one in self.names if one.best]
        sure = sum(one.best.score >= 0.7 for one in found if one.best)
        return (
            f"{len(found)} of {counted(len(self.names), 'name')} linked, {sure} of them with a score of 0.7 or more. "
            "A score is how often such a match was right."
        )

    @property
    def yes(self) -> bool:
        """Whether any name was linked."""
        return any(one.best for one in self.names)

    def entries(self) -> tuple[Linked, ...]:
        """Return the names of the table."""
        return self.names


def link(
    g: Handle | Graph, file: Path | Sequence[str], *, column: str | None = None, kind: Sequence[Kind] = ()
) -> Link:
    r"""Which nodes does a table of names mean?

    Parameters
    ----------
    g
        A graph or its handle.
    file
        A table with one name a row: CSV, tab-separated, or an Excel workbook; or the names themselves.
    column
        The column that has the names; the first by default.
    kind
        Only nodes of these kinds.

    Returns
    -------
    Link
        Every name in its order with the best node and the next best, how it matched and how likely it is right; a name
        that nothing is like has none.

    Raises
    ------
    BadInput
        The file cannot be read, has no such column or no name; or a kind is none.

    Examples
    --------
    >>> import kg
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     table = Path(folder) / "team.csv"
    ...     _ = table.write_text("person,title\nAda,ML engneer\nBob,Astronaut\n", encoding="utf-8")
    ...     answer = kg.link(kg.open(), table, column="title", kind=["role"])
    >>> [(row["name"], row["label"], row["how"]) for row in answer.rows()]
    [('ML engneer', 'Machine Learning Engineer', 'spelling'), ('Astronaut', '', '')]
    """
    check_choice(kind, ASKABLE, 'No kind "{value}". Kinds: {among}. Use one of these.')
    if isinstance(file, str | Path):
        asked = ask(g, file=str(file), column=column, kind=kind)
        typed = _names(Path(file), column)
    else:
        asked = ask(g, names=file, kind=kind)
        typed = [(line, name.strip()) for line, name in enumerate(file, start=1) if name.strip()]
    asked.handle.expect(*(name for _, name in typed))
    kinds = tuple(kind) or ASKABLE
    known = {
        name: linked(asked.handle.index, name, kinds=kinds, limit=2) for name in dict.fromkeys(n for _, n in typed)
    }
    names = tuple(Linked(line, name, *(*known[name], None, None)[:2]) for line, name in typed)
    return Link(names, context=asked.context(ClaimGraph({}, ())))


def _names(file: Path, column: str | None) -> list[tuple[int, str]]:
    """Return the names in a column, with their lines."""
    rows = iter(read_table_rows(Member(file)))
    _, header = next(rows, (0, ()))
    columns = [cell.strip() for cell in header]
    if not columns:
        raise BadInput(f"{file} has no rows. Give a table with a header and one name a row.")
    wanted = columns[0] if column is None else column
    if wanted not in columns:
        there = ", ".join(columns)
        raise BadInput(str(file), [Fault(str(file), 1, "", f'has no column "{wanted}".', f"There are: {there}.")])
    place = columns.index(wanted)
    found = [(line, row[place].strip()) for line, row in rows if place < len(row) and row[place].strip()]
    if not found:
        raise BadInput(f'{file} has no name in the column "{wanted}". Give a table with one name a row.')
    return found
