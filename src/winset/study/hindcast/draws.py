"""Draws from what the scenario's author left uncertain."""

from __future__ import annotations

from winset.language.scenario import Scenario
from winset.learn.posterior import Floats, Prior
from winset.study.robust.axes import Axis, axes, points, valued


def uncertain(scenario: Scenario) -> tuple[Axis, ...]:
    """The uncertain parameters of the game; those that say how the record is read are left at their values."""
    wide = [
        p.name
        for p in scenario.parameters
        if (p.low is not None or p.distribution is not None) and not p.name.startswith("observed.")
    ]
    return axes(scenario, names=wide) if wide else ()


def prior_of(scenario: Scenario) -> Prior:
    """The prior over the uncertain parameters, independent of each other."""
    found = uncertain(scenario)
    return Prior(names=tuple(a.name for a in found), quantile=lambda u: valued(found, u))


def sobol(count: int, dimensions: int, seed: int) -> Floats:
    """(count, dimensions) points of the unit cube: the first of a scrambled Sobol sequence."""
    return points(count, dimensions, seed)


__all__ = ["prior_of", "sobol", "uncertain"]
