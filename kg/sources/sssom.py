"""Mappings: a file in SSSOM becomes statements.

References
----------
N. Matentzoglu et al., A Simple Standard for Sharing Ontological Mappings (SSSOM), Database 2022;
https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import yaml

from kg.errors import BadInput, Fault
from kg.statements import Statement, Value
from kg.terms import KG, SKOS, mint

__all__ = ["read_mappings"]

_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_MATCHES = {
    f"skos:{name}": getattr(SKOS, name)
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
}


def read_mappings(path: Path, *, source: str = mint("source", "career-kg")) -> Iterator[Statement]:
    """Yield the statements of an SSSOM file: the matches as claims, and the label of what they point to.

    Parameters
    ----------
    path
        A tab-separated file with its metadata in comment lines above.
    source
        IRI of who says so; our own reading by default.

    Raises
    ------
    BadInput
        With every fault, by line.
    """
    faults: list[Fault] = []
    text = path.read_text(encoding="utf-8")
    comments = [line.removeprefix("#").removeprefix(" ") for line in text.splitlines() if line.startswith("#")]
    rows = [
        (number, line) for number, line in enumerate(text.splitlines(), start=1) if line and not line.startswith("#")
    ]
    prefixes = (yaml.safe_load("\n".join(comments)) or {}).get("curie_map", {})
    reader = csv.DictReader((line for _, line in rows), delimiter="\t")
    if missing := [name for name in _NEEDED if name not in (reader.fieldnames or ())]:
        raise BadInput(
            str(path),
            [Fault(str(path), rows[0][0] if rows else 0, "", f"has no column {', '.join(missing)}.", "Add it.")],
        )

    def expand(curie: str, line: int, column: str) -> str:
        prefix, _, local = curie.partition(":")
        if prefix not in prefixes:
            faults.append(
                Fault(str(path), line, column, f'"{curie}" has a prefix that curie_map lacks.', "Add it there.")
            )
            return ""
        return f"{prefixes[prefix]}{local}"

    found: list[Statement] = []
    for (line, _), row in zip(rows[1:], reader, strict=False):
        subject, target = expand(row["subject_id"], line, "subject_id"), expand(row["object_id"], line, "object_id")
        relation = _MATCHES.get(row["predicate_id"])
        if relation is None:
            message = f'"{row["predicate_id"]}" is no SKOS match.'
            faults.append(Fault(str(path), line, "predicate_id", message, f"Choose from {', '.join(_MATCHES)}."))
            continue
        version = row.get("object_source_version") or ""
        found.append(
            Statement(
                subject,
                relation,
                target,
                source,
                locator=version,
                basis="; ".join(filter(None, (row["mapping_justification"], row.get("comment")))),
                confidence=row.get("confidence") or "",
            )
        )
        if row.get("object_label"):
            found.append(Statement(target, SKOS.prefLabel, Value.of(row["object_label"], lang="en"), source))
            found.append(Statement(target, KG.readIn, Value.of(version), source))
    if faults:
        raise BadInput(str(path), faults)
    yield from found
