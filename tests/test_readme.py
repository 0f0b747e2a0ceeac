"""The README shows what the commands print and says how much is in the dataset; `make goldens` writes it anew."""

from __future__ import annotations

import doctest

from tests.examples import BLOCK, README, console, counted

TEXT = README.read_text(encoding="utf-8")


def test_console_blocks() -> None:
    shown = BLOCK.findall(TEXT)
    assert len(shown) >= 4
    assert shown == BLOCK.findall(console(TEXT)), "`make goldens` writes what is printed now"


def test_python_blocks() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried >= 4
    assert not failed


def test_a_stranger_reads_it_in_a_minute() -> None:
    assert len(TEXT.splitlines()) <= 150


def test_counts_are_those_of_the_dataset() -> None:
    assert counted(TEXT) == TEXT, "`make goldens` writes the numbers of today"
