"""One stage of a game at one state and one combination of types, as a small tree of choices and draws.

The same part serves wherever a path comes to that stage, state and types; what differs from place to place is who
knows what, and what has been paid before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from winset.game.game import Floats, Game, Mover, Stage

SHORT = 0.0
"""The discount of a player that lives for one round."""


@dataclass(slots=True, kw_only=True)
class Choice:
    """A choice of mover `mover` of the stage, who is tree player `owner` (from 0), among `actions`."""

    stage: int
    state: int
    mover: int
    owner: int
    own_type: int
    actions: tuple[int, ...]
    children: list[Part] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Draw:
    """A draw by chance; `label` says of what."""

    label: str
    labels: tuple[str, ...]
    odds: tuple[float, ...]
    children: list[Part] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Exit:
    """The end of the stage: what it pays each tree player, and where it leads.

    `stage` is the next one, `target` its state or -1 at the end of the game, `types` everybody's types then; `marks`
    hold what each player has learned in private, None where that is nothing.
    """

    paid: tuple[float, ...]
    stage: int
    target: int
    types: tuple[int, ...]
    observable: int = -1
    branch: int = -1
    marks: tuple[object, ...] = ()


Part: TypeAlias = Choice | Draw | Exit


@dataclass(slots=True, kw_only=True)
class _So:
    """What has happened within the stage so far."""

    actions: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()
    types: tuple[int, ...] = ()


class Parts:
    """The parts of a game, made when they are first asked for.

    Attributes:
        game: the game.
        owner: (player, round or 0) of each tree player.
        weight: (stages, P) discount factor from the start (of its round, for one that lives for a round).
        root: the draw of the start and of types.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self.weight = _weights(game)
        self.owner = _owners(game)
        self._place = {pair: i for i, pair in enumerate(self.owner)}
        self._made: dict[tuple[int, int, tuple[int, ...]], Part] = {}
        self.root = self._start()

    def owner_of(self, player: int, stage: int) -> int | None:
        """The tree player that stands for a player in a stage; None where none does."""
        found = self._place.get((player, 0))
        return self._place.get((player, self.game.stages[stage].round)) if found is None else found

    def at(self, stage: int, state: int, types: tuple[int, ...]) -> Part:
        """The part of a stage at a state, everybody's types given."""
        key = stage, state, types
        if key not in self._made:
            self._made[key] = _StagePart(self, stage, state, types).choices(0, _So(types=types))
        return self._made[key]

    def count(self) -> int:
        """How many nodes the tree has: counted from the last stage to the first, the tree itself is not made."""
        layers: list[set[tuple[int, tuple[int, ...]]]] = [set() for _ in self.game.stages]
        layers[0] = {(e.target, e.types) for e in _exits(self.root)}
        for k, layer in enumerate(layers):
            for state, types in layer:
                for e in _exits(self.at(k, state, types)):
                    if e.target >= 0:
                        layers[e.stage].add((e.target, e.types))
        size: dict[tuple[int, tuple[int, ...]], int] = {}
        for k in range(len(layers) - 1, -1, -1):
            size = {(s, t): _size(self.at(k, s, t), size) for s, t in layers[k]}
        return _size(self.root, size)

    def _start(self) -> Part:
        game = self.game
        names = tuple(f"start {i + 1}" for i in range(len(game.start)))
        root: list[tuple[float, str, Part]] = []
        for (state, p), name in zip(game.start, names, strict=True):
            root.append((p, name, self._types(state, ())))
        return _drawn("start", root)

    def _types(self, state: int, types: tuple[int, ...]) -> Part:
        game, i = self.game, len(types)
        if i == len(game.players):
            marks = tuple(t if n > 1 else None for t, n in zip(types, game.type_counts, strict=True))
            return Exit(paid=(), stage=0, target=state, types=types, branch=state, marks=marks)
        player = game.players[i]
        drawn = [
            (float(p), name, self._types(state, (*types, t)))
            for t, (name, p) in enumerate(zip(player.types, player.prior, strict=True))
            if p > 0
        ]
        return _drawn(f"type of {player.name}", drawn)


