"""What every answer has in common: a sentence, rows, evidence, and ways to show itself.

A question returns a small frozen dataclass that inherits from `Answer`. It says its one sentence (`str`), declares the
columns of its plain table (`columns`) and what its rows are of (`entries`), names its numbers (`measures`), arranges
itself for readers (`sections`), and carries what it rests on: the claims (`evidence`), the slice it was computed on
(`graph`) and the SPARQL that selects that slice (`sparql`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from kg.model.columns import DATE, FLAG, IRI, ORIGIN, TEXT, Column, many, maybe
from kg.model.graphs import Attributes, ClaimGraph, Graph, local_name
from kg.model.iris import curie, mint

if TYPE_CHECKING:
    import pandas as pd
    from pyoxigraph import Triple

__all__ = [
    "CLAIM_COLUMNS",
    "Answer",
    "Claim",
    "Context",
    "Dataset",
    "Node",
    "ReadAs",
    "Row",
    "Section",
    "counted",
    "few",
    "node",
    "section_html",
    "text",
]

#: One row of an answer: plain values by column, ready for JSON.
Row = dict[str, Any]

#: Letters of `repr` of an answer, at most.
_LONGEST = 200
#: The source of edges that were added to a networkx graph by hand.
HAND_MADE = mint("source", "networkx")
ORIGIN_WORDS = {
    "article": "the article says",
    "source": "a source says",
    "reading": "our reading",
    "derived": "derived by a rule",
}


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A node as answers name it."""

    label: str
    iri: str
    kind: str = ""

    def __str__(self) -> str:
        return self.label


def node(graph: Graph, iri: str) -> Node:
    """Return the node with its label and kind, as the graph has them."""
    attributes: Mapping[str, Any] = graph.nodes[iri]
    return Node(attributes.get("label", iri), iri, attributes.get("kind", ""))


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as evidence: the relation, who says it, when, where, and of which origin.

    Attributes
    ----------
    source_date
        ISO date of the precision known; empty where the source is undated.
    origin
        ``article`` (the article says), ``source`` (a source says), ``reading`` (our reading) or ``derived`` (nobody
        says so; it follows).
    rule, premises
        Of a derived claim, the name of the rule and the IRIs of the claims it follows from.
    """

    subject: Node
    relation: str
    object: Node
    source: str
    source_label: str
    source_date: str
    locator: str
    origin: str
    iri: str
    essential: bool | None = None
    wording: str = ""
    basis: str = ""
    source_url: str = ""
    rule: str = ""
    premises: tuple[str, ...] = ()

    @classmethod
    def read(cls, graph: Graph, edge: tuple[str, str, str, Attributes]) -> Claim:
        """Return the claim behind an edge of the graph; an edge added by hand that names no source is our reading."""
        subject, target, iri, data = edge
        return cls(
            subject=node(graph, subject),
            relation=data["relation"],
            object=node(graph, target),
            source=data.get("source", HAND_MADE),
            source_label=data.get("source_label", "added by hand"),
            source_date=data.get("source_date", ""),
            locator=data.get("locator", ""),
            origin=data.get("origin", "reading"),
            iri=iri,
            essential=data.get("essential"),
            wording=data.get("wording", ""),
            basis=data.get("basis", ""),
            source_url=data.get("source_url", ""),
            rule=local_name(data.get("rule", "")),
            premises=data.get("derived_from", ()) if "rule" in data else (),
        )

    def to_dict(self) -> Row:
        """Return the claim as plain values; fields that say nothing are left out."""
        row = {column.name: column.of(self) for column in CLAIM_COLUMNS}
        kept = {column.name for column in CLAIM_COLUMNS if not column.optional}
        return {name: value for name, value in row.items() if name in kept or value not in ("", None, [])}

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Order by what is said, then by who says it."""
        return (
            self.subject.label,
            self.relation,
            self.object.label,
            self.origin,
            self.source_label,
            self.locator,
            self.iri,
        )


