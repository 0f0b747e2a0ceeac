"""Facts files become statements.

`read_facts` checks what the schema cannot (every id that is named must exist, no id twice, no tool called a skill)
and then yields the statements of every section. Each section has one function here, but for certifications, which
have a page of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kg.model.errors import BadInput
from kg.model.iris import mint, slugify
from kg.model.statements import Importance, Level, Source, Statement, Value, date_value
from kg.model.terms import BASE, DATASET, DCTERMS, KG, PROV, RDF, SCHEMA, SKOS, XSD
from kg.sources.certifications import certification_statements
from kg.sources.documents import Document
from kg.sources.references import SECTIONS, KnownNames, check_references

__all__ = ["OWN", "places", "read_facts"]

#: The source of everything this project reads into the facts itself.
OWN = mint("source", "career-kg")

_ORIGINS = {"article": KG.ArticleSays, "source": KG.SourceSays, "reading": KG.OurReading}
_CATEGORIES = {
    "concept": KG.Concept,
    "practice": KG.Practice,
    "mathematics": KG.Mathematics,
    "language": KG.Language,
    "framework": KG.Framework,
    "platform": KG.Platform,
    "product": KG.Product,
}
_RELATIONS = {
    "uses": KG.uses,
    "worksOn": KG.worksOn,
    "focusesOn": KG.focusesOn,
    "recommendedFor": KG.recommendedFor,
    "requires": KG.requires,
}

Entry = Mapping[str, Any]  # one entry of a section, its values as the schema says


def read_facts(
    documents: Iterable[Document], *, known: Callable[[], Iterable[tuple[str, str]]] = tuple
) -> Iterator[Statement]:
    """Yield the statements of facts files.

    Parameters
    ----------
    documents
        Files that passed the schema (`kg.sources.documents.read_documents`).
    known
        Gives the kind (``skill``, ``tool``, ``role`` …) of ids that are defined elsewhere, in the dataset the facts
        add to. Called only if a file names an id that none of the files defines.

    Raises
    ------
    BadInput
        Before the first statement, with every reference that leads nowhere and every id that stands twice.
    """
    documents = tuple(documents)
    names, faults = check_references(documents, known)
    if faults:
        raise BadInput(f"{len({fault.file for fault in faults})} facts file(s)", faults)
    return _statements(documents, names)


def _statements(documents: tuple[Document, ...], names: KnownNames) -> Iterator[Statement]:
    statements = {
        entry["id"]: entry for document in documents for entry in document.data.get("article", {}).get("statements", ())
    }
    for document in documents:
        source = _default_source(document)
        yield from _node_sections(document.data, names, source)
        for role in document.data.get("roles", ()):
            yield from _role(role, names, statements, source)
        for certification in document.data.get("certifications", ()):
            yield from certification_statements(certification, names, source)
        for transition in document.data.get("transitions", ()):
            yield from _transition(transition, source)
        if "article" in document.data:
            yield from _article(document.data["article"], names)
        for conflict in document.data.get("conflicts", ()):
            yield from _conflict(conflict, names)
        if "dataset" in document.data:
            yield from _dataset(document.data["dataset"])


def _default_source(document: Document) -> str:
    """Return the source of claims that name none: the file's own, or our reading."""
    return mint("source", document.data.get("source", "career-kg"))


def _node_sections(data: Entry, names: KnownNames, source: str) -> Iterator[Statement]:
    for entry in data.get("sources", ()):
        yield from _source(entry).statements()
        if entry.get("note"):
            yield Statement(mint("source", entry["id"]), SKOS.note, Value.of(entry["note"], lang="en"), DATASET)
    for entry in data.get("providers", ()):
        yield from _named(mint("provider", entry["id"]), KG.Provider, entry, source)
    for section, kind, kind_class in (("skills", "skill", KG.Skill), ("tools", "tool", KG.Tool)):
        for entry in data.get(section, ()):
            yield from _skill(mint(kind, entry["id"]), kind_class, entry, names, source)


def _source(entry: Entry) -> Source:
    return Source(
        iri=mint("source", entry["id"]),
        title=entry["title"],
        origin=_ORIGINS[entry.get("origin", "source")],
        url=entry.get("url") or "",
        kind=entry.get("kind", ""),
        read_in=entry.get("read_in", ""),
        as_of=entry.get("as_of", ""),
        date=entry.get("date") or "",
        version=entry.get("version", ""),
        licence=entry.get("licence", ""),
        checksum=entry.get("checksum", ""),
        publisher=entry.get("publisher", ""),
        author=entry.get("author", ""),
        derived_from=tuple(mint("source", parent) for parent in entry.get("derived_from", ())),
    )


