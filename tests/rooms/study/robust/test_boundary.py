"""Where answers turn, against closed forms, to 1e-4."""

from dataclasses import asdict, fields

import pytest

import winset
from rooms.study.robust import sketches
from winset.base.errors import SizeError
from winset.face import over
from winset.language.formula import parse_formula
from winset.study.context import Context
from winset.study.formulas import Asker
from winset.study.robust import boundary
from winset.study.robust.boundary import Finding
from winset.study.robust.data import Boundary, Share, Spread
from winset.study.robust.draw import Setup
from winset.study.robust.margins import margin
from winset.study.robust.text import turn_words
from winset.study.solved import Study


def turn(scenario, formula, axis, low, high, central, values=None, threshold=None, grid=1):
    setup = Setup(scenario=scenario, formulas=(("asked", formula),), grid=grid)
    return Finding(setup)({
        "name": "asked", "axis": axis, "low": low, "high": high, "central": central, "values": values or {},
        "threshold": threshold,
    })  # fmt: skip


RISKY = "strategy(a plays ask(share > p + high - 0.01 and share < p + high)) > 0.5"


@pytest.mark.slow
def test_fearons_ultimatum():
    """A takes the risk when q is below (high - low) / (high + cA) (Fearon 1995).

    Demands lie `gap` below the exact ones, at which B would be indifferent; errors are all but gone."""
    gap = 2e-5
    found = turn(winset.read("fearon-ultimatum"), RISKY, "resolute", 0.0, 1.0, 0.2,
                 {"lambda": 1e6, "shift": 0.002 - gap})  # fmt: skip
    assert found["at"] == pytest.approx(0.2 / (0.35 - gap), rel=1e-5)
    assert found["at"] == pytest.approx((0.25 - 0.05) / (0.25 + 0.1), rel=1e-4)
    assert found["above"] is False and found["solutions"] < 60


def test_a_coarse_precision_would_be_seen(monkeypatch):
    """The negative control: a turn that is not solved for to the end is not within 1e-4."""
    monkeypatch.setattr(boundary, "RELATIVE", 3e-2)
    found = turn(winset.read("leader-exchange"), "strategy(giver plays give) > 0.5", "survival", 0.0, 1.0, 0.5)
    assert found["at"] != pytest.approx(0.3 / 0.9, rel=1e-4)


@pytest.mark.parametrize(("axis", "low", "high", "central", "exact"), [
    ("survival", 0.0, 1.0, 0.5, 0.3 / (0.9 * 1)), ("d", 0.3, 1.0, 0.9, 0.3 / 0.5), ("cost", 0.1, 1.0, 0.3, 0.9 * 0.5),
])  # fmt: skip
def test_turnover(axis, low, high, central, exact):
    """Giving pays iff the signer stays in office with probability c / (d b) or more (canon 11A_exchange)."""
    found = turn(winset.read("leader-exchange"), "strategy(giver plays give) > 0.5", axis, low, high, central)
    assert found["at"] == pytest.approx(exact, rel=1e-4)
    assert found["above"] is (axis != "cost")
    assert not found["jumps"]


def test_leader_specific_punishment():
    """A leader keeps what the partner keeps iff its survival is (t - r) / (d (t - p)) or more (canon 11A): an infinite
    game, with errors left in, since they do not move the point of indifference."""
    formula = "strategy(leader plays keep) in partner_keeps > 0.5"
    found = turn(winset.read("leader-punishment"), formula, "survival", 0.1, 0.95, 0.8, {"lambda": 1.0})
    assert found["at"] == pytest.approx((4 - 3) / (0.9 * (4 - 1)), rel=1e-4)
    assert found["above"] is True and not found["jumps"]


def test_what_a_variant_sets_it_still_sets():
    """In `no_a` the parameter a is 0 at every draw: the difference is a itself."""
    found = turn(sketches.luck(), "P(won = yes) - P(won = yes) in no_a > 0.3", "a", 0.0, 0.5, 0.1)
    assert found["at"] == pytest.approx(0.3, rel=1e-4) and found["above"] is True


