"""05: the war of attrition with obstinate types, on its tree, at a precision at which errors no longer show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from winset.game.compile import compile_game
from winset.testing.canon._limits import Limit, limit_of
from winset.testing.canon._tools import lasting, shelf
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery
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
        ends = [np.flatnonzero(sure[side::2]) for side in (0, 1)]
        return 1 + max(2 * int(end[0]) + side if len(end) else len(sure) for side, end in enumerate(ends))

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
        ("demand_one", parameters["alpha1"]), ("demand_two", parameters["alpha2"]),
        ("first", parameters["first_mover"]),
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


CLOSED = """
Demands a1 and a2, obstinate with probability z1 and z2, discount factors d1 and d2 a move. Side i keeps the other, j,
indifferent if it concedes, obstinate or not, with probability

    a*_i = (1 - d_j^2) (1 - a_i) / (d_j a_j - d_j^2 (1 - a_i))

at each of its moves. The weak side w concedes at its first move so often that its reputation becomes
(1 - a*_w)^(M - 1); from then on both concede at a*. The other side's M-th move after that is its last: M is the first
index at which z_s / (1 - a*_s)^(M - 1) >= 1 - a*_s. Derived for winset as the version in turns of Abreu and Gul's war
of attrition; the jumps come from M.
"""


def _rate(d_other: float, demand: float, demand_other: float) -> float:
    return (1 - d_other**2) * (1 - demand) / (d_other * demand_other - d_other**2 * (1 - demand))


def _closed(z_weak: float, z_strong: float, rate: float) -> float:
    last = next(m for m in range(1, 1000) if z_strong / (1 - rate) ** (m - 1) >= 1 - rate)
    return 1 - z_weak / (1 - rate) ** (last - 1)


@gallery(ATTRITION, closed_form=CLOSED, models=("05B_discrete_attrition", "05B_convergence"))
def picture() -> Figure:
    """Who gives in first, and how often, by reputation."""
    rate = _rate(0.9, 0.6, 0.6)
    weak = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08]
    fine = list(np.linspace(0.005, 0.085, 161))
    curves = []
    for strong in (0.1, 0.2):
        wars = [solved((("obstinate_one", strong), ("obstinate_two", z), ("first", 1.0))) for z in weak]
        curves.append(Curve(
            x=weak, y=[war.total(1) for war in wars], exact_x=fine,
            exact_y=[_closed(z, strong, rate) for z in fine], name=f"side one is obstinate with probability {strong:g}",
        ))  # fmt: skip
    return Figure(
        x_label="probability that side two is obstinate", y_label="how often side two concedes at its first move",
        curves=tuple(curves),
        caption="The weaker its own reputation and the stronger the other's, the more often a side gives in at once.",
    )  # fmt: skip
