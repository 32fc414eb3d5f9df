"""Payments that depend on a hidden action: they belong to the joint action, whatever is seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from winset.game.effects import paid
from winset.game.facts import facts
from winset.game.game import Bools, Floats
from winset.game.lower import Choice, Context, holds
from winset.game.model import Model, problem
from winset.game.shape import MoveShape
from winset.language.expr import Expr
from winset.language.scenario import Case, Effect, Pay, Side


def hidden_plays(tree: Expr, shape: MoveShape, model: Model) -> bool:
    """True where an expression reads an action that only its player knows."""
    hidden = {side.player: {s.name for s in side.signals} for side in shape.sides if side.hidden}
    read = facts(tree, model).plays
    return any(player in hidden and action not in hidden[player] for player, action in read)


def public_part(effect: Effect, shape: MoveShape, model: Model) -> Effect:
    """The effect without the payments that read a hidden action; those belong to the joint action."""
    kept = tuple(p for p in effect.pays if not hidden_plays(p.amount, shape, model))
    return effect if len(kept) == len(effect.pays) else replace(effect, pays=kept)


def pays_in_secret(shape: MoveShape, model: Model) -> bool:
    """True where something is paid that depends on a hidden action."""
    hidden = [(side, choices) for side, choices in zip(shape.sides, shape.choices, strict=True) if side.hidden]
    if not hidden:
        return False
    acts = any(item.action.effect.pays for _, choices in hidden for item in choices)
    signals = any(_late(s.effect, shape, model) for side, _ in hidden for s in side.signals)
    cases = any(hidden_plays(c.condition, shape, model) or _late(c.effect, shape, model) for c in shape.move.cases)
    return acts or signals or cases


def secret_pay(
    shape: MoveShape, context: Context, happens: Bools, available: Sequence[Bools], signal: Sequence[Floats | None]
) -> Floats:
    """(S, C, P, Θ) what joint actions pay whatever is seen of them."""
    model, sides = context.model, shape.sides
    counts = [len(c) for c in shape.choices]
    out = np.zeros((len(context.view), int(np.prod(counts)), len(model.counts), model.joint.shape[1]))
    cases = [c for c in shape.move.cases if hidden_plays(c.condition, shape, model) or _late(c.effect, shape, model)]
    for c, chosen in enumerate(product(*(range(n) for n in counts))):
        mask = happens.copy()
        for a, ok in zip(chosen, available, strict=True):
            mask &= ok[:, a]
        rows = np.flatnonzero(mask)
        if not len(rows):
            continue
        plays = {
            side.player: Choice(action=choices[a].action.name, parameters=choices[a].parameters)
            for side, choices, a in zip(sides, shape.choices, chosen, strict=True)
        }
        inner = replace(context, view=context.view.take(rows), plays=plays)
        pay = np.zeros((len(rows), *out.shape[2:]))
        for m, (side, a) in enumerate(zip(sides, chosen, strict=True)):
            if side.hidden:
                item = shape.choices[m][a]
                paid(item.action.effect.pays, inner.at(inner.view, item.parameters), None, {}, pay)
                seen = signal[m]
                assert seen is not None
                _signal_pays(shape, side, inner, seen[rows, a], pay)
        for case in cases:
            _case_pays(case, shape, inner, pay)
        out[rows, c] = pay
    return out


def _late(effect: Effect, shape: MoveShape, model: Model) -> bool:
    return any(hidden_plays(p.amount, shape, model) for p in effect.pays)


def _case_pays(case: Case, shape: MoveShape, inner: Context, pay: Floats) -> None:
    """What a `when` case that reads a hidden action pays."""
    model, effect = inner.model, case.effect
    reads = hidden_plays(case.condition, shape, model)
    if reads and (effect.then or effect.chance or effect.becomes):
        raise problem("K816", "this case depends on a hidden action and does what everybody would see", case.where,
                      fix="let it only pay, or put what is seen under `signals`")  # fmt: skip
    pays = effect.pays if reads else tuple(p for p in effect.pays if hidden_plays(p.amount, shape, model))
    on = holds(case.condition, inner)
    paid(pays, inner, on, {}, pay)


def _signal_pays(shape: MoveShape, side: Side, inner: Context, chance: Floats, pay: Floats) -> None:
    """Payments of a signal that read the hidden action, weighted by the signal's probability (n, K, O)."""
    model = inner.model
    own = model.joint[model.players[side.player]]
    for o, outcome in enumerate(side.signals):
        late: tuple[Pay, ...] = tuple(p for p in outcome.effect.pays if hidden_plays(p.amount, shape, model))
        if late:
            part = np.zeros_like(pay)
            paid(late, inner, None, {}, part)
            pay += part * chance[:, own, o][:, None, :]
