"""The vocabulary: one list of terms in Python, Turtle, the shapes and the context; and IRIs made in one way."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from kg.model import terms
from kg.model.errors import BadInput
from kg.model.iris import curie, expand, mint, slugify
from kg.model.statements import CLAIM_CLASSES
from kg.model.terms import BASE, KINDS, PREFIXES
from kg.releases.infer_rules import RULES

ONTOLOGY = Path(__file__).parents[2] / "ontology"
KG = Namespace(terms.PREFIXES["kg"])
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(ONTOLOGY / "kg.ttl")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(ONTOLOGY / "shapes.ttl")


def constants(namespace: type) -> dict[str, str]:
    return {name: value for name, value in vars(namespace).items() if not name.startswith("_")}


def ours(graph: Graph) -> set[str]:
    """Every term of ours that a graph mentions anywhere."""
    return {str(node) for triple in graph for node in triple if isinstance(node, URIRef) and node in KG}


def defined(vocabulary: Graph) -> list[URIRef]:
    return sorted({node for node in vocabulary.subjects() if isinstance(node, URIRef) and node in KG})


# --- kg.ttl ---------------------------------------------------------------------------------------------------------


def test_python_and_turtle_name_the_same_terms(vocabulary: Graph) -> None:
    assert {str(term) for term in defined(vocabulary)} == set(constants(terms.KG).values())


def test_the_vocabulary_uses_no_term_it_does_not_define(vocabulary: Graph) -> None:
    assert ours(vocabulary) == {str(term) for term in defined(vocabulary)}


@pytest.mark.parametrize("namespace", [terms.KG, terms.RDF, terms.RDFS, terms.XSD, terms.SKOS, terms.DCTERMS])
def test_a_constant_is_called_as_its_iri_ends(namespace: type) -> None:
    for name, iri in constants(namespace).items():
        assert curie(iri) == f"{namespace.__name__.lower()}:{name}"


@pytest.mark.parametrize("namespace", [RDF, RDFS, SKOS])
def test_standard_terms_exist_in_rdflibs_closed_namespaces(namespace: object) -> None:
    name = "RDF" if namespace is RDF else "RDFS" if namespace is RDFS else "SKOS"
    for term, iri in constants(getattr(terms, name)).items():
        assert str(getattr(namespace, term)) == iri


def test_a_misspelt_term_raises() -> None:
    with pytest.raises(AttributeError, match="requiers"):
        terms.KG.requiers  # type: ignore[attr-defined]  # noqa: B018


def test_every_term_says_what_it_means_and_what_it_is_for(vocabulary: Graph) -> None:
    for term in defined(vocabulary):
        for relation in (RDFS.label, SKOS.definition, KG.question):
            texts = list(vocabulary.objects(term, relation))
            assert len(texts) == 1, f"{term} has {len(texts)} {relation}"
            assert isinstance(texts[0], Literal)
            assert texts[0].language == "en"
        assert str(vocabulary.value(term, SKOS.definition)).endswith(".")
        assert vocabulary.value(term, RDFS.isDefinedBy) == URIRef(BASE + "ontology")


def test_every_class_is_aligned_or_says_why_not(vocabulary: Graph) -> None:
    for term in vocabulary.subjects(RDF.type, OWL.Class):
        neighbours = [node for relation in (RDFS.subClassOf, *MATCHES) for node in vocabulary.objects(term, relation)]
        reasons = [str(note) for note in vocabulary.objects(term, SKOS.editorialNote)]
        assert neighbours or any(reason.startswith("Not aligned:") for reason in reasons), term


def test_every_alignment_is_in_a_known_namespace(vocabulary: Graph) -> None:
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, *MATCHES):
        for term, neighbour in vocabulary.subject_objects(relation):
            assert not curie(str(neighbour)).startswith("http"), f"{term} is aligned with {neighbour}"


def test_esco_and_schema_occupations_are_mapped_and_not_inherited(vocabulary: Graph) -> None:
    assert list(vocabulary.objects(KG.Role, RDFS.subClassOf)) == [SKOS.Concept]


@pytest.mark.parametrize("relation", ["leadsTo", "hasPrerequisite"])
def test_chains_are_not_declared_transitive_and_say_why(vocabulary: Graph, relation: str) -> None:
    assert OWL.TransitiveProperty not in set(vocabulary.objects(KG[relation], RDF.type))
    assert "ransitive" in str(vocabulary.value(KG[relation], RDFS.comment))


def test_levels_are_ordered_and_specialty_stands_beside(vocabulary: Graph) -> None:
    steps = ("EntryLevel", "AssociateLevel", "ProfessionalLevel", "ExpertLevel")
    assert [vocabulary.value(KG[step], KG.order) for step in steps] == [Literal(n) for n in (1, 2, 3, 4)]
    assert vocabulary.value(KG.SpecialtyLevel, KG.order) is None


def test_the_vocabulary_has_no_blank_nodes(vocabulary: Graph) -> None:
    assert all(isinstance(node, URIRef | Literal) for triple in vocabulary for node in triple)


def test_prefixes_agree_everywhere(vocabulary: Graph, shapes: Graph) -> None:
    for graph in (vocabulary, shapes):
        for prefix, namespace in graph.namespaces():
            if prefix in PREFIXES and prefix in {"kg", "schema", "dcterms", "prov", "skos", "esco", "ceterms", "ceasn"}:
                assert PREFIXES[prefix] == str(namespace)


# --- shapes.ttl and context.jsonld ----------------------------------------------------------------------------------


def test_shapes_use_only_terms_that_exist(shapes: Graph) -> None:
    assert ours(shapes) <= set(constants(terms.KG).values())


def test_context_uses_only_terms_that_exist_and_knows_all() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    targets = {value if isinstance(value, str) else value["@id"] for value in context.values() if value != 1.1}
    mentioned = {expand(target) for target in targets if target.startswith("kg:")}
    assert mentioned == set(constants(terms.KG).values())
    for prefix in set(context) & set(PREFIXES):
        assert context[prefix] == PREFIXES[prefix]


def test_context_gives_readable_json() -> None:
    role = URIRef(mint("role", "ai-engineer"))
    graph = Graph()
    graph.add((role, RDF.type, KG.Role))
    graph.add((role, SKOS.prefLabel, Literal("AI Engineer", lang="en")))
    graph.add((role, KG.requires, URIRef(mint("tool", "python"))))
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    text = graph.serialize(format="json-ld", context=context, auto_compact=False)
    found = json.loads(text)
    assert found["type"] == "Role"
    assert found["label"] == "AI Engineer"
    assert found["requires"] == ["tool:python"]
    assert set(Graph().parse(data=text, format="json-ld")) == set(graph)


def test_every_class_of_data_has_a_shape(vocabulary: Graph, shapes: Graph) -> None:
    lists = {KG.Status, KG.Category, KG.Origin, KG.Audience}  # closed lists: their members are ours
    classes = set(vocabulary.subjects(RDF.type, OWL.Class)) - lists
    assert classes == set(shapes.objects(None, SH.targetClass))


def test_shapes_let_a_claim_say_every_relation_that_there_is(shapes: Graph) -> None:
    claim = Namespace(f"{BASE}shapes#").Claim
    (said,) = [p for p in shapes.objects(claim, SH.property) if (p, SH.path, RDF.predicate) in shapes]
    (listed,) = shapes.objects(said, SH["in"])
    concluded = {relation for rule in RULES for relation in rule.concludes}
    assert {str(relation) for relation in shapes.items(listed)} == {*CLAIM_CLASSES} | concluded


def test_every_message_says_what_is_wrong_and_what_to_do(shapes: Graph) -> None:
    for message in shapes.objects(None, SH.message):
        assert re.fullmatch(r"[A-Z].+\. [A-Z].+\.", str(message)), message


def test_every_constraint_has_a_message(shapes: Graph) -> None:
    for shape in set(shapes.objects(None, SH.property)):
        assert (shape, SH.message, None) in shapes or _inside_a_choice(shapes, shape), shapes.value(shape, SH.path)


def _inside_a_choice(shapes: Graph, shape: object) -> bool:
    """Whether a property shape is an unnamed part of sh:or or sh:not, whose owner carries the message."""
    owners = [owner for owner, held in shapes.subject_objects(SH.property) if held == shape]
    return all((owner, RDF.type, SH.NodeShape) not in shapes for owner in owners)


GOOD = """
source:article a kg:Source ; dcterms:title "article"@en ; kg:origin kg:ArticleSays ; dcterms:date "2026"^^xsd:gYear ;
    schema:url "https://example.org/"^^xsd:anyURI .
