"""Games of the literature as trees, against their rules written down once more, slowly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from winset.tree.build import Branching, build, chance, move, pays
from winset.tree.games import leduc
from winset.tree.liars_dice import liars_dice
from winset.tree.tree import Tree


def dice_by_recursion(sides: int) -> Tree:
    """Liar's dice with one die each, node by node."""
    bids = [(number, face) for number in (1, 2) for face in range(1, sides + 1)]

    def play(dice: tuple[int, int], said: tuple[int, ...]) -> Branching:
        who, last = len(said) % 2, said[-1] if said else -1
        children = {f"{bids[k][0]}-{bids[k][1]}": play(dice, (*said, k)) for k in range(last + 1, len(bids))}
        if said:
            number, face = bids[last]
            true = sum(die in (face, sides) for die in dice) >= number
            first_wins = true == (who == 1)  # the bidder is the one who does not move now
            children["liar"] = pays(1, -1) if first_wins else pays(-1, 1)
        label = " ".join([str(dice[who]), *(f"{bids[k][0]}-{bids[k][1]}" for k in said)])
        return move(("First", "Second")[who], label, children)

    rolls = {f"{a}{b}": (a, b) for a in range(1, sides + 1) for b in range(1, sides + 1)}
    odds = dict.fromkeys(rolls, Fraction(1, sides**2))
    return build("dice", ("First", "Second"), chance(odds, {name: play(roll, ()) for name, roll in rolls.items()}))


@pytest.mark.parametrize("sides", [1, 2, 3, 4])
def test_liars_dice_is_what_its_rules_say(sides: int) -> None:
    fast, slow = liars_dice(sides), dice_by_recursion(sides)
    assert fast.nodes == 2 * sides**2 * 4**sides - sides**2 + 1
    assert np.array_equal(fast.player, slow.player) and np.array_equal(fast.first, slow.first)
    assert np.array_equal(fast.node_payoff(), slow.node_payoff())
    for n in np.flatnonzero(fast.player > 0):
        one, two = int(fast.infoset[n]), int(slow.infoset[n])
        assert fast.set_label[one] == slow.set_label[two]
    assert [fast.action_label[a] for a in fast.arrived[1:]] == [slow.action_label[a] for a in slow.arrived[1:]]
    assert fast.exact_chance is not None and fast.exact_chance[: sides**2] == (Fraction(1, sides**2),) * sides**2


@pytest.mark.parametrize("ranks", ["QK", "JQK", "9TJQK"])
def test_leduc_with_more_ranks(ranks: str) -> None:
    """Each rank at 6 histories of the first round; each pair of ranks at 6 behind 5 in the second."""
    tree, n = leduc(ranks), len(ranks)
    assert int(np.sum(tree.set_player > 0)) == 6 * n + 30 * n * n
    assert tree.title == "Leduc hold'em" if n == 3 else f"with {n} ranks" in tree.title
