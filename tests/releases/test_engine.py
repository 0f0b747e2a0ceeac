"""The rules: the fast form concludes what the SPARQL says, what plain search says, and what an OWL reasoner says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import Phase, given, settings
from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDFS
from rdflib.namespace import RDF as RDF_TERMS

from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.model.iris import mint
from kg.model.quads import claim_iri, to_quads
from kg.model.shipped import data_path
from kg.model.statements import Statement
from kg.model.terms import BASE, INFERRED, KG, PREFIXES, SKOS
from kg.releases.concluding import Conclusion, conclude
from kg.releases.infer_rules import INVERSES, RULES, Rule, rules_named
from kg.releases.premises import Facts, read_premises
from kg.stores.oxigraph import OxigraphStore
from kg.stores.port import Store
from tests.strategies import READ_BY_RULES, statements

Triple = tuple[str, str, str]
RULE = {rule.name: rule for rule in RULES}
SYMMETRIC = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch)


def stored(said: Iterable[Statement]) -> OxigraphStore:
    store = OxigraphStore()
    store.add(to_quads(said))
    return store


def facts_of(store: Store, rules: Iterable[Rule] = RULES) -> Facts:
    return read_premises(store, {relation for rule in rules for relation in (*rule.reads, *rule.concludes)})


def concluded(store: Store, rules: Iterable[Rule] = RULES) -> list[Conclusion]:
    facts = facts_of(store, rules)
    return [conclusion for rule in rules for conclusion in conclude(rule, facts)]


def triples(conclusions: Iterable[Conclusion]) -> set[Triple]:
    return {conclusion[:3] for conclusion in conclusions}


def by_sparql(store: Store, rule: Rule) -> set[Triple]:
    """What the definition of a rule concludes."""
    return {(t.subject.value, t.predicate.value, t.object.value) for t in store.construct(rule.formal)}  # type: ignore[union-attr]  # IRIs all


def chain(*names: str, relation: str = SKOS.broader) -> list[Statement]:
    """Fixtures that read like the picture: ``chain("a → b → c")``."""
    found = []
    for name in names:
        nodes = [mint("skill", node) for node in name.split(" → ")]
        found += [Statement(a, relation, b, mint("source", "one")) for a, b in pairwise(nodes)]
    return found


def short(found: Iterable[Triple]) -> set[str]:
    return {" ".join(term.rpartition("/")[2].rpartition("#")[2] for term in triple) for triple in found}


# --- three ways to the same conclusions
# ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@given(said=statements())
def test_the_fast_form_concludes_what_the_definition_says(rule: Rule, said: list[Statement]) -> None:
    store = stored(said)
    found = concluded(store, [rule])
    assert len(triples(found)) == len(found), "each once"
    assert triples(found) == by_sparql(store, rule)


@given(statements())
def test_closures_are_those_of_plain_search(said: list[Statement]) -> None:
    store = stored(said)
    edges = {(s.subject, str(s.object)) for s in said if s.relation == SKOS.broader}
    above = nx.DiGraph(sorted(edges))
    wide = {(a, SKOS.broaderTransitive, b) for a in above for b in nx.descendants(above, a)}
    assert triples(concluded(store, [RULE["broader-closure"]])) == wide
    edges = {(s.subject, str(s.object)) for s in said if s.relation == SKOS.exactMatch}
    beside = nx.Graph(sorted(edges))
    same = {
        (a, SKOS.exactMatch, b)
        for part in nx.connected_components(beside)
        for one, other in combinations(part, 2)
        if not beside.has_edge(one, other)
        for a, b in ((one, other), (other, one))
    }
    assert triples(concluded(store, [RULE["match-transitivity"]])) == same


def axioms() -> Iterator[tuple[URIRef, URIRef, URIRef]]:
    """What ontology/kg.ttl declares of properties in the language of OWL, and the chain that defines relevantTo."""
    vocabulary = Graph().parse(data_path("ontology/kg.ttl"))
    characters = (OWL.TransitiveProperty, OWL.SymmetricProperty)
    for s, p, o in vocabulary:
        if p in (OWL.inverseOf, RDFS.subPropertyOf) or (p == RDF_TERMS.type and o in characters):
            yield s, p, o  # type: ignore[misc]  # IRIs all: the vocabulary has no blank nodes


def reasoned(said: Iterable[Triple]) -> set[Triple]:
    """What an OWL 2 RL reasoner adds, of the relations that rules conclude, that ties no node to itself."""
    owlrl = pytest.importorskip("owlrl")
    graph = Graph()
    for s, p, o in said:
        graph.add((URIRef(s), URIRef(p), URIRef(o)))
    before = set(graph)
    for axiom in axioms():
        graph.add(axiom)
    steps = Collection(graph, URIRef("urn:chain"), [URIRef(KG.certifies), URIRef(KG.requiredBy)])
    graph.add((URIRef(KG.relevantTo), OWL.propertyChainAxiom, steps.uri))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    concludes = {URIRef(relation) for rule in RULES for relation in rule.concludes}
    return {(str(s), str(p), str(o)) for s, p, o in graph if p in concludes and s != o and (s, p, o) not in before}


def engineering(said: Iterable[Statement]) -> list[Statement]:
    """Without what business-level exams certify: OWL 2 RL cannot say an exception."""
    said = [*said]
    business = {statement.subject for statement in said if statement.relation == KG.audience}
    read = [statement for statement in said if statement.relation in READ_BY_RULES]
    return [s for s in read if not (s.relation == KG.certifies and s.subject in business)]


@settings(max_examples=25, deadline=None, phases=(Phase.reuse, Phase.generate))  # to shrink takes minutes
@given(statements())
def test_all_rules_together_conclude_what_an_owl_reasoner_does(said: list[Statement]) -> None:
    shared = engineering(said)
    plain = {(s.subject, s.relation, str(s.object)) for s in shared}
    assert triples(concluded(stored(shared))) == reasoned(plain)


@pytest.mark.slow
@pytest.mark.parametrize(
    "relations",
    [
        (SKOS.broader,),
        (*SYMMETRIC, SKOS.broadMatch, SKOS.narrowMatch),
        (KG.hasPrerequisite,),
        (KG.requires, KG.certifies),
    ],
    ids=["broader", "matches", "prerequisites", "relevance"],
)
def test_an_owl_reasoner_agrees_on_the_shipped_dataset(shipped: KnowledgeGraph, relations: tuple[str, ...]) -> None:
    facts = facts_of(shipped.store)
    plain = {
        (s, relation, o)
        for relation in relations
        for s, o in facts.pairs(relation)
        if not (relation == KG.certifies and s in facts.business)
    }
    said = {(s, relation, o) for relation in relations for s, o in facts.pairs(relation)}
    store = stored(Statement(s, p, o, mint("source", "one")) for s, p, o in said)
    found = triples(c for rule in RULES for c in conclude(rule, Facts(facts_of(store).said, facts.business)))
    if KG.certifies in relations:  # what a business exam certifies is certified by it all the same
        found = {triple for triple in found if not (triple[1] == KG.certifiedBy and triple[2] in facts.business)}
    assert found
    assert found == reasoned(plain)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_definition_agrees_on_the_shipped_dataset(shipped: KnowledgeGraph, rule: Rule) -> None:
    found = triples(concluded(shipped.store, [rule]))
    assert found
    assert found == by_sparql(shipped.store, rule)


# --- premises
# -----------------------------------------------------------------------------------------------------------


@given(statements())
def test_premises_are_enough_and_none_is_too_many(said: list[Statement]) -> None:
    facts, claims = facts_of(stored(said)), {claim_iri(s): s for s in said if s.is_claim}
    audience = [s for s in said if not s.is_claim]
    for rule in RULES:
        for conclusion in conclude(rule, facts):
            premises = [claims[iri] for iri in conclusion.premises]
            assert conclusion[:3] in triples(concluded(stored([*premises, *audience]), [rule]))
            if rule.name == "relevant-certification":
                continue  # each pair is a reason of its own
            for left in premises:
                fewer = [premise for premise in premises if premise is not left]
                assert conclusion[:3] not in triples(concluded(stored(fewer), [rule]))


@given(statements())
def test_the_premises_of_a_closure_are_a_shortest_chain(said: list[Statement]) -> None:
    facts = facts_of(stored(said))
    above = nx.DiGraph(sorted(facts.pairs(SKOS.broader)))
    for narrow, _, wide, premises in conclude(RULE["broader-closure"], facts):
        assert len(premises) == nx.shortest_path_length(above, narrow, wide)


@given(statements())
def test_the_order_of_what_is_said_makes_no_difference(said: list[Statement]) -> None:
    assert concluded(stored(said)) == concluded(stored(reversed(said)))


@given(statements())
def test_relevant_certifications_name_every_reason(said: list[Statement]) -> None:
    found = {(c.subject, c.object): set(c.premises) for c in concluded(stored(said), [RULE["relevant-certification"]])}
    for (certification, role), premises in found.items():
        tests = [s for s in said if s.relation == KG.certifies and s.subject == certification]
        needs = [s for s in said if s.relation == KG.requires and s.subject == role]
        shared = {s.object for s in tests} & {s.object for s in needs}
        assert premises == {claim_iri(s) for s in (*tests, *needs) if s.object in shared}


# --- what a rule says, one by one
# -----------------------------------------------------------------------------------------


def test_broader_is_closed_and_not_asserted_itself() -> None:
    found = short(triples(concluded(stored(chain("a → b → c")), [RULE["broader-closure"]])))
    assert found == {"a broaderTransitive b", "b broaderTransitive c", "a broaderTransitive c"}


def test_a_circle_makes_nothing_broader_than_itself() -> None:
    found = short(triples(concluded(stored(chain("a → b → a")), [RULE["broader-closure"]])))
    assert found == {"a broaderTransitive b", "b broaderTransitive a"}


def test_close_matches_are_never_chained() -> None:
    said = [*chain("a → b", relation=SKOS.exactMatch), *chain("b → c", relation=SKOS.closeMatch)]
    assert "c" not in " ".join(short(triples(concluded(stored(said), [RULE["match-transitivity"]]))))


def test_two_that_match_the_same_match_each_other() -> None:
    said = chain("a → x", "b → x", relation=SKOS.exactMatch)
    found = concluded(stored(said), [RULE["match-transitivity"]])
    assert short(triples(found)) == {"a exactMatch b", "b exactMatch a"}
    assert {conclusion.premises for conclusion in found} == {(claim_iri(said[0]), claim_iri(said[1]))} | {
        (claim_iri(said[1]), claim_iri(said[0]))
    }


def test_a_business_exam_is_relevant_to_no_role() -> None:
    exam, role, skill = mint("certification", "leader"), mint("role", "engineer"), mint("skill", "clouds")
    one = mint("source", "one")
    said = [Statement(role, KG.requires, skill, one), Statement(exam, KG.certifies, skill, one)]
    assert short(triples(concluded(stored(said), [RULE["relevant-certification"]]))) == {"leader relevantTo engineer"}
    business = [*said, Statement(exam, KG.audience, KG.BusinessAudience, one)]
    assert not concluded(stored(business), [RULE["relevant-certification"]])


def test_what_is_stated_without_a_claim_rests_on_its_graph() -> None:
    store = OxigraphStore()
    said = chain("a → b")
    store.add(quad for quad in to_quads(said) if quad.predicate.value == SKOS.broader)
    assert [c.premises for c in concluded(store, [RULE["broader-closure"]])] == [(mint("source", "one"),)]


def test_what_was_derived_before_is_no_premise() -> None:
    said = [Statement(mint("skill", "a"), SKOS.broader, mint("skill", "b"), INFERRED)]
    assert not concluded(stored(said))


def test_too_many_conclusions_are_refused() -> None:
    facts = facts_of(stored(chain("a → b → c")))
    with pytest.raises(BadInput, match=r"The rule inverse concludes more than 1 claims.*Choose others with --rule"):
        list(conclude(RULE["inverse"], facts, most=1))


# --- the rules themselves
# -------------------------------------------------------------------------------------------------


def test_rules_are_chosen_by_name_in_their_own_order() -> None:
    assert rules_named() == RULES
    named = rules_named(["match-symmetry", "broader-closure"])
    assert [rule.name for rule in named] == ["broader-closure", "match-symmetry"]
    with pytest.raises(BadInput, match=r'No rule "closure"\. There are: broader-closure, .*See kg infer --list'):
        rules_named(["closure"])


def test_each_inverse_is_declared_in_the_vocabulary() -> None:
    vocabulary = Graph().parse(data_path("ontology/kg.ttl"))
    declared = {frozenset(map(str, pair)) for pair in vocabulary.subject_objects(OWL.inverseOf)}
    assert declared == {frozenset(pair) for pair in INVERSES.items()} | {frozenset((SKOS.broadMatch, SKOS.narrowMatch))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_concludes_what_it_declares(shipped: KnowledgeGraph, rule: Rule) -> None:
    assert {c.relation for c in concluded(shipped.store, [rule])} <= set(rule.concludes)
    for relation in (*rule.reads, *rule.concludes):
        prefix = "kg" if relation.startswith(BASE) else "skos"
        assert f"{prefix}:{relation.removeprefix(PREFIXES[prefix])}" in rule.formal