def test_no_turn_is_an_answer():
    found = turn(sketches.luck(), "P(won = yes) > 0.5", "b", 0.0, 0.3, 0.1)
    assert found["at"] is None and "does not turn at" in found["reason"]
    assert min(found["tried"]) == 0.0 and max(found["tried"]) == 0.3


def test_a_number_against_a_threshold():
    found = turn(sketches.luck(), "P(won = yes)", "a", 0.0, 0.5, 0.1, threshold=0.4)
    assert found["at"] == pytest.approx(0.4 - 0.11, rel=1e-4) and found["above"] is True


def test_a_jump_is_said():
    found = turn(
        sketches.luck(c=("0.1 * c", "(if c > 0.37 then 0.5 else 0)")), "P(won = yes) > 0.5", "c", 0.0, 1.0, 0.1
    )
    assert found["at"] == pytest.approx(0.37, rel=1e-4) and found["jumps"] is True


FORM = "a + b + 0.1 * c + 0 * d"
BAND = "0.5 + 0.5 * (a - 0.1) * (0.52 - a)"
THREE = "0.4 + (if a > 0.3 and a < 0.34 then 0.2 else 0) + (if a > 0.95 then 0.2 else 0)"


@pytest.mark.parametrize(("form", "central", "at", "above", "until", "elsewhere"), [
    (BAND, 0.5, 0.52, False, 0.1, False), (BAND, 0.15, 0.1, True, 0.52, False), (BAND, 0.9, 0.52, False, 0.1, False),
    (f"1 - ({BAND})", 0.5, 0.52, True, None, True), (THREE, 0.1, 0.3, True, 0.34, True),
    ("0.5 + 2 * (a - 0.4) * (a - 0.3) * (a - 0.05)", 0.45, 0.4, True, None, True), ("a", 0.3, 0.5, True, None, False),
])  # fmt: skip
def test_of_several_turns_the_nearest_is_told_and_where_it_ends(form, central, at, above, until, elsewhere):
    found = turn(sketches.luck(form=(FORM, form)), "P(won = yes) > 0.5", "a", 0.0, 1.0, central)
    assert found["at"] == pytest.approx(at, rel=1e-4) and found["above"] is above
    assert found["until"] == (None if until is None else pytest.approx(until, rel=1e-4))
    assert found["elsewhere"] is elsewhere


def test_a_turn_at_zero_is_zero():
    """Steps from 0.3 to -1 reach 0 but for rounding."""
    found = turn(sketches.luck(form=(FORM, "0.5 + 0.4 * a")), "P(won = yes) > 0.5", "a", -1.0, 1.0, 0.2)
    assert found["at"] == 0.0 and found["above"] is True and not found["jumps"]


def test_a_central_value_outside_the_range():
    found = turn(sketches.luck(form=(FORM, BAND)), "P(won = yes) > 0.5", "a", 0.0, 0.8, 0.9)
    assert found["at"] == pytest.approx(0.52, rel=1e-4) and found["until"] == pytest.approx(0.1, rel=1e-4)


TRIPLE = {"b": ("a + b + 0.1 * c", "a + 3 * b + 0.1 * c"), "r": ("range: [0, 0.3]", "range: [0, 1]")}


def test_what_cannot_be_solved_is_a_gap():
    """P = 0.11 + 3 b passes 1 at b = 0.297: the turn at 0.263 is found, and the gap beyond is told."""
    found = turn(sketches.luck(**TRIPLE), "P(won = yes) > 0.9", "b", 0.0, 1.0, 0.1)
    assert found["at"] == pytest.approx(0.79 / 3, rel=1e-4) and found["above"] is True
    assert "could not be solved at" in found["reason"] and "not between 0 and 1" in found["reason"]
    assert max(found["tried"]) < 0.89 / 3 + 1e-9


def test_a_search_that_failed_is_no_search_that_found_nothing():
    never = turn(sketches.luck(**TRIPLE), "P(won = yes) >= 0 and P(won = yes) < 2", "b", 0.0, 1.0, 0.1)
    assert never["at"] is None and never["failed"] is True and "not between 0 and 1" in never["reason"]
    everywhere = turn(sketches.luck(**TRIPLE), "P(won = yes) > 0.5", "c", 0.0, 1.0, 0.1, {"a": 0.9, "b": 0.9})
    assert everywhere["at"] is None and everywhere["failed"] is True and everywhere["tried"] == []
    assert turn(sketches.luck(), "P(won = yes) > 0.5", "b", 0.0, 0.3, 0.1)["failed"] is False


