"""States that continue alike: what is taken over equals what is solved anew, and nothing else is taken over."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from winset.game.compile import compile_game
from winset.game.matching import matching
from winset.language.reading import read_text
from winset.solve.backward import solve

TALKS = """
winset: 1
scenario: talks under a moving mood
clock: {rounds: ROUNDS}
solution: {precision: 6, grid: 3}
parameters: {gain: 0.4, late: 0.1, drift: 0.2}
players:
  a: {types: {high: 0.3, low: 0.7}, discount: 0.9}
  b: {types: {soft: 0.4, hard: 0.6}, discount: 0.9}
state:
  mood: {values: [bad, fair, good], start: fair}
  deal: {start: false}
round:
  - move: offer
    by: a
    if: not deal
    actions:
      wait: {}
      ask: {pays: {a: if a is high then gain else -gain}, then: {mood: up 1}}
  - move: answer
    by: b
    if: not deal
    actions:
      no: {}
      "yes": {if: mood = good, pays: {b: if b is soft then 0.3 else -0.2, a: 0.5}, then: {deal: true}}
  - move: weather
    by: chance
    outcomes: {worse: {probability: drift, then: {mood: down 1}}, same: {probability: rest}}
payoffs: {each round: {a: LATE}}
variants:
  in_good_mood: {start: {mood: good}}
  surer: {prior: {a: {high: 0.8, low: 0.2}}}
  dearer: {parameters: {gain: 0.5}}
  late_pay: {parameters: {late: 0.3}}
  no_asking: {without: [ask]}
"""


@cache
def game(variant="", rounds="5", late="if deal then late else 0"):
    text = TALKS.replace("ROUNDS", rounds).replace("LATE", late)
    return compile_game(read_text(text), variant=variant)


def shares(variant, **where):
    found = matching(game(variant, **where), game(**where))
    assert found is not None
    return sum(int((f >= 0).sum()) for f in found) / sum(len(f) for f in found)


def test_a_prior_changes_no_state():
    assert shares("surer") == 1


def test_another_start_shares_what_both_can_reach():
    one, two = game("in_good_mood"), game()
    found = matching(one, two)
    for k, match in enumerate(found):
        rows = {tuple(two.states[s]): i for i, s in enumerate(two.stages[k].states)}
        assert [rows.get(tuple(one.states[s]), -1) for s in one.stages[k].states] == match.tolist()


def test_a_payoff_of_open_talks_leaves_only_what_is_concluded():
    found = matching(game("dearer"), game())
    deal = [name for name, _ in game().variables].index("deal")
    last = max(k for k, s in enumerate(game().stages) if s.move == "offer")
    for k, match in enumerate(found):
        concluded = game("dearer").states[game("dearer").stages[k].states, deal] == 1
        assert (match[concluded] >= 0).all()
        if k <= last:
            assert (match[~concluded] < 0).all()


def test_a_payment_at_the_end_of_rounds_leaves_nothing_before_it():
    found = matching(game("late_pay"), game())
    settlements = [k for k, s in enumerate(game().stages) if s.move == ""]
    assert all((found[k] < 0).any() for k in range(settlements[-1] + 1))


def test_an_action_taken_away_is_seen():
    assert shares("no_asking") < 0.5


def test_other_players_match_nothing():
    one = game()
    other = replace(one, players=tuple(replace(p, precision=7.0) for p in one.players))
    assert matching(one, other) is None


@pytest.mark.parametrize("variant", ["in_good_mood", "surer", "dearer", "late_pay", "no_asking"])
def test_taken_over_equals_solved_anew(variant):
    known = solve(game())
    helped, alone = solve(game(variant), known=(known,)), solve(game(variant))
    for one, two in zip(helped.values, alone.values, strict=True):
        np.testing.assert_allclose(one, two, rtol=0, atol=1e-12)
    for one, two in zip(helped.strategies, alone.strategies, strict=True):
        for p, q in zip(one, two, strict=True):
            np.testing.assert_allclose(p, q, rtol=0, atol=1e-11)
    assert [h.tolist() for h in helped.how] == [h.tolist() for h in alone.how]


def test_what_is_known_is_really_taken_over():
    known = solve(game())
    marked = replace(known, values=tuple(v + 1.0 for v in known.values))
    helped = solve(game("surer"), known=(marked,))
    np.testing.assert_array_equal(helped.values[0], marked.values[0])


def test_another_grid_is_not_taken_over():
    known = solve(game())
    marked = replace(known, values=tuple(v + 1.0 for v in known.values), grid=replace(known.grid, inner=5))
    helped = solve(game("surer"), known=(marked,))
    np.testing.assert_allclose(helped.values[0], known.values[0], rtol=0, atol=1e-12)


def test_an_infinite_game_is_taken_over_whole_or_not_at_all():
    known = solve(game(rounds="infinite", late="0.1"))
    marked = replace(known, values=tuple(v + 1.0 for v in known.values))
    whole = solve(game("surer", rounds="infinite", late="0.1"), known=(marked,))
    np.testing.assert_array_equal(whole.values[0], marked.values[0])
    assert (whole.sweeps, whole.drift, whole.status) == (known.sweeps, known.drift, known.status)
    part = solve(game("dearer", rounds="infinite", late="0.1"), known=(marked,))
    alone = solve(game("dearer", rounds="infinite", late="0.1"))
    np.testing.assert_allclose(part.values[0], alone.values[0], rtol=0, atol=1e-8)


SECRETS = """
winset: 1
scenario: everything in which two stages may differ
clock: {rounds: 2}
parameters: {tell: 0.6, drift: 0.2, turn: 0.3, swing: 0.4, bribe: 0.2, prize: 0.1, bar: 1, jump: 1, gate: 1}
players:
  a: {types: {high: 0.3, low: 0.7}}
  b: {types: {soft: 0.4, hard: 0.6}}
