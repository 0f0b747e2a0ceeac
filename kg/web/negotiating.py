"""Which form an HTTP client gets: its Accept header against what there is.

References
----------
RFC 9110, HTTP Semantics, section 12.5.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kg.model.syntaxes import RESULTS, SYNTAXES, media_types

__all__ = ["TABLE_TYPES", "TRIPLE_TYPES", "choose"]

#: Media type → form of a table or of yes or no, the preferred first.
TABLE_TYPES: Final = media_types(RESULTS)
#: Media type → form of triples, the preferred first.
TRIPLE_TYPES: Final = media_types(SYNTAXES)


def choose(accept: str, offered: Mapping[str, str]) -> str | None:
    """Return the media type that a client likes best, the first offered among equals; None where it takes none.

    Examples
    --------
    >>> choose("text/csv;q=0.5, application/sparql-results+xml", TABLE_TYPES)
    'application/sparql-results+xml'
    >>> choose("*/*", TABLE_TYPES), choose("", TRIPLE_TYPES), choose("image/png", TRIPLE_TYPES)
    ('application/sparql-results+json', 'text/turtle', None)
    """
    if not accept.strip():
        return next(iter(offered))
    ranges = dict(_ranges(accept))
    best, liked = None, 0.0
    for name in offered:
        general = f"{name.partition('/')[0]}/*"
        quality = next((ranges[each] for each in (name, general, "*/*") if each in ranges), 0.0)
        if quality > liked:
            best, liked = name, quality
    return best


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Yield each media range with its quality; one that cannot be read is passed over."""
    for part in accept.split(",")[:50]:
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = min(max(float(parameter[2:]), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        if "/" in name:
            yield name, quality
