"""05: the war of attrition with obstinate types, on its tree, at a precision at which errors no longer show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from winset.base.errors import SolveError
from winset.certify.extensive import certify_tree
from winset.game.compile import compile_game
from winset.testing.canon._limits import Limit, limit_of
from winset.testing.canon._support import Sequences
from winset.testing.canon._tools import lasting, shelf
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery
from winset.tree.from_game import unfold
from winset.tree.tree import Floats

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
            tree = self.limit.tree
            self.by_rational = np.zeros(rounds)
            for h, label in enumerate(tree.set_label):
                if "if rational" in label:
                    self.by_rational[_move(label)] = self.limit.profile[tree.set_first[h]]
            if self.over < rounds - 2:
                break
            rounds *= 2

    @property
    def over(self) -> int:
        """Number of moves after which both have conceded for sure, if not obstinate."""
        sure = self.by_rational > 1 - SURE
        ends = [np.flatnonzero(sure[side::2]) for side in (0, 1)]
        return 1 + max(2 * int(end[0]) + side if len(end) else len(sure) for side, end in enumerate(ends))


def total(limit: Limit, move: int) -> float:
    """Probability that the mover concedes, obstinate or not, given that nobody has before."""
    tree, reached = limit.tree, limit.reached()
    here = np.array([_move(label) == move for label in tree.set_label])
    came = reached[(tree.infoset >= 0) & here[tree.infoset]].sum()
    gone = sum(
        reached[n] for n in range(1, tree.nodes)
        if here[tree.set_of[tree.arrived[n]]] and tree.action_label[tree.arrived[n]] == "concede"
    )  # fmt: skip
    return float(gone / came)


@lru_cache(maxsize=16)
def solved(given: tuple[tuple[str, float], ...]) -> War:
    """As `War`, kept."""
    return War(dict(given))


class Support:
    """A war of attrition by its support: from some move on both mix, and after some move all but the obstinate concede.

    The search is for the move after which they do: with too late a one, plans that keep the other indifferent have
    negative probabilities. The certificate is the judge of what is found.
    """

    def __init__(self, given: Mapping[str, float], *, rounds: int) -> None:
        tree = unfold(compile_game(lasting(shelf(ATTRITION), rounds), values=dict(given))).tree
        self.sequences, self.rounds = Sequences(tree), rounds
        self.move = np.array([_move(label) for label in tree.set_label])
        self.rational = np.array(["if rational" in label for label in tree.set_label])

    def solved(self) -> tuple[int, Limit]:
        """The first move that is mixed, and the equilibrium.

        Raises:
            SolveError: no support of this kind is one of an equilibrium.
        """
        for begin in (1, 0):
            low, high = 0, (self.rounds - 4) // 2
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._profile(begin, middle)[1] > -1e-12 else (low, middle)
            profile, _ = self._profile(begin, low)
            certificate = certify_tree(self.sequences.tree, profile)
            if certificate.sound and float(np.nanmax(certificate.agent_gain)) < 1e-9:
                tree = self.sequences.tree
                return begin, Limit(tree=tree, profile=profile, precision=np.inf, certificate=certificate)
        raise SolveError("no support of this kind is one of an equilibrium", None)

    def _profile(self, begin: int, pairs: int) -> tuple[Floats, float]:
        tree = self.sequences.tree
        concede = np.array([label == "concede" for label in tree.action_label])
        move, rational = self.move[tree.set_of], self.rational[tree.set_of]
        mixed = rational & (move >= begin) & (move < begin + 2 * pairs)
        over = rational & (move >= begin + 2 * pairs)
        return self.sequences.profile(~tree.is_chance & (mixed | (concede == over)))


def _move(label: str) -> int:
    """Counted from 0; -1 at chance's sets."""
    return int(label.split(":")[0].removeprefix("round ")) - 1 if label.startswith("round ") else -1


@answers("05B_convergence", scenario=ATTRITION)
def convergence(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """With ever shorter moves; fourteen units of time are enough for all but the obstinate to concede."""
    period = parameters["period"]
    given = {
        "demand_one": parameters["alpha1"], "demand_two": parameters["alpha2"], "first": 1.0,
        "obstinate_one": parameters["z1"], "obstinate_two": parameters["z2"],
        "patience_one": math.exp(-parameters["r1"] * period), "patience_two": math.exp(-parameters["r2"] * period),
    }  # fmt: skip
    begin, limit = Support(given, rounds=round(14 / period)).solved()
    at_two = 1 if begin == 1 else 2
    return {
        "initial concession of the weak player": total(limit, begin),
        "a*_2/(2*period) (hazard analogue)": total(limit, 1 + 2 * at_two) / (2 * period),
    }


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
        "total concession probability at the last move": total(war.limit, war.over - 1),
        "payoff of rational player 1": war.limit.payoff("one", "rational"),
        "payoff of rational player 2": war.limit.payoff("two", "rational"),
    }
    for move in range(4):
        mover = 1 + (move + war.first - 1) % 2
        out[f"total concession probability at move {move} (player {mover})"] = total(war.limit, move)
    return {quantity: out[quantity] for quantity in quantities}


CLOSED = """
Demands a1 and a2, obstinate with probability z1 and z2, discount factors d1 and d2 a move. Side i keeps the other, j,
indifferent if it concedes, obstinate or not, with probability

    a*_i = (1 - d_j^2) (1 - a_i) / (d_j a_j - d_j^2 (1 - a_i))

at each of its moves. The weak side w concedes at its first move so often that its reputation becomes
(1 - a*_w)^(M - 1); from then on both concede at a*. The other side's M-th move after that is its last: M is the first
index at which z_s / (1 - a*_s)^(M - 1) >= 1 - a*_s. The weak side is the second to move if this makes it concede at
least with a*_w, else the first. Derived for winset as the version in turns of Abreu and Gul's war of attrition.
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
    weak = [0.01, 0.03, 0.05, 0.07, 0.09, 0.11, 0.13, 0.15, 0.17, 0.19]
    fine = list(np.linspace(0.005, 0.2, 157))
    curves = []
    for strong in (0.1, 0.2):
        wars = [solved((("obstinate_one", strong), ("obstinate_two", z), ("first", 1.0))) for z in weak]
        exact = [max(rate, _closed(z, strong, rate)) for z in fine]
        name = f"side one is obstinate with probability {strong:g}"
        solved_points = [total(war.limit, 1) for war in wars]
        curves.append(Curve(x=weak, y=solved_points, exact_x=fine, exact_y=exact, name=name))
    return Figure(
        x_label="probability that side two is obstinate", y_label="how often side two concedes at its first move",
        curves=tuple(curves),
        caption="The weaker its own reputation and the stronger the other's, the more often a side gives in at once. "
        "Where the lines are flat, side one is the weak side and has conceded before.",
    )  # fmt: skip
