"""XLSX: an answer as a workbook, with its sentence, its rows and its evidence on a sheet each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kg.model.answers import CLAIM_COLUMNS, Answer
from kg.model.answers import text as text_of
from kg.model.errors import MissingExtra

__all__ = ["to_xlsx"]

#: A day for what Excel asks a day of: the same answer gives the same bytes.
_DAY = (2000, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>).*?(?=</)")
#: The most characters of a cell; more is no workbook to Excel.
_MOST = 32_767
_CUT = " … (cut: a cell holds no more; --format json has all)"
#: A column is no wider, in characters.
_WIDE = 60


def to_xlsx(answer: Answer) -> bytes:
    """Return an answer as an Excel workbook; a text is a text, never a formula.

    Raises
    ------
    MissingExtra
        openpyxl is not installed (``pip install 'career-kg[excel]'``).
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtra("openpyxl", "excel", "Writing a workbook") from None
    from datetime import datetime

    about = answer.context.dataset
    said = {
        "answer": str(answer),
        **answer.measures,
        "as of": answer.context.as_of,
        "dataset": f"{about.name} {about.version}".strip(),
    }
    book = Workbook()
    book.properties.created = datetime(*_DAY)
    book.remove(book.active)
    _sheet(book, "Answer", ("", ""), said.items())
    names = [column.name for column in answer.columns_here()] or [*(answer.rows() or ({},))[0]]
    _sheet(book, "Rows", names, ([row.get(name) for name in names] for row in answer.rows()))
    claims = [{column.name: column.of(claim) for column in CLAIM_COLUMNS} for claim in answer.evidence]
    _sheet(book, "Evidence", [column.name for column in CLAIM_COLUMNS], (claim.values() for claim in claims))
    written = BytesIO()
    book.save(written)
    return _undated(written)


def _sheet(book: Any, name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:  # openpyxl has no types
    sheet = book.create_sheet(name)
    header = [*header]
    widths = [len(cell) for cell in header]
    lines: list[list[Any]] = [header, *([_value(value) for value in row] for row in rows)]
    for number, line in enumerate(lines, start=1):
        for place, value in enumerate(line):
            cell = sheet.cell(number, place + 1)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with = too
            widths[place] = max(widths[place], len(str(value if value is not None else "")))
    if any(header):
        from openpyxl.styles import Font

        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(width + 2, _WIDE)


def _value(value: Any) -> str | int | float | bool | None:  # a value of a row: plain, or plain values in others
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        value = [f"{name}: {text_of(one)}" for name, one in value.items()]
    joined = value if isinstance(value, str) else "; ".join(text_of(item) for item in value)
    plain = "".join(sign for sign in joined if sign.isprintable() or sign in "\n\t")
    return plain if len(plain) <= _MOST else f"{plain[: _MOST - len(_CUT)]}{_CUT}"


def _undated(written: BytesIO) -> bytes:
    """Return a workbook with no hour of its making in it."""
    out = BytesIO()
    with ZipFile(written) as book, ZipFile(out, "w", ZIP_DEFLATED) as again:
        for name in sorted(book.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = (
                _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", book.read(name))
                if name == "docProps/core.xml"
                else book.read(name)
            )
            again.writestr(ZipInfo(name, _DAY), content, ZIP_DEFLATED)
    return out.getvalue()
