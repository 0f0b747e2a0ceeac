"""`kg init`: a folder of facts to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from kg.model.errors import BadInput

__all__ = ["init"]


def init(folder: str | Path) -> Path:
    """Start a folder of facts with an example role, skill and certification, and return the file to edit.

    Raises
    ------
    BadInput
        The folder holds something already, or cannot be written.

    Examples
    --------
    >>> import kg, tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     kg.init(place + "/mine").name
    'facts.yaml'
    """
    from kg.model.writing import refuse_address, write_file

    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadInput(f"{path} holds something already. Name a new or empty folder.")
    try:
        refuse_address(path)
        path.mkdir(parents=True, exist_ok=True)
        return write_file(path / "facts.yaml", files("kg.sources").joinpath("templates", "facts.yaml").read_bytes())
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}. Name another folder, or change its rights."
        ) from None
