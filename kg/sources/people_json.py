"""What JSON files say of a person: a JSON Resume, or badges by Open Badges 3.0 and 2.0.

A place is the path in the file, such as ``skills[2].keywords[0]``. Of a JSON Resume its skills, languages,
certificates, keywords, positions and interests are read as what they are called; summaries, highlights and
descriptions as running text. Names of employers and schools, contacts and addresses say nothing of what somebody
can do, and are left.

A badge shows the certificate it is, or what its alignments name by IRI; its tags are read too. Who signed it and
whether it was revoked is not checked, and every item says so.

References
----------
JSON Resume, schema 1.2.1, https://jsonresume.org/schema. 1EdTech, Open Badges Specification 3.0 (2024) and 2.0 (2018).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.sources.guards import check_depth
from kg.sources.members import Member
from kg.sources.texts import Text
from kg.sources.written import Item, Written, passage

__all__ = ["UNCHECKED", "is_json_text", "read_json_person"]

Json = Any  # what JSON may hold

#: A credential as a JSON Web Token: three parts, of which the second is read.
_TOKEN = re.compile(r"\s*eyJ[\w-]+\.([\w-]+)\.[\w-]*\s*")
_RESUME = frozenset(
    ("basics", "work", "volunteer", "education", "awards", "certificates", "skills", "languages", "projects")
)
#: Fields of a JSON Resume that are running text.
_PROSE = frozenset(("summary", "highlights", "description", "courses", "area", "reference"))
UNCHECKED = "signature not checked"
_BADGES = frozenset(
    ("OpenBadgeCredential", "AchievementCredential", "ClrCredential", "Assertion", "VerifiablePresentation")
)


def is_json_text(text: str) -> bool:
    """Whether a text looks like JSON, or like a credential as a token."""
    return text.lstrip()[:1] in ("{", "[") or _TOKEN.fullmatch(text) is not None


def read_json_person(name: str, text: str) -> Written | None:
    """Return what a JSON file says of somebody; None where it is neither JSON nor meant to be.

    Raises
    ------
    BadInput
        It is damaged, too deep, or of no kind that is known; with every fault of its fields.
    """
    member = Member(Path(name))
    if token := _TOKEN.fullmatch(text):
        text = _payload(member, token[1])
    check_depth(member, text.encode())
    try:
        data = json.loads(text, object_pairs_hook=_once(member))
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("[") and not name.casefold().endswith((".json", ".jsonld")):
            return None  # a list that begins with a bracket
        raise member.fault(f"is no JSON: {error.msg}.", "See the line named.", line=error.lineno) from None
    except BadInput:
        raise
    except ValueError:  # a number of thousands of digits
        raise member.fault("has a number that nobody can read.", "Shorten it.") from None
    badges = [*_badges(data)]
    if badges:
        return _Badges(name).written(badges)
    if isinstance(data, dict) and _RESUME & data.keys():
        return _Resume(name).written(data)
    if isinstance(data, dict) and "career_kg" in data:
        raise member.fault("is an answer of kg.", "Write the profile with `kg read FILE --format yaml`.")
    have = ", ".join(sorted(map(str, data))[:8]) if isinstance(data, dict) else f"a {type(data).__name__}"
    raise member.fault(
        f"is neither a JSON Resume nor an Open Badge: it has {have[:200] or 'nothing'}.",
        "Give one of these, a list, a table or a text.",
    )


def _once(member: Member) -> Callable[[list[tuple[str, Json]]], dict[str, Json]]:
    """Return what builds an object of JSON, and refuses a field that stands there twice: one would be lost."""

    def build(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
            raise member.fault("stands twice in one object.", "Keep one of the two.", column=twice[:80])
        return found

    return build


def _payload(member: Member, part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, ValueError):
        raise member.fault("is a token that cannot be read.", "Export the badge as JSON.") from None


class _Fields:
    """Reads fields that are texts or lists of them, and notes what is neither."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def fault(self, path: str, message: str, fix: str) -> None:
        self.faults.append(Fault(self.name, 0, path, message, fix))

    def place(self, path: str) -> str:
        return f"{self.name}:{path}"

    def text(self, found: Json, path: str) -> str:
        if found is None or isinstance(found, bool):
            return ""
        if isinstance(found, str | int | float):
            return str(found).strip()
        self.fault(path, "is no text.", "Write text.")
        return ""

    def objects(self, found: Json, path: str) -> Iterator[tuple[str, dict[str, Json]]]:
        """Yield the objects of a list with their paths; a text is an object that has only a name."""
        if found is None:
            return
        for i, one in enumerate(found if isinstance(found, list) else [found]):
            where = f"{path}[{i}]" if isinstance(found, list) else path
            if isinstance(one, dict):
                yield where, one
            elif one is not None:
                yield where, {"name": self.text(one, where)}

    def texts(self, found: Json, path: str) -> Iterator[tuple[str, str]]:
        """Yield the texts of a list, or one text, with their paths."""
        if found is None:
            return
        for i, one in enumerate(found if isinstance(found, list) else [found]):
            where = f"{path}[{i}]" if isinstance(found, list) else path
            if said := self.text(one, where):
                yield where, said

    def end(self) -> None:
        if self.faults:
            raise BadInput(self.name, self.faults)


