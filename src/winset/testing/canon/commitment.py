"""Shifting power and commitment (03), commitment tactics and mandates (13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from winset.testing.canon._slices import Slices
from winset.testing.canon._stationary import lasting_offers
from winset.testing.canon._tools import Played, adaptive, flip, highest, lasting, regrid, shelf
from winset.testing.registry import answers

_COARSE = [0.0, *(0.013 + 0.05 * k for k in range(20)), 1.0]
"""Demands from nothing, where war is decided, to everything."""
_MARGIN = 5e-9
"""A threshold is confirmed by solving this far on either side of it."""


def shifted(values: Mapping[str, float], tolerance: float = 2e-9) -> Played:
    """One shift of power, solved on the finest grid of demands."""

    def used(played: Played) -> list[float]:
        return played.used("demanding", "share", least=0.2)

    def read(played: Played) -> dict[str, float]:
        return {
            "value": played.value(0, "demanding", power="early"),
            "demand": played.mean("demanding", "share", power="early") * (war_chance(played) < 0.5),
        }

    return lasting_offers(
        shelf("textbook/shifting-power"), values, names=("demand", "share"), coarse=_COARSE, used=used, read=read,
        tolerance=tolerance, shrink=16.0, reach=20, low=0.0, high=1.0,
    )[1]  # fmt: skip


def war_chance(played: Played) -> float:
    """Probability that B fights in the first period."""
    asked = played.strategy("demanding", power="early")
    return sum(
        float(p) * played.chance_of("answer", "fight", power="early", demand=choice.parameters["share"])
        for p, choice in zip(asked, played.choices("demanding"), strict=True)
        if p > 1e-6
    )


def _first_demand(d: float, p1: float, p2: float, cost_a: float, cost_b: float) -> float:
    values = {"d": d, "p1": p1, "p2": p2, "cost_a": cost_a, "cost_b": cost_b}
    return shifted(values).mean("demanding", "share", power="early")


@lru_cache
def _most_shift(d: float, p1: float, cost_a: float, cost_b: float) -> float:
    """The power p2 above which there is war at once.

    The nearer the threshold, the less A may demand in the first period: the demand is carried on to nothing from two
    peaceful games, and the answer flips between two games on either side of that.
    """
    near = [_first_demand(d, p1, p2, cost_a, cost_b) for p2 in (p1, p1 + 1e-3)]
    found = p1 + 1e-3 * near[0] / (near[0] - near[1])

    def war(p2: float) -> bool:
        return war_chance(shifted({"d": d, "p1": p1, "p2": p2, "cost_a": cost_a, "cost_b": cost_b})) > 0.5

    return flip(war, found - _MARGIN, found + _MARGIN, tolerance=2.0 * _MARGIN)


@answers("03A_one_shift", scenario="textbook/shifting-power")
def one_shift(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """War or the first demand, A's value, and the threshold."""
    d, p1, cost_a, cost_b = (parameters[name] for name in ("d", "p1", "cA", "cB"))
    played = shifted({"d": d, "p1": p1, "p2": parameters["p2"], "cost_a": cost_a, "cost_b": cost_b})
    return {
        "war in period 1 (1/0)": war_chance(played),
        "A's demand in period 1": played.mean("demanding", "share", power="early"),
        "A's discounted value": played.value(0, "demanding", power="early"),
        "threshold p2 above which war occurs": _most_shift(d, p1, cost_a, cost_b),
    }


