"""The command line: every question a command, data to stdout and talk to stderr, no traceback ever."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from jsonschema_rs import Draft202012Validator, meta

from kg.exports.answer_schema import answer_schema
from kg.handles.graph_handle import GraphHandle
from kg.handles.handle import KnowledgeGraph
from kg.handles.loading import load
from kg.handles.opening import open as open_graph
from kg.model.answers import Answer
from kg.model.errors import AmbiguousName
from kg.model.shipped import data_path
from kg.model.terms import BASE
from kg.names.lookup import ASKABLE
from kg.questions import QUESTIONS
from kg.questions.find import Find, find
from kg.questions.overlap import overlap
from kg.questions.show import show
from kg.views.text_tables import plain_text, table_text
from tests.conftest import DAY, Ran, Run
from tests.goldens import kept
from tests.strategies import Career

if TYPE_CHECKING:
    from collections.abc import Sequence

GOLDEN = Path(__file__).parents[1] / "golden"
AI_VERSUS_ML = ("overlap", "AI Engineer", "Machine Learning Engineer", "--source", "article")
TOOLS = (
    "draw",
    "build",
    "export",
    "load",
    "infer",
    "check",
    "init",
    "link",
    "lint",
    "diff",
    "fetch",
    "sparql",
    "serve",
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: A good call of each question; a new question is added here.
ASKED: dict[str, tuple[str, ...]] = {
    "find": ("find", "sklearn"),
    "show": ("show", "AI-102"),
    "list": ("list", "certifications", "--status", "active"),
    "overlap": AI_VERSUS_ML,
    "gap": ("gap", "AI Engineer", "--held", "Python"),
    "plan": ("plan", "AI Engineer", "--from", "Machine Learning Engineer"),
    "roadmap": ("roadmap", "Data Analyst"),
    "similar": ("similar", "AI Engineer"),
    "nearest": ("nearest", "--held", "Python", "--held", "SQL", "-n", "3"),
    "opens": ("opens", "--held", "Python", "--held", "SQL", "-n", "3"),
    "path": ("path", "Data Analyst", "MLOps Engineer", "--via", "leads_to"),
    "paths": ("paths", "Data Analyst", "AI Engineer", "-n", "3", "--via", "leads_to,overlap", "--max-effort", "0.9"),
    "why": ("why", "AI Engineer", "Java"),
    "disagree": ("disagree", "AI Engineer", "ML engineer"),
}


def golden(name: str, found: str) -> None:
    """Compare a whole output with the file of that name."""
    kept(GOLDEN / name, found)


def is_plain(text: str) -> bool:
    return not CONTROL.search(text)


def succeeded(ran: Ran) -> str:
    assert ran.code == 0, ran
    assert ran.err == "", ran
    return ran.out


# Every question is a command, with help and an example


@pytest.mark.golden
def test_help(run: Run) -> None:
    said = succeeded(run("--help"))
    assert is_plain(said)
    for name in QUESTIONS:
        assert re.search(rf"^  (\w+, )?{name}(, \w+)? +\S", said, re.MULTILINE), f"{name} has no help line"
    golden("help.txt", said)


def test_help_is_one_screen(run: Run) -> None:
    from kg.cli.app import COMMANDS

    lines = run("--help").out.splitlines()
    assert len(lines) < 40, "one row is left for the prompt"
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line.endswith("…")], "every line is written to fit"
    assert [line for line in lines if line and not line.startswith(" ")][2:-2] == [
        "Ask",
        "For people",
        "Look",
        "Data",
        "Serve",
    ], "a new command stands under what one wants"
    named = [name for line in lines if line.startswith("  ") for name in re.split(r"  +", line)[1].split(", ")]
    assert sorted(named) == sorted(COMMANDS)


def test_help_is_understood_in_words(run: Run) -> None:
    assert run("help") == run("--help") == run("-h") == run("--lang", "de", "--help") == run()
    assert run("help", "gap") == run("gap", "--help")
    said = run("help", "options").out
    for option in ("--graph", "--as-of", "--format", "--output", "--all", "--strict"):
        assert f"│ {option} " in said
    assert "--no-open" not in said
    for ran in (run("help", "gab"), run("gab", "--help")):
        assert (ran.code, ran.out) == (2, "")
        assert 'no command "gab". Did you mean gap?' in ran.err


@pytest.mark.parametrize("name", [*QUESTIONS, *TOOLS])
def test_help_has_the_own_options_first_and_the_common_ones_in_a_line(run: Run, name: str) -> None:
    said = succeeded(run(name, "--help"))
    own, _, after = said.partition("Common options: ")
    assert "--as-of" not in own
    assert "--profile." not in own.replace("same as --profile.", ""), "a profile is a file on the command line"
    assert len(after.splitlines()[0]) + len("Common options: ") <= 80
    assert after.splitlines()[1:3] == ["", "Examples:"]


@pytest.mark.parametrize(
    ("word", "meant"), [("search", "find"), ("compare", "overlap"), ("role", "show"), ("roles", "list roles")]
)
def test_other_words_are_pointed_to_the_command(run: Run, word: str, meant: str) -> None:
    ran = run(word, "Python")
    assert ran.code == 2
    assert f"Try `kg {meant}" in ran.err


@pytest.mark.golden
@pytest.mark.parametrize("name", [*QUESTIONS, *TOOLS])
def test_help_of_each_command(run: Run, name: str) -> None:
    said = succeeded(run(name, "--help"))
    assert said == succeeded(run(name, "-h"))
    assert is_plain(said)
    assert f"kg {name} " in said.partition("Examples:")[2], f"{name} shows no example"
    assert "--format" in said, "the common options are listed too"
    golden(f"help-{name}.txt", said)


@pytest.mark.parametrize("name", QUESTIONS)
def test_help_says_the_first_line_of_the_docstring(run: Run, name: str) -> None:
    question = getattr(import_module(f"kg.questions.{name}"), name)
    first = (question.__doc__ or "").partition("\n")[0]
    assert first.endswith("?"), "a question's docstring opens with the question"
    assert first in " ".join(succeeded(run(name, "--help")).split())


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_example_of_every_question_runs(run: Run, name: str) -> None:
    import shlex

    examples = re.findall(r"^  kg (.+)$", succeeded(run(name, "--help")).partition("Examples:")[2], re.MULTILINE)
    assert examples
    for example in examples:
        ran = run(*shlex.split(example))
        assert (ran.code, ran.err) == (0, ""), example
        assert ran.out, example


def test_no_command_prints_help(run: Run) -> None:
    assert run().out == run("--help").out


def test_version(run: Run) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", succeeded(run("--version")))


# Whole outputs


@pytest.mark.golden
def test_golden_overlap(run: Run) -> None:
    golden("overlap-article.txt", succeeded(run(*AI_VERSUS_ML, "--as-of", DAY)))


@pytest.mark.golden
@pytest.mark.parametrize("name", ["gap", "why"])
def test_golden_answers(run: Run, name: str) -> None:
    golden(f"{name}.txt", succeeded(run(*ASKED[name], "--as-of", DAY)))


@pytest.mark.golden
@pytest.mark.parametrize("form", ["text", "table", "json"])
def test_golden_show(run: Run, form: str) -> None:
    said = succeeded(run("show", "AI-102", "--as-of", DAY, "--format", form))
    # The checksum of the dataset changes with every fact; it has a test of its own.
    golden(f"show-ai-102-{form}.txt", re.sub(r'"sha256": "[0-9a-f]{64}"', '"sha256": "…"', said))


def test_the_checksum_is_that_of_the_file_asked(run: Run) -> None:
    from hashlib import sha256

    from kg.model.shipped import DATASET_FILE

    said = json.loads(succeeded(run("find", "sklearn", "--format", "json")))
    assert said["dataset"]["sha256"] == sha256(data_path(DATASET_FILE).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_says_the_same_twice_in_every_format(run: Run, name: str) -> None:
    for form in ("text", "table", "json"):
        first = succeeded(run(*ASKED[name], "--as-of", DAY, "--format", form))
        assert first.endswith("\n")
        assert is_plain(first), "plain when piped"
        assert first == run(*ASKED[name], "--as-of", DAY, "--format", form).out


# JSON


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    document = answer_schema()
    assert meta.is_valid(document)
    return Draft202012Validator(document, validate_formats=True)


@pytest.mark.parametrize("name", QUESTIONS)
def test_json_is_as_the_schema_says(run: Run, schema: Draft202012Validator, name: str) -> None:
    said = json.loads(succeeded(run(*ASKED[name], "--as-of", DAY, "--format", "json")))
    assert [error.message for error in schema.iter_errors(said)] == []
    assert (said["question"], said["as_of"]) == (name, DAY)


def test_json_of_a_sample_of_nodes_is_as_the_schema_says(
    shipped: KnowledgeGraph, whole: Career, schema: Draft202012Validator
) -> None:
    nodes = sorted(iri for iri, data in whole.nodes(data=True) if data.get("kind") in ASKABLE)[::8]
    answers: list[Answer] = []
    for iri in nodes:
        answers += [show(shipped, iri), find(shipped, whole.nodes[iri]["label"])]
    for kind in ("role", "certification", "tool"):
        alike = [iri for iri in nodes if f"/{kind}/" in iri]
        answers += [overlap(shipped, *pair) for pair in pairwise(alike)]
        answers += [overlap(shipped, *alike[:3])] if len(alike) > 2 else []
    for answer in answers:
        said = json.loads(json.dumps(answer.to_json()))
        assert [f"{answer}: {error.message}" for error in schema.iter_errors(said)] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"as_of": "22 November"},
        {"answer": ""},
        {"rows": [{"label": "no more"}]},
        {"evidence": [{"subject": "a"}]},
        {"dataset": {"name": "x"}},
        {"measures": {}},
        {"measures": {"jaccard": 2, "weighted_jaccard": 0, "cosine": 0, "coverage_left": 0, "coverage_right": 0}},
    ],
)
def test_the_schema_refuses_what_is_no_answer(
    shipped: KnowledgeGraph, schema: Draft202012Validator, broken: dict[str, Any]
) -> None:
    good = overlap(shipped, "AI Engineer", "ML engineer").to_json()
    assert schema.is_valid(good)
    assert not schema.is_valid({**good, **broken})
    for name in good.keys() - {"comparison"}:
        assert not schema.is_valid({key: value for key, value in good.items() if key != name}), name


# Exit codes, streams, the place of options


def test_exit_codes(run: Run) -> None:
    assert run("show", "AI-102").code == 0
    assert run("find", "qqqqqqqqqq").code == 1
    assert run("show", "qqqqqqqqqq").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "qqqqqqqqqq"],
        ["show", ""],
        ["show", "databricks"],
        ["show", "100%"],
        ["show"],
        ["show", "AI-102", "AI-103"],
        ["show", "AI-102", "--nonsense"],
        ["show", "AI-102", "--format", "nonsense"],
        ["show", "AI-102", "--as-of", "2026-13-01"],
        ["show", "AI-102", "--as-of", "yesterday"],
        ["show", "AI-102", "--as-of", ""],
        ["show", "AI-102", "--as-of"],
        ["show", "AI-102", "--graph", "/no/such/place"],
        ["show", "AI-102", "--graph", "https://example.org/sparql"],
        ["show", "AI-102", "--graph", "shipped", "--graph", "/no/such/place"],
        ["show", "AI-102", "--graph", __file__],
        ["show", "AI-102", "--graph", ""],
        ["show", "AI-102", "-o", "/no/such/folder/file.txt"],
        ["show", "AI-102", "-o", "/"],
        ["list"],
        ["list", "nonsense"],
        ["list", "certifications", "--provider", "Nobody"],
        ["list", "roles", "--level", "associate"],
        ["find"],
        ["find", "python", "--limit", "many"],
        ["find", "python", "--limit", "-1"],
        ["find", "python", "--kind", "nonsense"],
        ["overlap"],
        ["overlap", "AI Engineer"],
        ["overlap", "AI Engineer", "Python"],
        ["overlap", "AI Engineer", "qqqqqqqqqq"],
        ["nonsense"],
        ["--nonsense"],
        ["--as-of", "2026-01-15"],
        ["load"],
        ["load", "/no/such/file", "--into", "/no/such/store"],
        ["build", "/no/such/facts", "-o", "/no/such/folder"],
    ],
    ids=" ".join,
)
def test_misuse_is_told_on_stderr_without_a_traceback(run: Run, arguments: Sequence[str]) -> None:
    ran = run(*arguments)
    if arguments == ["--as-of", "2026-01-15"]:  # no command: help, as for `kg` alone
        assert ran == run()
        return
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("text", ["", "   ", "😀", "100%", "%s", "\x1b[2J", "a" * 10_000, "--", "*", "\\", "'; DROP"])
def test_any_text_may_be_looked_for(run: Run, text: str) -> None:
    ran = run("find", "--", text)
    assert ran.code in (0, 1)
    assert ran.err == ""
    assert is_plain(ran.out)


def test_common_options_stand_before_or_after_the_command(run: Run) -> None:
    after = succeeded(run("show", "AI-102", "--as-of", "2026-01-15", "--format", "table"))
    assert succeeded(run("--as-of", "2026-01-15", "--format", "table", "show", "AI-102")) == after
    assert succeeded(run("--as-of=2026-01-15", "show", "--format=table", "AI-102")) == after
    assert "on offer on 2026-01-15" in run("--as-of", "2026-01-15", "show", "AI-102").out


def test_one_call_leaves_nothing_behind_for_the_next(run: Run) -> None:
    before = run("show", "AI-102", "--as-of", DAY).out
    run("show", "AI-102", "--as-of", "2026-01-15", "--lang", "de")
    assert run("show", "AI-102", "--as-of", DAY).out == before
    assert "on 2026-01-15" not in run("show", "AI-102").out


def test_output_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    shown = succeeded(run("show", "AI-102", "--as-of", DAY))
    for option in ("-o", "--output"):
        path = tmp_path / f"card{option}.txt"
        ran = run("show", "AI-102", "--as-of", DAY, option, path)
        assert (ran.code, ran.out) == (0, "")
        assert str(path) in ran.err
        assert path.read_text(encoding="utf-8") == shown
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == [], "no half-written file stays"


def test_exit_code_1_still_writes_the_answer(run: Run) -> None:
    said = json.loads(run("find", "qqqqqqqqqq", "--format", "json").out)
    assert (said["rows"], said["question"]) == ([], "find")


# Which graph

FACTS = """
source: handbook
sources:
- id: handbook
  title: Our handbook
  url: null
  kind: handbook
  read_in: the intranet
  as_of: '2026-11-01'
  date: '2026-11-01'
  origin: source
