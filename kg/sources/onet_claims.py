"""The files of O*NET that relate: ratings, technology, tasks, related occupations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from kg.model.iris import slugify
from kg.model.statements import Importance, Level, Statement, Value
from kg.model.terms import BASE, KG, SKOS
from kg.sources.members import Member
from kg.sources.onet_rows import DESCRIPTOR, ELEMENT, WORKED_ON, Reader, activity_iri, below, element_of, role_of
from kg.sources.rows import read_rows
from kg.sources.tally import FileTally, trimmed

__all__ = ["activities_of_tasks", "ratings", "related", "tasks", "technology"]

_TASK = re.compile(r"\d{1,9}")
_COMMODITY = re.compile(r"\d{8}")
_DATE = re.compile(r"(\d\d)/(\d{4})")
_FLAGS = {"Y": True, "N": False}
#: Element ids that are skills, knowledge and abilities. Others (interests, work styles, work context) are no
#: requirements.
_REQUIRED = ("2.A", "2.B", "2.C", "1.A")
#: What the two scales that are read are called, and their ends.
_SCALES = {"IM": ("importance", 1, 5), "LV": ("level", 0, 7)}


@dataclass(frozen=True, slots=True)
class _Rating:
    """One row: a value, and how certain it is.

    Attributes
    ----------
    suppress, not_relevant
        The flags of the row; None where it has none.
    estimate
        Sample size, standard error, lower and upper bound; None where not given.
    """

    value: Decimal
    suppress: bool | None
    not_relevant: bool | None
    estimate: tuple[Decimal | None, ...]
    when: str


_ESTIMATE = {
    "IM": (
        KG.importanceSampleSize,
        KG.importanceStandardError,
        KG.importanceLowerBound,
        KG.importanceUpperBound,
    ),
    "LV": (KG.levelSampleSize, KG.levelStandardError, KG.levelLowerBound, KG.levelUpperBound),
}


def _number(text: str) -> Decimal | None:
    """Return a number; nothing for an empty cell, ``n/a`` or what is no finite number."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 1_000_000_000 else None


