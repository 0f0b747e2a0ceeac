"""Which of a hundred thousand names are most like a text, by their words and by parts of their words.

A name is compared with a text in two ways, both the cosine of weighted counts: by its **words**, in the singular, and
by the **grams** of three to five letters in its words (a blank stands before and behind each). What is rare among the
names weighs more. A node counts by the best of its names, by all of them together, and a little more by its label. A
text of one word says little: of the nodes whose label has it, those count more that more claims are about.

Grams are indexed by word and words by name, so that a gram of a common word is stored once and not once a name: the
score of a name is the sum of the scores of its words. That is exact, and it makes the index a tenth as large as one
from grams to names. Only nodes are scored that share a whole word with the text, or have one that is much like one of
its longer words: ``REST`` does not find *forest*.

The weights were chosen on O*NET titles and titles of vacancies with their ESCO occupation (`benchmarks.names`).

References
----------
G. Salton and C. Buckley, Term-weighting approaches in automatic text retrieval, Information Processing and Management
24 (1988).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import adler32, crc32

from kg.names.words import is_code, meant, stem, telling

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int32]
    Longs = npt.NDArray[np.integer]
    Bools = npt.NDArray[np.bool_]

__all__ = ["Grams", "WordMatch", "Weights"]

_LENGTHS = (3, 4, 5)
#: A longer word of a text is taken for one of a name where their grams are so much alike.
_ALIKE = 0.6
_ARRAYS = (
    "grams",
    "gram_starts",
    "gram_words",
    "gram_weights",
    "gram_idf",
    "stems",
    "stem_idf",
    "word_stem",
    "word_norm",
    "word_long",
    "word_starts",
    "word_nodes",
    "entry_words",
    "name_starts",
    "name_gram_norm",
    "name_word_norm",
    "node_starts",
    "node_norm",
    "node_used",
)


class Weights(NamedTuple):
    """How much each way of being alike counts."""

    words: float = 0.59
    grams: float = 0.13
    whole: float = 0.19
    label: float = 0.05
    used: float = 0.3


class WordMatch(NamedTuple):
    """A node that is like a text: its position, that of its name which is most like it, how much, by a whole word?"""

    node: int
    name: int
    score: float
    has_word: bool


class Grams:
    """An index of names by their words, and of words by their grams.

    Parameters
    ----------
    arrays
        As `Grams.of` makes them.
    """

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._arrays = arrays
        self.weights = Weights()

    @classmethod
    def of(cls, nodes: Sequence[Sequence[str]], used: Sequence[int] = ()) -> Grams:
        """Return the index of nodes, each given by its names, its label first, and by how many claims are about it."""
        import numpy as np

        known: dict[str, int] = {}
        entries: list[int] = []
        sizes: list[int] = []
        for name in (name for names in nodes for name in names):
            found = telling(name)
            entries += [known.setdefault(word, len(known)) for word in found]
            sizes.append(len(found))
        entry_words = np.array(entries, dtype=np.int32)
        name_starts, node_starts = _starts(sizes), _starts([len(names) for names in nodes])
        owner = np.repeat(np.arange(len(nodes)), np.diff(node_starts))
        entry_names = np.repeat(np.arange(len(sizes)), np.diff(name_starts))

        grams: dict[int, int] = {}
        pieces = [[grams.setdefault(key, len(grams)) for key in _grams(word)] for word in known]
        word_grams = np.array([key for found in pieces for key in found], dtype=np.int64)
        word_starts = _starts([len(found) for found in pieces])
        stems: dict[str, int] = {}
        word_stem = np.array([stems.setdefault(stem(word), len(stems)) for word in known], dtype=np.int64)

        def per_name() -> Iterator[tuple[Longs, Longs, Longs]]:
            for part in _blocks(len(entries), entry_names):
                at, counts = _ranges(word_starts, entry_words[part])
                yield _counted(np.repeat(entry_names[part], counts), word_grams[at])

        def per_node() -> Iterator[tuple[Longs, Longs, Longs]]:
            for part in _blocks(len(entries), owner[entry_names]):
                at, counts = _ranges(word_starts, entry_words[part])
                yield _counted(np.repeat(owner[entry_names[part]], counts), word_grams[at])

        frequency = np.zeros(len(grams))
        for _, gram, _ in per_name():
            frequency += np.bincount(gram, minlength=len(grams))
        gram_idf = np.log((1 + len(sizes)) / (1 + frequency)) + 1
        in_stem = _counted(entry_names, word_stem[entry_words])
        stem_idf = np.sqrt(np.log((1 + len(sizes)) / (1 + np.bincount(in_stem[1], minlength=len(stems)))) + 1)

        in_word = _counted(np.repeat(np.arange(len(known)), np.diff(word_starts)), word_grams)
        by_gram = np.argsort(in_word[1], kind="stable")
        gram_keys, stem_keys = _keys(grams), _keys(map(_key, stems))
        gram_order, stem_order = np.argsort(gram_keys), np.argsort(stem_keys)
        postings, _ = _ranges(_starts(np.bincount(in_word[1], minlength=len(grams))), gram_order)
        by_gram = by_gram[postings]
        in_node = _counted(entry_words, owner[entry_names])
        return cls(
            {
                "grams": gram_keys[gram_order],
                "gram_starts": _starts(np.bincount(in_word[1], minlength=len(grams))[gram_order]),
                "gram_words": in_word[0][by_gram].astype(np.int32),
                "gram_weights": (in_word[2] * gram_idf[in_word[1]])[by_gram].astype(np.float32),
                "gram_idf": gram_idf[gram_order].astype(np.float32),
                "stems": stem_keys[stem_order],
                "stem_idf": stem_idf[stem_order].astype(np.float32),
                "word_stem": np.argsort(stem_order)[word_stem].astype(np.int32),
                "word_norm": _norms([in_word], gram_idf, len(known)),
                "word_long": np.array([not is_code(word) for word in known], dtype=np.bool_),
                "word_starts": _starts(np.bincount(in_node[0], minlength=len(known))),
                "word_nodes": in_node[1].astype(np.int32),
                "entry_words": entry_words,
                "name_starts": name_starts,
                "name_gram_norm": _norms(per_name(), gram_idf, len(sizes)),
                "name_word_norm": _norms([in_stem], stem_idf, len(sizes)),
                "node_starts": node_starts,
                "node_norm": _norms(per_node(), gram_idf, len(nodes)),
                "node_used": np.log1p(np.array(used or [0] * len(nodes), dtype=np.float32)),
            }
        )

    def save(self, path: Path) -> None:
        """Write the index to a file of numpy's."""
        import numpy as np

        with path.open("wb") as file:
            np.savez(file, **self._arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its options

    @classmethod
    def load(cls, path: Path) -> Grams:
        """Read what `save` wrote."""
        import numpy as np

        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return cls({name: found[name] for name in _ARRAYS})

    def ranked(self, text: str, most: int, among: Bools | None = None) -> list[WordMatch]:
        """Return the nodes that are like a text, at most so many, those most like it first; equals in their order.

        Parameters
        ----------
        among
            Which nodes may be returned; all by default.

        Examples
        --------
        >>> index = Grams.of([["data engineer"], ["civil engineer"], ["nurse", "hospital nurse"], ["forest ranger"]])
        >>> [(found.node, found.name) for found in index.ranked("hospital nurses", 9)]
        [(2, 3)]
        >>> index.ranked("rest", 9), [found.node for found in index.ranked("Engineers", 9)]
        ([], [0, 1])
        """
        import numpy as np

        wanted = telling(meant(text))
        if not wanted or not len(self._arrays["entry_words"]):
            return []
        a = self._arrays
        near, gram_of, word_of = self._by_word(wanted)
        hit = np.flatnonzero(near)
        if not len(hit):
            return []
        at, _ = _ranges(a["word_starts"], hit)
        there = np.zeros(len(a["node_norm"]), dtype=np.bool_)
        there[a["word_nodes"][at]] = True
        if among is not None:
            there &= among
        nodes = np.flatnonzero(there)
        if not len(nodes):
            return []
        names, per_node = _ranges(a["node_starts"], nodes)
        entries, per_name = _ranges(a["name_starts"], names)
        of = a["entry_words"][entries]
        gram_sum, word_sum = _sums(gram_of[of], per_name), _sums(word_of[of], per_name)
        by_gram, by_word = gram_sum / a["name_gram_norm"][names], word_sum / a["name_word_norm"][names]
        firsts = np.cumsum(per_node) - per_node
        w = self.weights
        by_name = w.words * by_word + w.grams * by_gram
        score = (
            np.maximum.reduceat(by_name, firsts)
            + w.whole * np.add.reduceat(gram_sum, firsts) / a["node_norm"][nodes]
            + w.label * by_gram[firsts]
        )
        shared = np.maximum.reduceat(by_word, firsts) > 0
        if len({*map(stem, wanted)}) == 1:
            score += w.used * a["node_used"][nodes] * (by_word[firsts] > 0)
        found = []
        for i in np.argsort(-score, kind="stable")[:most]:
            first = firsts[i]
            best = first + int(np.argmax(by_name[first : first + per_node[i]]))
            found.append(WordMatch(int(nodes[i]), int(names[best]), float(score[i]), bool(shared[i])))
        return found

    def _by_word(self, wanted: Sequence[str]) -> tuple[Bools, Floats, Floats]:
        """Return of every word of the index whether it is one of the text, or much like one; and both its scores."""
        import numpy as np

        a = self._arrays
        size = len(a["word_stem"])
        near = np.zeros(size, dtype=np.bool_)
        grams = np.zeros(size, dtype=np.float32)
        most = np.float32(a["gram_idf"].max())
        together: Counter[int] = Counter()
        for word, times in Counter(wanted).items():
            counted = Counter(_grams(word))
            keys, counts = _arrays_of(counted)
            at, there = _places(a["grams"], keys)
            weights = counts * np.where(there, a["gram_idf"][at], most)
            postings, per_gram = _ranges(a["gram_starts"], at[there])
            found = np.bincount(
                a["gram_words"][postings],
                weights=a["gram_weights"][postings] * np.repeat(weights[there], per_gram),
                minlength=size,
            ).astype(np.float32)
            if not is_code(word):
                near |= (found > _ALIKE * np.sqrt(np.square(weights).sum()) * a["word_norm"]) & a["word_long"]
            grams += times * found
            together.update({key: times * count for key, count in counted.items()})
        keys, counts = _arrays_of(together)
        at, there = _places(a["grams"], keys)
        grams /= np.sqrt(np.square(counts * np.where(there, a["gram_idf"][at], most)).sum())

        stems = Counter(map(stem, wanted))
        keys, counts = _arrays_of(Counter({_key(one): count for one, count in stems.items()}))
        at, there = _places(a["stems"], keys)
        idf = np.where(there, a["stem_idf"][at], a["stem_idf"].max())
        by_stem = np.zeros(len(a["stems"]), dtype=np.float32)
        by_stem[at[there]] = ((counts * idf * idf) / np.sqrt(np.square(counts * idf).sum()))[there]
        by_word = by_stem[a["word_stem"]]
        return near | (by_word > 0), grams, by_word


def _arrays_of(counted: Counter[int]) -> tuple[npt.NDArray[np.uint64], Floats]:
    import numpy as np

    return (
        np.fromiter(counted, dtype=np.uint64, count=len(counted)),
        np.fromiter(counted.values(), dtype=np.float32, count=len(counted)),
    )


def _key(piece: str) -> int:
    """Return a number for a piece of text: two checksums, which together hardly ever meet."""
    data = piece.encode("utf-8", "replace")
    return crc32(data) << 32 | adler32(data)


def _grams(word: str) -> list[int]:
    padded = f" {word} "
    found = [_key(padded[i : i + size]) for size in _LENGTHS for i in range(len(padded) - size + 1)]
    return found or [_key(padded)]


def _starts(sizes: Sequence[int] | Longs) -> Ints:
    import numpy as np

    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int32)


