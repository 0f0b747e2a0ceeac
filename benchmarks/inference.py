"""How long it takes to conclude what follows at ESCO's order, beside a bare SPARQL INSERT; and beside owlrl on facts.

An INSERT writes plain triples. The rules also find what each conclusion follows from, and `kg infer` writes that down:
some nine quads a claim. So they are measured twice, concluded alone and written with all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from pyoxigraph import NamedNode, RdfFormat

from benchmarks import generated
from benchmarks.timing import Measured, in_turn
from kg.model.quads import to_quads
from kg.model.shipped import DATASET_FILE, data_path
from kg.model.statements import Statement
from kg.model.terms import BASE, INFERRED, KG, SKOS
from kg.releases.concluding import conclude
from kg.releases.deriving import derive
from kg.releases.infer_rules import RULES
from kg.releases.premises import Facts, read_premises
from kg.stores.oxigraph import OxigraphStore

_SOURCE = f"{BASE}source/generated"
_LEVELS = 5
#: What an INSERT can be compared on.
_PLAIN = tuple(rule for rule in RULES if rule.name != "relevant-certification")


def _skill(number: int) -> str:
    return f"{BASE}skill/skill-{number}"


def _statements(size: generated.Size) -> Iterator[Statement]:
    """Yield requirements, a hierarchy as deep as ESCO's with nodes under two others, prerequisites, and matches."""
    random = Random(1)
    for role, skill in generated.requirements(size):
        yield Statement(f"{BASE}role/role-{role}", KG.requires, _skill(skill), _SOURCE)
    level = max(size.skills // 4**_LEVELS, 1)
    for number in range(level, size.skills):
        for _ in range(random.choice((1, 2))):
            yield Statement(_skill(number), SKOS.broader, _skill(random.randrange(max(number // 4, 1))), _SOURCE)
    for _ in range(size.prerequisites):
        one, other = sorted(random.sample(range(size.skills), 2))
        yield Statement(_skill(other), KG.hasPrerequisite, _skill(one), _SOURCE)
    for number in range(0, size.skills, 3):
        concept = f"https://example.org/concept/{random.randrange(size.skills // 2)}"
        match = random.choice((SKOS.exactMatch, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch))
        yield Statement(_skill(number), match, concept, _SOURCE)


def _facts(store: OxigraphStore) -> Facts:
    return read_premises(store, {relation for rule in _PLAIN for relation in (*rule.reads, *rule.concludes)})


def measure() -> Iterator[Measured]:
    """Yield what the rules take, concluded and written, beside an INSERT; and all of it beside owlrl on the facts."""
    store = OxigraphStore()
    store.add(to_quads(_statements(generated.Size())))
    engine, graph = store._engine, NamedNode(INFERRED)
    inserts = [_insert(rule.formal) for rule in _PLAIN]

    def insert() -> None:
        for text in inserts:
            engine.update(text)
        engine.remove_graph(graph)

    def written() -> None:
        with derive(_PLAIN, _facts(store)) as derived:
            for chunk in derived.chunks():
                engine.bulk_load(chunk, RdfFormat.N_QUADS, lenient=True)
        engine.remove_graph(graph)

    shipped = OxigraphStore.read(data_path(DATASET_FILE))
    jobs: dict[str, Callable[[], object]] = {
        "insert": insert,
        "concluded": partial(_concluded, store),
        "written": written,
        "shipped": partial(_concluded, shipped),
        "owlrl": partial(_reasoned, shipped),
    }
    seconds = in_turn({name: partial(_run, job) for name, job in jobs.items()}, samples=2)
    yield Measured("what follows, with premises", seconds["concluded"], "SPARQL INSERT", seconds["insert"], 2.0)
    yield Measured("the same, written as claims", seconds["written"], "SPARQL INSERT", seconds["insert"], 6.0)
    yield Measured("on the shipped dataset", seconds["shipped"], "owlrl", seconds["owlrl"], 0.1)


def _insert(construct: str) -> str:
    """Return a CONSTRUCT as an INSERT into the graph of derived claims, over the one graph there is."""
    head, _, rest = construct.partition("CONSTRUCT {")
    template, _, where = rest.partition("}\nWHERE")
    return f"{head}INSERT {{ GRAPH <{INFERRED}> {{{template}}} }}\nUSING <{_SOURCE}>\nWHERE{where}"


def _concluded(store: OxigraphStore) -> None:
    facts = _facts(store)
    for rule in _PLAIN:
        for _ in conclude(rule, facts):
            pass


def _reasoned(store: OxigraphStore) -> None:
    """Have an OWL 2 RL reasoner conclude from the same triples and the axioms of SKOS and of the inverses."""
    import owlrl  # type: ignore[import-untyped]  # it has no types
    from rdflib import Graph, URIRef
    from rdflib.namespace import OWL, RDFS

    graph = Graph()
    for s, p, o in Graph().parse(data_path("ontology/kg.ttl")):
        if p in (OWL.inverseOf, RDFS.subPropertyOf) or o in (OWL.TransitiveProperty, OWL.SymmetricProperty):
            graph.add((s, p, o))
    for relation, pairs in _facts(store).said.items():
        for subject, target in pairs:
            graph.add((URIRef(subject), URIRef(relation), URIRef(target)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)


def _run(job: Callable[[], object]) -> None:
    job()
