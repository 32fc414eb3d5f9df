from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rooms.game.against_interpreter import compare
from rooms.game.sample_games import EVERYTHING, random_text
from winset.base.diagnostics import NOWHERE
from winset.base.errors import ScenarioError, SizeError
from winset.game.compile import compile_game, measure
from winset.game.grid import BeliefGrid
from winset.language.parser import parse_expression
from winset.language.reading import read_text
from winset.language.scenario import Assignment, Pay


@pytest.mark.slow
def test_everything_as_the_rules_read():
    scenario = read_text(EVERYTHING)
    compare(scenario, compile_game(scenario))


@pytest.mark.parametrize("seed", range(20))
def test_random_scenarios_as_the_rules_read(seed):
    scenario = read_text(random_text(seed))
    compare(scenario, compile_game(scenario))


def test_the_comparison_sees_a_changed_probability():
    scenario = small(action="{chance: {l: {probability: 0.2, then: {x: up 1}}, r: {probability: rest}}}")
    game = compile_game(scenario)
    compare(scenario, game)
    game.stages[0].probability[1:] = 0.5
    with pytest.raises(AssertionError):
        compare(scenario, game)


def test_branch_probabilities_sum_to_one():
    game = compile_game(read_text(EVERYTHING))
    for stage in game.stages:
        count = np.diff(stage.first)
        cells = np.repeat(np.arange(len(count)), count)
        total = np.bincount(cells, weights=stage.probability, minlength=len(count))
        assert np.allclose(total[count > 0], 1.0, atol=1e-9)
        assert (stage.probability > 0).all()
        for mover in stage.movers:
            if mover.signal is not None:
                total = mover.signal.sum(axis=3)
                assert np.allclose(total[mover.available], 1.0, atol=1e-9)


def test_parameterised_labels_are_short():
    game = compile_game(read_text(EVERYTHING))
    assert game.stages[0].movers[0].actions[3:6] == (
        "offer(share=0, relief=0)",
        "offer(share=0, relief=1)",
        "offer(share=0.5, relief=0)",
    )


def test_rounds_that_do_not_differ_share_their_rows():
    game = compile_game(read_text(EVERYTHING))
    assert [s.round for s in game.stages if s.move == "home"] == [1, 2]
    rates = [s.probability[s.outcome == s.outcomes.index("vote")][0] for s in game.stages if s.move == "home"]
    assert np.allclose(rates, [0.15, 0.15])


def test_values_and_variants_change_the_game_and_its_key():
    text = EVERYTHING + "variants:\n  fast: {parameters: {rate: 0.5}}\n  same: {parameters: {rate: 0.3}}\n"
    scenario = read_text(text)
    base, fast = compile_game(scenario), compile_game(scenario, variant="fast")
    assert base.key != fast.key
    assert compile_game(scenario, variant="same").key == base.key
    assert compile_game(scenario, values={"rate": 0.5}).key == fast.key
    assert compile_game(read_text(text.replace("a little of everything", "another title"))).key == base.key
    with pytest.raises(ScenarioError, match="K822"):
        compile_game(scenario, values={"rates": 0.5})


SMALL = """
winset: 1
scenario: small
clock: {{rounds: {rounds}}}
players: {{a: {{discount: 0.9}}}}
state:
  x: {{range: [0, 3], start: 0}}
  y: {{range: [0, 9], start: 0}}
round:
  - move: only
    by: a
    actions:
      stay: {{}}
      go: {action}
payoffs: {{each round: {{a: {pay}}}}}
"""


def small(rounds="3", action="{then: {x: up 1}}", pay="x"):
    return read_text(SMALL.format(rounds=rounds, action=action, pay=pay))


def test_an_infinite_game_is_closed_under_its_round():
    game = compile_game(small(rounds="infinite"))
    assert game.infinite
    assert [s.move for s in game.stages] == ["only", ""]
    assert len(game.stages[0].states) == 4
    assert (game.stages[1].target >= 0).all()
    last = game.stages[1]
    assert np.array_equal(game.stages[0].states[last.target], last.landing)
    assert np.allclose(last.discount, 0.9)


def test_division_by_zero_names_a_state():
    with pytest.raises(ScenarioError) as caught:
        compile_game(_unchecked(pay="1 / (x - 2)"))
    found = caught.value.diagnostics[0]
    assert found.code == "K801"
    assert found.example["x"] == 2


def test_a_guarded_division_is_no_error():
    game = compile_game(_unchecked(pay="if x = 2 then 0 else 1 / (x - 2)"))
    assert np.isfinite(np.concatenate([s.reward.ravel() for s in game.stages])).all()


def test_a_value_out_of_range_names_a_state():
    with pytest.raises(ScenarioError, match="K804"):
        compile_game(_unchecked(x="x + 2"))


def test_probabilities_beyond_one_name_a_state():
    with pytest.raises(ScenarioError, match=r"K81[01]"):
        compile_game(_unchecked(probability="0.5 + x / 4"))


def test_a_secret_change_of_type_may_not_end_the_game_that_pays_by_it():
    text = """
winset: 1
scenario: secret end
clock: {rounds: 2}
players: {a: {types: {poor: 0.5, rich: 0.5}}}
state: {x: {range: [0, 1], start: 0}}
round:
  - move: build
    by: a
    actions: {rest_: {}, arm: {becomes: {a: {poor: {rich: 0.5}}}}}
    signals:
      seen: {probability: if a plays arm then 0.5 else 0.1, then: {x: 1}}
      unseen: {probability: rest}
ends when: x = 1
payoffs: {at the end: {a: if a is rich then 1 else 0}}
"""
    with pytest.raises(ScenarioError, match="K821"):
        compile_game(read_text(text))


def test_too_many_states_are_refused_with_the_variables_that_multiply():
    game = small(rounds="30", action="{then: {x: 3 - x, y: up 1}}")
    with pytest.raises(SizeError, match=r"y \(") as caught:
        compile_game(game, max_states=5)
    assert "max_states" in caught.value.diagnostics[0].fix


def test_a_short_lived_player_has_no_future():
    game = compile_game(read_text(EVERYTHING))
    assert game.players[2].discount == 0
    assert game.stages[5].move == ""
    assert np.allclose(game.stages[5].discount, [0.98, 0.9, 0.0])


def test_measure_counts_cells_where_somebody_chooses():
    game = compile_game(small())
    size = measure(game, BeliefGrid(game.type_counts))
    assert (size.belief_nodes, size.cells) == (1, 1 + 2 + 3)
    assert size.states == len(game.states) == 4


def _unchecked(pay="x", x="", probability=""):
    """A scenario put together past the reader's own rules, which would refuse it first."""
    scenario = small(rounds="4", action="{then: {x: up 1}, chance: {l: {probability: 0.5}, r: {probability: 0.5}}}")
    move = scenario.round[0]
    stay, go = move.sides[0].actions
    effect = go.effect
    if x:
        effect = replace(effect, then=(Assignment(variable="x", how="set", value=parse_expression(x, NOWHERE)),))
    if probability:
        left, right = effect.chance
        effect = replace(effect, chance=(replace(left, probability=parse_expression(probability, NOWHERE)), right))
    side = replace(move.sides[0], actions=(stay, replace(go, effect=effect)))
    amount = parse_expression(pay, NOWHERE)
    return replace(scenario, round=(replace(move, sides=(side,)),), each_round=(Pay(player="a", amount=amount),))
