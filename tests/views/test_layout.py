"""Layouts: laws that hold for any labels, discs and links; distances that a map keeps; time that it may take."""

from __future__ import annotations

from itertools import pairwise, product
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.views.geometry import BESIDE, WRAP, bare, box, cut, text_width, wrapped
from kg.views.layout import Listing, clear, grid, hexagons, order_layers, pivot_map, rank_ring, stack
from kg.views.scene import Mark

labels = st.text(max_size=60) | st.sampled_from(["x" * 5000, "数据科学" * 20, "\u202eabc", "👩‍💻" * 9, "", "\n\t"])
marks = st.lists(
    st.builds(
        lambda label, weight, note: (label, weight, note),
        labels,
        st.floats(0, 1),
        st.sampled_from(["", "USD 165 · active"]),
    ),
    min_size=1,
    max_size=25,
).map(lambda found: [Mark(str(i), label, "skill", 0, 0, weight=w, note=n) for i, (label, w, n) in enumerate(found)])


def apart(placed: tuple[Mark, ...]) -> bool:
    rooms = [box(mark) for mark in placed]
    return not any(one.meets(other) for i, one in enumerate(rooms) for other in rooms[:i])


@settings(deadline=None, max_examples=50)
@given(marks, st.integers(1, 30))
def test_a_grid_keeps_marks_apart_and_measures_itself(found: list[Mark], rows: int) -> None:
    placed = grid(found, 10, 20, rows)
    assert [mark.key for mark in placed.marks] == [mark.key for mark in found]
    assert apart(placed.marks)
    room = placed.box
    for b in map(box, placed.marks):  # places are rounded to tenths
        assert room.left - 0.1 <= b.left
        assert b.right <= room.right + 0.1
        assert room.top - 0.1 <= b.top
    wide, high = Listing.of(found).size(rows)
    assert placed.box.right - placed.box.left == pytest.approx(wide, abs=0.5)
    assert placed.box.bottom - placed.box.top == pytest.approx(high, abs=0.5)


@settings(deadline=None, max_examples=50)
@given(marks)
def test_a_stack_and_a_ring_keep_marks_apart(found: list[Mark]) -> None:
    assert apart(stack(found, 0, 0).marks)
    ring = rank_ring(found, [100.0] * len(found))
    assert apart(ring)
    out = [hypot(mark.x / 1.35, mark.y) for mark in ring]
    assert all(b >= a - 0.2 for a, b in pairwise(out))


@settings(deadline=None, max_examples=50)
@given(labels)
def test_words_keep_to_their_room(label: str) -> None:
    for beside, room in ((False, WRAP), (True, BESIDE)):
        lines = wrapped(Mark("a", label, "skill", 0, 0, beside=beside))
        assert 1 <= len(lines) <= 2
        assert all(text_width(line) <= room for line in lines)
        assert all(line == bare(line) for line in lines)


@settings(deadline=None, max_examples=50)
@given(labels, st.floats(30, 400))
def test_what_is_cut_is_a_beginning(label: str, width: float) -> None:
    found = cut(label, width)
    assert text_width(found) <= width + 0.1  # widths are rounded to tenths
    assert bare(label).startswith(found.removesuffix("…"))


sizes = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(20, 200)), max_size=14)


@settings(deadline=None, max_examples=50)
@given(sizes)
def test_discs_come_to_stand_clear_of_each_other(discs: list[tuple[float, float, float]]) -> None:
    radii = [r for *_, r in discs]
    placed = clear([(x, y) for x, y, _ in discs], radii)
    for i, (x, y) in enumerate(placed):
        for j in range(i):
            assert hypot(x - placed[j][0], y - placed[j][1]) >= radii[i] + radii[j]


def crossings(layers: tuple[tuple[int, ...], ...], links: list[tuple[int, int]]) -> int:
    """Count crossings between two layers by their definition."""
    at = [{item: i for i, item in enumerate(layer)} for layer in layers]
    return sum(
        (at[0][a] - at[0][c]) * (at[1][b] - at[1][d]) < 0 for i, (a, b) in enumerate(links) for c, d in links[:i]
    )


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 8), st.integers(1, 8), st.data())
def test_ordering_layers_keeps_every_item_and_adds_no_crossing(left: int, right: int, data: st.DataObject) -> None:
    layers = [list(range(left)), list(range(100, 100 + right))]
    every = [(a, b) for a in layers[0] for b in layers[1]]
    links = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=20))
    ordered = order_layers(layers, links)
    assert [sorted(layer) for layer in ordered] == layers
    given_order = (tuple(layers[0]), tuple(layers[1]))
    assert crossings(ordered, links) <= crossings(given_order, links)


def test_places_in_a_disc_are_apart_and_the_first_is_in_the_middle() -> None:
    found = hexagons(60, 150, 80)
    assert max(map(abs, found[0])) == 0
    assert len({*found}) == 60
    for i, (x, y) in enumerate(found):
        assert not [1 for a, b in found[:i] if abs(a - x) < 150 and abs(b - y) < 80]


def test_a_map_keeps_the_order_of_a_chain_and_leaves_out_other_parts() -> None:
    nodes = list(range(40))
    found = pivot_map([*nodes, 98, 99], [*pairwise(nodes), (98, 99)])
    assert {*found} == {*nodes}
    along = [found[node][0] for node in nodes]
    assert along in (sorted(along), sorted(along, reverse=True))
    assert max(abs(value) for place in found.values() for value in place) == 1.0


def test_a_map_puts_parts_that_hardly_touch_far_from_each_other() -> None:
    one, two = [*range(15)], [*range(100, 115)]
    links = [pair for part in (one, two) for pair in product(part, part) if pair[0] < pair[1]]
    bridge = [(0, 200), (200, 201), (201, 202), (202, 100)]
    found = pivot_map([*one, *two, 200, 201, 202], [*links, *bridge])
    middle = [(sum(found[n][0] for n in part) / 15) for part in (one, two)]
    spread = max(found[n][0] for n in one) - min(found[n][0] for n in one)
    assert abs(middle[0] - middle[1]) > 5 * spread


def test_a_map_of_nothing_is_empty() -> None:
    none: list[tuple[str, str]] = []
    assert pivot_map(["a", "b"], none) == {}
    assert pivot_map(["a"], [("a", "a")]) == {}
