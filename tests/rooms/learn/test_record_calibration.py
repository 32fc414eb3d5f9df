"""Simulation-based calibration of the whole chain: a parameter from its prior, a record played out, the filter's
likelihood, the posterior; and one record's likelihood by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import winset
from winset.game.play import play
from winset.language.scenario import Scenario
from winset.learn.calibration import coverage
from winset.learn.filter import follow_record
from winset.learn.posterior import box, weigh
from winset.learn.sighting import Observations, Sighting
from winset.solve.backward import solve

LOW, HIGH, ROUNDS, PRECISION = 0.05, 0.8, 6, 4.0
DRAWS, RECORDS, PLAYED = 24, 400, 20


def talks(zeal: float) -> Scenario:
    """A trader gains by talking, a staller loses; which of them north is nobody knows."""
    return winset.build(
        scenario="Talks", clock={"rounds": ROUNDS}, solution={"precision": PRECISION, "grid": 5},
        parameters={"zeal": zeal}, players={"north": {"types": {"trader": 0.6, "staller": 0.4}}},
        round=[
            {
                "move": "approach", "by": "north",
                "actions": {"wait": {}, "talk": {"pays": {"north": "if north is trader then zeal else -zeal"}}},
            }
        ],
    )  # fmt: skip


def seen(acts: tuple[str, ...]) -> Observations:
    """A record that misses nothing."""
    sightings = tuple(
        Sighting(
            round=n + 1, move="approach", player="north", says=act, likelihood={act: 1.0}, otherwise=0.0, absent=0.0
        )
        for n, act in enumerate(acts)
    )  # fmt: skip
    return Observations(until="", last_round=len(acts), over=True, sightings=sightings)


class Model:
    """Games solved at a few values of the parameter."""

    def __init__(self) -> None:
        self.prior = box({"zeal": (LOW, HIGH)})
        self.values = self.prior.quantile(((np.arange(DRAWS) + 0.5) / DRAWS)[:, None])
        self.solved = [self.at(float(v)) for v in self.values[:, 0]]

    def at(self, zeal: float) -> winset.Solution:
        return solve(winset.compile_game(talks(zeal)))

    @cache  # noqa: B019  (few records are different)
    def logs(self, acts: tuple[str, ...]) -> tuple[float, ...]:
        """Log likelihood of a record at every value, by the filter."""
        record = seen(acts)
        return tuple(follow_record(s.game, s.respond, record).log_evidence for s in self.solved)

    def record(self, zeal: float, seed: int) -> tuple[str, ...]:
        """A record played out."""
        solution = self.at(zeal)
        steps = play(solution.game, solution.respond, count=1, seed=seed).steps
        stages = solution.game.stages
        acted = [(stages[s.stage].movers, int(s.observable[0])) for s in steps]
        return tuple(movers[0].observables[o] for movers, o in acted if movers)  # nobody moves where a round ends


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


def test_the_likelihood_is_the_closed_form(model: Model) -> None:
    acts = ("talk", "talk", "wait", "talk", "wait", "talk")
    for value, got in zip(model.values[:, 0], model.logs(acts), strict=True):
        talk = 1 / (1 + math.exp(-PRECISION * value))
        exact = 0.6 * talk**4 * (1 - talk) ** 2 + 0.4 * (1 - talk) ** 4 * talk**2
        assert got == pytest.approx(math.log(exact), abs=1e-6)


def filtered(model: Model, acts: tuple[str, ...]) -> np.ndarray:
    """The likelihood by the filter."""
    return np.array(model.logs(acts))


def twice(model: Model, acts: tuple[str, ...]) -> np.ndarray:
    """A likelihood that counts each sighting twice."""
    return 2 * filtered(model, acts)


def as_traders(model: Model, acts: tuple[str, ...]) -> np.ndarray:
    """A likelihood that takes north for a trader."""
    talk = 1 / (1 + np.exp(-PRECISION * model.values[:, 0]))
    return np.log(np.where(np.array(acts)[:, None] == "talk", talk, 1 - talk)).sum(axis=0)


@pytest.mark.slow
@pytest.mark.parametrize(("likelihood", "fits"), [(filtered, True), (twice, False), (as_traders, False)])
def test_intervals_hold_the_parameter_as_often_as_they_say(
    likelihood: Callable[[Model, tuple[str, ...]], np.ndarray], fits: bool, model: Model
) -> None:
    """A likelihood that says too little would pass, as the prior itself is calibrated; too much, or wrong, does not."""
    rng, held = np.random.default_rng(2019), dict.fromkeys((0.5, 0.8, 0.95), 0)
    for seed in range(RECORDS):
        truth = float(rng.uniform(LOW, HIGH))
        if seed < PLAYED:
            acts = model.record(truth, seed)
        else:  # the same law in closed form, which needs no solution at every truth
            talk = 1 / (1 + math.exp(-PRECISION * truth))
            chance = talk if rng.random() < 0.6 else 1 - talk
            acts = tuple("talk" if rng.random() < chance else "wait" for _ in range(ROUNDS))
        found = weigh(("zeal",), model.values, likelihood(model, acts))
        for level in held:
            low, high = found.interval("zeal", level)
            held[level] += low <= truth <= high
    judged = [coverage(level, hits, RECORDS, false_alarm=0.001) for level, hits in held.items()]
    assert all(c.fits for c in judged) == fits, judged
