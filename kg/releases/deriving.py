"""Conclusions become N-Quads: the claims, and what describes them, all in the one graph of derived claims.

The claims go to a temporary file as they are made, so that memory holds a chunk of them at a time, and their checksum
is known before anything is written to where it stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from tempfile import gettempdir
from typing import IO

from kg.exports.partitions import temporary_file
from kg.model.errors import BadInput, KgError
from kg.model.quads import derived_lines, statement_lines
from kg.model.statements import Source, Statement, Value
from kg.model.terms import DCTERMS, INFERRED, KG, PREFIXES, RDF, SCHEMA, SKOS
from kg.releases.concluding import conclude
from kg.releases.infer_rules import Rule
from kg.releases.premises import Facts

__all__ = ["Derived", "derive"]

#: A chunk has so many characters: what the engine takes in at a time.
_CHUNK = 16 << 20
_CONSTRUCT = f"{PREFIXES['sh']}construct"


@dataclass(frozen=True)
class Derived:
    """Derived claims, in a temporary file.

    Attributes
    ----------
    claims
        How many, by (rule, relation).
    quads
        All of them together, with their description.
    checksum
        Of everything but the checksum itself, which stands in the last line.
    """

    claims: Counter[tuple[str, str]]
    quads: int
    checksum: str
    file: IO[bytes]

    def chunks(self) -> Iterator[bytes]:
        """Yield the N-Quads from the first, in chunks of whole lines."""
        self.file.seek(0)
        while lines := self.file.readlines(_CHUNK):
            yield b"".join(lines)


@contextmanager
def derive(rules: Sequence[Rule], facts: Facts, *, date: str = "") -> Iterator[Derived]:
    """Give what the rules conclude from the facts; the file goes when the block ends.

    Parameters
    ----------
    date
        The newest date of what is read, ISO of the precision known: what is derived is as old as that.

    Raises
    ------
    BadInput
        The temporary file cannot be written.
    """
    with temporary_file() as file:
        try:
            derived = _write(file, rules, facts, date)
        except OSError as error:
            if isinstance(error, KgError):
                raise
            raise BadInput(
                f"Claims are put together in {gettempdir()}, which cannot be written: {error.strerror or error}. "
                "It takes some 200 bytes for a quad; set TMPDIR to a folder with more space."
            ) from None
        yield derived


def _write(file: IO[bytes], rules: Sequence[Rule], facts: Facts, date: str) -> Derived:
    claims: Counter[tuple[str, str]] = Counter()
    digest = sha256()
    quads = 0
    chunk: list[str] = []
    size = 0

    def put(lines: str) -> None:
        nonlocal size, quads
        chunk.append(lines)
        size += len(lines)
        quads += lines.count("\n")
        if size >= _CHUNK:
            flush()

    def flush() -> None:
        nonlocal size
        text = "".join(chunk).encode()
        digest.update(text)
        file.write(text)
        file.flush()
        chunk.clear()
        size = 0

    for rule in rules:
        for subject, relation, target, premises in conclude(rule, facts):
            put(derived_lines(subject, relation, target, rule.iri, premises))
            claims[rule.name, relation] += 1
    for statement in _described(rules, facts, date):
        put(statement_lines(statement))
    flush()
    checksum = f"sha256:{digest.hexdigest()}"
    put(statement_lines(Statement(INFERRED, KG.checksum, Value.of(checksum), INFERRED)))
    flush()
    return Derived(claims, quads, checksum, file)


def _described(rules: Sequence[Rule], facts: Facts, date: str) -> Iterator[Statement]:
    """Yield the description of the source and of its rules, which stands with the claims, to come and go with them."""
    source = Source(
        INFERRED,
        "Derived by rules",
        KG.Derived,
        kind="claims that follow from others",
        date=date,
        derived_from=tuple(sorted(facts.sources)),
    )
    for statement in source.statements():
        if statement.relation not in (KG.checksum, SCHEMA.version, DCTERMS.license):
            yield replace(statement, source=INFERRED)
    for rule in rules:
        for relation, value in (
            (RDF.type, KG.Rule),
            (SKOS.prefLabel, Value.of(rule.label, lang="en")),
            (SKOS.definition, Value.of(rule.says, lang="en")),
            (DCTERMS.source, Value.of(rule.after)),
            (_CONSTRUCT, Value.of(rule.formal)),
        ):
            yield Statement(rule.iri, relation, value, INFERRED)
