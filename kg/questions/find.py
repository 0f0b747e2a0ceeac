"""`find`: which node does a text mean?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sys import maxsize
from typing import ClassVar, Literal

from kg.handles.asking import ask, check_choice, question
from kg.handles.handle import Handle
from kg.model.answers import Answer
from kg.model.columns import IRI, KIND, SHARE, TEXT, Column, one_of
from kg.model.errors import BadInput, hide_secrets
from kg.model.graphs import ClaimGraph, Graph
from kg.names.lookup import ASKABLE, MATCHES, Hit, find_nodes

__all__ = ["Find", "find"]

Kind = Literal["role", "skill", "tool", "certification", "provider", "activity"]


@dataclass(frozen=True)
class Find(Answer):
    """The nodes a text may mean, best first."""

    text: str
    hits: tuple[Hit, ...]

    columns: ClassVar = (
        Column("iri", IRI, "the node", lambda hit: hit.node.iri),
        Column("label", TEXT, "its name", lambda hit: hit.node.label),
        Column("kind", KIND, "its kind", lambda hit: hit.node.kind),
        Column("match", one_of(*MATCHES), "how it answers to the text", lambda hit: hit.match),
        Column("name", TEXT, "the name of it that does", lambda hit: hit.name, "by its name"),
        Column("score", SHARE, "how often such a match was right", lambda hit: round(hit.score, 4)),
    )
    in_text: ClassVar = ("label", "kind", "match", "name", "iri")

    def __str__(self) -> str:
        if not self.hits:
            return f'Nothing answers to "{self.text}", and nothing is close.'
        best = self.hits[0]
        named = f"{best.node.label} ({best.node.kind})"
        if best.match in ("words inside", "close"):
            return f'Nothing is called "{self.text}". Closest: {named}.'
        if best.match == "spelling" and len(self.hits) > 1:
            return f'Nothing is called "{self.text}", which {len(self.hits)} nodes are spelt like. First: {named}.'
        if len(self.hits) > 1:
            return f'"{self.text}" is a name of {len(self.hits)} nodes.'
        return f'"{self.text}" is {named}.'

    def entries(self) -> tuple[Hit, ...]:
        """Return the hits."""
        return self.hits

    @property
    def yes(self) -> bool:
        """Whether something was found, be it only close."""
        return bool(self.hits)


@question
def find(
    g: Handle | Graph, text: str, *, kind: Sequence[Kind] = (), limit: int = 10, source: Sequence[str] = ()
) -> Find:
    """Which node does a text mean?

    Names are compared without case, accents and punctuation: labels in every language, aliases, codes, IRIs. Where none
    matches, other ways of writing a name are tried (NAME (ALIAS), a certification without its provider, initials,
    another version of an exam), then small misspellings, never of a code. Where that fails too, the names are listed
    that are like the text: those with its words first, then those with parts of them.

    Parameters
    ----------
    text
        What to look for, such as "sklearn" or "AIP-C01".
    kind
        Only nodes of these kinds.
    limit
        At most so many nodes, one or more.
    source
        Only nodes that these sources say something about, by short id, such as article or esco-111.

    Returns
    -------
    Find
        The hits, best first; empty where nothing is even close.

    Raises
    ------
    BadInput
        The limit is below 1, or a kind or source is none.

    Examples
    --------
    >>> import kg
    >>> print(kg.find(kg.open(), "sklearn"))
    "sklearn" is scikit-learn (tool).
    """
    if limit < 1:
        raise BadInput(f"--limit {limit} leaves nothing to show. Give 1 or more.")
    check_choice(kind, ASKABLE, 'No kind "{value}". Kinds: {among}. Use one of these.')
    asked = ask(g, text=text, kind=kind, limit=limit, source=source)
    said = asked.handle.said_by(asked.sources) if asked.sources else None
    found = find_nodes(asked.handle.index, text, kinds=tuple(kind) or ASKABLE, limit=limit if said is None else maxsize)
    hits = tuple(hit for hit in found if said is None or hit.node.iri in said)[:limit]
    graph = asked.slice("find", node=[hit.node.iri for hit in hits]) if hits else ClaimGraph({}, ())
    return Find(hide_secrets(text), hits, context=asked.context(graph))
