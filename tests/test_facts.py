"""Nothing is lost from the facts to the dataset: every value of every entry, every claim, counted in both by the tests.

No number of what ships stands here: facts are added every week.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode

import kg
from kg.handles.networks import whole_network
from kg.model.iris import mint
from kg.model.shipped import data_path
from kg.model.terms import BASE, KG, PREFIXES

HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
#: The kind in the IRI of what an entry of each section is.
KINDS = {
    "roles": "role",
    "skills": "skill",
    "tools": "tool",
    "certifications": "certification",
    "providers": "provider",
    "sources": "source",
    "statements": "statement",
    "conflicts": "conflict",
}

Facts = dict[str, Any]  # YAML: any JSON-like value


@pytest.fixture(scope="module")
def facts() -> Facts:
    """All facts, read as YAML and nothing else: the entries of each section, also those of the article."""
    found: Facts = defaultdict(list)
    for path in sorted(data_path("ontology/facts").rglob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        data |= data.pop("article", {})
        for section, entries in data.items():
            if isinstance(entries, list):
                found[section] += entries
    return found


def ask(g: kg.KnowledgeGraph, query: str) -> list[dict[str, Any]]:
    return list(g.store.select(HEAD + query).dicts())


def number(g: kg.KnowledgeGraph, pattern: str, what: str = "?x") -> int:
    ((found,),) = (row.values() for row in ask(g, f"SELECT (COUNT(DISTINCT {what}) AS ?n) {{ {pattern} }}"))
    assert isinstance(found, int)
    return found


def claims(relation: str) -> str:
    return f"?x a ?class ; rdf:predicate {relation} . VALUES ?class {{ kg:Claim kg:Requirement kg:Assessment }}"


# --- counts ------


def inside(section: str, *names: str) -> Callable[[Facts], int]:
    """Count what lies in lists of the entries of a section."""
    return lambda facts: sum(len(entry.get(name, ())) for entry in facts[section] for name in names)


def entries(section: str, name: str = "") -> Callable[[Facts], int]:
    """Count the entries of a section; with a name, those that have it."""
    return lambda facts: sum(not name or name in entry for entry in facts[section])


def requirements(facts: Facts) -> int:
    lines = [(role["id"], json.dumps(line)) for role in facts["roles"] for line in role.get("requires", ())]
    return len(set(lines))


#: What is counted in the facts, and the pattern that counts the same in the dataset.
COUNTED: dict[str, tuple[Callable[[Facts], int], str]] = {
    "roles": (entries("roles"), "?x a kg:Role"),
    "skills": (entries("skills"), "?x a kg:Skill"),
    "tools": (entries("tools"), "?x a kg:Tool"),
    "certifications": (entries("certifications"), "?x a kg:Certification"),
    "providers": (entries("providers"), "?x a kg:Provider"),
    "sources": (entries("sources"), "?x a kg:Source"),
    "statements of the article": (entries("statements"), "?x a kg:ArticleStatement ; kg:line ?l ; kg:wording ?w"),
    "empty headings": (entries("empty_headings"), "?x a kg:EmptyHeading ; kg:line ?l"),
    "unavailable titles": (entries("unavailable_titles"), "?x a kg:UnavailableTitle ; kg:line ?l"),
    "conflicts": (entries("conflicts"), "?x a kg:Conflict"),
    "citations": (inside("certifications", "citations"), "?x a kg:Citation ; kg:about ?c ; dcterms:source ?s"),
    "domains": (inside("certifications", "domains"), "?x a kg:Domain"),
    "transitions": (entries("transitions"), claims("kg:leadsTo")),
    "requirements": (requirements, claims("kg:requires")),
    "certifies": (inside("certifications", "skills", "tools"), claims("kg:certifies")),
    "issuers": (entries("certifications", "provider"), claims("kg:issuedBy")),
    "broader": (lambda f: sum(entries(kind, "broader")(f) for kind in ("skills", "tools")), claims("skos:broader")),
    "demonstrates": (entries("tools", "demonstrates"), claims("kg:demonstrates")),
    "prerequisites": (
        lambda f: sum(inside(kind, "prerequisites")(f) for kind in ("skills", "tools")),
        claims("kg:hasPrerequisite") + " ?x rdf:subject/a ?k . VALUES ?k { kg:Skill kg:Tool }",
    ),
    "mappings": (
        lambda _: len(mappings()),
        claims("?r")
        + " VALUES ?r { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch }",
    ),
}


def mappings() -> list[str]:
    """Return the lines of the mappings, without comments and heading."""
    lines = data_path("ontology/mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")][1:]


@pytest.mark.parametrize("kind", COUNTED)
def test_the_dataset_holds_as_many_as_the_facts(shipped: kg.KnowledgeGraph, facts: Facts, kind: str) -> None:
    count, pattern = COUNTED[kind]
    assert number(shipped, pattern) == count(facts) > 0


def test_a_role_requires_what_the_facts_say_and_nothing_else(shipped: kg.KnowledgeGraph, facts: Facts) -> None:
    wanted = {
        (role["id"], line.get("skill") or line["tool"], line["source"], line["essential"], line.get("statement"))
        for role in facts["roles"]
        for line in role.get("requires", ())
    }
    rows = ask(
        shipped,
        """SELECT DISTINCT ?r ?n ?source ?essential ?statement { ?c a kg:Requirement ; rdf:subject ?r ; rdf:object ?n ;
            dcterms:source ?source ; kg:essential ?essential . OPTIONAL { ?c kg:statement ?statement } }""",
    )
    found = {
        (slug(row["r"]), slug(row["n"]), slug(row["source"]), row["essential"], slug(row["statement"] or "") or None)
        for row in rows
    }
    assert found == wanted
    plain = {(slug(row["r"]), slug(row["n"])) for row in ask(shipped, "SELECT DISTINCT ?r ?n { ?r kg:requires ?n }")}
    assert plain == {pair[:2] for pair in wanted}


def slug(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


# --- values ------


def values(entry: object) -> Iterator[object]:
    """Yield what stands in an entry, however deep: text, numbers, yes and no."""
    if isinstance(entry, dict):
        for value in entry.values():
            yield from values(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from values(value)
    elif entry is not None:
        yield entry


def folded(value: object) -> str:
    """Return a value without what writing it as a term changes: a number's zeros, the name of a class or level."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(float(value))
    text = str(value)
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return str(float(text))
    return re.sub(r"\W|(Level|Audience)$", "", text).casefold()


