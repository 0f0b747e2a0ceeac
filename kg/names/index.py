"""Every name of every node, arranged so that one is found without reading the others.

`NameIndex` answers as `kg.names.lookup.GraphNames` does on the graph of all names, in a fraction of the time: what is
the same is looked up in an index of folded names; what is misspelt is only compared with names of nearly its length;
other ways of writing a name are keys, looked up too; what is like the text comes from an index of words and their
parts (`kg.names.grams`). It is a small SQLite database: in
memory, or a file that is kept beside the store (`kg.stores.caching`), so that a command finds a name among a hundred
thousand without reading them. SQLite comes with Python and opens in a millisecond; its own full-text search was
rejected, since it ranks by rarity and knows nothing of edits.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal

from kg.model.answers import Node
from kg.model.folding import fold
from kg.model.graphs import KIND_CLASSES
from kg.model.iris import curie
from kg.model.languages import best_tag, common_tag
from kg.model.terms import KG, SKOS
from kg.model.values import plain, text_of
from kg.names.lookup import ASKABLE, Hit, as_iris, best, edits_allowed, like, scored, spelling_forgiven
from kg.names.variants import keys_of_name, keys_of_text
from kg.stores.binding import load_query
from kg.stores.caching import broken, keep
from kg.stores.slices import select

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kg.model.values import Cell
    from kg.names.grams import Grams
    from kg.stores.port import Store

    Ints = npt.NDArray[np.int8]

__all__ = ["NameIndex"]

_KINDS = {KIND_CLASSES[kind]: kind for kind in ASKABLE}
_HOW = {
    SKOS.prefLabel: "label",
    SKOS.altLabel: "alias",
    SKOS.hiddenLabel: "alias",
    KG.examCode: "code",
    SKOS.notation: "code",
}
_SCHEMA = """
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, node INTEGER NOT NULL, how TEXT NOT NULL, name TEXT NOT NULL,
    folded TEXT NOT NULL, length INTEGER NOT NULL);
