"""Writing a file so that nobody ever reads half of it: under a temporary name, then moved into place."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from kg.errors import BadInput

__all__ = ["write_file"]


def write_file(path: Path, content: bytes) -> Path:
    """Write a file under a temporary name beside it, then move it into place.

    Raises
    ------
    BadInput
        The file cannot be written; what stood there before still does.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                temporary.chmod(0o644)
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}. Check the folder, its rights and its space."
        ) from None
    return path
