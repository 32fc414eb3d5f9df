"""Hindcasts against closed forms, and that nothing of the future leaks into them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import winset
from rooms.study.hindcast_samples import ROWS, TALKS, happened, scenario, storm_posterior, talks_chance
from winset.base.errors import ScenarioError, WinsetError
from winset.face.cli.main import main
from winset.face.hindcast import lines
from winset.language.clock import first_day
from winset.language.scenario import Clock
from winset.learn.observe import observe
from winset.study.hindcast import work
from winset.study.hindcast.settling import settlings
from winset.study.hindcast.work import chance, end_of

CALM = TALKS.replace("storm_rate: {value: 0.15, range: [0.02, 0.4]}", "storm_rate: 0.15")

SHORT = TALKS.replace("to: 2019-12", "to: 2018-12").replace("2019-01-10", "2018-12-10").replace("2019-06]", "2018-10]")


def made(folder: Path, *, text: str = CALM, rows: str = ROWS, **given: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {"start": "2018-01", "end": "2018-04", "on": "here", "store": folder / "store"}
    return dict(winset.hindcast(scenario(folder, text=text, rows=rows), **{**settings, **given}))


def forecasts(data: dict[str, Any], event: str, deadline: str) -> dict[str, dict[str, Any]]:
    found = next(e for e in data["events"] if e["name"] == event)
    return {f["date"]: f for f in next(d for d in found["deadlines"] if d["deadline"] == deadline)["forecasts"]}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return made(tmp_path_factory.mktemp("calm"), end="2019-02")


def test_forecasts_are_the_closed_forms(calm: dict[str, Any]) -> None:
    for date, told in forecasts(calm, "talks", "2018-06-30").items():
        months = 7 - int(date[5:7])
        assert told["probability"] == pytest.approx(talks_chance(happened(ROWS, "talk", date), months)[0], abs=2e-4)
    for date, told in forecasts(calm, "talks", "2019-01-10").items():  # 10 of 31 days of the last month
        months = (2019 - int(date[:4])) * 12 + 1 - int(date[5:7]) + 10 / 31
        assert told["probability"] == pytest.approx(talks_chance(happened(ROWS, "talk", date), months)[0], abs=2e-4)
    storms = forecasts(calm, "storms", "2018-12-31")
    assert storms["2018-03-01"]["probability"] == pytest.approx(1 - 0.85**10, abs=1e-9)
    deal = forecasts(calm, "deal", "2019-12-31")
    assert deal["2018-05-01"]["probability"] == pytest.approx(1 - 0.95**20, abs=1e-9)


def test_what_is_believed_of_types_is_the_closed_form(calm: dict[str, Any]) -> None:
    for date in calm["dates"]:
        belief = talks_chance(happened(ROWS, "talk", date["date"]), 1)[1]
        assert date["beliefs"]["north is trader"] == pytest.approx(belief, abs=1e-6)


def test_an_event_that_happens_once_is_settled_by_its_first_row(calm: dict[str, Any]) -> None:
    told = forecasts(calm, "deal", "2019-12-31")
    assert max(told) == "2018-11-01" and all(f["happened"] for f in told.values())
    assert max(forecasts(calm, "deal", "2018-12-31")) == "2018-11-01"
    repeated = forecasts(calm, "talks", "2019-01-10")
    assert max(repeated) == "2019-01-01"
    assert [repeated[d]["happened"] for d in ("2018-06-01", "2018-07-01")] == [True, False]


def test_scores_are_those_of_the_forecasts(calm: dict[str, Any]) -> None:
    every = [f for e in calm["events"] for d in e["deadlines"] for f in d["forecasts"]]
    brier = [(f["probability"] - f["happened"]) ** 2 for f in every]
    assert calm["scores"]["brier"] == pytest.approx(sum(brier) / len(brier))
    assert calm["scores"]["resolved"] == len(every) and calm["scores"]["unresolved"] == 0
    parts = calm["scores"]
    assert parts["brier"] == pytest.approx(
        parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within"]
    )
    worst = max(every, key=lambda f: (f["probability"] - f["happened"]) ** 2)
    assert calm["misses"][0]["probability"] == worst["probability"]
    assert [m["brier"] for m in calm["misses"]] == sorted((m["brier"] for m in calm["misses"]), reverse=True)


def test_every_baseline_is_compared_on_the_same_forecasts(calm: dict[str, Any]) -> None:
    by = {r["name"]: r for r in calm["references"]}
    assert set(by) == {"base rate", "persistence", "hazard", "central values"}
    counts = {name: r["forecasts"] for name, r in by.items()}
    assert 0 < counts.pop("persistence") <= calm["scores"]["resolved"]  # it has to look back as far as ahead
    assert set(counts.values()) == {calm["scores"]["resolved"]}
    assert by["central values"]["skill"][0]["value"] == pytest.approx(0.0)  # nothing is uncertain here
    base = by["base rate"]["skill"][0]
    assert base["value"] == pytest.approx(1 - by["base rate"]["own_brier"] / by["base rate"]["brier"])
    assert base["low"] <= base["value"] <= base["high"] and base["events"] == 3 and base["few"]


LATER = """
2018-08-02,talk,SRC
2018-08-03,signed,SRC
2018-09-09,storm,SRC
2018-10-10,talk,SRC
2019-12-31,end,SRC
"""


def cut(rows: str, day: str) -> str:
    return "\n".join(line for line in rows.split() if line[:10] < day)


def told_until(data: dict[str, Any], day: str) -> list[Any]:
    """Everything forecast up to a day but what happened later, and what that scores."""
    later = ("happened", "brier", "log")
    out: list[Any] = []
    for event in data["events"]:
        for deadline in event["deadlines"]:
            for f in deadline["forecasts"]:
                if f["date"] <= day:
                    out.append((event["name"], deadline["deadline"], {k: v for k, v in f.items() if k not in later}))
    return out + [d for d in data["dates"] if d["date"] <= day]


def leak(folder: Path, **given: Any) -> tuple[list[Any], list[Any]]:
    """Forecasts up to August 2018 from two records that differ only from then on."""
    settings = {"draws": 4, "start": "2018-07", "end": "2018-08", **given}
    one = made(folder, text=SHORT, **settings)
    other = made(folder, text=SHORT, rows=cut(ROWS, "2018-08-01") + LATER, **settings)
    assert one["scores"] != other["scores"]
    return told_until(one, "2018-08-01"), told_until(other, "2018-08-01")


@pytest.mark.parametrize("renew", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_no_row_after_a_forecast_changes_it(tmp_path: Path, renew: bool) -> None:
    one, other = leak(tmp_path, renew=renew)
    assert len(one) >= 10 and one == other


def test_the_leak_test_finds_a_leak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with a record that is read three weeks on."""

    def peeks(scenario: Any, *, until: str, **rest: Any) -> Any:
        day = dt.date.fromisoformat(until) + dt.timedelta(days=21)
        return observe(scenario, until=day.isoformat(), **rest)

    monkeypatch.setattr(work, "observe", peeks)
    one, other = leak(tmp_path, store=tmp_path / "other")
    assert one != other


