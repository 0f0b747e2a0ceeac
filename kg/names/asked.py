"""Names on an endpoint: asked for by bounded queries, never read as a whole.

`AskedNames` sends the folded texts and gets the nodes that are called so, with all their names; which of those are
meant is then decided here, as everywhere else. The query folds names as `kg.model.folding.fold` does, but for rare
letters (ligatures, full width, accents on other scripts). Where it finds nothing, it asks for the nodes whose names
have most pieces of the text, some hundred at most, and reads the text by those: a slip of the finger leaves half of a
word whole, and initials are asked for as the beginnings of words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from pyoxigraph import NamedNode

from kg.model.answers import Node
from kg.model.folding import fold
from kg.model.graphs import KIND_CLASSES, Attributes, ClaimGraph, Graph
from kg.model.statements import Value
from kg.model.terms import DATASET
from kg.names.graph_names import GraphNames
from kg.names.lookup import ASKABLE, Hit, as_iris
from kg.names.variants import version_of
from kg.names.words import is_code, telling

__all__ = ["AskedNames"]


class AskedNames:
    """Where names are looked up on an endpoint.

    Parameters
    ----------
    slice_of
        Delivers a slice by the name of its query (`kg.handles.handle.KnowledgeGraph.slice`).
    """

    def __init__(self, slice_of: Callable[..., Graph]) -> None:
        self._slice_of = slice_of
        self._found: dict[str, GraphNames] = {}
        self._near: dict[str, GraphNames] = {}
        self.about: Attributes | None = None
        """What the dataset says of itself, once any name has been asked for."""

    def expect(self, texts: Iterable[str]) -> None:
        """Ask for several names at once, of which each will be looked up."""
        wanted = [text for text in dict.fromkeys(texts) if text not in self._found and fold(text)]
        if not wanted:
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
        return asked.exact(text, kinds) if asked else ()

    def written(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names the text is another way of writing."""
        return self._like(text).written(text, kinds)

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""
        return self._like(text).misspelt(text, kinds)

    def close(self, text: str, kinds: Collection[str], limit: int) -> tuple[Hit, ...]:
        """Return the nodes with a name that is like the text, of those that have most pieces of it."""
        return self._like(text).close(text, kinds, limit)

    def _like(self, text: str) -> GraphNames:
        """Return the names of the nodes that have most pieces of a text among theirs."""
        if text not in self._near:
            pieces = _pieces(text)
            found = self._slice_of("near", piece=map(Value.of, pieces)) if pieces else ClaimGraph({}, ())
            self._near[text] = GraphNames(found)
        return self._near[text]

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of these IRIs, by IRI; one that has no name is called by its short form."""
        wanted = [*iris]
        return GraphNames(self._slice_of("find", node=wanted)).nodes(wanted) if wanted else {}

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, by label, case aside, then IRI."""
        return GraphNames(self._slice_of("list", **{"class": [KIND_CLASSES[kind]]})).of_kind(kind)


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _pieces(text: str) -> list[str]:
    """Return regular expressions of which a name that is meant by a text matches some, whatever letter is wrong.

    Examples
    --------
    >>> _pieces("ML Engneer"), _pieces("COF-C02")
    (['ml', '(^|[^a-z])m[a-z]*[^a-z]+l', 'engn', 'eer', 'eng.{1,4}er'], ['cof-c'])
    """
    if version := version_of(text):
        return [version.series.casefold()]
    found: list[str] = []
    for word in telling(text):
        half = (len(word) + 1) // 2
        around = f"{word[: half - 1]}.{{1,4}}{word[half + 1 :]}"  # where two letters of the middle change places
        parts = [word] if is_code(word) else [word[:half], word[half:], around]
        found += [part.replace("+", "[+]") for part in parts]
        if word.isascii() and word.isalpha() and len(word) < 7:
            found.append("(^|[^a-z])" + "[a-z]*[^a-z]+".join(word))
    return [*dict.fromkeys(found)]
