"""A record followed, draws and a hindcast as data frames: the same numbers, and sums that have to come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import winset
from rooms.study.hindcast_samples import TALKS, scenario
from winset.base.errors import WinsetError

pd = pytest.importorskip("pandas")

TEXT = (
    TALKS
    + """
variants:
  stormy: {parameters: {storm_rate: 0.4}}
hypotheses:
  weather: {as_written: base, stormy: stormy}
questions:
  deal: {ask: P(deal by 2019-12), headline: true}
claims:
  few_storms: {quote: "storms are rare", by: x, kind: forecast, holds if: P(chance plays storm at 2018-01) < 0.21}
"""
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("frames")
    given = scenario(folder, text=TEXT)
    return {
        "followed": winset.follow(given),
        "robust": winset.robust(given, draws=16, checks=0, on="here", store=folder / "store"),
        "hindcast": winset.hindcast(given, start="2018-01", end="2018-06", on="here", store=folder / "store"),
    }


def test_the_steps_of_a_record_have_dates_and_bits(found: dict[str, Any]) -> None:
    frame = winset.to_pandas(found["followed"])
    assert len(frame) == len(found["followed"].entries)
    assert frame["date"].dtype.kind == "M"
    assert set(frame["kind"]) == {"event", "silence"}
    assert frame["bits"].sum() == pytest.approx(found["followed"].misfit.surprise, rel=1e-9)
    assert frame.attrs["unit"]["bits"] == "bit"


def test_the_beliefs_of_a_player_sum_to_one(found: dict[str, Any]) -> None:
    frame = winset.to_pandas(found["followed"], table="beliefs")
    assert frame.groupby(level="number")["after"].sum().to_numpy() == pytest.approx(1.0)
    ends = winset.to_pandas(found["followed"], table="parts").groupby(level="of")["added"].sum()
    for fall in (*found["followed"].types, *found["followed"].questions):
        assert ends[fall.name] == pytest.approx(fall.end - fall.start, abs=1e-9)


def test_the_matrix_and_the_claims_are_the_results_own(found: dict[str, Any]) -> None:
    matrix = found["followed"].matrices[0]
    frame = winset.to_pandas(found["followed"], table="matrix")
    assert len(frame) == len(matrix.rows) * len(matrix.hypotheses)
    row = matrix.rows[0]
    assert frame.loc[(matrix.name, row.step, "stormy"), "ratio"] == row.cells[1].ratio
    assert winset.to_pandas(found["followed"], table="claims").loc["few_storms", "verdict"] == "fails"
    assert "deal" in winset.to_pandas(found["followed"], table="forecasts").index.get_level_values("question")


def test_shares_and_quantiles_are_those_of_the_draws(found: dict[str, Any]) -> None:
    drawn = winset.to_pandas(found["robust"], table="draws")
    assert len(drawn) == 16
    shares = winset.to_pandas(found["robust"], table="claims")["share"]
    assert (drawn["storm_rate"] < 0.21).mean() == shares["few_storms"]
    asked = winset.to_pandas(found["robust"])
    assert asked.loc["deal", "mean"] == pytest.approx(drawn["deal"].mean())
    assert asked.loc["deal", "q50"] == pytest.approx(drawn["deal"].median(), abs=1e-9)
    assert winset.to_pandas(found["robust"], table="influences").loc[("few_storms", "storm_rate"), "total"] > 0.5
    turn = winset.to_pandas(found["robust"], table="boundaries").loc[("few_storms", "storm_rate")]
    assert turn["at"] == pytest.approx(0.21, abs=1e-4)


def test_a_hindcast_has_its_forecasts_with_their_scores(found: dict[str, Any]) -> None:
    for given in (found["hindcast"], json.loads(json.dumps(found["hindcast"]))):
        frame = winset.to_pandas(given)
        scored = frame.dropna(subset=["brier"])
        assert scored["brier"].mean() == pytest.approx(given["scores"]["brier"])
        assert ((scored["probability"] - scored["happened"].astype(float)) ** 2).to_numpy() == pytest.approx(
            scored["brier"].to_numpy()
        )
        assert len(winset.to_pandas(given, table="dates")) == len(given["dates"])
        assert "value" in winset.to_pandas(given, table="references").columns


def test_a_table_that_is_not_there_is_told(found: dict[str, Any], tmp_path: Path) -> None:
    for name, known in (("followed", "steps"), ("robust", "influences"), ("hindcast", "references")):
        with pytest.raises(WinsetError, match=known):
            winset.to_pandas(found[name], table="none")
