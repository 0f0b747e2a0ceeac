"""The files of O*NET that describe: occupations, titles, the content model, work activities.

What several of its files need to know of each other, `Reader` remembers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.model.iris import mint, slugify
from kg.model.statements import Statement, Value
from kg.model.terms import KG, RDF, SKOS
from kg.sources.members import Member
from kg.sources.rows import read_rows
from kg.sources.tally import FileTally, Tally, trimmed

__all__ = [
    "DESCRIPTOR",
    "ELEMENT",
    "WORKED_ON",
    "Reader",
    "activities",
    "activity_iri",
    "alternate_titles",
    "below",
    "content_model",
    "element_of",
    "hierarchy",
    "job_zones",
    "occupations",
    "role_of",
]

DESCRIPTOR = "https://www.onetonline.org/find/descriptor/result/"
ELEMENT = re.compile(r"\d(\.[A-Za-z0-9]+)*")
#: Element ids that are work activities.
WORKED_ON = ("4.A",)
_OCCUPATION = "https://www.onetonline.org/link/summary/"
_SOC = re.compile(r"\d\d-\d{4}\.\d\d")


@dataclass
class Reader:
    """What has been read so far, by code and id."""

    source: str
    tally: Tally
    elements: dict[str, tuple[str, str]] = field(default_factory=dict)  # element id → name, description
    roles: set[str] = field(default_factory=set)
    described: set[str] = field(default_factory=set)  # nodes that have been given a class
    coded: set[str] = field(default_factory=set)  # groups that have been given their code
    said: set[tuple[str, str, str]] = field(default_factory=set)

    def say(self, subject: str, relation: str, target: str | Value) -> Statement:
        """Return a statement of this release."""
        return Statement(subject, relation, target, self.source)

    def describe(self, iri: str, kind: str, label: str) -> Iterator[Statement]:
        """Give a node its class and its name, once."""
        if iri not in self.described:
            self.described.add(iri)
            yield self.say(iri, RDF.type, kind)
            yield self.say(iri, SKOS.prefLabel, Value(label, lang="en"))

    def is_new(self, counts: FileTally, line: int, subject: str, relation: str, target: str) -> bool:
        """Whether no earlier row says this; else the row is noted as left out."""
        key = subject, relation, target
        if key in self.said:
            counts.skip(line, "an earlier row says the same")
            return False
        self.said.add(key)
        return True


def role_of(reader: Reader, counts: FileTally, line: int, code: str) -> str:
    """Return the IRI of an occupation; nothing, and a row left out, where the code is none or is not described."""
    code = code.strip()
    if not _SOC.fullmatch(code):
        counts.skip(line, "the O*NET-SOC code is none" if code else "the O*NET-SOC code is empty")
        return ""
    if reader.roles and code not in reader.roles:
        counts.skip(line, "the occupation is not described")
        return ""
    return _OCCUPATION + code


def content_model(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Remember the names of the elements; what is not referred to is not described."""
    for line, (element, name, description) in read_rows(file, ("Element ID", "Element Name", "Description")):
        counts.rows += 1
        if ELEMENT.fullmatch(element.strip()):
            reader.elements[element.strip()] = counts.label(line, name), trimmed(description)
        else:
            counts.skip(line, "the element id is none")
    yield from ()


