"""No message, log or file carries a secret: every command is given addresses with one, wherever it takes a text."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest

import kg
from kg.model.errors import BadInput, Fault, FetchError, StoreError, hide_secrets
from kg.sources.fetch import fetch
from tests.conftest import Run

SECRET = "s3cr3t"  # nobody's
#: Nothing listens at port 9 of this machine.
HOST = "127.0.0.1:9"
ADDRESSES = (
    f"http://me:{SECRET}@{HOST}/data.ttl",
    f"http://me:{SECRET}/@{SECRET}@{HOST}/data.ttl",
    f"http://{SECRET}@{HOST}/data.ttl",
    f"http://{HOST}/data.ttl?x=1&access_token={SECRET}",
    f"http://{HOST}/data.ttl?api_key={SECRET}",
)
COMMANDS = (
    ("load", "{}", "--into", "st"),
    ("load", "roles.csv", "--into", "{}"),
    ("check", "{}"),
    ("check", "{}", "--format", "sarif"),
    ("check", "{}", "--format", "json"),
    ("check", "--graph", "{}"),
    ("lint", "{}"),
    ("lint", "{}", "--format", "sarif"),
    ("find", "x", "--graph", "{}"),
    ("find", "{}"),
    ("show", "{}"),
    ("list", "roles", "--graph", "{}"),
    ("list", "{}"),
    ("gap", "AI Engineer", "--held", "{}"),
    ("gap", "AI Engineer", "--held-file", "{}"),
    ("why", "{}"),
    ("path", "{}", "AI Engineer"),
    ("diff", "{}", "roles.csv"),
    ("infer", "--graph", "{}"),
    ("build", "{}"),
    ("export", "--to", "turtle", "--graph", "{}"),
    ("export", "--to", "turtle", "-o", "{}"),
    ("export", "--to", "{}"),
    ("draw", "gap", "{}"),
    ("sparql", "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}"),
    ("sparql", "LOAD <{}>", "--update", "--graph", "st"),
    ("sparql", "ASK {{}}", "--graph", "{}", "--update"),
    ("sparql", "{}"),
    ("serve", "--graph", "{}"),
    ("serve", "--host", "{}"),
    ("serve", "--cors", "{}"),
    ("serve", "--port", "{}"),
    ("fetch", "onet", "--into", "into", "--mirror", "{}"),
    ("fetch", "{}"),
    ("fetch", "onet", "--sha256", "{}"),
    ("--bogus={}",),
    ("{}",),
    ("find", "x", "--{}"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_repeats_a_secret(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kg.sources.downloading._PAUSE", 0.0)
    (tmp_path / "roles.csv").write_text("role,skill\nCook,Baking\n")
    for address in ADDRESSES:
        code, out, told = run(*(word.format(address) for word in words))
        assert code != 0 or out, "it was refused or answered"
        shown = f"{out}{told}".replace("\n", "").replace("│", "").replace(" ", "")
        assert SECRET not in shown, (address, out, told)
    for path in tmp_path.rglob("*"):
        assert SECRET not in str(path.relative_to(tmp_path))
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


def test_no_error_carries_a_secret_to_who_catches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.sources.downloading._PAUSE", 0.0)
    for address in ADDRESSES:
        for call, kind in (
            (lambda where: kg.load([where], into=tmp_path / "st"), BadInput),
            (lambda where: kg.load([tmp_path], into=where), (BadInput, StoreError)),
            (lambda where: kg.find(kg.open(where), "x"), StoreError),
            (lambda where: fetch("onet", into=tmp_path, mirror=where), FetchError),
        ):
            with pytest.raises(kind) as caught:
                call(address)
            said = "".join(traceback.format_exception_only(caught.value))
            assert SECRET not in said + repr(caught.value) + repr(getattr(caught.value, "faults", ""))


def test_a_report_that_is_written_down_has_the_address_without_its_secret(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("check", ADDRESSES[0], "--format", "sarif", "-o", "log.sarif")
    log = json.loads((tmp_path / "log.sarif").read_text())
    (found,) = log["runs"][0]["results"]
    assert "is an address, not a file. Download it" in found["message"]["text"]
    assert HOST.replace(":", "%3A") in json.dumps(found) or HOST in json.dumps(found)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org:8080/@handle?monkey=1",
        "Mail me@example.org or see https://example.org/a:b@c.",
        "C:/Users/me@home/roles.csv cannot be used.",
        "key=value; a token = b",
        "urn:x:y@z",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert hide_secrets(text) == text
    assert str(Fault(text, 0, "", "")) == text
