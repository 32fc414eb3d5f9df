"""06: the chain store, on its tree, at a precision at which errors no longer show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from winset.game.compile import compile_game
from winset.testing.canon._limits import Limit, crossing, limit_of
from winset.testing.canon._tools import lasting, shelf
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery
from winset.tree.from_game import unfold

CHAIN = "textbook/chain-store"
BEGIN = 60.0
"""λ at which the tree's path is left; the first entrants then enter or stay out as they do in the limit."""


@lru_cache(maxsize=32)
def solved(entrants: int, monopoly: float, profit: float, tough: float) -> Limit:
    """The chain store with so many entrants, almost without errors."""
    given = {"monopoly": monopoly, "profit": profit, "tough_share": tough}
    return limit_of(unfold(compile_game(lasting(shelf(CHAIN), entrants), values=given)).tree, begin=BEGIN)


def cut_off(entrants: int, monopoly: float, profit: float) -> float:
    """The share of tough stores at which the first of so many entrants is indifferent."""
    return crossing(
        lambda share: solved(entrants, monopoly, profit, share).better(
            "entrant", "enter", "stay_out", at="round 1: entry"
        ),
        0.5 * profit**entrants, 0.5 + 0.5 * profit,
    )  # fmt: skip


@answers("06_chain_store", scenario=CHAIN)
def chain_store(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Entry, acquiescence and payoffs on the path, fights where the belief is still the prior, cut-offs of beliefs.

    Raises:
        ValueError: the store discounts, which the scenario's does not.
    """
    entrants, monopoly, profit = int(parameters["N"]), parameters["a"], parameters["b"]
    if parameters["d"] != 1:
        raise ValueError("the store of the scenario does not discount")
    found = solved(entrants, monopoly, profit, parameters["prior_tough"])
    out = {
        "payoff of the weak incumbent": found.payoff("store", "weak"),
        "payoff of the tough incumbent (same stage payoffs)": found.payoff("store", "tough"),
    }
    for n in range(entrants, 0, -1):
        round_ = entrants + 1 - n
        before = ", ".join([*["stay_out"] * (round_ - 1), "enter"])
        out[f"P(entry) at stage {n} (stages to go)"] = found.chance_of("enter", round_)
        out[f"P(entry and acquiescence) at stage {n}"] = found.chance_of("acquiesce", round_)
        out[f"P(weak fights | entry) at stage {n} with belief = prior"] = found.probability(
            "store", "fight", at=f"round {round_}: answer if weak after {before}"
        )
        if (name := f"belief cut-off b^n, n={n}") in quantities:
            out[name] = cut_off(n, monopoly, profit)
    return {quantity: out[quantity] for quantity in quantities}


CLOSED = """
With n entrants to go and belief p that the store is tough, the entrant stays out if p > b^n and enters if p < b^n. A
weak store fights for sure if p >= b^(n - 1), else with probability

    (1 - b^(n - 1)) p / ((1 - p) b^(n - 1))

so that a fight leaves the belief at b^(n - 1), at which the next entrant is indifferent and stays out with probability
1/a. In the last stage a weak store acquiesces (Kreps and Wilson 1982).
"""


@gallery(CHAIN, closed_form=CLOSED, models=("06_chain_store",))
def picture() -> Figure:
    """How often a weak store fights, by its reputation."""
    shares = [0.01, 0.03, 0.05, 0.08, 0.11, 0.15, 0.2, 0.23]
    curves = []
    for entrants in (3, 2):
        top = 0.5 ** (entrants - 1)
        fine = [0.002 * k for k in range(1, 126)]
        fights = [
            solved(entrants, 2.0, 0.5, share).probability("store", "fight", at="round 1: answer if weak after enter")
            for share in shares
        ]
        exact = [min(1.0, (1 - top) * p / ((1 - p) * top)) for p in fine]
        curves.append(Curve(x=shares, y=fights, exact_x=fine, exact_y=exact, name=f"{entrants} entrants to go"))
    return Figure(
        x_label="belief that the store is tough", y_label="how often a weak store fights", curves=tuple(curves),
        caption="The more entrants are still to come, the less reputation it takes for a weak store to fight.",
    )  # fmt: skip
