"""What a beginner writes by mistake: one problem each, and a fix that says what to write instead."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from winset.language.reader import nearest
from winset.language.reading import check

TEXT = """\
winset: 1
scenario: An ultimatum
clock: {from: 2019-10, to: 2020-03, round: month, dates: {deadline: 2019-12-31}}
parameters:
  odds: 0.6
players:
  a: {}
  b: {types: {tough: 0.3, weak: 0.7}}
state:
  offered: {range: [0.04, 0.99], by: 0.05, start: 0.04}
  end: {values: [open, deal, war], start: open}
ends when: end != open or now > deadline
round:
  - move: offer
    by: a
    actions:
      demand: {for: {share: 0.04 to 0.99 by 0.05}, then: {offered: share}}
  - move: answer
    by: b
    actions:
      accept: {pays: {a: offered, b: 1 - offered}, then: {end: deal}}
      fight: {pays: {a: odds - 0.2, b: 0.9 - odds - (if b is tough then 0.1 else 0.3)}, then: {end: war}}
variants:
  even: {parameters: {odds: 0.5}}
questions:
  loss: P(end = war by deadline)
claims:
  risk: {quote: war is a risk, by: X, kind: result, holds if: P(end = war) > 0.1}
"""


def test_the_scenario_is_sound() -> None:
    assert check(TEXT)[1] == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("b: 1 - offered", "b: 1 - share", "N108", "`demand: {then: {kept: share}}`"),
        ("if b is tough", "if tough", "N102", "Write `b is tough`."),
        ("holds if: P(end = war) > 0.1", "holds if: loss > 0.1", "N102", "Write its formula: `P(end = war by deadline)`."),
        ("{types: {tough: 0.3, weak: 0.7}}", "{types: [tough, weak]}", "S301", "`{tough: 0.5, weak: 0.5}`"),
        ("0.04 to 0.99 by", "0.04 to 1 by", "U312", "End at 0.99 or 1.04"),
        ("0.04 to 0.99 by", "0.06 to 0.96 by", "U325", "Let its `range` and `by` step on this value."),
        ("start: 0.04", "start: 0", "U316", "which is 0.04, 0.09, …, 0.99"),
        ("then: {end: deal}", "then: {end = deal}", "N109", "Write `{end: deal}`."),
        ("then: {end: deal}", "then: end = deal", "S301", "Write `{end: deal}`."),
        ("{parameters: {odds: 0.5}}", "{odds: 0.5}", "N101", "Write `parameters: {odds: …}`."),
        ("{parameters: {odds: 0.5}}", "{end: war}", "N101", "Write `start: {end: …}`."),
        ("kind: result, ", "", "S302", "Add `kind: fact` (or cause, belief, forecast, result)."),
        ("{quote: war is a risk, by: X, kind: result, holds if: P(end = war) > 0.1}", "P(end = war) > 0.1", "S301",
         "`risk: {quote: …, by: …, kind: result, holds if: …}`"),
        ("P(end = war) > 0.1", "P(end = war) = 0.1", "C417", "within 0.001"),
        ("2019-12-31", "2019-11-31", "T701", "the calendar has none such"),
        ("2019-12-31", "soon", "T701", "Write 2019-10 or 2019-10-02."),
        ("round: month", "round: monthly", "S305", "Write `month`."),
        ("{from: 2019-10, to: 2020-03, round: month, dates", "{rounds: 6, dates", "T702", "Add `from`."),
    ],
)  # fmt: skip
def test_one_slip_is_one_problem_with_a_fix(old: str, new: str, code: str, said: str) -> None:
    assert TEXT.count(old) == 1
    _, found = check(TEXT.replace(old, new))
    assert [d.code for d in found] == [code]
    assert said in found[0].message + " " + found[0].fix


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("clock: {from: 2019-10, to: 2020-03, round: month, dates: {deadline: 2019-12-31}}\n", "", "`clock: {rounds: 4}`"),
        ("clock: {from: 2019-10, to: 2020-03, round: month, dates: {deadline: 2019-12-31}}", "clock: 6", "`clock: {rounds: 4}`"),
        ("dates: {deadline: 2019-12-31}", "deadline: 2019-12-31", "Write `dates: {deadline: 2019-12-31}`."),
        ("    by: a\n    actions:\n", "    by: [a, b]\n    actions:\n", "`a: {demand: …}`"),
    ],
)  # fmt: skip
def test_the_first_of_several_problems_says_what_to_write(old: str, new: str, said: str) -> None:
    _, found = check(TEXT.replace(old, new))
    assert any(said in d.fix for d in found)


def test_no_type_is_named_only() -> None:
    _, found = check(TEXT.replace("b: {types: {tough: 0.3, weak: 0.7}}", "b: {}"))
    assert {d.code for d in found} == {"N106"}
    assert "has no types" in found[0].message
    assert "types: {tough: 0.5" in found[0].fix


@pytest.mark.parametrize(
    ("section", "codes"),
    [("players: [a, b]", ["S301"]), ("players:\n  - a", ["S301"]), ("", ["S302"])],
    ids=["list", "items", "nothing"],
)
def test_a_section_of_the_wrong_kind_is_one_problem(section: str, codes: list[str]) -> None:
    text = f"winset: 1\nscenario: Talks\nclock: {{rounds: 1}}\n{section}\nround: []\n"
    assert [d.code for d in check(text)[1]] == codes


def test_a_colon_in_a_text_wants_quotes() -> None:
    _, found = check("winset: 1\nscenario: talks: the sequel\n")
    assert [d.code for d in found] == ["S102"]
    assert "into quotes" in found[0].fix


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("start: open}", "}", "Add `start: open`."),
        ("by: 0.05, start: 0.04}", "by: 0.05}", "Add `start: 0.04`."),
        ("{tough: 0.3, weak: 0.7}", "{tough: 3 * odds, weak: rest}", "Change the value of `odds`"),
        ("P(end = war by deadline)", "P(b plays quarrel)", "Name one of its actions: accept, fight."),
        ("P(end = war by deadline)", "strategy(b plays quarrel)", "keep it and write `if: false`"),
        ("variants:\n", "record: [{date: 2019-10-02, player: b, action: quarrel}]\nvariants:\n", "actions: accept, fight."),
        ("{parameters: {odds: 0.5}}", "{without: [quarrel]}", "Name one of accept, demand, fight, or leave it out."),
        ("variants:\n", "mechanisms: {M1: {carried by: [talk]}}\nvariants:\n", "Take `talk` out of `carried by`, or declare it."),
    ],
)  # fmt: skip
def test_a_fix_says_what_to_write(old: str, new: str, said: str) -> None:
    text = TEXT.replace("state:\n", "state:\n  tail: {start: false}\n")
    assert old in text
    found = check(text.replace(old, new, 1))[1]
    assert any(said in d.fix for d in found), [d.fix for d in found]


def test_a_prior_that_cannot_be_names_the_parameter() -> None:
    found = check(TEXT.replace("{tough: 0.3, weak: 0.7}", "{tough: 3 * odds, weak: rest}"))[1]
    assert [(d.code, d.message) for d in found] == [
        ("P402", "the prior of `b`: `weak` has probability -0.8, as `odds` is 0.6")
    ]


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("talk", ["tail", "walking"], ""),
        ("talk", ["talks", "tail"], "talks"),
        ("dela", ["deal"], "deal"),
        ("deel", ["deal"], "deal"),
        ("cost", ["own_costs"], ""),
        ("Deal", ["deal"], "deal"),
        ("month", ["monthly"], "monthly"),
        ("talk", ["talk_cost"], ""),
        ("staler", ["staller"], "staller"),
        ("resolution", ["resolute"], "resolute"),
    ],
)
def test_only_close_names_are_suggested(name: str, known: list[str], near: str) -> None:
    assert nearest(name, known) == near
