"""A small scenario with a record, whose sightings can be worked out on paper."""

from __future__ import annotations

from pathlib import Path

import winset

TEXT = """\
winset: 1
scenario: Talks with a record
sources: {CNS: a database, GEN: memory}
clock: {from: 2019-10, to: 2020-03, round: month, dates: {vote: 2020-01-15}}
parameters:
  blind: {value: 0.2, range: [0.1, 0.3]}
players:
  north: {types: {trader: 0.5, staller: 0.5}}
  south: {}
state:
  deal: {start: false}
round:
  - move: programme
    by: north
    actions: {hold: {}, drop: {}, short: {}, long: {}, nuclear: {}, offer: {for: {share: [0.2, 0.5]}}}
  - move: reply
    by: south
    actions:
      stand: {}
      exercise: {}
      agree:
        chance:
          signed: {probability: 0.5, then: {deal: true}}
          failed: {probability: rest}
  - move: clash
    by: [north, south]
    actions: {north: {wait: {}, push: {}}, south: {wait: {}, push: {}}}
  - move: comply
    by: north
    actions: {keep: {}, cheat: {}}
    signals: {caught: {probability: if north plays cheat then 0.5 else 0.1}, unseen: {probability: rest}}
  - move: home
    by: chance
    outcomes: {vote_held: {probability: 0.2}, quiet: {probability: rest}}
payoffs: {each round: {north: if deal then 1 else 0}}
tables:
  events:
    file: data/events.csv
    date: day
    shows: what
    source column: key
    unchecked: {GEN: from memory}
observed:
  programme:
    acts:
      nuclear: events where kind = nuclear
      long: events where kind = launch and range_km >= 3000
      short: [events where kind = launch and range_km < 3000, events where kind = rocket]
    silence: hold
    missed: {short: blind}
    mistaken: 0.02
  reply:
    acts:
      failed: events where kind = summit
      exercise: events where kind = exercise
    known after: 7
  clash:
    acts: {north plays push: events where kind = shots, south plays push: events where kind = shots}
  trust unchecked: 0.9
record:
  - {date: 2019-10-20, player: north, action: drop, source: CNS}
  - {date: 2020-02-10, player: chance, action: vote_held, source: CNS}
questions: {deal: P(deal by 2020-03)}
"""
ROWS = """\
day,kind,range_km,what,key
2018-05-01,launch,300,an early launch,CNS
2019-10-02,launch,450,first launch,CNS
2019-10-28,exercise,,autumn exercise,CNS
2019-11-03,launch,5000,long launch,CNS
2019-11-20,rocket,,a rocket,CNS
2019-12-05,summit,,a summit,CNS
2019-12-06,exercise,,winter exercise,CNS
2019-12-24,letter,,a letter,CNS
2020-01-10,nuclear,,a rumoured test,GEN
2020-01-12,launch,400,third launch,CNS
,launch,100,undated launch,CNS
2020-02-02,shots,,shots at the border,CNS
2021-01-01,launch,100,a late launch,CNS
"""


def talks(folder: Path, rows: str = ROWS, *changes: tuple[str, str]) -> winset.Scenario:
    """The scenario in a folder, with these rows and with pieces of its text replaced."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "events.csv").write_text(rows, encoding="utf-8")
    (folder / "talks.yaml").write_text(text, encoding="utf-8")
    return winset.read(folder / "talks.yaml")
