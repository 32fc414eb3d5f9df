"""The block of a table: one move at some states, every joint observable expanded into branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from winset.game.assemble import assemble
from winset.game.effects import Item, Rows, expand, outcome_probabilities, transitions
from winset.game.game import Bools, Floats, Ints
from winset.game.lower import Choice, Context, holds
from winset.game.model import Model, View, problem
from winset.game.secret import hidden_plays, pays_in_secret, public_part, secret_pay
from winset.game.shape import NATURE, Labelled, MoveShape
from winset.game.table import Block, Table
from winset.language.scenario import Effect, Side


def build_block(shape: MoveShape, table: Table, context: Context, over: Callable[[Ints], Bools]) -> Block:
    """Everything that can happen at the states of `context`; `over` says of (n, V) codes whether the game ends."""
    model, view = context.model, context.view
    happens = holds(shape.move.condition, context)
    available = [_available(choices, context, happens, shape) for choices in shape.choices]
    signal = [
        _signal(side, choices, table, context, happens, ok, j)
        for j, (side, choices, ok) in enumerate(zip(shape.sides, shape.choices, available, strict=True))
    ]
    law = _laws(shape, table, context, available)
    inert = np.flatnonzero(~happens)
    parts = [(0, _still(view, inert, model))] if len(inert) else []
    for j, seen in enumerate(product(*(range(len(m.observables)) for m in shape.movers))):
        mask = happens.copy()
        for o, ok, sig in zip(seen, available, signal, strict=True):
            mask &= ok[:, o] if sig is None else (sig[:, :, :, o] > 0).any(axis=(1, 2))
        rows = np.flatnonzero(mask)
        if len(rows):
            parts.extend((j, branch) for branch in _branches(shape, context, rows, seen))
    pays = pays_in_secret(shape, model)
    action_reward = secret_pay(shape, context, happens, available, signal) if pays else None
    return assemble(table, context, over, happens, available, signal, law, action_reward, parts)


def _available(choices: Sequence[Labelled], context: Context, happens: Bools, shape: MoveShape) -> Bools:
    """(S, A); where the move does not happen, the first action alone."""
    view = context.view
    live = np.flatnonzero(happens)
    inner = context.at(view.take(live))
    out = np.zeros((len(view), len(choices)), dtype=bool)
    for a, item in enumerate(choices):
        out[live, a] = holds(item.action.condition, inner.at(inner.view, item.parameters))
    stuck = np.flatnonzero(~out.any(axis=1) & happens)
    if len(stuck):
        raise problem("K817", f"nobody can move at `{shape.move.name}`", shape.move.where,
                      example=dict(context.model.describe(view.codes[stuck[0]])),
                      why="every action's condition is false there",
                      fix="give the move a condition (`if:`), or an action that is always possible")  # fmt: skip
    out[~happens, 0] = True
    return out


def _own(value: Floats, player: int, model: Model, side: Side) -> Floats:
    """(n, K) of (n, 1 or Θ): what depends on the player's own type alone."""
    n, k = value.shape[0], model.counts[player]
    if value.shape[1] == 1:
        return np.broadcast_to(value, (n, k))
    cube = np.moveaxis(value.reshape(n, *model.counts), player + 1, 1).reshape(n, k, -1)
    if np.ptp(cube, axis=2).max(initial=0.0) > 1e-12:
        raise problem("K818", f"a signal of `{side.player}` depends on another player's type", side.where,
                      fix="let a signal's probability read its own player's type and action only")  # fmt: skip
    return cube[:, :, 0]


def _signal(
    side: Side, choices: Sequence[Labelled], table: Table, context: Context, happens: Bools, ok: Bools, j: int
) -> Floats | None:
    """(S, A, K, O) probabilities of the signals; None where the action is seen."""
    if not side.hidden:
        return None
    model = context.model
    player = model.players[side.player]
    out = np.zeros((len(context.view), len(choices), model.counts[player], len(side.signals)))
    for a, item in enumerate(choices):
        rows = np.flatnonzero(happens & ok[:, a])
        if not len(rows):
            continue
        plays = {side.player: Choice(action=item.action.name, parameters=item.parameters)}
        inner = replace(context, view=context.view.take(rows), plays=plays)
        for o, chance in enumerate(outcome_probabilities(side.signals, inner)):
            out[rows, a, :, o] = _own(chance, player, model, side)
    out[~happens, 0, :, 0] = 1.0
    return out


def _laws(shape: MoveShape, table: Table, context: Context, available: Sequence[Bools]) -> list[Ints]:
    """Of each mover (S, A): the numbers of the changes of its own type by action; -1 where there is none."""
    numbers: list[Ints] = []
    for side, choices, mover, ok in zip(shape.sides, shape.choices, shape.movers, available, strict=True):
        law = np.full((len(context.view), len(choices)), -1, dtype=np.int64)
        for a, item in enumerate(choices):
            own = [b for b in item.action.effect.becomes if b.player == side.player]
            if not own:
                continue
            rows = np.flatnonzero(ok[:, a] & holds(shape.move.condition, context))
            if not len(rows):
                continue
            inner = replace(context, view=context.view.take(rows), parameters=item.parameters)
            law[rows, a] = table.laws.numbers(transitions(own, inner, None)[mover.player])
        numbers.append(law)
    return numbers


def _still(view: View, rows: Ints, model: Model) -> Rows:
    """One branch where nothing happens."""
    n = len(rows)
    pay = np.zeros((n, len(model.counts), model.joint.shape[1]))
    return Rows(view.take(rows), rows, np.ones(n), pay, {}, {})


def _seen(shape: MoveShape, seen: Sequence[int]) -> dict[str, Choice]:
    """What the public knows of each side's choice, given the joint observable."""
    return {
        side.player: Choice(signal=side.signals[o].name)
        if side.hidden
        else Choice(action=choices[o].action.name, parameters=choices[o].parameters)
        for side, choices, o in zip(shape.sides, shape.choices, seen, strict=True)
    }


def _branches(shape: MoveShape, context: Context, rows: Ints, seen: Sequence[int]) -> list[Rows]:
    """The branches of one joint observable at some states."""
    model = context.model
    start = _still(context.view, rows, model)
    inner = replace(context, view=start.view, plays=_seen(shape, seen))
    items: list[Item] = []
    for side, choices, o in zip(shape.sides, shape.choices, seen, strict=True):
        if not side.hidden:
            items.append(Item(choices[o].action.effect, choices[o].parameters, None, side.player))
    for side, o in zip(shape.sides, seen, strict=True):
        if side.hidden:
            items.append(Item(public_part(side.signals[o].effect, shape, model)))
            if side.actions[0].name == NATURE:
                start.label = side.signals[o].name
    if shape.move.kind == "chance" and not shape.sides:
        items.append(Item(Effect(chance=shape.move.outcomes)))
    for case in shape.move.cases:
        if hidden_plays(case.condition, shape, model):
            continue
        on = holds(case.condition, inner)
        if on.any():
            items.append(Item(public_part(case.effect, shape, model), {}, None if on.all() else on))
    _refuse_double(items, context)
    return expand(items, inner, start)


def _refuse_double(items: Sequence[Item], context: Context) -> None:
    """Two effects at once may not assign the same variable."""
    taken: dict[str, tuple[Item, object]] = {}
    for item in items:
        for assignment in item.effect.then:
            other = taken.get(assignment.variable)
            if other is not None:
                both_on = other[0].on is None or item.on is None or bool((other[0].on & item.on).any())
                if both_on:
                    raise problem("K819", f"`{assignment.variable}` is assigned twice at one move", assignment.where)
            taken[assignment.variable] = (item, assignment)
