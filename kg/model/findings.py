"""Findings: what `check` finds in data and `lint` in texts, in the one form that programs read.

A finding says what is wrong, how grave it is, by which rule, where, and what to do. Both answers are a `Findings`: they
count alike, fail alike and go alike into the formats that editors and code hosts read (`kg.exports.sarif`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.model.answers import Answer, counted
from kg.model.errors import BadInput

__all__ = ["FAIL_ON", "SEVERITIES", "Finding", "Findings", "RuleText", "chosen_rules", "fails"]

#: From the gravest: the data or the text is wrong; it should be looked at; good to know.
SEVERITIES = ("error", "warning", "info")
#: The least severity that makes an answer a "no".
FAIL_ON = (*SEVERITIES, "never")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: what it is about (an IRI, where there is one), how grave, which rule, where, what to do.

    Attributes
    ----------
    severity
        ``error``, ``warning`` or ``info``.
    file, line, column, end_column
        Where it stands; empty and 0 where that is not known. Lines and columns count from 1; the end is the column
        after the last, on the same line.
    page
        Of a PDF, whose lines count from the top of the page; else 0.
    words
        What a text says there; empty for a finding about data.
    """

    severity: str
    rule: str
    message: str
    fix: str
    about: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    end_column: int = 0
    page: int = 0
    words: str = ""

    @property
    def sort_key(self) -> tuple[int, str, int, str, str, str]:
        """Order by severity, then place, then rule, message and what it is about."""
        return (SEVERITIES.index(self.severity), self.file, self.line, self.rule, self.message, self.about)


@dataclass(frozen=True, slots=True)
class RuleText:
    """What is said of a rule: its name, how grave its findings are at most, what it finds, why, an example."""

    name: str
    severity: str
    finds: str
    why: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Findings(Answer):
    """An answer that is a list of findings.

    Attributes
    ----------
    fail_on
        The least severity that makes the answer a "no": ``error``, ``warning``, ``info`` or ``never``.
    """

    fail_on: str = "warning"

    @property
    def located(self) -> tuple[Finding, ...]:
        """Every finding with its place, in the order of the answer."""
        raise NotImplementedError(f"{type(self).__name__} has no findings")

    @property
    def rule_texts(self) -> tuple[RuleText, ...]:
        """Every rule that can have found something."""
        raise NotImplementedError(f"{type(self).__name__} has no rules")

    @property
    def yes(self) -> bool:
        """Whether nothing was found as grave as `fail_on`; the command line exits with 1 where something was."""
        return not fails((finding.severity for finding in self.located), self.fail_on)

    def count(self) -> dict[str, int]:
        """Return the number of findings by severity."""
        severities = [finding.severity for finding in self.located]
        return {severity: severities.count(severity) for severity in SEVERITIES}

    def counted(self) -> str:
        """Return the number of findings by severity in words."""
        named = self.count().items()
        return ", ".join(counted(n, severity) if severity != "info" else f"{n} info" for severity, n in named if n)

    @property
    def measures(self) -> Mapping[str, Any]:
        """The number of findings by severity."""
        return {f"{severity}s": n for severity, n in self.count().items()}


def fails(severities: Iterable[str], fail_on: str) -> bool:
    """Tell whether one of the severities is as grave as one that fails.

    Examples
    --------
    >>> fails(["info", "warning"], "warning"), fails(["info"], "warning"), fails(["error"], "never")
    (True, False, False)

    Raises
    ------
    BadInput
        It is no severity.
    """
    if fail_on not in FAIL_ON:
        raise BadInput(f'"{fail_on}" is no severity to fail on. Give {", ".join(FAIL_ON[:-1])} or {FAIL_ON[-1]}.')
    grave = SEVERITIES[: FAIL_ON.index(fail_on) + 1] if fail_on != "never" else ()
    return any(severity in grave for severity in severities)


def chosen_rules(names: Iterable[str], only: Iterable[str], skipped: Iterable[str]) -> tuple[str, ...]:
    """Return the rules asked for: all of them, or only some, without those to skip.

    Raises
    ------
    BadInput
        There is no such rule, or none is left.
    """
    names, only, skipped = tuple(names), tuple(only), tuple(skipped)
    for name in (*only, *skipped):
        if name not in names:
            raise BadInput(f'No rule "{name}". There are: {", ".join(names)}.')
    found = tuple(name for name in names if (name in only or not only) and name not in skipped)
    if not found:
        raise BadInput(f"Every rule that was asked for is skipped: {', '.join(skipped)}. Leave one in.")
    return found
