"""What a person brings, read from a file: a list of names, or any text that names them, such as a CV.

A list has one name a line, and every line that means nothing is a fault. A text is read for the names in it
(`kg.names.mentions`); nobody can be sure of those, so each is shown with its place and its words, for the person to
confirm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.careers.levels import HeldAt, read_level
from kg.careers.proofs import is_business
from kg.careers.required import required
from kg.handles.asking import Asked
from kg.handles.handle import Handle
from kg.model.answers import Node, ReadAs
from kg.model.errors import BadInput, Fault, KgError
from kg.model.graphs import Graph
from kg.model.scales import Rating

if TYPE_CHECKING:
    from kg.sources.texts import Text

__all__ = ["HELD_KINDS", "Person", "ReadFrom", "all_held", "person"]

HELD_KINDS = ("skill", "tool", "certification")
_TEXTS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf")
#: A line of a list has no more words than this; the longest name has nine.
_WORDS = 12


class ReadFrom(NamedTuple):
    """What was read from a text: where, by which words, and as what; a name of several is not counted."""

    place: str
    words: str
    read_as: str


class Person(NamedTuple):
    """What a person brings, as it was named.

    Attributes
    ----------
    things
        Skills, tools and certifications.
    levels
        For what was given with a level, by IRI, that level as it is written.
    read_from
        What was read from a text, and where.
    start
        The role that the person comes from.
    """

    things: list[Node]
    levels: dict[str, tuple[Node, str]]
    read_from: tuple[ReadFrom, ...]
    start: Node | None

    @property
    def certifications(self) -> list[str]:
        """The IRIs of the certifications, for a slice that says what they certify."""
        return [n.iri for n in self.things if n.kind == "certification"]

    def on(
        self, graph: Graph, roles: Sequence[str], sources: Sequence[str]
    ) -> tuple[dict[str, tuple[Node, ...]], HeldAt]:
        """Return what counts as held, each with what it comes from, and how well, on a graph that has the roles."""
        held = all_held(graph, self.things, self.start, sources)
        return held, _held_at(graph, held, self.levels, roles, self.start, sources)


def person(asked: Asked, held: Sequence[str], from_: str | None, held_file: Path | None) -> Person:
    """Return what somebody brings who holds things, comes from a role, has a file that says so.

    Raises
    ------
    UnknownName, AmbiguousName
        A name means no node, or several.
    BadInput
        The file cannot be read, or has lines that mean nothing; all are listed.
    """
    things, levels = _split_levels(asked, held)
    read_from: tuple[ReadFrom, ...] = ()
    if held_file is not None:
        from_file, read_from = _read_held(asked, held_file)
        things += from_file
    return Person(things, levels, read_from, asked.node(from_, "role") if from_ else None)


def _split_levels(asked: Asked, held: Sequence[str]) -> tuple[list[Node], dict[str, tuple[Node, str]]]:
    """Return what is held, and for what is given with a level, ``Python=Working``, by IRI, that level as it is written.

    A name that itself has ``=`` in it is taken whole, where something is called so.
    """
    found: list[Node] = []
    levels: dict[str, tuple[Node, str]] = {}
    for text in held:
        name, sign, level = text.rpartition("=")
        if not sign or not name.strip() or not level.strip() or asked.handle.index.exact(text, HELD_KINDS):
            found.append(asked.node(text, *HELD_KINDS))
            continue
        one = asked.node(name.strip(), *HELD_KINDS)
        if one.kind == "certification":
            raise BadInput(f'"{text}": {one.label} is a certification, which is held or not. Leave "={level}" out.')
        if levels.get(one.iri, (one, level))[1] != level:
            raise BadInput(f"{one.label} is held at two levels: {levels[one.iri][1]} and {level}. Give one.")
        found.append(one)
        levels[one.iri] = one, level
    return found, levels


def _held_at(
    graph: Graph,
    held: Mapping[str, Sequence[Node]],
    levels: Mapping[str, tuple[Node, str]],
    roles: Sequence[str],
    start: Node | None,
    sources: Sequence[str],
) -> HeldAt:
    """Return how well things are held: those named at a level, and those that come with the role one starts from.

    What is named counts before what a role brings, and what is named without a level is held well enough.
    """
    known: dict[str, tuple[Rating, ...]] = {}
    if start:
        brought = {r.node.iri: r.levels for r in required(graph, start.iri, sources=sources) if r.levels}
        known = {item: found for item, found in brought.items() if {*held.get(item, ())} == {start}}
    asked: dict[str, set[str]] = defaultdict(set)
    for role in roles:
        for r in required(graph, role, sources=sources):
            asked[r.node.iri].update(scale for _, scale in r.levels)
    for iri, (one, level) in levels.items():
        known[iri] = read_level(graph, one, level, asked[iri])
    return HeldAt(graph, held, known)


def _read_held(asked: Asked, path: Path) -> tuple[list[Node], tuple[ReadFrom, ...]]:
    """Return what a file says is held; from a text, also where it says so.

    Raises
    ------
    BadInput
        The file cannot be read, names nothing, or is a list with lines that mean nothing; all are listed.
    """
    from kg.sources.texts import read_text  # here, since most gaps are asked without a file

    text = read_text(path)
    names = [] if path.suffix.casefold() in _TEXTS or text.pages else _lines(text)
    found: list[Node] = []
    faults: list[Fault] = []
    handle = asked.handle
    handle.expect(*(name for _, name in names))
    readings: list[ReadAs] = []
    for number, name in names:
        try:
            readings.append(handle.read(name, *HELD_KINDS))
            found.append(readings[-1].node)
        except KgError as error:
            if _reads_as_prose(name) and not getattr(handle, "strict", False):
                found, faults = [], []
                break
            faults.append(Fault(text.name, number, "", str(error)))
    else:
        if faults:
            raise BadInput(text.name, faults)
        if found:
            asked.tell(readings)
            return found, ()
    return _read_prose(handle, text)


def _lines(text: Text) -> list[tuple[int, str]]:
    """Return the lines of a list without comments, with their numbers."""
    found = []
    for number, line in enumerate(text.text.split("\n"), start=1):
        whole = line.strip().casefold().startswith(("c#", "f#"))
        name = line.strip() if whole else line.partition("#")[0].strip()
        if name:
            found.append((number, name))
    return found


def _reads_as_prose(line: str) -> bool:
    return line.endswith((".", "!", "?", ",", ":", ";")) or ", " in line or ". " in line or len(line.split()) > _WORDS


def _read_prose(handle: Handle, text: Text) -> tuple[list[Node], tuple[ReadFrom, ...]]:
    from kg.names.mentions import Mentions, names_of

    # Roles are looked for too: a machine learning engineer does not say "machine learning".
    finder = Mentions(handle.names, names_of(handle.names, ("role", *HELD_KINDS)))
    by_span: dict[tuple[int, int], list[Node]] = {}
    for mention in finder.find(text.text):
        by_span.setdefault((mention.start, mention.end), []).append(mention.node)
    held: dict[Node, ReadFrom] = {}
    unsure: dict[str, ReadFrom] = {}
    for (start, end), nodes in by_span.items():
        words, place = " ".join(text.text[start:end].split()), f"{text.name}:{text.place(start)}"
        if len(nodes) > 1:
            may_be = " or ".join(f"{n.label} ({n.kind})" for n in nodes)
            unsure.setdefault(may_be, ReadFrom(place, words, f"not counted, since it may mean {may_be}"))
        elif nodes[0].kind in HELD_KINDS:
            held.setdefault(nodes[0], ReadFrom(place, words, nodes[0].label))
    if not held:
        raise BadInput(
            f"{text.name} names nothing that can be held. Write one skill, tool or certification per line, or give a "
            "text that names them."
        )
    return [*held], (*held.values(), *unsure.values())


def all_held(
    graph: Graph, named: Sequence[Node], start: Node | None, sources: Sequence[str]
) -> dict[str, tuple[Node, ...]]:
    """Return the IRIs that count as held, each with the certifications or the role it comes from."""
    held: dict[str, set[Node]] = {n.iri: set() for n in named}
    for certification in named:
        if certification.kind != "certification" or certification.iri not in graph.nodes:
            continue
        if is_business(graph.nodes[certification.iri]):
            continue
        for _, item, _, data in graph.out_edges(certification.iri, keys=True, data=True):
            if data.get("relation") == "certifies" and held.get(item) != set():
                held.setdefault(item, set()).add(certification)
    if start:
        for r in required(graph, start.iri, sources=sources):
            if held.get(r.node.iri) != set():
                held.setdefault(r.node.iri, set()).add(start)
    return {iri: tuple(sorted(by)) for iri, by in held.items()}
