"""A scenario whose every hindcast is a closed form: payoffs do not depend on what others do or on what came before."""

from __future__ import annotations

import math
from pathlib import Path

import winset
from winset.language.scenario import Scenario

TALKS = """
winset: 1
scenario: Border talks
clock: {from: 2018-01, to: 2019-12, round: month}
solution: {precision: 4, grid: 7}
parameters:
  zeal: 0.3
  storm_rate: {value: 0.15, range: [0.02, 0.4]}
  signing: 0.05
players:
  north: {types: {trader: 0.6, staller: 0.4}, discount: 0.9}
state:
  deal: {start: false}
round:
  - move: approach
    by: north
    actions:
      wait: {}
      talk: {pays: {north: if north is trader then zeal else -zeal}}
  - move: weather
    by: chance
    outcomes: {storm: {probability: storm_rate}, calm: {probability: rest}}
  - move: table
    by: chance
    if: not deal
    outcomes: {signed: {probability: signing, then: {deal: true}}, open: {probability: rest}}
tables:
  diary: {file: diary.csv, date: day, source column: key, unchecked: {MEM: from memory}}
observed:
  approach: {acts: {talk: diary where what = talk}, silence: wait}
  weather: {acts: {storm: diary where what = storm}, silence: calm}
  table: {acts: {signed: diary where what = signed}, silence: open}
hindcast:
  talks: {ask: P(north plays talk), again: true, by: [2018-06-30, 2019-01-10], happened: diary where what = talk}
  storms:
    ask: P(chance plays storm)
    again: true
    by: [2018-12, 2019-06]
    happened: diary where what = storm
    public: {Q1: 2018-09-30}
    public against: {Q2: 2018-12-31}
  deal: {ask: P(deal), by: [2018-12-31, 2019-12-31], happened: diary where what = signed}
"""
ROWS = """
2017-01-05,storm,SRC
2018-01-18,talk,SRC
2018-01-20,storm,SRC
2018-02-20,talk,SRC
2018-04-07,talk,SRC
2018-05-21,storm,MEM
2018-06-25,talk,SRC
2018-08-30,storm,SRC
2018-11-22,signed,SRC
2019-02-01,talk,SRC
2019-05-05,storm,SRC
2019-12-31,end,SRC
"""


def scenario(folder: Path, *, text: str = TALKS, rows: str = ROWS) -> Scenario:
    """The scenario, read from a file beside its diary."""
    (folder / "diary.csv").write_text("day,what,key\n" + rows.strip() + "\n", encoding="utf-8")
    (folder / "talks.yaml").write_text(text.lstrip(), encoding="utf-8")
    return winset.read(folder / "talks.yaml")


def happened(rows: str, what: str, until: str) -> list[bool]:
    """Whether each month of 2018 and 2019 before a day has such a row."""
    months = [f"{year}-{month:02d}" for year in (2018, 2019) for month in range(1, 13)]
    days = {line.split(",")[0][:7] for line in rows.split() if line.split(",")[1] == what}
    return [m in days for m in months if f"{m}-01" < until]


def talks_chance(had: list[bool], months: float, *, zeal: float = 0.3, precision: float = 4.0) -> tuple[float, float]:
    """P(a talk within so many months), and the belief that north is a trader, after months with and without talks."""
    trader = 1 / (1 + math.exp(-precision * zeal))
    weights = []
    for prior, talk in ((0.6, trader), (0.4, 1 - trader)):
        for one in had:
            prior *= talk if one else 1 - talk
        weights.append(prior)
    belief = weights[0] / sum(weights)
    whole, part = int(months), months - int(months)

    def within(n: int) -> float:
        return 1 - belief * (1 - trader) ** n - (1 - belief) * trader**n

    return within(whole) + part * (within(whole + 1) - within(whole)), belief


def storm_posterior(had: list[bool], low: float = 0.02, high: float = 0.4) -> tuple[list[float], list[float]]:
    """Values of the storm rate and their posterior weights, by numerical integration."""
    count = 4000
    grid = [low + (i + 0.5) / count * (high - low) for i in range(count)]
    logs = [sum(had) * math.log(x) + (len(had) - sum(had)) * math.log1p(-x) for x in grid]
    weights = [math.exp(v - max(logs)) for v in logs]
    return grid, [w / sum(weights) for w in weights]
