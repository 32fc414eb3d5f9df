"""Events as small automata.

An event looks at a condition at every *moment*: at the start, and after every move. At a moment the state is the
one that results, `player plays action` means at that very move, and a type is the type the player then has.
An automaton keeps what has to be remembered of the past (a few values) and says at the end whether the event
has happened. Several automata are run side by side by `winset.study.flow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from winset.game.game import Bools, Ints
from winset.language.expr import Expr

Form = Literal["eventually", "at", "always", "until"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A condition with its time form.

    Attributes:
        form: *eventually* (also for `by` and `within`), *at*, *always* or *until*.
        condition: what has to hold; with *until* what has to hold before.
        goal: with *until*, what has to come about.
        deadline: number of the last round that counts; with *at* the round meant. None: no limit.
    """

    form: Form
    condition: Expr
    goal: Expr | None = None
    deadline: int | None = None

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """The expressions that must be known at every moment."""
        return (self.condition,) if self.goal is None else (self.condition, self.goal)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What an automaton is told, at each of X edges (or nodes, at the start).

    Attributes:
        round: number of the round; at the start the one before the first.
        truth: per condition, (X, Θ) or (X, 1): whether it holds at this moment.
        table: the first condition for every combination of the `plays` atoms that it reads,
            (2**p, X, Θ) or (2**p, X, 1).
        mask: (X,) bits of the atoms that hold at this move.
        closes: (X,) True where the edge ends the round.
        over: (X,) True where the game is over.
    """

    round: int
    truth: tuple[Bools, ...]
    table: Bools
    mask: Ints
    closes: Bools
    over: Bools


class Automaton:
    """Memory of one event. Values 0 ... count - 1; `first` at the start, then `step` after every move."""

    def __init__(self, event: Event, atoms: int) -> None:
        self.event = event
        self.atoms = atoms
        self.count = {"eventually": 2, "always": 2, "until": 3, "at": 2**atoms + 2}[event.form]

    def first(self, moment: Moment) -> Ints:
        """(X, Θ) value at the start."""
        if self.event.form == "always":
            return self.step(1, moment)
        if self.event.form == "at":
            due = self.event.deadline is not None and self.event.deadline <= moment.round
            return (
                np.where(moment.truth[0], 2**self.atoms + 1, 2**self.atoms) if due else np.zeros((1, 1), dtype=np.int64)
            )
        return self.step(0, moment)

    def step(self, value: int, moment: Moment) -> Ints:
        """(X, Θ) (or broadcastable to it) next value, coming from `value`."""
        late = self.event.deadline is not None and moment.round > self.event.deadline
        stay = np.full((1, 1), value, dtype=np.int64)
        if self.event.form == "at":
            return self._step_at(value, moment)
        if late:
            return stay
        if self.event.form == "eventually":
            return stay if value == 1 else moment.truth[0].astype(np.int64)
        if self.event.form == "always":
            return stay if value == 0 else moment.truth[0].astype(np.int64)
        if value != 0:
            return stay
        before, goal = moment.truth
        return np.where(goal, 1, np.where(before, 0, 2))

    def _step_at(self, value: int, moment: Moment) -> Ints:
        limit = 2**self.atoms
        due = self.event.deadline
        if value >= limit or due is None or moment.round > due:
            return np.full((1, 1), value, dtype=np.int64)
        bits = (value | moment.mask) if moment.round == due else np.zeros_like(moment.mask)
        holds = np.take_along_axis(moment.table, bits[None, :, None], axis=0)[0]
        now = (moment.over | moment.closes) if moment.round == due else moment.over
        return np.where(now[:, None], limit + holds, bits[:, None])

    def accepts(self, value: int) -> bool:
        """Whether the event has happened, had everything ended with this value."""
        if self.event.form == "at":
            return bool(value == 2**self.atoms + 1)
        return value == 1

    def settled(self, value: int, after_round: int) -> bool:
        """Whether nothing that may still come can change the answer."""
        if self.event.form == "at":
            return bool(value >= 2**self.atoms)
        if self.event.deadline is not None and after_round >= self.event.deadline:
            return True
        return value == 0 if self.event.form == "always" else value != 0
