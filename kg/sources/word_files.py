"""Word documents (DOCX) as paragraphs: what a reader of the printed page sees, in its order.

Read by expat, from the parts that hold text: the body, headers and footers, foot- and endnotes; text boxes stand where
they are anchored. What was deleted with changes tracked, comments and hidden text are not on the page and not read. A
row of a table whose cells hold one paragraph each is one paragraph, its cells divided by tabs. No macro is run, no
entity is known, nothing is fetched (`kg.sources.office`). python-docx was not taken: it reads the body alone, and no
text boxes, in which templates of CVs put what they can.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat
from zipfile import ZipFile

from kg.model.errors import BadInput
from kg.sources.members import Member
from kg.sources.office import check_parts

__all__ = ["Paragraph", "read_paragraphs"]

#: A part of a document that unpacks to more bytes than this is refused: a thousand pages have 20 MB.
MAX_PART = 100_000_000
_BODY = "word/document.xml"
_AROUND = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
_ORDER = {"header": 0, "body": 1, "footnotes": 2, "endnotes": 3, "footer": 4}


class Paragraph(NamedTuple):
    """A paragraph, or a row of a table: its text, the level of the heading it is (else 0), whether it is of a list."""

    text: str
    heading: int = 0
    is_item: bool = False


def read_paragraphs(name: str, raw: bytes) -> list[Paragraph]:
    """Return the paragraphs of a document.

    Raises
    ------
    BadInput
        It is damaged, no document, or something in it is refused.
    """
    member = Member(Path(name))
    content = BytesIO(raw)
    check_parts(member, content, "Word document")
    try:
        with ZipFile(content) as archive:
            names = archive.namelist()
            if _BODY not in names:
                raise member.fault("is an archive, but no Word document.", "Save it as DOCX, PDF or text.")
            styles = _Styles(member, _read(member, archive, "word/styles.xml")) if "word/styles.xml" in names else None
            around = [(_ORDER[known[1]], part) for part in names if (known := _AROUND.fullmatch(part))]
            found: list[Paragraph] = []
            seen: set[Paragraph] = set()
            for _, part in sorted([*around, (_ORDER["body"], _BODY)]):
                said = _Body(member, part, _read(member, archive, part), styles.levels if styles else {}).paragraphs
                found += [p for p in said if part == _BODY or p not in seen]  # pages repeat their headers
                seen.update(said)
            return found
    except BadInput:
        raise
    except Exception as error:  # zipfile and zlib raise whatever the damage makes them stumble over
        raise member.damaged(error) from None


def _read(member: Member, archive: ZipFile, part: str) -> bytes:
    with archive.open(part) as stream:
        content = stream.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise member.fault(f"has more than {MAX_PART:,} bytes.", "Split it.", column=part)
    return content


def _parse(member: Member, part: str, content: bytes, parser: expat.XMLParserType) -> None:
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise member.fault(f"is damaged: {reason}.", "Save it again.", line=error.lineno, column=part) from None


def _plain(tag: str) -> str:
    """Return the name of an element or attribute without its prefix, which every program chooses alike."""
    return tag.rpartition(":")[2]


class _Styles:
    """The styles of a document that are headings, by id, with their levels."""

    def __init__(self, member: Member, content: bytes) -> None:
        self.levels: dict[str, int] = {}
        self._style = ""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        _parse(member, "word/styles.xml", content, parser)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "w:style":
            self._style = attributes.get("w:styleId", "")
        elif tag == "w:outlineLvl":
            self.levels[self._style] = _level(attributes)


def _level(attributes: dict[str, str]) -> int:
    """Return the level of an outline, from 1; 0 for body text."""
    value = attributes.get("w:val", "")
    return int(value) + 1 if value in "012345678" and value else 0


class _Body:
    """Gathers paragraphs; those of a cell apart, until the row ends."""

    def __init__(self, member: Member, part: str, content: bytes, styles: dict[str, int]) -> None:
        self.paragraphs: list[Paragraph] = []
        self._styles = styles
        self._open: list[_Open] = []
        self._rows: list[list[list[Paragraph]]] = []
        self._skipped = 0
        self._said = False
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        _parse(member, part, content, parser)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _plain(tag)
        if self._skipped or name in ("Fallback", "del", "moveFrom", "instrText"):  # a fallback says the same again
            self._skipped += 1
        elif name == "p" and tag == "w:p":
            self._open.append(_Open())
        elif tag == "w:tr":
            self._rows.append([])
        elif tag == "w:tc" and self._rows:
            self._rows[-1].append([])
        elif self._open:
            self._inside(tag, attributes)

    def _inside(self, tag: str, attributes: dict[str, str]) -> None:
        one = self._open[-1]
        if tag == "w:t":
            self._said = True
        elif tag == "w:r":
            one.hidden = False
        elif tag == "w:vanish":
            one.hidden = attributes.get("w:val", "1") not in ("0", "false", "off")
        elif tag in ("w:br", "w:cr"):
            one.text += "\n"
        elif tag == "w:tab":
            one.text += "\t"
        elif tag == "w:noBreakHyphen":
            one.text += "-"
        elif tag == "w:pStyle":
            one.heading = self._styles.get(attributes.get("w:val", ""), 0)
        elif tag == "w:outlineLvl":
            one.heading = _level(attributes)
        elif tag == "w:numPr":
            one.is_item = True

    def _text(self, data: str) -> None:
        if self._said and not self._skipped and self._open and not self._open[-1].hidden:
            self._open[-1].text += data

    def _end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif tag == "w:t":
            self._said = False
        elif tag == "w:p" and self._open:
            one = self._open.pop()
            self._put([Paragraph(line.rstrip(), one.heading, one.is_item) for line in one.text.split("\n")])
        elif tag == "w:tr" and self._rows:
            cells = self._rows.pop()
            if all(len(cell) <= 1 for cell in cells):
                said = "\t".join(cell[0].text.replace("\t", " ") for cell in cells if cell)
                self._put([Paragraph(said, cells[0][0].heading if len(cells) == 1 and cells[0] else 0, True)])
            else:
                self._put([paragraph for cell in cells for paragraph in cell])

    def _put(self, found: list[Paragraph]) -> None:
        found = [one for one in found if one.text.strip()]
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] += found
        else:
            self.paragraphs += found


class _Open:
    """A paragraph that is being read."""

    def __init__(self) -> None:
        self.text = ""
        self.heading = 0
        self.is_item = self.hidden = False
