"""What README, `docs/` and docstrings show is what is printed: the tests compare it, `make goldens` writes it anew.

Console blocks are run; examples of Python are run as pytest runs them, and where one prints something else than it
shows, its output is replaced. Nothing else of a file is touched.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
#: As `doctest_optionflags` in pyproject.toml.
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
WIDTH = 120
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)


# --- the console


def run(command: str, folder: Path) -> str:
    """Return what a shell command prints, both streams, with our own `kg` first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "COLUMNS": "80" if command.endswith("--help") else ""}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    return done.stdout + done.stderr


def real(block: str, folder: Path) -> str:
    """Return a console block with the output that its commands print."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    parts = [f"{line}\n{run(line[2:], folder)}" for line in commands]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def console(text: str) -> str:
    """Return a page whose console blocks show what their commands print, one after another in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples")
        return BLOCK.sub(lambda found: f"```console\n{real(found[1], folder)}```\n", text)


# --- numbers in prose


def counted(text: str) -> str:
    """Return the README with the numbers of what is in the dataset."""
    import kg
    from kg.model.shipped import data_path
    from kg.releases.building import count_facts
    from kg.sources.documents import read_documents

    g = kg.open()
    facts = count_facts(read_documents([data_path("ontology/facts")]))
    numbers = {
        **{kind: facts[kind] for kind in ("roles", "skills", "tools", "certifications", "providers")},
        "statements": facts["article statements"],
        "findings": facts["conflicts"],
        "claims": sum(1 for _ in g.slice("graph").edges()),
        "described sources": facts["sources"],
        "quads": round(len(g.store), -3),
    }
    before, heading, after = text.partition("## What is in it\n")
    assert heading, "the README says what is in the dataset"
    for unit, number in numbers.items():
        after, found = re.subn(rf"\b\d[\d,]* {unit}\b", f"{number:,} {unit}", after)
        assert found == 1, f"the README says once how many {unit} there are"
    return before + heading + after


# --- Python


class Outputs(doctest.DocTestRunner):
    """Runs examples and keeps, of each that shows something else than it prints, what it prints."""

    def __init__(self) -> None:
        super().__init__(verbose=False, optionflags=FLAGS)
        self.printed: dict[int, str] = {}
        self.broken: list[str] = []

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        if example.exc_msg is not None:  # an error is shown by its last lines
            lines = got.splitlines(keepends=True)
            last = next(i for i in range(len(lines) - 1, -1, -1) if lines[i].startswith("  ")) + 1
            got = "".join(["Traceback (most recent call last):\n", "    ...\n", *lines[last:]])
        self.printed[example.lineno] = got

    def report_unexpected_exception(self, out: Any, test: Any, example: doctest.Example, exc_info: Any) -> None:
        self.broken.append(f"{test.name}: {example.source.strip()}: {exc_info[1]!r}")


def shown(text: str, names: dict[str, Any], name: str) -> str:
    """Return a text with what its examples print, and raise `ValueError` where one of them breaks.

    Examples that pass as they stand keep their words, their breaks of lines and their dots.
    """
    test = doctest.DocTestParser().get_doctest(text, dict(names), name, name, 0)
    runner = Outputs()
    runner.run(test, out=lambda _: None)
    if runner.broken:
        raise ValueError("\n".join(runner.broken))
    lines = text.splitlines(keepends=True)
    for example in reversed(test.examples):
        if example.lineno in runner.printed:
            start = example.lineno + example.source.count("\n")
            indent = " " * example.indent
            lines[start : start + example.want.count("\n")] = laid_out(runner.printed[example.lineno], indent)
    return "".join(lines)


def laid_out(printed: str, indent: str) -> Iterator[str]:
    """Yield what is printed as lines of an example; what is too long is broken, which doctest reads as one space."""
    for line in printed.splitlines():
        parts = textwrap.wrap(line, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
        for part in parts or ["<BLANKLINE>"]:
            yield f"{indent}{part}\n"


def docstrings(path: Path, names: dict[str, Any]) -> str:
    """Return a module's source with what the examples in its docstrings print."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    described = (ast.Module, ast.ClassDef, ast.FunctionDef)
    tree = ast.walk(ast.parse(source))
    found = [node.body[0] for node in tree if isinstance(node, described) and ast.get_docstring(node, clean=False)]
    for node in sorted(found, key=lambda node: node.lineno, reverse=True):
        assert isinstance(node, ast.Expr)
        assert node.end_lineno
        # The lines of a docstring are those of the source, but for what is escaped; its last has the closing quotes.
        place = slice(node.lineno - 1, node.end_lineno - 1)
        said = "".join(lines[place])
        raw = said.lstrip().startswith("r")
        text = said if raw else said.replace("\\\\", "\\")
        if ">>> " in text and (printed := shown(text, names, f"{path.name}:{node.lineno}")) != text:
            lines[place] = [printed if raw else printed.replace("\\", "\\\\")]
    return "".join(lines)


def anew(path: Path) -> str:
    """Return a page, or a module of the package, with what its examples print."""
    if path.suffix == ".py":
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        return docstrings(path, vars(import_module(name)))
    text = shown(console(path.read_text(encoding="utf-8")), {}, path.name)
    return counted(text) if path == README else text


def tried(path: Path) -> tuple[str, str]:
    """Return a file with what its examples print, and what is wrong where one of them breaks."""
    try:
        return anew(path), ""
    except ValueError as wrong:
        return path.read_text(encoding="utf-8"), f"{path.relative_to(ROOT)}: an example breaks\n{wrong}"


def pages() -> Sequence[Path]:
    """Return the files that hold examples, the slowest first."""
    files = [README, *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "kg").rglob("*.py"))]
    return [path for path in files if re.search(r">>> |```console", path.read_text(encoding="utf-8"))]


def main() -> int:
    """Write every example's output anew, once all have run; the exit code is 1 where one breaks."""
    files = pages()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = [*pool.map(tried, files)]
    for path, (text, wrong) in zip(files, found, strict=True):
        if wrong:
            print(wrong)
        elif text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: written anew")
    return any(wrong for _, wrong in found)


if __name__ == "__main__":
    sys.exit(main())
