"""O*NET: the database as it is downloaded, as workbooks or as text, becomes statements.

A file is known by the names of its columns, an element by its id: releases rename files, and the text files have fewer
columns than the workbooks. Both say the same here. What O*NET says and how it is written:

- occupations are roles, their titles and alternate titles labels, their job zone `kg:jobZone`;
- a rated skill, field of knowledge or ability is `kg:requires`, with importance (1–5) and level (0–7) in one claim,
  each with its sample size, standard error and bounds. What O*NET flags as not relevant to the occupation, or of which
  it advises not to show the importance, is `kg:setsAside` with the same numbers and the flag: no question counts it as
  required. Where only the level is to be suppressed, the claim stands and the number is a `kg:suppressedLevel`;
- technology that employers ask of this occupation (in demand) is `kg:requires`, other technology and tools `kg:uses`;
- tasks and rated work activities are `kg:worksOn`; a task stands below its detailed work activities, these below the
  intermediate ones, these below elements of the content model;
- related occupations are `kg:relatedRole` with tier and rank.

References
----------
National Center for O*NET Development, O*NET Data Dictionary, https://www.onetcenter.org/dictionary/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint, slugify
from kg.model.statements import Source, Statement, Value
from kg.model.terms import DCTERMS, KG
from kg.sources.members import Member
from kg.sources.onet_claims import activities_of_tasks, ratings, related, tasks, technology
from kg.sources.onet_rows import Reader, activities, alternate_titles, content_model, hierarchy, job_zones, occupations
from kg.sources.rows import header_of
from kg.sources.tally import FileTally, Tally

__all__ = ["CONTENTS", "content_of", "is_onet", "onet_source", "read_onet", "release_of"]

_CODE = "o*net-soc code"
#: What a file holds, in the order it is read: the columns that tell it, and those that tell it is something else.
CONTENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "content model": (frozenset({"element id", "element name", "description"}), frozenset({_CODE, "scale id"})),
    "occupations": (frozenset({_CODE, "title", "description"}), frozenset({"element id"})),
    "alternate titles": (frozenset({_CODE, "alternate title"}), frozenset()),
    "job zones": (frozenset({_CODE, "job zone"}), frozenset({"element id"})),
    "intermediate activities": (frozenset({"element id", "iwa id", "iwa title"}), frozenset({"dwa id", _CODE})),
    "detailed activities": (frozenset({"element id", "iwa id", "dwa id", "dwa title"}), frozenset({_CODE})),
    "ratings": (frozenset({_CODE, "element id", "scale id", "data value"}), frozenset({"category", "task id"})),
    "technology and tools": (frozenset({_CODE, "example", "commodity code"}), frozenset()),
    "tasks": (frozenset({_CODE, "task id", "task"}), frozenset({"dwa id", "scale id"})),
    "activities of tasks": (frozenset({_CODE, "task id", "dwa id"}), frozenset()),
    "related occupations": (frozenset({_CODE, "related o*net-soc code"}), frozenset()),
}

_RELEASE = re.compile(r"(?<![\d.])(\d{2})[._](\d)(?![\d.])")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_READ_ME = re.compile(r"O\*NET\D{0,3}(\d{2}\.\d) Database\W+?(?:(\w+) (\d{4}) Release)?")


def content_of(header: Sequence[str]) -> str:
    """Return what an O*NET file with these columns holds; nothing where it is not one that is read.

    Examples
    --------
    >>> content_of(["O*NET-SOC Code", "Job Zone", "Date", "Domain Source"])
    'job zones'
    """
    columns = {name.casefold() for name in header}
    return next((name for name, (has, lacks) in CONTENTS.items() if has <= columns and not lacks & columns), "")


def is_onet(header: Sequence[str]) -> bool:
    """Whether columns are those of a file of O*NET, be it one that is read or not."""
    columns = {name.casefold() for name in header}
    return _CODE in columns or "element id" in columns or "scale id" in columns


def release_of(file: Member, read_me: str = "") -> str:
    """Return the release that a file's Read Me, archive or folder tells, such as ``29.3``; nothing where none does."""
    if found := _READ_ME.search(read_me):
        return found[1]
    for part in (*reversed(file.inner.split("/")[:-1]), *reversed(file.path.parts)):
        if releases := _RELEASE.findall(part):
            return ".".join(releases[-1])
    return ""


def onet_source(release: str, files: Sequence[Member] = (), read_me: str = "") -> Source:
    """Return the source of a release; its IRI is the name of the graph that holds it."""
    found = _READ_ME.search(read_me)
    known = found is not None and found[2] in _MONTHS
    month = f"{found[3]}-{_MONTHS.index(found[2]) + 1:02d}" if found and known else ""
    return Source(
        mint("source", f"onet-{slugify(release)}"),
        f"O*NET {release}",
        KG.SourceSays,
        url="https://www.onetcenter.org/database.html",
        kind="database of occupations",
        date=month,
        version=release,
        licence="CC BY 4.0",
        publisher="U.S. Department of Labor, Employment and Training Administration",
        checksum="\n".join(sorted(file.checksum() for file in files)),
        version_of=mint("source", "onet"),
    )


def read_onet(
    files: Sequence[Member], *, release: str = "", read_me: str = "", tally: Tally | None = None
) -> Iterator[Statement]:
    """Yield what the files of one release of O*NET say.

    Parameters
    ----------
    files
        Workbooks or tab-separated text, in any order; of a table that is there as both, the text is read.
    release
        The release, such as ``29.3``; by default what the Read Me, else the names of archive and folder tell.
    read_me
        The text of the release's Read Me.
    tally
        Where rows read and left out are noted.

    Raises
    ------
    BadInput
        Nothing tells the release; a file is damaged or lacks a column.
    MissingExtra
        There are workbooks, and openpyxl is not installed.
    """
    release = release or next(filter(None, (release_of(file, read_me) for file in files)), "")
    if not release:
        raise BadInput(
            "O*NET",
            [Fault(str(files[0].path), 0, "", "tells no release of O*NET.", 'Name its folder after it: "onet-29.3".')],
        )
    return _read(files, onet_source(release, files, read_me), tally or Tally())


def _read(files: Sequence[Member], source: Source, tally: Tally) -> Iterator[Statement]:
    yield from source.statements()
    yield Statement(source.version_of, DCTERMS.title, Value.of("O*NET", lang="en"), source.iri)
    reader = Reader(source.iri, tally)
    contents = [(content_of(header_of(file)), file) for file in files]
    readers: dict[str, Callable[[Reader, Member, FileTally], Iterator[Statement]]] = {
        "content model": content_model,
        "occupations": occupations,
        "alternate titles": alternate_titles,
        "job zones": job_zones,
        "intermediate activities": partial(activities, "IWA ID", "IWA Title"),
        "detailed activities": partial(activities, "DWA ID", "DWA Title"),
        "ratings": ratings,
        "technology and tools": technology,
        "tasks": tasks,
        "activities of tasks": activities_of_tasks,
        "related occupations": related,
    }
    for content in CONTENTS:
        fitting = [file for found, file in contents if found == content]
        chosen = {file.stem.casefold(): file for file in sorted(fitting, key=_is_text)}  # of two of one name the text
        for file in sorted(chosen.values(), key=lambda file: file.stem):
            counts = tally.file(file.name, f"O*NET {content}")
            for statement in readers[content](reader, file, counts):
                counts.statements += 1
                yield statement
    yield from hierarchy(reader)


def _is_text(file: Member) -> bool:
    return file.suffix != ".xlsx"
