"""YAML files with their line numbers, checked against the schema of facts.

PyYAML reads the file into its node tree, which knows the line of every value; plain Python values are built from it.
Anchors and aliases are refused, since a few lines of them can stand for gigabytes, and facts need none. The schema is
JSON Schema, so that editors check and complete facts files too. All faults of all files are gathered before anything
is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kg.model.errors import BadInput, Fault
from kg.model.shipped import read_data
from kg.model.statements import date_value

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

__all__ = ["Document", "place", "read_documents", "read_yaml"]

#: A facts file larger than this is refused: the largest of ours has 0.1 MB.
MAX_BYTES = 20_000_000

#: A facts file nested deeper than this is refused.
MAX_DEPTH = 50
#: libyaml looks ahead, and newer ones give up by themselves where it is much deeper.
_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One facts file: its name, its data, and the line of each value by its path in the data."""

    name: str
    data: dict[str, Any]
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """Return the line of the value at this path, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path_, message: str, fix: str = "") -> Fault:
        """Return a fault at this path."""
        return Fault(self.name, self.line(path), place(path), message, fix)


def place(path: Path_) -> str:
    """Return a path as text.

    Examples
    --------
    >>> place(("roles", 0, "requires", 2, "skill"))
    'roles[0].requires[2].skill'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


#: What PyYAML says, and what we say.
_PROBLEMS = {
    "found character that cannot start any token": (
        "a tab, or a sign that may not begin a value, stands here",
        "Indent with spaces; put text that begins with @, ` or % in quotes.",
    ),
    "mapping values are not allowed in this context": (
        "there is a second colon, or a line too far to the right",
        "Put text with a colon in quotes; indent entries alike.",
    ),
    "but found another document": ("a second document begins here (---)", "Make it a file of its own."),
    "exceeded maximum nesting depth": ("it is nested too deep", "Facts need six levels."),
    "found unexpected end of stream": ("a quotation mark or bracket is not closed", "Close it."),
}

#: What YAML takes for numbers: whole ones first.
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class _Reader:
    """Builds the plain data of one file from PyYAML's node tree and notes lines and faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path_, int] = {}
        self.faults: list[Fault] = []
        self._scalars = yaml.SafeLoader("")

    def fault(self, node: yaml.Node, path: Path_, message: str, fix: str) -> None:
        self.faults.append(Fault(self.name, node.start_mark.line + 1, place(path), message, fix))

    def build(self, node: yaml.Node, path: Path_ = ()) -> Any:  # YAML data: any JSON-like value
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                if not isinstance(key_node, yaml.ScalarNode):
                    self.fault(key_node, path, "has a list or mapping as a key.", "Give the field a name.")
                    continue
                key = str(key_node.value)
                if key in found:
                    self.fault(key_node, (*path, key), "stands here twice.", "Keep one of the two.")
                found[key] = self.build(value_node, (*path, key))
                self.lines[(*path, key)] = key_node.start_mark.line + 1
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":
            return str(node.value)  # 2026-10-31 without quotes means the text
        if node.tag in _NUMBERS and ":" in node.value:
            return str(node.value)  # 1:30 is ninety in YAML 1.1 alone, which nobody means
        if node.tag == _NUMBERS[0] and re.fullmatch(r"[-+]?0[0-7_]+", node.value):
            self.fault(
                node, path, f"{node.value} is octal to some, decimal to others.", "Leave the zero out, or quote it."
            )
            return None
        try:
            value = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self.fault(node, path, f"cannot be read: {error}.", "Put the value in quotes if it is text.")
            return None
        if isinstance(value, float) and not isfinite(value):
            self.fault(node, path, f"{node.value} is no finite number.", "Write a number.")
        return value


def _compose(name: str, text: str) -> yaml.Node | None:
    """Return the file's node tree; refuse what is small to write and huge to read before the tree is built."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        line = token.start_mark.line + 1
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > MAX_DEPTH:
            raise BadInput(name, [_too_deep(name, line)])
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
            fault = Fault(name, line, "", "has an anchor or alias (& or *).", "Write the value out.")
            raise BadInput(name, [fault])
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _too_deep(name: str, line: int) -> Fault:
    return Fault(name, line, "", f"is nested more than {MAX_DEPTH} deep.", "Facts need six levels.")


