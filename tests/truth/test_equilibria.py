"""Games with several equilibria: all are found, and no more, against closed forms: one equation in one unknown."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import winset
from winset.game.play import play
from winset.game.solution import Solution
from winset.language.reading import read_text
from winset.solve.others import other_fixed_points
from winset.study.answer import ask
from winset.study.brief import brief
from winset.study.equilibria import find
from winset.study.solved import Study

MEETING = """
winset: 1
scenario: Two meet, or miss each other
about: A game of coordination.
clock: {{rounds: 1}}
parameters:
  lambda: {{value: 6}}
  better: {{value: 1, note: "worth of meeting on the left; on the right it is 1"}}
  rain: {{value: 0, note: "chance of rain, in which nobody gets anything"}}
players:
  {first}: {{precision: lambda}}
  {second}: {{precision: lambda}}
state:
  weather: {{values: [unknown, dry, wet], start: unknown}}
  over: {{start: false}}
round:
  - move: sky
    by: chance
    outcomes:
      wet: {{probability: rain, then: {{weather: wet}}}}
      dry: {{probability: rest, then: {{weather: dry}}}}
  - move: meet
    by: [{first}, {second}]
    if: weather = dry
    actions:
      {first}: {{{a}: {{}}, {b}: {{}}}}
      {second}: {{{c}: {{}}, {d}: {{}}}}
    when:
      - {{if: row plays up and column plays left, pays: {{row: better, column: better}}, then: {{over: true}}}}
      - {{if: row plays down and column plays right, pays: {{row: 1, column: 1}}, then: {{over: true}}}}
variants:
  dull: {{parameters: {{lambda: 1}}}}
questions:
  up: {{ask: P(row plays up), headline: true}}
  worth: {{ask: value(row)}}
claims:
  upward: {{quote: "They meet on the left.", by: a test, kind: result, holds if: P(row plays up) > 0.4}}
  keener: {{quote: "Less so when dull.", by: a test, kind: cause, holds if: P(row plays up) in dull > 0.2}}
  above: {{quote: "No less.", by: a test, kind: cause, holds if: P(row plays up) + 0.1 > P(row plays up) in dull}}
"""

TALK = """
winset: 1
scenario: Talk that costs nothing
about: A sender knows the weather and says one of two words; both want the receiver to guess it.
clock: {rounds: 1}
parameters:
  lambda: {value: 4}
players:
  sender: {types: {sun: 0.5, rain: 0.5}, precision: lambda}
  receiver: {precision: lambda}
state:
  word: {values: [none, x, y], start: none}
round:
  - move: say
    by: sender
    actions:
      say_x: {then: {word: x}}
      say_y: {then: {word: y}}
  - move: guess
    by: receiver
    actions:
      sunny: {pays: {sender: if sender is sun then 1 else 0, receiver: if sender is sun then 1 else 0}}
      rainy: {pays: {sender: if sender is rain then 1 else 0, receiver: if sender is rain then 1 else 0}}
questions:
  x: {ask: strategy(sender plays say_x if sun), headline: true}
"""


NEWS = """round:
  - move: look
    by: chance
    outcomes:
      grey: {probability: if sender is rain then 0.7 else 0.3, then: {sky: grey}}
      blue: {probability: rest, then: {sky: blue}}
