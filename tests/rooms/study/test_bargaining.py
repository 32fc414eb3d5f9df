"""Pareto, Nash and the zone of agreement against closed forms, and the worth of agreements on a game done by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from winset import build
from winset.study.agreements import bargaining
from winset.study.bargaining import nash, pareto, zone
from winset.study.solved import Study
from winset.study.telling_apart import on_agreeing


@pytest.mark.parametrize(("mine", "theirs"), [(0.0, 0.0), (0.2, 0.2), (0.3, 0.1), (0.1, 0.5)])
def test_dividing_a_pie(mine: float, theirs: float) -> None:
    """Shares s in steps of 0.05 of a pie of 1, outside options d1 and d2.

    The zone is d1 <= s <= 1 - d2, all shares are efficient, and Nash splits the surplus: s = (1 + d1 - d2) / 2.
    """
    shares = np.arange(21) / 20
    gains = np.stack([shares - mine, 1 - shares - theirs], axis=1)
    inside = [i for i, s in enumerate(shares) if mine - 1e-9 <= s <= 1 - theirs + 1e-9]
    assert zone(gains) == inside
    assert pareto(gains) == [True] * 21
    assert shares[nash(gains)] == pytest.approx((1 + mine - theirs) / 2)  # type: ignore[index]


def test_no_zone_where_the_outside_options_exceed_the_pie() -> None:
    shares = np.arange(11) / 10
    gains = np.stack([shares - 0.6, 1 - shares - 0.6], axis=1)
    assert zone(gains) == []
    assert nash(gains) is None


def test_walking_away_and_its_equal_are_no_agreement() -> None:
    assert zone(np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.5]])) == [2]
    assert nash(np.array([[0.0, 0.0], [0.0, 0.5]])) is None


TABLES = arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 3)), elements=st.integers(-4, 4).map(float))


@given(TABLES)
def test_pareto_as_defined(worth: np.ndarray) -> None:
    rows = worth.tolist()

    def beats(a: list[float], b: list[float]) -> bool:
        return all(x >= y for x, y in zip(a, b, strict=True)) and any(x > y for x, y in zip(a, b, strict=True))

    assert pareto(worth) == [not any(beats(a, b) for a in rows) for b in rows]


@given(TABLES, st.floats(0.1, 10), st.floats(-5, 5))
def test_scale_and_origin_do_not_matter(worth: np.ndarray, scale: float, origin: float) -> None:
    """Pareto is unmoved by any positive affine change of one player; zone and Nash's point by any change of scale."""
    changed, scaled = worth.copy(), worth.copy()
    changed[:, 0] = scale * changed[:, 0] + origin
    scaled[:, 0] *= scale
    assert pareto(changed) == pareto(worth)
    assert zone(scaled) == zone(worth)
    first, second = nash(worth), nash(scaled)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert np.prod(worth[first]) == pytest.approx(np.prod(worth[second]))
        assert np.prod(worth[first]) == pytest.approx(max(np.prod(row) for row in worth if (row > 0).all()))


def talks() -> Study:
    """Three rounds, discount 1/2. In the first, A may sign; whatever it does the talks are over, so that nothing
    depends on later choices. A signed deal pays at the end of each of the three rounds: 1 + 1/2 + 1/4 = 1.75 times.
    """
    scenario = build(
        scenario="by hand",
        clock={"rounds": 3},
        players={"a": {"types": {"soft": 0.25, "hard": 0.75}, "discount": 0.5}, "b": {"discount": 0.5}},
        state={"deal": {"values": ["none", "half", "whole"], "start": "none"}, "open": {"start": True}},
        round=[
            {
                "move": "sign",
                "by": "a",
                "if": "open",
                "actions": {
                    "leave": {"then": {"open": False}},
                    "half": {
                        "pays": {"a": 0.5, "b": "if a is soft then 1 else 5"},
                        "then": {"deal": "half", "open": False},
                    },
                    "whole": {"then": {"deal": "whole", "open": False}},
                },
            },
            {"move": "wave", "by": "b", "actions": {"wave": {}, "nod": {}}},
        ],
        payoffs={
            "each round": {
                "a": "if deal = half then (if a is soft then 1 else 2) else if deal = whole then -1 else 0",
                "b": "if deal = half then 3 else if deal = whole then 4 else 0",
            }
        },
        agreements={
            "nothing": {"open": False},
            "half": {"deal": "half", "open": False},
            "whole": {"deal": "whole", "open": False},
            "never": {"deal": "whole", "open": True},
        },
        questions={"signed": "P(deal != none)"},
    )
    return Study(scenario=scenario)


def test_gains_are_what_is_paid_and_what_follows() -> None:
    found = bargaining(talks().solved(), ["1", "2", "3"])
    assert found is not None
    by_name = {a["name"]: a for a in found["agreements"]}
    half = by_name["half"]
    assert half["gain"]["a"] == pytest.approx({"soft": 0.5 + 1.75, "hard": 0.5 + 2 * 1.75})
    assert half["gain"]["b"] == pytest.approx({"only": 0.25 * 1 + 0.75 * 5 + 3 * 1.75})
    assert half["paid"]["a"] == pytest.approx({"soft": 0.5, "hard": 0.5})
    assert half["paid"]["b"] == pytest.approx({"only": 0.25 * 1 + 0.75 * 5})
    assert (half["move"], half["round"]) == ("sign", "1")
    assert by_name["whole"]["gain"]["a"] == pytest.approx({"soft": -1.75, "hard": -1.75})
    assert by_name["nothing"]["gain"] == {"a": {"soft": 0.0, "hard": 0.0}, "b": {"only": 0.0}}


