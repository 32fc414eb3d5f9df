"""One move as a table over states: what can be done there and what follows.

A table belongs to a move and to the values of everything in it that depends on the round; rounds in which
those agree share it, and so do variants. It grows by blocks of states as they are reached; a stage is a selection of
its rows, and shows nothing of what else the table holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from winset.base.diagnostics import Where
from winset.game.effects import Labels, expected
from winset.game.game import Bools, Floats, Ints, Mover, Stage
from winset.game.model import Model, problem
from winset.game.numbering import distinct


@dataclass(frozen=True, kw_only=True)
class MoverShape:
    """What does not vary over states of one side of a move."""

    player: int
    actions: tuple[str, ...]
    observables: tuple[str, ...]
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some states of a table. Lists run over movers; branch arrays are sorted by (state, joint observable).

    `landing` are ids of states (`Model.ids`); `count` (S * J,) branches of each joint observable. `reward` is without
    what the end of the game pays where a branch is `over`: that may vary from round to round, and a stage adds it, on
    types as `end_law` (B, P) has changed them by then."""

    happens: Bools
    available: list[Bools]
    signal: list[Floats | None]
    law: list[Ints]
    action_reward: Floats | None
    count: Ints
    probability: Floats
    landing: Ints
    over: Bools
    outcome: Ints
    reward: Floats
    branch_law: Ints
    end_law: Ints