"""


def meeting(*, first: str = "row", second: str = "column", **labels: str) -> Any:
    names = {"a": "up", "b": "down", "c": "left", "d": "right"} | labels
    return read_text(MEETING.format(first=first, second=second, **names))


def solved(scenario: Any, grid: int = 15, **values: float) -> Solution:
    game = winset.compile_game(scenario, values=values)
    return winset.solve(game, grid=winset.BeliefGrid(game.type_counts, grid, 6.0))


def fixed_points(function: Any) -> list[float]:
    """All p in (0, 1) with function(p) = p, by changes of sign on a fine net in log-odds, then bisection."""
    odds = np.concatenate([np.linspace(-300, -8, 3000), np.linspace(-8, 8, 40001), np.linspace(8, 300, 3000)]) + 1e-7
    miss = [function(x) - x for x in odds]
    out = []
    for low, high, a, b in zip(odds, odds[1:], miss, miss[1:], strict=False):
        if a * b < 0:
            for _ in range(80):
                mid = (low + high) / 2
                low, high = (mid, high) if (function(mid) - mid) * a > 0 else (low, mid)
            out.append(1 / (1 + math.exp(-low)))
    return sorted(out)


def best(rate: float, better: float) -> Any:
    """The log-odds of the left when the other side's are x, twice over."""

    def once(x: float) -> float:
        p = 1 / (1 + math.exp(-x))
        return rate * (better * p - (1 - p))

    return lambda x: once(once(x))


def found_in(solution: Solution) -> list[float]:
    """The probability of `up` in every equilibrium that is offered."""
    _, others = find(solution)
    out = []
    for one in (solution, *others):
        stage = next(k for k, s in enumerate(solution.game.stages) if s.move == "meet")
        mover = next(
            j for j, m in enumerate(solution.game.stages[stage].movers) if solution.game.players[m.player].name == "row"
        )
        at = solution.game.stages[stage].movers[mover].actions.index("up")
        dry = next(
            s for s, row in enumerate(solution.game.stages[stage].states)
            if solution.game.state(int(row))["weather"] == "dry"
        )  # fmt: skip
        out.append(float(one.respond(stage, np.array([dry]), solution.prior()[None]).strategies[mover][0, 0, at]))
    return sorted(out)


@pytest.mark.parametrize("better", [1.0, 2.0, 3.5])
@pytest.mark.parametrize("rate", [0.5, 1.9, 2.1, 6.0, 40.0, 1000.0])
def test_coordination_has_the_equilibria_of_its_equation(rate: float, better: float) -> None:
    """p = s(λ (b q - (1 - q))), q the same of p. With b = 1 there are three above λ = 2 and one below."""
    expected = fixed_points(best(rate, better)) if rate < 100 else None
    got = found_in(solved(meeting(), **{"lambda": rate, "better": better}))
    if expected is not None:
        assert got == pytest.approx(expected, abs=1e-6)
    if better == 1.0:
        assert len(got) == (3 if rate > 2 else 1)
    if rate == 1000.0:  # the mixed equilibrium without errors
        assert got == pytest.approx([0.0, 1 / (1 + better), 1.0], abs=1e-3)


def test_order_of_declaration_does_not_change_the_set() -> None:
    values = {"lambda": 6.0, "better": 2.0}
    usual = found_in(solved(meeting(), **values))
    turned = meeting(first="column", second="row", a="right", b="left", c="down", d="up")
    assert len(usual) == 3
    assert found_in(solved(turned, **values)) == pytest.approx(usual, abs=1e-9)
    names = [[s.origin for s in find(solved(m, **values))[0].selections] for m in (meeting(), turned)]
    assert names[0] == names[1]


@pytest.mark.slow
@pytest.mark.parametrize("rate", [8.0, 50.0, 200.0])
def test_random_two_by_two_games_against_their_equation(rate: float) -> None:
    """Every fixed point of p -> reply(reply(p)) on a fine net, for payoffs drawn at random, and none besides."""
    draw = np.random.default_rng(3)
    base = winset.compile_game(meeting(), values={"lambda": rate})
    stage = next(k for k, s in enumerate(base.stages) if s.move == "meet")
    counts = []
    for number in range(40):
        pay = draw.random((2, 2, 2))
        if number % 2:  # common interest
            pay[1] = pay[0]
        got = found_in(winset.solve(_with_payoffs(base, stage, pay)))

        def twice(x: float, pay: Any = pay) -> float:
            p = 1 / (1 + math.exp(-x))
            y = rate * (p * (pay[1, 0, 0] - pay[1, 0, 1]) + (1 - p) * (pay[1, 1, 0] - pay[1, 1, 1]))
            q = 1 / (1 + math.exp(-y))
            return float(rate * (q * (pay[0, 0, 0] - pay[0, 1, 0]) + (1 - q) * (pay[0, 0, 1] - pay[0, 1, 1])))

        assert got == pytest.approx(fixed_points(twice), abs=1e-5)
        counts.append(len(got))
    assert set(counts) == {1, 3}


