"""The words of a name: what is compared where names are not compared whole, and which of them are codes.

Nothing here knows a graph. A *code* is a word that mixes letters and digits, or has fewer than five letters: AZ-500 is
two of them, ML is one. One letter more or less makes another code, so none is ever corrected in spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["codes", "is_code", "meant", "stem", "telling", "tokens"]

_WORD = re.compile(r"[^\W_]+[+#]*|[+#]+")
_LITTLE_WORDS = """
a al als an and as at auf au aux by con da das de degli dei del della der des di die do dos du e ed el en et für for
from het i il im in is la las le les lo los mit of on or oder para per por pour sur the to und van von with y
"""
#: Words that say nothing about what is named: articles, prepositions, conjunctions of languages that labels come in.
_LITTLE = frozenset(_LITTLE_WORDS.split())
_EXCEPTED = re.compile(r",?\s*\b(?:except|other than|excluding)\b.*", re.IGNORECASE | re.DOTALL)
_REMAINDER = re.compile(r",\s*(?:all other|n\.?e\.?c\.?|not elsewhere classified)\s*$", re.IGNORECASE)
#: A word shorter than this is a code or an abbreviation.
_SHORT = 5


def tokens(text: str) -> list[str]:
    """Return every word of a text in order, without case and accents.

    Examples
    --------
    >>> tokens("Développeur C++/C# (AZ-500)")
    ['developpeur', 'c++', 'c#', 'az', '500']
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def telling(text: str) -> list[str]:
    """Return the words of a text that say what it is about: `tokens` without articles and the like.

    Examples
    --------
    >>> telling("Head of the Data Office"), telling("the")
    (['head', 'data', 'office'], [])
    """
    return [token for token in tokens(text) if token not in _LITTLE]


def meant(text: str) -> str:
    """Return a title without what it says it does not mean.

    Examples
    --------
    >>> meant("Energy Engineers, Except Wind and Solar"), meant("Managers, All Other")
    ('Energy Engineers', 'Managers')
    """
    return _REMAINDER.sub("", _EXCEPTED.sub("", text)) or text


def stem(word: str) -> str:
    """Return an English word in the singular; other words lose at most an *s*, in names and in texts alike.

    Examples
    --------
    >>> [stem(word) for word in ("managers", "secretaries", "analysis", "press", "aws")]
    ['manager', 'secretary', 'analysis', 'press', 'aws']
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def is_code(token: str) -> bool:
    """Tell whether a word is a code, which is never corrected.

    Examples
    --------
    >>> [is_code(token) for token in ("ml", "c02", "python3", "data", "azure")]
    [True, True, True, True, False]
    """
    return len(token) < _SHORT or not token.isalpha()


def codes(text: str) -> Iterator[str]:
    """Yield the words of a text that are codes."""
    return filter(is_code, tokens(text))
