"""Draws, shares and what they turn on, on a scenario whose answers are sums."""

import json
from dataclasses import replace

import numpy as np
import pytest

import winset
from rooms.study.robust import sketches
from winset.base import words
from winset.base.errors import ScenarioError, WinsetError
from winset.face import markdown_beside, over
from winset.face.html import uncertain
from winset.study.robust.axes import axes, points, valued
from winset.study.robust.data import Influence
from winset.study.robust.draw import Drawing, Setup, largest_solved
from winset.study.robust.statistics import correlated
from winset.study.robust.text import influence_words
from winset.study.runs.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def made(store):
    return winset.robust(sketches.luck(), draws=64, workers=1, store=store, checks=2, maps=["likely"], side=3)


def chances(scenario, count):
    x = valued(axes(scenario), points(count, 4, 1))
    return x[:, 0] + x[:, 1] + 0.1 * x[:, 2]


def test_questions_are_distributions(made):
    win, lost = made.questions
    exact = chances(sketches.luck(), 64)
    assert made.draws.values["win"] == pytest.approx(exact, abs=1e-12)
    assert win.central == pytest.approx(0.21)
    assert win.mean == pytest.approx(exact.mean()) and win.deviation == pytest.approx(exact.std(ddof=1))
    assert win.quantiles == pytest.approx(np.quantile(exact, [0.05, 0.25, 0.5, 0.75, 0.95]))
    assert sum(win.counts) == win.count == 64
    assert win.grid_error == 0.0
    a = [row[0] for row in made.draws.points]
    assert made.draws.values["lost"] == pytest.approx(a, abs=1e-12), "a variant sets its own parameter at every draw"
    assert lost.mean == pytest.approx(0.25, abs=0.01)


def test_claims_are_shares(made):
    likely, matters = made.claims
    exact = int((chances(sketches.luck(), 64) > 0.5).sum())
    assert (likely.holds, likely.fails, likely.undecided) == (exact, 64 - exact, 0)
    assert likely.share == exact / 64 and likely.low < likely.share < likely.high
    assert likely.central == "fails" and likely.margin == pytest.approx(-0.29)
    assert matters.share == 1.0 and matters.boundaries == []
    assert [c.name for c in made.claims] == ["likely", "a_matters"], "what has no formula has no share"


def test_indices_of_a_sum(made):
    """Variances of uniform parts: shares of the squares of what each range moves."""
    moves = np.array([0.5, 0.3, 0.1]) ** 2
    found = {i.parameter: i for i in made.questions[0].influences}
    for name, share in zip("abc", moves / moves.sum(), strict=True):
        assert found[name].first == pytest.approx(share, abs=0.03)
        assert found[name].total == pytest.approx(share, abs=0.03)
    assert "d" not in found
    assert made.questions[0].explained > 0.999


def test_boundaries_and_bars(made):
    likely = made.claims[0]
    turns = {b.parameter: b for b in likely.boundaries}
    assert turns["a"].at == pytest.approx(0.39, rel=1e-4) and turns["a"].above
    assert turns["b"].at is None
    bars = {b.parameter: b for b in likely.bars}
    assert (bars["a"].at_low, bars["a"].at_high) == pytest.approx((-0.39, 0.11))
    assert {name for name, b in bars.items() if b.flips} == {"a"}
    lengths = [abs(b.at_high - b.at_low) for b in likely.bars]
    assert lengths == sorted(lengths, reverse=True)


def test_maps(made):
    (region,) = made.regions
    assert (region.across, region.up) == ("a", "b")
    exact = [[x + y + 0.01 - 0.5 for x in region.x] for y in region.y]
    assert np.array(region.values) == pytest.approx(np.array(exact))
    assert region.several == [[False] * 3] * 3


STAG_HUNT = {
    "players": ("  me: {}\n", "".join(f"  {n}: {{precision: if c > 0.5 then 40 else 0.1}}\n" for n in ("me", "you"))),
    "moves": (
        "    by: me\n    actions: {wait: {}}",
        "    by: [me, you]\n    actions:\n      me: {stag: {}, hare: {pays: {me: 1}}}\n"
        "      you: {stag: {}, hare: {pays: {you: 1}}}\n    when:\n"
        "      - {if: me plays stag and you plays stag, pays: {me: 2.5, you: 2.5}}",
    ),
    "asked": ("P(won = yes) - P(won = yes) in no_a", "strategy(me plays stag)"),
}  # fmt: skip


def test_places_with_several_equilibria_are_marked(tmp_path):
    """A stag hunt with errors all but gone has several equilibria; with players who err at random it has one."""
    found = winset.robust(sketches.luck(**STAG_HUNT), draws=32, workers=1, store=tmp_path, checks=0, questions=["lost"],
                          maps=["lost"], side=2)  # fmt: skip
    (region,) = found.regions
    assert region.across == "c"
    assert region.x == [0.0, 1.0] and region.several == [[False, True], [False, True]]
    assert "several equilibria in 2 of 4 places" in " ".join(str(found).split())


