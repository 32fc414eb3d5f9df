"""06: the chain store, on its tree, at a precision at which errors no longer show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from winset.game.compile import compile_game
from winset.testing.canon._limits import Limit, crossing, limit_of
from winset.testing.canon._tools import lasting, shelf
from winset.testing.registry import answers
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
