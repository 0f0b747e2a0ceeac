"""A small disk for tests: a tmpfs in a mount namespace, which goes with the process that holds it.

No rights are needed where the system lets users make namespaces, as most Linux systems do; elsewhere the tests that
ask for a disk are skipped with the reason, but on a machine of continuous integration they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

__all__ = ["ROOT", "Disk", "Ran", "disk", "give_up", "kg_command", "snapshot"]

ROOT = Path(__file__).parents[2]


class Ran(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def kg_command(*arguments: object) -> list[str]:
    """Return the words that run a command of ours in a process of its own."""
    return [sys.executable, "-m", "kg", *map(str, arguments)]


def environment(**more: object) -> dict[str, str]:
    """Return the environment of such a process, wherever it runs."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1", "COLUMNS": "80"} | {k: str(v) for k, v in more.items()}


class Disk:
    """A disk of a few kilobytes or megabytes.

    Attributes
    ----------
    path
        Where programs that `run` starts see it.
    seen
        Where this process sees it.
    """

    def __init__(self, path: Path, holder: subprocess.Popen[str]) -> None:
        self.path, self._holder = path, holder
        self.seen = Path(f"/proc/{holder.pid}/root{path}")

    def run(self, *arguments: object, kilobytes_a_file: int | None = None, **variables: object) -> Ran:
        """Run a command of ours that sees the disk, with variables in its environment."""
        words = self._inside(*kg_command(*arguments))
        if kilobytes_a_file is not None:
            words = ["prlimit", f"--fsize={kilobytes_a_file * 1024}", *words]
        done = subprocess.run(
            words, capture_output=True, encoding="utf-8", env=environment(**variables), timeout=300, check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def _inside(self, *words: str) -> list[str]:
        return ["nsenter", f"--target={self._holder.pid}", "--user", "--mount", "--preserve-credentials", *words]

    def remount(self, options: str) -> None:
        """Change the disk: ``ro``, ``rw``, ``size=64k``."""
        subprocess.run(self._inside("mount", "-o", f"remount,{options}", str(self.path)), check=True)

    def free(self) -> int:
        """Return how many bytes can be written."""
        found = os.statvfs(self.seen)
        return found.f_bavail * found.f_frsize

    @contextmanager
    def filled(self, leaving: int) -> Iterator[None]:
        """Fill the disk but for so many bytes; make room again at the end."""
        filler = self.seen / "filler"
        filler.write_bytes(b"\0" * max(0, self.free() - leaving))
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def disk(path: Path, size: str) -> Iterator[Disk]:
    """Give an empty disk of a size such as ``64k`` or ``8m``."""
    lacking = [name for name in ("unshare", "nsenter", "mount", "prlimit") if shutil.which(name) is None]
    if sys.platform != "linux" or lacking:
        give_up(f"disks of their own need Linux with util-linux; lacking: {', '.join(lacking) or 'Linux'}")
    path.mkdir(parents=True)
    script = 'mount -t tmpfs -o "size=$1,mode=755" none "$2" && echo ready && exec sleep 3600'
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", size, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as holder:
        assert holder.stdout is not None
        assert holder.stderr is not None
        try:
            if holder.stdout.readline() != "ready\n":
                give_up(f"no disk can be mounted here: {holder.stderr.read().strip()}")
            yield Disk(path, holder)
        finally:
            holder.kill()


def give_up(reason: str) -> None:
    """Skip a test that this machine cannot run; in CI, where it must, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def snapshot(place: Path) -> dict[str, bytes] | None:
    """Return what a file or folder holds, by relative name; None where there is nothing."""
    if not place.exists():
        return None
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    return {str(path.relative_to(place)): path.read_bytes() for path in files}
