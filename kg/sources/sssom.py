"""Mappings between frameworks: a file in SSSOM becomes statements.

References
----------
N. Matentzoglu et al., A Simple Standard for Sharing Ontological Mappings (SSSOM), Database 2022;
https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint, slugify
from kg.model.quads import is_iri
from kg.model.statements import Source, Statement, Value, date_value
from kg.model.terms import KG, PREFIXES, SKOS
from kg.sources.members import Member
from kg.sources.tally import Tally, trimmed

__all__ = ["BASIS_IS_COMMENT", "is_sssom", "mapping_set", "read_mappings", "read_set"]

_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_NAMES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_MATCHES = {form: getattr(SKOS, name) for name in _NAMES for form in (f"skos:{name}", getattr(SKOS, name))}
#: What the slot for pairs outside the standard says where an export found no justification of SSSOM's, which a row must
#: have: the comment is the whole basis.
BASIS_IS_COMMENT = "basis=comment"
#: A file larger than this is refused.
MAX_BYTES = 200_000_000
#: Prefixes that a file need not declare (SSSOM, built-in prefixes).
_BUILT_IN = {name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos", "sssom", "semapv")}


def is_sssom(member: Member) -> bool:
    """Whether a file ending in .tsv is SSSOM: below its comments stands a header with the columns that all have."""
    with member.open() as stream:
        for _ in range(10_000):
            line = stream.readline(1 << 20)
            if not line or not line.startswith(b"#"):
                return set(_NEEDED) <= set(line.decode("utf-8", "replace").strip().split("\t"))
    return False


def mapping_set(member: Member) -> Source:
    """Return the source of a file: the mapping set, as its metadata describes it.

    Raises
    ------
    BadInput
        The metadata is no YAML.
    """
    about = _metadata(member, _text(member))
    identifier = str(about.get("mapping_set_id") or "").rstrip("/#")
    version = str(about.get("mapping_set_version") or "")
    slug = slugify(identifier.rpartition("/")[2] or member.source_name.removesuffix(".sssom"))
    return Source(
        mint("source", f"{slug}-{slugify(version)}" if version else slug),
        str(about.get("mapping_set_title") or member.file_name),
        KG.SourceSays,
        url=identifier if identifier.startswith("http") else "",
        kind="mappings",
        date=_day(about),
        version=version,
        licence=str(about.get("license") or ""),
        checksum=member.checksum(),
        version_of=mint("source", slug) if version else "",
    )


def _day(about: Mapping[str, Any]) -> str:
    for name in ("publication_date", "mapping_date"):
        text = str(about.get(name) or "")
        try:
            date_value(text)
        except BadInput:
            continue
        return text
    return ""


def _text(member: Member) -> str:
    data = member.read(MAX_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise member.fault("is not UTF-8 text.", "Save it as UTF-8.", line=line) from None


def _metadata(member: Member, text: str) -> dict[str, Any]:
    """Return the YAML in the comment lines above the table."""
    import yaml

    comments = []
    for line in StringIO(text):
        if not line.startswith("#"):
            break
        comments.append(line.removeprefix("#").removeprefix(" "))
    above = "".join(comments)
    if any(isinstance(token, yaml.AliasToken) for token in _tokens(member, above)):
        raise member.fault("has an alias (*) in its metadata.", "Write the value out.")
    about = yaml.load(above, Loader=yaml.CSafeLoader) if above else {}
    return about if isinstance(about, dict) else {}


def _tokens(member: Member, text: str) -> Iterator[Any]:
    import yaml

    try:
        yield from yaml.scan(text, Loader=yaml.CSafeLoader)
        yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise member.fault(
            "has metadata that are no YAML.", "See the line named.", line=mark.line + 1 if mark else 1
        ) from None


def read_mappings(
    file: Path | Member, *, source: str = mint("source", "career-kg"), tally: Tally | None = None
) -> Iterator[Statement]:
    """Yield the statements of an SSSOM file: the matches as claims, and the label of what they point to.

    What says that two things do *not* match, or that no match was found, is left out and counted; so is what is no SKOS
    match. Where several subjects match one object by the same relation, as when two roles fall under one code, this is
    noted: merged by such mappings, the roles would be one.

    Parameters
    ----------
    file
        A tab-separated file with its metadata in comment lines above.
    source
        IRI of who says so; our own reading by default.
    tally
        Where rows and collapses are noted.

    Raises
    ------
    BadInput
        With every fault, by line.
    """
    member = Member(file) if isinstance(file, Path) else file
    tally = tally or Tally()
    counts = tally.file(member.name, "mappings (SSSOM)")
    text = _text(member)
    about = _metadata(member, text)
    declared = about.get("curie_map")
    prefixes = _BUILT_IN | {str(k): str(v) for k, v in (declared if isinstance(declared, dict) else {}).items()}
    faults: list[Fault] = []
    found: list[Statement] = []
    targets: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for line, row in _rows(member, text):
        counts.rows += 1
        if reason := _unread(row):
            counts.skip(line, reason)
            continue
        subject = _expand(member, row, "subject_id", line, prefixes, faults)
        target = _expand(member, row, "object_id", line, prefixes, faults)
        version, relation = row.get("object_source_version") or "", _MATCHES[row["predicate_id"].strip()]
        targets[relation, target][subject] = trimmed(row.get("subject_label") or "") or subject
        found.append(
            Statement(
                subject,
                relation,
                target,
                source,
                locator=version,
                basis=_basis(row),
                confidence=row.get("confidence") or "",
            )
        )
        if row.get("object_label"):
            found.append(Statement(target, SKOS.prefLabel, Value.of(row["object_label"], lang="en"), source))
            found.append(Statement(target, KG.readIn, Value.of(version), source))
    if faults:
        raise BadInput(member.name, faults)
    for (relation, target), subjects in targets.items():
        if len(subjects) > 1:
            tally.collapsed.append((relation.rpartition("#")[2], target, tuple(sorted(subjects.values()))))
    for statement in found:
        counts.statements += 1
        yield statement


def read_set(member: Member, *, tally: Tally | None = None) -> Iterator[Statement]:
    """Yield what a file in SSSOM says, under the source its metadata describe.

    Raises
    ------
    BadInput
        With every fault, by line.
    """
    source = mapping_set(member)
    yield from source.statements()
    yield from read_mappings(member, source=source.iri, tally=tally)


def _rows(member: Member, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the comments by column name, with their lines."""
    lines = [*StringIO(text, newline="")]  # str.splitlines would also break at \f, \u2028 and others inside a cell
    start = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.reader(lines[start:], delimiter="\t")
    try:
        header = next(reader, [])
        if missing := [name for name in _NEEDED if name not in header]:
            raise member.fault(f"has no column {', '.join(missing)}.", "Add it.", line=start + 1)
        for row in reader:
            if any(row):
                yield (
                    start + reader.line_num,
                    dict(zip(header, row, strict=False)) | dict.fromkeys(header[len(row) :], ""),
                )
    except csv.Error as error:
        raise member.fault(f"is no table: {error}.", "See the line named.", line=start + reader.line_num) from None