role:ai-engineer a kg:Role ; skos:prefLabel "AI Engineer"@en ; kg:requires tool:python, skill:statistics ;
    kg:worksOn activity:chatbots ; kg:leadsTo role:ml-engineer .
role:ml-engineer a kg:Role ; skos:prefLabel "ML Engineer"@en .
activity:chatbots a kg:Activity ; skos:prefLabel "Chatbots"@en ; kg:involves skill:statistics .
skill:mathematics a kg:Skill ; skos:prefLabel "Mathematics"@en ; kg:category kg:Mathematics .
skill:statistics a kg:Skill ; skos:prefLabel "Statistics"@en ; kg:category kg:Mathematics ;
    skos:broader skill:mathematics .
tool:python a kg:Tool ; skos:prefLabel "Python"@en ; kg:category kg:Language ; kg:demonstrates skill:statistics .
provider:aws a kg:Provider ; skos:prefLabel "AWS"@en .
certification:old a kg:Certification ; skos:prefLabel "Old"@en ; kg:issuedBy provider:aws ; kg:status kg:retired ;
    kg:statusAsOf "2026-10"^^xsd:gYearMonth ; kg:priceUSD 99 ; kg:certifies tool:python ;
    dcterms:isReplacedBy certification:new .
certification:new a kg:Certification ; skos:prefLabel "New"@en ; kg:issuedBy provider:aws ; kg:status kg:active ;
    kg:statusAsOf "2026-10-01"^^xsd:date ; kg:priceUSD 70.5 ; kg:examMinutes 120 ; kg:certificationLevel kg:EntryLevel ;
    kg:questionsMin 50 ; kg:questionsMax 60 ; kg:hasDomain domain:new .
