"""The inverse question: the smallest change of the parameters that makes a formula true.

Parameters are measured from their central values in units of their ranges, and changes by their Euclidean length. The
margin of the formula is solved for at every point looked at; draws over the ranges give a first idea of its slopes (by
least squares) and points where it is true already. From there:

1. the shortest change along the slopes inside the box of ranges, or the way to the nearest draw in which the formula
   is true, cut back to where it first turns (Brent's method);
2. few parameters: those with the greatest reach on the way to their ends, as few as make it true; then the shortest
   change of these (SLSQP, Kraft 1988, with margins of solved models); then those left out that are not needed.

Of all that was found, what moves the fewest parameters is told, the shortest of these; its values are cut to `DIGITS`
digits and solved once more as they are told. A formula may be true in several regions; what is found is the shortest
change that was found, not a proof that there is no shorter one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.base.errors import WinsetError
from winset.language.given import given_grid, given_values
from winset.language.scenario import Scenario
from winset.language.stacked import taken
from winset.study.robust.axes import Axis, axes, points, scipy_part, valued
from winset.study.robust.data import Change, Condition
from winset.study.robust.draw import Setup
from winset.study.robust.margins import LEAST, effective, thin
from winset.study.robust.robust import at_least, checked_formula
from winset.study.runs.running import Progress, carry_out, executor
from winset.study.runs.store import Store
from winset.study.solved import half

Floats = NDArray[np.float64]
FEW = 5
"""Most parameters of the condition that names few."""
STEP = 0.02
"""Step of slopes, in ranges: large beside what merging of histories does to a margin."""
NEAR = 1e-6
"""Relative precision of where on a way the formula turns."""
WAY, ALONE = 4, 8
"""Values looked at on a way for the first at which the formula is true; and on the way of one parameter."""
DIGITS = 5
"""Significant digits of the values that are told."""


def what_if_true(
    scenario: Scenario,
    formula: str,
    *,
    draws: int = 64,
    seed: int = 1,
    variant: str = "",
    values: dict[str, float] | None = None,
    parameters: Sequence[str] = (),
    grid: int | None = None,
    workers: int | None = None,
    on: str = "",
    store: Path | str | None = None,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Condition:
    """What would have to be true for a formula to hold: the smallest change of parameters that was found.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        formula: true or false, such as `P(deal by 2020-12) > 0.5`.
        draws: over the ranges, from which slopes and starting points come.
        seed: of the draws.
        variant: the variant to take as the base.
        values: central values that replace the scenario's.
        parameters: only these may change; by default all with a range.
        grid: inner belief nodes per dimension; None: about half of what the scenario asks for.
        workers, on, store, memory, progress: as of `winset.robust`.

    Raises:
        ScenarioError: a name in the formula is wrong, or it has no value at the central values.
        WinsetError: it is a number; it can be true at single values only (`=`) and is not; no parameter has a range;
            a central value lies outside its range; `draws` is less than 1; something that is needed is not installed.
    """
    at_least(draws=(draws, 1))
    central = given_values(scenario, values)
    given_grid(grid)
    tree = checked_formula(scenario, formula)
    base = taken(scenario, variant)
    there = base.answering(tree)
    found = axes(there, central, parameters)
    _inside_ranges(found)
    setup = Setup(
        scenario=there, base=base.solve, formulas=(("asked", formula),), grid=grid or half(there.settings.grid),
        memory=memory,
    )  # fmt: skip
    with executor(on, workers) as at:
        search = Search(setup=setup, axes=found, central=central, store=Store(store), at=at, progress=progress)
        return search.condition(formula, points(draws, len(found), seed), thin=thin(tree))


class Search:
    """One inverse question."""

    def __init__(
        self, *, setup: Setup, axes: Sequence[Axis], central: Mapping[str, float], store: Store, at: Any,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.setup, self.axes, self.central = setup, tuple(axes), dict(central)
        self.store, self.at, self.progress = store, at, progress
        self.job = setup.job()
        self.width = np.array([a.width for a in axes])
        self.middle = np.array([a.value for a in axes])
        self.lowest = (np.array([a.low for a in axes]) - self.middle) / self.width
        self.highest = (np.array([a.high for a in axes]) - self.middle) / self.width
        self.seen: dict[bytes, float] = {}
        self.settled: set[bytes] = set()
        self.reason = ""

    def margins(self, many: Sequence[Floats], label: str) -> list[float]:
        """The margins at changes, in units of the ranges, positive where the formula is true; minus infinity where
        there is none. Where it is true beyond numerical error is put into `settled`."""
        new = {z.tobytes(): z for z in many if z.tobytes() not in self.seen}
        tasks = {key: self.job.task({"values": self.values(z)}) for key, z in new.items()}
        done = carry_out(
            self.job, list(tasks.values()), store=self.store, at=self.at, progress=self.progress, label=label
        )
        for key, task in tasks.items():
            data = done[task.key].data
            answer = data["answers"]["asked"] if data and data["ok"] else {}
            value = answer.get("margin")
            if value is None:
                self.reason = done[task.key].error or (data or {}).get("reason", "") or answer.get("reason", "")
            holds = answer.get("holds")
            self.seen[key] = -np.inf if value is None else effective(float(value), holds)
            if holds:
                self.settled.add(key)
        return [self.seen[z.tobytes()] for z in many]

    def margin(self, z: Floats, label: str = "smallest change") -> float:
        """The margin at one change."""
        return self.margins([z], label)[0]

    def values(self, z: Floats) -> dict[str, float]:
        """Parameter values after a change; what has not moved is not named."""
        at = np.clip(self.middle + z * self.width, [a.low for a in self.axes], [a.high for a in self.axes])
        moved = {a.name: float(x) for a, x, step in zip(self.axes, at, z, strict=True) if step != 0.0}
        return {**self.central, **moved}

    def condition(self, formula: str, unit: Floats, *, thin: bool = False) -> Condition:
        """The answer; `thin` formulas, true at single values only, are not searched for."""
        here = np.zeros(len(self.axes))
        first = self.margin(here, "central values")
        if not np.isfinite(first):
            raise WinsetError(f"`{formula}` has no value at the central values: {self.reason}")
        if first > 0:
            return self._told(formula, "true already", here, here, 0, 0)
        if thin:
            raise WinsetError(
                f"`{formula}` is not true at the central values, and can be true at single values only\n"
                "    fix: Ask for a region: `X >= Y`, or `X within 0.01 of Y`."
            )
        many = list((valued(self.axes, unit) - self.middle) / self.width)
        got = self.margins(many, "draws")
        true = [z for z, m in zip(many, got, strict=True) if m > 0]
        count = sum(z.tobytes() in self.settled for z in many)
        slopes = self._slopes(many, got)
        shortest = self._shortest(slopes, true)
        few = self._few(slopes, shortest)
        if few is None and shortest is None:
            best = self._closest(slopes, many, got)
            return self._told(formula, "not found", best, here, len(many), count)
        found = [z for z in (few, shortest) if z is not None]
        few = self._rounded(min(found, key=lambda z: (np.count_nonzero(z), _length(z))))
        return self._told(formula, "found", few, min([few, *found], key=_length), len(many), count)

    def _slopes(self, many: list[Floats], got: list[float]) -> Floats:
        """Slopes of the margin: differences at the centre where there are few parameters, else over the draws."""
        d = len(self.axes)
        if d <= 6:
            steps = [self._inside(sign * STEP * np.eye(d)[i]) for i in range(d) for sign in (1, -1)]
            found = self.margins(steps, "slopes")
            out = np.zeros(d)
            for i in range(d):
                up, down, m_up, m_down = steps[2 * i][i], steps[2 * i + 1][i], found[2 * i], found[2 * i + 1]
                if up > down and np.isfinite(m_up) and np.isfinite(m_down):
                    out[i] = (m_up - m_down) / (up - down)
            if np.abs(out).max(initial=0.0) > 1e-9:
                return out
        known = [(z, m) for z, m in zip(many, got, strict=True) if np.isfinite(m)]
        if len(known) < 3:
            return np.zeros(d)
        design = np.column_stack([np.ones(len(known)), np.array([z for z, _ in known])])
        target = np.array([m for _, m in known])
        ridge = 1e-3 * len(known) * np.diag([0.0, *np.ones(d)])
        return np.asarray(np.linalg.solve(design.T @ design + ridge, design.T @ target)[1:])

    def _shortest(self, slopes: Floats, true: list[Floats]) -> Floats | None:
        """A short change of all parameters that makes it true; None where nothing that is tried does."""
        found = [self._along(slopes), *(self._cut(z) for z in _nearest(true, 3))]
        known = [z for z in found if z is not None]
        return min(known, key=_length) if known else None

    def _along(self, slopes: Floats) -> Floats | None:
        """The first change along the slopes, each parameter stopping at its own end, that makes it true.

        Of a margin that is linear this is the shortest change inside the box."""
        scale = np.abs(slopes).max(initial=0.0)
        if scale == 0.0:
            return None

        def way(t: float) -> Floats:
            return np.asarray(np.clip(t * slopes / scale, self.lowest, self.highest))

        low, high = 0.0, 0.0
        for t in (0.25, 0.5, 1.0, 2.0, 5.0, 20.0, 100.0):
            if self.margin(way(t)) > 0:
                high = t
                break
            low = t
        if not high:
            return None
        return way(self._turn(way, low, high))

    def _turn(self, way: Callable[[float], Floats], low: float, high: float) -> float:
        """Where on a way, between what is not true and what is, the formula turns; on the side on which it is true."""

        def at(t: float) -> float:
            return float(np.clip(self.margin(way(t)), -1e3, 1e3))

        root = float(scipy_part("scipy.optimize").brentq(at, low, high, xtol=NEAR * high, rtol=NEAR))
        for more in (0.0, NEAR, 10 * NEAR, 100 * NEAR):
            if low < (t := root + more * high) < high and at(t) > 0:
                return t
        return high

    def _cut(self, far: Floats) -> Floats | None:
        """The way to a change, cut back to where the formula first turns true; None where it is true nowhere on it."""
        if not np.any(far):
            return None
        steps = ALONE if np.count_nonzero(far) == 1 else WAY
        shares = [k / steps for k in range(steps + 1)]
        found = self.margins([t * far for t in shares], "smallest change")
        first = next((k for k, m in enumerate(found) if m > 0), None)
        if first is None:
            return None
        return self._turn(lambda t: t * far, shares[first - 1], shares[first]) * far

    def _few(self, slopes: Floats, shortest: Floats | None) -> Floats | None:
        """The shortest change of as few parameters as make it true."""
        ends = np.where(slopes > 0, self.highest, self.lowest)
        order = np.argsort(-np.abs(slopes * ends), kind="stable")
        if shortest is not None:  # what the nearest way leans on comes first where slopes at the centre mislead
            lean = np.argsort(-np.abs(shortest), kind="stable")
            order = np.array(list(dict.fromkeys([int(i) for pair in zip(order, lean, strict=True) for i in pair])))
        for count in range(1, min(FEW, len(self.axes)) + 1):
            starts = self._corners(order[:count], ends, shortest) if count > 1 else self._alone(order)
            turned = [z for start in starts if (z := self._cut(start)) is not None]
            if turned:
                found = [self._dropped(self._refined(z)) for z in turned]
                return min(found, key=lambda z: (np.count_nonzero(z), _length(z)))
        return None

    def _alone(self, order: Any) -> list[Floats]:
        """The parameters that lead, each alone at either end of its range."""
        out = []
        for i in order[: FEW // 2]:
            for end in (self.lowest[i], self.highest[i]):
                z = np.zeros(len(self.axes))
                z[i] = end
                out.append(z)
        return [z for z in out if np.any(z)]

    def _corners(self, which: Any, ends: Floats, shortest: Floats | None) -> list[Floats]:
        """Some parameters at their better ends, by the slopes and by the way that leads to a true draw."""
        out = [np.zeros(len(ends)) for _ in range(2)]
        out[0][which] = ends[which]
        if shortest is not None:
            out[1][which] = np.where(shortest > 0, self.highest, np.where(shortest < 0, self.lowest, 0.0))[which]
        return [z for i, z in enumerate(out) if np.any(z) and (i == 0 or not np.array_equal(z, out[0]))]

    def _refined(self, start: Floats) -> Floats:
        """The shortest change of the parameters that a change moves."""
        which = np.flatnonzero(start)
        if len(which) == 1:
            return start

        def full(part: Floats) -> Floats:
            z = np.zeros(len(start))
            z[which] = np.clip(part, self.lowest[which], self.highest[which])
            return z

        def slope(part: Floats) -> Floats:
            z = full(part)
            steps = []
            for i in which:
                step = np.zeros(len(z))
                step[i] = STEP if z[i] + STEP <= self.highest[i] else -STEP
                steps.append(z + step)
            here, *there = self.margins([z, *steps], "smallest change")
            return np.array([(m - here) / (s - z)[i] for m, s, i in zip(there, steps, which, strict=True)])

        found = scipy_part("scipy.optimize").minimize(
            lambda part: float(part @ part), start[which], jac=lambda part: 2 * part, method="SLSQP",
            bounds=list(zip(self.lowest[which], self.highest[which], strict=True)),
            constraints=[{"type": "ineq", "fun": lambda part: max(self.margin(full(part)), -1e3), "jac": slope}],
            options={"maxiter": 25, "ftol": 1e-9},
        )  # fmt: skip
        better = full(np.asarray(found.x))
        for stretch in (1.0, 1.0 + 1e-6, 1.0 + 1e-4, 1.01):  # the turn itself may lie just on the wrong side
            z = np.clip(stretch * better, self.lowest, self.highest)
            if self.margin(z) > 0 and _length(z) < _length(start):
                return self._cut(z) if stretch > 1.001 else z  # type: ignore[return-value]
        return start

    def _dropped(self, z: Floats) -> Floats:
        """Without the parameters that it does not need, the smallest moves first."""
        for i in sorted(np.flatnonzero(z).tolist(), key=lambda k: abs(z[k])):
            less = z.copy()
            less[i] = 0.0
            if np.any(less) and self.margin(less) > 0:
                again = self._cut(less)
                z = less if again is None else again
        return z

    def _closest(self, slopes: Floats, many: list[Floats], got: list[float]) -> Floats:
        """Of what was tried, the change whose margin is the greatest; each parameter at its better end among them."""
        ends = np.where(slopes > 0, self.highest, np.where(slopes < 0, self.lowest, 0.0))
        tried = [*many, ends]
        found = [*got, self.margin(ends)]
        best = tried[int(np.argmax(found))]
        order = np.argsort(-np.abs(best), kind="stable")
        kept = np.zeros(len(best))
        kept[order[:FEW]] = best[order[:FEW]]
        return kept if self.margin(kept) >= max(found) else best

    def _rounded(self, z: Floats) -> Floats:
        """A change whose values have few digits, rounded away from what they are now, where it is true too."""
        out = z.copy()
        for i in np.flatnonzero(z).tolist():
            at = self.axes[i].value + z[i] * self.width[i]
            unit = 10.0 ** (np.floor(np.log10(max(abs(at), 1e-300))) - DIGITS + 1)
            even = (np.ceil if z[i] > 0 else np.floor)(at / unit) * unit
            at = float(np.clip(float(f"{even:.{DIGITS}g}"), self.axes[i].low, self.axes[i].high))
            out[i] = (at - self.middle[i]) / self.width[i]
        return out if self.margin(out) > 0 else z

    def _inside(self, z: Floats) -> Floats:
        return np.asarray(np.clip(z, self.lowest, self.highest))

    def _told(self, formula: str, state: Any, few: Floats, shortest: Floats, count: int, true: int) -> Condition:
        return Condition(
            formula=formula, state=state, changes=self._changes(few), distance=_length(few), margin=self._plain(few),
            central=self._plain(np.zeros(len(few))), nearest=self._changes(shortest), shortest=_length(shortest),
            solutions=len(self.seen), draws=count, holding=true, grid=self.setup.grid,
        )  # fmt: skip

    def _plain(self, z: Floats) -> float:
        """The margin at a change as it is told: 0 where the formula is true while its sides are equal."""
        found = self.margin(z)
        return 0.0 if found == LEAST else found

    def _changes(self, z: Floats) -> list[Change]:
        """What a change moves, the greatest first: the very values that were solved."""
        order = [int(i) for i in np.argsort(-np.abs(z), kind="stable") if z[i] != 0]
        at = self.values(z)
        return [
            Change(parameter=self.axes[i].name, now=self.axes[i].value, at=at[self.axes[i].name],
                   share=(at[self.axes[i].name] - self.axes[i].value) / float(self.width[i]))
            for i in order
        ]  # fmt: skip


def _inside_ranges(found: Sequence[Axis]) -> None:
    """Refuses central values outside their ranges, inside which changes are sought.

    Raises:
        WinsetError: one is.
    """
    for axis in found:
        if not axis.low <= axis.value <= axis.high:
            raise WinsetError(
                f"`{axis.name}` is {axis.value:g} at the central values, outside its range of {axis.low:g} to "
                f"{axis.high:g}, inside which changes are sought\n"
                "    fix: Give it a value inside, or name the parameters that may change and leave it out."
            )


def _length(z: Floats) -> float:
    return float(np.sqrt((z**2).sum()))


def _nearest(true: list[Floats], count: int) -> list[Floats]:
    return sorted(true, key=_length)[:count]


__all__ = ["Search", "what_if_true"]
