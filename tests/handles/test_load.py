"""`kg load`: everything at once, in any order, told what was read; twice changes nothing; all or nothing."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest
from pyoxigraph import Quad

from kg.handles.gathering import gather
from kg.handles.loading import load
from kg.handles.progress import progress_bar
from kg.model.errors import BadInput, MissingExtra
from kg.model.iris import mint
from kg.model.terms import BASE
from kg.sources.recognising import recognise
from kg.stores.oxigraph import OxigraphStore
from tests.conftest import Run
from tests.sources.frameworks import write_esco, write_esco_archives, write_onet_text, write_onet_workbooks
from tests.sources.test_mapped import MAPPING, ROWS
from tests.sources.test_mapped import text as table_text
from tests.sources.test_sssom import ABOVE, HEADER
from tests.sources.test_sssom import ROWS as MATCHES

ROOT = Path(__file__).parents[2]


def content(folder: Path) -> set[Quad]:
    store = OxigraphStore(folder)
    try:
        return set(store.quads())
    finally:
        store.close()


@pytest.fixture
def everything(tmp_path: Path) -> list[Path]:
    """One path of each sort that is known."""
    folder = tmp_path / "given"
    write_esco_archives(folder / "esco")
    write_onet_text(folder / "onet")
    (folder / "guild.csv").write_text(table_text(ROWS), encoding="utf-8")
    (folder / "guild.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "guild.sssom.tsv").write_text(ABOVE + HEADER + MATCHES, encoding="utf-8")
    (folder / "more.ttl").write_text("<http://e/s> <http://e/p> <http://e/o> .", encoding="utf-8")
    (folder / "team.csv").write_text("role,skill\nKeeper,Python\n", encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"x")
    return [folder / "esco", folder / "onet", *sorted(path for path in folder.iterdir() if path.is_file())]


def test_everything_is_recognised_by_what_it_holds(everything: list[Path]) -> None:
    found = recognise([everything[0].parent])
    assert list(found.esco) == ["1.1.1"]
    assert len(found.esco["1.1.1"]) == 10
    (onet,) = found.onet.values()
    assert (len(onet.files), onet.read_me.splitlines()[0]) == (11, "O*NET 29.3 Database")
    assert [(file.file_name, mapping.name) for file, mapping in found.mapped] == [("guild.csv", "guild")]
    assert [file.file_name for file, _ in found.imported] == ["guild.sssom.tsv"]
    assert [file.file_name for file in found.rdf] == ["more.ttl"]
    assert [path.name for path in found.tables] == ["team.csv"]
    assert [(name.rpartition("/")[2].rpartition(":")[2], why) for name, why in found.not_read] == [
        ("conceptSchemes_en.csv", "a file of ESCO that the graph has no place for"),
        ("notes.docx", 'its ending ".docx" is unknown'),
        ("Scales Reference.txt", "a file of O*NET that the graph has no place for"),
    ]


def test_the_order_of_paths_does_not_matter(everything: list[Path], tmp_path: Path) -> None:
    given = [path for path in everything if path.suffix != ".docx"]
    expected = None
    for i, order in enumerate([*permutations(given[:3])][:3]):
        into = tmp_path / f"store{i}"
        load([*order, *given[3:]], into=into)
        found = content(into)
        expected = expected or found
        assert found == expected


def test_a_second_load_of_the_same_changes_nothing(everything: list[Path], tmp_path: Path) -> None:
    first = load([everything[0].parent], into=tmp_path / "store")
    before = content(tmp_path / "store")
    again = load([everything[0].parent], into=tmp_path / "store")
    assert (first.added, again.added) == (first.total, 0)
    assert content(tmp_path / "store") == before
    assert first.files == again.files


def test_a_second_release_stands_beside_the_first(tmp_path: Path) -> None:
    load([write_esco(tmp_path / "esco-1.1.1")], into=tmp_path / "store")
    load([write_esco(tmp_path / "esco-1.2.0")], into=tmp_path / "store")
    store = OxigraphStore(tmp_path / "store")
    rows = store.select(
        "SELECT ?release ?framework (COUNT(?claim) AS ?claims) { GRAPH ?release { ?claim a "
        "<https://w3id.org/career-kg/ontology#Requirement> } ?release "
        "<http://purl.org/dc/terms/isVersionOf> ?framework } GROUP BY ?release ?framework ORDER BY ?release"
    ).dicts()
    assert [tuple(row.values()) for row in rows] == [
        (mint("source", f"esco-{release}"), mint("source", "esco"), 5) for release in ("1-1-1", "1-2-0")
    ]
    store.close()


def test_the_store_holds_what_the_files_say(tmp_path: Path) -> None:
    """The streaming way and the way by objects give the same quads."""
    from kg.model.quads import to_quads
    from kg.sources.esco import content_of, read_esco
    from kg.sources.members import members
    from kg.sources.rows import header_of

    folder = write_esco(tmp_path / "esco-1.1.1")
    loaded = load([folder], into=tmp_path / "store")
    files = [member for member in members(folder) if content_of(header_of(member))]
    quads = list(to_quads(read_esco(files)))
    assert content(tmp_path / "store") == set(quads)
    assert loaded.read == len(quads)


def test_workbooks_load(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    books, text = write_onet_workbooks(tmp_path / "books"), write_onet_text(tmp_path / "text")
    load([books], into=tmp_path / "a")
    load([text], into=tmp_path / "b")
    without_sums = [{quad for quad in content(tmp_path / name) if "checksum" not in str(quad)} for name in "ab"]
    assert without_sums[0] == without_sums[1]


def test_a_mapping_takes_the_table_beside_it(everything: list[Path], tmp_path: Path) -> None:
    mapping = next(path for path in everything if path.name == "guild.yaml")
    loaded = load([mapping], into=tmp_path / "store")
    assert [(file.rows, file.content) for file in loaded.files] == [(5, "table, by guild.yaml")]


def test_a_mapping_without_a_table(tmp_path: Path) -> None:
    (tmp_path / "guild.yaml").write_text(MAPPING, encoding="utf-8")
    with pytest.raises(BadInput, match=r"has no table guild\.csv or guild\.tsv or guild\.txt or guild\.xlsx"):
        load([tmp_path / "guild.yaml"], into=tmp_path / "store")


def test_every_fault_of_every_file_is_told_and_nothing_is_loaded(everything: list[Path], tmp_path: Path) -> None:
    load([everything[1]], into=tmp_path / "store")
    before = content(tmp_path / "store")
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "a.ttl").write_text("nonsense", encoding="utf-8")
    (bad / "guild.csv").write_text(table_text([("", "", "S", "", "", "", "")]), encoding="utf-8")
    (bad / "guild.yaml").write_text(MAPPING, encoding="utf-8")
    (bad / "team.csv").write_text("role,skill\n,x\n", encoding="utf-8")
    with pytest.raises(BadInput, match="3 files cannot be used") as raised:
        load([bad, everything[0]], into=tmp_path / "store")
    assert {Path(fault.file).name for fault in raised.value.faults} == {"a.ttl", "guild.csv", "team.csv"}
    assert content(tmp_path / "store") == before


def test_a_framework_is_asked_through_a_store(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"is a whole framework\. Load it once: `kg load"):
        gather([write_esco(tmp_path / "esco-1.1.1")])


def test_nothing_given(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Nothing was given to load"):
        load([], into=tmp_path / "store")


def test_what_is_nothing_known(tmp_path: Path) -> None:
    for name, says in (
        ("a.docx", "has an unknown ending"),
        ("b.xlsx", "is no intact archive"),
        ("c.txt", "is text without"),
    ):
        (tmp_path / name).write_text("plain words", encoding="utf-8")
        with pytest.raises(BadInput, match=says):
            load([tmp_path / name], into=tmp_path / "store")
    (tmp_path / "d.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput, match="needs the columns role and skill or tool; it has a, b"):
        load([tmp_path / "d.csv"], into=tmp_path / "store")


def test_without_openpyxl_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_onet_workbooks(tmp_path / "onet")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"pip install 'career-kg\[excel\]'"):
        load([folder], into=tmp_path / "store")


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_tells_what_it_did(run: Run, everything: list[Path], tmp_path: Path) -> None:
    ran = run("load", everything[0].parent, "--into", tmp_path / "store")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Read ")
    for words in (
        "Left out, mended or odd",
        "an earlier row",
        "Labels that name several",
        "hive worker",
        "Not read",
    ):
        assert words in ran.out
    assert "Mappings that put several on one" in ran.out


def test_the_command_in_json(run: Run, everything: list[Path], tmp_path: Path) -> None:
    ran = run("load", everything[0], "--into", tmp_path / "store", "--format", "json")
    said = json.loads(ran.out)
    assert said["question"] == "load"
    assert said["measures"]["total"] == said["measures"]["added"] == len(content(tmp_path / "store"))
    assert said["ambiguous"][0]["label"] == "hive worker"
    relations = next(row for row in said["rows"] if row["read_as"] == "ESCO relations of occupations")
    assert (relations["rows"], relations["left_out"]) == (9, 4)
    assert "occupationUri is no IRI (line 9)" in relations["reasons"]


def test_progress_is_told_and_ends_at_the_whole(everything: list[Path], tmp_path: Path) -> None:
    told: list[tuple[str, int, float]] = []
    loaded = load([everything[0]], into=tmp_path / "store", progress=lambda *now: told.append(now))
    quads, shares = [now[1] for now in told], [now[2] for now in told]
    assert quads == sorted(quads)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert quads[-1] <= loaded.read


def test_a_bar_is_drawn_on_a_terminal_alone(everything: list[Path], tmp_path: Path) -> None:
    with progress_bar() as nothing:  # pytest captures stderr
        assert nothing is None
    command = [sys.executable, "-m", "kg", "load", str(everything[0]), "--into", str(tmp_path / "store")]
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=ROOT, stderr=theirs, stdout=subprocess.PIPE, encoding="utf-8") as process:
        os.close(theirs)
        drawn = b""
        try:
            while more := os.read(ours, 4096):
                drawn += more
        except OSError:  # Linux says so when the other end is closed
            pass
        assert process.stdout is not None
        out = process.stdout.read()
    assert process.returncode == 0
    assert "quads" in drawn.decode()
    assert "\x1b" not in out


#: Loads its first argument into its second, and kills itself while the third chunk is made.
SUICIDE = """
import os, signal, sys
from kg.handles import loading
chunks = loading._chunks
def dying(lines, counter):
    for i, chunk in enumerate(chunks(lines, counter)):
        if i == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        yield chunk
loading._chunks, loading.CHUNK = dying, 5_000
loading.load([sys.argv[1]], into=sys.argv[2])
"""


def test_a_load_killed_midway_loses_nothing(everything: list[Path], tmp_path: Path) -> None:
    into = tmp_path / "store"
    load([everything[1]], into=into)
    before = content(into)
    killed = subprocess.run(
        [sys.executable, "-c", SUICIDE, str(everything[0]), str(into)], cwd=ROOT, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert content(into) == before
    assert load([everything[0]], into=into).added > 0
    assert before < content(into)


def test_names_of_sources_begin_as_ours(tmp_path: Path) -> None:
    load([write_onet_text(tmp_path / "onet")], into=tmp_path / "store")
    graphs = {getattr(quad.graph_name, "value", "") for quad in content(tmp_path / "store")}
    assert graphs == {mint("source", "onet-29-3"), f"{BASE}dataset"}
