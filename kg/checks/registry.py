"""Every rule of `check` by its name: what it finds, how grave that is, why it matters, an example, and what finds it.

`docs/checks.md` is this list as a page; a test holds that they are the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.checks import check_rules, ties
from kg.checks.check_rules import Finder
from kg.model.findings import RuleText

__all__ = ["FINDERS", "RULES"]

_RULES: tuple[tuple[RuleText, Finder | None], ...] = (
    (
        RuleText(
            "file",
            "error",
            "A file that cannot be read as what it is.",
            "Nothing else can be said of it: syntax, unknown names and missing fields come first, all at once.",
            "`category: framwork` in a facts file",
        ),
        None,
    ),
    (
        RuleText(
            "shape",
            "error",
            "A node that breaks a shape of `ontology/shapes.ttl` (SHACL).",
            "Questions rely on what the shapes promise: one label in each language, a source for each claim.",
            "a claim with two sources",
        ),
        None,
    ),
    (
        RuleText(
            "cycle",
            "error",
            "A ring of prerequisites, of broader nodes or of successors.",
            "A plan cannot put its steps in order, and a hierarchy has no top.",
            "A needs B first, B needs A first",
        ),
        ties.rings,
    ),
    (
        RuleText(
            "wrong-kind",
            "error",
            "A skill with the category of a tool, or a tool with that of a skill.",
            "Tools and skills are compared and listed apart.",
            "`kg:Skill` with `kg:category kg:Framework`",
        ),
        check_rules.wrong_kind,
    ),
    (
        RuleText(
            "broken-iri",
            "error",
            "A node whose IRI is not absolute or has characters that none may have; or that stands in this project's "
            "namespace under no kind it has, or with a broken name.",
            "Other tools refuse such data, and nothing else can point at the node.",
            "`https://w3id.org/career-kg/skil/python`",
        ),
        check_rules.broken_iris,
    ),
    (
        RuleText(
            "unknown-term",
            "error",
            "A property or a class in the namespace of this vocabulary that it does not have.",
            "No question reads it: what it says is lost without a word.",
            "`kg:requries`",
        ),
        check_rules.unknown_terms,
    ),
    (
        RuleText(
            "dangling",
            "warning",
            "What a claim ties and nothing describes; the other end of a mapping may stand elsewhere.",
            "It has no name to find or to show it by.",
            "a role requires `skill:pyhton`",
        ),
        check_rules.dangling,
    ),
    (
        RuleText(
            "no-source",
            "error",
            "Claims whose source is not described.",
            "Answers cite who says so, and when.",
            "`dcterms:source source:nobody`",
        ),
        check_rules.claims_without_source,
    ),
    (
        RuleText(
            "no-scale",
            "error",
            "A rating that names no scale.",
            "A number without its scale cannot be compared.",
            "`kg:level 3` alone",
        ),
        check_rules.no_scale,
    ),
    (
        RuleText(
            "outside-scale",
            "error",
            "A rating outside the ends of its scale.",
            "It weighs more, or less, than anything can.",
            "an O*NET importance of 9",
        ),
        check_rules.outside_scale,
    ),
    (
        RuleText(
            "ends-before-start",
            "error",
            "What ends before it starts.",
            "It is never on offer, or never true.",
            "from 2026-10 through 2026-09-30",
        ),
        check_rules.ends_before_start,
    ),
    (
        RuleText(
            "shared-label",
            "warning",
            "A label that two nodes of one framework have, both roles, both skills or tools, both certifications, or "
            "both providers.",
            "A list shows the same line twice, and a name does not say which is meant.",
            'two roles "Designer"',
        ),
        ties.shared_labels,
    ),
    (
        RuleText(
            "shared-name",
            "warning",
            "An alias or exam code that is a name of another such node, too; an info where a published framework has "
            "it so.",
            "A question that gives this name has to ask back.",
            '"ML" for two skills',
        ),
        ties.shared_names,
    ),
    (
        RuleText(
            "mapping-collapse",
            "warning",
            "Two nodes of one framework that `skos:exactMatch` makes one, directly or along a chain.",
            "With `--merge-mappings` both become one node in every answer.",
            "two roles mapped as exactly the same as one ESCO occupation",
        ),
        ties.mapping_collapse,
    ),
    (
        RuleText(
            "dead-successor",
            "warning",
            "A certification that is replaced by one that is retired and leads nowhere.",
            "Who asks what to take instead gets no answer.",
            "A is replaced by B, B is retired",
        ),
        check_rules.dead_successors,
    ),
    (
        RuleText(
            "no-date",
            "error",
            "A certification whose status has no date (a warning), or one that is none.",
            "A status says nothing without the day it was checked.",
            '`kg:statusAsOf "lately"`',
        ),
        check_rules.no_date,
    ),
    (
        RuleText(
            "old-status",
            "warning",
            "A certification whose status was checked more than `--stale-after` days ago; retired ones aside.",
            "Vendors retire exams within months.",
            "checked 120 days ago",
        ),
        check_rules.old_statuses,
    ),
    (
        RuleText(
            "expired-claim",
            "info",
            "A claim that held only until a day that is past.",
            "It may hold again, or may have to go.",
            "valid through 2025-12-31",
        ),
        check_rules.expired_claims,
    ),
    (
        RuleText(
            "unreachable",
            "info",
            "A skill or tool that nothing requires, certifies, uses, demonstrates, needs first or stands below.",
            "No answer ever comes to it.",
            "a skill that was never tied to a role",
        ),
        check_rules.unreachable,
    ),
)

#: Every rule, in the order to read its findings.
RULES: tuple[RuleText, ...] = tuple(text for text, _ in _RULES)
#: What finds the faults of a rule; files are read, and shapes asked, elsewhere.
FINDERS: Mapping[str, Finder] = {text.name: find for text, find in _RULES if find is not None}
