"""What one asks first of a certification: level, price, minutes, validity, renewal, status, what must be held before.

Plain words, for certifications side by side; what no source states is said to be not stated, since no statement and
none needed are two things. `kg.questions.show` has all that is known of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kg.careers.offers import offer
from kg.model.answers import text
from kg.model.graphs import Attributes, local_name

__all__ = ["exam_facts"]

_UNKNOWN = "not stated"


def exam_facts(attributes: Attributes, day: date, prerequisites: Sequence[str] = ()) -> dict[str, str]:
    """Return what is stated of a certification, in words, by what it is about.

    Parameters
    ----------
    attributes
        Of its node.
    day
        The day asked about.
    prerequisites
        Labels of what a source says must be held before.

    Examples
    --------
    >>> found = exam_facts({"priceUSD": 0, "validityMonths": 24}, date(2026, 11, 22))
    >>> found["price"], found["valid for"], found["minutes"]
    ('free', '24 months', 'not stated')
    """

    def said(name: str) -> Any:  # an attribute: text, a number, or a tuple where sources disagree
        return attributes.get(name)

    price, months = said("priceUSD"), said("validityMonths")
    offered = offer(attributes, day)
    until = f", until {offered.until}" if offered.until else ""
    levels = said("certificationLevel") or ()
    levels = levels if isinstance(levels, tuple) else (levels,)
    return {
        "level": "; ".join(local_name(level).removesuffix("Level").lower() for level in levels) or _UNKNOWN,
        "price": _UNKNOWN if price is None else "free" if price == 0 else f"USD {text(price)}",
        "minutes": text(said("examMinutes")) or _UNKNOWN,
        "valid for": _UNKNOWN if months is None else f"{text(months)} months",
        "renewal": text(said("validityNote")) or _UNKNOWN,
        "status": f"{offered.status}{until}{'; not recently checked' if offered.stale else ''}",
        "prerequisites": ", ".join(prerequisites) or "none stated",
    }
