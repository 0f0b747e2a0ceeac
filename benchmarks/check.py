"""How long a graph of ESCO's order takes to check: shapes and rules against bare SPARQL, and against pyshacl on little.

The bare queries are what one would write by hand for seventeen property shapes. Our file has many more constraints, so
the shapes are compared by the constraint.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta

import pyoxigraph as ox
from rdflib import Graph, URIRef

import kg
from benchmarks.generated import ESCO
from benchmarks.matrix import statements
from benchmarks.timing import Measured, in_turn
from kg.checks.check_rules import Circumstances
from kg.checks.registry import FINDERS
from kg.checks.shapes import constraints, violations
from kg.model.quads import to_quads
from kg.model.shipped import data_path
from kg.model.terms import BASE, DCTERMS, KG, RDF, SKOS
from kg.stores.memory import to_rdflib
from kg.stores.oxigraph import OxigraphStore

_KINDS = (KG.Role, KG.Skill, KG.Certification)
_MISSING = [(kind, relation) for kind in _KINDS for relation in (SKOS.prefLabel, RDF.type)]
_CLAIM = (RDF.subject, RDF.predicate, RDF.object, DCTERMS.source)


def _by_hand() -> list[str]:
    """Return a query for each of seventeen property shapes: what is missing, given twice, or of the wrong class."""
    queries = [f"SELECT ?x {{ ?x a <{kind}> MINUS {{ ?x <{relation}> ?y }} }}" for kind, relation in _MISSING]
    queries += [f"SELECT ?x {{ ?x a <{KG.Requirement}> MINUS {{ ?x <{relation}> ?y }} }}" for relation in _CLAIM]
    queries += [
        f"SELECT ?x {{ {{ SELECT ?x (COUNT(*) AS ?n) {{ ?x <{relation}> ?y }} GROUP BY ?x }} FILTER(?n > 1) }}"
        for relation in (*_CLAIM, SKOS.prefLabel)
    ]
    queries.append(f"SELECT ?x {{ ?x <{KG.requires}> ?y FILTER NOT EXISTS {{ ?x a <{KG.Role}> }} }}")
    queries.append(f"SELECT ?x {{ ?x <{KG.requires}> ?y FILTER NOT EXISTS {{ ?y a <{KG.Skill}> }} }}")
    return queries


def measure() -> Iterator[Measured]:
    """Yield shapes and rules on a graph of ESCO's order, and the shapes on a neighbourhood against pyshacl."""
    store = OxigraphStore()
    store.add(to_quads(statements(ESCO)))
    engine = ox.Store()
    engine.extend(store.quads())
    by_hand, asked = _by_hand(), Circumstances(date(2026, 11, 22), timedelta(days=90))
    aimed = [one for one in constraints() if store.ask(f"ASK {{ {one.targets} }}")]

    def bare() -> None:
        for query in by_hand:
            deque(engine.query(query, use_default_graph_as_union=True), maxlen=0)  # type: ignore[arg-type]  # rows come

    def shapes() -> None:
        deque(violations(store), maxlen=0)

    def rules() -> None:
        for find in FINDERS.values():
            deque(find(store, asked), maxlen=0)

    seconds = in_turn({"bare": bare, "shapes": shapes, "rules": rules}, samples=1)
    floor = seconds["bare"] / len(by_hand)
    what = f"bare SPARQL, each of {len(by_hand)}"
    yield Measured(f"each of {len(aimed)} constraints, ESCO's order", seconds["shapes"] / len(aimed), what, floor, 2.0)
    yield Measured(f"each of {len(FINDERS)} rules, ESCO's order", seconds["rules"] / len(FINDERS), what, floor, 2.0)

    slice_ = kg.open().slice("show", node=[f"{BASE}role/data-engineer"]).triples
    little = OxigraphStore()
    little.add(ox.Quad(t.subject, t.predicate, t.object) for t in slice_)
    data, wanted = Graph(), Graph().parse(data_path("ontology/shapes.ttl"))
    for t in slice_:
        data.add((to_rdflib(t.subject), URIRef(t.predicate.value), to_rdflib(t.object)))

    def by_pyshacl() -> None:
        from pyshacl import validate

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # pyshacl's own
            validate(data, shacl_graph=wanted)

    seconds = in_turn({"ours": lambda: deque(violations(little), maxlen=0), "pyshacl": by_pyshacl}, samples=1)
    yield Measured(f"shapes on {len(data):,} triples", seconds["ours"], "pyshacl", seconds["pyshacl"], 1.0)
