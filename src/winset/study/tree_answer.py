"""`solve_game`: a game file solved by the method that fits it, with the reasons and the certificate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from winset.base.card import Card, Shown, Table, few
from winset.base.errors import SizeError, SolveError
from winset.certify.extensive import TreeCertificate, certify_tree
from winset.solve.extensive.all_equilibria import BUDGET, AllEquilibria, all_equilibria
from winset.solve.extensive.backward_induction import solve_backward
from winset.solve.extensive.by_subgame import solve_logit_by_subgame
from winset.solve.extensive.follow import payoff_range
from winset.solve.extensive.logit import solve_logit
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.study.tree_methods import BY_KEY, LOGIT, SMALL, Choice, choose, traits_of
from winset.tree.from_table import tree_of_table
from winset.tree.path import LogitPath
from winset.tree.solution import Progress, TreeSolution
from winset.tree.tree import CHANCE, Floats, NormalForm, Tree

NASH = 1e-6
"""Largest gain, as a share of the range of payoffs, with which a profile passes as a Nash equilibrium."""
LOGIT_RESIDUAL = 1e-8
"""Largest difference between a probability and the logit response with which a profile passes."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TreeEquilibrium:
    """One equilibrium.

    Attributes:
        profile: (A,) probability of every action, chance's included.
        values: (P,) what each player expects.
        exact_profile, exact_values: the same as fractions; None where they are known as floats only.
        certificate: what was measured on the profile.
    """

    profile: Floats
    values: Floats
    exact_profile: tuple[Fraction, ...] | None = None
    exact_values: tuple[Fraction, ...] | None = None
    certificate: TreeCertificate


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class GameSolution(Shown):
    """A game file solved.

    Attributes:
        game: what was given.
        tree: the same as a tree; of a table, one in which the players choose one after the other, unseen.
        method: key of the method.
        name: of the method, in words.
        why: why it was taken.
        others: (key, why not) of each other method; empty where the method was asked for.
        precision: λ of a logit equilibrium, else None.
        equilibria: what was found, at least one.
        status: "solved", or what was not reached.
        advice: what to do then; and what else the reader has to know.
        facts: counts and seconds of the method.
        every: with the method `all-equilibria`, the whole of its answer.
        path: the logit path, where one path was followed.
    """

    game: Tree | NormalForm
    tree: Tree
    method: str
    name: str
    why: str
    others: tuple[tuple[str, str], ...]
    precision: float | None
    equilibria: tuple[TreeEquilibrium, ...]
    status: str
    advice: str
    facts: Mapping[str, Any]
    every: AllEquilibria | None = None
    path: LogitPath | None = None

    @property
    def concept(self) -> str:
        """What kind of equilibrium: `logit equilibrium at λ = 2`, `Nash equilibrium`."""
        if self.precision is not None:
            return f"agent logit equilibrium at λ = {self.precision:g}"
        return "subgame-perfect equilibrium" if self.method == "backward" else "Nash equilibrium"

    @property
    def worst(self) -> float:
        """The largest error of any equilibrium: the logit residual, or what a player could gain by the range of payoffs."""
        if self.precision is not None:
            return max(e.certificate.residual for e in self.equilibria)
        gains = max(float(e.certificate.gain.max()) for e in self.equilibria)
        if self.method == "backward":
            gains = max(gains, *(float(np.nanmax(e.certificate.agent_gain, initial=0.0)) for e in self.equilibria))
        return max(gains, 0.0) / payoff_range(self.tree)

    @property
    def holds(self) -> bool:
        """Whether the certificate of every equilibrium passes."""
        most = NASH if self.precision is None else LOGIT_RESIDUAL
        return all(e.certificate.sound for e in self.equilibria) and self.worst <= most

    def verdict(self) -> str:
        """The certificate in one sentence."""
        many = len(self.equilibria) > 1
        what = f"each of the {len(self.equilibria)} is" if many else "this is"
        kind = ("an " if self.concept[0] == "a" else "a ") + self.concept
        if self.precision is not None:
            return f"{what} {'' if self.holds else 'NOT '}{kind}: probabilities are within {self.worst:.1e} of it"
        gain = max(float(e.certificate.gain.max()) for e in self.equilibria)
        told = "nobody gains anything by another strategy" if gain <= 0 else f"nobody gains more than {gain:.1e}"
        return f"{what} {'' if self.holds else 'NOT '}{kind}: {told}"

    def card(self) -> Card:
        """What it shows of itself: the method and why, the equilibria, the certificate."""
        tables = [Table(heading="Expected payoffs", columns=("", *map(_name, self._players())), rows=few(tuple(
            (str(k), *shown_values(e)) for k, e in enumerate(self.equilibria, 1)
        )))]  # fmt: skip
        for k, found in enumerate(self.equilibria[:3], 1):
            tables.append(Table(
                heading=f"Strategies of {k}" if len(self.equilibria) > 1 else "Strategies", columns=("at", ""),
                rows=few(tuple((self.tree.set_name(h), ", ".join(choice_words(self.tree, found, h)))
                               for h in player_sets(self.tree)[:40]), 12),
            ))  # fmt: skip
        if self.others:
            tables.append(Table(heading="Not taken", columns=("method", "because"), rows=self.others))
        return Card(
            title=f"{self.tree.title or 'a game without a title'}: {self.concept}",
            lines=(f"method: {self.name}, {self.why}", self.verdict()),
            tables=tuple(tables),
            notes=tuple(t for t in ("" if self.status == "solved" else self.status, self.advice) if t),
        )

    def _players(self) -> list[tuple[int, Tree]]:
        return [(i, self.tree) for i in range(1, len(self.tree.players) + 1)]


