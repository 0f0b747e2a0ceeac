"""What a parameter says of itself to whoever reads it from words: a command line, a cell, an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["Listed", "split"]

#: `Annotated[Sequence[str], Listed]`: the values may also stand in one text, separated by commas.
Listed: Final = "values separated by commas"


def split(values: Sequence[str]) -> tuple[str, ...]:
    """Return the values without their commas.

    Examples
    --------
    >>> split(["beta, announced", "ending"])
    ('beta', 'announced', 'ending')
    """
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
