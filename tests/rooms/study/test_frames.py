"""Results as data frames and data sets: one row an observation, the same numbers, dates as time stamps."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pytest

import winset
from winset.language.scenario import Scenario

pd = pytest.importorskip("pandas")
xr = pytest.importorskip("xarray")


def talks(**clock: Any) -> Scenario:
    return winset.build(
        scenario="Talks",
        clock=clock,
        parameters={"offer": {"value": 0.4, "range": [0.2, 0.6], "unit": "of the whole", "note": "x"}},
        players={"north": {"types": {"keen": 0.5, "idle": 0.5}}, "south": {}},
        state={"trust": {"range": [0, 3], "start": 0}, "deal": {"start": False}},
        round=[
            {"move": "visit", "by": "north", "actions": {
                "come": {"pays": {"north": "if north is keen then 0.1 else -0.1"}, "then": {"trust": "up 1"}},
                "wait": {},
            }},
            {"move": "reply", "by": "south", "if": "trust >= 1", "actions": {
                "sign": {"pays": {"north": "1 - offer", "south": "offer"}, "then": {"deal": True}}, "refuse": {},
            }},
        ],
        ends_when="deal",
        questions={"deal": "P(deal)", "trust": "E(trust at 2)"},
        claims={"c": {"quote": "They will.", "by": "x", "kind": "forecast", "holds if": "P(deal) > 0.5"}},
    )  # fmt: skip


@pytest.fixture(scope="module")
def dated() -> tuple[Scenario, Any]:
    scenario = talks(**{"from": "2024-01", "to": "2024-03", "round": "month"})
    return scenario, winset.brief(scenario, cache=False)


def test_curves_have_a_row_for_every_date(dated: tuple[Scenario, Any]) -> None:
    forecast = dated[1]["forecast"]
    frame = winset.to_pandas(forecast)
    assert list(frame.index.names) == ["date", "question", "variant"]
    assert frame.attrs == {"table": "curves", "unit": {"probability": "probability"}}
    assert list(frame.index.get_level_values("date")) == [pd.Timestamp(2024, month, 1) for month in (1, 2, 3)]
    assert list(frame["probability"]) == forecast["curves"][0]["probability"]
    assert frame["probability"].iloc[-1] == pytest.approx(dated[1]["questions"][0]["value"], abs=1e-9)


def test_variables_and_actions_add_up(dated: tuple[Scenario, Any]) -> None:
    forecast = dated[1]["forecast"]
    states = winset.to_pandas(forecast, table="variables")
    assert states.groupby(level=["date", "variable"])["probability"].sum().to_numpy() == pytest.approx(np.ones(6))
    means = winset.to_pandas(forecast, table="means")
    counted = states.loc[(slice(None), "trust"), "probability"]
    weights = np.array([float(value) for value in counted.index.get_level_values("value")])
    by_hand = (counted * weights).groupby(level="date").sum()
    assert list(means["mean"]) == pytest.approx(list(by_hand))
    actions = winset.to_pandas(forecast, table="actions")
    first = actions.xs("visit", level="move").groupby(level="date")["probability"].sum()
    assert first.iloc[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("clock", "first"),
    [
        ({"from": "2024-01-01", "to": "2024-01-03", "round": "day"}, "2024-01-01"),
        ({"from": "2024-04", "to": "2024-12", "round": "quarter"}, "2024-04-01"),
        ({"from": "2024", "to": "2026", "round": "year"}, "2024-01-01"),
    ],
)
def test_rounds_of_every_length_become_time_stamps(clock: dict[str, str], first: str) -> None:
    frame = winset.to_pandas(winset.forecast(talks(**clock), grid=1))
    dates = frame.index.get_level_values("date")
    assert dates[0] == pd.Timestamp(first)
    assert len(set(dates)) == 3


def test_rounds_without_a_calendar_are_numbers() -> None:
    frame = winset.to_pandas(winset.forecast(talks(rounds=2), grid=1))
    assert list(frame.index.names) == ["round", "question", "variant"]
    assert list(frame.index.get_level_values("round")) == [1, 2]


def test_a_brief_read_back_from_json_is_as_good(dated: tuple[Scenario, Any]) -> None:
    again = json.loads(json.dumps(dated[1]))
    for table in ("questions", "claims", "beliefs", "strategies", "assumptions", "curves", "variables", "actions"):
        frame = winset.to_pandas(again, table=table)
        pd.testing.assert_frame_equal(frame, winset.to_pandas(dated[1], table=table))
        assert len(frame)
        assert frame.index.is_unique
        assert set(frame.attrs["unit"]) <= set(frame.columns)
    assert winset.to_pandas(again).loc["deal", "value"] == dated[1]["questions"][0]["value"]
    assert winset.to_pandas(again, table="claims").loc["c", "verdict"] == dated[1]["claims"][0]["verdict"]


def test_a_solution_cell_by_cell(dated: tuple[Scenario, Any]) -> None:
    solution = winset.solve(winset.compile_game(dated[0]), grid=None)
    frame = winset.to_pandas(solution)
    assert frame.index.is_unique
    choices = frame["probability"].unstack("action").sum(axis=1)
    assert len(choices) > 100
    assert choices.to_numpy() == pytest.approx(np.ones(len(choices)))
    data = winset.to_xarray(solution, round=1, move="visit")
    belief = int(np.argmin(abs(data["probability"].sel(row="north is keen").values - 0.5)))
    cell = data["strategy_north"].isel(belief=belief).sel(state="trust = 0.0, deal = False", type="keen", action="come")
    asked = winset.ask(dated[0], "strategy(north plays come if keen)", certificate=False, cache=False)
    assert float(cell) == pytest.approx(asked.value, abs=1e-6)
    assert data["strategy_north"].attrs["units"] == "probability"
    values = winset.ask(dated[0], "value(north is idle)", certificate=False, cache=False).value
    value = data["value"].isel(belief=belief).sel(state="trust = 0.0, deal = False", row="north is idle")
    assert float(value) == pytest.approx(values, abs=1e-6)


def test_a_forecast_as_a_data_set(dated: tuple[Scenario, Any]) -> None:
    data = winset.to_xarray(dated[1], table="actions")
    assert set(data.dims) == {"date", "move", "by", "action"}
    assert data["probability"].attrs["units"] == "probability"
    frame = winset.to_pandas(dated[1], table="actions")
    assert float(data["probability"].sel(date="2024-02-01", move="visit", by="north", action="come")) == pytest.approx(
        frame.loc[(pd.Timestamp(2024, 2, 1), "visit", "north", "come"), "probability"]
    )


def test_answers_certificates_and_scenarios(dated: tuple[Scenario, Any]) -> None:
    answer = winset.ask(dated[0], "P(deal) > 0.5 * E(trust at 2)", certificate=False, cache=False)
    frame = winset.to_pandas(answer)
    assert len(frame) == 1 + len(answer.parts)
    certificate = winset.certify(winset.solve(winset.compile_game(dated[0])))
    figures = winset.to_pandas(certificate)
    assert figures.loc["stage_residual", "value"] == certificate.stage_residual.value
    assert len(winset.to_pandas(certificate, table="gains")) == 4
    assert winset.to_pandas(dated[0]).loc["offer", "high"] == 0.6


def test_what_is_not_there_is_said_with_the_fix(dated: tuple[Scenario, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(winset.WinsetError, match=r"no table `curve`\n.*Name one of curves, variables"):
        winset.to_pandas(dated[1]["forecast"], table="curve")
    with pytest.raises(winset.WinsetError, match="an int has no tables"):
        winset.to_pandas(3)
    with pytest.raises(winset.WinsetError, match="Give a Brief, a Forecast or a Solution"):
        winset.to_xarray(dated[0])
    solution = winset.solve(winset.compile_game(dated[0]))
    with pytest.raises(winset.WinsetError, match=r"no move `viist` in round 1\n.*visit, reply"):
        winset.to_xarray(solution, move="viist")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(winset.WinsetError, match=r'pandas is not installed\n.*\n.*pip install "winset\[frames\]"'):
        winset.to_pandas(dated[1])


def test_winset_itself_loads_neither() -> None:
    import subprocess

    program = (
        "import sys, winset\nwinset.forecast(winset.read('centipede'))\n"
        "from winset.study import frames\nprint([m for m in ('pandas', 'xarray') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
