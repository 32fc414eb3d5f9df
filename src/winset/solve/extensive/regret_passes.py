"""Compiled passes of the regret minimiser: over the entries of the payoff matrix and over sets, never over nodes."""

from __future__ import annotations

from collections import namedtuple

import numpy as np

from winset.game.kernels import inner, kernel
from winset.solve.extensive.sequences import Side
from winset.tree.tree import Floats, Ints

# One player: its sets (`leads`, `spans` as in `sequences.Side`); its payoffs, row by row of its own sequences (`row`,
# `column`, `pay`); what it learns (`regret`, `choice`, `plan`, `total`), each (W,); and room for values (`worth`).
Learner = namedtuple(
    "Learner", ["leads", "spans", "row", "column", "pay", "regret", "choice", "plan", "total", "worth"]
)


def learner(side: Side, at: tuple[Ints, Ints], pay: Floats, state: tuple[Floats, Floats, Floats] | None) -> Learner:
    """A player at the start, or where `state` (regret, choice, total) was left.

    Args:
        side: its sequences.
        at: own sequence and the other's of each payoff.
        pay: what it gets there, by chance's probability; payoffs at the same pair are added up.
        state: of an earlier run.
    """
    own, other = at
    order = np.lexsort((other, own))
    own, other, pay = own[order], other[order], pay[order]
    begins = np.ones(len(own), dtype=bool)
    begins[1:] = (own[1:] != own[:-1]) | (other[1:] != other[:-1])
    starts = np.flatnonzero(begins)
    if len(starts):
        pay = np.add.reduceat(pay, starts)
    row = np.zeros(side.width + 1, dtype=np.int64)
    np.cumsum(np.bincount(own[starts], minlength=side.width), out=row[1:])
    sizes = np.diff(side.spans)
    if state is None:
        even = np.concatenate([[1.0], np.repeat(1.0 / sizes, sizes)])
        state = np.zeros(side.width), even, np.zeros(side.width)
    out = Learner(
        side.leads.astype(np.int32), side.spans.astype(np.int32), row, other[starts].astype(np.int32), pay,
        state[0].copy(), state[1].copy(), np.zeros(side.width), state[2].copy(), np.zeros(side.width),
    )  # fmt: skip
    make_plan(out)
    return out


@kernel
def make_plan(p):
    """Fills the plan that the choices make."""
    _follow(p, 1.0, 0.0)


@inner
def _follow(p, keep, weight):
    """Fills the plan, and adds it with this weight to what is kept of the sum."""
    p.plan[0] = 1.0
    p.total[0] = p.total[0] * keep + weight
    for h in range(p.leads.size):
        come = p.plan[p.leads[h]]
        for s in range(p.spans[h], p.spans[h + 1]):
            p.plan[s] = come * p.choice[s]
            p.total[s] = p.total[s] * keep + weight * p.plan[s]


@inner
def _worths(p, against):
    """Fills what each sequence is paid by itself against a plan of the other."""
    for s in range(p.worth.size):
        got = 0.0
        for k in range(p.row[s], p.row[s + 1]):
            got += p.pay[k] * against[p.column[k]]
        p.worth[s] = got


@inner
def _learn(p, kept, next_kept, foresight):
    """From the last sets to the first: regrets, and the choices of the next turn.

    A set's mean goes to the sequence that leads to it. Regrets below 0 are forgotten, those above by the share `kept`;
    the last regret is expected once more, by the share `foresight`.
    """
    for h in range(p.leads.size - 1, -1, -1):
        low, high = p.spans[h], p.spans[h + 1]
        mean = 0.0
        for s in range(low, high):
            mean += p.choice[s] * p.worth[s]
        p.worth[p.leads[h]] += mean
        total = 0.0
        for s in range(low, high):
            regret = p.worth[s] - mean
            p.regret[s] = max(p.regret[s] * kept + regret, 0.0)
            p.choice[s] = max(p.regret[s] * next_kept + foresight * regret, 0.0)
            total += p.choice[s]
        if total > 0.0:
            share = 1.0 / total
            for s in range(low, high):
                p.choice[s] *= share
        else:
            for s in range(low, high):
                p.choice[s] = 1.0 / (high - low)


@kernel
def take_turns(one, two, begin, end, forget, recent, foresight):
    """Turns begin to end - 1, from 1: each player answers the other's newest plan."""
    for t in range(begin, end):
        kept = t**forget / (t**forget + 1.0)
        next_kept = (t + 1.0) ** forget / ((t + 1.0) ** forget + 1.0)
        keep = ((t - 1.0) / t) ** recent
        _worths(one, two.plan)
        _learn(one, kept, next_kept, foresight)
        _follow(one, keep, 1.0)
        _worths(two, one.plan)
        _learn(two, kept, next_kept, foresight)
        _follow(two, keep, 1.0)


@inner
def _best(p, against):
    """The most that a plan gets against this one of the other."""
    _worths(p, against)
    for h in range(p.leads.size - 1, -1, -1):
        top = -np.inf
        for s in range(p.spans[h], p.spans[h + 1]):
            top = max(top, p.worth[s])
        p.worth[p.leads[h]] += top
    return p.worth[0]


@kernel
def could_gain(one, two):
    """The sum of what both could gain over their mean plans."""
    return _best(one, two.total) / two.total[0] + _best(two, one.total) / one.total[0]
