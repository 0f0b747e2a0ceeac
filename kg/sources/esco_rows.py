"""The files of ESCO, one reader each: concepts, collections, hierarchies, relations.

What several of them need to know of each other, `Reader` remembers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.model.quads import is_iri
from kg.model.statements import Statement, Value
from kg.model.terms import DCTERMS, KG, RDF, SKOS, XSD
from kg.sources.members import Member
from kg.sources.rows import read_rows
from kg.sources.tally import FileTally, Tally, trimmed

__all__ = ["Reader", "collection", "concepts", "hierarchy", "names_of_groups", "requirements", "skill_relations"]

_LANGUAGE = re.compile(r"[_ -]([a-z]{2})(?:-([a-z]{2}))?(?:[_ -]+csv)?$", re.IGNORECASE)
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_PILLARS = {"Occupation": KG.Role, "ISCOGroup": KG.Group, "SkillGroup": KG.Group, "KnowledgeSkillCompetence": KG.Skill}


@dataclass
class Reader:
    """What has been read so far: concepts by IRI, so that nothing is said twice and relations find their ends."""

    source: str
    tally: Tally
    named: dict[str, str] = field(default_factory=dict)  # IRI → language it was last described in
    related: set[tuple[str, str, str]] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)

    def say(self, subject: str, relation: str, target: str | Value) -> Statement:
        """Return a statement of this release."""
        return Statement(subject, relation, target, self.source)


def _iri(counts: FileTally, line: int, text: str, column: str) -> str:
    """Return the IRI in a cell; nothing, and a row left out, where there is none."""
    text = text.strip()
    if text.startswith(("http://", "https://")) and is_iri(text):
        return text
    counts.skip(line, f"{column} is no IRI" if text else f"{column} is empty")
    return ""


def language_of(file: Member) -> str:
    """Return the language tag in the name of a file or of its archive, as en-US; nothing where there is none."""
    for stem in (file.stem, file.path.stem.replace(" - csv", "")):
        if found := _LANGUAGE.search(stem):
            return found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")
    return ""


_CONCEPT = ("conceptUri", "preferredLabel")
_ABOUT = (
    "altLabels",
    "hiddenLabels",
    "status",
    "modifiedDate",
    "scopeNote",
    "definition",
    "description",
    "code",
    "skillType",
    "reuseLevel",
)


def concepts(kind: str, reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield occupations, skills or groups with all their columns."""
    lang, say = language_of(file), reader.say
    for line, row in read_rows(file, _CONCEPT, _ABOUT):
        counts.rows += 1
        uri, label, alternatives, hidden, status, modified, scope, definition, description, code, skill, reuse = row
        iri = _iri(counts, line, uri, "conceptUri")
        label = counts.label(line, label)
        if not iri:
            continue
        if not label:
            counts.skip(line, "preferredLabel is empty")
            continue
        if reader.named.get(iri) == lang:
            counts.skip(line, "the concept was described in an earlier row")
            continue
        reader.named[iri] = lang
        yield say(iri, RDF.type, kind)
        yield say(iri, SKOS.prefLabel, Value(label, lang=lang))
        if kind != KG.Group:
            reader.tally.meaning("role" if kind == KG.Role else "skill", label, iri)
        for name in _labels(counts, line, alternatives, label):
            yield say(iri, SKOS.altLabel, Value(name, lang=lang))
            if kind != KG.Group:
                reader.tally.meaning("role" if kind == KG.Role else "skill", name, iri)
        for name in _labels(counts, line, hidden, label):
            yield say(iri, SKOS.hiddenLabel, Value(name, lang=lang))
        definition, description = definition.strip(), description.strip()
        for relation, text in (
            (SKOS.definition, definition or description),
            (DCTERMS.description, description if definition else ""),
            (SKOS.scopeNote, scope.strip()),
        ):
            if text:
                yield say(iri, relation, Value(text, lang=lang))
        for relation, text in (
            (SKOS.notation, code),
            (KG.conceptStatus, status),
            (KG.skillType, skill),
            (KG.reuseLevel, reuse),
        ):
            if text := trimmed(text):
                yield say(iri, relation, Value(text))
        if kind == KG.Skill and not trimmed(skill):
            counts.note(line, "skills without a skillType")
        if kind == KG.Skill and not trimmed(reuse):
            counts.note(line, "skills without a reuseLevel")
        if _DATE_TIME.fullmatch(modified.strip()):
            yield say(iri, DCTERMS.modified, Value(modified.strip(), XSD.dateTime))
        elif modified.strip():
            counts.note(line, "modifiedDate is no date, left out")


def _labels(counts: FileTally, line: int, cell: str, preferred: str) -> Iterator[str]:
    """Yield the labels of a cell, one a line or parted by bars, each once and without the preferred one."""
    seen = {preferred}
    for text in re.split(r"\n| \| ", cell):
        label = counts.label(line, text.rstrip("\r"))
        if label and label not in seen:
            seen.add(label)
            yield label


