"""One screen: no answer is higher than a terminal, and what is cut is told."""

from __future__ import annotations

import re
from io import StringIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.handles.handle import KnowledgeGraph
from kg.model.answers import Answer, Section
from kg.questions import QUESTIONS
from kg.questions.gap import gap
from kg.views.screens import print_screen
from kg.views.text_tables import plain_text
from tests.test_formats import answer_of


class Told(Answer):
    """An answer of the sections it is given."""

    def __init__(self, said: str, advice: str, parts: list[Section]) -> None:
        super().__init__()
        for name, value in (("said", said), ("told", advice), ("parts", tuple(parts))):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return str(self.said)  # type: ignore[attr-defined]  # set above

    @property
    def next_step(self) -> str:
        return str(self.told)  # type: ignore[attr-defined]  # set above

    def sections(self) -> tuple[Section, ...]:
        return tuple(self.parts)  # type: ignore[attr-defined]  # set above


def screen(answer: Answer, width: int, height: int | None) -> list[str]:
    out = StringIO()
    print_screen(answer, out, width=width, height=height)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(("width", "height"), [(100, 40), (80, 24)])
def test_every_answer_fits_a_terminal(name: str, width: int, height: int) -> None:
    lines = screen(answer_of(name), width, height)
    assert len(lines) < height, "one row is left for the prompt"
    assert max(map(len, lines)) <= width
    said = " ".join(" ".join(lines).split())
    assert str(answer_of(name)).split()[0] in said
    whole = screen(answer_of(name), width, None)
    assert lines == whole or "--all" in said, "what is cut is told"


CELLS = st.text(st.characters(codec="utf-8"), max_size=30)


@st.composite
def told(draw: st.DrawFn) -> Told:
    """Draw an answer of any sections."""
    parts = []
    for _ in range(draw(st.integers(0, 9))):
        columns = draw(st.integers(1, 5))
        row = st.tuples(*[CELLS] * columns)
        rows = tuple(draw(st.lists(row, max_size=3))) * draw(st.sampled_from((1, 30)))
        header = draw(row) if draw(st.booleans()) else ("",) * columns
        parts.append(Section(draw(CELLS), header, rows, draw(CELLS), aside=draw(st.booleans())))
    return Told(draw(CELLS) * draw(st.sampled_from((1, 40))), draw(CELLS), parts)


@given(answer=told(), width=st.integers(20, 160), height=st.integers(12, 60))
def test_any_answer_fits_any_terminal(answer: Told, width: int, height: int) -> None:
    assert len(screen(answer, width, height)) < height


def test_what_is_left_out_comes_last_and_takes_one_line() -> None:
    rows = tuple((f"row {i}", "x") for i in range(60))
    parts = [Section("Left out (60)", ("", ""), rows, aside=True), Section("Missing (60)", ("", ""), rows)]
    lines = screen(Told("Said.", "Do this.", parts), 80, 40)
    assert lines[:2] == ["Said.", "Do this."]
    assert lines.index("Missing (60) – the first 30") < lines.index("Left out (60)")
    assert sum(line.startswith("row ") for line in lines) == 30
    assert "90 lines more." in " ".join(lines)


def test_a_pipe_has_all_with_what_is_left_out_last(shipped: KnowledgeGraph) -> None:
    answer = gap(shipped, "AI Engineer", held=["Python"])
    said = plain_text(answer)
    titles = [section.title for section in answer.sections()]
    last = [section.title for section in answer.sections() if section.aside]
    assert all(title in said for title in titles)
    assert last
    places = [said.rindex(f"\n\n{title}\n") for title in [t for t in titles if t not in last] + last]
    assert all(one < other for one, other in pairwise(places))
    rows = [cell.split()[0] for section in answer.sections() for cell in [row[0] for row in section.rows] if cell]
    assert not [word for word in rows if not re.search(re.escape(word), said)]
