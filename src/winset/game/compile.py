"""Scenario to game: reachable states found forward, round by round, every move as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SizeError
from winset.game.assemble import Ending
from winset.game.build import build_block
from winset.game.effects import paid
from winset.game.facts import clocked, of_move, of_pays
from winset.game.game import Bools, Floats, Game, GamePlayer, Ints, Stage
from winset.game.key import game_key
from winset.game.lower import Context, constant, evaluate, holds
from winset.game.model import Model, View, problem
from winset.game.shape import MoveShape, shape_of
from winset.game.size import measure
from winset.game.table import Block, Selection, Table
from winset.language import clock, variants
from winset.language.expr import Expr
from winset.language.given import given_values
from winset.language.scenario import Scenario

MAX_STATES = 200_000
"""States found before giving up: at one value row and a coarse grid already tens of gigabytes."""
_SUM = 1e-9

__all__ = ["MAX_STATES", "compile_game", "measure"]


def compile_game(
    scenario: Scenario, *, variant: str = "", values: dict[str, float] | None = None, max_states: int = MAX_STATES
) -> Game:
    """The game that a scenario means.

    Args:
        scenario: a checked scenario.
        variant: name of a variant to apply; empty for the scenario as it stands.
        values: parameter values to use instead of the stated ones (and instead of the variant's), by name.
        max_states: most public states to accept.

    Raises:
        ScenarioError: an expression fails, probabilities do not sum to 1, or nobody can move, in a state that
            can be reached; the state is the example.
        SizeError: more than `max_states` states can be reached.
    """
    if variant:
        scenario = variants.apply(scenario, variant)
    model = _model(scenario, values or {})
    work = _Work(model, max_states)
    first = _start(model)
    rows = work.register(np.array([codes for codes, _ in first], dtype=np.int64).reshape(len(first), -1))
    stages = _forward(work, np.unique(rows))
    states = stages[0].states
    start: dict[int, float] = {}
    for row, (_, p) in zip(rows.tolist(), first, strict=True):
        at = int(np.searchsorted(states, row))
        start[at] = start.get(at, 0.0) + p
    return Game(
        scenario=scenario,
        players=_players(model),
        variables=tuple((v.name, v.values) for v in model.variables),
        states=work.codes,
        stages=tuple(stages),
        start=tuple(start.items()),
        infinite=scenario.clock.rounds is None,
        shocks=scenario.settings.shocks == "included",
        dates=clock.labels(scenario.clock),
        values=dict(model.values),
        key=game_key(scenario, model.values),
    )


def _model(scenario: Scenario, values: dict[str, float]) -> Model:
    known = {p.name: float(p.value) for p in scenario.parameters}
    known.update(given_values(scenario, values))
    dates = {name: clock.round_of(scenario.clock, day) for name, day in scenario.clock.dates}
    return Model(scenario=scenario, values=known, dates=dates)


def _players(model: Model) -> tuple[GamePlayer, ...]:
    found = []
    for player in model.scenario.players:
        prior = np.array([constant(t.prior, model) for t in player.types])
        if (prior < 0).any() or abs(prior.sum() - 1.0) > _SUM:
            raise problem("K823", f"the prior of `{player.name}` does not sum to 1", player.where,
                          example={t.name: float(p) for t, p in zip(player.types, prior, strict=True)})  # fmt: skip
        discount = 0.0 if player.short_lived else constant(player.discount, model)
        limit = discount < 1 if model.scenario.clock.rounds is None else discount <= 1
        if not (discount >= 0 and limit):
            raise problem("K824", f"the discount {discount:g} of `{player.name}` is not allowed", player.where,
                          why="it must lie in [0, 1], and below 1 in an infinite game")  # fmt: skip
        precision = constant(player.precision, model)
        if precision < 0:
            raise problem("K825", f"the precision {precision:g} of `{player.name}` is negative", player.where)
        names = tuple(t.name for t in player.types)
        found.append(GamePlayer(name=player.name, types=names, prior=prior, discount=discount, precision=precision))
    return tuple(found)


def _start(model: Model) -> list[tuple[tuple[int, ...], float]]:
    """Codes and probability of each first state."""
    options = []
    for variable in model.variables:
        row = [(variable.values.index(value), constant(p, model)) for value, p in variable.start]
        total = sum(p for _, p in row)
        if min(p for _, p in row) < 0 or abs(total - 1.0) > _SUM:
            raise problem("K823", f"the start of `{variable.name}` sums to {total:.12g}, not 1", variable.where)
        options.append([(code, p) for code, p in row if p > 0])
    found = []
    for combination in product(*options):
        found.append((tuple(c for c, _ in combination), float(np.prod([p for _, p in combination]))))
    return found


@dataclass(frozen=True)
class _Step:
    """A move, or the settlement: what its tables depend on, and how a block is made."""

    name: str
    shape: MoveShape | None
    clocked: tuple[Expr, ...]


class _Work:
    """The registry of states and the tables of one compilation."""

    def __init__(self, model: Model, max_states: int) -> None:
        self.model = model
        self.max_states = max_states
        self._row: dict[int, int] = {}
        self._codes: list[Ints] = []
        self._count = 0
        self._tables: dict[tuple[object, ...], Table] = {}
        scenario = model.scenario
        tail = [*of_pays(scenario.each_round), *of_pays(scenario.at_end)]
        if scenario.ends_when is not None:
            tail.append(scenario.ends_when)
        self.steps = [
            _Step(move.name, shape_of(move, model), tuple(clocked([*of_move(move), *tail], model)))
            for move in scenario.round
        ]
        self.steps.append(_Step("", None, tuple(clocked(tail, model))))

    @property
    def codes(self) -> Ints:
        """(N, V) all states registered."""
        if len(self._codes) > 1:
            self._codes = [np.concatenate(self._codes)]
        return self._codes[0]

    def register(self, codes: Ints) -> Ints:
        """(n,) row of each state, new ones added."""
        ids = codes @ self.model.radix if codes.shape[1] else np.zeros(len(codes), dtype=np.int64)
        unique, first, inverse = np.unique(ids, return_index=True, return_inverse=True)
        fresh = [i for i, state in enumerate(unique.tolist()) if state not in self._row]
        if fresh:
            self._codes.append(codes[first[fresh]])
            for i in fresh:
                self._row[int(unique[i])] = self._count
                self._count += 1
            if self._count > self.max_states:
                raise self._too_many()
        rows = np.array([self._row[state] for state in unique.tolist()], dtype=np.int64)
        return np.asarray(rows[inverse.reshape(-1)], dtype=np.int64)

    def _too_many(self) -> SizeError:
        codes = self.codes
        seen = sorted(
            ((len(np.unique(codes[:, v])), spec.name) for v, spec in enumerate(self.model.variables)), reverse=True
        )
        shown = " × ".join(f"{name} ({n})" for n, name in seen[:5])
        return SizeError([Diagnostic(
            code="K830",
            message=f"more than {self.max_states} public states can be reached",
            why=f"these variables multiply: {shown}",
            fix="give the first of them fewer values, reset them when they no longer matter, or raise `max_states`",
        )])  # fmt: skip

    def context(self, codes: Ints, now: int | None) -> Context:
        """Expressions are read at these states in this round."""
        return Context(view=View(self.model, codes), now=now)

    def select(self, number: int, last: bool, step: int, states: Ints) -> Selection:
        """The rows of one stage, built where they are new."""
        spec = self.steps[step]
        now = None if self.model.scenario.clock.rounds is None else number
        mark = (step, last if spec.shape is None else False, self._signature(spec.clocked, now))
        table = self._tables.get(mark)
        if table is None:
            table = Table(self.model, spec.name, () if spec.shape is None else spec.shape.movers)
            self._tables[mark] = table
        everything = self.codes
        shape = spec.shape
        if shape is None:
            return table.select(states, lambda new: self._settle(new, everything[new], now, last))
        ending = Ending(over=self._over(now), pay=self._due(now), register=self.register)
        return table.select(states, lambda new: build_block(shape, table, self.context(everything[new], now), ending))

    def _signature(self, parts: Iterable[Expr], now: int | None) -> tuple[object, ...]:
        """What the round makes of a step: the values of all that reads `now` alone."""
        if now is None:
            return ()
        context = self.context(np.zeros((1, len(self.model.variables)), dtype=np.int64), now)
        try:
            return tuple(float(evaluate(part, context)[0, 0]) for part in parts)
        except ScenarioError:
            return ("round", now)

    def _over(self, now: int | None) -> Callable[[Ints], Bools]:
        condition = self.model.scenario.ends_when
        if condition is None:
            return lambda codes: np.zeros(len(codes), dtype=bool)
        return lambda codes: holds(condition, self.context(codes, now))

    def _due(self, now: int | None, end: bool = True) -> Callable[[Ints], Floats]:
        """(n, P, Θ) the payments of a round's end, with those of the game's end."""
        scenario = self.model.scenario

        def due(codes: Ints) -> Floats:
            out = np.zeros((len(codes), len(self.model.counts), self.model.joint.shape[1]))
            context = self.context(codes, now)
            paid(scenario.each_round, context, None, {}, out)
            if end:
                paid(scenario.at_end, context, None, {}, out)
            return out

        return due

    def _settle(self, rows: Ints, codes: Ints, now: int | None, last: bool) -> Block:
        n, players = len(rows), len(self.model.counts)
        return Block(
            happens=np.ones(n, dtype=bool),
            available=[],
            signal=[],
            law=[],
            action_reward=None,
            count=np.ones(n, dtype=np.int64),
            probability=np.ones(n),
            landing=rows,
            over=np.full(n, last),
            outcome=np.zeros(n, dtype=np.int64),
            reward=self._due(now, last)(codes),
            branch_law=np.full((n, players), -1, dtype=np.int64),
        )


def _forward(work: _Work, start: Ints) -> list[Stage]:
    """All stages, from the first states on."""
    rounds = work.model.scenario.clock.rounds
    chosen: list[tuple[int, Selection]] = []
    states = start
    if rounds is None:
        while True:
            chosen, landed = _round(work, 1, False, states)
            union = np.union1d(states, landed)
            if len(union) == len(states):
                break
            states = union
    else:
        for number in range(1, rounds + 1):
            part, states = _round(work, number, number == rounds, states)
            chosen.extend(part)
            if not len(states):
                break
    discount = np.array([p.discount for p in _players(work.model)])
    level = np.ones(len(discount))
    stages = []
    for i, (number, selection) in enumerate(chosen):
        if i + 1 < len(chosen):
            following: Ints | None = chosen[i + 1][1].states
        else:
            following = chosen[0][1].states if rounds is None else None
        settles = selection.table.move == "" and not selection.table.shapes
        stages.append(selection.stage(number, discount if settles else level, following))
    return stages


def _round(work: _Work, number: int, last: bool, states: Ints) -> tuple[list[tuple[int, Selection]], Ints]:
    """The stages of one round and the states in which the next one starts."""
    found = []
    for step in range(len(work.steps)):
        selection = work.select(number, last, step, states)
        found.append((number, selection))
        states = selection.landing
        if not len(states):
            break
    return found, states
