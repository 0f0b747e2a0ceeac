"""SSSOM: the matches to other frameworks as a table that mapping tools read, and `kg load` reads back.

References
----------
N. Matentzoglu et al., A Simple Standard for Sharing Ontological Mappings (SSSOM), Database 2022;
https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from typing import IO, TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.exports.partitions import parts, subjects
from kg.exports.rdf import PART
from kg.statements import CLAIM_CLASSES
from kg.terms import BASE, DCTERMS, KG, PREFIXES, RDF, SKOS, curie

if TYPE_CHECKING:
    from kg.handle import KnowledgeGraph

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
)
_MATCHES = frozenset(f"{PREFIXES['skos']}{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
_CLAIMS = frozenset(CLAIM_CLASSES.values())
_SAID = frozenset(
    [RDF.type, RDF.subject, RDF.predicate, RDF.object, DCTERMS.source, KG.basis, KG.confidence, KG.locator]
)


def stream_sssom(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write the matches of a dataset as SSSOM, and return what is lost."""
    lost: Counter[str] = Counter()
    labels: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    with parts(g.store.quads(), len(g.store), most=PART) as dealt:
        for part in dealt:
            for _, quads in subjects(part):
                _name(quads, labels)
                row = _row(quads, lost)
                rows += [row] if row else []
    for row in rows:
        row |= {"subject_label": labels.get(row["subject_id"], ""), "object_label": labels.get(row["object_id"], "")}
        row |= {name: curie(row[name]) for name in ("subject_id", "predicate_id", "object_id", "mapping_source")}
    rows.sort(key=lambda row: tuple(row.get(name, "") for name in _COLUMNS))
    out = StringIO()
    writer = csv.DictWriter(out, _COLUMNS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    file.write((_about(g, rows) + out.getvalue()).encode())
    return lost


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
        claim = any(q.predicate.value == RDF.type and getattr(q.object, "value", "") in _CLAIMS for q in quads)
        others = [q for q in quads if not (isinstance(q.object, NamedNode) and q.predicate.value in CLAIM_CLASSES)]
        lost["claims that are no matches" if claim else "statements about nodes and sources"] += (
            1 if claim else len(others)
        )
        return None
    lost["what a match says that SSSOM has no column for"] += sum(q.predicate.value not in _SAID for q in quads)
    why, _, comment = said.get(KG.basis, "").partition("; ")
    if not why.startswith("semapv:"):
        why, comment = "semapv:UnspecifiedMatching", said.get(KG.basis, "")
    return {
        "subject_id": said[RDF.subject],
        "predicate_id": said[RDF.predicate],
        "object_id": said[RDF.object],
        "mapping_justification": why,
        "confidence": said.get(KG.confidence, ""),
        "object_source_version": said.get(KG.locator, ""),
        "mapping_source": said.get(DCTERMS.source, ""),
        "comment": comment,
    }


def _about(g: KnowledgeGraph, rows: list[dict[str, str]]) -> str:
    """Return the metadata above the table, as comments in YAML."""
    import yaml

    named = ("subject_id", "predicate_id", "object_id", "mapping_source")
    used = {row[name].partition(":")[0] for row in rows for name in named} | {"semapv", "skos"}
    about = {
        "curie_map": {name: PREFIXES[name] for name in sorted(used & PREFIXES.keys())},
        "mapping_set_id": f"{BASE}mappings",
        "mapping_set_title": f"Matches of the {g.dataset.name}",
        "license": "https://w3id.org/sssom/license/unspecified",
    }
    if g.dataset.version:
        about["mapping_set_version"] = g.dataset.version
    text = yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=100_000)
    return "".join(f"#{line}\n" for line in text.splitlines())
