"""Misperceptions that have no answer are refused, each with who believes what and what to change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from winset.base.errors import ScenarioError
from winset.game.compile import compile_game
from winset.game.counterpart import Counterpart
from winset.language.formula import parse_formula
from winset.language.reading import read_text
from winset.study.formulas import Asker
from winset.study.solved import Study

TEXT = """
winset: 1
scenario: errors that go too far
clock: {rounds: ROUNDS}
solution: {precision: 5, grid: 5 SHOCKS}
parameters: {storm: 0.2, tell: 0.3, turn: 0.2, bar: 1, sharp: 5}
players:
  north: {types: {x: 0.5, y: 0.5}, discount: 0.9, precision: sharp}
  south: {types: {u: 0.4, v: 0.6}, discount: 0.9}
  west: {discount: 0.9}
state: {level: {range: [0, 2], start: 0}}
round:
  - move: act
    by: north
    actions: {stay: {}, go: {pays: {north: if south is u then 0.4 else -0.3}, becomes: {north: {x: {y: turn}}}}}
    signals:
      smoke: {probability: if north plays go then 0.5 + tell else tell}
      none: {probability: rest}
  - move: answer
    by: south
    actions:
      stay: {}
      push:
        if: level >= bar - 1
        pays: {south: if south is u then 0.3 else -0.2, north: if north is x then -0.4 else -0.2}
WEST
  - move: weather
    by: chance
    outcomes: {storm: {probability: storm, then: {level: up 1}}, calm: {probability: rest}}
variants:
  wrong: {prior: {south: {u: 0.8, v: 0.2}}}
  no_storm: {parameters: {storm: 0}}
  barred: {parameters: {bar: 2}}
  own: {prior: {north: {x: 0.9, y: 0.1}}}
  telling: {parameters: {tell: 0.1}}
  turning: {parameters: {turn: 0.6}}
  sharper: {parameters: {sharp: 9}}
  misread: {perceives: {north: SEEN} AWARE}
"""


def refused(formula: str, *, seen: str = "wrong", aware: bool = False, rounds: str = "2", shocks: str = "",
            west: bool = False) -> str:  # fmt: skip
    """What the refusal says, in one line."""
    third = "  - {move: third, by: west, actions: {stay: {}, go: {pays: {west: 0.2}}}}" if west else ""
    text = TEXT.replace("SEEN", seen).replace("AWARE", ", aware: [south]" if aware else "").replace("ROUNDS", rounds)
    text = text.replace(" SHOCKS", shocks).replace("WEST", third)
    asker = Asker(Study(scenario=read_text(text)), grid_check=False)
    with pytest.raises(ScenarioError) as caught:
        asker.ask(parse_formula(f"{formula} in misread"))
    (found,) = caught.value.diagnostics
    assert found.code == "C492"
    return found.message


@pytest.mark.parametrize(
    ("formula", "how", "said"),
    [
        ("P(level = 2)", {"seen": "no_storm"}, "north believes in `no_storm`"),
        ("P(level = 2)", {"seen": "no_storm", "aware": True}, "never comes to"),
        ("value(north)", {"rounds": "infinite"}, "without end"),
        ("belief(south is u)", {"west": True}, "do not hold the same belief about south"),
        ("P(level = 2) from (level = 2)", {}, "somebody errs"),
        ("value(south)", {"seen": "own", "aware": True}, "the prior of north differs"),
        ("value(south)", {"seen": "telling", "aware": True}, "what is seen of north at `act` differs"),
        ("value(south)", {"seen": "turning", "aware": True}, "how north changes its type at `act` differs"),
        ("value(south)", {"seen": "sharper", "shocks": ", shocks: included"}, "wrong about a precision"),
    ],
)
def test_what_cannot_be_answered(formula: str, how: dict, said: str) -> None:
    assert said in refused(formula, **how)


def test_what_the_perceived_game_bars_teaches_nothing_when_it_comes() -> None:
    text = TEXT.replace("SEEN", "barred").replace(" AWARE", "").replace("ROUNDS", "1").replace(" SHOCKS", "")
    asker = Asker(Study(scenario=read_text(text.replace("WEST", ""))), grid_check=False)
    found = [
        asker.ask(parse_formula(f"{ask} after (north plays none, south plays push) in misread")).as_quantity().value
        for ask in ("belief(south is u)", "P(south is u)")
    ]
    assert found[0] == pytest.approx(0.4, abs=1e-12)  # what north believed before
    assert abs(found[1] - 0.4) > 0.01


def test_an_action_that_only_the_perceived_game_offers() -> None:
    text = TEXT.replace("SEEN", "free").replace(" AWARE", "").replace("ROUNDS", "2").replace(" SHOCKS", "")
    text = text.replace("WEST", "").replace("stay: {}, go: {pays", "stay: {}, go: {if: level >= bar - 1, pays")
    text = text.replace("bar: 1", "bar: 2").replace("  misread:", "  free: {parameters: {bar: 1}}\n  misread:")
    asker = Asker(Study(scenario=read_text(text)), grid_check=False)
    with pytest.raises(ScenarioError) as caught:
        asker.ask(parse_formula("P(level = 2) in misread"))
    assert "north may choose in one of the games what it may not in the other" in caught.value.diagnostics[0].message
    assert caught.value.diagnostics[0].example == {"level": 0}


def test_what_is_supported_without_end() -> None:
    text = TEXT.replace("SEEN", "wrong").replace(" AWARE", "").replace("ROUNDS", "infinite").replace(" SHOCKS", "")
    asker = Asker(Study(scenario=read_text(text.replace("WEST", ""))), grid_check=False)
    found = {f: asker.ask(parse_formula(f)).as_quantity().value for f in (
        "P(north plays go within 1 rounds) in misread", "P(north plays go within 1 rounds)",
        "P(north plays go within 1 rounds) in wrong", "belief(south is u) in misread", "E(level at 3) in misread",
    )}  # fmt: skip
    first, base, wrong, belief, level = found.values()
    assert first == pytest.approx(wrong, abs=1e-9)
    assert abs(first - base) > 0.01
    assert belief == pytest.approx(0.8)
    assert level == pytest.approx(0.6 - 0.008, abs=1e-9)


def test_draws_that_look_alike() -> None:
    text = """
winset: 1
scenario: alike
clock: {rounds: 1}
players: {north: {types: {x: 0.5, y: 0.5}}}
state: {level: {range: [0, 2], start: 0}}
round:
  - {move: act, by: north, actions: {stay: {}, go: {}}}
  - move: one
    by: chance
    outcomes: {a: {probability: 0.5, becomes: {north: {x: {y: 0.5}}}}, b: {probability: rest}}
"""
    game = compile_game(read_text(text))
    same = Counterpart(game, game)
    for k, stage in enumerate(game.stages):
        assert same.states(k).tolist() == list(range(len(stage.states)))
        assert same.branches(k).tolist() == list(range(len(stage.target)))
    blurred = replace(game.stages[1], outcome=game.stages[1].outcome * 0)
    other = replace(game, stages=(game.stages[0], blurred, game.stages[2]))
    with pytest.raises(ScenarioError) as caught:
        Counterpart(other, other).branches(1)
    assert caught.value.diagnostics[0].code == "C492"
