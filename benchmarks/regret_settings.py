"""The settings of the regret minimiser: turns to each accuracy on games of several kinds, by setting.

    python benchmarks/regret_settings.py

Turns do not depend on the machine. A game in which a setting does not come there within the turns allowed counts as
twice as many. Decision 13 in the docs quotes the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from winset.solve.extensive.regret import FORESIGHT, FORGET, OFTEN, RECENT
from winset.solve.extensive.regret_passes import could_gain, learner, take_turns
from winset.solve.extensive.sequences import paid_at, zero_sum_sides
from winset.tree.games import kuhn, leduc
from winset.tree.liars_dice import liars_dice
from winset.tree.random_trees import random_talks, random_tree
from winset.tree.tree import Tree

ACCURACIES = (1e-2, 1e-3, 1e-4, 1e-5)
NONE = 60.0
"""A discount so near 1 that it is none."""
SETTINGS = {  # (forget, recent, foresight)
    "CFR+": (NONE, 1.0, 0.0),
    "CFR+, later plans weighted more": (NONE, 2.0, 0.0),
    "CFR+, discounted": (1.5, 4.0, 0.0),
    "predictive": (NONE, 2.0, 1.0),
    "predictive, later plans weighted more": (NONE, 5.0, 1.0),
    "predictive, discounted": (2.3, 5.0, 1.0),
    "half predictive, discounted": (2.3, 5.0, 0.5),
    "a third predictive": (NONE, 5.0, 1 / 3),
    "a third predictive, discounted (ours)": (FORGET, RECENT, FORESIGHT),
    "a quarter predictive, discounted": (2.3, 5.0, 1 / 4),
    "a fifth predictive, discounted": (2.3, 5.0, 1 / 5),
    "a third predictive, discounted less": (3.0, 5.0, 1 / 3),
    "a third predictive, discounted, later plans weighted more": (2.3, 7.0, 1 / 3),
}


def zero_sum(tree: Tree) -> Tree:
    """The second player gets what the first loses."""
    return replace(tree, payoff=np.stack([tree.payoff[:, 0], -tree.payoff[:, 0]], axis=1))


def games() -> Iterator[Tree]:
    """Poker, dice, random trees, talks with private types."""
    yield kuhn()
    yield leduc()
    yield leduc("89TJQK")
    yield liars_dice(3)
    yield liars_dice(4)
    yield liars_dice(5)
    for seed in (1, 2):
        yield zero_sum(random_tree(seed, nodes=20_000, together=20))
        yield zero_sum(random_talks(seed, types=6, actions=2, rounds=8))


def turns(tree: Tree, setting: tuple[float, float, float], most: int) -> list[int]:
    """Turns to each accuracy; twice as many as are allowed where it does not come there."""
    sides, last = zero_sum_sides(tree)
    at, paid = paid_at(tree, sides, last)
    one, two = learner(sides[0], at, paid[:, 0], None), learner(sides[1], at[::-1], -paid[:, 0], None)
    done, reached = 0, dict.fromkeys(ACCURACIES, 2 * most)
    while done < most and reached[ACCURACIES[-1]] > most:
        goal = max(done + 1, int(done * OFTEN))
        take_turns(one, two, done + 1, goal + 1, *setting)
        done = goal
        gain = could_gain(one, two)
        reached = {a: min(n, done) if gain <= a else n for a, n in reached.items()}
    return list(reached.values())


def main() -> None:
    """Prints the table: geometric means over the games."""
    trees = list(games())
    print("| setting | " + " | ".join(f"{a:g}" for a in ACCURACIES) + " |")
    print("| --- |" + " ---: |" * len(ACCURACIES))
    for name, setting in SETTINGS.items():
        found = [turns(tree, setting, 20_000 if tree.nodes < 10_000 else 5_000) for tree in trees]
        means = [math.exp(sum(math.log(row[k]) for row in found) / len(found)) for k in range(len(ACCURACIES))]
        print(f"| {name} | " + " | ".join(f"{m:,.0f}" for m in means) + " |", flush=True)


if __name__ == "__main__":
    main()
