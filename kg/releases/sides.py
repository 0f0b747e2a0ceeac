"""What is compared: a whole dataset, or what one source of a dataset says, read by a handful of scans.

A release of ESCO has 17,000 nodes and 130,000 claims, so nothing here is asked node by node: each scan delivers one
kind of row for everything, and the rest is sets and dictionaries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.model.errors import AmbiguousName, BadInput, UnknownName
from kg.model.folding import fold
from kg.model.graphs import KIND_CLASSES
from kg.model.iris import curie
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import BASE, KG, SKOS
from kg.model.values import plain
from kg.stores.binding import bind, load_query
from kg.stores.port import Store
from kg.stores.scoped import ScopedStore
from kg.stores.slices import select

__all__ = ["Comparable", "MappingLink", "Said", "Side", "find_sides", "is_place", "read_said"]

#: What `kg.diff` takes as a side: a dataset (opened, or the place it lies in), or the name of a source.
Comparable = str | Path | KnowledgeGraph

#: (subject, relation, object), by IRI.
Triple = tuple[str, str, str]

_KINDS = {iri: kind for kind, iri in KIND_CLASSES.items()}
_ONE_LANGUAGE = frozenset({SKOS.prefLabel, SKOS.definition})


@dataclass(frozen=True, slots=True)
class MappingLink:
    """What the claims of one relation between two nodes say of it.

    Attributes
    ----------
    essential
        True where any claim calls it essential, False where those that draw the line all call it optional, None where
        none draws it.
    importance, level
        (scale, largest rating) pairs, by scale.
    """

    essential: bool | None = None
    importance: tuple[tuple[str, float], ...] = ()
    level: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a side says: nodes, their attributes, and the relations between them.

    Attributes
    ----------
    kinds
        Kind by node.
    values
        By node, then by property: the values, sorted. Of a label and a definition only the one in the language asked
        for.
    links
        By (subject, relation, object).
    """

    kinds: Mapping[str, str]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]
    links: Mapping[Triple, MappingLink]

    def label(self, iri: str) -> str:
        """Return the label of a node; its short IRI where it has none."""
        return next(iter(self.values.get(iri, {}).get(SKOS.prefLabel, ())), curie(iri))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things compared.

    Attributes
    ----------
    name
        As it was asked for.
    label, version, date
        Title, version and ISO date of the dataset or of the source; empty where they are not known.
    sources
        IRIs of the sources heard; none for a whole dataset.
    handle
        The dataset it stands in.
    """

    name: str
    label: str
    version: str
    date: str
    sources: tuple[str, ...] = ()
    handle: KnowledgeGraph = field(kw_only=True, repr=False, compare=False)

    def __str__(self) -> str:
        return self.label if self.version in self.label else f"{self.label} {self.version}"


@dataclass(frozen=True, slots=True)
class _Source:
    """A source as a dataset describes it."""

    iri: str
    title: str
    version: str
    date: str

    @property
    def short(self) -> str:
        return self.iri.removeprefix(f"{BASE}source/")

    def answers_to(self, name: str) -> bool:
        """Tell whether a name means this source: its IRI, its short id, its title, or the version it alone has."""
        known = (self.iri, curie(self.iri), self.version)
        return name in known or fold(name) in (fold(self.title), fold(self.short))


def find_sides(before: Comparable, after: Comparable, g: KnowledgeGraph | None, **opened: Any) -> tuple[Side, Side]:
    """Return what two names mean; of a dataset that is named twice, or of one handle, nothing is read twice.

    Parameters
    ----------
    before, after
        A handle; the place of a dataset (``shipped``, a file or folder that exists, an address); or a source of `g`.
    g
        The dataset whose sources can be named.
    **opened
        How to open a place (`kg.open`).

    Raises
    ------
    UnknownName
        A name is neither a place nor a source.
    AmbiguousName
        A name is both, or means several sources.
    """
    places: dict[str, KnowledgeGraph] = {}

    def side(asked: Comparable) -> Side:
        if isinstance(asked, KnowledgeGraph):
            return _whole(asked.dataset.name, asked)
        name = str(asked)
        place = name if is_place(name) else ""
        if not (isinstance(asked, Path) or name.startswith(("/", "./", "../"))) and g is not None:
            found = [source for source in _sources(g) if source.answers_to(name)]
            if place and found and "://" not in place:
                raise AmbiguousName(
                    f'"{name}" is a file or folder here, and a source of the graph. Write ./{name} for the one, '
                    f"{curie(found[0].iri)} for the other."
                )
            if found:
                return _one_source(name, found, g)
        if not place:
            raise UnknownName(f'"{name}" is no file or folder, and no source of the graph. {_offered(g)}')
        if place not in places:
            places[place] = open_graph(place, **opened)
        return _whole(name, places[place])

    return side(before), side(after)


def is_place(name: str | Path) -> bool:
    """Tell whether a name can be the place of a dataset: ``shipped``, a path that exists, an address."""
    return str(name) == "shipped" or "://" in str(name) or Path(name).exists()


def _whole(name: str, handle: KnowledgeGraph) -> Side:
    """Return a whole dataset; one that lies somewhere has the name of that place, since facts borrow a description."""
    dataset = handle.dataset
    if name not in ("shipped", dataset.name):
        return Side(name, name, "", "", handle=handle)
    return Side(name, dataset.name, dataset.version, "", handle=handle)


def _one_source(name: str, found: Sequence[_Source], g: KnowledgeGraph) -> Side:
    if len(found) > 1:
        several = ", ".join(f'"{source.title}" ({source.short})' for source in found)
        raise AmbiguousName(
            f'"{name}" may mean {several}. Say which: give the name in brackets.', (source.iri for source in found)
        )
    (source,) = found
    version = "" if source.version == "unverified" else source.version
    return Side(name, source.title, version, source.date, (source.iri,), handle=g)


def _offered(g: KnowledgeGraph | None) -> str:
    if g is None:
        return "Name two files, folders or stores, or say with --graph where the sources stand."
    there = sorted(source.short for source in _sources(g))
    few = ", ".join(there[:8]) + (f" and {len(there) - 8} more" if len(there) > 8 else "")
    return f"Its sources are {few or 'none'}. Name two of them, or two files, folders or stores."


def _sources(g: KnowledgeGraph) -> list[_Source]:
    """Return the sources that a dataset describes, by IRI."""
    found: dict[str, dict[str, str]] = {}
    for row in select(g.store, load_query("sources")).dicts():
        known = found.setdefault(str(row["source"]), {})
        for name in ("title", "version", "date"):
            known[name] = max(known.get(name, ""), str(row[name] or ""))
    return [_Source(iri, **found[iri]) for iri in sorted(found)]


def read_said(side: Side) -> Said:
    """Read what a side says.

    Raises
    ------
    BadInput
        It says nothing of any role, skill, tool or certification.
    """
    sources = side.sources
    store: Store = ScopedStore(side.handle.store, sources) if sources else side.handle.store
    kinds: dict[str, str] = {}
    rows: Any = select(store, load_query("diff_nodes")).rows  # IRIs: every cell has a value
    for node, kind in sorted((row[0].value, _KINDS[row[1].value]) for row in rows):
        kinds.setdefault(node, kind)
    tagged: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    rows = select(store, load_query("diff_values")).rows
    for subject, relation, value in rows:
        tagged[subject.value][relation.value].append(value)
    values = {
        node: {iri: _values(iri, said, side.handle.lang) for iri, said in properties.items()}
        for node, properties in tagged.items()
        if node in kinds or not sources
    }
    links = _links(store)
    if not kinds and not links:
        raise BadInput(
            f"{side} says nothing of roles, skills, tools or certifications, so there is nothing to compare. Name "
            "another source or dataset; `kg list roles --graph …` shows what one holds."
        )
    if sources:  # what a source speaks of, another may have named
        unnamed = {end for subject, _, target in links for end in (subject, target)} - values.keys()
        for iri, known in side.handle.index.nodes(sorted(unnamed)).items():
            values[iri] = {SKOS.prefLabel: (known.label,)}
    return Said(kinds, values, links)


def _values(relation: str, said: Sequence[Any], lang: str) -> tuple[str, ...]:
    if relation in _ONE_LANGUAGE:
        for wanted in (lang, "en", None):
            if chosen := sorted(term.value for term in said if getattr(term, "language", None) == wanted):
                return (chosen[0],)
        return (min(term.value for term in said),)
    return tuple(sorted({_short(term) for term in said}))


def _short(term: Any) -> str:  # a term of RDF
    """Return a value as text, an IRI of our vocabulary by its local name."""
    value = str(plain(term))
    return value.removeprefix(f"{BASE}ontology#")


def _links(store: Store) -> dict[Triple, MappingLink]:
    """Return the relations of a side, from its plain triples; what several claims say of one is put together."""
    relations = (*CLAIM_CLASSES, KG.requiresEssential, KG.requiresOptional)
    rows: Any = select(store, bind(load_query("diff_links"), relation=relations)).rows
    bare, optional, essential = MappingLink(), MappingLink(False), MappingLink(True)
    drawn = {KG.requiresEssential: essential, KG.requiresOptional: optional}
    links: dict[Triple, MappingLink] = {}
    for subject, relation, target in rows:
        name = relation.value
        if isinstance(target, Literal):
            continue
        if name not in drawn:
            links.setdefault((subject.value, name, target.value), bare)
        elif links.get(triple := (subject.value, KG.requires, target.value)) is not essential:
            links[triple] = drawn[name]
    rated: dict[Triple, dict[str, dict[str, float]]] = defaultdict(lambda: {KG.importance: {}, KG.level: {}})
    rows = select(store, load_query("diff_ratings")).rows
    for subject, relation, target, scaled, value, scale in rows:
        rating = plain(value)
        if isinstance(rating, int | float):
            by_scale = rated[subject.value, relation.value, target.value][scaled.value]
            by_scale[scale.value] = max(by_scale.get(scale.value, rating), rating)
    for triple, found in rated.items():
        ratings = (tuple(sorted(found[name].items())) for name in (KG.importance, KG.level))
        links[triple] = MappingLink(links.get(triple, bare).essential, *ratings)
    return links
