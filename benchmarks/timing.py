"""Medians of samples taken in turn, so that a busy machine slows all alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import NamedTuple

__all__ = ["Measured", "in_turn", "process", "report"]


class Measured(NamedTuple):
    """A job, its median time, that of its floor, and the ratio it must not exceed."""

    job: str
    seconds: float
    floor: str
    floor_seconds: float
    reach: float

    @property
    def ratio(self) -> float:
        """How many times the floor the job takes."""
        return self.seconds / self.floor_seconds


def process(*arguments: str) -> Callable[[], None]:
    """Return a job that runs a Python process to its end, output discarded."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return run


def in_turn(jobs: Mapping[str, Callable[[], object]], *, samples: int = 9) -> dict[str, float]:
    """Return the median seconds of each job, one sample of each at a time, after one that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(samples + 1):
        for name, job in jobs.items():
            start = perf_counter()
            job()
            if turn:
                times[name].append(perf_counter() - start)
    return {name: median(found) for name, found in times.items()}


def report(measured: Measured) -> str:
    """Return one line of the report."""
    verdict = "reached" if measured.ratio <= measured.reach else "NOT reached"
    return (
        f"{measured.job:<34} {measured.seconds * 1000:8.1f} ms   {measured.ratio:5.2f} × {measured.floor} "
        f"({measured.floor_seconds * 1000:.1f} ms); reach {measured.reach:g} ×: {verdict}"
    )