domain:new a kg:Domain ; skos:prefLabel "Use Python"@en ; kg:order 1 ; kg:weightMin 20 ; kg:weightMax 25.5 .
requirement:r a kg:Requirement ; rdf:subject role:ai-engineer ; rdf:predicate kg:requires ; rdf:object tool:python ;
    dcterms:source source:article ; kg:locator "line 34" ; kg:essential true ; kg:statement statement:article-031 ;
    kg:importance 4.5 ; kg:importanceScale kg:OnetImportanceScale ; kg:level 0 ; kg:levelScale kg:OnetLevelScale .
assessment:a a kg:Assessment ; rdf:subject certification:old ; rdf:predicate kg:certifies ; rdf:object tool:python ;
    dcterms:source source:article .
claim:c a kg:Claim ; rdf:subject skill:statistics ; rdf:predicate skos:broader ; rdf:object skill:mathematics ;
    dcterms:source source:article .
citation:c a kg:Citation ; dcterms:source source:article ; kg:about certification:new ;
    kg:locator "the price" ; kg:supports "price", "status" .
statement:article-031 a kg:ArticleStatement ; kg:line 34 ; kg:facet "typical tool" ; kg:wording "LangChain" ;
    kg:about role:ai-engineer ; kg:mentions tool:python .
statement:heading a kg:EmptyHeading ; kg:line 43 ; skos:prefLabel "Recommended Java Certifications"@en .
statement:title a kg:UnavailableTitle ; kg:line 72 ; skos:prefLabel "AI Engineer Roadmap"@en .
conflict:1 a kg:Conflict ; kg:severity "A" ; kg:line 58, 59 ; kg:says "take it" ; kg:finding "it is retired" ;
    kg:advice "take the other" ; kg:asOf "2026-09-27" ; kg:about certification:old .
