"""One way to ask: names, sources, slices and circumstances, once for every question.

A question is a pure function on a graph. What stands between what was asked and that function is here: `ask` takes the
graph and the arguments, and gives what the question needs of both. `question` marks a public function as one, and says
of the parameters that many have what each has in common, so that it is written once.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import date
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar

from kg.handles.handle import Handle, KnowledgeGraph, as_handle, read_day
from kg.model.answers import Answer, Context, Node, ReadAs
from kg.model.errors import BadInput
from kg.model.graphs import Graph
from kg.model.statements import Value
from kg.model.terms import BASE

__all__ = ["Asked", "ask", "check_choice", "named", "on_day", "question", "source_iris"]

P = ParamSpec("P")
A = TypeVar("A", bound=Answer)

#: What parameters of several questions mean; a docstring that says otherwise of its own is left as it is.
COMMON = {
    "g": "A graph or its handle.",
    "held": (
        "What is held: skills, tools, certifications. A certification counts for all that it certifies, unless it is\n"
        "a business-level exam. Where the role asks for levels, one may be given, by name or number: Python=Working."
    ),
    "from_": "A role: all that it requires counts as held, at the levels it asks for.",
    "profile": (
        "A file that says what is held: a list, a table, a CV (text, Markdown, HTML, PDF, DOCX), a JSON Resume, a\n"
        "LinkedIn export, Open Badges, or what `kg read` wrote. What is read from it is shown, for you to confirm."
    ),
    "held_file": "The same as --profile.",
    "person": "Only this person, where the file tells of several.",
    "as_said": "Count only what was said, and what certifications certify; nothing that it shows.",
    "not_held": "Not held, whatever shows it.",
    "include": (
        "Count these certifications as a next step too: ending, beta, announced; restricted, that not everybody may\n"
        "take."
    ),
    "budget": "At most so many USD for certifications: then the most important requirements are certified within it.",
    "provider": "Only certifications of these providers, by name, id or initials, such as aws,microsoft.",
    "prefer": "The least cost, or the fewest exams; the other decides among equals.",
    "assume_price": "USD to assume where no price is stated.",
    "essential_only": "Leave out what is only optional.",
    "source": "Only what these sources say, by short id, such as article or esco-111.",
}


class Asked:
    """What a question is asked of and with; made by `ask`.

    Attributes
    ----------
    handle
        The graph, as something that can be asked.
    arguments
        What was asked, by parameter, as the answer repeats it.
    """

    def __init__(self, handle: Handle, arguments: dict[str, Any]) -> None:
        self.handle = handle
        self.arguments = arguments
        self._readings: dict[ReadAs, None] = {}
        self._slices: list[Graph] = []
        self.told: tuple[str, ...] = ()
        """What the answer begins with: what a file was read as."""

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.handle.as_of

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The IRIs of the sources to hear; none means all."""
        return source_iris(self.handle, self.arguments.get("source", ()))

    def node(self, text: str, *kinds: str) -> Node:
        """Return the one node that a text means."""
        found = self.handle.read(text, *kinds)
        self.tell([found])
        return found.node

    def tell(self, readings: Iterable[ReadAs]) -> None:
        """Have the answer begin with how names were read, where that is not simply what was written."""
        self._readings |= dict.fromkeys(reading for reading in readings if reading.said)

    def nodes(self, texts: Iterable[str], *kinds: str) -> list[Node]:
        """Return the one node that each text means; an endpoint is asked once for all."""
        texts = [*texts]
        self.handle.expect(*texts)
        return [self.node(text, *kinds) for text in texts]

    def slice(self, question: str, **terms: Iterable[str | Value] | None) -> Graph:
        """Return the part of the graph that a question needs; see `Handle.slice`."""
        graph = self.handle.slice(question, **terms)
        self._slices.append(graph)
        return graph

    def context(self, graph: Graph) -> Context:
        """Return the circumstances of an answer computed on this slice."""
        return Context(
            as_of=self.day.isoformat(),
            dataset=self.handle.dataset,
            sparql=getattr(graph, "sparql", ""),
            asked={name: value for name, value in self.arguments.items() if _says_something(value)},
            graph=graph,
            beside=tuple(one for one in self._slices if one is not graph),
            merged=getattr(graph, "merged", ()),
            left_out=getattr(self.handle, "left_out", ()),
            read_as=tuple(self._readings),
            told=self.told,
        )


def ask(g: Handle | Graph, **arguments: Any) -> Asked:
    """Return a graph and what it is asked, as a question needs them; sequences are copied, since callers may go on."""
    return Asked(as_handle(g), {name: _kept(value) for name, value in arguments.items()})


def on_day(g: KnowledgeGraph, day: date | str | None) -> KnowledgeGraph:
    """Return the same graph asked about another day; None leaves the day as it is.

    Examples
    --------
    >>> from kg.handles.opening import open
    >>> on_day(open(as_of="2026-11-22"), "2026-01-15").as_of.isoformat()
    '2026-01-15'

    Raises
    ------
    BadInput
        The text is no ISO date.
    """
    if day is None or (found := read_day(day)) == g.as_of:
        return g
    other = copy(g)  # what the graph has read stands for both: nothing of it hangs on the day
    other.as_of = found
    return other


