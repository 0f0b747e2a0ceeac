r"""What of SPARQL would make the engine reach out: SERVICE and LOAD, found by the engine's own parser.

The engine has no syntax tree to ask, and cannot be told to make no request. Its parser is asked instead: it gets the
text with the letters of SERVICE and LOAD changed. In a comment, a string, an IRI or a variable that makes no
difference; a keyword so changed can no longer be parsed. The parser that judges is thus the one that will read the
query, and no comment, quote or less-than sign can be read one way here and another way there.

A letter may be written as ``\u0053`` too. This engine takes no keyword so written, but those behind an endpoint do.
"""

from __future__ import annotations

import re
from typing import Literal

from pyoxigraph import Store as Engine

from kg.model.errors import QueryRefused
from kg.model.terms import PREFIXES

__all__ = ["OUTWARD", "Kind", "fault", "muted", "refuse_outward"]

Kind = Literal["query", "update"]


def _letter(letter: str) -> str:
    codes = "|".join(rf"\\u{ord(case):04x}|\\U{ord(case):08x}" for case in (letter.upper(), letter.lower()))
    return f"(?:{letter}|{codes})"


#: SERVICE and LOAD wherever they stand, in letters of any case and as escapes.
OUTWARD = re.compile("|".join("".join(map(_letter, word)) for word in ("service", "load")), re.IGNORECASE)


def muted(text: str) -> str:
    """Return the text, at equal length, with the last letter of each SERVICE and LOAD changed, so that none is one.

    Examples
    --------
    >>> muted("ASK { SERVICE <a:b> { ?load ?b ?c } }")
    'ASK { SERVICF <a:b> { ?loaf ?b ?c } }'
    """
    return OUTWARD.sub(lambda match: match[0][:-1] + _OTHER.get(match[0][-1], "6"), text)  # \u0045 is E, \u0046 is F


_OTHER = {"e": "f", "E": "F", "d": "f", "D": "F"}


def fault(muted: str, kind: Kind) -> str:
    """Return what the engine says against a text that `muted` made; nothing where it can be parsed."""
    engine = Engine()
    try:
        if kind == "update":
            engine.update(muted, prefixes=PREFIXES)
        else:
            engine.query(muted, prefixes=PREFIXES)
    except SyntaxError as error:
        return str(error) or "no reason"
    except (OSError, RuntimeError):
        return ""  # it parses; whether it runs is seen when it runs
    return ""


def refuse_outward(text: str, kind: Kind) -> None:
    """Raise where the engine, given this text, might read anything but its own quads.

    Raises
    ------
    QueryRefused
        It has a SERVICE clause or a LOAD operation, or cannot be parsed.
    """
    if OUTWARD.search(text) and fault(muted(text), kind):
        raise QueryRefused(
            f"This SPARQL {kind} cannot be parsed without its SERVICE or LOAD, which are refused: it reads this graph "
            "and nothing else, no address and no file."
        )
