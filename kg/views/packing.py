"""Data inside a page: tables by columns, JSON compressed and in Base64, and the hashes a strict policy asks for.

A page carries vis-network, our script and the data of its picture as gzip in Base64, which the browser's own
DecompressionStream unpacks: about 200 KB instead of 700. Rows of a graph repeat themselves, so a table is laid out by
columns, and a column whose values repeat is a list of values and the number of each row's: 100,000 lines parse in the
browser in milliseconds.

References
----------
W3C, Content Security Policy Level 3: hash sources. WHATWG, Compression Standard.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

__all__ = ["columns", "csp_hash", "pack", "pack_json"]


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
    """Return bytes compressed and in Base64; the same bytes always give the same text on one machine.

    No time and no name enter the gzip header. Another zlib may compress otherwise: compare what comes out of it.
    """
    return b64encode(gzip.compress(content, compresslevel=6, mtime=0)).decode("ascii")


def pack_json(value: Any) -> str:  # whatever JSON can say
    """Return a value as compact JSON, packed; a lone surrogate, which UTF-8 cannot say, becomes "?"."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return pack(text.encode("utf-8", "replace"))


def csp_hash(content: str) -> str:
    """Return the source expression that lets an inline script or style of exactly this content run.

    Examples
    --------
    >>> csp_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode('ascii')}'"
