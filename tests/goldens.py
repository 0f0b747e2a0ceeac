"""Whole outputs, kept in files beside the tests; `make goldens` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

#: Whether what is found is kept, not compared: so `make goldens` runs the tests that are marked `golden`.
ANEW = os.environ.get("KG_UPDATE_GOLDEN") == "1"


def kept(path: Path, found: str) -> None:
    """Compare a whole output with the file that holds it."""
    if ANEW:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(found.encode())
    assert path.is_file(), f"{path} is missing: `make goldens` writes it; read what it writes"
    assert found == path.read_bytes().decode(), f"{path.name}: `make goldens` writes it anew, if that is what you want"
