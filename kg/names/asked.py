"""Names on an endpoint: asked for by one bounded query, never read as a whole where a text is a name.

`AskedNames` sends the folded texts and gets the nodes that are called so, with all their names; which of those are
meant is then decided here, as everywhere else. The query folds names as `kg.model.folding.fold` does, but for rare
letters (ligatures, full width, accents on other scripts): where it finds nothing, all names are read after all, once,
since a misspelling can only be told from them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property

from pyoxigraph import NamedNode

from kg.model.answers import Node
from kg.model.folding import fold
from kg.model.graphs import KIND_CLASSES, Attributes, Graph
from kg.model.statements import Value
from kg.model.terms import DATASET
from kg.names.lookup import ASKABLE, GraphNames, Hit, Names, as_iris

__all__ = ["AskedNames"]


class AskedNames:
    """Where names are looked up on an endpoint.

    Parameters
    ----------
    slice_of
        Delivers a slice by the name of its query (`kg.handles.handle.KnowledgeGraph.slice`).
    every
        Reads every name; called only where a text is none.
    """

    def __init__(self, slice_of: Callable[..., Graph], every: Callable[[], Names]) -> None:
        self._slice_of = slice_of
        self._read_every = every
        self._found: dict[str, GraphNames] = {}
        self.about: Attributes | None = None
        """What the dataset says of itself, once any name has been asked for."""

    @cached_property
    def _every(self) -> Names:
        return self._read_every()

    def expect(self, texts: Iterable[str]) -> None:
        """Ask for several names at once, of which each will be looked up."""
        wanted = [text for text in dict.fromkeys(texts) if text not in self._found and fold(text)]
        if not wanted or "_every" in self.__dict__:
            return
        iris = {iri for text in wanted for iri in as_iris(text, ASKABLE) if _is_iri(iri)}
        folded = {"", *map(fold, wanted)}  # with "" never one alone, on which Virtuoso 7.2 stumbles
        found = self._slice_of("called", iri=[DATASET, *iris], folded=map(Value.of, folded))
        self.about = found.nodes.get(DATASET, {})
        self._found |= dict.fromkeys(wanted, GraphNames(found))

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name or IRI."""
        if not fold(text):
            return ()
        self.expect([text])
        asked = self._found.get(text)
        return (asked.exact(text, kinds) if asked else ()) or self._every.exact(text, kinds)

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""
        return self._every.misspelt(text, kinds)

    def close(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes with a name that resembles the text."""
        return self._every.close(text, kinds)

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of these IRIs, by IRI; one that has no name is called by its short form."""
        wanted = [*iris]
        if "_every" in self.__dict__:
            return self._every.nodes(wanted)
        return GraphNames(self._slice_of("find", node=wanted)).nodes(wanted) if wanted else {}

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, by label, case aside, then IRI."""
        if "_every" in self.__dict__:
            return self._every.of_kind(kind)
        return GraphNames(self._slice_of("list", **{"class": [KIND_CLASSES[kind]]})).of_kind(kind)


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
