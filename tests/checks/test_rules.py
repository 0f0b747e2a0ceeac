"""The rules against a slow second way: plain loops over the triples of small graphs, damaged at random."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from rdflib import RDF as R
from rdflib import Dataset, URIRef

import kg
from kg.checks.check import check
from kg.checks.check_rules import Circumstances
from kg.checks.drafts import Draft, NameOf
from kg.checks.registry import FINDERS
from kg.model.folding import fold
from kg.model.graphs import local_name
from kg.model.terms import BASE, DCTERMS, KG, RDF, SCHEMA, SKOS
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store
from tests.conftest import DAY

ASKED = Circumstances(date.fromisoformat(DAY), timedelta(days=90))
NODES = tuple(f"{BASE}{kind}/{name}" for kind in ("role", "skill", "tool", "certification") for name in "ab")
FOREIGN = ("https://example.org/x/1", "https://example.org/x/2", "https://example.org/y/1")
CLAIMS = tuple(f"{BASE}claim/{name}" for name in "abcdef")
CLASSES = (KG.Role, KG.Skill, KG.Tool, KG.Certification)
RELATIONS = (KG.requires, KG.hasPrerequisite, SKOS.broader, DCTERMS.isReplacedBy, SKOS.exactMatch, SKOS.closeMatch)
DATES = ("2026", "2026-10", "2026-10-01", "2025-12-31", "2026-11-01", "lately")
Triple = tuple[str, str, str | Literal]

nodes, anything = st.sampled_from(NODES), st.sampled_from((*NODES, *FOREIGN))
attributes: st.SearchStrategy[Triple] = st.one_of(
    st.tuples(nodes, st.just(RDF.type), st.sampled_from(CLASSES)),
    st.tuples(nodes, st.sampled_from((SKOS.prefLabel, SKOS.altLabel)), st.sampled_from((Literal("A"), Literal("a-")))),
    st.tuples(nodes, st.just(KG.category), st.sampled_from((KG.Concept, KG.Framework))),
    st.tuples(nodes, st.just(KG.status), st.sampled_from((KG.active, KG.retired))),
    st.tuples(nodes, st.just(KG.statusAsOf), st.sampled_from([Literal(day) for day in DATES])),
    st.tuples(
        st.one_of(nodes, st.sampled_from(CLAIMS)),
        st.sampled_from((SCHEMA.validFrom, SCHEMA.validThrough)),
        st.sampled_from([Literal(day) for day in DATES[:5]]),
    ),
    st.tuples(nodes, st.just(f"{KG.requires}d"), nodes),
    st.tuples(st.sampled_from(CLAIMS), st.just(KG.level), st.sampled_from([Literal(n) for n in (0, 3, 7, 8, -1)])),
    st.tuples(st.sampled_from(CLAIMS), st.just(KG.levelScale), st.just(KG.OnetLevelScale)),
    st.tuples(st.just(f"{BASE}source/known"), st.just(RDF.type), st.just(KG.Source)),
)
#: Each claim says one thing, since shapes see to that.
claims = st.lists(
    st.tuples(anything, st.sampled_from(RELATIONS), anything, st.sampled_from(("known", "unknown"))),
    max_size=len(CLAIMS),
)


def triples_of(made: list[tuple[str, str, str, str]], more: list[Triple]) -> set[Triple]:
    found: set[Triple] = set(more)
    for claim, (subject, relation, target, source) in zip(CLAIMS, made, strict=False):
        found |= {
            (claim, RDF.type, KG.Claim),
            (claim, RDF.subject, subject),
            (claim, RDF.predicate, relation),
            (claim, RDF.object, target),
            (claim, DCTERMS.source, f"{BASE}source/{source}"),
        }
    return found


def store_of(triples: set[Triple]) -> OxigraphStore:
    store = OxigraphStore()
    store.add(
        Quad(NamedNode(s), NamedNode(p), o if isinstance(o, Literal) else NamedNode(o), DefaultGraph())
        for s, p, o in triples
    )
    return store


def found(store: Store, name: str) -> list[Draft]:
    return [*FINDERS[name](store, ASKED)]


class Plain:
    """The triples of a graph, read in loops."""

    def __init__(self, triples: set[Triple]) -> None:
        self.triples = triples
        self.claims = {s for s, p, _ in triples if p == RDF.predicate}

    def values(self, subject: str, relation: str) -> set[str]:
        return {o.value if isinstance(o, Literal) else o for s, p, o in self.triples if (s, p) == (subject, relation)}

    def one(self, subject: str, relation: str) -> str:
        return min(self.values(subject, relation), default="")

    def ties(self, *relations: str) -> set[tuple[str, str]]:
        return {
            (self.one(c, RDF.subject), self.one(c, RDF.object))
            for c in self.claims
            if self.one(c, RDF.predicate) in relations
        }

    def reached(self, ties: set[tuple[str, str]], start: str) -> set[str]:
        seen: set[str] = set()
        ahead = {start}
        while ahead:
            ahead = {v for u, v in ties if u in ahead} - seen
            seen |= ahead
        return seen


@settings(max_examples=120, deadline=None)
@given(claims, st.lists(attributes, max_size=16))
def test_rules_find_what_plain_loops_find(made: list[tuple[str, str, str, str]], more: list[Triple]) -> None:
    triples = triples_of(made, more)
    plain, store = Plain(triples), store_of(triples)
    every = {s for s, _, _ in triples}

    def about(name: str) -> set[tuple[str, str]]:
        return {(draft.severity, draft.about) for draft in found(store, name)}

    kinds = {n: plain.values(n, RDF.type) for n in NODES}
    wrong = ((KG.Skill, KG.Framework), (KG.Tool, KG.Concept))
    categories = {n: plain.values(n, KG.category) for n in NODES}
    assert about("wrong-kind") == {
        ("error", n) for n in NODES for kind, category in wrong if kind in kinds[n] and category in categories[n]
    }
    unknown = KG.Source not in plain.values(f"{BASE}source/unknown", RDF.type)
    known = KG.Source in plain.values(f"{BASE}source/known", RDF.type)
    sources = {plain.one(c, DCTERMS.source) for c in plain.claims}
    missing = {s for s in sources if (unknown if s.endswith("unknown") else not known)}
    assert len(found(store, "no-source")) == len(missing)
    assert about("unknown-term") == ({("error", "")} if any(p == f"{KG.requires}d" for _, p, _ in triples) else set())
    levels = {c: plain.values(c, KG.level) for c in CLAIMS}
    scaled = {c for c in CLAIMS if plain.values(c, KG.levelScale)}
    assert about("outside-scale") == {
        ("error", plain.one(c, RDF.subject)) for c in scaled & plain.claims if levels[c] & {"8", "-1"}
    }
    assert about("no-scale") == {("error", plain.one(c, RDF.subject)) for c in CLAIMS if levels[c] and c not in scaled}

    def ends_early(node: str) -> bool:
        return any(
            end[: len(start)] < start[: len(end)]
            for start in plain.values(node, SCHEMA.validFrom)
            for end in plain.values(node, SCHEMA.validThrough)
        )

    assert about("ends-before-start") == {("error", plain.one(n, RDF.subject) or n) for n in every if ends_early(n)}
    assert about("expired-claim") == {
        ("info", c) for c in plain.claims if any(d < DAY[: len(d)] for d in plain.values(c, SCHEMA.validThrough))
    }
    successors = plain.ties(DCTERMS.isReplacedBy)
    onward = {u for u, _ in successors}
    assert about("dead-successor") == {
        ("warning", u) for u, v in successors if KG.retired in plain.values(v, KG.status) and v not in onward
    }
    used = {v for _, v in plain.ties(KG.requires, KG.hasPrerequisite, SKOS.broader)}
    assert about("unreachable") == {("info", n) for n in NODES if kinds[n] & {KG.Skill, KG.Tool} and n not in used}
    described = {n for n in every if plain.values(n, RDF.type) or plain.values(n, SKOS.prefLabel)}
    tied = plain.ties(*(r for r in RELATIONS if not r.endswith("Match")))
    assert len(found(store, "dangling")) == len({end for tie in tied for end in tie} - described)
    statuses = {n: plain.values(n, KG.status) for n in NODES if KG.Certification in kinds[n]}
    checked = {n: plain.one(n, KG.statusAsOf) for n in statuses}
    current = {n for n, status in statuses.items() if not status or min(status) != KG.retired}
    assert about("no-date") == {
        ("error" if checked[n] else "warning", n) for n in current if checked[n] in ("", "lately")
    }
    assert about("old-status") == {("warning", n) for n in current if checked[n] in ("2026", "2025-12-31")}
    rings = 0
    for relation in (KG.hasPrerequisite, SKOS.broader, DCTERMS.isReplacedBy):
        ties = plain.ties(relation)
        round_ = {n: plain.reached(ties, n) for n in {u for u, _ in ties}}
        knots = {frozenset(m for m in round_ if m in round_[n] and n in round_[m]) for n in round_ if n in round_[n]}
        rings += len([knot for knot in knots if len(knot) > 1]) + len([u for u, v in ties if u == v])
    assert len(found(store, "cycle")) == rings


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(anything, st.just(SKOS.exactMatch), anything, st.just("known")), max_size=len(CLAIMS)))
def test_what_mappings_make_one_is_found(made: list[tuple[str, str, str, str]]) -> None:
    plain = Plain(triples_of(made, []))
    ties = plain.ties(SKOS.exactMatch)
    both = ties | {(v, u) for u, v in ties}
    lots = {frozenset(plain.reached(both, n) | {n}) for n, _ in both}
    expected = set()
    for lot in lots:
        spaces: dict[str, set[str]] = defaultdict(set)
        for node in lot:
            spaces[node.removesuffix(local_name(node))].add(node)
        expected |= {min(found) for found in spaces.values() if len(found) > 1}
    assert {draft.about for draft in found(store_of(plain.triples), "mapping-collapse")} == expected


names = st.sampled_from(("A", "a-", "B", "b"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(nodes, st.sampled_from((SKOS.prefLabel, SKOS.altLabel)), names), max_size=12))
def test_names_in_common_are_found(named: list[tuple[str, str, str]]) -> None:
    triples: set[Triple] = {(n, how, Literal(name)) for n, how, name in named}
    triples |= {(n, RDF.type, getattr(KG, n.removeprefix(BASE).partition("/")[0].capitalize())) for n in NODES}
    sort = {n: "skill" if "/tool/" in n else n.removeprefix(BASE).partition("/")[0] for n in NODES}
    labels, shared = set(), set()
    for (one, how, name), (other, how_, name_) in combinations(named, 2):
        if one != other and sort[one] == sort[other] and fold(name) == fold(name_):
            shared.add((sort[one], fold(name)))
            if how == how_ == SKOS.prefLabel:
                labels.add((sort[one], fold(name)))
    store = store_of(triples)
    assert len(found(store, "shared-label")) == len(labels)
    assert len(found(store, "shared-name")) == len(shared - labels)


# By hand


def test_a_chain_of_mappings_is_told_step_by_step() -> None:
    a, b = f"{BASE}role/a", f"{BASE}role/b"
    made = [(a, SKOS.exactMatch, FOREIGN[0], "known"), (FOREIGN[0], SKOS.exactMatch, FOREIGN[2], "known")]
    made.append((b, SKOS.exactMatch, FOREIGN[2], "known"))
    (draft,) = found(store_of(triples_of(made, [])), "mapping-collapse")
    assert [part for part in draft.parts if isinstance(part, NameOf)] == [a, b, a, FOREIGN[0], FOREIGN[2], b]


def test_two_frameworks_may_have_a_name_in_common() -> None:
    graphs = {name: NamedNode(f"{BASE}source/{name}") for name in ("one", "two")}
    store = OxigraphStore()
    for i, graph in enumerate(graphs.values()):
        node = NamedNode(f"https://example.org/{i}/editor")
        store.add(
            [
                Quad(node, NamedNode(RDF.type), NamedNode(KG.Role), graph),
                Quad(node, NamedNode(SKOS.prefLabel), Literal("editor"), graph),
                Quad(graph, NamedNode(DCTERMS.isVersionOf), NamedNode(f"{BASE}source/framework{i}"), graph),
            ]
        )
    assert found(store, "shared-label") == []


@pytest.mark.parametrize(
    ("iri", "broken"),
    [
        (f"{BASE}role/ai-engineer", False),
        (f"{BASE}domain/ms-ai-102/3", False),
        (f"{BASE}rolle/ai-engineer", True),
        (f"{BASE}role/AI_Engineer", True),
        (f"{BASE}role/", True),
        ("https://example.org/Any_Thing", False),
        ("urn:isbn:0451450523", False),
    ],
)
def test_iris_in_our_namespace_have_a_kind_and_a_name(iri: str, broken: bool) -> None:
    store = store_of({(iri, RDF.type, KG.Role)})
    assert [draft.about for draft in found(store, "broken-iri")] == ([iri] if broken else [])


def test_an_iri_that_rdflib_lets_through_is_found() -> None:
    dataset = Dataset()
    dataset.add((URIRef("https://example.org/a b"), R.type, URIRef(KG.Role)))
    dataset.add((URIRef("relative"), R.type, URIRef(KG.Role)))
    drafts = found(MemoryStore(dataset), "broken-iri")
    assert [draft.about for draft in drafts] == ["https://example.org/a b", "relative"]


def test_a_store_in_memory_is_checked_alike() -> None:
    made = [(f"{BASE}skill/a", KG.hasPrerequisite, f"{BASE}skill/a", "unknown")]
    quads = [*store_of(triples_of(made, [(f"{BASE}skill/a", RDF.type, KG.Tool)])).quads()]
    memory, embedded = MemoryStore(), OxigraphStore()
    memory.add(quads)
    embedded.add(quads)
    for name in FINDERS:
        assert found(memory, name) == found(embedded, name)
    assert found(memory, "cycle")


def test_a_name_with_braces_is_said_as_it_is() -> None:
    node = f"{BASE}skill/odd"
    store = store_of({(node, RDF.type, KG.Skill), (node, SKOS.prefLabel, Literal("{0} {x}"))})
    with kg.open(as_of=DAY) as handle:
        handle.store = store
        (finding,) = check(graph=handle, rule=["unreachable"]).findings
    assert finding.message == "No role, certification or other skill leads to {0} {x}."


def test_what_stands_as_plain_triples_alone_hangs_together_too() -> None:
    """Somebody else's RDF has no claims; a ring is a ring."""
    a, b, graph = NamedNode(NODES[2]), NamedNode(NODES[3]), NamedNode(f"{BASE}source/known")
    store = OxigraphStore()
    store.add([Quad(one, NamedNode(SKOS.broader), two, graph) for one, two in ((a, b), (b, a))])
    (ring,) = FINDERS["cycle"](store, ASKED)
    assert ring.message.startswith("broader goes round in a ring")
