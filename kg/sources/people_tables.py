"""Tables of what people hold: of one person or many, long or wide, as CSV, tab-separated text or Excel.

Long is a row for each thing, or for each person with lists in its cells; wide is a row for each person and a column for
each skill, or the other way round, with marks or levels where they meet. What a table is, is told by the names of its
columns, and where they say nothing by what stands below them. An empty cell says nothing; *no*, a dash and 0 deny. A
column that is not understood is told once, with its name.

Of a workbook every sheet is read; a sheet that names nobody is of the person it is called after, where there are
several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.model.errors import BadInput, Fault
from kg.model.scales import LADDER
from kg.sources.members import Member
from kg.sources.rows import read_table_rows
from kg.sources.workbooks import sheets_of
from kg.sources.written import Item, Written, passage

__all__ = ["read_people_table"]

#: A table larger than this, in bytes or cells, is refused: 10,000 people by 200 skills have two million cells.
MAX_BYTES = 20_000_000
MAX_CELLS = 4_000_000

_NAMES = {
    "person": "name person people employee client candidate member who consultant colleague staff student participant "
    "learner trainee mitarbeiter mitarbeiterin nom nombre full_name team_member first_name last_name surname "
    "vorname nachname",
    "skill": "skill skills tool tools technology technologies competence competences competency competencies stack "
    "tech_stack expertise held skill_name skills_and_tools skills_tools kenntnisse fähigkeiten compétences "
    "competencias",
    "certification": "certification certifications certificate certificates cert certs credential credentials exam "
    "exams zertifikat zertifikate",
    "level": "level levels rating proficiency mark score grade skill_level niveau stufe fluency",
    "years": "years years_of_experience years_experience yrs jahre experience_years",
    "role": "role roles position job job_title title current_role current_position occupation",
    "since": "since date awarded awarded_on issued issued_on issue_date obtained started_on",
    "until": "until expires expiry expires_on expiry_date expiration expiration_date valid_until finished_on",
    "issuer": "issuer issued_by authority provider vendor",
    "prose": "notes note comment comments summary about description remarks cv bio profile text experience headline",
    "wanted": "wants wants_to_learn wishes goals learning_goals interests interest interested_in",
    "learning": "learning in_progress studying currently_learning",
}
_ROLE_OF = {name: part for part, names in _NAMES.items() for name in names.split()}
#: What lists things, in the words of `Item.kind` and `Item.why`.
_LISTS = {"skill": ("list", ""), "certification": ("certification", ""), "wanted": ("list", "wanted")}
_LISTS["learning"] = ("list", "learning")

_YES = frozenset(
    ("x", "×", "✓", "✔", "✗", "yes", "y", "true", "ja", "j", "oui", "si", "sí", "ok", "*", "•", "●", "have")
)
_NO = frozenset(("no", "n", "false", "nein", "non", "none", "0", "-", "–", "—", "n/a", "na", "○"))
_WHY = {"learning": "learning", "in progress": "learning", "wants": "wanted", "wanted": "wanted", "past": "past"}
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%?(?:\s*(?:/|of)\s*\d{1,3})?|[●○★☆*]{2,10}|L\d", re.IGNORECASE)
_YEARS = re.compile(r"\d{1,2}(?:[.,]\d)?\s*\+?\s*(?:years?|yrs?\.?|y|jahre?)", re.IGNORECASE)

Row = tuple[int, list[str]]


class _Said(NamedTuple):
    """What a cell says of somebody."""

    person: str
    item: Item | None = None
    prose: tuple[str, str] = ("", "")


def read_people_table(path: Path) -> tuple[Written, ...] | None:
    """Return what a table says of each person, in the order in which they are first named; None where it is a list.

    Raises
    ------
    BadInput
        It is damaged or too large, or with every row that has more cells than the table has columns.
    MissingExtra
        It is a workbook, and openpyxl is not installed.
    """
    member = Member(path)
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise member.fault(f"has more than {MAX_BYTES:,} bytes.", "Split it.")
    workbook = path.suffix.casefold() == ".xlsx"
    sheets = sheets_of(member) if workbook else ("",)
    tables = [_Table(member, sheet if len(sheets) > 1 else "", sheet) for sheet in sheets]
    tables = [table for table in tables if table.rows or table.header]
    if not workbook and not any(table.form for table in tables):
        return None
    found: dict[str, tuple[str, list[Item], list[tuple[str, str]]]] = {}
    faults: list[Fault] = []
    for table in tables:
        try:
            for said in table.said():
                name = " ".join(said.person.split())
                _, items, prose = found.setdefault(name.casefold(), (name, [], []))
                items += [said.item] if said.item else []
                prose += [said.prose] if said.prose[1] else []
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(member.name, faults)
    return tuple(
        Written(name, tuple(items), prose=tuple(passage(*one) for one in prose))
        for name, items, prose in found.values()
    )


class _Table:
    """One table: its columns, what each is, and its rows.

    Attributes
    ----------
    form
        ``long``, ``wide``, ``turned`` (a row for each skill, a column for each person), ``skills`` (a column of them,
        with what is said of each), or nothing where it is no table but a list.
    """

    def __init__(self, member: Member, called: str, sheet: str) -> None:
        self.member = member
        self.called = called
        self.name = f"{member.name}:{called}" if called else member.name
        rows = [*self._bounded(read_table_rows(member, sheet))]
        self.line, header = rows[0] if rows else (1, [])
        self.header = [cell.strip() for cell in header]
        self.rows = rows[1:]
        self.parts = [_ROLE_OF.get(_key(cell), "") for cell in self.header]
        self.marked = [not part and self._is_marked(i) for i, part in enumerate(self.parts)]
        self.form = self._form()

    def _bounded(self, rows: Iterable[Row]) -> Iterator[Row]:
        cells = 0
        for line, row in rows:
            cells += len(row)
            if cells > MAX_CELLS:
                raise self.member.fault(f"has more than {MAX_CELLS:,} cells.", "Split it.", line=line)
            yield line, row

    def _is_marked(self, i: int) -> bool:
        """Whether a column has marks or levels, and nothing else."""
        cells = [row[i].strip() for _, row in self.rows if i < len(row) and row[i].strip()]
        return bool(self.header[i]) and all(map(_is_mark, cells)) and bool(cells)

    def _form(self) -> str:
        parts, first = set(self.parts) - {""}, self.parts[0] if self.parts else ""
        marked = any(self.marked)
        if first == "skill" and "person" not in parts and marked and parts == {"skill"}:
            return "turned"
        if parts & {*_LISTS}:
            return "long"
        if "person" in parts and marked:
            return "wide"
        if parts and parts <= {"person", "level", "years", "since", "until", "issuer"} and len(parts) > 1:
            return "skills"
        if "person" in parts and parts & {"role", "prose"}:
            return "long"
        if self.header == ["Name"] or (len(self.header) == 1 and first == "skill"):
            return "skills"
        others = self.marked[1:]
        if len(self.header) > 2 and not parts and not self.marked[0] and all(others):
            self.parts[0] = "person"
            return "wide"
        return ""

    def said(self) -> Iterator[_Said]:
        """Yield what the table says, cell by cell.

        Raises
        ------
        BadInput
            With every row that has more cells than the table has columns.
        """
        if not self.form:
            for line, row in ((self.line, self.header), *self.rows):
                yield from (_Said(self.called, Item(c, f"{self.name}:{line}", kind="list")) for c in row if c.strip())
            return
        if self.form == "skills" and "skill" not in self.parts:
            self.parts[self.parts.index("person")] = "skill"
        yield from self._columns_not_read()
        numbers = {_plain(row[i]) for _, row in self.rows for i, yes in enumerate(self.marked) if yes and i < len(row)}
        only_marks = {one for one in numbers if one.isdigit()} <= {"0", "1"}
        faults, before = [], ""
        for line, row in self.rows:
            cells = self._fitted(row)
            if len(cells) > len(self.header):
                message = f"has {len(cells)} cells, and the table {len(self.header)} columns."
                faults.append(Fault(self.name, line, "", message, "Put a cell with commas in it in quotes."))
                continue
            before = self._person(cells) or before
            yield from self._row(cells, f"{self.name}:{line}", before or self.called, only_marks)
        if faults:
            raise BadInput(self.name, faults)

    def _fitted(self, row: Sequence[str]) -> list[str]:
        """Return the cells of a row; what a list without quotes has spilt beyond the last column goes back there."""
        cells = [cell.strip() for cell in row]
        width = len(self.header)
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) > width and self.parts[-1] in _LISTS:
            cells[width - 1 :] = [", ".join(cell for cell in cells[width - 1 :] if cell)]
        return cells + [""] * (width - len(cells))

    def _person(self, cells: Sequence[str]) -> str:
        return " ".join(cell for cell, part in zip(cells, self.parts, strict=True) if part == "person" and cell)

    def _columns_not_read(self) -> Iterator[_Said]:
        """Yield the names of columns that are of no use here, each once, for whoever stands in the first row."""
        who = self._person(self._fitted(self.rows[0][1])) if self.rows and self.form != "turned" else self.called
        for name, part, marked in zip(self.header, self.parts, self.marked, strict=True):
            if name and not part and not marked:
                item = Item(f"column {name}", f"{self.name}:{self.line}", kind="column")
                yield _Said(who or self.called, item)

    def _row(self, cells: Sequence[str], place: str, person: str, only_marks: bool) -> Iterator[_Said]:
        more = {part: cell for cell, part in zip(cells, self.parts, strict=True) if cell}
        about = Item("", place, more.get("level", ""), _years(more.get("years", "")))
        about = about._replace(since=more.get("since", ""), until=more.get("until", ""), issuer=more.get("issuer", ""))
        if not more.get("level") and about.years is None:
            about = about._replace(level=more.get("years", ""))
        listed = False
        for i, (cell, part) in enumerate(zip(cells, self.parts, strict=True)):
            if not cell:
                continue
            if part in _LISTS and not (self.form == "turned" and i == 0):
                kind, why = _LISTS[part]
                listed = True
                yield _Said(person, about._replace(words=cell, kind=kind, why=why))
            elif part == "role":
                yield _Said(person, Item(cell, place, kind="role"))
            elif part == "prose":
                yield _Said(person, prose=(f"{place}: {self.header[i]}", cell))
            elif self.marked[i] and self.form == "turned":
                yield _Said(self.header[i], _marked(cells[0], place, cell, only_marks))
            elif self.marked[i]:
                yield _Said(person, _marked(self.header[i], place, cell, only_marks))
        if person and not listed:
            yield _Said(person)


def _marked(words: str, place: str, cell: str, only_marks: bool) -> Item:
    """Return what a mark says of a skill: held, or at a level, or not."""
    said = _plain(cell)
    if said in _NO:
        return Item(words, place, why="denied")
    if said in _WHY:
        return Item(words, place, why=_WHY[said])
    if said in _YES or (only_marks and said == "1"):
        return Item(words, place)
    return Item(words, place, level=cell)


def _key(header: str) -> str:
    return "_".join(re.findall(r"\w+", header.casefold()))


def _plain(cell: str) -> str:
    return cell.strip().casefold()


def _is_mark(cell: str) -> bool:
    said = _plain(cell)
    known = said in _YES or said in _NO or said in _WHY or all(word in LADDER for word in said.split())
    return known or _NUMBER.fullmatch(said) is not None or _YEARS.fullmatch(said) is not None


def _years(cell: str) -> float | None:
    found = re.fullmatch(r"\d{1,2}(?:[.,]\d)?", cell)
    return float(cell.replace(",", ".")) if found else None
