"""Reading the shipped dataset while the rest of a command is still being imported.

Oxigraph parses without holding Python's lock, so on two cores the dataset costs a command next to nothing. `begin` is
called once, by the command line; whoever opens the shipped dataset next takes what was read.
"""

from __future__ import annotations

from threading import Thread

from kg.model.shipped import DATASET_FILE, data_path
from kg.stores.oxigraph import OxigraphStore

__all__ = ["begin", "take"]

_pending: list[_Reading] = []


class _Reading(Thread):
    """Reads the shipped dataset; `found` and `error` tell how it went."""

    def __init__(self) -> None:
        super().__init__(name="kg-preload")
        self.found: OxigraphStore | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.found = OxigraphStore.read(data_path(DATASET_FILE))
        except Exception as error:
            self.error = error


def begin() -> None:
    """Begin to read the shipped dataset."""
    reading = _Reading()
    reading.start()
    _pending.append(reading)


def take() -> OxigraphStore:
    """Return the shipped dataset, read now or already."""
    if not _pending:
        return OxigraphStore.read(data_path(DATASET_FILE))
    reading = _pending.pop()
    reading.join()
    if reading.error is not None:
        raise reading.error
    if reading.found is None:
        raise RuntimeError("the reading thread ended without a result or an error")
    return reading.found
