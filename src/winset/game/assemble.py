"""Branches put in order: sorted by state and observable, equal ones made one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from winset.game.effects import Rows
from winset.game.game import Bools, Floats, Ints
from winset.game.lower import Context
from winset.game.model import Model
from winset.game.table import Block, Table


def assemble(
    table: Table,
    context: Context,
    over: Callable[[Ints], Bools],
    happens: Bools,
    available: list[Bools],
    signal: list[Floats | None],
    law: list[Ints],
    action_reward: Floats | None,
    parts: list[tuple[int, Rows]],
) -> Block:
    """The branches of all joint observables, sorted; `over` says of (n, V) codes whether the game ends there."""
    model, size = context.model, len(context.view)
    J = table.joint
    joint = np.concatenate([np.full(len(r.origin), j, dtype=np.int64) for j, r in parts])
    origin = np.concatenate([r.origin for _, r in parts])
    codes = np.concatenate([r.view.codes for _, r in parts])
    pay = np.concatenate([r.pay for _, r in parts])
    probability = np.concatenate([r.probability for _, r in parts])
    outcome = np.concatenate([np.full(len(r.origin), table.labels.number(r.label), dtype=np.int64) for _, r in parts])
    branch_law = np.concatenate([_laws(r.kept, len(r.origin), table, model) for _, r in parts])
    landing = model.ids(codes)
    ends = over(codes)
    end_law = np.concatenate([_laws(r.mats, len(r.origin), table, model) for _, r in parts])
    end_law[~ends] = -1
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
        over=ends[order],
        outcome=outcome[order],
        reward=pay[order],
        branch_law=branch_law[order],
        end_law=end_law[order],
    )
    return _merged(block, key, size * J)


def _laws(mats: dict[int, Floats], n: int, table: Table, model: Model) -> Ints:
    """(n, P) the numbers of type transitions; -1 where there is none."""
    out = np.full((n, len(model.counts)), -1, dtype=np.int64)
    for player, own in mats.items():
        out[:, player] = table.laws.numbers(own)
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
                if all(np.array_equal(a[b], a[h]) for a in (block.reward, block.branch_law, block.end_law)):
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
        end_law=block.end_law[keep],
    )
