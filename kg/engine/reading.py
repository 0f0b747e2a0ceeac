"""Reading SPARQL before it runs: what it would do, what of it is refused, and where it goes wrong.

What is refused is found by the engine's own parser (`kg.stores.outward`). A parser of another library was rejected: it
may read one way what the engine reads another; and rdflib's takes half a second to import.

The words of a query (`kg.stores.lexer`) serve only for what is said about it: never for what is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.model.errors import QueryError, QueryRefused
from kg.model.terms import PREFIXES
from kg.stores.lexer import Word, words
from kg.stores.outward import OUTWARD, Kind, fault, muted

__all__ = ["Kind", "declare", "explain", "kind_of", "refuse_reaching_out"]

_QUERY_FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})
_UPDATE_FORMS = frozenset(
    {"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "USING"}
)
_PLACE = re.compile(r"at (\d+):(\d+)")
#: What the engine says in words, among the characters and keywords it would have taken.
_PHRASE = re.compile(r"(?:[A-Z][a-z]+|The SELECT|BIND|IRI) [a-z][a-z ]{8,}")


def kind_of(text: str) -> Kind:
    """Return whether the text reads as a query or as an update; what is neither is left to the parser, as a query.

    Examples
    --------
    >>> kind_of("PREFIX x: <a:b> INSERT DATA { x:a x:b 'SELECT' }")
    'update'
    """
    for word in words(text):
        if word.kind == "word" and word.text.upper() in _QUERY_FORMS:
            return "query"
        if word.kind == "word" and word.text.upper() in _UPDATE_FORMS:
            return "update"
    return "query"


def declare(text: str) -> str:
    """Return the text with those of the project's prefixes declared that it uses without declaring them.

    They stand before its first line, so that the numbers of its lines stay. For stores that cannot be told prefixes
    beside the query.

    Examples
    --------
    >>> declare("SELECT ?r { ?r a kg:Role }")
    'PREFIX kg: <https://w3id.org/career-kg/ontology#> SELECT ?r { ?r a kg:Role }'
    """
    declared: set[str] = set()
    used: set[str] = set()
    last = ""
    for word in words(text):
        if word.kind == "name":
            prefix = word.text.partition(":")[0]
            (declared if last.upper() == "PREFIX" else used).add(prefix)
        last = word.text
    missing = [prefix for prefix in PREFIXES if prefix in used - declared]
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + text


def refuse_reaching_out(text: str, kind: Kind) -> None:
    """Raise where a query or an update would read anything but the graph.

    Raises
    ------
    QueryRefused
        It has a SERVICE clause or a LOAD operation.
    QueryError
        It cannot be parsed.
    """
    if OUTWARD.search(text) and fault(muted(text), kind):
        raise explain(text, kind)


def explain(text: str, kind: Kind) -> QueryError:
    r"""Return why a text cannot be parsed, as our error: line, column, the line itself with a caret below.

    The engine's own place is that of the longest keyword it tried there, up to a dozen characters too far. The first
    word with which the text can no longer become a query is found by parsing beginnings of the text.

    Examples
    --------
    >>> print(explain("SELECT ?a\n{ ?a a kg:Role } LIMIT ten", "query"))
    This SPARQL cannot be parsed: line 2, column 24: "ten" cannot stand here.
      { ?a a kg:Role } LIMIT ten
                             ^
    """
    quiet = muted(text)
    found = list(words(text))
    first, last = 0, len(found)  # the words before `first` can begin a query; with the one at `last` they cannot
    while first < last:
        middle = (first + last) // 2
        if _can_begin(quiet[: found[middle].end], kind):
            first = middle + 1
        else:
            last = middle
    said = _PHRASE.search(fault(quiet, kind))
    if first == len(found):
        place = len(text.rstrip())
        why = "the text ends too early. Look for a bracket or a quote that is not closed"
        if said and "IRI" not in said[0]:
            why = f"{said[0][0].lower()}{said[0][1:]}"
    else:
        word = found[first]
        place = word.start
        shown = word.text if len(word.text) < 40 else f"{word.text[:37]}…"
        why = f'"{shown}" cannot stand here'
        if unknown := _undeclared(found, word):
            why = f'the prefix "{unknown}:" is not declared. Write PREFIX {unknown}: <…> before it'
        elif any(match.start() < word.end and word.start < match.end() for match in OUTWARD.finditer(text)):
            return QueryRefused(
                f"SERVICE and LOAD are refused: a query reads this graph and nothing else, no address and no file. "
                f"Fetch the data yourself, then `kg load FILE --into FOLDER`.\n{_pointed(text, place)}"
            )
        elif said and "IRI" in said[0]:
            why = f"{shown} is not absolute, and there is no BASE" if word.kind == "iri" else "this is no IRI"
        elif said:
            why = f"{said[0][0].lower()}{said[0][1:]}"
    line, column = _line_column(text, place)
    return QueryError(f"This SPARQL cannot be parsed: line {line}, column {column}: {why}.\n{_pointed(text, place)}")


def _can_begin(quiet: str, kind: Kind) -> bool:
    """Whether something can follow this text to make it whole: the engine then goes on to the end of a comment."""
    place = _PLACE.search(fault(f"{quiet} \n#{'-' * 40}", kind))
    if place is None:
        return True
    lines = quiet.count("\n") + 2
    return int(place[1]) == lines and int(place[2]) > 40


def _undeclared(found: Sequence[Word], word: Word) -> str:
    """Return the prefix of a word where nothing declares it; else nothing."""
    if word.kind != "name":
        return ""
    declared = {name.text.partition(":")[0] for before, name in pairwise(found) if before.text.upper() == "PREFIX"}
    prefix = word.text.partition(":")[0]
    return "" if prefix in declared or prefix in PREFIXES else prefix


def _line_column(text: str, place: int) -> tuple[int, int]:
    before = text[:place]
    return before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1


def _pointed(text: str, place: int) -> str:
    """Return the line of a place, and below it a caret; of a long line the part around it."""
    line, column = _line_column(text, place)
    shown = text.split("\n")[line - 1].rstrip("\r").replace("\t", " ")
    cut = max(0, column - 60)
    return f"  {shown[cut : cut + 100]}\n  {' ' * (column - 1 - cut)}^"
