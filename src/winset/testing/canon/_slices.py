"""Salami tactics (03C): the demand that each holding leads to, on grids refined around two demands ahead."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winset.testing.canon._tools import Floats, Played, adaptive, shelf, starting

_COARSE = [0.013 + 0.05 * k for k in range(20)]
_LOOK = 4
"""Sweeps from war values: what fighting leaves B is what peace leaves it, so its values stand after one."""


class Slices:
    """The scenario at some parameters.

    Args:
        values: parameters of the scenario, by name.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = dict(values)

    def _played(self, held: float, points: list[float], step: float, sweeps: int) -> Played:
        scenario = starting(shelf("textbook/salami"), held=held)
        names = ("held", "demand", "share")
        given = {**self.values, "lambda": 50.0 / step}
        played = Played(scenario, given, points=dict.fromkeys(names, points), sweeps=1)
        start = self._war(played)
        for _ in range(sweeps):
            played.sweep(start)
            moved = float(np.abs(played.solution.values[0][:, 0, :] - start).max())
            start = played.solution.values[0][:, 0, :]
            if moved < 1e-11:
                break
        return played

    def _war(self, played: Played) -> Floats:
        """(S, R) what war is worth in each state that a round may start with."""
        v = self.values
        held = np.array([float(played.game.state(int(s))["held"]) for s in played.game.stages[0].states])
        power = v["alpha"] + v["beta"] * held
        rest = 1.0 - v["d"]
        return np.stack([power / rest - v["cost_a"], (1.0 - power) / rest - v["cost_b"]], axis=1)

    def ahead(self, held: float, tolerance: float = 1e-9) -> tuple[float, float]:
        """The next two demands of A, which was left with `held`."""

        def answer(points: list[float], step: float) -> tuple[dict[str, float], list[float]]:
            played = self._played(held, points, step, _LOOK)
            path = [held]
            for _ in range(3):
                path.append(self._demand(played, path[-1]))
            return {"first": path[1], "second": path[2]}, path[1:]

        found = adaptive(answer, _COARSE, tolerance=tolerance, shrink=8.0, reach=14, levels=1, low=0.0, high=1.0)
        return found.limit["first"], found.limit["second"]

    @staticmethod
    def _demand(played: Played, held: float) -> float:
        stage = played.game.stages[0]
        rest = [s for s in played.states(0, {"held": held, "war": False}) if len(stage.movers)]
        gamma = np.asarray(played.solution.strategies[0][0])[rest[0], 0, 0]
        return played.choices("demanding")[int(np.argmax(gamma))].parameters["share"]

    def value(self, held: float) -> float:
        """What A expects, swept until it stands."""
        first, second = self.ahead(held)
        step = 1e-10
        fine = [x + step * (k + 0.3) for x in (first, second) for k in range(-20, 21)]
        played = self._played(held, sorted({*_COARSE, *fine}), step, 2000)
        return float(played.solution.values[0][played.game.start[0][0], 0, 0])
