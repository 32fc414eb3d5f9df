"""Recipes: screening over time (Sobel and Takahashi 1983) and an unknown ratifier (after Iida 1993 and Mo 1995)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from winset.language.parser import parse_expression
from winset.language.scenario import Scenario
from winset.testing.canon._tools import Played, regrid, shelf
from winset.testing.canon._types import HAIR, SHARP, Judged, in_cells, limits, told, zero_between
from winset.testing.registry import answers

MIDDLE = 3
"""Which of the scenario's five cut-offs is the middle one."""
CELLS = range(1, 6)
FINE = {"lambda": 1e14}
THIN = 1e-11
"""By which prices lie below those of indifference; small, since it adds up over the periods."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """The first of several periods, as solved, where values up to 1 remain.

    Attributes:
        price: what the seller asks.
        cut: the lowest value that buys.
        profit: of the seller, over all periods.
    """

    price: float
    cut: float
    profit: float


def _prices(values: Mapping[str, float]) -> list[float]:
    """The prices at which the lowest buyer of each cell is indifferent, from what the certificate says of buying.

    What buying gains is linear in the price, so two prices tell where it is zero."""
    low, high = 0.0, 1.0
    judged = Judged.of(regrid(shelf("screening"), {"price": [low, high], "asked": [low, high]}), **values)
    value = judged.judge(judged.profile(lambda player, _: None if player == "seller" else "buy")).action_value
    gains: dict[int, list[float]] = {j: [] for j in CELLS}
    for (player, _), h in judged.sets.items():  # in order of the price, for each buyer
        if player != "seller":
            gain = value[judged.action(h, "buy")] - value[judged.action(h, "wait")]
            gains[int(player[1:])].append(float(gain))
    return [zero_between(low, high, *gain) for gain in gains.values()]


def _period(values: Mapping[str, float]) -> tuple[list[float], Period]:
    """What each price is worth to the seller, the highest cut-off first, and what it then does."""
    prices = [p - THIN for p in _prices(values)]
    scenario = regrid(shelf("screening"), {"price": prices, "asked": prices})
    played = Played(scenario, {**values, **FINE})
    worth = [played.value(0, "cell_1", price=p) for p in prices]
    price = prices[int(np.argmax(played.strategy("pricing")[::-1]))]  # the actions stand in rising order of the price
    sold = next((j for j in CELLS if played.chance_of(f"cell_{j}", "buy", price=price, sold=j - 1) < 0.5), 6) - 1
    cut = values["cut"] + (MIDDLE - sold) * values["step"] if sold else 1.0
    return worth, Period(price=played.mean("pricing", "asked"), cut=cut, profit=played.value(0, "pricing"))


NOTHING = Period(price=1.0, cut=1.0, profit=0.0)
"""After the last period: as if the price were too high for everybody."""


@lru_cache(maxsize=64)
def first_period(periods: int, d_buyer: float, d_seller: float) -> Period:
    """The first of so many periods.

    The profit is quadratic in the cut-off, so that three cut-offs show where it is highest; the cut-offs are then laid
    around that, and the seller has to choose the middle one.

    Raises:
        ValueError: it chooses another.
    """
    after = first_period(periods - 1, d_buyer, d_seller) if periods > 1 else NOTHING
    values = {"d_buyer": d_buyer, "d_seller": d_seller, "next_price": after.price, "next_profit": after.profit}
    cut = 0.7
    for step in (0.1, 0.01):
        worth, found = _period({**values, "cut": cut, "step": step})
        if step == 0.01 and abs(found.cut - cut) > 1e-12:
            raise ValueError(f"the seller cuts at {found.cut:g}, not at {cut:g}")
        above, middle, below = worth[MIDDLE - 2 : MIDDLE + 1]
        cut += 0.5 * step * (above - below) / (2 * middle - above - below)
    return replace(found, cut=cut)


@answers("04B_uniform_T_periods", scenario="textbook/screening")
def screening(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """Period by period, from the last one back; along the path every period is the same market, smaller.

    That the periods together are an equilibrium is certified on the tree of two of them in the tests."""
    count = int(parameters["T"])
    periods = [first_period(n, parameters["d_buyer"], parameters["d_seller"]) for n in range(1, count + 1)]
    left = float(np.prod([one.cut for one in periods]))
    first, last = periods[-1], periods[0]
    return {
        "first-period price": first.price,
        "first-period cut-off type": first.cut,
        "seller's profit": first.profit,
        "last-period price on the path": left / last.cut * last.price,
        "probability of no agreement": left,
    }


RATIFIED = (
    "foreign offer (home share)",
    "P(ratification)",
    "foreign expected payoff",
    "home expected payoff (share if ratified, else 0)",
)
ASKED = ("E(offered at 1)", "P(ratifier plays ratify)", "value(foreign)", "value(home)")


def _offers(strictness: float, width: float, step: float) -> list[float]:
    """Offers at every step from the lowest floor to the highest, a hair above."""
    return [strictness + step * k + HAIR for k in range(round(width / step) + 1)]


def _ratifier(strictness: float, width: float, step: float) -> Scenario:
    points = _offers(strictness, width, step)
    cells = round(width / (2 * step))
    return in_cells(shelf("uncertain-ratifier"), "draw", "cell", cells, {"offered": points, "share": points})


def ratified(strictness: float, width: float, step: float) -> list[float]:
    """The offer, whether it passes, and what both sides get, with offers at every step and cells twice as wide."""
    scenario = _ratifier(strictness, width, step)
    cells = round(width / (2 * step))
    return told(scenario, ASKED, {"strictness": strictness, "width": width, "cells": cells, **SHARP})


@answers("10B_uncertain_ratifier", scenario="textbook/uncertain-ratifier")
def uncertain_ratifier(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The floor fills an interval: ever smaller cells."""
    found = limits(lambda step: ratified(parameters["r_min"], parameters["width"], step))
    return dict(zip(RATIFIED, (one.value for one in found), strict=True))


