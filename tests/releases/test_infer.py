"""`kg infer`: derived claims are written apart, replaced as a whole, read only when asked for, dropped by a load."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema_rs import Draft202012Validator
from pyoxigraph import RdfFormat, parse
from rdflib import Dataset

import kg
from kg.checks.shapes import violations
from kg.engine.updating import update
from kg.exports.answer_schema import answer_schema
from kg.handles.handle import KnowledgeGraph
from kg.handles.loading import load
from kg.handles.networks import whole_network
from kg.handles.opening import open as open_graph
from kg.model.answers import Answer
from kg.model.errors import BadInput, StoreError
from kg.model.iris import mint
from kg.model.quads import to_quads
from kg.model.shipped import data_path
from kg.model.statements import Source, Statement, Value
from kg.model.terms import INFERRED, KG, RDF, SKOS
from kg.questions.sparql import sparql
from kg.questions.why import why
from kg.releases.infer import infer
from kg.releases.infer_rules import RULES
from kg.sources.exported import read_tables
from kg.stores.memory import MemoryStore
from kg.stores.oxigraph import OxigraphStore
from kg.views.why import scene
from tests.conftest import DAY
from tests.contract.test_stores import ASKED

if TYPE_CHECKING:
    from tests.conftest import Run

SHIPPED = data_path("career-kg.trig")
#: Questions that are asked in `make test`; the others in `make test-all`.
QUICK = ("why", "show", "gap", "disagree", "similar")
DERIVED = f"ASK {{ GRAPH <{INFERRED}> {{ ?s ?p ?o }} }}"
AIP = "AIP-C01", "AI Engineer"


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory, shipped: KnowledgeGraph) -> Path:
    """What all rules conclude from the shipped dataset, as a file."""
    path = tmp_path_factory.mktemp("derived") / "derived.trig"
    infer(shipped, into=path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store folder with the shipped dataset and what follows from it, made once."""
    path = tmp_path_factory.mktemp("made") / "store"
    load([SHIPPED], into=path)
    infer(path)
    return path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return shutil.copytree(made, tmp_path / "store")


def quads(store: OxigraphStore) -> set[str]:
    return set(map(str, store.quads()))


# --- writing
# ------------------------------------------------------------------------------------------------------------


def test_running_twice_changes_nothing(folder: Path) -> None:
    before, current = quads(OxigraphStore(folder, inferred=True)), (folder / "current").read_text()
    again = infer(folder)
    assert not again.changed
    assert str(again).endswith("which holds them already.")
    assert (folder / "current").read_text() == current
    assert quads(OxigraphStore(folder, inferred=True)) == before


def test_a_folder_and_a_file_hold_the_same(folder: Path, derived: Path, tmp_path: Path) -> None:
    read = OxigraphStore(folder, inferred=True)
    graph = {str(quad) for quad in read.quads() if quad.graph_name.value == INFERRED}  # type: ignore[union-attr]  # named all
    assert graph == set(map(str, parse(path=derived, format=RdfFormat.TRIG)))
    infer(folder, into=tmp_path / "derived.nq")
    assert graph == set(map(str, parse(path=tmp_path / "derived.nq", format=RdfFormat.N_QUADS)))


def test_the_bytes_are_the_same_however_the_data_is_stored(derived: Path, folder: Path, tmp_path: Path) -> None:
    assert infer(folder, into=tmp_path / "again.trig").changed
    assert (tmp_path / "again.trig").read_bytes() == derived.read_bytes()
    assert not infer(folder, into=tmp_path / "again.trig").changed


def test_other_rules_take_the_place_of_all(folder: Path) -> None:
    found = infer(folder, rules=["match-inverse"])
    assert [row["rule"] for row in found.rows()] == ["match-inverse", "match-inverse"]
    rules = sparql(open_graph(folder, inferred=True), "SELECT DISTINCT ?rule { ?claim kg:rule ?rule }").rows()
    assert rules == ({"rule": mint("rule", "match-inverse")},)


def test_what_is_derived_keeps_the_shapes(folder: Path) -> None:
    assert [v for v in violations(OxigraphStore(folder, inferred=True)) if v.severity == "error"] == []