def _weights(game: Game) -> Floats:
    """(stages, P) the product of all discounts before a stage, anew in each round for who lives for one."""
    out = np.ones((len(game.stages), len(game.players)))
    short = np.array([p.discount == SHORT for p in game.players])
    for k, (before, stage) in enumerate(pairwise(game.stages), 1):
        out[k] = out[k - 1] * before.discount
        if stage.round != before.round:
            out[k, short] = 1.0
    return out


def _owners(game: Game) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    rounds = sorted({s.round for s in game.stages})
    for i, player in enumerate(game.players):
        if player.discount != SHORT or len(rounds) == 1:
            found.append((i, 0))
            continue
        moves = {
            s.round for s in game.stages for m in s.movers if m.player == i and np.any(m.available.sum(axis=1) > 1)
        }
        found += [(i, r) for r in rounds if r in moves or r == rounds[0]]
    return tuple(found)


def _drawn(label: str, options: list[tuple[float, str, Part]]) -> Part:
    """A draw of these options; the only one itself."""
    if len(options) == 1:
        return options[0][2]
    names: dict[str, int] = {}
    labels = []
    for _, name, _ in options:
        names[name] = names.get(name, 0) + 1
        labels.append(name if names[name] == 1 else f"{name} #{names[name]}")
    return Draw(
        label=label,
        labels=tuple(labels),
        odds=tuple(p for p, _, _ in options),
        children=[part for _, _, part in options],
    )


def _exits(part: Part) -> list[Exit]:
    found, waiting = [], [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Exit):
            found.append(here)
        else:
            waiting.extend(here.children)
    return found


def _size(part: Part, behind: dict[tuple[int, tuple[int, ...]], int]) -> int:
    """Nodes of a part and of all behind it."""
    total, waiting = 0, [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Exit):
            total += behind[here.target, here.types] if here.target >= 0 else 1
        else:
            total += 1
            waiting.extend(here.children)
    return total


