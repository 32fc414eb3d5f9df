"""09: stochastic games, at stationary equilibria of the scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from winset.base.errors import SolveError
from winset.language.variants import apply
from winset.testing.canon._limits import crossing
from winset.testing.canon._tools import Floats, Played, richardson, shelf
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery

BIG_MATCH, TREATY, CHOICE = "textbook/big-match", "textbook/treaty", "textbook/repeated-choice"
MOST, SMALL = 40, 1e-5


def stationary(name: str, values: Mapping[str, float], *, variant: str = "", tolerance: float = 1e-12) -> Played:
    """A scenario, or a variant of it, at a stationary equilibrium: continuation values that a sweep leaves in place.

    They are found by Newton's method on what a sweep moves, and by sweeps where that leads astray; of few states and
    complete information.

    Raises:
        SolveError: values still move.
    """
    played = Played(apply(shelf(name), variant), values, sweeps=1)

    def swept(x: Floats) -> Floats:
        played.sweep(x.reshape(shape))
        return np.ravel(played.solution.values[0][:, 0, :])

    shape = played.solution.values[0][:, 0, :].shape
    x = np.ravel(played.solution.values[0][:, 0, :])
    moved = swept(x) - x
    for _ in range(MOST):
        if np.abs(moved).max() <= tolerance * max(1.0, np.abs(x).max()):
            return played
        slope = np.column_stack([swept(x + SMALL * one) - swept(x - SMALL * one) for one in np.eye(len(x))])
        ahead = x + np.linalg.solve(np.eye(len(x)) - slope / (2 * SMALL), moved)
        left = swept(ahead) - ahead
        if np.abs(left).max() < np.abs(moved).max():
            x, moved = ahead, left
            continue
        for _ in range(20):
            x = swept(x)
        moved = swept(x) - x
    raise SolveError(f"values of {name} still move by {np.abs(moved).max():.1e}", None)


def preferred(played: Played, move: str, **state: str) -> float:
    """Log-odds of the first of two actions of a move's first side: its advantage times the precision."""
    first, second = played.strategy(move, round_=1, side=0, type_=0, node=0, **state)
    return math.log(first) - math.log(second)


@answers("09A_big_match", scenario=BIG_MATCH)
def big_match(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """At two precisions, from which errors are taken to nothing: they fall as 1/λ."""
    return guessing(parameters["d"])


def guessing(d: float) -> dict[str, float]:
    """The Big Match at a discount factor."""

    def at(precision: float) -> dict[str, float]:
        played = stationary(BIG_MATCH, {"d": d, "lambda": precision / (1 - d)})
        return {
            "value (normalised)": played.value(0, "guess"),
            "P(absorbing row)": float(played.strategy("guess", side=0)[0]),
            "P(left column)": float(played.strategy("guess", side=1)[0]),
        }

    coarse, fine = at(1e4), at(2e4)
    return {name: richardson(coarse[name], fine[name], order=1) for name in fine}


def critical_discount(given: Mapping[str, float]) -> float:
    """The discount factor at which a side gains nothing by breach where the other keeps the treaty."""

    def advantage(d: float) -> float:
        played = stationary(TREATY, {**given, "d": d, "lambda": 1.0}, variant="two_keeps")
        return preferred(played, "compliance", treaty="in_force")

    return crossing(advantage, 0.02, 0.98)


@answers("09D_markov_treaty", scenario=TREATY)
def treaty(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Whether keeping the treaty answers keeping it: the other side is held to it (variant `two_keeps`).

    Keeping by both is an equilibrium where one side then does not gain by breach. At the discount factor at which it
    gains nothing its advantage is 0, and it is worth the same whatever it does: errors do not move that point."""
    given = {
        "reward": parameters["r"], "temptation": parameters["t"], "punishment": parameters["p"],
        "accident": parameters["eps"], "return": parameters["rho"],
    }  # fmt: skip
    critical = critical_discount(given)
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


GILLETTE = """
The game is worth 1/2 at every discount factor d. Row settles it with probability (1 - d) / (2 - d) in each round, and
column plays left and right equally often (Blackwell and Ferguson 1968; by Shapley's equation).
"""


@gallery(BIG_MATCH, closed_form=GILLETTE, models=("09A_big_match",))
def picture_of_guessing() -> Figure:
    """The threat and how rarely it is carried out."""
    discounts = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
    fine = [0.3 + 0.005 * k for k in range(140)]
    found = [guessing(d) for d in discounts]
    return Figure(
        x_label="discount factor", y_label="probability, value",
        curves=(
            Curve(x=discounts, y=[f["P(absorbing row)"] for f in found], exact_x=fine,
                  exact_y=[(1 - d) / (2 - d) for d in fine], name="row settles the game in a round"),
            Curve(x=discounts, y=[f["value (normalised)"] for f in found], exact_x=fine, exact_y=[0.5] * len(fine),
                  name="value"),
        ),
        caption="The more patient the sides, the more rarely row dares to settle; the value stays at one half.",
    )  # fmt: skip


TRIGGER = """
Keeping the treaty is a Markov perfect equilibrium iff

    d >= (t - r) / ((1 - e) (r - p) + (t - r) (1 - e - rho))

with reward r, temptation t, punishment p, accidents at rate e, and rho the chance each round that a suspended treaty
returns (closed form derived for winset; a trigger of random length as in Green and Porter 1984).
"""


@gallery(TREATY, closed_form=TRIGGER, models=("09D_markov_treaty",))
def picture_of_treaty() -> Figure:
    """Short punishments ask for patience."""
    returns, fine = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.02 * k for k in range(51)]
    curves = tuple(
        Curve(
            x=returns, y=[critical_discount({"return": rho, "accident": e}) for rho in returns], exact_x=fine,
            exact_y=[1 / ((1 - e) * 2 + (1 - e - rho)) for rho in fine],
            name="without accidents" if e == 0 else f"accidents at rate {e:g}",
        )
        for e in (0.2, 0.1, 0.0)
    )  # fmt: skip
    return Figure(
        x_label="chance each round that the treaty returns", y_label="critical discount factor", curves=curves,
        caption="The sooner a suspended treaty comes back, and the likelier it lapses the more patience it takes.",
    )  # fmt: skip


RUST = """
With shocks of extreme value type I that are part of what is earned, the value of choosing in every round between u1
and u2 is

    ln(exp(u1) + exp(u2)) / (1 - d)

and each choice is logit in the payoffs of the round (Rust 1987).
"""


@gallery(CHOICE, closed_form=RUST, models=("09H_single_agent_logit",))
def picture_of_choice() -> Figure:
    """What a second option is worth."""
    second, fine = [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0], [-4 + 0.1 * k for k in range(61)]
    curves = tuple(
        Curve(
            x=second, y=[stationary(CHOICE, {"second": u, "d": d}).value(0, "choice") for u in second], exact_x=fine,
            exact_y=[math.log(1 + math.exp(u)) / (1 - d) for u in fine], name=f"discount factor {d:g}",
        )
        for d in (0.9, 0.8)
    )  # fmt: skip
    return Figure(
        x_label="payoff of the second option (the first pays 0)", y_label="value", curves=curves,
        caption="With shocks even a worse option is worth something: now and then it is the better one.",
    )  # fmt: skip
