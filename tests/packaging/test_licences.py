"""What a user installs with career-kg stands under terms that go with Apache-2.0: nothing of it is under the GPL.

Held for the core and every extra but ``test``, on what is installed here, down to what each package needs itself.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = sorted(PROJECT["optional-dependencies"].keys() - {"test"})

#: Words by which a package names its licence, as an SPDX expression, a classifier or in free text.
GOOD = (
    "Apache",
    "BSD",
    "HPND",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Mozilla Public License 2.0",
    "PSF",
    "Python Software Foundation",
    "W3C",
)
#: The text of its licence is all that it tells.
READ = {"resvg-py": "MIT"}
BAD = ("GPL", "GNU", "SSPL", "BUSL", "Commons Clause", "Proprietary", "Non-Commercial", "NC-")

find = cache(distribution)


def licence(package: Distribution) -> str:
    """What a package says of its licence: an SPDX expression, else the first line of its text and its classifiers."""
    told = {field: package.metadata.get_all(field, []) for field in ("License-Expression", "License", "Classifier")}
    if told["License-Expression"]:
        return str(told["License-Expression"][0])
    classifiers = [line.rpartition(" :: ")[2] for line in told["Classifier"] if line.startswith("License ::")]
    texts = [text.strip().partition("\n")[0] for text in told["License"]]
    return "; ".join(filter(None, [*texts, *classifiers])) or READ.get(canonicalize_name(package.name), "")


def needed(requirements: list[str]) -> dict[str, str]:
    """The licence of every package that requirements bring along, by name, where it is installed."""
    found: dict[str, str] = {}
    waiting = [(Requirement(line), "") for line in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            package = find(name)
        except PackageNotFoundError:
            continue
        if name not in found or requirement.extras:
            found[name] = licence(package)
            further = [Requirement(line) for line in package.requires or []]
            waiting += [(one, extra) for one in further for extra in sorted(requirement.extras) or [""]]
    return found


def test_core_needs_more_than_it_names() -> None:
    """Otherwise the walk has gone nowhere, and what follows says nothing."""
    core = needed(PROJECT["dependencies"])
    assert {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]} < set(core)


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_licences_go_with_ours(extra: str) -> None:
    own = PROJECT["dependencies"] if not extra else PROJECT["optional-dependencies"][extra]
    licences = {name: told for name, told in needed(own).items() if name != PROJECT["name"]}
    assert {name: told for name, told in licences.items() if not told.strip()} == {}
    assert {name: told for name, told in licences.items() if any(word in told for word in BAD)} == {}
    assert {name: told for name, told in licences.items() if not any(word in told for word in GOOD)} == {}


def test_the_citation_is_of_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert [cited[part] for part in ("title", "version", "license")] == [
        PROJECT[part] for part in ("name", "version", "license")
    ]
    assert [author["name"] for author in cited["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert cited["keywords"] == PROJECT["keywords"]