def _worths(strictness: float, width: float, step: float) -> tuple[int, list[float], float]:
    """The number of the offer made, what each is worth to the foreign side, and what the home side gets."""
    values = {"strictness": strictness, "width": width, "cells": width / (2 * step), **SHARP}
    played = Played(_ratifier(strictness, width, step), values)
    worth = [played.value(0, "signing", offered=p) for p in _offers(strictness, width, step)]
    return int(np.argmax(played.strategy("offering"))), worth, played.value(1, "offering")


@answers("10B_optimal_strictness", scenario="textbook/uncertain-ratifier")
def optimal_strictness(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The highest of what the home side gets right before each change of the offer, with ever smaller cells.

    What it gets rises with strictness while the offer keeps its place among the floors, and drops where it changes."""
    width = float(parameters["width"])
    found = limits(lambda step: max(_peaks(width, step), key=lambda peak: peak[1]), (0.05, 0.025, 0.0125))
    names = ("home-optimal strictness r_min", "home payoff at the optimum")
    return dict(zip(names, (one.value for one in found), strict=True))


def _peaks(width: float, step: float) -> list[tuple[float, float]]:
    """Strictness right before each change of the offer, and what the home side then gets.

    What an offer at a given place among the floors is worth to the foreign side is linear in strictness, so two
    solutions tell where two offers are worth the same; the game is solved there again.

    Raises:
        ValueError: the foreign side does not offer there what the lines say.
    """
    ends = (0.0, 0.5 * (1.0 - width))
    first, second = (np.array(_worths(t, width, step)[1]) for t in ends)
    slope = (second - first) / (ends[1] - ends[0])
    at, offer = 0.0, int(np.argmax(first))
    peaks: list[tuple[float, float]] = []
    while True:
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = (first[offer] - first) / (slope - slope[offer])
        meets = np.where((slope > slope[offer] + 1e-9) & (meets > at), meets, np.inf)
        if meets.min() > 1.0 - width:
            return peaks
        at = float(meets.min())
        made, _, home = _worths(at - 1e-9, width, step)
        if made != offer:
            raise ValueError(f"at {at:g} the offer is number {made}, not {offer}")
        peaks.append((at, home))
        offer = int(np.argmin(meets))


@answers("10B_finite_types", scenario="textbook/uncertain-ratifier")
def finite_types(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The ratifier's floor is one of a few; the offers are multiples of 0.05, a hair above."""
    floors = [float(r) for r in parameters["ratifier_types"]]
    points = [0.05 * k + 1e-13 for k in range(20)]
    scenario = in_cells(shelf("uncertain-ratifier"), "draw", "cell", len(floors), {"offered": points, "share": points})
    offer, passes = told(_with_floors(scenario, floors), ASKED[:2], {"cells": len(floors), "lambda": 1e15})
    return {"foreign offer (finite ratifier types)": offer, "P(ratification) (finite ratifier types)": passes}


def _with_floors(scenario: Scenario, floors: Sequence[float]) -> Scenario:
    """The scenario with a stated floor for each cell."""
    *but_last, last = floors
    text = "".join(f"if cell = {i} then {floor!r} else " for i, floor in enumerate(but_last)) + repr(last)
    return replace(
        scenario,
        definitions=tuple(
            replace(d, value=parse_expression(text)) if d.name == "floor_" else d for d in scenario.definitions
        ),
    )