@answers("03B_slow_shift", scenario="textbook/slow-shift")
def slow_shift(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The demands on the path of peace, and the first period with war."""
    last = int(parameters["T"])
    scenario = lasting(shelf("textbook/slow-shift"), last + 1)
    values = {
        "d": parameters["d"], "p0": parameters["p0"], "pt": parameters["pT"],
        "cost_a": parameters["cA"], "cost_b": parameters["cB"],
    }  # fmt: skip

    def answer(points: list[float], step: float) -> tuple[dict[str, float], list[float]]:
        played = Played(scenario, {**values, "lambda": 50.0 / step}, points={"demand": points, "share": points})
        used = [played.mean("demanding", "share", round_=t + 1) for t in range(last + 1)]
        wars = [_fights(played, t + 1) for t in range(last + 1)]
        first = next((t for t, war in enumerate(wars) if war > 0.5), -1)
        told = {f"A's demand in period {t}": x for t, x in enumerate(used)} if first < 0 else {}
        taken = [x for x, war in zip(used, wars, strict=True) if war < 0.5]
        return {"first war period (-1 = none)": float(first), **told}, taken

    return adaptive(answer, _COARSE, reach=8, levels=2, inner=2.0, low=0.0, high=1.0).limit


def _fights(played: Played, number: int) -> float:
    asked = played.strategy("demanding", round_=number)
    return sum(
        float(p) * played.chance_of("answer", "fight", round_=number, demand=choice.parameters["share"])
        for p, choice in zip(asked, played.choices("demanding"), strict=True)
        if p > 1e-6
    )


def _raises(costs: Mapping[str, float], claim: float, side: int) -> bool:
    """Whether a side would rather claim more, where the other's commitment leaves it just this claim.

    The reply is that of the game in which the other side has no choice; it may raise its claim by powers of two.
    """
    own = sorted([claim, *(claim + 2.0**-k for k in range(2, 36) if claim + 2.0**-k <= 1.0)])
    names = (("z1", "mine"), ("z2", "theirs"))
    points: dict[str, Sequence[float]] = dict.fromkeys(names[side], own)
    points.update({name: [1.0 - claim] for name in names[1 - side]})
    played = Played("textbook/partial-commitment", {**costs, "lambda": 1e13}, points=points)
    best = played.strategy("commitments", side=side)
    return float(best[own.index(claim)]) < 0.5 * float(best.max())


@answers("13A_muthoo_commitment", scenario="textbook/partial-commitment")
def partial_commitment(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The one pair of commitments that fit together and that neither side would raise."""
    ends = [
        flip(lambda z: _raises(parameters, z, 0), 0.01, 0.99),
        1.0 - flip(lambda z: _raises(parameters, z, 1), 0.01, 0.99),
    ]
    if abs(ends[0] - ends[1]) > 1e-8:
        raise ValueError(f"one side stops raising at {ends[0]}, the other at {ends[1]}")
    return {quantities[0]: sum(ends) / 2}


_LEAST = 1e-9
"""The least share that the rival may offer; nothing at all would leave a free delegate indifferent."""


@lru_cache
def mandated(bound: float, mandate: float) -> tuple[float, float]:
    """Probability of agreement, and what the delegate brings home, at the prior."""
    points = sorted({_LEAST, *(0.013 + 0.05 * k for k in range(20)), mandate})
    values = {"bound_share": bound, "mandate": mandate, "lambda": 1e12}
    scenario = regrid(shelf("textbook/mandate"), {"offer": points, "share": points})
    played = Played(scenario, values, grid=1)
    prior = played.solution.prior()
    opening = played.solution.respond(0, np.zeros(1, dtype=np.int64), prior[None, :])
    agreed = 0.0
    for offered, choice in zip(opening.strategies[0][0, 0], played.choices("offering"), strict=True):
        for kind, share in enumerate(played.game.players[1].prior):
            accepts = played.strategy("answer", type_=kind, offer=choice.parameters["share"])[0]
            agreed += float(offered * share * accepts)
    return agreed, float(played.game.players[1].prior @ opening.values[0, 1:])


@answers("13C_mandate", scenario="textbook/mandate")
def mandate(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The chance of agreement under a mandate, and the mandate that brings most home."""
    bound = parameters["prob_binding"]
    if "r" in parameters:
        return {quantities[0]: mandated(bound, parameters["r"])[0]}
    return {quantities[0]: highest(lambda r: mandated(bound, r)[1], 0.02, 0.98)[0]}


@answers("03C_salami", scenario="textbook/salami")
def salami(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The demands one after the other, where they come to rest, how fast, and what they are worth to A."""
    values = {"d": parameters["d"], "alpha": parameters["alpha"], "beta": parameters["beta"]}
    slices = Slices({**values, "cost_a": 5.0, "cost_b": parameters["cB"]})
    path = [parameters["x_prev"]]
    while len(path) < 11:
        path += slices.ahead(path[-1])
    slope = (path[2] - path[1]) / (path[1] - path[0])
    rest = path[0] + (path[1] - path[0]) / (1.0 - slope)
    for _ in range(2):
        after = slices.ahead(rest, tolerance=2e-11)[0]
        slope = (after - path[1]) / (rest - path[0])
        rest += (after - rest) / (1.0 - slope)
    return {
        **{f"A's demand in period {t}": x for t, x in enumerate(path)},
        "limit demand": rest,
        "autoregression coefficient": slope,
        "A's value (max over all peaceful paths that keep B from fighting)": slices.value(path[0]),
    }
