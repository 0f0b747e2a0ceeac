"""Has any locked package a known vulnerability? Asks PyPI through pip-audit, for ``make audit``.

pip-audit leaves with 0 where it could not ask about a package, and with 1 both for a vulnerability and without network.
Here: 0, every package was asked about and nothing is known; 1, something is known; 2, not every package could be asked
about. Packages that only other platforms install are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent / "lock"
COMMAND = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--disable-pip"]


def main() -> int:
    """Return the exit code; print what was found, and what could not be asked."""
    asked: dict[str, dict[str, Any]] = {}  # as pip-audit's JSON has them
    for path in sorted(LOCK.glob("*.txt")):
        command = [*COMMAND, "--require-hashes", "--requirement", str(path)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if not done.stdout:
            told = done.stderr.strip().rpartition("\n")[2] or f"pip-audit left with {done.returncode}"
            return unanswered(f"the vulnerability service gave no answer: {told}")
        asked |= {f"{item['name']} {item.get('version', '')}": item for item in json.loads(done.stdout)["dependencies"]}
    known = {name: item["vulns"] for name, item in asked.items() if item.get("vulns")}
    skipped = [item["skip_reason"] for item in asked.values() if "skip_reason" in item]
    for name, vulnerabilities in known.items():
        for one in vulnerabilities:
            repaired = ", ".join(one["fix_versions"]) or "no release yet"
            print(f"{name}: {one['id']} ({', '.join(one['aliases']) or 'no alias'}), repaired in {repaired}")
    answered = len(asked) - len(skipped)
    print(f"{len(asked)} locked packages, {answered} asked about, {len(known)} with known vulnerabilities.")
    if known:
        print("Admit only repaired releases in pyproject.toml, then `make lock ARGS=--upgrade`.", file=sys.stderr)
        return 1
    if skipped:
        return unanswered(f"{len(skipped)} of {len(asked)} packages, the first because: {skipped[0]}")
    return 0


def unanswered(what: str) -> int:
    """Say what could not be asked; return the exit code for it."""
    print(f"Not audited: {what}", file=sys.stderr)
    print("Run `make audit` where pypi.org itself can be reached, not a mirror without advisories.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
