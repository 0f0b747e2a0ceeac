"""The closed vocabulary: every term the graph uses, and the prefixes.

A term is an attribute of a class, such as `KG.requires`, and its value is the full IRI. A misspelt term raises
`AttributeError` at once and does not pass the type checker. rdflib's `DefinedNamespace` does the same and was rejected,
since importing it takes longer than most questions take to answer: this page imports nothing.
The meaning of each term of `KG` stands in `ontology/kg.ttl`; a test holds that the two lists are the same.
"""

# ruff: noqa: N815  (the names are those of the vocabularies)

from __future__ import annotations

TYPE_CHECKING = False  # as in `typing`, whose import would cost more than all the rest of this page
if TYPE_CHECKING:
    from typing import Final

__all__ = [
    "BASE",
    "DATASET",
    "DCAT",
    "DCTERMS",
    "INFERRED",
    "KG",
    "KINDS",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SKOS",
    "VOID",
    "XSD",
]

#: Every IRI that this project mints begins so.
BASE: Final = "https://w3id.org/career-kg/"

#: The dataset, and the named graph in which its sources are described.
DATASET: Final = BASE + "dataset"

#: The named graph of derived claims, and the source that describes it: nothing asserted stands in it.
INFERRED: Final = BASE + "source/inferred"

#: The kinds of individuals, each a folder under `BASE`: first what the graph is about, then who says so.
KINDS: Final = (
    "role",
    "skill",
    "tool",
    "certification",
    "provider",
    "activity",
    "domain",
    "source",
    "citation",
    "statement",
    "conflict",
    "claim",
    "requirement",
    "assessment",
    "scale",
    "rule",
)

_KG = BASE + "ontology#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_PROV = "http://www.w3.org/ns/prov#"
_DCAT = "http://www.w3.org/ns/dcat#"
_VOID = "http://rdfs.org/ns/void#"
_SCHEMA = "https://schema.org/"

#: Prefix → namespace. Ours first, then the standards, then the frameworks we map to.
PREFIXES: Final[dict[str, str]] = {
    "kg": _KG,
    **{kind: f"{BASE}{kind}/" for kind in KINDS},
    "rdf": _RDF,
    "rdfs": _RDFS,
    "xsd": _XSD,
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": _SKOS,
    "dcterms": _DCTERMS,
    "prov": _PROV,
    "dcat": _DCAT,
    "void": _VOID,
    "schema": _SCHEMA,
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "esco": "http://data.europa.eu/esco/model#",
    "esco-occupation": "http://data.europa.eu/esco/occupation/",
    "esco-skill": "http://data.europa.eu/esco/skill/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
}