def _named(iri: str, node_class: str, entry: Entry, source: str) -> Iterator[Statement]:
    """Yield class, labels, definition, note and address of any node."""
    yield Statement(iri, RDF.type, node_class, source)
    yield Statement(iri, SKOS.prefLabel, Value.of(entry["label"], lang="en"), source)
    for alias in entry.get("aliases", ()):
        yield Statement(iri, SKOS.altLabel, Value.of(alias, lang="en"), source)
    for relation, key in ((SKOS.definition, "definition"), (SKOS.definition, "summary"), (SKOS.note, "note")):
        if entry.get(key):
            yield Statement(iri, relation, Value.of(entry[key], lang="en"), source)
    for key in ("homepage", "url"):
        if entry.get(key):
            yield Statement(iri, SCHEMA.url, Value(entry[key], XSD.anyURI), source)


def _skill(iri: str, node_class: str, entry: Entry, names: KnownNames, source: str) -> Iterator[Statement]:
    yield from _named(iri, node_class, entry, source)
    if "category" in entry:
        yield Statement(iri, KG.category, _CATEGORIES[entry["category"]], source)
    ours = "editorial judgement"
    if "broader" in entry:
        yield Statement(iri, SKOS.broader, names.iri(entry["broader"]), source, locator=ours)
    if "demonstrates" in entry:
        yield Statement(iri, KG.demonstrates, names.iri(entry["demonstrates"]), source, locator=ours)
    for needed in entry.get("prerequisites", ()):
        yield Statement(iri, KG.hasPrerequisite, names.iri(needed), source, locator=ours)


def _role(entry: Entry, names: KnownNames, statements: Mapping[str, Entry], source: str) -> Iterator[Statement]:
    iri = mint("role", entry["id"])
    yield from _named(iri, KG.Role, entry, source)
    if "status" in entry:
        yield Statement(iri, KG.describedStatus, Value.of(entry["status"]), source)
    for needed in entry.get("requires", ()):
        kind = "tool" if "tool" in needed else "skill"
        said = statements.get(needed.get("statement", ""), {})
        scale = names.scale(needed["scale"]) if "scale" in needed else ""
        yield Statement(
            iri,
            KG.requires,
            mint(kind, needed[kind]),
            mint("source", needed["source"]) if "source" in needed else source,
            locator=needed.get("locator", "") or (f"line {said['line']}" if said else ""),
            essential=needed.get("essential", True),
            importance=Importance(needed["importance"], scale or KG.OnetImportanceScale)
            if "importance" in needed
            else None,
            level=Level(needed["level"], scale or KG.OnetLevelScale) if "level" in needed else None,
            facet=said.get("facet", ""),
            wording=said.get("words", ""),
            statement=mint("statement", needed["statement"]) if "statement" in needed else "",
            valid_from=needed.get("since", ""),
            valid_through=needed.get("until", ""),
        )
    for certification in entry.get("certifications", ()):
        yield Statement(
            names.iri(certification), KG.recommendedFor, iri, source, locator="its exam guide addresses this role"
        )
    for said in entry.get("recommended", ()):
        certification = names.iri(said["certification"])
        yield Statement(certification, KG.recommendedFor, iri, mint("source", said["source"]), locator=said["locator"])


def _transition(entry: Entry, source: str) -> Iterator[Statement]:
    yield Statement(
        mint("role", entry["from"]),
        KG.leadsTo,
        mint("role", entry["to"]),
        source,
        basis=entry.get("basis", ""),
        wording=entry.get("note", ""),
        confidence=entry.get("confidence", ""),
        transition_kind=entry.get("kind", ""),
        derived_from=tuple(mint("source", parent) for parent in entry.get("sources", ())),
    )


def _article(entry: Entry, names: KnownNames) -> Iterator[Statement]:
    source = mint("source", entry["source"])
    for said in entry.get("statements", ()):
        yield from _article_statement(said, entry["facets"][said["facet"]], names, source)
    for key, node_class, slug in (
        ("empty_headings", KG.EmptyHeading, "empty-heading"),
        ("unavailable_titles", KG.UnavailableTitle, "unavailable-title"),
    ):
        for item in entry.get(key, ()):
            iri = f"{BASE}statement/{entry['source']}-{slug}-{item['line']}"
            yield Statement(iri, RDF.type, node_class, source)
            yield Statement(iri, KG.line, Value.of(item["line"]), source)
            yield Statement(iri, SKOS.prefLabel, Value.of(item["title"], lang="en"), source)


