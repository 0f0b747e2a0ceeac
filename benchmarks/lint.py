"""How long names take to find in a text: 41,000 of them in two pages, against one regular expression of them all."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from random import Random

from benchmarks.timing import Measured, in_turn
from kg.names.mentions import Matcher

_NAMES = 41_000
_WORDS = 1_000  # two pages
_SYLLABLES = "ka lo mi ter sys an re da pro in gra ve ton be su cal net or ma qui".split()  # noqa: SIM905


def measure() -> Iterator[Measured]:
    """Yield finding, and building what finds; both sides find the same, and that is checked."""
    random = Random(41)
    lexicon = sorted({"".join(random.choices(_SYLLABLES, k=random.randint(2, 4))) for _ in range(20_000)})
    names = sorted({" ".join(random.choices(lexicon, k=random.randint(1, 4))) for _ in range(_NAMES * 2)})
    names = sorted(random.sample(names, _NAMES))
    text = " ".join(random.choice(names) if random.random() < 0.1 else random.choice(lexicon) for _ in range(_WORDS))

    def pattern() -> re.Pattern[str]:
        longest_first = sorted(names, key=lambda name: -len(name))
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    matcher, regex = Matcher(names), pattern()
    found = [(start, end) for start, end, _ in matcher.find(text)]
    if found != [match.span() for match in regex.finditer(text)]:
        raise AssertionError("the two do not find the same")

    def find() -> None:
        matcher.find(text)

    def by_regex() -> None:
        deque(regex.finditer(text), maxlen=0)

    def build() -> None:
        Matcher(names).find(text)

    def build_regex() -> None:
        re.purge()
        deque(pattern().finditer(text), maxlen=0)

    seconds = in_turn({"find": find, "regex": by_regex, "build": build, "build regex": build_regex}, samples=3)
    yield Measured("41,000 names in two pages", seconds["find"], "one regular expression", seconds["regex"], 0.1)
    yield Measured(
        "the same, with building", seconds["build"], "compiling it and searching", seconds["build regex"], 0.5
    )
