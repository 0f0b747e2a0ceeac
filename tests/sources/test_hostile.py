"""Files made to harm or damaged by accident: a clear error with its place, soon, in little memory, nothing fetched."""

from __future__ import annotations

import socket
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.handles.gathering import gather
from kg.handles.loading import load
from kg.model.errors import BadInput, KgError
from kg.model.quads import statement_lines
from kg.sources import members as archives
from kg.sources.esco import read_esco
from kg.sources.members import Member, check_archive
from kg.sources.members import members as members_of
from kg.sources.onet import read_onet
from kg.sources.recognising import recognise
from kg.sources.rows import read_table_rows
from tests.sources.frameworks import ESCO_TABLES, ONET_TABLES, csv_text, write_esco, write_onet_text, write_workbook

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">{}</rdf:RDF>'
ONE = RDF.format('<rdf:Description rdf:about="http://e/s"><e:p>{}</e:p></rdf:Description>')


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Each refusal takes seconds at most, and little memory of Python's."""
    start = time.monotonic()
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - start < 60
    assert peak < 250_000_000


def refused(path: Path, into: Path, match: str) -> tuple[tuple[str, int], ...]:
    """Load a file that is refused; return the places of its faults. The store is not there, as before."""
    with pytest.raises(BadInput, match=match) as raised:
        load([path], into=into)
    assert not into.exists()
    return tuple((fault.file, fault.line) for fault in raised.value.faults)


# --- archives -----------------------------------------------------------------------------------------------------


def archive(path: Path, contents: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_truncated_archive(tmp_path: Path, part: float) -> None:
    path = archive(tmp_path / "esco-1.1.1.zip", {name: csv_text(table) for name, table in ESCO_TABLES.items()})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    refused(path, tmp_path / "store", "is no intact archive")


def test_an_archive_with_a_damaged_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "esco-1.1.1.zip", {name: csv_text(table) for name, table in ESCO_TABLES.items()})
    data = bytearray(path.read_bytes())
    data[200:260] = bytes(60)
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"is damaged|is no intact archive|is no table|is not UTF-8"):
        load([path], into=tmp_path / "store")


def test_an_archive_that_swells(tmp_path: Path) -> None:
    path = archive(tmp_path / "bomb-1.1.1.zip", {"skills_en.csv": b"a" * 30_000_000})
    assert path.stat().st_size < 50_000
    refused(path, tmp_path / "store", r"skills_en\.csv: would unpack to [\d,]+ times its size")


def test_an_archive_of_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    path = archive(tmp_path / "many.zip", {f"{i}.csv": "x" for i in range(4)})
    refused(path, tmp_path / "store", "has more than 3 members")


def test_an_archive_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 10)
    path = archive(tmp_path / "large.zip", {"a.csv": "x" * 6, "b.csv": "y" * 6})
    refused(path, tmp_path / "store", "would unpack to 12 bytes, more than 10")


@pytest.mark.parametrize(
    "name", ["../../etc/skills_en.csv", "/etc/skills.csv", "a/../../b.csv", "..\\b.csv", "C:/b.csv"]
)
def test_a_member_that_leads_out(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "out.zip", {name: csv_text(ESCO_TABLES["skills_en.csv"])})
    refused(path, tmp_path / "store", "leads out of the archive")
    assert {found.name for found in tmp_path.iterdir()} == {"out.zip"}, "nothing was unpacked"


