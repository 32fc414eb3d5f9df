"""What any solver has to pass: known values with their sources, and properties on a stated set of small games.

A solver of scenarios has the contract of `winset.solve`: a compiled game and a grid of beliefs to a `Solution`. A
solver of trees takes a `Tree` and returns a `TreeSolution`; whether it promises a Nash or a logit equilibrium is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from winset.base.errors import WinsetError
from winset.certify.extensive import TreeCertificate, certify_tree
from winset.language.shelf import read
from winset.testing.planted import Solve
from winset.testing.report import Check, Report, found, held, without
from winset.testing.scenarios import check_scenario
from winset.testing.tables import Known, published, zero_sum
from winset.tree.random_trees import random_tree
from winset.tree.tree import CHANCE, Floats, Tree

SCENARIOS = ("matching-pennies", "prisoners-dilemma", "centipede", "beer-quiche", "chain-store", "fearon-ultimatum")
"""The library scenarios that `check_solver` solves unless others are named: simultaneous and repeated moves, complete
information, signalling, reputation, an offer to an opponent of unknown strength."""
CHECKED = (
    "solves", "certificate", "deviation gains", "beliefs average to the prior", "planted: a perturbed strategy",
    "planted: a wrong posterior", "planted: a lost branch", "planted: a lost history",
)  # fmt: skip
"""The checks of `check_scenario` that are about the solver."""

TreeSolver = Callable[..., Any]
Promise = Literal["nash", "logit"]


def check_solver(
    solve: Solve, *, scenarios: Sequence[str] = SCENARIOS, grid: int = 5, tolerance: float = 1e-7
) -> Report:
    """Holds a solver of games with private information against known values and against what has to be so.

    Args:
        solve: called as `solve(game, grid=grid)`; returns a `Solution`.
        scenarios: names of library scenarios to solve.
        grid: inner belief nodes per dimension.
        tolerance: of the known values.

    Returns:
        The report: known values first, then for each scenario the checks in `CHECKED`.
    """
    name = getattr(solve, "__name__", type(solve).__name__)
    checks = [*_known_strategies(solve, tolerance)]
    for scenario in scenarios:
        report = check_scenario(read(scenario), grid=grid, solve=solve, only=CHECKED)
        checks += [replace(c, name=f"{scenario}: {c.name}") for c in report.checks]
    return Report(subject=f"solver {name}", checks=tuple(checks))


def _known_strategies(solve: Solve, tolerance: float) -> Iterator[Check]:
    from winset.game.compile import compile_game
    from winset.testing.tables import PENNIES, PENNIES_SOURCE

    for bonus, precision, up, left in PENNIES:
        name = f"known: matching pennies, bonus {bonus:g}, precision {precision:g}"
        try:
            game = compile_game(read("matching-pennies"), values={"bonus": bonus, "lambda": precision})
            solution = solve(game)
            k = next(i for i, s in enumerate(game.stages) if len(s.movers) == 2)
            got = [
                float(gamma[0, 0, 0, mover.actions.index(action)])
                for gamma, mover, action in zip(solution.strategies[k], game.stages[k].movers, ("up", "left"),
                                                strict=True)
            ]  # fmt: skip
        except WinsetError as error:
            yield found(name, False, f"it ended in an error: {error}".splitlines()[0])
            continue
        yield held(name, max(abs(got[0] - up), abs(got[1] - left)), tolerance, PENNIES_SOURCE)


def check_tree_solver(
    solve: TreeSolver,
    *,
    promises: Promise,
    zero_sum_only: bool = False,
    games: Mapping[str, Tree] | None = None,
    tolerance: float = 1e-7,
    precision: float = 1.0,
) -> Report:
    """Holds a solver of game trees against published values and against what has to be so.

    Published values of zero-sum games; the value of each solution is that of its profile; nobody gains by deviating
    (a Nash solver), or every probability is the logit response (a logit solver, called with `precision=`); the same
    answer in other units of payoffs and with the players' numbers exchanged; and a profile that is moved a little, or
    is none, is noticed.

    Args:
        solve: called as `solve(tree)`, or `solve(tree, precision=λ)` if it promises a logit equilibrium; returns what
            has a `profile` and `values`, as a `TreeSolution` has.
        promises: "nash" or "logit".
        zero_sum_only: whether it takes two-player zero-sum trees only.
        games: trees by name in place of the usual ones: the published, and random ones from seeds.
        tolerance: of values and gains, relative to the range of payoffs.
        precision: λ times the range of payoffs, of a logit solver.

    Returns:
        The report.
    """
    name = getattr(solve, "__name__", type(solve).__name__)
    under = _Trees(solve=solve, promises=promises, tolerance=tolerance, precision=precision)
    checks: list[Check] = []
    if games is None:
        games = zero_sum() if zero_sum_only else {**zero_sum(), **small_trees()}
    values = {known.game: known for known in published() if known.game in games}
    for label, tree in games.items():
        try:
            checks += under.checks(label, tree, values.get(label))
        except WinsetError as error:
            checks.append(found(label, False, f"it ended in an error: {error}".splitlines()[0]))
    return Report(subject=f"tree solver {name}", checks=tuple(checks))


def small_trees() -> dict[str, Tree]:
    """Random general-sum trees of perfect recall, from seeds."""
    return {
        f"random tree {seed}": random_tree(seed, nodes=30, players=2 + seed % 2, together=2, chance=0.1)
        for seed in range(3)
    }


def spread(tree: Tree) -> float:
    """The range of payoffs at the ends of a tree; 1 where there is none."""
    total = np.array([tree.node_payoff()[list(_back(tree, n))].sum(axis=0) for n in _ends(tree)])
    return float(max(np.ptp(total, axis=0).max(initial=0.0), 0.0)) or 1.0


def _ends(tree: Tree) -> list[int]:
    return [n for n in range(tree.nodes) if tree.player[n] < 0]


def _back(tree: Tree, node: int) -> Iterator[int]:
    while node >= 0:
        yield node
        node = int(tree.parent[node])


@dataclass(frozen=True, kw_only=True)
class _Trees:
    """A solver of trees under its battery."""

    solve: TreeSolver
    promises: Promise
    tolerance: float
    precision: float

    def solved(self, tree: Tree, scale: float) -> Any:
        return self.solve(tree, precision=self.precision / scale) if self.promises == "logit" else self.solve(tree)

    def judged(self, tree: Tree, profile: Floats, scale: float) -> TreeCertificate:
        return certify_tree(tree, profile, precision=self.precision / scale if self.promises == "logit" else None)

    def miss(self, certificate: TreeCertificate, scale: float) -> float:
        """By how much a profile is not what is promised; infinite where it is no profile."""
        if not certificate.sound:
            return math.inf
        if self.promises == "logit":
            return certificate.residual
        return float(np.nanmax(certificate.gain)) / scale

    def checks(self, label: str, tree: Tree, known: Known | None) -> Iterator[Check]:
        scale = spread(tree)
        got = self.solved(tree, scale)
        certificate = self.judged(tree, got.profile, scale)
        if known is not None and self.promises == "nash":
            yield held(f"{label}: known value", abs(got.values[0] - known.value), known.tolerance, known.source)
        apart = float(np.abs(np.asarray(got.values) - certificate.payoffs).max())
        yield held(f"{label}: values", apart / scale, self.tolerance, "the value stated is that of the profile")
        what = "logit residual" if self.promises == "logit" else "most that a player gains, of the range of payoffs"
        yield held(f"{label}: certificate", self.miss(certificate, scale), self.tolerance, what)
        least = float(np.nanmin(certificate.gain)) / scale
        yield held(f"{label}: no gain below 0", max(-least, 0.0), 1e-9, "the best answer is at least as good")
        yield self._units(label, tree, scale, got)
        yield self._exchanged(label, tree, scale, got)
        yield from self._planted(label, tree, scale, got.profile)

    def _units(self, label: str, tree: Tree, scale: float, got: Any) -> Check:
        other = replace(tree, payoff=3.0 * tree.payoff, exact_payoff=None)
        again = self.solved(other, 3.0 * scale)
        return self._same(f"{label}: units of payoffs", tree, np.asarray(got.values) * 3.0, got.profile,
                          again.values, again.profile, 3.0 * scale)  # fmt: skip

    def _exchanged(self, label: str, tree: Tree, scale: float, got: Any) -> Check:
        """Players numbered the other way round."""
        count = len(tree.players)
        turn = np.array([0, *range(count, 0, -1)])
        other = replace(
            tree, players=tree.players[::-1], payoff=tree.payoff[:, ::-1].copy(),
            player=np.where(tree.player > 0, turn[np.maximum(tree.player, 0)], tree.player).astype(tree.player.dtype),
            set_player=turn[tree.set_player].astype(tree.set_player.dtype),
            exact_payoff=None,
        )  # fmt: skip
        again = self.solved(other, scale)
        return self._same(f"{label}: players exchanged", tree, got.values, got.profile,
                          np.asarray(again.values)[::-1], again.profile, scale)  # fmt: skip

    def _same(
        self, name: str, tree: Tree, values: Any, profile: Floats, other_values: Any, other: Floats, scale: float
    ) -> Check:
        """The same profile, of a logit solver; of a Nash solver the same value in a zero-sum tree."""
        if self.promises == "logit":
            return held(name, float(np.abs(profile - other).max()), 10 * self.tolerance, "the same probabilities")
        if not constant_sum(tree):
            return without(name, "several Nash equilibria may differ in value")
        apart = float(np.abs(np.asarray(values) - np.asarray(other_values)).max()) / scale
        return held(name, apart, 10 * self.tolerance, "the same values")

    def _planted(self, label: str, tree: Tree, scale: float, profile: Floats) -> Iterator[Check]:
        name = f"{label}: planted, a perturbed strategy"
        best, of = 0.0, -1
        for h in range(tree.sets):
            span = slice(int(tree.set_first[h]), int(tree.set_first[h + 1]))
            if tree.set_player[h] == CHANCE or span.stop - span.start < 2:
                continue
            moved = profile.copy()
            high, low = span.start + int(profile[span].argmax()), span.start + int(profile[span].argmin())
            low = low if low != high else span.start + (high - span.start + 1) % (span.stop - span.start)
            moved[high] -= 0.1 * profile[high]
            moved[low] += 0.1 * profile[high]
            miss = self.miss(self.judged(tree, moved, scale), scale)
            if miss > best:
                best, of = miss, h
        if of < 0:
            yield without(name, "no change of one choice by a tenth gives anybody anything to gain")
        else:
            yield found(name, best > self.tolerance, f"at {tree.set_name(of)}: {best:.2g}")
        if tree.actions:
            loaded = profile.copy()
            loaded[0] += 0.01
            caught = not self.judged(tree, loaded, scale).sound
            yield found(f"{label}: planted, probabilities that do not sum to 1", caught, "refused as no profile")


def constant_sum(tree: Tree) -> bool:
    """Whether payoffs add up to the same at every end of a two-player tree."""
    if len(tree.players) != 2:
        return False
    paid = tree.node_payoff().sum(axis=1)
    total = np.array([paid[list(_back(tree, n))].sum() for n in _ends(tree)])
    return bool(np.ptp(total) <= 1e-9 * max(1.0, np.abs(total).max()))
