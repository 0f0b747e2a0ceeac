"""Which language a label is shown in: that asked for, else English, else one for a whole answer.

Tags are compared as RFC 4647 does a lookup: without case, and ``de-CH`` finds ``de``. Where a language is asked for and
only its varieties are there, ``en`` finds ``en-GB``: a reader of one reads the other.

References
----------
A. Phillips, M. Davis, Matching of Language Tags, RFC 4647 (2006), section 3.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

__all__ = ["best_tag", "common_tag"]


def best_tag(tags: Collection[str | None], lang: str, fallback: str = "") -> str | None:
    """Return the tag to show among those there are; None is the tag of what has none.

    Parameters
    ----------
    fallback
        What to show where there is neither the language, nor English, nor a text without a tag.

    Examples
    --------
    >>> best_tag(["fr", "en-GB"], "EN"), best_tag(["fr", "de"], "de-CH"), best_tag(["fr", None], "es")
    ('en-GB', 'de', None)
    >>> best_tag(["es", "fr"], "en", fallback="fr"), best_tag(["es", "fr"], "en", fallback="sv")
    ('fr', 'es')
    """
    if found := _wanted(tags, lang):
        return found
    there = sorted(tag for tag in tags if tag)
    if None in tags or not there:
        return None
    return fallback if fallback in there else there[0]


def common_tag(tagged: Iterable[Collection[str | None]], lang: str) -> str:
    """Return the fallback of a whole answer: of the things with no label in the language, the tag that most have.

    Parameters
    ----------
    tagged
        For each thing, the tags of its labels.

    Examples
    --------
    >>> common_tag([["es", "fr"], ["es", "fr"], ["fr"], ["en", "es"], ["en", "es"]], "en")
    'fr'
    """
    counts = Counter(tag for tags in tagged if None not in tags and not _wanted(tags, lang) for tag in {*tags} if tag)
    return min(counts, key=lambda tag: (-counts[tag], tag), default="")


def _wanted(tags: Collection[str | None], lang: str) -> str | None:
    """Return the tag of the language asked for, or of English."""
    there = sorted(tag for tag in tags if tag)
    for wanted in (*_ranges(lang), "en"):
        found = [tag for tag in there if tag.casefold() == wanted]
        found = found or [tag for tag in there if tag.casefold().startswith(f"{wanted}-")]
        if found:
            return found[0]
    return None


def _ranges(lang: str) -> Iterator[str]:
    """Yield a tag and what is left of it when its last part is taken away, again and again."""
    parts = lang.casefold().split("-")
    while parts and parts[0]:
        yield "-".join(parts)
        parts.pop()