def test_a_state_that_never_comes_is_said_not_to() -> None:
    found = bargaining(talks().solved(), ["1", "2", "3"])
    assert found is not None
    never = found["agreements"][3]
    assert never["gain"]["b"]["only"] is None
    assert "never comes" in never["why"]
    assert all("never" not in pair["pareto"] for pair in found["pairs"])


def test_what_is_possible_by_pair_of_types() -> None:
    found = bargaining(talks().solved(), ["1", "2", "3"])
    assert found is not None
    assert [(p["types"]["a"], p["probability"]) for p in found["pairs"]] == [("hard", 0.75), ("soft", 0.25)]
    for pair in found["pairs"]:
        assert pair["zone"] == ["half"]
        assert pair["nash"] == "half"
        assert pair["pareto"] == ["half"]  # 9.25 for B beats the 7 of `whole`


def test_worth_by_date_of_signing() -> None:
    """Where the talks stay open a deal can be signed in each round: it pays so many rounds less, and 2 at once."""
    actions = {"leave": {}, "half": {"pays": {"b": 2}, "then": {"deal": "half", "open": False}}}
    scenario = build(
        scenario="later",
        clock={"rounds": 3},
        players={"a": {"discount": 0.5, "precision": 0}, "b": {"discount": 0.5}},
        state={"deal": {"values": ["none", "half"], "start": "none"}, "open": {"start": True}},
        round=[{"move": "sign", "by": "a", "if": "open", "actions": actions},
               {"move": "wave", "by": "b", "actions": {"wave": {}, "nod": {}}}],
        payoffs={"each round": {"b": "if deal = half then 1 else 0"}},
        agreements={"nothing": {}, "half": {"deal": "half", "open": False}},
        questions={"signed": "P(deal != none)"},
    )  # fmt: skip
    found = bargaining(Study(scenario=scenario).solved(), ["1", "2", "3"])
    assert found is not None
    half = found["agreements"][1]["by_date"]["b"]["only"]
    # Signed now: 3.75, 3.5, 3. Not signed now, A signs in each later round with probability 1/2 (precision 0), which
    # is worth 1/2 * 3 from round 3 on, and 1/2 * 3.5 + 1/2 * 1/2 of that from round 2 on. The gain is the difference.
    third = 0.5 * 3.0
    second = 0.5 * 3.5 + 0.5 * 0.5 * third
    assert half == pytest.approx([3.75 - 0.5 * second, 3.5 - 0.5 * third, 3.0])


def test_names_no_agreements_no_space() -> None:
    study = Study(scenario=build(
        scenario="bare", clock={"rounds": 1}, players={"a": {}, "b": {}},
        round=[{"move": m, "by": m, "actions": {"x": {}, "y": {}}} for m in ("a", "b")],
        questions={"x": "P(a plays x)"},
    ))  # fmt: skip
    assert bargaining(study.solved(), ["1"]) is None


def test_pairs_sum_to_one() -> None:
    found = bargaining(talks().solved(), ["1", "2", "3"])
    assert found is not None
    assert sum(p["probability"] for p in found["pairs"]) == pytest.approx(1.0)
    assert len(found["pairs"]) == len(list(product(("soft", "hard"), ("only",))))


def offered(precision: float) -> Study:
    """A may agree to a deal that then passes with probability 1/4; a deal pays A 2, one that fails costs it 1."""
    vote = {
        "passes": {"probability": 0.25, "pays": {"a": 2.0}, "then": {"deal": "full"}},
        "fails": {"probability": "rest", "pays": {"a": -1.0}},
    }
    scenario = build(
        scenario="offered",
        clock={"rounds": 1},
        solution={"precision": precision},
        players={"a": {}},
        state={"deal": {"values": ["none", "full"], "start": "none"}},
        round=[{"move": "reply", "by": "a", "actions": {"agree": {"chance": vote}, "refuse": {}}}],
        agreements={"nothing": {}, "full": {"deal": "full"}},
        questions={"signed": "P(deal != none)"},
    )
    return Study(scenario=scenario)


def test_what_agreeing_is_worth_is_its_chance_times_the_gain_and_else_what_failing_costs() -> None:
    found = bargaining(offered(4.0).solved(), ["1"])
    assert found is not None
    full = found["agreements"][1]
    assert full["gain"]["a"]["only"] == pytest.approx(2.0)
    (one,) = full["agreeing"]
    assert (one["player"], one["action"], one["other"]) == ("a", "agree", "refuse")
    assert one["chance"] == pytest.approx(0.25)
    assert one["failing"] == pytest.approx(-1.0)
    assert one["worth"] == pytest.approx(0.25 * 2.0 - 0.75)
    assert one["other_worth"] == pytest.approx(0.0)
    assert one["played"] == pytest.approx(1 / (1 + np.exp(4.0 * 0.25)), abs=1e-6)


def test_a_gain_beside_a_choice_that_is_seldom_made_is_explained() -> None:
    found = bargaining(offered(4.0).solved(), ["1"])
    assert found is not None
    assert on_agreeing(found["agreements"][1]) == (
        "Signed, it is worth +2.000 to A. But “agree” ends in it with 25 % only, and is else worth −1.000: on balance "
        "−0.250, against 0 for “refuse”. It is played with 27 %."
    )
    assert on_agreeing(found["agreements"][0]) == ""
    often = dict(found["agreements"][1], agreeing=[{**found["agreements"][1]["agreeing"][0], "played": 0.6}])
    assert on_agreeing(often) == ""