def test_the_figures_of_solving_are_told(made):
    q = made.quality
    assert (q.missed, q.draws_missed, q.checked, q.passed) == (0, 0, 2, 2)
    assert q.grid < q.fine == 15 and q.residual < 1e-8 and q.lost < 1e-9


def test_data_are_json_and_text_is_narrow(made):
    data = json.loads(json.dumps(made.as_dict(draws=True), allow_nan=False))
    assert len(data["draws"]["points"]) == 64
    assert "points" not in made.as_dict()["draws"]
    assert "likely" in repr(made) and "<table" in made._repr_html_() and len(repr(made)) < 2000
    for width in (80, 60):
        assert max(map(len, made.lines(width))) <= width
    text = " ".join(str(made).split())
    assert f"likely: holds in {100 * made.claims[0].share:.0f} %" in text
    assert "a: holds above 0.39 (now 0.1)" in text


def test_a_longer_run_begins_with_a_shorter_one(made, store, monkeypatch):
    before = len(list(Store(store).keys()))
    longer = winset.robust(sketches.luck(), draws=80, workers=1, store=store, checks=2)
    assert longer.draws.points[:64] == made.draws.points
    assert len(list(Store(store).keys())) - before <= 16 + 4, "the other draws, and no more than what they made turn"

    def refuses(*_):
        raise AssertionError("solved again")

    monkeypatch.setattr("winset.study.robust.draw.Drawing.asker", refuses)
    again = winset.robust(sketches.luck(), draws=64, workers=1, store=store, checks=2, maps=["likely"], side=3)
    assert again.as_dict() == made.as_dict()


def test_another_scenario_shares_nothing(made, store):
    before = len(list(Store(store).keys()))
    winset.robust(sketches.luck(c=("0.1 * c", "0.2 * c")), draws=8, workers=1, store=store, checks=0, bars=0, leading=0)
    assert len(list(Store(store).keys())) == before + 9


def test_a_draw_that_fails_is_counted_and_shown(tmp_path):
    broken = sketches.luck(b=("a + b + 0.1 * c", "a + 3 * b + 0.1 * c"))
    found = winset.robust(broken, draws=64, workers=1, store=tmp_path, checks=0, bars=0, leading=0)
    x = valued(axes(broken), points(64, 4, 1))
    chance = x[:, 0] + 3 * x[:, 1] + 0.1 * x[:, 2]
    bad = chance > 1 + 1e-9
    assert 0 < bad.sum() < 64
    assert [f.number - 1 for f in found.failures] == np.flatnonzero(bad).tolist()
    assert found.solved == 64 - bad.sum() == found.questions[0].count
    assert found.questions[0].mean == pytest.approx(chance[~bad].mean()), "in no average"
    assert all("not between 0 and 1" in f.reason and set(f.values) == set("abcd") for f in found.failures)
    text = " ".join(str(found).split())
    assert f"{bad.sum()} draws of 64 failed and count nowhere" in text
    assert f"{found.failures[0].number}. the probability of `win` is not between 0 and 1" in text


def test_failures_of_many_parameters_are_told_by_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("winset.study.robust.text.MANY", 3)
    broken = sketches.luck(b=("a + b + 0.1 * c", "a + 3 * b + 0.1 * c"))
    found = winset.robust(broken, draws=64, workers=1, store=tmp_path, checks=0, bars=0, leading=0)
    text = " ".join(str(found).split())
    assert f"`win` is not between 0 and 1: {len(found.failures)} draws (" in text
    assert "they lie at high b and high a; the data lists their values" in text


def test_comparisons_in_the_first_draws_only(tmp_path):
    found = winset.robust(sketches.luck(), draws=16, compared=4, workers=1, store=tmp_path, checks=0, bars=0, leading=0)
    assert [found.questions[0].count, found.questions[1].count] == [16, 4]
    likely, matters = found.claims
    assert likely.holds + likely.fails == 16 and matters.holds + matters.fails == 4
    assert "a_matters: holds in 100 % (51 % to 100 %) of the first 4 draws" in " ".join(str(found).split())


def evidence(base, facts):
    """Log evidence of a made-up record, for the test below."""
    return {facts["name"]: float(np.log(base.game.values["a"] + 0.1))}


def test_evidence_is_kept_with_each_draw(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "made_up_evidence", sys.modules[__name__])
    found = winset.robust(sketches.luck(), draws=4, workers=1, store=tmp_path, checks=0, bars=0, leading=0,
                          evidence="made_up_evidence:evidence", facts={"name": "2019-10"})  # fmt: skip
    a = np.array([row[0] for row in found.draws.points])
    assert found.draws.evidence["2019-10"] == pytest.approx(np.log(a + 0.1))