def _name(which: tuple[int, Tree]) -> str:
    return which[1].player_name(which[0])


def player_sets(tree: Tree) -> list[int]:
    """The information sets of players at which there is a choice."""
    return np.flatnonzero((tree.set_player != CHANCE) & (np.diff(tree.set_first) > 1)).tolist()


def shown_values(found: TreeEquilibrium) -> tuple[str, ...]:
    """What each player expects, as fractions where they are known and short."""
    exact = found.exact_values or (None,) * len(found.values)
    return tuple(shown(x, float(v)) for x, v in zip(exact, found.values, strict=True))


def shown(exact: Fraction | None, value: float) -> str:
    """A number as a short fraction or with six digits."""
    if exact is not None and len(text := str(exact)) <= 12:
        return text
    return f"{value:.6g}" if value == 0 or abs(value) >= 5e-7 else f"{value:.1e}"


def choice_words(tree: Tree, found: TreeEquilibrium, h: int) -> list[str]:
    """`check 2/3`, `bet 1/3`: what is done at a set, an action each."""
    begin, end = int(tree.set_first[h]), int(tree.set_first[h + 1])
    exact = found.exact_profile
    return [
        f"{tree.action_label[a] or a - begin + 1} {shown(exact[a] if exact else None, float(found.profile[a]))}"
        for a in range(begin, end)
    ]


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
    sequences. Two players with few strategies: all equilibria, in fractions. Otherwise, and wherever λ is given, the
    logit path; where many subgames would fold in it, a path in each of them.

    Args:
        game: as `read_game` gives it, or the tree of an `Unfolded`.
        method: `backward`, `zero-sum`, `all-equilibria`, `logit` or `logit-by-subgame` instead of the one that fits.
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
    return replace(choice, method=BY_KEY[key], why="the method before it failed", others=((choice.method, told), *others))


class _Work:
    """A game on its way through a method."""

    def __init__(
        self, game: Tree | NormalForm, tree: Tree, precision: float | None, progress: Progress | None, budget: int
    ) -> None:
        self.game, self.tree, self.precision, self.progress, self.budget = game, tree, precision, progress, budget

    def solved(self, choice: Choice) -> GameSolution:
        """The game by this method."""
        key, began = choice.method.key, time.perf_counter()
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
            advice = solution.advice or _advice(key, facts)
        facts["seconds"] = time.perf_counter() - began
        return GameSolution(
            game=self.game, tree=self.tree, method=key, name=choice.method.name, why=choice.why,
            others=tuple((m.key, why) for m, why in choice.others), precision=self.precision, equilibria=found,
            status=status, advice=advice, facts=facts, every=every, path=path,
        )  # fmt: skip

    def _one(self, key: str) -> TreeSolution:
        if key == "backward":
            return solve_backward(self.tree, progress=self.progress)
        if key == "zero-sum":
            return solve_zero_sum(self.tree, progress=self.progress)
        if key == "logit":
            return solve_logit(self.tree, precision=self.precision, progress=self.progress)
        return solve_logit_by_subgame(self.tree, precision=self.precision, progress=self.progress)

    def _certified(self, profile: Floats) -> TreeEquilibrium:
        certificate = certify_tree(self.tree, profile, precision=self.precision)
        return TreeEquilibrium(profile=profile, values=certificate.payoffs, certificate=certificate)

    def _exact(self, profile: tuple[Fraction, ...], values: tuple[Fraction, ...]) -> TreeEquilibrium:
        found = self._certified(np.array([float(p) for p in profile]))
        return replace(found, exact_profile=profile, exact_values=values)


_BETWEEN = "mixtures within a maximal Nash subset are equilibria too: there is no end of them"


def _advice(key: str, facts: Mapping[str, Any]) -> str:
    if key == "backward" and facts["indifferent"]:
        return (f"at {facts['indifferent']:,} nodes several actions are best, and the first of them is taken: there "
                "are other subgame-perfect equilibria")  # fmt: skip
    if key == "logit-by-subgame":
        return ("above subgames the branch may be another than that of the one path of the whole tree, where several "
                "equilibria exist at λ")  # fmt: skip
    return ""


__all__ = ["LOGIT", "GameSolution", "TreeEquilibrium", "solve_game"]
