"""Whether arrays make a tree: every promise of `Tree`, tested at once, the problems said in its own words."""

from __future__ import annotations

import numpy as np

from winset.base.diagnostics import Collector
from winset.base.errors import ScenarioError
from winset.language.rules.catalogue import complete
from winset.tree.tree import CHANCE, TERMINAL, NormalForm, Tree

CLOSE = 1e-9
"""Probabilities kept as floats may miss 1 by this much."""


def checked(tree: Tree) -> Tree:
    """The tree itself, once it has been found sound.

    Raises:
        ScenarioError: it is not; all that is wrong is said, the later tests only where the earlier ones passed.
    """
    problems = Collector()
    for test in (_lengths, _shape, _sets, _probabilities, _numbers):
        test(tree, problems)
        if problems.errors:
            raise ScenarioError(map(complete, problems.errors))
    return tree


def _lengths(tree: Tree, problems: Collector) -> None:
    n, h, a, o, p = tree.nodes, tree.sets, tree.actions, len(tree.outcome_label), len(tree.players)
    wanted = {
        "infoset": (n,), "parent": (n,), "first": (n + 1,), "outcome": (n,), "set_number": (h,),
        "set_first": (h + 1,), "chance": (a,), "payoff": (o, p), "outcome_number": (o,),
    }  # fmt: skip
    for name, shape in wanted.items():
        if getattr(tree, name).shape != shape:
            problems.add("X901", f"`{name}` has shape {getattr(tree, name).shape}, not {shape}")
    counts = {"set_label": h, "node_label": n, "exact_chance": a, "exact_payoff": o}
    for name, number in counts.items():
        if getattr(tree, name) is not None and len(getattr(tree, name)) != number:
            problems.add("X901", f"`{name}` has {len(getattr(tree, name))} entries, not {number}")
    if not n:
        problems.add("X901", "a tree has a root", fix="give it at least one node")


def _shape(tree: Tree, problems: Collector) -> None:
    """Breadth-first order: parents, children and depths agree."""
    counts = np.diff(tree.first)
    if tree.first[0] != 1 or tree.first[-1] != tree.nodes or np.any(counts < 0):
        problems.add("X902", "the children of the nodes are not all nodes but the root, in order",
                     why="a tree is kept in breadth-first order")  # fmt: skip
        return
    parents = np.concatenate([[-1], np.repeat(np.arange(tree.nodes), counts)])
    if not np.array_equal(parents, tree.parent) or np.any(tree.parent >= np.arange(tree.nodes)):
        problems.add("X902", "`parent` and `first` disagree", why="a child's parent is the node that lists it")
        return
    ends = [0, 1]
    while ends[-1] < tree.nodes:
        ends.append(int(tree.first[ends[-1]]))
    if ends != list(tree.level):
        problems.add("X902", "`level` does not hold the depths of the nodes", why="passes go from level to level")
    if np.any((tree.player < TERMINAL) | (tree.player > len(tree.players))):
        who = int(np.flatnonzero((tree.player < TERMINAL) | (tree.player > len(tree.players)))[0])
        problems.add("X903", f"a node moved by nobody known: {tree.path_name(who)}" if not problems.errors else
                     "a node moved by nobody known", fix=f"the players are {', '.join(tree.players)}")  # fmt: skip
    if np.any((tree.player == TERMINAL) != (counts == 0)):
        problems.add("X903", "a node without actions at which somebody moves, or one with actions at which nobody does",
                     why="exactly the terminal nodes have no actions")  # fmt: skip


def _sets(tree: Tree, problems: Collector) -> None:
    inner = tree.player != TERMINAL
    if np.any(tree.infoset[~inner] != -1) or np.any(tree.infoset[inner] < 0) or np.any(tree.infoset >= tree.sets):
        problems.add("X904", "a node in an information set that is not there",
                     why="exactly the nodes at which somebody moves belong to a set")  # fmt: skip
        return
    sizes = np.diff(tree.set_first)
    if tree.set_first[0] != 0 or tree.set_first[-1] != tree.actions or np.any(sizes < 1):
        problems.add("X904", "`set_first` does not part the actions among the sets")
        return
    mine = tree.infoset[inner]
    wrong = tree.set_player[mine] != tree.player[inner]
    if np.any(wrong):
        problems.add("X905", f"the nodes of {tree.set_name(int(mine[wrong][0]))} have different players",
                     why="whoever moves knows that it moves")  # fmt: skip
    wrong = sizes[mine] != np.diff(tree.first)[inner]
    if np.any(wrong):
        problems.add("X905", f"the nodes of {tree.set_name(int(mine[wrong][0]))} differ in their number of actions",
                     why="who cannot tell nodes apart has the same actions at all of them")  # fmt: skip
    empty = np.setdiff1d(np.arange(tree.sets), mine)
    if len(empty):
        problems.add("X904", f"no node belongs to {tree.set_name(int(empty[0]))}", fix="leave the set out")
    keys = set(zip(tree.set_player.tolist(), tree.set_number.tolist(), strict=True))
    if len(keys) < tree.sets:
        problems.add("X904", "two information sets of a player have the same number")


def _probabilities(tree: Tree, problems: Collector) -> None:
    chance = tree.is_chance
    if np.any(np.isnan(tree.chance) == chance) or np.any(tree.chance[chance] < 0):
        problems.add("X906", "chance's actions have probabilities of 0 or more, and no other action has one")
        return
    sums = np.zeros(tree.sets)
    np.add.at(sums, tree.set_of[chance], tree.chance[chance])
    exact = tree.exact_chance
    for h in np.flatnonzero(tree.set_player == CHANCE):
        whole = sum(p for p in exact[tree.set_first[h] : tree.set_first[h + 1]] if p is not None) if exact else None
        if whole != 1 if whole is not None else abs(sums[h] - 1) > CLOSE:
            total = sums[h] if whole is None else whole
            problems.add("X906", f"the probabilities of {tree.set_name(int(h))} add up to {total}, not 1",
                         fix="change them, or add the branch that is missing")  # fmt: skip
            return


def _numbers(tree: Tree, problems: Collector) -> None:
    if np.any(tree.outcome < -1) or np.any(tree.outcome >= len(tree.outcome_label)):
        problems.add("X907", "a node has an outcome that is not there")
    if not np.all(np.isfinite(tree.payoff)):
        problems.add("X907", "a payoff is not a finite number")
    if len(set(tree.outcome_number.tolist())) < len(tree.outcome_number) or np.any(tree.outcome_number < 1):
        problems.add("X907", "outcomes have numbers from 1, each its own")


def checked_table(table: NormalForm) -> NormalForm:
    """The normal form itself, once it has been found sound.

    Raises:
        ScenarioError: it is not.
    """
    problems = Collector()
    if len(table.strategies) != len(table.players) or not table.players or not all(table.strategies):
        problems.add("X908", "each player has at least one strategy")
    elif table.payoff.shape != (len(table.players), *table.shape):
        problems.add("X908", f"`payoff` has shape {table.payoff.shape}, not {(len(table.players), *table.shape)}")
    elif not np.all(np.isfinite(table.payoff)):
        problems.add("X908", "a payoff is not a finite number")
    elif table.exact_payoff is not None and len(table.exact_payoff) != table.payoff.size:
        problems.add("X908", "`exact_payoff` and `payoff` differ in length")
    elif table.outcome is not None and table.outcome.shape != table.shape:
        problems.add("X908", f"`outcome` has shape {table.outcome.shape}, not {table.shape}")
    if problems.errors:
        raise ScenarioError(map(complete, problems.errors))
    return table
