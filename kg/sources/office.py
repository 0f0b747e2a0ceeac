"""Files of office programs: archives of XML files, which are checked before any of it is read.

An archive is checked as one first (`kg.sources.members`), and every part of it for a document type: no such file has
one, and one can name entities that swell to gigabytes or that lie on the web. Macros, pictures and links in it are
never looked at.
"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from kg.sources.members import Member, check_archive

__all__ = ["check_parts"]

#: How far into a part its root element is looked for; before it only a declaration stands.
_PROLOG = 65_536
_ROOT = re.compile(rb"<[A-Za-z_]")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


def check_parts(member: Member, content: BytesIO, what: str) -> None:
    """Refuse a file, such as a workbook, of which a part has a document type, or hides behind another encoding.

    Raises
    ------
    BadInput
        With the name of the part.
    """
    infos = check_archive(content, member.name)
    with ZipFile(content) as archive:
        for info in infos:
            if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            with archive.open(info) as part:
                start = part.read(_PROLOG).removeprefix(b"\xef\xbb\xbf")
            root = _ROOT.search(start)
            prolog = start[: root.start()] if root else start
            encoding = _ENCODING.search(prolog)
            foreign = encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
            if b"<!" in prolog.replace(b"<!--", b"") or foreign or not start.lstrip().startswith(b"<") or not root:
                raise member.fault(
                    f"declares a document type or an encoding, as no {what} does.",
                    "Save it again from the program it is made with.",
                    column=info.filename[:200],
                )
    content.seek(0)
