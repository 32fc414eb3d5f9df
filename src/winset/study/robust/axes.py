"""The axes of uncertainty of a scenario, and points over them: scrambled Sobol sequences (Owen 1998)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.base.errors import WinsetError
from winset.language.scenario import Parameter, Scenario

Floats = NDArray[np.float64]
LEAST = 1e-9
"""Share of a distribution inside its range below which nothing is drawn from it."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One uncertain parameter.

    Attributes:
        name: of the parameter.
        value: its central value.
        low, high: its range; of a distribution without one, its quantiles at 0.1 % and 99.9 %.
        distribution: its kind and arguments; uniform over the range where the scenario states none. What of it lies
            outside a stated range is cut off.
    """

    name: str
    value: float
    low: float
    high: float
    distribution: tuple[str, tuple[tuple[str, float], ...]]

    @property
    def width(self) -> float:
        """The unit in which changes of the parameter are measured."""
        return self.high - self.low

    def at(self, share: Floats) -> Floats:
        """The values below which these shares of the distribution lie."""
        kind = self.distribution[0]
        if kind == "uniform":
            return np.asarray(self.low + share * (self.high - self.low))
        law = _law(self.distribution)
        if self._upper(law):  # seen from above, where shares are small numbers rather than near 1
            first, last = law.sf(self.low), law.sf(self.high)
            return np.asarray(np.clip(law.isf(first - share * (first - last)), self.low, self.high))
        first, last = law.cdf(self.low), law.cdf(self.high)
        return np.asarray(np.clip(law.ppf(first + share * (last - first)), self.low, self.high))

    def share(self, value: float) -> float:
        """The share of the distribution below a value, 0 to 1."""
        if self.distribution[0] == "uniform":
            return float(np.clip((value - self.low) / self.width, 0.0, 1.0))
        law = _law(self.distribution)
        if self._upper(law):
            first, last = law.sf(self.low), law.sf(self.high)
            return float(np.clip((first - law.sf(value)) / (first - last), 0.0, 1.0))
        first, last = law.cdf(self.low), law.cdf(self.high)
        return float(np.clip((law.cdf(value) - first) / (last - first), 0.0, 1.0))

    def _upper(self, law: Any) -> bool:
        """Whether the range lies in the upper half of a distribution."""
        return bool(law.cdf(self.low) > 0.5)

    def mass(self) -> float:
        """The share of the distribution, before it is cut, that lies in the range."""
        if self.distribution[0] == "uniform":
            return 1.0
        law = _law(self.distribution)
        if self._upper(law):
            return float(law.sf(self.low) - law.sf(self.high))
        return float(law.cdf(self.high) - law.cdf(self.low))


def axes(scenario: Scenario, values: Mapping[str, float] | None = None, names: Sequence[str] = ()) -> tuple[Axis, ...]:
    """The axes of uncertainty: every parameter with a range or a distribution, in the order of the scenario.

    Args:
        values: central values that replace those of the scenario.
        names: only these; by default all.

    Raises:
        WinsetError: there are none, or a name is not among them; a distribution has next to nothing in its range.
    """
    given = dict(values or {})
    found = [axis for p in scenario.parameters if (axis := _axis(p, given.get(p.name, p.value))) is not None]
    if unknown := [n for n in names if n not in {a.name for a in found}]:
        raise WinsetError(
            f"`{unknown[0]}` is no parameter with a range or distribution; there are: "
            f"{', '.join(a.name for a in found) or 'none'}"
        )
    if not found:
        raise WinsetError(
            "no parameter has a range, so nothing is uncertain\n"
            "    fix: Give one, as `rate: {value: 0.3, range: [0.1, 0.5]}`; see the reference of the language."
        )
    kept = tuple(a for a in found if not names or a.name in names)
    for axis in kept:
        if not axis.mass() >= LEAST:
            raise WinsetError(
                f"of the distribution of `{axis.name}` a share of {axis.mass():.1g} lies in its range of {axis.low:g} "
                f"to {axis.high:g}: too little to draw from\n"
                "    fix: Move the range or the distribution, so that they meet."
            )
    return kept


def points(count: int, dimensions: int, seed: int) -> Floats:
    """(count, dimensions) points of the unit cube: the first of a scrambled Sobol sequence, so that more draws with the
    same seed begin with the same ones."""
    qmc = _scipy("scipy.stats.qmc")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*balance properties.*")
        made = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed)).random(count)
    return np.asarray(made, dtype=np.float64)


def valued(found: Sequence[Axis], unit: Floats) -> Floats:
    """(n, axes) parameter values of points of the unit cube."""
    return np.stack([axis.at(unit[:, i]) for i, axis in enumerate(found)], axis=1)


def _axis(parameter: Parameter, value: float) -> Axis | None:
    low, high, law = parameter.low, parameter.high, parameter.distribution
    if low is None or high is None:
        if law is None:
            return None
        given = dict(law[1])
        if law[0] in ("uniform", "triangular"):
            low, high = given["low"], given["high"]
        else:
            low, high = (float(q) for q in _law(law).ppf([0.001, 0.999]))
    if not low < high:
        return None
    told = law or ("uniform", (("low", low), ("high", high)))
    if told[0] == "uniform" and law is not None:
        given = dict(law[1])
        low, high = max(low, given["low"]), min(high, given["high"])
        if not low < high:
            return None
    return Axis(name=parameter.name, value=value, low=low, high=high, distribution=told)


def _law(distribution: tuple[str, tuple[tuple[str, float], ...]]) -> Any:
    """A distribution of scipy; the mean and deviation of a lognormal are those of the number, not of its logarithm."""
    stats = _scipy("scipy.stats")
    kind, given = distribution[0], dict(distribution[1])
    if kind == "normal":
        return stats.norm(given["mean"], given["sd"])
    if kind == "lognormal":
        spread = np.log1p((given["sd"] / given["mean"]) ** 2)
        return stats.lognorm(np.sqrt(spread), scale=given["mean"] * np.exp(-spread / 2))
    if kind == "triangular":
        width = given["high"] - given["low"]
        return stats.triang((given["mode"] - given["low"]) / width, loc=given["low"], scale=width)
    if kind == "beta":
        return stats.beta(given["a"], given["b"])
    return stats.uniform(given["low"], given["high"] - given["low"])


def _scipy(module: str) -> Any:
    """A module of scipy, which is only loaded here and where roots and minima are sought.

    Raises:
        WinsetError: it is not installed.
    """
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise WinsetError(
            "scipy, which makes draws and finds roots, is not installed\n"
            '    fix: Install it with `pip install "winset[robust]"`.'
        ) from error


scipy_part = _scipy

__all__ = ["Axis", "axes", "points", "scipy_part", "valued"]
