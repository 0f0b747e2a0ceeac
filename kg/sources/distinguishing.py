"""Which source is a file? Two files of one name are two, told apart by the folders they lie in.

A file that names no source is one itself, called like the file; so are the things that it names relative to itself.
Where several are called alike, each is called by as few of the folders above it, from the nearest up, as tell it from
the others, and by its ending where the folders are the same. So the names say nothing of the machine, and do not depend
on the order of the files.

A store keeps what it has: a file whose content it holds is the source it was, however it is called now, so that loading
it again changes nothing. A file with other content whose name the store knows is taken for a new version of the file it
had, since an edited file looks so; the report says it, for it may be another file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType

from kg.model.iris import mint, slugify
from kg.sources.members import Member
from kg.sources.recognising import Recognised

__all__ = ["distinguish"]


def distinguish(
    found: Recognised, *, held: Mapping[str, Collection[str]] = MappingProxyType({}), beside: Sequence[Member] = ()
) -> tuple[str, ...]:
    """Give every file that is a source of its own a name that no other has; return what there is to tell.

    Parameters
    ----------
    found
        The files; their names are set.
    held
        The sources that a store has, by IRI, with their checksums.
    beside
        Files that are read beside these, and named for themselves.
    """
    own = [*found.rdf, *(file for file, _ in found.imported)]
    files = {(file.path.resolve(), file.inner): file for file in (*beside, *own)}
    names = dict(zip(files, _names([*files.values()], held), strict=True))

    def named(file: Member) -> Member:
        name = names[file.path.resolve(), file.inner]
        return file if name == slugify(file.stem) else replace(file, called=name)

    found.rdf = [named(file) for file in found.rdf]
    found.imported = [(named(file), importer) for file, importer in found.imported]
    return tuple(_remarks([*found.rdf, *(file for file, _ in found.imported)], held))


def _names(files: Sequence[Member], held: Mapping[str, Collection[str]]) -> list[str]:
    """Return a name for each file, all different: the first of its own that no other has."""
    twins = Counter((*_folders(file), file.stem) for file in files)
    ways: list[list[str]] = []
    for file in files:
        known = [name for name in (*_ways(file), *_ways(file, ending=True)) if mint("source", name) in held]
        same = [name for name in known if f"sha256:{file.sha256()}" in held[mint("source", name)]]
        own = _ways(file, ending=twins[*_folders(file), file.stem] > 1)
        ways.append(same[:1] or [*known[-1:], slugify(file.stem), *own])
    at = [0] * len(files)
    while True:
        names = [way[i] for way, i in zip(ways, at, strict=True)]
        times = Counter(names)
        shared = [i for i, way in enumerate(ways) if times[names[i]] > 1 and at[i] + 1 < len(way)]
        if not shared:
            break
        for i in shared:
            at[i] += 1
    return [name if times[name] == 1 else _by_content(name, file) for name, file in zip(names, files, strict=True)]


def _ways(file: Member, *, ending: bool = False) -> Iterator[str]:
    """Yield the names that a file may have: its own, then with one folder more each time."""
    folders = _folders(file)
    for start in range(len(folders), -1, -1):
        yield slugify("-".join((*folders[start:], file.file_name if ending else file.stem)))


def _folders(file: Member) -> tuple[str, ...]:
    """Return the folders that a file lies in, from the top; an archive is one."""
    place = file.path.resolve()
    inside = (place.stem, *PurePosixPath(file.inner).parent.parts) if file.inner else ()
    return (*place.parent.parts[1:], *inside)


def _by_content(name: str, file: Member) -> str:
    """Return a name for one of several files whose whole paths are spelt alike in it."""
    return f"{name}-{file.sha256()[:8]}"


def _remarks(files: Sequence[Member], held: Mapping[str, Collection[str]]) -> Iterator[str]:
    if renamed := [f"{file.name} is {file.called}" for file in files if file.called]:
        yield f"Files of one name are sources of their own, called by what tells them apart: {', '.join(renamed)}."
    for file in files:
        source = slugify(file.source_name)
        there = held.get(mint("source", source), ())
        if there and f"sha256:{file.sha256()}" not in there:
            yield (
                f"The store had the source {source} from a file of other content. What {file.name} says was added to "
                "it, and nothing was removed: right where this is a newer version of that file. Where it is another "
                "one, rename it, and load both into a new folder."
            )