def test_a_premise_that_is_gone_breaks_the_shapes(folder: Path) -> None:
    store = OxigraphStore(folder, inferred=True)
    lonely = OxigraphStore()
    lonely.add(quad for quad in store.quads() if quad.graph_name.value == INFERRED)  # type: ignore[union-attr]  # as above
    messages = {v.message for v in violations(lonely)}
    assert any("neither a source nor a claim of this graph" in message for message in messages)


def test_the_source_says_what_it_is_derived_from(folder: Path) -> None:
    store = OxigraphStore(folder, inferred=True)
    said = {(t.predicate.value, str(t.object)) for t in store.construct(f"CONSTRUCT WHERE {{ <{INFERRED}> ?p ?o }}")}
    assert (KG.origin, f"<{KG.Derived}>") in said
    assert ("http://www.w3.org/ns/prov#wasDerivedFrom", f"<{mint('source', 'article')}>") in said
    assert not any(INFERRED in text for relation, text in said)
    for rule in RULES:
        assert store.ask(f"ASK {{ <{rule.iri}> a <{KG.Rule}> ; <http://www.w3.org/ns/shacl#construct> ?query }}")


# --- nothing derived is seen unasked
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", [pytest.param(q, marks=[] if q in QUICK else pytest.mark.slow) for q in ASKED])
def test_no_question_sees_what_is_derived_unless_asked(shipped: KnowledgeGraph, made: Path, question: str) -> None:
    arguments, options = ASKED[question][0]
    ask = getattr(kg, question)
    assert said(ask(open_graph(made, as_of=DAY), *arguments, **options)) == said(ask(shipped, *arguments, **options))


@pytest.mark.slow
def test_a_dataset_of_somebody_else_is_read_without_what_is_derived(shipped: KnowledgeGraph, derived: Path) -> None:
    dataset = Dataset(default_union=True)
    dataset.parse(SHIPPED, format="trig")
    dataset.parse(derived, format="trig")
    bare = KnowledgeGraph(MemoryStore(dataset), as_of=shipped.as_of)
    assert said(why(bare, *AIP)) == said(why(shipped, *AIP))
    assert why(KnowledgeGraph(MemoryStore(dataset), as_of=shipped.as_of, inferred=True), *AIP).measures["derived"] == 1


def said(answer: Answer) -> dict[str, Any]:
    """The whole of an answer, but for what it was asked of and how."""
    return {name: value for name, value in answer.to_json().items() if name not in ("dataset", "sparql")}


def test_no_query_sees_what_is_derived_unless_asked(folder: Path, derived: Path) -> None:
    for place in (folder, [SHIPPED, derived], [folder, derived]):
        g = open_graph(place)
        assert not g.store.ask(DERIVED)
        assert open_graph(place, inferred=True).store.ask(DERIVED)
    assert not sparql(open_graph(folder), DERIVED).truth
    assert sparql(open_graph(folder, inferred=True), DERIVED).truth
    assert len(kg.dataset(open_graph(folder)).graph(INFERRED)) == 0


@pytest.mark.parametrize(
    "question",
    [pytest.param(q, marks=[] if q in QUICK else pytest.mark.slow) for q in sorted(set(ASKED) - {"why", "show"})],
)
def test_no_question_counts_what_is_derived(shipped: KnowledgeGraph, derived: Path, question: str) -> None:
    """A skill that is required by a role is no second requirement, and a rule is no source that agrees or disagrees."""
    g = open_graph(["shipped", derived], as_of=DAY, inferred=True)
    for arguments, options in ASKED[question][:1]:
        ask = getattr(kg, question)
        assert said(ask(g, *arguments, **options)) == said(ask(shipped, *arguments, **options))


def test_a_server_serves_what_is_asserted(folder: Path) -> None:
    from kg.engine.process import source_of

    asserted = source_of(OxigraphStore(folder))
    with_derived = source_of(OxigraphStore(folder, inferred=True))
    assert with_derived.place == f"{asserted.place}.inferred"


