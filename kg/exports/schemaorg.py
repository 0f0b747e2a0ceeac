"""schema.org as JSON-LD: roles as occupations, certifications as credentials, for search engines and job boards.

| here | schema.org |
| --- | --- |
| role | `Occupation` with `skills`, `responsibilities`, `qualifications` |
| skill | `DefinedTerm` |
| tool | `DefinedTerm` and `SoftwareApplication` |
| certification | `EducationalOccupationalCredential` with `competencyRequired`, `recognizedBy`, `validFor`, `offers` |
| provider | `Organization` |

The context is written into the file: nothing is fetched to read it.

References
----------
https://schema.org/Occupation, https://schema.org/EducationalOccupationalCredential.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from kg.exports.networks import written_losses
from kg.handles.networks import whole_network
from kg.model.graphs import Attributes, local_name

if TYPE_CHECKING:
    import networkx as nx

    from kg.handles.handle import KnowledgeGraph

__all__ = ["stream_schemaorg"]

_TYPES: dict[str, str | list[str]] = {
    "role": "Occupation",
    "skill": "DefinedTerm",
    "tool": ["DefinedTerm", "SoftwareApplication"],
    "certification": "EducationalOccupationalCredential",
    "provider": "Organization",
}
#: Property by kind of the subject and relation; the value is a reference.
_RELATIONS = {
    ("role", "requires"): "skills",
    ("role", "uses"): "skills",
    ("certification", "certifies"): "competencyRequired",
    ("certification", "issuedBy"): "recognizedBy",
}
#: Attributes that have a property, for every kind.
_SAID = {"label", "aliases", "kind", "definition", "url"}
_OF_A_CREDENTIAL = {"examCode", "certificationLevel", "validityMonths", "priceUSD", "validFrom", "validThrough"}

Json = Any  # JSON values


def stream_schemaorg(g: KnowledgeGraph, file: IO[bytes]) -> Counter[str]:
    """Write roles, skills, tools, certifications and providers as schema.org JSON-LD, and return what is lost."""
    graph = whole_network(g)
    lost: Counter[str] = Counter()
    items = {iri: _item(iri, graph.nodes[iri]) for iri in sorted(graph.nodes) if graph.nodes[iri].get("kind") in _TYPES}
    lost["things that are none of these: sources, citations, domains, activities …"] = len(graph) - len(items)
    more = {"certification": _SAID | _OF_A_CREDENTIAL}
    written_losses(g, graph, {iri: more.get(graph.nodes[iri]["kind"], _SAID) for iri in items}, lost)
    _relate(graph, items, lost)
    document = {"@context": {"@vocab": "https://schema.org/"}, "@graph": [*items.values()]}
    file.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    return lost


def _item(iri: str, data: Attributes) -> dict[str, Json]:
    kind = data["kind"]
    found: dict[str, Json] = {"@id": iri, "@type": _TYPES[kind], "name": data["label"]}
    if data["aliases"]:
        found["alternateName"] = _one(data["aliases"])
    if "definition" in data:
        found["description"] = data["definition"]
    if "url" in data:
        found["url"] = data["url"]
    return found | _credential(data) if kind == "certification" else found


def _credential(data: Attributes) -> dict[str, Json]:
    found: dict[str, Json] = {"credentialCategory": "certification"}
    if "examCode" in data:
        found["identifier"] = data["examCode"]
    if "certificationLevel" in data:
        found["educationalLevel"] = _one(local_name(level) for level in _several(data["certificationLevel"]))
    if "validityMonths" in data:
        found["validFor"] = _one(f"P{months:g}M" for months in _several(data["validityMonths"]))
    offer: dict[str, Json] = {name: data[name] for name in ("validFrom", "validThrough") if name in data}
    if "priceUSD" in data:
        offer |= {"price": _one(str(price) for price in _several(data["priceUSD"])), "priceCurrency": "USD"}
    if offer:
        found["offers"] = {"@type": "Offer", **offer}
    return found


def _relate(graph: nx.MultiDiGraph[str], items: dict[str, dict[str, Json]], lost: Counter[str]) -> None:
    """Write the relations into the items, each reference once; an activity is text, since it is no item."""
    found: dict[tuple[str, str], dict[str, Json]] = {}
    for u, v, data in graph.edges(data=True):
        relation, kind = data["relation"], graph.nodes[u].get("kind", "")
        item, key = u, _RELATIONS.get((kind, relation)) if v in items else None
        value: Json = {"@id": v}
        if relation == "exactMatch" and u in items:
            key = "sameAs"
        elif relation == "worksOn" and u in items:
            key, value = "responsibilities", graph.nodes[v].get("label", v)
        elif (
            relation == "recommendedFor" and u in items and v in items
        ):  # said of the certification, written of the role
            item, key, value = v, "qualifications", {"@id": u}
        if key is None:
            lost[f"relations: {relation}"] += 1
            continue
        lost["claims: who says so, where, since when, how important"] += 1
        found.setdefault((item, key), {})[json.dumps(value)] = value
    for (item, key), values in sorted(found.items()):
        items[item][key] = _one(values[name] for name in sorted(values))


def _several(value: Any) -> tuple[Any, ...]:  # an attribute of any type
    return value if isinstance(value, tuple) else (value,)


def _one(values: Iterable[Json]) -> Json:
    listed = [*values]
    return listed[0] if len(listed) == 1 else listed
