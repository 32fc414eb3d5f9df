"""The block of a table: one move at some states, every joint observable expanded into branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from winset.game.effects import Item, Rows, expand, expected, outcome_probabilities, paid, transitions
from winset.game.facts import facts
from winset.game.game import Bools, Floats, Ints
from winset.game.lower import Choice, Context, holds
from winset.game.model import Model, View, problem
from winset.game.table import Block, MoverShape, Table
from winset.language.scenario import Action, Case, Effect, Move, Outcome, Pay, Side

NATURE = "(nature)"
"""The single action of a player whose type decides a draw of chance."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """An action at given parameter values."""

    action: Action
    parameters: dict[str, float]
    label: str


@dataclass(frozen=True, kw_only=True, eq=False)
class MoveShape:
    """A move with its actions listed: what is known of it before any state is looked at."""

    move: Move
    sides: tuple[Side, ...]
    choices: tuple[tuple[Labelled, ...], ...]
    movers: tuple[MoverShape, ...]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a branch that ends the game is recognised and what it then pays: (codes) -> over, (codes) -> pay or None."""

    over: Callable[[Ints], Bools]
    pay: Callable[[Ints], Floats]
    register: Callable[[Ints], Ints]


def label_of(action: Action, values: Sequence[float]) -> str:
    """`offer(share=0.1, relief=2)`, numbers in their shortest form."""
    if not action.parameters:
        return action.name
    inside = ", ".join(f"{name}={value:g}" for (name, _), value in zip(action.parameters, values, strict=True))
    return f"{action.name}({inside})"


def shape_of(move: Move, model: Model) -> MoveShape:
    """Lists the actions and observables of a move.

    Raises:
        ScenarioError: K815 a draw of chance reads the types of two players; K816 a hidden action does what is seen.
    """
    sides = move.sides
    if move.kind == "chance":
        readers = sorted(_types_read(move.outcomes, model), key=lambda p: model.players[p])
        if len(readers) > 1:
            raise problem("K815", f"the draw `{move.name}` reads the types of {' and '.join(readers)}", move.where,
                          fix="let each draw read one player's type")  # fmt: skip
        sides = tuple(Side(player=p, actions=(Action(name=NATURE),), signals=move.outcomes) for p in readers)
    choices = []
    movers = []
    for side in sides:
        listed = tuple(
            Labelled(action=a, parameters=dict(zip([n for n, _ in a.parameters], v, strict=True)), label=label_of(a, v))
            for a in side.actions
            for v in product(*(values for _, values in a.parameters))
        )
        for item in listed if side.hidden else ():
            _hidden_only_pays(item.action.effect, side.player, item.action)
        choices.append(listed)
        actions = tuple(item.label for item in listed)
        seen = tuple(s.name for s in side.signals) if side.hidden else actions
        movers.append(
            MoverShape(player=model.players[side.player], actions=actions, observables=seen, hidden=side.hidden)
        )
    return MoveShape(move=move, sides=sides, choices=tuple(choices), movers=tuple(movers))


def _types_read(outcomes: Sequence[Outcome], model: Model) -> frozenset[str]:
    """The players with several types that the probabilities of a draw read."""
    found: frozenset[str] = frozenset()
    for outcome in outcomes:
        found |= facts(outcome.probability, model).types | facts(outcome.condition, model).types
    return frozenset(p for p in found if model.counts[model.players[p]] > 1)


def _hidden_only_pays(effect: Effect, player: str, action: Action) -> None:
    others = [b for b in effect.becomes if b.player != player]
    if effect.then or effect.chance or others:
        raise problem("K816", f"the hidden action `{action.name}` does what everybody would see", action.where,
                      why="a hidden action may pay and may change its own player's type; only its signal is public",
                      fix="put what is seen under `signals`")  # fmt: skip


def build_block(shape: MoveShape, table: Table, context: Context, ending: Ending) -> Block:
    """Everything that can happen at the states of `context`."""
    model, view = context.model, context.view
    happens = holds(shape.move.condition, context)
    available = [_available(choices, context, happens, shape) for choices in shape.choices]
    signal = [
        _signal(side, choices, table, context, happens, ok, j)
        for j, (side, choices, ok) in enumerate(zip(shape.sides, shape.choices, available, strict=True))
    ]
    law_mats, law = _laws(shape, table, context, available)
    inert = np.flatnonzero(~happens)
    parts = [(0, _still(view, inert, model))] if len(inert) else []
    for j, seen in enumerate(product(*(range(len(m.observables)) for m in shape.movers))):
        mask = happens.copy()
        for o, ok, sig in zip(seen, available, signal, strict=True):
            mask &= ok[:, o] if sig is None else (sig[:, :, :, o] > 0).any(axis=(1, 2))
        rows = np.flatnonzero(mask)
        if len(rows):
            parts.extend((j, branch) for branch in _branches(shape, context, rows, seen))
    pays = _pays_in_secret(shape, model)
    action_reward = _action_reward(shape, context, happens, available, signal) if pays else None
    return _assemble(shape, table, context, ending, happens, available, signal, law, law_mats, action_reward, parts)


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


