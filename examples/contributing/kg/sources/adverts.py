"""Advertisements for jobs: a file with one JSON object a line becomes statements."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint, slugify
from kg.model.statements import Source, Statement, Value
from kg.model.terms import KG, RDF, SKOS
from kg.sources.members import Member
from kg.sources.tally import Tally

__all__ = ["is_adverts", "read_adverts"]


def is_adverts(member: Member) -> bool:
    """Whether the first line is an object with a title and skills."""
    return b'"title"' in (start := next(member.blocks(), b"")[:4096]) and b'"skills"' in start


def read_adverts(member: Member, *, tally: Tally | None = None) -> Iterator[Statement]:
    """Yield what advertisements ask for: each title a role, each of its skills a requirement, with its line.

    Raises
    ------
    BadInput
        With every line that is no such object.
    """
    counts = (tally or Tally()).file(member.name, "advertisements")
    source = Source(mint("source", slugify(member.stem)), member.stem, KG.SourceSays, checksum=member.checksum())
    said, faults = [*source.statements()], list[Fault]()
    for line, text in enumerate(member.read(10_000_000).splitlines(), start=1):
        counts.rows += 1
        try:
            title, skills = (advert := json.loads(text))["title"], advert["skills"]
            if not (isinstance(skills, list) and all(isinstance(n, str) and n.strip() for n in (title, *skills))):
                raise TypeError("a name that is none")
            said += _named("role", KG.Role, title, source.iri)
            for skill in skills:
                said += _named("skill", KG.Skill, skill, source.iri)
                ends = mint("role", slugify(title)), KG.requires, mint("skill", slugify(skill))
                said.append(Statement(*ends, source.iri, locator=f"line {line}"))
        except (ValueError, TypeError, KeyError, AttributeError):
            faults.append(Fault(member.name, line, "", "is no advertisement.", 'Give {"title": …, "skills": […]}.'))
    if faults:
        raise BadInput(member.name, faults)
    counts.statements += len(said)
    yield from said


def _named(kind: str, class_: str, label: str, source: str) -> Iterator[Statement]:
    iri = mint(kind, slugify(label))
    yield Statement(iri, RDF.type, class_, source)
    yield Statement(iri, SKOS.prefLabel, Value.of(label, lang="en"), source)
