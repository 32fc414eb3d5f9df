"""What the recipes with private types rest on: refinement, thresholds, profiles that the certificate judges."""

from __future__ import annotations

import math

import numpy as np
import pytest

from winset.testing.canon._tools import shelf
from winset.testing.canon._types import Judged, at_zero, crossing, in_cells, limits, told
from winset.testing.canon.screening import first_period, ratified
from winset.testing.canon.shadow_of_war import claims_of_strength, separating, two_types_at, uniform_costs
from winset.testing.canon.signalling import finest, judged_at, opposed, partition, told_apart
from winset.tree.build import Branching, build, chance, move, pays
from winset.tree.tree import Tree

COSTS = {"p": 0.5, "least": 0.0, "greatest": 0.4, "cost_a": 0.1}


def test_limits_take_out_every_whole_order() -> None:
    found = limits(lambda h: [3.0 + 2.0 * h + 5.0 * h * h, 1.0, 2.0 + h * h])
    assert [one.value for one in found] == pytest.approx([3.0, 1.0, 2.0], abs=1e-12)
    assert math.isnan(found[1].order) and found[2].order == pytest.approx(2.0, abs=1e-6)
    assert at_zero((0.5, 0.2, 0.1), [x**3 for x in (0.5, 0.2, 0.1)]) != pytest.approx(0.0, abs=1e-3)


def test_a_crossing_needs_two_signs() -> None:
    assert crossing(lambda x: 2.0 - 4.0 * x, 0.0, 1.0) == 0.5
    with pytest.raises(ValueError, match="have one sign"):
        crossing(lambda x: 1.0 + x, 0.0, 1.0)


def test_cells_are_of_first_order() -> None:
    """The demand of the uniform case converges with half a cell, and is not exact on any grid."""
    found = limits(lambda step: uniform_costs(round(0.2 / step), step, **COSTS)[::2])
    assert [one.order for one in found] == pytest.approx([1.0, 1.0], abs=1e-6)
    assert abs(uniform_costs(8, 0.025, **COSTS)[0] - found[0].value) > 0.02


def test_cells_drawn_late_are_private_types() -> None:
    """Two cells drawn by chance after A has spoken give what two private types give that are drawn at the start."""
    points = [0.048 + 0.05 * k for k in range(20)]
    late = in_cells(shelf("uncertain-costs"), "draw", "cell", 2, {"demand": points, "share": points})
    values = {"cells": 2, "least": -0.05, "greatest": 0.35, "cost_a": 0.1, "p": 0.5, "lambda": 30.0}
    early = {"low": 0.05, "high": 0.25, "resolute": 0.5, "cost_a": 0.1, "p": 0.5, "lambda": 30.0}
    asked = ("P(b plays fight)", "value(a)", "E(demand at 1)")
    assert told(late, asked, values) == pytest.approx(told("fearon-ultimatum", asked, early), abs=1e-9)


def test_probability_on_a_tree() -> None:
    judged, profile, found = two_types_at("fearon-ultimatum", "resolute", 0.3, 1e-6, p=0.5, cost_a=0.1, low=0.05,
                                          high=0.25)  # fmt: skip
    assert judged.probability(profile, "fight") == pytest.approx(0.3, abs=1e-12)
    assert judged.probability(profile, "fight", "high_cost") == pytest.approx(0.0, abs=1e-12)
    assert found.exploitability < 1e-12


def test_the_logit_branch_ends_in_the_separating_profile() -> None:
    """Four types; where demands lie a hair below the exact ones the limit differs by about as much."""
    judged = Judged(claims_of_strength(4, 0.3, 0.6, 0.1, 0.1, hair=1e-4))
    profile = judged.principal(1e5)
    refused = [profile[judged.action(judged.at("b", f"claim {j}"), "fight")] for j in range(1, 4)]
    assert refused == pytest.approx(separating(4, 0.3, 0.6, 0.1, 0.1)[1:], abs=2e-3)


def test_a_separating_profile_that_refuses_less_is_caught() -> None:
    judged = Judged(claims_of_strength(4, 0.3, 0.6, 0.1, 0.1))
    refused = separating(4, 0.3, 0.6, 0.1, 0.1)

    def worst(slack: float) -> float:
        def choice(player: str, label: str) -> str | dict[str, float]:
            j = int(label.split(" ")[1])
            fight = max(refused[j] - slack, 0.0)
            return f"claim {j}" if player == "a" else {"accept": 1 - fight, "fight": fight}

        return judged.worst(judged.profile(choice))

    assert worst(0.0) < 1e-12 and worst(0.01) > 1e-4


