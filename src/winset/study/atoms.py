"""Choices inside events: which edges of a layer a `plays` atom is true on, and truth tables of conditions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.shape import NATURE
from winset.language.expr import Expr, IsType, Name, Plays
from winset.study.conditions import Scope, columns, evaluate, joint_types, substituted

_LABEL = re.compile(r"^(?P<name>[^(]+)\((?P<inside>.*)\)$")


@lru_cache(maxsize=4096)
def label_parts(label: str) -> tuple[str, tuple[tuple[str, float], ...]]:
    """`offer(share=0.5, relief=1)` as its name and its parameters."""
    found = _LABEL.match(label)
    if not found:
        return label, ()
    pairs = [part.split("=") for part in found["inside"].split(",")]
    return found["name"], tuple((key.strip(), float(value)) for key, value in pairs)


def matches(atom: Plays, label: str, numbers: dict[str, float]) -> bool:
    """Whether a label of an action, a signal or an outcome is what the atom names."""
    name, parameters = label_parts(label)
    if label != atom.action and name != atom.action:
        return False
    if atom.given is None:
        return True
    scope = Scope(
        columns=dict(parameters), numbers=numbers, definitions={}, types={}, plays={}, round_of=lambda text: 0
    )
    return bool(np.all(evaluate(atom.given, scope)))


class Language:
    """What the conditions of one game may read, and their truth tables. Made once a game, used by every event."""

    def __init__(self, game: Game, round_of: Callable[[str], int]) -> None:
        self.game = game
        self.columns = columns(game)
        self.types = joint_types(game)
        self.round_of = round_of
        self.definitions = {d.name: d.value for d in game.scenario.definitions}
        dates = {name: float(round_of(day.isoformat())) for name, day in game.scenario.clock.dates}
        rounds = {} if game.scenario.clock.rounds is None else {"rounds": float(game.scenario.clock.rounds)}
        self.numbers = {**game.values, **dates, **rounds}
        self._may: dict[Any, bool] = {}

    def scope(self, now: int | None, plays: dict[Plays, bool]) -> Scope:
        """Names as they are understood in round `now`, with these choices made."""
        numbers = self.numbers if now is None else {**self.numbers, "now": float(now)}
        return Scope(
            columns=self.columns, numbers=numbers, definitions=self.definitions, types=self.types,
            plays=dict(plays), round_of=self.round_of,
        )  # fmt: skip

    def table(self, condition: Expr, atoms: tuple[Plays, ...], now: int) -> Bools:
        """(2**p, N, Θ or 1) truth of a condition on every state, for every combination of its atoms."""
        out = []
        for bits in product((False, True), repeat=len(atoms)):
            held = dict(zip(atoms, reversed(bits), strict=True))
            value = np.asarray(evaluate(condition, self.scope(now, held)), dtype=bool)
            wide = value.shape[1] if value.ndim == 2 else 1
            out.append(np.broadcast_to(value, (len(self.game.states), wide)))
        return np.stack(out)

    def atoms(self, condition: Expr) -> tuple[Plays, ...]:
        """The `plays` atoms that a condition reads, through definitions too."""
        return tuple(dict.fromkeys(n for n in substituted(condition, self.definitions) if isinstance(n, Plays)))

    def reads_now(self, condition: Expr) -> bool:
        """Whether the condition reads the number of the round."""
        return any(isinstance(n, Name) and n.name == "now" for n in substituted(condition, self.definitions))

    def is_private(self, condition: Expr) -> bool:
        """Whether the condition reads what the public does not see: a type, or a hidden action."""
        if any(isinstance(n, IsType) for n in substituted(condition, self.definitions)):
            return True
        for atom in self.atoms(condition):
            for stage in self.game.stages:
                for side in stage.movers:
                    hidden = side.signal is not None and self.game.players[side.player].name == atom.player
                    if hidden and any(matches(atom, label, self.numbers) for label in side.actions):
                        return True
        return False

    def holds(self, atom: Plays, stage: Stage, acts: tuple[Ints, ...], seen: tuple[Ints, ...], state: Ints,
              branch: Ints) -> Bools:  # fmt: skip
        """(X,) whether an atom is true on edges, given each mover's action and observable, the state and the branch."""
        hit = np.zeros(len(branch), dtype=bool)
        for side, act, sign in zip(stage.movers, acts, seen, strict=True):
            natural = side.actions == (NATURE,)
            if atom.player == "chance" or self.game.players[side.player].name == atom.player:
                named = self._named(atom, side.actions)
                # of a hidden move, `act` is the action only where a condition reads one of them; see `is_private`
                if not natural and atom.player != "chance" and named.any():
                    hit |= named[act] & side.happens[state]
                if side.signal is not None and (natural == (atom.player == "chance")):
                    hit |= self._named(atom, side.observables)[sign] & side.happens[state]
        if atom.player == "chance":
            hit |= self._named(atom, stage.outcomes)[stage.outcome[branch]]
        return hit

    def may_hold(self, atom: Plays, stage: Stage) -> bool:
        """Whether anything that can be done, seen or drawn at a stage bears the atom's name."""
        key = (atom, stage.move, stage.outcomes, tuple((m.actions, m.observables) for m in stage.movers))
        if key not in self._may:
            labels = (stage.outcomes, *(m.actions for m in stage.movers), *(m.observables for m in stage.movers))
            self._may[key] = any(bool(self._named(atom, group).any()) for group in labels)
        return self._may[key]

    def _named(self, atom: Plays, labels: tuple[str, ...]) -> Bools:
        return np.array([matches(atom, label, self.numbers) for label in labels], dtype=bool)


def mask_of(language: Language, atoms: tuple[Plays, ...], stage: Stage, acts: tuple[Ints, ...],
            seen: tuple[Ints, ...], state: Ints, branch: Ints) -> Ints:  # fmt: skip
    """(X,) bit i set where atom i holds."""
    mask = np.zeros(len(branch), dtype=np.int64)
    for i, atom in enumerate(atoms):
        mask |= language.holds(atom, stage, acts, seen, state, branch).astype(np.int64) << i
    return mask


def on_types(game: Game, weights: list[Floats], count: int, players: list[int]) -> Floats:
    """(X, Θ) product over movers of (X, K) weights, one for each listed player; other players weigh 1."""
    out = np.ones((count, *game.type_counts))
    for weight, player in zip(weights, players, strict=True):
        shape = [count] + [1] * len(game.players)
        shape[1 + player] = game.type_counts[player]
        out = out * weight.reshape(shape)
    return out.reshape(count, -1)
