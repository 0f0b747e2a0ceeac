"""From what is written of a person to a profile: every word is read, not counted with a reason, or not understood.

A list is read piece by piece; of running text the names in it are found (`kg.names.mentions`), and where it has a
section of skills, that is read as a list. Nobody can be sure of names in a text, so each is kept with its place and its
words, for the person to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.careers.profile import HELD_KINDS, Doubtful, Holding, People, Profile, Unread
from kg.handles.asking import Asked, ask
from kg.handles.handle import Handle
from kg.model.answers import Node
from kg.model.errors import AmbiguousName, BadInput, Fault, UnknownName
from kg.model.graphs import ClaimGraph, Graph
from kg.names.phrases import FILLERS, level_alone, phrase, segments, without_comment
from kg.names.stances import stance
from kg.sources.written import Item, Written

if TYPE_CHECKING:
    from kg.names.mentions import Mentions
    from kg.sources.texts import Text

__all__ = ["Reader", "people", "profile", "read_people", "read_profile"]

#: The endings of what is running text even where it has lines like those of a list.
_TEXTS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx")
#: A line of a list has no more words than this in one piece; the longest name has nine.
_WORDS = 12
#: What heads a section of skills, and what heads another.
_SKILLS = re.compile(
    r"\W*(?:(?:technical|key|core|it|hard|digital|professional|my|main|other|relevant|computer|software)\s+)*"
    r"(?:skills?|competenc(?:y|ies|es)|technolog(?:y|ies)|tech(?:nical)?\s+stack|stack|tools?|toolbox|expertise|proficiencies|"
    r"kenntnisse|fähigkeiten|compétences|competencias|habilidades)"
    r"(?:\s*(?:&|and|/|,)\s*(?:skills|tools?|technologies|competencies|expertise))*\s*:?\s*",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\s*[A-ZÄÖÜ][\w &/'’-]{2,40}:?\s*")


class Reader:
    """Reads what is written by the names of one graph.

    Parameters
    ----------
    asked
        The graph; readings that are not simply the name of a node are told it.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.handle = asked.handle
        self._mentions: Mentions | None = None
        self._known: dict[str, Node | tuple[Node, ...] | None] = {}

    @property
    def mentions(self) -> Mentions:
        """What finds names in running text; roles too: a machine learning engineer does not say "machine learning"."""
        if self._mentions is None:
            from kg.names.mentions import Mentions, names_of

            self._mentions = Mentions(self.handle.names, names_of(self.handle.names, ("role", *HELD_KINDS)))
        return self._mentions

    def profile(self, written: Written, source: str = "") -> Profile:
        """Return what is written of somebody as a profile."""
        found: list[Holding | Doubtful | Unread] = []
        roles: list[Node] = []
        self.handle.expect(*(phrase(item.words).name for item in written.items))
        for item in written.items:
            if item.kind == "role":
                roles += [one for one in [self._named(item.words, "role")] if isinstance(one, Node)]
            else:
                found += self.item(item)
        if written.text is not None:
            found += self.text(written.text)
        return _profile(found, written.name, source, roles)

    def listed(self, line: str) -> Profile:
        """Return what a list that was typed says is held."""
        return _profile(self.line(line, lambda _: ""), "", "")

    def text(self, text: Text) -> list[Holding | Doubtful | Unread]:
        """Return what a text says is held: all of a list, the names in running text."""
        lines = [(start, without_comment(line)) for start, line in _lines(text.text)]
        written = [(start, line) for start, line in lines if line.strip()]
        is_text = bool(text.pages) or text.name.casefold().endswith(_TEXTS)
        strict = getattr(self.handle, "strict", False)
        if not is_text and (strict or not any(_reads_as_prose(line) for _, line in written)):
            self.handle.expect(*(phrase(s.words).name for _, line in written for s in segments(line)))
            return [one for start, line in written for one in self.line(line, _placed(text, start))]
        return self._running(text)

    def line(self, line: str, place: Callable[[int], str]) -> Iterator[Holding | Doubtful | Unread]:
        """Yield what each piece of a line of a list is read as."""
        if stance(line, len(line), len(line)) != "asserted":  # a line that denies, wishes or looks back
            for piece in segments(line):
                named = [m for m in self.mentions.find(line) if piece.start <= m.start < piece.end]
                if not named:
                    yield Unread(piece.words, place(piece.start))
                for m in named:
                    yield _as_said(line, m.start, m.end, (m.node,), place(m.start))
            return
        last: Holding | None = None
        for piece in segments(line):
            if last and (more := level_alone(piece.words)):
                last = last._replace(level=last.level or more.level, years=last.years or more.years)
                continue
            if last:
                yield last
                last = None
            for one in self.item(Item(piece.words, place(piece.start))):
                if last:
                    yield last
                last = one if isinstance(one, Holding) else None
                if last is None:
                    yield one
        if last:
            yield last

    def item(self, item: Item) -> list[Holding | Doubtful | Unread]:
        """Return what a piece of a list is read as; of several names that a slash or *and* ties, each."""
        kinds = ("certification",) if item.kind == "certification" else HELD_KINDS
        for iri in item.iri:
            if found := self.handle.index.exact(iri, HELD_KINDS):
                return [_holding(found[0].node, item)]
        said = phrase(item.words)
        whole = self.handle.index.exact(item.words, kinds)
        if (whole and not said.level and not said.years) or not said.name:
            said = said._replace(name=item.words)
        elif whole:  # a name that itself has such a word in it
            said = said._replace(name=item.words, level="", years=None)
        given, item = item, item._replace(level=item.level or said.level, years=item.years or said.years)
        found_one = self._named(said.name, *kinds)
        if isinstance(found_one, Node):
            return [_holding(found_one, item)]
        if found_one:
            return [Doubtful(found_one, "ambiguous", item.words, item.place)]
        parts = [part for part in re.split(r"\s*/\s*|\s+(?:and|or|und|et|y|&|\+)\s+", item.words) if part]
        if len(parts) > 1 and any(self._named(phrase(part).name, *kinds) for part in parts):
            return [one for part in parts for one in self.item(given._replace(words=part))]
        return [self._mentioned(said.name, item) or Unread(item.words, item.place)]

    def _named(self, name: str, *kinds: str) -> Node | tuple[Node, ...] | None:
        """Return what a name means: one node, several, or nothing."""
        key = "|".join((name, *kinds))
        if key not in self._known:
            try:
                reading = self.handle.read(name, *kinds)
            except UnknownName:
                self._known[key] = None
            except AmbiguousName as error:
                self._known[key] = tuple(sorted(self.handle.index.nodes(error.candidates).values()))
            else:
                self._known[key] = reading.node
        return self._known[key]

    def _mentioned(self, words: str, item: Item) -> Holding | None:
        """Return the one name in a piece of a list of which all other words say nothing."""
        if len(words.split()) < 2:
            return None
        found = self.mentions.find(words)
        if len({one.node for one in found}) != 1 or found[0].node.kind not in HELD_KINDS:
            return None
        rest = f"{words[: found[0].start]} {words[found[-1].end :]}"
        said = {word.strip(".,:()'’").casefold() for word in rest.split()} - FILLERS - {""}
        return None if said else _holding(found[0].node, item)

    def _running(self, text: Text) -> list[Holding | Doubtful | Unread]:
        """Return the names in running text, each once for its kind of saying; its sections of skills are lists."""
        found: list[Holding | Doubtful | Unread] = []
        listed: list[tuple[int, int]] = []
        for start, line in _skill_lines(text):
            listed.append((start, start + len(line)))
            found += self.line(line, _placed(text, start))
        spans: dict[tuple[int, int], list[Node]] = {}
        for mention in self.mentions.find(text.text):
            if not any(start <= mention.start < end for start, end in listed):
                spans.setdefault((mention.start, mention.end), []).append(mention.node)
        seen = {(one.node, "") for one in found if isinstance(one, Holding)}
        for (start, end), nodes in spans.items():
            words, place = " ".join(text.text[start:end].split()), f"{text.name}:{text.place(start)}"
            held = tuple(n for n in nodes if n.kind in HELD_KINDS)
            if not held:
                continue
            one = _as_said(text.text, start, end, held, place)
            if len(nodes) > 1:
                one = Doubtful(held, "ambiguous", words, place)
            why = one.why if isinstance(one, Doubtful) else ""
            if all((n, why) in seen for n in held):
                continue
            seen |= {(n, why) for n in held}
            found.append(one)
        return found


