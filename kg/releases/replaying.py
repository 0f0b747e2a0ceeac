"""A question kept for later: written as on the command line, or as the answer that was saved with ``--format json``.

Both become one thing that any graph can be asked (`Replay`). The words are read off the signature of the question, as
the command line reads them; nothing is evaluated.
"""

from __future__ import annotations

import inspect
import json
import shlex
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NoReturn, Union, get_args, get_origin

from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.model.options import Listed, split
from kg.questions import QUESTIONS

__all__ = ["Replay", "day_of", "read_replay"]

_LARGEST = 50_000_000  # bytes; a plan through all of a framework takes a few hundred thousand


@dataclass(frozen=True, slots=True)
class Replay:
    """A question with all that was asked, but for the graph.

    Attributes
    ----------
    name
        Of the question.
    positional, options
        Its arguments after the graph.
    as_of
        The day it was asked about, as an ISO date; empty where it says none.
    """

    name: str
    positional: tuple[Any, ...]
    options: Mapping[str, Any]
    as_of: str = ""

    def ask(self, g: KnowledgeGraph) -> Answer:
        """Ask a graph, and return its answer."""
        answer: Answer = _question(self.name)(g, *self.positional, **self.options)
        return answer

    def __str__(self) -> str:
        given = [repr(value) for value in self.positional]
        given += [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{self.name}({', '.join(given)})"


def read_replay(on: str | Path) -> Replay:
    """Return the question that a text or a file asks.

    Parameters
    ----------
    on
        A question as on the command line (``overlap "AI Engineer" "ML Engineer"``), or the path of an answer that was
        saved with ``--format json``.

    Raises
    ------
    BadInput
        There is no such question, its arguments cannot be read, or the file holds no answer.

    Examples
    --------
    >>> print(read_replay('kg overlap "AI Engineer" "ML Engineer" --source article'))
    overlap('AI Engineer', 'ML Engineer', source=['article'])
    """
    text = str(on).strip()
    if isinstance(on, Path) or text.endswith(".json"):
        return _saved(Path(on))
    return _written(text)


def day_of(on: str | Path | None) -> str | None:
    """Return the day that a saved answer is about; None of a question in words, and of none."""
    return read_replay(on).as_of or None if on is not None else None


def _question(name: str) -> Callable[..., Answer]:
    if name not in QUESTIONS:
        raise BadInput(f'"{name}" is no question that can be asked of both. Questions are {", ".join(QUESTIONS)}.')
    found: Callable[..., Answer] = getattr(import_module(f"kg.questions.{name}"), name)
    return found


def _parameters(question: Callable[..., Answer]) -> list[inspect.Parameter]:
    """Return the parameters of a question after the graph."""
    return [*inspect.signature(question, eval_str=True).parameters.values()][1:]


def _written(text: str) -> Replay:
    """Read words as on the command line, off the signature of the question; nothing is evaluated."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadInput(f"{text} cannot be read: {error}. Write the question as on the command line.") from None
    words = words[1:] if words[:1] == ["kg"] else words
    if not words:
        raise BadInput('No question is named after --on. Write one as on the command line: --on "show Python".')
    parameters = _parameters(_question(words[0]))
    reader = _Reader(add_help=False, allow_abbrev=False)
    for parameter in parameters:
        reader.take(parameter)
    try:
        found = vars(reader.parse_intermixed_args(words[1:]))
    except ValueError as error:
        raise BadInput(f"{text} cannot be asked: {error}. `kg {words[0]} --help` says how.") from None
    positional: list[Any] = []
    options = {}
    for parameter in parameters:
        value = found.get(parameter.name)
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            if value is not None:
                options[parameter.name] = [*split(value)] if Listed in get_args(parameter.annotation) else value
        elif parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            positional += value or []
        elif value is not None:
            positional.append(value)
    return Replay(words[0], tuple(positional), options)


class _Reader(ArgumentParser):
    """Reads the words of a question, and raises ValueError where they are none."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(message.replace("unrecognized arguments", "Unknown option"))

    def take(self, parameter: inspect.Parameter) -> None:
        """Take an argument or an option, as a parameter has it."""
        kinds = [*_alternatives(parameter.annotation)]
        number = next((kind for kind in (int, float) if kind in kinds), None)
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            self.add_argument(parameter.name, nargs="*")
        elif parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            self.add_argument(parameter.name, nargs=None if parameter.default is parameter.empty else "?")
        elif bool in kinds:
            self.add_argument(f"--{parameter.name.replace('_', '-')}", action="store_true", default=None)
        else:
            name = parameter.name.rstrip("_").replace("_", "-")
            names = [f"--{name}", *(["-n"] if name == "limit" else [])]
            action = "append" if isinstance(parameter.default, tuple) else "store"
            convert = Path if Path in kinds else number or str
            self.add_argument(*names, dest=parameter.name, action=action, type=convert)


def _saved(path: Path) -> Replay:
    fault = f"{path} is no answer of kg. Save one with: kg QUESTION … --format json -o {path.name}"
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path} is larger than any answer ({_LARGEST:,} bytes at most).")
        saved = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    except (ValueError, RecursionError):
        raise BadInput(fault) from None
    if not isinstance(saved, dict) or not isinstance(saved.get("question"), str):
        raise BadInput(fault)
    given = saved.get("asked")
    if not isinstance(given, dict):
        raise BadInput(fault)
    parameters = {parameter.name: parameter for parameter in _parameters(_question(saved["question"]))}
    if unknown := sorted(given.keys() - parameters.keys()):
        raise BadInput(f"{path} asks {saved['question']} with {', '.join(unknown)}, which it does not take. {fault}")
    if wrong := [name for name in given if not _fits(parameters[name], given[name])]:
        raise BadInput(f"{path} asks {saved['question']} with a {wrong[0]} of the wrong type. {fault}")
    positional: list[Any] = []
    options = {}
    for name, parameter in parameters.items():
        if name not in given:
            continue
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            positional += given[name]
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            options[name] = given[name]
        else:
            positional.append(given[name])
    as_of = saved.get("as_of")
    return Replay(saved["question"], tuple(positional), options, as_of if isinstance(as_of, str) else "")


def _fits(parameter: inspect.Parameter, value: Any) -> bool:
    """Tell whether a value read from JSON is what a parameter takes: text, a number, yes or no, or a list of texts."""
    several = parameter.kind is inspect.Parameter.VAR_POSITIONAL
    return any(_is_a(plain, value, several) for plain in _alternatives(parameter.annotation))


def _alternatives(annotation: Any) -> Iterator[Any]:  # an annotation may be any object
    """Yield the types that an annotation allows, without what is said beside them."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _alternatives(parts[0])
    elif origin in (Union, UnionType):
        for part in parts:
            yield from _alternatives(part)
    else:
        yield annotation


def _is_a(annotation: Any, value: Any, several: bool) -> bool:
    origin = get_origin(annotation)
    if several or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if annotation in (int, float, bool):
        return type(value) is annotation or (annotation is float and type(value) is int)
    return isinstance(value, str) and annotation is not type(None)
