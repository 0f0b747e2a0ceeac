"""Which releases of a framework a question is asked of: the newest of each, unless another is named.

Two releases of a framework stand beside each other in one store, each in the graph of its source, and share the IRIs
of what has not changed. A question that read both would answer with what no release says. So it reads one of each
framework: the newest by version, or the one asked for. What belongs to no framework is always read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg.model.errors import BadInput, StoreError
from kg.model.graphs import local_name
from kg.stores.binding import bind, load_query
from kg.stores.port import Store
from kg.stores.scoped import ScopedStore

__all__ = ["ALL", "Release", "chosen_releases", "releases_of", "scope"]

#: What asks for every release at once.
ALL = "all"


class Release(NamedTuple):
    """A release of a framework, as its source describes it."""

    source: str
    title: str
    framework: str
    name: str
    version: str
    date: str

    @property
    def sort_key(self) -> tuple[tuple[int, ...], str, str]:
        """Order by version, number by number, then by date, then by IRI."""
        return tuple(map(int, re.findall(r"\d+", self.version))), self.date, self.source


def releases_of(store: Store) -> tuple[Release, ...]:
    """Return the releases that a store describes, by framework, the newest first."""
    return _described(store)[0]


def _described(store: Store) -> tuple[tuple[Release, ...], frozenset[str]]:
    """Return the releases that a store describes, and the graphs of derived claims; both at once, to ask but once."""
    rows = store.select(load_query("releases")).dicts()
    found: dict[str, Release] = {}
    derived = set()
    for row in rows:
        values = {name: str(value or "") for name, value in row.items()}
        if not values["framework"]:
            derived.add(values["source"])
            continue
        source, framework = values["source"], values["framework"]
        release = Release(
            source,
            values["title"] or local_name(source),
            framework,
            values["name"] or local_name(framework),
            values["version"],
            values["date"],
        )
        found[source] = max(found.get(source, release), release)  # described twice, in two graphs
    newest = sorted(found.values(), key=lambda release: release.sort_key, reverse=True)
    return tuple(sorted(newest, key=lambda release: release.framework)), frozenset(derived)


def chosen_releases(releases: Sequence[Release], wanted: Collection[str]) -> tuple[Release, ...]:
    """Return the releases to read: those asked for, and of every other framework the newest.

    Parameters
    ----------
    releases
        As `releases_of` gives them.
    wanted
        Each the short id of a source (``esco-1-1-1``), its title, a framework and a version (``esco 1.1.1``), or a
        version that only one has; or ``all``.

    Raises
    ------
    BadInput
        There is no such release, several are meant, or two of one framework are asked for.
    """
    if ALL in wanted:
        return tuple(releases)
    asked: dict[str, Release] = {}
    for text in wanted:
        meant = [release for release in releases if _fold(text) in _names(release)]
        if len(meant) != 1:
            there = ", ".join(f"{local_name(r.source)} ({r.title})" for r in releases) or "none"
            what = "No release" if not meant else "Several releases are meant by"
            raise BadInput(f'{what} "{text}". There are: {there}. Give one of these, or all.')
        if asked.setdefault(meant[0].framework, meant[0]) != meant[0]:
            raise BadInput(
                f"{asked[meant[0].framework].title} and {meant[0].title} are releases of one framework. Ask for one, "
                "or compare them: kg diff."
            )
    by_framework: dict[str, list[Release]] = defaultdict(list)
    for release in releases:
        by_framework[release.framework].append(release)
    return tuple(asked.get(framework) or found[0] for framework, found in by_framework.items())


def _names(release: Release) -> set[str]:
    short = local_name(release.source)
    framework = local_name(release.framework)
    both = [f"{name} {release.version}" for name in (framework, release.name)]
    return set(map(_fold, (release.source, short, release.title, release.version, *both)))


def _fold(text: str) -> str:
    return re.sub(r"[\s_=-]+", "-", text.strip().casefold())


def scope(store: Store, wanted: Collection[str] = (), *, inferred: bool = False) -> tuple[Store, tuple[Release, ...]]:
    """Return the store as questions read it, and the releases that it leaves out; the store itself where it is none.

    Derived claims are left out too, unless they are wanted. A store of ours keeps them apart, so that there is nothing
    to leave out; an endpoint or a dataset of somebody else's may have their graph among the others.

    Raises
    ------
    BadInput
        A release is asked for that is not there.
    StoreError
        Derived claims are wanted, and there are none, or they follow from a release that is not read.
    """
    releases, derived = _described(store)
    read = chosen_releases(releases, wanted)
    left_out = tuple(release for release in releases if release not in read)
    if inferred:
        _check_derived(store, derived, left_out)
    hidden = {release.source for release in left_out} | (frozenset() if inferred else derived)
    if not hidden:
        return store, left_out
    graphs = {str(row["graph"]) for row in store.select(load_query("graphs")).dicts()}
    return ScopedStore(store, graphs - hidden), left_out


def _check_derived(store: Store, derived: Collection[str], left_out: Collection[Release]) -> None:
    """See that there are derived claims, and that what they follow from is read."""
    if not derived:
        raise StoreError(
            "There are no derived claims in this graph. For a store folder, kg infer --graph FOLDER writes them; for "
            "the shipped dataset and for files, write a file (kg infer -o derived.trig) and name it too: --graph "
            "shipped --graph derived.trig --inferred."
        )
    if not left_out:
        return
    rows = store.select(bind(load_query("parents"), source=derived)).dicts()
    parents = {str(row["parent"]) for row in rows}
    for release in left_out:
        if release.source in parents:
            raise StoreError(
                f"The derived claims follow from {release.title}, which is not read here. Derive them from what is "
                "(kg infer, with the same --release), or ask without --inferred."
            )
