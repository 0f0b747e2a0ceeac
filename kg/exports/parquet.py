"""Parquet tables: the dataset as data frames, for DuckDB, pandas, Polars and Apache Spark (`kg.spark`).

The four tables are those of `kg.sources.columns`, and `kg.open` and `kg load` read them back. They are written a part
at a time (`kg.exports.partitions`), each part a row group, compressed with Zstandard.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.exports.folders import Exported, replacing, write_manifest
from kg.exports.partitions import Part, parts, subjects
from kg.model.errors import MissingExtra
from kg.model.graphs import KIND_CLASSES, local_name
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import DCTERMS, KG, PROV, RDF, SKOS
from kg.model.values import plain, text_of
from kg.sources.columns import COLUMN, TABLES, TYPE, claim_terms

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["table_parts", "write_parquet"]

_PARTS_OF_A_CLAIM = (RDF.subject, RDF.predicate, RDF.object, DCTERMS.source)
_CLAIMS = frozenset(CLAIM_CLASSES.values())
_KINDS = {iri: kind for kind, iri in KIND_CLASSES.items()}
_LINES_DRAWN = {KG.requiresEssential: True, KG.requiresOptional: False}

Row = dict[str, Any]  # by column: text, number, truth value or list of texts


def write_parquet(g: KnowledgeGraph, folder: Path, *, most: int = 250_000) -> Exported:
    """Write the dataset as ``nodes.parquet``, ``claims.parquet``, ``edges.parquet`` and ``properties.parquet``.

    Parameters
    ----------
    most
        About so many quads are held in memory at a time; their rows become one row group.

    Raises
    ------
    BadInput
        The folder cannot be written, or holds something else.
    MissingExtra
        pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtra("pyarrow", "parquet", "The Parquet export") from None
    types = {"string": pa.string(), "strings": pa.list_(pa.string()), "bool": pa.bool_(), "double": pa.float64()}
    rows = dict.fromkeys((f"{table}.parquet" for table in TABLES), 0)
    quads = 0
    with replacing(folder) as fresh:
        writers = {}
        try:
            for table, columns in TABLES.items():
                schema = pa.schema([(name, types[kind]) for name, (kind, _) in columns.items()])
                writers[table] = pq.ParquetWriter(fresh / f"{table}.parquet", schema, compression="zstd")
            for number, tables in table_parts(g, most):
                quads += number
                for table, found in tables.items():
                    if found:
                        writers[table].write_table(pa.Table.from_pylist(found, schema=writers[table].schema))
                        rows[f"{table}.parquet"] += len(found)
        finally:
            for writer in writers.values():
                writer.close()
        about = {"format": "Parquet", "dataset": g.dataset.name, "version": g.dataset.version, "quads": quads}
        about["columns"] = {
            table: {name: f"{kind}: {meaning}" for name, (kind, meaning) in columns.items()}
            for table, columns in TABLES.items()
        }
        write_manifest(fresh, about, rows, "rows")
    return Exported(folder, quads, rows)


def table_parts(g: KnowledgeGraph, most: int) -> Iterator[tuple[int, dict[str, list[Row]]]]:
    """Yield the number of quads and the rows of each table, for one part of a dataset after the other."""
    with parts(g.store, most=most) as dealt:
        for part in dealt:
            yield len(part.lines), _tables(part)


def _tables(part: Part) -> dict[str, list[Row]]:
    """Return the rows of each table that a part gives."""
    found: dict[str, list[Row]] = {table: [] for table in TABLES}
    for _, quads in subjects(part):
        types = {str(plain(quad.object)) for quad in quads if quad.predicate.value == RDF.type}
        if types & _CLAIMS:
            for _, said in groupby(quads, lambda quad: quad.graph_name):  # one source says it, so there is one group
                claim, rest = _claim(list(said))
                found["claims"] += claim
                found["properties"] += map(_property, rest)
            continue
        relations = [quad for quad in quads if _is_relation(quad)]
        whole = {(quad.object, quad.graph_name) for quad in relations if quad.predicate.value == KG.requires}
        alone = [q for q in relations if q.predicate.value in _LINES_DRAWN and (q.object, q.graph_name) not in whole]
        found["edges"] += _edges([quad for quad in relations if quad not in alone])
        found["nodes"] += _node(quads, types)
        found["properties"] += [_property(quad) for quad in quads if not _is_relation(quad) or quad in alone]
    return found


def _is_iri(quad: Quad) -> bool:
    return isinstance(quad.object, NamedNode)


def _is_relation(quad: Quad) -> bool:
    """Whether this is the plain triple of a claim, which ``edges`` holds."""
    return _is_iri(quad) and (quad.predicate.value in CLAIM_CLASSES or quad.predicate.value in _LINES_DRAWN)


