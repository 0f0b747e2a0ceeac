"""CSV tables: the four tables of the Parquet export as text, for spreadsheets and whatever reads nothing else.

Several values in a cell are IRIs with a space between them; other names, which may have spaces, have " | " between
them, and stand exactly in ``properties.csv`` as well. A text that a spreadsheet would run as a formula gets an
apostrophe before it, and so does one that begins with an apostrophe, so that the reader can take it away again.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.exports.folders import Exported, replacing, write_manifest
from kg.exports.parquet import table_parts
from kg.sources.columns import FORMULA, TABLES

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["write_csv"]


def write_csv(g: KnowledgeGraph, folder: Path, *, most: int = 250_000) -> Exported:
    """Write the dataset as ``nodes.csv``, ``claims.csv``, ``edges.csv`` and ``properties.csv``, in UTF-8 with a header.

    Parameters
    ----------
    most
        About so many quads are held in memory at a time.

    Raises
    ------
    BadInput
        The folder cannot be written, or holds something else.

    References
    ----------
    RFC 4180.
    """
    rows = dict.fromkeys((f"{table}.csv" for table in TABLES), 0)
    quads = 0
    with replacing(folder) as fresh:
        with ExitStack() as stack:
            writers = {}
            for table, columns in TABLES.items():
                file = stack.enter_context((fresh / f"{table}.csv").open("w", encoding="utf-8", newline=""))
                writers[table] = csv.writer(file, lineterminator="\r\n")
                writers[table].writerow(columns)
            for number, tables in table_parts(g, most):
                quads += number
                for table, found in tables.items():
                    writers[table].writerows([_cell(name, row.get(name)) for name in TABLES[table]] for row in found)
                    rows[f"{table}.csv"] += len(found)
        about: dict[str, Any] = {"format": "CSV", "dataset": g.dataset.name, "version": g.dataset.version}
        about |= {"quads": quads, "columns": {table: [*columns] for table, columns in TABLES.items()}}
        write_manifest(fresh, about, rows, "rows")
    return Exported(folder, quads, rows)


def _cell(name: str, value: Any) -> str | float:  # a value of any column
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return value
    if isinstance(value, list):
        # an edge of the default graph alone has one source without a name; "" would mean that there is none
        value = (" | " if name == "aliases" else " ").join(item or "_" for item in value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