def _article_statement(said: Entry, relation_name: str | None, names: KnownNames, source: str) -> Iterator[Statement]:
    """Yield a statement of the article as a node, and the claim that it makes about the role."""
    iri, role = mint("statement", said["id"]), mint("role", said["role"])
    yield Statement(iri, RDF.type, KG.ArticleStatement, source)
    yield Statement(iri, KG.line, Value.of(said["line"]), source)
    yield Statement(iri, KG.facet, Value.of(said["facet"]), source)
    yield Statement(iri, KG.wording, Value.of(said["words"]), source)
    yield Statement(iri, KG.about, role, source)
    mentioned = [names.iri(link) for link in said.get("links", ())]
    for target in mentioned:
        yield Statement(iri, KG.mentions, target, source)
    relation = _RELATIONS.get(relation_name or "")
    if relation is None or relation == KG.requires:  # what the article requires is listed with the role
        return

    def claim(subject: str, target: str, relation: str = relation) -> Statement:
        return Statement(
            subject,
            relation,
            target,
            source,
            locator=f"line {said['line']}",
            facet=said["facet"],
            wording=said["words"],
            statement=iri,
        )

    if relation in (KG.worksOn, KG.focusesOn):
        activity = mint("activity", slugify(said["words"]))
        yield Statement(activity, RDF.type, KG.Activity, source)
        yield Statement(
            activity, SKOS.prefLabel, Value.of(said["words"][0].upper() + said["words"][1:], lang="en"), source
        )
        yield claim(role, activity)
        for target in mentioned:
            yield Statement(activity, KG.involves, target, OWN, locator=f"from the article, line {said['line']}")
        return
    for target in mentioned:
        yield claim(target, role) if relation == KG.recommendedFor else claim(role, target)


def _conflict(entry: Entry, names: KnownNames) -> Iterator[Statement]:
    iri = f"{BASE}conflict/{entry['id']}"
    yield Statement(iri, RDF.type, KG.Conflict, OWN)
    yield Statement(iri, SKOS.prefLabel, Value.of(f"Conflict {entry['id']}: {entry['says']}", lang="en"), OWN)
    for line in entry.get("lines", ()):
        yield Statement(iri, KG.line, Value.of(line), OWN)
    for relation, key in (
        (KG.severity, "severity"),
        (KG.says, "says"),
        (KG.finding, "finding"),
        (KG.advice, "advice"),
        (KG.asOf, "as_of"),
    ):
        if entry.get(key):
            yield Statement(iri, relation, Value.of(entry[key]), OWN)
    for about in entry.get("about", ()):
        yield Statement(iri, KG.about, names.iri(about), OWN)
    for source in entry.get("sources", ()):
        yield Statement(iri, PROV.wasDerivedFrom, mint("source", source), OWN)
    for cited in entry.get("cited", ()):
        yield Statement(iri, KG.cited, Value.of(cited), OWN)


def _dataset(entry: Entry) -> Iterator[Statement]:
    yield Statement(DATASET, RDF.type, "http://www.w3.org/ns/dcat#Dataset", DATASET)
    yield Statement(DATASET, DCTERMS.title, Value.of(entry["title"], lang="en"), DATASET)
    yield Statement(DATASET, DCTERMS.identifier, Value.of(entry["id"]), DATASET)
    yield Statement(DATASET, SCHEMA.version, Value.of(entry["version"]), DATASET)
    yield Statement(DATASET, DCTERMS.issued, date_value(entry["date"]), DATASET)
    yield Statement(DATASET, DCTERMS.license, f"https://spdx.org/licenses/{entry['licence']}", DATASET)
    for note in entry.get("notes", ()):
        yield Statement(
            DATASET, SKOS.note, Value.of(f"{note['about']}, {note['id']}: {note['text']}", lang="en"), DATASET
        )


def places(documents: Iterable[Document]) -> dict[str, tuple[str, int]]:
    """Return file and line of every node that facts files define, by IRI; for a claim, see its subject."""
    found: dict[str, tuple[str, int]] = {}
    for document in documents:
        for section, kind in SECTIONS.items():
            for i, entry in enumerate(document.data.get(section, ())):
                found.setdefault(mint(kind, entry["id"]), (document.name, document.line((section, i))))
    return found
