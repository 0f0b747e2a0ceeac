"""What may be wrong with a facts file is said all at once, each with its file, its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.handles.loading import load
from kg.model.errors import BadInput, Fault
from kg.model.shipped import data_path
from kg.sources import documents
from kg.sources.documents import read_documents
from kg.sources.facts import read_facts
from kg.sources.references import check_references
from tests.rights import without_privileges

SOURCE = "source: mine\nsources:\n- {id: mine, title: Mine, origin: reading, date: '2026'}\n"


def faults_of(*paths: Path) -> tuple[Fault, ...]:
    """Return the faults of files, wherever they are found; there must be some."""
    with pytest.raises(BadInput) as caught:
        list(read_facts(read_documents(paths)))
    assert caught.value.faults
    return caught.value.faults


def written(folder: Path, content: str | bytes, name: str = "facts.yaml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    path = written(tmp_path, f"{SOURCE}skills:\n- {{id: sql, label: SQL}}\n")
    (document,) = read_documents([path])
    assert document.data["skills"] == [{"id": "sql", "label": "SQL"}]
    assert document.line(("skills", 0, "label")) == 5
    assert document.line(("skills", 0, "label", "deeper")) == 5
    assert document.line(("nothing",)) == 1
    assert len(list(read_facts([document]))) > 5


#: Name → (the file, line of the fault, its field, what is said).
WRONG: dict[str, tuple[str | bytes, int, str, str]] = {
    # not YAML
    "a tab": (
        "roles:\n\t- id: a\n",
        2,
        "",
        "is not YAML: a tab, or a sign that may not begin a value, stands here. Indent with",
    ),
    "an open bracket": ("roles:\n- {id: a\n", 3, "", "is not YAML: "),
    "an open quote": (
        'roles:\n- {id: "a\n',
        3,
        "",
        "is not YAML: a quotation mark or bracket is not closed. Close it.",
    ),
    "a second colon": (
        "roles:\n- id: a\n  label: a: b\n",
        3,
        "",
        "there is a second colon, or a line too far to the right. Put",
    ),
    "two documents": (
        "roles: []\n---\nroles: []\n",
        2,
        "",
        "a second document begins here (---). Make it a file of its own.",
    ),
    "a NUL": (b"roles:\x00\n", 0, "", "is not YAML: unacceptable character #x0000"),
    "latin-1": ("skills:\n- id: a\n  label: Größe\n".encode("latin-1"), 3, "", "is not UTF-8 text. Save it as UTF-8."),
    "UTF-16": ("roles: []\n".encode("utf-16"), 1, "", "is not UTF-8 text."),
    "binary": (bytes(range(256)), 2, "", "is not UTF-8 text."),
    "empty": ("", 0, "", "is empty. Start with `kg init`, which writes an example."),
    "only a comment": ("# nothing yet\n", 0, "", "is empty."),
    # not what we read
    "a list": ("- a\n", 1, "", "is no mapping. A facts file has sections such as `roles:` and `skills:`."),
    "a word": ("hello\n", 1, "", "is no mapping."),
    "null": ("~\n", 1, "", "is no mapping."),
    "an anchor": ("roles:\n- &a {id: a, label: A}\n", 2, "", "has an anchor or alias (& or *). Write the value out."),
    "an alias": ("roles: *a\n", 1, "", "has an anchor or alias"),
    "a billion laughs": ("a: &a [x, x]\nb: [*a, *a]\n", 1, "", "has an anchor or alias"),
    "a key that is a list": ("? [a, b]\n: c\n", 1, "", "has a list or mapping as a key. Give the field a name."),
    "a key twice": (
        "roles:\n- id: a\n  label: A\n  id: b\n",
        4,
        "roles[0].id",
        "stands here twice. Keep one of the two.",
    ),
    "a section twice": ("roles: []\nroles: []\n", 2, "roles", "stands here twice."),
    "deep flow": ("a: " + "[" * 60 + "]" * 60, 1, "", "is nested more than 50 deep."),
    "deep blocks": ("".join(f"{' ' * i}- a:\n" for i in range(60)), 50, "", "is nested more than 50 deep."),
    "very deep": ("a: " + "[" * 200_000, 1, "", "is nested more than 50 deep."),
    "a Python object": ("roles: !!python/object/apply:os.system ['true']\n", 1, "roles[0]", "'true' is no mapping."),
    # not what the schema says
    "an unknown section": ("rolez: []\n", 1, "rolez", 'is no field here. Close: "roles".'),
    "an unknown field": (
        "roles:\n- id: a\n  label: A\n  lable: B\n",
        4,
        "roles[0].lable",
        'is no field here. Close: "label".',
    ),
    "a field like none": (
        "roles:\n- {id: a, label: A, x: 1}\n",
        2,
        "roles[0].x",
        "Choose from aliases, certifications, id,",
    ),
    "a missing field": ("roles:\n- id: a\n", 2, "roles[0]", '"label" is missing. Add it.'),
    "a mapping for a list": ("roles: {}\n", 1, "roles", "{} is no list. Write a list."),
    "a list for a text": ("roles:\n- {id: a, label: [A]}\n", 2, "roles[0].label", "['A'] is no text. Write a text."),
    "a number for a text": (
        "skills:\n- {id: a, label: 1.5}\n",
        2,
        "skills[0].label",
        "1.5 is no text. Put it in quotes",
    ),
    "yes for a text": ("skills:\n- {id: a, label: yes}\n", 2, "skills[0].label", "True is no text. Put it in quotes"),
    "null for a text": ("skills:\n- {id: a, label: }\n", 2, "skills[0].label", "None is no text. Write a text."),
    "a long value": (f"roles:\n- {{id: a, label: [{'x' * 500}]}}\n", 2, "roles[0].label", "x… is no text."),
    "an id with a blank": (
        "roles:\n- {id: Big Name, label: A}\n",
        2,
        "roles[0].id",
        "'Big Name' is not written as it should be.",
    ),
    "an unknown category": (
        "tools:\n- {id: a, label: A, category: gadget}\n",
        2,
        "tools[0].category",
        "Choose from language, framework,",
    ),
    "a day that is none": (
        SOURCE.replace("'2026'", "2026-02-30"),
        3,
        "sources[0].date",
        "'2026-02-30' is no date. Write YYYY,",
    ),
    "a month that is none": (SOURCE.replace("2026", "2026-13"), 3, "sources[0].date", "'2026-13' is no date."),
    "a word for a date": (SOURCE.replace("2026", "soon"), 3, "sources[0].date", "'soon' is no date."),
    "a number for a date": (
        SOURCE.replace("'2026'", "2026"),
        3,
        "sources[0].date",
        "2026 is no text. Put it in quotes",
    ),
    "a number that is none": (
        "certifications:\n- {id: a, label: A, price: {usd: .inf}}\n",
        2,
        "certifications[0].price.usd",
        "is no finite number.",
    ),
    "neither skill nor tool": (
        "roles:\n- {id: a, label: A, requires: [{essential: true}]}\n",
        2,
        "roles[0].requires[0]",
        "names neither skill nor tool. Add skill or tool.",
    ),
    "both skill and tool": (
        "roles:\n- {id: a, label: A, requires: [{skill: b, tool: c}]}\n",
        2,
        "roles[0].requires[0]",
        "names both skill and tool. Keep one.",
    ),
    # names that lead nowhere
    "a source not described": (
        "source: mine\nskills:\n- {id: a, label: A}\n",
        1,
        "source",
        'there is no source "mine". Define it under `sources:`',
    ),
    "an unknown skill": (
        f"{SOURCE}roles:\n- id: a\n  label: A\n  requires:\n  - {{skill: sqll}}\nskills:\n- {{id: sql, label: SQL}}\n",
        8,
        "roles[0].requires[0].skill",
        'there is no skill "sqll". Close: sql.',
    ),
    "a tool called a skill": (
        f"{SOURCE}tools:\n- {{id: sql, label: SQL}}\nroles:\n- id: a\n  label: A\n  requires:\n  - {{skill: sql}}\n",
        10,
        "roles[0].requires[0].skill",
        '"sql" is a tool, not a skill. Write `tool: sql`.',
    ),
    "an id twice": (
        f"{SOURCE}skills:\n- {{id: sql, label: SQL}}\n- {{id: sql, label: Structured}}\n",
        6,
        "skills[1].id",
        'skill "sql" stands at',
    ),
    "an unknown statement": (
        f"{SOURCE}roles:\n- {{id: a, label: A, requires: [{{skill: s, statement: article-999}}]}}\n",
        5,
        "roles[0].requires[0].statement",
        'there is no statement "article-999". Name one of',
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_named_with_its_line_its_field_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, line, field, message = WRONG[name]
    path = written(tmp_path, content)
    found = faults_of(path)
    at = [
        fault
        for fault in found
        if (fault.line, fault.field) == (line, field) and message in f"{fault.message} {fault.fix}"
    ]
    assert at, "\n".join(map(str, found))
    for fault in found:
        assert fault.file == str(path)
        assert fault.message
        assert fault.fix, f"what to do about: {fault}"
        assert len(str(fault)) < 500
        assert "\n" not in str(fault)


def test_all_faults_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    tab = written(tmp_path, "roles:\n\t- id: a\n", "1-tab.yaml")
    many = written(
        tmp_path, "roles:\n- {id: A B, lable: x}\nskills:\n- {id: s, label: S}\n- {label: T}\n", "2-many.yml"
    )
    good = written(tmp_path, "skills:\n- {id: good, label: Good}\n", "3-good.yaml")
    latin = written(tmp_path, "skills:\n- {id: a, label: Größe}\n".encode("latin-1"), "4-latin.yaml")
    found = faults_of(tmp_path)
    assert [(fault.file, fault.line, fault.field) for fault in found] == [
        (str(tab), 2, ""),
        (str(many), 2, "roles[0]"),
        (str(many), 2, "roles[0].id"),
        (str(many), 2, "roles[0].lable"),
        (str(many), 5, "skills[1]"),
        (str(latin), 2, ""),
    ]
    assert str(good) not in {fault.file for fault in found}
    with pytest.raises(BadInput, match=r"^3 facts files cannot be used: 6 faults\.\n  .*1-tab\.yaml:2: is not YAML"):
        read_documents([tmp_path])


def test_all_names_that_lead_nowhere_are_said_at_once(tmp_path: Path) -> None:
    one = written(tmp_path, f"{SOURCE}roles:\n- {{id: a, label: A, requires: [{{skill: x}}, {{tool: y}}]}}\n", "1.yaml")
    two = written(tmp_path, "source: mine\nskills:\n- {id: s, label: S, broader: z}\n", "2.yaml")
    found = faults_of(one, two)
    assert [(fault.file, fault.field) for fault in found] == [
        (str(one), "roles[0].requires[0].skill"),
        (str(one), "roles[0].requires[1].tool"),
        (str(two), "skills[0].broader"),
    ]


def test_a_name_of_one_file_may_be_defined_in_another(tmp_path: Path) -> None:
    one = written(tmp_path, "source: mine\nroles:\n- {id: a, label: A, requires: [{skill: s}]}\n", "1.yaml")
    two = written(tmp_path, f"{SOURCE}skills:\n- {{id: s, label: S}}\n", "2.yaml")
    assert list(read_facts(read_documents([one, two])))


def test_faults_keep_a_load_from_beginning(tmp_path: Path) -> None:
    path = written(tmp_path, "roles:\n- {id: a}\n")
    with pytest.raises(BadInput, match=r'facts\.yaml:2: roles\[0\]: "label" is missing\. Add it\.'):
        load([path], into=tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfroles:\r\n- id: a\r\n  label: 3\r\n")
    assert [(fault.line, fault.field) for fault in faults_of(path)] == [(3, "roles[0].label")]


def test_a_date_without_quotes_is_text(tmp_path: Path) -> None:
    path = written(tmp_path, SOURCE.replace("'2026'", "2026-10-31"))
    (document,) = read_documents([path])
    assert document.data["sources"][0]["date"] == "2026-10-31"


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "nothing.yaml")
    assert str(fault).endswith("nothing.yaml: cannot be read: No such file or directory. Check path and rights.")


def test_a_folder_without_facts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"holds no facts: no \*\.yaml file is in it\. `kg init "):
        read_documents([tmp_path])


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, "roles: []\n")
    path.chmod(0)
    with without_privileges():
        (fault,) = faults_of(path)
    assert "cannot be read: Permission denied. Check path and rights." in str(fault)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    (fault,) = faults_of(written(tmp_path, "roles: []  # and more\n"))
    assert fault.message == "has 22 bytes, more than 10."


def test_the_shipped_facts_have_no_faults() -> None:
    found = read_documents([data_path("ontology/facts")])
    assert len(found) > 50
    _, faults = check_references(found, dict)
    assert faults == ()
