"""Who gains from delay, against sums worked out on paper."""

from __future__ import annotations

import pytest

import winset
from winset.game.compile import compile_game, measure
from winset.game.grid import BeliefGrid
from winset.language.reading import read_text
from winset.language.scenario import Scenario
from winset.study.delay import delay
from winset.study.solved import Solved, StudySettings

FACTOR = 0.9
PRIZE = """\
winset: 1
scenario: A prize to be taken
clock: {{rounds: {rounds}}}
players:
  a: {{discount: 0.9, precision: 5000}}
  b: {{discount: 0.9, types: {{poor: 0.25, rich: 0.75}}}}
  c: {{lives: one round}}
state:
  taken: {{start: false}}
  day: {{range: [1, 9], start: 1}}
ends when: taken
round:
  - move: taking
    by: a
    actions:
      take: {{pays: {{a: {prize}}}, then: {{taken: true{day}}}}}
      wait: {{{wait}}}
payoffs:
  each round: {{b: if b is poor then -0.2 else -0.1}}
"""


def prize(*, rounds: int = 8, worth: str = "1", dated: bool = False) -> Scenario:
    """One player may take a prize in any round; the other is paid by the round until then."""
    day = ", day: up 1" if dated else ""
    return read_text(PRIZE.format(rounds=rounds, prize=worth, day=day, wait="then: {day: up 1}" if dated else ""))


def solved(scenario: Scenario) -> Solved:
    game = compile_game(scenario)
    grid = BeliefGrid(game.type_counts, 5, scenario.settings.span)
    solution = winset.solve(game, grid=grid)
    return Solved(
        variant="", game=game, size=measure(game, grid), solution=solution, walking=StudySettings().walking
    )  # fmt: skip


def test_a_prize_that_stays_is_discounted_and_the_rounds_are_paid() -> None:
    """a: δ^k - 1. b, paid -u at the end of each round until the prize is taken at once: -u (δ + ... + δ^k)."""
    found = delay(solved(prize()))
    assert found is not None
    assert found["rounds"] == [1, 2, 3, 6]
    rows = {(r["player"], r["type"]): r for r in found["rows"]}
    assert set(rows) == {("a", ""), ("b", ""), ("b", "poor"), ("b", "rich")}  # c does not live to see a later round
    for n, k in enumerate(found["rounds"]):
        paid = sum(FACTOR**j for j in range(1, k + 1))
        wanted = {
            ("a", ""): FACTOR**k - 1,
            ("b", "poor"): -0.2 * paid,
            ("b", "rich"): -0.1 * paid,
            ("b", ""): -0.125 * paid,
        }
        for key, gain in wanted.items():
            assert rows[key]["gains"][n] == pytest.approx(gain, abs=1e-6)
    assert "A would lose" in found["told"]
    assert "B would lose" in found["told"]


def test_who_would_wait_anyway_loses_nothing_by_waiting() -> None:
    """A prize worth the number of its round is taken in the last: δ^k V(1 + k) = V(1)."""
    found = delay(solved(prize(rounds=4, worth="now")))
    assert found is not None
    gains = next(r for r in found["rows"] if r["player"] == "a")["gains"]
    assert gains == pytest.approx([0.0] * len(gains), abs=1e-6)
    assert "A would neither gain nor lose" in found["told"]


def test_a_value_later_is_what_a_formula_answers() -> None:
    scenario = prize()
    found = delay(solved(scenario))
    assert found is not None
    later = winset.ask(scenario, "value(a) from (round = 3)", certificate=False, cache=False).value
    row = next(r for r in found["rows"] if r["player"] == "a")
    assert isinstance(later, float)
    assert row["gains"][1] == pytest.approx(FACTOR**2 * later - row["now"], abs=1e-9)


def test_a_game_that_never_stands_so_again_says_so() -> None:
    found = delay(solved(prize(dated=True)))
    assert found is not None
    assert all(gain is None for row in found["rows"] for gain in row["gains"])
    assert "never stands as at the start" in found["missing"]
    assert found["told"].startswith("Who gains from delay cannot be said")


def test_one_round_has_no_delay() -> None:
    assert delay(solved(prize(rounds=1))) is None
