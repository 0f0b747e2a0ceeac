"""Every question in every format: what programs read parses back, what people read is safe to open."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from kg.checks.check import check
from kg.cli.app import app
from kg.cli.session import session
from kg.exports.formats import FORMATS, to_csv, to_html, to_ttl
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer, Row, Section
from kg.model.errors import BadInput
from kg.model.terms import BASE, DCTERMS
from kg.questions import QUESTIONS
from kg.questions.gap import gap
from kg.questions.overlap import overlap
from kg.questions.show import show
from kg.questions.why import why
from kg.views.text_tables import PLAIN_WIDTH, plain_text
from tests.cli.test_app import ASKED, CONTROL
from tests.conftest import DAY, Run
from tests.strategies import Career

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Facts with a finding: nothing leads to the skill, and its name begins like a formula.
FACTS = """\
source: mine
sources: [{id: mine, title: Mine, date: '2026-11-01', origin: source}]
skills: [{id: a, label: =1+1, category: practice}]
"""
CHECKED = ("check", "facts.yaml", "--no-shapes")
ROOT = Path(__file__).parent.parent
HOSTILE = "</script><img src=x onerror=alert(1)>\x1b[2J\u202e\"'><a href='javascript:alert(1)'>x</a><marquee>"


@pytest.fixture(scope="module", autouse=True)
def folder_of_facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Stand in a folder with facts."""
    folder = tmp_path_factory.mktemp("facts")
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def asked(name: str) -> tuple[str, ...]:
    return CHECKED if name == "check" else ASKED[name]


def ask(name: str) -> Answer:
    """Return what the command line would print, as an answer."""
    session.where, session.as_of, session.lang = (), DAY, "en"
    answer = app(asked(name))
    assert isinstance(answer, Answer)
    return answer


answer_of = cache(ask)


def data_of(name: str, form: str) -> str:
    return FORMATS[form](answer_of(name))


@pytest.mark.parametrize("name", [*QUESTIONS, "check"])
def test_an_answer_asked_twice_gives_the_same_bytes(name: str) -> None:
    again = ask(name)
    for form, rendered in FORMATS.items():
        if (form == "ttl" and name == "check") or (form == "sarif" and name != "check"):
            continue  # a check has no RDF behind it, and nothing else has findings
        found = data_of(name, form)
        assert found
        assert found == rendered(again)
        if form not in ("csv", "html", "svg"):
            assert not CONTROL.search(found)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "sarif"])
def test_output_goes_to_a_file_as_it_is_printed(run: Run, tmp_path: Path, form: str) -> None:
    path = tmp_path / "answer"
    ran = run(*asked("show"), "--as-of", DAY, "--format", form, "-o", path)
    assert (ran.code, ran.out, ran.err) == (0, "", f"{path}\n")
    assert path.read_bytes() == data_of("show", form).encode()
    assert run(*asked("show"), "--as-of", DAY, "--format", form).out.encode() == path.read_bytes()


def test_of_a_check_there_is_no_turtle(run: Run, tmp_path: Path) -> None:
    ran = run(*CHECKED, "--as-of", DAY, "--format", "ttl", "-o", tmp_path / "answer")
    assert (ran.code, ran.out) == (2, "")
    assert "no RDF behind it" in ran.err
    assert not (tmp_path / "answer").exists()


# CSV


