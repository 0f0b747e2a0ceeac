"""Patterns of SPARQL 1.1 on which engines are known to differ: every store gives what the standard says.

The shapes of subqueries are those of the W3C's own tests (sq01 to sq14). The answers were worked out by hand.
"""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.model.values import Cell
from kg.stores.port import Store

EX = "https://example.org/"
PREFIX = f"PREFIX : <{EX}> "


def iri(name: str) -> NamedNode:
    return NamedNode(EX + name)


#: Three roles, of which two have a label; what they require; which leads to which; and prices. No triple stands in two.
DATA = [
    *(Quad(iri("r1"), iri("requires"), iri(skill), iri("g1")) for skill in ("s1", "s2", "s3")),
    *(Quad(iri("r2"), iri("requires"), iri(skill), iri("g1")) for skill in ("s2", "s3")),
    Quad(iri("r3"), iri("requires"), iri("s3"), iri("g1")),
    Quad(iri("r1"), iri("label"), Literal("One"), iri("g2")),
    Quad(iri("r2"), iri("label"), Literal("Two"), iri("g2")),
    Quad(iri("r1"), iri("leadsTo"), iri("r2"), iri("g2")),
    Quad(iri("r2"), iri("leadsTo"), iri("r3"), iri("g2")),
    *(
        Quad(iri(skill), iri("price"), Literal(price), iri("g2"))
        for skill, price in (("s1", 10), ("s2", 20), ("s3", 30))
    ),
]

