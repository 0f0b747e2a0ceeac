"""`kg export`: a dataset, or the part behind some nodes or an answer, in the form that another tool reads.

`DATASET_FORMATS` is the table of formats; `docs/formats.md` is written from it. Every export ends with a report of what
its format could not say, counted while it was written.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.answers import Answer, Context, Row, Section
from kg.errors import BadInput, KgError
from kg.exports.folders import Exported, replacing_export
from kg.exports.losses import Loss, as_losses
from kg.exports.selecting import chosen

if TYPE_CHECKING:
    from kg.handle import KnowledgeGraph

__all__ = ["DATASET_FORMATS", "DatasetFormat", "Export", "export", "export_to_stdout"]


@dataclass(frozen=True)
class DatasetFormat:
    """A form in which a dataset is written.

    Attributes
    ----------
    name, title
        What it is called on the command line, and by its makers.
    ending
        Of its files; empty where it is a folder.
    writer
        Module and function: of a file ``(dataset, open file) → losses``, of a folder ``(dataset, folder) → Exported``.
    reader
        How it is read back; empty where it is not.
    lossless
        Whether every quad comes back.
    lost
        What it cannot say, in a few words.
    opens
        The tools that it is meant for.
    """

    name: str
    title: str
    ending: str
    writer: str
    reader: str
    lossless: bool
    lost: str
    opens: str

    def load(self) -> Callable[[KnowledgeGraph, Any], Any]:
        """Return the function that writes; the first argument is the dataset, the second a file or a folder."""
        module, _, function = self.writer.partition(":")
        found: Callable[[KnowledgeGraph, Any], Any] = getattr(import_module(f"kg.exports.{module}"), function)
        return found


_LOAD = "`kg.open`, `kg load`"
_NODE_SOURCES = "who says an attribute of a node"

#: Every form a dataset is written in, those that lose nothing first.
DATASET_FORMATS = (
    DatasetFormat("trig", "TriG", ".trig", "rdf:stream_trig", _LOAD, True, "", "RDF tools"),
    DatasetFormat("nquads", "N-Quads", ".nq", "rdf:stream_nquads", _LOAD, True, "", "RDF tools, line by line"),
    DatasetFormat("shards", "N-Quads in shards, gzip", "", "shards:write_shards", "", True, "", "bulk loaders"),
    DatasetFormat("jsonld", "JSON-LD", ".jsonld", "jsonld:stream_jsonld", _LOAD, True, "", "JSON and RDF tools"),
    DatasetFormat(
        "parquet",
        "Parquet tables",
        "",
        "parquet:write_parquet",
        "`kg.exports.reading.read_tables`",
        True,
        "",
        "DuckDB, pandas, Polars, Spark",
    ),
    DatasetFormat(
        "csv", "CSV tables", "", "csv_tables:write_csv", "`kg.exports.reading.read_tables`", True, "", "spreadsheets"
    ),
    DatasetFormat(
        "turtle", "Turtle", ".ttl", "rdf:stream_turtle", _LOAD, False, f"named graphs: {_NODE_SOURCES}", "RDF tools"
    ),
    DatasetFormat(
        "ntriples",
        "N-Triples",
        ".nt",
        "rdf:stream_ntriples",
        _LOAD,
        False,
        f"named graphs: {_NODE_SOURCES}",
        "RDF tools",
    ),
    DatasetFormat(
        "rdfxml",
        "RDF/XML",
        ".rdf",
        "rdf:stream_rdfxml",
        _LOAD,
        False,
        "named graphs; characters and properties that XML cannot write",
        "OWL editors",
    ),
    DatasetFormat(
        "nodelink",
        "node-link JSON",
        ".json",
        "nodelink:stream_nodelink",
        "`kg.exports.nodelink.read_nodelink`, then `kg.from_networkx`",
        False,
        f"{_NODE_SOURCES}; texts in further languages; classes beyond the kind",
        "networkx, D3",
    ),
    DatasetFormat(
        "graphml",
        "GraphML",
        ".graphml",
        "graphml:stream_graphml",
        "`kg.exports.graphml.read_graphml`, then `kg.from_networkx`",
        False,
        f"{_NODE_SOURCES}; texts in further languages; classes beyond the kind; characters that XML cannot write",
        "Gephi, yEd, Cytoscape, igraph",
    ),
    DatasetFormat(
        "gexf",
        "GEXF",
        ".gexf",
        "gexf:stream_gexf",
        "`kg.exports.gexf.read_gexf`, then `kg.from_networkx`",
        False,
        f"{_NODE_SOURCES}; texts in further languages; classes beyond the kind; characters that XML cannot write",
        "Gephi",
    ),
    DatasetFormat(
        "skos",
        "SKOS in Turtle",
        ".ttl",
        "skos:stream_skos",
        "",
        False,
        "all but names, notes, hierarchy, matches",
        "thesaurus tools",
    ),
    DatasetFormat(
        "schemaorg",
        "schema.org in JSON-LD",
        ".jsonld",
        "schemaorg:stream_schemaorg",
        "",
        False,
        "claims with their sources; relations between skills",
        "search engines, job boards",
    ),
    DatasetFormat(
        "sssom",
        "SSSOM",
        ".sssom.tsv",
        "sssom:stream_sssom",
        "`kg load` (the matches)",
        False,
        "all but the matches",
        "mapping tools",
    ),
    DatasetFormat(
        "mermaid",
        "Mermaid flowchart",
        ".mmd",
        "mermaid:stream_mermaid",
        "",
        False,
        "all but names, kinds and relations",
        "Markdown pages",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Export(Answer):
    """What an export wrote, and what it could not say.

    Attributes
    ----------
    place
        The file or folder.
    form
        The name of the format.
    quads
        How many quads the dataset has.
    files
        Rows or quads in each file of a folder, by its name; a single file has the quads it was made from.
    lost
        What the format could not say, the most frequent first.
    """

    place: Path
    form: str
    quads: int
    files: dict[str, int]
    lost: tuple[Loss, ...]

    def __str__(self) -> str:
        what = f"{self.quads:,} quads were written as {self.form}"
        return f"{what}; what it cannot say is counted below." if self.lost else f"{what}; nothing was lost."

    def rows(self) -> tuple[Row, ...]:
        """Return a row for each kind of loss."""
        return tuple({"not written": loss.what, "count": loss.count} for loss in self.lost)

    def sections(self) -> tuple[Section, ...]:
        """Return the files of a folder, and the losses."""
        files = tuple((name, f"{number:,}") for name, number in self.files.items())
        lost = tuple((loss.what, f"{loss.count:,}") for loss in self.lost)
        found = [Section(header=("file", "rows"), rows=files)] if len(files) > 1 else []
        return (*found, Section(header=("not written", "count"), rows=lost)) if lost else tuple(found)


def export(
    g: KnowledgeGraph, to: str, place: str | Path, *, about: Sequence[str] = (), answer: Answer | None = None
) -> Export:
    """Write a dataset in another form: all of it, or the part behind some nodes or an answer.

    Parameters
    ----------
    g
        The handle of a graph.
    to
        The name of a format of `DATASET_FORMATS`, such as ``trig``, ``gexf`` or ``parquet`` (`docs/formats.md`).
    place
        The file or folder to write; what stands there is replaced when the new one is complete.
    about
        Names of nodes: only what is said of them, as `kg.show` reads it, is written.
    answer
        An answer of a question to ``g``: only the slice it rests on is written.

    Raises
    ------
    BadInput
        There is no such format, the place cannot be written, or the answer has no RDF behind it.
    MissingExtra
        The format needs a package that is not installed.
    UnknownName, AmbiguousName
        A name in ``about`` means no node, or several.

    Examples
    --------
    >>> import kg, tempfile
    >>> g = kg.open(as_of="2026-11-22")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     done = kg.export(g, "gexf", place + "/roles.gexf", answer=kg.overlap(g, "AI Engineer", "ML Engineer"))
    >>> [loss.what for loss in done.lost]
    ['sources of what is said of a node']
    """
    form = _format(to)
    part = chosen(g, about, answer)
    where = Path(place)
    if form.ending:
        with replacing_export(where) as file:
            lost: Counter[str] = form.load()(part, file)
        quads = len(part.store)
        done = Exported(where, quads, {where.name: quads})
    else:
        done, lost = form.load()(part, where), Counter()
    return _told(g, form, done, lost)


def export_to_stdout(g: KnowledgeGraph, to: str, *, about: Sequence[str] = (), answer: Answer | None = None) -> Export:
    """Write a format that is one file to standard output, once it is complete.

    Raises
    ------
    BadInput
        As `export`; and the format is a folder.
    """
    import shutil
    from tempfile import gettempdir

    from kg.exports.partitions import temporary_file

    form = _format(to)
    if not form.ending:
        raise BadInput(
            f"Nothing says where to: {form.title} are a folder. Name a new one: kg export --to {to} -o FOLDER."
        )
    part = chosen(g, about, answer)
    with temporary_file() as file:
        try:
            lost: Counter[str] = form.load()(part, file)
            file.seek(0)
        except OSError as error:
            if isinstance(error, KgError):
                raise
            raise BadInput(
                f"The export is put together in {gettempdir()}, which cannot be written: {error.strerror or error}. "
                "Set TMPDIR to a folder with more space, or name a file: -o FILE."
            ) from None
        sys.stdout.flush()
        shutil.copyfileobj(file, _bytes(sys.stdout))
    name = f"dataset{form.ending}"
    return _told(g, form, Exported(Path(name), len(part.store), {name: len(part.store)}), lost)


def _told(g: KnowledgeGraph, form: DatasetFormat, done: Exported, lost: Counter[str]) -> Export:
    return Export(
        place=done.place,
        form=form.title,
        quads=done.quads,
        files=done.files,
        lost=as_losses(lost),
        context=Context(as_of=g.as_of.isoformat(), dataset=g.dataset),
    )


def _bytes(stream: Any) -> IO[bytes]:  # standard output, or what stands in its place
    found: IO[bytes] = stream.buffer
    return found


def _format(name: str) -> DatasetFormat:
    for form in DATASET_FORMATS:
        if form.name == name:
            return form
    raise BadInput(f'No format "{name}". Choose from {", ".join(form.name for form in DATASET_FORMATS)}.')
