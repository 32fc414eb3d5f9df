"""Games for tests of trees: a few by hand from textbooks, and random ones from a seed."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

from winset.tree.build import Branching, build, chance, ends, move, pays
from winset.tree.tree import Tree

CARD = """EFG 2 R "One card \\"poker\\" \\ Myerson" { "Fred" "Alice" }
"after Myerson 1991 section 2.1"
c "" 1 "deal" { "Red" 1/2 "Black" .5 } 0
p "" 1 1 "red" { "Raise" "Fold" } 7 "ante" { 0.1, 1e-7 }
p "" 2 1 "" { "Meet" "Pass" } 0
t "" 1 "Win Big" { 2, -2 }
t "x" 2 "Win" { 1, -1 }
t "" 2
p "" 1 2 "black" { "Raise" "Fold" } 0
p "" 2 1 0
t "" 3 "Lose Big" { -2 2 }
t "" 2 "Win" { 1, -1 }
t "" 4 "Lose" { -1, 1/3 }
"""


def card() -> Tree:
    """One-card poker after Myerson 1991, figure 2.2: an ante of 1, a raise of 1."""
    return build(
        "one card",
        ["Fred", "Alice"],
        chance(
            {"red": "1/2", "black": "1/2"},
            red=move("Fred", "red", raise_=_meet(2), fold=pays(1, -1)),
            black=move("Fred", "black", raise_=_meet(-2), fold=pays(-1, 1)),
        ),
    )


def _meet(stake: int) -> Branching:
    return move("Alice", "raised", meet=pays(stake, -stake), pass_=pays(1, -1))


def absent_minded() -> Tree:
    """The absent-minded driver of Piccione and Rubinstein 1997: exit at once 0, at the second 4, never 1."""
    second = move("driver", "junction", exit=pays(4), stay=pays(1))
    return build("driver", ["driver"], move("driver", "junction", exit=pays(0), stay=second))


def forgetful() -> Tree:
    """A player that forgets its own first choice."""

    def later(a: int, b: int) -> Branching:
        return move("Ann", "later", left=pays(a, 0), right=pays(b, 0))

    return build("forgets", ["Ann", "Bob"], move("Ann", "first", up=later(1, 0), down=later(0, 1)))


def random_tree(seed: int, *, depth: int = 5, players: int = 2, exact: bool = True, inner: bool = True) -> Tree:
    """A random tree with perfect recall: each mover sees its own moves and a random part of the others'."""
    rng = random.Random(seed)
    names = [f"P{i}" for i in range(1, players + 1)]
    names_of: dict[object, int] = {}
    width: dict[tuple[str, tuple[object, ...]], int] = {}  # actions at a set, by its mover and what it knows

    def number() -> Fraction | float:
        return Fraction(rng.randint(-30, 30), rng.choice([1, 1, 2, 3, 7])) if exact else rng.uniform(-3, 3)

    def node(d: int, seen: dict[str, tuple[object, ...]]) -> Branching:
        if d == depth or (d > 1 and rng.random() < 0.15):
            return pays(*(number() for _ in names)) if rng.random() < 0.95 else ends()
        who = rng.choice([*names, "chance"]) if d else rng.choice(["chance", names[0]])
        count = width.get((who, seen.get(who, ())), rng.randint(1, 3))
        if who == "chance":
            cut = sorted(rng.sample(range(1, 60), count - 1))
            parts = [b - a for a, b in zip([0, *cut], [*cut, 60], strict=True)]
            odds = {f"c{i}": Fraction(p, 60) if exact else p / 60 for i, p in enumerate(parts)}
            shown = {name for name in names if rng.random() < 0.5}
            children = {a: node(d + 1, {n: (*s, (d, a)) if n in shown else s for n, s in seen.items()}) for a in odds}
            made = chance(odds, children)
        else:
            width[who, seen[who]] = count
            shown = {name for name in names if name == who or rng.random() < 0.4}
            children = {
                f"a{i}": node(d + 1, {n: (*s, (d, who, i)) if n in shown else s for n, s in seen.items()})
                for i in range(count)
            }
            made = move(who, f"s{names_of.setdefault((who, seen[who]), len(names_of))}", children)
        return made.paying(*(number() for _ in names)) if inner and rng.random() < 0.2 else made

    return build(f"random {seed}", names, node(0, dict.fromkeys(names, ())))


def play_out(tree: Tree, profile: list[Fraction] | list[float], node: int = 0) -> list[Fraction | float]:
    """Expected payoffs from a node on, in plain loops and in the numbers given."""
    paid: list[Fraction | float] = [Fraction(0)] * len(tree.players)
    if tree.outcome[node] >= 0:
        row = tree.exact_payoff[tree.outcome[node]] if tree.exact_payoff else tree.payoff[tree.outcome[node]].tolist()
        paid = list(row)
    for place, child in enumerate(range(tree.first[node], tree.first[node + 1])):
        p = profile[int(tree.set_first[tree.infoset[node]]) + place]
        paid = [a + p * b for a, b in zip(paid, play_out(tree, profile, child), strict=True)]
    return paid


def best_by_trying(tree: Tree, profile: list[Fraction] | list[float], player: int) -> Fraction | float:
    """The most a player can get against the others: every pure strategy is tried."""
    own = [h for h in range(tree.sets) if tree.set_player[h] == player]
    found = []
    for choice in product(*(range(tree.set_first[h], tree.set_first[h + 1]) for h in own)):
        tried = list(profile)
        for h, a in zip(own, choice, strict=True):
            tried[tree.set_first[h] : tree.set_first[h + 1]] = [
                Fraction(int(b == a)) for b in range(tree.set_first[h], tree.set_first[h + 1])
            ]
        found.append(play_out(tree, tried)[player - 1])
    return max(found)


def random_profile(tree: Tree, seed: int) -> list[Fraction]:
    """A profile in fractions; chance by its own law. Some actions are never played."""
    rng = random.Random(seed)
    out: list[Fraction] = []
    for h in range(tree.sets):
        span = range(tree.set_first[h], tree.set_first[h + 1])
        if tree.set_player[h] == 0:
            assert tree.exact_chance is not None
            out += [tree.exact_chance[a] or Fraction(0) for a in span]
            continue
        weights = [rng.choice([0, 1, 2, 5]) for _ in span]
        weights[rng.randrange(len(weights))] += 1
        out += [Fraction(w, sum(weights)) for w in weights]
    return out