TOLD = [
    ({"at": 0.52, "above": False, "until": 0.1}, "holds from 0.1 to 0.52 (now 0.5)"),
    ({"at": 0.52, "above": True, "elsewhere": True}, "holds above 0.52 (now 0.5), and elsewhere too"),
    ({"at": 0.52, "above": False, "jumps": True}, "holds below 0.52, where it jumps (now 0.5)"),
    ({"at": None, "failed": True, "reason": "a gap"}, "a turn could not be looked for everywhere: a gap"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "told"), TOLD)
def test_how_turns_are_told(more, told):
    share = Share(**{f.name: None for f in fields(Share)})
    found = Boundary(parameter="a", low=0.0, high=1.0, central=0.5, **more)
    assert turn_words(share, found) == f"a: {told}"
    assert over.turns(claimed(asdict(found))) == f"a: {told}"


def claimed(*boundaries):
    return {
        "reason": "", "holds": 1, "fails": 1, "undecided": 0, "influences": [], "explained": 1.0, "turned": 0,
        "bars": [], "boundaries": list(boundaries),
    }  # fmt: skip


def test_what_is_no_turn_and_what_is_a_gap():
    share = Share(**{f.name: None for f in fields(Share)})
    none = Boundary(parameter="a", low=0.0, high=1.0, central=0.5, at=None, reason="it does not turn at 9 values")
    assert turn_words(share, none) == "a: no turn from 0 to 1 (it does not turn at 9 values)"
    assert over.turns(claimed(asdict(none))) == "no turn inside the range of a alone"
    gap = Boundary(parameter="b", low=0.0, high=1.0, central=0.5, at=0.6, above=True, reason="a gap")
    assert turn_words(share, gap) == "b: holds above 0.6 (now 0.5); a gap"
    assert over.turns(claimed(asdict(none), asdict(gap))) == "b: holds above 0.6 (now 0.5); a gap"


def test_a_headline_is_more_likely_than_not():
    even = Spread(**{f.name: None for f in fields(Spread)} | {"threshold": 0.5})
    found = Boundary(parameter="a", low=0.0, high=1.0, central=0.5, at=0.49, above=False)
    assert turn_words(even, found) == "more likely than not where a is below 0.49 (now 0.5)"


def test_a_solution_too_large_is_no_result():
    setup = Setup(scenario=sketches.luck(), formulas=(("asked", "P(won = yes) > 0.5"),), grid=1, memory=1.0)
    own = {"name": "asked", "axis": "a", "low": 0.0, "high": 0.5, "central": 0.1, "values": {}, "threshold": None}
    with pytest.raises(SizeError):
        Finding(setup)(own)


P = "P(won = yes)"  # 0.21 at the central values
MARGINS = {
    f"{P} > 0.2": 0.01, f"{P} >= 0.5": -0.29, f"{P} < 0.5": 0.29, f"not {P} < 0.5": -0.29, f"{P} = 0.21": 0.0,
    f"{P} != 0.2": 0.01, f"{P} = 0.2": -0.01, f"{P} within 0.1 of 0.2": 0.09, f"{P} > 0.2 and {P} < 0.5": 0.01,
    f"{P} > 0.5 or {P} < 0.5": 0.29, f"{P} > 0.5 or {P} > 0.6": -0.29, f"{P} > {P} in no_a": 0.1,
    f"(({P} > 0.2) in no_a)": -0.09,
}  # fmt: skip


def test_margins():
    scenario = sketches.luck()
    asker = Asker(Study(scenario=scenario), grid_check=False)
    for text, exact in MARGINS.items():
        tree = parse_formula(text)
        got = margin(asker, tree, Context())
        assert got == pytest.approx(exact, abs=1e-12), text
        judged = asker.value(tree, Context()).as_judgement().value
        assert exact == 0 or (got > 0) is judged, text
