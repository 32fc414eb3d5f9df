"""Each kind of building block meets its closed form, in the scenario that its page shows."""

from __future__ import annotations

from math import exp, isclose
from pathlib import Path

import pytest

import winset

EXAMPLES = Path(winset.__file__).parent / "language" / "blocks" / "examples"


def answer(kind: str, formula: str, **values: float) -> float:
    """A formula of an example, at values of its parameters."""
    got = winset.ask(winset.read(EXAMPLES / f"{kind}.yaml"), formula, values=values or None).value
    assert isinstance(got, float)
    return got


def chosen(advantage: float, precision: float = 10) -> float:
    """Logit probability of the option that is better by `advantage`."""
    return 1 / (1 + exp(-precision * advantage))


@pytest.mark.parametrize(("shame", "pride"), [(0.4, 0.1), (0.0, 0.1), (0.3, 0.0)])
def test_deadline_the_cost_of_missing_it_against_the_effort(shame: float, pride: float) -> None:
    """Backwards: act late, act in the last round, act in the first. At shame = effort with no later: one half."""
    effort = 0.3
    third = chosen(-effort - pride)
    later = third * (-effort - pride)
    second = chosen(-effort - (-shame + later))
    waiting = second * -effort + (1 - second) * (-shame + later)
    first = chosen(-effort - waiting)
    in_time = first + (1 - first) * second
    assert isclose(answer("deadline", "P(done by 2)", shame=shame, pride=pride), in_time, abs_tol=1e-9)
    late = answer("deadline", "P(done by 3)", shame=shame, pride=pride)
    assert isclose(late, in_time + (1 - in_time) * third, abs_tol=1e-9)
    missed = answer("deadline", "P(last_day_missed at 3)", shame=shame, pride=pride)
    assert isclose(missed, (1 - in_time) * (1 - third), abs_tol=1e-9)


@pytest.mark.parametrize(("verdict", "clearance", "defeat"), [(0.1, 0.2, 0.4), (0.3, 0.0, 0.9)])
def test_tenure_survival_to_the_election_and_its_odds(verdict: float, clearance: float, defeat: float) -> None:
    """Competing constant hazards for three rounds, then the election; an inquiry that goes on after it is over."""
    leaves = verdict + clearance
    gone = verdict * (1 - (1 - leaves) ** 3) / leaves
    values = {"verdict": verdict, "clearance": clearance, "defeat": defeat}
    assert isclose(answer("tenure", "P(office = gone)", **values), gone, abs_tol=1e-9)
    assert isclose(answer("tenure", "P(office = lost)", **values), defeat * (1 - gone), abs_tol=1e-9)
    assert isclose(answer("tenure", "P(office = inquiry at 3)", **values), (1 - leaves) ** 3, abs_tol=1e-9)


@pytest.mark.parametrize(("low", "width"), [(0.2, 0.6), (0.4, 0.3), (0.1, 0.3), (0.7, 0.3), (0.3, 0.9)])
def test_ratification_the_offer_and_what_strictness_is_worth(low: float, width: float) -> None:
    """One offer to a ratifier uniform on [t, t + w]: x* = min(t + w, max(t, (1 + t) / 2)); offers step by 0.05."""
    best = min(low + width, max(low, (1 + low) / 2))
    passed = (best - low) / width
    values = {"standard": low, "doubt": width}
    # the best grid offers lie within 0.025 of x*, and are equally good for the one who offers where two do
    assert isclose(answer("ratification", "P(chance plays parliament_ratified)", **values), passed, abs_tol=0.002)
    share = low + width if low <= 1 - 2 * width else (1 - low**2) / (4 * width)
    assert isclose(answer("ratification", "value(home)", **values), share, abs_tol=0.002)


