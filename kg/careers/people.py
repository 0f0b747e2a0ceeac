"""The people of a file, each as a profile, and one person as a profile.

What a file says is read by `kg.sources.people`, what it means by `kg.careers.reading`. A file may tell of one person or
of many; a question is about one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.careers.profile import STANCES, Doubtful, Holding, People, Profile, Stance, Unread
from kg.careers.reading import Reader, as_profile
from kg.handles.asking import Asked, ask
from kg.handles.handle import Handle
from kg.model.answers import Node, few
from kg.model.errors import BadInput, Fault
from kg.model.graphs import ClaimGraph, Graph
from kg.sources.written import Item

__all__ = ["people", "profile", "read_people", "read_profile"]

#: So many people of a file are named where it has to be chosen among them.
_NAMED = 12


def read_people(asked: Asked, path: Path) -> tuple[Profile, ...]:
    """Return what a file says people hold, one profile for each person.

    Raises
    ------
    BadInput
        The file cannot be read or names nothing; or, with ``strict``, has words that are not understood, which are all
        listed.
    """
    from kg.sources.people import read_written

    reader = Reader(asked)
    found = tuple(
        load_profile(reader, one, str(path)) if isinstance(one, dict) else reader.profile(one, one_name(path))
        for one in read_written(path)
    )
    if not any(one.entries() for one in found):
        raise BadInput(
            f"{one_name(path)} names nothing that can be held. Write one skill, tool or certification per line, or "
            "give a text that names them."
        )
    if getattr(asked.handle, "strict", False):
        _refuse(one_name(path), found)
    return found


def one_name(path: Path) -> str:
    """Return what a file is called where it is told."""
    return "standard input" if str(path) == "-" else str(path)


def _refuse(name: str, found: Iterable[Profile]) -> None:
    unsure: list[Unread | Doubtful] = []
    for profile in found:
        unsure += profile.not_understood
        unsure += (one for one in profile.doubtful if one.why == "ambiguous")
    faults = [
        Fault(*_file_and_line(one.place, name), "", f'"{one.words}" {_reason(one)}.', "Write it as `kg find` shows it.")
        for one in unsure
    ]
    if faults:
        raise BadInput(name, sorted(faults, key=lambda fault: fault.line))


def _reason(one: Unread | Doubtful) -> str:
    return f"may mean {one.label}" if isinstance(one, Doubtful) else "names nothing that can be held"


def _file_and_line(place: str, name: str) -> tuple[str, int]:
    rest = place.removeprefix(name).strip(":")
    line = re.match(r"(?:page \d+, |row )?(\d+)", rest)
    return name, int(line[1]) if line else 0


def read_profile(asked: Asked, path: Path, person: str | None = None) -> Profile:
    """Return what a file says one person holds.

    Raises
    ------
    BadInput
        As `read_people`; or the file tells of several people, who are named, or not of the one asked for.
    """
    found = read_people(asked, path)
    name = one_name(path)
    chosen = [one for one in found if person is None or one.name.casefold() == person.strip().casefold()]
    if len(chosen) == 1:
        return chosen[0]
    names = few([one.name or "(no name)" for one in found], _NAMED)
    if len(chosen) > 1 and person is not None:
        raise BadInput(f'{name} tells of {len(chosen)} people called "{person}". Call one of them otherwise there.')
    if not chosen:
        raise BadInput(f'{name} tells of no "{person}", but of {names}. Name one of these: --person "{found[0].name}".')
    raise BadInput(
        f"{name} tells of {len(found)} people: {names}. A question is asked about one of them: add "
        f'--person "{found[0].name}".'
    )


def load_profile(reader: Reader, content: dict[str, Any], name: str) -> Profile:
    """Return a profile as `Profile.to_yaml` wrote it and a person corrected it."""
    found: list[Holding | Doubtful | Unread] = []
    for one in content.get("held") or ():
        given = one if isinstance(one, dict) else {"name": str(one)}
        words = str(given.get("words") or given.get("name") or "")
        item = Item(
            str(given.get("name") or words),
            str(given.get("place") or ""),
            str(given.get("level") or ""),
            _years(given.get("years")),
            since=str(given.get("since") or ""),
            until=str(given.get("until") or ""),
            issuer=str(given.get("issuer") or ""),
            note=str(given.get("note") or ""),
            iri=(str(given["iri"]),) if given.get("iri") else (),
        )
        found += [one._replace(words=words) for one in reader.item(item)]
    for one in content.get("not_counted") or ():
        given = one if isinstance(one, dict) else {"name": one}
        iris = given.get("iri") or ()
        if not iris:  # written by hand
            name_of = str(given.get("name") or given.get("words") or one)
            found += reader.item(Item(name_of, str(given.get("place") or ""), why=str(given.get("why") or "denied")))
            continue
        nodes = reader.handle.index.nodes([iris] if isinstance(iris, str) else iris)
        named = tuple(nodes[iri] for iri in ([iris] if isinstance(iris, str) else iris))
        why: Stance = next((stance for stance in STANCES if stance == given.get("why")), "ambiguous")
        found.append(Doubtful(named, why, str(given.get("words", "")), str(given.get("place", ""))))
    for one in content.get("not_understood") or ():
        given = one if isinstance(one, dict) else {"words": one}
        found.append(Unread(str(given.get("words", "")), str(given.get("place", ""))))
    roles = []
    for one in content.get("roles") or ():
        role = str((one.get("iri") or one.get("name") or "") if isinstance(one, dict) else one)
        known = reader.named(role, "role")
        if isinstance(known, Node):
            roles.append(known)
        else:
            found.append(Unread(role or str(one)))
    return as_profile(found, str(content.get("name") or ""), str(content.get("read_from") or name), roles)


def _years(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def profile(
    g: Handle | Graph, file: Path | None = None, *, held: Sequence[str] = (), person: str | None = None
) -> Profile:
    """What does somebody hold, and how do we know?

    Parameters
    ----------
    g
        A graph or its handle.
    file
        A list, a table, a CV or a profile: see `people`.
    held
        What is held, in words; a list in one text is taken apart.
    person
        Whose profile, where the file tells of several people.

    Returns
    -------
    Profile
        What is held, each with the words and the place that say so; what does not count, and why; what was not
        understood.

    Raises
    ------
    BadInput
        The file cannot be read, names nothing, or tells of several people; or a word is not understood, and the graph
        was opened with ``strict``.

    Examples
    --------
    >>> import kg
    >>> print(kg.profile(kg.open(as_of="2026-11-22"), held=["Python, some SQL, frobnicate"]))
    Read 2 of 3 names. Not understood: frobnicate.
    """
    asked = ask(g, file=str(file) if file else None, held=held, person=person)
    reader = Reader(asked)
    found = sum((reader.listed(text) for text in held), Profile())
    if file is not None:
        found += read_profile(asked, Path(file), person)
    return replace(found, context=asked.context(ClaimGraph({}, ())))


def people(g: Handle | Graph, file: Path) -> People:
    """What do the people of a file hold, and how do we know?

    Parameters
    ----------
    g
        A graph or its handle.
    file
        A list or table of one person or many, a CV as text, Markdown, HTML, PDF or DOCX, a JSON Resume, a LinkedIn
        export, Open Badges, or a profile as `kg read` writes it.

    Returns
    -------
    People
        One profile for each person, in the order of the file.

    Raises
    ------
    BadInput
        The file cannot be read or names nothing.
    """
    asked = ask(g, file=str(file))
    context = asked.context(ClaimGraph({}, ()))
    return People(tuple(replace(one, context=context) for one in read_people(asked, Path(file))), context=context)
