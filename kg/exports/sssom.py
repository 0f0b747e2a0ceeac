"""SSSOM: the matches to other frameworks as a table that mapping tools read, and `kg load` reads back.

References
----------
N. Matentzoglu et al., A Simple Standard for Sharing Ontological Mappings (SSSOM), Database 2022;
https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.exports.losses import CLAIMS, RELATIONS, SOURCES, Ties
from kg.exports.partitions import parts, subjects
from kg.exports.rdf import PART
from kg.model.iris import curie
from kg.model.terms import BASE, DCTERMS, KG, PREFIXES, RDF, SKOS
from kg.sources.sssom import BASIS_IS_COMMENT

if TYPE_CHECKING:
    from kg.handles.handle import KnowledgeGraph

__all__ = ["stream_sssom"]

_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "object_source_version",
    "mapping_source",
    "comment",
    "other",
)
_MATCHES = frozenset(f"{PREFIXES['skos']}{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
_IDS = ("subject_id", "predicate_id", "object_id", "mapping_source")
_NAMESPACE = re.compile(r".*[/#:](?=[^/#:]+$)", re.DOTALL)
_STATEMENTS = "statements about nodes and sources"
_NO_COLUMN = "what a match says that SSSOM has no column for"
_SAID = frozenset(
    [RDF.type, RDF.subject, RDF.predicate, RDF.object, DCTERMS.source, KG.basis, KG.confidence, KG.locator]
)


def stream_sssom(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write the matches of a dataset as SSSOM, and return what is lost."""
    lost: Counter[str] = Counter()
    labels: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    ties = Ties()
    with parts(g.store, most=PART) as dealt:
        for part in dealt:
            for _, quads in subjects(part):
                ties.add(quads)
                _name(quads, labels)
                row = _row(quads, lost)
                rows += [row] if row else []
    lost["relations that no claim is made of"] = ties.untied()
    named = {row[end] for row in rows for end in ("subject_id", "object_id")} & labels.keys()
    lost[_STATEMENTS] -= len(named)
    lost[SOURCES] += len(named)
    for row in rows:
        row |= {"subject_label": labels.get(row["subject_id"], ""), "object_label": labels.get(row["object_id"], "")}
    prefixes = _shorten(rows)
    rows.sort(key=lambda row: tuple(row.get(name, "") for name in _COLUMNS))
    out = StringIO()
    columns = _COLUMNS if any(row["other"] for row in rows) else _COLUMNS[:-1]
    writer = csv.DictWriter(out, columns, delimiter="\t", lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    file.write((_about(g, prefixes) + out.getvalue()).encode())
    return lost


def _shorten(rows: list[dict[str, str]]) -> dict[str, str]:
    """Write the IRIs of rows as CURIEs, which SSSOM asks for, and return the prefixes that are used."""
    used = {"semapv": PREFIXES["semapv"], "skos": PREFIXES["skos"]}
    named: dict[str, str] = {}  # prefix by a namespace that has none of ours
    for iri in sorted({row[name] for row in rows for name in _IDS if row[name]}):
        if curie(iri) == iri and (found := _NAMESPACE.match(iri)):
            named.setdefault(found[0], f"ns{len(named) + 1}")
    for row in rows:
        for name in _IDS:
            short = curie(row[name])
            prefix = short.partition(":")[0]
            if short != row[name]:
                used[prefix] = PREFIXES[prefix]
            elif found := _NAMESPACE.match(short):
                used[named[found[0]]] = found[0]
                short = f"{named[found[0]]}:{short.removeprefix(found[0])}"
            row[name] = short
    return dict(sorted(used.items()))


def _name(quads: list[Quad], labels: dict[str, str]) -> None:
    names = [q.object for q in quads if q.predicate.value == SKOS.prefLabel and isinstance(q.object, Literal)]
    if names:
        labels[str(getattr(quads[0].subject, "value", ""))] = min(
            names, key=lambda n: (n.language != "en", str(n))
        ).value


def _row(quads: list[Quad], lost: Counter[str]) -> dict[str, str] | None:
    """Return the row of a match; anything else is counted."""
    said: dict[str, str] = {}
    for quad in quads:
        said.setdefault(quad.predicate.value, str(getattr(quad.object, "value", quad.object)))
    needed = (RDF.subject, RDF.predicate, RDF.object)
    if said.get(RDF.predicate) not in _MATCHES or not said.keys() >= {*needed}:
        claim = any(q.predicate.value == RDF.type and getattr(q.object, "value", "") in CLAIMS for q in quads)
        others = [q for q in quads if not (isinstance(q.object, NamedNode) and q.predicate.value in RELATIONS)]
        lost["claims that are no matches" if claim else _STATEMENTS] += 1 if claim else len(others)
        return None
    lost[_NO_COLUMN] += len(quads) - len(said.keys() & _SAID)
    if not _is_share(said.get(KG.confidence, "")):
        lost[_NO_COLUMN] += KG.confidence in said
        said[KG.confidence] = ""
    basis, other = said.get(KG.basis, ""), ""
    why, _, comment = basis.partition("; ")
    if not why.startswith("semapv:") or basis.endswith("; "):
        why, comment, other = "semapv:UnspecifiedMatching", basis, BASIS_IS_COMMENT
    return {
        "subject_id": said[RDF.subject],
        "predicate_id": said[RDF.predicate],
        "object_id": said[RDF.object],
        "mapping_justification": why,
        "confidence": said.get(KG.confidence, ""),
        "object_source_version": said.get(KG.locator, ""),
        "mapping_source": said.get(DCTERMS.source, ""),
        "comment": comment,
        "other": other,
    }


def _is_share(text: str) -> bool:
    """Whether this is a confidence as SSSOM has it, from 0 to 1."""
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def _about(g: KnowledgeGraph, prefixes: dict[str, str]) -> str:
    """Return the metadata above the table, as comments in YAML."""
    import yaml

    about = {
        "curie_map": prefixes,
        "mapping_set_id": f"{BASE}mappings",
        "mapping_set_title": f"Matches of the {g.dataset.name}",
        "license": "https://w3id.org/sssom/license/unspecified",
    }
    if g.dataset.version:
        about["mapping_set_version"] = g.dataset.version
    text = yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=100_000)
    return "".join(f"#{line}\n" for line in text.splitlines())