def _keys(found: Iterable[int]) -> npt.NDArray[np.uint64]:
    import numpy as np

    return np.fromiter(found, dtype=np.uint64)


def _blocks(count: int, owner: Longs, size: int = 60_000) -> Iterator[slice]:
    """Yield stretches of entries, of which none ends within an owner; owners are sorted."""
    import numpy as np

    at = 0
    while at < count:
        end = count if at + size >= count else int(np.searchsorted(owner, owner[at + size], side="right"))
        yield slice(at, end)
        at = end


def _counted(rows: Longs, columns: Longs) -> tuple[Longs, Longs, Longs]:
    """Return every pair of a row and a column once, sorted, and how often it came."""
    import numpy as np

    width = int(columns.max(initial=0)) + 1
    pairs, counts = np.unique(rows.astype(np.int64) * width + columns, return_counts=True)
    return pairs // width, pairs % width, counts


def _norms(parts: Iterable[tuple[Longs, Longs, Longs]], idf: npt.NDArray[np.float64], size: int) -> Floats:
    """Return the length of each row of weighted counts, and 1 for one that is empty: nothing is divided by 0."""
    import numpy as np

    found = np.zeros(size)
    for rows, columns, counts in parts:
        found += np.bincount(rows, weights=np.square(counts * idf[columns]), minlength=size)
    return np.where(found > 0, np.sqrt(found), 1).astype(np.float32)


def _places(among: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.intp], Bools]:
    """Return where keys stand among sorted ones, and which of them stand there at all."""
    import numpy as np

    at = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return at, among[at] == keys


def _ranges(starts: Ints, rows: Longs) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the positions ``starts[row]`` up to ``starts[row + 1]`` of several rows, and how many each has."""
    import numpy as np

    first = starts[rows].astype(np.intp)
    sizes = starts[rows + 1].astype(np.intp) - first
    shifts = np.repeat(first - np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp), sizes)
    return np.arange(sizes.sum(), dtype=np.intp) + shifts, sizes


def _sums(values: Floats, sizes: npt.NDArray[np.intp]) -> Floats:
    """Return the sums of stretches that follow each other; 0 for one that is empty."""
    import numpy as np

    totals = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
    ends = np.cumsum(sizes)
    found: Floats = (totals[ends] - totals[ends - sizes]).astype(np.float32)
    return found
