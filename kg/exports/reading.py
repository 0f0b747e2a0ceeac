"""Tables are read back: a folder that `kg export` wrote as CSV or Parquet becomes quads again, all of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.errors import BadInput, MissingExtra
from kg.exports.csv_tables import FORMULA
from kg.exports.folders import MANIFEST
from kg.exports.parquet import COLUMN, TABLES, claim_terms
from kg.graphs import local_name
from kg.statements import CLAIM_CLASSES
from kg.terms import DCTERMS, KG, PROV, RDF

__all__ = ["read_tables"]

_RELATIONS = {local_name(iri): iri for iri in CLAIM_CLASSES}
_PROPERTY = {column: iri for iri, column in COLUMN.items()}
_LARGEST = 1 << 27  # characters of a cell

Row = dict[str, Any]  # by column: text, number, truth value or list of texts


def read_tables(folder: Path) -> Iterator[Quad]:
    """Yield the quads of a folder of tables; some may come twice.

    Raises
    ------
    BadInput
        The folder holds no such tables, or they are damaged.
    MissingExtra
        They are Parquet, and pyarrow is not installed.

    Examples
    --------
    >>> import kg, tempfile
    >>> g = kg.open()
    >>> with tempfile.TemporaryDirectory() as place:
    ...     done = kg.export(g, "csv", place + "/tables")
    ...     set(read_tables(done.place)) == set(g.store.quads())
    True
    """
    try:
        kind = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["format"]
        read = {"CSV": _read_csv, "Parquet": _read_parquet}[kind]
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"{folder} holds no tables of kg. Write them: kg export --to csv -o FOLDER.") from None
    try:
        exact: set[tuple[str, str, str]] = set()
        for row in read(folder, "properties"):
            quad = _property(row)
            if row["property"] in COLUMN:
                exact.add((row["subject"], row["property"], row["source"]))
            yield quad
        for row in read(folder, "edges"):
            yield from _edge(row)
        for row in read(folder, "claims"):
            yield from _claim(row, exact)
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise BadInput(f"{folder} is damaged: {error}. Export it again.") from None


def _read_csv(folder: Path, table: str) -> Iterator[Row]:
    csv.field_size_limit(_LARGEST)
    kinds = {name: kind for name, (kind, _) in TABLES[table].items()}
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(f"{table}.csv has too few or too many cells in line {reader.line_num}")
            # an empty text is told from none where none has no meaning: in the values of properties
            yield {name: _parsed(kinds[name], text, name == "value") for name, text in row.items()}


def _parsed(kind: str, text: str, may_be_empty: bool) -> Any:  # of the type of the column
    if kind == "strings":
        return ["" if item == "_" else item for item in text.split(" ")] if text else []
    if text == "":
        return "" if may_be_empty else None
    if kind == "bool":
        return text == "true"
    if kind == "double":
        return float(text)
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _read_parquet(folder: Path, table: str) -> Iterator[Row]:
    try:
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtra("pyarrow", "parquet", "Reading Parquet tables") from None
    with pq.ParquetFile(folder / f"{table}.parquet") as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()


def _graph(name: str | None) -> NamedNode | DefaultGraph:
    return NamedNode(name) if name else DefaultGraph()


def _property(row: Row) -> Quad:
    value: NamedNode | Literal = NamedNode(row["value"]) if row["datatype"] is None else _literal(row)
    return Quad(NamedNode(row["subject"]), NamedNode(row["property"]), value, _graph(row["source"]))


def _literal(row: Row) -> Literal:
    if row["language"]:
        return Literal(row["value"], language=row["language"])
    return Literal(row["value"], datatype=NamedNode(row["datatype"]))


def _edge(row: Row) -> Iterator[Quad]:
    subject, target = NamedNode(row["subject"]), NamedNode(row["object"])
    for relation, sources in (
        (_RELATIONS[row["relation"]], row["sources"]),
        (KG.requiresEssential, row["essential_to"]),
        (KG.requiresOptional, row["optional_to"]),
    ):
        for source in sources:
            yield Quad(subject, NamedNode(relation), target, _graph(source))


def _claim(row: Row, exact: set[tuple[str, str, str]]) -> Iterator[Quad]:
    """Yield the quads of a claim; a column whose values stand in the properties as they are spelt is passed over."""
    claim, graph, relation = NamedNode(row["claim"]), NamedNode(row["source"]), _RELATIONS[row["relation"]]
    said: list[tuple[str, NamedNode | Literal | None]] = [
        (RDF.type, NamedNode(CLAIM_CLASSES[relation])),
        (RDF.subject, NamedNode(row["subject"])),
        (RDF.predicate, NamedNode(relation)),
        (RDF.object, NamedNode(row["object"])),
        (DCTERMS.source, graph),
        *((PROV.wasDerivedFrom, NamedNode(iri)) for iri in row["derived_from"]),
    ]
    said += [
        (name, claim_terms(column, row[column]))
        for column, name in _PROPERTY.items()
        if row[column] is not None and (row["claim"], name, row["source"]) not in exact
    ]
    for name, value in said:
        if value is not None:
            yield Quad(claim, NamedNode(name), value, graph)
