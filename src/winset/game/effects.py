"""What follows from a joint observable: payments, assignments, changes of type, draws; as branches.

Effects of one move are expanded level by level. All effects of a level read the same state; their
assignments happen at once; the draws they open read the state after them, and form the next level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from winset.base.diagnostics import NOWHERE
from winset.game.game import Bools, Floats, Ints
from winset.game.lower import Context, code_of, evaluate, holds
from winset.game.model import Model, View, problem
from winset.language.scenario import Assignment, Becomes, Effect, Outcome, Pay

SLACK = 1e-9
"""Probabilities may miss 1 by this much before it is an error (rounding of written decimals)."""
DRAWS = 10_000
"""Combinations of the draws that follow one joint choice."""
_DUST = 1e-12
"""A remainder (`rest`) below this is rounding, not probability."""


@dataclass(frozen=True)
class Item:
    """An effect that applies where `on` is true, with the parameters of the action it belongs to.

    `own` names the player whose changes of type are the mover's law, applied outside the branch."""

    effect: Effect
    parameters: dict[str, float] = field(default_factory=dict)
    on: Bools | None = None
    own: str = ""


@dataclass
class Rows:
    """Branches under construction: n of them, all with the same observable.

    `mats` holds each player's type transition so far, (n, K, K); `kept` the part that the branch itself applies."""

    view: View
    origin: Ints
    probability: Floats
    pay: Floats
    mats: dict[int, Floats]
    kept: dict[int, Floats]
    label: str = ""


class Labels:
    """Names given numbers in the order of their first use."""

    def __init__(self, *first: str) -> None:
        self.names: list[str] = list(first)
        self._index = {name: i for i, name in enumerate(first)}

    def number(self, name: str) -> int:
        """The number of a name, new if need be."""
        if name not in self._index:
            self._index[name] = len(self.names)
            self.names.append(name)
        return self._index[name]


def outcome_probabilities(outcomes: Sequence[Outcome], context: Context, on: Bools | None = None) -> list[Floats]:
    """(n, 1 or Θ) probability of each outcome.

    Args:
        outcomes: named results; at most one of probability None, the rest.
        context: the states in which they are drawn.
        on: (n,) where the draw happens; elsewhere nothing is checked.

    Raises:
        ScenarioError: K810 a probability outside 0 to 1; K811 they do not sum to 1.
    """
    mask = np.ones((1, 1), dtype=bool) if on is None else on[:, None]
    found: list[Floats] = []
    total = np.zeros((1, 1))
    rest = -1
    for i, outcome in enumerate(outcomes):
        allowed = None if outcome.condition is None else holds(outcome.condition, context)[:, None]
        if outcome.probability is None:
            rest = i
            found.append(np.ones((1, 1)) if allowed is None else allowed.astype(float))
            continue
        here = mask if allowed is None else mask & allowed
        value = evaluate(outcome.probability, context, here)
        wrong = ((value < -SLACK) | (value > 1 + SLACK)) & here
        if wrong.any():
            raise _at(
                context, wrong, "K810", f"the probability of `{outcome.name}` is not between 0 and 1", outcome, value
            )
        value = np.clip(value, 0.0, 1.0)
        value = value if allowed is None else np.where(allowed, value, 0.0)
        found.append(value)
        total = total + value
    if rest >= 0:
        remain = 1.0 - total
        wrong = (remain < -SLACK) & mask
        if wrong.any():
            raise _at(context, wrong, "K811", "these probabilities sum to more than 1", outcomes[0], total)
        remain = np.where(remain < _DUST, 0.0, remain) * found[rest]
        found[rest] = remain
        total = total + remain
    wrong = (np.abs(total - 1.0) > SLACK) & mask
    if wrong.any():
        raise _at(context, wrong, "K811", "these probabilities do not sum to 1", outcomes[0], total)
    n = len(context.view)
    return [np.broadcast_to(p, (n, p.shape[1])) for p in found]


def _at(context: Context, wrong: Bools, code: str, message: str, item: Outcome, value: Floats) -> Exception:
    full = np.broadcast_to(wrong, (len(context.view), wrong.shape[1]))
    row, col = (int(i) for i in np.argwhere(full)[0])
    example: dict[str, object] = dict(context.model.describe(context.view.codes[row]))
    if wrong.shape[1] > 1:
        for p, player in enumerate(context.model.scenario.players):
            if context.model.counts[p] > 1:
                example[f"type of {player.name}"] = player.types[int(context.model.joint[p, col])].name
    if context.now is not None:
        example["now"] = context.now
    got = float(np.broadcast_to(value, full.shape)[row, col])
    return problem(
        code, f"{message} (it is {got:.12g})", item.where, example=example, fix="write `rest` for one of them"
    )


def expected(pay: Floats, mats: dict[int, Floats], model: Model) -> Floats:
    """(n, Θ) expectation of what is paid on types after their changes, given the types before."""
    if not mats or pay.shape[1] == 1:
        return pay
    n = next(iter(mats.values())).shape[0]
    value = np.broadcast_to(pay, (n, pay.shape[1])).reshape(n, *model.counts)
    for player, mat in mats.items():
        moved = np.moveaxis(value, player + 1, -1)
        value = np.moveaxis(np.einsum("nij,n...j->n...i", mat, moved), -1, player + 1)
    return value.reshape(n, -1)