def _basis(row: Mapping[str, str]) -> str:
    comment = row.get("comment") or ""
    if BASIS_IS_COMMENT in (row.get("other") or "").split("|"):
        return comment
    return "; ".join(filter(None, (row["mapping_justification"], comment)))


def _unread(row: Mapping[str, str]) -> str:
    if row.get("predicate_modifier", "").strip().casefold() == "not":
        return "says that the two do not match"
    if "sssom:NoTermFound" in (row["subject_id"], row["object_id"]):
        return "says that there is no match"
    if row["predicate_id"].strip() not in _MATCHES:
        return f"{trimmed(row['predicate_id'])[:60] or 'no predicate'} is no SKOS match"
    return ""


def _expand(
    member: Member, row: Mapping[str, str], column: str, line: int, prefixes: Mapping[str, str], faults: list[Fault]
) -> str:
    """Return the IRI of a short form; note a fault where there is none."""
    short = row[column].strip()
    prefix, _, local = short.partition(":")
    if prefix not in prefixes and not local.startswith("//"):
        message = f'"{short[:80]}" has a prefix that curie_map lacks.'
        faults.append(Fault(member.name, line, column, message, "Add it there."))
        return ""
    iri = prefixes[prefix] + local if prefix in prefixes else short
    if is_iri(iri):
        return iri
    faults.append(Fault(member.name, line, column, f'"{iri[:80]}" is no IRI.', "Correct it."))
    return ""
