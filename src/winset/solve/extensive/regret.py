"""Two-player zero-sum trees by regret minimisation, for trees that are too large for a linear programme.

Counterfactual regret minimisation (Zinkevich et al. 2007): at every information set a player raises the probability of
actions that it regrets not to have taken, and the mean of the plans of both approaches an equilibrium. The variant here
forgets negative regrets and lets the players take turns (CFR+, Tammelin 2014), discounts old regrets (Brown and
Sandholm 2019), counts the last regret once more as a forecast of the next (Farina, Kroer and Sandholm 2021), by a
third, which bears errors of that forecast better (Meng et al. 2025), and gives late plans more weight in the mean (as
Xu et al. 2024 do). Decision 13 in the docs has the measurements behind the settings.

A turn does not walk the tree. What a player's sequences are worth is the payoff matrix of the sequence form times the
other's plan, so a turn costs two passes over the matrix, which has at most one entry for each end of the tree.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.language.rules.catalogue import complete
from winset.solve.extensive.regret_passes import Learner, could_gain, learner, take_turns
from winset.solve.extensive.sequences import Side, best_worth, choices, paid_at, plan_of, zero_sum_sides
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import Floats, Ints, Tree

METHOD = "regret minimisation (predictive discounted CFR+ over sequences)"
FORGET = 2.3
"""Before turn t regrets are multiplied by t^FORGET / (t^FORGET + 1)."""
RECENT = 5.0
"""In the mean, the plan of turn t has a weight that grows as t^RECENT."""
FORESIGHT = 1 / 3
"""The share of the last regret that is expected once more."""
OFTEN = 1.05
"""The gains are measured each time that the number of turns has grown by this factor."""
AT_ONCE = 50_000_000
"""Numbers read between two moments at which an interrupt is heard: some tenths of a second."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """Where a run was left; `solve_regret(tree, resume=...)` goes on from there.

    Attributes:
        turns: done so far.
        kept: of each player, regrets, choices and the weighted sum of plans, by sequence.
    """

    turns: int
    kept: tuple[tuple[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RegretSolution(TreeSolution):
    """A profile, and where the run was left.

    Attributes:
        learned: what the next run begins with.
    """

    learned: Learned


def solve_regret(
    tree: Tree,
    *,
    accuracy: float = 1e-4,
    most_turns: int = 1_000_000,
    most_seconds: float = math.inf,
    resume: Learned | None = None,
    progress: Progress | None = None,
) -> RegretSolution:
    """A profile of a zero-sum tree at which both together could gain no more than `accuracy`.

    It stops when best responses over sequences to the mean plans say so. An interrupt (Ctrl-C) ends the run, not the
    caller: the best profile so far is returned and its `status` says what could still be gained. Where neither is in
    play, equal calls give equal answers.

    Args:
        tree: two players of perfect recall whose payoffs add up to the same at every end.
        accuracy: the sum of both players' gains, in units of the payoffs, at which it stops.
        most_turns: turns of each player after which it gives up, those before `resume` counted.
        most_seconds: time after which it gives up.
        resume: `learned` of an earlier solution of this tree.
        progress: called with (share done in thousandths, 1000, what could still be gained); the share is that of the
            way from the first measured gain to `accuracy`, on a logarithmic scale.

    Returns:
        The profile; its `facts` hold the sum of the gains (`exploitability`), turns, sizes and seconds. A player plays
        all actions equally often at a set to which its own plan never leads.

    Raises:
        ScenarioError: other than two players, payoffs that do not add up to a constant, a player that forgets, an
            accuracy that is not above 0, or a `resume` of another tree.
    """
    begin = time.perf_counter()
    if not accuracy > 0:
        raise ScenarioError([complete(Diagnostic(code="X421", message=f"an accuracy of {accuracy:g} is asked for"))])
    sides, last = zero_sum_sides(tree)
    at, paid = paid_at(tree, sides, last)
    kept = _kept(sides, resume)
    one = learner(sides[0], at, paid[:, 0], kept[0])
    two = learner(sides[1], at[::-1], -paid[:, 0], kept[1])
    run = _Run(one, two, accuracy, resume.turns if resume else 0)
    ended = run.until(most_turns, begin + most_seconds, progress or (lambda done, total, label: None))
    profile = tree.uniform()
    for side, plan in zip(sides, run.best, strict=True):
        choices(side, plan, profile)
    gain, values = _measured(sides, (plan_of(sides[0], profile), plan_of(sides[1], profile)), at, paid)
    good = gain <= accuracy
    return RegretSolution(
        tree=tree,
        profile=profile,
        values=values,
        method=METHOD,
        status="solved" if good else f"{ended}: both could gain {gain:.2g} in sum",
        advice="" if good else "go on with `resume`, allow more turns or time, or ask for less accuracy",
        facts={
            "exploitability": gain,
            "turns": run.turns,
            "sequences": one.worth.size + two.worth.size,
            "entries": one.pay.size,
            "seconds": time.perf_counter() - begin,
        },
        learned=Learned(turns=run.turns, kept=(_state(one), _state(two))),
    )


def _state(p: Learner) -> tuple[Floats, Floats, Floats]:
    return p.regret, p.choice, p.total


def _kept(sides: tuple[Side, Side], resume: Learned | None) -> tuple[tuple[Floats, Floats, Floats] | None, ...]:
    """What each player begins with."""
    if resume is None:
        return None, None
    for side, state in zip(sides, resume.kept, strict=True):
        if any(part.shape != (side.width,) for part in state):
            raise ScenarioError([complete(Diagnostic(
                code="X422", message=f"what was learned is about {len(state[0]):,} sequences, and here a player has "
                                     f"{side.width:,}",
            ))])  # fmt: skip
    return resume.kept


def _measured(
    sides: tuple[Side, Side], plans: tuple[Floats, Floats], at: tuple[Ints, Ints], paid: Floats
) -> tuple[float, Floats]:
    """The sum of what both could gain by best responses over sequences, and what each is paid."""
    gain = 0.0
    for i, sign in ((0, 1.0), (1, -1.0)):
        due = sign * paid[:, 0] * plans[1 - i][at[1 - i]]
        worth = np.zeros(sides[i].width)
        np.add.at(worth, at[i], due)
        gain += best_worth(sides[i], worth)
    return gain, (plans[0][at[0]] * plans[1][at[1]]) @ paid


def _share(first: float, now: float, wanted: float) -> int:
    """How far from the first measured gain to the wanted one, on a logarithmic scale, in thousandths."""
    return 1000 if now <= wanted else int(1000 * math.log(first / now) / math.log(first / wanted))


class _Run:
    """The turns of one call, and the best mean plans among those measured."""

    def __init__(self, one: Learner, two: Learner, accuracy: float, turns: int) -> None:
        self.one, self.two, self.accuracy, self.turns = one, two, accuracy, turns
        self.gain = self.first = math.inf
        self.best: tuple[Floats, Floats] = (one.plan.copy(), two.plan.copy())
        self.step = max(1, AT_ONCE // (one.pay.size + two.pay.size + 8 * (one.worth.size + two.worth.size)))

    def until(self, most: int, late: float, tell: Progress) -> str:
        """Takes turns; how it ended, in words."""
        try:
            if self.turns:
                self.measure(tell)
            while self.gain > self.accuracy:
                if self.turns >= most:
                    return f"stopped after {self.turns:,} turns"
                goal = min(most, max(self.turns + 1, int(self.turns * OFTEN)))
                while self.turns < goal:
                    if time.perf_counter() > late:
                        self.measure(tell)
                        return f"out of time after {self.turns:,} turns"
                    self.take(min(goal, self.turns + self.step))
                self.measure(tell)
        except KeyboardInterrupt:
            if self.turns:
                self.measure(lambda done, total, label: None)
            return f"interrupted after {self.turns:,} turns"
        return "solved"

    def take(self, goal: int) -> None:
        take_turns(self.one, self.two, self.turns + 1, goal + 1, FORGET, RECENT, FORESIGHT)
        self.turns = goal

    def measure(self, tell: Progress) -> None:
        if not self.turns:
            return
        gain = could_gain(self.one, self.two)
        if gain < self.gain:
            self.gain, self.best = gain, (self.one.total / self.one.total[0], self.two.total / self.two.total[0])
        self.first = gain if math.isinf(self.first) else self.first
        tell(_share(self.first, self.gain, self.accuracy), 1000, f"both could gain {self.gain:.1e}")
