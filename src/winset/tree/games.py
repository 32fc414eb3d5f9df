"""Games of the literature as trees, written from their published rules; numbers are kept as fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from winset.tree.build import Branching, build, chance, move, pays
from winset.tree.tree import Tree

FIRST, SECOND = "First", "Second"
_NAMES = (FIRST, SECOND)


def kuhn() -> Tree:
    """Kuhn poker (Kuhn 1950, "A simplified two-person poker").

    Three cards, one to each player, an ante of 1 and one bet of 1: the first player checks or bets, the second checks
    or bets after a check and folds or calls after a bet, and so does the first after check and bet. The higher card
    wins what both have paid. The value to the first player is -1/18.
    """
    cards = "JQK"

    def play(deal: str, done: str) -> Branching:
        winner = 1 if cards.index(deal[0]) > cards.index(deal[1]) else -1
        if done in ("cc", "bc", "cbc"):
            stake = 2 if "b" in done else 1
            return pays(winner * stake, -winner * stake)
        if done.endswith("f"):
            got = 1 if done == "bf" else -1
            return pays(got, -got)
        who = len(done) % 2
        choices = {"fold": "f", "call": "c"} if done.endswith("b") else {"check": "c", "bet": "b"}
        children = {label: play(deal, done + key) for label, key in choices.items()}
        return move(_NAMES[who], f"{deal[who]} {done}".strip(), children)

    deals = [a + b for a, b in product(cards, cards) if a != b]
    return build(
        "Kuhn poker",
        _NAMES,
        chance(dict.fromkeys(deals, Fraction(1, 6)), {d: play(d, "") for d in deals}),
        comment="Kuhn 1950. Value to the first player: -1/18.",
    )


def leduc(ranks: str = "JQK") -> Tree:
    """Leduc hold'em (Southey et al. 2005, "Bayes' bluff: opponent modelling in poker").

    Six cards, two each of three ranks; an ante of 1; one private card each. In each of two rounds the first player
    begins; a player checks or raises, and in answer to a raise folds, calls or, once in a round, raises again. Raises
    are of 2 in the first round and of 4 in the second, before which a card is laid open. Who pairs it wins, else the
    higher card; equal cards divide the pot. Suits mean nothing, so the tree deals ranks.

    Args:
        ranks: a letter for each, from the lowest; two cards of each are in the deck.
    """
    pairs = len(ranks) * (2 * len(ranks) - 1)
    deals = {a + b: Fraction(1 if a == b else 2, pairs) for a, b in product(ranks, ranks)}
    return build(
        "Leduc hold'em" if ranks == "JQK" else f"Leduc hold'em with {len(ranks)} ranks",
        _NAMES,
        chance(deals, {d: _betting(ranks, d, "", "", (1, 1), 0, 0) for d in deals}),
        comment="Southey et al. 2005. Value to the first player: -0.085606424078 (OpenSpiel's test of its "
        "sequence-form linear programme)."
        if ranks == "JQK"
        else "After Southey et al. 2005.",
    )


def _betting(ranks: str, deal: str, board: str, said: str, paid: tuple[int, int], who: int, raises: int) -> Branching:
    """Leduc hold'em where `who` is to act.

    Args:
        ranks: from the lowest.
        deal: the two private cards.
        board: the open card, "" in the first round.
        said: what was done in both rounds: k check, c call, r raise, a stroke between the rounds.
        paid: by each so far.
        who: 0 or 1.
        raises: made in this round.
    """
    other, owed = 1 - who, max(paid) - paid[who]
    even = (max(paid), max(paid))
    children: dict[str, Branching] = {}
    if owed:
        lost = paid[who] if who == 0 else -paid[who]
        children["fold"] = pays(-lost, lost)
        children["call"] = _round_over(ranks, deal, board, said + "c", even)
    elif said.endswith("k"):
        children["check"] = _round_over(ranks, deal, board, said + "k", even)
    else:
        children["check"] = _betting(ranks, deal, board, said + "k", paid, other, raises)
    if raises < 2:
        up = max(paid) + (4 if board else 2)
        more = (up, paid[1]) if who == 0 else (paid[0], up)
        children["raise"] = _betting(ranks, deal, board, said + "r", more, other, raises + 1)
    return move(_NAMES[who], f"{deal[who]}{board} {said}".strip(), children)


def _round_over(ranks: str, deal: str, board: str, said: str, paid: tuple[int, int]) -> Branching:
    """Both have paid alike: the open card is dealt, or the cards are compared."""
    if not board:
        left = {c: Fraction(2 - deal.count(c), 2 * len(ranks) - 2) for c in ranks if deal.count(c) < 2}
        return chance(left, {c: _betting(ranks, deal, c, said + "/", paid, 0, 0) for c in left})
    strength = [(ranks.index(c) + (len(ranks) if c == board else 0)) for c in deal]
    won = paid[0] * ((strength[0] > strength[1]) - (strength[0] < strength[1]))
    return pays(won, -won)
