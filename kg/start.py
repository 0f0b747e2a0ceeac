"""The first page of the command line: begin to read the dataset, then import the rest.

Only what the interpreter needs for that is imported here. `kg.cli.app` does everything else.
"""

from __future__ import annotations

import sys

__all__ = ["main"]

_NEEDS_NO_DATASET = frozenset({"--help", "-h", "--version", "build", "load", "init", "fetch", "serve", "--graph"})


def main() -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:]
    try:
        if arguments and not any(word.partition("=")[0] in _NEEDS_NO_DATASET for word in arguments):
            from kg.stores.preload import begin

            begin()
        from kg.cli.app import main as run

        return run()
    except KeyboardInterrupt:  # caught here, since importing the rest takes time too
        sys.stderr.write("Interrupted; no file was left half-written.\n")
        return 130
