"""What files say of people, before anything is looked up: whose it is, what they call a skill, and running text.

A file is known by what it holds, not by its name alone. What has fields of its own for skills and certificates gives
them as `Item`; what does not gives its text, in which names are then looked for (`kg.careers.reading`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.sources.texts import Text

__all__ = ["Item", "Written", "passage"]


class Item(NamedTuple):
    """What a file calls a skill, a tool, a certificate or an occupation of somebody, as it is written.

    Attributes
    ----------
    iri
        What it is in some framework, where the file says so.
    kind
        ``certification`` or ``role`` where the file says so; ``list`` where the words may be several; else empty.
    why
        Why it does not count, where the file says so.
    """

    words: str
    place: str = ""
    level: str = ""
    years: float | None = None
    since: str = ""
    until: str = ""
    issuer: str = ""
    note: str = ""
    iri: tuple[str, ...] = ()
    kind: str = ""
    why: str = ""


class Written(NamedTuple):
    """What a file says of one person.

    Attributes
    ----------
    text
        A text that may be a list.
    prose
        Passages of running text, in fields that are for it, such as a summary.
    """

    name: str = ""
    items: tuple[Item, ...] = ()
    text: Text | None = None
    prose: tuple[Text, ...] = ()


def passage(place: str, content: str) -> Text:
    """Return running text that stands in a field."""
    return Text(place, content, lines=(0, *(found.end() for found in re.finditer("\n", content))))
