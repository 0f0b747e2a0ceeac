"""Parameters as options: such as take several values, repeated or with commas, and their names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from cyclopts import Parameter

from kg.model.options import split
from kg.names.lookup import ASKABLE

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["RENAMED", "as_option", "split_bindings", "split_names", "with_commas"]

#: Options that have a short name too.
_SHORT = {"limit": ("--limit", "-n")}
#: What options were called once, and are called now.
RENAMED = {
    "--number": "--limit, or -n",
    "-k": "--limit, or -n",
    "--providers": "--provider",
    "--out": "--output, or -o",
}
#: Parameters that take names of nodes, in which a comma may be part of a name.
_NAMES = frozenset({"about", "avoid", "held", "learn", "through"})


def _convert(kind: Any, tokens: Any) -> tuple[str, ...]:  # cyclopts calls it with the annotation and its own tokens
    values = split([token.value for token in tokens])
    choices = [*_choices(kind)]
    if choices and (wrong := [value for value in values if value not in choices]):
        raise ValueError(f'"{wrong[0]}" is none of {", ".join(choices)}')
    return values


def _choices(kind: Any) -> Iterator[str]:  # an annotation may be any object
    """Yield the words that an annotation lets one choose among; none where it takes any text."""
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for part in get_args(kind):
            yield from _choices(part)


def _as_it_is(kind: Any, tokens: Any) -> str:  # as above
    value: str = tokens[0].value
    return value


#: An argument to choose: the question itself refuses what it has not, and may understand more.
_as_written = Parameter(converter=_as_it_is)
#: `Annotated[Sequence[str], with_commas]`, for commands that are no questions.
with_commas = Parameter(converter=_convert)


def as_option(parameter: inspect.Parameter) -> inspect.Parameter:
    """Return a parameter of a question as the command line takes it: with its names, and commas where it is a list."""
    annotation: Any = parameter.annotation
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return parameter
    if get_origin(annotation) is Literal and parameter.default is parameter.empty:
        # or any text: where a notebook has imported pydantic, cyclopts has it check what was given
        return parameter.replace(annotation=Annotated[annotation | str, _as_written])
    plain = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if Path in get_args(plain):
        annotation = Path | None  # what else it may be in Python, such as a profile, no command line can say
    if isinstance(parameter.default, tuple) and parameter.name not in _NAMES:
        annotation = Annotated[plain, with_commas]
    if parameter.name in _SHORT:
        annotation = Annotated[annotation, Parameter(name=_SHORT[parameter.name])]
    return parameter.replace(annotation=annotation)


def split_names(g: KnowledgeGraph, options: dict[str, Any]) -> None:
    """Split the names among options at their commas, but for a text that as a whole is the name of something."""
    for name in _NAMES & options.keys():
        values: Sequence[str] = options[name]
        options[name] = tuple(
            part
            for value in values
            for part in ([value] if "," not in value or g.index.exact(value, ASKABLE) else split([value]))
        )


def split_bindings(values: Sequence[str]) -> tuple[str, ...]:
    """Split ROW=TERM,ROW=TERM; a comma that no ROW= follows belongs to the term.

    Examples
    --------
    >>> split_bindings(["role=ai-engineer,skill=a, b"])
    ('role=ai-engineer', 'skill=a, b')
    """
    return tuple(part for value in values for part in re.split(r",(?=\w+=)", value))
