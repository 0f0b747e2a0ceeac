"""What LinkedIn exports of oneself: the archive, the folder it was unpacked to, or one of its tables.

Read are skills, certifications, languages and courses, the titles of positions, and as running text the headline, the
summary and the descriptions of positions and projects. The other tables (messages, contacts, endorsements, searches …)
tell of other people, or nothing of what somebody can do, and are not opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kg.sources.members import Member, members
from kg.sources.rows import header_of, read_table_rows
from kg.sources.written import Item, Written, passage

__all__ = ["is_linkedin", "read_linkedin"]

#: A table larger than this is refused; no one has so many skills.
MAX_BYTES = 20_000_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"(?:(?P<month>[A-Za-z]{3})[a-z]*\.?\s+)?(?:(?P<day>\d{1,2}),\s+)?(?P<year>\d{4})")

Row = Mapping[str, str]
#: Yields items and running text of one row; given its place.
Reading = Callable[[Row, str], Iterator["Item | tuple[str, str]"]]


def _skills(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    yield Item(row["name"], place)


def _certifications(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    since, until = (_iso(row.get(key, "")) for key in ("started on", "finished on"))
    yield Item(row["name"], place, since=since, until=until, issuer=row.get("authority", ""), kind="certification")


def _languages(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    yield Item(row["name"], place, row.get("proficiency", ""))


def _positions(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    yield Item(row["title"], place, kind="role")
    yield f"{place}: description", row.get("description", "")


def _projects(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    yield f"{place}: title", row.get("title", "")
    yield f"{place}: description", row.get("description", "")


def _profile(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    yield f"{place}: headline", row["headline"]
    yield f"{place}: summary", row.get("summary", "")


def _course(row: Row, place: str) -> Iterator[Item | tuple[str, str]]:
    yield f"{place}: name", row["name"]


#: The tables that are read, by name: the columns by which each is known, and what reads a row.
_TABLES: dict[str, tuple[frozenset[str], Reading]] = {
    "profile.csv": (frozenset(("first name", "last name", "headline")), _profile),
    "skills.csv": (frozenset(("name",)), _skills),
    "certifications.csv": (frozenset(("name", "authority")), _certifications),
    "positions.csv": (frozenset(("company name", "title")), _positions),
    "languages.csv": (frozenset(("name", "proficiency")), _languages),
    "projects.csv": (frozenset(("title", "description")), _projects),
    "courses.csv": (frozenset(("name",)), _course),
}


def is_linkedin(path: Path) -> bool:
    """Whether a path is an archive or folder, or a table that has the name and the columns of one of LinkedIn's."""
    if path.is_dir() or path.suffix.casefold() == ".zip":
        return True
    known = _TABLES.get(path.name.casefold())
    if known is None or not path.is_file():
        return False
    header = [name.casefold() for name in header_of(Member(path))]
    return known[0] <= {*header} and not (len(known[0]) == 1 and len(header) > 2)


def read_linkedin(path: Path) -> Written:
    """Return what an export says of whoever made it.

    Raises
    ------
    BadInput
        It is damaged, refused (`kg.sources.members`), or has none of the tables that are read.
    """
    found = {name: one for one in members(path) if (name := one.file_name.casefold()) in _TABLES}
    if not found:
        what = "a folder" if path.is_dir() else "an archive"
        raise Member(path).fault(
            f"is {what}, but no export of LinkedIn: it has none of {', '.join(sorted(_TABLES))}.",
            "Give a file that says what one person holds, or a table of several.",
        )
    items: list[Item] = []
    prose = []
    name = ""
    for table in _TABLES:
        if table not in found:
            continue
        for row, place in _rows(found[table], _TABLES[table][0]):
            if table == "profile.csv":
                name = name or f"{row['first name']} {row['last name']}".strip()
            for one in _TABLES[table][1](row, place):
                if isinstance(one, Item):
                    items += [one] if one.words else []
                elif one[1]:
                    prose.append(passage(*one))
    return Written(name, tuple(items), prose=tuple(prose))


def _rows(member: Member, needed: frozenset[str]) -> Iterator[tuple[Row, str]]:
    """Yield the rows of a table by column, in lower case, each with its place; cells that are not there are empty."""
    if member.size > MAX_BYTES:
        raise member.fault(f"has more than {MAX_BYTES:,} bytes.", "Leave it out.")
    rows = read_table_rows(member)
    line, header = next(rows, (1, []))
    names = [cell.strip().casefold() for cell in header]
    if missing := sorted(needed - {*names}):
        have = ", ".join(names)[:200] or "none"
        raise member.fault(f"lacks the column {missing[0]}; there are {have}.", "Export it anew.", line=line)
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        yield dict(zip(names, [*cells, *[""] * len(names)], strict=False)), f"{member.name}:{line}"


def _iso(text: str) -> str:
    """Return a date as LinkedIn writes it, as an ISO date of the same precision; as it is where it is none.

    Examples
    --------
    >>> _iso("Mar 2024"), _iso("Mar 5, 2024"), _iso("2024"), _iso("")
    ('2024-03', '2024-03-05', '2024', '')
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        return text.strip()
    name = (found["month"] or "").casefold()
    month = f"-{_MONTHS.index(name) + 1:02}" if name in _MONTHS else ""
    return found["year"] + month + (f"-{int(found['day']):02}" if found["day"] else "")
