"""Whether a certification is on offer on a day: the rule, case by case, and as laws."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given

from kg.careers.offers import ENDING, STALE, first_day, offer
from kg.model.errors import BadInput
from kg.model.terms import KG
from tests.strategies import DAYS, Attributes, certifications

TODAY = date(2026, 11, 22)
AI_102: Attributes = {"status": KG.retired, "statusAsOf": "2026-09-27", "validThrough": "2026-06-30"}


@pytest.mark.parametrize(
    ("day", "status", "on_offer"),
    [
        ("2026-01-15", "active", True),
        ("2026-03-31", "active", True),  # 91 days before the end
        ("2026-04-01", "ending", True),  # 90 days before
        ("2026-05-01", "ending", True),
        ("2026-06-29", "ending", True),
        ("2026-06-30", "retired", False),
        ("2026-11-22", "retired", False),
    ],
)
def test_what_ends_is_active_then_ending_then_retired(day: str, status: str, on_offer: bool) -> None:
    found = offer(AI_102, date.fromisoformat(day))
    assert (found.status, found.on_offer) == (status, on_offer)


@pytest.mark.parametrize("state", ["beta", "announced", "planned", "unverified"])
def test_what_is_not_yet_or_not_known_to_be_offered_never_is(state: str) -> None:
    said = {"status": f"{KG.active.removesuffix('active')}{state}", "validFrom": "2020", "validThrough": "2030-01-01"}
    found = offer(said, TODAY)
    assert (found.on_offer, found.status) == (False, state)


@pytest.mark.parametrize("missing", [{}, {"status": ""}, {"status": ()}])
def test_unknown_status_is_unverified(missing: Attributes) -> None:
    found = offer({**missing, "validThrough": "2030-01-01"}, TODAY)
    assert (found.on_offer, found.status) == (False, "unverified")


def test_retired_without_a_known_end_is_not_on_offer_on_any_day() -> None:
    assert not any(offer({"status": KG.retired}, TODAY - timedelta(days=d)).on_offer for d in range(0, 3000, 100))


def test_retiring_becomes_retired_on_its_end() -> None:
    said = {"status": KG.retiring, "validThrough": "2026-09-28"}
    found = [offer(said, date(2026, month, 28)).status for month in (5, 8, 9, 11)]
    assert found == ["active", "ending", "retired", "retired"]


def test_retiring_without_a_known_end_is_not_on_offer() -> None:
    found = offer({"status": KG.retiring}, TODAY)
    assert (found.on_offer, found.status) == (False, "retiring")


def test_active_whose_end_has_passed_is_retired() -> None:
    assert offer({"status": KG.active, "validThrough": "2026-11-22"}, TODAY).status == "retired"


@pytest.mark.parametrize(
    ("since", "day", "status"),
    [
        ("2026-05-01", "2026-04-30", "not started"),
        ("2026-05-01", "2026-05-01", "active"),
        ("2026-05", "2026-04-30", "not started"),
        ("2026-05", "2026-05-01", "active"),
        ("2026", "2025-12-31", "not started"),
        ("2026", "2026-01-01", "active"),
    ],
)
def test_nothing_is_on_offer_before_its_known_start(since: str, day: str, status: str) -> None:
    found = offer({"status": KG.active, "validFrom": since}, date.fromisoformat(day))
    assert (found.status, found.on_offer) == (status, status == "active")


@pytest.mark.parametrize(
    ("until", "last_day"), [("2026-06-30", "2026-06-29"), ("2026-06", "2026-05-31"), ("2026", "2025-12-31")]
)
def test_an_end_of_lesser_precision_counts_from_its_first_day(until: str, last_day: str) -> None:
    last = date.fromisoformat(last_day)
    said = {"status": KG.active, "validThrough": until}
    assert offer(said, last).on_offer
    assert not offer(said, last + timedelta(days=1)).on_offer


def test_a_status_older_than_ninety_days_is_not_recently_checked() -> None:
    said = {"status": KG.active, "statusAsOf": "2026-08-24"}
    assert [offer(said, TODAY + timedelta(days=d)).stale for d in (-1, 0, 1)] == [False, False, True]
    assert offer({"status": KG.active}, TODAY).stale, "never checked"
    assert not offer(AI_102, date(2026, 1, 15)).stale, "checked later than the day asked about"


def test_where_sources_disagree_the_careful_one_is_taken() -> None:
    assert not offer({"status": (KG.active, KG.retired)}, TODAY).on_offer
    assert not offer({"status": (KG.active, KG.unverified)}, TODAY).on_offer
    assert not offer({"status": KG.active, "validThrough": ("2026-06-30", "2030-01-01")}, TODAY).on_offer
    assert not offer({"status": KG.active, "validFrom": ("2026-01", "2027-01")}, TODAY).on_offer
    assert offer({"status": KG.active, "statusAsOf": ("2026-01-01", "2026-11-01")}, TODAY).stale


@pytest.mark.parametrize(
    ("text", "day"), [("2026", (2026, 1, 1)), ("2026-10", (2026, 10, 1)), ("2026-10-05", (2026, 10, 5))]
)
def test_first_day(text: str, day: tuple[int, int, int]) -> None:
    assert first_day(text) == date(*day)


@pytest.mark.parametrize("text", ["soon", "2026-13", "2026-02-30", "26", "Q3 2026"])
def test_what_is_no_date_in_the_data_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="no date"):
        first_day(text)


@given(certifications(), DAYS)
def test_nothing_is_on_offer_outside_its_known_time(said: Attributes, day: date) -> None:
    found = offer(said, day)
    assert found.on_offer == (found.status in ("active", "ending"))
    if found.on_offer:
        assert said["status"] in (KG.active, KG.retiring, KG.retired)
        assert "validThrough" in said or said["status"] == KG.active
        assert "validThrough" not in said or day < first_day(said["validThrough"])
        assert "validFrom" not in said or first_day(said["validFrom"]) <= day


@given(certifications(), DAYS)
def test_an_active_one_within_its_known_time_is_on_offer(said: Attributes, day: date) -> None:
    begun = "validFrom" not in said or first_day(said["validFrom"]) <= day
    going = "validThrough" not in said or day < first_day(said["validThrough"])
    assert offer({**said, "status": KG.active}, day).on_offer == (begun and going)


@given(certifications(), DAYS)
def test_ending_means_on_offer_with_an_end_within_ninety_days(said: Attributes, day: date) -> None:
    found = offer(said, day)
    if found.on_offer:
        soon = "validThrough" in said and first_day(said["validThrough"]) - day <= ENDING
        assert found.status == ("ending" if soon else "active")
    assert found.stale == ("statusAsOf" not in said or day - first_day(said["statusAsOf"]) > STALE)
