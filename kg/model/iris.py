"""How IRIs are made and written short."""

from __future__ import annotations

from kg.model.terms import BASE, KINDS, PREFIXES

__all__ = ["curie", "expand", "mint", "slugify"]

_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def mint(kind: str, slug: str, *more: str) -> str:
    """Return the IRI of an individual.

    Parameters
    ----------
    kind
        One of `KINDS`.
    slug
        Lower-case ASCII letters, digits and hyphens, a letter or digit first.
    *more
        Further slugs, for the kinds that are numbered inside another thing.

    Raises
    ------
    BadInput
        (a `ValueError`) The kind is unknown, or a slug is none.

    Examples
    --------
    >>> mint("role", "ai-engineer")
    'https://w3id.org/career-kg/role/ai-engineer'
    >>> mint("domain", "ms-ai-103", "1")
    'https://w3id.org/career-kg/domain/ms-ai-103/1'
    """
    if kind not in KINDS:
        raise _bad_input(f'No kind "{kind}". Kinds: {", ".join(KINDS)}. Use one of these.')
    for part in (slug, *more):
        if not part or part.startswith("-") or not _SLUG.issuperset(part):
            raise _bad_input(
                f'"{part}" is no slug for a {kind}. A slug has lower-case ASCII letters, digits and hyphens, '
                f'and begins with a letter or digit. Try "{slugify(part)}", which is slugify("{part}").'
            )
    return f"{BASE}{kind}/{'/'.join((slug, *more))}"


def slugify(label: str) -> str:
    """Return a slug for a label.

    Accents are dropped, plus and sharp signs after a letter are spelt out, other signs become hyphens. Where a letter
    has no ASCII form, or nothing is left, eight digits of a hash of the label follow, so that such labels stay apart.

    Examples
    --------
    >>> slugify("Développeur web")
    'developpeur-web'
    >>> slugify("C++"), slugify("C#")
    ('c-plus-plus', 'c-sharp')
    >>> slugify("数据")
    '5440f742'
    """
    from unicodedata import normalize

    words, lost, previous = [""], False, ""
    for char in normalize("NFKD", label.casefold()):
        if char.isascii() and char.isalnum():
            words[-1] += char
        elif char in "+#" and (previous.isalnum() or previous == char):
            words += ["plus" if char == "+" else "sharp", ""]
        elif char.isalnum():
            lost = True
        elif not _is_mark(char) and words[-1]:
            words.append("")
        previous = char
    kept = [word for word in words if word]
    if lost or not kept:
        from hashlib import sha256

        kept.append(sha256(normalize("NFC", label.strip().casefold()).encode()).hexdigest()[:8])
    return "-".join(kept)


def curie(iri: str) -> str:
    """Return the short form of an IRI, as it may be written in Turtle or SPARQL; the IRI itself where there is none.

    Examples
    --------
    >>> from kg.model.terms import KG
    >>> curie(KG.requires)
    'kg:requires'
    >>> curie("https://w3id.org/career-kg/role/ai-engineer")
    'role:ai-engineer'
    >>> curie("https://example.org/x")
    'https://example.org/x'
    """
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix, local = _PREFIX_OF.get(iri[:cut]), iri[cut:]
    if prefix is None or not local or local[0] in "-." or local[-1] == "." or not _LOCAL.issuperset(local):
        return iri
    return f"{prefix}:{local}"


def expand(curie: str) -> str:
    """Return the IRI that a short form stands for; a full IRI is returned as it is.

    Raises
    ------
    BadInput
        (a `ValueError`) There is no colon, or the prefix is unknown.

    Examples
    --------
    >>> expand("role:ai-engineer")
    'https://w3id.org/career-kg/role/ai-engineer'
    """
    prefix, colon, local = curie.partition(":")
    if local.startswith("//"):
        return curie
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    asked = f'No prefix "{prefix}" (in "{curie}")' if colon else f'No prefix in "{curie}"'
    raise _bad_input(f"{asked}. Prefixes: {', '.join(PREFIXES)}. Write prefix:name with one of these, or the full IRI.")


def _is_mark(char: str) -> bool:
    """Whether a character only modifies the one before it, as an accent does."""
    from unicodedata import combining

    return combining(char) > 0


def _bad_input(message: str) -> Exception:
    from kg.model.errors import BadInput  # deferred: needed only when something is wrong

    return BadInput(message)
