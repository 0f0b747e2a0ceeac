"""Every claim that whole-graph questions read, as arrays of numbers.

A slice is right for a question about two roles. A question about all of them would turn a hundred thousand claims into
objects and back, so one SELECT delivers them as rows of terms, and `ClaimTable` keeps them as numbers: a position for
each node, relation, source and scale. The table is made once for each generation of a store and kept beside it
(`kg.stores.caching`); the sparse matrices and the network of hops are read off it. A networkx graph gives the same
table from its edges. numpy is imported where it is used, since it takes longer than answering most questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.algorithms.matrix import encoded
from kg.model.graphs import Graph, local_name
from kg.model.scales import ENDS, Ends, ends_of
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import DCTERMS, KG, RDF
from kg.model.values import Cell, Table, plain
from kg.stores.binding import bind, load_query
from kg.stores.caching import broken, keep, kept_in
from kg.stores.slices import read_slice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kg.stores.port import Store
    from kg.stores.snapshot import Snapshot

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

__all__ = ["RELATIONS", "ClaimTable"]

#: The relations that the table has, by local name: all that are claimed.
RELATIONS = {local_name(iri): iri for iri in CLAIM_CLASSES}
_FILE = "claims-2.npz"


@dataclass(frozen=True, eq=False)
class ClaimTable:
    """Claims, one position a claim; what several graphs state alike may come several times.

    Attributes
    ----------
    nodes, sources, scales
        IRIs, sorted; ``relations`` are local names, sorted. The arrays below hold positions in them.
    ends
        Of each scale the lowest and the highest number; NaN where they are not known.
    essential
        1 essential, 0 optional, −1 where the source draws no such line.
    importance, level
        NaN where the claim has none; then its scale is −1.
    """

    nodes: tuple[str, ...]
    relations: tuple[str, ...]
    sources: tuple[str, ...]
    scales: tuple[str, ...]
    ends: Floats
    subject: Ints
    relation: Ints
    object: Ints
    source: Ints
    essential: Ints
    importance: Floats
    importance_scale: Ints
    level: Floats
    level_scale: Ints

    def __len__(self) -> int:
        return len(self.subject)

    @classmethod
    def of(cls, asked: Store | Graph) -> ClaimTable:
        """Return the claims of a store, from the file that is kept beside it or else by one SELECT, or of a graph."""
        if hasattr(asked, "out_edges"):
            return cls._of_graph(asked)  # type: ignore[arg-type]  # a store has no edges
        store = asked
        made: list[ClaimTable] = []

        def write(path: Path) -> None:
            made.append(cls._of_store(store))
            made[0].save(path)

        path = keep(kept_in(store), _FILE, write)
        if path is not None and not made:
            try:
                return cls.load(path)
            except broken():
                pass  # not ours, or broken: it is read anew
        return made[0] if made else cls._of_store(store)

    @classmethod
    def _of_snapshot(cls, snapshot: Snapshot) -> ClaimTable:
        """Return the claims of a snapshot: the rows of `claims.rq`, joined as arrays."""
        import numpy as np

        def pairs(iri: str) -> tuple[Any, Any]:  # two arrays
            """Return subject and object of each triple with a predicate, each once, by subject."""
            rows = np.flatnonzero(snapshot.predicates == snapshot.node(iri))
            both = np.stack([snapshot.subjects[rows], snapshot.objects[rows]], axis=1)
            fresh = np.ones(len(both), dtype=bool)
            fresh[1:] = (both[1:] != both[:-1]).any(axis=1)  # what several graphs state stands side by side
            return both[fresh, 0], both[fresh, 1]

        def joined(claims: Any, subjects: Any, *values: Any, optional: bool = False) -> tuple[Any, ...]:  # arrays
            """Return, for each claim that has a value, its place and the values; −1 for none where it may have none."""
            first, last = np.searchsorted(subjects, claims, "left"), np.searchsorted(subjects, claims, "right")
            times = np.maximum(last - first, 1) if optional else last - first
            place = np.repeat(np.arange(len(claims)), times)
            at = np.repeat(first, times) + np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
            found = np.repeat(last > first, times)
            none = np.int32(-1)
            return place, *(
                np.where(found, each[np.where(found, at, 0)] if len(each) else none, none) for each in values
            )

        claims, relation = pairs(RDF.predicate)
        known = np.isin(relation, snapshot.nodes(RELATIONS.values()))
        columns = [claims[known], relation[known]]

        def add(subjects: Any, *values: Any, optional: bool = False) -> None:  # arrays
            place, *found = joined(columns[0], subjects, *values, optional=optional)
            columns[:] = [*(column[place] for column in columns), *found]

        for iri in (RDF.subject, RDF.object, DCTERMS.source):
            add(*pairs(iri))
        add(*pairs(KG.essential), optional=True)
        for rating, scale in ((KG.importance, KG.importanceScale), (KG.level, KG.levelScale)):
            rated, numbers = pairs(rating)
            place, scales = joined(rated, *pairs(scale))
            add(rated[place], numbers[place], scales, optional=True)

        def spelt(column: Any, read: Callable[[int], Any]) -> list[Any]:  # an array; what is read of a term
            """Return what is read of each term of a column, −1 being None; each different term is read once."""
            terms, positions = np.unique(column, return_inverse=True)
            read_once = [None if term < 0 else read(term) for term in terms.tolist()]
            return [read_once[at] for at in positions.tolist()]

        def text(term: int) -> str:
            return str(snapshot.term(term).value)

        _, relation, subject, target, source, essential, importance, importance_scale, level, level_scale = columns
        return cls.read(
            spelt(subject, text),
            spelt(relation, lambda term: local_name(text(term))),
            spelt(target, text),
            spelt(source, text),
            spelt(essential, lambda term: plain(snapshot.term(term)) is not False),
            [
                *zip(
                    *(spelt(importance, lambda t: _number(snapshot.term(t))), spelt(importance_scale, text)),
                    strict=True,
                )
            ],
            [*zip(*(spelt(level, lambda t: _number(snapshot.term(t))), spelt(level_scale, text)), strict=True)],
            _ends(read_slice(load_query("scales")).table(snapshot)),
        )

    @classmethod
    def _of_store(cls, store: Store) -> ClaimTable:
        make = getattr(store, "made_snapshot", None)
        snapshot = None if make is None else make()
        if snapshot is not None:
            return cls._of_snapshot(snapshot)
        rows: Any = store.select(bind(load_query("claims"), relation=RELATIONS.values())).rows  # terms of any kind
        return cls.read(
            [row[0].value for row in rows],
            [local_name(row[1].value) for row in rows],
            [row[2].value for row in rows],
            [row[3].value for row in rows],
            [None if row[4] is None else plain(row[4]) is not False for row in rows],
            [(_number(row[5]), _iri(row[6])) for row in rows],
            [(_number(row[7]), _iri(row[8])) for row in rows],
            _ends(store.select(load_query("scales"))),
        )

    @classmethod
    def _of_graph(cls, graph: Graph) -> ClaimTable:
        edges = [edge for iri in graph.nodes for edge in graph.out_edges(iri, keys=True, data=True)]
        edges = [edge for edge in edges if edge[3].get("relation") in RELATIONS]
        said = [data for *_, data in edges]
        scales = {str(data[name]) for data in said for name in ("importanceScale", "levelScale") if data.get(name)}
        return cls.read(
            [edge[0] for edge in edges],
            [data["relation"] for data in said],
            [edge[1] for edge in edges],
            [data.get("source", "") for data in said],
            [data.get("essential") for data in said],
            [(data.get("importance"), data.get("importanceScale")) for data in said],
            [(data.get("level"), data.get("levelScale")) for data in said],
            {scale: ends for scale in scales if (ends := ends_of(graph, scale))},
        )

    @classmethod
    def read(
        cls,
        subjects: Sequence[str],
        relations: Sequence[str],
        objects: Sequence[str],
        sources: Sequence[str],
        essential: Sequence[bool | None],
        importance: Sequence[tuple[float | None, str | None]],
        level: Sequence[tuple[float | None, str | None]],
        ends: Mapping[str, Ends],
    ) -> ClaimTable:
        """Return the table of columns, one position a claim, in any order; a rating is a number with its scale."""
        import numpy as np

        size = len(subjects)
        nodes, both = encoded([*subjects, *objects])
        relation_names, relation = encoded(relations)
        source_names, source = encoded(sources)
        rated = [name if name and value is not None else "" for value, name in (*importance, *level)]
        scales, scale = encoded(["", *rated])  # the empty name sorts first, and so becomes −1
        values = [value if name else None for (value, _), name in zip((*importance, *level), rated, strict=True)]
        numbers = np.array(values, dtype=np.float64)  # None becomes NaN
        known = [ends.get(name, Ends(np.nan, np.nan)) for name in scales[1:]]
        return cls(
            nodes,
            relation_names,
            source_names,
            scales[1:],
            np.array(known, dtype=np.float64).reshape(-1, 2),
            both[:size],
            relation,
            both[size:],
            source,
            np.array([-1 if flag is None else int(flag) for flag in essential], dtype=np.int32),
            numbers[:size],
            scale[1 : size + 1] - 1,
            numbers[size:],
            scale[size + 1 :] - 1,
        )

    def renamed(self, name: Callable[[str], str]) -> ClaimTable:
        """Return the same claims about nodes that are named otherwise; several may get one name."""
        nodes, position = encoded(map(name, self.nodes))
        return replace(self, nodes=nodes, subject=position[self.subject], object=position[self.object])

    def of_relations(self, names: Collection[str]) -> Any:  # an array of truth values
        """Return which claims are of some relations, by local name."""
        import numpy as np

        return np.isin(self.relation, [i for i, name in enumerate(self.relations) if name in names])

    def save(self, path: Path) -> None:
        """Write the table to a file of numpy's; names are kept as one text, a line each."""
        import numpy as np

        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        texts = {name: value for name, value in columns.items() if isinstance(value, tuple)}
        lines = {name: np.frombuffer("\n".join(value).encode(), dtype=np.uint8) for name, value in texts.items()}
        with path.open("wb") as file:
            np.savez(file, **{**columns, **lines})

    @classmethod
    def load(cls, path: Path) -> ClaimTable:
        """Read what `save` wrote."""
        import numpy as np

        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            columns = {field.name: found[field.name] for field in fields(cls)}
        for name in ("nodes", "relations", "sources", "scales"):
            text = columns[name].tobytes().decode()
            columns[name] = tuple(text.split("\n")) if text else ()
        return cls(**columns)


def _ends(scales: Table) -> dict[str, Ends]:
    ends = dict(ENDS)
    for row in scales.dicts():
        low, high = row["low"], row["high"]
        if isinstance(low, int | float) and isinstance(high, int | float) and low < high:
            ends[str(row["scale"])] = Ends(low, high)
    return ends


def _number(term: Cell) -> float | None:
    rating = plain(term)
    return float(rating) if isinstance(rating, int | float) else None


def _iri(term: Any) -> str | None:  # a cell of a table
    return None if term is None else str(term.value)
