"""Excel workbooks as rows of text, read by openpyxl a row at a time.

A workbook is an archive of XML files. It is checked as an archive first (`kg.sources.members`), and every part of it
for a document type: no workbook has one, and one can name entities that swell to gigabytes or that lie on the web. A
formula is a fault, since its value is only what the program that saved it last made of it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from kg.model.errors import MissingExtra
from kg.sources.members import Member, check_archive

__all__ = ["read_sheet"]

#: A workbook file larger than this is refused, and so is a text in it that is longer than Excel can hold.
MAX_WORKBOOK_BYTES = 200_000_000
MAX_CELL = 32_767

#: How far into a part of a workbook its root element is looked for; before it only a declaration stands.
_PROLOG = 65_536
_ROOT = re.compile(rb"<[A-Za-z_]")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


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
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtra("openpyxl", "excel", "Reading a workbook") from None
    content = BytesIO(member.read(MAX_WORKBOOK_BYTES))
    _check_parts(member, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
            book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
        try:
            yield from _rows(member, book, sheet)
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


def _check_parts(member: Member, content: BytesIO) -> None:
    """Refuse a workbook of which a part has a document type, or hides behind another encoding."""
    infos = check_archive(content, member.name)
    with ZipFile(content) as archive:
        for info in infos:
            if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            with archive.open(info) as part:
                start = part.read(_PROLOG).removeprefix(b"\xef\xbb\xbf")
            root = _ROOT.search(start)
            prolog = start[: root.start()] if root else start
            encoding = _ENCODING.search(prolog)
            foreign = encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
            if b"<!" in prolog.replace(b"<!--", b"") or foreign or not start.lstrip().startswith(b"<") or not root:
                raise member.fault(
                    "declares a document type or an encoding, as no workbook does.",
                    "Save it again from a spreadsheet program.",
                    column=info.filename[:200],
                )
    content.seek(0)


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
