"""The README shows what the commands print: every console block is run and compared, every Python block is a doctest.

`KG_UPDATE_README=1` writes the real output into the blocks instead.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.questions import QUESTIONS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)


def run(command: str, folder: Path) -> str:
    """Return what a shell command prints, both streams, with our own `kg` first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "COLUMNS": "80"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    return done.stdout + done.stderr


def real(block: str, folder: Path) -> str:
    """Return a console block with the output that its commands print."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    parts = [f"{line}\n{run(line[2:], folder)}" for line in commands]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def test_console_blocks(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    shown = BLOCK.findall(text)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    printed = [real(block, tmp_path) for block in shown]
    if os.environ.get("KG_UPDATE_README"):
        answers = iter(printed)
        README.write_text(BLOCK.sub(lambda _: f"```console\n{next(answers)}```\n", text), encoding="utf-8")
        pytest.skip("README rewritten")
    assert len(shown) >= 10
    assert shown == printed


def test_python_blocks() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried >= 10
    assert not failed


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_mentioned(question: str) -> None:
    assert f"`{question}`" in README.read_text(encoding="utf-8")
    assert re.search(rf"^\$ kg {question} ", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_counts_are_those_of_the_dataset() -> None:
    import kg
    from kg.model.shipped import data_path
    from kg.releases.building import count_facts
    from kg.sources.documents import read_documents

    text = README.read_text(encoding="utf-8")
    counts = count_facts(read_documents([data_path("ontology/facts")]))
    for kind in ("roles", "skills", "tools", "certifications"):
        assert f"{counts[kind]} {kind}" in text
    assert f"{counts['article statements']} statements" in text
    assert f"{counts['conflicts']} findings" in text
    assert f"{counts['sources']} described sources" in text
    claims = sum(1 for _ in kg.open().slice("graph").edges())
    assert f"{claims:,} claims" in text
