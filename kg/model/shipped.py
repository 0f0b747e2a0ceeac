"""Where the package's own data lies: in the wheel under `kg/data/`, in a checkout at its top."""

from __future__ import annotations

from pathlib import Path

from kg.model.errors import StoreError

__all__ = ["DATASET_FILE", "data_path", "read_data"]

#: The dataset release, as `kg build` writes it.
DATASET_FILE = "career-kg.trig"

_HERE = Path(__file__).parents[1]


def data_path(name: str) -> Path:
    """Return the path of a data file: ``ontology/kg.ttl`` and its neighbours, or ``career-kg.trig``.

    Raises
    ------
    StoreError
        The installation is incomplete.
    """
    for folder in (_HERE / "data", _HERE.parent, _HERE.parent / "exports"):
        if (folder / name).exists():
            return folder / name
    raise StoreError(
        f"{name} is not in this installation of career-kg. Install it anew, or run `kg build` in a checkout."
    )


def read_data(name: str) -> bytes:
    """Return the bytes of a data file."""
    return data_path(name).read_bytes()
