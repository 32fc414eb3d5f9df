"""Games whose logit paths are compared: published ones, built from their descriptions, and random ones from seeds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import permutations

from oracles.trees import card
from winset.tree.build import Branching, build, chance, move, pays
from winset.tree.random_trees import random_tree
from winset.tree.tree import Tree


def asymmetric_matching_pennies(x: int) -> Tree:
    """Ochs 1995; McKelvey and Palfrey 1995: UL (x, 0), UR (0, 1), DL (0, 1), DR (1, 0)."""

    def column(left: tuple[int, int], right: tuple[int, int]) -> Branching:
        return move("column", "column", L=pays(*left), R=pays(*right))

    root = move("row", "row", U=column((x, 0), (0, 1)), D=column((0, 1), (1, 0)))
    return build(f"asymmetric matching pennies {x}", ["row", "column"], root)


def centipede(moves: int) -> Tree:
    """McKelvey and Palfrey 1992: piles 0.40 and 0.10, doubled at each pass; the mover may take the larger."""
    players = ["one", "two"]

    def pile(k: int) -> tuple[float, float]:
        large, small = 0.4 * 2**k, 0.1 * 2**k
        return (large, small) if k % 2 == 0 else (small, large)

    node = pays(*pile(moves))
    for k in reversed(range(moves)):
        node = move(players[k % 2], f"move {k + 1}", take=pays(*pile(k)), pass_=node)
    return build(f"centipede of {moves} moves", players, node)


def chain_store(sequential: bool) -> Tree:
    """Selten 1978; McKelvey and Palfrey 1998, figure 1: out (2, 2); entry, then fight (0, 0) or acquiesce (3, 1).

    In the strategic form the incumbent chooses without having seen whether there is an entrant."""
    entry = move("incumbent", "incumbent", F=pays(0, 0), A=pays(3, 1))
    out = pays(2, 2) if sequential else move("incumbent", "incumbent", F=pays(2, 2), A=pays(2, 2))
    return build("chain store", ["entrant", "incumbent"], move("entrant", "entrant", N=out, E=entry))


def beer_quiche(strong: str) -> Tree:
    """Cho and Kreps 1987: 1 for the breakfast a type likes, 2 for no duel; the other wants to duel with the weak."""

    def breakfast(likes: str, weak: bool) -> dict[str, Branching]:
        made = {}
        for b in ("beer", "quiche"):
            duel, leave = pays(int(b == likes), int(weak)), pays(int(b == likes) + 2, int(not weak))
            made[b] = move("receiver", b, duel=duel, leave=leave)
        return made

    return build(
        f"beer or quiche, {strong}",
        ["sender", "receiver"],
        chance(
            {"strong": strong, "weak": 1 - Fraction(strong)},
            strong=move("sender", "strong", breakfast("beer", False)),
            weak=move("sender", "weak", breakfast("quiche", True)),
        ),
    )


def horse() -> Tree:
    """Selten 1975: the horse."""
    third = [move("3", "3", L=pays(*a), R=pays(*b)) for a, b in (((3, 2, 2), (0, 0, 0)), ((4, 4, 0), (0, 0, 1)))]
    return build(
        "the horse of Selten", ["1", "2", "3"],
        move("1", "1", D=third[0], C=move("2", "2", d=third[1], c=pays(1, 1, 1))),
    )  # fmt: skip


def kuhn() -> Tree:
    """Kuhn 1950: poker with three cards, ante 1, bet 1."""

    def after(one: int, two: int) -> Branching:
        sign = 1 if one > two else -1

        def show(stake: int) -> Branching:
            return pays(sign * stake, -sign * stake)

        answer = move("one", f"{one} pass bet", fold=pays(-1, 1), call=show(2))
        passed = move("two", f"{two} after pass", pass_=show(1), bet=answer)
        bet = move("two", f"{two} after bet", fold=pays(1, -1), call=show(2))
        return move("one", f"{one}", pass_=passed, bet=bet)

    deals = list(permutations((1, 2, 3), 2))
    odds = {f"{a}{b}": "1/6" for a, b in deals}
    return build("Kuhn poker", ["one", "two"], chance(odds, {f"{a}{b}": after(a, b) for a, b in deals}))


def who_moves_first() -> Tree:
    """A set with nodes at two depths: neither player learns who was drawn to move first."""

    def second(who: str, a: int) -> Branching:
        return move(who, who, left=pays(a, 2 - a), right=pays(3 - a, a + 1))

    def first(who: str, other: str, shift: int) -> Branching:
        return move(who, who, left=second(other, shift), right=second(other, 2 - shift))

    return build("who moves first", ["A", "B"],
                 chance({"A": "2/3", "B": "1/3"}, A=first("A", "B", 0), B=first("B", "A", 3)))  # fmt: skip


def trust() -> Tree:
    """Trust in an unknown trustee with payments on the way: outcomes at inner nodes."""

    def trustee(kind: str, temptation: int) -> Branching:
        node = move("trustee", kind, honour=pays(15, 10), betray=pays(-5, temptation))
        return move("truster", "truster", keep=pays(5, 0), send=node.paying(-1, 1))

    return build("trust", ["truster", "trustee"],
                 chance({"good": "0.3", "bad": "0.7"}, good=trustee("good", 6), bad=trustee("bad", 20)))  # fmt: skip


PUBLISHED: dict[str, Callable[[], Tree]] = {
    "pennies-9": partial(asymmetric_matching_pennies, 9),
    "pennies-4": partial(asymmetric_matching_pennies, 4),
    "centipede-4": partial(centipede, 4),
    "centipede-6": partial(centipede, 6),
    "chain-store": partial(chain_store, True),
    "chain-store-strategic": partial(chain_store, False),
    "beer-quiche-0.9": partial(beer_quiche, "9/10"),
    "beer-quiche-0.4": partial(beer_quiche, "2/5"),
    "horse": horse,
    "kuhn": kuhn,
    "card": card,
    "who-moves-first": who_moves_first,
    "trust": trust,
}

RANDOM: dict[str, Callable[[], Tree]] = {
    f"random-{seed}": partial(
        random_tree, seed, nodes=30 + 3 * seed, players=2 + seed % 2, together=2 + seed % 4, chance=0.05 * (seed % 4)
    )
    for seed in range(24)
}
GAMES = PUBLISHED | RANDOM

FOLDED: dict[str, Callable[[], Tree]] = {
    "folded-47": partial(random_tree, 47, nodes=37, players=3, together=4, chance=0.1),
    "folded-229": partial(random_tree, 229, nodes=59, players=3, together=6, chance=0.1),
}
"""Games whose principal branch folds before λ = 15."""
