"""Excel workbooks as rows of text, read by openpyxl a row at a time.

A workbook is an archive of XML files, checked before it is read (`kg.sources.office`). A formula is a fault, since its
value is only what the program that saved it last made of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from kg.model.errors import MissingExtra
from kg.sources.members import Member
from kg.sources.office import check_parts

__all__ = ["read_sheet", "sheets_of"]

#: A workbook file larger than this is refused, and so is a text in it that is longer than Excel can hold.
MAX_WORKBOOK_BYTES = 200_000_000
MAX_CELL = 32_767


def read_sheet(member: Member, sheet: str = "") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a worksheet as text, with their numbers; rows without any text are left out.

    Numbers are written as short as they can be (4 for 4.0), days as YYYY-MM-DD, truth as TRUE and FALSE.

    Parameters
    ----------
    member
        A file ending in .xlsx.
    sheet
        The name of the worksheet; the first by default.

    Raises
    ------
    BadInput
        It is no workbook, has no such worksheet, or has a formula or a cell too long for Excel.
    MissingExtra
        openpyxl is not installed.
    """
    with _opened(member) as book:
        yield from _rows(member, book, sheet)


def sheets_of(member: Member) -> tuple[str, ...]:
    """Return the names of the worksheets of a workbook, in their order.

    Raises
    ------
    BadInput
        It is no workbook.
    MissingExtra
        openpyxl is not installed.
    """
    with _opened(member) as book:
        return tuple(found.title for found in book.worksheets)


@contextmanager
def _opened(member: Member) -> Iterator[Any]:  # openpyxl has no types
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtra("openpyxl", "excel", "Reading a workbook") from None
    content = BytesIO(member.read(MAX_WORKBOOK_BYTES))
    check_parts(member, content, "workbook")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
            book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except (GeneratorExit, MemoryError):
        raise
    except Exception as error:  # openpyxl and its XML parser raise of everything when a workbook is malformed
        from kg.model.errors import KgError

        if isinstance(error, KgError):
            raise
        reason = str(error).partition("\n")[0][:200] or type(error).__name__
        raise member.fault(f"is no workbook that can be read: {reason}.", "Save it again, as .xlsx.") from None


def _rows(member: Member, book: Any, sheet: str) -> Iterator[tuple[int, list[str]]]:  # openpyxl has no types
    names = [found.title for found in book.worksheets]
    if not names or (sheet and sheet not in names):
        asked = f'no worksheet "{sheet}"' if sheet else "no worksheet"
        raise member.fault(f"has {asked}; there are {', '.join(names) or 'none'}.", "Name one of these.")
    chosen = book.worksheets[names.index(sheet) if sheet else 0]
    for number, row in enumerate(chosen.iter_rows(), start=1):
        cells = [_text(member, number, cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _text(member: Member, line: int, cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "f":
            raise member.fault(
                "is a formula.", "Save the sheet with values in place of formulas.", line=line, column=cell.coordinate
            )
        if len(value) > MAX_CELL:
            raise member.fault(
                f"has more than {MAX_CELL:,} characters.", "Shorten it.", line=line, column=cell.coordinate
            )
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise member.fault("holds neither text nor a number.", "Write text.", line=line, column=cell.coordinate)
