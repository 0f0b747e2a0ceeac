"""Rows of a table, whatever it is written in: comma or tab-separated text, or an Excel workbook.

Rows come one at a time, so that a file of any length is read in the memory of one row, and columns are asked for by
name: releases move and add columns. A cell that no table of skills has (millions of characters, a formula) is a fault
with its line, and so is text that is not UTF-8.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.sources.members import Member

__all__ = ["NOT_UTF8", "TABLES", "header_of", "read_rows", "read_table_rows"]

#: The endings of tables.
TABLES = (".csv", ".tsv", ".txt", ".xlsx")

#: A cell, and a line of text, longer than this is a fault. The longest cell of ESCO that is read has 12,000 characters.
MAX_CELL = 131_072
MAX_LINE = 1_048_576

#: What is said of a text that is not UTF-8, and what to do.
NOT_UTF8 = ("is not UTF-8 text; it looks like Windows-1252, as spreadsheets save it.", "Save it as CSV UTF-8.")

Row = tuple[int, list[str]]


def read_table_rows(member: Member, sheet: str = "") -> Iterator[Row]:
    """Yield the rows of a table with their line numbers, the header first; rows without any text are left out.

    Parameters
    ----------
    member
        A file ending in .csv, .tsv, .txt (tab-separated, quotes mean nothing) or .xlsx.
    sheet
        The name of the worksheet to read; the first by default. Text has none.

    Raises
    ------
    BadInput
        The file is damaged, is not UTF-8, or has a cell that is refused; with its line.
    MissingExtra
        It is a workbook, and openpyxl is not installed.
    """
    if member.suffix == ".xlsx":
        from kg.sources.workbooks import read_sheet

        return read_sheet(member, sheet)
    return _read_text(member)


def _read_text(member: Member) -> Iterator[Row]:
    with _text(member) as stream:
        reader = csv.reader(_lines(member, stream), **_dialect(member))
        try:
            for row in reader:
                if any(row):
                    yield reader.line_num, row
        except csv.Error as error:
            message = f"is no table: {error}."
            if "field larger" in str(error):
                message = f"has a cell of more than {csv.field_size_limit():,} characters."
            raise member.fault(message, "See the line named.", line=reader.line_num) from None
        except UnicodeDecodeError:
            raise _no_utf8(member) from None


def _no_utf8(member: Member) -> BadInput:
    """Return the error that a text is not UTF-8, with the line of its first byte that is none."""
    whole = member.read()
    try:
        whole.decode()
        line = 0
    except UnicodeDecodeError as error:
        line = whole[: error.start].count(b"\n") + 1
    return member.fault(*NOT_UTF8, line=line)


@contextmanager
def _text(member: Member) -> Iterator[TextIOWrapper]:
    stream = member.open()
    with TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        yield text


def _lines(member: Member, stream: TextIOWrapper) -> Iterator[str]:
    """Yield lines, none longer than the limit: a line without an end would fill the memory."""
    number = 0
    try:
        while line := stream.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise member.fault(f"has a line of more than {MAX_LINE:,} characters.", "Split it.", line=number)
            yield line
    except (UnicodeDecodeError, BadInput):
        raise
    except Exception as error:  # zipfile and zlib raise whatever the damage makes them stumble over
        raise member.damaged(error) from None


def _dialect(member: Member) -> dict[str, Any]:  # the arguments of csv.reader, each of its own type
    """Return how the cells of a text are separated: by tabs in .txt and .tsv, else by what its first line has most."""
    if member.suffix == ".txt":
        return {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    with _text(member) as stream:
        try:
            first = next(_lines(member, stream), "")
        except UnicodeDecodeError:
            raise _no_utf8(member) from None
    return {"delimiter": max(",;\t", key=first.count), "strict": True}


def header_of(member: Member, sheet: str = "") -> tuple[str, ...]:
    """Return the names of a table's columns; none for an empty file."""
    for _, row in islice(read_table_rows(member, sheet), 1):
        return tuple(cell.strip() for cell in row)
    return ()


def read_rows(
    member: Member, needed: Sequence[str], optional: Sequence[str] = (), *, sheet: str = ""
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the cells of the columns asked for, with the line number, the cells of optional columns last.

    A column that is not there, or a row that ends before it, gives empty text.

    Raises
    ------
    BadInput
        A needed column is missing; every missing one is listed.
    """
    rows = read_table_rows(member, sheet)
    line, header = next(rows, (1, []))
    place = {cell.strip().casefold(): i for i, cell in reversed([*enumerate(header)])}
    missing = [name for name in needed if name.casefold() not in place]
    if missing:
        have = ", ".join(cell.strip() for cell in header) or "none"
        faults = [
            Fault(member.name, line, name, f"is a column that is missing; there are {have[:500]}.", "Add it.")
            for name in missing
        ]
        raise BadInput(member.name, faults)
    where = [place.get(name.casefold(), -1) for name in (*needed, *optional)]
    for line, row in rows:
        width = len(row)
        yield line, tuple(row[i] if 0 <= i < width else "" for i in where)
