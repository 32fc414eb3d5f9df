"""The inverse question, where the answer is known: P = a + b + c/10, from 0.21 at the centre."""

import numpy as np
import pytest

import winset
from rooms.study.robust import sketches
from winset.base.errors import ScenarioError, WinsetError
from winset.study.robust import text

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
    assert "would be true with a at 0.39001 now 0.1; 58 % of its range" in " ".join(str(got).split())
    assert "P(won = yes) > 0.5: found" in repr(got)


def test_the_shortest_change_is_told_with_its_values(asked, monkeypatch):
    got = asked("P(won = yes) > 0.5")
    told = " ".join(str(got).split())
    assert f"The shortest found, {got.shortest:.3g} ranges, moves 3 parameters: a at" in told
    assert all(f"{c.parameter} at {c.at:.10g} now {c.now:.4g}" in told for c in got.nearest)
    monkeypatch.setattr(text, "NAMED", 2)
    told = " ".join(str(got).split())
    assert "and 1 more by less; --json names them all." in told and f"c at {got.nearest[2].at:.10g}" not in told


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
    got = asked("P(won = yes) >= 0.3", parameters=["c"])
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


ONE = "a: {value: 0.1, range: [0, 0.5]}"
FORM = "a + b + 0.1 * c + 0 * d"


def of_a(value, form):
    """One parameter over 0 to 1, and a chance that is this form of it."""
    return sketches.luck(a=(ONE, f"a: {{value: {value}, range: [0, 1]}}"), form=(FORM, form))


BAND = "0.5 + 0.5 * (a - 0.1) * (0.52 - a)"
TWO = "0.4 + (if a > 0.3 and a < 0.34 then 0.2 else 0) + (if a > 0.95 then 0.2 else 0)"


@pytest.mark.parametrize(("form", "now", "exact", "draws"), [(BAND, 0.9, 0.52, 8), (TWO, 0.1, 0.3, 64)])
def test_of_the_changes_found_the_shortest_is_told(asked, form, now, exact, draws):
    """True between two values only, or in two places: neither end of the range makes the nearest turn."""
    got = asked("P(won = yes) > 0.5", of_a(now, form), parameters=["a"], draws=draws)
    assert [c.parameter for c in got.changes] == ["a"] and got.changes[0].at == pytest.approx(exact, rel=1e-4)
    assert got.distance == pytest.approx(abs(exact - now), rel=1e-3) and got.margin > 0
    assert "at least" not in str(got) and "at most" not in str(got)


def test_what_is_told_is_true(asked):
    """The values as they are printed are those that were solved."""
    got = asked("P(won = yes) > 0.7")
    told = {c.parameter: float(f"{c.at:.10g}") for c in got.changes}
    again = asked("P(won = yes) > 0.7", values=told)
    assert again.state == "true already"
    assert all(len(f"{at:.10g}".removeprefix("0.")) <= 5 for at in told.values())


def test_a_central_value_outside_its_range_is_refused(asked):
    with pytest.raises(WinsetError, match=r"`b` is 0\.9 at the central values, outside its range of 0 to 0\.3"):
        asked("P(won = yes) > 0.5", values={"b": 0.9, "a": 0.0})
    got = asked("P(won = yes) > 0.5", values={"b": 0.31}, parameters=["a"])
    assert got.changes[0].at == pytest.approx(0.18, rel=1e-3)


@pytest.mark.parametrize("text", [
    "P(won = yes) = P(won = yes)", "P(won = yes) >= 0.25", "P(won = yes) <= 0.25", "P(won = yes) = 0.25",
    "P(won = yes) within 0 of 0.25",
])  # fmt: skip
def test_what_is_true_at_a_margin_of_nothing_is_true_already(asked, text):
    exact = sketches.luck(a=(ONE, "a: {value: 0.25, range: [0, 0.5]}"), form=(FORM, "a"))
    got = asked(text, exact)
    assert got.state == "true already" and got.margin == 0.0
    assert str(got).endswith("at the central values")


@pytest.mark.parametrize("text", [
    "P(won = yes) = 0.5", "not P(won = yes) != 0.5", "P(won = yes) within 0 of 0.5", "(P(won = yes) = 0.5) in no_a",
    "P(won = yes) = 0.5 and P(won = yes) > 0.1",
])  # fmt: skip
def test_what_single_values_alone_make_true_is_not_searched_for(asked, text):
    with pytest.raises(WinsetError, match=r"can be true at single values only(.|\n)*fix: Ask for a region"):
        asked(text)


def test_what_is_true_at_a_margin_of_nothing_is_found_and_counted(asked):
    """Wherever it is true the sides are equal: P >= 0.3 in other words."""
    got = asked("min(P(won = yes), 0.3) >= 0.3", parameters=["a"], draws=16)
    plain = asked("P(won = yes) >= 0.3", parameters=["a"], draws=16)
    assert got.state == "found" and got.changes[0].at == pytest.approx(0.19, rel=1e-4)
    assert got.holding == plain.holding > 0


def test_bad_questions(asked):
    with pytest.raises(WinsetError, match="`draws` is a whole number of at least 1"):
        asked("P(won = yes) > 0.5", draws=0)
    with pytest.raises(WinsetError, match="is a number"):
        asked("P(won = yes)")
    with pytest.raises(ScenarioError, match="wn"):
        asked("P(wn = yes) > 0.5")