@pytest.mark.slow
def test_parameters_are_learnt_as_bayes_says(tmp_path: Path) -> None:
    data = made(tmp_path, text=TALKS, draws=32, start="2018-09", end="2018-10")
    for date in data["dates"]:
        had = happened(ROWS, "storm", date["date"])
        grid, weights = storm_posterior(had)
        told = date["parameters"][0]
        assert told["name"] == "storm_rate" and told["prior_mean"] == pytest.approx(0.21, abs=0.01)
        assert told["mean"] == pytest.approx(sum(x * w for x, w in zip(grid, weights, strict=True)), abs=0.006)
        assert date["enough"] and date["ess"] < 30
        storms = forecasts(data, "storms", "2018-12-31")[date["date"]]
        left = 13 - int(date["date"][5:7])
        exact = sum((1 - (1 - x) ** left) * w for x, w in zip(grid, weights, strict=True))
        assert storms["probability"] == pytest.approx(exact, abs=0.01)
        assert storms["prior"] == pytest.approx(sum(1 - (1 - x) ** left for x in grid) / len(grid), abs=0.01)
        assert storms["central"] == pytest.approx(1 - 0.85**left, abs=1e-9)
        assert storms["low"] < storms["probability"] < storms["high"] and 0 < storms["error"] < 0.03


