"""Scenario to game: reachable states found forward, round by round, every move as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from winset.base.diagnostics import NOWHERE, Diagnostic
from winset.base.errors import ScenarioError, SizeError
from winset.game.build import build_block
from winset.game.effects import paid
from winset.game.facts import clocked, of_move, of_pays
from winset.game.game import Bools, Floats, Game, GamePlayer, Ints, Stage
from winset.game.key import game_key, step_key
from winset.game.lower import Context, constant, evaluate, holds
from winset.game.model import Model, View, problem
from winset.game.shape import MoveShape, shape_of
from winset.game.size import measure
from winset.game.table import Block, Selection, Table
from winset.language import clock, variants
from winset.language.expr import Expr
from winset.language.formula import walk
from winset.language.given import given_values
from winset.language.scenario import Outcome, Scenario

MAX_STATES = 200_000
"""States found before giving up: at one value row and a coarse grid already tens of gigabytes."""
_SUM = 1e-9

__all__ = ["MAX_STATES", "Tables", "compile_game", "measure", "restaged"]

Tables = dict[object, Table]
"""Tables made so far, by all that they depend on; games that are compiled with the same ones share what is alike."""


def compile_game(
    scenario: Scenario,
    *,
    variant: str = "",
    values: dict[str, float] | None = None,
    max_states: int = MAX_STATES,
    tables: Tables | None = None,
) -> Game:
    """The game that a scenario means.

    Args:
        scenario: a checked scenario.
        variant: name of a variant to apply; empty for the scenario as it stands.
        values: parameter values to use instead of the stated ones (and instead of the variant's), by name.
        max_states: most public states to accept.
        tables: what earlier compilations have made, added to; it saves time and changes nothing.

    Raises:
        ScenarioError: an expression fails, probabilities do not sum to 1, or nobody can move, in a state that
            can be reached; the state is the example.
        SizeError: more than `max_states` states can be reached.
    """
    if variant:
        scenario = variants.apply(scenario, variant)
    model = _model(scenario, values or {})
    work = _Work(model, max_states, tables)
    first = _start(model)
    ids = model.ids(np.array([codes for codes, _ in first], dtype=np.int64).reshape(len(first), -1))
    stages = _forward(work, np.unique(ids))
    places = np.searchsorted(work.seen, ids)
    start: dict[int, float] = {}
    for at, (_, p) in zip(np.searchsorted(stages[0].states, places).tolist(), first, strict=True):
        start[at] = start.get(at, 0.0) + p
    return Game(
        scenario=scenario,
        players=_players(model),
        variables=tuple((v.name, v.values) for v in model.variables),
        states=model.codes(work.seen),
        stages=tuple(stages),
        start=tuple(start.items()),
        infinite=scenario.clock.rounds is None,
        shocks=scenario.settings.shocks == "included",
        dates=clock.labels(scenario.clock),
        values=dict(model.values),
        key=game_key(scenario, model.values),
    )


def restaged(scenario: Scenario, game: Game, which: Iterable[int]) -> dict[int, Stage]:
    """Some stages of a game as another scenario has them, at the states that the game has there.

    For a scenario with the same variables and moves that differs in who is paid what. Targets are left out (-1).
    """
    model = _model(scenario, game.values)
    work, ids = _Work(model, MAX_STATES, None), model.ids(game.states)
    steps = {step.name: i for i, step in enumerate(work.steps)}
    out = {}
    for k in which:
        stage = game.stages[k]
        last = not game.infinite and stage.round == scenario.clock.rounds
        found = work.select(stage.round, last, steps[stage.move], ids[stage.states])
        out[k] = found.stage(stage.round, stage.discount, None, ids)
    return out


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

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Names of what chance may bring, in the order of their declaration."""
        if self.shape is None:
            return ()
        return tuple(dict.fromkeys(node.name for node in walk(self.shape.move) if isinstance(node, Outcome)))


class _Work:
    """The tables of one compilation, and the states that it has come to."""

    def __init__(self, model: Model, max_states: int, tables: Tables | None) -> None:
        self.model = model
        self.max_states = max_states
        self.tables: Tables = {} if tables is None else tables
        self._met: list[Ints] = []
        self._most = 0
        scenario = model.scenario
        ends = [] if scenario.ends_when is None else [scenario.ends_when]  # what an end pays is no part of a table
        tail = [*of_pays(scenario.each_round), *of_pays(scenario.at_end)]
        self.steps = [
            _Step(move.name, shape_of(move, model), tuple(clocked([*of_move(move), *ends], model)))
            for move in scenario.round
        ]
        self.steps.append(_Step("", None, tuple(clocked([*ends, *tail], model))))
        self._keys: list[object] = [
            i if tables is None else step_key(model, step.shape.move if step.shape else None)
            for i, step in enumerate(self.steps)
        ]

    def _too_many(self) -> SizeError:
        codes = self.model.codes(self.seen)
        values = sorted(
            ((len(np.unique(codes[:, v])), spec.name) for v, spec in enumerate(self.model.variables)), reverse=True
        )
        shown = " × ".join(f"{name} ({n})" for n, name in values[:5])
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
        mark = (self._keys[step], last if spec.shape is None else False, self._signature(spec.clocked, now))
        table = self.tables.get(mark)
        if table is None:
            shapes, where = ((), NOWHERE) if spec.shape is None else (spec.shape.movers, spec.shape.move.where)
            table = Table(self.model, spec.name, shapes, spec.outcomes, where)
            self.tables[mark] = table
        found = table.select(states, lambda new: self._block(spec, table, new, now, last), self._due(now))
        self._met += [states, found.landings]
        self._most += len(states) + len(found.landings)
        if self._most > self.max_states:
            self._most = len(self.seen)
            if self._most > self.max_states:
                raise self._too_many()
        return found

    @property
    def seen(self) -> Ints:
        """Ids of the states that were come to, ascending."""
        if len(self._met) > 1:
            self._met = [np.unique(np.concatenate(self._met))]
        return self._met[0]

    def _block(self, spec: _Step, table: Table, new: Ints, now: int | None, last: bool) -> Block:
        codes = self.model.codes(new)
        if spec.shape is None:
            return self._settle(new, codes, now, last)
        return build_block(spec.shape, table, self.context(codes, now), self._over(now))

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

    def _settle(self, ids: Ints, codes: Ints, now: int | None, last: bool) -> Block:
        n, players = len(ids), len(self.model.counts)
        return Block(
            happens=np.ones(n, dtype=bool),
            available=[],
            signal=[],
            law=[],
            action_reward=None,
            count=np.ones(n, dtype=np.int64),
            probability=np.ones(n),
            landing=ids,
            over=np.full(n, last),
            outcome=np.zeros(n, dtype=np.int64),
            reward=self._due(now, last)(codes),
            branch_law=np.full((n, players), -1, dtype=np.int64),
            end_law=np.full((n, players), -1, dtype=np.int64),
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
        stages.append(selection.stage(number, discount if selection.table.settles else level, following, work.seen))
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
