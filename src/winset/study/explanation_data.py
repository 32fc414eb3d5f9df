"""The form of an explanation as plain data: what an answer turns on, with a witness."""

from __future__ import annotations

from typing import TypedDict


class PartOf(TypedDict):
    """A part of a number: its name and what it contributes."""

    name: str
    value: float


class EvidenceData(TypedDict):
    """What one observation did to a belief.

    Attributes:
        date, text: when, and what was seen.
        before, after: the belief.
        ratio: the likelihood ratio: how many times as likely the observation is from the type as from the player's
            others; None where those never do it.
    """

    date: str
    text: str
    before: float
    after: float
    ratio: float | None


class BeliefMove(TypedDict):
    """A public belief that a move shifted."""

    player: str
    type: str
    before: float
    after: float


class WitnessStep(TypedDict):
    """One move of a course of play: `probability` given what came before, and the beliefs that it shifted."""

    date: str
    move: str
    text: str
    probability: float
    beliefs: list[BeliefMove]


class WitnessData(TypedDict):
    """A course of play on which an event comes about: a typical one, or the likeliest of all.

    On a typical one it comes about by the step that brings it about most often, in the round up to which that step
    has brought about half of what it brings about; and each move is the most frequent among the courses that begin
    alike and end so.

    Attributes:
        formula, variant: whose event it is.
        step, date: that step and that round, for a typical course; "" for the likeliest of all.
        share: what part of the event's probability comes about by that step; None for the likeliest of all.
        probability: of the whole course: the product over all its moves, those without a choice left out of `steps`.
        types: the types that the course is about, by player; empty where the event reads public things only.
    """

    formula: str
    variant: str
    step: str
    date: str
    share: float | None
    probability: float
    types: dict[str, str]
    steps: list[WitnessStep]


class ExplanationData(TypedDict):
    """What an answer turns on.

    Attributes:
        sentence: one sentence in the scenario's own names.
        kind: "forecast", "number", "belief", "strategy", "value", "comparison" or "none" (nothing can be said).
        about: what `parts` add up to, in words; "" without parts.
        total: the number that `parts` (and, apart from them, `dates`) sum to; None without parts.
        parts: by label of payoff, or by step of play; the largest first.
        dates: the same total by round, in order of time; empty where it is not known.
        evidence: for a belief, what each observation did to it.
        equilibrium: the name of the equilibrium that all this is of.
        grid: inner belief nodes per dimension at which it was computed.
        witness: the likeliest course of play; None where the answer is no event.
    """

    sentence: str
    kind: str
    about: str
    total: float | None
    parts: list[PartOf]
    dates: list[PartOf]
    evidence: list[EvidenceData]
    equilibrium: str
    grid: int
    witness: WitnessData | None
