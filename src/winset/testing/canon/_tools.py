"""What recipes share: solving at other values and grids, thresholds by bisection, limits by refinement.

Offers that are continuous in the literature lie on grids. Three ways lead from grids to the answer: `uniform` refines
evenly and tells the observed order of convergence, `richardson` extrapolates with a stated order, `adaptive` puts the
points where the equilibrium uses them until the answer stands.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from winset.game.compile import MAX_STATES, compile_game
from winset.game.game import Game, Stage
from winset.game.grid import BeliefGrid
from winset.game.model import Model
from winset.game.shape import Labelled, shape_of
from winset.game.solution import Solution
from winset.language.expr import Number
from winset.language.scenario import Action, Scenario, Side, Value, Variable
from winset.language.shelf import read
from winset.solve.backward import solve
from winset.study.answer import ask

Floats = NDArray[np.float64]
Points = Mapping[str, Sequence[float]]
"""Values that a variable, or a parameter of an action, may take, by its name."""


@lru_cache(maxsize=64)
def shelf(name: str) -> Scenario:
    """A library scenario, read once."""
    return read(name)


def asked(name: str, formula: str, *, grid: int | None = None, **values: float) -> float:
    """The value of a formula on the principal branch of a library scenario at other parameter values.

    Names of parameters that are Python words are given as `**{"lambda": 3.0}`.

    Raises:
        ValueError: the formula has no value there.
    """
    got = ask(shelf(name), formula, values=values, grid=grid, grid_check=False, certificate=False, cache=False)
    value = got.equilibria[0]["value"] if got.equilibria else got.value
    if value is None:
        raise ValueError(f"{formula} has no value in {name}: {got.undecided}")
    return float(value)


def regrid(scenario: Scenario, points: Points) -> Scenario:
    """The scenario with other values for variables and for parameters of actions; they may be uneven.

    A variable keeps the values that it may start with, and gets those named; a parameter of an action gets those
    named. Values of an action's parameter that are assigned to a variable have to be given to both.

    Raises:
        KeyError: neither a variable nor a parameter of an action has the name.
    """
    found: set[str] = set()

    def variable(one: Variable) -> Variable:
        if one.name not in points:
            return one
        found.add(one.name)
        kept = {float(value) for value, _ in one.start}
        values: tuple[Value, ...] = tuple(sorted({*map(float, points[one.name]), *kept}))
        return replace(one, kind="numbers", values=values, start=tuple((float(v), p) for v, p in one.start))

    def action(one: Action) -> Action:
        found.update(name for name, _ in one.parameters if name in points)
        return replace(
            one, parameters=tuple((n, tuple(map(float, points[n])) if n in points else v) for n, v in one.parameters)
        )

    def side(one: Side) -> Side:
        return replace(one, actions=tuple(map(action, one.actions)))

    out = replace(
        scenario,
        state=tuple(map(variable, scenario.state)),
        round=tuple(replace(move, sides=tuple(map(side, move.sides))) for move in scenario.round),
    )
    if set(points) - found:
        raise KeyError(f"no variable and no action's parameter is called {', '.join(sorted(set(points) - found))}")
    return out


def lasting(scenario: Scenario, rounds: int | None) -> Scenario:
    """The scenario with another number of rounds, or without a last one."""
    return replace(scenario, clock=replace(scenario.clock, rounds=rounds))


def starting(scenario: Scenario, **values: Value) -> Scenario:
    """The scenario with other values of state variables at the start."""
    start = {name: ((value, Number(1.0)),) for name, value in values.items()}
    return replace(
        scenario, state=tuple(replace(v, start=start[v.name]) if v.name in start else v for v in scenario.state)
    )


class Played:
    """A scenario solved at given values and grids, with the answers that recipes read off.

    Args:
        scenario: the scenario, or its name in the library.
        values: parameter values in place of its own.
        points: other grids, see `regrid`.
        grid: inner belief nodes per uncertain dimension; None: what the scenario asks for.
        stationary, sweeps, start_values: of an infinite game, see `winset.solve`.
        max_states: most public states to accept.
    """

    def __init__(
        self, scenario: Scenario | str, values: Mapping[str, float] | None = None, *, points: Points | None = None,
        grid: int | None = None, stationary: float = 1e-12, sweeps: int = 5000, start_values: float | Floats = 0.0,
        max_states: int = MAX_STATES,
    ) -> None:  # fmt: skip
        one = shelf(scenario) if isinstance(scenario, str) else scenario
        self.scenario = regrid(one, points) if points else one
        self.game: Game = compile_game(self.scenario, values=dict(values or {}), max_states=max_states)
        settings = self.scenario.settings
        beliefs = BeliefGrid(self.game.type_counts, settings.grid if grid is None else grid, settings.span)
        self.solution: Solution = solve(
            self.game, grid=beliefs, stationary=stationary, sweeps=sweeps, start_values=start_values
        )

    def sweep(self, start_values: float | Floats) -> None:
        """Replaces the solution of an infinite game by one backward sweep from these continuation values."""
        self.solution = solve(self.game, grid=self.solution.grid, sweeps=1, start_values=start_values)

    @cached_property
    def _model(self) -> Model:
        return Model(scenario=self.scenario, values=self.game.values, dates={})

    def stage(self, move: str, round_: int = 1) -> int:
        """Index of the stage of a move; in an infinite game the round is not looked at.

        Raises:
            KeyError: there is no such stage.
        """
        for index, stage in enumerate(self.game.stages):
            if stage.move == move and (self.game.infinite or stage.round == round_):
                return index
        raise KeyError(f"no move `{move}` in round {round_}")

    def choices(self, move: str, side: int = 0) -> tuple[Labelled, ...]:
        """The actions of a move with their parameters, in the order of their numbers."""
        found = next(m for m in self.scenario.round if m.name == move)
        return shape_of(found, self._model).choices[side]

    def states(self, index: int, state: Mapping[str, Value]) -> NDArray[np.int64]:
        """The states of a stage in which some variables have these values; numbers match to 1e-15."""
        stage = self.game.stages[index]
        chosen = np.ones(len(stage.states), dtype=bool)
        for place, (name, domain) in enumerate(self.game.variables):
            if name in state:
                wanted = state[name]
                codes = [i for i, v in enumerate(domain) if _same(v, wanted)]
                chosen &= np.isin(self.game.states[stage.states, place], codes)
        return np.flatnonzero(chosen)

    def belief_node(self, beliefs: Sequence[float] | None = None) -> int:
        """The belief node at stick-breaking coordinates; with complete information the only one.

        Raises:
            ValueError: none lies there.
        """
        if self.solution.grid.dimensions == 0:
            return 0
        axis, at = self.solution.grid.axis, 0
        for one in beliefs or ():
            near = int(np.abs(axis - one).argmin())
            if abs(axis[near] - one) > 1e-12:
                raise ValueError(f"no belief node at {one}")
            at = at * len(axis) + near
        return at

    def strategy(
        self, move: str, *, round_: int = 1, side: int = 0, type_: int = 0, node: int = 0, **state: Value
    ) -> Floats:
        """(A,) probabilities of a mover's actions in the one state that fits.

        Raises:
            ValueError: none fits, or several do.
        """
        return self._gamma(move, round_, side, type_, node, state)

    def _gamma(self, move: str, round_: int, side: int, type_: int, node: int, state: Mapping[str, Value]) -> Floats:
        index = self.stage(move, round_)
        which = self._one(index, state)
        return np.asarray(self.solution.strategies[index][side][which, node, type_])

    def _one(self, index: int, state: Mapping[str, Value]) -> int:
        which = self.states(index, state)
        if len(which) != 1:
            raise ValueError(f"{len(which)} states of `{self.game.stages[index].move}` fit {dict(state)}")
        return int(which[0])

    def chance_of(
        self, move: str, action: str, *, round_: int = 1, side: int = 0, type_: int = 0, node: int = 0, **state: Value
    ) -> float:
        """Probability of an action (of all its parameter values together) in the one state that fits."""
        gamma = self._gamma(move, round_, side, type_, node, state)
        return float(sum(p for p, c in zip(gamma, self.choices(move, side), strict=True) if c.action.name == action))

    def mean(
        self, move: str, parameter: str, *, round_: int = 1, side: int = 0, type_: int = 0, node: int = 0,
        **state: Value,
    ) -> float:  # fmt: skip
        """Mean of an action's parameter under the strategy in the one state that fits."""
        rows = zip(self._gamma(move, round_, side, type_, node, state), self.choices(move, side), strict=True)
        return float(sum(p * c.parameters[parameter] for p, c in rows if p > 0))

    def value(self, player: int, move: str, *, round_: int = 1, node: int = 0, type_: int = 0, **state: Value) -> float:
        """Expected discounted payoff of a player before a move, in the one state that fits.

        Raises:
            ValueError: none fits, or several do.
        """
        index = self.stage(move, round_)
        which = self._one(index, state)
        return float(self.solution.values[index][which, node, self.game.row_start[player] + type_])

    def used(self, move: str, parameter: str, *, least: float = 0.01, **state: Value) -> list[float]:
        """Values of an action's parameter that are played with at least this probability in some state that fits."""
        found: set[float] = set()
        for index, stage in enumerate(self.game.stages):
            if stage.move == move:
                found |= self._used(index, stage, parameter, least, state)
        return sorted(found)

    def _used(self, index: int, stage: Stage, parameter: str, least: float, state: Mapping[str, Value]) -> set[float]:
        which = [s for s in self.states(index, state) if stage.movers and stage.movers[0].happens[s]]
        if not which:
            return set()
        gamma = np.asarray(self.solution.strategies[index][0])[which].max(axis=(0, 1, 2))
        played = np.flatnonzero(gamma >= least)
        rows = self.choices(stage.move)
        return {rows[a].parameters[parameter] for a in played if parameter in rows[a].parameters}


