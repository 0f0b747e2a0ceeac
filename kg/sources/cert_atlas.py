"""Records of exams as Cert Atlas publishes them become statements: one JSON file, one certification.

What is read are figures and names: code, price, minutes, questions, pass mark, validity, languages, what is demanded
before, and the domains with their weights. The wording of objectives, study resources, rules of the room and addresses
of practice tests are not read. A record names the vendor's page it was taken from: that page becomes a source of its
own, and the record is derived from it. A record has no status, no date and no successor, so that its certification is
*unverified* until somebody says more, and which one of another dataset is the same is for a mapping to say.

References
----------
https://github.com/hans6883/cert-atlas (MIT License)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint, slugify
from kg.model.quads import is_iri
from kg.model.statements import Source, Statement, Value
from kg.model.terms import BASE, KG, RDF, SCHEMA, SKOS, XSD
from kg.sources.members import Member
from kg.sources.tally import FileTally, Tally, trimmed

__all__ = ["is_record", "read_record"]

#: A record larger than this is refused: the largest of Cert Atlas has 0.1 MB.
MAX_BYTES = 5_000_000
#: So much of a file is looked at to see whether it is a record.
_START = 4096
_NEEDED = ("exam_id", "exam_name", "certifying_body")
#: Whose weights are lower bounds: this vendor gives a range for each domain, and the records keep its lower end.
_GIVES_RANGES = "Microsoft"
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_GATES = ("certification", "required_certification", "training", "membership", "experience")

Record = Mapping[str, Any]  # the object of the file, its values checked as they are read


def is_record(member: Member) -> bool:
    """Whether a file ending in .json is a record: an object that begins with its exam and who certifies it."""
    try:
        start = next(member.blocks(), b"")[:_START]
    except BadInput:
        return False
    is_object = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return is_object and all(f'"{key}"'.encode() in start for key in _NEEDED)


def read_record(member: Member, *, tally: Tally | None = None) -> Iterator[Statement]:
    """Yield what a record says of an exam, its sources described among it.

    Raises
    ------
    BadInput
        It is no JSON, or with every value that is not what the record should hold.
    """
    record = _Record(member, (tally or Tally()).file(member.name, "a record of Cert Atlas"))
    statements = tuple(record.statements())
    if record.faults:
        raise BadInput(member.name, record.faults)
    record.counts.statements = len(statements)
    yield from statements


def _load(member: Member) -> Record:
    try:
        found = json.loads(member.read(MAX_BYTES).decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        says = "is nested too deep" if isinstance(error, RecursionError) else "is no JSON"
        raise member.fault(f"{says}.", "Download it again.", line=line) from None
    if not isinstance(found, dict):
        raise member.fault("is no object.", "Download it again.")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class _Record:
    def __init__(self, member: Member, counts: FileTally) -> None:
        self.data, self.counts, self.faults = _load(member), counts, list[Fault]()
        self.name = member.name
        # Two ids that differ by an underscore alone are two records.
        self.id = "--".join(map(slugify, (self.text("exam_id") or member.stem).split("_")))
        self.iri = mint("certification", f"cert-atlas-{self.id}")
        page = self.text("source_url") or ""
        if page and not (page.startswith(("https://", "http://")) and is_iri(page)):
            self.fault("source_url", page, "no address of a page")
            page = ""
        address = page.partition("://")[2].rstrip("/")
        self.page = Source(
            mint("source", f"cert-atlas-page-{slugify(address)}") if address else "",
            address,
            KG.SourceSays,
            url=page,
            kind="vendor's page, as the record names it",
        )
        self.source = Source(
            mint("source", f"cert-atlas-{self.id}"),
            f"Cert Atlas: {self.text('exam_name') or self.id}",
            KG.SourceSays,
            kind="record of an exam",
            version=self.text("version") or "",
            checksum=member.checksum(),
            derived_from=(self.page.iri,) if address else (),
        )

    def fault(self, key: str, value: object, what: str) -> None:
        self.faults.append(Fault(self.name, 0, key, f'"{str(value)[:80]}" is {what}.', "Correct it or leave it out."))

    def text(self, key: str, of: Record | None = None) -> str | None:
        """Return a text of the record, cleaned; None where it has none."""
        value = (self.data if of is None else of).get(key)
        if value is None:
            return None
        if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
            self.fault(key, ascii(value), "no text")
            return None
        text = trimmed(value)
        return text if text and text != "null" else None

    def number(self, key: str, most: float, of: Record | None = None, *, least: float = 0) -> int | float | None:
        """Return a number of the record; None where it has none."""
        value = (self.data if of is None else of).get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.fault(key, value, f"no number from {least:g} to {most:g}")
            return None
        return int(value) if value == int(value) else value

    def whole(self, key: str, most: int) -> int | None:
        """Return a positive whole number; None where there is none: the records write 0 where they know none."""
        value = self.number(key, most)
        if isinstance(value, float):
            self.fault(key, value, "no whole number")
        return value if isinstance(value, int) and value else None

    def objects(self, key: str) -> Iterator[Record]:
        """Yield the objects of a list of the record."""
        value = self.data.get(key) or ()
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield item
                else:
                    self.fault(key, item, "no object")
        elif value:
            self.fault(key, value, "no list")

    def texts(self, key: str) -> Iterator[str]:
        """Yield the texts of a list of the record."""
        value = self.data.get(key) or ()
        if isinstance(value, list):
            yield from filter(None, (self.text(key, {key: item}) for item in value))
        elif value:
            self.fault(key, value, "no list")

    def say(self, relation: str, value: str | Value, subject: str = "") -> Statement:
        return Statement(subject or self.iri, relation, value, self.source.iri)

    def statements(self) -> Iterator[Statement]:
        """Yield everything the record says."""
        self.counts.rows += 1
        if self.page.url:
            yield from self.page.statements()
        yield from self.source.statements()
        yield from self._names()
        yield from self._provider()
        yield self.say(KG.status, KG.unverified)
        yield self.say(KG.statusNote, Value("the record names no status"))
        yield from self._figures()
        yield from self._passing()
        yield from self._prerequisites()
        yield from self._domains()

    def _names(self) -> Iterator[Statement]:
        """Yield class, name, other names, code and page. A name in small letters is a search term of the record."""
        label = self.text("certification_name") or self.text("exam_name") or self.id
        code = self.text("exam_code") or ""
        yield self.say(RDF.type, KG.Certification)
        yield self.say(SKOS.prefLabel, Value(label, lang="en"))
        known = {label.casefold(), code.casefold(), (self.text("exam_id") or "").casefold()}
        for name in (self.text("exam_name") or "", *self.texts("aliases")):
            if name and name.casefold() not in known:
                known.add(name.casefold())
                yield self.say(SKOS.altLabel, Value(name, lang="en"))
        if code:
            yield self.say(KG.examCode, Value(code))
        if self.page.url:
            yield self.say(SCHEMA.url, Value(self.page.url, XSD.anyURI))

    def _provider(self) -> Iterator[Statement]:
        body = self.text("certifying_body")
        if not body:
            self.fault("certifying_body", "", "empty")
            return
        provider = mint("provider", f"cert-atlas-{slugify(body)}")
        yield self.say(RDF.type, KG.Provider, provider)
        yield self.say(SKOS.prefLabel, Value(body, lang="en"), provider)
        yield Statement(self.iri, KG.issuedBy, provider, self.source.iri, locator="certifying_body")

    def _figures(self) -> Iterator[Statement]:
        price = self.number("exam_price_usd", 100_000)
        if price is not None:
            yield self.say(KG.priceUSD, Value.of(price))
        if note := self.text("exam_price_notes"):
            yield self.say(KG.priceNote, Value(note))
        if minutes := self.whole("duration_minutes", 100_000):
            yield self.say(KG.examMinutes, Value.of(minutes))
        if questions := self.whole("total_questions", 10_000):
            yield self.say(KG.questionsMin, Value.of(questions))
            yield self.say(KG.questionsMax, Value.of(questions))
        if years := self.whole("certification_validity_years", 100):
            yield self.say(KG.validityMonths, Value.of(12 * years))
        for language in self.texts("available_languages"):
            yield self.say(SCHEMA.inLanguage, Value(language))

    def _passing(self) -> Iterator[Statement]:
        """Yield the pass mark: of a scale only where the record tells which, else in words."""
        score, scale = self.number("passing_score", 10_000), self.text("passing_score_scale") or ""
        if score is None:
            return
        ends = _RANGE.match(scale)
        percent = scale.casefold().startswith("percent") and score <= 100
        if percent or (ends and int(ends[1]) <= score <= int(ends[2])):
            yield self.say(KG.passingScore, Value.of(score))
            yield self.say(KG.passingScoreType, Value("percent" if percent else "scaled"))
            if ends and not percent:
                yield self.say(KG.passingScoreScale, Value(f"{ends[1]}-{ends[2]}"))
        else:
            self.counts.note(0, "pass marks whose scale is not told, kept as words")
            yield self.say(KG.passingNote, Value(f"{score:g}; scale: {scale or 'not stated'}"))

    def _prerequisites(self) -> Iterator[Statement]:
        for item in self.objects("prerequisites"):
            if not (text := self.text("description", item)):
                continue
            demanded = item.get("is_required") is True and self.text("prerequisite_type", item) in _GATES
            yield self.say(KG.eligibility if demanded else KG.recommendedExperience, Value(text))

    def _domains(self) -> Iterator[Statement]:
        items = tuple(self.objects("domains"))
        domains = [(self.text("name", item), self.number("weight_percent", 1000, item)) for item in items]
        ranges = self.text("certifying_body") == _GIVES_RANGES
        weights = [weight for _, weight in domains if weight]
        # Domains share the exam: their weights come to a hundred or, rounded, near it, and lower bounds to less.
        fits = sum(weights) < 100 if ranges else len(weights) == len(domains) and 95 <= sum(weights) <= 105
        for order, (label, weight) in enumerate(domains, start=1):
            iri = f"{BASE}domain/cert-atlas-{self.id}/{order}"
            yield self.say(KG.hasDomain, iri)
            yield self.say(RDF.type, KG.Domain, iri)
            yield self.say(KG.order, Value.of(order), iri)
            yield self.say(SKOS.prefLabel, Value(label or f"Domain {order}", lang="en"), iri)
            if not weight:
                self.counts.note(0, "domains without a weight")
            elif not fits:
                self.counts.note(0, "weights left out: those of the exam do not come to what domains may")
            else:
                yield self.say(KG.weightMin, Value.of(weight), iri)
                if not ranges:
                    yield self.say(KG.weightMax, Value.of(weight), iri)
