"""Every language is searched, and one is shown: cases that answered with the wrong role, or in a mixture."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.handles.handle import KnowledgeGraph
from kg.handles.opening import open as open_graph
from kg.names.graph_names import GraphNames
from kg.names.lookup import ASKABLE, find_nodes

PREFIXES = """
@prefix kg: <https://w3id.org/career-kg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <http://example.org/> .
"""
TWO = """
ex:1 a kg:Role ; skos:prefLabel "baker"@en , "boulanger/boulangère"@fr .
ex:2 a kg:Role ; skos:prefLabel "model maker"@en , "modeleur/modeleuse"@fr ; skos:altLabel "maker"@en .
"""
MIXED = """
ex:1 a kg:Skill ; skos:prefLabel "analizar telas"@es , "examiner des tissus"@fr .
ex:2 a kg:Skill ; skos:prefLabel "verificar costuras"@es , "contrôler les coutures"@fr .
ex:3 a kg:Skill ; skos:prefLabel "zurcir"@es , "repriser"@fr .
ex:4 a kg:Skill ; skos:prefLabel "repasser"@fr .
"""
CODES = """
ex:1 a kg:Role ; skos:prefLabel "Data Scientists"@en ; skos:notation "15-2051.00" ;
  skos:hiddenLabel "number wizard"@en .
ex:2 a kg:Role ; skos:prefLabel "web technician", "webmaster" ; skos:notation "3514.1" .
"""


def graph(folder: Path, turtle: str, lang: str = "en") -> KnowledgeGraph:
    path = folder / "graph.ttl"
    path.write_text(PREFIXES + turtle, encoding="utf-8")
    return open_graph(path, as_of=date(2026, 11, 22), lang=lang)


@pytest.mark.parametrize("lang", ["en", "fr", "FR", "fr-CA", "de"])
@pytest.mark.parametrize("text", ["baker", "boulanger/boulangère"])
def test_a_label_in_another_language_is_no_misspelling_of_another_role(tmp_path: Path, lang: str, text: str) -> None:
    with graph(tmp_path, TWO, lang) as g:
        found = g.read(text)
        assert found.node.iri == "http://example.org/1"
        assert found.node.label == ("boulanger/boulangère" if lang.casefold().startswith("fr") else "baker")
        assert bool(found.said) == (found.node.label != text)
        assert GraphNames(g.names).exact(text, ASKABLE) == g.index.exact(text, ASKABLE)


def test_without_english_one_language_is_shown_for_all(tmp_path: Path) -> None:
    with graph(tmp_path, MIXED) as g:
        labels = {n.label for n in g.index.of_kind("skill")}
        assert labels == {"examiner des tissus", "contrôler les coutures", "repriser", "repasser"}
        assert {d["label"] for d in g.names.nodes.values()} == labels
        assert g.resolve("zurcir").label == "repriser"


def test_codes_hidden_labels_and_labels_without_a_language_are_names(tmp_path: Path) -> None:
    with graph(tmp_path, CODES) as g:
        for text in ("15-2051.00", "15-2051", "number wizard"):
            assert g.resolve(text).iri == "http://example.org/1"
        for text in ("3514.1", "webmaster", "web technician"):
            assert g.resolve(text).iri == "http://example.org/2"
        for text in ("15-2052.00", "3514.2"):
            assert {hit.match for hit in find_nodes(g.index, text)} <= {"words inside", "close"}
