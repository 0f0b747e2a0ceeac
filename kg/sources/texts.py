"""Texts to read: plain text, Markdown, HTML, PDF and DOCX, without markup but with the way back to line and column.

What is read is what a reader of the text sees: markup goes, and a table of offsets says where each remaining character
stood in the file. Markdown and HTML are read by taking away their signs, since a finding needs the place in the file,
which Markdown libraries do not keep; the standard library's HTML parser keeps it but was rejected, since 400 kB of
"<a" take it minutes. A PDF has no lines of its own: its places are page and line of the text that pypdf takes out; the
lines of a DOCX are its paragraphs and rows (`kg.sources.word_files`).
"""

from __future__ import annotations

import os
import re
import sys
import time
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from kg.model.errors import BadInput, Fault, MissingExtra

__all__ = ["STANDARD_INPUT", "WORD", "Place", "Text", "read_text", "sent_text"]

#: The name of a text that is read from there.
STANDARD_INPUT = "standard input"

#: A text larger than this is refused.
MAX_BYTES = 20_000_000
#: Reading a PDF takes no longer than this, in seconds, looked at after each page.
MAX_SECONDS = 30.0

#: The endings of Word documents; macros of the second are not looked at.
WORD = (".docx", ".docm")
#: What else people keep texts in, by how it begins.
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "a document of Word 97, or one with a password",
    b"{\\rtf": "rich text (RTF)",
}

