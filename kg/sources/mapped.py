"""A table with a mapping becomes statements: roles, skills, tools and what requires what, at which level.

The file is read twice, so that every fault is told before the first statement; nothing of it is kept in memory but
the names met. What a framework calls a thing is its own: its roles and skills have IRIs under its id, and which of
them is the same as one elsewhere is for a mapping in SSSOM to say.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from math import isfinite

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint, slugify
from kg.model.statements import Importance, Level, Source, Statement, Value, date_value
from kg.model.terms import DCTERMS, KG, RDF, SCHEMA, SKOS
from kg.model.values import NO, YES
from kg.sources.mapping import COLUMNS, TableMapping
from kg.sources.members import Member
from kg.sources.rows import read_rows
from kg.sources.tally import FileTally, Tally, trimmed

__all__ = ["mapped_source", "read_mapped"]

#: So many faults of a table are listed.
MOST_FAULTS = 100


def mapped_source(mapping: TableMapping, file: Member) -> Source:
    """Return the source of a table with a mapping: one release of the framework."""
    release = f"-{slugify(mapping.version)}" if mapping.version else ""
    return Source(
        mint("source", f"{mapping.name}{release}"),
        f"{mapping.title} {mapping.version}".strip(),
        KG.SourceSays,
        url=mapping.url,
        kind="table",
        date=mapping.date,
        version=mapping.version,
        licence=mapping.licence,
        publisher=mapping.publisher,
        checksum=file.checksum(),
        version_of=mint("source", mapping.name) if release else "",
    )


def read_mapped(file: Member, mapping: TableMapping, *, tally: Tally | None = None) -> Iterator[Statement]:
    """Yield what a table says, read as its mapping tells.

    Parameters
    ----------
    file
        A table: text or a workbook.
    mapping
        Which column holds what.
    tally
        Where rows are noted.

    Raises
    ------
    BadInput
        A column is missing, or with every fault of the rows.
    MissingExtra
        It is a workbook, and openpyxl is not installed.
    """
    table = _Table(file, mapping, tally or Tally())
    faults = []
    for line, row in table.rows():
        faults += [
            Fault(file.name, line, mapping.columns[column], *problem) for column, *problem in table.problems(row)
        ]
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise BadInput(file.name, faults)
    return table.statements()


class _Table:
    def __init__(self, file: Member, mapping: TableMapping, tally: Tally) -> None:
        self.file, self.mapping, self.tally = file, mapping, tally
        self.source = mapped_source(mapping, file)
        self.scale = mint("scale", mapping.name)
        self.importance_scale = mint("scale", f"{mapping.name}-importance")
        self.orders = {trimmed(level).casefold(): order for order, level in enumerate(mapping.levels, start=1)}
        self.described: set[tuple[str, str]] = set()

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the cells of each row by what they hold; those that are empty are left out."""
        names = [name for name in COLUMNS if name in self.mapping.columns]
        columns = [self.mapping.columns[name] for name in names]
        for line, cells in read_rows(self.file, columns, sheet=self.mapping.sheet):
            yield line, {name: trimmed(cell) for name, cell in zip(names, cells, strict=True) if trimmed(cell)}

    def problems(self, row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        """Yield what is wrong with a row, as (what the column holds, message, fix)."""
        if "role" not in row:
            yield "role", "is empty.", "Name the role."
        if "skill" in row and "tool" in row:
            yield "skill", "names a skill, and the row a tool too.", "Give each a row of its own."
        level = row.get("level")
        if level and level.casefold() not in self.orders and not self._is_order(level):
            yield "level", f'"{level[:80]}" is no level.', f"Levels are {', '.join(self.mapping.levels)}."
        if row.get("essential", "yes").casefold() not in YES | NO:
            yield "essential", f'"{row["essential"][:80]}" is neither yes nor no.', "Write yes or no."
        if "importance" in row and self.mapping.importance:
            least, most = self.mapping.importance
            number = _number(row["importance"])
            if number is None or not least <= number <= most:
                yield (
                    "importance",
                    f'"{row["importance"][:80]}" is no number from {least:g} to {most:g}.',
                    "Correct it.",
                )
        for column in ("since", "until"):
            try:
                date_value(row.get(column, "2026"))
            except BadInput:
                yield column, f'"{row[column][:80]}" is no date.', "Write it YYYY, YYYY-MM or YYYY-MM-DD."

    def _is_order(self, text: str) -> bool:
        return text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= len(self.orders)

    def say(self, subject: str, relation: str, target: str | Value) -> Statement:
        return Statement(subject, relation, target, self.source.iri)

    def statements(self) -> Iterator[Statement]:
        """Yield everything the table says."""
        counts = self.tally.file(self.file.name, f"table, by {self.mapping.path.name}")
        for statement in self._all(counts):
            counts.statements += 1
            yield statement

    def _all(self, counts: FileTally) -> Iterator[Statement]:
        yield from self.source.statements()
        if self.source.version_of:
            yield self.say(self.source.version_of, DCTERMS.title, self._text(self.mapping.title))
        yield from self._scales()
        for line, row in self.rows():
            counts.rows += 1
            role = yield from self._role(row)
            kind = "tool" if "tool" in row else "skill"
            if kind not in row:
                counts.note(line, "rows that name a role and nothing it requires")
                continue
            item = yield from self._node(kind, row, row[kind])
            yield self._requirement(role, item, row, line)

    def _text(self, text: str) -> Value:
        return Value(text, lang=self.mapping.language)

    def _scales(self) -> Iterator[Statement]:
        if self.orders:
            yield self.say(self.scale, RDF.type, KG.LevelScale)
            yield self.say(self.scale, SKOS.prefLabel, self._text(f"{self.mapping.title}: levels"))
            for order, level in enumerate(self.mapping.levels, start=1):
                iri = mint("scale", self.mapping.name, f"{order}-{slugify(level)}")
                yield self.say(iri, RDF.type, KG.Level)
                yield self.say(iri, SKOS.prefLabel, self._text(level))
                yield self.say(iri, KG.order, Value.of(order))
                yield self.say(iri, SKOS.inScheme, self.scale)
        if self.mapping.importance:
            least, most = self.mapping.importance
            yield self.say(self.importance_scale, RDF.type, KG.ImportanceScale)
            yield self.say(self.importance_scale, SKOS.prefLabel, self._text(f"{self.mapping.title}: importance"))
            yield self.say(self.importance_scale, SCHEMA.minValue, Value.of(least))
            yield self.say(self.importance_scale, SCHEMA.maxValue, Value.of(most))

    def _iri(self, kind: str, name: str) -> str:
        return mint(kind, f"{self.mapping.name}-{slugify(name)}")

    def _role(self, row: dict[str, str]) -> Generator[Statement, None, str]:
        """Describe the role of a row, and the role of all levels above it; return its IRI."""
        role = yield from self._node("role", row, row["role"])
        if "role_level" not in row:
            return role
        name = f"{row['role']} ({row['role_level']})"
        own = self._iri("role", f"{row.get('role_id', row['role'])} {row['role_level']}")
        if (own, "") not in self.described:
            self.described.add((own, ""))
            yield self.say(own, RDF.type, KG.Role)
            yield self.say(own, SKOS.prefLabel, self._text(name))
            yield self.say(own, SKOS.altLabel, self._text(f"{row['role_level']} {row['role']}"))
            yield Statement(own, SKOS.broader, role, self.source.iri, locator=self.mapping.columns["role_level"])
        return own

    def _node(self, kind: str, row: dict[str, str], label: str) -> Generator[Statement, None, str]:
        """Describe what a cell names; return its IRI."""
        iri = self._iri(kind, row.get(f"{kind}_id", label))
        classes = {"role": KG.Role, "skill": KG.Skill, "tool": KG.Tool}
        said: list[tuple[str, str | Value]] = []
        if (iri, "") not in self.described:
            self.described.add((iri, ""))
            said += [(RDF.type, classes[kind]), (SKOS.prefLabel, self._text(label))]
            if f"{kind}_id" in row:
                said.append((SKOS.notation, Value(row[f"{kind}_id"])))
            self.tally.meaning(kind, label, iri)
        if text := row.get(f"{kind}_definition"):
            said.append((SKOS.definition, self._text(text)))
        aliases = row.get(f"{kind}_aliases", "").split(self.mapping.separator)
        said += [(SKOS.altLabel, self._text(alias.strip())) for alias in aliases if alias.strip() not in ("", label)]
        for relation, target in said:
            if (
                relation in (RDF.type, SKOS.prefLabel, SKOS.notation)
                or (iri, f"{relation} {target}") not in self.described
            ):
                self.described.add((iri, f"{relation} {target}"))
                yield self.say(iri, relation, target)
        return iri

    def _requirement(self, role: str, item: str, row: dict[str, str], line: int) -> Statement:
        level, importance = row.get("level"), _number(row.get("importance", ""))
        return Statement(
            role,
            KG.requires,
            item,
            self.source.iri,
            locator=row.get("locator") or f"{self.file.file_name}, row {line}",
            essential=row["essential"].casefold() in YES if "essential" in row else None,
            importance=None if importance is None else Importance(importance, self.importance_scale),
            level=Level(self.orders.get(level.casefold()) or int(level), self.scale) if level else None,
            valid_from=row.get("since", ""),
            valid_through=row.get("until", ""),
        )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
