"""Tables: a CSV file with a header becomes a facts document, one requirement a line.

Columns are found by their names, in any order and case: ``role`` and one of ``skill``, ``tool`` (needed in every
line), ``essential`` (yes, no, essential, optional), ``importance``, ``level``, ``scale``, ``source``, ``locator``,
``since``, ``until``. A skill or tool may be given by any name the shipped dataset has for it; one that is unknown
there is new. A source is
given by its id or by a name of one's own; the file itself is the source of lines that name none.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.model.folding import fold
from kg.model.iris import slugify
from kg.model.statements import date_value
from kg.model.values import NO, YES
from kg.sources.documents import MAX_BYTES, Document
from kg.sources.rows import NOT_UTF8

__all__ = ["read_table"]

_COLUMNS = ("role", "skill", "tool", "essential", "importance", "level", "scale", "source", "locator", "since", "until")
_SCALE = re.compile(r"[a-z0-9][a-z0-9-]*")

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
    own, named = slugify(path.stem), dict[str, str]()
    for line, row in rows:
        problems = [Fault(name, line, *problem) for problem in _problems(row)]
        faults += problems
        if problems:
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
        need = {kind: item, **_qualifiers(row, line)}
        if slugify(need.get("source", own)) != need.get("source", own):  # a name, such as HR, and no id
            named[slugify(need["source"])] = need["source"]
            need["source"] = slugify(need["source"])
        role["requires"].append(need)
    if faults:
        raise BadInput(name, sorted(faults, key=lambda fault: fault.line))
    sources = {own: path.name, **{short: title for short, title in named.items() if short != own}}
    data = {
        "source": own,
        "sources": [{"id": i, "title": title, "kind": "table", "origin": "source"} for i, title in sources.items()],
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
        bom = 3 * raw.startswith(BOM_UTF8)  # the decoder counts from behind the mark
        line = raw[: error.start + bom].count(b"\n") + 1
        raise BadInput(name, [Fault(name, line, "", *NOT_UTF8)]) from None
    lines = StringIO(text, newline="")  # str.splitlines would also break at \f, \u2028 and others inside a cell
    separator = max(",;\t", key=lines.readline().count)
    lines.seek(0)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
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
        elif column and header.count(column) > 1 and column not in {fault.field for fault in faults}:
            faults.append(Fault(name, 1, column, "stands here twice.", "Keep one of the two columns."))
    if not rows:
        faults.append(Fault(name, 1, "", "has no lines below its header.", "Add one requirement per line."))
    for line, row in rows:
        if any(cell.strip() for cell in row[len(header) :]):
            many = f"has {len(row)} cells, the header {len(header)}."
            faults.append(Fault(name, line, "", many, "Put text with a separator in it in quotes."))
    named = [(line, zip(header, map(str.strip, row), strict=False)) for line, row in rows]
    return [(line, {column: cell for column, cell in cells if cell}) for line, cells in named], faults


def _problems(row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a line, as (column, message, fix)."""
    if not row.get("role"):
        yield "role", "is empty.", "Name the role."
    if bool(row.get("skill")) == bool(row.get("tool")):
        yield "skill", "needs a skill or a tool, and not both.", "Fill one of the two columns."
    if row.get("essential", "yes").casefold() not in YES | NO:
        yield "essential", f'"{row["essential"]}" is neither yes nor no.', "Write yes or no."
    for column in ("importance", "level"):
        if not _is_number(row.get(column, "0")):
            yield column, f'"{row[column]}" is no number.', "Write a number with a point."
    if not _SCALE.fullmatch(row.get("scale", "x")):
        yield "scale", f'"{row["scale"]}" is no name of a scale.', "Write lower-case letters, digits and hyphens."
    for column in ("since", "until"):
        try:
            date_value(row.get(column, "2026"))
        except BadInput:
            yield column, f'"{row[column]}" is no date.', "Write it YYYY, YYYY-MM or YYYY-MM-DD."


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _qualifiers(row: Mapping[str, str], line: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "essential": row.get("essential", "yes").casefold() in YES,
        "locator": row.get("locator", f"line {line}"),
    }
    found |= {column: float(row[column]) for column in ("importance", "level") if column in row}
    found |= {column: row[column] for column in ("scale", "source", "since", "until") if column in row}
    return found
