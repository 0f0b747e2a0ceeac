"""Files about people: what each form says, nothing lost, and nothing believed that is made to harm."""

from __future__ import annotations

import base64
import json
import socket
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

import kg
from kg.careers.profile import People, Profile
from kg.handles.handle import KnowledgeGraph
from kg.model.errors import BadInput
from kg.sources import people_tables, word_files

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ESCO = "http://data.europa.eu/esco/skill/"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def write(path: Path, content: str | object) -> Path:
    """Write a text, or anything else as JSON."""
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def word(path: Path, body: str, parts: dict[str, str] | None = None, prolog: str = "") -> Path:
    """Write a Word document with a heading style, and more parts where there are some."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{prolog}<w:document {W}><w:body>{body}</w:body></w:document>")
        heading = '<w:style w:styleId="berschrift1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        archive.writestr("word/styles.xml", f"<w:styles {W}>{heading}</w:styles>")
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return path


def held(profile: Profile) -> list[tuple[str, str]]:
    return [(one.node.label, one.level) for one in profile.held]


def by_person(found: People) -> dict[str, list[tuple[str, str]]]:
    return {profile.name: held(profile) for profile in found}


# --- tables ---------------------------------------------------------------------------------------------------------

CLIENTS = """name,skills
Ada,"js, k8s, some SQL"
Grace,"sklearn; Python (advanced), frobnicate"
Linus,Git, C++, Docker
"""


def test_a_table_of_clients_is_a_profile_for_each(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.people(shipped, write(tmp_path / "clients.csv", CLIENTS))
    assert by_person(found) == {
        "Ada": [("JavaScript", ""), ("Kubernetes", ""), ("SQL", "some")],
        "Grace": [("scikit-learn", ""), ("Python", "advanced")],
        "Linus": [("Git", ""), ("C++", ""), ("Docker", "")],
    }
    assert [one.words for one in found.profiles[1].not_understood] == ["frobnicate"]
    assert found.profiles[1].held[0].place.endswith("clients.csv:3")


LONG = """Person;Skill;Level;Years;Certificate;Expires
Ada;Python;advanced;5;;
;SQL;;;;
Grace;;;;AI-102;2020-01-31
"""


def test_a_long_table_has_levels_years_and_certificates(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    ada, grace = kg.people(shipped, write(tmp_path / "long.csv", LONG))
    assert held(ada) == [("Python", "advanced"), ("SQL", "")], "a row without a name goes on with the one before"
    assert ada.held[0].years == 5
    assert [(one.why, one.nodes[0].kind) for one in grace.doubtful] == [("expired", "certification")]


@pytest.mark.parametrize(
    "table",
    [
        "name,Python,SQL,Docker\nAda,x,,no\nGrace,,x,\n",
        "name\tPython\tSQL\tDocker\nAda\t1\t\t0\nGrace\t\t1\t\n",
        "Skill,Ada,Grace\nPython,x,\nSQL,,x\nDocker,no,\n",
        ",Python,SQL,Docker\nAda,yes,,no\nGrace,,yes,\n",
    ],
)
def test_a_wide_table_has_marks(shipped: KnowledgeGraph, tmp_path: Path, table: str) -> None:
    found = kg.people(shipped, write(tmp_path / ("wide.tsv" if "\t" in table else "wide.csv"), table))
    assert by_person(found) == {"Ada": [("Python", "")], "Grace": [("SQL", "")]}
    assert [(one.label, one.why) for one in found.profiles[0].doubtful] == [("Docker", "denied")]


def test_a_wide_table_has_levels_and_tells_the_columns_it_leaves(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    table = "name,email,Python,SQL\nAda,ada@example.org,3,expert\nGrace,g@example.org,0,2 years\n"
    ada, grace = kg.people(shipped, write(tmp_path / "wide.csv", table))
    assert held(ada) == [("Python", "3"), ("SQL", "expert")]
    assert [one.words for one in ada.not_understood] == ["column email"]
    assert [(one.node.label, one.level, one.years) for one in grace.held] == [("SQL", "", 2.0)]


def test_a_workbook_of_several_sheets(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Ada"
    for row in (["skill", "level"], ["Python", "advanced"]):
        first.append(row)
    second = book.create_sheet("Team")
    for row in (["name", "skill"], ["Grace", "SQL"], ["ada", "Docker"]):
        second.append(row)
    book.save(tmp_path / "team.xlsx")
    found = kg.people(shipped, tmp_path / "team.xlsx")
    assert by_person(found) == {"Ada": [("Python", "advanced"), ("Docker", "")], "Grace": [("SQL", "")]}


def test_a_table_of_one_person_without_a_name(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    for table in ("skill,level\nPython,advanced\n", "name,level\nPython,advanced\n"):
        assert held(kg.profile(shipped, write(tmp_path / "mine.csv", table))) == [("Python", "advanced")]
    assert held(kg.profile(shipped, write(tmp_path / "list.csv", "Python,SQL\nGit,Docker\n"))) == [
        ("Python", ""),
        ("SQL", ""),
        ("Git", ""),
        ("Docker", ""),
    ], "a list without names of columns stays a list"


def test_a_question_about_several_people_names_the_option(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    path = write(tmp_path / "clients.csv", CLIENTS)
    with pytest.raises(BadInput, match=r"tells of 3 people: Ada, Grace, Linus\. .*--person \"Ada\""):
        kg.gap(shipped, "Data Engineer", profile=path)
    with pytest.raises(BadInput, match='tells of no "Bob"'):
        kg.gap(shipped, "Data Engineer", profile=path, person="Bob")
    answer = kg.gap(shipped, "Data Engineer", profile=path, person="ada")
    assert answer.profile.name == "Ada"
    assert answer.rows() == kg.gap(shipped, "Data Engineer", held=["js", "k8s", "SQL"]).rows()


def test_a_row_that_is_too_long_is_told_with_its_line(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"wide\.csv:3: has 4 cells, and the table 3 columns"):
        kg.people(shipped, write(tmp_path / "wide.csv", "name,Python,SQL\nAda,x,\nGrace,x,x,x\n"))


# --- Word -----------------------------------------------------------------------------------------------------------


def test_a_word_document_is_read_as_it_is_printed(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("SQL", "advanced")) + "</w:tr>"
    box = f"<mc:AlternateContent><mc:Choice><w:txbxContent>{paragraph('I use Git.')}</w:txbxContent></mc:Choice>"
    fallback = f"<mc:Fallback><w:txbxContent>{paragraph('I use Git.')}</w:txbxContent></mc:Fallback>"
    body = "".join(
        (
            paragraph("I have built services with Java for five years."),
            paragraph("No experience with Kubernetes."),
            paragraph("Skills", "berschrift1"),
            f"<w:tbl>{row}</w:tbl>",
            paragraph("Python, frobnicate"),
            paragraph("Experience", "berschrift1"),
            paragraph("I worked for a bank."),
            f"<w:p><w:r>{box}{fallback}</mc:AlternateContent></w:r></w:p>",
            "<w:p><w:del><w:r><w:delText>Rust</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr>"
            "<w:t>Scala</w:t></w:r></w:p>",
        )
    ).replace("<mc:AlternateContent>", '<mc:AlternateContent xmlns:mc="http://m">')
    found = kg.profile(shipped, word(tmp_path / "cv.docx", body, {"word/header1.xml": f"<w:hdr {W}/>"}))
    assert sorted(held(found)) == [("Git", ""), ("Java", ""), ("Python", ""), ("SQL", "advanced")]
    assert [(one.label, one.why) for one in found.doubtful] == [("Kubernetes", "denied")]
    assert [one.words for one in found.not_understood] == ["frobnicate"]
    assert next(one.place for one in found.held if one.node.label == "Python").endswith("cv.docx:5:1")


def test_macros_of_a_word_document_are_not_looked_at(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    macro = {"word/vbaProject.bin": 'Sub AutoOpen()\nShell "calc"\nEnd Sub Python SQL'}
    found = kg.profile(shipped, word(tmp_path / "cv.docm", paragraph("I use Git."), macro))
    assert held(found) == [("Git", "")]


ENTITIES = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda p: word(p, paragraph("&a;"), prolog=ENTITIES), "declares a document type or an encoding"),
        (lambda p: word(p, paragraph("x"), {"word/footer1.xml": f"{ENTITIES}<w:p/>"}), "footer1.xml.*document type"),
        (lambda p: word(p, paragraph("a" * 3_000_000)), "would unpack to .* times its size"),
        (lambda p: word(p, "<w:p>"), "is damaged: mismatched tag"),
        (lambda p: word(p, paragraph("x"), {"../evil": ""}), "leads out of the archive"),
        (lambda p: word(p, ""), "has no text"),
        (lambda p: write(p, "PK\x03\x04 and then no archive"), "is no intact archive"),
    ],
)
def test_a_hostile_word_document_is_refused(shipped: KnowledgeGraph, tmp_path: Path, make: object, match: str) -> None:
    path = tmp_path / "cv.docx"
    assert callable(make)
    make(path)
    with pytest.raises(BadInput, match=match):
        kg.profile(shipped, path)


def test_a_part_of_a_word_document_is_bounded(
    shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_files, "MAX_PART", 100)
    with pytest.raises(BadInput, match="has more than 100 bytes"):
        kg.profile(shipped, word(tmp_path / "cv.docx", paragraph("x" * 200)))


@pytest.mark.parametrize(("start", "what"), [(b"\xd0\xcf\x11\xe0rest", "Word 97"), (b"{\\rtf1 Python}", "rich text")])
def test_other_documents_are_named(shipped: KnowledgeGraph, tmp_path: Path, start: bytes, what: str) -> None:
    (tmp_path / "cv.doc").write_bytes(start)
    with pytest.raises(BadInput, match=f"{what}.*Save it as DOCX, PDF or text"):
        kg.profile(shipped, tmp_path / "cv.doc")


# --- JSON Resume ----------------------------------------------------------------------------------------------------

RESUME = {
    "basics": {"name": "Ada", "label": "Data Engineer", "email": "a@example.org", "summary": "I have used Git daily."},
    "work": [
        {"name": "Oracle", "position": "Chief Wizard", "highlights": ["Moved all to Docker", "No Kubernetes yet"]}
    ],
    "skills": [
        {"name": "Python", "level": "Advanced", "keywords": ["pandas", "frobnicate"]},
        {"keywords": ["SQL (basic)", "Java, C#"]},
    ],
    "languages": [{"language": "Klingon", "fluency": "Native"}],
    "certificates": [{"name": "AI-102", "date": "2024-05", "issuer": "Microsoft"}],
    "projects": [{"name": "x", "description": "", "keywords": ["PyTorch"]}],
    "interests": [{"name": "Machine learning", "keywords": []}],
}


def test_a_json_resume_keeps_levels_places_and_reasons(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.profile(shipped, write(tmp_path / "resume.json", RESUME))
    assert found.name == "Ada"
    assert [role.label for role in found.roles] == ["Data Engineer"]
    levels = dict(held(found))
    assert levels["Python"] == levels["pandas"] == "Advanced"
    assert levels["SQL"] == "basic"
    assert {"Java", "C#", "PyTorch", "Git", "Docker"} <= {*levels}
    assert "Oracle Database" not in levels, "an employer is no skill"
    assert {(one.label, one.why) for one in found.doubtful} >= {
        ("Machine learning", "wanted"),
        ("Kubernetes", "denied"),
    }
    certificate = next(one for one in found.held if one.node.kind == "certification")
    assert (certificate.since, certificate.issuer) == ("2024-05", "Microsoft")
    assert certificate.place.endswith("resume.json:certificates[0].name")
    assert {one.words for one in found.not_understood} == {"Chief Wizard", "frobnicate", "Klingon"}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ('{"skills": [{"name": "Python"},\n{"name": ]}', r"resume\.json:2.*is no JSON"),
        ('{"skills": ' + "[" * 150 + "]" * 150 + "}", "is nested more than 100 deep"),
        ('{"skills": [{"name": "Python", "name": "SQL"}]}', "stands twice in one object"),
        ('{"skills": [{"level": "x"}, {"name": {"a": 1}}]}', r"(?s)skills\[0\].*names no skill.*skills\[1\]\.name"),
        ('{"certificates": [{"date": "2024"}]}', "names no certificate"),
        ('{"skills": [{"name": ' + "9" * 5000 + "}]}", "a number that nobody can read"),
        ('{"people": []}', "neither a JSON Resume nor an Open Badge: it has people"),
    ],
)
def test_a_bad_resume_is_told_with_its_place(shipped: KnowledgeGraph, tmp_path: Path, content: str, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        kg.profile(shipped, write(tmp_path / "resume.json", content))


# --- badges ---------------------------------------------------------------------------------------------------------


def badge(**more: object) -> dict[str, object]:
    """Return a badge of Open Badges 3.0 for a course, aligned to ESCO, with two tags."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "https://example.org", "type": ["Profile"], "name": "Example University"},
        "validFrom": "2025-03-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "identityHash": "Ada", "identityType": "name", "hashed": False}],
            "achievement": {
                "id": "https://example.org/a",
                "type": ["Achievement"],
                "name": "A course of ours",
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "Agile something",
                        "targetUrl": f"https{ESCO[4:]}dba46f87-0831-49cd-a1c7-340a653c0221",
                        "targetType": "ESCO:Skill",
                    },
                    {"type": ["Alignment"], "targetName": "Python", "targetUrl": "https://example.org/unknown"},
                ],
                "tag": ["SQL", "frobnicate"],
            },
        },
        **more,
    }


