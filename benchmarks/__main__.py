"""Print every benchmark: `python -m benchmarks [startup|engine|paths|plan|lint|install]`."""

from __future__ import annotations

import sys

from benchmarks import engine, install, lint, matrix, paths, plan, startup
from benchmarks.timing import report

_SUITES = {
    "lint": lint.measure,
    "startup": startup.measure,
    "engine": engine.measure,
    "matrix": matrix.measure,
    "paths": paths.measure,
    "plan": plan.measure,
}


def main() -> int:
    """Print the suites asked for, or all."""
    wanted = sys.argv[1:] or [*_SUITES, "install"]
    if unknown := [name for name in wanted if name not in {*_SUITES, "install"}]:
        print(f"No suite {unknown[0]}. There are: {', '.join([*_SUITES, 'install'])}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"== {name}")
        if name == "install":
            print(install.report())
            continue
        for measured in _SUITES[name]():
            print(report(measured))
    return 0


sys.exit(main())
