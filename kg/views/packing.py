"""Data inside a page: tables by columns, JSON compressed and in letters, and the hashes a strict policy asks for.

A page carries vis-network, our script and the data of its picture as gzip, which the browser's own DecompressionStream
unpacks: about 190 KB instead of 700. It is written in 85 letters, five for four bytes, where Base64 takes eight for
six. Rows of a graph repeat themselves, so a table is laid out by columns, and a column whose values repeat is a list of
values and the number of each row's: 100,000 lines parse in the browser in milliseconds.

References
----------
W3C, Content Security Policy Level 3: hash sources. WHATWG, Compression Standard.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode, b85decode, b85encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

__all__ = ["bare_code", "bare_style", "columns", "csp_hash", "pack", "pack_json", "unpack"]

#: Three of the letters of RFC 1924 mean something in HTML.
_TO_PAGE, _FROM_PAGE = str.maketrans("<>&", ",.:"), str.maketrans(",.:", "<>&")


def columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a table by columns: the number of rows, and for each column its values.

    The rows have the same names. A column of strings that repeat becomes ``[values, numbers]``, any other a list under
    ``plain``.

    Examples
    --------
    >>> columns([{"kind": "skill", "x": 1}, {"kind": "skill", "x": 5}])
    {'size': 2, 'coded': {'kind': [['skill'], [0, 0]]}, 'plain': {'x': [1, 5]}}
    """
    coded: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    for name in rows[0] if rows else ():
        values = [row[name] for row in rows]
        if all(isinstance(value, str) for value in values):
            distinct = {value: i for i, value in enumerate(dict.fromkeys(values))}
            if len(distinct) <= len(values) / 2:
                coded[name] = [list(distinct), [distinct[value] for value in values]]
                continue
        plain[name] = values
    return {"size": len(rows), "coded": coded, "plain": plain}


def pack(content: bytes) -> str:
    """Return bytes compressed and in letters that HTML leaves alone.

    The same bytes always give the same text on one machine.

    No time and no name enter the gzip header. Another zlib may compress otherwise: compare what comes out of it.
    """
    return b85encode(gzip.compress(content, compresslevel=9, mtime=0)).decode("ascii").translate(_TO_PAGE)


def unpack(packed: str) -> bytes:
    r"""Return what was packed, as the first script of a page unpacks it.

    Examples
    --------
    >>> unpack(pack(b"A. Engineer")), set("<>&\"'/") & set(pack(bytes(range(256))))
    (b'A. Engineer', set())
    """
    return gzip.decompress(b85decode(packed.strip().translate(_FROM_PAGE)))


def pack_json(value: Any) -> str:  # whatever JSON can say
    """Return a value as compact JSON, packed; a lone surrogate, which UTF-8 cannot say, becomes "?"."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return pack(text.encode("utf-8", "replace"))


def bare_code(source: str) -> str:
    r"""Return a script or style of ours without indents, empty lines, and comments that have lines of their own.

    Examples
    --------
    >>> bare_code("/** Twice, in\n    words. */\nfunction twice(x) {\n  return 2 * x; // a number\n}\n// done\n")
    'function twice(x) {\nreturn 2 * x; // a number\n}'
    """
    lines = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*$", "", source, flags=re.MULTILINE | re.DOTALL).split("\n")
    return "\n".join(line for line in map(str.strip, lines) if line and not line.startswith("//"))


def bare_style(source: str) -> str:
    r"""Return a style of ours without what is only there for its readers; no text in it holds these signs.

    Examples
    --------
    >>> bare_style("/* Wide */\nol li, .a > b {\n  margin: 0 4px;\n  color: light-dark(#111, #eee);\n}\np { top: 0; }")
    'ol li,.a > b{margin:0 4px;color:light-dark(#111,#eee)}p{top:0}'
    """
    return re.sub(r"\s*([{};,])\s*|(?<=:)\s+", lambda found: found[1] or "", bare_code(source)).replace(";}", "}")


def csp_hash(content: str) -> str:
    """Return the source expression that lets an inline script or style of exactly this content run.

    Examples
    --------
    >>> csp_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode('ascii')}'"