def _laws(
    shape: MoveShape, table: Table, context: Context, available: Sequence[Bools]
) -> tuple[list[dict[int, Floats]], list[Ints]]:
    """Of each mover: the changes of its own type by action, as matrices (S, K, K) and as numbers (S, A)."""
    mats: list[dict[int, Floats]] = []
    numbers: list[Ints] = []
    for side, choices, mover, ok in zip(shape.sides, shape.choices, shape.movers, available, strict=True):
        found: dict[int, Floats] = {}
        law = np.full((len(context.view), len(choices)), -1, dtype=np.int64)
        for a, item in enumerate(choices):
            own = [b for b in item.action.effect.becomes if b.player == side.player]
            rows = np.flatnonzero(ok[:, a] & holds(shape.move.condition, context)) if own else ()
            if not len(rows):
                continue
            inner = replace(context, view=context.view.take(rows), parameters=item.parameters)
            k = context.model.counts[mover.player]
            found[a] = np.tile(np.eye(k), (len(context.view), 1, 1))
            found[a][rows] = transitions(own, inner, None)[mover.player]
            law[rows, a] = table.laws.numbers(found[a][rows])
        mats.append(found)
        numbers.append(law)
    return mats, numbers


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


def _hidden_plays(tree: object, shape: MoveShape, model: Model) -> bool:
    """True where an expression reads an action that only its player knows."""
    hidden = {side.player: {s.name for s in side.signals} for side in shape.sides if side.hidden}
    read = facts(tree, model).plays  # type: ignore[arg-type]
    return any(player in hidden and action not in hidden[player] for player, action in read)


def _public(effect: Effect, shape: MoveShape, model: Model) -> Effect:
    """The effect without the payments that read a hidden action; those belong to the joint action."""
    kept = tuple(p for p in effect.pays if not _hidden_plays(p.amount, shape, model))
    return effect if len(kept) == len(effect.pays) else replace(effect, pays=kept)


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
            items.append(Item(_public(side.signals[o].effect, shape, model)))
            if side.actions[0].name == NATURE:
                start.label = side.signals[o].name
    if shape.move.kind == "chance" and not shape.sides:
        items.append(Item(Effect(chance=shape.move.outcomes)))
    for case in shape.move.cases:
        if _hidden_plays(case.condition, shape, model):
            continue
        on = holds(case.condition, inner)
        if on.any():
            items.append(Item(_public(case.effect, shape, model), {}, None if on.all() else on))
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


def _pays_in_secret(shape: MoveShape, model: Model) -> bool:
    """True where something is paid that depends on a hidden action."""
    hidden = [(side, choices) for side, choices in zip(shape.sides, shape.choices, strict=True) if side.hidden]
    if not hidden:
        return False
    acts = any(item.action.effect.pays for _, choices in hidden for item in choices)
    signals = any(_late(s.effect, shape, model) for side, _ in hidden for s in side.signals)
    cases = any(_hidden_plays(c.condition, shape, model) or _late(c.effect, shape, model) for c in shape.move.cases)
    return acts or signals or cases


def _action_reward(
    shape: MoveShape, context: Context, happens: Bools, available: Sequence[Bools], signal: Sequence[Floats | None]
) -> Floats:
    """(S, C, P, Θ) what joint actions pay whatever is seen of them."""
    model, sides = context.model, shape.sides
    counts = [len(c) for c in shape.choices]
    out = np.zeros((len(context.view), int(np.prod(counts)), len(model.counts), model.joint.shape[1]))
    cases = [c for c in shape.move.cases if _hidden_plays(c.condition, shape, model) or _late(c.effect, shape, model)]
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
    return any(_hidden_plays(p.amount, shape, model) for p in effect.pays)


def _case_pays(case: Case, shape: MoveShape, inner: Context, pay: Floats) -> None:
    """What a `when` case that reads a hidden action pays."""
    model, effect = inner.model, case.effect
    reads = _hidden_plays(case.condition, shape, model)
    if reads and (effect.then or effect.chance or effect.becomes):
        raise problem("K816", "this case depends on a hidden action and does what everybody would see", case.where,
                      fix="let it only pay, or put what is seen under `signals`")  # fmt: skip
    pays = effect.pays if reads else tuple(p for p in effect.pays if _hidden_plays(p.amount, shape, model))
    on = holds(case.condition, inner)
    paid(pays, inner, on, {}, pay)


