"""`docs/checks.md` describes every rule of `check` and `lint`, as the registries have them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.checks import lint_rules as rules_of_lint
from kg.checks.check import check
from kg.checks.lint_rules import RULE_TEXTS
from kg.checks.registry import FINDERS, RULES
from kg.model.errors import BadInput
from kg.model.findings import SEVERITIES, RuleText
from tests.conftest import DAY
from tests.goldens import kept

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def table(rules: Sequence[RuleText]) -> str:
    rows = [f"| `{rule.name}` | {rule.severity} | {rule.finds} | {rule.why} | {rule.example} |\n" for rule in rules]
    return "| rule | severity | finds | why it matters | example |\n| --- | --- | --- | --- | --- |\n" + "".join(rows)


@pytest.mark.golden
def test_the_page_has_the_tables_of_the_rules() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for heading, rules in (("check", RULES), ("lint", RULE_TEXTS)):
        before, line, after = text.partition(f"## Rules of `{heading}`\n\n")
        _, gap, rest = after.partition("\n\n")
        text = f"{before}{line}{table(rules).rstrip()}{gap}{rest}"
    kept(PAGE, text)


@pytest.mark.parametrize("rules", [RULES, RULE_TEXTS])
def test_a_rule_has_one_name_and_a_severity(rules: Sequence[RuleText]) -> None:
    assert len({rule.name for rule in rules}) == len(rules)
    assert {rule.severity for rule in rules} <= {*SEVERITIES}
    assert {*FINDERS} == {rule.name for rule in RULES} - {"file", "shape"}


def test_every_rule_of_lint_has_its_words() -> None:
    place = {"_about": 1, "Remark": 3}  # of the name of the rule among the arguments
    made = [
        node.args[place[node.func.id]]
        for node in ast.walk(ast.parse(inspect.getsource(rules_of_lint)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in place
    ]
    named = {arg.value for arg in made if isinstance(arg, ast.Constant)}
    assert named == {rule.name for rule in RULE_TEXTS}


def test_rules_are_chosen_by_name() -> None:
    every = check(as_of="2028-01-01", shapes=False).findings
    old = check(as_of="2028-01-01", rule=["old-status"]).findings
    assert {f.rule for f in old} == {"old-status"}
    others = tuple(f for f in every if f.rule != "old-status")
    assert check(as_of="2028-01-01", shapes=False, skip_rule=["old-status"]).findings == others
    assert check(as_of=DAY, skip_rule=["shape"]).shacl is False
    with pytest.raises(BadInput, match=r'No rule "old"\. There are: file, shape, cycle'):
        check(rule=["old"])
    with pytest.raises(BadInput, match="Every rule that was asked for is skipped"):
        check(rule=["shape"], shapes=False)


def test_what_makes_an_answer_a_no() -> None:
    for fail_on, yes in (("error", True), ("warning", False), ("info", False), ("never", True)):
        assert check(as_of=DAY, rule=["old-status"], fail_on=fail_on).yes == yes
    with pytest.raises(BadInput, match='"grave" is no severity to fail on'):
        check(fail_on="grave")
