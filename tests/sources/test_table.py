"""Tables: a CSV file becomes facts, or says everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.handles.borrowing import ShippedNames
from kg.handles.opening import open as open_graph
from kg.model.errors import BadInput, KgError
from kg.model.folding import fold
from kg.model.terms import BASE
from kg.questions.gap import gap
from kg.sources import table
from kg.sources.facts import read_facts
from kg.sources.table import read_table
from tests.conftest import DAY

KNOWN = {fold("sklearn"): ("tool", "scikit-learn"), fold("Python"): ("tool", "python"), fold("Ethics"): ("skill", "e")}


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes) -> dict[str, Any]:
    return read_table(write(folder / "team.csv", content), known=lambda: KNOWN).data


def faults(folder: Path, content: str | bytes) -> list[tuple[int, str]]:
    path = write(folder / "team.csv", content)
    with pytest.raises(BadInput, match=r"team\.csv cannot be used") as raised:
        read_table(path)
    assert {fault.file for fault in raised.value.faults} == {str(path)}
    assert all(fault.message.endswith(".") and fault.fix.endswith(".") for fault in raised.value.faults)
    return [(fault.line, fault.field) for fault in raised.value.faults]


def requirements(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [need for role in data["roles"] for need in role["requires"]]


def test_a_line_is_a_requirement(tmp_path: Path) -> None:
    data = read(tmp_path, "role,skill\nBeekeeper,Smoking bees\nBeekeeper,Ethics\nPotter,Clay\n")
    assert [role["label"] for role in data["roles"]] == ["Beekeeper", "Potter"]
    assert requirements(data) == [
        {"skill": "smoking-bees", "essential": True, "locator": "line 2"},
        {"skill": "e", "essential": True, "locator": "line 3"},
        {"skill": "clay", "essential": True, "locator": "line 4"},
    ]
    assert [skill["label"] for skill in data["skills"]] == ["Smoking bees", "Clay"], "what is known is not defined anew"
    assert (data["source"], data["sources"][0]["title"]) == ("team", "team.csv"), "the file is the source"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_order_case_separator_line_end_and_byte_order_mark(
    tmp_path: Path, separator: str, end: str, mark: str
) -> None:
    lines = [
        ["Essential", " TOOL ", "Role", "Importance"],
        ["optional", "sklearn", "Beekeeper", "3.5"],
        ["", "", "", ""],
    ]
    data = read(tmp_path, mark + end.join(separator.join(line) for line in lines) + end)
    assert requirements(data) == [
        {"tool": "scikit-learn", "essential": False, "locator": "line 2", "importance": 3.5},
    ]
    assert data["tools"] == []


def test_a_known_name_decides_between_skill_and_tool(tmp_path: Path) -> None:
    (need,) = requirements(read(tmp_path, "role,skill\nX,Python\n"))
    assert need["tool"] == "python"
    assert "skill" not in need


@pytest.mark.parametrize(
    ("word", "essential"),
    [("yes", True), ("Essential", True), ("1", True), ("MUST", True), ("no", False), ("optional", False), ("0", False)],
)
def test_words_for_essential(tmp_path: Path, word: str, essential: bool) -> None:
    (need,) = requirements(read(tmp_path, f"role,skill,essential\nX,Y,{word}\n"))
    assert need["essential"] is essential


def test_every_column_reaches_the_claim(tmp_path: Path) -> None:
    head = "role,skill,importance,level,scale,locator,since,until\n"
    (need,) = requirements(read(tmp_path, head + "X,Y,4,2.5,onet-importance,page 3,2026-01,2027\n"))
    assert need == {
        "skill": "y",
        "essential": True,
        "locator": "page 3",
        "importance": 4.0,
        "level": 2.5,
        "scale": "onet-importance",
        "since": "2026-01",
        "until": "2027",
    }


def test_every_fault_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        "role,skill,tool,essential,importance,level,scale,since,until\n"
        ",Y,,,,,,,\n"
        "X,,,,,,,,\n"
        "X,Y,Z,,,,,,\n"
        "\n"
        "X,Y,,perhaps,much,nan,no such,yesterday,2026-13\n"
        "X,Y,,,inf,,,,\n"
        "X,Y,,,,,,,,too many\n",
    )
    assert found == [
        (2, "role"),
        (3, "skill"),
        (4, "skill"),
        *((6, column) for column in ("essential", "importance", "level", "scale", "since", "until")),
        (7, "importance"),
        (8, ""),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [(1, "")]),
        ("\n\n", [(1, "")]),
        ("role\nX\n", [(1, "")]),
        ("skill\nX\n", [(1, "")]),
        ("role,skill\n", [(1, "")]),
        ("role,skill,colour,nonsense\nX,Y,,\n", [(1, "colour"), (1, "nonsense")]),
        ("role,skill,role\nX,Y,Z\n", [(1, "role")]),
        ('role,skill\nX,"open\n', [(2, "")]),
        (b"role,skill\nX,\xff\n", [(2, "")]),
        ("role,skill\nX," + "y" * 200_000, [(2, "")]),
    ],
    ids=["empty", "blank", "no skill", "no role", "only a header", "unknown", "twice", "quote", "bytes", "long cell"],
)
def test_what_is_no_table(tmp_path: Path, content: str | bytes, expected: list[tuple[int, str]]) -> None:
    assert faults(tmp_path, content) == expected


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadInput, match="cannot be read"):
            read_table(path)


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 1000)
    assert faults(tmp_path, "role,skill\n" + "X,Y\n" * 300) == [(0, "")]
    read(tmp_path, "role,skill\n" + "X,Y\n" * 200)


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|'/c calc'!A0",
        "<img src=x onerror=alert(1)>",
        "a\u2028b",
        "a\x0cb",
        "a\x85b",
        "\x1b[2J",
        "***",
        "😀",
        "数据",
        "../../etc/passwd",
        '"; DROP',
    ],
)
def test_hostile_cells_are_names_like_any(tmp_path: Path, cell: str) -> None:
    quoted = cell.replace('"', '""')
    data = read(tmp_path, f'role,skill\n"{quoted}","{quoted}"\nX,Y\n')
    assert [role["label"] for role in data["roles"]] == [cell, "X"]
    assert [skill["label"] for skill in data["skills"]] == [cell, "Y"]
    assert requirements(data)[1]["locator"] == "line 3"
    assert all("/" not in node["id"] and node["id"] for node in (*data["roles"], *data["skills"]))


def test_names_of_the_shipped_dataset_resolve(tmp_path: Path) -> None:
    path = write(
        tmp_path / "team.csv", "role,skill\nBee Analyst,sklearn\nBee Analyst,Machine learning\nBee Analyst,Bees\n"
    )
    document = read_table(path, known=ShippedNames().by_name)
    (one, two, three) = requirements(document.data)
    assert (one["tool"], two["skill"], three["skill"]) == ("scikit-learn", "machine-learning", "bees")
    with open_graph(path, as_of=DAY) as graph:
        answer = gap(graph, "Bee Analyst", held=["sklearn"])
        assert [r.node.label for r in answer.held] == ["scikit-learn"]
        assert {r.node.label for r in answer.missing} == {"Machine learning", "Bees"}
        assert {claim.source for claim in answer.evidence} == {f"{BASE}source/team"}
        assert {claim.locator for claim in answer.evidence} == {"line 2", "line 3", "line 4"}


def test_a_source_of_the_dataset_may_be_named_and_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "team.csv", "role,skill,source\nX,Y,esco-111\n")
    with open_graph(path, as_of=DAY) as graph:
        (claim,) = gap(graph, "X").evidence
        assert claim.source_label.startswith("ESCO")
    write(path, "role,skill,source\nX,Y,esco-111\nX,Z,nonsense\n")
    with pytest.raises(BadInput, match='there is no source "nonsense"') as raised:
        open_graph(path)
    assert [fault.line for fault in raised.value.faults] == [3]


_cells = st.one_of(
    st.sampled_from(("role", "skill", "tool", "X", "Python", "", "1", "yes", '"', "nan", "\x00")), st.text()
)
_tables = (
    st.lists(st.lists(_cells, max_size=4).map(",".join), max_size=6)
    .map("\n".join)
    .map(lambda text: ("role,skill,importance,since\n" + text).encode("utf-8", "surrogatepass"))
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=300), _tables))
@example(b"role,skill\nX,a\x00b\n")
@example(b"\xef\xbb\xbf")
@example(b"role,skill\n\xe2\x80\xa8,\xe2\x80\xa8\n")
def test_any_bytes_are_facts_or_an_error_of_ours(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path / "team.csv", content)
    try:
        document = read_table(path)
        statements = [*read_facts([document])]
    except KgError:
        return
    assert any(statement.relation.endswith("#requires") for statement in statements)
