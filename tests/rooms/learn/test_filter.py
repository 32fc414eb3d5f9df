"""The filter against enumeration, against a posterior on paper, and where the model cannot have the record."""

from __future__ import annotations

import numpy as np
import pytest

import winset
from rooms.game.sample_games import EVERYTHING
from rooms.learn.records import Loose, enumerated, record, sighting
from rooms.study import hand
from winset.language.reading import read_text
from winset.learn.filter import follow_record
from winset.learn.standing import Filtering

EXACT = Filtering(spread=0.0, prune=0.0)


def noisy(game, seed, *, last, share=0.7):
    """Sightings of most moves with likelihoods drawn at random."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(1, last + 1):
        done = set()
        for stage in game.stages:
            if not stage.move or (not game.infinite and stage.round != number) or stage.move in done:
                continue
            done.add(stage.move)
            names = [game.players[m.player].name for m in stage.movers if m.actions != ("(nature)",)]
            labels = {l for m in stage.movers for l in m.observables} | set(stage.outcomes[1:])
            for player in dict.fromkeys([*names, "chance"]):
                if rng.random() < share:
                    found.append(
                        sighting(
                            number, stage.move, player, {l: float(rng.random()) for l in sorted(labels)},
                            otherwise=0.5, absent=float(rng.random()), says="x" if rng.random() < 0.5 else "",
                        )
                    )  # fmt: skip
    return record(*found, last=last)


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("turning", [False, True])
def test_against_enumeration_by_hand(hidden, turning):
    solved = hand.solved(hidden=hidden, turning=turning)
    seen = noisy(solved.game, 3, last=2)
    evidence, posterior = enumerated(solved.game, solved.course.respond, seen)
    got = follow_record(solved.game, solved.course.respond, seen, how=EXACT)
    assert np.exp(got.log_evidence) == pytest.approx(evidence, rel=1e-10)
    np.testing.assert_allclose(got.end, posterior, atol=1e-10)


@pytest.mark.parametrize("seed", range(2))
def test_against_enumeration_of_everything(seed):
    game = winset.compile_game(read_text(EVERYTHING.replace("to: 2019-12", "to: 2019-11")))
    respond = Loose(game, seed)
    seen = noisy(game, seed, last=1)
    evidence, posterior = enumerated(game, respond, seen)
    got = follow_record(game, respond, seen, how=EXACT)
    assert np.exp(got.log_evidence) == pytest.approx(evidence, rel=1e-10)
    np.testing.assert_allclose(got.end, posterior, atol=1e-10)


def fight(number, likelihood, absent, says="fight"):
    return sighting(number, "attack", "A", likelihood, absent=absent, says=says)


def test_a_posterior_on_paper():
    """A report that is missed with probability m, and silence: strong fights with 0.9, weak with 0.2."""
    game, m = hand.game(), 0.3
    seen = record(
        fight(1, {"fight": 1 - m}, 0.0), fight(2, {"fight": m, "yield": 1.0}, 1.0, says=""), last=2
    )  # fmt: skip
    got = follow_record(game, hand.respond, seen)
    first = np.array([0.9, 0.2]) * (1 - m)
    war = hand.WAR  # after the first fight: then there is no second move, and silence is certain
    second = war + (1 - war) * (m * np.array([0.9, 0.2]) + np.array([0.1, 0.8]))
    prior = np.array([0.3, 0.7])
    np.testing.assert_allclose(got.end, prior * first * second / (prior * first * second).sum(), rtol=1e-12)
    assert np.exp(got.log_evidence) == pytest.approx((prior * first * second).sum(), rel=1e-12)
    step = got.steps[0]
    assert step.ratio[0] == pytest.approx(4.5, rel=1e-12)
    assert [s.kind for s in got.steps] == ["event", "silence"]
    assert step.acts == pytest.approx({"fight": 0.41, "yield": 0.59})


def test_ratios_take_the_belief_before_to_the_belief_after():
    solved = hand.solved(hidden=True, turning=True)
    got = follow_record(solved.game, solved.course.respond, noisy(solved.game, 4, last=2, share=1.0))
    assert any(s.kind == "time" for s in got.steps)
    for step in got.steps:
        odds = step.before / (1 - step.before)
        if step.sighting is not None:
            np.testing.assert_allclose(step.after / (1 - step.after), odds * step.ratio, rtol=1e-10)
    for this, following in zip(got.steps, got.steps[1:], strict=False):
        np.testing.assert_allclose(following.before, this.after, atol=1e-12)


def test_types_that_change_by_themselves_move_the_belief_without_a_sighting():
    game = hand.game(turning=True)
    got = follow_record(game, hand.respond, record(last=2))
    assert {s.kind for s in got.steps} == {"time"}
    weak_turns = 0.7 * 0.2 * hand.TURN
    assert got.steps[0].after[0] == pytest.approx(0.3 + weak_turns, rel=1e-12)
    assert got.log_evidence == 0.0


def test_what_the_model_cannot_have_is_named_and_ends_the_matter():
    game = hand.game()
    seen = record(fight(1, {"fight": 1.0}, 0.0), fight(2, {"dance": 1.0}, 0.0, says="dance"), last=2)
    got = follow_record(game, hand.respond, seen)
    assert got.broken is got.steps[-1] and got.broken.sighting.says == "dance"
    assert got.log_evidence == -np.inf
    np.testing.assert_allclose(got.end, got.steps[0].after)


def test_a_game_that_is_over_for_certain_has_no_later_moves():
    game = hand.game()
    draw = next(stage for stage in game.stages if stage.outcomes[1:])
    war = sighting(1, draw.move, "chance", {"war": 1.0}, says="war")
    sure = record(fight(1, {"fight": 1.0}, 0.0), war, fight(2, {"fight": 1.0}, 0.25, says=""), last=2)
    got = follow_record(game, hand.respond, sure)
    assert got.over == pytest.approx(1.0) and got.place.nodes is None
    assert got.steps[-1].probability == 0.25 and got.steps[-1].acts == {"": 1.0}


def test_an_unfinished_round_is_followed_up_to_its_last_report():
    game = hand.game()
    begun = follow_record(game, hand.respond, record(fight(1, {"fight": 1.0}, 0.0), last=1, over=False))
    assert begun.place.round == 1 and begun.place.nodes.stage == 1
    done = follow_record(game, hand.respond, record(fight(1, {"fight": 1.0}, 0.0), last=1))
    assert done.place.round == 2


def test_a_sighting_of_a_move_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="round 1 has no move `parley`"):
        follow_record(hand.game(), hand.respond, record(sighting(1, "parley", "A", {}), last=1))


def test_what_is_put_together_and_dropped_is_counted_and_costs_little():
    game = winset.compile_game(read_text(EVERYTHING.replace("to: 2019-12", "to: 2019-11")))
    respond, seen = Loose(game, 1), noisy(game, 1, last=1)
    exact = follow_record(game, respond, seen, how=EXACT)
    merged = follow_record(game, respond, seen, how=Filtering(spread=1e-3, prune=0.0))
    assert merged.widest < exact.widest and merged.mass_lost == 0.0
    np.testing.assert_allclose(merged.end, exact.end, atol=5e-3)
    pruned = follow_record(game, respond, seen, how=Filtering(spread=0.0, prune=1e-3))
    assert 0 < pruned.mass_lost < 0.2
    assert any(s.kind == "dropped" for s in pruned.steps)
    np.testing.assert_allclose(pruned.end - pruned.start, sum(s.after - s.before for s in pruned.steps), atol=1e-12)


def test_the_place_forecasts_what_the_record_leaves():
    """Its layers, weighed, carry all the probability to where the record ends, over or not."""
    solved = hand.solved(hidden=True, turning=True)
    got = follow_record(solved.game, solved.course.respond, noisy(solved.game, 9, last=1, share=1.0))
    flow = solved.graph_from(got.place)
    inflow = flow.layers[0].mass
    for layer, following in zip(flow.layers, flow.layers[1:], strict=False):
        on = layer.child >= 0
        inflow = np.bincount(layer.child[on], inflow[layer.node[on]] * layer.probability[on], len(following.mass))
        np.testing.assert_allclose(inflow, following.mass, atol=1e-12)
    assert got.over + got.place.nodes.mass.sum() == pytest.approx(1.0, abs=1e-12)


def alike(one, two):
    """Whether two records were followed to the same end in the same steps."""
    np.testing.assert_array_equal(one.end, two.end)
    assert one.log_evidence == two.log_evidence
    assert one.mass_lost == two.mass_lost
    assert [(s.number, s.kind, s.round, s.move, s.probability) for s in one.steps] == [
        (s.number, s.kind, s.round, s.move, s.probability) for s in two.steps
    ]
    assert (one.place.nodes is None) == (two.place.nodes is None)
    if one.place.nodes is not None:
        np.testing.assert_array_equal(one.place.nodes.mass, two.place.nodes.mass)


def test_what_records_begin_with_alike_is_followed_once():
    """Known to later and later days; then one whose past is another, since a row came late."""
    solved = hand.solved(hidden=True, turning=True)
    game, asked, trail = solved.game, [], []

    def respond(index, states, beliefs):
        asked.append(index)
        return solved.course.respond(index, states, beliefs)

    whole = noisy(game, 7, last=2, share=1.0)
    early = record(*(s for s in whole.sightings if s.round == 1), last=1)
    late = record(*noisy(game, 8, last=1, share=1.0).sightings, *whole.sightings[len(early.sightings) :], last=2)
    counts = []
    for seen in (early, whole, whole, late, early):
        asked.clear()
        got = follow_record(game, respond, seen, trail=trail)
        counts.append(len(asked))
        alike(got, follow_record(game, solved.course.respond, seen))
    fresh = []
    for seen in (whole, late):
        asked.clear()
        follow_record(game, respond, seen)
        fresh.append(len(asked))
    assert 0 < counts[1] < fresh[0]  # the second round alone
    assert counts[2] == 0
    assert counts[3] == fresh[1]  # nothing of another past is taken
    assert counts[4] > 0