def _same(value: Value, wanted: Value) -> bool:
    if isinstance(value, str) or isinstance(wanted, str):
        return value == wanted
    return abs(float(value) - float(wanted)) <= 1e-15


def flip(test: Callable[[float], bool], low: float, high: float, *, tolerance: float = 1e-9) -> float:
    """The value at which a test that is one way at `low` and the other at `high` flips, by bisection.

    Raises:
        ValueError: it is the same at both ends.
    """
    first = test(low)
    if test(high) == first:
        raise ValueError(f"the test is {first} at {low:g} and at {high:g}")
    while high - low > tolerance:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if test(middle) == first else (low, middle)
    return 0.5 * (low + high)


def root(function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-12) -> float:
    """Where a function that differs in sign at the ends is zero, by bisection."""
    return flip(lambda x: function(x) > 0, low, high, tolerance=tolerance)


def highest(
    function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-9, points: int = 9
) -> tuple[float, float]:
    """Where a function with one top in an interval is highest, and how high, by ever finer grids."""
    while True:
        xs = np.linspace(low, high, points)
        ys = [function(float(x)) for x in xs]
        best = int(np.argmax(ys))
        if high - low <= tolerance:
            return float(xs[best]), ys[best]
        low, high = float(xs[max(best - 1, 0)]), float(xs[min(best + 1, points - 1)])


