"""The lock gives what pyproject.toml asks for, on every machine it is meant for: no range can move on and leave it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCK = ROOT / ".ci" / "lock"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
STAGES = {"core": None, "test": "test", "spark": "spark"}

MACHINES = [
    {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        **system,
    }
    for python, system in product(
        ["3.11", "3.12", "3.13"],
        [
            {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
            {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
            {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
        ],
    )
]
IDS = [f"{machine['sys_platform']}-{machine['python_version']}" for machine in MACHINES]


@cache
def locked(stage: str) -> list[Requirement]:
    """The pinned requirements of a lock, without their checksums."""
    lines = (LOCK / f"{stage}.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if line and line[0] not in "# "]


def asked(requirements: list[str]) -> Iterator[Requirement]:
    """What a list of requirements asks of others; an extra of our own stands for what it lists."""
    for requirement in map(Requirement, requirements):
        if requirement.name == PROJECT["name"]:
            for extra in sorted(requirement.extras):
                yield from asked(EXTRAS[extra])
        else:
            yield requirement


def of_stage(stage: str) -> list[Requirement]:
    """What a stage of the set-up asks for, the build backend with it: the editable installation is not isolated."""
    if stage == "tools":
        lines = (ROOT / ".ci" / "tools.in").read_text(encoding="utf-8").splitlines()
        return [Requirement(line) for line in lines if not line.startswith("#")]
    extra = STAGES[stage]
    own = [*PROJECT["dependencies"], *(EXTRAS[extra] if extra else [])]
    return list(asked([*own, *PYPROJECT["build-system"]["requires"], "editables"]))


def on(machine: dict[str, str], stage: str) -> dict[str, Version]:
    """The version of each package that a lock gives one kind of machine."""
    found: dict[str, Version] = {}
    for requirement in locked(stage):
        if requirement.marker is None or requirement.marker.evaluate(machine):
            (pin,) = requirement.specifier
            name = canonicalize_name(requirement.name)
            assert pin.operator == "=="
            assert name not in found, f"{name} is locked twice for one machine"
            found[name] = Version(pin.version)
    return found


def test_every_stage_is_locked() -> None:
    assert {path.stem for path in LOCK.iterdir()} == {*STAGES, "tools"}


@pytest.mark.parametrize("stage", [*STAGES, "tools"])
@pytest.mark.parametrize("machine", MACHINES, ids=IDS)
def test_what_is_asked_for_is_locked_within_its_range(machine: dict[str, str], stage: str) -> None:
    versions = on(machine, stage)
    wanted = [one for one in of_stage(stage) if one.marker is None or one.marker.evaluate(machine)]
    assert wanted
    amiss = [
        str(one)
        for one in wanted
        if not one.specifier.contains(versions.get(canonicalize_name(one.name), Version("0")))
    ]
    assert not amiss, f"run `make lock`: .ci/lock/{stage}.txt does not give {amiss}"


@pytest.mark.parametrize("machine", MACHINES, ids=IDS)
def test_no_package_stands_in_two_versions(machine: dict[str, str]) -> None:
    whole = on(machine, "test")
    for stage in ("core", "spark", "tools"):
        versions = on(machine, stage)
        assert {name: whole[name] for name in versions if name in whole} == {
            name: version for name, version in versions.items() if name in whole
        }
    assert set(on(machine, "core")) < set(whole)


@pytest.mark.parametrize("stage", [*STAGES, "tools"])
def test_every_file_has_its_checksum_and_no_address(stage: str) -> None:
    text = (LOCK / f"{stage}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[^\s#])", text)[1:]
    assert len(entries) == len(locked(stage))
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry
    assert not re.search(r"://|@|--index|--find-links|(?<![\w.])/\w", text)


def test_every_requirement_has_a_floor() -> None:
    """`make test-floors` installs the lowest version admitted: without a floor, that is the first ever published."""
    every = [one for extra in EXTRAS for one in asked(EXTRAS[extra])] + list(asked(PROJECT["dependencies"]))
    assert [str(one) for one in every if not any(part.operator == ">=" for part in one.specifier)] == []


def test_the_markers_of_the_lock_are_ones_it_can_answer() -> None:
    """Those in MACHINES: a marker on another variable would be answered for this machine, not for the one meant."""
    known = set(MACHINES[0])
    for stage in (*STAGES, "tools"):
        for requirement in locked(stage):
            assert set(re.findall(r"\b[a-z]+_[a-z_]+\b(?=\s*[<>=!])", str(requirement.marker))) <= known
