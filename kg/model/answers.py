"""What every answer has in common: a sentence, rows, evidence, and ways to show itself.

A question returns a small frozen dataclass that inherits from `Answer`. It says its one sentence (`str`), lays out
its plain table (`rows`), names its numbers (`measures`), arranges itself for readers (`sections`), and carries what
it rests on: the claims (`evidence`), the slice it was computed on (`graph`) and the SPARQL that selects that slice
(`sparql`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from kg.model.graphs import Attributes, ClaimGraph, Graph, local_name
from kg.model.iris import curie, mint

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Answer",
    "Claim",
    "Context",
    "Dataset",
    "Node",
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
        row: Row = {
            "subject": self.subject.label,
            "relation": self.relation,
            "object": self.object.label,
            "source": self.source_label,
            "source_iri": self.source,
            "source_url": self.source_url,
            "source_date": self.source_date,
            "locator": self.locator,
            "origin": self.origin,
            "essential": self.essential,
            "wording": self.wording,
            "basis": self.basis,
            "rule": self.rule,
            "premises": [*self.premises],
            "claim": self.iri,
        }
        always = {"subject", "relation", "object", "source", "source_date", "locator", "origin"}
        return {key: value for key, value in row.items() if key in always or value not in ("", None, [])}

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
    """

    as_of: str = ""
    merged: tuple[tuple[Node, ...], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    dataset: Dataset = field(default_factory=Dataset)
    sparql: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    graph: Graph = field(default_factory=lambda: ClaimGraph({}, ()), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an answer for readers: a title, a header, rows of text, and a note below."""

    title: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


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

    evidence: tuple[Claim, ...] = ()
    context: Context = field(default_factory=Context, repr=False)

    def rows(self) -> tuple[Row, ...]:
        """Return the plain table."""
        raise NotImplementedError(f"{type(self).__name__} has no table")

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
        header = tuple(rows[0]) if rows else ()
        return (Section(header=header, rows=tuple(tuple(text(row[name]) for name in header) for row in rows)),)

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
        """Return the answer as one plain object, as ``--format json`` prints it (`kg/schemas/answer.schema.json`)."""
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
            "evidence": [claim.to_dict() for claim in self.evidence],
            "sparql": self.sparql,
            **({"merged": [[n.iri for n in found] for found in self.context.merged]} if self.context.merged else {}),
            **({"releases_left_out": [old for old, _ in self.context.left_out]} if self.context.left_out else {}),
        }

    def notes(self) -> tuple[Section, ...]:
        """Return what is to be said of every answer: which nodes were taken as one, which releases were not read."""
        parts = []
        if self.context.merged:
            rows = tuple(
                (one.label, curie(one.iri), curie(other.iri)) for one, *more in self.context.merged for other in more
            )
            parts.append(Section(f"Taken as one, by mappings ({len(rows)})", ("", "name", "the same as"), rows))
        if self.context.left_out:
            said = "; ".join(f"{old} (read was {new})" for old, new in self.context.left_out)
            parts.append(Section("Releases not read", note=f"{said}. --release names another."))
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
