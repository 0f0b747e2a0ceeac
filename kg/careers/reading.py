"""From what is written of a person to a profile: every word is read, not counted with a reason, or not understood.

A list is read piece by piece; of running text the names in it are found (`kg.names.mentions`), and where it has a
section of skills, that is read as a list. Nobody can be sure of names in a text, so each is kept with its place and its
words, for the person to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.careers.profile import HELD_KINDS, STANCES, Doubtful, Holding, Profile, Stance, Unread
from kg.handles.asking import Asked
from kg.model.answers import Node
from kg.model.errors import AmbiguousName, UnknownName
from kg.names.adverts import reads_as_advert
from kg.names.phrases import FILLERS, level_alone, phrase, segments, without_comment
from kg.names.stances import stance
from kg.sources.written import Item, Written

if TYPE_CHECKING:
    from kg.names.mentions import Mentions
    from kg.sources.texts import Text

__all__ = ["Reader", "as_profile"]

#: The endings of what is running text even where it has lines like those of a list.
_TEXTS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".docm")
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
        self.handle.expect(*(phrase(item.words).name for item in written.items if item.kind not in ("list", "column")))
        for item in written.items:
            if item.kind == "role" and isinstance(role := self.named(item.words, "role"), Node):
                roles.append(role)
            elif item.kind in ("role", "column"):
                found.append(Unread(item.words, item.place))
            else:
                found += self.several(item) if item.kind == "list" else self.item(item)
        advice = ""
        if written.text is not None:
            read = self.text(written.text)
            if reads_as_advert(written.text.text):
                read, advice = [_of_others(one) for one in read], ADVERT
            found += read
        found += self._running(written.prose)
        return replace(as_profile(found, written.name, source, roles), advice=advice)

    def several(self, item: Item) -> list[Holding | Doubtful | Unread]:
        """Return what a field is read as that may hold one name or a list of them."""
        if self.handle.index.exact(item.words, HELD_KINDS):
            return self.item(item)
        return [_with(one, item) for one in self.line(item.words, lambda _: item.place)]

    def listed(self, line: str) -> Profile:
        """Return what a list that was typed says is held."""
        return as_profile(self.line(line, lambda _: ""), "", "")

    def text(self, text: Text) -> list[Holding | Doubtful | Unread]:
        """Return what a text says is held: all of a list, the names in running text."""
        lines = [(start, without_comment(line)) for start, line in _lines(text.text)]
        written = [(start, line) for start, line in lines if line.strip()]
        is_text = bool(text.pages) or text.name.casefold().endswith(_TEXTS)
        strict = getattr(self.handle, "strict", False)
        if not is_text and (strict or not any(_reads_as_prose(line) for _, line in written)):
            self.handle.expect(*(phrase(s.words).name for _, line in written for s in segments(line)))
            return [one for start, line in written for one in self.line(line, _placed(text, start))]
        return self._running([text], listed=True)

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
        if item.iri and (known := self._of_iris(item.iri)):
            return [self._holding(known[0], item._replace(note="; ".join(filter(None, (item.note, known[1])))))]
        said = phrase(item.words)
        whole = self.handle.index.exact(item.words, kinds)
        if (whole and not said.level and not said.years) or not said.name:
            said = said._replace(name=item.words)
        elif whole:  # a name that itself has such a word in it
            said = said._replace(name=item.words, level="", years=None)
        if item.level and (more := level_alone(item.level)):  # a field of a level that says for how long
            item = item._replace(level=more.level if more.years else item.level, years=item.years or more.years)
        given, item = item, item._replace(level=item.level or said.level, years=item.years or said.years)
        found_one = self.named(said.name, *kinds)
        if isinstance(found_one, Node):
            return [self._holding(found_one, item)]
        if found_one:
            return [Doubtful(found_one, "ambiguous", item.words, item.place)]
        parts = [part for part in re.split(r"\s*/\s*|\s+(?:and|or|und|et|y|&|\+)\s+", item.words) if part]
        if len(parts) > 1 and any(self.named(phrase(part).name, *kinds) for part in parts):
            return [one for part in parts for one in self.item(given._replace(words=part))]
        return [self._mentioned(said.name, item) or Unread(item.words, item.place)]

    def _holding(self, one: Node, item: Item) -> Holding | Doubtful:
        """Return a thing as held; as doubtful where the file says why, or it has ended by the day asked about."""
        expired = item.until and item.until < self.asked.day.isoformat()[: len(item.until)]
        if item.why or expired:
            return Doubtful((one,), _stance(item.why) or "expired", item.words, item.place)
        return Holding(
            one, item.words, item.place, item.level, item.years, item.since, item.until, item.issuer, item.note
        )

    def _of_iris(self, iris: Sequence[str]) -> tuple[Node, str] | None:
        """Return what IRIs stand for here, and how: a node that has one, or is mapped to it, exactly or closely."""
        for iri in iris:
            if found := self.handle.index.exact(iri, HELD_KINDS):
                return found[0].node, ""
        graph = self.asked.slice("matches", concept=iris)
        ends: dict[str, set[str]] = {"exactMatch": set(), "closeMatch": set()}
        for iri in iris:
            if iri in graph.nodes:
                for edge in (*graph.out_edges(iri, keys=True, data=True), *graph.in_edges(iri, keys=True, data=True)):
                    if (relation := edge[3].get("relation", "")) in ends:
                        ends[relation] |= {edge[0], edge[1]} - {*iris}
        for relation, there in ends.items():
            known = sorted(n for n in self.handle.index.nodes(sorted(there)).values() if n.kind in HELD_KINDS)
            if known:
                return known[0], f"by its {'exact' if relation == 'exactMatch' else 'close'} match {iris[0]}"
        return None

    def named(self, name: str, *kinds: str) -> Node | tuple[Node, ...] | None:
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

    def _mentioned(self, words: str, item: Item) -> Holding | Doubtful | None:
        """Return the one name in a piece of a list of which all other words say nothing."""
        if len(words.split()) < 2:
            return None
        found = self.mentions.find(words)
        if len({one.node for one in found}) != 1 or found[0].node.kind not in HELD_KINDS:
            return None
        rest = f"{words[: found[0].start]} {words[found[-1].end :]}"
        said = {word.strip(".,:()'’").casefold() for word in rest.split()} - FILLERS - {""}
        return None if said else self._holding(found[0].node, item)

    def _running(self, texts: Iterable[Text], *, listed: bool = False) -> list[Holding | Doubtful | Unread]:
        """Return the names in running text, each once for its kind of saying; its sections of skills are lists."""
        found: list[Holding | Doubtful | Unread] = []
        seen: set[tuple[Node, str]] = set()
        for text in texts:
            spans: list[tuple[int, int]] = []
            for start, line in _skill_lines(text) if listed else ():
                spans.append((start, start + len(line)))
                found += self.line(line, _placed(text, start))
            seen |= {(one.node, "") for one in found if isinstance(one, Holding)}
            found += self._names_in(text, spans, seen)
        return found

    def _names_in(
        self, text: Text, listed: Sequence[tuple[int, int]], seen: set[tuple[Node, str]]
    ) -> Iterator[Holding | Doubtful]:
        """Yield the names in running text that were not seen before, and notes them; not those in its lists."""
        spans: dict[tuple[int, int], list[Node]] = {}
        for mention in self.mentions.find(text.text):
            if not any(start <= mention.start < end for start, end in listed):
                spans.setdefault((mention.start, mention.end), []).append(mention.node)
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
            yield one


#: What is said where a text is an advertisement.
ADVERT = (
    "It reads as a job advertisement: what that asks for nobody holds by it, and nothing of it counts. Give a CV or a "
    "list of skills as the profile, and name the role that is advertised as the role asked about."
)


def _of_others(one: Holding | Doubtful | Unread) -> Doubtful | Unread:
    """Return what an advertisement asks for as not held."""
    return Doubtful((one.node,), "of others", one.words, one.place) if isinstance(one, Holding) else one


def _stance(why: str) -> Stance | None:
    """Return a reason that a file gives as one of ours."""
    return next((known for known in STANCES if known == why), None)


def _with(one: Holding | Doubtful | Unread, item: Item) -> Holding | Doubtful | Unread:
    """Return what was read of a piece of a field with what the field itself says of all."""
    if not isinstance(one, Holding):
        return one
    if item.why:
        return Doubtful((one.node,), _stance(item.why) or "denied", one.words, one.place)
    one = one._replace(level=one.level or item.level, years=one.years or item.years)
    return one._replace(since=item.since, until=item.until, issuer=item.issuer, note=item.note)


def _as_said(text: str, start: int, end: int, nodes: tuple[Node, ...], place: str) -> Holding | Doubtful:
    """Return what stands in a text as held, or as doubtful where the text denies it, wishes for it or looks back."""
    said, words = stance(text, start, end), " ".join(text[start:end].split())
    return Holding(nodes[0], words, place) if said == "asserted" else Doubtful(nodes, said, words, place)


def as_profile(
    found: Iterable[Holding | Doubtful | Unread], name: str, source: str, roles: Sequence[Node] = ()
) -> Profile:
    """Return what was read of somebody as a profile."""
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
