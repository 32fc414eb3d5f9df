"""Liar's dice with one die each, at any number of sides: a game of the literature that grows as large as one likes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from winset.tree.checks import checked
from winset.tree.tree import CHANCE, TERMINAL, Ints, Tree


def liars_dice(sides: int) -> Tree:
    """Liar's dice with one die each (the rules of Lisý, Lanctot and Bowling 2015, and of OpenSpiel's `liars_dice`).

    Each sees its own die. In turn they bid on both: so many dice of such a face, every bid higher than the last one, in
    number or else in face; or they call the last bidder a liar. The highest face stands for every other. The bidder
    wins if there are as many dice as it said, else the one who called; 1 is won and lost. What follows a roll is the
    same for all rolls, so the tree is made level by level, without recursion: 2 sides² · 4^sides nodes and one less
    for each pair of dice, and the roll.

    Args:
        sides: of a die, 1 or more.
    """
    bids, pairs = 2 * sides, sides * sides
    mine = np.arange(pairs) // sides, np.arange(pairs) % sides
    bid_name = [f"{q}-{f}" for q in (1, 2) for f in range(1, sides + 1)]
    last, said = np.array([-1]), [""]
    before = last
    players, infoset, counts, outcome = [np.array([CHANCE])], [np.array([0])], [np.array([pairs])], [np.array([-1])]
    owner, sizes, set_label = [np.array([CHANCE])], [np.array([pairs])], ["roll"]
    actions = [f"{a + 1}{b + 1}" for a, b in zip(*mine, strict=True)]
    known = 1
    for depth in range(bids + 2):  # `last` (histories,) the last bid of each, `bids` once it has been doubted
        who = depth % 2
        done = last == bids
        size = np.where(done, 0, bids - 1 - last + (last >= 0))
        rank = np.cumsum(~done) - 1
        open_ = int(np.sum(~done))
        players.append(np.tile(np.where(done, TERMINAL, 1 + who), pairs))
        infoset.append(np.where(np.tile(done, pairs), -1, (known + mine[who][:, None] * open_ + rank).ravel()))
        counts.append(np.tile(size, pairs))
        outcome.append(_outcomes(done, before, who, sides, mine).ravel())
        owner.append(np.full(sides * open_, 1 + who))
        sizes.append(np.tile(size[~done], sides))
        texts = [said[i] for i in np.flatnonzero(~done)]
        set_label += [f"{die}{text}" for die in range(1, sides + 1) for text in texts]
        rows = [bid_name[b + 1 :] + (["liar"] if b >= 0 else []) for b in last[~done].tolist()]
        actions += [name for row in rows for name in row] * sides
        known += sides * open_
        parent = np.repeat(np.arange(len(last)), size)
        place = np.arange(len(parent)) - np.repeat(np.cumsum(size) - size, size)
        before, last = last[parent], last[parent] + 1 + place
        if not len(last):
            break
        said = [
            f"{said[p]} {bid_name[b]}" if b < bids else "" for p, b in zip(parent.tolist(), last.tolist(), strict=True)
        ]
    return checked(_assembled(sides, players, infoset, counts, outcome, owner, sizes, set_label, actions))


def _outcomes(done: Ints, bid: Ints, who: int, sides: int, mine: tuple[Ints, Ints]) -> Ints:
    """(pairs of dice, histories): 0 where the first wins, 1 where the second does, -1 where play goes on."""
    number, face = 1 + bid // sides, bid % sides
    count = sum(((die[:, None] == face) | (die[:, None] == sides - 1)).astype(np.int64) for die in mine)
    bidder = who  # the caller has just moved, the bidder before it: who would be next
    return np.where(done, np.where(count >= number, bidder, 1 - bidder), -1)


def _assembled(
    sides: int, players: list[Ints], infoset: list[Ints], counts: list[Ints], outcome: list[Ints], owner: list[Ints],
    sizes: list[Ints], set_label: list[str], actions: list[str],
) -> Tree:  # fmt: skip
    counted, who, pairs = np.concatenate(counts), np.concatenate(owner), sides * sides
    number = np.zeros(len(who), dtype=np.int64)
    for i in range(3):
        number[who == i] = np.arange(1, np.sum(who == i) + 1)
    chance = np.full(len(actions), np.nan)
    chance[:pairs] = 1.0 / pairs
    one = Fraction(1)
    return Tree(
        title=f"Liar's dice, one die of {sides} sides each",
        players=("First", "Second"),
        player=np.concatenate(players).astype(np.int32),
        infoset=np.concatenate(infoset).astype(np.int32),
        parent=np.concatenate([[-1], np.repeat(np.arange(len(counted)), counted)]).astype(np.int32),
        first=1 + np.concatenate([[0], np.cumsum(counted)]).astype(np.int64),
        level=np.concatenate([[0], np.cumsum([len(level) for level in players])]).astype(np.int64),
        outcome=np.concatenate(outcome).astype(np.int32),
        set_player=who.astype(np.int32),
        set_number=number,
        set_label=tuple(set_label),
        set_first=np.concatenate([[0], np.cumsum(np.concatenate(sizes))]).astype(np.int64),
        action_label=tuple(actions),
        chance=chance,
        payoff=np.array([[1.0, -1.0], [-1.0, 1.0]]),
        outcome_label=("First wins", "Second wins"),
        outcome_number=np.array([1, 2], dtype=np.int64),
        exact_chance=(Fraction(1, pairs),) * pairs + (None,) * (len(actions) - pairs),
        exact_payoff=((one, -one), (-one, one)),
    )
