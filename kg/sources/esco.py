"""ESCO: the CSV downloads of any release from 1.0 to 1.2.1 become statements.

A file is known by the names of its columns, since releases renamed files, added language suffixes and moved columns.
Official IRIs are kept; every statement stands in the graph of its release, so that two releases stand beside each
other. What ESCO says and how it is written here:

- occupations are roles, skills and knowledge are skills, ISCO-08 groups, skill groups and fields of study are groups;
- essential and optional skills are `kg:requires`, essential or not; essential relations between skills are
  `kg:hasPrerequisite`, optional ones `kg:benefitsFrom`;
- every hierarchy is `skos:broader`, a directed acyclic graph and no tree.

References
----------
European Commission, Structure of ESCO downloadable datasets,
https://esco.ec.europa.eu/en/structure-esco-downloadable-datasets
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint, slugify
from kg.model.statements import Source, Statement, Value
from kg.model.terms import DCTERMS, KG
from kg.sources.esco_rows import (
    Reader,
    collection,
    concepts,
    hierarchy,
    names_of_groups,
    requirements,
    skill_relations,
)
from kg.sources.members import Member
from kg.sources.rows import header_of
from kg.sources.tally import FileTally, Tally

__all__ = ["CONTENTS", "content_of", "esco_source", "is_esco", "read_esco", "release_of"]

#: What a file holds, in the order it is read: the columns that tell it, and those that tell it is something else.
CONTENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "occupations": (frozenset({"concepturi", "iscogroup", "preferredlabel"}), frozenset({"broaderconcepturi"})),
    "skills": (frozenset({"concepturi", "skilltype", "preferredlabel"}), frozenset({"broaderconcepturi"})),
    "collections": (frozenset({"concepturi", "preferredlabel", "broaderconcepturi"}), frozenset()),
    "groups": (frozenset({"concepturi", "preferredlabel", "code"}), frozenset({"iscogroup", "skilltype"})),
    "groups without codes": (  # of skills, as releases before 1.1 have them
        frozenset({"concepttype", "concepturi", "preferredlabel"}),
        frozenset({"iscogroup", "skilltype", "broaderconcepturi", "code", "greenshare"}),
    ),
    "names of groups": (frozenset({"level 0 uri", "level 0 preferred term"}), frozenset()),
    "hierarchies": (frozenset({"concepturi", "broaderuri"}), frozenset()),
    "relations of occupations": (frozenset({"occupationuri", "relationtype", "skilluri"}), frozenset()),
    "relations of skills": (frozenset({"originalskilluri", "relationtype", "relatedskilluri"}), frozenset()),
}

_RELEASE = re.compile(r"(?<![\d.])v?(1\.[0-9](?:\.[0-9]+)?)(?![\d.]*\d)")


def content_of(header: Sequence[str]) -> str:
    """Return what an ESCO file with these columns holds; nothing where it is not one that is read.

    Examples
    --------
    >>> content_of(["occupationUri", "relationType", "skillType", "skillUri"])
    'relations of occupations'
    """
    columns = {name.casefold() for name in header}
    return next((name for name, (has, lacks) in CONTENTS.items() if has <= columns and not lacks & columns), "")


def is_esco(header: Sequence[str]) -> bool:
    """Whether columns are those of a file of ESCO, be it one that is read or not."""
    columns = {name.casefold() for name in header}
    return bool(content_of(header)) or {"concepttype", "concepturi"} <= columns or "conceptschemeuri" in columns


def release_of(files: Sequence[Member]) -> str:
    """Return the release that file and folder names tell, such as ``1.1.1``.

    Raises
    ------
    BadInput
        They tell none, or several.
    """
    found = {match for file in files for match in _releases(file)}
    if len(found) == 1:
        return found.pop()
    names = sorted({str(file.path) for file in files})
    says = f"tells several releases of ESCO: {', '.join(sorted(found))}." if found else "tells no release of ESCO."
    fix = 'Put each release in a folder named after it, such as "esco-1.2.0".'
    raise BadInput(names[0] if len(names) == 1 else "ESCO", [Fault(name, 0, "", says, fix) for name in names])


def _releases(file: Member) -> tuple[str, ...]:
    """Return the release in the name that is nearest to the file: its own, that of its archive or of a folder above."""
    for part in (*reversed(file.inner.split("/")), *reversed(file.path.parts)):
        if found := _RELEASE.findall(part):
            return (found[-1],)
    return ()


def esco_source(release: str, files: Sequence[Member] = ()) -> Source:
    """Return the source of a release; its IRI is the name of the graph that holds it."""
    return Source(
        mint("source", f"esco-{slugify(release)}"),
        f"ESCO v{release}",
        KG.SourceSays,
        url="https://esco.ec.europa.eu/en/use-esco/download",
        kind="classification",
        version=release,
        licence="Commission Decision 2011/833/EU",
        publisher="European Commission",
        checksum="\n".join(sorted(file.checksum() for file in files)),
        version_of=mint("source", "esco"),
    )


def read_esco(files: Sequence[Member], *, tally: Tally | None = None) -> Iterator[Statement]:
    """Yield what the files of one release of ESCO say.

    Parameters
    ----------
    files
        Files of the classification, of the relations, or both, in any order and in any number of languages.
    tally
        Where rows read and left out are noted.

    Raises
    ------
    BadInput
        The names of the files tell no release; a file is damaged or lacks a column.
    """
    source = esco_source(release_of(files), files)
    return _read(files, source, tally or Tally())


def _read(files: Sequence[Member], source: Source, tally: Tally) -> Iterator[Statement]:
    yield from source.statements()
    yield Statement(source.version_of, DCTERMS.title, Value.of("ESCO", lang="en"), source.iri)
    contents = [(content_of(header_of(file)), file) for file in files]
    reader = Reader(source.iri, tally)
    readers: dict[str, Callable[[Reader, Member, FileTally], Iterator[Statement]]] = {
        "occupations": partial(concepts, KG.Role),
        "skills": partial(concepts, KG.Skill),
        "groups": partial(concepts, KG.Group),
        "groups without codes": partial(concepts, KG.Group),
        "collections": collection,
        "names of groups": names_of_groups,
        "hierarchies": hierarchy,
        "relations of occupations": requirements,
        "relations of skills": skill_relations,
    }
    for content in CONTENTS:
        for file in sorted((file for found, file in contents if found == content), key=lambda file: file.name):
            counts = tally.file(file.name, f"ESCO {content}")
            for statement in readers[content](reader, file, counts):
                counts.statements += 1
                yield statement
    if reader.strangers:
        shown = ", ".join(sorted(reader.strangers)[:3])
        tally.remarks.append(
            f"ESCO: relations name {len(reader.strangers)} concepts that no file describes; they are kept without a "
            f"name: {shown}{' …' if len(reader.strangers) > 3 else ''}."
        )
