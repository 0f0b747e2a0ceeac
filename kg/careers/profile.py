"""A person: what somebody holds, each with how we know it; and apart from that what is doubtful or not understood.

A profile is made from words, or from a file of almost any kind (`kg.careers.reading`). It counts nothing twice and
loses nothing in silence: every word of a list is read, not counted with a reason, or not understood. What follows from
what is held is not part of it, and is found anew for every question (`kg.careers.showing`).

It is written as a small YAML file that a person can correct (`to_yaml`), and read back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal, NamedTuple, get_args

from kg.model.answers import Answer, Node, Section, counted, few
from kg.model.columns import MAYBE_IRI, NUMBER, TEXT, WHOLE, Column, maybe, one_of

__all__ = ["HELD_KINDS", "STANCES", "Doubtful", "Holding", "People", "Profile", "Stance", "Unread"]

#: What can be held.
HELD_KINDS = ("skill", "tool", "certification")
#: Why something that is named is not counted. ``ambiguous`` may mean several things; ``expired`` is a certification.
Stance = Literal["denied", "wanted", "past", "learning", "of others", "ambiguous", "expired"]
STANCES: tuple[Stance, ...] = get_args(Stance)
#: What a profile is written as beside the forms of every answer.
_FORMS = ("yaml", "json-resume")
_HEAD = "# What was read. Correct it: delete what is wrong, add what is missing (- Python), then give it as --profile."
_IN_WORDS = {"wanted": "wished for", "learning": "in progress", "of others": "said of others"}
#: So many words that were not understood are told in the sentence; the table has them all.
_TOLD = 12


class Holding(NamedTuple):
    """One thing that somebody holds, and how we know it: it was said.

    Attributes
    ----------
    words, place
        The words that say so, and where they stand: file, line, column. Empty where it was given as an argument.
    level
        How well it is mastered, as it is written: a step of a scale, a number, or a word such as *advanced*.
    years
        For how many years it has been used, where that is said.
    since, until
        Of a certification: when it was awarded and when it ends, as ISO dates of the precision known.
    issuer
        Of a certification: who awarded it, as it is written.
    note
        What else is to be known, such as that a signature was not checked.
    """

    node: Node
    words: str = ""
    place: str = ""
    level: str = ""
    years: float | None = None
    since: str = ""
    until: str = ""
    issuer: str = ""
    note: str = ""


class Doubtful(NamedTuple):
    """Something that is named and does not count: what it may be, and why not."""

    nodes: tuple[Node, ...]
    why: Stance
    words: str = ""
    place: str = ""

    @property
    def label(self) -> str:
        """What it may be, in words."""
        return " or ".join(n.label for n in self.nodes)


class Unread(NamedTuple):
    """Words that name nothing in the graph, and where they stand."""

    words: str
    place: str = ""


Line = Holding | Doubtful | Unread


def _why(one: Line) -> str:
    return one.why if isinstance(one, Doubtful) else ""


def _status(one: Line) -> str:
    return "held" if isinstance(one, Holding) else "not counted" if isinstance(one, Doubtful) else "not understood"


def _nodes(one: Line) -> tuple[Node, ...]:
    return (one.node,) if isinstance(one, Holding) else one.nodes if isinstance(one, Doubtful) else ()


def _first(one: Line) -> Node:
    return next(iter(_nodes(one)), Node("", ""))


@dataclass(frozen=True)
class Profile(Answer):
    """What one person holds, as it was said.

    Attributes
    ----------
    name
        Whose profile it is; empty where that is not known.
    source
        The file it was read from; empty where it was given in words.
    held
        What counts, in the order in which it was said; a thing that is said twice stands there twice.
    doubtful
        What is named and does not count.
    not_understood
        What is in a list and names nothing; of running text, which is full of other words, only what it calls a skill.
    roles
        The roles the person has had, where the file says so.
    advice
        What else is to be said of the file: that it is a job advertisement, and tells of nobody.
    """

    name: str = ""
    source: str = ""
    held: tuple[Holding, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    not_understood: tuple[Unread, ...] = ()
    roles: tuple[Node, ...] = ()
    advice: str = ""

    columns: ClassVar = (
        Column("words", TEXT, "the words that were read", lambda one: one.words),
        Column("place", TEXT, "where they stand", lambda one: one.place),
        Column("status", one_of("held", "not counted", "not understood"), "what became of them", _status),
        Column("why", one_of("", *STANCES), "why it is not counted", _why),
        Column("label", TEXT, "what they mean", lambda one: " or ".join(n.label for n in _nodes(one)), "read as"),
        Column(
            "iri", MAYBE_IRI, "its IRI; of several, of the first", lambda one: "".join(n.iri for n in _nodes(one)[:1])
        ),
        Column("kind", one_of("", *HELD_KINDS), "its kind", lambda one: _first(one).kind),
        Column("level", TEXT, "how well, as it is written", lambda one: getattr(one, "level", "")),
        Column("years", maybe(NUMBER), "years of use, where stated", lambda one: getattr(one, "years", None)),
        Column("since", TEXT, "of a certification: when it was awarded", lambda one: getattr(one, "since", "")),
        Column("until", TEXT, "of a certification: when it ends", lambda one: getattr(one, "until", "")),
        Column("issuer", TEXT, "of a certification: who awarded it", lambda one: getattr(one, "issuer", "")),
        Column("note", TEXT, "what else is to be known", lambda one: getattr(one, "note", "")),
    )
    numbers: ClassVar = (
        Column("words", WHOLE, "all that was read"),
        Column("held", WHOLE, "of these, held"),
        Column("not_counted", WHOLE, "named, and not counted"),
        Column("not_understood", WHOLE, "not understood"),
    )
    in_text: ClassVar = ("place", "words", "status", "why", "label", "level", "years")

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> str:
        """What was read, not understood and not counted, in one block; what a question with a profile begins with."""
        of = f" of {self.name}" if self.name else ""
        said = f"Read {len(self.held)} of {counted(len(self.entries()), 'name')}{of}"
        parts = [f"{said} in {self.source}." if self.source else f"{said}."]
        if self.not_understood:
            words = [*dict.fromkeys(one.words for one in self.not_understood)]
            parts.append(f"Not understood: {few(words, _TOLD)}.")
        if self.doubtful:
            why = [f"{one.label} ({_in_words(one)})" for one in self.doubtful]
            parts.append(f"Not counted: {few([*dict.fromkeys(why)], _TOLD)}.")
        return " ".join([*parts, *filter(None, [self.advice])])

    def entries(self) -> tuple[Line, ...]:
        """Return all that was read: what is held, what is not counted, what was not understood."""
        return (*self.held, *self.doubtful, *self.not_understood)

    @property
    def things(self) -> tuple[Node, ...]:
        """What is held, each once, in the order in which it was first said."""
        return tuple(dict.fromkeys(one.node for one in self.held))

    @property
    def certifications(self) -> tuple[str, ...]:
        """The IRIs of the certifications held."""
        return tuple(n.iri for n in self.things if n.kind == "certification")

    @property
    def levels(self) -> dict[str, frozenset[str]]:
        """The levels at which things are held, as they are written, by IRI; nothing of what has none."""
        found: dict[str, set[str]] = {}
        for one in self.held:
            found.setdefault(one.node.iri, set()).add(one.level)
        return {iri: frozenset(levels) for iri, levels in found.items() if "" not in levels}

    @property
    def measures(self) -> dict[str, int]:
        """Return how many words were read, and what became of them."""
        return {
            "words": len(self.entries()),
            "held": len(self.held),
            "not_counted": len(self.doubtful),
            "not_understood": len(self.not_understood),
        }

    @property
    def yes(self) -> bool:
        """Whether anything is held."""
        return bool(self.held)

    def sections(self) -> tuple[Section, ...]:
        """Return each word with its place and what it was read as."""
        return (self.section("Read from your file: is that right?"),) if self.entries() else ()

    def section(self, title: str) -> Section:
        """Return what was read as a table, to be confirmed."""
        return Section(title, ("where", "words", "read as"), tuple(map(_row, self.entries())))

    def told_rows(self) -> list[dict[str, Any]]:
        """Return the rows of what was read from a file, for an answer that rests on it; what says nothing left out."""
        rows = self.rows() if self.source else ()
        return [{name: value for name, value in row.items() if value not in ("", None, ())} for row in rows]

    def __add__(self, other: Profile) -> Profile:
        """Return both as one profile: what is held by either is held."""
        return Profile(
            name=self.name or other.name,
            source=" and ".join(filter(None, (self.source, other.source))),
            held=(*self.held, *other.held),
            doubtful=(*self.doubtful, *other.doubtful),
            not_understood=(*self.not_understood, *other.not_understood),
            roles=tuple(dict.fromkeys((*self.roles, *other.roles))),
            advice=self.advice or other.advice,
            context=self.context,
        )

    def standard_form(self, form: str) -> str | None:
        """Return the profile as YAML that a person can correct, or as a JSON Resume."""
        return {"yaml": self.to_yaml, "json-resume": self.to_json_resume}[form]() if form in _FORMS else None

    def to_json_resume(self) -> str:
        """Return what is held, and the roles, as a JSON Resume: what counts, and nothing else.

        Examples
        --------
        >>> python = Node("Python", "https://w3id.org/career-kg/tool/python", "tool")
        >>> print(Profile(name="Ada", held=(Holding(python, level="advanced"),)).to_json_resume(), end="")
        {
          "basics": {
            "name": "Ada"
          },
          "skills": [
            {
              "name": "Python",
              "level": "advanced"
            }
          ]
        }
        """
        import json

        said: dict[str, dict[str, str]] = {}
        for one in self.held:
            kept = {"name": one.node.label, "level": one.level, "date": one.since, "issuer": one.issuer}
            said[one.node.iri] = {**said.get(one.node.iri, {}), **{key: value for key, value in kept.items() if value}}
        kinds = {one.node.iri: one.node.kind for one in self.held}
        content = {
            "basics": {"name": self.name} if self.name else {},
            "work": [{"position": role.label} for role in self.roles],
            "skills": [given for iri, given in said.items() if kinds[iri] != "certification"],
            "certificates": [given for iri, given in said.items() if kinds[iri] == "certification"],
        }
        kept_parts = {key: value for key, value in content.items() if value or key == "skills"}
        return json.dumps(kept_parts, ensure_ascii=False, indent=2) + "\n"

    def to_yaml(self) -> str:
        """Return the profile as a small YAML file that a person can correct, and that is read back as it is.

        Examples
        --------
        >>> python = Node("Python", "https://w3id.org/career-kg/tool/python", "tool")
        >>> print(Profile(name="Ada", held=(Holding(python, "py", "cv.txt:1", "advanced"),)).to_yaml(), end="")
        # What was read. Correct it: delete what is wrong, add what is missing (- Python), then give it as --profile.
        name: Ada
        held:
        - {name: Python, iri: 'https://w3id.org/career-kg/tool/python', level: advanced, words: py, place: 'cv.txt:1'}
        """
        import yaml

        content: dict[str, object] = {"name": self.name, "read_from": self.source}
        content["roles"] = [{"name": role.label, "iri": role.iri} for role in self.roles]
        content["held"] = [_plain(one) for one in self.held]
        content["not_counted"] = [
            {
                "name": one.label,
                "iri": [n.iri for n in one.nodes],
                "why": one.why,
                "words": one.words,
                "place": one.place,
            }
            for one in self.doubtful
        ]
        content["not_understood"] = [one._asdict() for one in self.not_understood]
        said = f"{_HEAD}\n"
        for key, value in content.items():
            if isinstance(value, list) and value:
                said += f"{key}:\n" + "".join(f"- {_flow(one)}\n" for one in value)
            elif isinstance(value, str) and value:
                said += yaml.safe_dump({key: value}, allow_unicode=True, width=10**6)
        return said if self.held else f"{said}held: []\n"


def _plain(one: Holding) -> dict[str, object]:
    more = {key: value for key, value in one._asdict().items() if key not in ("node", "words", "place") and value}
    place = {"words": one.words, "place": one.place}
    return {"name": one.node.label, "iri": one.node.iri, **more, **place}


def _flow(one: dict[str, object]) -> str:
    import yaml

    kept = {key: value for key, value in one.items() if value not in ("", None, ())}
    return yaml.safe_dump(kept, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6).strip()


def _in_words(one: Doubtful) -> str:
    place = f", {_short(one.place)}" if one.place else ""
    return f"{_IN_WORDS.get(one.why, one.why)}{place}"


def _short(place: str) -> str:
    """Return a place for the sentence: its line, else what stands behind the file."""
    *_, line = [part for part in place.split(":")[:2] if part.isdigit()] or [""]
    return f"line {line}" if line else place.partition(":")[2] or place


def _row(one: Line) -> tuple[str, str, str]:
    words = f'"{one.words}"'
    if isinstance(one, Holding):
        more = [
            one.level,
            f"{one.years:g} years" if one.years else "",
            f"until {one.until}" if one.until else "",
            one.note,
        ]
        told = "; ".join(filter(None, more))
        return one.place, words, f"{one.node.label} ({told})" if told else one.node.label
    if isinstance(one, Doubtful):
        if one.why == "ambiguous":
            may_be = " or ".join(f"{n.label} ({n.kind})" for n in one.nodes)
            return one.place, words, f"not counted, since it may mean {may_be}"
        return one.place, words, f"{one.label}: not counted ({_IN_WORDS.get(one.why, one.why)})"
    return one.place, words, "not understood"


def _of_line(column: Column, pair: tuple[str, Line]) -> Any:  # the value of that column
    return column.of(pair[1])


@dataclass(frozen=True)
class People(Answer):
    """What several people hold, each as a profile of their own."""

    profiles: tuple[Profile, ...] = ()

    columns: ClassVar = (
        Column("person", TEXT, "who", lambda pair: pair[0]),
        *(Column(c.name, c.type, c.meaning, partial(_of_line, c), c.heading) for c in Profile.columns),
    )
    numbers: ClassVar = (Column("people", WHOLE, "how many"), *Profile.numbers)

    def __str__(self) -> str:
        names = few([one.name or "(no name)" for one in self.profiles], _TOLD)
        of = counted(self.measures["words"], "name")
        return f"{len(self.profiles)} people: {names}. Read {self.measures['held']} of {of}."

    def __iter__(self) -> Iterator[Profile]:
        return iter(self.profiles)

    def __len__(self) -> int:
        return len(self.profiles)

    def entries(self) -> Iterable[tuple[str, Line]]:
        """Return all that was read, with who holds it."""
        return ((profile.name, one) for profile in self.profiles for one in profile.entries())

    @property
    def measures(self) -> dict[str, int]:
        """Return how many people there are, and the sums of what their profiles count."""
        return {
            "people": len(self.profiles),
            **{c.name: sum(profile.measures[c.name] for profile in self.profiles) for c in Profile.numbers},
        }

    def sections(self) -> tuple[Section, ...]:
        """Return what was read of each, in one block and word by word."""
        blocks = ((Section(one.name or "(no name)", note=one.told), one.section("")) for one in self.profiles)
        return tuple(part for both in blocks for part in both if part.rows or part.note)
