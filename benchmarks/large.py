"""All-pairs similarity at 200,000 roles and 5,000,000 requirements, against sparse_dot_topn alone on the same rows."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

import numpy as np
from scipy.sparse import csr_array

from benchmarks.timing import Measured
from kg.algorithms.matrix import RoleMatrix
from kg.algorithms.similarity import Similarity

_ROLES, _SKILLS, _REQUIREMENTS, _MOST = 200_000, 30_000, 5_000_000, 10


def matrix(roles: int = _ROLES, skills: int = _SKILLS, requirements: int = _REQUIREMENTS) -> RoleMatrix:
    """Return a drawn matrix: skills by Zipf's law, importance 0.05…1, the same on every run."""
    random = np.random.default_rng(1)
    share = np.cumsum(1 / (np.arange(skills) + 3))
    rows = random.integers(0, roles, requirements)
    columns = np.searchsorted(share, random.random(requirements) * share[-1]).astype(np.int64)
    pairs = np.unique(rows * skills + columns)
    rows, columns = np.divmod(pairs, skills)
    weights = np.round(random.uniform(0.05, 1.0, len(pairs)), 3)
    found = csr_array((weights, (rows, columns)), shape=(roles, skills))
    found.sort_indices()
    return RoleMatrix(tuple(f"r{i:06d}" for i in range(roles)), tuple(f"s{i:05d}" for i in range(skills)), found)


def ours() -> None:
    """Find the ten nearest of every role."""
    for _ in Similarity(matrix(), "cosine").nearest(_MOST):
        pass


def alone() -> None:
    """Call the package on normalised rows, and do nothing with what it returns."""
    from scipy.sparse import csr_matrix
    from sparse_dot_topn import sp_matmul_topn

    rows = csr_matrix(matrix().weights)
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.where(norms > 0, norms, 1), np.diff(rows.indptr))
    sp_matmul_topn(rows, rows.T.tocsr(), top_n=_MOST, sort=True, n_threads=2)


def measure() -> Iterator[Measured]:
    """Yield the time of both, each in a process of its own, and the memory of ours."""
    seconds: dict[str, float] = {}
    for name in ("ours", "alone"):
        start = perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.large", name], check=True, capture_output=True, text=True
        )
        seconds[name] = perf_counter() - start
        print(f"   {name}: {seconds[name]:.0f} s, at most {int(done.stdout) / 1024:.0f} MiB of memory")
    yield Measured("top ten of 200,000 roles, cosine", seconds["ours"], "sparse_dot_topn", seconds["alone"], 1.3)


if __name__ == "__main__":
    {"ours": ours, "alone": alone}[sys.argv[1]]()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
