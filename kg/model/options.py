"""Options as the command line has them: such as take several values, repeated or with commas, and their names."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Annotated, Any

from cyclopts import Parameter

__all__ = ["Listed", "named", "split"]


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


def named(parameter: inspect.Parameter) -> inspect.Parameter:
    """Return a parameter with the name it has as an option: of one letter, it has one hyphen (``-k 3``)."""
    if len(parameter.name) > 1 or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
        return parameter
    annotation = Annotated[parameter.annotation, Parameter(name=f"-{parameter.name}")]  # type: ignore[name-defined]  # made at run time
    return parameter.replace(annotation=annotation)
