"""The measured quality of a solution, by code that the solver does not share.

`certify` recomputes every cell of the grid from the stored strategies and values: by the definition of the game
(`kernel`), with its own interpolant (`interpolant`), and with deviators' values carried backwards (`sweep`).
The figures, each with its unit and place:

- `stage_residual`: largest |γ - softmax(λQ(γ))|; with the share of cells within tolerance, how they were solved
  and how many paths folded.
- `value_residual`: largest |V - V recomputed from γ|.
- `one_shot_gain`, `full_gain`: what a type gains by deviating once, or by an optimal strategy for the rest of the
  game, while beliefs go on moving by the profile's Bayes rule. Interim (at a cell, knowing the type) and ex ante (at
  the start; a single deviation is then taken at the best moment). Against a logit profile both are > 0 by design;
  beside them stands what the errors explain: ln|A|/λ at a move, and its discounted sum over the player's moves to come.
- `grid_error`: how far headline answers move on another grid. They are read from the histories, at whose beliefs each
  stage is solved anew, so that only the values to come are interpolated between nodes; `path_error` is what that does:
  the largest difference between a player's value at the start and its payoffs added up along the histories.
- `mass_lost`: probability dropped by pruning or merging; and whether histories follow from one another by Bayes' rule
  (`bayes_residual`), and how different the beliefs are that were put together in one (`belief_spread`).
- `chance_residual`: largest |1 - sum of branch or signal probabilities| in the game's own arrays.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from winset.base.card import Card, Shown, Table
from winset.certify.figures import Figure, Gain, GridError, Headline, Place, grid_error
from winset.certify.histories import follow_layers, paid_along
from winset.certify.steps import Stepped, step_by_step
from winset.certify.sweep import Histories, Points, Swept, sweep
from winset.game.game import Floats, Game
from winset.game.solution import DIRECT, FAILED, FORCED, TRACED, UNIQUE, Solution

HOW = {FORCED: "forced", DIRECT: "direct", UNIQUE: "unique", TRACED: "traced", FAILED: "failed"}


class Reach(Protocol):
    """Layers of public histories, and the probability dropped on the way."""

    @property
    def layers(self) -> Sequence[Histories]: ...  # noqa: D102

    @property
    def mass_lost(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Tolerances:
    """What the verdict asks for.

    Attributes:
        residual: a cell counts as solved up to this.
        solved_share: share of cells that must be.
        value: largest inconsistency of values with strategies, in payoff units, over solved cells.
        beyond_logit: most that a gain may exceed the logit bound.
        grid_error, mass_lost: probability.
        spread: largest probability times variance of the beliefs put together in one history.
        exact: for sums that hold exactly but for rounding.
    """

    residual: float = 1e-8
    solved_share: float = 0.9999
    value: float = 1e-6
    beyond_logit: float = 1e-6
    grid_error: float = 0.005
    mass_lost: float = 0.001
    spread: float = 0.001
    exact: float = 1e-9


@dataclass(frozen=True, kw_only=True, repr=False)
class Certificate(Shown):
    """See the module's text. Gains are per player; `cells` counts cells with a choice or a value to check."""

    stage_residual: Figure
    cells: int
    missed: int
    how: Mapping[str, int]
    folds: int
    folded_at: Place | None
    value_residual: Figure
    one_shot_gain: tuple[Gain, ...]
    full_gain: tuple[Gain, ...]
    beyond_logit: Figure
    visited_residual: Figure | None
    grid_error: GridError | None
    path_error: Figure | None
    mass_lost: Figure | None
    bayes_residual: Figure | None
    belief_spread: Figure | None
    chance_residual: Figure
    tolerances: Tolerances
    passes_made: int
    remainder: float
    seconds: float

    def moved_by(self, headlines: Mapping[str, Headline]) -> Certificate:
        """The certificate with `grid_error` taken from these answers at several resolutions."""
        return replace(self, grid_error=grid_error(headlines, limit=self.tolerances.grid_error))

    @property
    def solved_share(self) -> float:
        """Share of cells whose residual is within tolerance."""
        return 1.0 - self.missed / self.cells if self.cells else 1.0

    @property
    def failures(self) -> tuple[str, ...]:
        """The names of the figures beyond their limits."""
        out = [] if self.solved_share >= self.tolerances.solved_share else ["stage_residual"]
        for figure in (
            self.value_residual,
            self.beyond_logit,
            self.visited_residual,
            self.mass_lost,
            self.bayes_residual,
            self.belief_spread,
            self.chance_residual,
        ):
            if figure is not None and not figure.passes:
                out.append(figure.name)
        if self.grid_error is not None and not self.grid_error.passes:
            out.append("grid_error")
        return tuple(out)

    @property
    def verdict(self) -> str:
        """`holds`, `fails`, or `cannot tell` when nothing fails but a figure was not measured."""
        if self.failures:
            return "fails"
        return "holds" if self.grid_error is not None and self.mass_lost is not None else "cannot tell"

    def lines(self) -> list[str]:
        """The certificate as text, one figure a line."""
        worst = max(self.one_shot_gain, key=lambda g: g.interim)
        full = max(self.full_gain, key=lambda g: g.interim)
        out = [
            f"verdict: {self.verdict}" + (f" ({', '.join(self.failures)})" if self.failures else ""),
            f"stage_residual {self.stage_residual.value:.2e}: largest miss of the fixed point; "
            f"{self.missed} of {self.cells} cells beyond {self.tolerances.residual:g}",
            f"value_residual {self.value_residual.value:.2e}: largest difference between stored and recomputed values",
            f"one_shot_gain {worst.interim:.3g} ({worst.player}; logit bound {worst.interim_bound:.3g}), "
            f"ex ante {max(g.ex_ante for g in self.one_shot_gain):.3g}: most a type gains by deviating once",
            f"full_gain {full.interim:.3g} ({full.player}; logit bound {full.interim_bound:.3g}), "
            f"ex ante {max(g.ex_ante for g in self.full_gain):.3g}: most by an optimal strategy for the rest",
        ]
        if self.grid_error is None:
            out.append("grid_error not measured")
        else:
            out.append(f"grid_error {self.grid_error.largest:.2e} ({self.grid_error.name}): movement of a headline")
        if self.path_error is not None:
            out.append(f"path_error {self.path_error.value:.2e}: {self.path_error.means}")
        if self.mass_lost is None:
            out.append("mass_lost not measured")
        else:
            out.append(f"mass_lost {self.mass_lost.value:.2e}: probability dropped on the way")
        if self.remainder:
            out.append(f"remainder {self.remainder:.2e}: what further passes over the infinite game could add")
        return out

    def card(self) -> Card:
        """What it shows of itself: the verdict, and every figure with its limit and meaning."""
        missed = f"; {self.missed:,} of {self.cells:,} cells beyond it" if self.missed else ""
        measured = (
            self.stage_residual, self.value_residual, self.beyond_logit, self.visited_residual, self.path_error,
            self.mass_lost, self.bayes_residual, self.belief_spread, self.chance_residual,
        )  # fmt: skip
        figures = [
            (f.name, f"{f.value:.2g}", "" if f.limit is None else f"{f.limit:g}",
             f.means + (missed if f is self.stage_residual else ""))
            for f in measured if f is not None
        ]  # fmt: skip
        if self.grid_error is not None:
            moved = f"movement of a headline ({self.grid_error.name})"
            figures.append(("grid_error", f"{self.grid_error.largest:.2g}", f"{self.tolerances.grid_error:g}", moved))
        gains = [
            (gain.player, label, f"{gain.interim:.2g}", f"{gain.interim_bound:.2g}", f"{gain.ex_ante:.2g}")
            for label, both in (("one_shot_gain", self.one_shot_gain), ("full_gain", self.full_gain))
            for gain in both
        ]
        unknown = [name for name in ("grid_error", "mass_lost") if getattr(self, name) is None]
        return Card(
            title=f"Certificate: {self.verdict}" + (f" ({', '.join(self.failures)})" if self.failures else ""),
            tables=(
                Table(heading="Figures", columns=("", "value", "limit", "what it tests"), rows=tuple(figures)),
                Table(
                    heading="Gains, in units of each player's payoff",
                    columns=("", "deviating", "most a type gains", "what errors explain", "ex ante"),
                    rows=tuple(gains),
                ),
            ),
            notes=(f"not measured: {', '.join(unknown)}",) if unknown else (),
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        figures = {
            name: figure.as_dict() if figure is not None else None
            for name in (
                "stage_residual",
                "value_residual",
                "beyond_logit",
                "visited_residual",
                "path_error",
                "mass_lost",
                "bayes_residual",
                "belief_spread",
                "chance_residual",
            )
            for figure in [getattr(self, name)]
        }
        return {
            "verdict": self.verdict,
            "failures": list(self.failures),
            **figures,
            "cells": self.cells,
            "missed": self.missed,
            "solved_share": self.solved_share,
            "how": dict(self.how),
            "folds": self.folds,
            "folded_at": self.folded_at.as_dict() if self.folded_at else None,
            "one_shot_gain": [g.as_dict() for g in self.one_shot_gain],
            "full_gain": [g.as_dict() for g in self.full_gain],
            "grid_error": self.grid_error.as_dict() if self.grid_error else None,
            "passes_made": self.passes_made,
            "remainder": self.remainder,
            "seconds": self.seconds,
        }


def certify(
    solution: Solution,
    *,
    reach: Reach | None = None,
    headlines: Mapping[str, Headline] | None = None,
    mass_lost: float | None = None,
    tolerances: Tolerances | None = None,
) -> Certificate:
    """Measures the quality of a solution.

    Args:
        solution: with values and strategies at every cell.
        reach: the histories from the start; interim gains are then taken where the profile leads.
        headlines: answers at several resolutions, for `grid_error`.
        mass_lost: probability dropped, where no `reach` is given.
        tolerances: for the verdict.
    """
    began, limits = time.perf_counter(), tolerances or Tolerances()
    layers = [] if reach is None else list(reach.layers)
    swept = sweep(solution, layers=layers, residual=limits.residual)
    game = solution.game
    lost = mass_lost if reach is None else reach.mass_lost
    residual, where = _largest(game, swept.grid, "residual")
    value, value_where = _largest(game, swept.grid, "value_residual")
    stepped = step_by_step(game, layers)
    one, full = (_gains(game, swept, layers=bool(layers), full=f) for f in (False, True))
    return Certificate(
        stage_residual=Figure(
            name="stage_residual",
            value=residual,
            unit="probability",
            means="largest |γ - softmax(λQ(γ))| over all cells of the grid",
            limit=limits.residual,
            where=where,
        ),
        cells=sum(p.cells for p in swept.grid),
        missed=sum(p.missed for p in swept.grid),
        how={name: int(sum(np.sum(h == code) for h in solution.how)) for code, name in HOW.items()},
        folds=int(sum(np.sum(f > 0) for f in solution.folds)),
        folded_at=_most_folded(solution),
        value_residual=Figure(
            name="value_residual",
            value=value,
            unit="payoff",
            means="largest |V - V recomputed from γ| over the solved cells",
            limit=limits.value,
            where=value_where,
        ),
        one_shot_gain=one,
        full_gain=full,
        beyond_logit=_excess(game, swept, limits, full),
        visited_residual=_visited(game, swept, limits),
        grid_error=grid_error(headlines or {}, limit=limits.grid_error),
        path_error=None if game.infinite or not layers else _path(solution, layers),
        mass_lost=None if lost is None else _mass(lost, limits),
        bayes_residual=None if reach is None else _bayes(game, layers, stepped, lost or 0.0, limits),
        belief_spread=None if stepped is None else _spread(stepped, limits),
        chance_residual=_chance(game, limits),
        tolerances=limits,
        passes_made=swept.passes,
        remainder=swept.remainder,
        seconds=time.perf_counter() - began,
    )


def _largest(game: Game, points: Sequence[Points], name: str) -> tuple[float, Place | None]:
    best, where = 0.0, None
    for p in points:
        array = getattr(p, name)
        n = int(np.argmax(np.where(np.isnan(array), np.inf, array))) if array.size else 0
        if array.size and not array[n] <= best:
            best, where = float(array[n]), _place(game, p, n)
    return best, where


def _place(game: Game, points: Points, n: int, row: int | None = None) -> Place:
    return _placed(game, points.stage, int(points.states[n]), points.beliefs[n], row)


def _placed(game: Game, index: int, at: int, belief: Floats, row: int | None = None) -> Place:
    """A state of a stage and a belief, in words; `row`: of the type meant."""
    stage = game.stages[index]
    named, player, kind = {}, "", ""
    for p, start in zip(game.players, game.row_start, strict=True):
        named[p.name] = {t: float(belief[start + k]) for k, t in enumerate(p.types)}
        if row is not None and start <= row < start + len(p.types):
            player, kind = p.name, p.types[row - start]
    date = game.dates[stage.round - 1] if stage.round <= len(game.dates) else str(stage.round)
    state = game.state(int(stage.states[at]))
    return Place(date=date, move=stage.move, state=state, belief=named, player=player, type=kind)


def _gains(game: Game, swept: Swept, *, layers: bool, full: bool) -> tuple[Gain, ...]:
    out = []
    for i, player in enumerate(game.players):
        rows = slice(game.row_start[i], game.row_start[i] + len(player.types))
        most, bound, where = 0.0, 0.0, None
        for p in swept.visited if layers else swept.grid:
            gains = (p.full if full else p.one_shot)[:, rows]
            if not gains.size:
                continue
            n, k = np.unravel_index(int(np.argmax(gains)), gains.shape)
            if gains[n, k] > most:
                most, where = float(gains[n, k]), _place(game, p, int(n), rows.start + int(k))
                bound = float((p.bound_full if full else p.bound_one_shot)[p.states[n], i])
        out.append(
            Gain(
                player=player.name,
                interim=most,
                interim_bound=bound,
                where=where,
                ex_ante=float((swept.start_full if full else swept.start_once)[i]),
                ex_ante_bound=float(swept.start_bound[i]),
                visited=layers,
            )
        )
    return tuple(out)


def _excess(game: Game, swept: Swept, limits: Tolerances, full: Sequence[Gain]) -> Figure:
    """Largest excess of a one-shot gain over the entropy bound at solved cells, and of ex ante full gains."""
    best, where = max((g.ex_ante - g.ex_ante_bound for g in full), default=-np.inf), None
    for p in (*swept.grid, *swept.visited):
        n = int(np.argmax(p.excess)) if p.excess.size else 0
        if p.excess.size and p.excess[n] > best:
            best, where = float(p.excess[n]), _place(game, p, n)
    return Figure(
        name="beyond_logit",
        value=max(float(best), 0.0),
        unit="payoff",
        means="largest gain beyond what the logit errors explain",
        limit=limits.beyond_logit,
        where=where,
    )


def _most_folded(solution: Solution) -> Place | None:
    best, where = 0, None
    beliefs = solution.grid.beliefs(solution.grid.points())
    for k, folds in enumerate(solution.folds):
        if folds.size and int(folds.max()) > best:
            state, node = np.unravel_index(int(np.argmax(folds)), folds.shape)
            best, where = int(folds.max()), _placed(solution.game, k, int(state), beliefs[node])
    return where


def _visited(game: Game, swept: Swept, limits: Tolerances) -> Figure | None:
    if not swept.visited:
        return None
    value, where = _largest(game, swept.visited, "residual")
    return Figure(
        name="visited_residual",
        value=value,
        unit="probability",
        means="largest |γ - softmax(λQ(γ))| at the beliefs that the histories visit, off the grid",
        limit=max(limits.residual, 1e-6),
        where=where,
    )


def _mass(lost: float, limits: Tolerances) -> Figure:
    return Figure(
        name="mass_lost",
        value=float(abs(lost)),
        unit="probability",
        means="probability dropped by pruning",
        limit=limits.mass_lost,
    )


def _path(solution: Solution, layers: Sequence[Histories]) -> Figure:
    """What interpolation between nodes, and merging of histories, does to the players' values at the start."""
    game = solution.game
    states, chance = np.array([s for s, _ in game.start]), np.array([p for _, p in game.start])
    prior = np.concatenate([p.prior for p in game.players])
    values = chance @ solution.respond(0, states, np.tile(prior, (states.size, 1))).values * prior
    return Figure(
        name="path_error",
        value=float(np.abs(np.add.reduceat(values, game.row_start) - paid_along(game, layers)).max()),
        unit="payoff",
        means="largest difference of a player's value at the start from its payoffs added up along the histories",
    )


def _bayes(game: Game, layers: Sequence[Histories], stepped: Stepped | None, lost: float, limits: Tolerances) -> Figure:
    """Histories against Bayes' rule; probability that is owned to be lost is not held against them."""
    found = follow_layers(game, layers)
    apart = max(found.mass_moved, found.belief_moved, 0.0 if stepped is None else stepped.moved)
    return Figure(
        name="bayes_residual",
        value=max(apart, abs(found.mass_missing) - lost) - lost,
        unit="probability",
        means="how far a layer of histories is from what follows from the one before, beyond the mass said to be lost",
        limit=limits.exact,
    )


def _spread(stepped: Stepped, limits: Tolerances) -> Figure:
    return Figure(
        name="belief_spread",
        value=stepped.spread,
        unit="probability times squared probability",
        means="largest probability times variance of the beliefs put together in one history",
        limit=limits.spread,
    )


def _chance(game: Game, limits: Tolerances) -> Figure:
    worst = abs(1.0 - sum(p for _, p in game.start))
    for stage in game.stages:
        sizes = np.diff(stage.first)
        sums = np.add.reduceat(np.append(stage.probability, 0.0), np.minimum(stage.first[:-1], len(stage.probability)))
        worst = max(worst, float(np.abs(sums - 1)[sizes > 0].max(initial=0.0)))
        for m in stage.movers:
            if m.signal is not None:
                worst = max(worst, _signal_miss(m.signal, m.available))
    return Figure(
        name="chance_residual",
        value=worst,
        unit="probability",
        means="largest |1 - sum of the probabilities| of a draw in the compiled game",
        limit=limits.exact,
    )


def _signal_miss(signal: Floats, available: np.ndarray) -> float:
    miss = np.abs(signal.sum(axis=3) - 1).max(axis=2)
    return float(np.where(available, miss, 0.0).max(initial=0.0))
