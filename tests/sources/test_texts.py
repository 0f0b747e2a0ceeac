"""Texts without their markup: what is read, and where in the file each character stood."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.errors import BadInput, MissingExtra
from kg.sources import texts
from kg.sources.texts import Text, read_text

MARKDOWN = """# **Azure** AI-102

Take [the exam](https://example.org/a_(b)) &amp; read *on* snake_case, 2 * 3.
<!-- AI-900 --> Done: **AI**-103 \\* ![alt](x.png) `kg lint`

```
# no heading *kept*
```
"""
HTML = """<!doctype html>
<html><head><title>A page</title><style>p { x: AI-900 }</style></head>
<body><h2 class="x">
 Exams</h2><script>"<b>AI-900"</script>
<ul><li>AI-<b>102</b></li><li>R&amp;D&nbsp;&#65;</li></ul><a href="x">l</a><!-- AI-900 --></body></html>
"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def there(text: Text, content: str, words: str, first: str | None = None) -> bool:
    """Tell whether the place of words in the text is the place of their first letters in the file."""
    place = text.place(text.text.index(words))
    return content.split("\n")[place.line - 1][place.column - 1 :].startswith(first or words)


def test_plain_text_is_as_it_is(tmp_path: Path) -> None:
    text = read_text(write(tmp_path, "a.txt", "\ufeffone\r\ntwo *three*\r four"))
    assert text.text == "one\ntwo *three*\n four"
    assert text.place(text.text.index("*")) == (2, 5, 0)
    assert str(text.place(text.text.index("four"))) == "3:2"


def test_markdown_loses_its_signs_and_keeps_its_places(tmp_path: Path) -> None:
    text = read_text(write(tmp_path, "a.md", MARKDOWN))
    lines = text.text.split("\n")
    assert lines[0].strip() == "Azure AI-102"
    assert lines[2] == "Take the exam & read on snake_case, 2 * 3."
    assert lines[3] == " Done: AI-103 * alt kg lint"
    assert "# no heading *kept*" in text.text
    assert "AI-900" not in text.text
    assert [*text.headings.values()] == [1]
    for words, first in (("Azure", None), ("AI-102", None), ("the exam", None), ("& read", "&amp;"), ("alt", None)):
        assert there(text, MARKDOWN, words, first), words
    assert there(text, MARKDOWN, "AI-103", "AI**-103")
    assert {text.place(at).line for at in text.links} == {3, 4}


def test_html_loses_its_tags_and_keeps_its_places(tmp_path: Path) -> None:
    for name in ("a.html", "a.txt"):  # the doctype says what it is
        text = read_text(write(tmp_path, name, HTML))
        lines = [line.strip() for line in text.text.split("\n") if line.strip()]
        assert lines == ["A page", "Exams", "AI-102", "R&D\u00a0A", "l"]
        assert there(text, HTML, "AI-102", "AI-<b>102")
        assert there(text, HTML, "Exams")
        assert there(text, HTML, "R&D", "R&amp;D")
        assert there(text, HTML, "&D", "&amp;D")
        assert [*text.headings.values()] == [2]
        assert len(text.items) == 2


@given(st.text('ab <>&;/!-\n#*[]()`_~\\"=x1', max_size=60))
def test_any_markup_keeps_every_character_at_its_place(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("any.md", "any.html", "any.txt"):
        text = read_text(write(folder, name, content))
        lines = content.split("\n")
        for offset, char in enumerate(text.text):
            place = text.place(offset)
            assert 1 <= place.line <= len(lines)
            if char.isalnum() and "&" not in content:
                assert lines[place.line - 1][place.column - 1] == char


def pdf(*pages: list[str]) -> bytes:
    """Return a PDF with lines of text on pages, written by hand."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R /Resources "
            "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def test_a_pdf_has_pages_and_lines(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    text = read_text(write(tmp_path, "cv.pdf", pdf(["Jane", "Python"], ["SQL", "AI-102 and more"])))
    assert text.text.split() == ["Jane", "Python", "SQL", "AI-102", "and", "more"]
    assert text.place(text.text.index("Python")) == (2, 1, 1)
    assert str(text.place(text.text.index("and more"))) == "page 2, 2:8"


def test_damaged_or_empty_pdfs_are_told(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    whole = pdf(["Jane"])
    for content in (b"%PDF-1.4 nothing", whole[:200], pdf([])):
        with pytest.raises(BadInput, match=r"no readable PDF|has no text"):
            read_text(write(tmp_path, "cv.pdf", content))


def test_without_pypdf_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(MissingExtra, match=r"career-kg\[pdf\]"):
        read_text(write(tmp_path, "cv.pdf", pdf(["Jane"])))


@pytest.mark.parametrize(
    ("content", "match"),
    [(b"\xff\xfea", "UTF-8"), (b"caf\xe9", "UTF-8"), (b"a\0b", "is no text"), (b"PK\3\4\0\0", "is no intact archive")],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        read_text(write(tmp_path, "a.txt", content))


def test_utf_16_is_read(tmp_path: Path) -> None:
    assert read_text(write(tmp_path, "a.txt", "Grüße".encode("utf-16"))).text == "Grüße"


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_text(tmp_path / "missing.txt")
    with pytest.raises(BadInput, match="cannot be read"):
        read_text(tmp_path)
    monkeypatch.setattr(texts, "MAX_BYTES", 10)
    assert read_text(write(tmp_path, "a.txt", "a" * 10)).text == "a" * 10
    with pytest.raises(BadInput, match="more than 10 bytes"):
        read_text(write(tmp_path, "a.txt", "a" * 11))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"Python")

    monkeypatch.setattr(sys, "stdin", Stdin)
    text = read_text("-")
    assert (text.name, text.text) == ("standard input", "Python")


def test_reading_a_pdf_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdf")
    monkeypatch.setattr(texts, "MAX_SECONDS", -1.0)
    with pytest.raises(BadInput, match="seconds to read"):
        read_text(write(tmp_path, "a.pdf", pdf(["one"], ["two"])))


@pytest.mark.parametrize(
    "piece", ["<!--", "](", "[", "&a", "*", "_", "`", "\\", "<a", "<a '", '<a "', "```\n", "<!", "# ", "<a>"]
)
def test_hostile_markup_takes_no_longer_than_its_length(tmp_path: Path, piece: str) -> None:
    start = time.perf_counter()
    for name in ("a.md", "a.html"):
        read_text(write(tmp_path, name, piece * (400_000 // len(piece))))
    assert time.perf_counter() - start < 10
