"""How surprised the model is by a record, and whether it still fits.

A report that had probability p is a surprise of -log2 p bits. How much surprise the model expected at that move is the
entropy of all that might have been reported there, and the p-value of the report is the probability of one as likely or
less. Of many moves some surprise by chance, so a run of surprises is judged by a *test martingale* (Ville 1939; Shafer,
Shen, Vereshchagin and Vovk 2011): a bet against the model that, whenever it is begun, wins q(report)/p(report), where q
is the model's own forecast flattened,

    q(report) = sqrt(p(report)) / Σ sqrt(p)

Money is put on beginning at each sighting of the record: an equal share for each of its rounds, half of it at the
round's first sighting, half of the rest at the second, and so on. If the model is right, what the bet is worth has mean
1 whatever has been seen, so the probability that it ever reaches 1/a is at most a: 1 over the most it has been worth is
a p-value at every moment, however long one has been watching. Where it falls to 0.05 the model is said not to fit from
the beginning on whose share has won most; that is false in at most 5 % of records that the model draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from winset.learn.filter import Step

LEVEL = 0.05
"""Probability with which a record drawn from the model itself is said not to fit, at most."""
FLAT = 0.5
"""Power to which the bet's forecast raises the model's; 1 would be the model itself, 0 no forecast at all."""
_SAME = 1e-9


@dataclass(frozen=True, kw_only=True)
class Surprise:
    """Of one sighting.

    Attributes:
        bits: -log2 of the report's probability; infinite where the model cannot have it.
        expected, spread: mean and standard deviation of that under the model, at that move, given the record before.
        p_value: probability of a report as likely as this one, or less.
    """

    bits: float
    expected: float
    spread: float
    p_value: float


def surprise(step: Step) -> Surprise:
    """The surprise of a sighting's report, among all that might have been reported there."""
    chances = [p for p in step.reports.values() if p > 0]
    mean = -math.fsum(p * math.log2(p) for p in chances)
    square = math.fsum(p * math.log2(p) ** 2 for p in chances)
    own = _own(step)
    return Surprise(
        bits=max(-math.log2(own), 0.0) if own > 0 else math.inf,
        expected=max(mean, 0.0),
        spread=math.sqrt(max(square - mean**2, 0.0)),
        p_value=min(1.0, math.fsum(p for p in chances if p <= own * (1 + _SAME))),
    )


def _own(step: Step) -> float:
    """Probability of what was reported."""
    assert step.sighting is not None
    if step.probability <= 0:
        return 0.0
    return step.reports.get(step.sighting.says, 0.0)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How well the model fits up to one sighting.

    Attributes:
        step: number of the sighting's step.
        worth: what the bet against the model is worth there, 1 at the start.
        p_value: 1 over the most that it has been worth, at most 1.
        since: step number of the sighting from which on the model fits worst.
    """

    step: int
    worth: float
    p_value: float
    since: int


def fits(steps: Sequence[Step], rounds: int) -> tuple[Fit, ...]:
    """The bet against the model after every sighting.

    Args:
        steps: of a record that was followed; those without a sighting are passed over.
        rounds: how many rounds the record covers.
    """
    won: dict[int, float] = {}  # logarithm of each begun share's worth, its size included, by step number
    idle, most, last, taken = 1.0, 1.0, 0, 0
    out: list[Fit] = []
    for step in steps:
        if step.sighting is None:
            continue
        taken = taken + 1 if step.round == last else 1
        last = step.round
        share = 0.5**taken / max(rounds, 1)
        idle -= share
        won[step.number] = math.log(share)
        gain = _gain(step)
        won = {number: value + gain for number, value in won.items()}
        best = max(won, key=lambda number: won[number])
        worth = idle + math.fsum(math.exp(min(value, 700.0)) for value in won.values())
        most = max(most, worth)
        out.append(Fit(step=step.number, worth=worth, p_value=0.0 if math.isinf(gain) else 1.0 / most, since=best))
        if math.isinf(gain):
            break
    return tuple(out)


def _gain(step: Step) -> float:
    """Log q(report)/p(report); infinite where the model cannot have the report."""
    own = _own(step)
    if own <= 0:
        return math.inf
    return (FLAT - 1.0) * math.log(own) - math.log(math.fsum(p**FLAT for p in step.reports.values() if p > 0))


def broken_from(found: Sequence[Fit], level: float = LEVEL) -> Fit | None:
    """Where the bet first reached 1/level; None where the model fits."""
    return next((fit for fit in found if fit.p_value <= level), None)
