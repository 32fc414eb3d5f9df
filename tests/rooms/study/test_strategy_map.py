"""Strategy maps against closed forms of the textbook models, and the rules by which a map is chosen."""

from __future__ import annotations

import pytest

from winset import build, read
from winset.language.scenario import Scenario
from winset.study.figure_data import MapData
from winset.study.solved import Study
from winset.study.strategy_map import strategy_maps, untouched


def maps(scenario: Scenario) -> dict[str, MapData]:
    return {m["player"]: m for m in strategy_maps(Study(scenario=scenario).solved())}


def test_an_entrant_enters_below_the_cut_off() -> None:
    """Kreps and Wilson 1982: with k entrants to come one stays out iff the belief that the store is tough exceeds b^k.

    Every round is all but surely reached, so the map is of the last, in which the belief decides in the middle.
    """
    found = maps(read("textbook/chain-store"))["entrant"]
    assert (found["about"], found["type"], found["round"]) == ("store", "tough", "3")
    assert found["reached"] > 0.9
    stays = dict(zip(found["belief"], found["panels"][0]["mean"]["stay_out"], strict=True))
    assert all(p < 0.01 for x, p in stays.items() if x < 0.49)
    assert all(p > 0.99 for x, p in stays.items() if x > 0.51)


def test_the_bully_duels_where_the_weak_are_the_likelier() -> None:
    """Cho and Kreps 1987: a duel pays where the belief that the stranger is strong is below one half."""
    found = maps(read("textbook/beer-quiche"))["bully"]
    assert found["variable"] == "breakfast"
    for panel in found["panels"]:
        for x, p in zip(found["belief"], panel["mean"]["duel"], strict=True):
            assert p == pytest.approx(1.0 if x < 0.49 else 0.0 if x > 0.51 else 0.5, abs=1e-3)


def test_each_panel_is_a_distribution_and_its_mean_is_that_of_the_types() -> None:
    found = maps(read("textbook/beer-quiche"))["stranger"]  # nobody else is in doubt: the axis is its own reputation
    assert found["about"] == "stranger"
    for panel in found["panels"]:
        for i, x in enumerate(found["belief"]):
            assert sum(series[i] for series in panel["mean"].values()) == pytest.approx(1.0, abs=1e-5)
            own = {kind: series["beer"][i] for kind, series in panel["types"].items()}
            assert panel["mean"]["beer"][i] == pytest.approx(x * own["strong"] + (1 - x) * own["weak"], abs=1e-5)


def weather(**changes: object) -> Scenario:
    """A has a type that makes B's answer; the weather, which nobody moves, makes it more; the flag is B's own."""
    sections: dict[str, object] = {
        "scenario": "weather",
        "clock": {"rounds": 3},
        "players": {"a": {"types": {"kind": 0.5, "cruel": 0.5}}, "b": {}},
        "state": {
            "sky": {"values": ["clear", "storm"], "start": "clear"},
            "flag": {"values": ["low", "high"], "start": "low"},
        },
        "round": [
            {
                "move": "act",
                "by": "a",
                "actions": {"help": {}, "hurt": {"pays": {"a": "if a is kind then -0.1 else 0.1"}}},
            },
            {
                "move": "answer",
                "by": "b",
                "actions": {
                    "trust": {"pays": {"b": "if sky = storm then 1 else if a is kind then 1 else -1"}},
                    "doubt": {"then": {"flag": "if flag = low then high else low"}},
                },
            },
            {
                "move": "wind",
                "by": "chance",
                "outcomes": {
                    "turns": {"probability": 0.5, "then": {"sky": "if sky = clear then storm else clear"}},
                    "stays": {"probability": "rest"},
                },
            },
        ],
        "payoffs": {"each round": {"a": "if flag = high then 0.1 else 0"}},
        "questions": {"trust": "P(b plays trust)"},
        **changes,
    }
    return build(**sections)


def test_panels_are_the_circumstances_that_no_player_moves() -> None:
    assert untouched(weather()) == {"sky"}
    found = maps(weather())["b"]
    assert found["variable"] == "sky"
    assert [p["value"] for p in found["panels"]] == ["clear", "storm"]
    assert sum(p["here"] for p in found["panels"]) == 1
    assert found["round"] != "1"  # in which there can be no storm yet
    clear, storm = (p["mean"]["trust"] for p in found["panels"])
    half = found["belief"].index(0.5)
    assert clear[half] == pytest.approx(0.5, abs=0.05)
    assert clear[0] < 0.01
    assert clear[-1] > 0.99
    assert min(storm) > 0.99


def test_the_axis_is_about_the_other_side_where_that_is_in_doubt() -> None:
    both = weather(players={"a": {"types": {"kind": 0.5, "cruel": 0.5}}, "b": {"types": {"here": 0.4, "there": 0.6}}})
    assert {player: m["about"] for player, m in maps(both).items()} == {"a": "b", "b": "a"}


def test_without_doubt_there_is_no_map() -> None:
    assert maps(read("textbook/centipede")) == {}


def test_the_place_is_where_the_choice_differs_most_weighted_by_how_likely_it_is() -> None:
    """B's choice hangs on the belief at both doors: at the rare one wholly, at the usual one a little."""

    def scenario(rare: float) -> Scenario:
        sure, half = "(if a is kind then 9 else -9)", "(if a is kind then 0.3 else -0.3)"
        return build(
            scenario="doors",
            clock={"rounds": 1},
            players={"a": {"types": {"kind": 0.5, "cruel": 0.5}}, "b": {"precision": 1}},
            state={"door": {"values": ["shut", "usual", "rare"], "start": "shut"}},
            round=[
                {"move": "open", "by": "chance", "outcomes": {
                    "rarely": {"probability": rare, "then": {"door": "rare"}},
                    "mostly": {"probability": "rest", "then": {"door": "usual"}},
                }},
                {"move": "wave", "by": "a", "actions": {"wave": {}, "nod": {}}},
                {"move": "pass", "by": "b", "actions": {
                    "go": {"if": "door = rare", "pays": {"b": sure}},
                    "walk": {"if": "door = usual", "pays": {"b": half}},
                    "stay": {},
                }},
            ],
            questions={"stays": "P(b plays stay)"},
        )  # fmt: skip

    assert maps(scenario(0.1))["b"]["state"]["door"] == "usual"
    assert maps(scenario(0.4))["b"]["state"]["door"] == "rare"
    assert maps(scenario(0.1))["b"]["reached"] == pytest.approx(0.9)