def ratings(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield one claim for each occupation and element, of its rows of importance and of level.

    The rows of an occupation are gathered until the next one begins, so that one occupation is in memory at a time.
    """
    needed = ("O*NET-SOC Code", "Element ID", "Scale ID", "Data Value")
    optional = (
        "Element Name",
        "N",
        "Standard Error",
        "Lower CI Bound",
        "Upper CI Bound",
        "Recommend Suppress",
        "Not Relevant",
        "Date",
        "Domain Source",
    )
    current, gathered = "", dict[str, dict[str, _Rating]]()
    for line, row in read_rows(file, needed, optional):
        counts.rows += 1
        role = role_of(reader, counts, line, row[0])
        element, scale, value = row[1].strip(), row[2].strip(), _number(row[3])
        if not role:
            continue
        if reason := _unread(element, scale, value):
            counts.skip(line, reason)
            continue
        if role != current:
            yield from _claims(reader, file, counts, current, gathered)
            current, gathered = role, {}
        if scale in gathered.get(element, {}) or not reader.is_new(counts, line, role, scale, element):
            continue
        assert value is not None  # noqa: S101  (`_unread` has looked)
        month = _DATE.fullmatch(row[11].strip())
        gathered.setdefault(element, {})[scale] = _Rating(
            value,
            _FLAGS.get(row[9].strip()),
            _FLAGS.get(row[10].strip()),
            tuple(_number(cell) for cell in row[5:9]),
            ", ".join(filter(None, (f"{month[2]}-{month[1]}" if month else "", trimmed(row[12])))),
        )
        yield from element_of(reader, element, trimmed(row[4]))
    yield from _claims(reader, file, counts, current, gathered)


def _unread(element: str, scale: str, value: Decimal | None) -> str:
    """Return why a row is not read; nothing where it is."""
    if not ELEMENT.fullmatch(element):
        return "the element id is none"
    if not element.startswith((*_REQUIRED, *WORKED_ON)):
        return "the element is no skill, knowledge, ability or work activity"
    if scale not in _SCALES:
        return f"the scale {trimmed(scale)[:20]} is neither importance (IM) nor level (LV)"
    name, least, most = _SCALES[scale]
    if value is None or not least <= value <= most:
        return f"the {name} is no number from {least} to {most}"
    return ""


def _claims(
    reader: Reader, file: Member, counts: FileTally, role: str, gathered: dict[str, dict[str, _Rating]]
) -> Iterator[Statement]:
    for element, rated in gathered.items():
        importance, level = rated.get("IM"), rated.get("LV")
        more: list[tuple[str, Value]] = []
        not_relevant = any(rating.not_relevant for rating in rated.values())
        suppressed = importance is not None and bool(importance.suppress)
        if not_relevant:
            more.append((KG.notRelevant, Value.of(True)))
            counts.note(0, "ratings flagged as not relevant: set aside")
        if suppressed:
            more.append((KG.recommendSuppress, Value.of(True)))
            counts.note(0, "ratings of which the importance is to be suppressed: set aside")
        hidden = level is not None and bool(level.suppress)
        if hidden and level:
            more.append((KG.suppressedLevel, Value.of(level.value)))
            counts.note(0, "levels to be suppressed: kept apart, the claim without a level")
        for scale, rating in rated.items():
            for relation, number in zip(_ESTIMATE[scale], rating.estimate, strict=True):
                if number is not None:
                    whole = relation in (KG.importanceSampleSize, KG.levelSampleSize)
                    more.append((relation, Value.of(int(number) if whole else number)))
        aside = not_relevant or suppressed
        relation = KG.setsAside if aside else KG.worksOn if element.startswith(WORKED_ON) else KG.requires
        when = next((rating.when for rating in rated.values() if rating.when), "")
        yield Statement(
            role,
            relation,
            DESCRIPTOR + element,
            reader.source,
            locator=f"{file.stem} {element}" + (f" ({when})" if when else ""),
            importance=Importance(float(importance.value), KG.OnetImportanceScale) if importance else None,
            level=Level(float(level.value), KG.OnetLevelScale) if level and not hidden else None,
            more=tuple(more),
        )


def _tool_iri(name: str) -> str:
    """Return the IRI of a technology or tool; a hash keeps apart what the slug would make one.

    O*NET has no identifiers for the examples of technology: their names are all there is.
    """
    slug = slugify(name)
    plain = name.casefold().replace(" ", "-") == slug
    return f"{BASE}tool/onet-{slug}" + ("" if plain else f"-{sha256(name.casefold().encode()).hexdigest()[:8]}")


def technology(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield technology and tools by occupation, each below its class of the UNSPSC."""
    needed = ("O*NET-SOC Code", "Example", "Commodity Code")
    for line, row in read_rows(file, needed, ("Commodity Title", "Hot Technology", "In Demand")):
        counts.rows += 1
        role, name, code = role_of(reader, counts, line, row[0]), counts.label(line, row[1]), row[2].strip()
        if not role:
            continue
        if not name:
            counts.skip(line, "the example is empty")
            continue
        tool = _tool_iri(name)
        hot, wanted = _FLAGS.get(row[4].strip()), _FLAGS.get(row[5].strip())
        if not reader.is_new(counts, line, role, KG.uses, tool):
            continue
        yield from reader.describe(tool, KG.Tool, name)
        if _COMMODITY.fullmatch(code) and trimmed(row[3]):
            commodity = f"{BASE}tool/unspsc-{code}"
            yield from reader.describe(commodity, KG.Group, trimmed(row[3]))
            if commodity not in reader.coded:
                reader.coded.add(commodity)
                yield reader.say(commodity, SKOS.notation, Value(code))
            yield from below(reader, [tool, commodity], "UNSPSC")
        flags = ((KG.hotTechnology, hot), (KG.inDemand, wanted))
        yield Statement(
            role,
            KG.requires if wanted else KG.uses,
            tool,
            reader.source,
            locator=f"{file.stem} {code}",
            more=tuple((flag, Value.of(value)) for flag, value in flags if value is not None),
        )


def tasks(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield what an occupation does: its tasks, each an activity of its own."""
    optional = ("Task Type", "Date", "Domain Source")
    for line, row in read_rows(file, ("O*NET-SOC Code", "Task ID", "Task"), optional):
        counts.rows += 1
        role, task, text = role_of(reader, counts, line, row[0]), row[1].strip(), counts.label(line, row[2])
        if not role:
            continue
        if not _TASK.fullmatch(task) or not text:
            counts.skip(line, "the task id is none" if text else "the task is empty")
            continue
        iri = activity_iri(f"task-{task}")
        if not reader.is_new(counts, line, role, KG.worksOn, iri):
            continue
        yield from reader.describe(iri, KG.Activity, text)
        month, kind = _DATE.fullmatch(row[4].strip()), trimmed(row[3])
        when = ", ".join(filter(None, (f"{month[2]}-{month[1]}" if month else "", trimmed(row[5]))))
        yield Statement(
            role,
            KG.worksOn,
            iri,
            reader.source,
            locator=f"task {task}" + (f" ({when})" if when else ""),
            more=((KG.taskType, Value(kind)),) if kind and kind != "n/a" else (),
        )


def activities_of_tasks(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield that tasks stand below detailed work activities."""
    for line, row in read_rows(file, ("O*NET-SOC Code", "Task ID", "DWA ID"), ("DWA Title",)):
        counts.rows += 1
        task, activity, title = activity_iri(f"task-{row[1].strip() or 'none'}"), row[2].strip(), trimmed(row[3])
        if not ELEMENT.fullmatch(activity):
            counts.skip(line, "the id of the activity is none")
        elif task not in reader.described:
            counts.skip(line, "the task is not described")
        elif activity_iri(activity) not in reader.described and not title:
            counts.skip(line, "the activity is not described")
        else:
            yield from reader.describe(activity_iri(activity), KG.Activity, title)
            yield from below(reader, [task, activity_iri(activity)])


def related(reader: Reader, file: Member, counts: FileTally) -> Iterator[Statement]:
    """Yield related occupations, with tier and rank."""
    needed = ("O*NET-SOC Code", "Related O*NET-SOC Code")
    for line, row in read_rows(file, needed, ("Relatedness Tier", "Index", "Related Index")):
        counts.rows += 1
        role = role_of(reader, counts, line, row[0])
        other = role_of(reader, counts, line, row[1]) if role else ""
        if not role or not other:
            continue
        if role == other:
            counts.skip(line, "the occupation is related to itself")
            continue
        if not reader.is_new(counts, line, role, KG.relatedRole, other):
            continue
        rank, tier = _number(row[3] or row[4]), trimmed(row[2])
        more = [(KG.relatednessTier, Value(tier))] if tier else []
        if rank is not None and rank == int(rank):
            more.append((KG.rank, Value.of(int(rank))))
        yield Statement(role, KG.relatedRole, other, reader.source, locator="Related Occupations", more=tuple(more))
