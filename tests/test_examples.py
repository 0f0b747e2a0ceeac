"""What `make goldens` writes into examples passes as a doctest, and leaves alone what passes as it stands."""

from __future__ import annotations

import doctest
from pathlib import Path
from types import ModuleType

import pytest

from tests.examples import FLAGS, WIDTH, docstrings, shown

STALE = '''"""A module.

>>> 1 + 1
3
>>> [*range(3)]  # in dots
[0, ...]
"""


class Thing:
    """A thing.

    >>> print("a\\\\nb")
    a
    >>> print("one\\\\n\\\\nthree")
    """

    def told(self) -> None:
        r"""Tell.

        >>> "\\\\d" * 2
        ''
        >>> {f"a long key {i}": f"a long value {i}" for i in range(9)}
        {}
        >>> int("x")
        Traceback (most recent call last):
            ...
        ValueError: no
        """
'''


def passes(path: Path) -> bool:
    """Whether doctest finds nothing wrong with a module."""
    module = ModuleType("stale")
    exec(path.read_text(encoding="utf-8"), vars(module))
    runner = doctest.DocTestRunner(verbose=False, optionflags=FLAGS)
    tests = doctest.DocTestFinder().find(module)
    assert len(tests) == 3
    return sum(runner.run(test, out=lambda _: None).failed for test in tests) == 0


def test_stale_outputs_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "stale.py"
    path.write_text(STALE, encoding="utf-8")
    assert not passes(path)
    written = docstrings(path, {})
    assert "[0, ...]\n" in written, "what passes keeps its dots"
    assert max(map(len, written.splitlines())) <= WIDTH
    outputs = {"3", "a", "b", "one", "three", "<BLANKLINE>", "2", "''", "{}", "ValueError: no"}
    kept = [line for line in STALE.splitlines() if line.strip() not in outputs]
    assert [line for line in written.splitlines() if line in kept] == kept
    path.write_text(written, encoding="utf-8")
    assert passes(path)
    assert docstrings(path, {}) == written


def test_an_example_that_breaks_is_told_and_not_written_down_as_right() -> None:
    with pytest.raises(ValueError, match="ZeroDivisionError"):
        shown(">>> 1 / 0\n1\n", {}, "page")