def collection(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield which concepts stand in a collection, such as the green ones."""
    name = re.sub(r"(Skills|Occupations)?Collection.*", "", file.stem).replace("_", " ").strip() or file.stem
    for line, (uri,) in read_rows(file, ("conceptUri",)):
        counts.rows += 1
        if iri := _iri(counts, line, uri, "conceptUri"):
            yield reader.say(iri, KG.collection, Value(name))


def names_of_groups(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Name the groups that the hierarchy has and the file of groups lacks; they have no other description."""
    lang = language_of(file)
    columns = [f"Level {i} {what}" for i in range(4) for what in ("URI", "preferred term", "code")]
    for line, row in read_rows(file, columns[:2], columns[2:]):
        counts.rows += 1
        for uri, label, code in zip(row[::3], row[1::3], row[2::3], strict=True):
            if not uri.strip() or uri in reader.named:
                continue
            iri, label = _iri(counts, line, uri, "URI"), counts.label(line, label)
            if iri and label:
                reader.named[iri] = lang
                yield reader.say(iri, RDF.type, KG.Group)
                yield reader.say(iri, SKOS.prefLabel, Value(label, lang=lang))
                if trimmed(code):
                    yield reader.say(iri, SKOS.notation, Value(trimmed(code)))


def hierarchy(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield what stands below what, in either pillar."""
    for line, row in read_rows(file, ("conceptUri", "broaderUri"), ("conceptType", "broaderType")):
        counts.rows += 1
        narrower, broader = _iri(counts, line, row[0], "conceptUri"), _iri(counts, line, row[1], "broaderUri")
        if not narrower or not broader or _is_repeated(reader, counts, line, narrower, SKOS.broader, broader):
            continue
        if narrower == broader:
            counts.skip(line, "a concept stands below itself")
            continue
        yield from _stranger(reader, narrower, _PILLARS.get(row[2].strip(), ""))
        yield from _stranger(reader, broader, _PILLARS.get(row[3].strip(), ""))
        yield Statement(narrower, SKOS.broader, broader, reader.source, locator="ESCO hierarchy")


def requirements(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield which skills are essential and which optional for an occupation."""
    essential = {"essential": True, "optional": False}
    for line, (role_uri, kind, skill_uri) in read_rows(file, ("occupationUri", "relationType", "skillUri")):
        counts.rows += 1
        role = _iri(counts, line, role_uri, "occupationUri")
        skill = _iri(counts, line, skill_uri, "skillUri") if role else ""
        if not role or not skill:
            continue
        relation = kind.strip().casefold()
        if relation not in essential:
            counts.skip(line, f'relationType is neither essential nor optional but "{trimmed(kind)[:40]}"')
            continue
        if _is_repeated(reader, counts, line, role, relation, skill):
            continue
        yield from _stranger(reader, role, KG.Role)
        yield from _stranger(reader, skill, KG.Skill)
        yield Statement(
            role,
            KG.requires,
            skill,
            reader.source,
            locator=f"ESCO relation: {relation}",
            essential=essential[relation],
        )


def skill_relations(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield which skills are essential and which optional for another skill."""
    relations = {"essential": KG.hasPrerequisite, "optional": KG.benefitsFrom}
    for line, row in read_rows(file, ("originalSkillUri", "relationType", "relatedSkillUri")):
        counts.rows += 1
        skill = _iri(counts, line, row[0], "originalSkillUri")
        other = _iri(counts, line, row[2], "relatedSkillUri") if skill else ""
        if not skill or not other:
            continue
        relation = row[1].strip().casefold()
        if relation not in relations:
            counts.skip(line, f'relationType is neither essential nor optional but "{trimmed(row[1])[:40]}"')
            continue
        if _is_repeated(reader, counts, line, skill, relation, other):
            continue
        yield from _stranger(reader, skill, KG.Skill)
        yield from _stranger(reader, other, KG.Skill)
        yield Statement(
            skill, relations[relation], other, reader.source, locator=f"ESCO relation between skills: {relation}"
        )


def _is_repeated(reader: Reader, counts: FileTally, line: int, subject: str, relation: str, target: str) -> bool:
    """Whether an earlier row said this; the row is then left out."""
    known = (subject, relation, target)
    if known in reader.related:
        counts.skip(line, "the relation was given in an earlier row")
        return True
    reader.related.add(known)
    return False


def _stranger(reader: Reader, iri: str, kind: str) -> Iterator[Statement]:
    """Say of which class a concept is that relations name and no file of a classification that was read describes."""
    if iri not in reader.named and iri not in reader.strangers and kind:
        reader.strangers.add(iri)
        yield reader.say(iri, RDF.type, kind)
