"""Which of a hundred thousand names share most trigrams with a text: an inverted index as three arrays.

A name is cut into every three letters that follow each other in it, with two blanks before it and one behind, so that
how a name begins counts twice. For each trigram the index has the names it stands in. A text is looked up by adding
up, over its own trigrams, who has them: some thousand additions in numpy, a fraction of a millisecond.

References
----------
E. Ukkonen, Approximate string matching with q-grams and maximal matches, Theoretical Computer Science 92 (1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

__all__ = ["Trigrams"]

_BITS = 21  # a code point of Unicode fits


class Trigrams:
    """An inverted index of trigrams.

    Parameters
    ----------
    codes
        Every trigram that occurs, as a number, sorted.
    starts, postings
        The names with trigram i are ``postings[starts[i]:starts[i + 1]]``, by position, sorted.
    sizes
        How many different trigrams each name has.
    """

    def __init__(self, codes: Ints, starts: Ints, postings: Ints, sizes: Ints) -> None:
        self.codes, self.starts, self.postings, self.sizes = codes, starts, postings, sizes

    @classmethod
    def read(cls, names: Sequence[str]) -> Trigrams:
        """Return the index of some names, case aside."""
        import numpy as np

        codes, lengths = _codes(names)
        owner = np.repeat(np.arange(len(names), dtype=np.int64), lengths)
        order = np.lexsort((owner, codes))
        codes, owner = codes[order], owner[order]
        first = np.ones(len(codes), dtype=bool)
        first[1:] = (codes[1:] != codes[:-1]) | (owner[1:] != owner[:-1])
        codes, owner = codes[first], owner[first]
        kinds, starts = np.unique(codes, return_index=True)
        sizes = np.bincount(owner, minlength=len(names))
        return cls(kinds, np.append(starts, len(codes)), owner.astype(np.int32), sizes.astype(np.int32))

    def save(self, path: Path) -> None:
        """Write the index to a file of numpy's."""
        import numpy as np

        with path.open("wb") as file:
            np.savez(file, codes=self.codes, starts=self.starts, postings=self.postings, sizes=self.sizes)

    @classmethod
    def load(cls, path: Path) -> Trigrams:
        """Read what `save` wrote."""
        import numpy as np

        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return cls(found["codes"], found["starts"], found["postings"], found["sizes"])

    def most_shared(self, text: str, most: int, among: npt.NDArray[np.bool_] | None = None) -> list[int]:
        """Return the positions of the names that share most trigrams with a text, at most so many, sorted.

        Ranked is by the share of the text's trigrams that a name has, and by the share of both that both have: the
        first finds a text inside a longer name, the second prefers names of its length.

        Parameters
        ----------
        among
            Which names may be returned; all by default.

        Examples
        --------
        >>> index = Trigrams.read(["data engineer", "civil engineer", "data analyst", "nurse"])
        >>> index.most_shared("dta enginer", 2)
        [0, 1]
        """
        import numpy as np

        wanted = np.unique(_codes([text])[0])
        at = np.searchsorted(self.codes, wanted)
        at = at[at < len(self.codes)]
        at = at[np.isin(self.codes[at], wanted)]
        if not len(at):
            return []
        found = np.concatenate([self.postings[self.starts[i] : self.starts[i + 1]] for i in at])
        shared = np.bincount(found, minlength=len(self.sizes))
        score = shared / len(wanted) + 2 * shared / (len(wanted) + self.sizes)
        if among is not None:
            score[~among] = 0
        there = int(np.count_nonzero(score))
        most = min(most, there)
        if not most:
            return []
        least = np.partition(score, -most)[-most]
        better = np.flatnonzero(score > least)
        equal = np.flatnonzero(score == least)[: most - len(better)]
        return sorted([*better.tolist(), *equal.tolist()])


def _codes(names: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the trigrams of names as numbers, name by name, and how many each has."""
    import numpy as np

    padded = [f"  {name.casefold()} " for name in names]
    lengths = np.array([len(name) - 2 for name in padded], dtype=np.int64)
    points = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    if len(points) < 3:
        return np.zeros(0, dtype=np.int64), lengths
    codes = (points[:-2] << 2 * _BITS) | (points[1:-1] << _BITS) | points[2:]
    inside = np.ones(len(codes), dtype=bool)  # not those that reach from one name into the next
    ends = np.cumsum([len(name) for name in padded])[:-1]
    inside[ends - 1] = False
    inside[ends - 2] = False
    return codes[inside], lengths