@pytest.mark.slow
def test_draws_that_wear_out_are_told_and_renewed(tmp_path: Path) -> None:
    rows = "\n".join(f"2018-{m:02d}-10,storm,SRC" for m in range(1, 13)) + "\n2019-12-31,end,SRC"
    settings: dict[str, Any] = {"text": SHORT, "rows": rows, "draws": 8, "start": "2018-11", "end": "2018-12"}
    few = made(tmp_path, **settings)
    assert not few["dates"][-1]["enough"] and "effective draws" in few["dates"][-1]["why"]
    assert any("cannot be relied on" in w for w in few["warnings"])
    more = made(tmp_path, **settings, renew=True)
    assert more["stamp"]["renewed"] and more["stamp"]["solved"] > 8
    grid, weights = storm_posterior([True] * 11)
    exact = sum(x * w for x, w in zip(grid, weights, strict=True))
    assert more["dates"][-1]["ess"] > few["dates"][-1]["ess"]
    assert more["dates"][-1]["parameters"][0]["mean"] == pytest.approx(exact, abs=0.03)


def test_one_draw_is_not_renewed_and_says_so(tmp_path: Path) -> None:
    got = made(tmp_path, text=SHORT, draws=1, start="2018-02", end="2018-03", renew=True)
    assert not got["stamp"]["renewed"] and got["stamp"]["solved"] == 1
    assert "1 draw is too few to be renewed, 4 are needed" in got["dates"][-1]["why"]


def test_rows_that_nobody_has_checked_can_be_left_out(tmp_path: Path) -> None:
    known = scenario(tmp_path)
    may = dt.date(2018, 5, 21)
    assert may in settlings(known)[1].days and may not in settlings(known, unchecked=False)[1].days


@pytest.mark.parametrize(
    ("covered", "end", "result"),
    [("", "2019-12-31", False), ("", "2020-01-01", None), ("covered to: 2018-12-31, ", "2019-01-31", None)],
)
def test_absence_is_no_event_only_where_the_rows_reach(
    covered: str, end: str, result: bool | None, tmp_path: Path
) -> None:
    text = CALM.replace("deal: {ask: P(deal), by", f"deal: {{{covered}ask: P(deal), by")
    known = settlings(scenario(tmp_path, text=text.replace("what = signed}", "what = end}")))[2]
    assert known.happened(dt.date(2018, 1, 1), dt.date(2018, 6, 1)) is False
    signed = settlings(scenario(tmp_path, text=text))[2]
    assert signed.happened(dt.date(2018, 12, 1), dt.date.fromisoformat(end)) is result


def test_what_the_rows_do_not_cover_is_not_scored_though_it_happened(tmp_path: Path) -> None:
    """Signed on 22 November 2018; a deadline after the rows' end could only ever come out as an event."""
    text = CALM.replace("deal: {ask: P(deal), by", "deal: {covered to: 2018-12-31, ask: P(deal), by")
    signed = settlings(scenario(tmp_path, text=text))[2]
    assert signed.happened(dt.date(2018, 6, 1), dt.date(2018, 12, 31)) is True
    assert signed.happened(dt.date(2018, 6, 1), dt.date(2019, 1, 1)) is None
    found = made(tmp_path, text=text, draws=4, start="2018-01", end="2018-06")
    deadline = next(e for e in found["events"] if e["name"] == "deal")["deadlines"][1]
    assert deadline["brier"] is None and "it happened on 2018-11-22" in deadline["why"]
    assert all(f["happened"] is None for f in deadline["forecasts"])


