"""09: stochastic games, at stationary equilibria of the scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from winset.base.errors import SolveError
from winset.language.scenario import Value
from winset.language.variants import apply
from winset.testing.canon._limits import crossing
from winset.testing.canon._tools import Floats, Played, richardson, shelf
from winset.testing.registry import answers

BIG_MATCH, TREATY, CHOICE = "textbook/big-match", "textbook/treaty", "textbook/repeated-choice"
MOST, SMALL = 40, 1e-5


def stationary(name: str, values: Mapping[str, float], *, variant: str = "", tolerance: float = 1e-12) -> Played:
    """A scenario, or a variant of it, at a stationary equilibrium: continuation values that a sweep leaves in place.

    They are found by Newton's method on what a sweep moves; of few states and complete information.

    Raises:
        SolveError: values still move.
    """
    played = Played(apply(shelf(name), variant), values, sweeps=1)

    def swept(x: Floats) -> Floats:
        played.sweep(x.reshape(shape))
        return np.ravel(played.solution.values[0][:, 0, :])

    shape = played.solution.values[0][:, 0, :].shape
    x = np.ravel(played.solution.values[0][:, 0, :])
    for _ in range(MOST):
        slope = np.column_stack([swept(x + SMALL * one) - swept(x - SMALL * one) for one in np.eye(len(x))])
        moved = swept(x) - x
        if np.abs(moved).max() <= tolerance * max(1.0, np.abs(x).max()):
            return played
        x = x + np.linalg.solve(np.eye(len(x)) - slope / (2 * SMALL), moved)
    raise SolveError(f"values of {name} still move by {np.abs(moved).max():.1e}", None)


def preferred(played: Played, move: str, **state: Value) -> float:
    """Log-odds of the first of two actions of a move's first side: its advantage times the precision."""
    first, second = played.strategy(move, **state)
    return math.log(first) - math.log(second)


@answers("09A_big_match", scenario=BIG_MATCH)
def big_match(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """At two precisions, from which errors are taken to nothing: they fall as 1/λ."""
    d = parameters["d"]

    def at(precision: float) -> dict[str, float]:
        played = stationary(BIG_MATCH, {"d": d, "lambda": precision / (1 - d)})
        return {
            "value (normalised)": played.value(0, "guess"),
            "P(absorbing row)": float(played.strategy("guess", side=0)[0]),
            "P(left column)": float(played.strategy("guess", side=1)[0]),
        }

    coarse, fine = at(1e4), at(2e4)
    return {quantity: richardson(coarse[quantity], fine[quantity], order=1) for quantity in quantities}


@answers("09D_markov_treaty", scenario=TREATY)
def treaty(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Whether keeping the treaty answers keeping it: the other side is held to it (variant `two_keeps`).

    Keeping by both is an equilibrium where one side then does not gain by breach. At the discount factor at which it
    gains nothing its advantage is 0, and it is worth the same whatever it does: errors do not move that point."""
    given = {
        "reward": parameters["r"], "temptation": parameters["t"], "punishment": parameters["p"],
        "accident": parameters["eps"], "return": parameters["rho"],
    }  # fmt: skip

    def advantage(d: float) -> float:
        return preferred(stationary(TREATY, {**given, "d": d, "lambda": 1.0}, variant="two_keeps"), "compliance", treaty="in_force")

    critical = crossing(advantage, 0.02, 0.98)
    kept = stationary(TREATY, {**given, "d": (critical + 1) / 2, "lambda": 2000.0}, variant="two_keeps")
    return {
        "critical discount factor for cooperation": critical,
        "value in the cooperative state at d=(d*+1)/2": kept.value(0, "compliance", treaty="in_force"),
    }


@answers("09H_single_agent_logit", scenario=CHOICE)
def repeated_choice(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """The value with shocks."""
    given = {"first": parameters["u1"], "second": parameters["u2"], "d": parameters["d"]}
    return {quantities[0]: stationary(CHOICE, given).value(0, "choice")}
