"""Which versions does a locked environment get? Writes them with their checksums to ``.ci/lock/``, for ``make lock``.

One file per stage of the set-up, named as the extra that it installs: ``core`` (no extra), ``test``, ``spark``; and
``tools``, which is no part of the distribution. Each holds for every supported Python and for Linux, macOS and Windows.
``test`` is resolved first and binds the others, so that no package stands in two versions. What the last lock holds and
the ranges still admit is kept; ``--upgrade`` takes the newest instead.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = Path(".ci/lock")

UV = [
    *(sys.executable, "-m", "uv", "--no-config", "pip", "compile", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
    *("--custom-compile-command", "make lock"),
]


def compile_(stage: str, *inputs: str, stdin: str = "") -> None:
    """Write the lock of one stage from requirement files, pyproject.toml and lines given as text."""
    command = [*UV, *sys.argv[1:], "--output-file", str(LOCK / f"{stage}.txt"), *inputs]
    subprocess.run(command, cwd=ROOT, input=stdin, encoding="utf-8", check=True)


def main() -> None:
    """Write every lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # The editable installation is built without isolation: the backend is locked, and what it asks for when it is run.
    backend = "\n".join([*project["build-system"]["requires"], "editables"])
    same = ("-c", str(LOCK / "test.txt"))
    compile_("test", "pyproject.toml", "--extra", "test", "-", stdin=backend)
    compile_("core", "pyproject.toml", *same, "-", stdin=backend)
    compile_("spark", "pyproject.toml", "--extra", "spark", *same, "-", stdin=backend)
    compile_("tools", ".ci/tools.in", *same)


if __name__ == "__main__":
    main()
