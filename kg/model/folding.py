"""Names compared as people compare them: without case, accents and punctuation."""

from __future__ import annotations

import unicodedata

__all__ = ["fold"]


def fold(text: str) -> str:
    """Return a name without case, accents, spaces and punctuation, keeping ``+`` and ``#`` (C++, C#).

    Examples
    --------
    >>> fold("Scikit-learn"), fold("AIP C01"), fold("Ünïted"), fold("C++")
    ('scikitlearn', 'aipc01', 'united', 'c++')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum() or char in "+#") or plain.strip()
