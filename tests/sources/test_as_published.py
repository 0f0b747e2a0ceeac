"""Files as others publish and save them: marks, older releases, other encodings, blank nodes."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg

HEAD = """@prefix kg: <https://w3id.org/career-kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
SKILL = '<https://example.org/7> a kg:Skill ; skos:prefLabel "Grafting"@en .'


@pytest.mark.parametrize("ending", ["ttl", "trig", "nt"])
def test_a_byte_order_mark_is_passed_over(ending: str, tmp_path: Path) -> None:
    text = HEAD + SKILL
    if ending == "nt":
        skos = "http://www.w3.org/2004/02/skos/core#prefLabel"
        kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        text = f'<urn:x:7> <{skos}> "Grafting" .\n<urn:x:7> <{kind}> <https://w3id.org/career-kg/ontology#Skill> .'
    file = tmp_path / f"marked.{ending}"
    file.write_text(text, encoding="utf-8-sig")
    assert [row["label"] for row in kg.list(kg.open(file), "skills").rows()] == ["Grafting"]
    file.write_text(text, encoding="utf-16")
    with pytest.raises(kg.BadInput, match="is UTF-16 text"):
        kg.open(file)


def test_a_blank_node_is_no_broken_iri(tmp_path: Path) -> None:
    file = tmp_path / "list.ttl"
    file.write_text(HEAD + SKILL + "[] a skos:OrderedCollection ; skos:memberList ( <https://example.org/7> ) .")
    assert not kg.check(file, rule=["broken-iri"]).findings


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line", [1, 2, 5])
def test_a_byte_that_is_no_utf8_is_told_with_its_line(mark: bytes, line: int, tmp_path: Path) -> None:
    rows = ["role,skill,essential"] + ["Gardener,Pruning,yes"] * 6
    lines = [text.encode() for text in rows]
    lines[line - 1] += b"\xfc"
    file = tmp_path / "saved.csv"
    file.write_bytes(mark + b"\n".join(lines))
    with pytest.raises(kg.BadInput, match=rf"saved\.csv:{line}: .*Windows-1252"):
        kg.open(file)


def test_groups_of_older_releases_of_esco_are_read(tmp_path: Path) -> None:
    place = tmp_path / "esco-1.0.8"
    place.mkdir()
    group, skill = (f"http://data.europa.eu/esco/skill/{n}0000000-0000-4000-8000-000000000000" for n in (1, 2))
    (place / "skillGroups_en.csv").write_text(
        f"conceptType,conceptUri,preferredLabel,altLabels,description\nSkillGroup,{group},growing plants,,\n"
    )
    (place / "skills_en.csv").write_text(
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description\n"
        f"KnowledgeSkillCompetence,{skill},skill/competence,cross-sector,graft trees,,\n"
    )
    (place / "broaderRelationsSkillPillar.csv").write_text(
        f"conceptType,conceptUri,broaderType,broaderUri\nKnowledgeSkillCompetence,{skill},SkillGroup,{group}\n"
    )
    loaded = kg.load([place], into=tmp_path / "store")
    assert not loaded.not_read
    assert not loaded.remarks
    assert "growing plants" in str(kg.show(kg.open(tmp_path / "store"), "graft trees").rows())
