"""A page and a still draw every kind, status and line with the same sign, in light and in dark."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

import kg
from kg.careers.offers import offer
from kg.handles.handle import KnowledgeGraph
from kg.model.signs import FILLS, KIND_SIGNS, LINE_SIGNS, STATUS_SIGNS, kind_sign, mixed
from kg.views.page import page_of
from kg.views.scene import Line, Mark, Scene
from kg.views.still import svg
from tests.browser.conftest import Open, read
from tests.browser.scenes import Told

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
KINDS = (*KIND_SIGNS, "domain")
STATUSES = ("", *STATUS_SIGNS)


class Seen(NamedTuple):
    """A figure as it is drawn: its corners around its centre, its fill over the paper, its edge."""

    corners: tuple[float, ...]
    fill: str
    edge: str
    dash: str


@pytest.fixture(scope="module")
def scene() -> Scene:
    """Every kind in every status, and what a source does not have; every style of line."""
    marks = [
        Mark(
            f"{kind}|{status}",
            f"{kind} {status}",
            kind,
            100.0 + 200.0 * x,
            100.0 + 120.0 * y,
            status=status,
            weight=1.0,
        )
        for y, kind in enumerate(KINDS)
        for x, status in enumerate(STATUSES)
    ]
    absent = Mark("absent", "nothing said", "source", -100.0, 100.0, weight=1.0, group="absent")
    lines = tuple(
        Line(marks[i].key, marks[i + 1].key, style, style=style, arrow=False) for i, style in enumerate(LINE_SIGNS)
    )
    return Scene("signs", "Signs", Told(sentence="Every sign."), (*marks, absent), lines)


def corners(numbers: str, x: float = 0.0, y: float = 0.0) -> tuple[float, ...]:
    """Return the corners of a figure around a place: right, down, right, down …; of a circle only where it begins."""
    return tuple(float(number) - (y if i % 2 else x) for i, number in enumerate(re.findall(r"-?[\d.]+", numbers)))


def in_page(drawn: str, scene: Scene) -> dict[str, Seen]:
    """Return the figure of each mark in a picture that a page saves: paths moved to the place of the mark."""
    found: dict[str, Seen] = {}
    for mark in scene.marks:
        move = f"translate({mark.x:.1f} {mark.y:.1f})"
        parts = [p for p in ElementTree.fromstring(drawn).iter(f"{SVG}path") if p.get("transform") == move]
        paper, *tint, edge = parts
        shape, colour = paper.get("d", ""), paper.get("fill", "")
        if tint:
            assert colour == "#ffffff"
            colour = mixed(tint[0].get("fill", ""), float(tint[0].get("opacity", "1")))
        reach = corners(re.sub(r"A.*", "", shape)) if "A" in shape else corners(shape)
        stroke = edge.get("stroke", "")
        found[mark.key] = Seen(
            reach,
            colour.lower(),
            stroke.lower() if stroke != "#ffffff" else colour.lower(),
            edge.get("stroke-dasharray", ""),
        )
    return found


def in_still(drawn: str, scene: Scene) -> dict[str, Seen]:
    """Return the figure of each mark in a still, which stands behind its title."""
    groups = {
        group.findtext(f"{SVG}title", "").partition(" ·")[0]: group[1]
        for group in ElementTree.fromstring(drawn).iter(f"{SVG}g")
        if group.find(f"{SVG}title") is not None
    }
    found: dict[str, Seen] = {}
    for mark in scene.marks:
        figure = groups[mark.label.strip()]
        reach = (
            (-float(figure.get("r", "")), 0.0)
            if figure.tag == f"{SVG}circle"
            else corners(figure.get("points", ""), mark.x, mark.y)
        )
        found[mark.key] = Seen(
            reach,
            figure.get("fill", "").lower(),
            figure.get("stroke", "").lower(),
            figure.get("stroke-dasharray", ""),
        )
    return found


def test_a_page_drew_an_exam_not_started_as_on_offer_and_a_still_drew_a_beta_so(open_page: Open, scene: Scene) -> None:
    page, still = in_page(read(open_page(page_of(scene)), "svg"), scene), in_still(svg(scene), scene)
    for key, seen in page.items():
        assert seen.corners == pytest.approx(still[key].corners, abs=0.1), key
        assert seen[1:] == still[key][1:], key
    for kind in KINDS:
        colour = kind_sign(kind).light
        for status in STATUSES:
            share = FILLS[STATUS_SIGNS[status].fill].share if status else 1.0
            assert still[f"{kind}|{status}"].fill == mixed(colour, share).lower(), (kind, status)
    star = {status: still[f"certification|{status}"].fill for status in STATUSES}
    assert star["not started"] == star["retired"] == still["absent"].fill == "#ffffff"
    assert star["beta"] == star["ending"] not in ("#ffffff", star["active"])


def test_lines_are_dashed_the_same_and_mean_the_same(open_page: Open, scene: Scene) -> None:
    page = open_page(page_of(scene))
    drawn, still = read(page, "svg"), svg(scene)
    dashes = {" ".join(f"{length:g}" for length in sign.dash) for sign in LINE_SIGNS.values()} - {""}
    for text in (drawn, still):
        paths = ElementTree.fromstring(text).iter(f"{SVG}path")
        lines = [path for path in paths if path.get("d", "").startswith("M") and not path.get("d", "").endswith("Z")]
        assert dashes <= {path.get("stroke-dasharray", "") for path in lines}
    legend = page.locator("#legend").inner_text()
    for sign in LINE_SIGNS.values():
        assert sign.meaning in legend
        assert sign.meaning in still


def test_in_the_dark_the_picture_and_its_legend_take_the_colours_for_dark(open_page: Open, scene: Scene) -> None:
    page = open_page(page_of(scene))
    page.locator("#theme").click()
    seen = {element.get("fill") for element in ElementTree.fromstring(read(page, "svg")).iter(f"{SVG}path")}
    swatches = (
        page.locator("#legend fieldset")
        .first.locator("svg path")
        .evaluate_all("paths => paths.map((path) => path.getAttribute('fill'))")
    )
    for kind in KINDS:
        assert kind_sign(kind).dark in seen
        assert kind_sign(kind).dark in swatches


def contrast(one: str, two: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 has it."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((light(one), light(two)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_every_sign_can_be_seen_on_dark_paper(kind: str) -> None:
    assert contrast(kind_sign(kind).dark, "#14181c") > 4


def test_every_status_of_the_data_has_a_sign(shipped: KnowledgeGraph) -> None:
    data = [data for _, data in kg.graph(shipped).nodes(data=True) if data.get("kind") == "certification"]
    assert data
    assert {offer(exam, shipped.as_of).status for exam in data} <= STATUS_SIGNS.keys()
