"""The first page of the command line: begin to read the dataset, then import the rest.

Only what the interpreter needs for that is imported here. `kg.cli.app` does everything else.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

__all__ = ["main"]

_NEEDS_NO_DATASET = frozenset(
    {"--help", "-h", "help", "--version", "build", "load", "init", "fetch", "serve", "--graph"}
)


class _Ended(KeyboardInterrupt):
    """The system, or whoever started this, asks for an end; all that Ctrl-C lets clean up cleans up."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number


def _end(number: int, frame: FrameType | None) -> None:
    raise _Ended(number)


def main() -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:]
    try:
        for name in ("SIGTERM", "SIGHUP"):
            if (number := getattr(signal, name, None)) and signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, _end)
        if arguments and not any(word.partition("=")[0] in _NEEDS_NO_DATASET for word in arguments):
            from kg.stores.preload import begin

            begin()
        from kg.cli.app import main as run

        return run()
    except KeyboardInterrupt as interrupt:  # caught here, since importing the rest takes time too
        sys.stderr.write("Interrupted; no file was left half-written.\n")
        return interrupt.code if isinstance(interrupt, _Ended) else 130