COUNTED = "SELECT ?r (COUNT(?s) AS ?n) { ?r :requires ?s } GROUP BY ?r ORDER BY DESC(?n)"
PATTERNS: dict[str, tuple[str, list[tuple[str | int | None, ...]]]] = {
    "the top two by count, then their labels (sq11)": (
        f"SELECT ?r ?l {{ {{ {COUNTED} LIMIT 2 }} ?r :label ?l }}",
        [("r1", "One"), ("r2", "Two")],
    ),
    "the labels, then the top one by count": (
        f"SELECT ?r ?l {{ ?r :label ?l {{ {COUNTED} LIMIT 1 }} }}",
        [("r1", "One")],
    ),
    "an offset in a subquery after a pattern": (
        "SELECT ?r ?l { ?r :label ?l { SELECT DISTINCT ?r { ?r :requires ?s } ORDER BY ?r OFFSET 1 LIMIT 1 } }",
        [("r2", "Two")],
    ),
    "a limit counts before the join": (
        "SELECT ?r ?s { VALUES ?r { :r1 :r2 } { SELECT ?r ?s { ?r :requires ?s } ORDER BY ?r ?s LIMIT 1 } }",
        [("r1", "s1")],
    ),
    "a limit that leaves nothing to join": (
        "SELECT ?r { VALUES ?r { :r2 } { SELECT ?r { ?r :requires ?s } ORDER BY ?r LIMIT 1 } }",
        [],
    ),
    "DISTINCT in a subquery beside a pattern": (
        "SELECT ?r ?s { ?r :leadsTo ?x { SELECT DISTINCT ?s { ?any :requires ?s } } }",
        [(r, s) for r in ("r1", "r2") for s in ("s1", "s2", "s3")],
    ),
    "without DISTINCT the subquery's rows are kept": (
        "SELECT ?s { :r1 :leadsTo ?x { SELECT ?s { ?any :requires ?s } } }",
        [("s1",), ("s2",), ("s2",), ("s3",), ("s3",), ("s3",)],
    ),
    "a subquery sees no variable around it: a count": (
        "SELECT ?r ?n { ?r :requires :s1 { SELECT (COUNT(?s) AS ?n) { ?r :requires ?s } } }",
        [("r1", 6)],
    ),
    "a subquery sees no variable around it: a filter": (
        "SELECT ?r ?s { ?r :leadsTo ?x { SELECT ?s { ?q :requires ?s FILTER(BOUND(?r)) } } }",
        [],
    ),
    "a variable that a subquery does not select is another one": (
        "SELECT ?s ?r { ?r :leadsTo :r3 { SELECT ?s { ?r :requires ?s . ?r :leadsTo :r2 } } }",
        [("s1", "r2"), ("s2", "r2"), ("s3", "r2")],
    ),
    "two limited subqueries": (
        "SELECT ?a ?b { { SELECT (?r AS ?a) { ?r :label ?l } ORDER BY ?r LIMIT 1 }"
        " { SELECT (?s AS ?b) { ?s :price ?p } ORDER BY DESC(?p) LIMIT 2 } }",
        [("r1", "s3"), ("r1", "s2")],
    ),
    "a subquery in a subquery, with an aggregate of an aggregate": (
        f"SELECT ?most {{ {{ SELECT (MAX(?n) AS ?most) {{ {{ {COUNTED} }} }} }} }}",
        [(3,)],
    ),
    "an aggregate with HAVING, joined": (
        "SELECT ?r ?sum { { SELECT ?r (SUM(?p) AS ?sum) { ?r :requires/:price ?p } GROUP BY ?r HAVING(SUM(?p) > 40) }"
        " ?r :label ?l }",
        [("r1", 60), ("r2", 50)],
    ),
    "a subquery in a named graph (sq01 to sq03)": (
        "SELECT ?g ?r { GRAPH ?g { { SELECT ?g ?r { ?r :leadsTo ?x } } } }",
        [("g2", "r1"), ("g2", "r2")],
    ),
    "a subquery with a limit in OPTIONAL": (
        "SELECT ?r ?s { ?r :leadsTo ?x OPTIONAL { SELECT ?r ?s { ?r :requires ?s } ORDER BY ?r ?s LIMIT 2 } }",
        [("r1", "s1"), ("r1", "s2"), ("r2", None)],
    ),
    "a subquery with a limit in MINUS": (
        "SELECT ?r { ?r :requires :s3 MINUS { SELECT ?r { ?r :label ?l } ORDER BY ?r LIMIT 1 } }",
        [("r2",), ("r3",)],
    ),
    "OPTIONAL after VALUES keeps the row it has nothing for": (
        "SELECT ?r ?l { VALUES ?r { :r3 :r1 } OPTIONAL { ?r :label ?l } }",
        [("r3", None), ("r1", "One")],
    ),
    "OPTIONAL after an unbound value": (
        "SELECT ?r ?l { VALUES (?r ?x) { (UNDEF 1) (:r3 2) } OPTIONAL { ?r :label ?l } }",
        [("r1", "One"), ("r2", "Two"), ("r3", None)],
    ),
    "OPTIONAL that nothing meets, alone": ("SELECT ?r { OPTIONAL { ?r :none ?x } }", [(None,)]),
    "VALUES after OPTIONAL": ("SELECT ?r ?l { OPTIONAL { ?r :label ?l } VALUES ?r { :r3 } }", []),
    "a filter in OPTIONAL sees what is outside": (
        "SELECT ?r ?s ?l { ?r :requires ?s OPTIONAL { ?r :label ?l FILTER(?s = :s1) } FILTER(?r = :r1) }",
        [("r1", "s1", "One"), ("r1", "s2", None), ("r1", "s3", None)],
    ),
    "a filter in a group of its own does not": ("SELECT ?r { ?r :leadsTo ?x { FILTER(?r = :r1) } }", []),
    "MINUS without a variable in common takes nothing away": (
        "SELECT ?r { ?r :label ?l MINUS { ?a :requires ?b } }",
        [("r1",), ("r2",)],
    ),
    "NOT EXISTS without a variable in common takes everything": (
        "SELECT ?r { ?r :label ?l FILTER NOT EXISTS { ?a :requires ?b } }",
        [],
    ),
    "a filter in MINUS does not see what is outside": (
        "SELECT ?r { ?r :requires :s3 MINUS { ?r :label ?l FILTER(?r = ?outside) } }",
        [("r1",), ("r2",), ("r3",)],
    ),
    "EXISTS sees what is outside": (
        "SELECT ?r { ?r :requires :s3 FILTER EXISTS { ?r :label ?l FILTER(?r != :r1) } }",
        [("r2",)],
    ),
    "BIND in a group of its own sees nothing": (
        "SELECT ?r ?x { ?r :leadsTo :r3 { BIND(?r AS ?x) } }",
        [("r2", None)],
    ),
    "BIND ends a group": (
        "SELECT ?s ?double { ?s :price ?p BIND(?p * 2 AS ?double) ?r :requires ?s . ?r :leadsTo :r3 }",
        [("s2", 40), ("s3", 60)],
    ),
    "UNION of what binds different variables, joined": (
        "SELECT ?r ?l ?x { ?r :requires :s2 { ?r :label ?l } UNION { ?r :leadsTo ?x } }",
        [("r1", "One", None), ("r1", None, "r2"), ("r2", "Two", None), ("r2", None, "r3")],
    ),
    "a path of any length, each end once": ("SELECT ?x { :r1 :leadsTo* ?x }", [("r1",), ("r2",), ("r3",)]),
    "a path both ways": (
        "SELECT ?x { :r2 (:leadsTo|^:leadsTo) ?x }",
        [("r1",), ("r3",)],
    ),
    "a path through a subquery": (
        "SELECT ?r ?x { { SELECT ?r { ?r :label ?l } ORDER BY DESC(?l) LIMIT 1 } ?r :leadsTo+ ?x }",
        [("r2", "r3")],
    ),
    "a sequence counts every way (sq13)": (
        "SELECT ?p (COUNT(*) AS ?n) { ?r :requires/:price ?p } GROUP BY ?p",
        [(10, 1), (20, 2), (30, 3)],
    ),
    "VALUES at the end with an open row": (
        "SELECT ?r ?l { ?r :label ?l } VALUES (?r ?l) { (:r1 UNDEF) (UNDEF 'Two') (:r1 'Two') }",
        [("r1", "One"), ("r2", "Two")],
    ),
}


def term(value: str | int | None) -> Cell:
    if value is None or isinstance(value, int):
        return None if value is None else Literal(value)
    return Literal(value) if value in ("One", "Two") else iri(value)


@pytest.mark.parametrize("name", PATTERNS)
def test_every_store_gives_what_the_standard_says(store: Store, name: str) -> None:
    query, wanted = PATTERNS[name]
    store.add(DATA)
    assert Counter(store.select(PREFIX + query).rows) == Counter(tuple(map(term, row)) for row in wanted)


def test_a_template_over_a_limited_subquery(store: Store) -> None:
    store.add(DATA)
    made = store.construct(f"{PREFIX} CONSTRUCT {{ ?r :top ?l }} {{ ?r :label ?l {{ {COUNTED} LIMIT 1 }} }}")
    assert made == (Triple(iri("r1"), iri("top"), Literal("One")),)


def test_yes_and_no_over_a_limited_subquery(store: Store) -> None:
    store.add(DATA)
    for name, truth in (("r1", True), ("r2", False)):
        assert store.ask(f"{PREFIX} ASK {{ VALUES ?r {{ :{name} }} {{ {COUNTED} LIMIT 1 }} }}") is truth
