"""What is said of a command line that cannot be read: what was written, what there is, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, RepeatArgumentError, UnknownOptionError
from cyclopts.exceptions import UnknownCommandError, UnusedCliTokensError

from kg.cli.options import RENAMED
from kg.cli.words import SYNONYMS

if TYPE_CHECKING:
    from cyclopts import App

__all__ = ["refusal"]

_TYPES = {int: "whole number", float: "number"}


def refusal(error: CycloptsError, common: Iterable[str] = ()) -> str:
    """Return the sentences for an error of the option parser.

    Parameters
    ----------
    common
        The options of every command.
    """
    command = " ".join(("kg", *(error.command_chain or ())))
    help_says = f"`{command} --help` says what there is."
    if isinstance(error, UnknownOptionError):
        return f"{_unknown_option(error, command, common)} {help_says}"
    if isinstance(error, UnknownCommandError):
        return f"{_unknown_command(error, command)} {help_says}"
    if isinstance(error, UnusedCliTokensError):
        first = (error.unused_tokens or [""])[0]
        return (
            f'"{first}" is one more than {command} takes. Put a name of several words in quotation marks. {help_says}'
        )
    if isinstance(error, RepeatArgumentError):
        return f"{error.token.keyword} is given more than once. Give it once."
    if isinstance(error, MissingArgumentError) and type(error) is MissingArgumentError and error.argument is not None:
        written = next((token.keyword for token in reversed(error.argument.tokens) if token.keyword), None)
        if written or error.keyword:
            return f"{written or error.keyword} has no value. Write one behind it. {help_says}"
        name = error.argument.name
        name = name.lstrip("-").upper() if error.argument.index is not None else name
        return f"{command} needs {name}, which is missing. {help_says}"
    if isinstance(error, CoercionError):
        return f"{_no_value(error)} {help_says}"
    error.verbose = False
    return f"{str(error).strip()} {help_says}"


def _unknown_option(error: UnknownOptionError, command: str, common: Iterable[str]) -> str:
    written = (error.token.keyword or error.token.value).partition("=")[0]
    said = f"{command} has no option {written}."
    known = {name for argument in error.argument_collection for name in argument.names if name.startswith("-")}
    if (now := RENAMED.get(written)) and now.partition(",")[0] in known | {*common}:
        return f"{said} It is called {now} now."
    near = _close(written, sorted(known | {*common}))
    return f"{said} Did you mean {near}?" if near else said


def _unknown_command(error: UnknownCommandError, command: str) -> str:
    word = (error.unused_tokens or [""])[0]
    if word.startswith("-"):
        return f"{command} has no option {word}, or it stands before a command that is missing."
    said = f'{command} has no command "{word}".'
    if command == "kg" and word.casefold() in SYNONYMS:
        return f"{said} Try `kg {SYNONYMS[word.casefold()]}`."
    near = _close(word, sorted(_names(error.app)))
    return f"{said} Did you mean {near}?" if near else said


def _names(app: App | None) -> set[str]:
    return {name for name in app or () if not name.startswith("-")}


def _close(word: str, among: list[str]) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    found = process.extractOne(word, among, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6)
    return str(found[0]) if found else ""


def _no_value(error: CoercionError) -> str:
    """Return what is wrong with the value of an option or argument."""
    token, argument = error.token, error.argument
    name = token.keyword if token and token.keyword else argument.name.lstrip("-").upper() if argument else "A value"
    if error.msg is not None:
        return f"{name}: {str(error.msg).rstrip('.')}."
    value = token.value if token else ""
    kind: Any = error.target_type
    if get_origin(kind) is Literal:
        return f'{name} is "{value}". Choose from {", ".join(map(str, get_args(kind)))}.'
    return f'{name} is "{value}", which is no {_TYPES.get(kind, "such value")}.'
