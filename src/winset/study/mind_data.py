"""The form of what would change our mind, and of what delay is worth, as plain data."""

from __future__ import annotations

from typing import Literal, TypedDict


class FlipData(TypedDict):
    """A variant in which an answer changes its word or a claim its verdict.

    Both sides were computed alike, on the grid on which variants are compared: `base` and `value` with the words or
    verdicts `before` and `after`; the numbers are None for a claim."""

    variant: str
    base: float | None
    value: float | None
    before: str
    after: str


class TurningData(TypedDict):
    """What would change the word of a headline probability or the verdict on a claim.

    Attributes:
        about: name of the question or claim; `kind` "question" or "claim"; `title` what a reader knows it by.
        edge: of a probability the nearest limit of its word (ICD 203), else None.
        distance: how far the number lies from it, or the sides of the claim's comparison from each other; None where
            there is no single one.
        told: the same in one sentence.
        tried: the solved variants in which it was read; none for a claim that compares variants itself, or is read
            after a history.
        flips: those in which it changes.
    """

    about: str
    kind: Literal["question", "claim"]
    title: str
    edge: float | None
    distance: float | None
    told: str
    tried: list[str]
    flips: list[FlipData]


class WeakData(TypedDict):
    """How little would turn the verdict on a claim.

    `slack` is the measure (see `ClaimData`), 0 where the verdict is undecided although there is a formula; None where
    nothing is compared. `why` says it in words."""

    claim: str
    slack: float | None
    why: str


class DelayRow(TypedDict):
    """What a delay is worth to a type, or with `type` "" to a player on average over the prior.

    `now` is its value at the start; `gains` one entry per delay of `DelayData.rounds`, None where the value there is
    not known; `errors` how far each gain moves on a belief grid with about half the inner nodes."""

    player: str
    type: str
    now: float
    gains: list[float | None]
    errors: list[float | None]


class DelayData(TypedDict):
    """Who gains from delay: the start against the same public state and beliefs some rounds later.

    For so many rounds nobody moves, chance draws nothing, beliefs stay and only the payoffs of each round are paid;
    then the game goes on as solved, at the later date. A gain is what a side expects with the delay, discounted to
    the start, less what it expects without. `dates` labels the rounds at which the game goes on, `lengths` the delays
    in words; `told` sums up; `missing` says why a delay has no number, or is "".
    """

    rounds: list[int]
    dates: list[str]
    lengths: list[str]
    rows: list[DelayRow]
    told: str
    missing: str
