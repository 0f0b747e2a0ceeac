"""A networkx graph of anybody's, read: what its attributes mean as nodes and claims of our schema.

Graphs are made by hand, by pandas, by a reader of GraphML or GEXF, or by `kg.graph`. Truth comes as ``True``, ``1``,
``"no"``; a missing value as ``None``, ``NaN`` or empty text; numbers as NumPy's own; who says so by name. All that is
read here, once, for `kg.from_networkx` and for every question that is asked of a graph as it is. What cannot be read is
a fault with the edge and the attribute; nothing is taken for essential, or for a number, because it was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model.errors import BadInput, Fault
from kg.model.graphs import _ALWAYS_TUPLE, KIND_CLASSES, Attributes, Edge, local_name
from kg.model.iris import expand, mint, slugify
from kg.model.statements import CLAIM_CLASSES, DERIVED_RELATIONS
from kg.model.terms import BASE, KINDS, PREFIXES
from kg.model.values import NO, YES

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "ENDS_OF",
    "KINDS_BESIDE",
    "NODE_ATTRIBUTES",
    "PERHAPS_NODES",
    "RELATION_IRIS",
    "RENAMED",
    "NetworkRead",
    "is_node",
    "listed",
    "read_network",
]

#: Relations by what they are called on an edge.
RELATION_IRIS = {local_name(iri): iri for iri in CLAIM_CLASSES}
_KNOWN = frozenset(RELATION_IRIS)
_DERIVED = frozenset(map(local_name, DERIVED_RELATIONS))
#: So many faults of a graph are listed.
_SHOWN = 100
#: What an attribute is called in `kg.graph` where its own name is taken by networkx, pandas or pyvis.
RENAMED = {"source": "said_by", "target": "target_", "id": "id_", "key": "key_", "to": "to_", "n_id": "n_id_"}
_OWN_NAME = {public: own for own, public in RENAMED.items()}
#: Kinds of nodes that `kg.graph` tells apart, and that are no class by themselves: what ratings are on, and the rest.
KINDS_BESIDE = ("scale", "level", "thing")
#: Attributes whose values are other nodes, by IRI; and those of them that may be text as well.
NODE_ATTRIBUTES = frozenset(
    [
        "category",
        "status",
        "certificationLevel",
        "origin",
        "audience",
        "hasDomain",
        "about",
        "mentions",
        "source",
        "derived_from",
        "license",
        "distribution",
        "subset",
        "mediaType",
        "inScheme",
    ]
)
PERHAPS_NODES = frozenset({"license"})
_ABLE = frozenset({"skill", "tool"})
#: The kinds that a relation leads from and to, of those that tell its two ends apart (`ontology/kg.ttl`).
ENDS_OF: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "requires": (frozenset({"role"}), _ABLE),
    "uses": (frozenset({"role"}), _ABLE),
    "setsAside": (frozenset({"role"}), _ABLE),
    "worksOn": (frozenset({"role"}), frozenset({"activity"})),
    "focusesOn": (frozenset({"role"}), frozenset({"activity"})),
    "involves": (frozenset({"activity"}), _ABLE),
    "certifies": (frozenset({"certification"}), _ABLE),
    "recommendedFor": (frozenset({"certification"}), frozenset({"role"})),
    "issuedBy": (frozenset({"certification"}), frozenset({"provider"})),
    "demonstrates": (frozenset({"tool"}), frozenset({"skill"})),
}
#: Relations that hold both ways, so that it does not matter which end comes first.
_SYMMETRIC = frozenset({"exactMatch", "closeMatch", "relatedMatch", "relatedRole"})
#: What networkx and igraph note on nodes and edges for themselves.
_BOOKKEEPING = frozenset({"networkx_key", "_igraph_index", "_nx_name", "_nx_multiedge_key"})
_NUMBERED = re.compile(r"(.+)_([2-9]|[1-9]\d+)")
_BAR = re.compile(r"(?<![^ ])\\(\\*)\|(?![^ ])")


class NetworkRead(NamedTuple):
    """A graph that was read: attributes by IRI, and the edges, both as `kg.model.graphs` describes them.

    The scales that the graph itself made are among the nodes.
    """

    nodes: dict[str, Attributes]
    edges: tuple[Edge, ...]


def listed(value: Any) -> tuple[Any, ...]:  # attribute values of any type
    """Return the values of an attribute, of which there may be one."""
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def is_node(item: object) -> bool:
    """Return whether a value names a node: an IRI, or the short form of one."""
    return isinstance(item, str) and ("://" in item or (":" in item and item.partition(":")[0] in PREFIXES))


def read_network(graph: nx.Graph[Any], *, name: str = "networkx", derived: bool = False) -> NetworkRead:
    """Return a networkx graph as nodes and claims of our schema.

    Parameters
    ----------
    name
        What the scale is called that numbers without one are on: one of the graph's own.
    derived
        Take relations that only rules conclude, too.

    Raises
    ------
    BadInput
        With every node and edge that cannot be read, by attribute.
    """
    nodes = {node: _own(data) for node, data in graph.nodes(data=True)}
    if nodes and not any("kind" in data or "://" in str(node) for node, data in nodes.items()):
        fix = "Add them, such as G.nodes[n]['kind'] = 'role'; an edge has a relation, such as requires."
        raise BadInput(f"This networkx graph is none of our schema: its nodes need a label and a kind. {fix}")
    faults = [*_node_faults(nodes)]
    iris = {} if faults else {node: _iri(node, data) for node, data in nodes.items()}
    edges: list[Edge] = []
    names = nodes if faults else iris
    for number, (u, v, key, data) in enumerate(_edges(graph)):
        where = f"edge {u!r} → {v!r}"
        said = _Said(where, _own(data), name, _KNOWN | _DERIVED if derived else _KNOWN)
        read = said.read(u, v, directed=graph.is_directed(), kinds=lambda node: nodes[node].get("kind", ""))
        faults += said.faults
        if u in names and v in names and not said.faults and not faults:
            one, other = (v, u) if said.turned else (u, v)
            edges.append((iris[one], iris[other], key if "://" in str(key) else f"edge/{number}", read))
    if faults:
        more = f"and {len(faults) - _SHOWN:,} faults more of this graph."
        shown = faults if len(faults) <= _SHOWN else [*faults[:_SHOWN], Fault("", 0, "", more)]
        raise BadInput("This networkx graph", shown)
    found = {iris[node]: _described(node, data) for node, data in nodes.items()}
    for *_, data in edges:
        for scale, label in data.pop("_scales", {}).items():
            found.setdefault(scale, {"label": label, "kind": "scale"})
    return NetworkRead(found, tuple(edges))


def _edges(graph: nx.Graph[Any]) -> Iterator[tuple[Any, Any, Any, Mapping[str, Any]]]:
    if graph.is_multigraph():
        edges: Any = graph.edges  # a view that the stubs know of a multigraph only
        yield from edges(keys=True, data=True)
    else:
        yield from ((u, v, "", data) for u, v, data in graph.edges(data=True))


def _own(data: Mapping[str, Any]) -> Attributes:
    """Return attributes under our names, as plain Python; what is not stated is left out."""
    found: Attributes = {}
    several: dict[str, dict[int, Any]] = {}
    for given, raw in data.items():
        name = _OWN_NAME.get(str(given), str(given))
        numbered = _NUMBERED.fullmatch(name)
        value = _plain(raw)
        if value is None or value == () or name in _BOOKKEEPING:
            continue
        if numbered and numbered[1] in data:
            several.setdefault(numbered[1], {})[int(numbered[2])] = value
        elif name == "aliases" and isinstance(value, str):
            found[name] = tuple(_BAR.sub(r"\1|", alias) for alias in value.split(" | "))
        else:
            found[name] = value
    for name, values in several.items():
        own = _OWN_NAME.get(name, name)
        found[own] = (*listed(found.get(own, ())), *(values[n] for n in sorted(values)))
    return found


def _plain(value: Any) -> Any:
    """Return a value as plain Python; None where it says nothing: None, NaN, NaT, NA, empty text."""
    if isinstance(value, list | tuple | set | frozenset):
        items = tuple(item for each in value if (item := _plain(each)) is not None)
        return items
    if isinstance(value, str):
        return str(value) if value.strip() else None
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, bool | int):
        return value
    if hasattr(value, "item") and not isinstance(value, float):  # a scalar of NumPy
        return _plain(value.item())
    if isinstance(value, float):
        return None if value != value else float(value)
    if isinstance(value, date):
        text = value.isoformat()
        return text.removesuffix("T00:00:00")
    return value


# --- nodes ---------------------------------------------------------------------------------------------------------


def _iri(node: object, data: Mapping[str, Any]) -> str:
    return str(node) if "://" in str(node) else mint(data["kind"], slugify(str(data.get("label") or node)))


def _kind_in_iri(node: object) -> str:
    """Return the kind that an IRI of ours tells."""
    kind, slash, name = str(node).removeprefix(BASE).partition("/")
    known = str(node).startswith(BASE) and slash and "/" not in name and kind in KINDS and kind in KIND_CLASSES
    return kind if known else ""


def _node_faults(nodes: Mapping[Any, Attributes]) -> Iterator[Fault]:
    first: dict[str, Any] = {}
    for node, data in nodes.items():
        if "kind" not in data and (told := _kind_in_iri(node)):
            data["kind"] = told
        where, kind = f"node {node!r}", str(data.get("kind", ""))
        made = "://" not in str(node)
        if kind and kind not in KIND_CLASSES and kind not in KINDS_BESIDE:
            yield Fault("", 0, where, f'is of no known kind: "{kind}".', f"Choose from {', '.join(KIND_CLASSES)}.")
        elif made and kind not in KINDS:
            known = ", ".join(name for name in KIND_CLASSES if name in KINDS)
            yield Fault("", 0, where, "is no IRI and has no kind to make one from.", f"Add a kind: {known}.")
        else:
            other = first.setdefault(_iri(node, data), node)
            if other != node:
                fix = "Give one another label, or use IRIs as nodes."
                yield Fault("", 0, where, f"would get the same IRI as node {other!r}.", fix)
        for name in sorted(NODE_ATTRIBUTES & data.keys()):
            for item in listed(data[name]):
                says = name in PERHAPS_NODES or (name == "source" and kind == "rule")  # which rests on a text
                if not says and not is_node(item):
                    fix = "Give an IRI, or such as kg:active."
                    yield Fault("", 0, f"{where}: {name}", f"{item!r} is no node.", fix)


def _described(node: object, data: Attributes) -> Attributes:
    """Return the attributes of a node as a slice has them: a label, and a tuple where there may be several values."""
    if not data:
        return {}  # it is only named
    named = data if "://" in str(node) else {"label": str(node), **data}
    return {name: listed(value) if name in _ALWAYS_TUPLE else value for name, value in named.items()}


# --- edges ---------------------------------------------------------------------------------------------------------


class _Said:
    """What an edge says, read attribute by attribute, with what is wrong in it."""

    def __init__(self, where: str, data: Attributes, name: str, known: frozenset[str]) -> None:
        self.where, self.data, self.name, self.known = where, data, name, known
        self.scales: dict[str, str] = {}  # those that are named and described nowhere, with their labels
        self.faults: list[Fault] = []
        self.turned = False

    def fault(self, name: str, message: str, fix: str) -> None:
        self.faults.append(Fault("", 0, f"{self.where}: {name}" if name else self.where, message, fix))

    def read(self, u: Any, v: Any, *, directed: bool, kinds: Any) -> Attributes:  # of nodes of any type
        relation = self.data.get("relation")
        if relation not in self.known:
            known = f"Choose from {', '.join(sorted(self.known))}."
            self.fault("", f'has no known relation: "{self.data.get("relation", "none")}".', known)
            return self.data
        self._direct(str(relation), kinds(u), kinds(v), directed)
        if self.data.get("source") is not None and self.data["source"] == u and not _is_source(u):
            fix = "Call who says so said_by: networkx writes the start of an edge into source."
            self.fault("source", "is the node that the edge begins at.", fix)
        read = dict(self.data)
        rated = [(name, self._number(name)) for name in ("importance", "level")]
        for name, value in (
            ("essential", self._truth("essential")),
            ("source", self._source("source", "source")),
            *rated,
            *((f"{name}Scale", self._scale(name) if value is not None else None) for name, value in rated),
        ):
            read.pop(name, None)
            if value is not None:
                read[name] = value
        if "derived_from" in read:
            read["derived_from"] = tuple(map(str, listed(read["derived_from"])))
        for name in ("validFrom", "validThrough", "source_date", "confidence"):
            if name in read:
                read[name] = str(read[name])
        if self.scales:
            read["_scales"] = self.scales
        if (text := self.data.get("source")) and read.get("source") != text and not is_node(text):
            read.setdefault("source_label", str(text))
        return read

    def _direct(self, relation: str, one: str, other: str, directed: bool) -> None:
        """Turn an edge by the kinds of its ends where it has no direction; refuse it where they do not tell."""
        starts, ends = ENDS_OF.get(relation, (frozenset[str](), frozenset[str]()))
        backwards = one in ends and other in starts and not (one in starts and other in ends)
        forwards = one in starts and other in ends
        if not directed and backwards:
            self.turned = True
        elif not directed and not forwards and relation not in _SYMMETRIC:
            self.fault("relation", f'"{relation}" has a direction, and the edge has none.', "Use a MultiDiGraph.")
        elif directed and backwards:
            fix = f"{relation} leads from {' or '.join(sorted(starts))} to {' or '.join(sorted(ends))}: turn the edge."
            self.fault("relation", f'"{relation}" leads the other way.', fix)

    def _truth(self, name: str) -> bool | None:
        value = self.data.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and value in (0, 1):
            return bool(value)
        word = str(value).strip().casefold()
        if word not in YES | NO:
            self.fault(name, f"{str(value)[:80]!r} is neither yes nor no.", "Give True or False, or leave it out.")
        return word in YES

    def _number(self, name: str) -> int | float | None:
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return value
        try:
            number = float(str(value))
        except ValueError:
            number = float("nan")
        if isinstance(value, bool) or not isfinite(number):
            self.fault(name, f"{str(value)[:80]!r} is no number.", "Give a number, or leave it out.")
            return None
        return number

    def _source(self, name: str, kind: str) -> str | None:
        """Return the IRI of who says so, or of a scale, which may be given by name."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(name, f"{str(value)[:80]!r} is no name and no IRI.", f"Name one {kind}.")
            return None
        if is_node(value):
            return value if "://" in value else expand(value)
        return mint(kind, slugify(value))

    def _scale(self, rating: str) -> str | None:
        """Return the IRI of the scale that a number is on: one of the graph's own where none is named."""
        given = self.data.get(f"{rating}Scale")
        found = self._source(f"{rating}Scale", "scale") or mint("scale", f"{slugify(self.name)}-{rating}")
        if not is_node(given):
            self.scales[found] = str(given or f"{self.name}: {rating}")
        return found


def _is_source(node: object) -> bool:
    return str(node).startswith(f"{BASE}source/")