def _node(quads: list[Quad], types: set[str]) -> Iterator[Row]:
    kind = next((_KINDS[iri] for iri in sorted(types) if iri in _KINDS), None)
    if kind is None:
        return
    said: dict[str, list[Quad]] = {}
    for quad in quads:
        said.setdefault(quad.predicate.value, []).append(quad)

    def first(*properties: str) -> str | None:
        texts = [quad.object for name in properties for quad in said.get(name, ())]
        texts.sort(key=lambda term: getattr(term, "language", None) != "en")  # stable: then as sorted
        return str(plain(texts[0])) if texts else None

    category = first(KG.category)
    yield {
        "iri": text_of(quads[0].subject),
        "kind": kind,
        "label": first(SKOS.prefLabel, DCTERMS.title),
        "aliases": sorted({str(plain(quad.object)) for quad in said.get(SKOS.altLabel, ())}),
        "definition": first(SKOS.definition),
        "category": category and local_name(category),
        "exam_code": first(KG.examCode),
    }


def _edges(relations: list[Quad]) -> Iterator[Row]:
    by_edge: dict[tuple[str, str], set[str]] = {}
    drawn_by: dict[tuple[str, str, bool], set[str]] = {}
    for quad in relations:
        relation, target = quad.predicate.value, str(plain(quad.object))
        drawn = _LINES_DRAWN.get(relation)
        edge = ("requires" if drawn is not None else local_name(relation)), target
        by_edge.setdefault(edge, set()).add(_graph(quad) or "")
        if drawn is not None:
            drawn_by.setdefault((*edge, drawn), set()).add(_graph(quad) or "")
    for (relation, target), sources in sorted(by_edge.items()):
        essential, optional = (sorted(drawn_by.get((relation, target, drawn), ())) for drawn in (True, False))
        yield {
            "subject": text_of(relations[0].subject),
            "relation": relation,
            "object": target,
            "essential": True if essential else False if optional else None,
            "sources": sorted(sources),
            "essential_to": essential,
            "optional_to": optional,
        }


def _claim(quads: list[Quad]) -> tuple[list[Row], list[Quad]]:
    """Return the row of a claim, and the quads that cannot be told from it.

    There is no row where subject, relation, object or source is missing, or is another than its class and graph say:
    then every quad is returned.
    """
    said: dict[str, list[Quad]] = {}
    for quad in quads:
        said.setdefault(quad.predicate.value, []).append(quad)
    ends = {name: str(plain(said[name][0].object)) for name in _PARTS_OF_A_CLAIM if name in said}
    if len(ends) < len(_PARTS_OF_A_CLAIM) or not _is_plain_claim(said, ends):
        return [], quads
    subject, relation, target, source = (ends[name] for name in _PARTS_OF_A_CLAIM)
    row: Row = {"claim": text_of(quads[0].subject), "derived_from": []}
    row |= {"subject": subject, "relation": local_name(relation), "object": target, "source": source}
    rest = [quad for name in _PARTS_OF_A_CLAIM for quad in said[name][1:]]
    rest += [quad for quad in said[RDF.type] if plain(quad.object) != CLAIM_CLASSES[relation]]
    for name, found in said.items():
        column = COLUMN.get(name)
        if name == PROV.wasDerivedFrom:
            row["derived_from"] = [str(plain(quad.object)) for quad in found if _is_iri(quad)]
            rest += [quad for quad in found if not _is_iri(quad)]
        elif column:
            fitting = [value for quad in found if _fits(value := plain(quad.object), TYPE[column])]
            row |= {column: fitting[0]} if fitting else {}
            exact = len(found) == 1 and fitting and found[0].object == claim_terms(column, fitting[0])
            rest += [] if exact else found
        elif name not in _PARTS_OF_A_CLAIM and name != RDF.type:
            rest += found
    return [row], rest


def _is_plain_claim(said: dict[str, list[Quad]], ends: dict[str, str]) -> bool:
    """Whether a claim is of the class of its relation, stands in the graph of its source, and ties things."""
    if not all(_is_iri(said[name][0]) for name in _PARTS_OF_A_CLAIM):
        return False
    classes = {plain(quad.object) for quad in said.get(RDF.type, ())}  # it may stand in another graph
    first = said[RDF.subject][0]
    return CLAIM_CLASSES.get(ends[RDF.predicate]) in classes and _graph(first) == ends[DCTERMS.source]


def _fits(value: object, kind: str) -> bool:
    if kind == "double":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if kind == "bool" else str)


def _property(quad: Quad) -> Row:
    term = quad.object
    literal = term if isinstance(term, Literal) else None
    return {
        "subject": text_of(quad.subject),
        "property": quad.predicate.value,
        "value": literal.value if literal is not None else str(plain(term)),
        "datatype": literal.datatype.value if literal is not None else None,
        "language": literal.language if literal is not None else None,
        "source": _graph(quad),
    }


def _graph(quad: Quad) -> str | None:
    return None if isinstance(quad.graph_name, DefaultGraph) else text_of(quad.graph_name)