def test_ratification_is_not_monotone_in_strictness() -> None:
    """Home's payoff rises with its ratifier's standard up to t = 1 - 2 w, where it is 1 - w, and falls beyond."""
    shares = [answer("ratification", "value(home)", standard=low, doubt=0.3) for low in (0.2, 0.4, 0.6)]
    assert shares[0] < shares[1] > shares[2]
    assert isclose(shares[1], 0.7, abs_tol=0.002)


def test_delegation_expected_progress() -> None:
    """Progress changes nothing here, so each round's choice is a logit of the cost alone."""
    eager, stalling = chosen(0.1), chosen(-0.2)
    working = 0.3 * eager + 0.7 * stalling
    expected = 3 * (working * 0.4 + (1 - working) * 0.05)
    assert isclose(answer("delegation", "E(groundwork at 3)"), expected, abs_tol=2e-4)
    alone = answer("delegation", "E(groundwork at 3)", room_working=0.05)
    assert isclose(alone, 3 * 0.05, abs_tol=1e-9)


def test_capability_expected_level_and_what_it_is_worth() -> None:
    """Growth and tests add up; a level is paid each round, and for five rounds more at the end."""
    growth, lesson, reaction, worth, discount = 0.1, 0.3, 0.05, 0.02, 0.9
    tests = chosen(-reaction)
    assert isclose(answer("capability", "E(arsenal at 4)"), 1 + 4 * (growth + tests * lesson), abs_tol=1e-9)
    paid = sum(discount ** (n - 1) * worth * (1 + growth * n) for n in range(1, 5))
    paid += discount**3 * 5 * worth * (1 + growth * 4)
    assert isclose(answer("capability", "value(builder) in no_tests"), paid, abs_tol=1e-9)


@pytest.mark.parametrize("fine", [0.6, 0.0, 2.0])
def test_monitoring_gain_against_detection(fine: float) -> None:
    """Cheating pays its gain and raises the chance of the fine from the false alarm's to detection's."""
    seen, mistaken, gain = 0.5, 0.1, 0.2
    tempted, content = chosen(gain - (seen - mistaken) * fine), chosen(-gain - (seen - mistaken) * fine)
    cheats = 0.4 * tempted + 0.6 * content
    found = cheats * seen + (1 - cheats) * mistaken
    assert isclose(answer("monitoring", "P(signatory plays cheat)", fine=fine), cheats, abs_tol=1e-9)
    assert isclose(answer("monitoring", "P(signatory plays found)", fine=fine), found, abs_tol=1e-9)
    assert isclose(answer("monitoring", "P(not pact)", fine=fine), found, abs_tol=1e-9)
    assert isclose(answer("monitoring", "value(watchdog)", fine=fine), -0.01 - cheats * 0.05, abs_tol=1e-9)


@pytest.mark.parametrize("shame", [0.3, 0.1, 0.9])
def test_audience_cost_the_threshold_of_backing_down(shame: float) -> None:
    """After a vow, standing firm is better by shame - standing: at equality one half backs down."""
    standing = 0.3
    vowed = answer("audience-cost", "strategy(leader plays back_down) after (leader plays vow)", shame=shame)
    assert isclose(vowed, chosen(standing - shame), abs_tol=1e-9)
    silent = answer("audience-cost", "strategy(leader plays back_down) after (leader plays say_nothing)", shame=shame)
    assert isclose(silent, chosen(standing), abs_tol=1e-9)


@pytest.mark.parametrize(("lost", "built"), [(0.2, 0.1), (0.2, 0.0), (0.5, 0.5)])
def test_rapport_survival(lost: float, built: float) -> None:
    """A chain of two states: π + (1 - π)(1 - h - b)^n with π = b / (h + b); without visits, (1 - h)^n."""
    settled = built / (lost + built)
    expected = settled + (1 - settled) * (1 - lost - built) ** 5
    got = answer("rapport", "P(channel = warm at 5)", scandal_rate=lost, visit_rate=built)
    assert isclose(got, expected, abs_tol=1e-9)