"""


def validate(data: Graph, shapes: Graph, *, meta_shacl: bool = False) -> tuple[bool, str]:
    """Validate as the project does: one plain graph, warnings allowed, without the ontology."""
    pyshacl = pytest.importorskip("pyshacl", reason="the shapes are checked with career-kg[shacl]")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, allow_warnings=True, meta_shacl=meta_shacl)
    return bool(conforms), str(text)


def check(shapes: Graph, turtle: str) -> tuple[bool, str]:
    """Validate data written in Turtle, with all our prefixes at hand."""
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    return validate(Graph().parse(data=head + turtle, format="turtle"), shapes)


def test_shapes_are_valid_shacl_and_the_vocabulary_passes(vocabulary: Graph, shapes: Graph) -> None:
    conforms, text = validate(vocabulary, shapes, meta_shacl=True)
    assert conforms, text


def test_shapes_accept_good_data(shapes: Graph) -> None:
    conforms, text = check(shapes, GOOD)
    assert conforms, text
    assert "Warning" not in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('skos:prefLabel "ML Engineer"@en', 'skos:prefLabel "ML Engineer"@en, "MLE"@en', "two in one language"),
        ('a kg:Role ; skos:prefLabel "ML Engineer"@en', "a kg:Role", "There is no skos:prefLabel"),
        ("kg:leadsTo role:ml-engineer", "kg:leadsTo tool:python", "leads to something that is no role"),
        ("kg:leadsTo role:ml-engineer", "kg:status kg:active", "has a kg:status, which is for certifications"),
        ("kg:requires tool:python", "kg:requires provider:aws", "requires something that is not a skill or a tool"),
        ("a kg:Tool ;", "a kg:Tool, kg:Skill ;", "both a skill and a tool"),
        ("kg:category kg:Language", "kg:category kg:Concept", "one that is not for tools"),
        ("skos:broader skill:mathematics", "skos:broader role:ai-engineer", "neither a skill nor a tool"),
        ("kg:demonstrates skill:statistics", "kg:demonstrates provider:aws", "something that is no skill"),
        ("skos:broader skill:mathematics .", "kg:demonstrates skill:mathematics .", "Only a tool demonstrates"),
        ("kg:issuedBy provider:aws ; kg:status kg:active", "kg:status kg:active", "exactly one kg:issuedBy"),
        ("kg:status kg:active", "kg:status kg:active, kg:beta", "exactly one kg:status"),
        ("kg:status kg:active", "kg:status kg:EntryLevel", "from the list active, beta"),
        ('kg:statusAsOf "2026-10"^^xsd:gYearMonth', 'kg:statusAsOf "October"', "exactly one kg:statusAsOf"),
        ("kg:EntryLevel", "kg:active", "The level is not one of"),
        ('kg:statusAsOf "2026-10"^^xsd:gYearMonth ;', "", "unless its status is kg:unverified"),
        ("kg:priceUSD 99", "kg:priceUSD -1", "The price is given twice, is negative"),
        ("kg:examMinutes 120", "kg:examMinutes 0", "The minutes"),
        ("kg:questionsMin 50", "kg:questionsMin 70", "more than kg:questionsMax"),
        ("kg:weightMin 20", "kg:weightMin 30", "more than kg:weightMax"),
        ("kg:weightMin 20 ;", "", "the greatest weight without the least"),
        (
            "dcterms:isReplacedBy certification:new",
            "dcterms:isReplacedBy role:ml-engineer",
            "successor is no certification",
        ),
        ("rdf:subject skill:statistics ;", "rdf:subject skill:mathematics ;", "ties a node to itself"),
        ("rdf:predicate skos:broader", "rdf:predicate skos:note", "attributes of a node are not claims"),
        ("dcterms:source source:article ; kg:locator", "kg:locator", "exactly one dcterms:source"),
        ("kg:essential true", "kg:essential true, false", "kg:essential is given twice"),
        ("kg:importanceScale kg:OnetImportanceScale ;", "", "no kg:importanceScale"),
        ("kg:importance 4.5 ;", "", "no kg:importance"),
        ("kg:importance 4.5", "kg:importance 0", "outside 1 to 5"),
        ("kg:level 0", "kg:level 7.5", "outside 0 to 7"),
        ("rdf:subject role:ai-engineer", "rdf:subject tool:python", "subject of a requirement is no role"),
        ("rdf:predicate kg:certifies", "rdf:predicate kg:demonstrates", "not kg:certifies"),
        ("kg:origin kg:ArticleSays", "kg:origin kg:active", "exactly one kg:origin"),
        ('dcterms:date "2026"^^xsd:gYear', 'dcterms:date "2 weeks ago"', "words go to kg:asOf"),
        ("kg:line 34", "kg:line 0", "counted from 1"),
        ('kg:wording "LangChain"', 'kg:wording "LangChain", "APIs"', "exactly one kg:wording"),
        ('kg:severity "A"', 'kg:severity "D"', "exactly one kg:severity"),
        ("kg:about certification:new", "kg:about role:ml-engineer", "exactly one kg:about, a kg:Certification"),
    ],
)
def test_shapes_say_what_is_wrong(shapes: Graph, old: str, new: str, message: str) -> None:
    assert old in GOOD
    conforms, text = check(shapes, GOOD.replace(old, new, 1))
    assert not conforms
    assert message in text


def test_a_missing_category_is_a_warning_only(shapes: Graph) -> None:
    conforms, text = check(shapes, GOOD.replace("kg:category kg:Language ; ", ""))
    assert conforms
    assert "no kg:category" in text


# --- mint, slugify, curie, expand -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_minted_has_a_short_form_that_expands_again(kind: str) -> None:
    iri = mint(kind, "some-thing-1")
    assert iri == f"https://w3id.org/career-kg/{kind}/some-thing-1"
    assert curie(iri) == f"{kind}:some-thing-1"
    assert expand(curie(iri)) == iri


def test_domains_are_minted_inside_their_certification() -> None:
    iri = mint("domain", "ms-ai-103", "2")
    assert iri.endswith("/domain/ms-ai-103/2")
    assert curie(iri) == iri, "a slash cannot stand in a short form"


def test_mint_refuses_an_unknown_kind() -> None:
    with pytest.raises(BadInput, match=r'No kind "job"\. Kinds: role, skill, .*\. Use one of these\.'):
        mint("job", "ai-engineer")


@pytest.mark.parametrize("slug", ["", "-x", "AI Engineer", "a/b", "développeur", "c++", "x\n"])
def test_mint_refuses_what_is_no_slug(slug: str) -> None:
    with pytest.raises(ValueError, match=rf'"{re.escape(slug)}" is no slug for a role\. .*\. Try "[a-z0-9-]+"'):
        mint("role", slug)


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("AI Engineer", "ai-engineer"),
        ("  CI/CD -- pipelines ", "ci-cd-pipelines"),
        ("Développeur", "developpeur"),
        ("Straße", "strasse"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        (".NET", "net"),
        ("Node.js", "node-js"),
    ],
)
def test_slugify(label: str, slug: str) -> None:
    assert slugify(label) == slug


@pytest.mark.parametrize("label", ["数据", "Łódź", "разработчик Python", "", "!?", "C", "+", "e\u0301"])
def test_a_slug_can_always_be_minted(label: str) -> None:
    assert mint("skill", slugify(label)).startswith(BASE)


def test_labels_that_lose_letters_stay_apart() -> None:
    labels = ["数据", "语言", "Python 数据", "Python 语言", "Python", "C", "C#", "C++"]
    assert len({slugify(label) for label in labels}) == len(labels)


def test_slugify_does_not_depend_on_how_accents_are_encoded() -> None:
    assert slugify("caf\u00e9 \u6570") == slugify("cafe\u0301 \u6570")


@pytest.mark.parametrize(
    "iri", ["https://example.org/x", BASE, BASE + "ontology#", BASE + "role/-x", BASE + "role/x.", BASE + "role/é", ""]
)
def test_an_iri_without_short_form_stays_as_it_is(iri: str) -> None:
    assert curie(iri) == iri


def test_expand_leaves_full_iris_alone() -> None:
    assert expand("https://example.org/x") == "https://example.org/x"


def test_expand_names_the_prefixes_it_knows() -> None:
    with pytest.raises(BadInput, match=r'No prefix "rol" \(in "rol:x"\)\. Prefixes: kg, .*\. Write prefix:name'):
        expand("rol:x")
    with pytest.raises(ValueError, match=r'No prefix in "ai-engineer"\. Prefixes: kg, '):
        expand("ai-engineer")


def test_no_two_prefixes_share_a_namespace() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert all(namespace[-1] in "#/" for namespace in PREFIXES.values())


def test_the_vocabulary_imports_nothing() -> None:
    """Importing the terms costs less than a thousandth of a second, so it must load no other module."""
    script = (
        "import sys, kg.model; old = set(sys.modules); import kg.model.terms; print(sorted(set(sys.modules) - old))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    assert loaded in {"['kg.model.terms']", "[]"}
