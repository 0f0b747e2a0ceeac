"""The file itself, read without a browser: the same scene gives the same bytes, and the policy names what may run."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.model.errors import BadInput
from kg.views._page import MOST_ROWS, SCRIPTS
from kg.views.packing import columns, csp_hash, pack, unpack
from kg.views.page import Page, page_of
from kg.views.scene import Scene
from tests.browser.scenes import HOSTILE, Told, groups, hostile, lists


class Parsed(HTMLParser):
    """Tags with their attributes, and the text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag in ("script", "style"):
            self.texts.append((dict(attrs).get("id") or tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            name, text = self.texts.pop()
            self.texts.append((name, text + data))


def unpacked(html: str) -> dict[str, Any]:
    """Return the parts of a page as they are after decompression: JSON as JSON, scripts as text."""
    found: dict[str, Any] = {}
    for name, text in Parsed(html).texts:
        if name.startswith("packed-"):
            plain = unpack(text).decode()
            found[name] = json.loads(plain) if name == "packed-data" else plain
    return found


@pytest.mark.parametrize("make", [lists, groups, hostile])
def test_the_same_scene_gives_the_same_bytes(make: Any) -> None:
    assert page_of(make()).html.encode() == page_of(make()).html.encode()


def test_a_page_is_small_and_asks_for_nothing() -> None:
    html = page_of(lists()).html
    assert len(html) < 260_000
    parsed = Parsed(html)
    loading = {"src", "srcset", "action", "poster", "background"}
    assert [attrs for _, attrs in parsed.tags if loading & attrs.keys()] == []
    links = [attrs for tag, attrs in parsed.tags if tag == "link"]
    assert links == [{"rel": "icon", "href": "data:,"}]  # else a browser asks a server for one
    assert "@import" not in html
    assert "url(" not in html


def test_the_policy_lets_run_what_the_page_carries_and_nothing_else() -> None:
    html = page_of(lists()).html
    parsed, parts = Parsed(html), unpacked(html)
    policy = next(attrs["content"] or "" for tag, attrs in parsed.tags if attrs.get("http-equiv"))
    rules = {name: sources.split() for name, _, sources in (rule.strip().partition(" ") for rule in policy.split(";"))}
    scripts = [text for name, text in parsed.texts if name == "script"]
    (style,) = [text for name, text in parsed.texts if name == "style"]
    assert len(scripts) == 1
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == [csp_hash(text) for text in (scripts[0], parts["packed-vis"], parts["packed-script"])]
    assert rules["style-src"] == [csp_hash(style)]
    assert rules["img-src"] == ["data:", "blob:"]
    assert "unsafe" not in policy
    handlers = [name for _, attrs in parsed.tags for name in attrs if name.startswith("on") or name == "style"]
    assert handlers == []


def test_hostile_text_makes_no_tag_and_no_script() -> None:
    """The page of hostile texts has the tags of a harmless one, and a heading for its section."""
    parsed = Parsed(page_of(hostile()).html)
    assert {tag for tag, _ in parsed.tags} <= {tag for tag, _ in Parsed(page_of(lists()).html).tags} | {"h2"}
    assert [attrs for tag, attrs in parsed.tags if tag == "a" or "onerror" in attrs or "onload" in attrs] == []
    assert [name for name, _ in parsed.texts] == ["style", "packed-data", "packed-vis", "packed-script", "script"]


def test_the_data_of_a_page_holds_the_scene() -> None:
    data = unpacked(page_of(hostile()).html)["packed-data"]
    assert data["nodes"]["size"] == len(HOSTILE)
    assert data["nodes"]["plain"]["label"][:3] == list(HOSTILE[:3])
    assert data["nodes"]["plain"]["id"] == list(range(len(HOSTILE)))
    assert max(len(text) for text in data["nodes"]["plain"]["lines"]) < 100
    assert data["evidence"] == sorted(data["evidence"])


def test_a_line_to_a_mark_that_is_not_there_is_left_out() -> None:
    scene = lists()
    alone = Scene("gap", "Gap", scene.answer, scene.marks[:2], scene.lines)
    assert unpacked(page_of(alone).html)["packed-data"]["edges"]["size"] == 1


def test_a_long_table_says_how_much_of_it_stands_in_the_page() -> None:
    table = tuple({"label": f"row {i}"} for i in range(MOST_ROWS + 7))
    html = page_of(Scene("list", "List", Told(sentence="Many.", table=table), (), ())).html
    assert f"{MOST_ROWS} of {MOST_ROWS + 7} rows" in html
    assert html.count("<tr>") == MOST_ROWS + 1
    assert len(unpacked(html)["packed-data"]["rows"]["plain"]["label"]) == MOST_ROWS + 7


def test_every_asset_is_used() -> None:
    assets = Path(__file__).parents[2] / "kg" / "views" / "assets"
    assert {file.name for file in assets.iterdir()} == {
        *SCRIPTS,
        "boot.js",
        "page.css",
        "board.css",
        "page.html.j2",
        "board.html.j2",
    }


def test_a_column_that_repeats_is_written_once() -> None:
    table = [{"kind": "skill", "n": i, "label": str(i)} for i in range(4)]
    assert columns(table) == {
        "size": 4,
        "coded": {"kind": [["skill"], [0, 0, 0, 0]]},
        "plain": {"n": [0, 1, 2, 3], "label": ["0", "1", "2", "3"]},
    }
    assert columns([]) == {"size": 0, "coded": {}, "plain": {}}


def test_packing_holds_no_clock() -> None:
    assert pack(b"kg") == pack(b"kg")
    assert unpack(pack(b"kg")) == b"kg"


def test_a_page_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    page = Page("<!doctype html><title>é</title>")
    assert page.save(tmp_path / "a.html").read_text(encoding="utf-8") == page.html
    with pytest.raises(BadInput, match=r"b\.html cannot be written: .*Check the folder"):
        page.save(tmp_path / "missing" / "b.html")
    assert [file.name for file in tmp_path.iterdir()] == ["a.html"]


def test_a_page_opens_in_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    page = Page("<!doctype html>")
    assert page.open(tmp_path / "a.html") == tmp_path / "a.html"
    elsewhere = page.open()
    assert elsewhere.read_text(encoding="utf-8") == page.html
    assert opened == [(tmp_path / "a.html").as_uri(), elsewhere.as_uri()]


def test_a_cell_frames_the_page_apart_from_the_notebook() -> None:
    page = page_of(hostile())
    parsed = Parsed(page._repr_html_())
    (attrs,) = (attrs for tag, attrs in parsed.tags if tag == "iframe")
    assert attrs["srcdoc"] == page.html
    assert "allow-same-origin" not in (attrs["sandbox"] or "")
    assert re.fullmatch(r"Page of \d+ characters", repr(page))