# --- asked for
# ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(derived: Path) -> Iterator[KnowledgeGraph]:
    with open_graph(["shipped", derived], as_of=DAY, inferred=True) as g:
        yield g


def test_why_names_the_rule_and_the_premises(asked: KnowledgeGraph) -> None:
    answer = why(asked, *AIP)
    (claim,) = [claim for claim in answer.evidence if claim.origin == "derived"]
    assert (claim.relation, claim.rule, claim.source) == ("relevantTo", "relevant-certification", INFERRED)
    (derivation,) = answer.derivations
    assert {premise.iri for premise in derivation.premises} == set(claim.premises)
    assert {premise.relation for premise in derivation.premises} == {"certifies", "requires"}
    assert all(premise.source_label and premise.locator + premise.basis for premise in derivation.premises)
    assert "business-level exam covers no engineering skill" in derivation.says
    assert {section.title for section in answer.sections()} >= {"Derived by a rule (1)", str(derivation)}
    assert answer.measures["derived"] == 1


def test_a_chain_is_shown_in_its_order(tmp_path: Path) -> None:
    one = Source(mint("source", "one"), "One", KG.SourceSays, date="2026-11-01")
    claims = [*one.statements()]
    for name in "abcd":
        claims.append(Statement(mint("skill", name), RDF.type, KG.Skill, one.iri))
        claims.append(Statement(mint("skill", name), SKOS.prefLabel, Value.of(f"Skill {name}", lang="en"), one.iri))
    for narrow, wide in (("c", "d"), ("a", "b"), ("b", "c")):
        claims.append(Statement(mint("skill", narrow), SKOS.broader, mint("skill", wide), one.iri, locator="line 1"))
    OxigraphStore(tmp_path / "store").add(to_quads(claims))
    found = infer(tmp_path / "store", rules=["broader-closure"])
    assert found.measures["claims"] == 6
    answer = why(open_graph(tmp_path / "store", inferred=True, as_of=DAY), "Skill a", "Skill d")
    (derivation,) = answer.derivations
    steps = [(premise.subject.label, premise.object.label) for premise in derivation.premises]
    assert steps == [("Skill a", "Skill b"), ("Skill b", "Skill c"), ("Skill c", "Skill d")]
    assert [told.basis for told in answer.told] == ["broader-closure, from 3 claims"]


def test_the_answer_keeps_its_schema(asked: KnowledgeGraph) -> None:
    schema = answer_schema()
    for answer in (why(asked, *AIP), kg.show(asked, "AI Engineer"), why(asked, "NumPy")):
        Draft202012Validator(schema).validate(json.loads(json.dumps(answer.to_json())))


def test_show_lists_relevant_certifications_as_derived(asked: KnowledgeGraph, shipped: KnowledgeGraph) -> None:
    card = kg.show(asked, "AI Engineer")
    relevant = [row for row in card.rows() if row["relation"] == "relevantTo"]
    assert {(row["phrase"], *row["origins"]) for row in relevant} == {("relevant certifications", "derived")}
    assert [row for row in card.rows() if row["relation"] != "relevantTo"] == [*kg.show(shipped, "AI Engineer").rows()]


def test_the_picture_and_the_page_say_derived(asked: KnowledgeGraph) -> None:
    answer = why(asked, *AIP)
    details = [detail for mark in scene(answer).marks for detail in mark.details]
    assert ("origin", "derived by a rule") in [tuple(detail[:2]) for detail in details]
    assert "Derived by a rule (1)" in answer._repr_html_()


def test_a_networkx_graph_with_derived_claims_is_asked_alike(asked: KnowledgeGraph) -> None:
    whole = whole_network(asked)
    assert [*map(str, why(whole, *AIP).derivations)] == [*map(str, why(asked, *AIP).derivations)]


@pytest.mark.parametrize("where", [None, SHIPPED], ids=["shipped", "file"])
def test_without_derived_claims_it_is_said_what_to_run(where: Path | None) -> None:
    with pytest.raises(StoreError, match=r"no derived claims in this graph\. .*kg infer --graph FOLDER writes them"):
        open_graph(where, inferred=True)


# --- kept true
# -----------------------------------------------------------------------------------------------------------


