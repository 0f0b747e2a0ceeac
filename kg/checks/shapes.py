"""The shapes of `ontology/shapes.ttl` as SPARQL, so that they are checked at any size.

Each constraint becomes one SELECT of the nodes that break it, which a store of a million triples answers in the time
of reading the properties concerned once; an engine for SHACL, which takes node by node, needs minutes there. What is
translated is the part of SHACL Core that the shapes use; a constraint beyond it is an error, never passed over. pyshacl
stays the reference: tests hold that both name the same nodes, with the same words, on data damaged at random.

A query first sieves what may be wrong, whatever it is about; what is found is then looked up, node by node, among the
targets of the shape. In data that is mostly right few are left to look up. One query for both was rejected: Oxigraph
moves the second condition before the first, and takes ten times as long.

References
----------
Shapes Constraint Language (SHACL), W3C Recommendation, 20 July 2017, sections 2.1 (targets) and 4 (core constraints).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, count, islice
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.model.errors import QueryError
from kg.model.shipped import data_path
from kg.model.terms import PREFIXES, RDF, RDFS, XSD
from kg.model.values import Cell
from kg.stores.port import Store

__all__ = ["Violation", "constraints", "violations"]

_SH, _RDF = PREFIXES["sh"], PREFIXES["rdf"]
_SEVERITIES = {f"{_SH}Violation": "error", f"{_SH}Warning": "warning", f"{_SH}Info": "info"}
#: What a shape says that is no constraint, by its name in SHACL or its whole IRI.
_ABOUT = frozenset(
    {
        *("path", "message", "severity", "targetClass", "targetSubjectsOf"),
        *("qualifiedMaxCount", RDF.type, RDFS.label, RDFS.comment),
    }
)
#: What says whom a shape is for; without a translation nobody would be judged by it.
_TARGETS = frozenset({"target", "targetNode", "targetObjectsOf", "targetWhere", "shape"})
#: Constraints that each value breaks or keeps by itself.
_BY_VALUE = frozenset(
    {"class", "datatype", "nodeKind", "in", "minInclusive", "maxInclusive", "pattern", "node", "or", "not", "xone"}
)
#: So many nodes are named in one query.
_CHUNK = 2_000
#: Constraints that only a node with several values of a property can break.
_SEVERAL = frozenset({"maxCount", "uniqueLang", "qualifiedValueShape"})
#: The two that make one constraint; the first stands for both.
_QUALIFIED = ("qualifiedValueShape", "qualifiedMaxCount")
_TRANSLATED = _BY_VALUE | _SEVERAL | {"minCount", "hasValue", "lessThan", "lessThanOrEquals", "disjoint", "property"}
_CASTS = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.boolean, XSD.date, XSD.gYearMonth, XSD.gYear})

_Node = NamedNode | BlankNode | Literal | Triple
_Shapes = Mapping[_Node, Mapping[str, list[_Node]]]


class Violation(NamedTuple):
    """A node that breaks a shape: the node as text, how grave (error, warning, info), and the words of the shape."""

    focus: str
    severity: str
    message: str


def violations(store: Store) -> Iterator[Violation]:
    """Yield what in a store breaks the shapes, each node once for each message; in the order of the shapes.

    Nodes whose IRI is none are left to the rule `broken-iri`.

    Raises
    ------
    QueryError
        The shapes use a part of SHACL that is not translated.
    """
    aimed: dict[str, bool] = {}
    found: dict[str, frozenset[str]] = {}  # several shapes ask the same of different targets
    for one in constraints():
        if one.targets not in aimed:
            aimed[one.targets] = store.ask(f"ASK {{ {one.targets} }}")
        if not aimed[one.targets]:
            continue
        if one.sieve not in found:
            rows = store.select(f"SELECT DISTINCT ?f {{ {one.sieve} }}").rows
            found[one.sieve] = frozenset(str(node) for (node,) in rows if _can_be_named(node))
        for focus in _confirmed(store, one, found[one.sieve]):
            yield Violation(focus.strip("<>"), one.severity, one.message)


class _Constraint(NamedTuple):
    """One constraint of one shape.

    Attributes
    ----------
    sieve
        The pattern of the nodes that may break it, whether they are targets or not.
    targets
        The pattern of the targets.
    exact
        The pattern of the nodes that break it, where the sieve lets others through; else empty.
    """

    sieve: str
    targets: str
    exact: str
    severity: str
    message: str


def _confirmed(store: Store, one: _Constraint, nodes: frozenset[str]) -> list[str]:
    """Return those of the nodes that are targets and break the constraint, sorted.

    Each is looked up by itself (``EXISTS``). Blank nodes cannot be named in a query, and are sought among the targets.
    """
    breaks = f"FILTER EXISTS {{ {one.exact} }}" if one.exact else ""
    blank = {node for node in nodes if node.startswith("_:")}
    queries = [f"SELECT DISTINCT ?f {{ {one.targets} FILTER(isBlank(?f)) {breaks} }}"] if blank else []
    named = iter(sorted(nodes - blank))
    while chunk := [*islice(named, _CHUNK)]:
        values = f"VALUES ?f {{ {' '.join(chunk)} }}"
        queries.append(f"SELECT ?f {{ {values} FILTER EXISTS {{ {one.targets} }} {breaks} }}")
    return sorted({str(focus) for query in queries for (focus,) in store.select(query).rows} & nodes)


def _can_be_named(node: Cell) -> bool:
    """Tell whether a query can name a node, or seek it: a store may hold IRIs that are none (the rule `broken-iri`)."""
    if isinstance(node, NamedNode):
        try:
            NamedNode(node.value)
        except ValueError:
            return False
    return isinstance(node, NamedNode | BlankNode)


@cache
def constraints() -> tuple[_Constraint, ...]:
    """Return the constraints of the shapes, in their order."""
    shapes: dict[_Node, dict[str, list[_Node]]] = {}
    for quad in parse(path=data_path("ontology/shapes.ttl"), format=RdfFormat.TURTLE):
        name = quad.predicate.value
        shapes.setdefault(quad.subject, {}).setdefault(name.removeprefix(_SH), []).append(quad.object)
    made = []
    for shape, said in shapes.items():
        for name in _TARGETS & said.keys():
            raise _unknown(f"sh:{name}")
        targets = [f"{{ ?f a {c} }}" for c in said.get("targetClass", ())]
        targets += [f"{{ ?f {p} ?target }}" for p in said.get("targetSubjectsOf", ())]
        if targets:
            where = " UNION ".join(targets)
            parts = [(shape, _Writer(shapes).of_node(shape, where))]
            parts += [(one, _Writer(shapes).of_property(one, where)) for one in said.get("property", ())]
            made += [
                _Constraint(sieve, where, exact, _severity(shapes[one]), _message(shapes[one]))
                for one, patterns in parts
                for sieve, exact in patterns
            ]
    return tuple(made)


def _severity(said: Mapping[str, list[_Node]]) -> str:
    (severity,) = said.get("severity", [NamedNode(f"{_SH}Violation")])
    return _SEVERITIES[severity.value] if isinstance(severity, NamedNode) else "error"


def _message(said: Mapping[str, list[_Node]]) -> str:
    return " ".join(one.value for one in said.get("message", ()) if isinstance(one, Literal))


class _Writer:
    """Writes the queries of one shape; holds the shapes, and the count of the variables used so far."""

    def __init__(self, shapes: _Shapes) -> None:
        self.shapes = shapes
        self.numbers = count()

    def new(self) -> str:
        return f"?v{next(self.numbers)}"

    def of_node(self, shape: _Node, targets: str) -> Iterator[tuple[str, str]]:
        """Yield sieve and exact pattern of each constraint on the targets themselves."""
        for name, value in self.constraints(shape):
            if name != "property":  # those stand for themselves
                yield f"{{ {targets} }} FILTER({self.breaks(name, value, '?f')})", ""

    def of_property(self, shape: _Node, targets: str) -> Iterator[tuple[str, str]]:
        """Yield sieve and exact pattern of each constraint on the values of a property, by `?f` that breaks it."""
        said = self.shapes[shape]
        for name, value in self.constraints(shape):
            self.numbers = count()  # so that the same question has the same words
            if name in ("minCount", "hasValue"):  # what is not there is sought from the targets
                yield f"{{ {targets} }} {self.counted(name, said, value, '?f', 'MINUS')}", ""
            elif name in _BY_VALUE:
                # The values are few where the triples are many: a million claims have some twenty predicates. They are
                # grouped since Oxigraph moves a filter below DISTINCT, and would then judge each value once per triple.
                each, times = self.new(), self.new()
                triples = self.path(said, self.new(), each)
                bad = f"{{ SELECT {each} (COUNT(*) AS {times}) {{ {triples} }} GROUP BY {each} }}"
                wrong = f"{{ SELECT {each} {{ {bad} FILTER({self.breaks(name, value, each)}) }} }}"
                yield f"{wrong} {self.path(said, '?f', each)}", ""
            elif name in _SEVERAL:
                # Only who has several values can break it, and to count them is ten times quicker on disk than to
                # compare each with each.
                each, times = self.new(), self.new()
                values = f"SELECT ?f (COUNT(*) AS {times}) {{ {self.path(said, '?f', each)} }} GROUP BY ?f"
                several = f"{{ {values} }} FILTER({times} > {_text(value) if name == 'maxCount' else 1})"
                yield several, self.counted(name, said, value, "?f", "MINUS")
            elif name == "disjoint":  # each property is read once
                each = self.new()
                one, other = self.path(said, "?f", each), f"?f {value} {each} ."
                yield f"{{ SELECT ?f {each} {{ {one} }} }} {{ SELECT ?f {each} {{ {other} }} }}", ""
            else:
                yield self.counted(name, said, value, "?f", "MINUS"), ""

    def constraints(self, shape: _Node) -> Iterator[tuple[str, _Node]]:
        """Yield the constraints of a shape, by name; of the two that make one only `qualifiedValueShape`."""
        said = self.shapes[shape]
        for one, other in (_QUALIFIED, _QUALIFIED[::-1]):
            self.expect(one not in said or other in said, f"sh:{one} without sh:{other}")
        for name, values in said.items():
            self.expect(name in _ABOUT or name in _TRANSLATED, f"<{name}>" if ":" in name else f"sh:{name}")
            if name in _TRANSLATED:
                for value in values:
                    yield name, value

    def path(self, said: Mapping[str, list[_Node]], focus: str, value: str) -> str:
        """Return the triple pattern from a node to a value of the property."""
        (path,) = said["path"]
        if isinstance(path, NamedNode):
            return f"{focus} {path} {value} ."
        self.expect("inversePath" in self.shapes[path], "a path other than a property or its inverse")
        (inverse,) = self.shapes[path]["inversePath"]
        return f"{value} {inverse} {focus} ."

    def counted(self, name: str, said: Mapping[str, list[_Node]], value: _Node, focus: str, absent: str) -> str:
        """Return the pattern of a node that breaks a constraint on all values of a property together.

        Absence is said by ``MINUS`` where all nodes are asked for, which reads the property once; inside an expression,
        where one node is asked for, by ``FILTER NOT EXISTS``.
        """
        one, other = self.new(), self.new()
        here = self.path(said, focus, one)
        if name == "minCount":
            self.expect(int(_text(value)) == 1, "sh:minCount above 1")
            return f"{absent} {{ {here} }}"
        if name == "hasValue":
            return f"{absent} {{ {self.path(said, focus, str(value))} }}"
        if name == "maxCount":
            several = [self.new() for _ in range(int(_text(value)) + 1)]
            differ = " && ".join(f"!sameTerm({a}, {b})" for a, b in combinations(several, 2))
            filtered = f" FILTER({differ})" if differ else ""
            return " ".join(self.path(said, focus, each) for each in several) + filtered
        both = f"{here} {self.path(said, focus, other)}"
        if name == "uniqueLang":
            tags = f'LANG({one}) != "" && LCASE(LANG({one})) = LCASE(LANG({other}))'
            return f"{both} FILTER({tags} && !sameTerm({one}, {other}))"
        if name in ("lessThan", "lessThanOrEquals"):
            sign = "<" if name == "lessThan" else "<="
            return f"{here} {focus} {value} {other} . FILTER(!COALESCE({one} {sign} {other}, false))"
        if name == "disjoint":
            return f"{here} {focus} {value} {one} ."
        if name == "qualifiedValueShape":
            (most,) = said["qualifiedMaxCount"]
            self.expect(int(_text(most)) == 1, "sh:qualifiedMaxCount above 1")
            fit = f"!({self.fails(value, one)}) && !({self.fails(value, other)})"
            return f"{both} FILTER({fit} && !sameTerm({one}, {other}))"
        raise _unknown(f"sh:{name}")

    def fails(self, shape: _Node, node: str) -> str:
        """Return the expression that is true where a node does not conform to a shape."""
        parts = []
        for name, value in self.constraints(shape):
            if name == "property":
                parts += [f"EXISTS {{ {pattern} }}" for pattern in self.inner(value, node)]
            else:
                parts.append(self.breaks(name, value, node))
        self.expect(bool(parts), f"a shape without constraints, {shape}")
        return " || ".join(f"({part})" for part in parts)

    def inner(self, shape: _Node, node: str) -> Iterator[str]:
        """Yield a pattern for each constraint of a property shape that stands inside another shape."""
        said = self.shapes[shape]
        for name, value in self.constraints(shape):
            if name in _BY_VALUE:
                each = self.new()
                yield f"{self.path(said, node, each)} FILTER({self.breaks(name, value, each)})"
            else:
                yield self.counted(name, said, value, node, "FILTER NOT EXISTS")

    def breaks(self, name: str, value: _Node, node: str) -> str:
        """Return the expression that is true where a node breaks a constraint."""
        if name == "class":
            return f"NOT EXISTS {{ {node} a {value} }}"
        if name == "datatype":
            legal = f" && COALESCE(BOUND({node}) && ({value}(STR({node})) = {node}), false)"
            typed = f"COALESCE(DATATYPE({node}) = {value}, false)"
            return f"!(isLiteral({node}) && {typed}{legal if _text(value) in _CASTS else ''})"
        if name == "nodeKind":
            self.expect(_text(value) in (f"{_SH}IRI", f"{_SH}Literal"), f"sh:nodeKind {value}")
            return f"!isIRI({node})" if _text(value) == f"{_SH}IRI" else f"!isLiteral({node})"
        if name == "in":
            return f"!COALESCE({' || '.join(f'sameTerm({node}, {one})' for one in self.items(value))}, false)"
        if name in ("minInclusive", "maxInclusive"):
            return f"!COALESCE({node} {'>=' if name == 'minInclusive' else '<='} {value}, false)"
        if name == "pattern":
            return f"isBlank({node}) || !REGEX(STR({node}), {value})"
        if name == "node":
            return self.fails(value, node)
        if name == "not":
            return f"!({self.fails(value, node)})"
        self.expect(name in ("or", "xone"), f"sh:{name}")
        failing = [self.fails(one, node) for one in self.items(value)]
        if name == "or":
            return " && ".join(f"({one})" for one in failing)
        return f"({' + '.join(f'IF({one}, 0, 1)' for one in failing)}) != 1"

    def items(self, head: _Node) -> Iterator[_Node]:
        """Yield the members of an RDF list."""
        while head != NamedNode(f"{_RDF}nil"):
            (first,), (head,) = self.shapes[head][f"{_RDF}first"], self.shapes[head][f"{_RDF}rest"]
            yield first

    def expect(self, supported: bool, what: str) -> None:
        if not supported:
            raise _unknown(what)


def _unknown(what: str) -> QueryError:
    add = "Add it to kg/checks/shapes.py."
    return QueryError(f"The shapes use {what}, which is not translated into SPARQL. {add}")


def _text(term: _Node) -> str:
    return "" if isinstance(term, Triple) else term.value
