"""Ratifications and their probabilities, as compiled: what an agreement loses is rejected, nothing else moves."""

from __future__ import annotations

from itertools import permutations

import pytest

import winset

TALKS = """\
winset: 1
scenario: T
clock: {rounds: 1}
players: {a: {}, b: {}}
state: {far: {start: true}}
blocks:
BLOCKS
round:
  - {move: talk, by: a, actions: {sign: {}, wait: {}}}
  - move: fate
    by: chance
    outcomes:
      small: {probability: 0.3}
      great: {if: far, probability: 0.2}
      never: {if: not far, probability: 0.9}
      other: {probability: rest}
  - {move: end, by: b, actions: {go: {}, stay: {}}}
"""


def draws(blocks: str, move: str) -> dict[str, float]:
    """Probabilities of the outcomes at a move, at its first state; for `talk`, those of the first action."""
    scenario, found = winset.check(TALKS.replace("BLOCKS", blocks))
    assert scenario is not None, [str(d) for d in found]
    stage = next(s for s in winset.compile_game(scenario).stages if s.move == move)
    listed = range(stage.first[0], stage.first[1])
    return {stage.outcomes[stage.outcome[i]]: float(stage.probability[i]) for i in listed if stage.probability[i] > 0}


def house(name: str, agreements: str, threshold: float = 0.2) -> str:
    return f"  {name}: {{ratification: {{of: b, agreements: {agreements}, threshold: {threshold}, spread: 0.8}}}}\n"


@pytest.mark.parametrize("order", list(permutations(["small: 0.6", "great: 0.4", "never: 0.3", "other: 0.8"])))
def test_every_outcome_of_a_draw_may_be_ratified(order: tuple[str, ...]) -> None:
    got = draws(house("house", "{" + ", ".join(order) + "}"), "fate")
    expected = {"small": 0.3 * 0.5, "great": 0.2 * 0.25, "other": 0.5 * 0.75}
    expected["house_rejected"] = 1 - sum(expected.values())
    assert got == pytest.approx(expected, abs=1e-12)


def test_two_houses_and_each_alone() -> None:
    both = draws(house("house", "{small: 0.6}") + house("senate", "{small: 0.6}", 0.4), "fate")
    expected = {"small": 0.3 * 0.5 * 0.25, "house_rejected": 0.3 * 0.5, "senate_rejected": 0.3 * 0.5 * 0.75}
    assert both == pytest.approx({**expected, "great": 0.2, "other": 0.5}, abs=1e-12)


def test_two_houses_and_a_plain_action() -> None:
    got = draws(house("house", "{sign: 0.6}") + house("senate", "{sign: 0.6}", 0.4), "talk")
    expected = {"house_ratified": 0.5 * 0.25, "house_rejected": 0.5, "senate_rejected": 0.5 * 0.75}
    assert got == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("worth", "chance"), [(0.1, 0.0), (0.2, 0.0), (0.6, 0.5), (1.0, 1.0), (2.0, 1.0)])
def test_the_standard_is_uniform_above_the_threshold(worth: float, chance: float) -> None:
    assert draws(house("house", f"{{sign: {worth}}}"), "talk").get("house_ratified", 0.0) == pytest.approx(chance)


def test_without_a_spread_the_threshold_decides() -> None:
    sure = "  house: {ratification: {of: b, agreements: {sign: WORTH}, threshold: if far then 0.5 else 0.1}}\n"
    assert draws(sure.replace("WORTH", "0.5"), "talk") == {"house_ratified": 1.0}
    assert draws(sure.replace("WORTH", "0.49"), "talk") == {"house_rejected": 1.0}
