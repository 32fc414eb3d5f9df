"""Alternating offers (01) and a ratifier's floor (10A): offers lie on a grid that is refined where they are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import Any

from winset.testing.canon._stationary import between_points, lasting_offers
from winset.testing.canon._tools import Floats, Played, adaptive, lasting, richardson, shelf
from winset.testing.registry import answers

_COARSE = [0.013 + 0.05 * k for k in range(20)]
_NEVER = 1.0 - 1e-13
"""A discount that stands for none: an infinite game needs one below 1."""
_FIRST = "share of P1 when P1 proposes"
_SECOND = "share of P1 when P2 proposes"


def _both(
    scenario: str, values: Mapping[str, float], *, sides: tuple[str, str] = ("one", "two"), slow: float = 0.8,
    tolerance: float = 2e-9, between: bool = True,
) -> tuple[float, float, Played]:  # fmt: skip
    """What the first side gets when it proposes and when the other does, and the game solved on the finest grid.

    Args:
        scenario: its name in the library.
        values: its parameters.
        sides: names of the players in the moves `…_proposes`.
        slow: what is left of a difference in values after each side has proposed once; near 1, errors of the grid add
            up, and it has to be finer.
        tolerance: of the refinement, where they do not.
        between: sweep on from values between the grid's points; for games in which the answer decides.
    """
    moves = [f"{side}_proposes" for side in sides]

    def better(played: Played) -> tuple[Floats, list[float]]:
        return between_points(played, [("one_first", "two_answers", 0, 1), ("two_first", "one_answers", 1, 0)], "offer")

    def used(played: Played) -> list[float]:
        if between:
            return better(played)[1]
        return played.used(moves[0], "share") + played.used(moves[1], "share")

    def read(played: Played) -> dict[str, float]:
        pairs = zip(moves, sides, strict=True)
        return {move: played.mean(move, "share", turn=f"{side}_first") for move, side in pairs}

    found, played = lasting_offers(
        shelf(scenario), values, names=("offer", "share"), coarse=_COARSE, used=used, read=read, levels=3 if between else 2,
        tolerance=tolerance * min(1.0, 5.0 * (1.0 - slow)), sharpen=(lambda one: better(one)[0]) if between else None, low=0.0, high=1.0,
    )  # fmt: skip
    return found.limit[moves[0]], found.limit[moves[1]], played


@answers("01A_rubinstein_infinite", scenario="textbook/rubinstein")
def infinite(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The two proposals of the stationary equilibrium."""
    x, y, _ = _both("textbook/rubinstein", {"d1": parameters["d1"], "d2": parameters["d2"]})
    return {_FIRST: x, _SECOND: y}


