"""Small releases of ESCO and O*NET in their exact shape, made up by us, as files, archives and workbooks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ESCO = "http://data.europa.eu/esco"
KEEPER, BREWER = f"{ESCO}/occupation/keeper", f"{ESCO}/occupation/brewer"
SMOKE, BEES, HONEY = (f"{ESCO}/skill/{name}" for name in ("smoke", "bees", "honey"))
ISCO, GROUP, UNNAMED = f"{ESCO}/isco/C6123", f"{ESCO}/skill/S1", f"{ESCO}/skill/S9"

Table = tuple[Sequence[str], Sequence[Sequence[str]]]

_CONCEPT = ("conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate")


def _scheme(name: str) -> str:
    return f"{ESCO}/concept-scheme/{name},\n{ESCO}/concept-scheme/member-{name}"


#: A release as 1.1.1 writes it.
ESCO_TABLES: dict[str, Table] = {
    "occupations_en.csv": (
        (
            *("conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status"),
            *("modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code"),
        ),
        [
            (
                *("Occupation", KEEPER, "6123", "bee keeper", "apiarist\nhive worker\nbee keeper", "beekeper"),
                *("released", "2016-07-05T13:58:41Z", "", "Excludes wasps.", "", _scheme("occupations")),
                *("Keeps bees,\nand sells honey.", "6123.1"),
            ),
            (
                *("Occupation", BREWER, "6123", "\u00a0mead  brewer ", "hive worker", "", "released", "never"),
                *("", "", "One who brews.", _scheme("occupations"), "Brews mead.", "6123.1.1"),
            ),
        ],
    ),
    "skills_en.csv": (
        (
            *("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels"),
            *("status", "modifiedDate", "scopeNote", "definition", "inScheme", "description"),
        ),
        [
            ("KnowledgeSkillCompetence", SMOKE, "skill/competence", "occupation-specific", "smoke bees", *[""] * 8),
            ("KnowledgeSkillCompetence", BEES, "knowledge", "cross-sector", "bees", "Apis | honeybees", *[""] * 7),
            ("KnowledgeSkillCompetence", HONEY, "", "", "sell honey", *[""] * 8),
        ],
    ),
    "ISCOGroups_en.csv": (
        ("conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels", "inScheme", "description"),
        [("ISCOGroup", ISCO, "6123", "Apiarists", "released", "", "", "Apiarists keep bees.")],
    ),
    "skillGroups_en.csv": (
        (*_CONCEPT, "scopeNote", "inScheme", "description", "code"),
        [("SkillGroup", GROUP, "handling animals", "", "", "released", "", "", "", "", "S1")],
    ),
    "skillsHierarchy_en.csv": (
        [f"Level {i} {what}" for i in range(4) for what in ("URI", "preferred term")]
        + ["Description", "Scope note", *(f"Level {i} code" for i in range(4))],
        [(GROUP, "handling animals", UNNAMED, "handling insects", *[""] * 6, "S1", "S1.9", "", "")],
    ),
    "greenSkillsCollection_en.csv": (
        ("conceptType", "conceptUri", "preferredLabel", "status", "skillType", "broaderConceptUri"),
        [("KnowledgeSkillCompetence", BEES, "bees", "released", "knowledge", GROUP)],
    ),
    "conceptSchemes_en.csv": (
        ("conceptType", "conceptSchemeUri", "preferredLabel", "title", "status", "description", "hasTopConcept"),
        [("ConceptScheme", f"{ESCO}/concept-scheme/green", "Green", "", "released", "", "")],
    ),
    "broaderRelationsOccPillar.csv": (
        ("conceptType", "conceptUri", "broaderType", "broaderUri"),
        [("Occupation", KEEPER, "ISCOGroup", ISCO), ("Occupation", BREWER, "Occupation", KEEPER)],
    ),
    "broaderRelationsSkillPillar.csv": (
        ("conceptType", "conceptUri", "broaderType", "broaderUri"),
        [
            ("KnowledgeSkillCompetence", SMOKE, "SkillGroup", GROUP),
            ("KnowledgeSkillCompetence", SMOKE, "KnowledgeSkillCompetence", BEES),
            ("KnowledgeSkillCompetence", BEES, "SkillGroup", UNNAMED),
        ],
    ),
    "occupationSkillRelations.csv": (
        ("occupationUri", "relationType", "skillType", "skillUri"),
        [
            (KEEPER, "essential", "knowledge", BEES),
            (KEEPER, "essential", "skill/competence", SMOKE),
            (KEEPER, "optional", "", HONEY),
            (BREWER, "optional", "knowledge", BEES),
            (KEEPER, "essential", "knowledge", BEES),
            (f"{ESCO}/occupation/unknown", "essential", "knowledge", BEES),
            (KEEPER, "perhaps", "knowledge", BEES),
            ("no iri", "essential", "knowledge", BEES),
            ("", "essential", "knowledge", BEES),
        ],
    ),
    "skillSkillRelations.csv": (
        ("originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"),
        [
            (SMOKE, "skill/competence", "essential", "knowledge", BEES),
            (SMOKE, "skill/competence", "optional", "skill/competence", HONEY),
        ],
    ),
}

ONET = "https://www.onetonline.org"
_RATING = (
    "Data Value",
    "N",
    "Standard Error",
    "Lower CI Bound",
    "Upper CI Bound",
    "Recommend Suppress",
    "Not Relevant",
)
_DATE = ("Date", "Domain Source")

#: A release as its workbooks write it: the text has fewer columns, those in `TEXT_LACKS`.
ONET_TABLES: dict[str, Table] = {
    "Occupation Data": (
        ("O*NET-SOC Code", "Title", "Description"),
        [("11-1111.00", "Keepers", "Keep things."), ("22-2222.01", "Brewers", 'Brew "mead".')],
    ),
    "Content Model Reference": (
        ("Element ID", "Element Name", "Description"),
        [
            ("2.A", "Basic Skills", "Skills that help to learn"),
            ("2.A.1", "Content", "Background"),
            ("2.A.1.a", "Reading", "Understanding what is written"),
            ("2.C.1.a", "Beekeeping", "Knowledge of bees"),
            ("4.A.1.a.1", "Getting Information", "Observing"),
            ("1.B.1.a", "Realistic", "An interest"),
        ],
    ),
    "Alternate Titles": (
        ("O*NET-SOC Code", "Title", "Alternate Title", "Short Title", "Source(s)"),
        [
            ("11-1111.00", "Keepers", "Hive Worker", "", "08"),
            ("22-2222.01", "Brewers", "Hive Worker", "HW", "08"),
            ("33-3333.00", "Nobody", "Nobody", "", "08"),
        ],
    ),
    "Job Zones": (
        ("O*NET-SOC Code", "Title", "Job Zone", *_DATE),
        [("11-1111.00", "Keepers", "4", "08/2023", "Analyst"), ("22-2222.01", "Brewers", "9", "08/2023", "Analyst")],
    ),
    "DWA Reference": (
        ("Element ID", "Element Name", "IWA ID", "IWA Title", "DWA ID", "DWA Title"),
        [("4.A.1.a.1", "Getting Information", "4.A.1.a.1.I01", "Look.", "4.A.1.a.1.I01.D01", "Look at bees.")],
    ),
    "Skills": (
        ("O*NET-SOC Code", "Title", "Element ID", "Element Name", "Scale ID", "Scale Name", *_RATING, *_DATE),
        [
            (
                "11-1111.00",
                "Keepers",
                "2.A.1.a",
                "Reading",
                "IM",
                "Importance",
                *("4.12", "8", "0.125", "3.88", "4.37", "N", ""),
                "08/2023",
                "Analyst",
            ),
            (
                "11-1111.00",
                "Keepers",
                "2.A.1.a",
                "Reading",
                "LV",
                "Level",
                *("4", "8", "0", "4", "4", "N", "N"),
                "08/2023",
                "Analyst",
            ),
            (
                "22-2222.01",
                "Brewers",
                "2.A.1.a",
                "Reading",
                "IM",
                "Importance",
                *("1.25", "8", "0.1", "1", "1.5", "N", ""),
                "08/2023",
                "Analyst",
            ),
            (
                "22-2222.01",
                "Brewers",
                "2.A.1.a",
                "Reading",
                "LV",
                "Level",
                *("0.5", "8", "0.1", "n/a", "n/a", "N", "Y"),
                "08/2023",
                "Analyst",
            ),
        ],
    ),
    "Knowledge": (
        ("O*NET-SOC Code", "Title", "Element ID", "Element Name", "Scale ID", "Scale Name", *_RATING, *_DATE),
        [
            (
                "11-1111.00",
                "Keepers",
                "2.C.1.a",
                "Beekeeping",
                "IM",
                "Importance",
                *("5", "28", "0", "", "", "N", ""),
                "08/2023",
                "Incumbent",
            ),
            (
                "11-1111.00",
                "Keepers",
                "2.C.1.a",
                "Beekeeping",
                "LV",
                "Level",
                *("6.5", "28", "0.9", "", "", "Y", "N"),
                "08/2023",
                "Incumbent",
            ),
            (
                "22-2222.01",
                "Brewers",
                "2.C.1.a",
                "Beekeeping",
                "IM",
                "Importance",
                *("3", "2", "1.9", "", "", "Y", ""),
                "08/2023",
                "Incumbent",
            ),
            (
                "22-2222.01",
                "Brewers",
                "2.C.1.a",
                "Beekeeping",
                "LV",
                "Level",
                *("3", "2", "1.9", "", "", "Y", "N"),
                "08/2023",
                "Incumbent",
            ),
            (
                "22-2222.01",
                "Brewers",
                "1.B.1.a",
                "Realistic",
                "OI",
                "Interest",
                *("3", "2", "1.9", "", "", "N", ""),
                "08/2023",
                "Incumbent",
            ),
            (
                "22-2222.01",
                "Brewers",
                "2.A.1.a",
                "Reading",
                "XX",
                "Odd",
                *("3", "2", "1.9", "", "", "N", ""),
                "08/2023",
                "Incumbent",
            ),
            (
                "11-1111.00",
                "Keepers",
                "2.A.1.a",
                "Reading",
                "IM",
                "Importance",
                *("9", "2", "1.9", "", "", "N", ""),
                "08/2023",
                "Incumbent",
            ),
        ],
    ),
    "Technology Skills": (
        ("O*NET-SOC Code", "Title", "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"),
        [
            ("11-1111.00", "Keepers", "HiveTracker", "43232306", "Data base software", "Y", "Y"),
            ("22-2222.01", "Brewers", "HiveTracker", "43232306", "Data base software", "Y", "N"),
            ("22-2222.01", "Brewers", "C++", "43232402", "Development software", "N", "N"),
        ],
    ),
    "Task Statements": (
        ("O*NET-SOC Code", "Title", "Task ID", "Task", "Task Type", "Incumbents Responding", *_DATE),
        [("11-1111.00", "Keepers", "8823", "Look at bees, daily.", "Core", "95", "08/2023", "Incumbent")],
    ),
    "Tasks to DWAs": (
        ("O*NET-SOC Code", "Title", "Task ID", "Task", "DWA ID", "DWA Title", *_DATE),
        [
            (
                "11-1111.00",
                "Keepers",
                "8823",
                "Look at bees, daily.",
                "4.A.1.a.1.I01.D01",
                "Look at bees.",
                "03/2014",
                "Analyst",
            ),
            ("11-1111.00", "Keepers", "1", "Nothing.", "4.A.1.a.1.I01.D01", "Look at bees.", "03/2014", "Analyst"),
        ],
    ),
    "Related Occupations": (
        ("O*NET-SOC Code", "Title", "Related O*NET-SOC Code", "Related Title", "Relatedness Tier", "Index"),
        [("11-1111.00", "Keepers", "22-2222.01", "Brewers", "Primary-Short", "1")],
    ),
    "Scales Reference": (("Scale ID", "Scale Name", "Minimum", "Maximum"), [("IM", "Importance", "1", "5")]),
}
#: Columns of the workbooks that the text files do not have.
TEXT_LACKS = {
    "Alternate Titles": ("Title",),
    "Job Zones": ("Title",),
    "Skills": ("Title", "Element Name", "Scale Name"),
    "Knowledge": ("Title", "Element Name", "Scale Name"),
    "Technology Skills": ("Title",),
    "Task Statements": ("Title",),
    "Tasks to DWAs": ("Title", "Task", "DWA Title"),
    "Related Occupations": ("Title", "Related Title"),
}
READ_ME = "O*NET 29.3 Database\nMay 2025 Release\n----------------\n"


def csv_text(table: Table, delimiter: str = ",") -> str:
    """Return a table as CSV with CRLF, as ESCO writes it."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([table[0], *table[1]])
    return text.getvalue()


