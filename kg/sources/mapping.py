"""Mappings of tables: a few lines of YAML say which column of a table holds what.

A framework that some organisation keeps in a spreadsheet is read without a line of Python::

    mapping: our-framework            # its id: letters, digits, hyphens
    title: Our skills framework
    version: '2026'
    columns:
      role: Job
      role_level: Grade               # Job and Grade together are a role, below the one of all grades
      skill: Skill
      level: Proficiency
    levels: [Awareness, Working, Practitioner, Expert]    # lowest first

What may stand there is described by `FIELDS` and `COLUMNS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.model.iris import slugify
from kg.model.statements import date_value
from kg.sources.documents import Document, read_yaml

__all__ = ["COLUMNS", "FIELDS", "TableMapping", "is_mapping", "read_mapping"]

_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*")

#: What a mapping may say, with what it means.
FIELDS = {
    "mapping": "id of the framework: lower-case letters, digits and hyphens",
    "title": "its name",
    "version": "its release; each release is a source of its own",
    "date": "when it was published: YYYY, YYYY-MM or YYYY-MM-DD",
    "publisher": "who publishes it",
    "licence": "under which licence",
    "url": "where it can be read",
    "table": "file name of the table; by default the one beside the mapping that is called like it",
    "sheet": "worksheet of a workbook; the first by default",
    "language": "language tag of labels and definitions; en by default",
    "columns": "which column holds what",
    "levels": "names of the levels, lowest first",
    "importance": "least and most of the scale of importance, such as [1, 5]",
    "separator": "what parts several aliases in one cell; ; by default",
}

#: What a column may hold: what each names, and the least that must be there.
COLUMNS = (
    "role",
    "role_id",
    "role_level",
    "role_definition",
    "role_aliases",
    "skill",
    "skill_id",
    "skill_definition",
    "skill_aliases",
    "tool",
    "level",
    "essential",
    "importance",
    "since",
    "until",
    "locator",
)


@dataclass(frozen=True)
class TableMapping:
    """A mapping that passed its checks.

    Attributes
    ----------
    path
        Where the mapping lies.
    columns
        Names of columns, by what they hold (`COLUMNS`).
    levels
        Names of the levels, lowest first; empty where there are none.
    importance
        Least and most of the scale of importance; None where there is none.
    """

    path: Path
    name: str
    title: str
    columns: Mapping[str, str]
    version: str = ""
    date: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    table: str = ""
    sheet: str = ""
    language: str = "en"
    levels: Sequence[str] = field(default=())
    importance: tuple[float, float] | None = None
    separator: str = ";"


def is_mapping(path: Path) -> bool:
    """Whether a YAML file is a mapping: its first line that says something begins with ``mapping:``."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for line in lines:
                text = line[:100].strip()
                if text and not text.startswith(("#", "---")):
                    return text.startswith("mapping:")
    except (OSError, UnicodeDecodeError):
        return False  # whoever reads it as facts says what is wrong with it
    return False


def read_mapping(path: Path) -> TableMapping:
    """Return a mapping.

    Raises
    ------
    BadInput
        With every fault, by line.
    """
    document = read_yaml(path, str(path))
    faults = _faults(document)
    if faults:
        raise BadInput(str(path), sorted(faults))
    data = document.data
    texts = {name: str(data[name]) for name in FIELDS if name in data and not isinstance(data[name], list | dict)}
    least_most = data.get("importance")
    return TableMapping(
        path,
        texts.pop("mapping"),
        texts.pop("title", data["mapping"]),
        columns={name: str(column) for name, column in data["columns"].items()},
        levels=tuple(map(str, data.get("levels", ()))),
        importance=(float(least_most[0]), float(least_most[1])) if least_most else None,
        **texts,
    )


def _faults(document: Document) -> list[Fault]:
    data, found = document.data, list[Fault]()
    found += _unknown(document, (), data, FIELDS)
    name, columns = data.get("mapping"), data.get("columns")
    if not isinstance(name, str) or slugify(name) != name:
        found.append(document.fault(("mapping",), "is no id.", "Write lower-case letters, digits and hyphens."))
    if not isinstance(columns, dict):
        return [*found, document.fault(("columns",), "is missing or no mapping.", "Say which column holds what.")]
    found += _unknown(document, ("columns",), columns, COLUMNS)
    found += [
        document.fault(("columns", key), "names no column.", "Write the name in the table's header.")
        for key, value in columns.items()
        if isinstance(value, list | dict | None) or not str(value).strip()
    ]
    if "role" not in columns or not {"skill", "tool"} & set(columns):
        found.append(document.fault(("columns",), "needs role, and skill or tool.", "Add them."))
    for key, value in data.items():
        if key in FIELDS and key not in ("columns", "levels", "importance") and isinstance(value, list | dict | None):
            found.append(document.fault((key,), "is no text.", f"It is: {FIELDS[key]}."))
    found += _scale_faults(document, data, columns)
    if not _LANGUAGE.fullmatch(str(data.get("language", "en"))):
        found.append(document.fault(("language",), "is no language tag.", "Write one such as en or pt-BR."))
    if "date" in data:
        try:
            date_value(str(data["date"]))
        except BadInput:
            found.append(
                document.fault(("date",), f'"{data["date"]}" is no date.', "Write YYYY, YYYY-MM or YYYY-MM-DD.")
            )
    return found


def _unknown(document: Document, where: tuple[str, ...], given: Mapping[str, Any], known: Any) -> list[Fault]:
    found = []
    for name in given:
        if name not in known:
            near = get_close_matches(str(name), list(known), n=1)
            fix = f'Close: "{near[0]}".' if near else f"Choose from {', '.join(known)}."
            found.append(document.fault((*where, name), "is no field here.", fix))
    return found


def _scale_faults(document: Document, data: Mapping[str, Any], columns: Mapping[str, Any]) -> list[Fault]:
    found, levels, ends = list[Fault](), data.get("levels"), data.get("importance")
    if levels is not None:
        plain = isinstance(levels, list) and all(isinstance(level, str | int) for level in levels)
        if not plain or len({str(level).casefold() for level in levels}) != len(levels) or not levels:
            found.append(document.fault(("levels",), "is no list of different names.", "List them, lowest first."))
    elif "level" in columns:
        found.append(document.fault(("columns", "level"), "needs the names of the levels.", "Add levels: [lowest, …]."))
    if ends is not None:
        plain = isinstance(ends, list) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)
        if not plain or ends[0] >= ends[1]:
            found.append(document.fault(("importance",), "is no least and most.", "Write them as [1, 5]."))
    elif "importance" in columns:
        found.append(
            document.fault(("columns", "importance"), "needs the ends of its scale.", "Add importance: [least, most].")
        )
    return found
