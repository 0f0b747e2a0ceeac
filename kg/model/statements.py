"""Statement, the narrow waist: what every importer yields and every store takes.

A statement says that a subject stands in a relation to an object, who says so, and where. The object is another
node (a string: its IRI) or a value (`Value`: text, a number, a date). Importers know no store and stores know no
importer; both know this page.

`Importance` and `Level` are two types, since they live on different scales and must never be added or compared with
each other (an O*NET importance runs from 1 to 5, its level from 0 to 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.model.errors import BadInput
from kg.model.terms import DATASET, DCTERMS, KG, PROV, RDF, SCHEMA, XSD

__all__ = ["CLAIM_CLASSES", "DERIVED_RELATIONS", "Importance", "Level", "Source", "Statement", "Value", "date_value"]

_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")

#: The relations between nodes, each with the class of the claim that carries its source and place.
#: Any other property is a plain attribute of its subject.
CLAIM_CLASSES: dict[str, str] = {
    KG.requires: KG.Requirement,
    KG.certifies: KG.Assessment,
    KG.uses: KG.Claim,
    KG.worksOn: KG.Claim,
    KG.focusesOn: KG.Claim,
    KG.recommendedFor: KG.Claim,
    KG.leadsTo: KG.Claim,
    KG.hasPrerequisite: KG.Claim,
    KG.hasRecommendedPreparation: KG.Claim,
    KG.demonstrates: KG.Claim,
    KG.involves: KG.Claim,
    KG.setsAside: KG.Claim,
    KG.relatedRole: KG.Claim,
    KG.benefitsFrom: KG.Claim,
    KG.issuedBy: KG.Claim,
    DCTERMS.isReplacedBy: KG.Claim,
    "http://www.w3.org/2004/02/skos/core#broader": KG.Claim,
    **{f"http://www.w3.org/2004/02/skos/core#{name}": KG.Claim for name in _MATCHES},
}

#: The relations that only rules conclude (`kg.releases`); no source asserts them, so no importer takes them.
DERIVED_RELATIONS = frozenset(
    {
        *(KG.requiredBy, KG.certifiedBy, KG.prerequisiteOf, KG.relevantTo),
        "http://www.w3.org/2004/02/skos/core#narrower",
        "http://www.w3.org/2004/02/skos/core#broaderTransitive",
    }
)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: its text, and its datatype or language.

    Examples
    --------
    >>> Value.of(165).datatype.rpartition("#")[2]
    'integer'
    >>> Value.of("Python", lang="en")
    Value(text='Python', datatype='', lang='en')
    """

    text: str
    datatype: str = ""
    lang: str = ""

    @classmethod
    def of(cls, value: str | bool | int | float | Decimal, *, lang: str = "") -> Value:
        """Return the literal for a Python value; floats and decimals become ``xsd:decimal``."""
        if isinstance(value, bool):
            return cls("true" if value else "false", XSD.boolean)
        if isinstance(value, int):
            return cls(str(value), XSD.integer)
        if isinstance(value, float | Decimal):
            return cls(format(Decimal(str(value)).normalize(), "f"), XSD.decimal)
        return cls(value, lang=lang)


_DATES = {
    re.compile(r"\d{4}"): XSD.gYear,
    re.compile(r"\d{4}-(0[1-9]|1[0-2])"): XSD.gYearMonth,
    re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"): XSD.date,
}


def date_value(text: str) -> Value:
    """Return a date literal that keeps the precision it was given in.

    Parameters
    ----------
    text
        ``2026``, ``2026-10`` or ``2026-10-31``.

    Raises
    ------
    BadInput
        The text is no such date.

    References
    ----------
    W3C XML Schema Definition Language 1.1, part 2: ``gYear``, ``gYearMonth``, ``date``.

    Examples
    --------
    >>> date_value("2026-10").datatype.rpartition("#")[2]
    'gYearMonth'
    """
    for pattern, datatype in _DATES.items():
        if pattern.fullmatch(text):
            if datatype == XSD.date:
                _check_calendar(text)
            return Value(text, datatype)
    raise BadInput(f'"{text}" is no date. Dates are written YYYY, YYYY-MM or YYYY-MM-DD.')