NO_MORE = {"draws": 4, "workers": 1, "checks": 0, "bars": 0, "leading": 0}


def test_a_draw_refused_for_memory_is_made_by_the_next_run(tmp_path):
    """What a run may not take is no property of the point: it is no result, and no solution is missing later."""
    small = winset.robust(sketches.luck(), store=tmp_path, memory=1.0, **NO_MORE)
    assert small.solved == 0 and len(small.failures) == 4
    assert "SizeError: solving needs about" in small.failures[0].reason and "\n" not in small.failures[0].reason
    assert list(Store(tmp_path).keys()) == []
    assert winset.robust(sketches.luck(), store=tmp_path, **NO_MORE).solved == 4


def test_evidence_is_made_again_where_its_source_is_another(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    import sys

    seen = []
    for said in ("1.0", "2.0", "1.0"):
        (tmp_path / "own_evidence.py").write_text(f"def tell(base, facts):\n    return {{'v': {said}}}\n")
        monkeypatch.delitem(sys.modules, "own_evidence", raising=False)
        found = winset.robust(sketches.luck(), store=tmp_path / "store", evidence="own_evidence:tell", **NO_MORE)
        seen.append((found.draws.evidence["v"][0], len(list(Store(tmp_path / "store").keys()))))
    assert seen == [(1.0, 5), (2.0, 10), (1.0, 10)]
    with pytest.raises(WinsetError, match="there is no function `own_evidence:none` for evidence"):
        winset.robust(sketches.luck(), store=tmp_path, evidence="own_evidence:none", **NO_MORE)


def test_keys_of_draws_without_evidence_name_no_source():
    setup = Setup(scenario=sketches.luck(), formulas=(("win", "P(won = yes)"),), grid=1)
    assert set(setup.job().parts) == {
        "scenario", "formulas", "grid", "spread", "prune", "rounds", "evidence", "facts",
    }  # fmt: skip
    own = replace(setup, evidence="winset.study.robust.draw:solution")
    assert set(own.job().parts) == set(setup.job().parts), "sources of winset are in every key"


def impossible(base, facts):
    """Log evidence of what cannot have happened, in half of the draws."""
    return {"v": -np.inf if base.game.values["a"] < 0.25 else -1.0}


def test_evidence_of_nothing_leaves_a_draw_its_answers(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "made_up_evidence", sys.modules[__name__])
    found = winset.robust(sketches.luck(), store=tmp_path, evidence="made_up_evidence:impossible", **NO_MORE)
    assert found.solved == 4 and found.failures == []
    assert sorted(map(str, found.draws.evidence["v"])) == ["-1.0", "-1.0", "None", "None"]


def test_without_a_central_point_the_draws_remain(tmp_path):
    """At a = 1.2 there is no game; the draws are from the range. Text and page say so."""
    found = winset.robust(sketches.luck(), draws=32, workers=1, store=tmp_path, checks=0, values={"a": 1.2})
    assert found.solved == 32 and "not between 0 and 1" in found.central_reason
    assert [q.central for q in found.questions] == [None, None] and [c.central for c in found.claims] == [None, None]
    assert all(one.bars == [] for one in (*found.questions, *found.claims))
    text = " ".join(str(found).split())
    assert "The central values could not be solved, so there are no central answers and no tornado: the prob" in text
    assert "centrally it has no verdict" in text and "undecided" not in text
    data = json.loads(json.dumps(found.as_dict()))
    shown = uncertain._robust(data)
    assert [c["central"] for c in shown["claims"]] == ["no verdict", "no verdict"] and shown["tornadoes"] == []
    assert "The central values could not be solved" in shown["failures"]
    assert "no verdict" in "".join(markdown_beside.robust({"robust": data}))
    assert "not between 0 and 1" in repr(found)


def test_what_no_polynomial_explains_is_looked_into_all_the_same(tmp_path):
    """A chance that turns on the product of three causes around 0: none explains anything alone or in pairs."""
    found = winset.robust(sketches.luck(
        a=("a: {value: 0.1, range: [0, 0.5]}", "a: {value: 0.3, range: [-1, 1]}"),
        b=("b: {value: 0.1, range: [0, 0.3]}", "b: {value: 0.3, range: [-1, 1]}"),
        c=("c: {value: 0.1, range: [0, 1]}", "c: {value: 0.3, range: [-1, 1]}"),
        form=("a + b + 0.1 * c + 0 * d", "0.5 + 0.4 * a * b * c"),
    ), draws=128, workers=1, store=tmp_path, checks=0, questions=["likely"])  # fmt: skip
    (claim,) = found.claims
    assert claim.explained < 0.5 and len(claim.boundaries) == 2 and len(claim.bars) == 4
    share = words.percent(1 - claim.explained)
    assert f"{share} of the variance is explained by no parameter alone or in pairs" in " ".join(str(found).split())
    told = over.turns(found.as_dict()["claims"][0])
    assert f"{share} of the variance is explained by no parameter" in told
    assert all(f"{b.parameter}: " in told or b.at is None for b in claim.boundaries)


def test_parameters_by_their_correlation():
    unit = points(64, 3, 1)
    assert correlated(unit, -unit[:, 2] + 0.3 * unit[:, 0])[:2] == [2, 0]
    assert correlated(unit, np.ones(64)) == [] and correlated(unit[:2], np.arange(2.0)) == []


def test_checks_that_failed_are_told(tmp_path, monkeypatch):
    whole = Drawing.__call__

    def broken(self, own):
        if own.get("grid") and own["values"]["a"] > 0.25:
            return {"ok": False, "reason": "it is too fine", "seconds": 0.0}
        return whole(self, own)

    monkeypatch.setattr(Drawing, "__call__", broken)
    found = winset.robust(sketches.luck(), **NO_MORE | {"checks": 4}, store=tmp_path)
    q = found.quality
    assert (q.checked, q.unchecked, q.unchecked_reason) == (2, 2, "it is too fine")
    told = "2 of 4 checks on the finer grid failed: it is too fine"
    assert told in " ".join(str(found).split()) and told in over.quality(found.as_dict())


def test_the_page_says_of_checks_what_the_text_says(made):
    data = made.as_dict()
    assert "the certificate does not fail in 2 of them" in over.quality(data)
    assert "the certificate does not fail in 2 of them" in " ".join(str(made).split())
    data["quality"] |= {"missed": 1, "fine": 1, "grid": 1}
    told = over.quality(data)
    assert "1 cell missed" in told and "1 inner belief node per" in told and "on 1 inner node;" in told
    claim = data["claims"][0] | {"turned": 1}
    assert over.turns(claim).endswith("another verdict on the finer grid in 1 checked draw")


def test_reasons_of_failures_are_grouped(made):
    data = made.as_dict()
    data["failures"] = [{"reason": r} for r in ("one (it is 1.2)", "one (it is 1.3)", "two")]
    assert over.failed(data) == "3 draws of 64 failed and count nowhere: one (2 draws); two (1 draw)"
    data["failures"] = data["failures"][:1]
    assert over.failed(data) == "1 draw of 64 failed and counts nowhere: one"


def test_few_draws_for_the_shares_of_the_variance_are_told(tmp_path):
    few = winset.robust(sketches.luck(), store=tmp_path, **NO_MORE | {"draws": 32})
    assert "rough: 32 draws for up to 2 leading parameters, where 50 each are wanted" in " ".join(str(few).split())
    enough = winset.robust(sketches.luck(), store=tmp_path, **NO_MORE | {"draws": 128})
    assert "rough" not in str(enough)


@pytest.mark.slow
def test_two_processes_give_the_same(made, tmp_path):
    found = winset.robust(sketches.luck(), draws=16, workers=2, store=tmp_path, checks=0, bars=0, leading=0)
    assert found.draws.values["win"] == made.draws.values["win"][:16]


def test_bad_input():
    scenario = sketches.luck()
    with pytest.raises(ScenarioError, match="no question or claim `wim`"):
        winset.robust(scenario, questions=["wim"])
    with pytest.raises(WinsetError, match="`draws` is a whole number of at least 1"):
        winset.robust(scenario, draws=0)
    with pytest.raises(WinsetError, match="nothing to ask"):
        winset.robust(scenario, questions=["told"])


def test_a_cell_that_was_not_solved_leaves_a_draw_its_answers() -> None:
    """Its residual is no number, which no file of results can hold; it is counted as missed."""
    assert largest_solved([np.array([1e-10, np.inf]), np.array([2e-9])]) == 2e-9
    assert largest_solved([np.array([np.inf])]) == 0.0
    assert largest_solved([]) == 0.0


def test_a_share_of_the_variance_is_never_told_as_more_than_all_of_it() -> None:
    """The estimate of a share near 1 may lie above it."""
    ends = {f"{of}_{end}": 0.0 for of in ("first", "total") for end in ("low", "high")}
    assert influence_words(Influence(parameter="p", first=-0.01, total=1.02, **ends)) == (
        "p (100 % of the variance, 0 % alone)"
    )


def test_what_is_asked_in_no_draw_says_so(tmp_path):
    found = winset.robust(sketches.luck(), draws=4, compared=0, workers=1, store=tmp_path, checks=0, bars=0, leading=0)
    told = " ".join("\n".join(found.lines(80)).split())
    assert "asked in none of the draws, since it reads a variant" in told
    assert "no draw was solved" not in told
