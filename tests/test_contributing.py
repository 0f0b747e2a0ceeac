"""CONTRIBUTING.md works to the letter: files are copied, lines inserted, commands run, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "CONTRIBUTING.md"
#: A page, as printed.
PAGE = 60

_STEP = re.compile(
    r"^- copy \[`(?P<copied>[^`]+)`\]"
    r"|(?:[Ii]n|at the end of)\s+`(?P<file>[^`]+)`"
    r"|(?P<where>below|above) (?P<ticks>`+)(?P<anchor>.+?)(?P=ticks):"
    r"|^```(?P<language>\w+)\n(?P<block>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Recipe(NamedTuple):
    """One section of the guide."""

    name: str
    text: str

    def steps(self) -> Iterator[re.Match[str]]:
        return _STEP.finditer(self.text)


def recipes() -> tuple[Recipe, ...]:
    parts = re.split(r"^## (.+)\n", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return tuple(Recipe(name, text) for name, text in zip(parts[1::2], parts[2::2], strict=True))


def insert(path: Path, block: str, where: str, anchor: str) -> None:
    """Put lines below or above the one line that holds the anchor; without one, at the end."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = len(lines)
    if anchor:
        (found, *_) = [i for i, line in enumerate(lines) if anchor in line] or pytest.fail(f"{path}: no {anchor}")
        at = found + (where == "below")
    lines[at:at] = [block]
    path.write_text("".join(lines), encoding="utf-8")


def follow(recipe: Recipe, folder: Path) -> Iterator[str]:
    """Do what a recipe says, in a folder; yield what its commands print."""
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": binaries, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    file = where = anchor = ""
    for step in recipe.steps():
        if step["copied"]:
            target = folder / step["copied"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / "examples" / "contributing" / step["copied"], target)
        elif step["file"]:
            file, where, anchor = step["file"], "", ""
        elif step["where"]:
            where, anchor = step["where"], step["anchor"].strip()
        elif step["language"] == "sh":
            command = ["bash", "-euo", "pipefail", "-c", step["block"]]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
            assert done.returncode == 0, f"{recipe.name}\n{done.stdout}{done.stderr}"
            yield done.stdout
        else:
            insert(folder / file, step["block"], where, anchor)
            anchor = where = ""


def test_every_recipe_has_its_place_and_takes_less_than_a_page() -> None:
    found = recipes()
    assert [recipe.name for recipe in found] == ["A fact", "An importer", "A question", "A view", "An export"]
    for recipe in found:
        assert recipe.text.count("\n") < PAGE, recipe.name
        assert any(step["language"] == "sh" for step in recipe.steps()), recipe.name
    copied = {step["copied"] for recipe in found for step in recipe.steps() if step["copied"]}
    there = (ROOT / "examples" / "contributing").rglob("*.*")
    lying = {path.relative_to(ROOT / "examples" / "contributing").as_posix() for path in there if path.is_file()}
    assert copied == {name for name in lying if "__pycache__" not in name}


def test_every_line_that_a_recipe_names_is_there() -> None:
    for recipe in recipes():
        file = ""
        for step in recipe.steps():
            file = step["file"] or file
            if step["where"]:
                assert step["anchor"].strip() in (ROOT / file).read_text(encoding="utf-8"), (recipe.name, file)


def environment(folder: Path) -> None:
    """Give a copy of the checkout the environment of these tests, as `make test` would have set it up."""
    venv = folder / ".venv"
    venv.mkdir()
    for path in Path(sys.prefix).iterdir():
        if not path.name.startswith("."):
            (venv / path.name).symlink_to(path)
    (venv / ".home").write_text(f"{folder}\n", encoding="utf-8")
    for stage in ("venv", "core", "test"):
        (venv / f".stamp-{stage}").touch()


@pytest.mark.slow
def test_the_recipes_work_to_the_letter_one_after_another(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    leave = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=leave)
    environment(folder)
    printed = {recipe.name: [*follow(recipe, folder)] for recipe in recipes()}
    assert "What prompt engineers use" in printed["A fact"][0]
    assert "Keras is required by 1 role" in printed["A question"][0]
    assert (folder / "demand.html").stat().st_size > 100_000
    assert (folder / "keras.dot").read_text(encoding="utf-8").startswith("digraph {")