def _as_said(text: str, start: int, end: int, nodes: tuple[Node, ...], place: str) -> Holding | Doubtful:
    """Return what stands in a text as held, or as doubtful where the text denies it, wishes for it or looks back."""
    said, words = stance(text, start, end), " ".join(text[start:end].split())
    return Holding(nodes[0], words, place) if said == "asserted" else Doubtful(nodes, said, words, place)


def _holding(one: Node, item: Item) -> Holding:
    return Holding(one, item.words, item.place, item.level, item.years, item.since, item.until, item.issuer, item.note)


def _profile(
    found: Iterable[Holding | Doubtful | Unread], name: str, source: str, roles: Sequence[Node] = ()
) -> Profile:
    found = [*found]
    return Profile(
        name=name,
        source=source,
        held=tuple(one for one in found if isinstance(one, Holding)),
        doubtful=tuple(one for one in found if isinstance(one, Doubtful)),
        not_understood=tuple(one for one in found if isinstance(one, Unread)),
        roles=tuple(dict.fromkeys(roles)),
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _placed(text: Text, start: int) -> Callable[[int], str]:
    """Return what says where a piece of a line stands that begins there."""
    return lambda at: f"{text.name}:{text.place(start + at)}"


def _reads_as_prose(line: str) -> bool:
    """Whether a line is a sentence, and no piece of a list."""
    line = line.strip()
    words = len(line.split())
    ended = line.endswith((".", "!", "?")) and words > 3 and not line.endswith(("etc.", "yrs."))
    return (
        ended
        or bool(re.search(r"[a-z]{2}[.!?] [A-Z]", line))
        or any(len(piece.words.split()) > _WORDS for piece in segments(line))
    )


def _is_capitals(line: str) -> bool:
    """Whether a line is a heading in capitals."""
    return line.isupper() and _HEADING.fullmatch(line) is not None


def _skill_lines(text: Text) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text's sections of skills, and what follows such a heading on its own line."""
    inside = False
    headings = sorted(text.headings)
    for start, line in _lines(text.text):
        if not line.strip():
            continue
        is_heading = any(start <= at <= start + len(line) for at in headings)
        if _SKILLS.fullmatch(line):
            inside = True
        elif label := re.match(rf"(?:{_SKILLS.pattern})(?<=:)\s*(?=\S)", line, re.IGNORECASE):
            if not _reads_as_prose(line[label.end() :].rstrip(". ")):
                yield start + label.end(), line[label.end() :]
        elif is_heading or (
            inside and (_reads_as_prose(line) or (_HEADING.fullmatch(line) and line.strip().isupper()))
        ):
            inside = False
        elif inside:
            yield start, line


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


def read_profile(asked: Asked, path: Path) -> Profile:
    """Return what a file says one person holds.

    Raises
    ------
    BadInput
        As `read_people`; or the file tells of several people, who are named.
    """
    found = read_people(asked, path)
    if len(found) > 1:
        names = ", ".join(one.name or "(no name)" for one in found)
        raise BadInput(
            f"{one_name(path)} tells of {len(found)} people: {names}. One is asked about: "
            f'`kg read {one_name(path)} --person "{found[0].name}" --format yaml -o FILE` writes the profile of one.'
        )
    return found[0]


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
        iris = one.get("iri") or ()
        nodes = reader.handle.index.nodes([iris] if isinstance(iris, str) else iris)
        named = tuple(nodes[iri] for iri in ([iris] if isinstance(iris, str) else iris))
        found.append(Doubtful(named, one.get("why", "ambiguous"), str(one.get("words", "")), str(one.get("place", ""))))
    for one in content.get("not_understood") or ():
        given = one if isinstance(one, dict) else {"words": one}
        found.append(Unread(str(given.get("words", "")), str(given.get("place", ""))))
    roles = [one["iri"] if isinstance(one, dict) else one for one in content.get("roles") or ()]
    known = [reader._named(str(role), "role") for role in roles]
    source = str(content.get("read_from") or name)
    return _profile(found, str(content.get("name") or ""), source, [one for one in known if isinstance(one, Node)])


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
        several = [one for one in read_people(asked, Path(file)) if person is None or one.name == person]
        if not several:
            raise BadInput(f'{file} tells of no "{person}". `kg read {file}` names those it tells of.')
        found += several[0] if len(several) == 1 else read_profile(asked, Path(file))
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