def read_yaml(path: Path, name: str) -> Document:
    """Return a YAML file with the line of each value; nothing of it is checked yet.

    Raises
    ------
    BadInput
        It is no YAML, is empty, or is made to swell: too large, too deep, with anchors.
    """
    if path.exists() and not path.is_file():
        raise BadInput(name, [Fault(name, 0, "", "is no regular file.", "Give a file or a folder of files.")])
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise BadInput(name, [Fault(name, 0, "", f"has {len(raw):,} bytes, more than {MAX_BYTES:,}.", "Split it.")])
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(
            name, [Fault(name, 0, "", f"cannot be read: {error.strerror}.", "Check path and rights.")]
        ) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(name, [Fault(name, line, "", "is not UTF-8 text.", "Save it as UTF-8.")]) from None
    reader = _Reader(name)
    try:
        node = _compose(name, text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        if error.problem == _TOO_DEEP_FOR_LIBYAML:
            raise BadInput(name, [_too_deep(name, line)]) from None
        problem, fix = _PROBLEMS.get(error.problem or "", (error.problem, "See this line and the one above it."))
        raise BadInput(name, [Fault(name, line, "", f"is not YAML: {problem}.", fix)]) from None
    except yaml.YAMLError as error:
        reason = str(error).partition("\n")[0]
        raise BadInput(name, [Fault(name, 0, "", f"is not YAML: {reason}.", "Facts files are YAML text.")]) from None
    if node is None:
        raise BadInput(name, [Fault(name, 0, "", "is empty.", "Start with `kg init`, which writes an example.")])
    data = reader.build(node)
    if not isinstance(data, dict):
        reader.fault(node, (), "is no mapping.", "A facts file has sections such as `roles:` and `skills:`.")
        data = {}
    if reader.faults:
        raise BadInput(name, reader.faults)
    return Document(name, data, reader.lines)


def read_documents(paths: Iterable[Path]) -> tuple[Document, ...]:
    """Read and check facts files.

    Parameters
    ----------
    paths
        Files, or folders of which every ``*.yaml`` and ``*.yml`` is read, in order of their paths.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    documents: list[Document] = []
    faults: list[Fault] = []
    for path, name in _files(paths):
        try:
            document = read_yaml(path, name)
        except BadInput as error:
            faults += error.faults
            continue
        faults += dict.fromkeys(_schema_faults(document))
        documents.append(document)
    if faults:
        names = sorted({fault.file for fault in faults})
        raise BadInput(names[0] if len(names) == 1 else f"{len(names)} facts files", faults)
    return tuple(documents)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if not path.is_dir():
            yield path, str(path)
            continue
        found = sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file())
        if not found:
            raise BadInput(f"{path} holds no facts: no *.yaml file is in it. `kg init {path}` writes an example.")
        yield from ((p, str(p)) for p in found)


@cache
def _validator() -> Validator:
    import json

    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())

    @formats.checks("partial-date", raises=BadInput)
    def is_date(value: object) -> bool:
        return not isinstance(value, str) or bool(date_value(value))

    return Draft202012Validator(json.loads(read_data("ontology/facts.schema.json")), format_checker=formats)


def _schema_faults(document: Document) -> Iterator[Fault]:
    faults = (fault for error in _validator().iter_errors(document.data) for fault in _explain(document, error))
    yield from sorted(faults, key=lambda fault: (fault.line, fault.field, fault.message))


_TYPES = {
    "array": "list",
    "boolean": "true or false",
    "integer": "whole number",
    "null": "null",
    "number": "number",
    "object": "mapping",
    "string": "text",
}


def _explain(document: Document, error: ValidationError) -> Iterator[Fault]:
    """Yield what is wrong and what to do, in words of the facts file rather than of JSON Schema."""
    path, rule = tuple(error.absolute_path), str(error.validator)
    found: Any = error.instance  # this and the next two are any JSON
    wanted: Any = error.validator_value
    schema: Any = error.schema
    shown = repr(found) if len(repr(found)) <= 60 else f"{repr(found)[:60]}…"
    if rule == "required":
        (missing,) = (name for name in wanted if error.message.startswith(repr(name)))
        yield document.fault(path, f'"{missing}" is missing.', "Add it.")
    elif rule == "additionalProperties":
        known = sorted(schema["properties"])
        for name in sorted(set(found) - set(known)):
            near = get_close_matches(name, known, n=1)
            fix = f'Close: "{near[0]}".' if near else f"Choose from {', '.join(known)}."
            yield document.fault((*path, name), "is no field here.", fix)
    elif rule in ("anyOf", "oneOf"):
        choices = [inner for inner in error.context or () if inner.validator_value != "null"]
        if choices and all(inner.validator == "required" for inner in choices):
            names = [choice["required"][0] for choice in wanted]
            yield document.fault(path, f"names neither {' nor '.join(names)}.", f"Add {' or '.join(names)}.")
        elif choices:
            yield from _explain(document, choices[0])
        else:
            names = [choice["required"][0] for choice in wanted]
            yield document.fault(path, f"names both {' and '.join(names)}.", "Keep one.")
    elif rule == "enum":
        yield document.fault(
            path,
            f"{shown} is not one of the values known.",
            f"Choose from {', '.join(str(value) for value in wanted if value is not None)}.",
        )
    elif rule == "format" or (rule == "pattern" and "format" in schema):
        yield document.fault(path, f"{shown} is no date.", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
    elif rule == "pattern":
        yield document.fault(path, f"{shown} is not written as it should be.", f"It has the form {wanted}.")
    elif rule == "type":
        words = " or ".join(_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted))
        quotes = wanted == "string" and isinstance(found, bool | int | float)
        fix = "Put it in quotes if it is meant as text." if quotes else f"Write a {words}."
        yield document.fault(path, f"{shown} is no {words}.", fix)
    else:
        yield document.fault(path, f"{error.message[:200]}.", "See `ontology/facts.schema.json`.")
