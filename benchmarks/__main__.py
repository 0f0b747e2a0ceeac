"""Print every benchmark, or some suites: `python -m benchmarks [SUITE …]`; `_SUITES` has their names.

`python -m benchmarks questions likeness --graph FOLDER` asks a store folder of yours.
"""

from __future__ import annotations

import sys

from benchmarks import (
    check,
    comparing,
    engine,
    exports,
    inference,
    install,
    large,
    layout,
    likeness,
    lint,
    loading,
    matrix,
    names,
    nearest,
    pages,
    paths,
    plan,
    questions,
    startup,
)
from benchmarks.timing import report

_SUITES = {
    "check": check.measure,
    "lint": lint.measure,
    "comparing": comparing.measure,
    "loading": loading.measure,
    "startup": startup.measure,
    "engine": engine.measure,
    "exports": exports.measure,
    "matrix": matrix.measure,
    "layout": layout.measure,
    "pages": pages.measure,
    "paths": paths.measure,
    "plan": plan.measure,
    "questions": questions.measure,
    "large": large.measure,
    "inference": inference.measure,
}


#: What is no ratio, given the store folder that is asked.
_REPORTS = {
    "likeness": likeness.measure,
    "names": names.report,
    "nearest": nearest.report,
    "install": lambda _: install.report(),
}


def main() -> int:
    """Print the suites asked for, or all."""
    given = sys.argv[1:]
    folder = given[given.index("--graph") + 1] if "--graph" in given[:-1] else ""
    every = [*_SUITES, *_REPORTS]
    wanted = [name for name in given if name not in ("--graph", folder)] or every
    if unknown := [name for name in wanted if name not in every]:
        print(f"No suite {unknown[0]}. There are: {', '.join(every)}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"== {name}")
        if name in _REPORTS:
            print(_REPORTS[name](folder))
            continue
        for measured in questions.measure(folder) if name == "questions" else _SUITES[name]():
            print(report(measured))
    return 0


sys.exit(main())
