"""YAML files with their line numbers, checked against the schema of facts.

PyYAML reads the file into its node tree, which knows the line of every value; plain Python values are built from it.
Anchors and aliases are refused, since a few lines of them can stand for gigabytes, and facts need none. The schema is
JSON Schema, so that editors check and complete facts files too. All faults of all files are gathered before anything
is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kg.errors import BadInput, Fault
from kg.shipped import read_data

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

__all__ = ["Document", "place", "read_documents"]

#: A facts file larger than this is refused: the largest of ours has 0.1 MB.
MAX_BYTES = 20_000_000

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
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self.fault(node, path, f"cannot be read: {error}.", "Put the value in quotes if it is text.")
            return None


def _compose(name: str, text: str) -> yaml.Node | None:
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
            raise BadInput(
                name,
                [
                    Fault(
                        name, token.start_mark.line + 1, "", "has an anchor or alias (& or *).", "Write the value out."
                    )
                ],
            )
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _read_one(path: Path, name: str) -> Document:
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
        raise BadInput(name, [Fault(name, line, "", f"is not YAML: {error.problem}.", "See the line named.")]) from None
    except yaml.YAMLError as error:
        raise BadInput(name, [Fault(name, 0, "", f"is not YAML: {error}.", "Facts files are YAML text.")]) from None
    except RecursionError:
        raise BadInput(name, [Fault(name, 0, "", "is nested too deeply.", "Facts need five levels.")]) from None
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
            document = _read_one(path, name)
        except BadInput as error:
            faults += error.faults
            continue
        faults += _schema_faults(document)
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

    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(read_data("ontology/facts.schema.json")))


def _schema_faults(document: Document) -> Iterator[Fault]:
    for error in sorted(
        _validator().iter_errors(document.data), key=lambda e: (document.line(tuple(e.absolute_path)), e.message)
    ):
        path = tuple(error.absolute_path)
        message, fix = _explain(str(error.validator), error.validator_value, error.instance, error.message)
        yield document.fault(path, message, fix)


def _explain(rule: str, wanted: Any, found: Any, message: str) -> tuple[str, str]:  # JSON Schema values are any JSON
    """Return what is wrong and what to do, in words of the facts file rather than of JSON Schema."""
    if rule == "required":
        return f"{message.replace(' is a required property', ' is missing')}.", "Add it."
    if rule == "additionalProperties":
        return f"{message.split('(')[-1].rstrip(')') if '(' in message else message}.", "Check the spelling."
    if rule == "enum":
        return f"{found!r} is not one of the values known.", f"Choose from {', '.join(map(str, wanted))}."
    if rule == "pattern":
        return f"{found!r} is not written as it should be.", f"It has the form {wanted}."
    if rule == "type":
        return f"{found!r} is no {wanted}.", "Write the value in that form."
    return f"{message}.", ""
