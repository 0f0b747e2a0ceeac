"""What an installation weighs: packages and megabytes of career-kg and all it needs, extras aside."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["report"]


def _closure(name: str) -> dict[str, Distribution]:
    """Return the distributions that installing one brings, by normalised name."""
    found: dict[str, Distribution] = {}
    ahead = [name]
    while ahead:
        key = re.sub(r"[-_.]+", "-", ahead.pop()).lower()
        if key in found:
            continue
        try:
            found[key] = distribution(key)
        except PackageNotFoundError:
            continue
        for text in found[key].requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                ahead.append(requirement.name)
    return found


def _size(dist: Distribution) -> int:
    paths = (Path(str(dist.locate_file(file))) for file in dist.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file() and "__pycache__" not in path.parts)


def report() -> str:
    """Return one line: packages and megabytes, without this project's own checkout."""
    found = _closure("career-kg")
    size = sum(_size(dist) for name, dist in found.items() if name != "career-kg")
    peer = "kglab 1.0.1, installed once for comparison: 161 packages, 910 MB"
    return f"career-kg needs {len(found) - 1} packages, {size / 1e6:.0f} MB ({peer})"