#: A claim as plain values.
CLAIM_COLUMNS = (
    Column("subject", TEXT, "what the claim is about", lambda c: c.subject.label),
    Column("relation", TEXT, "the relation, as the vocabulary names it", lambda c: c.relation),
    Column("object", TEXT, "what it is tied to", lambda c: c.object.label),
    Column("source", TEXT, "who says so", lambda c: c.source_label),
    Column("source_iri", IRI, "the named graph of the source", lambda c: c.source, optional=True),
    Column("source_url", TEXT, "where it can be read", lambda c: c.source_url, optional=True),
    Column("source_date", DATE, "when the source was made", lambda c: c.source_date),
    Column("locator", TEXT, "the place in the source", lambda c: c.locator),
    Column("origin", ORIGIN, "the article, another source, our reading, or a rule", lambda c: c.origin),
    Column("essential", maybe(FLAG), "essential or optional", lambda c: c.essential, optional=True),
    Column("wording", TEXT, "the words of the source", lambda c: c.wording, optional=True),
    Column("basis", TEXT, "what our reading rests on", lambda c: c.basis, optional=True),
    Column("rule", TEXT, "of a derived claim: the name of its rule", lambda c: c.rule, optional=True),
    Column(
        "premises", many(IRI, 1), "of a derived claim: what it follows from", lambda c: [*c.premises], optional=True
    ),
    Column("claim", IRI, "the claim itself", lambda c: c.iri, optional=True),
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was asked: name, version, and what computes the SHA-256 of the data."""

    name: str = "graph"
    version: str = ""
    digest: Callable[[], str] = field(default=str, repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the data; empty where it is not known."""
        return self.digest()


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of an answer: day, dataset, query, slice.

    Attributes
    ----------
    as_of
        The day asked about, as an ISO date.
    merged
        The nodes that were taken as one: each with the others, that which stands for them first.
    left_out
        The releases that stand in the dataset and were not read, as (title, title of the one read).
    read_as
        How names were read that are not simply the names of nodes; every answer begins with it.
    told
        What every answer begins with before that: how a file was read.
    beside
        Slices that the answer rests on besides its own, such as what holding shows.
    """

    as_of: str = ""
    merged: tuple[tuple[Node, ...], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    told: tuple[str, ...] = ()
    dataset: Dataset = field(default_factory=Dataset)
    sparql: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    graph: Graph = field(default_factory=lambda: ClaimGraph({}, ()), repr=False, compare=False)
    beside: tuple[Graph, ...] = field(default=(), repr=False, compare=False)

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The RDF of all slices, each triple once; none of graphs that hold no RDF."""
        slices = (one for one in (self.graph, *self.beside) if isinstance(one, ClaimGraph))
        return tuple(dict.fromkeys(triple for one in slices for triple in one.triples))


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a text that was asked about was read: as which node, by which of its names, and how that matched.

    Attributes
    ----------
    said
        The sentence that tells it; empty where it need not be told, since the text is the node's own name.
    """

    text: str
    node: Node
    how: str
    name: str
    said: str = ""

    def to_dict(self) -> Row:
        """Return the reading as ``read_as`` has it in JSON."""
        return {"text": self.text, "iri": self.node.iri, "label": self.node.label, "how": self.how, "name": self.name}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an answer for readers: a title, a header, rows of text, and a note below.

    Attributes
    ----------
    aside
        It says what is left out or was not read: it comes last, and a terminal shows one line of it.
    """

    title: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    aside: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The base of every answer.

    Attributes
    ----------
    evidence
        The claims that the answer rests on, sorted by what they say.
    context
        Day, dataset, query and slice.
    """

    #: The columns of the rows, in order.
    columns: ClassVar[tuple[Column, ...]] = ()
    #: What `measures` has.
    numbers: ClassVar[tuple[Column, ...]] = ()
    #: What stands beside the rows in JSON; an optional part that is empty is left out.
    beside: ClassVar[tuple[Column, ...]] = ()
    #: The names of the columns that readers see, in their order; empty: all of them.
    in_text: ClassVar[tuple[str, ...]] = ()

    evidence: tuple[Claim, ...] = ()
    context: Context = field(default_factory=Context, repr=False)

    def __init_subclass__(cls, **more: Any) -> None:  # whatever a base further on takes
        super().__init_subclass__(**more)
        cls.__repr__ = Answer.__repr__  # type: ignore[method-assign]  # before `dataclass` writes one of all fields
        if own := cls.__dict__.get("__str__"):

            @wraps(own)
            def told(self: Answer) -> str:
                """Return the sentence, and before it how names were read, where that is not what was written."""
                readings = (f"{reading.said}." for reading in self.context.read_as)
                return " ".join((*self.context.told, *readings, own(self)))

            cls.__str__ = told  # type: ignore[assignment,method-assign]  # mypy takes it for object's own

    def __repr__(self) -> str:
        """Return one line; what there is to show, `print`, a notebook and the command line show."""
        said = " ".join(str(self).split())
        return f"<{type(self).__name__}: {said if len(said) <= _LONGEST else said[: _LONGEST - 1] + '…'}>"

    def entries(self) -> Iterable[Any]:
        """Return what the rows are of, in order, for the columns to take their values off."""
        raise NotImplementedError(f"{type(self).__name__} has no table")

    def rows(self) -> tuple[Row, ...]:
        """Return the plain table, with the columns that the class declares."""
        columns = self.columns_here()
        return tuple({column.name: column.of(entry) for column in columns} for entry in self.entries())

    def columns_here(self) -> tuple[Column, ...]:
        """Return the columns that this answer has: all of them, but for those that only some answers have."""
        return self.columns

    @property
    def measures(self) -> Mapping[str, Any]:
        """The numbers of the answer by name, in the order to read them."""
        return {}

    @property
    def yes(self) -> bool:
        """Whether there is something to show; the command line exits with 1 where not."""
        return True

    def sections(self) -> tuple[Section, ...]:
        """Return the answer arranged for readers, the most telling part first."""
        rows = self.rows()
        declared = {column.name: column for column in self.columns}
        names = [name for name in self.in_text or (rows[0] if rows else ()) if rows and name in rows[0]]
        cells = [[_shown(declared.get(name), row[name]) for name in names] for row in rows]
        titles = [declared[name].title if name in declared else name for name in names]
        return (Section(header=tuple(titles), rows=tuple(map(tuple, cells))),) if rows else ()

    @property
    def next_step(self) -> str:
        """What one can do next, in a sentence; empty where the answer leads to nothing."""
        return ""

    @property
    def graph(self) -> Graph:
        """The slice the answer was computed on; ``networkx`` form by ``answer.to_networkx()``."""
        return self.context.graph

    @property
    def sparql(self) -> str:
        """The query that selects that slice."""
        return self.context.sparql

    def to_networkx(self) -> Any:  # networkx.MultiDiGraph, not imported here since it is slow
        """Return the slice as a frozen `networkx.MultiDiGraph`."""
        graph = self.context.graph
        return graph.to_networkx() if isinstance(graph, ClaimGraph) else graph

    def to_dicts(self) -> list[Row]:
        """Return the rows as a list of dictionaries."""
        return list(self.rows())

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame.

        Raises
        ------
        MissingExtra
            pandas is not installed (``pip install 'career-kg[frames]'``).
        """
        try:
            import pandas as pd
        except ImportError:
            from kg.model.errors import MissingExtra

            raise MissingExtra("pandas", "frames", "to_frame()") from None
        return pd.DataFrame(self.to_dicts())

    def to_json(self) -> Row:
        """Return the answer as one plain object, as ``--format json`` prints it (`kg.exports.answer_schema`)."""
        parts = {part.name: (part, part.of(self)) for part in self.beside}
        return {
            "question": type(self).__name__.lower(),
            "asked": dict(self.context.asked),
            "as_of": self.context.as_of,
            "dataset": {
                "name": self.context.dataset.name,
                "version": self.context.dataset.version,
                "sha256": self.context.dataset.sha256,
            },
            "answer": str(self),
            "measures": dict(self.measures),
            "rows": self.to_dicts(),
            **({"read_as": [one.to_dict() for one in self.context.read_as]} if self.context.read_as else {}),
            "evidence": [claim.to_dict() for claim in self.evidence],
            "sparql": self.sparql,
            **({"merged": [[n.iri for n in found] for found in self.context.merged]} if self.context.merged else {}),
            **({"releases_left_out": [old for old, _ in self.context.left_out]} if self.context.left_out else {}),
            **{name: value for name, (part, value) in parts.items() if value or not part.optional},
        }

    def notes(self) -> tuple[Section, ...]:
        """Return what is to be said of every answer: which nodes were taken as one, which releases were not read."""
        parts = []
        if self.context.merged:
            rows = tuple(
                (one.label, curie(one.iri), curie(other.iri)) for one, *more in self.context.merged for other in more
            )
            parts.append(
                Section(f"Taken as one, by mappings ({len(rows)})", ("", "name", "the same as"), rows, aside=True)
            )
        if self.context.left_out:
            said = "; ".join(f"{old} (read was {new})" for old, new in self.context.left_out)
            parts.append(Section("Releases not read", note=f"{said}. --release names another.", aside=True))
        return tuple(parts)

    def standard_form(self, form: str) -> str | None:
        """Return the answer in a format that a standard sets for its kind; None where the common one is meant."""
        return None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return the answer as Jupyter shows it: the interactive picture with its table, or the table alone."""
        shown: dict[str, str] = sys.modules["kg"].bundle(self)  # by name, through the table of the front door
        return shown

    def _repr_html_(self) -> str:
        """Return the answer as HTML without a picture: text and tables only, every label escaped."""
        sections = (*self.sections(), *self.notes())
        return f"<p><strong>{escape(str(self))}</strong></p>" + "".join(map(section_html, sections))


def _shown(column: Column | None, value: object) -> str:
    shown = column.type.shown if column else None
    return shown(value) if shown else text(value)


def section_html(section: Section, *, heading: str = "h4") -> str:
    """Return a section as HTML: a heading, a table, a note; every label escaped."""
    parts = [f"<{heading}>{escape(section.title)}</{heading}>"] if section.title else []
    if section.rows:
        if any(section.header):
            head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in section.header)
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
        else:
            parts.append("<table><tbody>")
        parts += ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in section.rows]
        parts.append("</tbody></table>")
    if section.note:
        parts.append(f"<p>{escape(section.note)}</p>")
    return "".join(parts)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "claim"), counted(2, "claim")
    ('1 claim', '2 claims')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def few(labels: Sequence[str], most: int = 2) -> str:
    """Return the first labels, and how many more there are.

    Examples
    --------
    >>> few(["Python", "SQL", "Git"])
    'Python, SQL and 1 more'
    """
    return ", ".join(labels[:most]) + (f" and {len(labels) - most} more" if len(labels) > most else "")


def text(value: object) -> str:
    """Return a value as a reader sees it in a table cell.

    Examples
    --------
    >>> text(None), text(True), text(0.5), text(("a", "b")), text(165.0)
    ('', 'yes', '0.50', 'a, b', '165')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) > 1 else f"{value:.2f}"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(text(item) for item in value)
    return str(value)
