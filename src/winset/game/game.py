"""The compiled game: a scenario at given values, as arrays.

A game is a sequence of *stages*. A stage is one move at one date, or the
settlement that closes a round (no movers; pays what is due, applies discounts).
In a finite game stage k leads to stage k + 1 and the last one leads nowhere; in
an infinite game the stages are those of one round and the last leads to the first.

Within a stage, at a state s:

1. each mover j of type θ_j chooses an action a_j among those available;
2. the public sees one *observable* o_j of each mover: the action itself, or, where
   the mover has a `signal`, a draw with probability signal[s, a_j, θ_j, o_j];
3. the beliefs about each mover's type move by Bayes' rule from (γ_j, signal); types may then
   change by the mover's `law`, and the beliefs with them;
4. one *branch* of the joint observable (s, o) is drawn, publicly, with a probability that does
   not depend on any type; it pays `reward`, may change types by `branch_law`, and leads to a
   state of the next stage.

A chance move whose probabilities read one player's type is that player as a mover with the single
action `(nature)` and signals; a chance move that reads none has no movers, and its outcomes are branches.

Axis letters: S states of the stage, A actions and O observables of one mover, J joint observables
(row-major over movers in order), C joint actions (likewise), K types of one player, P players,
Θ joint types (row-major over all players in order), B branches, R value rows.
A value row is a (player, type): row(i, θ) = row_start[i] + θ. Arrays are C-contiguous float64 unless said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.language.scenario import Scenario, Value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class GamePlayer:
    """A player at given values. `discount` in [0, 1] applies between rounds; `precision` is λ, per unit of payoff."""

    name: str
    types: tuple[str, ...]
    prior: Floats
    discount: float
    precision: float


@dataclass(frozen=True, kw_only=True)
class Mover:
    """One side of a stage.

    Attributes:
        player: index of the player.
        actions: labels, length A; parameterised ones as `offer(share=0.5)`.
        available: (S, A) bool; every state has at least one. Where the move does not happen
            (its condition is false) exactly one action, whichever, is available, and it does nothing.
        happens: (S,) bool; False where the move does not happen.
        observables: labels, length O (the actions' own where nothing is hidden).
        signal: (S, A, K, O) probabilities, or None when the action itself is seen (then O = A).
        law: (S, A) index into `Stage.laws`, applied to the mover's own type after the action; -1: no change.
            None when no action changes the type.
    """

    player: int
    actions: tuple[str, ...]
    available: Bools
    happens: Bools
    observables: tuple[str, ...]
    signal: Floats | None = None
    law: Ints | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One move at one date, or the settlement of a round (`move` is then empty).

    Attributes:
        round: number of the round, from 1.
        move: name of the move, or "" for the settlement.
        states: (S,) rows of `Game.states` that can be reached here.
        movers: the sides, possibly none.
        discount: (P,) factor applied to every continuation value reached from this stage.
        first: (S*J + 1,) branches of the joint observable (s, j) are first[s*J+j] : first[s*J+j+1];
            none where the observable cannot occur in s.
        probability: (B,) of the branch, given its joint observable; they sum to 1 for each (s, j).
        target: (B,) index of the next stage's state, or -1 when the game is over.
        landing: (B,) row of `Game.states` where the branch lands (also when the game is over).
        outcome: (B,) index into `outcomes`.
        outcomes: labels of chance outcomes; outcomes[0] is "" (nothing drawn).
        reward: (B, P, Θ) paid on the branch, given everyone's types *before* any change in this stage.
        action_reward: (S, C, P, Θ) paid for the joint action itself, where some action is hidden; else None
            (then everything is in `reward`).
        laws: (L, Kmax, Kmax) type transition matrices, row = old type; unused rows and columns are the identity.
        branch_law: (B, P) index into `laws` applied to each player's type on the branch; -1: no change. None if none.
    """

    round: int
    move: str
    states: Ints
    movers: tuple[Mover, ...]
    discount: Floats
    first: Ints
    probability: Floats
    target: Ints
    landing: Ints
    outcome: Ints
    outcomes: tuple[str, ...]
    reward: Floats
    action_reward: Floats | None = None
    laws: Floats | None = None
    branch_law: Ints | None = None

    @property
    def joint_observables(self) -> int:
        """J, at least 1."""
        return math.prod(len(m.observables) for m in self.movers)

    @cached_property
    def chooses(self) -> Bools:
        """(S,) where somebody has a choice."""
        out = np.zeros(len(self.states), dtype=bool)
        for mover in self.movers:
            out |= mover.available.sum(axis=1) > 1
        return out

    @cached_property
    def observable(self) -> Ints:
        """(B,) the joint observable that each branch follows."""
        return np.repeat(np.arange(len(self.first) - 1) % self.joint_observables, np.diff(self.first))

    def branches(self, states: Ints) -> tuple[Ints, Ints]:
        """(E,) point and branch of everything that may follow on each of these states (N,)."""
        begin = self.first.take(states * self.joint_observables)
        size = self.first.take((states + 1) * self.joint_observables) - begin
        point = np.repeat(np.arange(len(states)), size)
        return point, np.arange(len(point)) + np.repeat(begin - np.cumsum(size) + size, size)

    def edges(self, states: Ints) -> tuple[Ints, Ints, Ints]:
        """(E,) point, joint observable and branch of everything that may follow on each of these states (N,)."""
        point, branch = self.branches(states)
        return point, self.observable.take(branch), branch

    @property
    def joint_actions(self) -> int:
        """C, at least 1."""
        return math.prod(len(m.actions) for m in self.movers)


@dataclass(frozen=True, kw_only=True)
class Game:
    """A whole game.

    Attributes:
        variables: (name, domain) of each public state variable, in order.
        states: (N, number of variables) index into each domain; all states reached anywhere.
        start: (state index of stages[0], probability) pairs, summing to 1.
        infinite: True when the stages repeat for ever.
        shocks: True when values include the expected EV1 shock (see `Settings.shocks`).
        dates: label of each round ("2019-10", or "1" without a calendar).
        values: the parameter values used, by name.
    """

    scenario: Scenario
    players: tuple[GamePlayer, ...]
    variables: tuple[tuple[str, tuple[Value, ...]], ...]
    states: Ints
    stages: tuple[Stage, ...]
    start: tuple[tuple[int, float], ...]
    infinite: bool
    shocks: bool
    dates: tuple[str, ...]
    values: dict[str, float] = field(default_factory=dict)
    key: str = ""
    """Content hash of scenario, variant and values; same key, same game."""

    @cached_property
    def type_counts(self) -> tuple[int, ...]:
        """Number of types of each player."""
        return tuple(len(p.types) for p in self.players)

    @cached_property
    def row_start(self) -> tuple[int, ...]:
        """First value row of each player."""
        counts = self.type_counts
        return tuple(sum(counts[:i]) for i in range(len(counts)))

    @property
    def rows(self) -> int:
        """R, the number of value rows."""
        return sum(self.type_counts)

    def state(self, row: int) -> dict[str, Value]:
        """The state with this row number, as names to values."""
        return {name: domain[self.states[row, v]] for v, (name, domain) in enumerate(self.variables)}

    def next_stage(self, index: int) -> int | None:
        """Index of the stage after this one; None after the last of a finite game."""
        if index + 1 < len(self.stages):
            return index + 1
        return 0 if self.infinite else None


@dataclass(frozen=True, kw_only=True)
class Size:
    """What solving would take: reported before, never discovered during.

    `cells` counts (stage, state, belief node) at which someone moves; `bytes` is the peak estimate."""

    states: int
    stages: int
    belief_nodes: int
    cells: int
    bytes: int
    largest: tuple[tuple[str, Any], ...] = ()