class KG:
    """The vocabulary of this project, in the order of `ontology/kg.ttl`.

    Examples
    --------
    >>> KG.requires
    'https://w3id.org/career-kg/ontology#requires'
    """

    # about this vocabulary itself
    question: Final = _KG + "question"

    # classes: what the graph is about
    Role: Final = _KG + "Role"
    Skill: Final = _KG + "Skill"
    Tool: Final = _KG + "Tool"
    Certification: Final = _KG + "Certification"
    Provider: Final = _KG + "Provider"
    Activity: Final = _KG + "Activity"
    Domain: Final = _KG + "Domain"
    Group: Final = _KG + "Group"

    # classes: who says so
    Source: Final = _KG + "Source"
    Citation: Final = _KG + "Citation"
    Claim: Final = _KG + "Claim"
    Requirement: Final = _KG + "Requirement"
    Assessment: Final = _KG + "Assessment"
    ArticleStatement: Final = _KG + "ArticleStatement"
    EmptyHeading: Final = _KG + "EmptyHeading"
    UnavailableTitle: Final = _KG + "UnavailableTitle"
    Conflict: Final = _KG + "Conflict"
    Rule: Final = _KG + "Rule"

    # classes: closed lists
    Status: Final = _KG + "Status"
    Category: Final = _KG + "Category"
    Origin: Final = _KG + "Origin"
    Audience: Final = _KG + "Audience"
    Level: Final = _KG + "Level"
    LevelScale: Final = _KG + "LevelScale"
    ImportanceScale: Final = _KG + "ImportanceScale"

    # relations between nodes
    requires: Final = _KG + "requires"
    requiresEssential: Final = _KG + "requiresEssential"
    requiresOptional: Final = _KG + "requiresOptional"
    uses: Final = _KG + "uses"
    worksOn: Final = _KG + "worksOn"
    focusesOn: Final = _KG + "focusesOn"
    involves: Final = _KG + "involves"
    certifies: Final = _KG + "certifies"
    recommendedFor: Final = _KG + "recommendedFor"
    leadsTo: Final = _KG + "leadsTo"
    hasPrerequisite: Final = _KG + "hasPrerequisite"
    hasRecommendedPreparation: Final = _KG + "hasRecommendedPreparation"
    demonstrates: Final = _KG + "demonstrates"
    benefitsFrom: Final = _KG + "benefitsFrom"
    setsAside: Final = _KG + "setsAside"
    relatedRole: Final = _KG + "relatedRole"
    issuedBy: Final = _KG + "issuedBy"

    # relations that rules derive
    requiredBy: Final = _KG + "requiredBy"
    certifiedBy: Final = _KG + "certifiedBy"
    prerequisiteOf: Final = _KG + "prerequisiteOf"
    relevantTo: Final = _KG + "relevantTo"

    # what a claim carries
    essential: Final = _KG + "essential"
    importance: Final = _KG + "importance"
    importanceScale: Final = _KG + "importanceScale"
    level: Final = _KG + "level"
    levelScale: Final = _KG + "levelScale"
    facet: Final = _KG + "facet"
    wording: Final = _KG + "wording"
    locator: Final = _KG + "locator"
    statement: Final = _KG + "statement"
    basis: Final = _KG + "basis"
    rule: Final = _KG + "rule"
    confidence: Final = _KG + "confidence"
    transitionKind: Final = _KG + "transitionKind"

    # what a claim carries that rests on a survey, or comes from a ranked list
    importanceSampleSize: Final = _KG + "importanceSampleSize"
    importanceStandardError: Final = _KG + "importanceStandardError"
    importanceLowerBound: Final = _KG + "importanceLowerBound"
    importanceUpperBound: Final = _KG + "importanceUpperBound"
    levelSampleSize: Final = _KG + "levelSampleSize"
    levelStandardError: Final = _KG + "levelStandardError"
    levelLowerBound: Final = _KG + "levelLowerBound"
    levelUpperBound: Final = _KG + "levelUpperBound"
    suppressedLevel: Final = _KG + "suppressedLevel"
    recommendSuppress: Final = _KG + "recommendSuppress"
    notRelevant: Final = _KG + "notRelevant"
    hotTechnology: Final = _KG + "hotTechnology"
    inDemand: Final = _KG + "inDemand"
    relatednessTier: Final = _KG + "relatednessTier"
    rank: Final = _KG + "rank"
    taskType: Final = _KG + "taskType"

    # what skills, tools and roles carry
    category: Final = _KG + "category"
    describedStatus: Final = _KG + "describedStatus"
    skillType: Final = _KG + "skillType"
    reuseLevel: Final = _KG + "reuseLevel"
    collection: Final = _KG + "collection"
    conceptStatus: Final = _KG + "conceptStatus"
    jobZone: Final = _KG + "jobZone"

    # what a certification carries: when it is offered
    status: Final = _KG + "status"
    statusAsOf: Final = _KG + "statusAsOf"
    statusNote: Final = _KG + "statusNote"
    availabilityNote: Final = _KG + "availabilityNote"
    announcedOn: Final = _KG + "announcedOn"
    generalAvailability: Final = _KG + "generalAvailability"
    generalAvailabilityNote: Final = _KG + "generalAvailabilityNote"
    unverifiedValidThrough: Final = _KG + "unverifiedValidThrough"
    retirementNote: Final = _KG + "retirementNote"
    upcomingVersion: Final = _KG + "upcomingVersion"
    upcomingNote: Final = _KG + "upcomingNote"
    replacesVersion: Final = _KG + "replacesVersion"

    # what a certification carries: the exam
    examCode: Final = _KG + "examCode"
    examCodeNote: Final = _KG + "examCodeNote"
    certificationLevel: Final = _KG + "certificationLevel"
    levelNote: Final = _KG + "levelNote"
    audience: Final = _KG + "audience"
    priceUSD: Final = _KG + "priceUSD"
    priceNote: Final = _KG + "priceNote"
    examMinutes: Final = _KG + "examMinutes"
    examMinutesNote: Final = _KG + "examMinutesNote"
    questionsMin: Final = _KG + "questionsMin"
    questionsMax: Final = _KG + "questionsMax"
    questionsNote: Final = _KG + "questionsNote"
    passingScore: Final = _KG + "passingScore"
    passingScoreType: Final = _KG + "passingScoreType"
    passingScoreScale: Final = _KG + "passingScoreScale"
    passingNote: Final = _KG + "passingNote"
    languagesNote: Final = _KG + "languagesNote"
    validityMonths: Final = _KG + "validityMonths"
    validityNote: Final = _KG + "validityNote"
    eligibility: Final = _KG + "eligibility"
    recommendedExperience: Final = _KG + "recommendedExperience"
    hasDomain: Final = _KG + "hasDomain"
    weightMin: Final = _KG + "weightMin"
    weightMax: Final = _KG + "weightMax"
    order: Final = _KG + "order"
    examGuideVersion: Final = _KG + "examGuideVersion"
    examGuideDate: Final = _KG + "examGuideDate"

    # what a certification carries: how far to trust the record
    confidenceInRecord: Final = _KG + "confidenceInRecord"
    unverifiedField: Final = _KG + "unverifiedField"
    sourceConflict: Final = _KG + "sourceConflict"
    fillsArticleGap: Final = _KG + "fillsArticleGap"

    # what sources, citations, statements and conflicts carry
    origin: Final = _KG + "origin"
    sourceKind: Final = _KG + "sourceKind"
    readIn: Final = _KG + "readIn"
    checksum: Final = _KG + "checksum"
    asOf: Final = _KG + "asOf"
    supports: Final = _KG + "supports"
    about: Final = _KG + "about"
    mentions: Final = _KG + "mentions"
    line: Final = _KG + "line"
    severity: Final = _KG + "severity"
    says: Final = _KG + "says"
    finding: Final = _KG + "finding"
    advice: Final = _KG + "advice"
    cited: Final = _KG + "cited"

    # individuals: status
    active: Final = _KG + "active"
    beta: Final = _KG + "beta"
    announced: Final = _KG + "announced"
    planned: Final = _KG + "planned"
    retiring: Final = _KG + "retiring"
    retired: Final = _KG + "retired"
    unverified: Final = _KG + "unverified"

    # individuals: categories of skills, then of tools
    Concept: Final = _KG + "Concept"
    Practice: Final = _KG + "Practice"
    Mathematics: Final = _KG + "Mathematics"
    Language: Final = _KG + "Language"
    Framework: Final = _KG + "Framework"
    Platform: Final = _KG + "Platform"
    Product: Final = _KG + "Product"

    # individuals: origins
    ArticleSays: Final = _KG + "ArticleSays"
    SourceSays: Final = _KG + "SourceSays"
    OurReading: Final = _KG + "OurReading"
    Derived: Final = _KG + "Derived"

    # individuals: audience
    BusinessAudience: Final = _KG + "BusinessAudience"

    # individuals: scales and levels
    CertificationLevelScale: Final = _KG + "CertificationLevelScale"
    EntryLevel: Final = _KG + "EntryLevel"
    AssociateLevel: Final = _KG + "AssociateLevel"
    ProfessionalLevel: Final = _KG + "ProfessionalLevel"
    ExpertLevel: Final = _KG + "ExpertLevel"
    SpecialtyLevel: Final = _KG + "SpecialtyLevel"
    GdadLevelScale: Final = _KG + "GdadLevelScale"
    OnetImportanceScale: Final = _KG + "OnetImportanceScale"
    OnetLevelScale: Final = _KG + "OnetLevelScale"