@dataclass(frozen=True, kw_only=True)
class Refined:
    """An answer on ever finer grids.

    Attributes:
        answers: by step, the coarsest first.
        order: observed order of convergence, from the last three answers; NaN where they do not tell.
        limit: the answer: extrapolated with that order for a uniform refinement, the last one for an adaptive one.
        moved: how far the last step moved it.
    """

    answers: tuple[dict[str, float], ...]
    order: dict[str, float]
    limit: dict[str, float]
    moved: float


def observed_order(values: Sequence[float], ratio: float = 2.0) -> float:
    """Order of convergence that three answers show, on grids each `ratio` times finer; NaN where they do not tell."""
    first, second = values[-2] - values[-3], values[-1] - values[-2]
    if first == 0 or second == 0 or first / second <= 0:
        return math.nan
    return math.log(first / second) / math.log(ratio)


def richardson(coarse: float, fine: float, *, order: float, ratio: float = 2.0) -> float:
    """The limit of answers whose error falls as the `order`-th power of the grid's step."""
    return fine + (fine - coarse) / (float(ratio**order) - 1.0)


def uniform(answer: Callable[[int], dict[str, float]], counts: Sequence[int]) -> Refined:
    """Answers on evenly refined grids, extrapolated with the order that they show.

    Args:
        answer: number of grid steps to answers by name.
        counts: at least three numbers of steps, each the same multiple of the one before.
    """
    found = [answer(count) for count in counts]
    ratio = counts[-1] / counts[-2]
    order, limit = {}, {}
    for name in found[-1]:
        values = [one[name] for one in found]
        order[name] = observed_order(values, ratio)
        known = math.isfinite(order[name]) and order[name] > 0
        limit[name] = richardson(*values[-2:], order=order[name], ratio=ratio) if known else values[-1]
    moved = max(abs(found[-1][name] - found[-2][name]) for name in found[-1])
    return Refined(answers=tuple(found), order=order, limit=limit, moved=moved)


