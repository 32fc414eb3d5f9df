"""The reduced strategic form of a two-player tree, in fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from winset.tree.recall import Recall
from winset.tree.tree import CHANCE, Tree

Strategy = tuple[int, ...]
"""A pure strategy: the actions it takes at the sets that its own earlier actions leave open, in order of the sets."""
Table = list[list[tuple[Fraction, Fraction]]]


def pure_strategies(tree: Tree, player: int, memory: Recall, spend: Callable[[int], None]) -> list[Strategy]:
    """Strategies of a player (1 or 2), those alike wherever the player can come to counted once."""
    behind: dict[int, list[int]] = {}
    for h in range(tree.sets):
        if tree.set_player[h] == player:
            behind.setdefault(int(memory.before[h]), []).append(h)

    def grow(taken: Strategy, waiting: tuple[int, ...]) -> Iterator[Strategy]:
        stack = [(taken, waiting)]
        while stack:
            taken, waiting = stack.pop()
            spend(1)
            if not waiting:
                yield tuple(sorted(taken))
                continue
            h = waiting[0]
            for a in reversed(range(int(tree.set_first[h]), int(tree.set_first[h + 1]))):
                stack.append(((*taken, a), (*behind.get(a, ()), *waiting[1:])))

    return sorted(grow((), tuple(behind.get(-1, ()))))


def payoffs(
    tree: Tree, memory: Recall, strategies: tuple[list[Strategy], list[Strategy]], spend: Callable[[int], None]
) -> Table:
    """What each pair of strategies pays both, exactly."""
    weight = [Fraction(1)] * tree.nodes
    odds = tree.exact_chance or tuple(Fraction(float(p)) if p == p else None for p in tree.chance)
    pay = tree.exact_payoff or tuple(tuple(Fraction(float(x)) for x in row) for row in tree.payoff)
    own: list[list[frozenset[int]]] = [[frozenset()] * tree.nodes, [frozenset()] * tree.nodes]
    paid: list[tuple[frozenset[int], frozenset[int], Fraction, Fraction]] = []
    for n in range(tree.nodes):
        if n:
            up, a = int(tree.parent[n]), int(tree.arrived[n])
            who = int(tree.player[up])
            weight[n] = weight[up] * (odds[a] or 0) if who == CHANCE else weight[up]
            for i in (0, 1):
                own[i][n] = own[i][up] | {a} if who == i + 1 else own[i][up]
        if tree.outcome[n] >= 0 and weight[n]:
            one, two = pay[tree.outcome[n]]
            paid.append((own[0][n], own[1][n], weight[n] * one, weight[n] * two))
    sets = [[frozenset(s) for s in side] for side in strategies]
    table: Table = []
    for s in sets[0]:
        spend(len(paid))
        mine = [(second, u, v) for first, second, u, v in paid if first <= s]
        row = []
        for t in sets[1]:
            spend(len(mine))
            met = [(u, v) for second, u, v in mine if second <= t]
            row.append((sum((u for u, _ in met), Fraction(0)), sum((v for _, v in met), Fraction(0))))
        table.append(row)
    return table