def test_a_load_drops_what_is_derived_and_says_so(folder: Path) -> None:
    loaded = load([data_path("ontology/kg.ttl")], into=folder)
    assert [r for r in loaded.remarks if r.startswith("Derived claims were dropped")]
    assert not OxigraphStore(folder).holds_inferred
    with pytest.raises(StoreError, match="no derived claims"):
        open_graph(folder, inferred=True)
    assert not load([data_path("ontology/kg.ttl")], into=folder).remarks
    assert infer(folder).changed


def test_a_load_that_fails_keeps_what_is_derived(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<a> <b>", encoding="utf-8")
    before = quads(OxigraphStore(folder, inferred=True))
    with pytest.raises(BadInput, match=r"bad\.ttl"):
        load([tmp_path / "bad.ttl"], into=folder)
    assert quads(OxigraphStore(folder, inferred=True)) == before


def test_an_update_drops_what_is_derived(folder: Path) -> None:
    insert = "INSERT DATA { GRAPH source:mine { tool:x a kg:Tool } }"
    assert update(folder, insert).dropped
    assert not OxigraphStore(folder).holds_inferred
    assert not update(folder, insert).dropped


def test_derived_claims_are_never_loaded_as_asserted(derived: Path, tmp_path: Path) -> None:
    loaded = load([SHIPPED, derived], into=tmp_path / "store")
    assert sum(file.skipped.total() for file in loaded.files) == len(set(parse(path=derived, format=RdfFormat.TRIG)))
    assert not sparql(open_graph(tmp_path / "store"), DERIVED).truth


def test_combining_many_places_keeps_what_is_derived(folder: Path, tmp_path: Path) -> None:
    for number in range(6):
        other = tmp_path / f"{number}.ttl"
        other.write_text(f"<https://example.org/{number}> a <{KG.Tool}> .", encoding="utf-8")
        open_graph([folder, other]).close()
    assert OxigraphStore(folder).holds_inferred


def test_a_folder_that_has_changed_meanwhile_is_left_alone(folder: Path) -> None:
    slow = OxigraphStore(folder)
    load([data_path("ontology/kg.ttl")], into=folder)
    with pytest.raises(StoreError, match=r"has changed while claims were derived from it\. Derive them again"):
        slow.derive([])
    assert not OxigraphStore(folder).holds_inferred


def test_a_damaged_copy_is_replaced(folder: Path) -> None:
    before = quads(OxigraphStore(folder, inferred=True))
    (copy,) = folder.glob("*.inferred")
    (copy / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="cannot be opened"):
        OxigraphStore(folder, inferred=True)
    assert infer(folder).changed
    assert quads(OxigraphStore(folder, inferred=True)) == before


def test_the_same_claims_beside_other_content_are_not_taken_for_those_that_were_asked_for(
    folder: Path, tmp_path: Path
) -> None:
    slow = open_graph(folder)
    more = tmp_path / "more.ttl"
    more.write_text(f"<https://example.org/more> a <{KG.Tool}> .", encoding="utf-8")
    load([more], into=folder)
    assert infer(folder).changed
    with pytest.raises(StoreError, match=r"has changed while claims were derived from it\. Derive them again"):
        infer(slow)


def test_a_writer_that_fails_leaves_what_was_derived(folder: Path) -> None:
    before = quads(OxigraphStore(folder, inferred=True))

    def broken() -> Iterator[bytes]:
        yield b"<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n"
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        OxigraphStore(folder).derive(broken())
    assert quads(OxigraphStore(folder, inferred=True)) == before
    assert len([*folder.glob("generation-*")]) == 2


# --- releases
# -------------------------------------------------------------------------------------------------------------


def _release(version: str, *pairs: tuple[str, str]) -> Iterator[Statement]:
    source = Source(
        mint("source", f"guild-{version}"),
        f"Guild {version}",
        KG.SourceSays,
        version=version,
        version_of=mint("source", "guild"),
    )
    yield from source.statements()
    for narrow, wide in pairs:
        yield Statement(mint("skill", narrow), SKOS.broader, mint("skill", wide), source.iri)


def test_rules_read_the_release_that_questions_read(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first, second = (("a", "b"), ("b", "c")), (("a", "x"), ("x", "y"), ("y", "z"))
    OxigraphStore(store).add(to_quads([*_release("1", *first), *_release("2", *second)]))
    found = infer(store, rules=["broader-closure"])
    assert (found.measures["claims"], found.releases) == (6, ("Guild 2",))
    with pytest.raises(StoreError, match="The derived claims follow from Guild 2, which is not read here"):
        open_graph(store, inferred=True, release=["guild-1"])
    old = infer(open_graph(store, release=["guild-1"]), rules=["broader-closure"])
    assert (old.measures["claims"], old.releases) == (3, ("Guild 1",))
    assert open_graph(store, inferred=True, release=["guild-1"]).inferred


# --- the command
# ----------------------------------------------------------------------------------------------------------


def one_way() -> int:
    """Return how many matches of the shipped mappings have an inverse of another name."""
    mappings = data_path("ontology/mappings.sssom.tsv").read_text(encoding="utf-8")
    return len(re.findall("\tskos:(?:broad|narrow)Match\t", mappings))


def test_the_command_writes_a_file_and_names_it(run: Run, tmp_path: Path) -> None:
    ran = run("infer", "--rule", "match-inverse", "-o", tmp_path / "derived.trig")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'derived.trig'}\n")
    assert f"Derived {one_way()} claims by 1 rule" in ran.err


def test_the_command_reports_a_file_in_the_form_asked_for(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "derived.trig"
    ran = run("infer", "--rule", "match-inverse", "-o", place, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["measures"]["claims"] == one_way()
    assert place.is_file()
    ran = run("infer", "--rule", "match-inverse", "-o", tmp_path / "other.trig", "--format", "html")
    assert ran.code == 2
    assert "No report as html." in ran.err
    assert not (tmp_path / "other.trig").exists()


def test_the_command_lists_the_rules(run: Run) -> None:
    ran = run("infer", "--list", "--format", "json")
    assert [row["rule"] for row in json.loads(ran.out)["rows"]] == [rule.name for rule in RULES]


def test_the_command_tells_of_a_store_folder(run: Run, folder: Path) -> None:
    ran = run("infer", "--graph", folder)
    assert ran.code == 0
    assert "which holds them already." in " ".join(ran.out.split())
    ran = run("sparql", "INSERT DATA { GRAPH source:mine { tool:x a kg:Tool } }", "--update", "--graph", folder)
    assert "Derived claims were dropped" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "This graph is no store folder, and no file is named to write to"),
        (("-o", "derived.json"), "ends in neither .trig nor .nq"),
        (("--rule", "closure", "-o", "derived.trig"), 'No rule "closure". There are: broader-closure'),
        (("--inferred", "-o", "derived.trig"), "There are no derived claims in this graph"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run("infer", *arguments)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())


def test_a_server_that_is_updated_serves_nothing_derived(run: Run, folder: Path) -> None:
    ran = run("serve", "--graph", folder, "--update", "--inferred")
    assert (ran.code, ran.out) == (2, "")
    assert "An update drops what is derived" in ran.err


@pytest.mark.parametrize("form", ["trig", "csv"])
def test_an_export_loses_nothing_of_what_is_derived(asked: KnowledgeGraph, tmp_path: Path, form: str) -> None:
    kg.export(asked, form, tmp_path / f"graph.{form}")
    read = parse(path=tmp_path / "graph.trig", format=RdfFormat.TRIG) if form == "trig" else None
    back = read or read_tables(tmp_path / "graph.csv")
    assert set(map(str, back)) == set(map(str, asked.store.quads()))


def test_an_export_holds_nothing_derived_unless_asked(folder: Path, tmp_path: Path) -> None:
    kg.export(open_graph(folder), "trig", tmp_path / "graph.trig")
    assert INFERRED not in (tmp_path / "graph.trig").read_text(encoding="utf-8")


def test_rules_conclude_from_what_is_asserted_alone(asked: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Rules conclude from what is asserted.*Open it without"):
        infer(asked, into=tmp_path / "derived.trig")
