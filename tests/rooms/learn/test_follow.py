"""`winset.follow`: parts that add up, forecasts as an exact posterior gives them, hypotheses, what does not fit."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

import winset
from rooms.learn.border import ROWS, border
from rooms.learn.records import enumerated, record, sighting
from winset.face.cli.main import main
from winset.learn.filter import follow_record
from winset.study.following.data import Following
from winset.study.following.evidence import log_evidence
from winset.study.following.hypotheses import symbol
from winset.study.following.run import followed_through
from winset.study.following.waterfalls import belief_waterfall, type_names
from winset.study.solved import Study


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return border(tmp_path_factory.mktemp("border"))


@pytest.fixture(scope="module")
def found(scenario):
    return winset.follow(scenario, cache=False)


def odds(p):
    return math.log(p) - math.log1p(-p)


def test_parts_add_up_to_the_whole_change(found):
    for fall in [*found.types, *found.questions]:
        assert fall.parts
        assert abs(fall.end - fall.start - math.fsum(p.added for p in fall.parts)) < 1e-12
        assert abs(fall.residual) < 1e-12
    for fall in [*found.types, *(q for q in found.questions if q.unit == "probability")]:
        whole = math.fsum(p.log_odds for p in fall.parts)
        assert abs(odds(fall.end) - odds(fall.start) - whole) < 1e-9
    assert {q.name for q in found.questions} == {"deal", "ground"}


def test_a_dropped_step_is_noticed(scenario):
    solved = Study(scenario=scenario).solved()
    followed, _ = followed_through(solved, winset.observe(scenario))
    entries = winset.follow(scenario, cache=False, forecasts=False, hypotheses=False).entries
    name, row = next(iter(type_names(solved.game).items()))
    for gone in range(len(followed.steps)):
        if abs(followed.steps[gone].after[row] - followed.steps[gone].before[row]) < 1e-9:
            continue
        less = replace(followed, steps=followed.steps[:gone] + followed.steps[gone + 1 :])
        wrong = belief_waterfall(name, row, less, entries[:gone] + entries[gone + 1 :])
        assert abs(wrong.residual) > 1e-9


def test_beliefs_and_evidence_are_those_of_every_play_added_up(scenario, found):
    solved = Study(scenario=scenario).solved()
    evidence, posterior = enumerated(solved.game, solved.course.respond, short := cut(winset.observe(scenario), 2))
    got = follow_record(solved.game, solved.course.respond, short)
    assert got.log_evidence == pytest.approx(math.log(evidence), abs=1e-6)
    np.testing.assert_allclose(got.end, posterior, atol=1e-6)


def cut(seen, last):
    """What the record says of north in the first rounds."""
    kept = tuple(s for s in seen.sightings if s.round <= last and s.move == "programme")
    return replace(seen, last_round=last, over=True, sightings=kept)


def test_a_forecast_is_the_mean_over_what_the_record_leaves(scenario):
    """P(event) after a record is P(event and record) / P(record), each by adding up every play."""
    solved = Study(scenario=scenario).solved()
    seen = cut(winset.observe(scenario), 2)
    sure = sighting(3, "reply", "chance", {"signed": 1.0, "failed": 0.0}, absent=0.0, says="signed")
    with_it = replace(seen, last_round=3, sightings=(*seen.sightings, sure))
    both, _ = enumerated(solved.game, solved.course.respond, with_it)
    alone, _ = enumerated(solved.game, solved.course.respond, seen)
    asked = replace(scenario, questions=(replace(scenario.questions[0], formula="P(chance plays signed at 3)"),))
    got = winset.follow(asked, observations=seen, cache=False, hypotheses=False)
    assert got.questions[0].end == pytest.approx(both / alone, abs=2e-4)


def not_yet(solved, seen):
    """Probability of the record, with no deal signed by its end."""
    none = [
        sighting(r, "reply", "chance", {"signed": 0.0, "failed": 1.0}, absent=1.0)
        for r in range(1, seen.last_round + 1)
    ]
    return enumerated(solved.game, solved.course.respond, replace(seen, sightings=(*seen.sightings, *none)))[0]


def test_a_past_event_counts_in_a_forecast(scenario):
    """What the record says of rounds that are over stays in P(... by D), the chance that it is wrong included."""
    solved = Study(scenario=scenario).solved()
    seen = cut(winset.observe(scenario), 2)
    asked = replace(scenario, questions=(replace(scenario.questions[0], formula="P(deal by 2019-11)"),))
    got = winset.follow(asked, observations=seen, cache=False, hypotheses=False)
    alone, _ = enumerated(solved.game, solved.course.respond, seen)
    assert got.questions[0].end > 0.01
    assert got.questions[0].end == pytest.approx(1 - not_yet(solved, seen) / alone, abs=1e-4)


def test_hypotheses_are_weighed_by_the_products_of_their_cells(found):
    variants, types = found.matrices
    assert variants.hypotheses == ["as_it_is", "pride", "nothing_to_gain", "a_little_more"]
    assert variants.prior == pytest.approx([0.2, 0.4, 0.2, 0.2])
    for matrix in found.matrices:
        assert math.fsum(matrix.posterior) == pytest.approx(1.0)
        ranks = [row.diagnosticity for row in matrix.rows]
        assert ranks == sorted(ranks, reverse=True)
    likelihood = np.exp(variants.log_evidence)
    for j in range(4):
        others = np.delete(np.array(variants.prior), j)
        rest = others @ np.delete(likelihood, j) / others.sum()
        product = math.prod(row.cells[j].ratio for row in variants.rows)
        assert product == pytest.approx(likelihood[j] / rest, rel=0.01)  # neutral ones left out
    for j, prior in enumerate(types.prior):
        product = math.prod(row.cells[j].ratio for row in types.rows)
        post = types.posterior[j]
        assert post / (1 - post) * (1 - prior) / prior == pytest.approx(product, rel=0.01)  # neutral ones left out
    end = {fall.name: fall.end for fall in found.types}
    assert types.posterior == pytest.approx([end["north is trader"], end["north is staller"]])


def test_evidence_of_a_hypothesis_is_that_of_its_variant(scenario, found):
    matrix = found.matrices[0]
    for name, variant in (("as_it_is", ""), ("pride", "proud")):
        own = winset.follow(scenario, variant=variant, cache=False, forecasts=False, hypotheses=False)
        assert matrix.log_evidence[matrix.hypotheses.index(name)] == pytest.approx(own.log_evidence, abs=1e-9)


def test_what_the_record_does_not_separate_is_said(scenario):
    alike = replace(scenario.hypotheses[0], among=(scenario.hypotheses[0].among[0], scenario.hypotheses[0].among[3]))
    got = winset.follow(replace(scenario, hypotheses=(alike,)), cache=False, forecasts=False).matrices[0]
    assert len(got.not_separated) == 1
    assert "Not separated by this record" in got.text
    apart = replace(scenario.hypotheses[0], among=scenario.hypotheses[0].among[1:3])
    got = winset.follow(replace(scenario, hypotheses=(apart,)), cache=False, forecasts=False).matrices[0]
    assert got.not_separated == [] and "Not separated" not in got.text


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(25, "CC"), (20, "CC"), (19, "C"), (3, "C"), (2.9, "N"), (1, "N"), (0.34, "N"), (1 / 3, "I"), (0.05, "II"),
     (0.0, "II"), (math.inf, "CC"), (math.nan, "")],
)  # fmt: skip
def test_symbols_go_by_stated_cuts(ratio, shown):
    assert symbol(ratio) == shown


def test_questions_that_are_not_followed_say_why(found):
    assert set(found.left_out) == {"pride", "afterwards", "likely", "ground"}
    assert found.left_out["ground"] == "not to the end of the record, since the date lies before the place"
    assert "proud" in found.left_out["pride"]


def test_a_report_that_the_model_cannot_have_is_a_finding(scenario, tmp_path):
    seen = winset.observe(scenario)
    first = replace(seen.sightings[0], likelihood={}, otherwise=0.0, absent=0.0)
    got = winset.follow(scenario, observations=replace(seen, sightings=(first, *seen.sightings[1:])), cache=False)
    assert got.misfit.impossible and not got.misfit.fits and got.misfit.p_value == 0.0
    assert "talk" in got.misfit.event and got.log_evidence is None
    assert len(got.entries) == 1
    assert "cannot have this record" in str(got)


def test_an_empty_record_moves_nothing(scenario):
    got = winset.follow(scenario, until="2019-09-01", cache=False, hypotheses=False)
    assert got.entries == [] and got.misfit.fits and got.log_evidence == 0.0
    assert all(fall.start == fall.end for fall in [*got.types, *got.questions])
    assert max(len(line) for line in got.lines(80)) <= 80


def test_it_is_data_and_text_within_eighty_columns(found):
    again = Following.from_dict(json.loads(json.dumps(found.as_dict(), allow_nan=False)))
    assert again.as_dict() == found.as_dict()
    assert max(len(line) for line in found.lines(80)) <= 80
    assert "<table" in found._repr_html_()
    assert "Competing hypotheses: why it tests" in str(found)


def test_only_what_was_known_by_the_day_counts(tmp_path):
    early = winset.follow(border(tmp_path), until="2019-11-20", cache=False, hypotheses=False)
    rows = ROWS.replace("2020-01-03,test", "2020-01-03,talk") + "2020-03-01,test,one more\n"
    later = winset.follow(border(tmp_path, rows), until="2019-11-20", cache=False, hypotheses=False)
    assert later.stamp["scenario"] != early.stamp["scenario"]  # the files are others
    assert replace(later, stamp={}) == replace(early, stamp={})
    assert early.entries[-1].date <= "2019-11-20"


def test_somebody_in_error_is_followed_with_what_is_really_played(tmp_path):
    scenario = winset.read("textbook/misperceived-ultimatum")
    variant = next(v.name for v in scenario.variants if v.perceives)
    solved = Study(scenario=scenario, base=variant).solved()
    game = solved.game
    stage = next(s for s in game.stages if s.movers)
    mover = stage.movers[0]
    seen = record(
        sighting(1, stage.move, game.players[mover.player].name, {mover.observables[0]: 0.9}, otherwise=0.3, absent=0.3,
                 says=mover.observables[0]), last=1,
    )  # fmt: skip
    followed, _ = followed_through(solved, seen)
    assert 0.3 <= followed.steps[0].probability <= 0.9
    assert followed.end[: game.rows].sum() == pytest.approx(len(game.players))


def test_evidence_of_a_draw_is_that_of_the_record(scenario, found):
    solved = Study(scenario=scenario).solved()
    assert log_evidence(solved)["log_evidence"] == pytest.approx(found.log_evidence, abs=1e-12)
    early = winset.follow(scenario, until="2019-11-20", cache=False, forecasts=False, hypotheses=False)
    assert log_evidence(solved, {"until": "2019-11-20"})["log_evidence"] == pytest.approx(early.log_evidence, abs=1e-12)
    dear = Study(scenario=scenario, values={"pride": 2.0}).solved()
    again = winset.follow(scenario, values={"pride": 2.0}, cache=False, forecasts=False, hypotheses=False)
    assert log_evidence(dear)["log_evidence"] == pytest.approx(again.log_evidence, abs=1e-12)


def test_the_command_prints_what_the_function_gives(tmp_path, capsys):
    border(tmp_path)
    words = ["follow", str(tmp_path / "border.yaml"), "--until", "2019-11-20", "--no-hypotheses", "--no-cache"]
    assert main([*words, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    own = winset.follow(border(tmp_path), until="2019-11-20", cache=False, hypotheses=False).as_dict()
    assert printed == json.loads(json.dumps(own))
    assert main(words) == 0
    assert "north plays test" in capsys.readouterr().out
