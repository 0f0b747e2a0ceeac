"""Parameters as options: such as take several values, repeated or with commas, and their names."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, get_args, get_origin

from cyclopts import Parameter

from kg.model.options import Listed, split

__all__ = ["with_commas", "as_option"]

#: Options that have a short name too.
_SHORT = {"number": ("--number", "-n"), "k": ("-k",)}


def _convert(kind: Any, tokens: Any) -> tuple[str, ...]:  # cyclopts calls it with the annotation and its own tokens
    return split([token.value for token in tokens])


#: `Annotated[Sequence[str], with_commas]`, for commands that are no questions.
with_commas = Parameter(converter=_convert)


def as_option(parameter: inspect.Parameter) -> inspect.Parameter:
    """Return a parameter of a question as the command line takes it: with its names, and commas where it is a list."""
    annotation: Any = parameter.annotation
    if get_origin(annotation) is Annotated and Listed in get_args(annotation):
        annotation = Annotated[get_args(annotation)[0], with_commas]
    if parameter.name in _SHORT and parameter.kind is inspect.Parameter.KEYWORD_ONLY:
        annotation = Annotated[annotation, Parameter(name=_SHORT[parameter.name])]
    return parameter.replace(annotation=annotation)
