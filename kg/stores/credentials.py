"""What proves who asks an endpoint, and what of an address may be shown.

Secrets come from the environment, from the address or from ``.netrc``. They travel over https, or stay on this machine.
"""

from __future__ import annotations

import base64
import netrc
import os
import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from kg.model.errors import StoreError

__all__ = ["HEADER_VARIABLE", "may_carry", "who_asks", "without_secrets"]

#: The environment variable with headers to send, one a line: ``Authorization: Bearer …``.
HEADER_VARIABLE = "KG_ENDPOINT_HEADER"

_LOOPBACK = re.compile(r"localhost|127(?:\.\d+){3}|::1")


def may_carry(parts: SplitResult) -> bool:
    """Whether a secret may travel there: encrypted, or within this machine."""
    return parts.scheme == "https" or _LOOPBACK.fullmatch(parts.hostname or "") is not None


def without_secrets(url: str) -> str:
    """Return an address as it may be shown: without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "that"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def who_asks(parts: SplitResult) -> dict[str, str]:
    """Return the headers that prove who asks: from the environment, the address, or ``.netrc``, in this order."""
    if lines := os.environ.get(HEADER_VARIABLE, "").strip():
        headers = {}
        for line in lines.splitlines():
            name, colon, value = line.partition(":")
            if not colon or not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name.strip()) or not value.strip().isprintable():
                raise StoreError(f"{HEADER_VARIABLE} holds no header. Write it as: Authorization: Bearer …")
            headers[name.strip()] = value.strip()
        return headers
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not user:
        file = os.environ.get("NETRC")
        try:
            entry = netrc.netrc(file).authenticators(parts.hostname or "")
        except FileNotFoundError:
            entry = None
        except (OSError, netrc.NetrcParseError):
            raise StoreError(
                f"{file or '~/.netrc'} cannot be read, or others may read it. Mend it, or give {HEADER_VARIABLE}."
            ) from None
        if not entry or not may_carry(parts):
            return {}
        user, password = entry[0], entry[2] or ""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