def write_esco(folder: Path, tables: Mapping[str, Table] = ESCO_TABLES) -> Path:
    """Write a release of ESCO as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        (folder / name).write_text(csv_text(table), encoding="utf-8", newline="")
    return folder


def write_esco_archives(folder: Path, release: str = "1.1.1") -> Path:
    """Write a release of ESCO as its two archives."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, inside in (("classification - en", True), ("relations", False)):
        with ZipFile(folder / f"ESCO dataset - v{release} - {part} - csv.zip", "w", ZIP_DEFLATED) as archive:
            for name, table in ESCO_TABLES.items():
                if name.endswith("_en.csv") is inside:
                    archive.writestr(name, csv_text(table))
    return folder


def write_onet_text(folder: Path, tables: Mapping[str, Table] = ONET_TABLES) -> Path:
    """Write a release of O*NET as tab-separated text, which quotes nothing and has fewer columns."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in tables.items():
        kept = [i for i, column in enumerate(header) if column not in TEXT_LACKS.get(name, ())]
        lines = ["\t".join(row[i] for i in kept) for row in (header, *rows)]
        (folder / f"{name}.txt").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    (folder / "Read Me.txt").write_text(READ_ME, encoding="utf-8")
    return folder


def write_onet_workbooks(folder: Path, tables: Mapping[str, Table] = ONET_TABLES) -> Path:
    """Write a release of O*NET as workbooks, numbers as numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_workbook(folder / f"{name}.xlsx", name, table)
    (folder / "Read Me.txt").write_text(READ_ME, encoding="utf-8")
    return folder


def write_workbook(path: Path, sheet: str, table: Table) -> Path:
    """Write one worksheet; cells that are numbers become numbers, empty ones stay empty."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    worksheet = book.create_sheet(sheet)
    for row in (table[0], *table[1]):
        worksheet.append([_cell(cell) for cell in row])
    book.save(path)
    return path


def _cell(text: str) -> str | float | None:
    """Return a cell as a spreadsheet keeps it; codes with a leading zero, such as 08, are text."""
    try:
        return text or None if len(text) == 2 and text[0] == "0" else float(text)
    except ValueError:
        return text or None