@pytest.fixture(scope="module")
def said(shipped: kg.KnowledgeGraph) -> dict[str, set[str]]:
    """What the dataset says of each node: in its own statements, in its claims, and in its domains and citations."""
    own: dict[str, set[str]] = defaultdict(set)
    beside: dict[str, set[str]] = defaultdict(set)
    for quad in shipped.store.quads():
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        subject, relation, target = quad.subject.value, quad.predicate.value, quad.object.value
        own[subject] |= {folded(target), folded(slug(target))}
        if slug(relation) in ("subject", "object", "about"):
            beside[target].add(subject)
        if relation == KG.hasDomain:
            beside[subject].add(target)
    return {iri: own[iri].union(*(own[other] for other in beside[iri])) for iri in [*own]}


#: In words of the record; the dataset has the date, in the same entry.
_NOT_KEPT = {"published"}
_ORIGINS = {"article": "ArticleSays", "source": "SourceSays", "reading": "OurReading"}


@pytest.mark.parametrize("section", KINDS)
def test_every_value_of_every_entry_is_said_of_its_node(facts: Facts, said: dict[str, set[str]], section: str) -> None:
    assert facts[section]
    lost = []
    for entry in facts[section]:
        told = {name: value for name, value in entry.items() if name not in {"id", *_NOT_KEPT}}
        if "origin" in told:
            told["origin"] = _ORIGINS[told["origin"]]
        found = said[f"{BASE}{KINDS[section]}/{entry['id']}"]
        lost += [(entry["id"], value) for value in values(told) if folded(value) not in found]
    assert lost == []


def test_a_lost_value_would_be_noticed(facts: Facts, said: dict[str, set[str]]) -> None:
    found = said[mint("certification", "ms-ai-102")]
    assert folded("AI-102") in found
    assert folded("AI-103x") not in found
    assert folded(165) in found
    assert folded(166) not in found


@pytest.mark.parametrize("section", ["roles", "skills", "tools", "certifications", "providers", "sources"])
def test_every_entry_is_a_node_and_every_node_an_entry(shipped: kg.KnowledgeGraph, facts: Facts, section: str) -> None:
    kind = KINDS[section]
    wanted = [mint(kind, entry["id"]) for entry in facts[section]]
    found = {row["x"] for row in ask(shipped, f"SELECT DISTINCT ?x {{ ?x a kg:{kind.capitalize()} }}")}
    assert found == {*wanted}
    assert len(wanted) == len(found), "no id twice"