def named(given: object) -> str | None:
    """Return what an answer repeats of a file, or of a profile, that it was asked with."""
    return None if given is None else str(getattr(given, "source", given))


def _kept(value: Any) -> Any:
    return [*value] if isinstance(value, Iterable) and not isinstance(value, str | dict) else value


def _says_something(value: Any) -> bool:
    return value is not None and value is not False and value not in ([], "")


def check_choice(values: Iterable[str], among: Sequence[str], message: str) -> None:
    """Refuse values that are not to be chosen among.

    Raises
    ------
    BadInput
        `message`, with ``{value}`` and ``{among}`` filled in.
    """
    for value in values:
        if value not in among:
            raise BadInput(message.format(value=value, among=", ".join(among)))


def source_iris(handle: Handle, names: Sequence[str]) -> tuple[str, ...]:
    """Return the IRIs of sources given by short id (``article``) or IRI.

    Raises
    ------
    BadInput
        The graph has no such source; those that come near are listed.
    """
    if not names:
        return ()
    there = handle.sources
    iris = tuple(name if "://" in name else f"{BASE}source/{name}" for name in names)
    for name, iri in zip(names, iris, strict=True):
        if iri not in there:
            from rapidfuzz import process

            short = sorted(source.removeprefix(f"{BASE}source/") for source in there)
            near = ", ".join(found for found, _, _ in process.extract(name, short, limit=5)) or "none at all"
            raise BadInput(f'No source "{name}". Close: {near}. `kg why` names the source of every claim.')
    return iris


def question(function: Callable[P, A]) -> Callable[P, A]:
    """Mark a public function as a question: its docstring says of common parameters what `COMMON` says.

    Examples
    --------
    >>> @question
    ... def near(g: Graph, role: str, *, source: Sequence[str] = ()) -> Answer:
    ...     '''What is near?
    ...
    ...     Parameters
    ...     ----------
    ...     role
    ...         Its name.
    ...     '''
    >>> inspect.getdoc(near).splitlines()[4:8]
    ['g', '    A graph or its handle.', 'role', '    Its name.']
    """
    doc = inspect.getdoc(function) or ""
    head, line, rest = doc.partition("Parameters\n----------\n")
    own, _, after = rest.partition("\n\n") if line else ("", "", "")
    described = dict(re.findall(r"^(\w+(?:, \w+)*)\n((?:[ ].*\n?)+)", own + "\n", flags=re.M))
    said = {name: (names, text) for names, text in described.items() for name in names.split(", ")}
    written: dict[str, str] = {}
    for name in inspect.signature(function).parameters:
        if name in said:
            written[said[name][0]] = said[name][1].rstrip("\n")
        elif name in COMMON:
            written[name] = "\n".join(f"    {part}" for part in COMMON[name].split("\n"))
    body = "\n".join(f"{names}\n{text}" for names, text in written.items())
    function.__doc__ = f"{head.rstrip()}\n\nParameters\n----------\n{body}\n\n{after}".rstrip() + "\n"
    return _checked(function)


def _checked(function: Callable[P, A]) -> Callable[P, A]:
    """Have a question look at what it is given before it asks: texts are texts, and one text is a list of one."""
    signature = inspect.signature(function)
    texts = {name: one for name, one in signature.parameters.items() if name != "g" and "str" in _inner(one.annotation)}

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> A:
        if args and isinstance(args[0], str):
            shown = ", ".join(map(repr, args))
            raise BadInput(f"The graph comes first: kg.{function.__name__}(kg.open(), {shown}).")
        bound = signature.bind(*args, **kwargs)
        for name, one in texts.items():
            if name in bound.arguments:
                bound.arguments[name] = _texts(name, one, bound.arguments[name])
        return function(*bound.args, **bound.kwargs)

    return checked


def _inner(annotation: str) -> str:
    """Return what a parameter holds, without what is said of it: the text of an annotation, which is not evaluated."""
    return str(annotation).removeprefix("Annotated[").removeprefix("Sequence[").split("]")[0].split(",")[0]


def _texts(name: str, parameter: inspect.Parameter, given: Any) -> Any:
    """Return what was given for a parameter that holds a text, or several.

    Raises
    ------
    BadInput
        It is no text, or not several.
    """
    several = parameter.kind is parameter.VAR_POSITIONAL
    if several or "Sequence[" in str(parameter.annotation):
        if isinstance(given, str):
            return (given,)
        if not isinstance(given, Iterable):
            raise BadInput(f"{name} is {given!r}, which is no list of texts. Give a list of them, or leave it out.")
        given = tuple(given)
        for one in given:
            if not isinstance(one, str):
                raise BadInput(f"{name} has {one!r} in it, which is no text. Give texts, each of them one name.")
        return given
    if given is None and "None" in str(parameter.annotation):
        return None
    if not isinstance(given, str):
        raise BadInput(f"{name} is {given!r}, which is no text. Give one name as a text.")
    return given
