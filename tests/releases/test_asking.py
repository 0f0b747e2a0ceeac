"""A question kept for later is read as the command line reads it; a file is read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.questions import QUESTIONS
from kg.releases.replaying import day_of, read_replay
from tests.cli.test_app import ASKED

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.mark.parametrize("name", QUESTIONS)
def test_words_and_saved_answer_ask_the_same(name: str, run: Run, shipped: KnowledgeGraph, tmp_path: Path) -> None:
    import shlex

    words = shlex.join(map(str, ASKED[name]))
    saved = tmp_path / "answer.json"
    run(*ASKED[name], "--as-of", "2026-11-22", "--format", "json", "-o", saved)
    from_file, from_words = read_replay(saved), read_replay(words)
    assert from_file.name == from_words.name == name
    assert day_of(saved) == "2026-11-22"
    assert day_of(words) is None
    told = json.loads(saved.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(from_file.ask(shipped).to_json())) == told
    if name not in ("plan", "roadmap", "opens"):  # these take their time, and are read from words as the others are
        assert json.loads(json.dumps(from_words.ask(shipped).to_json())) == told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "No question is named"),
        ("kg", "No question is named"),
        ("load x --into y", '"load" is no question'),
        ("__import__('os')", "is no question"),
        ("overlap 'a", "cannot be read: No closing quotation"),
        ("overlap a b --sauce x", "cannot be asked: Unknown option"),
        ("similar a -n many", "cannot be asked"),
        ("missing.json", "cannot be read: No such file"),
    ],
)
def test_words_that_cannot_be_asked(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_replay(text)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not json", "is no answer of kg"),
        ("[" * 100_000, "is no answer of kg"),
        ("[]", "is no answer of kg"),
        ('{"question": "show"}', "is no answer of kg"),
        ('{"question": "load", "asked": {}}', '"load" is no question'),
        ('{"question": "show", "asked": {"nmae": "x"}}', "asks show with nmae, which it does not take"),
        ('{"question": "show", "asked": {"name": ["x"]}}', "asks show with a name of the wrong type"),
        ('{"question": "similar", "asked": {"role": "x", "limit": "3"}}', "a limit of the wrong type"),
        ('{"question": "gap", "asked": {"roles": "x"}}', "a roles of the wrong type"),
        ('{"question": "gap", "asked": {"roles": [1]}}', "a roles of the wrong type"),
    ],
)
def test_files_that_hold_no_answer(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        read_replay(path)


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


@given(asked=st.dictionaries(st.sampled_from(("roles", "held", "from_", "include", "essential_only", "x")), _JSON))
def test_any_json_is_asked_or_refused(asked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "answer.json"
    path.write_text(json.dumps({"question": "gap", "asked": asked}), encoding="utf-8")
    try:
        read = read_replay(path)
    except BadInput:
        return
    assert {*read.positional} <= {*asked.get("roles", [])}
    assert all(asked[name] == value for name, value in read.options.items())
