"""`list`: what is there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, Literal, get_args

from kg.careers.offers import offer
from kg.handles.asking import ask, check_choice, question
from kg.handles.handle import Handle
from kg.model.answers import Answer, Node, Row, Section, node, text
from kg.model.columns import ANY, FLAG, IRI, KIND, SHARE, STATUS, TEXT, Column, maybe, one_of
from kg.model.errors import BadInput
from kg.model.folding import fold
from kg.model.graphs import Graph, local_name
from kg.model.terms import KG

__all__ = ["List", "list"]

Kinds = Literal["roles", "skills", "tools", "certifications", "providers", "activities"]
Status = Literal["active", "ending", "beta", "announced", "planned", "retiring", "retired", "unverified", "on-offer"]

_CLASSES: dict[Kinds, tuple[str, str]] = {
    "roles": ("role", KG.Role),
    "skills": ("skill", KG.Skill),
    "tools": ("tool", KG.Tool),
    "certifications": ("certification", KG.Certification),
    "providers": ("provider", KG.Provider),
    "activities": ("activity", KG.Activity),
}
#: A kind may be named in the singular too.
_PLURAL: dict[str, Kinds] = {singular: plural for plural, (singular, _) in _CLASSES.items()}


@dataclass(frozen=True)
class List(Answer):
    """The nodes of one kind, by label."""

    kind: Kinds
    items: tuple[Row, ...]

    columns: ClassVar = (
        Column("iri", IRI, "the node", itemgetter("iri")),
        Column("label", TEXT, "its name", itemgetter("label")),
        Column("kind", KIND, "its kind", itemgetter("kind")),
        Column("match", one_of("kind"), "how it answers: it is of the kind", itemgetter("match")),
        Column("score", SHARE, "how well", itemgetter("score")),
        Column("category", TEXT, "of a skill or tool", itemgetter("category"), optional=True),
        Column("code", maybe(TEXT), "of a certification: the exam code", itemgetter("code"), optional=True),
        Column("provider", TEXT, "of a certification: who issues it", itemgetter("provider"), optional=True),
        Column("level", TEXT, "of a certification", itemgetter("level"), optional=True),
        Column("status", STATUS, "of a certification, on the day asked about", itemgetter("status"), optional=True),
        Column("on_offer", FLAG, "whether it can be taken on that day", itemgetter("on_offer"), optional=True),
        Column("price_usd", ANY, "USD; null where it is not stated", itemgetter("price_usd"), optional=True),
    )

    def __str__(self) -> str:
        if not self.items:
            return f"No {self.kind} match."
        what = self.kind if len(self.items) > 1 else _CLASSES[self.kind][0]
        return f"{len(self.items)} {what}."

    def entries(self) -> tuple[Row, ...]:
        """Return the nodes, each with what its kind has."""
        return self.items

    def columns_here(self) -> tuple[Column, ...]:
        """Return the columns that the kind has."""
        return tuple(column for column in self.columns if self.items and column.name in self.items[0])

    @property
    def yes(self) -> bool:
        """Whether the list holds anything."""
        return bool(self.items)

    def sections(self) -> tuple[Section, ...]:
        """Return one table with the columns that say something."""
        if not self.items:
            return ()
        wanted = [name for name in self.items[0] if name not in ("iri", "kind", "match", "score")]
        header = tuple(name for name in wanted if any(row[name] not in (None, "") for row in self.items))
        rows = tuple(tuple(text(row[name]) for name in header) for row in self.items)
        return (Section(header=tuple(name.replace("_", " ") for name in header), rows=rows),)


@question
def list(
    g: Handle | Graph,
    kind: Kinds,
    *,
    status: Sequence[Status] = (),
    provider: Sequence[str] = (),
    level: Sequence[str] = (),
    category: Sequence[str] = (),
    source: Sequence[str] = (),
) -> List:
    """What is there, of one kind?

    Parameters
    ----------
    kind
        What to list; role does for roles.
    status
        Only certifications of this status on the day asked about; "on-offer" means active or ending.
    provider
        Only certifications of this provider; part of its name will do, such as AWS.
    level
        Only certifications of this level: entry, associate, professional, specialty, expert.
    category
        Only skills or tools of this category: concept, practice, mathematics, language, framework, platform, product.
    source
        Only nodes that these sources say something about, by short id, such as article or esco-111.

    Returns
    -------
    List
        By label; empty where nothing matches.

    Raises
    ------
    BadInput
        A filter is given that the kind does not have, or a level, category or provider that none has.

    Examples
    --------
    >>> import kg
    >>> print(kg.list(kg.open(as_of="2026-11-22"), "certifications", provider=["Databricks"], status=["active"]))
    8 certifications.
    """
    kind = _PLURAL.get(kind, kind)
    check_choice([kind], [*_CLASSES], 'No list of "{value}". There are: {among}.')
    check_choice(status, get_args(Status), 'No status "{value}". There are: {among}.')
    kind_name, class_iri = _CLASSES[kind]
    if kind != "certifications" and (status or provider or level):
        raise BadInput(
            f"--status, --provider and --level choose among certifications, not among {kind}. Leave them out."
        )
    if kind not in ("skills", "tools") and category:
        raise BadInput(f"--category chooses among skills and tools, not among {kind}. Leave it out.")
    asked = ask(g, kind=kind, status=status, provider=provider, level=level, category=category, source=source)
    graph = asked.slice("list", **{"class": [class_iri]})
    items = [
        _row(graph, iri, asked.handle) for iri, attributes in graph.nodes.items() if attributes.get("kind") == kind_name
    ]
    chosen = [_having(items, "level", level), _having(items, "category", category)]
    chosen += [_of_providers(items, provider)]
    if asked.sources:
        chosen.append({*asked.handle.said_by(asked.sources)})
    items = [row for row in items if all(row["iri"] in iris for iris in chosen)]
    if status:
        items = [row for row in items if row["status"] in status or ("on-offer" in status and row["on_offer"])]
    items.sort(key=lambda row: (row["label"].casefold(), row["iri"]))
    return List(kind, tuple(items), context=asked.context(graph))


def _row(graph: Graph, iri: str, handle: Handle) -> Row:
    found: Node = node(graph, iri)
    attributes: dict[str, Any] = graph.nodes[iri]
    row: Row = {"iri": iri, "label": found.label, "kind": found.kind, "match": "kind", "score": 1.0}
    if found.kind in ("skill", "tool"):
        row["category"] = local_name(attributes.get("category", "")).lower()
    if found.kind == "certification":
        offered = offer(attributes, handle.as_of)
        providers = [
            node(graph, v).label
            for _, v, _, data in graph.out_edges(iri, keys=True, data=True)
            if data["relation"] == "issuedBy"
        ]
        row |= {
            "code": attributes.get("examCode"),
            "provider": providers[0] if providers else "",
            "level": local_name(attributes.get("certificationLevel", "")).removesuffix("Level").lower(),
            "status": offered.status,
            "on_offer": offered.on_offer,
            "price_usd": attributes.get("priceUSD"),
        }
    return row


def _having(items: Sequence[Row], name: str, wanted: Sequence[str]) -> set[str]:
    """Return the IRIs of the rows whose level or category is wanted; all of them where none is named."""
    if not wanted:
        return {row["iri"] for row in items}
    there = sorted({row[name] for row in items if row[name]})
    if unknown := [value for value in wanted if value.lower() not in there]:
        raise BadInput(f'No {name} "{unknown[0]}". There are: {", ".join(there)}.')
    return {row["iri"] for row in items if row[name] in {value.lower() for value in wanted}}


def _of_providers(items: Sequence[Row], wanted: Sequence[str]) -> set[str]:
    """Return the IRIs of the certifications whose provider has a wanted text in its name, or as its initials (AWS)."""
    if not wanted:
        return {row["iri"] for row in items}

    def issues(provider: str, want: str) -> bool:
        initials = "".join(word[0] for word in provider.split())
        return bool(fold(want)) and (fold(want) in fold(provider) or fold(want) == fold(initials))

    for want in wanted:
        if not any(issues(row["provider"], want) for row in items):
            there = ", ".join(sorted({row["provider"] for row in items if row["provider"]}))
            raise BadInput(f'No provider "{want}" issues a certification. There are: {there}.')
    return {row["iri"] for row in items if any(issues(row["provider"], want) for want in wanted)}