@answers("01B_finite_horizon", scenario="textbook/alternating-offers")
def finite(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The first proposal, the last one of N rounds being a take-it-or-leave-it offer."""
    rounds = int(parameters["N"])
    scenario = lasting(shelf("textbook/alternating-offers"), rounds)

    def answer(points: list[float], step: float) -> tuple[dict[str, float], list[float]]:
        values = {"d1": parameters["d1"], "d2": parameters["d2"], "lambda": 50.0 / step}
        played = Played(scenario, values, points={"demand": points, "share": points})
        used = [played.mean(_demanding(n), "share", round_=n) for n in range(1, rounds + 1)]
        return {quantities[0]: used[0]}, used

    return adaptive(answer, _COARSE, reach=10, levels=2).limit


def _demanding(number: int) -> str:
    return "one_demands" if number % 2 else "two_demands"


@answers("01B_finite_horizon_grid", scenario="textbook/alternating-offers")
def finite_grid(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The first proposal where only multiples of 1/m may be proposed; agreement is worth a little, to break ties."""
    scenario = lasting(shelf("textbook/alternating-offers"), int(parameters["N"]))
    points = [k / parameters["m"] for k in range(int(parameters["m"]) + 1)]
    values = {"d1": parameters["d1"], "d2": parameters["d2"], "agreeing": 1e-6, "lambda": 1e9}
    played = Played(scenario, values, points={"demand": points, "share": points})
    return {quantities[0]: played.mean("one_demands", "share")}


@answers("01C_breakdown", scenario="textbook/breakdown")
@answers("01C_breakdown_discount", scenario="textbook/breakdown")
def breakdown(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The first proposal; without discounting where none is given."""
    values = {"d1": _NEVER, "d2": _NEVER, **parameters}
    slow = values["d1"] * values["d2"] * (1.0 - values["p"]) ** 2
    return {_FIRST: _both("textbook/breakdown", values, slow=slow)[0]}


@answers("01C_breakdown_risk_aversion", scenario="textbook/breakdown")
def risk_aversion(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The first proposal; as the risk goes to zero, the mean of both, extrapolated in the time between offers.

    With a breakdown rate of 1 per unit of time, offers `t` apart have the risk 1 - exp(-t), and the mean of the two
    sides' proposals has an error of even order in `t`.
    """
    powers = {"gamma1": parameters["gamma1"], "gamma2": parameters["gamma2"]}
    if "p" in parameters:
        return {_FIRST: sum(_risky(parameters["p"], powers)[:1])}
    means = [sum(_risky(1.0 - exp(-t), powers, tolerance=2e-10)) / 2 for t in (0.4, 0.2, 0.1, 0.05)]
    for order in (2, 4, 6):
        means = [richardson(a, b, order=order) for a, b in zip(means, means[1:], strict=False)]
    return {quantities[0]: means[-1]}


def _risky(p: float, powers: Mapping[str, float], *, tolerance: float = 2e-9) -> tuple[float, float]:
    slow = (1.0 - p) ** (1.0 / powers["gamma1"] + 1.0 / powers["gamma2"])
    values = {"d1": _NEVER, "d2": _NEVER, "b1": 0.0, "b2": 0.0, "p": p, **powers}
    return _both("textbook/breakdown", values, slow=slow, tolerance=tolerance)[:2]


@answers("01D_outside_option", scenario="textbook/outside-option")
def outside_option(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The two proposals; an option binds where who is offered next to nothing leaves rather than waits."""
    x, y, played = _both("textbook/outside-option", parameters)
    offers = sorted(float(v) for v in dict(played.game.variables)["offer"])
    leaves = max(
        played.chance_of("two_answers", "leave", turn="one_first", offer=offers[-1]),
        played.chance_of("one_answers", "leave", turn="two_first", offer=offers[0]),
    )
    return {_FIRST: x, _SECOND: y, "outside option binds (1) or not (0)": leaves}


@answers("01E_status_quo_flow", scenario="textbook/status-quo-flow")
def status_quo_flow(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The first proposal."""
    slow = parameters["d1"] * parameters["d2"]
    return {_FIRST: _both("textbook/status-quo-flow", parameters, slow=slow)[0]}


@answers("01F_random_proposer", scenario="textbook/random-proposer")
def random_proposer(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """What one keeps when it proposes, and expects before the draw."""
    x, _, played = _both("textbook/random-proposer", parameters, between=False)
    return {"share P1 keeps when P1 proposes": x, "ex ante value of P1": played.value(0, "the_floor")}


@answers("10A_rubinstein_ratification", scenario="textbook/ratification-floor")
def ratification(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The two proposals; the floor binds where the game without one has others."""
    values = {"d_home": parameters["d_home"], "d_foreign": parameters["d_foreign"]}
    floor = {**values, "floor_share": parameters["ratification_floor"]}
    x, y, _ = _both("textbook/ratification-floor", floor, sides=("home", "foreign"), between=False)
    free, _, _ = _both(
        "textbook/ratification-floor", {**values, "floor_share": -1.0}, sides=("home", "foreign"), between=False
    )
    binds = float(abs(x - free) > 1e-6)
    return {"home share when home proposes": x, "home share when foreign proposes": y, "floor binds (1/0)": binds}
