"""A game of complete information as a Markov game: its states are the states of every stage of a round.

Where a stage has fewer movers than there are players, the others have one action. Hidden actions stay hidden only in
name: with one type each, beliefs say nothing, and signals are averaged over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SizeError
from winset.game.game import Floats, Game, Ints, Stage
from winset.game.markov import MarkovGame, Rows, checked

MOST = 20_000_000
"""Numbers that payoffs may take: players, times states, times joint actions."""


@dataclass(frozen=True, kw_only=True, eq=False)
class MarkovForm:
    """A game and the Markov game that it is.

    Attributes:
        source: the game.
        game: the Markov game; its state first[k] + s is state s of stage k.
        first: for each stage its first state.
        place: for each stage and mover (S, A): which action of the Markov game an action is, -1 where there is none.
        precision: the largest λ of a player.
        weights: (P,) λ of each player as a share of that.
    """

    source: Game
    game: MarkovGame
    first: tuple[int, ...]
    place: tuple[tuple[Ints, ...], ...]
    precision: float
    weights: Floats

    def strategies(self, profile: Floats) -> tuple[tuple[Floats, ...], ...]:
        """For each stage, one (S, A) array for each mover, from a profile (P, S, A) of the Markov game."""
        out = []
        for stage, begin, places in zip(self.source.stages, self.first, self.place, strict=True):
            mine = profile[:, begin : begin + len(stage.states)]
            out.append(tuple(
                np.where(at >= 0, np.take_along_axis(mine[m.player], np.maximum(at, 0), axis=1), 0.0)
                for m, at in zip(stage.movers, places, strict=True)
            ))  # fmt: skip
        return tuple(out)

    def values(self, values: Floats) -> tuple[Floats, ...]:
        """For each stage (S, P), from values (P, S) of the Markov game."""
        return tuple(
            np.ascontiguousarray(values[:, begin : begin + len(stage.states)].T)
            for stage, begin in zip(self.source.stages, self.first, strict=True)
        )


def markov_form(game: Game) -> MarkovForm:
    """The Markov game that a game of complete information is.

    Args:
        game: with one type for each player; without end, or with one (its stages are then so many states more).

    Raises:
        ScenarioError: somebody has several types, values include the expected shock, or a precision is 0 or infinite.
        SizeError: it would have too many states and joint actions.
    """
    _refuse(game)
    first = tuple(int(x) for x in np.cumsum([0, *(len(stage.states) for stage in game.stages)]))
    size, count = first[-1], len(game.players)
    place = tuple(tuple(_places(m.available) for m in stage.movers) for stage in game.stages)
    counts = np.ones((count, size), dtype=np.int64)
    for stage, begin in zip(game.stages, first, strict=False):
        for m in stage.movers:
            counts[m.player, begin : begin + len(stage.states)] = m.available.sum(axis=1)
    widths = tuple(int(w) for w in counts.max(axis=1))
    joint = int(np.prod(widths))
    if count * size * joint > MOST:
        raise SizeError([Diagnostic(
            code="M402", message=f"{size:,} states with {joint:,} joint actions each are too many for one array",
            why=f"payoffs of {count} players would be more than {MOST:,} numbers",
            fix="solve it round by round: `winset.solve`",
        )])  # fmt: skip
    payoff, entries = np.zeros((count, size, joint)), _Entries(joint)
    labels: list[list[tuple[str, ...]]] = [[("",)] * size for _ in range(count)]
    for k, stage in enumerate(game.stages):
        after = game.next_stage(k)
        for j, m in enumerate(stage.movers):
            for s in range(len(stage.states)):
                labels[m.player][first[k] + s] = tuple(
                    name for name, at in zip(m.actions, place[k][j][s], strict=True) if at >= 0
                )
        _fill(stage, first[k], None if after is None else first[after], place[k], widths, payoff, entries)
    lam = np.array([p.precision for p in game.players])
    made = MarkovGame(
        players=tuple(p.name for p in game.players),
        states=tuple(_name(game, stage, s) for stage in game.stages for s in range(len(stage.states))),
        counts=counts,
        widths=widths,
        payoff=payoff,
        transition=entries.rows(size),
        discount=np.concatenate(
            [np.repeat(np.asarray(g.discount)[:, None], len(g.states), axis=1) for g in game.stages], axis=1
        ),
        labels=tuple(tuple(of) for of in labels),
    )
    return MarkovForm(
        source=game, game=checked(made), first=first[:-1], place=place, precision=float(lam.max()),
        weights=lam / lam.max(),
    )  # fmt: skip


def _refuse(game: Game) -> None:
    several = [p.name for p in game.players if len(p.types) > 1]
    odd = [p.name for p in game.players if not 0.0 < p.precision < np.inf]
    for wrong, message, why, fix in (
        (several, f"{', '.join(several)} may be of several types", "in a Markov game everything but actions is public",
         "solve it on a belief grid: `winset.solve`"),
        (game.shocks, "values include the expected shock", "the path of a Markov game is that of values without shocks",
         "leave `shocks: included` out, or solve it with `winset.solve`"),
        (odd, f"the precision of {', '.join(odd)} is 0 or infinite", "all precisions rise from 0 in proportion",
         "give a positive number"),
    ):  # fmt: skip
        if wrong:
            raise ScenarioError([Diagnostic(code="M401", message=message, why=why, fix=fix)])


def _places(available: np.ndarray) -> Ints:
    """(S, A) number of each action among those available, -1 where it is not."""
    return np.where(available, np.cumsum(available, axis=1) - 1, -1)


def _name(game: Game, stage: Stage, s: int) -> str:
    state = ", ".join(f"{name} = {value}" for name, value in game.state(int(stage.states[s])).items())
    return f"{stage.move or 'settlement'}{' at ' if state else ''}{state}"


class _Entries:
    """Transition probabilities as they are found."""

    def __init__(self, joint: int) -> None:
        self.joint = joint
        self.row: list[int] = []
        self.target: list[int] = []
        self.probability: list[float] = []

    def add(self, state: int, joint: int, target: int, probability: float) -> None:
        """One more."""
        self.row.append(state * self.joint + joint)
        self.target.append(target)
        self.probability.append(probability)

    def rows(self, states: int) -> Rows:
        """All of them, in order."""
        row = np.array(self.row, dtype=np.int64)
        order = np.argsort(row, kind="stable")
        begin = np.searchsorted(row[order], np.arange(states * self.joint + 1))
        return Rows(
            begin=begin.astype(np.int64),
            target=np.array(self.target, dtype=np.int64)[order],
            probability=np.array(self.probability)[order],
        )


def _fill(
    stage: Stage, begin: int, after: int | None, places: tuple[Ints, ...], widths: tuple[int, ...], payoff: Floats,
    entries: _Entries,
) -> None:  # fmt: skip
    """Adds what one stage pays and where it leads."""
    sizes = [len(m.actions) for m in stage.movers]
    seen = [len(m.observables) for m in stage.movers]
    for s in range(len(stage.states)):
        there = [np.flatnonzero(at[s] >= 0) for at in places]
        for chosen in product(*there):
            spot = [0] * len(widths)
            for m, at, a in zip(stage.movers, places, chosen, strict=True):
                spot[m.player] = int(at[s, a])
            c = int(np.ravel_multi_index(spot, widths))
            if stage.action_reward is not None:
                own = int(np.ravel_multi_index(chosen, sizes)) if chosen else 0
                payoff[:, begin + s, c] += stage.action_reward[s, own, :, 0]
            for shown, sure in _shown(stage, s, chosen):
                cell = s * stage.joint_observables + (int(np.ravel_multi_index(shown, seen)) if shown else 0)
                for b in range(stage.first[cell], stage.first[cell + 1]):
                    weight = sure * float(stage.probability[b])
                    payoff[:, begin + s, c] += weight * stage.reward[b, :, 0]
                    if stage.target[b] >= 0 and after is not None:
                        entries.add(begin + s, c, after + int(stage.target[b]), weight)


def _shown(stage: Stage, s: int, chosen: tuple[Any, ...]) -> list[tuple[tuple[int, ...], float]]:
    """What the public may see of a joint action, and how likely."""
    each = []
    for m, a in zip(stage.movers, chosen, strict=True):
        if m.signal is None:
            each.append([(int(a), 1.0)])
        else:
            each.append([(o, float(q)) for o, q in enumerate(m.signal[s, a, 0]) if q > 0.0])
    return [(tuple(o for o, _ in way), float(np.prod([q for _, q in way]))) for way in product(*each)]


__all__ = ["MarkovForm", "markov_form"]
