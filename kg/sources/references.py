"""Who is who in facts files: every id with its kind, and what leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kg.model.errors import BadInput, Fault
from kg.model.iris import mint
from kg.model.terms import BASE, KG
from kg.sources.documents import Document

__all__ = ["SECTIONS", "KnownNames", "check_references"]

SECTIONS = {
    "roles": "role",
    "skills": "skill",
    "tools": "tool",
    "certifications": "certification",
    "providers": "provider",
    "sources": "source",
}
_SCALES = {
    "onet-importance": KG.OnetImportanceScale,
    "onet-level": KG.OnetLevelScale,
    "gdad-level-scale": KG.GdadLevelScale,
}

Path_ = tuple[str | int, ...]
#: A reference: where it stands, the id, and the kinds it may be of.
Reference = tuple[Path_, str, tuple[str, ...]]

_ABLE = ("skill", "tool")


class KnownNames:
    """The kind of every id, from the files themselves and from the dataset they add to.

    A role and a skill may share an id; so ids are kept by kind.
    """

    def __init__(self, defined: Iterable[tuple[str, str]], known: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self._kinds: dict[str, list[str]] = {}
        for name, kind in defined:
            self._kinds.setdefault(name, []).append(kind)
        self._known = known
        self._looked = False

    def kinds(self, name: str) -> list[str]:
        """Return the kinds that an id stands for; empty where it is unknown."""
        if name not in self._kinds and not self._looked:
            self._looked = True
            for other, kind in self._known():
                self._kinds.setdefault(other, []).append(kind)
        return self._kinds.get(name, [])

    def all(self) -> list[str]:
        """Return every id known so far."""
        return list(self._kinds)

    def iri(self, name: str) -> str:
        """Return the IRI of an id: skill before tool, then certification, role, provider, as references need it."""
        kinds = self.kinds(name)
        for kind in ("skill", "tool", "certification", "role", "provider", "source"):
            if kind in kinds:
                return mint(kind, name)
        raise BadInput(f'"{name}" is not defined. Define it, or check the spelling.')

    @staticmethod
    def scale(name: str) -> str:
        """Return the IRI of a scale."""
        return _SCALES.get(name, f"{BASE}scale/{name}")


def check_references(
    documents: tuple[Document, ...], known: Callable[[], Iterable[tuple[str, str]]]
) -> tuple[KnownNames, tuple[Fault, ...]]:
    """Return the names, and the faults: ids that stand twice, references that lead nowhere or to the wrong kind."""
    faults: list[Fault] = []
    first: dict[tuple[str, str], str] = {}
    for document in documents:
        for section, kind in SECTIONS.items():
            for i, entry in enumerate(document.data.get(section, ())):
                here = f"{document.name}:{document.line((section, i))}"
                if (entry["id"], kind) in first:
                    there = first[entry["id"], kind]
                    faults.append(
                        document.fault(
                            (section, i, "id"), f'{kind} "{entry["id"]}" stands at {there} too.', "Keep one."
                        )
                    )
                first.setdefault((entry["id"], kind), here)
    names = KnownNames(first, known)
    for document in documents:
        if _needs_source(document.data) and not {("career-kg", "source")} & first.keys():
            fix = "Write `source: ID` at the top and describe it under `sources:` with a title and a date."
            faults.append(document.fault((), "names no source for its claims.", fix))
    for document in documents:
        for path, name, kinds in _references(document.data):
            if not set(kinds) & set(names.kinds(name)):
                faults.append(_fault(document, path, name, kinds, names))
        for path, name in _statement_references(document.data, documents):
            faults.append(
                document.fault(path, f'there is no statement "{name}".', "Name one of `article: statements:`.")
            )
    return names, tuple(faults)


def _needs_source(data: Mapping[str, Any]) -> bool:
    """Whether a file makes claims that fall back on the source of the file, and names none."""
    sections = ("roles", "skills", "tools", "certifications", "providers", "transitions")
    return "source" not in data and any(data.get(section) for section in sections)


def _fault(document: Document, path: Path_, name: str, kinds: tuple[str, ...], names: KnownNames) -> Fault:
    is_now = names.kinds(name)
    if is_now:
        return document.fault(
            path, f'"{name}" is a {is_now[0]}, not a {" or ".join(kinds)}.', f"Write `{is_now[0]}: {name}`."
        )
    from rapidfuzz import process

    near = [found for found, _, _ in process.extract(name, names.all(), limit=3, score_cutoff=70)]
    fix = f"Close: {', '.join(near)}." if near else f"Define it under `{kinds[0]}s:`, or check the spelling."
    return document.fault(path, f'there is no {" or ".join(kinds)} "{name}".', fix)


def _listed(entry: Mapping[str, Any], path: Path_, key: str, kinds: tuple[str, ...]) -> Iterator[Reference]:
    for i, name in enumerate(entry.get(key, ())):
        yield (*path, key, i), name, kinds


def _single(entry: Mapping[str, Any], path: Path_, key: str, kinds: tuple[str, ...]) -> Iterator[Reference]:
    if key in entry:
        yield (*path, key), entry[key], kinds


def _references(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield every reference of a file."""
    yield from _single(data, (), "source", ("source",))
    for section, upper in (("skills", ("skill", "tool")), ("tools", ("tool",))):
        for i, entry in enumerate(data.get(section, ())):
            yield from _single(entry, (section, i), "broader", upper)
            yield from _single(entry, (section, i), "demonstrates", ("skill",))
            yield from _listed(entry, (section, i), "prerequisites", _ABLE)
    for i, entry in enumerate(data.get("sources", ())):
        yield from _listed(entry, ("sources", i), "derived_from", ("source",))
    for i, entry in enumerate(data.get("roles", ())):
        yield from _listed(entry, ("roles", i), "certifications", ("certification",))
        for j, said in enumerate(entry.get("recommended", ())):
            yield from _single(said, ("roles", i, "recommended", j), "certification", ("certification",))
            yield from _single(said, ("roles", i, "recommended", j), "source", ("source",))
        for j, need in enumerate(entry.get("requires", ())):
            path: Path_ = ("roles", i, "requires", j)
            for kind in _ABLE:
                yield from _single(need, path, kind, (kind,))
            yield from _single(need, path, "source", ("source",))
    for i, entry in enumerate(data.get("certifications", ())):
        yield from _certification_references(entry, ("certifications", i))
    for i, entry in enumerate(data.get("transitions", ())):
        yield from _single(entry, ("transitions", i), "from", ("role",))
        yield from _single(entry, ("transitions", i), "to", ("role",))
        yield from _listed(entry, ("transitions", i), "sources", ("source",))
    for i, entry in enumerate(data.get("conflicts", ())):
        yield from _listed(entry, ("conflicts", i), "about", ("certification", "role", "skill", "tool", "provider"))
        yield from _listed(entry, ("conflicts", i), "sources", ("source",))
    for i, entry in enumerate(data.get("items", ())):
        for kind in _ABLE:
            yield from _single(entry, ("items", i), kind, (kind,))
    for i, entry in enumerate(data.get("article", {}).get("statements", ())):
        path = ("article", "statements", i)
        yield from _single(entry, path, "role", ("role",))
        yield from _listed(entry, path, "links", ("skill", "tool", "certification"))


def _certification_references(entry: Mapping[str, Any], path: Path_) -> Iterator[Reference]:
    yield from _single(entry, path, "provider", ("provider",))
    for key, kind in (
        ("skills", "skill"),
        ("tools", "tool"),
        ("replaces", "certification"),
        ("replaced_by", "certification"),
    ):
        yield from _listed(entry, path, key, (kind,))
    for key in ("prerequisites", "preparation"):
        yield from _listed(entry.get(key, {}), (*path, key), "certifications", ("certification",))
    for i, citation in enumerate(entry.get("citations", ())):
        yield from _single(citation, (*path, "citations", i), "source", ("source",))


def _statement_references(data: Mapping[str, Any], documents: tuple[Document, ...]) -> Iterator[tuple[Path_, str]]:
    """Yield the references to statements of the article that do not exist."""
    told = {said["id"] for document in documents for said in document.data.get("article", {}).get("statements", ())}
    for i, role in enumerate(data.get("roles", ())):
        for j, need in enumerate(role.get("requires", ())):
            if "statement" in need and need["statement"] not in told:
                yield ("roles", i, "requires", j, "statement"), need["statement"]
