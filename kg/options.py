"""Options that take several values: repeated, or in one value with commas, `--include beta,announced`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cyclopts import Parameter

__all__ = ["Listed", "split"]


def split(values: Sequence[str]) -> tuple[str, ...]:
    """Return the values without their commas.

    Examples
    --------
    >>> split(["beta, announced", "ending"])
    ('beta', 'announced', 'ending')
    """
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _convert(kind: Any, tokens: Any) -> tuple[str, ...]:  # cyclopts calls it with the annotation and its own tokens
    return split([token.value for token in tokens])


#: `Annotated[Sequence[str], Listed]`: the question itself checks the values, since it is also called from Python.
Listed = Parameter(converter=_convert)