class RDF:
    """The RDF vocabulary."""

    type: Final = _RDF + "type"
    Statement: Final = _RDF + "Statement"
    subject: Final = _RDF + "subject"
    predicate: Final = _RDF + "predicate"
    object: Final = _RDF + "object"
    langString: Final = _RDF + "langString"


class RDFS:
    """RDF Schema."""

    Class: Final = _RDFS + "Class"
    label: Final = _RDFS + "label"
    comment: Final = _RDFS + "comment"
    seeAlso: Final = _RDFS + "seeAlso"
    isDefinedBy: Final = _RDFS + "isDefinedBy"
    subClassOf: Final = _RDFS + "subClassOf"
    subPropertyOf: Final = _RDFS + "subPropertyOf"
    domain: Final = _RDFS + "domain"
    range: Final = _RDFS + "range"


class XSD:
    """Datatypes of XML Schema."""

    string: Final = _XSD + "string"
    boolean: Final = _XSD + "boolean"
    integer: Final = _XSD + "integer"
    decimal: Final = _XSD + "decimal"
    double: Final = _XSD + "double"
    float: Final = _XSD + "float"
    anyURI: Final = _XSD + "anyURI"
    date: Final = _XSD + "date"
    dateTime: Final = _XSD + "dateTime"
    gYear: Final = _XSD + "gYear"
    gYearMonth: Final = _XSD + "gYearMonth"


