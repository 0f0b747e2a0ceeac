"""What is a path? Its content says so, not its name: releases rename files, people rename folders.

A table is known by the names of its columns, so every table is opened and its header read; anything else by its
ending. Files that are given by name and are nothing known are a fault; those that only lie in a folder or an archive
are listed as not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.model.errors import BadInput, Fault, Faults
from kg.sources import esco, onet
from kg.sources.exported import is_exported
from kg.sources.importers import IMPORTERS, Importer, importer_of
from kg.sources.mapping import TableMapping, is_mapping, read_mapping
from kg.sources.members import Member, members
from kg.sources.rdf import FORMATS
from kg.sources.rows import TABLES, header_of

__all__ = ["Recognised", "Onet", "recognise"]

_YAML = (".yaml", ".yml")
#: So much of a text file is looked at to see what it is.
_START = 4096


@dataclass
class Onet:
    """The files of one folder or archive of O*NET, and the text of the Read Me among them."""

    files: list[Member] = field(default_factory=list)
    read_me: str = ""


@dataclass
class Recognised:
    """What paths hold, sorted by who reads it.

    Attributes
    ----------
    esco
        Files of ESCO by release.
    onet
        Files of O*NET by the folder or archive they lie in.
    mapped
        Tables, each with its mapping.
    imported
        Files in a format of one file, such as SSSOM, each with its importer.
    exported
        Folders that `kg export` wrote, each by its manifest with the size of all its files.
    facts, tables, rdf
        YAML facts, tables without a mapping, RDF files.
    not_read
        Names of files that are nothing known, with the reason.
    """

    esco: dict[str, list[Member]] = field(default_factory=dict)
    onet: dict[str, Onet] = field(default_factory=dict)
    mapped: list[tuple[Member, TableMapping]] = field(default_factory=list)
    imported: list[tuple[Member, Importer]] = field(default_factory=list)
    exported: list[Member] = field(default_factory=list)
    facts: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    rdf: list[Member] = field(default_factory=list)
    not_read: list[tuple[str, str]] = field(default_factory=list)

    @property
    def frameworks(self) -> tuple[Member, ...]:
        """The files of ESCO and O*NET."""
        onet = (file for folder in self.onet.values() for file in folder.files)
        return (*(file for files in self.esco.values() for file in files), *onet)

    @property
    def read(self) -> tuple[Member, ...]:
        """Every file that will be read as a stream."""
        imported = (file for file, _ in self.imported)
        return (*self.frameworks, *(file for file, _ in self.mapped), *imported, *self.exported, *self.rdf)


def recognise(paths: Sequence[Path]) -> Recognised:
    """Sort what paths hold by who reads it.

    Raises
    ------
    BadInput
        With every path that is missing or holds nothing known, and every archive, table and mapping that is refused.
    MissingExtra
        There are workbooks, and openpyxl is not installed.
    """
    given = {str(path) for path in paths}
    found, faults, read = Recognised(), Faults(), dict[tuple[Path, str], Member]()
    refused = set[Path]()
    for path in paths:
        try:
            read |= {(file.path.resolve(), file.inner): file for file in members(path)}
        except BadInput as error:
            faults.found += error.faults
            refused.add(path)
    files = tuple(read.values())
    taken = _exported(files, found)
    taken |= _mapped([file for file in files if file not in taken], found, faults)
    for member in files:
        if member in taken:
            continue
        try:
            _sort_in(member, found, named=str(member.path) in given and not member.inner)
        except BadInput as error:
            faults.found += error.faults
            refused |= {path for path in paths if path == member.path or path in member.path.parents}
    faults.found += _empty([path for path in paths if path not in refused], found)
    faults.tell()
    return found


def _exported(files: Sequence[Member], found: Recognised) -> set[Member]:
    """Find the folders that `kg export` wrote; return all their files, so that nobody else reads them."""
    taken = set()
    for manifest in filter(is_exported, files):
        beside = [file for file in files if not file.inner and file.path.parent == manifest.path.parent]
        found.exported.append(Member(manifest.path, "", sum(file.size for file in beside)))
        taken |= {*beside}
    return taken


def _mapped(files: Sequence[Member], found: Recognised, faults: Faults) -> set[Member]:
    """Pair mappings with their tables; return both, so that nobody else reads them."""
    taken = set()
    for member in files:
        if member.suffix not in _YAML or member.inner or not is_mapping(member.path):
            continue
        taken.add(member)
        with faults.kept():
            mapping = read_mapping(member.path)
            table = _table_of(mapping, files)
            taken.add(table)
            found.mapped.append((table, mapping))
    return taken


def _table_of(mapping: TableMapping, files: Sequence[Member]) -> Member:
    """Return the table a mapping is for: the one it names, else one called like it; given, or lying beside it."""
    stem = mapping.path.stem.removesuffix(".mapping")
    wanted = {mapping.table} if mapping.table else {f"{stem}{suffix}" for suffix in TABLES}
    fitting = [file for file in files if file.file_name in wanted]
    beside = [path for name in sorted(wanted) if (path := mapping.path.parent / Path(name).name).is_file()]
    if not fitting and len(beside) == 1:
        fitting = [Member(beside[0], "", beside[0].stat().st_size)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(sorted(file.name for file in fitting))
    says = f"could be for several tables: {names}." if fitting else f"has no table {' or '.join(sorted(wanted))}."
    fix = "Name its table with `table:`, and give the table too."
    raise BadInput(str(mapping.path), [Fault(str(mapping.path), 0, "", says, fix)])


def _sort_in(member: Member, found: Recognised, *, named: bool) -> None:
    if importer := importer_of(member):
        found.imported.append((member, importer))
    elif member.suffix in FORMATS:
        found.rdf.append(member)
    elif member.suffix in _YAML and not member.inner:
        found.facts.append(member.path)
    elif member.suffix == ".txt" and not _has_columns(member):
        _sort_in_text(member, found, named=named)
    elif member.suffix in TABLES:
        _sort_in_table(member, found, named=named)
    elif named:
        endings = {ending for importer in IMPORTERS for ending in importer.endings}
        if member.suffix in endings:
            raise member.fault("holds nothing of what files with this ending are read for.", "Look at how it begins.")
        known = ", ".join(sorted({*_YAML, *TABLES, *FORMATS, *endings, ".zip"}))
        raise member.fault(f'has an unknown ending "{member.suffix}".', f"Known are {known}.")
    else:
        found.not_read.append((member.name, f'its ending "{member.suffix}" is unknown'))


def _sort_in_table(member: Member, found: Recognised, *, named: bool) -> None:
    header = header_of(member)
    columns = {name.casefold() for name in header}
    if esco.content_of(header):
        found.esco.setdefault(esco.release_of([member]), []).append(member)
    elif onet.content_of(header):
        found.onet.setdefault(_folder(member), Onet()).files.append(member)
    elif esco.is_esco(header) or onet.is_onet(header):
        framework = "ESCO" if esco.is_esco(header) else "O*NET"
        found.not_read.append((member.name, f"a file of {framework} that the graph has no place for"))
    elif member.suffix in (".csv", ".tsv") and not member.inner and (named or "role" in columns):
        found.tables.append(member.path)  # who reads it says which columns it lacks
    elif named:
        have = ", ".join(header)[:500] or "none"
        raise member.fault(f"is no table that is known; its columns are {have}.", "Give a mapping with it.")
    else:
        found.not_read.append((member.name, "its columns are those of no table known"))


def _sort_in_text(member: Member, found: Recognised, *, named: bool) -> None:
    """Keep the Read Me of O*NET, which alone tells release and date; any other text is nothing known."""
    text = _start(member).decode("utf-8", "replace")
    if onet.release_of(member, text) and "O*NET" in text:
        found.onet.setdefault(_folder(member), Onet()).read_me = text
    elif named:
        raise member.fault("is text without columns.", "A table in a .txt file has tabs between its columns.")
    else:
        found.not_read.append((member.name, "it has no columns"))


def _has_columns(member: Member) -> bool:
    return b"\t" in _start(member).partition(b"\n")[0]


def _start(member: Member) -> bytes:
    return next(member.blocks(), b"")[:_START]


def _folder(member: Member) -> str:
    """Return the folder a file lies in, inside its archive if it lies in one."""
    return f"{member.path}:{member.inner.rpartition('/')[0]}" if member.inner else str(member.path.parent)


def _empty(paths: Sequence[Path], found: Recognised) -> list[Fault]:
    """Return a fault for each path that holds nothing known."""
    known = [file.path for file in found.read] + found.facts + found.tables
    known += [mapping.path for _, mapping in found.mapped]
    return [
        Fault(str(path), 0, "", "holds no facts, tables or RDF.", f"`kg init {path}` writes an example.")
        for path in paths
        if path not in known and not any(path in file.parents for file in known)
    ]