def test_what_ties_entries_is_what_the_facts_say_and_nothing_else(shipped: kg.KnowledgeGraph, facts: Facts) -> None:
    both = [*facts["skills"], *facts["tools"]]
    exams = facts["certifications"]
    wanted = {
        "skos:broader": {(e["id"], e["broader"]) for e in both if "broader" in e},
        "kg:demonstrates": {(e["id"], e["demonstrates"]) for e in both if "demonstrates" in e},
        "kg:certifies": {(e["id"], o) for e in exams for o in (*e.get("skills", ()), *e.get("tools", ()))},
        "kg:leadsTo": {(e["from"], e["to"]) for e in facts["transitions"]},
    }
    for relation, pairs in wanted.items():
        rows = ask(shipped, f"SELECT DISTINCT ?s ?o {{ ?s {relation} ?o }}")
        assert {(slug(row["s"]), slug(row["o"])) for row in rows} == pairs, relation


def test_domains_stand_in_their_order_with_their_weights(shipped: kg.KnowledgeGraph, facts: Facts) -> None:
    nodes = dict(whole_network(shipped).nodes.items())
    for entry in facts["certifications"]:
        domains = nodes[mint("certification", entry["id"])].get("hasDomain", ())
        found = sorted((nodes[domain] for domain in domains), key=lambda node: node["order"])
        assert [(node["label"], node.get("weightMin"), node.get("weightMax")) for node in found] == [
            (domain["label"], *weight(domain)) for domain in entry.get("domains", ())
        ], entry["id"]


def weight(domain: Facts) -> tuple[float | None, float | None]:
    """Return the weight of a domain: a number, a range, or nothing."""
    value = domain.get("weight")
    return (value[0], value[1]) if isinstance(value, list) else (value, value)


def test_an_unknown_price_is_no_price(shipped: kg.KnowledgeGraph, facts: Facts) -> None:
    stated = {e["id"] for e in facts["certifications"] if e["price"].get("usd") is not None}
    assert {slug(row["x"]) for row in ask(shipped, "SELECT DISTINCT ?x { ?x kg:priceUSD ?usd }")} == stated
    assert 0 < len(stated) < len(facts["certifications"])


# --- the article ------


def test_every_statement_of_the_article_is_found_by_its_line(shipped: kg.KnowledgeGraph, facts: Facts) -> None:
    told = facts["statements"]
    assert [said["id"] for said in told] == [f"article-{i:03}" for i in range(1, len(told) + 1)]
    for said in told:
        (found,) = ask(
            shipped,
            f"""SELECT ?words ?facet ?role {{
                VALUES ?s {{ <{mint("statement", said["id"])}> }}
                ?s a kg:ArticleStatement ; kg:line {said["line"]} ; kg:wording ?words ; kg:facet ?facet ; kg:about ?role
            }}""",
        )
        assert (found["words"], found["facet"], slug(found["role"])) == (said["words"], said["facet"], said["role"])
        mentions = f"SELECT ?n {{ <{mint('statement', said['id'])}> kg:mentions ?n }}"
        assert len(ask(shipped, mentions)) == len(set(said.get("links", ())))


def test_every_statement_that_names_something_is_used_by_a_claim(shipped: kg.KnowledgeGraph, facts: Facts) -> None:
    used = {row["s"] for row in ask(shipped, "SELECT DISTINCT ?s { ?claim kg:statement ?s }")}
    assert {mint("statement", said["id"]) for said in facts["statements"] if said.get("links")} <= used


def test_claims_of_the_article_name_the_line_they_stand_in(shipped: kg.KnowledgeGraph) -> None:
    rows = ask(shipped, "SELECT DISTINCT ?c ?where ?line { ?c kg:statement ?s ; kg:locator ?where . ?s kg:line ?line }")
    assert rows
    assert [row for row in rows if row["where"] != f"line {row['line']}"] == []


def test_the_empty_heading_and_the_unavailable_titles_are_recorded(shipped: kg.KnowledgeGraph) -> None:
    (empty,) = ask(
        shipped, "SELECT DISTINCT ?label ?line { ?x a kg:EmptyHeading ; skos:prefLabel ?label ; kg:line ?line }"
    )
    assert empty == {"label": "Recommended Java Certifications", "line": 43}
    titles = ask(shipped, "SELECT DISTINCT ?label { ?x a kg:UnavailableTitle ; skos:prefLabel ?label }")
    assert "AI Engineer Roadmap" in {row["label"] for row in titles}


# --- who says so ------


def test_every_claim_has_a_source_of_one_of_three_origins(shipped: kg.KnowledgeGraph) -> None:
    rows = ask(
        shipped,
        """SELECT DISTINCT ?claim ?source ?origin {
            ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . OPTIONAL { ?claim dcterms:source ?source .
            OPTIONAL { ?source a kg:Source ; kg:origin ?origin } } }""",
    )
    by_claim = Counter(row["claim"] for row in rows)
    assert by_claim
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
    assert relations
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
