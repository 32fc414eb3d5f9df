"""Branches put in order: what the end of the game pays, sorted by state and observable, equal ones made one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from winset.game.effects import Rows, expected
from winset.game.game import Bools, Floats, Ints
from winset.game.lower import Context
from winset.game.model import Model, problem
from winset.game.shape import MoveShape
from winset.game.table import Block, Table


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a branch that ends the game is recognised and what it then pays, of (n, V) codes."""

    over: Callable[[Ints], Bools]
    pay: Callable[[Ints], Floats]


def assemble(
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
    landing = model.ids(codes)
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
    landing = np.unique(block.landing, return_inverse=True)[1].reshape(-1)
    ident = key * (int(landing.max(initial=0)) + 1) + landing
    ident = ident * (int(block.outcome.max(initial=0)) + 1) + block.outcome
    _, inverse, counts = np.unique(ident, return_inverse=True, return_counts=True)
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
