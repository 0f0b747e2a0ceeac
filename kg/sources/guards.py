"""What the parser of RDF must not be given: XML and JSON made to exhaust whoever reads them.

The parser takes a declared entity apart before its first use, keeps every open element of a document that never closes
one, and compares every nested context with all that came before: a file of a few kilobytes can cost hours or all
memory. So XML is read once by expat, and JSON scanned once, before the parser sees them. Nothing else is refused:
entities that abbreviate namespaces, as ontology editors write them, pass.

References
----------
CWE-776, Improper restriction of recursive entity references in DTDs; CWE-611, external entity reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from kg.model.errors import KgError
from kg.sources.members import Member

__all__ = ["as_written", "check_depth", "check_json", "check_xml"]

#: RDF is flat: the deepest files of ours nest five elements.
MAX_DEPTH = 100
#: A declared entity may be so long, and all uses together may lengthen the file by so much.
MAX_ENTITY = 1_000
MAX_GROWTH = 4
_GROWTH_FROM = 1 << 20
#: A JSON-LD file may be so large, since its context may stand at its end, and have so many contexts.
MAX_JSON_BYTES = 256_000_000
MAX_CONTEXTS = 1_000

_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"|([\[{])|([\]}])', re.DOTALL)
_CONTEXTS = re.compile(rb"@context|\\u0040|@[a-z]*\\u", re.IGNORECASE)


@contextmanager
def as_written(path: str | Path, form: str) -> Iterator[Member]:
    """Give a file that an export of ours or of networkx should have written, and say where reading it fails.

    Raises
    ------
    BadInput
        It cannot be read, or is not in that form.
    """
    path = Path(path)
    member = Member(path)
    try:
        yield Member(path, size=path.stat().st_size)
    except KgError:
        raise
    except OSError as error:
        raise member.damaged(error) from None
    except Exception as error:  # a reader of any form raises whatever the damage makes it stumble over
        reason = str(error).partition("\n")[0].strip().rstrip(".")[:200] or type(error).__name__
        reason = f"it has no {reason}" if isinstance(error, KeyError) else reason
        raise member.fault(f"is no {form} of kg: {reason}.", "Export it again.") from None


def check_xml(member: Member) -> None:
    """Refuse XML with entities from elsewhere, entities within entities, or too deep a nesting.

    Raises
    ------
    BadInput
        With the line.
    """
    _XmlGuard(member).run()


class _XmlGuard:
    def __init__(self, member: Member) -> None:
        self.member = member
        self.depth = self.read = self.seen = 0
        self.entities = False
        self.parser = expat.ParserCreate("utf-8")
        self.parser.EntityDeclHandler = self.entity
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def refuse(self, message: str, fix: str) -> NoReturn:
        raise self.member.fault(message, fix, line=self.parser.CurrentLineNumber)

    def entity(self, name: str, parameter: bool, value: str | None, *elsewhere: object) -> None:
        if value is None:
            self.refuse(f'declares the entity "{name[:80]}" to lie elsewhere.', "Nothing is fetched; write it out.")
        if parameter or "&" in value or "%" in value:
            self.refuse(f'declares the entity "{name[:80]}" by other entities.', "Write its text out.")
        if len(value) > MAX_ENTITY:
            self.refuse(f"declares an entity of more than {MAX_ENTITY:,} characters.", "Write its text out.")
        if not self.entities:
            self.entities = True
            self.parser.CharacterDataHandler = self.text

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"is nested more than {MAX_DEPTH} deep.", "RDF needs no such depth; write it flat.")
        if self.entities:
            self.text("".join(attributes.values()))

    def end(self, _name: str) -> None:
        self.depth -= 1

    def text(self, data: str) -> None:
        self.seen += len(data)
        if self.seen > MAX_GROWTH * self.read + _GROWTH_FROM:
            self.refuse("has entities that swell it manyfold.", "Write their text out.")

    def run(self) -> None:
        for block in self.member.blocks():
            self.read += len(block)
            self.feed(block, False)
        self.feed(b"", True)

    def feed(self, block: bytes, last: bool) -> None:
        try:
            self.parser.Parse(block, last)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise self.member.fault(f"is not XML: {reason}.", "See the line named.", line=error.lineno) from None


def check_json(member: Member) -> bytes:
    """Return the bytes of a JSON file once it is known to be neither too large nor too deep, nor full of contexts.

    Raises
    ------
    BadInput
        With the line where it is too deep.
    """
    data = member.read(MAX_JSON_BYTES)
    check_depth(member, data)
    contexts = sum(1 for _ in _CONTEXTS.finditer(data))
    if contexts > MAX_CONTEXTS:
        raise member.fault(f"has {contexts:,} contexts, more than {MAX_CONTEXTS:,}.", "One context is enough.")
    return data


def check_depth(member: Member, data: bytes) -> None:
    """Refuse JSON that is nested too deep.

    Raises
    ------
    BadInput
        With the line.
    """
    for place, depth in _depths(data):
        if depth > MAX_DEPTH:
            line = data.count(b"\n", 0, place) + 1
            raise member.fault(f"is nested more than {MAX_DEPTH} deep.", "Write it flat.", line=line)


def _depths(data: bytes) -> Iterator[tuple[int, int]]:
    depth = 0
    for token in _TOKENS.finditer(data):
        if token[1]:
            depth += 1
            yield token.start(), depth
        elif token[2]:
            depth -= 1