def cell(value: object) -> str:
    """Return a value as CSV has it, for values that begin with no sign of a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(map(cell, value)) if isinstance(value, list | tuple) else str(value)


@pytest.mark.parametrize("name", [*QUESTIONS, "check"])
def test_csv_parses_back_to_the_rows(name: str) -> None:
    rows: list[Row] = json.loads(data_of(name, "json"))["rows"]
    assert rows
    (header, *lines) = csv.reader(io.StringIO(data_of(name, "csv"), newline=""), strict=True)
    assert header == [*rows[0]]
    assert [[text.removeprefix("'") for text in line] for line in lines] == [
        [cell(value).removeprefix("'") for value in row.values()] for row in rows
    ]


class Anything(Answer):
    """An answer with one row of what it is given."""

    def __init__(self, *values: object) -> None:
        super().__init__()
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return HOSTILE

    def rows(self) -> tuple[Row, ...]:
        return ({f"c{i}": value for i, value in enumerate(self.values)},)  # type: ignore[attr-defined]  # set above

    def sections(self) -> tuple[Section, ...]:
        return (Section(HOSTILE, (HOSTILE, "b"), ((HOSTILE, HOSTILE),), HOSTILE),)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_csv_holds_no_formula(text: str) -> None:
    (_, (one, many, number)) = csv.reader(io.StringIO(to_csv(Anything(text, [text, "b"], -1.5)), newline=""))
    assert (one, many) == (f"'{text}", f"'{text}; b")
    assert number == "-1.5", "a number is none"


def test_csv_keeps_what_is_hard_in_csv() -> None:
    hard = ('a "quoted" word', "two\nlines", "a,b;c", "", "数据")
    (_, cells) = csv.reader(io.StringIO(to_csv(Anything(*hard)), newline=""), strict=True)
    assert tuple(cells) == hard


# HTML


class Page(HTMLParser):
    """What a page holds: its tags with attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(text: str) -> Page:
    """What a page may hold before its script runs; `tests/browser` opens it."""
    page = Page(text)
    names = {name for name, _ in page.tags}
    assert not names & {"img", "iframe", "object", "embed", "form", "base", "svg", "video", "audio"}
    for name, attributes in page.tags:
        assert not [key for key in attributes if key.startswith("on") or key in ("src", "srcset", "style", "action")]
        if (attributes.get("href") or "").startswith("#"):
            continue  # a place on the page itself
        if "href" in attributes:
            address, rel = attributes["href"] or "", attributes["rel"] or ""
            assert address.startswith(("http://", "https://")) or (name, address) == ("link", "data:,")
            assert name == "link" or {"noreferrer", "noopener"} <= {*rel.split()}
    (policy,) = [a["content"] for n, a in page.tags if n == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
    assert (policy or "").startswith("default-src 'none'")
    (allowed,) = re.findall(r"script-src ([^;]*)", policy or "")
    assert re.fullmatch(r"('sha256-[A-Za-z0-9+/]{43}=' ?)+", allowed), "only scripts that are known by their hash run"
    assert not re.search(r"@import|url\(", text.partition("<style>")[2].partition("</style>")[0])
    return page


@pytest.mark.parametrize("name", [*QUESTIONS, "check"])
def test_html_is_one_page_that_loads_nothing(name: str) -> None:
    page = assert_harmless(data_of(name, "html"))
    assert page.tags[0][0] == "html"
    assert page.tags[0][1]["lang"] == "en"
    assert [name for name, _ in page.tags].count("html") == 1
    answer = json.loads(data_of(name, "json"))
    assert answer["answer"] in page.text
    assert DAY in page.text


def hostile_graph() -> Iterator[Career]:
    for url in (
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        'https://x"><b>',
    ):
        graph: Career = nx.MultiDiGraph()
        for kind in ("role", "skill", "certification"):
            graph.add_node(f"{BASE}{kind}/x-{kind}", label=HOSTILE, kind=kind, aliases=(HOSTILE,), url=url)
        claim = {
            "source_label": HOSTILE,
            "source": f"{BASE}source/x",
            "source_url": url,
            "locator": HOSTILE,
            "basis": HOSTILE,
        }
        graph.add_edge(
            f"{BASE}role/x-role", f"{BASE}skill/x-skill", "c1", relation="requires", wording=HOSTILE, **claim
        )
        graph.add_edge(
            f"{BASE}certification/x-certification", f"{BASE}skill/x-skill", "c2", relation="certifies", **claim
        )
        yield graph


def test_hostile_labels_and_addresses_are_only_text() -> None:
    for graph in hostile_graph():
        handle = GraphHandle(graph, as_of=date.fromisoformat(DAY))
        answers: list[Answer] = [
            gap(handle, "x-role"),
            why(handle, "x-role"),
            show(handle, "x-role"),
            Anything(HOSTILE),
        ]
        for answer in answers:
            page = assert_harmless(to_html(answer))
            assert "<img src=x onerror=alert(1)>" in page.text, "it is shown as it is written"
            assert not {"marquee", "img"} & {name for name, _ in page.tags}
            assert not CONTROL.search(plain_text(answer))
    assert [a["href"] for n, a in page.tags if n == "a"] == []


# Pictures


@pytest.mark.parametrize("name", [*QUESTIONS, "check"])
def test_svg_is_a_picture_with_the_answer_in_words(name: str) -> None:
    root = ElementTree.fromstring(data_of(name, "svg"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    answer = json.loads(data_of(name, "json"))["answer"]
    assert (root.findtext("{http://www.w3.org/2000/svg}desc") or "")[:200] == " ".join(answer.split())[:200]


def test_a_picture_goes_to_a_file_in_every_form(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    for form, start in (("html", b"<!doctype html>"), ("svg", b"<svg "), ("png", b"\x89PNG")):
        path = tmp_path / f"picture.{form}"
        assert run(*asked("path"), "--as-of", DAY, "--format", form, "-o", path).code == 0
        assert path.read_bytes().startswith(start)


# Turtle


@pytest.mark.parametrize("name", QUESTIONS)
def test_turtle_parses_and_holds_the_evidence(name: str) -> None:
    triples = {quad.triple for quad in parse(data_of(name, "ttl"), format=RdfFormat.TURTLE)}
    subjects = {str(getattr(triple.subject, "value", "")) for triple in triples}
    evidence = json.loads(data_of(name, "json"))["evidence"]
    assert {claim["claim"] for claim in evidence} <= subjects
    sources = {triple.object for triple in triples if triple.predicate.value == DCTERMS.source}
    assert {claim["source_iri"] for claim in evidence} <= {getattr(term, "value", "") for term in sources}
    assert triples


def test_turtle_is_that_of_the_slices(shipped: KnowledgeGraph) -> None:
    alone, held = overlap(shipped, "AI Engineer", "ML Engineer"), gap(shipped, "AI Engineer", held=["Python"])
    assert not alone.context.beside
    assert held.context.beside, "what holding shows is read by a query of its own"
    for answer in (alone, held):
        slices = (answer.graph, *answer.context.beside)
        written = {quad.triple for quad in parse(to_ttl(answer), format=RdfFormat.TURTLE)}
        assert written == {Triple(*triple) for one in slices for triple in one.triples}  # type: ignore[attr-defined]


def test_without_rdf_there_is_no_turtle(whole: Career) -> None:
    answers = (gap(GraphHandle(whole, as_of=date.fromisoformat(DAY)), "AI Engineer"), check("facts.yaml", shapes=False))
    for answer in answers:
        with pytest.raises(BadInput, match="no RDF behind it"):
            to_ttl(answer)


# The terminal


@pytest.mark.parametrize("name", QUESTIONS)
def test_text_is_no_wider_than_it_should_be(name: str) -> None:
    assert max(map(len, data_of(name, "text").splitlines())) <= PLAIN_WIDTH


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
class TestTerminal:
    """A real terminal, made of a pseudo-terminal."""

    def printed(self, arguments: Sequence[str], *, columns: int = 80, **environment: str) -> str:
        import fcntl
        import pty
        import struct
        import termios

        outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        base = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", *arguments, "--as-of", DAY],
            cwd=ROOT,
            stdout=inner,
            stderr=subprocess.PIPE,
            env={**base, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment},
        )
        os.close(inner)
        said = b""
        while True:
            try:
                part = os.read(outer, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        assert process.wait() == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
        process.stderr.close()
        os.close(outer)
        return said.decode()

    def test_a_terminal_gets_colour_and_a_pipe_does_not(self) -> None:
        said = self.printed(asked("show"))
        assert "\x1b[" in said
        plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
        assert "\x1b" not in plain
        assert "retired since 2026-06-30" in " ".join(plain.split())
        assert "\x1b" not in data_of("show", "text")

    def test_no_color_is_respected(self) -> None:
        said = self.printed(asked("show"), NO_COLOR="1")
        assert not re.findall(r"\x1b\[(?:[0-9]+;)*(?:3[0-7]|9[0-7]|38|48)(?:;[0-9]+)*m", said), "no colours"
        assert "retired since" in " ".join(re.sub(r"\x1b\[[0-9;]*m", "", said).split())

    @pytest.mark.parametrize("columns", [60, 100, 160])
    def test_it_is_as_wide_as_the_terminal(self, columns: int) -> None:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", self.printed(asked("gap"), columns=columns))
        widest = max(len(line.rstrip()) for line in plain.splitlines())
        assert columns * 0.7 < widest <= columns

    @pytest.mark.parametrize("form", ["table", "json", "csv", "html", "ttl"])
    def test_what_is_for_programs_has_no_colour_even_there(self, form: str) -> None:
        assert "\x1b" not in self.printed([*asked("show"), "--format", form])


def test_a_stream_that_knows_no_unicode_is_no_reason_to_fail() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for form in ("text", "json"):
        done = subprocess.run(
            [sys.executable, "-m", "kg", *asked("overlap"), "--as-of", DAY, "--format", form],
            capture_output=True,
            cwd=ROOT,
            env=environment,
        )
        assert (done.returncode, done.stderr) == (0, b""), form
        assert done.stdout