CREATE TABLE written (key TEXT NOT NULL, how TEXT NOT NULL, name INTEGER NOT NULL);
"""
_INDEXES = """
CREATE UNIQUE INDEX node_iri ON node (iri);
CREATE INDEX node_kind ON node (kind);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_length ON name (length, folded);
CREATE INDEX written_key ON written (key);
"""


class NameIndex:
    """The names of the nodes that can be asked about.

    Nodes are numbered by label, case aside, and then by IRI: their numbers are the order that breaks ties.

    Parameters
    ----------
    database
        As `NameIndex.open` makes it.
    used
        Counts how many claims are about a node, by IRI; called where texts are compared with all names.
    folder
        Where what is derived from the names is kept; None where nothing is.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        used: Callable[[], Mapping[str, int]] = dict,
        folder: Path | None = None,
        lang: str = "",
    ) -> None:
        self._database = database
        self._used = used
        self._folder = folder
        self._lang = lang
        self._by_length: dict[int, tuple[list[str], list[int]]] = {}

    @classmethod
    def open(cls, store: Store, folder: Path | None, lang: str) -> NameIndex:
        """Return the index of a store, from its file where it is kept, else by one query.

        Parameters
        ----------
        folder
            Where indexes of this store are kept; None for memory.
        lang
            Language to prefer for labels; one that is no plain tag is not kept.
        """

        def used() -> dict[str, int]:
            return {str(row["node"]): int(str(row["claims"])) for row in select(store, load_query("used")).dicts()}

        plain_tag = lang.isascii() and lang.replace("-", "").isalnum()
        path = keep(folder, f"names-2-{lang.lower()}.sqlite", lambda to: _write(to, store, lang)) if plain_tag else None
        if path is not None:
            try:
                found = cls(_connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1"), used, folder, lang.lower())
                found._rows("SELECT 1 FROM name LIMIT 1")
                return found
            except sqlite3.Error:
                pass  # not ours, or broken: it is made anew in memory
        database = _connect(":memory:")
        _fill(database, store, lang)
        return cls(database, used)

    def __del__(self) -> None:
        self._database.close()

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        """How many names there are; their rows are numbered from 1."""
        return int(self._rows("SELECT count(*) FROM name")[0][0])

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Return the nodes of these IRIs, by IRI; one that has no name is called by its short form."""
        wanted = [*dict.fromkeys(iris)]
        rows = self._rows("SELECT label, iri, kind FROM node WHERE iri IN (SELECT value FROM json_each(?))", [wanted])
        found = {iri: Node(label, iri, kind) for label, iri, kind in rows}
        return {iri: found.get(iri) or Node(curie(iri), iri) for iri in wanted}

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, by label, case aside, then IRI."""
        rows = self._rows("SELECT label, iri FROM node WHERE kind = ? ORDER BY id", [kind])
        return tuple(Node(label, iri, kind) for label, iri in rows)

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:  # SQLite's cells have any type
        """Return the rows of a query; a list among the values is bound as one text, which ``json_each`` takes apart."""
        bound = [json.dumps(value) if isinstance(value, list) else value for value in values]
        return self._database.execute(query, bound).fetchall()

    def exact(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes that have this name or IRI."""
        among = sorted(kinds)
        rows = self._rows(
            "SELECT label, iri, kind, how, name FROM name JOIN node ON node.id = name.node "
            "WHERE folded = ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY name.id",
            [_storable(fold(text)), among],
        )
        hits = [Hit(Node(label, iri, kind), how, name, scored(how, kind)) for label, iri, kind, how, name in rows]
        rows = self._rows(
            "SELECT label, iri, kind FROM node WHERE iri IN (SELECT value FROM json_each(?)) "
            "AND kind IN (SELECT value FROM json_each(?))",
            [[*as_iris(text, kinds)], among],
        )
        hits += [Hit(Node(label, iri, kind), "iri", iri, scored("iri", kind)) for label, iri, kind in rows]
        return best(hits)

    def misspelt(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names this is a forgivable misspelling."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        wanted = fold(text)
        allowed = edits_allowed(len(wanted))
        if not allowed:
            return ()  # what is the same was found before
        near: dict[int, int] = {}
        for length in range(len(wanted) - allowed, len(wanted) + allowed + 1):  # an edit adds or takes one letter
            most = min(allowed, edits_allowed(length))
            folded, ids = self._of_length(length) if most else ([], [])
            for _, edits, at in process.extract(wanted, folded, scorer=OSA.distance, score_cutoff=most, limit=None):
                near[ids[at]] = int(edits)
        return best(
            Hit(n, "spelling", name, scored("spelling", n.kind, near[number] / len(wanted)))
            for number, n, name in self._named(near, kinds)
            if spelling_forgiven(text, name)
        )

    def written(self, text: str, kinds: Collection[str]) -> tuple[Hit, ...]:
        """Return the nodes of whose names the text is another way of writing."""
        asked = {("", fold(text)), *keys_of_text(text, self._providers.items())}
        rows = self._rows(
            "SELECT label, iri, kind, written.how, key, name.name FROM written JOIN name ON name.id = written.name "
            "JOIN node ON node.id = name.node WHERE key IN (SELECT value FROM json_each(?)) ORDER BY name.id",
            [[_storable(key) for key in sorted({key for _, key in asked})]],
        )
        return best(
            Hit(Node(label, iri, kind), how, name, scored(how, kind))
            for label, iri, kind, how, key, name in rows
            if kind in kinds and ((how, key) in asked or (how in ("code", "name and alias") and ("", key) in asked))
        )

    @cached_property
    def _providers(self) -> dict[str, list[str]]:
        """Who issues certifications: names by IRI."""
        found: dict[str, list[str]] = {}
        for iri, name in self._rows(
            "SELECT iri, name FROM name JOIN node ON node.id = name.node WHERE kind = 'provider' ORDER BY name.id"
        ):
            found.setdefault(iri, []).append(name)
        return found

    def _of_length(self, length: int) -> tuple[list[str], list[int]]:
        """Return the folded names of a length, and the numbers of their rows."""
        if length not in self._by_length:
            rows = self._rows("SELECT folded, id FROM name WHERE length = ?", [length])
            self._by_length[length] = [name for name, _ in rows], [number for _, number in rows]
        return self._by_length[length]

    def _named(self, ids: Iterable[int], kinds: Collection[str]) -> Iterator[tuple[int, Node, str]]:
        """Yield number, node and name of rows, in their order, where the node is of a kind asked for."""
        for number, label, iri, kind, name in self._rows(
            "SELECT name.id, label, iri, kind, name FROM name JOIN node ON node.id = name.node "
            "WHERE name.id IN (SELECT value FROM json_each(?)) ORDER BY name.id",
            [sorted(ids)],
        ):
            if kind in kinds:
                yield number, Node(label, iri, kind), name

    def close(self, text: str, kinds: Collection[str], limit: int) -> tuple[Hit, ...]:
        """Return the nodes with a name that is like the text."""
        grams, kind_of = self._grams
        ranked = grams.ranked(text, limit + 1, _is_one_of(kind_of, kinds))
        named = {
            number: (Node(label, iri, kind), name)
            for number, label, iri, kind, name in self._rows(
                "SELECT name.id, label, iri, kind, name FROM name JOIN node ON node.id = name.node "
                "WHERE name.id IN (SELECT value FROM json_each(?))",
                [[found.name + 1 for found in ranked]],
            )
        }
        return like(ranked, [named[found.name + 1] for found in ranked], limit)

    @cached_property
    def _grams(self) -> tuple[Grams, Ints]:
        """The words of all names, by the numbers of nodes and names less one; and the kind of each node."""
        import numpy as np

        from kg.names.grams import Grams

        kinds = self._rows("SELECT kind FROM node ORDER BY id")
        kind_of = np.array([ASKABLE.index(kind) for (kind,) in kinds], dtype=np.int8)

        def read() -> Grams:
            names: list[list[str]] = [[] for _ in kinds]
            for node, name in self._rows("SELECT node, name FROM name ORDER BY id"):
                names[node - 1].append(name)
            used = self._used()
            return Grams.of(names, [used.get(iri, 0) for (iri,) in self._rows("SELECT iri FROM node ORDER BY id")])

        path = keep(self._folder, f"grams-1-{self._lang}.npz", lambda to: read().save(to))
        if path is not None:
            try:
                return Grams.load(path), kind_of
            except broken():
                pass  # not ours, or broken: it is made anew in memory
        return read(), kind_of


def _is_one_of(kind_of: Ints, kinds: Collection[str]) -> npt.NDArray[np.bool_] | None:
    import numpy as np

    return None if {*ASKABLE} <= {*kinds} else np.isin(kind_of, [ASKABLE.index(kind) for kind in kinds])


def _storable(text: str) -> str:
    """Return a text that SQLite takes: half a surrogate pair, which no name has, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _connect(database: str) -> sqlite3.Connection:
    # The index is only read once it is filled, which is safe from any thread; SQLite is built to serialise it.
    return sqlite3.connect(database, uri=database.startswith("file:"), check_same_thread=False)


def _write(path: Path, store: Store, lang: str) -> None:
    """Write the index to a file; nothing is lost if it breaks off, so that nothing need be synchronised on the way."""
    database = _connect(str(path))
    try:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        _fill(database, store, lang)
    except sqlite3.OperationalError as error:  # the disk is full, or not to be written
        raise OSError(str(error)) from error
    finally:
        database.close()


def _fill(database: sqlite3.Connection, store: Store, lang: str) -> None:
    """Fill an empty database with the names of a store."""
    database.executescript(_SCHEMA)
    nodes = sorted(_read(store, lang), key=lambda found: (found.label.casefold(), found.iri))
    providers = {found.iri: [name for _, name in found.names] for found in nodes if found.kind == "provider"}
    numbered = [
        (number, node, one, *named)
        for number, (node, one, named) in enumerate(
            ((node, one, named) for node, one in enumerate(nodes, start=1) for named in one.names), start=1
        )
    ]
    with database:
        database.executemany(
            "INSERT INTO node VALUES (?, ?, ?, ?)",
            ((number, one.iri, one.kind, one.label) for number, one in enumerate(nodes, start=1)),
        )
        database.executemany(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?)",
            ((number, node, how, name, fold(name), len(fold(name))) for number, node, _, how, name in numbered),
        )
        database.executemany(
            "INSERT INTO written VALUES (?, ?, ?)",
            (
                (key, written, number)
                for number, _, one, how, name in numbered
                for written, key in keys_of_name(one.kind, how, name, one.issuer, providers.get(one.issuer, ()))
            ),
        )
    database.executescript(_INDEXES)


class _Named(NamedTuple):
    """A node with its names, its label first: how each is meant, and the name."""

    iri: str
    label: str
    kind: str
    issuer: str
    names: list[tuple[str, str]]


def _read(store: Store, lang: str) -> Iterator[_Named]:
    """Yield every node with its names in every language, its label by the rules of `kg.model.graphs.read_graph`."""
    classes: dict[str, set[str]] = defaultdict(set)
    names: dict[str, dict[str, set[Cell]]] = defaultdict(lambda: defaultdict(set))
    issuers: dict[str, set[str]] = defaultdict(set)
    rows: Any = select(store, load_query("names")).rows  # a cell is a term, or None
    for node, cls, relation, name in rows:
        if cls is not None:
            classes[text_of(node)].add(cls.value)
        elif relation.value == KG.issuedBy:
            issuers[text_of(node)].add(text_of(name))
        else:
            names[text_of(node)][_HOW[relation.value]].add(name)
    fallback = common_tag(({_tag(term) for term in names[iri]["label"]} for iri in classes), lang)
    for iri, by_how in names.items():
        if iri not in classes:
            continue
        labels = by_how["label"]
        shown = best_tag({_tag(term) for term in labels}, lang, fallback)
        own = sorted({str(plain(term)) for term in labels if _tag(term) == shown})
        label = own[0] if own else curie(iri)
        found = [("label", label)]
        found += [("other language", text) for text in sorted({str(plain(term)) for term in labels} - {label})]
        found += [(how, text) for how in ("code", "alias") for text in sorted({str(plain(n)) for n in by_how[how]})]
        kind = min((cls, _KINDS[cls]) for cls in classes[iri])[1]
        yield _Named(iri, label, kind, min(issuers[iri], default=""), found)


def _tag(term: Any) -> str | None:  # a term of any kind, as a store holds it
    return term.language if isinstance(term, Literal) else None
