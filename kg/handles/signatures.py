"""What a question takes, read off its signature: for every face that asks it with plain values.

A command line has a parser of its own (`kg.cli.questions`). An address and a tool bring texts or JSON: `Taken` says of
each parameter what JSON Schema says, reads what was given, and `call` asks. Nothing is declared twice: names, types and
defaults are those of the function, the meaning is that of its docstring (`kg.handles.asking.question`).
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.model.options import Listed, split

__all__ = ["PRIVATE", "Taken", "call", "needs_file", "object_schema", "read_given", "taken_by"]

A = TypeVar("A", bound=Answer)
_Converter = Callable[[str], Any]

#: Parameters that tell of a person, or hold a text of one: they travel in bodies, never in addresses.
PRIVATE = frozenset({"document", "held", "learn", "names", "people", "profile"})
#: Parameters that say something of a file, and nothing without one.
_OF_FILES = frozenset({"person"})
#: The most characters of a text and texts of a list that come from afar; a `document` may have more.
_LETTERS, _DOCUMENT, _SEVERAL = 500, 200_000, 500
#: The most of a number that comes from afar: what a question does with it takes its time.
_MOST = {"limit": 100}
_WORDS = {
    str: ("no text", "Give one text."),
    bool: ("neither true nor false", "Give true or false."),
    int: ("no whole number", "Give a number such as 10."),
    float: ("no number", "Give a number such as 0.5."),
}


class Taken(NamedTuple):
    """A parameter of a question, as it is given from afar.

    Attributes
    ----------
    name
        As it is written: that of the function without an underscore at its end.
    of
        The type of a value, or of each.
    choices
        The values to choose among; none for any.
    listed
        Whether several values may stand in one text, separated by commas.
    least
        The least of a number that the question does not check itself.
    """

    name: str
    meaning: str
    of: type
    choices: tuple[str, ...] = ()
    several: bool = False
    listed: bool = False
    required: bool = False
    default: Any = None
    least: int | None = None

    @property
    def private(self) -> bool:
        """Whether it tells of a person."""
        return self.name in PRIVATE

    @property
    def schema(self) -> dict[str, Any]:
        """What is taken, as JSON Schema."""
        one: dict[str, Any] = {"type": {str: "string", bool: "boolean", int: "integer", float: "number"}[self.of]}
        if self.of is str:
            one["maxLength"] = _DOCUMENT if self.name in ("document", "query") else _LETTERS
        if self.choices:
            one = {"type": "string", "enum": [*self.choices]}
        if self.name in _MOST:
            one |= {"minimum": 1, "maximum": _MOST[self.name]}
        if self.least is not None:
            one["minimum"] = self.least
        if self.several:
            return {"type": "array", "items": one, "maxItems": _SEVERAL} | ({"minItems": 1} if self.required else {})
        return one if self.default in (None, inspect.Parameter.empty) else {**one, "default": self.default}

    def read(self, given: Any) -> Any:
        """Return what was given as the question takes it.

        Parameters
        ----------
        given
            A value of JSON, or texts, as an address has them.

        Raises
        ------
        BadInput
            It is not of that type, or more than is taken.
        """
        if not self.several:
            if isinstance(given, list):
                if len(given) != 1:
                    raise BadInput(f"{self.name} is given {len(given)} times. Give it once.")
                given = given[0]
            return self._one(given)
        values = [given] if isinstance(given, str) else given
        if not isinstance(values, list):
            raise BadInput(f"{self.name} is {_told(given)}, which is no list of texts. Give a list of them.")
        if len(values) > _SEVERAL:
            raise BadInput(f"{self.name} has {len(values)} values. Give at most {_SEVERAL}.")
        read = [self._one(value) for value in values]
        return [*split(read)] if self.listed else read

    def _one(self, value: Any) -> Any:
        if isinstance(value, str) and self.of is not str:
            value = _of_text(self.of, value)
        if self.of is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e300:
            value = float(value)
        if type(value) is not self.of or (isinstance(value, float) and not math.isfinite(value)):
            what, do = _WORDS[self.of]
            raise BadInput(f"{self.name} is {_told(value)}, which is {what}. {do}")
        if isinstance(value, str):
            self._check(value)
        if isinstance(value, int | float):
            self._measure(value)
        return value

    def _measure(self, number: float) -> None:
        if self.least is not None and number < self.least:
            raise BadInput(f"{self.name} is {number}. Give {self.least} or more.")
        if number > _MOST.get(self.name, number):
            raise BadInput(f"{self.name} {number} is more than is answered at once. Give at most {_MOST[self.name]}.")

    def _check(self, text: str) -> None:
        most = self.schema.get("maxLength") or _LETTERS
        if len(text) > most:
            raise BadInput(f"{self.name} has {len(text):,} characters. Give at most {most:,}.")
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise BadInput(f"{self.name} has half of a character in it. Give text in UTF-8.")
        values = split([text]) if self.listed else [text]
        wrong = [value for value in values if self.choices and value not in self.choices]
        if wrong:
            raise BadInput(f'{self.name} is "{wrong[0]}", which there is not. Choose among {", ".join(self.choices)}.')


def _told(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= 80 else f"{said[:79]}…"


def _of_text(of: type, text: str) -> Any:
    """Return a text of an address as a value of a type, or as it is where it is none."""
    read: _Converter = {"true": True, "false": False, "1": True, "0": False}.get if of is bool else of
    try:
        value = read(text.strip())
    except ValueError:
        return text
    return text if value is None else value


@cache
def taken_by(function: Callable[..., Answer]) -> tuple[Taken, ...]:
    """Return what a question takes, in its order, without the graph and without files: a server reads none for others.

    Examples
    --------
    >>> from kg.questions.overlap import overlap
    >>> [(one.name, one.of.__name__, one.several, one.required) for one in taken_by(overlap)]
    [('nodes', 'str', True, True), ('essential_only', 'bool', False, False), ('source', 'str', True, False)]
    """
    said = _meanings(inspect.getdoc(function) or "")
    found = []
    for parameter in [*inspect.signature(function, eval_str=True).parameters.values()][1:]:
        listed, several, of, choices = _read(parameter.annotation)
        if of is Path or parameter.name in _OF_FILES:
            continue
        everything = parameter.kind is parameter.VAR_POSITIONAL
        found.append(
            Taken(
                parameter.name.rstrip("_"),
                said.get(parameter.name, ""),
                of,
                choices,
                several=several or everything,
                listed=listed,
                required=everything or parameter.default is parameter.empty,
                default=None if several or everything or parameter.default is parameter.empty else parameter.default,
            )
        )
    return tuple(found)


@cache
def needs_file(function: Callable[..., Answer]) -> bool:
    """Whether a question cannot be asked without a file."""
    parameters = [*inspect.signature(function, eval_str=True).parameters.values()][1:]
    return any(
        _read(one.annotation)[2] is Path and (one.default is one.empty or one.kind is one.VAR_POSITIONAL)
        for one in parameters
    )


def _read(annotation: Any) -> tuple[bool, bool, type, tuple[str, ...]]:
    """Return of an annotation whether commas separate, whether it is several, the type of one, and its choices."""
    listed = get_origin(annotation) is Annotated and Listed in get_args(annotation)
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        annotation = str if str in inner else inner[0]
    several = get_origin(annotation) in (Sequence, tuple, list)
    if several:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return listed, several, str, get_args(annotation)
    return listed, several, annotation, ()


def _meanings(doc: str) -> dict[str, str]:
    """Return what a docstring says of each parameter, in one line."""
    _, _, rest = doc.partition("Parameters\n----------\n")
    body = re.split(r"\n\n\w+\n-+\n", rest)[0]
    described = re.findall(r"^(\**\w+(?:, \w+)*)\n((?:[ ].*\n?|\n(?=[ ]))+)", body + "\n", flags=re.M)
    return {name.lstrip("*"): " ".join(text.split()) for names, text in described for name in names.split(", ")}


def object_schema(takes: Sequence[Taken]) -> dict[str, Any]:
    """Return the JSON Schema of an object that gives these parameters, and no other."""
    return {
        "type": "object",
        "properties": {one.name: {**one.schema, "description": one.meaning} for one in takes},
        "required": [one.name for one in takes if one.required],
        "additionalProperties": False,
    }


def read_given(takes: Sequence[Taken], given: Mapping[str, Any], *, what: str) -> dict[str, Any]:
    """Return what was given, read; `what` names the question in errors.

    Raises
    ------
    BadInput
        Something is given that is not taken, or of another type; or something is missing.
    """
    there = {one.name: one for one in takes}
    unknown = [name for name in given if name not in there]
    if unknown:
        raise BadInput(f'{what} takes no "{unknown[0][:80]}". It takes: {", ".join(there) or "nothing"}.')
    read = {name: there[name].read(value) for name, value in given.items() if value is not None}
    missing = [one.name for one in takes if one.required and not read.get(one.name)]
    if missing:
        raise BadInput(f"{what} needs {missing[0]}, which is not given. {there[missing[0]].meaning}".strip())
    return read


def call(function: Callable[..., A], g: Any, read: Mapping[str, Any]) -> A:
    """Ask a question with what was read of it."""
    args: list[Any] = [g]
    options: dict[str, Any] = {}
    for parameter in [*inspect.signature(function).parameters.values()][1:]:
        name = parameter.name.rstrip("_")
        if name not in read:
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            args += read[name]
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(read[name])
        else:
            options[parameter.name] = read[name]
    return function(*args, **options)
