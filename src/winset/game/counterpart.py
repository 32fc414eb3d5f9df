"""Where the states and branches of one game stand in another game of the same moves, at other numbers."""

from __future__ import annotations

import numpy as np

from winset.base.errors import ScenarioError
from winset.game.game import Floats, Game, Ints, Mover, Stage
from winset.game.model import problem


class Counterpart:
    """What stands for the states and branches of `own` in `other`.

    Both come from one scenario: players, types, variables, moves and labels of actions are the same. What can happen,
    with what probability, and what is paid may differ.

    Raises:
        ValueError: they do not.
    """

    def __init__(self, own: Game, other: Game) -> None:
        self.own, self.other = own, other
        same = [(p.name, p.types) for p in own.players] == [(p.name, p.types) for p in other.players]
        if not same or own.variables != other.variables or own.infinite != other.infinite:
            raise ValueError("the two games have other players, types or variables")
        for one, two in zip(own.stages, other.stages, strict=False):
            labels = [[(m.player, m.actions, m.observables) for m in stage.movers] for stage in (one, two)]
            if (one.round, one.move) != (two.round, two.move) or labels[0] != labels[1]:
                raise ValueError(f"the move {one.move!r} of round {one.round} differs between the two games")
        known = {tuple(row): i for i, row in enumerate(other.states.tolist())}
        self.rows: Ints = np.array([known.get(tuple(row), -1) for row in own.states.tolist()], dtype=np.int64)
        self._states: dict[int, Ints] = {}
        self._branches: dict[int, Ints] = {}

    def states(self, index: int) -> Ints:
        """(S,) the state of the other's stage for each of the own; -1: the other game does not come there."""
        if index not in self._states:
            here = self.rows[self.own.stages[index].states]
            place = np.full(len(self.other.states) + 1, -1, dtype=np.int64)
            if index < len(self.other.stages):
                rows = self.other.stages[index].states
                place[rows] = np.arange(len(rows))
            self._states[index] = place[here]
        return self._states[index]

    def branches(self, index: int) -> Ints:
        """(B,) the branch of the other's stage with the same state, observable, outcome and landing; -1: none.

        Branches told apart only by what is paid stand for one another.

        Raises:
            ScenarioError: C492 several branches are alike but for a change of type.
        """
        if index not in self._branches:
            one, two = self.own.stages[index], self.other.stages[index]
            mine, theirs = self._keys(one, self.states(index), self.rows), self._keys(two)
            order = np.argsort(theirs, kind="stable")
            ranked = theirs[order]
            first = np.searchsorted(ranked, mine)
            found = first < len(ranked)
            found[found] = ranked[first[found]] == mine[found]
            laws = two.branch_law
            if laws is not None and len(ranked) > 1:
                twice = np.flatnonzero(ranked[1:] == ranked[:-1])
                differ = (laws[order[twice]] != laws[order[twice + 1]]).any(axis=1)
                if np.isin(mine[found], ranked[twice[differ]]).any():
                    raise problem(
                        "C492", f"two draws at the move `{two.move}` of round {two.round} look alike",
                        why="they change a type differently, so it cannot be said which of them is perceived",
                        fix="give the outcomes names of their own",
                    )  # fmt: skip
            self._branches[index] = np.where(found, order[np.minimum(first, len(order) - 1)], -1)
        return self._branches[index]

    def _keys(self, stage: Stage, states: Ints | None = None, rows: Ints | None = None) -> Ints:
        """(B,) one number for each branch's state, observable, outcome and landing, as the other game numbers them."""
        J = stage.joint_observables
        spot = np.searchsorted(stage.first, np.arange(len(stage.target)), side="right") - 1
        state = spot // J if states is None else states[spot // J]
        landing = stage.landing if rows is None else rows[stage.landing]
        names = sorted({name for game in (self.own, self.other) for s in game.stages for name in s.outcomes})
        number = {name: i for i, name in enumerate(names)}
        outcome = np.array([number[name] for name in stage.outcomes], dtype=np.int64)[stage.outcome]
        key = ((state * J + spot % J) * len(names) + outcome) * len(self.other.states) + landing
        return np.where((state < 0) | (landing < 0), -1, key)


def law_of(stage: Stage, numbers: Ints, kinds: int) -> Floats:
    """(N, K, K) the changes of type with these numbers; the identity for -1."""
    if stage.laws is None:
        return np.broadcast_to(np.eye(kinds), (len(numbers), kinds, kinds))
    return np.concatenate([stage.laws, np.eye(stage.laws.shape[1])[None]])[numbers, :kinds, :kinds]


def unknown(game: Game, index: int, state: int) -> ScenarioError:
    """The true game comes where the believed one does not."""
    stage = game.stages[index]
    row = game.state(int(stage.states[state]))
    where = f"`{stage.move}` of round {stage.round}" if stage.move else f"the end of round {stage.round}"
    return problem("C492", f"at {where} the game comes to a state that the perceived variant never comes to",
                   example=row)  # fmt: skip


def check_open(
    game: Game, index: int, own: Mover, other: Mover, states: Ints, there: Ints, *, strict: bool = True
) -> None:
    """Raises where a move happens in one game only or, if `strict`, the other one offers an action more."""
    apart = own.happens[states] != other.happens[there]
    if strict:
        apart = apart | (other.available[there] & ~own.available[states]).any(axis=1) & own.happens[states]
    if not apart.any():
        return
    stage, name = game.stages[index], game.players[own.player].name
    row = game.state(int(stage.states[states[np.flatnonzero(apart)[0]]]))
    raise problem(
        "C492", f"at `{stage.move}` of round {stage.round} {name} may choose in one of the games what it may not in "
        "the other", example=row, fix="let the conditions of moves and actions hold in the same states in both games",
    )  # fmt: skip