class Laws:
    """Type transition matrices given numbers; the identity has none (-1)."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.matrices: list[Floats] = []
        self._index: dict[bytes, int] = {}

    def numbers(self, mats: Floats) -> Ints:
        """(n,) the numbers of (n, K, K) matrices."""
        n, k = mats.shape[0], mats.shape[1]
        unique, inverse = np.unique(mats.reshape(n, -1), axis=0, return_inverse=True)
        out = np.full(len(unique), -1, dtype=np.int64)
        for i, flat in enumerate(unique):
            mat = np.eye(self.size)
            mat[:k, :k] = flat.reshape(k, k)
            if np.array_equal(mat, np.eye(self.size)):
                continue
            mark = mat.tobytes()
            if mark not in self._index:
                self._index[mark] = len(self.matrices)
                self.matrices.append(mat)
            out[i] = self._index[mark]
        return out[inverse.reshape(-1)]

    def of(self, numbers: Ints, count: int) -> Floats:
        """(n, K, K) the matrices with these numbers, for a player with `count` types."""
        known = np.stack([*self.matrices, np.eye(self.size)])  # -1: the last
        return known[numbers, :count, :count]


class Table:
    """The rows of one move found so far; `build(states)` makes the block of new ones."""

    def __init__(
        self, model: Model, move: str, shapes: tuple[MoverShape, ...], outcomes: tuple[str, ...], where: Where
    ) -> None:
        self.model = model
        self.move = move
        self.shapes = shapes
        self.outcomes = outcomes
        self.where = where
        self.labels = Labels("")
        self.laws = Laws(max(model.counts, default=1))
        self.joint = int(np.prod([len(s.observables) for s in shapes], dtype=np.int64))
        self._ids: Ints = np.zeros(0, dtype=np.int64)
        self._row: Ints = np.zeros(0, dtype=np.int64)
        self._block: Block | None = None
        self._first: Ints = np.zeros(1, dtype=np.int64)

    @property
    def settles(self) -> bool:
        """Whether this is the end of a round, whose rows pay for the end of the game themselves."""
        return self.move == ""

    def select(self, states: Ints, build: Callable[[Ints], Block], due: Callable[[Ints], Floats]) -> Selection:
        """The rows of these states (ids, ascending), built where they are new; `due`: see `Selection`."""
        missing = np.setdiff1d(states, self._ids, assume_unique=True)
        if len(missing):
            new = build(missing)
            rows = np.concatenate([self._row, len(self._row) + np.arange(len(missing))])
            ids = np.concatenate([self._ids, missing])
            order = np.argsort(ids)
            self._ids, self._row = ids[order], rows[order]
            self._block = new if self._block is None else _joined(self._block, new)
            self._first = np.concatenate([[0], np.cumsum(self._block.count)])
        block = self._block
        assert block is not None
        rows = self._row[np.searchsorted(self._ids, states)]
        cells = (rows[:, None] * self.joint + np.arange(self.joint)).ravel()
        count = block.count[cells]
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        branches = np.repeat(self._first[cells] - first[:-1], count) + np.arange(first[-1])
        return Selection(self, states, rows, first, branches, block, due)


@dataclass(frozen=True)
class Selection:
    """Rows of a table for the states of one stage; `due` (n, P, Θ) is what an end at (n, V) codes then pays."""

    table: Table
    states: Ints
    rows: Ints
    first: Ints
    branches: Ints
    block: Block
    due: Callable[[Ints], Floats]

    @cached_property
    def landings(self) -> Ints:
        """Ids of the states that the branches reach."""
        return np.unique(self.block.landing[self.branches])

    @cached_property
    def landing(self) -> Ints:
        """Ids of the states that the branches reach while the game goes on."""
        over = self.block.over[self.branches]
        return np.unique(self.block.landing[self.branches[~over]]) if over.any() else self.landings

    def stage(self, number: int, discount: Floats, following: Ints | None, everything: Ints) -> Stage:
        """The stage of round `number`.

        Its targets are positions among the states `following`, its states and landings among `everything`, ids both.
        """
        block, table, rows, pick = self.block, self.table, self.rows, self.branches
        landing = block.landing[pick]
        target = np.full(len(pick), -1, dtype=np.int64)
        if following is not None:
            goes_on = ~block.over[pick]
            target[goes_on] = np.searchsorted(following, landing[goes_on])
        own, (branch_law, *law), laws = self._laws([block.branch_law[pick], *(law[rows] for law in block.law)])
        movers = tuple(
            Mover(
                player=shape.player,
                actions=shape.actions,
                available=block.available[j][rows],
                happens=block.happens[rows],
                observables=shape.observables,
                signal=None if signal is None else signal[rows],
                law=law[j] if own[1 + j] else None,
            )
            for j, (shape, signal) in enumerate(zip(table.shapes, block.signal, strict=True))
        )
        names, outcome = self._outcomes(block.outcome[pick])
        return Stage(
            round=number,
            move=table.move,
            states=np.searchsorted(everything, self.states),
            movers=movers,
            discount=discount,
            first=self.first,
            probability=block.probability[pick],
            target=target,
            landing=np.searchsorted(everything, landing),
            outcome=outcome,
            outcomes=names,
            reward=self._rewards(),
            action_reward=None if block.action_reward is None else block.action_reward[rows],
            laws=laws,
            branch_law=branch_law if own[0] else None,
        )

    def _rewards(self) -> Floats:
        """What the branches pay, with what the end of the game pays."""
        block, table, pick = self.block, self.table, self.branches
        model, reward = table.model, block.reward[pick]
        ends = np.flatnonzero(block.over[pick])
        if not len(ends) or table.settles:
            return reward
        places, inverse = np.unique(block.landing[pick[ends]], return_inverse=True)
        due = self.due(model.codes(places))[inverse.reshape(-1)]
        numbers = block.end_law[pick[ends]]
        mats = {i: table.laws.of(numbers[:, i], k) for i, k in enumerate(model.counts) if (numbers[:, i] >= 0).any()}
        due = np.stack([expected(due[:, p], mats, model) for p in range(due.shape[1])], axis=1)
        for shape, law in zip(table.shapes, block.law, strict=True):
            if shape.hidden and (law[self.rows] >= 0).any():
                cube = np.moveaxis(due.reshape(*due.shape[:2], *model.counts), shape.player + 2, -1)
                if np.ptp(cube, axis=-1).max(initial=0.0) > 0:
                    raise problem("K821", f"`{table.move}` may change a type in secret and end the game at once",
                                  table.where, why="what is then paid reads that type",
                                  fix="let the end come at a later move of the round")  # fmt: skip
        reward[ends] += due
        return reward

    def _outcomes(self, numbers: Ints) -> tuple[tuple[str, ...], Ints]:
        """The names met here, as they are declared, after that of no outcome; and the numbers anew."""
        names, declared = self.table.labels.names, self.table.outcomes

        def place(name: str) -> list[int]:
            return [declared.index(part) for part in name.split("+")] if name else []

        met = sorted({names[n] for n in distinct(numbers).tolist()} | {""}, key=place)
        new = np.array([met.index(name) if name in met else 0 for name in names], dtype=np.int64)
        return tuple(met), new[numbers]

    def _laws(self, used: list[Ints]) -> tuple[list[bool], list[Ints], Floats | None]:
        """Which of these arrays of laws change anything, the arrays with the laws numbered anew, and the laws."""
        own = [bool((law >= 0).any()) for law in used]
        met = sorted({n for law in used for n in distinct(law[law >= 0]).tolist()}) if any(own) else []
        if not met:
            return own, used, None
        met.sort(key=lambda n: self.table.laws.matrices[n].tolist())
        new = np.full(len(self.table.laws.matrices) + 1, -1, dtype=np.int64)  # the last stays -1
        new[met] = np.arange(len(met))
        return own, [new[law] for law in used], np.stack([self.table.laws.matrices[n] for n in met])


def _joined(a: Block, b: Block) -> Block:
    """Two blocks, one after the other."""

    def pair(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.concatenate([x, y])

    return Block(
        happens=pair(a.happens, b.happens),
        available=[pair(x, y) for x, y in zip(a.available, b.available, strict=True)],
        signal=[None if x is None or y is None else pair(x, y) for x, y in zip(a.signal, b.signal, strict=True)],
        law=[pair(x, y) for x, y in zip(a.law, b.law, strict=True)],
        action_reward=None
        if a.action_reward is None or b.action_reward is None
        else pair(a.action_reward, b.action_reward),
        count=pair(a.count, b.count),
        probability=pair(a.probability, b.probability),
        landing=pair(a.landing, b.landing),
        over=pair(a.over, b.over),
        outcome=pair(a.outcome, b.outcome),
        reward=pair(a.reward, b.reward),
        branch_law=pair(a.branch_law, b.branch_law),
        end_law=pair(a.end_law, b.end_law),
    )
