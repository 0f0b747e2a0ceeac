"""Where the official ESCO and O*NET files lie, for the tests that read them; the project holds none of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["real_data"]


def real_data(name: str) -> Path:
    """Return the folder of a framework: under $KG_DATA, else under ../shared/data; skip the test where it is absent."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("KG_DATA") or default) / name
    if not folder.is_dir():
        reason = f"{folder} is absent: the official files of {name} are not part of the project"
        if os.environ.get("CI") == "true" and default.is_dir():
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
