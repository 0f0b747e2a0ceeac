"""The query library with values filled in, so that each query of a page can be run at once.

The values are those a newcomer of the shipped dataset knows, such as AI Engineer and Python; in another dataset, the
first of their kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad

from kg.engine.library import Ready, library
from kg.model.statements import Value
from kg.model.terms import BASE, KG, PREFIXES, RDF
from kg.stores.binding import bind

__all__ = ["Example", "examples", "ready"]

GROUPS = ("Ready to run", "Answers about something", "What a question reads")
_SEVERAL = ("disagree", "opens", "overlap", "path", "similar")
_DECLARED = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>\s*\n", re.MULTILINE)


class Example(NamedTuple):
    """A query of the library, ready to run."""

    name: str
    group: str
    says: str
    text: str


def examples(quads: Iterable[Quad]) -> tuple[Example, ...]:
    """Return the queries of the library with values of a dataset, those first that need none.

    Examples
    --------
    >>> import kg
    >>> found = {query.name: query for query in examples(kg.open().store.quads())}
    >>> found["list-answer"].says
    'Every node of one class, by label: ?node ?label.'
    >>> "VALUES ?class { <https://w3id.org/career-kg/ontology#Certification> }" in found["list-answer"].text
    True
    """
    values = _values(quads)
    found = []
    for query in library():
        question = query.name.removesuffix("-answer")
        chosen = {row: values[row] for row in query.needs if row in values}
        if question not in _SEVERAL:
            chosen = {row: terms[:1] if row in ("role", "node") else terms for row, terms in chosen.items()}
        text = bind(query.text, **chosen, **dict.fromkeys({*query.takes, *query.needs} - chosen.keys()))
        found.append(Example(query.name, _group(query), query.says, _bare(text)))
    return tuple(sorted(found, key=lambda query: (GROUPS.index(query.group), query.name)))


def ready() -> tuple[Example, ...]:
    """Return the queries of the library that need no value."""
    found = [q for q in library() if not q.needs]
    chosen = [Example(q.name, _group(q), q.says, _bare(bind(q.text, **dict.fromkeys(q.takes)))) for q in found]
    return tuple(sorted(chosen, key=lambda query: (GROUPS.index(query.group), query.name)))


def _group(query: Ready) -> str:
    if query.name.endswith("-answer"):
        return GROUPS[1]
    return GROUPS[0] if query.form == "SELECT" and not query.needs else GROUPS[2]


def _bare(text: str) -> str:
    """Return a query without the comment it opens with, the prefixes that are known anyway, and the gaps they leave."""
    body = _DECLARED.sub(lambda match: "" if PREFIXES.get(match[1]) == match[2] else match[0], text)
    lines = [line.rstrip() for line in body.splitlines() if line.strip()]
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    return "\n".join(lines) + "\n"


def _values(quads: Iterable[Quad]) -> dict[str, list[str | Value]]:
    """Return values for the open rows of queries, by the name of the row."""
    by_class: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == RDF.type and isinstance(quad.subject, NamedNode):
            by_class.setdefault(str(getattr(quad.object, "value", "")), set()).add(quad.subject.value)
    roles = _two(by_class.get(KG.Role, ()), "role/ai-engineer", "role/machine-learning-engineer")
    items = _two(by_class.get(KG.Skill, set()) | by_class.get(KG.Tool, set()), "tool/python", "tool/sql")
    found: dict[str, list[str | Value]] = dict.fromkeys(("role", "node"), roles)
    found |= dict.fromkeys(("left", "subject", "object"), roles[:1])
    found |= dict.fromkeys(("item", "held"), items)
    found["source"] = _two(by_class.get(KG.Source, ()), "source/article")[:1]
    found |= {"class": [KG.Certification], "relation": [KG.leadsTo], "text": [Value.of("Python")]}
    return found


def _two(iris: Iterable[str], *wanted: str) -> list[str | Value]:
    """Return two IRIs: those wanted where they are there, else the first."""
    there = sorted(iris)
    return [*([BASE + name for name in wanted if BASE + name in there] + there)[:2]]
