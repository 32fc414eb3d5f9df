"""Salami tactics (03C): the demand that each holding leads to, on grids refined around two demands ahead.

The game is solved with so many periods still to come and war after them. B is held to what war would leave it, so that
a demand does not depend on their number, which `value` checks; what A expects does, by the discount factor for each.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winset.testing.canon._tools import Floats, Played, adaptive, shelf, starting

_COARSE = [0.013 + 0.05 * k for k in range(20)]


class Slices:
    """The scenario at some parameters.

    Args:
        values: parameters of the scenario, by name.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = dict(values)

    def _played(self, held: float, points: list[float], step: float) -> Played:
        """With one period still to come."""
        scenario = starting(shelf("textbook/salami"), held=held)
        names = ("held", "demand", "share")
        given = {**self.values, "lambda": 50.0 / step}
        played = Played(scenario, given, points=dict.fromkeys(names, points), sweeps=1)
        played.sweep(self._war(played))
        return played

    def _war(self, played: Played) -> Floats:
        """(S, R) what war is worth in each state that a round may start with."""
        v = self.values
        held = np.array([float(played.game.state(int(s))["held"]) for s in played.game.stages[0].states])
        power = v["alpha"] + v["beta"] * held
        rest = 1.0 - v["d"]
        return np.stack([power / rest - v["cost_a"], (1.0 - power) / rest - v["cost_b"]], axis=1)

    def ahead(self, held: float, tolerance: float = 8e-9) -> tuple[float, float]:
        """The next two demands of A, which was left with `held`."""

        def answer(points: list[float], step: float) -> tuple[dict[str, float], tuple[float, ...]]:
            played = self._played(held, points, step)
            first = self._demand(played, held)
            second = self._demand(played, first)
            return {"first": first, "second": second}, (first, second)

        found = adaptive(answer, _COARSE, tolerance=tolerance, shrink=8.0, reach=12, levels=1, low=0.0, high=1.0)
        return found.limit["first"], found.limit["second"]

    @staticmethod
    def _demand(played: Played, held: float) -> float:
        stage = played.game.stages[0]
        rest = [s for s in played.states(0, {"held": held, "war": False}) if len(stage.movers)]
        gamma = np.asarray(played.solution.strategies[0][0])[rest[0], 0, 0]
        return played.choices("demanding")[int(np.argmax(gamma))].parameters["share"]

    def value(self, held: float) -> float:
        """What A expects in peace for ever: carried on from one, two and three periods to come.

        Raises:
            ValueError: the first demand depends on how many periods are to come.
        """
        first, second = self.ahead(held, tolerance=1e-11)
        third = self.ahead(second, tolerance=1e-11)[0]
        step = 2.5e-12
        fine = [x + step * (k + 0.3) for x in (first, second, third) for k in range(-12, 13)]
        played = self._played(held, sorted({*_COARSE, *fine}), step)
        found: list[float] = []
        for periods in (1, 2, 3):
            if found:
                played.sweep(played.solution.values[0][:, 0, :])
            if abs(self._demand(played, held) - first) > 16 * step:
                raise ValueError(f"with {periods} periods to come the demand is {self._demand(played, held)}")
            found.append(float(played.solution.values[0][played.game.start[0][0], 0, 0]))
        earlier, later = found[1] - found[0], found[2] - found[1]
        return found[2] + later * later / (earlier - later)
