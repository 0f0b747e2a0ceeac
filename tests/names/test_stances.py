"""What a text says of a name: sentences of CVs and advertisements that were written down before the rules."""

from __future__ import annotations

import csv
from pathlib import Path

from kg.names.stances import stance

SENTENCES = Path(__file__).with_name("polarity.csv")


def test_most_is_read_as_it_is_meant_and_what_is_denied_is_not_counted() -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    said = [stance(r["sentence"], at := r["sentence"].index(r["mention"]), at + len(r["mention"])) for r in rows]
    assert len({row["sentence"] for row in rows}) >= 200
    assert sum(row["stance"] == one for row, one in zip(rows, said, strict=True)) >= 0.95 * len(rows)
    denied = [one for row, one in zip(rows, said, strict=True) if row["stance"] == "denied"]
    assert sum(one != "asserted" for one in denied) >= 0.98 * len(denied)