state: {x: {range: [0, 2], start: 0}}
round:
  - move: hidden
    by: a
    if: x < 2
    actions:
      keep: {}
      cheat: {if: x >= bar - 1, pays: {a: bribe}, becomes: {a: {high: {low: turn}}}}
    signals:
      alarm: {probability: if a plays cheat then tell else 0.1, then: {x: up 1}}
      quiet: {probability: rest}
  - move: weather
    by: chance
    outcomes:
      fog: {if: gate > 0, probability: 0.1}
      storm: {probability: drift, then: {x: up jump}, becomes: {b: {soft: {hard: swing}}}}
      calm: {probability: rest, pays: {b: prize}}
variants:
  told: {parameters: {tell: 0.7}}
  stormy: {parameters: {drift: 0.3}}
  turned: {parameters: {turn: 0.5}}
  swung: {parameters: {swing: 0.5}}
  bribed: {parameters: {bribe: 0.3}}
  prized: {parameters: {prize: 0.2}}
  barred: {parameters: {bar: 2}}
  leaping: {parameters: {jump: 2}}
  clear: {parameters: {gate: 0}}
"""


@pytest.mark.parametrize(
    ("variant", "differs"),
    [("told", "hidden"), ("turned", "hidden"), ("bribed", "hidden"), ("barred", "hidden"), ("stormy", "weather"),
     ("swung", "weather"), ("prized", "weather"), ("leaping", "weather"), ("clear", "weather")],
)  # fmt: skip
def test_each_way_in_which_two_stages_may_differ_is_seen(variant, differs):
    """The move that differs matches at no state in which it happens; what comes after the last of them all does."""
    one, two = (compile_game(read_text(SECRETS), variant=name) for name in (variant, ""))
    found = matching(one, two)
    last = max(k for k, s in enumerate(one.stages) if s.move == differs)
    for k, match in enumerate(found):
        if k > last:
            assert (match >= 0).all()
    stage = one.stages[last]
    happens = stage.movers[0].happens if stage.movers else np.ones(len(stage.states), dtype=bool)
    if variant == "leaping":  # from 1 on one step leads as far as two
        happens = happens & (one.states[stage.states, 0] == 0)
    if variant == "barred":  # only where the bar stood in the way is something else possible
        happens = happens & (one.states[stage.states, 0] == 0)
    assert happens.any()
    assert (found[last][happens] < 0).all()


def altered(stage, name):
    """A stage with one entry of one array changed, and the state to which the entry belongs."""
    if hasattr(stage, name):
        array = getattr(stage, name).copy()
        at = len(array) - 1
        array[at] = array[at] + 1 if array.dtype.kind == "i" else array[at] + 0.125
        state = at if name == "action_reward" else int(np.searchsorted(stage.first, at, "right") - 1)
        return replace(stage, **{name: array}), state if name == "action_reward" else state // stage.joint_observables
    mover, rest = stage.movers[0], stage.movers[1:]
    array = getattr(mover, name).copy()
    array[-1] = ~array[-1] if array.dtype.kind == "b" else array[-1] + 1
    return replace(stage, movers=(replace(mover, **{name: array}), *rest)), len(array) - 1


@pytest.mark.parametrize(
    ("move", "name"),
    [("hidden", "available"), ("hidden", "happens"), ("hidden", "signal"), ("hidden", "law"),
     ("hidden", "action_reward"), ("weather", "probability"), ("weather", "reward"), ("weather", "branch_law")],
)  # fmt: skip
def test_every_array_of_a_stage_counts(move, name):
    """One entry changed, whatever the compiler would make of it: its state matches no more, others do."""
    one = compile_game(read_text(SECRETS))
    k = max(i for i, s in enumerate(one.stages) if s.move == move)
    stage, state = altered(one.stages[k], name)
    found = matching(replace(one, stages=(*one.stages[:k], stage, *one.stages[k + 1 :])), one)
    assert found[k][state] == -1
    assert (np.delete(found[k], state) >= 0).all()
    assert found[k][np.arange(len(found[k])) != state].size


def test_a_state_that_always_ends_matches_though_nothing_follows_that_does() -> None:
    text = """
winset: 1
scenario: talks that end at once in a good mood
clock: {rounds: 2}
solution: {precision: 3, grid: 3}
parameters: {late: 0.1}
players: {a: {discount: 0.9}}
state: {mood: {values: [bad, good], start: {bad: 0.5, good: 0.5}}, deal: {start: false}}
round:
  - {move: last, by: a, actions: {stop: {if: mood = good, pays: {a: 1}, then: {deal: true}}, go: {if: mood = bad}}}
payoffs: {each round: {a: if deal then 0 else late}}
ends when: deal
variants: {late_pay: {parameters: {late: 0.3}}}
"""
    base = compile_game(read_text(text))
    other = compile_game(read_text(text), variant="late_pay")
    found = matching(base, other)
    assert found is not None
    moods = [[base.state(int(row))["mood"] for row in stage.states] for stage in base.stages]
    assert [list(np.array(mood)[match >= 0]) for mood, match in zip(moods, found, strict=True)] == [
        ["good"],
        [],
        [],
        [],
    ]