class _StagePart:
    """Makes one part: choices of all movers, then their signals, their changes of type, the branch, its changes."""

    def __init__(self, parts: Parts, stage: int, state: int, types: tuple[int, ...]) -> None:
        self.parts = parts
        self.game = parts.game
        self.index = stage
        self.stage: Stage = parts.game.stages[stage]
        self.state = state
        self.types = types
        self.joint = int(np.ravel_multi_index(types, self.game.type_counts)) if types else 0

    def choices(self, j: int, so: _So) -> Part:
        """From mover j's choice on."""
        if j == len(self.stage.movers):
            return self.signals(0, so)
        mover = self.stage.movers[j]
        actions = tuple(np.flatnonzero(mover.available[self.state]).tolist())
        children = [self.choices(j + 1, _So(actions=(*so.actions, a), types=so.types)) for a in actions]
        if len(actions) == 1:
            return children[0]
        owner = self.parts.owner_of(mover.player, self.index)
        assert owner is not None  # who has a choice in a round stands for itself there
        return Choice(
            stage=self.index, state=self.state, mover=j, owner=owner, own_type=self.types[mover.player],
            actions=actions, children=children,
        )  # fmt: skip

    def signals(self, j: int, so: _So) -> Part:
        """From what is seen of mover j's action on."""
        if j == len(self.stage.movers):
            return self.laws(0, so)
        mover, a = self.stage.movers[j], so.actions[j]
        if mover.signal is None:
            return self.signals(j + 1, _So(actions=so.actions, seen=(*so.seen, a), types=so.types))
        odds = mover.signal[self.state, a, self.types[mover.player]]
        options = [
            (float(p), mover.observables[o],
             self.signals(j + 1, _So(actions=so.actions, seen=(*so.seen, o), types=so.types)))
            for o, p in enumerate(odds) if p > 0
        ]  # fmt: skip
        return _drawn(f"what is seen of {self.game.players[mover.player].name}", options)

    def laws(self, j: int, so: _So) -> Part:
        """From the change of mover j's type on."""
        if j == len(self.stage.movers):
            return self.branches(so)
        mover: Mover = self.stage.movers[j]
        law = -1 if mover.law is None else int(mover.law[self.state, so.actions[j]])
        return self._turned(mover.player, law, so, lambda types: self.laws(
            j + 1, _So(actions=so.actions, seen=so.seen, types=types)))  # fmt: skip

    def branches(self, so: _So) -> Part:
        """From the branch of the joint observable on."""
        stage = self.stage
        sizes = [len(m.observables) for m in stage.movers]
        observable = int(np.ravel_multi_index(so.seen, sizes)) if sizes else 0
        cell = self.state * stage.joint_observables + observable
        options = [
            (float(stage.probability[b]), stage.outcomes[stage.outcome[b]] or f"case {b - stage.first[cell] + 1}",
             self.turns(0, b, observable, so))
            for b in range(stage.first[cell], stage.first[cell + 1]) if stage.probability[b] > 0
        ]  # fmt: skip
        return _drawn(stage.move or "settlement", options)

    def turns(self, player: int, b: int, observable: int, so: _So) -> Part:
        """From the change of a player's type by the branch on."""
        if player == len(self.game.players):
            return self.exit(b, observable, so)
        law = -1 if self.stage.branch_law is None else int(self.stage.branch_law[b, player])
        return self._turned(player, law, so, lambda types: self.turns(
            player + 1, b, observable, _So(actions=so.actions, seen=so.seen, types=types)))  # fmt: skip

    def _turned(self, player: int, law: int, so: _So, then: Callable[[tuple[int, ...]], Part]) -> Part:
        if law < 0 or self.stage.laws is None:
            return then(so.types)
        names = self.game.players[player].types
        options = []
        for t, p in enumerate(self.stage.laws[law, so.types[player], : len(names)]):
            if p > 0:
                types = (*so.types[:player], t, *so.types[player + 1 :])
                options.append((float(p), names[t], then(types)))
        return _drawn(f"type of {self.game.players[player].name}", options)

    def exit(self, b: int, observable: int, so: _So) -> Exit:
        """Where the branch leads, and what it pays."""
        stage = self.stage
        due = stage.reward[b, :, self.joint].copy()
        if stage.action_reward is not None:
            sizes = [len(m.actions) for m in stage.movers]
            c = int(np.ravel_multi_index(so.actions, sizes)) if sizes else 0
            due += stage.action_reward[self.state, c, :, self.joint]
        paid = [0.0] * len(self.parts.owner)
        for i, amount in enumerate((due * self.parts.weight[self.index]).tolist()):
            owner = self.parts.owner_of(i, self.index)
            if owner is not None:
                paid[owner] = amount
        return Exit(
            paid=tuple(paid) if any(paid) else (),
            stage=self.index + 1,
            target=int(stage.target[b]),
            types=so.types,
            observable=observable,
            branch=b,
            marks=self._marks(b, so),
        )

    def _marks(self, b: int, so: _So) -> tuple[object, ...]:
        """What each player alone knows of the stage: its hidden actions and its new type."""
        stage, marks = self.stage, []
        for i, old in enumerate(self.types):
            own = [
                a for m, a in zip(stage.movers, so.actions, strict=True)
                if m.player == i and m.signal is not None and m.available[self.state].sum() > 1
            ]  # fmt: skip
            changes = stage.branch_law is not None and stage.branch_law[b, i] >= 0
            changes |= any(
                m.player == i and m.law is not None and m.law[self.state, a] >= 0
                for m, a in zip(stage.movers, so.actions, strict=True)
            )
            marks.append((tuple(own), so.types[i] if changes else old) if own or changes else None)
        return tuple(marks)
