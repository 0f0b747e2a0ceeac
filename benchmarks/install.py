"""What an installation weighs: packages and megabytes of career-kg and all it needs, alone and with ``notebook``."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["report"]


def _closure(name: str, extra: str = "") -> dict[str, Distribution]:
    """Return the distributions that installing one brings, with one of its extras, by normalised name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    ahead = [(name, extra)]
    while ahead:
        given, wanted = ahead.pop()
        key = re.sub(r"[-_.]+", "-", given).lower()
        if (key, wanted) in seen:
            continue
        seen.add((key, wanted))
        try:
            found[key] = distribution(key)
        except PackageNotFoundError:
            continue
        for text in found[key].requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": wanted}):
                ahead += [(requirement.name, more) for more in ("", *sorted(requirement.extras))]
    return found


def _size(dist: Distribution) -> int:
    paths = (Path(str(dist.locate_file(file))) for file in dist.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file() and "__pycache__" not in path.parts)


def report() -> str:
    """Return a line for each way to install: packages and megabytes, without this project's own checkout."""
    lines = []
    for extra in ("", "notebook"):
        found = _closure("career-kg", extra)
        size = sum(_size(dist) for name, dist in found.items() if name != "career-kg")
        title = f"career-kg[{extra}]" if extra else "career-kg"
        lines.append(f"{title} needs {len(found) - 1} packages, {size / 1e6:.0f} MB")
    return "\n".join([*lines, "kglab 1.0.1, installed once for comparison: 161 packages, 910 MB"])