skills:
- {id: beekeeping, label: Beekeeping, category: practice, definition: keeping bees}
roles:
- id: beekeeper
  label: Beekeeper
  summary: keeps bees
  status: sourced
  requires:
  - {skill: beekeeping, essential: true, source: handbook, locator: page 1}
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A folder of facts of one's own, with a role and a skill."""
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "bees.yaml").write_text(FACTS, encoding="utf-8")
    return folder


def test_graph_is_a_folder_of_facts_or_one_of_its_files(run: Run, facts: Path) -> None:
    for place in (facts, facts / "bees.yaml"):
        assert "Beekeeper (role): keeps bees." in succeeded(run("show", "beekeeper", "--graph", place))
        assert run("show", "AI-102", "--graph", place).code == 2, "it replaces the shipped dataset"


def test_graphs_are_combined(run: Run, facts: Path) -> None:
    both = ("--graph", "shipped", "--graph", facts)
    assert "Our handbook" in succeeded(run("show", "beekeeper", *both))
    assert "retired since 2026-06-30" in succeeded(run(*both, "show", "AI-102", "--as-of", DAY))
    assert "share 0 of" in succeeded(run("overlap", "beekeeper", "AI Engineer", *both))


def test_graph_is_a_store_folder(run: Run, facts: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    ran = run("load", facts, "--into", store)
    assert ran.code == 0
    assert "now holds" in " ".join(ran.out.split())
    assert "Beekeeper" in succeeded(run("show", "beekeeper", "--graph", store))
    said = json.loads(succeeded(run("show", "beekeeper", "--graph", store, "--format", "json")))
    assert said["dataset"]["sha256"] == "", "of a store folder it is not known"


def test_graph_is_an_rdf_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(
        "@prefix kg: <https://w3id.org/career-kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f'<{BASE}skill/juggling> a kg:Skill ; skos:prefLabel "Juggling"@en, "Jonglieren"@de .\n',
        encoding="utf-8",
    )
    assert "Juggling (skill)." in succeeded(run("show", "juggling", "--graph", path))
    assert "Jonglieren (skill)." in succeeded(run("show", "jonglieren", "--graph", path, "--lang", "de"))


def test_faults_in_facts_are_told_with_file_and_line(run: Run, facts: Path) -> None:
    (facts / "bad.yaml").write_text("roles:\n- {id: x, label: [1]}\n", encoding="utf-8")
    ran = run("show", "beekeeper", "--graph", facts)
    assert (ran.code, ran.out) == (2, "")
    assert "bad.yaml:2" in ran.err


# A real process


def kg(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1", "FORCE_COLOR": "", "COLUMNS": ""}
    return subprocess.run(
        [sys.executable, "-m", "kg.cli.app", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        **options,
    )


def test_a_process_answers_and_exits_like_main(run: Run) -> None:
    done = kg("show", "AI-102", "--as-of", DAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run("show", "AI-102", "--as-of", DAY).out
    failed = kg("show", "qqqqqqqqqq")
    assert (failed.returncode, failed.stdout) == (2, "")


@pytest.mark.skipif(os.name == "nt", reason="pipes of a shell")
@pytest.mark.parametrize("arguments", ["list skills --format json", "show AI-102", "find engineer"])
def test_a_reader_that_stops_early_is_no_error(arguments: str) -> None:
    command = f"{sys.executable} -m kg.cli.app {arguments} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == "0"
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kg.cli.app", "show", "AI-102"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


# Hostile labels

HOSTILE = "Evil\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\r<img src=x onerror=alert(1)></script><script>alert(1)</script>"


@pytest.fixture
def hostile() -> GraphHandle:
    """A graph whose every text is out to do harm."""
    from datetime import date

    graph: Career = nx.MultiDiGraph()
    for kind in ("role", "skill", "certification"):
        for i in (1, 2):
            extra = {"definition": HOSTILE, "priceNote": HOSTILE, "status": HOSTILE}
            graph.add_node(f"{BASE}{kind}/{kind}-{i}", label=HOSTILE, kind=kind, aliases=(HOSTILE,), **extra)
    said = {"source": f"{BASE}source/x", "source_label": HOSTILE, "source_date": "", "origin": "source"}
    for i in (1, 2):
        role = f"{BASE}role/role-{i}"
        graph.add_edge(role, f"{BASE}skill/skill-{i}", relation="requires", wording=HOSTILE, facet="skill", **said)
        graph.add_edge(f"{BASE}certification/certification-1", role, relation="recommendedFor", locator=HOSTILE, **said)
    return GraphHandle(graph, as_of=date.fromisoformat(DAY))


def hostile_answers(hostile: GraphHandle) -> list[Answer]:
    return [
        find(hostile, HOSTILE),
        find(hostile, "\x1b[2Jqqqqqqqqqqqqqqqq"),
        show(hostile, "role-1"),
        show(hostile, "certification-1"),
        overlap(hostile, "role-1", "role-2"),
    ]


def test_hostile_labels_do_not_reach_the_terminal(hostile: GraphHandle) -> None:
    for answer in hostile_answers(hostile):
        assert is_plain(plain_text(answer))
        assert is_plain(table_text(answer))


def test_hostile_labels_are_harmless_in_html(hostile: GraphHandle) -> None:
    escaped = 0
    for answer in hostile_answers(hostile):
        page = answer._repr_html_()
        assert "<img" not in page
        assert "script>" not in page
        assert set(re.findall(r"<(\w+)", page)) <= {"p", "strong", "h4", "table", "thead", "tbody", "tr", "th", "td"}
        escaped += "&lt;img" in page
    assert escaped, "the hostile label is shown, as text"


def test_hostile_labels_are_harmless_in_error_messages(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hostile.ttl"
    literal = '"Evil\\u001B[2J\\u009B31m\\u202E"'
    path.write_text(
        "@prefix kg: <https://w3id.org/career-kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f"<{BASE}skill/a> a kg:Skill ; skos:prefLabel {literal} .\n"
        f"<{BASE}tool/a> a kg:Tool ; skos:prefLabel {literal} .\n",
        encoding="utf-8",
    )
    ran = run("show", "a", "--graph", path)
    assert ran.code == 2
    assert "may mean" in ran.err
    assert is_plain(ran.err)
    assert is_plain(run("show", "\x1b[2Jqqqq").err)


def test_ambiguity_lists_the_candidates_for_programs(shipped: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousName) as raised:
        show(shipped, "databricks")
    assert len(raised.value.candidates) == 2


# DataFrames


def test_to_frame_has_the_rows(shipped: KnowledgeGraph) -> None:
    pytest.importorskip("pandas")
    for answer in (overlap(shipped, "AI Engineer", "ML engineer"), show(shipped, "AI-102"), find(shipped, "engineer")):
        frame = answer.to_frame()
        assert [*frame.columns] == [*answer.rows()[0]]
        assert frame.to_dict("records") == answer.to_dicts()
    assert find(shipped, "qqqqqqqqqq").to_frame().empty


def test_table_has_a_column_for_each_field(run: Run) -> None:
    said = succeeded(run("find", "sklearn", "--format", "table"))
    header, rule, row = said.splitlines()
    assert header.split() == [column.name for column in Find.columns]
    assert set(rule) == {"-", " "}
    assert next(csv.reader([re.sub(r" {2,}", "\t", row)], delimiter="\t"))[1] == "scikit-learn"


def test_a_store_loaded_from_the_shipped_file_answers_the_same(run: Run, tmp_path: Path) -> None:
    from kg.model.shipped import DATASET_FILE

    load([data_path(DATASET_FILE)], into=tmp_path / "store")
    with open_graph(tmp_path / "store", as_of=DAY) as stored:
        assert len(stored.store) > 10_000
    assert succeeded(run(*AI_VERSUS_ML, "--as-of", DAY, "--graph", tmp_path / "store")) == succeeded(
        run(*AI_VERSUS_ML, "--as-of", DAY)
    )


# What cannot be read


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "python"], 'kg has no command "search". Try `kg find TEXT`.'),
        (["compare", "a", "b"], "Try `kg overlap A B`."),
        (["role", "x"], "Try `kg show ROLE` or `kg list roles`."),
        (["overlp", "a", "b"], "Did you mean overlap?"),
        (["plan", "x", "--providers", "aws"], "kg plan has no option --providers. It is called --provider now."),
        (["paths", "a", "b", "-k", "3"], "It is called --limit, or -n now."),
        (["similar", "a", "--number", "3"], "It is called --limit, or -n now."),
        (["build", "--out", "x"], "It is called --output, or -o now."),
        (["gap", "x", "--hled", "y"], "Did you mean --held?"),
        (["show"], "kg show needs NAME, which is missing."),
        (["show", "a", "b"], '"b" is one more than kg show takes.'),
        (["show", "a", "--as-of"], "--as-of has no value."),
        (["find", "x", "--limit", "many"], '--limit is "many", which is no whole number.'),
        (["find", "x", "--kind", "skill,rle"], '--kind: "rle" is none of role, skill,'),
        (["show", "a", "--format", "x"], '--format is "x". Choose from text, table,'),
        (["plan", "x", "--budget", "3", "--budget", "4"], "--budget is given more than once."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_read_is_told_as_all_else_is(run: Run, arguments: list[str], said: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.endswith("\n")
    assert "╭" not in ran.err
    assert "Error" not in ran.err


def test_options_take_commas_wherever_they_take_several(run: Run) -> None:
    def same(*arguments: str) -> None:
        """One option with commas says what the option says that is given for each part."""
        at = next(i for i, word in enumerate(arguments) if "," in word)
        parts = [word for part in arguments[at].split(",") for word in (arguments[at - 1], part)]
        apart = run(*arguments[: at - 1], *parts, *arguments[at + 1 :], "--format", "table")
        assert run(*arguments, "--format", "table") == apart
        assert apart.code == 0

    same("gap", "Data Analyst", "--held", "Python,SQL")
    same("find", "python", "--kind", "skill,tool")
    same("list", "certifications", "--status", "beta,retired")
    same("list", "certifications", "--provider", "AWS,Databricks")
    same("show", "python", "--source", "article,esco-111")
    same("opens", "--held", "Python,SQL", "-n", "1")


def test_a_comma_that_belongs_to_a_name_stays(run: Run, tmp_path: Path) -> None:
    facts = FACTS.replace("label: Beekeeping", "label: 'Bees, wasps'")
    (tmp_path / "bees.yaml").write_text(facts, encoding="utf-8")
    asked = ("gap", "Beekeeper", "--graph", tmp_path / "bees.yaml", "--held")
    assert "Nothing is missing" in run(*asked, "Bees, wasps").out
    assert "wasp" in run(*asked, "wasps, bees").err


def test_a_kind_may_be_named_in_the_singular(run: Run) -> None:
    import pydantic  # noqa: F401  (as a notebook may have: cyclopts then has it check what is given)

    assert succeeded(run("list", "activity")) == succeeded(run("list", "activities"))


def test_the_ending_says_what_a_dataset_is_exported_as(run: Run, tmp_path: Path) -> None:
    assert run("export", "-o", tmp_path / "a.mmd", "--about", "Keras").code == 0
    run("export", "--to", "mermaid", "-o", tmp_path / "b.mmd", "--about", "Keras")
    assert (tmp_path / "a.mmd").read_bytes() == (tmp_path / "b.mmd").read_bytes()
    assert "contradicts the ending of c.graphml" in run("export", "--to", "gexf", "-o", tmp_path / "c.graphml").err
    assert "No form is named" in run("export", "-o", tmp_path / "c").err