def test_what_only_unchecked_rows_say_is_neither_an_event_nor_none(tmp_path: Path) -> None:
    """The storm of 21 May 2018 rests on memory."""
    known = scenario(tmp_path)
    spring = dt.date(2018, 5, 1), dt.date(2018, 6, 30)
    assert settlings(known)[1].happened(*spring) is True
    assert settlings(known, unchecked=False)[1].happened(*spring) is None
    assert settlings(known, unchecked=False)[1].happened(dt.date(2018, 2, 1), dt.date(2018, 3, 31)) is False


def test_dates_before_the_rows_have_no_baselines(tmp_path: Path) -> None:
    rows = ROWS.replace("2017-01-05,storm,SRC\n", "")
    found = made(tmp_path, rows=rows, draws=4, start="2018-01", end="2018-03")
    storms = next(e for e in found["events"] if e["name"] == "storms")["deadlines"][0]
    said = {f["date"]: set(f["baselines"]) for f in storms["forecasts"]}
    assert said["2018-01-01"] == set()
    assert said["2018-02-01"] == {"base rate", "hazard"}  # persistence would have to look back further than the rows


@pytest.mark.parametrize("unit", ["month", "week", "day", "quarter", "year"])
def test_a_deadline_is_the_share_of_its_round(unit: str) -> None:
    clock = Clock(rounds=40, unit=unit, start=dt.date(2018, 1, 1))  # type: ignore[arg-type]
    first, following = first_day(clock, 3), first_day(clock, 4)
    assert end_of(clock, 3, following - dt.timedelta(days=1)) == (3, 1.0)
    assert end_of(clock, 1, first) == (3, 1 / (following - first).days)
    assert end_of(clock, 4, first) is None and end_of(clock, 1, dt.date(2017, 12, 31)) is None
    assert end_of(clock, 1, dt.date(2090, 1, 1)) is None
    at = {0: 0.0, 1: 0.1, 2: 0.3}
    assert chance(at, 2, 0.5) == pytest.approx(0.2) and chance(at, 1, 1.0) == 0.1 and chance(at, 9, 0.5) == 0.3


def test_public_forecasts_are_matched_with_the_rounds_first_day(tmp_path: Path) -> None:
    file = tmp_path / "public.csv"
    file.write_text(
        "question_id,time_utc,probability_of_the_statement\nQ1,2018-03-20 10:00:00,0.5\nQ1,2018-03-02,0.7\n"
        "Q1,2018-10-01,0.9\nQ2,2018-04-30,0.2\nQ9,2018-04-30,0.2\n",
        encoding="utf-8",
    )
    data = made(tmp_path, public=file)
    one, two = data["public"]
    assert (one["question"], one["count"], one["first"], one["last"]) == ("Q1", 2, "2018-03-02", "2018-03-20")
    assert one["public"] == pytest.approx(0.6) and one["own"] == pytest.approx(1 - 0.85**7)
    assert two["question"] == "Q2" and two["public"] == pytest.approx(0.8)  # its statement is the opposite
    assert one["happened"] is two["happened"] is True
    by = {r["name"]: r for r in data["references"]}
    assert by["public"]["brier"] == pytest.approx((0.4**2 + 0.2**2) / 2)


def test_a_deadline_beyond_the_calendar_is_not_answered(tmp_path: Path) -> None:
    data = made(tmp_path, text=CALM.replace("by: [2018-12-31, 2019-12-31]", "by: [2018-12-31, 2030-01-31]"))
    found = next(e for e in data["events"] if e["name"] == "deal")["deadlines"][1]
    assert found["forecasts"] == [] and found["brier"] is None
    assert any("deal by 2030-01-31 is not scored" in w for w in data["warnings"])


