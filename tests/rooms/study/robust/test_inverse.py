"""The inverse question, where the answer is known: P = a + b + c/10, from 0.21 at the centre."""

import numpy as np
import pytest

import winset
from rooms.study.robust import sketches
from winset.base.errors import ScenarioError, WinsetError

RANGES = np.array([0.5, 0.3, 1.0])
SLOPES = np.array([1.0, 1.0, 0.1]) * RANGES  # of P, in units of the ranges


@pytest.fixture
def asked(tmp_path):
    def ask(formula, scenario=None, **settings):
        scenario = scenario or sketches.luck()
        return winset.what_if_true(scenario, formula, **{"workers": 1, "store": tmp_path, "draws": 8, **settings})

    return ask


def test_the_shortest_change_is_the_projection(asked):
    got = asked("P(won = yes) > 0.5")
    assert got.state == "found"
    need = 0.5 - 0.21
    assert got.shortest == pytest.approx(need / np.linalg.norm(SLOPES), rel=1e-3)
    exact = need * SLOPES / (SLOPES @ SLOPES)
    found = {c.parameter: c.share for c in got.nearest}
    assert [found[n] for n in "abc"] == pytest.approx(exact, abs=2e-3)


def test_the_condition_names_few(asked):
    got = asked("P(won = yes) > 0.5")
    assert [(c.parameter, c.now) for c in got.changes] == [("a", 0.1)]
    assert got.changes[0].at == pytest.approx(0.39, rel=1e-4)
    assert got.distance == pytest.approx(0.29 / 0.5, rel=1e-4)
    assert "would be true if a at least 0.39" in " ".join(str(got).split())
    assert "P(won = yes) > 0.5: found" in repr(got)


def test_two_parameters_where_one_is_not_enough(asked):
    """P > 0.7 takes 0.49 more, and a alone can give 0.4: of a and b the shortest change is that along their slopes."""
    got = asked("P(won = yes) > 0.7")
    assert {c.parameter for c in got.changes} == {"a", "b"}
    pair = SLOPES[:2]
    exact = 0.49 * pair / (pair @ pair)
    found = {c.parameter: c.share for c in got.changes}
    assert [found["a"], found["b"]] == pytest.approx(exact, abs=5e-3)
    assert got.margin > 0 and got.margin < 1e-3


def test_only_some_may_change(asked):
    got = asked("P(won = yes) > 0.3", parameters=["c"])
    assert [(c.parameter, round(c.at, 3)) for c in got.changes] == [("c", 1.0)] and got.state == "found"
    assert asked("P(won = yes) > 0.31", parameters=["c"]).state == "not found"


def test_nothing_makes_it_true(asked):
    got = asked("P(won = yes) > 0.95")
    assert got.state == "not found"
    assert {c.parameter: c.at for c in got.changes} == pytest.approx({"a": 0.5, "b": 0.3, "c": 1.0})
    assert got.margin == pytest.approx(-0.05) and got.central == pytest.approx(-0.74)
    assert "nothing that was tried inside the ranges makes it true" in " ".join(str(got).split())


def test_true_already(asked):
    got = asked("P(won = yes) < 0.5")
    assert got.state == "true already" and got.changes == [] and got.solutions == 1


def test_a_variant_as_the_base(asked):
    got = asked("P(won = yes) > 0.3", variant="no_a", parameters=["b", "c"])
    assert {c.parameter: c.at for c in got.changes}["b"] == pytest.approx(0.29, abs=2e-3)


@pytest.mark.slow
def test_fearon_peace(asked):
    """War is rare where A seldom takes the risk: q / (1 + exp(λ 0.348 (q - q*))) = 0.001 with q* = 0.2 / 0.348."""
    got = asked("P(b plays fight) < 0.001 and resolute > 0.1", winset.read("fearon-ultimatum"), grid=3)
    q = 0.2 / 0.348
    for _ in range(20):
        q = 0.2 / 0.348 + np.log(q / 0.001 - 1) / (5000 * 0.348)
    assert got.changes[0].at == pytest.approx(q, abs=3e-5)


def test_bad_questions(asked):
    with pytest.raises(WinsetError, match="is a number"):
        asked("P(won = yes)")
    with pytest.raises(ScenarioError, match="wn"):
        asked("P(wn = yes) > 0.5")
