"""Other ways of writing a name: NAME (ALIAS), a certification without its provider, initials, other versions.

Each is a key that is the same for a text and for a name; keys of names are kept in the index, so that a text is looked
up and never compared. Codes are codes: ``COF-C02`` has the key of ``COF-C03``, which is another version of one exam,
and ``AZ-500`` has no key but its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kg.model.folding import fold
from kg.names.words import stem, telling, tokens

__all__ = ["Version", "exam_codes", "keys_of_name", "keys_of_text", "split_alias", "version_of"]

_GENERIC_WORDS = "badge cert certificate certification certified credential exam examination test"
#: Words that say that something is an exam, and not which.
_GENERIC = frozenset(_GENERIC_WORDS.split())
_BRACKETS = re.compile(r"^(.*\S)\s*[(\[]([^()\[\]]+)[)\]]$")
_CODE = re.compile(r"(?<![\w-])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9]{1,5}(?:-[A-Za-z0-9]{1,4}){1,2}(?![\w-])")
#: The shapes of codes that end in a version: CLF-C02 and COF-C03, SY0-701 and N10-009, 1Z0-1122-26, PCEP-30-02.
_VERSIONS = tuple(
    re.compile(shape)
    for shape in (
        r"([A-Z]{2,4}-[A-Z])(\d{2})",
        r"([A-Z]{1,2}\d{1,2}-)(\d{3})",
        r"(1Z0-\d{3,4}-)(\d{2})",
        r"(PC[A-Z]{2}-)(\d{2}-\d{2,3})",
    )
)
_SOC = re.compile(r"(\d\d-\d{4})\.00")


class Version(NamedTuple):
    """What all versions of an exam's code have in common, and which one it is."""

    series: str
    number: tuple[int, ...]


def version_of(code: str) -> Version | None:
    """Return which version of an exam a code is; None where its shape has none.

    Examples
    --------
    >>> version_of("COF-C02"), version_of("da0 001"), version_of("AZ-500"), version_of("1Z0-829")
    (Version(series='COF-C', number=(2,)), Version(series='DA0-', number=(1,)), None, None)
    """
    plain = re.sub(r"[\s_–-]+", "-", code.strip().upper())
    for shape in _VERSIONS:
        if found := shape.fullmatch(plain):
            return Version(found[1], tuple(map(int, found[2].split("-"))))
    return None


def exam_codes(text: str) -> list[str]:
    """Return what is written as the code of an exam in a text.

    Examples
    --------
    >>> exam_codes("Azure Security Engineer (AZ-500)"), exam_codes("Java SE 17"), exam_codes("state-of-the-art")
    (['AZ-500'], [], [])
    """
    return _CODE.findall(text)


def split_alias(text: str) -> tuple[str, str] | None:
    """Return the two names of a text such as ``NAME (ALIAS)`` or ``NAME CODE``; None where it is one name.

    Examples
    --------
    >>> split_alias("SnowPro Core (COF-C02)"), split_alias("Exam AI-102: Azure AI"), split_alias("Python")
    (('SnowPro Core', 'COF-C02'), ('Exam Azure AI', 'AI-102'), None)
    """
    if found := _BRACKETS.match(text.strip()):
        return found[1], found[2]
    if len(found_codes := exam_codes(text)) == 1:
        parts = (part.strip(" :–|,-") for part in text.split(found_codes[0], 1))
        rest = " ".join(part for part in parts if part)
        return (rest, found_codes[0]) if rest else None
    return None


def keys_of_text(text: str, providers: Iterable[tuple[str, Collection[str]]]) -> Iterator[tuple[str, str]]:
    """Yield how a text may be another way of writing a name, and the key of that.

    Parameters
    ----------
    providers
        Who issues certifications: IRI and names.

    Examples
    --------
    >>> [*keys_of_text("PMLE", ())]
    [('abbreviation', '^pmle')]
    >>> [*keys_of_text("Amazon data engineer associate", [("x:aws", ["Amazon Web Services", "Amazon"])])]
    [('provider and rest', '=|amazon associate data engineer'), ('provider and rest', '=x:aws|associate data engineer')]
    """
    if version := version_of(text):
        yield "version", f"~{version.series}"
    found = [word for word in telling(text) if word not in _GENERIC]
    if len(found) == 1 and found[0].isalpha() and 2 < len(found[0]) < 7:
        yield "abbreviation", f"^{found[0]}"
    if len(found) > 1 or any("+" in word for word in found):
        yield "provider and rest", _key("", found)
    for iri, names in providers:
        bare = _without(found, names)
        if bare and len(bare) < len(found):
            yield "provider and rest", _key(iri, bare)


def keys_of_name(
    kind: str, how: str, name: str, provider: str, provider_names: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield how else a name may be written, and the key of that.

    Examples
    --------
    >>> [*keys_of_name("certification", "alias", "HashiCorp Terraform Associate", "x:h", ["HashiCorp"])][-1]
    ('provider and rest', '=x:h|associate terraform')
    >>> [*keys_of_name("certification", "code", "CLF-C02", "", ())]
    [('version', '~CLF-C'), ('abbreviation', '^clf')]
    """
    if how == "code":
        if version := version_of(name):
            yield "version", f"~{version.series}"
            if name[:3].isalpha():
                yield "abbreviation", f"^{fold(name.partition('-')[0])}"
        if occupation := _SOC.fullmatch(name):
            yield "code", fold(occupation[1])
        return
    bare_name = name
    if (brackets := _BRACKETS.match(name)) and how == "label":
        bare_name = brackets[1]
        yield "name and alias", fold(bare_name)
    if kind != "certification":
        return
    if brackets:
        bare_name = brackets[1]
    for code in exam_codes(bare_name):
        bare_name = bare_name.replace(code, " ")
    every = telling(bare_name)
    if len(every) > 2:
        yield "abbreviation", "^" + "".join(word[0] for word in every)
    found = [word for word in every if word not in _GENERIC]
    bare = _without(found, provider_names)
    if len(bare) > 2:
        yield "abbreviation", "^" + "".join(word[0] for word in bare)
    for one in (found, bare):
        if len(one) > 1 or any("+" in word for word in one):
            yield "provider and rest", _key("", one)
    if bare and provider:
        yield "provider and rest", _key(provider, bare)


def _without(found: list[str], names: Iterable[str]) -> list[str]:
    """Return words without the names of a provider: each that is there as a whole, and what the words begin with.

    Examples
    --------
    >>> _without(["google", "professional", "data", "engineer"], ["Google Cloud"])
    ['professional', 'data', 'engineer']
    >>> _without(["terraform", "associate", "hashicorp"], ["HashiCorp (IBM)"])
    ['terraform', 'associate']
    """
    forms = [tokens(form) for name in names for form in (name, *(split_alias(name) or ()))]
    forms += [["".join(word[0] for word in form)] for form in forms if len(form) > 2]
    begun = {word for form in forms for word in form}
    start = next((i for i, word in enumerate(found) if word not in begun), len(found))
    rest = found[start:]
    taken = {word for form in forms if {*form} <= {*rest} for word in form}
    return [word for word in rest if word not in taken]


def _key(provider: str, found: Iterable[str]) -> str:
    return f"={provider}|{' '.join(sorted({stem(word) for word in found}))}"
