"""What an export reports as lost is what does not come back, counted again from what the reader of the format gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.exports.datasets import export
from kg.exports.gexf import read_gexf
from kg.exports.graphml import read_graphml
from kg.exports.nodelink import read_nodelink
from kg.exports.selecting import chosen_part
from kg.handles.handle import KnowledgeGraph
from kg.handles.networks import whole_network
from kg.model.graphs import KIND_CLASSES, attribute_name, local_name
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import BASE, DCTERMS, KG, PREFIXES, RDF, SKOS
from kg.model.values import plain
from kg.sources.sssom import read_mappings
from tests.laws.test_exports import handle, lossless, read_back, statements

DAY = "2026-11-22"
SOURCES = "sources of what is said of a node"
NO_CLAIM = "relations that no claim is made of"
LINES = {KG.requiresEssential: True, KG.requiresOptional: False}
RELATIONS = {*CLAIM_CLASSES, *LINES}
SYNTAXES = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "rdfxml": RdfFormat.RDF_XML}
READERS = {"nodelink": read_nodelink, "graphml": read_graphml, "gexf": read_gexf}
N = "https://example.org/"
law = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def quick(one: str, forms: Iterable[str]) -> list[Any]:
    """Forms as parameters of a test: one in every run, the others among the slow ones."""
    return [form if form == one else pytest.param(form, marks=pytest.mark.slow) for form in forms]


def lost(g: KnowledgeGraph, form: str, folder: Path) -> tuple[Counter[str], Path]:
    """What an export reports, and what it wrote."""
    done = export(g, form, folder / "export")
    return Counter(dict(done.lost)), done.place


def claims_of(quads: Iterable[Quad]) -> set[str]:
    classes = set(CLAIM_CLASSES.values())
    return {str(q.subject) for q in quads if q.predicate.value == RDF.type and plain(q.object) in classes}


# --- triples: which graph a statement stood in ------------------------------------------------------------------------


def told(triples: Iterable[Triple]) -> set[Quad]:
    """All quads whose graph triples tell: a claim stands in that of its source, and so does what it is made of."""
    triples = set(triples)
    claims = claims_of(Quad(*triple) for triple in triples)
    found = set()
    for claim in claims:
        own = [triple for triple in triples if str(triple.subject) == claim]
        said: dict[str, list[Any]] = {}
        for triple in own:
            said.setdefault(triple.predicate.value, []).append(triple.object)
        sources = said.get(DCTERMS.source, [])
        if len(sources) != 1 or not isinstance(sources[0], NamedNode):
            continue
        found |= {Quad(t.subject, t.predicate, t.object, sources[0]) for t in own}
        for s in said.get(RDF.subject, []):
            for p in said.get(RDF.predicate, []):
                names = [p]
                if p.value == KG.requires and KG.essential in said:
                    names += [NamedNode(n) for n, e in LINES.items() if Literal(e) in said[KG.essential]]
                found |= {Quad(s, name, o, sources[0]) for name in names for o in said.get(RDF.object, [])}
    return found


def untold(quads: Iterable[Quad], triples: Iterable[Triple]) -> int:
    kept = told(triples)
    return sum(not isinstance(quad.graph_name, DefaultGraph) and quad not in kept for quad in quads)


@st.composite
def moved(draw: st.DrawFn) -> list[Quad]:
    """Statements of importers of which some were dropped, moved to another graph, or are plain triples of no claim."""
    quads = draw(statements())
    dropped = draw(st.sets(st.integers(0, len(quads) - 1), max_size=3))
    elsewhere = DefaultGraph() if draw(st.booleans()) else NamedNode(N + "other")
    shifted = draw(st.sets(st.integers(0, len(quads) - 1), max_size=4))
    kept = [
        Quad(q.subject, q.predicate, q.object, elsewhere) if i in shifted else q
        for i, q in enumerate(quads)
        if i not in dropped
    ]
    ends = [q.subject for q in quads if plain(q.object) in (KG.Role, KG.Skill)]
    if draw(st.booleans()):
        name = draw(st.sampled_from([KG.requires, KG.requiresOptional, KG.uses]))
        kept.append(Quad(ends[0], NamedNode(name), ends[-1], NamedNode(N + "other")))
    return kept


@pytest.mark.parametrize("form", SYNTAXES)
@law
@given(moved())
def test_triples_lose_the_graphs_that_nothing_tells(form: str, tmp_path: Path, quads: list[Quad]) -> None:
    g = handle(quads)
    reported, place = lost(g, form, tmp_path)
    triples = [quad.triple for quad in parse(path=place, format=SYNTAXES[form])]
    if not any("XML" in what for what in reported):
        assert reported[SOURCES] == untold(g.store.quads(), triples)


@pytest.mark.parametrize("form", quick("turtle", SYNTAXES))
def test_the_shipped_dataset_loses_the_graphs_that_are_reported(
    form: str, shipped: KnowledgeGraph, tmp_path: Path
) -> None:
    reported, place = lost(shipped, form, tmp_path)
    triples = [quad.triple for quad in parse(path=place, format=SYNTAXES[form])]
    assert set(triples) == {quad.triple for quad in shipped.store.quads()}
    by_subject: dict[str, list[Triple]] = {}
    for triple in triples:
        by_subject.setdefault(str(triple.subject), []).append(triple)
    claims = claims_of(Quad(*triple) for triple in triples)
    kept = {quad for claim in claims for quad in told(by_subject[claim])}
    assert reported == {SOURCES: sum(quad not in kept for quad in shipped.store.quads())}
    assert reported[SOURCES] > 10_000


# --- nodes and edges --------------------------------------------------------------------------------------------------


def recounted(quads: Iterable[Quad], graph: Any, lang: str = "en") -> Counter[str]:
    """What a graph that was read back does not say, quad by quad; networkx is generic only for type checkers."""
    edges = {key: (u, v, data) for u, v, key, data in graph.edges(keys=True, data=True)}
    made = Counter[tuple[str, str, str, str]]()
    for u, v, data in edges.values():
        made[u, data["relation"], v, data["source"]] += 1
        if "essential" in data and data["relation"] == "requires":
            made[u, "requiresEssential" if data["essential"] else "requiresOptional", v, data["source"]] += 1
    found: Counter[str] = Counter()
    names: dict[str, Counter[str]] = {}
    for quad in quads:
        s, p, o = str(plain(quad.subject)), quad.predicate.value, plain(quad.object)
        source = "" if isinstance(quad.graph_name, DefaultGraph) else str(plain(quad.graph_name))
        if s in edges:
            data = edges[s][2]
            found[SOURCES] += source not in ("", data["source"])
            if p in (RDF.type, RDF.subject, RDF.predicate, RDF.object):
                continue
        elif p in RELATIONS and isinstance(quad.object, NamedNode):
            who = {key[3] for key in made if key[:3] == (s, local_name(p), o)}
            found[NO_CLAIM] += not who
            found[SOURCES] += bool(who) and source not in ("", *who)
            continue
        elif p == RDF.type:
            found[SOURCES] += source != ""
            found["classes beyond the kind"] += KIND_CLASSES.get(graph.nodes[s].get("kind")) != o
            continue
        else:
            data = graph.nodes[s]
            found[SOURCES] += source != ""
            if p not in (SKOS.prefLabel, DCTERMS.title):
                names.setdefault(attribute_name(p), Counter())[p] += 1
        held = data.get(attribute_name(p), ())
        held = held if isinstance(held, tuple) else (held,)
        literal = quad.object if isinstance(quad.object, Literal) else None
        if not [one for one in held if one == o and isinstance(one, bool) == isinstance(o, bool)]:
            further = literal and literal.language not in (None, lang)
            found["texts in further languages" if further else "second names"] += 1
        elif literal:
            found["languages of texts"] += literal.language not in (None, lang)
            found["datatypes of values"] += local_name(literal.datatype.value) not in {
                *("string", "langString", "boolean", "integer", "decimal", "date", "gYear", "gYearMonth", "anyURI")
            }
            number = float(o) if isinstance(o, int | float) and not isinstance(o, bool) else None
            spelt = (
                {str(o), str(o).lower()} if number is None else {str(o), f"{number:.0f}" if number % 1 == 0 else str(o)}
            )
            found["spellings of numbers"] += literal.value not in spelt
    found["properties that are called alike"] = sum(n.total() - max(n.values()) for n in names.values())
    return +found


def is_text(term: object) -> bool:
    """Whether a name is a text, as all names are."""
    return isinstance(term, Literal) and local_name(term.datatype.value) in ("string", "langString")


descriptions = st.lists(
    st.builds(
        lambda thing, name, value, graph: Quad(NamedNode(N + thing), NamedNode(name), value, graph),
        st.sampled_from("ab"),
        st.sampled_from(
            [
                *(SKOS.prefLabel, SKOS.altLabel, SKOS.definition, DCTERMS.title, DCTERMS.description, KG.priceUSD),
                *("https://schema.org/description", N + "p"),
            ]
        ),
        st.one_of(
            st.builds(
                lambda text, tag: Literal(text, language=tag) if tag else Literal(text),
                st.sampled_from(["one", "two", "a | b", "مهندس", ""]),
                st.sampled_from(["en", "de", ""]),
            ),
            st.builds(
                lambda text, kind: Literal(text, datatype=NamedNode(PREFIXES["xsd"] + kind)),
                st.sampled_from(["1", "1.50", "007", "true"]),
                st.sampled_from(["integer", "decimal", "boolean", "dateTime"]),
            ),
        ),
        st.sampled_from([DefaultGraph(), NamedNode(N + "g")]),
    ).filter(lambda quad: attribute_name(quad.predicate.value) not in ("label", "aliases") or is_text(quad.object)),
    max_size=12,
)
classes = st.lists(
    st.builds(
        lambda thing, kind: Quad(NamedNode(N + thing), NamedNode(RDF.type), NamedNode(kind)),
        st.sampled_from("ab"),
        st.sampled_from([KG.Role, KG.Skill, N + "Class"]),
    ),
    max_size=3,
)
ties = st.lists(
    st.builds(
        lambda name, graph: Quad(NamedNode(N + "a"), NamedNode(name), NamedNode(N + "b"), graph),
        st.sampled_from([KG.requires, KG.uses, KG.requiresEssential]),
        st.sampled_from([DefaultGraph(), NamedNode(N + "g")]),
    ),
    max_size=2,
)


@pytest.mark.parametrize("form", READERS)
@law
@given(statements(), descriptions, classes, ties)
def test_graphs_lose_what_is_reported(
    form: str, tmp_path: Path, said: list[Quad], more: list[Quad], kinds: list[Quad], tied: list[Quad]
) -> None:
    g = handle([*said, *more, *kinds, *tied])
    reported, place = lost(g, form, tmp_path)
    if not any("XML" in what for what in reported):
        assert reported == recounted(g.store.quads(), READERS[form](place))


@pytest.mark.parametrize("form", quick("gexf", READERS))
def test_the_shipped_graph_loses_what_is_reported(form: str, shipped: KnowledgeGraph, tmp_path: Path) -> None:
    reported, place = lost(shipped, form, tmp_path)
    graph = READERS[form](place)
    claims = claims_of(shipped.store.quads())
    assert len(claims) == graph.number_of_edges()
    few = [q for q in shipped.store.quads() if not (q.predicate.value in RELATIONS and isinstance(q.object, NamedNode))]
    assert reported == recounted(few, graph)
    assert reported["classes beyond the kind"] == 5  # of the dataset and its distributions, in DCAT and VoID


def test_a_number_beyond_double_precision_is_kept_as_text(tmp_path: Path) -> None:
    big = Quad(NamedNode(N + "a"), NamedNode(N + "p"), Literal(2**53 + 1), DefaultGraph())
    for form, reader in READERS.items():
        reported, place = lost(handle([big]), form, tmp_path)
        kept = reader(place).nodes[N + "a"]["p"]
        assert kept == (2**53 + 1 if form == "nodelink" else str(2**53 + 1))
        assert reported == ({} if form == "nodelink" else {"numbers beyond the precision of a double, as text": 1})


def test_a_dataset_of_several_releases_is_written_whole(tmp_path: Path) -> None:
    g = handle([*two_releases()])
    assert len(whole_network(g)) < len(whole_network(chosen_part(g)))
    reported, place = lost(g, "nodelink", tmp_path)
    graph = read_nodelink(place)
    assert {N + "role-1", N + "role-2"} <= set(graph)
    assert reported == recounted(g.store.quads(), graph)


def two_releases() -> Iterable[Quad]:
    from kg.model.quads import to_quads
    from kg.model.statements import Source, Statement, Value

    for number in "12":
        source = f"{BASE}source/framework-{number}"
        said = Source(
            source,
            f"Framework {number}",
            KG.SourceSays,
            date=f"202{number}",
            version=number,
            version_of=f"{BASE}source/framework",
        ).statements()
        role = N + f"role-{number}"
        yield from to_quads(
            [
                *said,
                Statement(role, RDF.type, KG.Role, source),
                Statement(role, SKOS.prefLabel, Value.of(f"role {number}", lang="en"), source),
            ]
        )


# --- what keeps a part only -------------------------------------------------------------------------------------------


def test_sssom_loses_all_that_its_reader_does_not_give(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    reported, place = lost(shipped, "sssom", tmp_path)
    matches = {(s.subject, s.relation, s.object) for s in read_mappings(place) if s.is_claim}
    quads = [*shipped.store.quads()]
    claims = claims_of(quads)
    kept = {
        str(q.subject)
        for q in quads
        if q.predicate.value == RDF.predicate and str(plain(q.object)).endswith("Match") and str(q.subject) in claims
    }
    nodes = [q for q in quads if str(q.subject) not in claims]
    nodes = [q for q in nodes if not (q.predicate.value in RELATIONS and isinstance(q.object, NamedNode))]
    assert reported["claims that are no matches"] == len(claims) - len(kept) == len(claims) - len(matches)
    assert reported["statements about nodes and sources"] + reported[SOURCES] == len(nodes)
    labelled = {
        q.subject.value for q in nodes if q.predicate.value == SKOS.prefLabel and isinstance(q.subject, NamedNode)
    }
    assert reported[SOURCES] == len(labelled & {end for s, _, o in matches for end in (s, o)})


def test_skos_loses_all_that_it_does_not_write(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    reported, place = lost(shipped, "skos", tmp_path)
    written = {quad.triple for quad in parse(path=place, format=RdfFormat.TURTLE)}
    concepts = {str(t.subject) for t in written if plain(t.object) == f"{PREFIXES['skos']}Concept"}
    quads = [*shipped.store.quads()]
    claims = claims_of(quads)
    assert reported["claims: who says so, where, since when, how important"] == len(claims)
    others = {str(q.subject) for q in quads} - claims - concepts
    assert reported["things that are no concepts: sources, citations, domains …"] == len(others)
    missing = {q.triple for q in quads if str(q.subject) in concepts} - written
    missing = {triple for triple in missing if triple.predicate.value != RDF.type}  # the scheme tells the kind
    by_kind = Counter(triple.predicate.value in CLAIM_CLASSES for triple in missing)
    assert reported["relations that SKOS has no word for"] == by_kind[True]
    assert reported["attributes that SKOS has no word for"] == by_kind[False]
    kept = [q for q in quads if str(q.subject) in concepts and q.predicate.value not in CLAIM_CLASSES]
    assert reported[SOURCES] == sum(q.triple not in missing for q in kept)


def test_schema_org_and_mermaid_count_every_statement_once(shipped: KnowledgeGraph, whole: Any, tmp_path: Path) -> None:
    quads = [*shipped.store.quads()]
    claims = claims_of(quads)
    kinds = {iri: data.get("kind", "") for iri, data in whole.nodes(data=True)}
    tied = {end for u, v in whole.edges() for end in (u, v)}
    written = {
        "schemaorg": {
            iri for iri, kind in kinds.items() if kind in ("role", "skill", "tool", "certification", "provider")
        },
        "mermaid": tied,
    }
    for form, nodes in written.items():
        reported, _ = lost(shipped, form, tmp_path)
        about = [q for q in quads if str(plain(q.subject)) in nodes]
        about = [q for q in about if not (q.predicate.value in RELATIONS and isinstance(q.object, NamedNode))]
        counted = [what for what in reported if what == SOURCES or what.startswith(("statements", "texts"))]
        assert sum(reported[what] for what in counted) == len(about)
        relations = [n for what, n in reported.items() if what.startswith(("relations: ", "claims: "))]
        assert sum(relations) == whole.number_of_edges() == len(claims)


@pytest.mark.parametrize("form", quick("csv", lossless))
@law
@given(moved())
def test_malformed_claims_come_back_where_nothing_is_lost(form: str, tmp_path: Path, quads: list[Quad]) -> None:
    g = handle(quads)
    reported, place = lost(g, form, tmp_path)
    assert reported == {}
    assert read_back(form, place) == set(g.store.quads())
