"""Tables: a CSV file with a header becomes a facts document, one requirement a line.

Columns are found by their names, in any order and case: ``role`` and one of ``skill``, ``tool`` (needed in every
line), ``essential`` (yes, no, essential, optional), ``importance``, ``level``, ``scale``, ``source``, ``locator``,
``since``, ``until``. A skill or tool may be given by any name the shipped dataset has for it; one that is unknown
there is new. The file itself is the source of lines that name none.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import BadInput, Fault
from kg.lookup import fold
from kg.sources.documents import MAX_BYTES, Document
from kg.terms import slugify

__all__ = ["read_table"]

_COLUMNS = ("role", "skill", "tool", "essential", "importance", "level", "scale", "source", "locator", "since", "until")
_YES = frozenset({"yes", "true", "1", "essential", "y", "must"})
_NO = frozenset({"no", "false", "0", "optional", "n", "nice"})

Path_ = tuple[str | int, ...]


def read_table(path: Path, *, known: Callable[[], Mapping[str, tuple[str, str]]] = dict) -> Document:
    """Return a table as a facts document.

    Parameters
    ----------
    path
        A CSV file in UTF-8, with comma, semicolon or tab between its columns.
    known
        Gives (kind, id) of skills and tools that exist already, by their folded names.

    Raises
    ------
    BadInput
        With every fault of the file, by line.
    """
    name = str(path)
    rows, faults = _rows(path, name)
    ids = known() if rows else {}
    roles: dict[str, dict[str, Any]] = {}
    new: dict[str, dict[str, dict[str, Any]]] = {"skill": {}, "tool": {}}
    lines: dict[Path_, int] = {(): 1}
    for line, row in rows:
        problem = _problem(row)
        if problem:
            faults.append(Fault(name, line, *problem))
            continue
        kind = "tool" if row.get("tool") else "skill"
        label = row[kind]
        if fold(label) in ids:
            kind, item = ids[fold(label)]
        else:
            item = slugify(label)
            if item not in new[kind]:
                lines[f"{kind}s", len(new[kind])] = line
                new[kind][item] = {"id": item, "label": label}
        role = roles.setdefault(
            slugify(row["role"]), {"id": slugify(row["role"]), "label": row["role"], "requires": []}
        )
        place = list(roles).index(role["id"])
        lines.setdefault(("roles", place), line)
        lines["roles", place, "requires", len(role["requires"])] = line
        role["requires"].append({kind: item, **_qualifiers(row, line)})
    if faults:
        raise BadInput(name, faults)
    own = slugify(path.stem)
    data = {
        "source": own,
        "sources": [{"id": own, "title": path.name, "kind": "table", "origin": "source"}],
        "roles": [*roles.values()],
        "skills": [*new["skill"].values()],
        "tools": [*new["tool"].values()],
    }
    return Document(name, data, lines)


def _rows(path: Path, name: str) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    """Return the lines of a table by column name, with their numbers."""
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise BadInput(name, [Fault(name, 0, "", f"has {len(raw):,} bytes, more than {MAX_BYTES:,}.", "Split it.")])
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(name, [Fault(name, 0, "", f"cannot be read: {error.strerror}.", "Check its rights.")]) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(name, [Fault(name, line, "", "is not UTF-8 text.", "Save it as UTF-8.")]) from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        found = [
            (reader.line_num, {column: cell.strip() for column, cell in zip(header, row, strict=False) if cell.strip()})
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise BadInput(
            name, [Fault(name, reader.line_num, "", f"is no CSV: {error}.", "See the line named.")]
        ) from None
    faults = []
    if "role" not in header or not {"skill", "tool"} & set(header):
        have = ", ".join(header) or "none"
        faults.append(
            Fault(
                name, 1, "", f"needs the columns role and skill or tool; it has {have}.", "Name them in the first line."
            )
        )
        return [], faults
    for column in header:
        if column and column not in _COLUMNS:
            faults.append(Fault(name, 1, column, "is no column known.", f"Known are {', '.join(_COLUMNS)}."))
    if not found:
        faults.append(Fault(name, 1, "", "has no lines below its header.", "Add one requirement per line."))
    return found, faults


def _problem(row: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return what is wrong with a line, as (column, message, fix)."""
    if not row.get("role"):
        return "role", "is empty.", "Name the role."
    if bool(row.get("skill")) == bool(row.get("tool")):
        return "skill", "needs a skill or a tool, and not both.", "Fill one of the two columns."
    if row.get("essential", "yes").casefold() not in _YES | _NO:
        return "essential", f'"{row["essential"]}" is neither yes nor no.', "Write yes or no."
    for column in ("importance", "level"):
        try:
            float(row.get(column, "0"))
        except ValueError:
            return column, f'"{row[column]}" is no number.', "Write a number with a point."
    return None


def _qualifiers(row: Mapping[str, str], line: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "essential": row.get("essential", "yes").casefold() in _YES,
        "locator": row.get("locator", f"line {line}"),
    }
    found |= {column: float(row[column]) for column in ("importance", "level") if column in row}
    found |= {column: row[column] for column in ("scale", "source", "since", "until") if column in row}
    return found