def test_a_badge_is_read_by_the_iris_it_is_aligned_to(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.profile(shipped, write(tmp_path / "badge.json", badge(validUntil="2030-01-01T00:00:00Z")))
    assert found.name == "Ada"
    assert [one.node.iri.rpartition("/")[2] for one in found.held] == ["agile", "python", "sql"]
    for one in found.held:
        assert (one.issuer, one.since, one.until) == ("Example University", "2025-03-01", "2030-01-01")
        assert one.note.startswith("signature not checked")
    assert "close match https://data.europa.eu" in found.held[0].note
    assert {one.words for one in found.not_understood} == {"A course of ours", "frobnicate"}


def test_what_a_badge_showed_does_not_count_once_it_has_ended(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.profile(shipped, write(tmp_path / "badge.json", badge(validUntil="2026-01-01T00:00:00Z")))
    assert not found.held
    assert {one.why for one in found.doubtful} == {"expired"}
    assert "Agile (expired, credentialSubject.achievement.alignment[0])" in str(found)


def test_badges_come_alone_in_lists_in_presentations_and_as_tokens(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    one = badge()
    token = base64.urlsafe_b64encode(json.dumps({"vc": one}).encode()).decode().rstrip("=")
    older = {
        "type": "Assertion",
        "issuedOn": "2025-03-01",
        "badge": {**one["credentialSubject"]["achievement"], "issuer": {"name": "Example University"}},  # type: ignore[index]  # made above
    }
    labels = [n.label for n in kg.profile(shipped, write(tmp_path / "badge.json", one)).things]
    for content in ([one], {"type": "VerifiablePresentation", "verifiableCredential": [one]}, older, f"eyJh.{token}.c"):
        found = kg.profile(shipped, write(tmp_path / "again.json", content))
        assert [n.label for n in found.things] == labels
        assert found.held[0].issuer == "Example University"


# --- LinkedIn -------------------------------------------------------------------------------------------------------

EXPORT = {
    "Profile.csv": 'First Name,Last Name,Headline,Summary\nAda,Lovelace,Data Engineer,"I have used Git.\nNo Docker."\n',
    "Skills.csv": "Name\nPython\nsome SQL\nfrobnicate\n",
    "Certifications.csv": "Name,Url,Authority,Started On,Finished On,License Number\n"
    "AI-102,https://x,Microsoft,Jan 2023,Jan 2024,1\n",
    "Positions.csv": "Company Name,Title,Description,Location,Started On,Finished On\n"
    "Oracle,Data Analyst,I used Excel.,,,\n",
    "messages.csv": "CONTENT\nI hear you use Kubernetes\n",
}


def export(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in EXPORT.items():
            archive.writestr(name, text)
    return path


def test_an_export_of_linkedin_is_one_person(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.profile(shipped, export(tmp_path / "linkedin.zip"))
    assert found.name == "Ada Lovelace"
    assert [role.label for role in found.roles] == ["Data Analyst"]
    levels = dict(held(found))
    assert (levels["Python"], levels["SQL"]) == ("", "some")
    assert {"Git", "Microsoft Excel"} <= {*levels} or {"Git", "Excel"} <= {*levels}
    assert "Kubernetes" not in levels, "messages are not opened"
    assert {(one.label, one.why) for one in found.doubtful} >= {("Docker", "denied")}
    assert any(one.why == "expired" for one in found.doubtful)
    assert next(one.place for one in found.held if one.node.label == "Python").endswith("linkedin.zip:Skills.csv:2")


@pytest.mark.parametrize("name", ["Skills.csv", "Certifications.csv", "Profile.csv", "Positions.csv"])
def test_a_table_of_an_export_is_read_alone(shipped: KnowledgeGraph, tmp_path: Path, name: str) -> None:
    whole = kg.profile(shipped, export(tmp_path / "linkedin.zip"))
    alone = kg.profile(shipped, write(tmp_path / name, EXPORT[name]))
    words = {one.words for one in alone.entries()}
    assert words or alone.roles
    assert words <= {one.words for one in whole.entries()}


def test_an_archive_that_is_no_export_is_refused(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("other.csv", "a")
    with pytest.raises(BadInput, match=r"is an archive, but no export of LinkedIn"):
        kg.profile(shipped, tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Skills.csv", "Name\n" + "a" * 3_000_000)
    with pytest.raises(BadInput, match="times its size"):
        kg.profile(shipped, tmp_path / "bomb.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("Skills.csv", "Skill\nPython\n")
    with pytest.raises(BadInput, match=r"Skills\.csv:1: lacks the column name; there are skill"):
        kg.profile(shipped, tmp_path / "y.zip")


# --- advertisements -------------------------------------------------------------------------------------------------

ADVERT = """Data Engineer (m/f/d)

We are looking for a Data Engineer to join our team in Berlin.
Your responsibilities
- Build pipelines with Python, Airflow and Spark
Your profile
- Five years of SQL and Docker
Nice to have: Kafka
We offer free coffee and training on AWS.
"""


def test_an_advertisement_is_not_held(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.profile(shipped, write(tmp_path / "ad.txt", ADVERT))
    assert not found.held
    assert {"Python", "SQL", "Docker"} <= {one.label for one in found.doubtful}
    assert "It reads as a job advertisement" in str(found)
    answer = kg.gap(shipped, "Data Engineer", profile=tmp_path / "ad.txt")
    assert not answer.held
    assert "It reads as a job advertisement" in answer.context.told[0]


CV = """Ada Lovelace, Data Engineer
Experience
2019 - present  Example Ltd
Responsibilities: pipelines with Python and Airflow. We offer our clients dashboards.
Education
"""


def test_a_cv_is_no_advertisement(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    assert "Python" in dict(held(kg.profile(shipped, write(tmp_path / "cv.md", CV))))


# --- laws -----------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["Python", "some SQL", "k8s", "frobnicate", "AI-102", "R", "C#", "Docker (expert)", "quux 7"])


@settings(max_examples=25)
@given(people=st.dictionaries(st.sampled_from(["Ada", "Grace", "Ida"]), st.lists(WORDS, max_size=5), min_size=1))
def test_every_word_of_a_table_is_held_not_counted_or_not_understood(
    shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory, people: dict[str, list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("law")
    rows = [["name", "skill"], *([name, one] for name, words in people.items() for one in words)]
    if len(rows) == 1:
        return
    path = write(folder / "long.csv", "".join(f"{','.join(row)}\n" for row in rows))
    found = {profile.name: profile for profile in kg.people(shipped, path)}
    for name, words in people.items():
        read = sorted(one.words for one in found[name].entries()) if words else []
        assert read == sorted(words)
    resume = {"basics": {}, "skills": [{"name": one} for words in people.values() for one in words]}
    read = sorted(one.words for one in kg.profile(shipped, write(folder / "r.json", resume)).entries())
    assert read == sorted(one for words in people.values() for one in words)


def test_tables_are_bounded(shipped: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "clients.csv", CLIENTS)
    monkeypatch.setattr(people_tables, "MAX_CELLS", 3)
    with pytest.raises(BadInput, match="has more than 3 cells"):
        kg.people(shipped, path)
    monkeypatch.setattr(people_tables, "MAX_BYTES", 3)
    with pytest.raises(BadInput, match="has more than 3 bytes"):
        kg.people(shipped, path)


def test_several_people_are_shown_one_block_each(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    found = kg.people(shipped, write(tmp_path / "clients.csv", CLIENTS))
    assert str(found) == "3 people: Ada, Grace, Linus. Read 8 of 9 names."
    blocks = [(section.title, section.note) for section in found.sections() if section.title]
    assert [title for title, _ in blocks] == ["Ada", "Grace", "Linus"]
    assert "Not understood: frobnicate" in blocks[1][1]
    assert sum(len(section.rows) for section in found.sections()) == 9


@settings(max_examples=20)
@given(
    held=st.dictionaries(st.sampled_from(["Python", "SQL", "Java", "C#"]), st.sampled_from(["", "expert"]), min_size=1)
)
def test_a_profile_comes_back_from_a_json_resume(
    shipped: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory, held: dict[str, str]
) -> None:
    said = [f"{name} ({level})" if level else name for name, level in held.items()]
    profile = kg.profile(shipped, held=[*said, "AI-102"])
    path = write(tmp_path_factory.mktemp("out") / "resume.json", profile.to_json_resume())
    again = kg.profile(shipped, path)
    assert {(one.node, one.level) for one in again.held} == {(one.node, one.level) for one in profile.held}
    assert not again.doubtful
    assert not again.not_understood


def test_a_profile_that_is_written_by_hand_is_read(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    file.write_text(
        "held: [Python]\nnot_counted:\n- Kubernetes\n- {name: Docker, why: wanted}\n- Qqqqqq\n"
        "not_understood: [hf]\nroles: [Data Analyst, {name: Gardener of data}]\n",
        encoding="utf-8",
    )
    read = kg.profile(shipped, file)
    assert [one.node.label for one in read.held] == ["Python"]
    assert [(one.label, one.why) for one in read.doubtful] == [("Kubernetes", "denied"), ("Docker", "wanted")]
    assert [one.words for one in read.not_understood] == ["Qqqqqq", "hf", "Gardener of data"]
    assert [role.label for role in read.roles] == ["Data Analyst"]


def test_a_field_that_stands_twice_among_many_is_told(shipped: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "resume.json"
    file.write_text(
        f'{{"skills": [], {", ".join(f""""k{i}": 0""" for i in range(200_000))}, "k7": 1}}', encoding="utf-8"
    )
    with pytest.raises(BadInput, match="k7: stands twice"):
        kg.profile(shipped, file)