class _Resume(_Fields):
    def written(self, data: dict[str, Json]) -> Written:
        items = [*self.items(data)]
        prose = [*self.passages(data, "")]
        basics = data.get("basics")
        name = self.text(basics.get("name"), "basics.name") if isinstance(basics, dict) else ""
        self.end()
        return Written(name, tuple(items), prose=tuple(prose))

    def items(self, data: dict[str, Json]) -> Iterator[Item]:
        for path, skill in self.objects(data.get("skills"), "skills"):
            level = self.text(skill.get("level"), f"{path}.level")
            for key in ("name", "keywords"):
                yield from self.listed(skill.get(key), f"{path}.{key}", level=level)
            if not skill.get("name") and not skill.get("keywords"):
                self.fault(path, "names no skill.", "Give it a name.")
        for path, one in self.objects(data.get("languages"), "languages"):
            level = self.text(one.get("fluency"), f"{path}.fluency")
            key = "language" if "language" in one else "name"
            for where, said in self.texts(one.get(key), f"{path}.{key}"):
                yield Item(said, self.place(where), level)
        for path, one in self.objects(data.get("certificates"), "certificates"):
            said, when, by = (self.text(one.get(key), f"{path}.{key}") for key in ("name", "date", "issuer"))
            if said:
                yield Item(said, self.place(f"{path}.name"), since=when, issuer=by, kind="certification")
            else:
                self.fault(path, "names no certificate.", "Give it a name.")
        for path, one in self.objects(data.get("projects"), "projects"):
            yield from self.listed(one.get("keywords"), f"{path}.keywords")
        for path, one in self.objects(data.get("interests"), "interests"):
            for key in ("name", "keywords"):
                yield from self.listed(one.get(key), f"{path}.{key}", why="wanted")
        for path, one in self.objects(data.get("work"), "work"):
            for where, said in self.texts(one.get("position"), f"{path}.position"):
                yield Item(said, self.place(where), kind="role")
        for path, one in self.objects(data.get("basics"), "basics"):
            for where, said in self.texts(one.get("label"), f"{path}.label"):
                yield Item(said, self.place(where), kind="role")

    def listed(self, found: Json, path: str, *, level: str = "", why: str = "") -> Iterator[Item]:
        for where, said in self.texts(found, path):
            yield Item(said, self.place(where), level, kind="list", why=why)

    def passages(self, found: Json, path: str) -> Iterator[Text]:
        """Yield the running text of a resume."""
        if isinstance(found, dict):
            for key, value in found.items():
                where = f"{path}.{key}".lstrip(".")
                if key in _PROSE:
                    for place, said in self.texts(value, where):
                        yield passage(self.place(place), said)
                else:
                    yield from self.passages(value, where)
        elif isinstance(found, list):
            for i, one in enumerate(found):
                yield from self.passages(one, f"{path}[{i}]")


def _types(found: dict[str, Json]) -> set[str]:
    given = found.get("type", found.get("@type"))
    return {str(one) for one in (given if isinstance(given, list) else [given])}


