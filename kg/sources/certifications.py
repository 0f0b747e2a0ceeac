"""A certification of the facts files becomes statements.

Each field of the record stands in the graphs of the citations that speak of it (`supports`); where none was noted for
a field, it stands in the graph of the exam guide as we read it, which is derived from all of them. What an exam tests
is our reading of its guide. One table, `_FIELDS`, says where each field of the YAML goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from kg.model.iris import mint
from kg.model.statements import Statement, Value, date_value
from kg.model.terms import BASE, DCTERMS, KG, RDF, SCHEMA, SKOS, XSD
from kg.sources.references import KnownNames

__all__ = ["certification_statements"]

_LEVELS = {
    "entry": KG.EntryLevel,
    "associate": KG.AssociateLevel,
    "professional": KG.ProfessionalLevel,
    "specialty": KG.SpecialtyLevel,
    "expert": KG.ExpertLevel,
}
_STATES = {
    "active": KG.active,
    "beta": KG.beta,
    "announced": KG.announced,
    "planned": KG.planned,
    "retiring": KG.retiring,
    "retired": KG.retired,
    "unverified": KG.unverified,
}
_AUDIENCES = {"business": KG.BusinessAudience}

#: (path in the YAML, property, how to read the value, the name `supports` has for it)
_FIELDS: tuple[tuple[str, str, str, str], ...] = (
    ("code", KG.examCode, "text", "code"),
    ("code_note", KG.examCodeNote, "text", "code"),
    ("level", KG.certificationLevel, "level", "level"),
    ("level_note", KG.levelNote, "text", "level"),
    ("audience", KG.audience, "audience", "audience"),
    ("url", SCHEMA.url, "url", ""),
    ("name_note", SKOS.editorialNote, "text", ""),
    ("fills_article_gap", KG.fillsArticleGap, "text", ""),
    ("status.state", KG.status, "state", "status"),
    ("status.as_of", KG.statusAsOf, "date", "status"),
    ("status.note", KG.statusNote, "text", "status"),
    ("status.from", SCHEMA.validFrom, "date", "status"),
    ("status.from_note", KG.availabilityNote, "text", "status"),
    ("status.through", SCHEMA.validThrough, "date", "through"),
    ("status.through_note", KG.retirementNote, "text", "through"),
    ("status.unverified_through", KG.unverifiedValidThrough, "date", "through"),
    ("status.announced", KG.announcedOn, "date", "status"),
    ("status.general_availability", KG.generalAvailability, "date", "status"),
    ("status.general_availability_note", KG.generalAvailabilityNote, "text", "status"),
    ("status.upcoming_version", KG.upcomingVersion, "text", "status"),
    ("status.upcoming_note", KG.upcomingNote, "text", "status"),
    ("status.replaces_versions", KG.replacesVersion, "texts", "status"),
    ("price.usd", KG.priceUSD, "number", "price"),
    ("price.note", KG.priceNote, "text", "price"),
    ("exam.minutes", KG.examMinutes, "number", "minutes"),
    ("exam.minutes_note", KG.examMinutesNote, "text", "minutes"),
    ("exam.questions.min", KG.questionsMin, "number", "questions"),
    ("exam.questions.max", KG.questionsMax, "number", "questions"),
    ("exam.questions.note", KG.questionsNote, "text", "questions"),
    ("exam.passing.type", KG.passingScoreType, "text", "passing"),
    ("exam.passing.value", KG.passingScore, "number", "passing"),
    ("exam.passing.scale", KG.passingScoreScale, "text", "passing"),
    ("exam.passing.note", KG.passingNote, "text", "passing"),
    ("exam.languages", SCHEMA.inLanguage, "texts", "languages"),
    ("exam.languages_note", KG.languagesNote, "text", "languages"),
    ("validity.months", KG.validityMonths, "number", "validity"),
    ("validity.note", KG.validityNote, "text", "validity"),
    ("prerequisites.other", KG.eligibility, "texts", "prerequisites"),
    ("preparation.experience", KG.recommendedExperience, "texts", "preparation"),
    ("guide.version", KG.examGuideVersion, "text", "guide"),
    ("guide.date", KG.examGuideDate, "date", "guide"),
    ("confidence", KG.confidenceInRecord, "text", ""),
    ("unverified", KG.unverifiedField, "texts", ""),
    ("conflicts", KG.sourceConflict, "texts", ""),
)

Entry = Mapping[str, Any]  # one certification of the facts, its values as the schema says


def _at(entry: Entry, path: str) -> Any:  # a value of the YAML, of the type the schema gives the field
    found: Any = entry
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _values(found: Any, form: str) -> Iterator[str | Value]:
    """Yield the objects of a field: nodes for named values, literals for the rest; nothing for null."""
    if found is None:
        return
    if form == "texts":
        yield from (Value.of(item) for item in found)
    elif form == "date":
        yield date_value(found)
    elif form == "url":
        yield Value(found, XSD.anyURI)
    elif form in ("level", "state", "audience"):
        yield {"level": _LEVELS, "state": _STATES, "audience": _AUDIENCES}[form][found]
    else:
        yield Value.of(found)


def certification_statements(entry: Entry, names: KnownNames, default_source: str) -> Iterator[Statement]:
    """Yield the statements of one certification.

    Parameters
    ----------
    entry
        The certification as the facts have it.
    names
        Resolves the ids it names.
    default_source
        Source of what no citation supports, in files that have no exam guide among their sources.
    """
    iri = mint("certification", entry["id"])
    guide = f"exam-guide-{entry['id']}"
    record = mint("source", guide) if "source" in names.kinds(guide) else default_source
    supporting: dict[str, dict[str, str]] = {}  # field → source → what was read there
    for citation in entry.get("citations", ()):
        for field in citation.get("supports", ()):
            supporting.setdefault(field, {})[mint("source", citation["source"])] = citation["what"]

    yield Statement(iri, RDF.type, KG.Certification, record)
    yield Statement(iri, SKOS.prefLabel, Value.of(entry["label"], lang="en"), record)
    for alias in entry.get("aliases", ()):
        yield Statement(iri, SKOS.altLabel, Value.of(alias, lang="en"), record)
    for path, relation, form, field in _FIELDS:
        for value in _values(_at(entry, path), form):
            for source in supporting.get(field) or [record]:
                yield Statement(iri, relation, value, source)
    for i, domain in enumerate(entry.get("domains", ()), start=1):
        for source in supporting.get("domains") or [record]:
            yield from _domain(iri, f"{BASE}domain/{entry['id']}/{i}", i, domain, source)
    yield from _claims(iri, entry, names, record, supporting)
    for citation in entry.get("citations", ()):
        yield from _citation(iri, citation)


def _domain(certification: str, iri: str, order: int, entry: Entry, source: str) -> Iterator[Statement]:
    yield Statement(certification, KG.hasDomain, iri, source)
    yield Statement(iri, RDF.type, KG.Domain, source)
    yield Statement(iri, KG.order, Value.of(order), source)
    yield Statement(iri, SKOS.prefLabel, Value.of(entry["label"], lang="en"), source)
    if "weight" in entry:
        weight = entry["weight"]
        low, high = weight if isinstance(weight, list) else (weight, weight)
        yield Statement(iri, KG.weightMin, Value.of(float(low)), source)
        yield Statement(iri, KG.weightMax, Value.of(float(high)), source)


def _claims(
    iri: str, entry: Entry, names: KnownNames, record: str, supporting: Mapping[str, Mapping[str, str]]
) -> Iterator[Statement]:
    yield Statement(iri, KG.issuedBy, mint("provider", entry["provider"]), record, locator="names its provider")
    for kind in ("skill", "tool"):
        for name in entry.get(f"{kind}s", ()):
            yield Statement(iri, KG.certifies, mint(kind, name), record, locator="covered by the exam guide")
    for section, relation in (("prerequisites", KG.hasPrerequisite), ("preparation", KG.hasRecommendedPreparation)):
        for name in entry.get(section, {}).get("certifications", ()):
            for source, what in (supporting.get(section) or {record: "names what comes before it"}).items():
                yield Statement(iri, relation, names.iri(name), source, locator=what)
    for successor in entry.get("replaced_by", ()):
        for source, what in (supporting.get("replaced_by") or {record: "names its successor"}).items():
            yield Statement(iri, DCTERMS.isReplacedBy, names.iri(successor), source, locator=what)
    for predecessor in entry.get("replaces", ()):
        yield Statement(names.iri(predecessor), DCTERMS.isReplacedBy, iri, record, locator="names what it replaces")


def _citation(certification: str, entry: Entry) -> Iterator[Statement]:
    source = mint("source", entry["source"])
    digest = sha256("\n".join((certification, source, entry["what"])).encode()).hexdigest()[:16]
    iri = f"{BASE}citation/{digest}"
    yield Statement(iri, RDF.type, KG.Citation, source)
    yield Statement(iri, KG.about, certification, source)
    yield Statement(iri, DCTERMS.source, source, source)
    yield Statement(iri, KG.locator, Value.of(entry["what"]), source)
    for field in entry.get("supports", ()):
        yield Statement(iri, KG.supports, Value.of(field), source)
