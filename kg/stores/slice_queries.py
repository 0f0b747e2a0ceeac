"""The part of SPARQL that our own queries are written in, read into what a snapshot can look up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model.terms import RDF

if TYPE_CHECKING:
    pass

from kg.stores.lexer import words

__all__ = [
    "Bind",
    "Group",
    "In",
    "NotASlice",
    "Optional",
    "Path",
    "Pattern",
    "SliceReading",
    "Select",
    "Union",
    "Values",
    "names_in",
]


class NotASlice(Exception):
    """The query says more than is read here."""


#: A variable as ``?name``, a term as N-Quads writes it; a path as a tuple of its kind and its parts.
Path = tuple[Any, ...]


class Values(NamedTuple):
    """The terms that a variable may be."""

    name: str
    terms: tuple[str, ...]


class Pattern(NamedTuple):
    """Subject, path and object; a path that is a variable stands alone."""

    subject: str
    path: Path | str
    object: str

    @property
    def names(self) -> set[str]:
        """The variables."""
        return {part for part in self if isinstance(part, str) and part[0] == "?"}


class Bind(NamedTuple):
    """One variable as another."""

    one: str
    other: str


class In(NamedTuple):
    """What a variable must be one of."""

    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """What stands between braces, in its order."""

    parts: list[Any] = field(default_factory=list)  # of all that is defined here

    @property
    def names(self) -> set[str]:
        """The variables of all its parts."""
        return {name for part in self.parts for name in names_in(part)}


class Union(NamedTuple):
    """Groups of which each adds its rows."""

    groups: tuple[Group, ...]


class Optional(NamedTuple):
    """A group that need not match."""

    group: Group


class Select(NamedTuple):
    """The variables of a group that are kept."""

    kept: tuple[str, ...]
    group: Group


def names_in(part: Any) -> set[str]:  # any part of a group
    """Return the variables that a part binds or tests."""
    if isinstance(part, Pattern | Group):
        return part.names
    if isinstance(part, Values | In):
        return {part.name}
    if isinstance(part, Bind):
        return {part.one, part.other}
    if isinstance(part, Union):
        return {name for group in part.groups for name in group.names}
    return part.group.names if isinstance(part, Optional) else set(part.kept)


_SIGNS = frozenset("{}().;,|/^*+?")


class SliceReading:
    """Reads a query, a word at a time."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        for word in words(text):
            if word.text not in _SIGNS and word.kind in ("blank", "number", "sign"):
                raise NotASlice(word.text)
            joined = word.kind == "tag" or (word.text == "^" and self._tokens[-1:] == ["^"])
            if joined:
                self._tokens[-1] += word.text
            else:
                self._tokens.append(word.text)
        self._at = 0
        self._prefixes: dict[str, str] = {}

    @property
    def next(self) -> str:
        """The next word; nothing at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self) -> str:
        """Take the next word."""
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else ""

    def word(self, word: str) -> bool:
        """Take a word, if it is next."""
        if self.next.upper() != word:
            return False
        self._at += 1
        return True

    def expect(self, word: str) -> None:
        """Take a word, and refuse any other."""
        if not self.word(word):
            raise NotASlice(f"{self.next} where {word} is expected")

    def term(self) -> str:
        """Take a term or a variable."""
        token = self.take()
        if token == "a":  # noqa: S105  # a word of SPARQL
            return f"<{RDF.type}>"
        if token[:1] in ("?", "$") and len(token) > 1:
            return f"?{token[1:]}"
        if token[:1] == "<":
            return token
        if token[:1] == '"':
            if self.word("^^"):
                return f"{token}^^{self.term()}"
            return token
        prefix, colon, local = token.partition(":")
        if not colon or prefix not in self._prefixes:
            raise NotASlice(token)
        return f"<{self._prefixes[prefix]}{local}>"

    def query(self) -> tuple[tuple[Pattern, ...], Select]:
        """Return the template of a CONSTRUCT, and what is looked up."""
        while self.word("PREFIX"):
            prefix = self.take()
            self._prefixes[prefix.removesuffix(":")] = self.take()[1:-1]
        template: tuple[Pattern, ...] = ()
        if self.word("CONSTRUCT"):
            self.expect("{")
            template = tuple(self._triples())
            self.expect("}")
            self.word("WHERE")
            select = Select(tuple(sorted({name for triple in template for name in triple.names})), self._group())
        else:
            select = self._select()
        if self.next:
            raise NotASlice(self.next)
        return template, select

    def _select(self) -> Select:
        self.expect("SELECT")
        if not (self.word("DISTINCT") or self.word("REDUCED")):
            raise NotASlice("rows that may come several times")
        kept = []
        while self.next[:1] in ("?", "$"):
            kept.append(self.term())
        self.word("WHERE")
        return Select(tuple(kept), self._group())

    def _group(self) -> Group:
        self.expect("{")
        group = Group()
        if self.next.upper() == "SELECT":
            group.parts.append(self._select())
        while not self.word("}"):
            if self.word("."):
                continue
            if self.next == "{":
                groups = [self._group()]
                while self.word("UNION"):
                    groups.append(self._group())
                group.parts.append(Union(tuple(groups)))
            elif self.word("OPTIONAL"):
                group.parts.append(Optional(self._group()))
            elif self.word("VALUES"):
                self._values(group)
            elif self.word("BIND"):
                self.expect("(")
                one = self.term()
                self.expect("AS")
                group.parts.append(Bind(one, self.term()))
                self.expect(")")
            elif self.word("FILTER"):
                self.expect("(")
                name = self.term()
                self.expect("IN")
                self.expect("(")
                terms = [self.term()]
                while self.word(","):
                    terms.append(self.term())
                self.expect(")")
                self.expect(")")
                group.parts.append(In(name, tuple(terms)))
            else:
                group.parts.extend(self._triples())
        return group

    def _values(self, group: Group) -> None:
        name = self.term()
        self.expect("{")
        terms = []
        while not self.word("}"):
            if self.word("UNDEF"):
                self.expect("}")
                return
            terms.append(self.term())
        group.parts.append(Values(name, tuple(terms)))

    def _triples(self) -> Iterator[Pattern]:
        subject = self.term()
        while True:
            path: Path | str = self.term() if self.next[:1] in ("?", "$") and len(self.next) > 1 else self._path()
            yield Pattern(subject, path, self.term())
            while self.word(","):
                yield Pattern(subject, path, self.term())
            if not self.word(";"):
                break
        if self.word(".") and self.next not in ("}", "{") and self.next[:1] in "<?$" and self.next != "":
            yield from self._triples()

    def _path(self) -> Path:
        parts = [self._sequence()]
        while self.word("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else ("|", *parts)

    def _sequence(self) -> Path:
        parts = [self._step()]
        while self.word("/"):
            parts.append(self._step())
        return parts[0] if len(parts) == 1 else ("/", *parts)

    def _step(self) -> Path:
        if self.word("^"):
            return ("^", self._step())
        if self.word("("):
            path = self._path()
            self.expect(")")
        else:
            path = ("iri", self.term())
        return (self.take(), path) if self.next in ("*", "+", "?") else path