def _signal_pays(shape: MoveShape, side: Side, inner: Context, chance: Floats, pay: Floats) -> None:
    """Payments of a signal that read the hidden action, weighted by the signal's probability (n, K, O)."""
    model = inner.model
    own = model.joint[model.players[side.player]]
    for o, outcome in enumerate(side.signals):
        late: tuple[Pay, ...] = tuple(p for p in outcome.effect.pays if _hidden_plays(p.amount, shape, model))
        if late:
            part = np.zeros_like(pay)
            paid(late, inner, None, {}, part)
            pay += part * chance[:, own, o][:, None, :]


def _assemble(
    shape: MoveShape,
    table: Table,
    context: Context,
    ending: Ending,
    happens: Bools,
    available: list[Bools],
    signal: list[Floats | None],
    law: list[Ints],
    law_mats: list[dict[int, Floats]],
    action_reward: Floats | None,
    parts: list[tuple[int, Rows]],
) -> Block:
    """The branches of all joint observables, sorted, with what the end of the game pays."""
    model, size = context.model, len(context.view)
    J = table.joint
    joint = np.concatenate([np.full(len(r.origin), j, dtype=np.int64) for j, r in parts])
    origin = np.concatenate([r.origin for _, r in parts])
    codes = np.concatenate([r.view.codes for _, r in parts])
    pay = np.concatenate([r.pay for _, r in parts])
    probability = np.concatenate([r.probability for _, r in parts])
    outcome = np.concatenate([np.full(len(r.origin), table.labels.number(r.label), dtype=np.int64) for _, r in parts])
    branch_law = np.concatenate([_branch_laws(r, table, model) for _, r in parts])
    landing = ending.register(codes)
    over = ending.over(codes)
    if over.any():
        at = 0
        for _, r in parts:
            here = np.flatnonzero(over[at : at + len(r.origin)])
            if len(here):
                due = ending.pay(r.view.codes[here])
                mats = {i: m[here] for i, m in r.mats.items()}
                due = np.stack([expected(due[:, p], mats, model) for p in range(due.shape[1])], axis=1)
                _refuse_late(shape, law_mats, due, model)
                pay[at + here] += due
            at += len(r.origin)
    order = np.argsort(origin * J + joint, kind="stable")
    key = (origin * J + joint)[order]
    block = Block(
        happens=happens,
        available=available,
        signal=signal,
        law=law,
        action_reward=action_reward,
        count=np.bincount(key, minlength=size * J).astype(np.int64),
        probability=probability[order],
        landing=landing[order],
        over=over[order],
        outcome=outcome[order],
        reward=pay[order],
        branch_law=branch_law[order],
    )
    return _merged(block, key, size * J)


def _refuse_late(shape: MoveShape, law_mats: list[dict[int, Floats]], due: Floats, model: Model) -> None:
    """The end may not pay by a type that a hidden action has changed at this very move."""
    for mover, mats in zip(shape.movers, law_mats, strict=True):
        if mover.hidden and mats:
            cube = np.moveaxis(due.reshape(*due.shape[:2], *model.counts), mover.player + 2, -1)
            if np.ptp(cube, axis=-1).max(initial=0.0) > 0:
                raise problem("K821", f"`{shape.move.name}` may change a type in secret and end the game at once",
                              shape.move.where, why="what is then paid reads that type",
                              fix="let the end come at a later move of the round")  # fmt: skip


def _branch_laws(rows: Rows, table: Table, model: Model) -> Ints:
    out = np.full((len(rows.origin), len(model.counts)), -1, dtype=np.int64)
    for player, mats in rows.kept.items():
        out[:, player] = table.laws.numbers(mats)
    return out


def _merged(block: Block, key: Ints, cells: int) -> Block:
    """Branches alike in all but probability made one."""
    n = len(key)
    ident = np.stack([key, block.landing, block.outcome], axis=1)
    _, inverse, counts = np.unique(ident, axis=0, return_inverse=True, return_counts=True)
    if n == len(counts):
        return block
    keep = np.ones(n, dtype=bool)
    probability = block.probability.copy()
    inverse = inverse.reshape(-1)
    for group in np.flatnonzero(counts > 1):
        heads: list[int] = []
        for b in np.flatnonzero(inverse == group):
            for h in heads:
                if np.array_equal(block.reward[b], block.reward[h]) and np.array_equal(
                    block.branch_law[b], block.branch_law[h]
                ):
                    probability[h] += probability[b]
                    keep[b] = False
                    break
            else:
                heads.append(int(b))
    return replace(
        block,
        count=np.bincount(key[keep], minlength=cells).astype(np.int64),
        probability=probability[keep],
        landing=block.landing[keep],
        over=block.over[keep],
        outcome=block.outcome[keep],
        reward=block.reward[keep],
        branch_law=block.branch_law[keep],
    )


__all__ = ["NATURE", "Ending", "MoveShape", "build_block", "label_of", "shape_of"]