def test_refusals_converge_at_first_order() -> None:
    errors = [abs(separating(n + 1, 0.3, 0.6, 0.1, 0.1)[n] - (1 - math.exp(-1.5))) for n in (8, 16, 32)]
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx([1.0, 1.0], abs=0.1)


def test_a_period_of_screening_beats_its_neighbours() -> None:
    """Two periods: the price and the cut-off of the first are not those of one period."""
    one, two = first_period(1, 0.9, 0.9), first_period(2, 0.9, 0.9)
    assert two.price < one.price and two.cut > one.cut and two.profit < one.profit


def two_periods(types: int, d: float, prices: list[float], again: dict[int, list[float]]) -> Tree:
    """Screening over two periods as one tree: the buyer's value is in the middle of one of so many cells."""

    def second(i: int, value: float, first: int) -> Branching:
        answered = {
            f"{j}": move("buyer", f"{i} {first} {j}", buy=pays(d * price, d * (value - price)), leave=pays(0.0, 0.0))
            for j, price in enumerate(again[first])
        }
        return move("buyer", f"{i} {first}", buy=pays(prices[first], value - prices[first]),
                    wait=move("seller", f"again {first}", answered))  # fmt: skip

    drawn = {
        f"{i}": move("seller", "first", {f"{k}": second(i, (i + 0.5) / types, k) for k in range(len(prices))})
        for i in range(types)
    }
    return build("two periods", ["seller", "buyer"], chance(dict.fromkeys(drawn, 1 / types), drawn))


@pytest.mark.slow
def test_the_periods_together_are_an_equilibrium() -> None:
    """What is solved period by period, put together, is judged on the tree of the whole game.

    The cells of 286 types end at all the cut-offs: nobody gains, also after first prices that are not asked. A wrong
    first price is caught.
    """
    d, one, two = 0.9, first_period(1, 0.9, 0.9), first_period(2, 0.9, 0.9)
    prices = [two.price, 0.35, 0.4, 0.5]
    # who is indifferent between a price now and the price of the last period for those below
    cuts = [min(1.0, price / (1 - d + d * one.price)) for price in prices]
    assert cuts[0] == pytest.approx(two.cut, abs=1e-9)
    again = {k: [cut * x for x in (one.price, 0.3, 0.4, 0.45, 0.55, 0.6, 0.7)] for k, cut in enumerate(cuts)}

    def gain(types: int, asked: str) -> float:
        judged = Judged(two_periods(types, d, prices, again))

        def choice(player: str, label: str) -> str:
            if player == "seller":
                return asked if label == "first" else "0"
            i, k, *second = map(int, label.split(" "))
            value = (i + 0.5) / types
            if second:
                return "buy" if value > again[k][second[0]] else "leave"
            return "buy" if value > cuts[k] else "wait"

        return judged.worst(judged.profile(choice))

    assert gain(286, "0") < 1e-12 and gain(286, "1") > 1e-2


def test_a_larger_share_is_offered_to_the_stricter() -> None:
    offers = [ratified(t, 0.5, 0.025)[0] for t in (0.1, 0.2, 0.3)]
    assert offers == sorted(offers) and offers[0] < offers[2]


def test_partitions_that_are_none_leave_a_gain() -> None:
    cuts = finest(0.1)
    assert judged_at(cuts, 0.1, 4)[0] < 1e-12
    moved = [judged_at([cuts[0] + by], 0.1, 4)[0] for by in (-0.02, 0.02)]
    assert min(moved) > 1e-3, "who is at the border would rather say the other thing"
    assert partition(3, 0.1) is None and partition(2, 0.1) is not None


def test_ten_states_can_be_told_apart_by_a_mild_bias() -> None:
    """Finite types are not the continuum: with states 1/10 apart all can be told while b is below 1/20."""
    for bias, gains in ((0.04, False), (0.06, True)):
        states = [(i + 0.5) / 10 for i in range(10)]
        judged, profile = told_apart([(i + 1) / 10 for i in range(9)], bias, 1)
        value = judged.judge(profile).action_value
        best = []
        for i in range(10):
            at = judged.at("adviser", f"{i} 0")
            told_values = [value[judged.action(at, f"{m}")] for m in range(10)]
            best.append(int(np.argmax(told_values)))
        assert (best != list(range(10))) == gains, states


def test_an_opposition_that_lies_gains_nothing() -> None:
    judged = Judged(opposed(0.25, 0.2, 1.0, 0.5, 2.0))
    profile = judged.principal(None)
    assert judged.judge(profile).gain.max() < 1e-6
    said = judged.at("opposition", "debate if resolved")
    assert profile[judged.action(said, "support")] > 0.999