def _with_payoffs(game: Any, index: int, pay: Any) -> Any:
    """The game of meeting with payoffs pay[player, up or down, left or right] when it is dry."""
    stage = game.stages[index]
    reward = stage.reward.copy()
    dry = next(s for s, row in enumerate(stage.states) if game.state(int(row))["weather"] == "dry")
    for joint in range(stage.joint_observables):
        spot = dry * stage.joint_observables + joint
        for b in range(stage.first[spot], stage.first[spot + 1]):
            reward[b, :, 0] = pay[:, joint // 2, joint % 2]
    stages = list(game.stages)
    stages[index] = replace(stage, reward=reward)
    return replace(game, stages=tuple(stages))


@pytest.mark.parametrize("rate", [1.0, 1.9, 2.2, 4.0, 8.0])
def test_cheap_talk_has_a_silent_and_two_speaking_equilibria(rate: float) -> None:
    """With u = P(x | sun) - P(x | rain): u = tanh(λ/2 tanh(λ u / 2)), so that there are three above λ = 2."""
    solution = solved(read_text(TALK), grid=401, **{"lambda": rate})
    _, others = find(solution)
    prior = solution.prior()[None]
    got = sorted(
        float(g[0, 0] - g[1, 0])
        for one in (solution, *others)
        for g in [one.respond(0, np.array([0]), prior).strategies[0][0]]
    )
    u = 1.0
    for _ in range(5000):
        u = math.tanh(rate / 2 * math.tanh(rate * u / 2))
    assert got == pytest.approx([-u, 0.0, u] if rate > 2 else [0.0], abs=2e-4 if rate > 2 else 1e-6)


@pytest.mark.parametrize("rate", [1.0, 2.0, 20.0, 1000.0])
def test_beer_or_quiche_has_one(rate: float) -> None:
    """Pooling on quiche is no logit equilibrium: the odds of beer of the strong are exp(2λ) times those of the weak
    whatever the bully does, so beer is always good news; it would be met by no duel, and the strong would have it."""
    found, _ = find(solved(winset.read("beer-quiche"), grid=201, **{"lambda": rate}))
    assert found.selections == ()
    assert found.more == 0


@pytest.mark.parametrize("name", ["prisoners-dilemma", "matching-pennies", "centipede", "spence", "chain-store"])
def test_games_with_one_equilibrium_offer_nothing_else(name: str) -> None:
    """Dominance, strict competition, backward induction and separation leave one."""
    found, others = find(solved(winset.read(name), grid=41))
    assert found.selections == ()
    assert others == ()


def test_the_treaty_can_be_kept() -> None:
    """Above the critical discount factor keeping answers keeping, for r / (1 - d); breach answers breach at all."""
    treaty = winset.read("treaty")
    study = Study(scenario=treaty)
    assert study.count() == 2
    other = study.solved("", 1)
    assert other.solution.status == "solved"
    kept = ask(treaty, "value(one)", cache=False)
    d = 0.6818181818
    assert kept.high == pytest.approx(3 / (1 - d), abs=1e-3)
    assert [r["value"] for r in kept.equilibria][1] == pytest.approx(3 / (1 - d), abs=1e-3)
    impatient = Study(scenario=treaty, values={"d": 0.3})
    assert impatient.count() == 1


ENDLESS = """
winset: 1
scenario: One meeting, and then for ever what came of it
about: A game of coordination at the start of an endless one.
clock: {rounds: infinite}
parameters:
  again: {value: 0, note: "chance each round that the two start anew"}
players:
  row: {precision: 6, discount: 0.5}
  column: {precision: 6, discount: 0.5}
state:
  phase: {values: [first, later], start: first}
round:
  - move: meet
    by: [row, column]
    if: phase = first
    actions:
      row: {up: {}, down: {}}
      column: {left: {}, right: {}}
    when:
      - {if: row plays up and column plays left, pays: {row: 1, column: 1}}
      - {if: row plays down and column plays right, pays: {row: 1, column: 1}}
  - move: time
    by: chance
    outcomes:
      anew: {probability: again, then: {phase: first}}
      on: {probability: rest, then: {phase: later}}
questions:
  up: {ask: P(row plays up at 1), headline: true}
"""


def test_an_endless_game_is_searched_at_the_start_only_where_that_cannot_come_again() -> None:
    scenario = read_text(ENDLESS)
    found, others = find(solved(scenario))
    up = [float(o.respond(0, np.array([0]), o.prior()[None]).strategies[0][0, 0, 0]) for o in others]
    ends = fixed_points(best(6.0, 1.0))
    assert sorted(up) == pytest.approx([ends[0], ends[2]], abs=1e-6)
    assert found.principal is not None and found.principal.passes()
    again, _ = find(solved(scenario, again=0.3))
    assert again.selections == ()


def test_what_does_not_converge_is_not_offered() -> None:
    solution = solved(meeting())

    def failing(index: Any, states: Any, beliefs: Any, guess: Any = None, along: Any = None) -> Any:
        got = solution.respond(index, states, beliefs, guess, along)
        return got if guess is None else replace(got, residual=np.full(len(states), 1e-6))

    found, others = find(replace(solution, respond=failing))
    assert found.selections == others == ()
    assert found.refused == 0


def test_what_the_certificate_does_not_bear_out_is_not_offered() -> None:
    """A search that takes any guess for a fixed point: the certificate's own code refuses all but the true ones."""
    solution = solved(meeting())
    stage = next(k for k, s in enumerate(solution.game.stages) if s.move == "meet")

    def credulous(index: Any, states: Any, beliefs: Any, guess: Any = None, along: Any = None) -> Any:
        got = solution.respond(index, states, beliefs)
        if guess is None or index != stage:
            return got
        said = tuple(guess[:, j, : g.shape[1], : g.shape[2]] for j, g in enumerate(got.strategies))
        return replace(got, strategies=said, residual=np.zeros(len(states)))

    found, _ = find(replace(solution, respond=credulous))
    assert found.selections == ()
    assert found.refused > 0
    assert other_fixed_points(solution, stage, 0, solution.prior()) is not None


def test_values_before_the_first_choice_are_those_of_plays() -> None:
    """Chance comes first: what the start is worth in another equilibrium, against plays drawn at random."""
    solution = solved(meeting(), **{"lambda": 6.0, "better": 2.0, "rain": 0.25})
    _, others = find(solution)
    assert len(others) == 2
    for one in (solution, *others):
        value = one.respond(0, np.array([0]), solution.prior()[None]).values[0]
        drawn = play(solution.game, one.respond, count=4_000, seed=5).payoff
        error = 4 * drawn.std(axis=0) / math.sqrt(len(drawn))
        assert np.all(np.abs(drawn.mean(axis=0) - value) < error + 1e-9)


def test_values_before_the_first_choice_after_news_of_a_type() -> None:
    """News of the sender's type first: two beliefs to speak at, combined; each type's value against its own plays."""
    sky = "state:\n  sky: {values: [unseen, grey, blue], start: unseen}\n"
    text = TALK.replace("state:\n", sky, 1).replace("round:\n", NEWS, 1)
    solution = solved(read_text(text), grid=101, **{"lambda": 8.0})
    found, others = find(solution)
    assert len(others) == 8
    assert len({tuple(np.round(o.respond(0, np.array([0]), o.prior()[None]).values[0], 6)) for o in others}) > 2
    assert any("where sky is" in s.origin for s in found.selections)
    for one in (solution, *others):
        value = one.respond(0, np.array([0]), solution.prior()[None]).values[0]
        drawn = play(solution.game, one.respond, count=4_000, seed=7)
        for k in (0, 1):
            own = drawn.payoff[drawn.types[:, 0] == k, 0]
            assert abs(own.mean() - value[k]) < 4 * own.std() / math.sqrt(len(own)) + 1e-3


@cache
def made() -> Any:
    return brief(meeting(), cache=False)


def test_a_brief_tells_all_equilibria() -> None:
    told = made()
    high = fixed_points(best(6.0, 1.0))
    up = next(q for q in told["questions"] if q["name"] == "up")
    assert (up["low"], up["value"], up["high"]) == pytest.approx((high[0], 0.5, high[2]), abs=1e-6)
    assert "over 3 equilibria" in up["text"]
    assert up["word"] == "almost no chance to almost certain"
    names = [e["origin"] for e in told["equilibria"]]
    assert names[0] == "principal"
    assert sorted(names[1:]) == ["2: column plays left 99.7 %, not 50 %", "3: column plays right 99.7 %, not 50 %"]
    assert sorted(e["answers"]["up"] for e in told["equilibria"]) == pytest.approx(high, abs=1e-6)
    assert all(e["check"]["stage_residual"] <= 1e-8 for e in told["equilibria"])
    assert told["certificate"]["equilibrium"] == "principal"
    assert any("3 equilibria" in line for line in told["warnings"])
    assert any("3 equilibria" in line["confidence"] for line in told["bottom_line"])


def test_a_claim_that_differs_between_equilibria_is_undecided() -> None:
    verdicts = {c["id"]: c for c in made()["claims"]}
    assert verdicts["upward"]["verdict"] == "undecided"
    assert "true in the principal one, in 2: column plays left" in verdicts["upward"]["why"]
    assert "false in 3: column plays right" in verdicts["upward"]["why"]
    assert verdicts["keener"]["verdict"] == "holds"
    assert verdicts["above"]["verdict"] == "undecided"


def test_one_equilibrium_leaves_no_trace() -> None:
    told = brief(meeting(), values={"lambda": 1.0}, cache=False)
    assert [e["origin"] for e in told["equilibria"]] == ["principal"]
    assert not any("equilibria" in line for line in told["warnings"])
    assert {c["verdict"] for c in told["claims"]} == {"holds"}
    got = ask(meeting(), "P(row plays up)", values={"lambda": 1.0}, cache=False)
    assert got.equilibria == []
    assert got.low == got.value == got.high


def test_a_treaty_that_begins_suspended_can_be_kept_once_it_is_back() -> None:
    """The first choice then comes in a later round, and in no state of the start."""
    treaty = winset.read("treaty")
    start = tuple(replace(v, start=(("suspended", v.start[0][1]),)) if v.name == "treaty" else v for v in treaty.state)
    found, _ = find(Study(scenario=replace(treaty, state=start)).solved().solution)
    assert len(found.selections) == 1


def test_a_state_out_of_reach_has_no_value_in_another_equilibrium() -> None:
    """What is stated there is solved on its own, in its principal equilibrium: not to be passed off as the other's."""
    got = ask(winset.read("treaty"), "value(one) from (treaty = suspended, kept = false)", cache=False)
    assert [r["value"] for r in got.equilibria][1] is None


def test_an_event_dated_at_the_last_round_followed_is_settled() -> None:
    treaty = winset.read("treaty")
    last, before = (ask(treaty, f"P(one plays keep_one within {n} rounds)", cache=False) for n in (100, 99))
    assert [r["high"] for r in last.equilibria] == pytest.approx([r["high"] for r in before.equilibria], abs=1e-6)
