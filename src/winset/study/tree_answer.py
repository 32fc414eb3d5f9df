"""`solve_game`: a game file solved by the method that fits it, with the reasons and the certificate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from winset.base.errors import SizeError, SolveError
from winset.certify.extensive import certify_tree
from winset.solve.extensive.all_equilibria import BUDGET, AllEquilibria, all_equilibria
from winset.solve.extensive.backward_induction import solve_backward
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.study.game_solution import NASH, GameSolution, TreeEquilibrium
from winset.study.tree_methods import BY_KEY, SMALL, Choice, choose, traits_of
from winset.tree.from_table import tree_of_table
from winset.tree.ranges import payoff_range
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import Floats, NormalForm, Tree

OFF_PATH = 1e-3
"""Gain at one set, as a share of the range of payoffs, from which on it is said that play there is no best answer."""
MOST_TURNS = 100_000
"""Turns of regret minimisation on the way to gains that pass as none."""
FAR_STEPS = 1000
"""Steps on the way to the limit of a path, whose estimate the certificate judges wherever it stops."""


def solve_game(
    game: Tree | NormalForm,
    *,
    method: str = "",
    precision: float | None = None,
    path: bool = False,
    budget: int = 0,
    progress: Progress | None = None,
) -> GameSolution:
    """Solves a tree or a table by the method that fits it, and certifies what was found.

    Perfect information: backward induction. Two players whose payoffs add up to a constant: a linear programme over
    sequences, or regret minimisation where that would take minutes. Two players with few strategies: all equilibria, in
    fractions. Otherwise, and wherever λ is given, the logit path; where many subgames would fold in it, a path in each.

    Args:
        game: as `read_game` gives it, or the tree of an `Unfolded`.
        method: instead of the one that fits: `backward`, `zero-sum`, `regret`, `all-equilibria`, `logit` or
            `logit-by-subgame`.
        precision: λ ≥ 0 of an agent logit equilibrium; None for equilibria without errors, on the logit path its limit.
        path: whether the logit path is wanted as a result, whatever else would fit.
        budget: steps that all equilibria may take; by default 10⁸ where the method is asked for, fewer where it is not.
        progress: called with (done, total, label) now and then.

    Raises:
        ScenarioError: a player forgets, or the method asked for does not apply; the reason is said.
        SizeError: all equilibria were asked for and take more steps than the budget.
        SolveError: the logit path did not come to λ.
        WinsetError: scipy is not installed, which the linear programme needs.
    """
    tree = tree_of_table(game) if isinstance(game, NormalForm) else game
    traits = traits_of(tree)
    choice = choose(traits, method=method, precision=precision, path=path)
    work = _Work(game, tree, precision, progress, budget or (BUDGET if method else SMALL))
    try:
        return work.solved(choice)
    except SizeError:
        if not choice.fallback or choice.method.key != "all-equilibria":
            raise
        told = f"it takes more than {work.budget:,} steps"
        return work.solved(_instead(choice, "logit-by-subgame" if traits.subgames > 1 else "logit", told))
    except SolveError as error:
        if not choice.fallback or choice.method.key != "logit" or traits.subgames < 2:
            raise
        return work.solved(_instead(choice, "logit-by-subgame", str(error)))


def _instead(choice: Choice, key: str, told: str) -> Choice:
    """Another method, because the first one has failed."""
    others = tuple((m, why) for m, why in choice.others if m.key != key)
    return replace(
        choice, method=BY_KEY[key], why="the method before it failed", others=((choice.method, told), *others)
    )


class _Work:
    """A game on its way through a method."""

    def __init__(
        self, game: Tree | NormalForm, tree: Tree, precision: float | None, progress: Progress | None, budget: int
    ) -> None:
        self.game, self.tree, self.precision, self.budget = game, tree, precision, budget
        self.name = ""  # of the method, for the progress bar
        self.progress = (
            None if progress is None else lambda done, total, label: progress(done, total, f"{self.name}: {label}")
        )

    def solved(self, choice: Choice) -> GameSolution:
        """The game by this method."""
        key, began, self.name = choice.method.key, time.perf_counter(), choice.method.name
        every: AllEquilibria | None = None
        if key == "all-equilibria":
            every = all_equilibria(self.game, budget=self.budget)
            found = tuple(self._exact(e.profile or (*e.first, *e.second), e.values) for e in every.extreme)
            facts: dict[str, Any] = {
                "extreme equilibria": len(every.extreme), "components": len(every.components), "steps": every.steps,
            }  # fmt: skip
            status, advice, path = "solved", "" if every.finite else _BETWEEN, None
        else:
            solution = self._one(key)
            profile = solution.profile
            if self.precision is None and solution.path is not None and solution.path.limit is not None:
                profile = solution.path.limit
            found = (self._certified(profile),)
            facts, status, path = dict(solution.facts), solution.status, solution.path
            advice = solution.advice or _advice(key, facts, found[0])
        facts["seconds"] = time.perf_counter() - began
        answer = GameSolution(
            game=self.game, tree=self.tree, method=key, name=choice.method.name, why=choice.why,
            others=tuple((m.key, why) for m, why in choice.others), precision=self.precision, equilibria=found,
            status=status, advice=advice, facts=facts, every=every, path=path,
        )  # fmt: skip
        if status != "solved" and self.precision is None and answer.holds:
            return replace(answer, status="solved", advice=f"on the way to the limit, {status}; what was found holds")
        return answer

    def _one(self, key: str) -> TreeSolution:
        if key == "backward":
            return solve_backward(self.tree, progress=self.progress)
        if key == "zero-sum":
            return solve_zero_sum(self.tree, progress=self.progress)
        if key == "regret":
            from winset.solve.extensive.regret import solve_regret  # loads compiled code

            near = NASH * payoff_range(self.tree)
            return solve_regret(self.tree, accuracy=near, most_turns=MOST_TURNS, progress=self.progress)
        from winset.solve.extensive.by_subgame import solve_logit_by_subgame  # likewise
        from winset.solve.extensive.logit import MOST_STEPS, solve_logit

        most = MOST_STEPS if self.precision is not None else FAR_STEPS
        if key == "logit":
            return solve_logit(self.tree, precision=self.precision, most_steps=most, progress=self.progress)
        return solve_logit_by_subgame(self.tree, precision=self.precision, most_steps=most, progress=self.progress)

    def _certified(self, profile: Floats) -> TreeEquilibrium:
        certificate = certify_tree(self.tree, profile, precision=self.precision)
        return TreeEquilibrium(profile=profile, values=certificate.payoffs, certificate=certificate)

    def _exact(self, profile: tuple[Fraction, ...], values: tuple[Fraction, ...]) -> TreeEquilibrium:
        found = self._certified(np.array([float(p) for p in profile]))
        return replace(found, exact_profile=profile, exact_values=values)


_BETWEEN = "mixtures within a maximal Nash subset are equilibria too: there is no end of them"


def _advice(key: str, facts: Mapping[str, Any], found: TreeEquilibrium) -> str:
    most = OFF_PATH * payoff_range(found.certificate.tree)
    if key in ("zero-sum", "regret") and np.nanmax(found.certificate.agent_gain, initial=0.0) > most:
        return "off the path of play the strategies are not best answers to mistakes; they need not be"
    if key == "backward" and facts["indifferent"]:
        return (f"at {facts['indifferent']:,} nodes several actions are best, and the first of them is taken: there "
                "are other subgame-perfect equilibria")  # fmt: skip
    if key == "logit-by-subgame":
        return ("above subgames the branch may be another than that of the one path of the whole tree, where several "
                "equilibria exist at λ")  # fmt: skip
    return ""