class StillMovingError(ValueError):
    """A refinement that did not come to rest."""


def adaptive(
    answer: Callable[[list[float], float], tuple[dict[str, float], Iterable[float]]], coarse: Sequence[float], *,
    tolerance: float = 2e-9, shrink: float = 8.0, reach: int = 16, levels: int = 3, inner: float = 0.75,
    steps: int = 60, low: float = -math.inf, high: float = math.inf,
) -> Refined:  # fmt: skip
    """Answers on grids that get finer where the equilibrium uses them.

    Every grid holds the coarse points and, around each value that the last solution used, points whose spacing grows
    with their distance: `reach` of them to each side at the finest spacing, as many at `shrink` times that, and so on,
    in so many levels.
    The finest spacing falls by `shrink` where no value used moved far, and stays
    where they moved farther. Offsets are irrational, so that no point is met exactly by design.

    Args:
        answer: grid points, and the finest spacing among them, to answers by name and to the values that are used.
        coarse: the first grid, evenly spaced.
        tolerance: done when the finest spacing is below it and no answer moves by more in two steps running.
        shrink, reach, levels: see above.
        inner: the spacing falls where values moved by at most this share of `reach` points.
        steps: most steps.
        low, high: points outside are left out.

    Raises:
        StillMovingError: the answers still move after so many steps.
    """
    base, spacing = sorted(coarse), max(b - a for a, b in itertools.pairwise(sorted(coarse)))
    widest, points, centres = spacing, list(base), list(base)
    found: list[dict[str, float]] = []
    still, near = 0, inner * reach
    for _ in range(steps):
        got, values = answer(points, spacing)
        used = sorted(values)
        found.append(got)
        inside = all(min(abs(u - c) for c in centres) <= near * spacing for u in used)
        moved = max(abs(got[n] - found[-2][n]) for n in got) if len(found) > 1 else math.inf
        still = still + 1 if max(moved, spacing) <= tolerance else 0
        if still == 2:
            order = {name: observed_order([one[name] for one in found], shrink) for name in got}
            return Refined(answers=tuple(found), order=order, limit=got, moved=moved)
        spacing, centres = spacing / shrink if inside else spacing, used
        steps_of = [spacing * shrink**k for k in range(levels) if spacing * shrink**k < widest]
        points = _graded(base, centres, steps_of, reach, (low, high))
    raise StillMovingError(f"the answers still move by {moved:.1e} after {steps} steps")


def _graded(
    base: Sequence[float], centres: Sequence[float], spacings: Sequence[float], reach: int, limits: tuple[float, float]
) -> list[float]:
    """The coarse points, and around each centre points that lie the denser the nearer they are."""
    fine = {
        c + step * (k + 0.1 * (math.sqrt(5) - 2))
        for step in spacings
        for c in centres
        for k in range(-reach, reach + 1)
    }
    inside = {p for p in fine if limits[0] <= p <= limits[1]}
    return _apart(sorted(inside | set(base)), 0.25 * min(spacings), set(base))


def _apart(points: Sequence[float], least: float, kept: set[float]) -> list[float]:
    """The points without those that lie closer than `least` to one before, the kept ones with all of theirs."""
    out: list[float] = []
    for point in points:
        if out and point - out[-1] < least:
            if point not in kept:
                continue
            if out[-1] not in kept:
                out.pop()
        out.append(point)
    return out
