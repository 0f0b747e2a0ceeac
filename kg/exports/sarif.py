"""SARIF: findings as editors and code hosts show them, beside the line they are about.

One run of one tool, every rule described, every finding with its place: the file and line where they are known, else
the node it is about. The same findings give the same bytes; a finding keeps its fingerprint when lines move and days
pass, so that who has dismissed it once does not see it again. What is said is plain text: nothing in a message is a
link or markup.

References
----------
Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard, 27 March 2020.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from kg.model.answers import Answer
from kg.model.errors import BadInput
from kg.model.findings import Finding, Findings, RuleText
from kg.views.text_tables import clean

__all__ = ["to_sarif"]

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
#: The schema, by the address that it gives itself.
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def to_sarif(answer: Answer) -> str:
    """Return the findings of `check` or `lint` as a SARIF 2.1.0 log.

    Raises
    ------
    BadInput
        The answer has no findings: SARIF says nothing of other answers.
    """
    if not isinstance(answer, Findings):
        asked = type(answer).__name__.lower()
        raise BadInput(f"SARIF has findings, and {asked} gives none. Use it with check or lint; here json or csv.")
    rules = answer.rule_texts
    positions = {rule.name: i for i, rule in enumerate(rules)}
    times: dict[str, int] = defaultdict(int)
    paths = answer.context.asked.get("paths") or ("",)
    results = [_result(finding, str(paths[0]), positions, times) for finding in answer.located]
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "career-kg", "version": _version(), "rules": [*map(_rule, rules)]}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _version() -> str:
    from importlib.metadata import version

    return version("career-kg")


def _rule(rule: RuleText) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.finds},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.finds} {rule.why} Example: {rule.example}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, checked: str, positions: dict[str, int], times: dict[str, int]) -> dict[str, Any]:
    """Return a finding; where it is about no place, as a misspelt term may be, it is about what was checked first."""
    found: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": positions[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(f"{finding.message} {finding.fix}".strip())},
    }
    place: dict[str, Any] = {}
    if file := finding.file or checked:
        place["physicalLocation"] = {"artifactLocation": {"uri": _uri(file)}}
        if finding.line and not finding.page:  # the lines of a PDF count from the top of its page
            place["physicalLocation"]["region"] = _region(finding)
    if finding.about:
        place["logicalLocations"] = [{"fullyQualifiedName": clean(finding.about), "kind": "object"}]
    if place:
        found["locations"] = [place]
    same = "\n".join(
        (finding.rule, _uri(file) if file else "", finding.about, _ageless(finding.message), finding.words)
    )
    number = times[same]  # two findings alike are told apart by their order, not by their lines
    times[same] += 1
    digest = sha256(f"{same}\n{number}".encode()).hexdigest()
    found["partialFingerprints"] = {"finding/v1": digest[:32]}
    return found


def _ageless(message: str) -> str:
    """Return a message without its numbers: days pass, and claims are counted anew.

    Examples
    --------
    >>> _ageless("It ends in 1 day.") == _ageless("It ends in 30 days.")
    True
    """
    return re.sub(r"\d+(?: ([A-Za-z]+?)s?\b)?", r"0 \1", message)


def _region(finding: Finding) -> dict[str, int]:
    region = {"startLine": finding.line}
    if finding.column:
        region["startColumn"] = finding.column
        if finding.end_column:
            region["endColumn"] = finding.end_column
    return region


def _plain(text: str) -> str:
    r"""Return words that SARIF takes as they are: no brace opens a placeholder, no bracket a link (3.11.5, 3.11.6).

    Examples
    --------
    >>> print(_plain("[click](0) {0}"), _plain("[beta]"))
    \[click\](0) {{0}} [beta]
    """
    words = clean(text).replace("{", "{{").replace("}", "}}")
    return words.replace("[", "\\[").replace("]", "\\]") if "](" in words else words


def _uri(file: str) -> str:
    """Return the address of a file: relative to where one stands, where it lies below; else of the file.

    However the path was typed, it is the same.

    Examples
    --------
    >>> _uri("my facts/a.yaml")
    'my%20facts/a.yaml'
    >>> _uri("./facts/../a.yaml")
    'a.yaml'
    """
    path = Path(os.path.normpath(file))
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    if path.is_absolute():
        return path.as_uri()
    return quote(PurePath(path).as_posix())
