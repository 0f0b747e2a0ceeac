"""What a load did: an answer like others, so that it shows in every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model.answers import Answer, Row, Section, counted, few
from kg.sources.tally import FileTally, Tally

__all__ = ["Loaded"]

#: Of the ambiguous labels so many are shown in text; every format for programs has them all.
SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Loaded(Answer):
    """What a load read, what it left out and why, and what the store holds now.

    Attributes
    ----------
    into
        The store folder.
    read, total, added
        Quads read (one that files share counted each time), quads in the store afterwards, and how many are new.
    files
        What was counted in each file, in the order read.
    not_read
        Files that are none of those known, by name, with the reason.
    ambiguous
        Labels that name several nodes of a kind: (kind, label, IRIs), those of most nodes first.
    collapsed
        Mappings that put several things on one: (relation, IRI of the one, labels of the several).
    remarks
        What else there is to know.
    """

    into: str
    read: int
    total: int
    added: int
    files: tuple[FileTally, ...] = ()
    not_read: tuple[tuple[str, str], ...] = ()
    ambiguous: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    collapsed: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    remarks: tuple[str, ...] = ()

    @classmethod
    def tell(
        cls, tally: Tally, *, into: str, read: int, before: int, total: int, not_read: Sequence[tuple[str, str]]
    ) -> Loaded:
        """Return the report of a load."""
        return cls(
            into=into,
            read=read,
            total=total,
            added=total - before,
            files=tuple(tally.files),
            not_read=tuple(not_read),
            ambiguous=tuple(tally.ambiguous()),
            collapsed=tuple(sorted(tally.collapsed)),
            remarks=tuple(tally.remarks),
        )

    def __str__(self) -> str:
        rows, skipped = sum(file.rows for file in self.files), sum(file.skipped.total() for file in self.files)
        new = f"{self.added:,} of them new" if self.added else "none of them new"
        left = f", {skipped:,} left out" if skipped else ""
        return (
            f"Read {rows:,} rows of {counted(len(self.files), 'file')}{left}: {self.read:,} quads, {new}; "
            f"{self.into} now holds {self.total:,}."
        )

    def rows(self) -> tuple[Row, ...]:
        """Return a row a file, in the order read."""
        return tuple(
            {
                "file": file.name,
                "read_as": file.content,
                "rows": file.rows,
                "statements": file.statements,
                "left_out": file.skipped.total(),
                "reasons": "; ".join(_reasons(file)),
            }
            for file in self.files
        ) + tuple(
            {"file": name, "read_as": "", "rows": 0, "statements": 0, "left_out": 0, "reasons": reason}
            for name, reason in self.not_read
        )

    @property
    def measures(self) -> Mapping[str, Any]:
        """Quads read, new and in the store; rows read and left out; ambiguous labels."""
        return {
            "read": self.read,
            "added": self.added,
            "total": self.total,
            "rows": sum(file.rows for file in self.files),
            "left_out": sum(file.skipped.total() for file in self.files),
            "ambiguous_labels": len(self.ambiguous),
            "collapsed": len(self.collapsed),
        }

    def sections(self) -> tuple[Section, ...]:
        """Return what was read, what was left out or mended and why, and which labels are ambiguous."""
        read = tuple((file.name, file.content, f"{file.rows:,}", f"{file.statements:,}") for file in self.files)
        found = [Section("Read", ("file", "as", "rows", "statements"), read)] if read else []
        odd = tuple((file.name, reason) for file in self.files for reason in _reasons(file))
        if odd:
            found.append(Section("Left out, mended or odd", ("file", "what"), odd))
        if self.not_read:
            found.append(Section("Not read", ("file", "why"), self.not_read))
        if self.ambiguous:
            shown = tuple((label, kind, str(len(iris))) for kind, label, iris in self.ambiguous[:SHOWN])
            more = len(self.ambiguous) - len(shown)
            note = f"and {more:,} more; a question that names one of them asks which is meant" if more > 0 else ""
            found.append(Section("Labels that name several", ("label", "kind", "nodes"), shown, note))
        if self.collapsed:
            lines = tuple((iri, relation, few(labels, 4)) for relation, iri, labels in self.collapsed)
            shown, more = lines[:SHOWN], len(lines) - SHOWN
            note = f"and {more:,} more" if more > 0 else ""
            found.append(Section("Mappings that put several on one", ("one", "relation", "several"), shown, note))
        if self.remarks:
            found.append(Section("Remarks", ("remark",), tuple((remark,) for remark in self.remarks)))
        return tuple(found)

    def to_json(self) -> Row:
        """Return the report as one plain object, with every ambiguous label."""
        return super().to_json() | {
            "question": "load",
            "into": self.into,
            "remarks": list(self.remarks),
            "collapsed": [{"relation": r, "one": iri, "several": list(labels)} for r, iri, labels in self.collapsed],
            "ambiguous": [{"kind": kind, "label": label, "nodes": list(iris)} for kind, label, iris in self.ambiguous],
        }


def _reasons(file: FileTally) -> list[str]:
    """Return what was left out of a file or noted about it, with the first lines where."""
    found = []
    for counts, verb in ((file.skipped, "left out"), (file.noted, "")):
        for reason, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            lines = file.lines.get(reason, [])
            more = " …" if number > len(lines) else ""
            where = f" (line {', '.join(map(str, lines))}{more})" if lines else ""
            found.append(f"{number:,} {f'{verb}: ' if verb else ''}{reason}{where}")
    return found