_MARKUP = re.compile(
    r"(?P<link>\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))"
    r"|(?P<tag></?[A-Za-z][^<>\n]*>)"
    r"|(?P<heading>^ {0,3}#{1,6}(?=[ \t]))"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<sign>!\[|\[|\]|\*+|`+|~~|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w))",
    re.MULTILINE,
)
#: A tag ends at the first ">" outside quotes, and at no "<": then every reading is linear.
_HTML = re.compile(
    r"(?P<comment><!--)"
    r"|(?P<declaration><[!?][^<>]*>)"
    r"|<(?P<end>/?)(?P<tag>[A-Za-z][A-Za-z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
    r"|(?P<entity>&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
_BLOCK_TAGS = """
address article aside blockquote body br caption dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
head header hr html li main nav ol option p pre section summary table tbody td tfoot th thead title tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
#: What stands around a star that is no markup.
_APART = (" ", "  ", "\n ", "\t ", "\n\t")
_UNSEEN = frozenset(("script", "style", "template", "noscript"))


class Place(NamedTuple):
    """Line and column, both counted from 1; the page of a PDF, else 0."""

    line: int
    column: int
    page: int = 0

    def __str__(self) -> str:
        return f"page {self.page}, {self.line}:{self.column}" if self.page else f"{self.line}:{self.column}"


@dataclass(frozen=True)
class Text:
    """What a file says, and where it says it.

    Attributes
    ----------
    text
        What a reader sees, without markup.
    headings
        Level by offset, of the headings that markup declares; empty for plain text.
    items
        Offsets at which markup declares an item of a list or a row of a table.
    links
        Offsets at which a link stands.
    """

    name: str
    text: str
    headings: dict[int, int] = field(default_factory=dict)
    items: frozenset[int] = frozenset()
    links: frozenset[int] = frozenset()
    starts: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)
    lines: tuple[int, ...] = (0,)
    pages: tuple[int, ...] = ()

    def place(self, offset: int) -> Place:
        """Return where in the file the character at this offset stands."""
        piece = bisect_right(self.starts, offset) - 1
        at = self.origins[piece] + offset - self.starts[piece]
        line = bisect_right(self.lines, at)
        if not self.pages:
            return Place(line, at - self.lines[line - 1] + 1)
        page = bisect_right(self.pages, at)
        return Place(line - bisect_right(self.lines, self.pages[page - 1]) + 1, at - self.lines[line - 1] + 1, page)


class _Builder:
    """Gathers the pieces of a text with the offsets that they had in the file."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.starts, self.origins = [0], [0]
        self.headings: dict[int, int] = {}
        self.items: set[int] = set()
        self.links: set[int] = set()

    def put(self, piece: str, origin: int) -> None:
        if piece:
            self.starts.append(self.length)
            self.origins.append(origin)
            self.parts.append(piece)
            self.length += len(piece)

    def text(self, name: str, content: str) -> Text:
        return Text(
            name,
            "".join(self.parts),
            self.headings,
            frozenset(self.items),
            frozenset(self.links),
            tuple(self.starts),
            tuple(self.origins),
            _line_starts(content),
        )


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer("\n", text)))


def read_text(path: str | Path) -> Text:
    r"""Return what a file says; ``-`` is standard input.

    Parameters
    ----------
    path
        ``.md`` and ``.markdown`` are Markdown, ``.html`` and ``.htm`` HTML, ``.pdf`` PDF, ``.docx`` and ``.docm`` Word
        documents, all else plain text; HTML, PDF and Word documents are also known by how they begin.

    Raises
    ------
    BadInput
        The file cannot be read, is no text, has more than 20 MB, or takes too long.
    MissingExtra
        A PDF, and pypdf is not installed (``pip install 'career-kg[pdf]'``).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "cv.html"
    ...     _ = path.write_text("<p>\nI know <b>Py</b>thon &amp; SQL.</p>")
    ...     said = read_text(path)
    >>> said.text.strip(), str(said.place(said.text.index("SQL")))
    ('I know Python & SQL.', '2:28')
    """
    name = STANDARD_INPUT if str(path) == "-" else str(path)
    raw = _read_bytes(path, name)
    suffix = Path(path).suffix.casefold()
    if suffix == ".pdf" or raw.startswith(b"%PDF-"):
        return _read_pdf(name, raw)
    if suffix in WORD or raw.startswith(b"PK\x03\x04"):
        return _read_word(name, raw)
    for start, what in _FOREIGN.items():
        if raw.startswith(start):
            raise _bad(name, f"is {what}, which is not read.", "Save it as DOCX, PDF or text.")
    content = _decode(name, raw)
    if suffix in (".html", ".htm", ".xhtml") or re.match(r"\s*<(?:!doctype html|html)\b", content, re.IGNORECASE):
        return _read_html(name, content)
    if suffix in (".md", ".markdown"):
        return _read_markdown(name, content)
    return Text(name, content, lines=_line_starts(content))


def sent_text(content: str, name: str = "the text") -> Text:
    """Return a text that is no file as `read_text` returns one: HTML where it begins so, else as Markdown.

    Examples
    --------
    >>> sent_text("Learn **Python**.").text
    'Learn Python.'
    """
    if re.match(r"\s*<(?:!doctype html|html)\b", content, re.IGNORECASE):
        return _read_html(name, content)
    return _read_markdown(name, content)


def _bad(name: str, message: str, fix: str) -> BadInput:
    return BadInput(name, [Fault(name, 0, "", message, fix)])


def _read_bytes(path: str | Path, name: str) -> bytes:
    try:
        if str(path) == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with _opened(Path(path)) as file:
                raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _bad(name, f"cannot be read: {error.strerror}.", "Check path and rights.") from None
    if not raw and str(path) != "-" and Path(path).is_fifo():
        raise _bad(name, "is a pipe through which nothing came.", "Let a command write to it, or name a file.")
    if len(raw) > MAX_BYTES:
        raise _bad(name, f"has more than {MAX_BYTES:,} bytes.", "Split it.")
    return raw


def _opened(path: Path) -> IO[bytes]:
    """Open a file, or a pipe that somebody writes to; one that nobody does is empty, and not waited for."""
    if not path.is_fifo():
        return path.open("rb")
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return os.fdopen(handle, "rb")


def _decode(name: str, raw: bytes) -> str:
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        content = raw.decode(encoding)
    except UnicodeDecodeError:
        raise _bad(name, "is not UTF-8 text.", "Save it as UTF-8 text, Markdown, HTML, PDF or DOCX.") from None
    if "\0" in content:
        raise _bad(name, "is no text.", "Give a text, Markdown, HTML, PDF or DOCX file.")
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _read_markdown(name: str, content: str) -> Text:
    built = _Builder()
    fences = [match.span() for match in re.finditer(r"^(```|~~~).*?^\1", content, re.DOTALL | re.MULTILINE)]
    fenced = [start for start, _ in fences]
    comments = _comments(content)
    at = 0
    for match in _MARKUP.finditer(content):
        start, end = match.span()
        while comments and comments[0][0] <= start:
            opened, closed = comments.popleft()
            if opened >= at:
                built.put(content[at:opened], at)
                at = closed
        fence = bisect_right(fenced, start) - 1
        if start < at or (fence >= 0 and start < fences[fence][1]):
            continue
        built.put(content[at:start], at)
        at = end
        kind = match.lastgroup
        if kind == "heading":
            built.headings[built.length] = end - start - content[start:end].index("#")
        elif kind == "escape":
            built.put(match.group()[1], start + 1)
        elif kind == "link":
            built.links.add(built.length)
        elif kind == "entity":
            built.put(unescape(match.group()), start)
        elif kind == "sign" and match.group() == "*" and content[start - 1 : start] + content[end : end + 1] in _APART:
            built.put("*", start)  # the sign of a list, or a star among words
        elif kind == "tag" and re.match(r"</?(\w+)", match.group())[1].casefold() in _BLOCKS:  # type: ignore[index]  # a tag has a name
            built.put("\n", start)
    for opened, closed in comments:
        if opened >= at:
            built.put(content[at:opened], at)
            at = closed
    built.put(content[at:], at)
    return built.text(name, content)


def _comments(content: str) -> deque[tuple[int, int]]:
    """Return from where to where comments go; by `str.find`, as a regex would read on from each that never ends."""
    found: deque[tuple[int, int]] = deque()
    opened = content.find("<!--")
    while opened >= 0 and (closed := content.find("-->", opened)) >= 0:
        found.append((opened, closed + 3))
        opened = content.find("<!--", closed)
    return found


def _read_html(name: str, content: str) -> Text:
    built = _Builder()
    at = 0
    while found := _HTML.search(content, at):
        start, end = found.span()
        built.put(content[at:start].replace("\n", " "), at)
        at = end
        kind, tag = found.lastgroup, (found["tag"] or "").casefold()
        if kind == "comment":
            closed = content.find("-->", end)
            at = closed + 3 if closed >= 0 else len(content)
        elif kind == "entity":
            built.put(unescape(found.group()), start)
        elif tag in _UNSEEN and not found["end"]:
            closing = re.compile(rf"</{tag}\b[^<>]*>", re.IGNORECASE).search(content, end)
            at = closing.end() if closing else len(content)
        elif tag in _BLOCKS:
            built.put("\n", start)
        if not tag or found["end"]:
            continue
        if re.fullmatch("h[1-6]", tag):
            built.headings[built.length] = int(tag[1])
        elif tag in ("li", "tr", "dt"):
            built.items.add(built.length)
        elif tag == "a":
            built.links.add(built.length)
    built.put(content[at:].replace("\n", " "), at)
    return built.text(name, content)


def _read_word(name: str, raw: bytes) -> Text:
    from kg.sources.word_files import read_paragraphs

    built = _Builder()
    content = ""
    for paragraph in read_paragraphs(name, raw):
        if paragraph.heading:
            built.headings[built.length] = paragraph.heading
        if paragraph.is_item:
            built.items.add(built.length)
        built.put(f"{paragraph.text}\n", len(content))
        content += f"{paragraph.text}\n"
    if not content:
        raise _bad(name, "has no text.", "Give a document with text.")
    return built.text(name, content)


def _read_pdf(name: str, raw: bytes) -> Text:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise MissingExtra("pypdf", "pdf", f"Reading {name}") from None
    until = time.monotonic() + MAX_SECONDS
    pages: list[int] = []
    text = ""
    try:
        reader = PdfReader(BytesIO(raw))
        if reader.is_encrypted:
            raise _bad(name, "is encrypted.", "Save it without a password.")
        for page in reader.pages:
            pages.append(len(text))
            text += page.extract_text().replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
            if time.monotonic() > until:
                raise _bad(name, f"takes more than {MAX_SECONDS:g} seconds to read.", "Split it.")
    except BadInput:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        # A damaged file may make pypdf raise any of these.
        raise _bad(name, f"is no readable PDF: {error}.", "Save it anew, or as text.") from None
    if not text.strip():
        raise _bad(name, "has no text, only pictures.", "Give a PDF with text, or run it through OCR first.")
    return Text(name, text, lines=_line_starts(text), pages=tuple(pages))
