"""One step of a plan: something to learn, or a certification to take."""

from __future__ import annotations

from dataclasses import dataclass

from kg.answers import Node
from kg.offers import Offer
from kg.requirements.required import Required

__all__ = ["Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: something to learn, or a certification to take.

    Attributes
    ----------
    ready
        Whether no other step must come before it, so that it can start tomorrow.
    after
        The steps that must come directly before it.
    because
        What asks for it: the role, and the steps that build on it.
    required
        What the role requires; None for a stepping stone and for a certification.
    covers
        Of a certification: the missing requirements that it certifies, essential and heavy first.
    proof
        Of a requirement: ``certified`` by a certification of the plan, ``over budget``, ``price not stated``, or
        ``none`` on offer. Empty otherwise.
    price
        In USD; of a certification only.
    """

    number: int
    stage: str
    node: Node
    ready: bool
    after: tuple[Node, ...]
    because: tuple[Node, ...]
    required: Required | None = None
    proof: str = ""
    covers: tuple[Node, ...] = ()
    price: float | None = None
    assumed: bool = False
    minutes: float | None = None
    validity: float | None = None
    experience: tuple[str, ...] = ()
    eligibility: tuple[str, ...] = ()
    offer: Offer | None = None

    @property
    def kind(self) -> str:
        """``learn`` or ``certify``."""
        return "certify" if self.offer else "learn"