def _badges(data: Json, path: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield the credentials in a file: itself, those of a list, or those that a presentation or a record carries."""
    if isinstance(data, list):
        for i, one in enumerate(data):
            yield from _badges(one, f"{path}[{i}]")
        return
    if not isinstance(data, dict):
        return
    if isinstance(data.get("vc"), dict):  # as a token carries it
        yield from _badges(data["vc"], f"{path}.vc".lstrip("."))
    elif _BADGES & _types(data) or isinstance(data.get("badge"), dict):
        subject = data.get("credentialSubject")
        for holder, where in (
            (data, path),
            (subject if isinstance(subject, dict) else {}, f"{path}.credentialSubject"),
        ):
            yield from _badges(holder.get("verifiableCredential"), f"{where}.verifiableCredential".lstrip("."))
        if isinstance(data.get("badge"), dict) or (isinstance(subject, dict) and "achievement" in subject):
            yield path, data


class _Badges(_Fields):
    def written(self, found: Iterable[tuple[str, dict[str, Json]]]) -> Written:
        items: list[Item] = []
        who = ""
        for path, badge in found:
            subject = badge.get("credentialSubject")
            subject = subject if isinstance(subject, dict) else {}
            who = who or self.holder(subject)
            items += self.items(path, badge, subject)
        self.end()
        return Written(who, tuple(items))

    def holder(self, subject: dict[str, Json]) -> str:
        """Return whose badge it is, where it says so in the clear."""
        if name := self.text(subject.get("name"), "credentialSubject.name"):
            return name
        for _, one in self.objects(subject.get("identifier"), "credentialSubject.identifier"):
            if one.get("identityType") == "name" and not one.get("hashed"):
                return self.text(one.get("identityHash"), "credentialSubject.identifier.identityHash")
        return ""

    def items(self, path: str, badge: dict[str, Json], subject: dict[str, Json]) -> Iterator[Item]:
        older = isinstance(badge.get("badge"), dict)
        where = f"{path}.{'badge' if older else 'credentialSubject.achievement'}".lstrip(".")
        achievement = badge["badge"] if older else subject["achievement"]
        if not isinstance(achievement, dict):
            self.fault(where, "is no achievement, but where one lies.", "Export the badge with its achievement in it.")
            return
        issuer = achievement.get("issuer") if older else badge.get("issuer")
        by = issuer.get("name", issuer.get("id")) if isinstance(issuer, dict) else issuer
        more = Item(
            "",
            since=_first(badge, "awardedDate", "validFrom", "issuanceDate", "issuedOn")[:10],
            until=_first(badge, "validUntil", "expirationDate", "expires")[:10],
            issuer=self.text(by, f"{path}.issuer".lstrip(".")),
            note=UNCHECKED,
        )
        said = self.text(achievement.get("name"), f"{where}.name")
        if not said:
            self.fault(where, "has no name.", "Export the badge anew.")
        aligned = [*self.aligned(achievement, where)]
        yield more._replace(
            words=said, place=self.place(f"{where}.name"), kind="certification", iri=_iris(achievement.get("id"))
        )
        for words, place, iris in aligned:
            yield more._replace(words=words, place=self.place(place), iri=iris)
        for place, words in self.texts(achievement.get("tag", achievement.get("tags")), f"{where}.tag"):
            yield more._replace(words=words, place=self.place(place), kind="list")

    def aligned(self, achievement: dict[str, Json], where: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield what a badge is aligned to: name, path, IRIs."""
        for key in ("alignment", "alignments"):
            for path, one in self.objects(achievement.get(key), f"{where}.{key}"):
                iris = (*_iris(one.get("targetUrl")), *_iris(one.get("id")), *_iris(one.get("targetCode")))
                words = self.text(one.get("targetName", one.get("name")), f"{path}.targetName") or "".join(iris[:1])
                if words:
                    yield words, path, iris
                else:
                    self.fault(path, "names nothing.", "Give targetUrl and targetName.")


def _first(found: dict[str, Json], *keys: str) -> str:
    return next((str(found[key]) for key in keys if isinstance(found.get(key), str)), "")


def _iris(found: Json) -> tuple[str, ...]:
    """Return an IRI in the ways that frameworks write it; nothing of what is none."""
    if not isinstance(found, str) or "://" not in found:
        return ()
    rest = found.partition("://")[2]
    return tuple(dict.fromkeys((found, f"http://{rest}", f"https://{rest}")))