class SKOS:
    """Simple Knowledge Organization System: labels, hierarchy and matches."""

    Concept: Final = _SKOS + "Concept"
    ConceptScheme: Final = _SKOS + "ConceptScheme"
    prefLabel: Final = _SKOS + "prefLabel"
    altLabel: Final = _SKOS + "altLabel"
    hiddenLabel: Final = _SKOS + "hiddenLabel"
    definition: Final = _SKOS + "definition"
    note: Final = _SKOS + "note"
    scopeNote: Final = _SKOS + "scopeNote"
    editorialNote: Final = _SKOS + "editorialNote"
    notation: Final = _SKOS + "notation"
    inScheme: Final = _SKOS + "inScheme"
    broader: Final = _SKOS + "broader"
    narrower: Final = _SKOS + "narrower"
    broaderTransitive: Final = _SKOS + "broaderTransitive"
    related: Final = _SKOS + "related"
    exactMatch: Final = _SKOS + "exactMatch"
    closeMatch: Final = _SKOS + "closeMatch"
    broadMatch: Final = _SKOS + "broadMatch"
    narrowMatch: Final = _SKOS + "narrowMatch"
    relatedMatch: Final = _SKOS + "relatedMatch"


class DCTERMS:
    """Dublin Core: the description of sources and of the dataset."""

    title: Final = _DCTERMS + "title"
    description: Final = _DCTERMS + "description"
    creator: Final = _DCTERMS + "creator"
    publisher: Final = _DCTERMS + "publisher"
    license: Final = _DCTERMS + "license"
    rights: Final = _DCTERMS + "rights"
    source: Final = _DCTERMS + "source"
    date: Final = _DCTERMS + "date"
    issued: Final = _DCTERMS + "issued"
    modified: Final = _DCTERMS + "modified"
    created: Final = _DCTERMS + "created"
    identifier: Final = _DCTERMS + "identifier"
    bibliographicCitation: Final = _DCTERMS + "bibliographicCitation"
    isReplacedBy: Final = _DCTERMS + "isReplacedBy"
    isVersionOf: Final = _DCTERMS + "isVersionOf"
    replaces: Final = _DCTERMS + "replaces"
    hasPart: Final = _DCTERMS + "hasPart"
    isPartOf: Final = _DCTERMS + "isPartOf"


class PROV:
    """PROV-O: where a thing comes from."""

    Entity: Final = _PROV + "Entity"
    Activity: Final = _PROV + "Activity"
    Agent: Final = _PROV + "Agent"
    wasDerivedFrom: Final = _PROV + "wasDerivedFrom"
    wasGeneratedBy: Final = _PROV + "wasGeneratedBy"
    wasAttributedTo: Final = _PROV + "wasAttributedTo"
    wasRevisionOf: Final = _PROV + "wasRevisionOf"
    specializationOf: Final = _PROV + "specializationOf"
    generatedAtTime: Final = _PROV + "generatedAtTime"
    used: Final = _PROV + "used"


class DCAT:
    """Data Catalog Vocabulary: the dataset and its downloads."""

    Dataset: Final = _DCAT + "Dataset"
    Distribution: Final = _DCAT + "Distribution"
    dataset: Final = _DCAT + "dataset"
    distribution: Final = _DCAT + "distribution"
    version: Final = _DCAT + "version"
    landingPage: Final = _DCAT + "landingPage"
    downloadURL: Final = _DCAT + "downloadURL"
    mediaType: Final = _DCAT + "mediaType"
    byteSize: Final = _DCAT + "byteSize"
    keyword: Final = _DCAT + "keyword"


class VOID:
    """Vocabulary of Interlinked Datasets: what is in the dataset, counted."""

    Dataset: Final = _VOID + "Dataset"
    subset: Final = _VOID + "subset"
    triples: Final = _VOID + "triples"
    entities: Final = _VOID + "entities"
    classes: Final = _VOID + "classes"
    properties: Final = _VOID + "properties"
    distinctSubjects: Final = _VOID + "distinctSubjects"
    distinctObjects: Final = _VOID + "distinctObjects"
    vocabulary: Final = _VOID + "vocabulary"
    uriSpace: Final = _VOID + "uriSpace"
    feature: Final = _VOID + "feature"
    dataDump: Final = _VOID + "dataDump"
    sparqlEndpoint: Final = _VOID + "sparqlEndpoint"
    exampleResource: Final = _VOID + "exampleResource"


class SCHEMA:
    """The part of schema.org that is used."""

    url: Final = _SCHEMA + "url"
    version: Final = _SCHEMA + "version"
    validFrom: Final = _SCHEMA + "validFrom"
    validThrough: Final = _SCHEMA + "validThrough"
    inLanguage: Final = _SCHEMA + "inLanguage"
    minValue: Final = _SCHEMA + "minValue"
    maxValue: Final = _SCHEMA + "maxValue"
