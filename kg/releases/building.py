"""`kg build`: facts become a dataset release.

Facts are compiled to quads, described (DCAT, PROV, VoID), and written in several formats to a temporary name each,
then moved. The release carries its own date, never the clock's, so the same facts give the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.careers.offers import first_day
from kg.exports.answer_schema import answer_schema
from kg.exports.gallery import gallery
from kg.exports.graphml import write_graphml
from kg.exports.jsonld import write_jsonld
from kg.handles.borrowing import ShippedNames, undefined
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.graphs import local_name, read_graph
from kg.model.quads import to_quads
from kg.model.rdf_text import write_trig, write_turtle
from kg.model.shipped import data_path
from kg.model.statements import Statement, Value
from kg.model.syntaxes import SYNTAXES
from kg.model.terms import DATASET, DCAT, DCTERMS, PROV, RDF, VOID, XSD
from kg.model.writing import refuse_address, write_files
from kg.sources.documents import Document, read_documents
from kg.sources.facts import read_facts
from kg.sources.sssom import read_mappings
from kg.stores.oxigraph import OxigraphStore

__all__ = ["Built", "build", "compile_facts"]

_ENTRIES = (
    "roles",
    "skills",
    "tools",
    "certifications",
    "providers",
    "sources",
    "transitions",
    "conflicts",
)


@dataclass(frozen=True)
class Built:
    """What a build read and wrote.

    Attributes
    ----------
    facts
        Number of facts read, by kind.
    claims
        Number of claims written, by relation.
    files
        The files written.
    """

    facts: dict[str, int]
    claims: dict[str, int]
    quads: int
    files: tuple[Path, ...]


def compile_facts(
    documents: Sequence[Document], *, mappings: Path | None = None, shipped: ShippedNames | None = None
) -> tuple[tuple[Statement, ...], tuple[Quad, ...]]:
    """Return the statements of facts and mappings, and their quads, each once, with the description of the dataset.

    Where the shipped dataset is given, facts may name what it defines, and its names for that are borrowed.
    """
    statements = list(read_facts(documents, known=shipped.ids) if shipped else read_facts(documents))
    if mappings:
        statements += read_mappings(mappings)
    quads = dict.fromkeys(to_quads(statements))
    if shipped:
        quads.update(dict.fromkeys(shipped.describe(undefined(quads))))
    quads.update(dict.fromkeys(to_quads(_description(tuple(quads)))))
    return tuple(statements), tuple(quads)


def _description(quads: Sequence[Quad]) -> list[Statement]:
    """Describe the dataset as VoID and DCAT: its size, and each named graph as a part with a size of its own."""
    sizes = Counter(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode))
    described = [
        Statement(DATASET, RDF.type, VOID.Dataset, DATASET),
        Statement(DATASET, VOID.triples, Value.of(len(quads)), DATASET),
    ]
    for graph, size in sorted(sizes.items()):
        if graph != DATASET:
            described += [
                Statement(DATASET, PROV.wasDerivedFrom, graph, DATASET),
                Statement(DATASET, VOID.subset, graph, DATASET),
                Statement(graph, VOID.triples, Value.of(size), DATASET),
            ]
    written = {syntax.endings[0][1:]: syntax.media[0] for syntax in SYNTAXES}
    for name, media in ((name, written[name]) for name in ("trig", "ttl", "jsonld")):
        distribution = f"{DATASET}/{name}"
        described += [
            Statement(DATASET, DCAT.distribution, distribution, DATASET),
            Statement(distribution, RDF.type, DCAT.Distribution, DATASET),
            Statement(distribution, DCAT.mediaType, f"https://www.iana.org/assignments/media-types/{media}", DATASET),
            Statement(distribution, DCTERMS.title, Value.of(f"career-kg.{name}"), DATASET),
        ]
    return described


def count_facts(documents: Sequence[Document]) -> dict[str, int]:
    """Return the number of facts in files, by kind: entries of each section, and the lines inside them."""
    counted: Counter[str] = Counter()
    for document in documents:
        data = document.data
        for section in _ENTRIES:
            counted[section] += len(data.get(section, ()))
        article = data.get("article", {})
        for part in ("statements", "empty_headings", "unavailable_titles"):
            counted[f"article {part.replace('_', ' ')}"] += len(article.get(part, ()))
        counted["article links"] += sum(len(said.get("links", ())) for said in article.get("statements", ()))
        for role in data.get("roles", ()):
            counted["requirements"] += len(role.get("requires", ()))
            counted["certifications of roles"] += len(role.get("certifications", ()))
        for entry in (*data.get("skills", ()), *data.get("tools", ())):
            counted["prerequisites"] += len(entry.get("prerequisites", ()))
            counted["broader"] += "broader" in entry
            counted["demonstrates"] += "demonstrates" in entry
            counted["aliases"] += len(entry.get("aliases", ()))
        for entry in data.get("certifications", ()):
            counted["certified skills and tools"] += len(entry.get("skills", ())) + len(entry.get("tools", ()))
            counted["domains"] += len(entry.get("domains", ()))
            counted["citations"] += len(entry.get("citations", ()))
    return {name: number for name, number in counted.items() if number}


def build(facts: Sequence[Path] = (), *, out: Path) -> Built:
    """Compile facts into a dataset release.

    Parameters
    ----------
    facts
        Files or folders of facts; by default those that come with the package, with their mappings.
    out
        Folder to write ``career-kg.trig``, ``.ttl``, ``.jsonld`` and ``.graphml`` to, ``answer.schema.json``, and the
        pages of `kg.exports.gallery` with their ``index.html``; made if it does not exist.

    Raises
    ------
    BadInput
        The facts have faults; all are listed and nothing is written.
    """
    documents = read_documents(facts or [data_path("ontology/facts")])
    mappings = None if facts else data_path("ontology/mappings.sssom.tsv")
    statements, quads = compile_facts(documents, mappings=mappings, shipped=ShippedNames() if facts else None)
    graph = read_graph(quad.triple for quad in quads).to_networkx()
    contents = {
        "career-kg.trig": write_trig(quads),
        "career-kg.ttl": write_turtle(quads),
        "career-kg.jsonld": write_jsonld(quads),
        "career-kg.graphml": write_graphml(graph),
    }
    store = OxigraphStore()
    store.add(quads)
    contents["answer.schema.json"] = (json.dumps(answer_schema(), indent=1) + "\n").encode()
    contents |= gallery(KnowledgeGraph(store, as_of=_day(quads)), contents, shipped=not facts)
    try:
        refuse_address(out)
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"{out} cannot be written: {error.strerror}. Name another folder, or change its rights."
        ) from None
    claims = Counter(local_name(statement.relation) for statement in statements if statement.is_claim)
    return Built(
        count_facts(documents),
        dict(sorted(claims.items())),
        len(quads),
        write_files({out / name: content for name, content in contents.items()}),
    )


def _day(quads: Sequence[Quad]) -> date:
    """Return the day of a release: the one it says, else the last day that any of its statements names."""
    days = [q.object.value for q in quads if isinstance(q.object, Literal) and q.object.datatype.value == XSD.date]
    issued = [
        q.object.value
        for q in quads
        if q.subject == NamedNode(DATASET) and q.predicate.value == DCTERMS.issued and isinstance(q.object, Literal)
    ]
    return first_day(max(issued or days, default="2000"))