def test_a_record_that_the_model_cannot_have_gives_no_forecast(tmp_path: Path) -> None:
    never = CALM.replace("storm_rate: 0.15", "storm_rate: 0")
    data = made(tmp_path, text=never, rows=ROWS, start="2018-01", end="2018-03")
    assert [d["log_evidence"] is None for d in data["dates"]] == [False, True, True]
    assert set(forecasts(data, "storms", "2018-12-31")) == {"2018-01-01"}
    assert "any probability" in data["dates"][1]["why"]


def test_what_cannot_be_hindcast_is_refused(tmp_path: Path) -> None:
    plain = scenario(tmp_path, text=CALM.split("hindcast:", maxsplit=1)[0])
    with pytest.raises(ScenarioError) as caught:
        winset.hindcast(plain)
    assert caught.value.diagnostics[0].code == "C497"
    known = scenario(tmp_path, text=CALM)
    for given in ({"start": "2031-01"}, {"start": "soon"}, {"start": "2019-05", "end": "2018-05"}):
        with pytest.raises(ScenarioError) as caught:
            winset.hindcast(known, **given)  # type: ignore[arg-type]
        assert caught.value.diagnostics[0].code == "C498"
    (tmp_path / "bad.csv").write_text("question_id,time_utc\nQ1,2018-01-01\n", encoding="utf-8")
    for name in ("bad.csv", "none.csv"):
        with pytest.raises(ScenarioError) as caught:
            winset.hindcast(known, public=tmp_path / name)
        assert caught.value.diagnostics[0].code == "C499"
    for wrong in ({"draws": 0}, {"every": 0}):
        with pytest.raises(WinsetError, match="at least 1"):
            winset.hindcast(known, **wrong)  # type: ignore[arg-type]


def test_the_report_fits_a_terminal_and_says_what_was_wrong_first(calm: dict[str, Any]) -> None:
    text = lines(calm)
    assert all(len(line) <= 80 for line in text)
    body = "\n".join(text)
    assert body.index("What it got wrong") < body.index("Scores") < body.index("Against others")
    assert calm["misses"][0]["event"] in text[5]
    assert f"{calm['scores']['brier']:.3f}" in body
    assert json.loads(json.dumps(calm, allow_nan=False)) == calm


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario(tmp_path, text=CALM)
    words = ["hindcast", str(tmp_path / "talks.yaml"), "--to", "2018-03", "--store", str(tmp_path / "store")]
    assert main([*words, "--every", "2", "--workers", "1", "--json", str(tmp_path / "out.json")]) == 0
    out = capsys.readouterr().out
    assert "Border talks: hindcast, 2018-01-01 to 2018-03-01" in out
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert data["stamp"]["end"] == "2018-03-01" and data["winset"] == 1
    assert [d["label"] for d in data["dates"]] == ["2018-01", "2018-03"]
    assert main([*words[:2], "--from", "2031-01"]) == 2
    assert "C498" in capsys.readouterr().err


def test_an_event_that_the_game_cannot_come_to_is_told(tmp_path: Path) -> None:
    text = CALM.replace("ask: P(deal), by", "ask: P(deal and not deal), by")
    found = made(tmp_path, text=text, draws=4, start="2018-01", end="2018-03")
    assert any("deal has no chance at all at any date" in w for w in found["warnings"])
    assert not any("storms has no chance" in w for w in found["warnings"])
    told = " ".join(lines(found, 80))
    assert "at the scenario's values" in told  # nothing is uncertain
    drawn = made(tmp_path, text=SHORT, draws=1, start="2018-01", end="2018-02")
    assert "over 1 draw of the parameters" in " ".join(" ".join(lines(drawn, 80)).split())