def test_members_that_overlap(tmp_path: Path) -> None:
    """As in the bombs of Fifield: many entries of the directory point at one and the same data."""
    path = archive(tmp_path / "overlap.zip", {"a.csv": "role,skill\n" * 200, "b.csv": "role,skill\n" * 200})
    with zipfile.ZipFile(path) as file:
        first, second = file.infolist()
    data = path.read_bytes()
    place = data.rindex(second.header_offset.to_bytes(4, "little"), data.index(b"PK\x01\x02"))
    path.write_bytes(data[:place] + first.header_offset.to_bytes(4, "little") + data[place + 4 :])
    refused(path, tmp_path / "store", "has members that overlap")


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "secret.zip", {"a.csv": "x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refused(path, tmp_path / "store", "is encrypted")


# --- text -----------------------------------------------------------------------------------------------------------


def test_text_in_another_encoding(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco-1.1.1")
    path = folder / "skills_en.csv"
    path.write_bytes(path.read_bytes().replace(b"sell honey", "vendre du miel à Noël".encode("latin-1")))
    places = refused(folder, tmp_path / "store", "is not UTF-8 text")
    assert places[0][0] == str(path)
    assert places[0][1] > 0


def test_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "team.csv"
    path.write_bytes("role,skill\na,b\n".encode("utf-16"))
    assert refused(path, tmp_path / "store", "is not UTF-8 text") == ((str(path), 1),)


def test_a_cell_of_ten_million_characters(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco-1.1.1")
    path = folder / "skills_en.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("honeybees", "x" * 10_000_000)
    path.write_text("\n".join(lines), encoding="utf-8")
    assert refused(folder, tmp_path / "store", r"has a (line|cell) of more than [\d,]+ characters") == ((str(path), 3),)


def test_a_cell_that_never_ends(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco-1.1.1")
    path = folder / "skills_en.csv"
    path.write_text(path.read_text(encoding="utf-8") + '"' + "line\n" * 100_000, encoding="utf-8")
    refused(folder, tmp_path / "store", "has a cell of more than|is no table")


def test_a_column_that_is_missing(tmp_path: Path) -> None:
    folder = write_onet_text(tmp_path / "onet-29.3")
    path = folder / "Skills.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Scale ID", "Scale"), encoding="utf-8")
    found = recognise([folder])
    assert (str(path), "a file of O*NET that the graph has no place for") in found.not_read


# --- workbooks ------------------------------------------------------------------------------------------------------


def workbook(folder: Path, name: str = "book.xlsx") -> Path:
    return write_workbook(folder / name, "Job Zones", ONET_TABLES["Job Zones"])


def with_part(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "doctype", [BOMB, b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', b'<!DOCTYPE x SYSTEM "http://e/d">']
)
@pytest.mark.parametrize("part", [SHEET, "[Content_Types].xml", "xl/workbook.xml"])
def test_a_workbook_with_entities(tmp_path: Path, doctype: bytes, part: str) -> None:
    pytest.importorskip("openpyxl")
    path = workbook(tmp_path)
    with zipfile.ZipFile(path) as book:
        root = book.read(part)
    start = root[: root.index(b"<", 2 if root.startswith(b"<?") else 0) + 1] if root.startswith(b"<?") else b"<"
    place = start[:-1] or b""
    with_part(path, part, root[: len(place) + 10], place + doctype + root[len(place) : len(place) + 10])
    refused(path, tmp_path / "store", "declares a document type or an encoding, as no workbook does")


def test_a_workbook_in_an_encoding_that_hides_things(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    path = workbook(tmp_path)
    with zipfile.ZipFile(path) as book:
        sheet = book.read(SHEET)
    with_part(path, SHEET, sheet, sheet.decode().encode("utf-16"))
    refused(path, tmp_path / "store", "declares a document type or an encoding")


def test_a_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["role", "skill"])
    book.active.append(["a", '=HYPERLINK("http://e/","b")'])
    book.save(path)
    with pytest.raises(BadInput, match=r"book\.xlsx:2: B2: is a formula\. Save the sheet with values"):
        list(read_table_rows(Member(path)))


def test_a_workbook_with_a_cell_that_excel_could_not_hold(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "book.xlsx"
    openpyxl.Workbook().save(path)
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"xy" * 20_000 + b"</t></is></c></row></sheetData>"
    with_part(path, SHEET, b"</sheetData>", row)
    with pytest.raises(BadInput, match="has more than 32,767 characters"):
        list(read_table_rows(Member(path)))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"role,skill\n", b"\xd0\xcf\x11\xe0old excel"])
def test_what_only_ends_like_a_workbook(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    refused(path, tmp_path / "store", "is no intact archive")


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    refused(archive(tmp_path / "book.xlsx", {"a.csv": "x"}), tmp_path / "store", "is no workbook that can be read")


# --- RDF ------------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"<?xml version='1.0'?>{LAUGHS}]>{ONE.format('&b;')}", 'declares the entity "b" by other entities'),
        (f'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&#38;a;">]>{ONE.format("&b;")}', "by other entities"),
        (f'<!DOCTYPE r [<!ENTITY a "{"x" * 2000}">]>{ONE.format("&a;")}', "an entity of more than 1,000 characters"),
        (f'<!DOCTYPE r [<!ENTITY a "{"x" * 900}">]>{ONE.format("&a;" * 100_000)}', "entities that swell it manyfold"),
        (f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>{ONE.format("&a;")}', "to lie elsewhere"),
        (f'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://e/">%a;]>{ONE.format("a")}', "to lie elsewhere"),
        (RDF.format("<e:A><e:p>" * 100_000), "is nested more than 100 deep"),
    ],
    ids=["laughs", "hidden reference", "long", "quadratic", "external", "parameter", "deep"],
)
def test_xml_made_to_harm(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "x.rdf"
    path.write_text(content, encoding="utf-8")
    assert refused(path, tmp_path / "store", says)[0] == (str(path), 1)


def test_entities_that_abbreviate_namespaces_are_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.rdf"
    path.write_text(f'<!DOCTYPE r [<!ENTITY e "http://e/">]>{ONE.format("&e;x")}', encoding="utf-8")
    assert "http://e/x" in {getattr(quad.object, "value", "") for quad in gather([path]).quads}


def test_a_document_type_that_lies_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    path = tmp_path / "x.rdf"
    path.write_text(f'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">{ONE.format("text")}', encoding="utf-8")
    assert "text" in {getattr(quad.object, "value", "") for quad in gather([path]).quads}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"@context": "https://schema.org/", "@id": "http://e/a", "name": "x"}', "names a context on the web"),
        ('{"@id":"http://a/a","http://b/":' * 60_000, "is nested more than 100 deep"),
        (
            '{"@context":[' + '{"a":"http://e/"},' * 2 + '"' + '\\u0040context"' * 2_000,
            "2,001 contexts, more than 1,000",
        ),
        ('{"a":"' + "\\" * 2_000_000, "is not JSON-LD"),
    ],
    ids=["remote", "deep", "contexts", "backslashes"],
)
def test_json_made_to_harm(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "x.jsonld"
    path.write_text(content, encoding="utf-8")
    assert refused(path, tmp_path / "store", says)[0][0] == str(path)


def test_a_literal_of_twenty_million_characters(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(f'<http://e/s> <http://e/p> "{"x" * 20_000_000}" .', encoding="utf-8")
    refused(path, tmp_path / "store", "of more than 16 million characters")


# --- fuzzing --------------------------------------------------------------------------------------------------------

CELL = st.one_of(
    st.sampled_from(
        [
            "",
            "http://e/a",
            "http://e/a b",
            "http://e/%zz",
            "http://[e",
            "essential",
            "11-1111.00",
            "2.A.1.a",
            "IM",
            "n/a",
            "4.5",
            "-1",
            "1e400",
            "NaN",
        ]
    ),
    st.text(max_size=20),
)
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(name=st.sampled_from(sorted(ESCO_TABLES)), rows=st.lists(st.lists(CELL, max_size=16), max_size=6))
@example(name="occupations_en.csv", rows=[["Occupation", "http://e/\ud800", "", "x"]])
def test_no_row_of_esco_breaks_the_importer(tmp_path: Path, name: str, rows: list[list[str]]) -> None:
    path = tmp_path / "esco-1.1.1" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(csv_text((ESCO_TABLES[name][0], rows)), encoding="utf-8", errors="surrogatepass", newline="")
    with suppress(KgError):
        for statement in read_esco([Member(path)]):
            assert statement_lines(statement).endswith(" .\n")


@FUZZ
@given(name=st.sampled_from(sorted(ONET_TABLES)), rows=st.lists(st.lists(CELL, max_size=16), max_size=6))
def test_no_row_of_onet_breaks_the_importer(tmp_path: Path, name: str, rows: list[list[str]]) -> None:
    folder = tmp_path / "onet-29.3"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.txt"
    lines = ["\t".join(ONET_TABLES[name][0]), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass", newline="")
    with suppress(KgError):
        for statement in read_onet([Member(path)], release="29.3"):
            assert statement_lines(statement).endswith(" .\n")


@FUZZ
@given(
    content=st.binary(max_size=300),
    ending=st.sampled_from([".csv", ".tsv", ".txt", ".xlsx", ".zip", ".ttl", ".rdf", ".jsonld", ".nq", ".yaml"]),
    good=st.booleans(),
)
def test_no_bytes_break_the_loader(tmp_path: Path, content: bytes, ending: str, good: bool) -> None:
    path = tmp_path / f"x-1.1.1{ending}"
    whole = csv_text(ESCO_TABLES["skills_en.csv"]).encode()
    path.write_bytes(whole[: len(content)] + content + whole[len(content) :] if good else content)
    with suppress(KgError):
        gather([path])


def test_an_archive_in_memory_is_checked_too() -> None:
    with pytest.raises(BadInput, match=r"book: is no intact archive|book cannot be used"):
        check_archive(BytesIO(b"no archive"), "book")


def test_hidden_files_and_locks_are_passed_over(tmp_path: Path) -> None:
    for name in ("~$book.xlsx", ".hidden.csv", "__MACOSX/a.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\xff")
    assert members_of(tmp_path) == ()
