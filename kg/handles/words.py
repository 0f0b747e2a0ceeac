"""What is said of roles in words, counted: two sparse matrices, role × word.

One counts the words of what a role works on (O*NET's task statements), the other those and the words of its label, its
aliases and its definition. Words are folded runs of three or more letters; none is left out as too common, since what
everybody says weighs nothing in the end (`kg.algorithms.similarity`, tfidf). The counts are made once for each
generation of a store and kept beside it. numpy and scipy are imported where they are used.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.algorithms.matrix import Matrix, RoleMatrix
from kg.model.graphs import Graph, choose_language
from kg.model.terms import KG
from kg.stores.binding import load_query
from kg.stores.caching import keep, kept_in
from kg.stores.slices import select

if TYPE_CHECKING:
    from kg.stores.port import Store

__all__ = ["RoleWords", "words_of"]

_WORD = re.compile(r"[^\W\d_]{3,}")
_TASKS, _OTHER = 0, 1
_FILE = "words-1-{lang}.npz"


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in its order.

    Examples
    --------
    >>> words_of("Écrit des programmes en C++, et les teste.")
    ['écrit', 'des', 'programmes', 'les', 'teste']
    """
    return _WORD.findall(text.casefold())


@dataclass(frozen=True, eq=False)
class RoleWords:
    """How often words occur in what is said of roles.

    Attributes
    ----------
    roles, words
        IRIs and words, sorted.
    tasks, everything
        ``scipy.sparse.csr_array`` of counts, roles × words: in the labels of what the role works on; and in all that
        is said of it.
    knowledge
        IRIs of the skills that their source calls knowledge, sorted.
    """

    roles: tuple[str, ...]
    words: tuple[str, ...]
    tasks: Matrix
    everything: Matrix
    knowledge: tuple[str, ...]

    @classmethod
    def of(cls, asked: Store | Graph, lang: str = "en") -> RoleWords:
        """Return the words of a store, from the file that is kept beside it or else by one SELECT, or of a graph."""
        if hasattr(asked, "out_edges"):
            return cls._of_graph(asked)  # type: ignore[arg-type]  # what has edges is a graph
        store: Store = asked
        made: list[RoleWords] = []

        def write(path: Path) -> None:
            made.append(cls._of_store(store, lang))
            made[0].save(path)

        path = keep(kept_in(store), _FILE.format(lang=re.sub(r"[^A-Za-z0-9-]", "", lang)[:20]), write)
        if path is not None and not made:
            try:
                return cls.load(path)
            except (OSError, ValueError, KeyError):
                pass  # not ours, or broken: it is read anew
        return made[0] if made else cls._of_store(store, lang)

    @classmethod
    def _of_store(cls, store: Store, lang: str) -> RoleWords:
        rows: Any = select(store, load_query("role_texts")).rows  # the query asks for IRIs and literals
        literals: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for role, part, text in rows:
            literals[role.value, part.value].append(text)
        texts = (
            (role, _TASKS if part == KG.worksOn else _OTHER, literal.value)
            for (role, part), found in literals.items()
            for literal in choose_language(found, lang)
        )
        known: Any = select(store, load_query("knowledge")).rows  # as above
        return cls.count(texts, (row[0].value for row in known))

    @classmethod
    def _of_graph(cls, graph: Graph) -> RoleWords:
        def texts() -> Iterable[tuple[str, int, str]]:
            for iri, data in graph.nodes.items():
                if data.get("kind") != "role":
                    continue
                for name in ("label", "aliases", "definition"):
                    said = data.get(name, ())
                    yield from ((iri, _OTHER, text) for text in ((said,) if isinstance(said, str) else said))
                edges = graph.out_edges(iri, keys=True, data=True)
                worked_on = {graph.nodes[e[1]].get("label", "") for e in edges if e[3].get("relation") == "worksOn"}
                yield from ((iri, _TASKS, label) for label in sorted(worked_on))

        known = (iri for iri, data in graph.nodes.items() if data.get("skillType") == "knowledge")
        return cls.count(texts(), known)

    @classmethod
    def count(cls, texts: Iterable[tuple[str, int, str]], knowledge: Iterable[str] = ()) -> RoleWords:
        """Return the counts of (role, whether it is a task (0) or another part (1), text), in any order."""
        counts: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
        for role, part, text in texts:
            counts[role][part].update(words_of(text))
        roles = tuple(sorted(counts))
        words = tuple(sorted({word for both in counts.values() for part in both for word in part}))
        place = {word: at for at, word in enumerate(words)}
        tasks = [counts[role][_TASKS] for role in roles]
        everything = [counts[role][_TASKS] + counts[role][_OTHER] for role in roles]
        return cls(roles, words, _matrix(tasks, place), _matrix(everything, place), tuple(sorted({*knowledge})))

    def weighed(self, *, tasks_only: bool) -> RoleMatrix:
        """Return the counts as weights: 1 + ln of how often, so that what is said ten times does not count tenfold.

        References
        ----------
        C. D. Manning, P. Raghavan and H. Schütze, Introduction to Information Retrieval (2008), section 6.4.1:
        sublinear scaling of term frequencies.
        """
        import numpy as np

        counts = self.tasks if tasks_only else self.everything
        weights = counts.astype(np.float64)
        weights.data = 1.0 + np.log(weights.data)
        return RoleMatrix(self.roles, self.words, weights)

    def save(self, path: Path) -> None:
        """Write the counts to a file of numpy's; names are kept as one text, a line each."""
        import numpy as np

        texts = {name: getattr(self, name) for name in ("roles", "words", "knowledge")}
        columns: dict[str, Any] = {}  # arrays of several types
        for name, value in texts.items():
            columns[name] = np.frombuffer("\n".join(value).encode(), dtype=np.uint8)
        for name in ("tasks", "everything"):
            matrix = getattr(self, name)
            columns |= {f"{name}_{part}": getattr(matrix, part) for part in ("data", "indices", "indptr")}
        with path.open("wb") as file:
            np.savez(file, **columns)

    @classmethod
    def load(cls, path: Path) -> RoleWords:
        """Read what `save` wrote."""
        import numpy as np
        from scipy.sparse import csr_array

        with np.load(path, allow_pickle=False) as found:
            columns = {name: found[name] for name in found.files}
        roles, words, knowledge = (_lines(columns[name]) for name in ("roles", "words", "knowledge"))

        def matrix(name: str) -> Matrix:
            parts = tuple(columns[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
            return csr_array(parts, shape=(len(roles), len(words)))

        return cls(roles, words, matrix("tasks"), matrix("everything"), knowledge)


def _lines(column: Any) -> tuple[str, ...]:  # an array of bytes
    text = column.tobytes().decode()
    return tuple(text.split("\n")) if text else ()


def _matrix(rows: list[Counter[str]], place: dict[str, int]) -> Matrix:
    import numpy as np
    from scipy.sparse import csr_array

    ordered = [sorted(row) for row in rows]  # the words are sorted too, so that the positions ascend in each row
    columns = np.fromiter((place[word] for line in ordered for word in line), dtype=np.int32)
    data = np.fromiter((row[word] for row, line in zip(rows, ordered, strict=True) for word in line), dtype=np.int32)
    starts = np.cumsum([0, *map(len, ordered)])
    return csr_array((data, columns, starts), shape=(len(rows), len(place)))
