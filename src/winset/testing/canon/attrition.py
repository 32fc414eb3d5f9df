"""05: the war of attrition with obstinate types, on its tree, at a precision at which errors no longer show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from winset.game.compile import compile_game
from winset.testing.canon._limits import Limit, limit_of
from winset.testing.canon._tools import lasting, shelf
from winset.testing.registry import answers
from winset.tree.from_game import unfold

ATTRITION = "textbook/attrition"
BEGIN, FAR = 200.0, 1e11
SURE = 1e-6
"""Who concedes with probability 1 but for this concedes."""


class War:
    """A war of attrition solved, with as many rounds as it takes for all who are not obstinate to concede."""

    def __init__(self, given: Mapping[str, float], *, begin: float = BEGIN, rounds: int = 20) -> None:
        self.first = int(given["first"])
        while True:
            game = compile_game(lasting(shelf(ATTRITION), rounds), values=dict(given))
            self.limit: Limit = limit_of(unfold(game).tree, begin=begin, far=FAR)
            tree, reached = self.limit.tree, self.limit.reached()
            self.here, self.conceded = np.zeros(rounds), np.zeros(rounds)
            self.by_rational = np.zeros(rounds)
            for h in np.flatnonzero(tree.set_player > 0):
                move = int(tree.set_label[h].split(":")[0].removeprefix("round ")) - 1
                share = float(self.limit.profile[tree.set_first[h]])
                weight = float(reached[tree.infoset == h].sum())
                self.here[move] += weight
                self.conceded[move] += weight * share
                if " if rational" in tree.set_label[h]:
                    self.by_rational[move] = share
            if self.over < rounds - 2:
                break
            rounds *= 2

    @property
    def over(self) -> int:
        """Number of moves after which both have conceded for sure, if not obstinate."""
        sure = self.by_rational > 1 - SURE
        return 1 + max(int(np.argmax(sure[side::2])) * 2 + side if sure[side::2].any() else len(sure) for side in (0, 1))

    def total(self, move: int) -> float:
        """Probability that the mover concedes, obstinate or not, given that nobody has before."""
        return float(self.conceded[move] / self.here[move])


@lru_cache(maxsize=16)
def solved(given: tuple[tuple[str, float], ...]) -> War:
    """As `War`, kept."""
    return War(dict(given))


@answers("05B_discrete_attrition", scenario=ATTRITION)
def discrete(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Concessions by move, payoffs, and how long it takes."""
    war = solved((
        ("demand_one", parameters["alpha1"]), ("demand_two", parameters["alpha2"]), ("first", parameters["first_mover"]),
        ("obstinate_one", parameters["z1"]), ("obstinate_two", parameters["z2"]),
        ("patience_one", parameters["d1"]), ("patience_two", parameters["d2"]),
    ))  # fmt: skip
    out = {
        "number of moves until both rational types have conceded": float(war.over),
        "total concession probability at the last move": war.total(war.over - 1),
        "payoff of rational player 1": war.limit.payoff("one", "rational"),
        "payoff of rational player 2": war.limit.payoff("two", "rational"),
    }
    for move in range(4):
        mover = 1 + (move + war.first - 1) % 2
        out[f"total concession probability at move {move} (player {mover})"] = war.total(move)
    return {quantity: out[quantity] for quantity in quantities}
