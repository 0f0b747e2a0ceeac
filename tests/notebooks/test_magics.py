"""The magics, asked in an IPython of this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from rdflib import Dataset

import kg
from kg.notebook.completing import completions

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def started() -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def shell(started: InteractiveShell) -> InteractiveShell:
    """A shell with the extension loaded anew, and the day set."""
    started.user_ns.clear()
    manager: Any = started.extension_manager
    manager.loaded.discard("kg")
    started.run_line_magic("load_ext", "kg")
    started.run_line_magic("kg", f"use shipped --as-of {DAY}")
    return started


def sparql(shell: InteractiveShell, line: str, cell: str) -> Any:  # what the magic gives
    return shell.run_cell_magic("sparql", line, cell)  # type: ignore[no-untyped-call]  # IPython has no types there


def test_a_question_is_what_it_is_on_the_command_line_and_in_python(shell: InteractiveShell) -> None:
    found: Any = shell.run_line_magic("kg", 'gap "AI Engineer" --held Python --held SQL')
    assert found.to_json() == kg.gap(kg.open(as_of=DAY), "AI Engineer", held=["Python", "SQL"]).to_json()


def test_a_day_of_one_question_is_not_kept(shell: InteractiveShell) -> None:
    before: Any = shell.run_line_magic("kg", "show AI-102 --as-of 2026-01-15")
    after: Any = shell.run_line_magic("kg", "show AI-102")
    assert (before.context.as_of, after.context.as_of) == ("2026-01-15", DAY)


def test_a_graph_in_a_variable_is_used(shell: InteractiveShell) -> None:
    ds = Dataset()
    ds.parse(
        data="@prefix kg: <https://w3id.org/career-kg/ontology#> ."
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<https://w3id.org/career-kg/role/baker> a kg:Role ; skos:prefLabel "Baker"@en .',
        format="turtle",
    )
    shell.user_ns["mine"] = kg.open(ds, as_of=DAY)
    shell.run_line_magic("kg", "use mine")
    found: Any = shell.run_line_magic("kg", "list roles")
    assert [row["label"] for row in found.rows()] == ["Baker"]
    asked: Any = sparql(shell, "", "ASK { ?role a kg:Role }")
    assert asked.truth is True


def test_what_was_chosen_for_questions_is_not_said_to_check(shell: InteractiveShell) -> None:
    shell.run_line_magic("kg", f"use shipped --merge-mappings --as-of {DAY}")
    answer: Any = shell.run_line_magic("kg", "check --rule cycle")
    assert answer.rules == ("cycle",)
    with pytest.raises(UsageError, match="--merge-mappings would change nothing"):
        shell.run_line_magic("kg", "check --rule cycle --merge-mappings")


def test_drawing_gives_a_page(shell: InteractiveShell) -> None:
    page: Any = shell.run_line_magic("kg", 'draw why "AI Engineer" Java')
    assert isinstance(page, kg.Page)


def test_sparql_keeps_its_answer_under_a_name(shell: InteractiveShell) -> None:
    query = "SELECT ?role ?label { ?role a kg:Role ; skos:prefLabel ?label } ORDER BY ?label LIMIT 2"
    found: Any = sparql(shell, "roles", query)
    assert shell.user_ns["roles"] is found
    role = found.rows()[0]["role"]
    assert f'<a href="{role}"' in found._repr_html_()
    frame: Any = sparql(shell, "roles --frame", query)
    assert list(frame.columns) == ["role", "label"]
    assert len(frame) == 2
    assert shell.user_ns["roles"] is frame


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("show 'machine learnig enginer of bread'", "No role, skill, tool or certification"),
        ("overlp a b", 'no command "overlp". Did you mean overlap?'),
        ("gap 'AI Engineer' --hold Python", "no option --hold. Did you mean --held?"),
        ('show "AI Engineer', "No closing quotation"),
        ("use no-such-folder", 'There is no "no-such-folder"'),
        ("show python --as-of yesterday", '"yesterday" is no date'),
    ],
)
def test_what_is_wrong_is_said_in_a_line(shell: InteractiveShell, line: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        shell.run_line_magic("kg", line)
    found: Any = shell.run_line_magic("kg", "show python")
    assert found.context.as_of == DAY, "the choice of graph and day stays"


def test_an_error_in_a_query_has_its_place(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="line 2, column "):
        sparql(shell, "", "SELECT ?a {\n ?a kg:uses LIMIT 3 }")
    with pytest.raises(UsageError, match="cannot be the name of a variable"):
        sparql(shell, "1st", "ASK {}")


def test_service_is_refused(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="SERVICE"):
        sparql(shell, "", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%kg ove", ["overlap"]),
        ("%kg gap x --held", ["--held", "--held-file"]),
        ('%kg overlap "AI Engi', ['Engineer"']),
        ("%kg overlap AI\\ Engi", []),
        ("%kg show Pytho", ["Python"]),
    ],
)
def test_questions_options_and_names_are_completed(line: str, offered: list[str]) -> None:
    symbol = re.split(r'[\s"]', line)[-1]
    found = completions(line, symbol, lambda: kg.open(as_of=DAY))
    assert set(offered) <= set(found)
    assert all(word.startswith(symbol) for word in found)


def test_ipython_completes_names(shell: InteractiveShell) -> None:
    line = '%kg overlap "AI Engi'
    with provisionalcompleter():
        found = [completion.text for completion in shell.Completer.completions(line, len(line))]
    assert 'Engineer"' in found