def _check_calendar(text: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f'"{text}" is no date: {error}. Dates are written YYYY, YYYY-MM or YYYY-MM-DD.') from None


@dataclass(frozen=True, slots=True)
class Importance:
    """How much a requirement matters, on a named scale."""

    value: float
    scale: str


@dataclass(frozen=True, slots=True)
class Level:
    """How well something must be mastered, on a named, ordered scale."""

    value: float
    scale: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One asserted relation or attribute, with who says so and where.

    Attributes
    ----------
    subject, relation
        IRIs.
    object
        The IRI of a node (`str`), or a literal (`Value`).
    source
        IRI of the source that says so: the named graph the statement stands in.
    locator
        The place in the source: a line, a table, a flag.
    essential
        True essential, False optional, None where the source draws no such line.
    facet, wording
        The heading the source puts it under, and the source's own words.
    statement
        IRI of the article's statement that the claim rests on.
    basis, derived_from
        Why this project reads it so, and the sources that reading rests on.
    valid_from, valid_through
        ISO dates of the precision known, both inclusive.
    more
        Further qualifiers that only some sources have, as property and value: a standard error, a rank, a flag.
    """

    subject: str
    relation: str
    object: str | Value
    source: str
    locator: str = ""
    essential: bool | None = None
    importance: Importance | None = None
    level: Level | None = None
    facet: str = ""
    wording: str = ""
    statement: str = ""
    basis: str = ""
    confidence: str = ""
    transition_kind: str = ""
    derived_from: tuple[str, ...] = ()
    valid_from: str = ""
    valid_through: str = ""
    more: tuple[tuple[str, Value], ...] = ()

    @property
    def is_claim(self) -> bool:
        """Whether this is a relation between two nodes, rather than an attribute of one."""
        return self.relation in CLAIM_CLASSES and isinstance(self.object, str)


@dataclass(frozen=True, slots=True)
class Source:
    """Who says something: one publication, in the version that was read.

    Attributes
    ----------
    origin
        ``KG.ArticleSays``, ``KG.SourceSays``, ``KG.OurReading`` or ``KG.Derived``.
    as_of, date
        When it was read or published: in the words of the record, and as an ISO date of the precision known.
    checksum
        Algorithm and digest of what was read; of several files a line each, with their names.
    version_of
        IRI of what this is a release of, the same for every release of a framework.
    """

    iri: str
    title: str
    origin: str
    url: str = ""
    kind: str = ""
    read_in: str = ""
    as_of: str = ""
    date: str = ""
    version: str = ""
    licence: str = ""
    checksum: str = ""
    publisher: str = ""
    author: str = ""
    derived_from: tuple[str, ...] = ()
    version_of: str = ""

    def statements(self) -> Iterator[Statement]:
        """Yield the description of this source, which stands in the graph of the dataset."""

        def say(relation: str, value: str | Value) -> Statement:
            return Statement(self.iri, relation, value, DATASET)

        yield say(RDF.type, KG.Source)
        yield say(DCTERMS.title, Value.of(self.title, lang="en"))
        yield say(KG.origin, self.origin)
        if self.url:
            yield say(SCHEMA.url, Value(self.url, XSD.anyURI))
        for relation, text in (
            (KG.sourceKind, self.kind),
            (KG.readIn, self.read_in),
            (KG.asOf, self.as_of),
            (DCTERMS.publisher, self.publisher),
            (DCTERMS.creator, self.author),
        ):
            if text:
                yield say(relation, Value.of(text))
        if self.date:
            yield say(DCTERMS.date, date_value(self.date))
        for relation, text in (
            (SCHEMA.version, self.version),
            (DCTERMS.license, self.licence),
            *((KG.checksum, digest) for digest in (self.checksum or "unverified").splitlines()),
        ):
            yield say(relation, Value.of(text or "unverified"))
        for parent in self.derived_from:
            yield say(PROV.wasDerivedFrom, parent)
        if self.version_of:
            yield say(DCTERMS.isVersionOf, self.version_of)
