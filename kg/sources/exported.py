"""Folders that `kg export` wrote are read back: tables as CSV or Parquet, and shards, become quads again, all of them.

A folder is known by its manifest, which names its files. What says nothing of a named graph is put into a graph of the
folder, as `kg.sources.rdf` does with a file, since nothing enters without a source.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from kg.model.errors import BadInput, Fault, MissingExtra
from kg.model.graphs import local_name
from kg.model.iris import mint, slugify
from kg.model.quads import to_quads
from kg.model.statements import CLAIM_CLASSES, Source
from kg.model.terms import DCTERMS, KG, PROV, RDF
from kg.sources.columns import COLUMN, FORMULA, MANIFEST, TABLES, claim_terms
from kg.sources.members import MAX_MEMBER_BYTES, Member

__all__ = ["is_exported", "read_exported", "read_shards", "read_tables", "sum_of"]

_RELATIONS = {local_name(iri): iri for iri in CLAIM_CLASSES}
_PROPERTY = {column: iri for iri, column in COLUMN.items()}
_LARGEST = 1 << 27  # characters of a cell

Row = dict[str, Any]  # by column: text, number, truth value or list of texts


@cache
def _readers() -> dict[str, Callable[[Path], Iterator[Quad]]]:
    return {"CSV": read_tables, "Parquet": read_tables, "N-Quads, gzip": read_shards}


def is_exported(member: Member) -> bool:
    """Whether a file is the manifest of a folder that `kg export` wrote."""
    return not member.inner and member.file_name == MANIFEST and _format(member.path.parent) in _readers()


def read_exported(manifest: Member) -> Iterator[Quad]:
    """Yield the quads of a folder that `kg export` wrote, all in named graphs; some may come twice.

    Raises
    ------
    BadInput
        A file is missing or damaged.
    MissingExtra
        The tables are Parquet, and pyarrow is not installed.
    """
    folder = manifest.path.parent
    source = Source(
        mint("source", slugify(folder.name)),
        folder.name,
        KG.SourceSays,
        kind="exported folder",
        checksum=f"sha256:{sum_of(manifest)}",
    )
    described = False
    for quad in _readers()[_format(folder)](folder):
        if isinstance(quad.graph_name, DefaultGraph):
            if not described:
                described = True
                yield from to_quads(source.statements())
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(source.iri))
        else:
            yield quad


def sum_of(manifest: Member) -> str:
    """Return the SHA-256 over the manifest of a folder and the files that it names, in its order.

    Raises
    ------
    BadInput
        A file is missing or cannot be read.
    """
    found = sha256(manifest.sha256().encode())
    folder = manifest.path.parent
    try:
        for file in _manifest(folder)["files"]:
            with (folder / Path(file["name"]).name).open("rb") as content:
                found.update(file_digest(content, "sha256").digest())
    except (OSError, KeyError, TypeError) as error:
        raise _damaged(folder, error) from None
    return found.hexdigest()


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
    read = {"CSV": _read_csv, "Parquet": _read_parquet}.get(_format(folder))
    if read is None:
        raise BadInput(f"{folder} holds no tables of kg. Write them: kg export --to csv -o FOLDER.")
    try:
        exact: set[tuple[str, str, str]] = set()
        whole = partial(_whole, read, folder)
        for row in whole("properties"):
            quad = _property(row)
            if row["property"] in COLUMN:
                exact.add((row["subject"], row["property"], row["source"]))
            yield quad
        for row in whole("edges"):
            yield from _edge(row)
        for row in whole("claims"):
            yield from _claim(row, exact)
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise _damaged(folder, error) from None


def read_shards(folder: Path) -> Iterator[Quad]:
    """Yield the quads of a folder of shards.

    Raises
    ------
    BadInput
        The folder holds no shards, or they are damaged.

    Examples
    --------
    >>> import kg, tempfile
    >>> g = kg.open()
    >>> with tempfile.TemporaryDirectory() as place:
    ...     done = kg.export(g, "shards", place + "/shards")
    ...     set(read_shards(done.place)) == set(g.store.quads())
    True
    """
    if _format(folder) != "N-Quads, gzip":
        raise BadInput(f"{folder} holds no shards of kg. Write them: kg export --to shards -o FOLDER.")
    try:
        for file in _manifest(folder)["files"]:
            with gzip.open(folder / Path(file["name"]).name) as packed:
                quads = 0
                for quad in parse(_Capped(packed), format=RdfFormat.N_QUADS):  # type: ignore[arg-type]  # it is read only
                    quads += 1
                    yield quad
            if quads != file["quads"]:
                raise ValueError(f"{file['name']} has {quads:,} quads, and should have {file['quads']:,}")
    except (OSError, EOFError, zlib.error, SyntaxError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, error) from None


def _whole(read: Callable[[Path, str], Iterator[Row]], folder: Path, table: str) -> Iterator[Row]:
    """Yield the rows of a table; raise at its end where they are not as many as the manifest says."""
    (should,) = [f["rows"] for f in _manifest(folder)["files"] if Path(f["name"]).stem == table]
    rows = 0
    for row in read(folder, table):
        rows += 1
        yield row
    if rows != should:
        raise ValueError(f"the table {table} has {rows:,} rows, and should have {should:,}")


def _damaged(folder: Path, error: Exception) -> BadInput:
    reason = f"{error.filename} is missing" if isinstance(error, FileNotFoundError) else str(error).rstrip(".")
    return BadInput(str(folder), [Fault(str(folder), 0, "", f"is damaged: {reason}.", "Export it again.")])


class _Capped:
    """A stream that ends with an error where it unpacks to more than any honest shard."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left = stream, MAX_MEMBER_BYTES

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise OSError(f"a shard unpacks to more than {MAX_MEMBER_BYTES:,} bytes")
        return data


def _manifest(folder: Path) -> dict[str, Any]:
    """Return what a folder says of itself; nothing where it has no manifest of ours."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            found = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _format(folder: Path) -> str:
    return str(_manifest(folder).get("format", ""))


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
