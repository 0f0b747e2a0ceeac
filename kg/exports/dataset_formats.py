"""The table of forms in which a dataset is written; a test holds that `docs/formats.md` says the same.

A row names the module that writes the form, so that a command which only lists them imports none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.model.errors import BadInput

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["DATASET_FORMATS", "DatasetFormat", "form_of_dataset"]


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
    DatasetFormat("shards", "N-Quads in shards, gzip", "", "shards:write_shards", _LOAD, True, "", "bulk loaders"),
    DatasetFormat("jsonld", "JSON-LD", ".jsonld", "jsonld:stream_jsonld", _LOAD, True, "", "JSON and RDF tools"),
    DatasetFormat(
        "parquet",
        "Parquet tables",
        "",
        "parquet:write_parquet",
        _LOAD,
        True,
        "",
        "DuckDB, pandas, Polars, Spark",
    ),
    DatasetFormat("csv", "CSV tables", "", "csv_tables:write_csv", _LOAD, True, "", "spreadsheets"),
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


def form_of_dataset(to: str, output: Path | None) -> str:
    """Return the form to write a dataset in: that which is named, else that which the ending of the file says.

    Raises
    ------
    BadInput
        Neither says one, or they contradict each other.

    Examples
    --------
    >>> form_of_dataset("", Path("career.gexf")), form_of_dataset("skos", Path("career.ttl"))
    ('gexf', 'skos')
    """
    name = "" if output is None else output.name
    said = [form.name for form in DATASET_FORMATS if form.ending and name.endswith(form.ending)]
    names = [form.name for form in DATASET_FORMATS]
    if not to and not said:
        raise BadInput(
            f"No form is named to export in{f', and the ending of {name} says none' if name else ''}. Name one: "
            f"--to {', '.join(names)}; or write to a file whose ending says it: -o career.gexf."
        )
    if to in names and said and to not in said:
        raise BadInput(f"--to {to} contradicts the ending of {name}, which says {said[0]}. Leave out one of the two.")
    return to or said[0]
