"""Talks at a border: types that act otherwise, a record with noise, variants that compete to explain it."""

from __future__ import annotations

from pathlib import Path

import winset

TEXT = """\
winset: 1
scenario: Talks at the border
clock: {from: 2019-10, to: 2020-03, round: month}
solution: {precision: 2, grid: 9}
parameters:
  pride: {value: 1, range: [0, 2]}
  reward: 1
players:
  north: {types: {trader: 0.4, staller: 0.6}}
  south: {types: {dealer: 0.5, hawk: 0.5}}
state:
  ground: {range: [0, 1], start: 0}
  deal: {start: false}
ends when: deal
round:
  - move: programme
    by: north
    actions:
      hold: {}
      talk: {then: {ground: 1}, pays: {north: if north is trader then reward else 0 - reward}}
      test: {then: {ground: 0}, pays: {north: if north is staller then pride else 0 - pride}}
  - move: reply
    by: south
    if: ground = 1
    actions:
      stand: {pays: {south: if south is hawk then 1 else 0}}
      agree:
        chance:
          signed: {probability: 0.3, then: {deal: true}}
          failed: {probability: rest}
payoffs: {at the end: {north: if deal then 1 else 0, south: if deal then 1 else 0}}
tables:
  events: {file: events.csv, date: day, shows: what}
observed:
  programme:
    acts: {test: events where kind = test, talk: events where kind = talk}
    silence: hold
    missed: 0.1
    mistaken: 0.02
  reply:
    acts: {failed: events where kind = breakdown, agree: events where kind = summit}
    silence: stand
variants:
  proud: {parameters: {pride: 3}}
  modest: {parameters: {pride: 0}}
  a_little: {parameters: {pride: 1.02}}
hypotheses:
  why_it_tests:
    as_it_is: base
    pride: {in: proud, prior: 2}
    nothing_to_gain: modest
    a_little_more: a_little
  who_north_is: {types of: north}
questions:
  deal: {ask: P(deal by 2020-03), headline: true}
  ground: {ask: E(ground at 2019-12), headline: true}
  pride: {ask: P(deal by 2020-03) in proud - P(deal by 2020-03), headline: true}
  afterwards: {ask: P(deal by 2020-03) after (north plays test), headline: true}
  likely: {ask: P(deal by 2020-03) > 0.5, headline: true}
"""
ROWS = """\
day,kind,what
2019-10-05,talk,talks in the capital
2019-10-20,breakdown,no result
2019-11-11,test,a launch
2020-01-03,test,a second launch
2020-02-02,talk,talks again
2020-02-20,summit,the leaders meet
"""


def border(folder: Path, rows: str = ROWS) -> winset.Scenario:
    """The scenario in a folder, with these rows."""
    (folder / "events.csv").write_text(rows, encoding="utf-8")
    (folder / "border.yaml").write_text(TEXT, encoding="utf-8")
    return winset.read(folder / "border.yaml")