def assign(assignments: Sequence[Assignment], context: Context, codes: Ints, on: Bools | None) -> None:
    """Writes the new codes into `codes`; every expression reads the state of `context`."""
    model = context.model
    for item in assignments:
        if on is not None and not on.any():
            continue
        where = slice(None) if on is None else np.flatnonzero(on)
        inner = context if on is None else context.at(context.view.take(np.flatnonzero(on)))
        v = model.index[item.variable]
        if item.how == "set":
            codes[where, v] = code_of(item.value, v, inner)
            continue
        steps = evaluate(item.value, inner)[:, 0]
        if np.abs(steps - np.round(steps)).max() > SLACK:
            raise problem(
                "K812", f"`{item.how}` moves `{item.variable}` by a number of steps that is not whole", item.where
            )
        far = len(model.variables[v].values)
        shift = np.clip(np.round(steps), -far, far).astype(np.int64) * (1 if item.how == "up" else -1)
        old = inner.view.codes[:, v]
        codes[where, v] = np.clip(old + shift, 0, far - 1)


def transitions(changes: Sequence[Becomes], context: Context, on: Bools | None) -> dict[int, Floats]:
    """(n, K, K) type transition matrix of each player that changes."""
    model, n = context.model, len(context.view)
    found: dict[int, Floats] = {}
    for item in changes:
        player = model.players[item.player]
        mat = found.setdefault(player, np.tile(np.eye(model.counts[player]), (n, 1, 1)))
        value = evaluate(item.probability, context)
        if value.shape[1] > 1 or (value < -SLACK).any() or (value > 1 + SLACK).any():
            raise problem(
                "K813", f"the probability that `{item.player}` changes type is not between 0 and 1", item.where
            )
        p = np.broadcast_to(value[:, 0], (n,)) * (1.0 if on is None else on)
        old, new = model.type_index(item.player, item.old), model.type_index(item.player, item.new)
        mat[:, old, new] += p
        mat[:, old, old] -= p
        if (mat[:, old, old] < -SLACK).any():
            raise problem("K813", f"`{item.old}` of `{item.player}` changes with probability above 1", item.where)
        np.maximum(mat, 0.0, out=mat)
    return found


def paid(pays: Sequence[Pay], context: Context, on: Bools | None, mats: dict[int, Floats], out: Floats) -> None:
    """Adds payments to `out` (n, P, Θ)."""
    model = context.model
    mask = np.ones((1, 1), dtype=bool) if on is None else on[:, None]
    for pay in pays:
        value = expected(evaluate(pay.amount, context, mask), mats, model)
        out[:, model.players[pay.player], :] += value if on is None else np.where(mask, value, 0.0)


def expand(items: Sequence[Item], context: Context, rows: Rows) -> list[Rows]:
    """All branches that follow from `items` at the states of `rows`, zero probabilities left out."""
    codes = rows.view.codes.copy()
    mats, kept = dict(rows.mats), dict(rows.kept)
    changed = False
    for item in items:
        here = context.at(rows.view, item.parameters)
        paid(item.effect.pays, here, item.on, rows.mats, rows.pay)
        if item.effect.then:
            assign(item.effect.then, here, codes, item.on)
            changed = True
        for player, mat in transitions(item.effect.becomes, here, item.on).items():
            mats[player] = mats[player] @ mat if player in mats else mat
            if context.model.scenario.players[player].name != item.own:
                kept[player] = kept[player] @ mat if player in kept else mat
    view = View(context.model, codes) if changed else rows.view
    after = Rows(view, rows.origin, rows.probability, rows.pay, mats, kept, rows.label)
    drawn = [item for item in items if item.effect.chance]
    if not drawn:
        return [after]
    return _draw(drawn, context, after)


Option = tuple[Outcome | None, Item, Floats]


def _combined(options: Sequence[Sequence[Option]], first: Floats) -> list[tuple[tuple[Option, ...], Floats]]:
    """Every combination of outcomes that is possible somewhere, with its probability; the last varies fastest."""
    found: list[tuple[tuple[Option, ...], Floats]] = [((), first)]
    for row in options:
        found = [((*done, one), p * one[2]) for done, p in found for one in row if (p * one[2] > 0).any()]
        if len(found) > DRAWS:
            last = row[0][0]
            raise problem(
                "K831",
                f"more than {DRAWS:,} combinations of draws follow one choice",
                last.where if last is not None else NOWHERE,
                why="every combination is a branch of the game",
                fix="draw once, or in chance moves one after the other",
            )
    return found


def _draw(drawn: Sequence[Item], context: Context, rows: Rows) -> list[Rows]:
    """One level of public draws, independent of each other."""
    options: list[list[Option]] = []
    for item in drawn:
        here = context.at(rows.view, item.parameters)
        chances = outcome_probabilities(item.effect.chance, here, item.on)
        row: list[Option] = []
        for outcome, chance in zip(item.effect.chance, chances, strict=True):
            if chance.shape[1] > 1 and np.ptp(chance, axis=1).max() > _DUST:
                raise problem(
                    "K814",
                    f"the probability of `{outcome.name}` depends on a player's type",
                    outcome.where,
                    why="a draw that depends on a type tells about it; it must be a move of its own",
                    fix="make it a move `by: chance`, or a hidden action with `signals`",
                )
            row.append((outcome, item, chance[:, 0] if item.on is None else np.where(item.on, chance[:, 0], 0.0)))
        if item.on is not None:
            row.append((None, item, 1.0 - item.on.astype(float)))
        options.append(row)
    found: list[Rows] = []
    for combination, p in _combined(options, rows.probability):
        keep = np.flatnonzero(p > 0)
        names = [rows.label] if rows.label else []
        names += [outcome.name for outcome, _, _ in combination if outcome is not None]
        inner = [Item(outcome.effect, item.parameters) for outcome, item, _ in combination if outcome is not None]
        part = Rows(
            rows.view.take(keep),
            rows.origin[keep],
            p[keep],
            rows.pay[keep].copy(),
            {i: m[keep] for i, m in rows.mats.items()},
            {i: m[keep] for i, m in rows.kept.items()},
            "+".join(names),
        )
        found.extend(expand(inner, context, part))
    return found
