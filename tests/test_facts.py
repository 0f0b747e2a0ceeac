"""Every fact that was given is in the shipped dataset: counted in the YAML, counted by SPARQL, compared one by one."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

import kg
from kg.model.iris import mint
from kg.model.shipped import data_path
from kg.model.terms import BASE, KG, PREFIXES
from kg.releases.building import count_facts
from kg.sources.documents import Document, read_documents

ROOT = Path(__file__).parents[1]
FACTS = Path(os.environ.get("KG_FACTS") or ROOT.parent / "shared" / "facts")
DATA = ROOT.parent / "shared" / "data"
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

Facts = dict[str, Any]  # YAML: any JSON-like value


@pytest.fixture(scope="module")
def documents() -> tuple[Document, ...]:
    return read_documents([data_path("ontology/facts")])


@pytest.fixture(scope="module")
def yaml_counts(documents: tuple[Document, ...]) -> dict[str, int]:
    return count_facts(documents)


def ask(g: kg.KnowledgeGraph, query: str) -> list[dict[str, Any]]:
    return list(g.store.select(HEAD + query).dicts())


def number(g: kg.KnowledgeGraph, pattern: str, what: str = "?x") -> int:
    ((found,),) = (row.values() for row in ask(g, f"SELECT (COUNT(DISTINCT {what}) AS ?n) {{ {pattern} }}"))
    assert isinstance(found, int)
    return found


def claims(relation: str) -> str:
    return f"?x a ?class ; rdf:predicate {relation} . VALUES ?class {{ kg:Claim kg:Requirement kg:Assessment }}"


# --- counts ------

IN_YAML = {
    "roles": 20,
    "skills": 168,
    "tools": 114,
    "certifications": 78,
    "providers": 19,
    "transitions": 29,
    "conflicts": 24,
    "article statements": 89,
    "article links": 92,
    "article empty headings": 1,
    "article unavailable titles": 5,
    "requirements": 658,
    "certified skills and tools": 802,
    "domains": 360,
    "citations": 186,
    "prerequisites": 380,
    "broader": 166,
    "demonstrates": 104,
    "certifications of roles": 62,
}
IN_GRAPH = {
    "roles": ("?x a kg:Role", 20),
    "skills": ("?x a kg:Skill", 168),
    "tools": ("?x a kg:Tool", 114),
    "skills and tools": ("{ ?x a kg:Skill } UNION { ?x a kg:Tool }", 282),
    "certifications": ("?x a kg:Certification", 78),
    "providers": ("?x a kg:Provider", 19),
    "statements of the article": ("?x a kg:ArticleStatement", 89),
    "statements of the article with line and words": ("?x a kg:ArticleStatement ; kg:line ?l ; kg:wording ?w", 89),
    "empty headings": ("?x a kg:EmptyHeading ; kg:line ?l", 1),
    "unavailable titles": ("?x a kg:UnavailableTitle ; kg:line ?l", 5),
    "conflicts": ("?x a kg:Conflict", 24),
    "citations": ("?x a kg:Citation ; kg:about ?c ; dcterms:source ?s", 186),
    "domains": ("?x a kg:Domain", 360),
    "transitions": (claims("kg:leadsTo"), 29),
    "requirement lines": (claims("kg:requires"), 658),
    "certifies": (claims("kg:certifies"), 802),
    "broader or demonstrates": (claims("?r") + " VALUES ?r { skos:broader kg:demonstrates }", 270),
    "prerequisites": (claims("kg:hasPrerequisite") + " ?x rdf:subject/a ?k . VALUES ?k { kg:Skill kg:Tool }", 380),
    "prerequisites of certifications": (claims("kg:hasPrerequisite") + " ?x rdf:subject/a kg:Certification", 3),
    "mappings": (
        claims("?r") + " VALUES ?r { skos:exactMatch skos:closeMatch skos:broadMatch skos:relatedMatch }",
        104,
    ),
    "issuers": (claims("kg:issuedBy"), 78),
}


@pytest.mark.parametrize("kind", IN_YAML)
def test_the_facts_hold_as_many(yaml_counts: dict[str, int], kind: str) -> None:
    assert yaml_counts[kind] == IN_YAML[kind]


@pytest.mark.parametrize("kind", IN_GRAPH)
def test_the_dataset_holds_as_many(shipped: kg.KnowledgeGraph, kind: str) -> None:
    pattern, expected = IN_GRAPH[kind]
    assert number(shipped, pattern) == expected


def test_the_dataset_holds_as_many_pairs_of_role_and_skill(shipped: kg.KnowledgeGraph) -> None:
    assert len(ask(shipped, "SELECT DISTINCT ?r ?s { ?r kg:requires ?s }")) == 526
    pairs = "SELECT DISTINCT ?r ?s { ?x a kg:Requirement ; rdf:subject ?r ; rdf:object ?s }"
    assert len(ask(shipped, pairs)) == 526


def test_every_entry_of_the_facts_is_a_node_of_the_dataset(
    shipped: kg.KnowledgeGraph, documents: tuple[Document, ...]
) -> None:
    for section, kind in (("roles", "role"), ("skills", "skill"), ("tools", "tool"), ("sources", "source")):
        wanted = {mint(kind, entry["id"]) for document in documents for entry in document.data.get(section, ())}
        found = {row["x"] for row in ask(shipped, f"SELECT DISTINCT ?x {{ ?x a kg:{kind.capitalize()} }}")}
        assert found == wanted


# --- the article ------


def test_every_statement_of_the_article_is_found_by_its_line(
    shipped: kg.KnowledgeGraph, documents: tuple[Document, ...]
) -> None:
    told = [said for document in documents for said in document.data.get("article", {}).get("statements", ())]
    assert [said["id"] for said in told] == [f"article-{i:03}" for i in range(1, 90)]
    for said in told:
        (found,) = ask(
            shipped,
            f"""SELECT ?words ?facet ?role {{
                VALUES ?s {{ <{mint("statement", said["id"])}> }}
                ?s a kg:ArticleStatement ; kg:line {said["line"]} ; kg:wording ?words ; kg:facet ?facet ; kg:about ?role
            }}""",
        )
        assert (found["words"], found["facet"], found["role"]) == (
            said["words"],
            said["facet"],
            mint("role", said["role"]),
        )
        mentions = f"SELECT ?n {{ <{mint('statement', said['id'])}> kg:mentions ?n }}"
        assert len(ask(shipped, mentions)) == len(set(said.get("links", ())))


def test_every_statement_that_names_something_is_used_by_a_claim(
    shipped: kg.KnowledgeGraph, documents: tuple[Document, ...]
) -> None:
    used = {row["s"] for row in ask(shipped, "SELECT DISTINCT ?s { ?claim kg:statement ?s }")}
    linked = {
        mint("statement", said["id"])
        for document in documents
        for said in document.data.get("article", {}).get("statements", ())
        if said.get("links")
    }
    assert linked <= used


def test_claims_of_the_article_name_the_line_they_stand_in(shipped: kg.KnowledgeGraph) -> None:
    rows = ask(shipped, "SELECT DISTINCT ?c ?where ?line { ?c kg:statement ?s ; kg:locator ?where . ?s kg:line ?line }")
    assert len(rows) > 130
    assert [row for row in rows if row["where"] != f"line {row['line']}"] == []


def test_the_empty_heading_and_the_unavailable_titles_are_recorded(shipped: kg.KnowledgeGraph) -> None:
    (empty,) = ask(
        shipped, "SELECT DISTINCT ?label ?line { ?x a kg:EmptyHeading ; skos:prefLabel ?label ; kg:line ?line }"
    )
    assert empty == {"label": "Recommended Java Certifications", "line": 43}
    titles = ask(shipped, "SELECT DISTINCT ?label { ?x a kg:UnavailableTitle ; skos:prefLabel ?label }")
    assert "AI Engineer Roadmap" in {row["label"] for row in titles}
    assert len(titles) == 5


# --- who says so ------


def test_every_claim_has_a_source_of_one_of_three_origins(shipped: kg.KnowledgeGraph) -> None:
    rows = ask(
        shipped,
        """SELECT DISTINCT ?claim ?source ?origin {
            ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . OPTIONAL { ?claim dcterms:source ?source .
            OPTIONAL { ?source a kg:Source ; kg:origin ?origin } } }""",
    )
    by_claim = Counter(row["claim"] for row in rows)
    assert len(by_claim) > 2400
    assert {claim for claim, times in by_claim.items() if times != 1} == set(), "a claim has two sources"
    assert {row["origin"] for row in rows} == {KG.ArticleSays, KG.SourceSays, KG.OurReading}


def test_every_claim_has_a_place_or_a_reason(shipped: kg.KnowledgeGraph) -> None:
    without = "SELECT ?claim ?p { ?claim rdf:predicate ?p FILTER NOT EXISTS { ?claim kg:locator|kg:basis ?why } }"
    assert ask(shipped, without) == []


def test_every_claim_stands_in_the_graph_of_its_source(shipped: kg.KnowledgeGraph) -> None:
    inside = (
        "GRAPH ?source { ?x rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; dcterms:source ?source . ?s ?p ?o }"
    )
    assert number(shipped, inside) == number(shipped, "?x rdf:subject ?s")


def test_every_relation_has_a_claim_in_the_same_graph(shipped: kg.KnowledgeGraph) -> None:
    relations = ask(shipped, "SELECT DISTINCT ?p { ?claim rdf:predicate ?p }")
    assert len(relations) == 18
    named = " ".join(f"<{row['p']}>" for row in relations)
    alone = ask(
        shipped,
        f"""SELECT ?g ?s ?p ?o {{ VALUES ?p {{ {named} }} GRAPH ?g {{ ?s ?p ?o
            FILTER NOT EXISTS {{ ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }} }} }}""",
    )
    assert alone == []


def test_essential_and_optional_agree_with_the_claims(shipped: kg.KnowledgeGraph) -> None:
    for relation, flag in (("kg:requiresEssential", "true"), ("kg:requiresOptional", "false")):
        plain = ask(shipped, f"SELECT ?g ?s ?o {{ GRAPH ?g {{ ?s {relation} ?o }} }}")
        claimed = ask(
            shipped,
            f"""SELECT DISTINCT ?g ?s ?o {{ GRAPH ?g {{
                ?c a kg:Requirement ; rdf:subject ?s ; rdf:object ?o ; kg:essential {flag} }} }}""",
        )
        assert {tuple(row.values()) for row in plain} == {tuple(row.values()) for row in claimed}


def test_every_graph_but_that_of_the_dataset_is_a_described_source(shipped: kg.KnowledgeGraph) -> None:
    graphs = {row["g"] for row in ask(shipped, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")} - {f"{BASE}dataset"}
    described = {
        row["x"]
        for row in ask(
            shipped,
            """SELECT DISTINCT ?x { ?x a kg:Source ; dcterms:title ?t ; kg:origin ?o ; schema:version ?v ;
                dcterms:license ?l ; kg:checksum ?c }""",
        )
    }
    assert graphs <= described
    assert number(shipped, "?x a kg:Source") == len(described)


# --- the originals ------


@pytest.fixture(scope="module")
def originals() -> Facts:
    """The three files the facts were made from, by their section."""
    if not FACTS.is_dir():
        if os.environ.get("CI") == "true" and DATA.is_dir():
            pytest.fail(f"{FACTS} is missing, though its neighbour {DATA} is there")
        pytest.skip(f"the original facts are not at {FACTS}; name their folder in KG_FACTS")
    found: Facts = {}
    for name in ("certifications", "roles", "skills"):
        with (FACTS / f"{name}.yaml").open(encoding="utf-8") as file:
            found |= yaml.load(file, Loader=yaml.CSafeLoader)
    return found


@pytest.fixture(scope="module")
def nodes(shipped: kg.KnowledgeGraph) -> Facts:
    return dict(kg.graph(shipped).nodes.items())


def one_of(value: object, wanted: object) -> bool:
    """Whether an attribute, of which sources may give several, has the value."""
    return wanted in value if isinstance(value, tuple) else wanted == value


def test_original_skills_and_tools_are_all_there(originals: Facts, nodes: Facts) -> None:
    assert len(originals["skills"]) == 282
    tools = {"language", "framework", "platform", "tool"}
    categories = {"math": "mathematics", "tool": "product"}
    for entry in originals["skills"]:
        kind = "tool" if entry["kind"] in tools else "skill"
        node = nodes[mint(kind, entry["id"])]
        assert node["label"] == entry["name"]
        assert node["definition"] == entry["definition"]
        names = {name.casefold() for name in (*node["aliases"], node["label"])}
        assert {alias.casefold() for alias in entry["aliases"]} <= names
        assert node["category"].rpartition("#")[2].lower() == categories.get(entry["kind"], entry["kind"])
        assert node.get("url") == entry["homepage"]


def test_original_hierarchy_and_prerequisites_are_all_there(originals: Facts, shipped: kg.KnowledgeGraph) -> None:
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows = ask(
        shipped,
        """SELECT DISTINCT ?p ?s ?o { ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
            VALUES ?p { skos:broader kg:demonstrates kg:hasPrerequisite } VALUES ?k { kg:Skill kg:Tool } ?s a ?k }""",
    )
    for row in rows:
        relation = "needs" if row["p"] == KG.hasPrerequisite else "above"
        said[relation].add((row["s"].rpartition("/")[2], row["o"].rpartition("/")[2]))
    above = {(entry["id"], entry["broader"]) for entry in originals["skills"] if entry["broader"]}
    needs = {(entry["id"], other) for entry in originals["skills"] for other in entry["prerequisites"]}
    assert (len(above), len(needs)) == (270, 380)
    assert said == {"above": above, "needs": needs}


def test_original_certifications_are_all_there(originals: Facts, nodes: Facts) -> None:
    assert len(originals["certifications"]) == 78
    for entry in originals["certifications"]:
        node = nodes[mint("certification", entry["id"])]
        assert node["label"] == entry["name"]
        code, _, note = (entry["exam_code"] or "").partition(" (")
        assert node.get("examCode", "") == code
        assert note.rstrip(")") in node.get("examCodeNote", "")
        assert node.get("url") == entry["official_url"]
        assert node["certificationLevel"].rpartition("#")[2].removesuffix("Level").lower() == entry["level"]
        assert node["confidenceInRecord"] == entry["confidence"]
        unverified = node.get("unverifiedField", ())
        unverified = (unverified,) if isinstance(unverified, str) else unverified
        assert sorted(unverified) == sorted(entry.get("unverified") or ())


def test_original_statuses_and_prices_are_kept_as_they_are(originals: Facts, nodes: Facts) -> None:
    states: Counter[str] = Counter()
    for entry in originals["certifications"]:
        node, status, exam = nodes[mint("certification", entry["id"])], entry["status"], entry["exam"]
        assert node["status"] == f"{PREFIXES['kg']}{status['state']}", entry["id"]
        states[status["state"]] += 1
        assert str(node["statusAsOf"]) == str(status["status_as_of"]), entry["id"]
        price = exam.get("cost_usd")
        assert (node.get("priceUSD") is None) == (price is None), f"the price of {entry['id']}"
        assert price is None or one_of(node["priceUSD"], price), f"the price of {entry['id']}"
        for name, attribute in (("duration_minutes", "examMinutes"),):
            assert exam.get(name) is None or one_of(node[attribute], exam[name])
        questions = exam.get("questions") or {}
        assert (node.get("questionsMin"), node.get("questionsMax")) == (questions.get("min"), questions.get("max"))
        assert node.get("passingScore") == (exam.get("passing_score") or {}).get("value")
        assert set(exam.get("languages") or ()) == set(node.get("inLanguage", ()))
        months = (entry["validity"] or {}).get("months")
        assert node.get("validityMonths") == months
    assert states["unverified"] > 0
    assert states["retired"] > 0


def test_original_domains_skills_and_tools_of_certifications_are_all_there(
    originals: Facts, nodes: Facts, shipped: kg.KnowledgeGraph
) -> None:
    tested: dict[str, set[str]] = defaultdict(set)
    for row in ask(shipped, "SELECT DISTINCT ?s ?o { ?c rdf:subject ?s ; rdf:predicate kg:certifies ; rdf:object ?o }"):
        tested[row["s"]].add(row["o"].rpartition("/")[2])
    for entry in originals["certifications"]:
        iri = mint("certification", entry["id"])
        assert tested[iri] == {*entry["skills"], *entry["tools"]}, entry["id"]
        found = sorted((nodes[domain] for domain in nodes[iri].get("hasDomain", ())), key=lambda node: node["order"])
        assert [node["label"] for node in found] == [domain["name"] for domain in entry["domains"]]
        for node, domain in zip(found, entry["domains"], strict=True):
            assert (node.get("weightMin"), node.get("weightMax")) == weight(domain), domain


def weight(domain: Facts) -> tuple[float | None, float | None]:
    """Return the weight of a domain as the original has it: a number, a range, or nothing."""
    if "weight_min_percent" in domain:
        return domain["weight_min_percent"], domain["weight_max_percent"]
    return domain.get("weight_percent"), domain.get("weight_percent")


def test_original_citations_are_all_there(originals: Facts, shipped: kg.KnowledgeGraph) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for row in ask(
        shipped, "SELECT DISTINCT ?x ?about ?what { ?x a kg:Citation ; kg:about ?about ; kg:locator ?what }"
    ):
        found[row["about"].rpartition("/")[2]].append(row["what"])
    for entry in originals["certifications"]:
        assert sorted(found[entry["id"]]) == sorted(source["what"] for source in entry["sources"]), entry["id"]


def test_original_statements_are_kept_word_for_word(originals: Facts, nodes: Facts) -> None:
    statements: Sequence[Facts] = originals["article"]["statements"]
    assert len(statements) == 89
    for said in statements:
        node = nodes[mint("statement", said["id"])]
        assert node["wording"] == said["text"]
        assert node["facet"] == said["facet"]
        assert node["line"] == (said["article_line"],)
        assert node["about"] == (mint("role", said["role"]),)
        assert {iri.rpartition("/")[2] for iri in node.get("mentions", ())} == set(said["links"])


def test_original_requirements_keep_importance_and_evidence(originals: Facts, shipped: kg.KnowledgeGraph) -> None:
    essential: dict[tuple[str, str], set[bool]] = defaultdict(set)
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    statements: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in ask(
        shipped,
        """SELECT DISTINCT ?s ?o ?essential ?source ?statement { ?c a kg:Requirement ; rdf:subject ?s ; rdf:object ?o ;
            kg:essential ?essential ; dcterms:source ?source . OPTIONAL { ?c kg:statement ?statement } }""",
    ):
        pair = row["s"].rpartition("/")[2], row["o"].rpartition("/")[2]
        essential[pair].add(row["essential"])
        sources[pair].add(row["source"].rpartition("/")[2])
        if row["statement"]:
            statements[pair].add(row["statement"].rpartition("/")[2])
    pairs = {(role["id"], need["skill"]): need for role in originals["roles"] for need in role["skills"]}
    assert len(pairs) == 526
    assert essential.keys() == pairs.keys()
    for pair, need in pairs.items():
        assert any(essential[pair]) == (need["importance"] == "essential"), pair
        given = {evidence["source"].replace("certification:", "exam-guide-") for evidence in need["evidence"]}
        assert sources[pair] == given, pair
        assert statements[pair] == set(need.get("article_statements", ())), pair


def test_original_roles_are_all_there_and_unverified_stays_so(originals: Facts, nodes: Facts) -> None:
    for entry in originals["roles"]:
        node = nodes[mint("role", entry["id"])]
        assert node["label"] == entry["name"]
        assert node["definition"] == entry["summary"]
        assert set(entry["aliases"]) <= set(node["aliases"])
        assert node["describedStatus"] == entry["status"]
        assert (node.get("note") or None) == entry.get("note")


def test_original_transitions_are_all_there(originals: Facts, shipped: kg.KnowledgeGraph) -> None:
    rows = ask(
        shipped,
        """SELECT DISTINCT ?c ?s ?o ?kind ?basis ?confidence { ?c rdf:subject ?s ; rdf:predicate kg:leadsTo ;
            rdf:object ?o ; kg:transitionKind ?kind ; kg:basis ?basis ; kg:confidence ?confidence }""",
    )
    found = {
        (row["s"].rpartition("/")[2], row["o"].rpartition("/")[2], row["kind"], row["basis"], row["confidence"])
        for row in rows
    }
    assert found == {
        (step["from_role"], step["to_role"], step["kind"], step["basis"], step["confidence"])
        for step in originals["transitions"]
    }
    assert len(rows) == 29
