"""Is a certification on offer on a given day? The rule, in one place.

On offer is what is active, or was or will be active on that day because its end lies after it, and is not known to
start after it. Within 90 days of its end it is *ending*. Beta and announced ones are on offer only to whoever asks
for them; planned, unverified and ended ones never are. What is known is what is known today, not what was known on
that day. A status older than 90 days is *not recently checked*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from kg.model.errors import BadInput
from kg.model.graphs import local_name

__all__ = ["ENDING", "STALE", "Include", "Offer", "first_day", "offer"]

#: What else may count as a next step, besides what is active and open to everybody.
Include = Literal["ending", "beta", "announced", "restricted"]

#: A certification whose end is nearer than this is *ending*.
ENDING = timedelta(days=90)
#: A status older than this is *not recently checked*.
STALE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is on offer on a day.

    Attributes
    ----------
    on_offer
        Whether it can be taken on that day; *ending* ones and business exams can be, but are no next step unasked.
    status
        ``active``, ``ending``, ``beta``, ``announced``, ``planned``, ``retiring``, ``retired``, ``unverified``, or
        ``not started``.
    since, until
        ISO dates of the precision known, empty where unknown.
    checked
        When the status was last checked.
    stale
        Whether that is more than 90 days before the day asked about.
    """

    on_offer: bool
    status: str
    since: str
    until: str
    checked: str
    stale: bool


def first_day(text: str) -> date:
    """Return the first day of an ISO date of any precision.

    Raises
    ------
    BadInput
        The text is no such date.

    Examples
    --------
    >>> first_day("2026-10")
    datetime.date(2026, 10, 1)
    """
    try:
        return date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])
    except ValueError:
        raise BadInput(f'"{text}" is no date in the data. Write it YYYY, YYYY-MM or YYYY-MM-DD.') from None


def _values(value: Any) -> tuple[str, ...]:  # an attribute: nothing, text, or a tuple where sources disagree
    found = value if isinstance(value, tuple) else (value,)
    return tuple(sorted(str(one) for one in found if one)) or ("",)


def offer(attributes: Mapping[str, Any], day: date) -> Offer:
    """Tell whether a certification is on offer on a day.

    Parameters
    ----------
    attributes
        Node attributes of the certification: ``status``, ``statusAsOf``, ``validFrom``, ``validThrough``.
    day
        The day asked about.

    Examples
    --------
    >>> ai_102 = {"status": "retired", "statusAsOf": "2026-09-27", "validThrough": "2026-06-30"}
    >>> [offer(ai_102, date.fromisoformat(d)).status for d in ("2026-01-15", "2026-05-01", "2026-11-22")]
    ['active', 'ending', 'retired']
    """
    # Where sources disagree the careful one is taken: every other status comes after "active", the latest start, the
    # earliest end, the oldest check.
    state = local_name(_values(attributes.get("status"))[-1]) or "unverified"
    since, until = _values(attributes.get("validFrom"))[-1], _values(attributes.get("validThrough"))[0]
    checked = _values(attributes.get("statusAsOf"))[0]
    status = state
    if state in ("active", "retiring", "retired"):
        if until and first_day(until) > day:
            status = "ending" if first_day(until) - day <= ENDING else "active"
        elif until:
            status = "retired"
    if status in ("active", "ending", "beta", "announced") and since and first_day(since) > day:
        status = "not started"
    stale = not checked or day - first_day(checked) > STALE
    return Offer(status in ("active", "ending"), status, since, until, checked, stale)
