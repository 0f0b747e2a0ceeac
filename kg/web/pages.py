"""The pages for people: plain HTML that works without scripts, every label escaped by the template engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer, Section
from kg.model.iris import curie
from kg.model.terms import BASE, DCTERMS, KG, PREFIXES, RDF, SKOS
from kg.names.lookup import ASKABLE
from kg.questions.find import find
from kg.questions.show import show
from kg.web.examples import ready
from kg.web.sparql_page import signs

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["card", "editor", "home", "message", "search", "terms"]


@cache
def _templates() -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader([PackageLoader("kg.web", "templates"), PackageLoader("kg.web", "assets/console")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(template: str, **values: object) -> str:
    return _templates().get_template(template).render(**values)


def home(g: KnowledgeGraph) -> str:
    """Return the first page: what is served, a search, the pictures."""
    kinds: dict[str, int] = {}
    roles = []
    for iri, attributes in _named(g).items():
        kind = attributes.get("kind", "")
        kinds[kind] = kinds.get(kind, 0) + 1
        if kind == "role":
            roles.append((attributes.get("label", iri), iri))
    counts = [(kind, kinds[kind]) for kind in ASKABLE if kind in kinds]
    return _render(
        "home.html.j2", dataset=g.dataset, as_of=g.as_of.isoformat(), counts=counts, roles=sorted(roles)[:500]
    )


def search(g: KnowledgeGraph, asked: str) -> str:
    """Return what answers to a name."""
    answer = find(g, asked) if asked.strip() else None
    hits = [] if answer is None else [row for row in answer.rows() if row["iri"]]
    return _render("search.html.j2", asked=asked, said="" if answer is None else str(answer), hits=hits)


def card(g: KnowledgeGraph, name: str) -> str:
    """Return the card of a node.

    Raises
    ------
    UnknownName, AmbiguousName
        The name, or IRI, means no node, or several.
    """
    answer = show(g, name)
    return _render(
        "node.html.j2",
        node=answer.node,
        said=str(answer),
        sections=answer.sections(),
        linked=_links(answer, answer.sections()),
    )


def _links(answer: Answer, sections: tuple[Section, ...]) -> Mapping[str, str]:
    """Return the IRI for each cell that is the label of one node alone, as the slice has them."""
    cells = {cell for section in sections for row in section.rows for cell in row}
    found: dict[str, str | None] = {}
    for iri, attributes in answer.graph.nodes.items():
        label = attributes.get("label", "")
        if label in cells and attributes.get("kind") in ASKABLE:
            found[label] = None if label in found else iri
    return {label: iri for label, iri in found.items() if iri is not None}


def editor(*, timeout: float, rows: int, size: int) -> str:
    """Return the SPARQL editor, with the library of ready queries, over a graph of so many quads."""
    data = {
        "base": BASE,
        "prefixes": PREFIXES,
        "queries": [example._asdict() for example in ready()],
        "card": "/node?iri=",
        "size": size,
        **signs(),
    }
    return _render(
        "editor.html.j2",
        prefixes=sorted(PREFIXES),
        timeout=timeout,
        rows=rows,
        data=json.dumps(data).replace("<", "\\u003c"),
    )


def terms(g: KnowledgeGraph) -> list[str]:
    """Return what the editor completes: properties, classes and named things, as prefixed names."""
    own = {iri for table in (KG, SKOS, RDF, DCTERMS) for name, iri in vars(table).items() if not name.startswith("_")}
    return sorted(name for name in map(curie, own | {*_named(g)}) if "://" not in name)


def message(title: str, said: str) -> str:
    """Return a page that says one thing."""
    return _render("message.html.j2", title=title, said=said)


def _named(g: KnowledgeGraph) -> Mapping[str, Any]:
    """Return the attributes of every node that can be asked about, by IRI."""
    found: Mapping[str, Any] = g.names.nodes
    return found
