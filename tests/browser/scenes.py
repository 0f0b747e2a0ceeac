"""Scenes made by hand: two lists and a role, groups within groups, a hostile graph."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model.answers import Answer, Claim, Context, Dataset, Node, Row, Section
from kg.views.scene import Band, Heading, Line, Mark, Scene

BASE = "https://w3id.org/career-kg/"

#: Each would set `window.__ran` if it ever ran, or turn the text around it, or reach into the prototypes of objects.
HOSTILE = (
    "<img src=x onerror=\"window.__ran='img'\">",
    "</script><script>window.__ran='script'</script>",
    "</style><style>*{display:none}</style>",
    "javascript:window.__ran='url'",
    "href <a href=\"javascript:window.__ran='a'\" onclick=\"window.__ran='click'\">x</a>",
    "\u202eright to left\u2066 and back",
    "__proto__",
    "constructor",
    "{{ 7 * 7 }}${window.__ran='template'}",
    "x" * 10_000,
    "👩🏽‍💻🇩🇪 emoji",
    "null \x00 and \x1b[2J and lone \ud800",
    '"><svg onload=window.__ran=1>',
    "]]>--><!--",
)


@dataclass(frozen=True)
class Told(Answer):
    """An answer with the sentence, table and sections it is given."""

    sentence: str
    table: tuple[Row, ...] = ()
    parts: tuple[Section, ...] = field(default=())

    def __str__(self) -> str:
        return self.sentence

    def rows(self) -> tuple[Row, ...]:
        return self.table

    def sections(self) -> tuple[Section, ...]:
        return self.parts or super().sections()


def claim(subject: Mark, relation: str, target: Mark, **more: object) -> Claim:
    said: dict[str, object] = {
        "source": f"{BASE}source/handbook",
        "source_label": "Handbook",
        "source_date": "2025-03",
        "locator": "page 7",
        "origin": "source",
        "iri": f"{BASE}claim/{subject.key}-{target.key}",
        "source_url": "https://example.org/handbook",
        "wording": f"{subject.label} needs {target.label}",
    }
    nodes = (Node(subject.label, subject.iri, subject.kind), relation, Node(target.label, target.iri, target.kind))
    return Claim(*nodes, **(said | more))  # type: ignore[arg-type]  # fields by name, of several types


SKILLS = ("Python", "Statistics", "Éclair", "Model deployment", "Docker", "SQL")


def lists() -> Scene:
    """A role, what it needs in two columns, a certification that is retired; two sources."""
    role = Mark(
        f"{BASE}role/engineer", "Engineer", "role", 0, 80, f"{BASE}role/engineer", weight=1.0, group="asked about"
    )
    needs = [
        Mark(
            f"{BASE}{'tool' if i % 2 else 'skill'}/{i}",
            label,
            "tool" if i % 2 else "skill",
            300 if i < 3 else 620,
            40.0 + 60 * (i % 3),
            f"{BASE}skill/{i}",
            weight=0.3 + i / 20,
            group="held" if i < 3 else "missing",
            details=(("definition", f"What {label} is."), ("homepage", f"https://example.org/{i}")),
            beside=True,
        )
        for i, label in enumerate(SKILLS)
    ]
    exam = Mark(
        "exam", "Exam AI-102", "certification", 940, 100, status="retired", note="165 USD · retired", group="proof"
    )
    survey = {"source_label": "Survey", "origin": "reading"}
    claims = (
        *(claim(role, "requires", need, essential=i < 4, **(survey if i == 5 else {})) for i, need in enumerate(needs)),
        claim(exam, "certifies", needs[4]),
    )
    lines = [
        Line(role.key, need.key, "requires", "requires", "solid" if i < 4 else "dashed", 0.5, claims=(i,))
        for i, need in enumerate(needs)
    ]
    lines.append(Line(exam.key, needs[4].key, "certifies", "certifies", "dotted", claims=(6,)))
    table = tuple({"label": need.label, "kind": need.kind, "importance": i * 1.5} for i, need in enumerate(needs))
    answer = Told(
        sentence="Engineer needs six things; three are held.",
        table=table,
        evidence=claims,
        context=Context(as_of="2026-11-22", dataset=Dataset("test", "1"), sparql="SELECT * { ?s ?p ?o }"),
    )
    return Scene(
        "gap",
        "Gap: Engineer",
        answer,
        (role, *needs, exam),
        tuple(lines),
        columns=(Heading("held", 300), Heading("missing", 620)),
        bands=(Band("what it takes", 0, 200),),
        groups=("asked about", "held", "missing", "proof"),
        claims=claims,
    )


def groups(discs: int = 4, members: int = 30, *, nested: bool = False) -> Scene:
    """Discs of skills, each skill tied to the next one and to one of the next disc; the first disc may hold another."""
    marks: list[Mark] = []
    keys: list[list[str]] = []
    for d in range(discs):
        x, y = 700.0 * (d % 8), 700.0 * (d // 8)
        disc = f"disc-{d}"
        inside = "disc-0" if nested and d == 1 else ""
        marks.append(
            Mark(disc, f"Community {d}", "skill", x, y, cluster=inside, is_cluster=True, size=300.0, weight=0.8)
        )
        names = [f"{disc}/{i}" for i in range(members)]
        keys.append(names)
        for i, name in enumerate(names):
            at = (x - 200 + 90 * (i % 6), y - 200 + 80 * (i // 6))
            marks.append(Mark(name, f"Skill {d}.{i}", "skill", *at, weight=1 - i / members, cluster=disc))
    lines = [
        Line(a, b, "broader")
        for d, names in enumerate(keys)
        for i, a in enumerate(names)
        for b in (names[(i + 1) % len(names)], keys[(d + 1) % discs][i])
        if a != b
    ]
    answer = Told(sentence=f"{discs} communities.", table=tuple({"label": mark.label} for mark in marks))
    return Scene("atlas", "Atlas", answer, tuple(marks), tuple(lines))


def hostile() -> Scene:
    """A graph in which every text is hostile, in every field that takes text."""
    marks = [
        Mark(
            text if i else "__proto__",
            text,
            ("skill", "tool", text)[i % 3],
            180.0 * (i % 5),
            150.0 * (i // 5),
            iri=text,
            group=text,
            status=text if i % 2 else "",
            note=text,
            details=((text, text), ("definition", text)),
            beside=i % 2 == 0,
        )
        for i, text in enumerate(HOSTILE)
    ]
    claims = tuple(
        claim(a, text, b, source=text, source_label=text, source_date=text, locator=text, origin=text, iri=text,
              wording=text, basis=text, source_url=text)
        for a, b, text in zip(marks, marks[1:], HOSTILE, strict=False)
    )  # fmt: skip
    lines = [
        Line(a.key, b.key, text, text, "dotted", claims=(i,))
        for i, (a, b, text) in enumerate(zip(marks, marks[1:], HOSTILE, strict=False))
    ]
    answer = Told(
        sentence=" ".join(HOSTILE[:9]),
        table=tuple({"label": text, "__proto__": text, "constructor": text} for text in HOSTILE),
        parts=(Section(HOSTILE[0], (HOSTILE[1], HOSTILE[6]), tuple((text, text) for text in HOSTILE), HOSTILE[2]),),
        evidence=claims,
        context=Context(as_of=HOSTILE[0], dataset=Dataset(HOSTILE[1], HOSTILE[2]), sparql=HOSTILE[1]),
    )
    columns = (Heading(HOSTILE[0], 0), Heading(HOSTILE[5], 720))
    return Scene(
        HOSTILE[0], HOSTILE[1], answer, tuple(marks), tuple(lines), columns=columns,
        bands=(Band(HOSTILE[0], -40, 300),), groups=HOSTILE, claims=claims,
    )  # fmt: skip
