"""The shapes as SPARQL name what pyshacl names: the same nodes, with the same words and the same severity."""

from __future__ import annotations

import re
import warnings
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from rdflib import Graph, URIRef
from rdflib.namespace import SH

import kg
from kg.checks.shapes import Violation, constraints, violations
from kg.model.errors import QueryError
from kg.model.shipped import data_path
from kg.model.terms import BASE, DCTERMS, XSD
from kg.model.terms import KG as TERMS
from kg.model.terms import RDF as RDF_TERMS
from kg.stores.memory import to_rdflib
from kg.stores.oxigraph import OxigraphStore

pytest.importorskip("pyshacl", reason="pyshacl is the reference")

SEVERITIES = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "info"}


@cache
def facts() -> tuple[Quad, ...]:
    """A neighbourhood of the shipped dataset: one role, one certification, and whatever says something of them."""
    graph = kg.open().slice("show", node=[f"{BASE}role/data-engineer"])
    triples = {(t.subject, t.predicate, t.object) for t in graph.triples}
    return tuple(sorted((Quad(s, p, o, DefaultGraph()) for s, p, o in triples), key=str))


def by_pyshacl(quads: list[Quad]) -> set[Violation]:
    from pyshacl import validate

    data = Graph()
    for quad in quads:
        data.add((to_rdflib(quad.subject), URIRef(quad.predicate.value), to_rdflib(quad.object)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyshacl's own
        _, report, _ = validate(data, shacl_graph=Graph().parse(data_path("ontology/shapes.ttl")), allow_warnings=True)
    assert isinstance(report, Graph)
    return {
        Violation(
            str(report.value(result, SH.focusNode)),
            SEVERITIES[URIRef(str(report.value(result, SH.resultSeverity)))],
            str(report.value(result, SH.resultMessage)),
        )
        for result in report.objects(None, SH.result)  # and not the details, which say it again of the value
    }


def by_sparql(quads: list[Quad]) -> list[Violation]:
    store = OxigraphStore()
    store.add(quads)
    return list(dict.fromkeys(violations(store)))


VALUES: tuple[NamedNode | Literal, ...] = (
    Literal("words"),
    Literal("words", language="en"),
    Literal("abc", datatype=NamedNode(XSD.integer)),
    Literal("-3", datatype=NamedNode(XSD.integer)),
    Literal("2026-11", datatype=NamedNode(XSD.gYearMonth)),
    Literal("8.5", datatype=NamedNode(XSD.decimal)),
    NamedNode(f"{BASE}tool/python"),
    NamedNode(f"{BASE}role/data-engineer"),
    NamedNode(TERMS.OnetLevelScale),
)
CLASSES = tuple(
    NamedNode(iri) for iri in (TERMS.Role, TERMS.Skill, TERMS.Tool, TERMS.Certification, TERMS.Domain, TERMS.Claim)
)
RELATIONS = tuple(
    NamedNode(iri)
    for iri in (
        *(TERMS.level, TERMS.levelScale, TERMS.importance, TERMS.category, TERMS.status, TERMS.statusAsOf),
        *(TERMS.weightMin, TERMS.order, TERMS.certifies, TERMS.requires, TERMS.demonstrates, TERMS.locator),
        *(DCTERMS.source, RDF_TERMS.subject, RDF_TERMS.object, RDF_TERMS.predicate),
    )
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.data())
def test_damaged_data_has_the_same_violations(data: st.DataObject) -> None:
    every = facts()
    dropped = data.draw(st.sets(st.integers(0, len(every) - 1), max_size=12))
    subjects = sorted({quad.subject for quad in every if isinstance(quad.subject, NamedNode)}, key=str)
    some = st.sampled_from(subjects)
    added = data.draw(st.lists(st.tuples(some, st.sampled_from(RELATIONS), st.sampled_from(VALUES)), max_size=12))
    typed = data.draw(st.lists(st.tuples(some, st.sampled_from(CLASSES)), max_size=4))
    quads = [quad for i, quad in enumerate(every) if i not in dropped]
    quads += [Quad(s, p, o, DefaultGraph()) for s, p, o in added]
    quads += [Quad(s, NamedNode(RDF_TERMS.type), c, DefaultGraph()) for s, c in typed]
    found = by_sparql(quads)
    assert set(found) == by_pyshacl(quads)


def test_what_is_shipped_has_no_violation() -> None:
    assert [found for found in violations(kg.open().store) if found.severity == "error"] == []


def test_a_month_that_is_none_is_no_date() -> None:
    """pyshacl lets it pass, since rdflib reads months leniently; SHACL 4.1.2 asks for a literal that is well-formed."""
    months = [Literal(text, datatype=NamedNode(XSD.gYearMonth)) for text in ("2026-13", "2026-12")]
    exam, wrong = NamedNode(f"{BASE}certification/x"), "A certification needs exactly one kg:statusAsOf"
    for month, broken in zip(months, (True, False), strict=True):
        typed = Quad(exam, NamedNode(RDF_TERMS.type), NamedNode(TERMS.Certification), DefaultGraph())
        found = by_sparql([typed, Quad(exam, NamedNode(TERMS.statusAsOf), month, DefaultGraph())])
        assert any(one.message.startswith(wrong) for one in found) == broken


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("sh:closed true", "sh:closed"),
        ("sh:path kg:level ; sh:equals kg:importance", "sh:equals"),
        ("sh:path kg:level ; sh:minLength 2", "sh:minLength"),
        ("sh:path kg:level ; sh:qualifiedMaxCount 1", "sh:qualifiedMaxCount without sh:qualifiedValueShape"),
        ("sh:path kg:level ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ]", "without sh:qualifiedMaxCount"),
        ("sh:path kg:level ; dash:singleLine true", "<http://datashapes.org/dash#singleLine>"),
        ("sh:path ( kg:hasDomain kg:order ) ; sh:minCount 1", "a path other than"),
        ("sh:node [ sh:path kg:level ; dash:singleLine true ]", "<http://datashapes.org/dash#singleLine>"),
    ],
)
def test_what_is_not_translated_is_an_error(
    said: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = f"sh:property [ {said} ]" if said.startswith("sh:path") else said
    expect_refused(f"[] a sh:NodeShape ; sh:targetClass kg:Role ; {part} .", message, tmp_path, monkeypatch)


@pytest.mark.parametrize("target", ["sh:targetNode kg:Role", "sh:targetObjectsOf kg:requires"])
def test_a_target_that_is_not_translated_is_an_error(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"[] a sh:NodeShape ; sh:targetClass kg:Role ; {target} ; sh:nodeKind sh:IRI ."
    expect_refused(text, target.split()[0], tmp_path, monkeypatch)


def expect_refused(shapes: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dash = "@prefix dash: <http://datashapes.org/dash#> .\n"
    prefixes = f"@prefix sh: <{SH}> .\n@prefix kg: <{BASE}ontology#> .\n{dash}"
    (folder / "shapes.ttl").write_text(prefixes + shapes, encoding="utf-8")
    monkeypatch.setattr("kg.checks.shapes.data_path", lambda _: folder / "shapes.ttl")
    with pytest.raises(QueryError, match=f"The shapes use .*{re.escape(message)}.* not translated"):
        constraints.__wrapped__()
