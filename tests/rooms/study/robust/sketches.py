"""Small scenarios with closed forms."""

from winset.language.reading import read_text

LUCK = """
winset: 1
scenario: A coin of three causes
clock: {rounds: 1}
parameters:
  a: {value: 0.1, range: [0, 0.5]}
  b: {value: 0.1, range: [0, 0.3]}
  c: {value: 0.1, range: [0, 1]}
  d: {value: 0.5, range: [0, 1], note: "read by nothing that is asked, except in a variant"}
players:
  me: {}
state:
  won: {values: [no, yes], start: no}
round:
  - move: idle
    by: me
    actions: {wait: {}}
  - move: luck
    by: chance
    outcomes:
      win: {probability: a + b + 0.1 * c + 0 * d, then: {won: yes}}
      lose: {probability: rest}
variants:
  no_a: {parameters: {a: 0}}
questions:
  win: {ask: P(won = yes), headline: true}
  lost: P(won = yes) - P(won = yes) in no_a
claims:
  likely: {quote: "it is likely", by: me, kind: forecast, holds if: P(won = yes) > 0.5}
  a_matters: {quote: "a matters", by: me, kind: cause, holds if: P(won = yes) > P(won = yes) in no_a}
  told: {quote: "nobody knows", by: me, kind: forecast, reason: "no formula"}
"""


def luck(**changes):
    """The sketch with pieces of its text replaced."""
    text = LUCK
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return read_text(text)