def occupations(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield the occupations with title, code and description."""
    for line, (code, title, description) in read_rows(file, ("O*NET-SOC Code", "Title", "Description")):
        counts.rows += 1
        code, label = code.strip(), counts.label(line, title)
        if not _SOC.fullmatch(code) or not label:
            counts.skip(line, "the O*NET-SOC code is none" if label else "the title is empty")
        elif code in reader.roles:
            counts.skip(line, "the occupation was described in an earlier row")
        else:
            reader.roles.add(code)
            iri = _OCCUPATION + code
            yield from reader.describe(iri, KG.Role, label)
            yield reader.say(iri, SKOS.notation, Value(code))
            if trimmed(description):
                yield reader.say(iri, SKOS.definition, Value(description.strip(), lang="en"))
            reader.tally.meaning("role", label, iri)


def alternate_titles(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield other titles of occupations, long and short, each once."""
    for line, (code, title, short) in read_rows(file, ("O*NET-SOC Code", "Alternate Title"), ("Short Title",)):
        counts.rows += 1
        if not (role := role_of(reader, counts, line, code)):
            continue
        for name in (title, "" if short.strip() == "n/a" else short):
            label = counts.label(line, name)
            if label and (role, "", label) not in reader.said:
                reader.said.add((role, "", label))
                reader.tally.meaning("role", label, role)
                yield reader.say(role, SKOS.altLabel, Value(label, lang="en"))


def job_zones(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield how much preparation occupations take."""
    for line, (code, zone) in read_rows(file, ("O*NET-SOC Code", "Job Zone")):
        counts.rows += 1
        if role := role_of(reader, counts, line, code):
            if zone.strip() in ("1", "2", "3", "4", "5"):
                yield reader.say(role, KG.jobZone, Value.of(int(zone)))
            else:
                counts.skip(line, "the job zone is none of 1 to 5")


def activity_iri(identifier: str) -> str:
    """Return the IRI of a task or of a detailed or intermediate work activity."""
    return mint("activity", f"onet-{slugify(identifier)}")


def activities(column: str, title: str, reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield the detailed or intermediate work activities, each below the next wider one."""
    needed = ("Element ID", "IWA ID", column, title)
    for line, (element, wider, identifier, name, wider_name) in read_rows(file, needed, ("IWA Title",)):
        counts.rows += 1
        if not ELEMENT.fullmatch(identifier.strip()) or not ELEMENT.fullmatch(element.strip()):
            counts.skip(line, "the id of the activity is none")
            continue
        chain = [(identifier.strip(), trimmed(name)), (wider.strip(), trimmed(wider_name))]
        for own, label in chain if identifier != wider else chain[:1]:
            if label and ELEMENT.fullmatch(own):
                yield from reader.describe(activity_iri(own), KG.Activity, label)
        steps = [identifier.strip()] + ([wider.strip()] if wider.strip() != identifier.strip() else [])
        yield from below(reader, [activity_iri(step) for step in steps] + [DESCRIPTOR + element.strip()])
        yield from element_of(reader, element.strip())


def below(reader: Reader, chain: Sequence[str], locator: str = "O*NET content model") -> Iterator[Statement]:
    """Yield that each node of a chain stands below the next, what was said before left out."""
    for narrower, broader in pairwise(chain):
        if (narrower, SKOS.broader, broader) not in reader.said:
            reader.said.add((narrower, SKOS.broader, broader))
            yield Statement(narrower, SKOS.broader, broader, reader.source, locator=locator)


def element_of(reader: Reader, element: str, name: str = "") -> Iterator[Statement]:
    """Describe an element that something refers to: skills and abilities, or activities."""
    kind = KG.Activity if element.startswith(WORKED_ON) else KG.Skill
    label, definition = reader.elements.get(element, (name, ""))
    iri = DESCRIPTOR + element
    if iri not in reader.described and label:
        yield from reader.describe(iri, kind, label)
        yield reader.say(iri, SKOS.notation, Value(element))
        if definition:
            yield reader.say(iri, SKOS.definition, Value(definition, lang="en"))
        if kind == KG.Skill:
            reader.tally.meaning("skill", label, iri)


def hierarchy(reader: Reader) -> Iterator[Statement]:
    """Yield the groups of the content model above every element that was described."""
    used = sorted(iri.removeprefix(DESCRIPTOR) for iri in reader.described if iri.startswith(DESCRIPTOR))
    for element in used:
        while "." in element:
            wider = element.rpartition(".")[0]
            if wider not in reader.elements:
                break
            iri = DESCRIPTOR + wider
            yield from reader.describe(iri, KG.Group, reader.elements[wider][0])
            yield from below(reader, [DESCRIPTOR + element, iri])
            element = wider
