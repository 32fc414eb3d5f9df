"""The section `hindcast`: what is read, and what is refused with its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from winset.language.format import format_text
from winset.language.reading import check
from winset.language.rows import show_selected

TEXT = """winset: 1
scenario: Talks
clock: {from: 2019-10, to: 2020-12, round: month}
players: {a: {}}
state: {work: {range: [0, 3], start: 0}}
round:
  - {move: talk, by: a, actions: {wait: {}, go: {then: {work: up 1}, pays: {a: 0.1}}}}
payoffs: {at the end: {a: work}}
tables:
  diary: {file: diary.csv, date: day}
  list: {file: diary.csv}
hindcast:
  gone: {ask: P(a plays go), by: [2020-06, 2019-12-31], happened: diary where what = go}
  done:
    ask: P(a plays wait)
    by: 2020
    happened: [diary where what = go and day > 2019-11, diary where what = end]
    again: true
    covered from: 2018
    covered to: 2020-11
    public: {Q1: 2020-02}
    public against: {Q2: 2020-03-04}
    note: a remark
"""


def examined(folder: Path, text: str) -> tuple[object, list[tuple[str, int]]]:
    (folder / "diary.csv").write_text("day,what\n2019-10-02,go\n2020-11-30,end\n", encoding="utf-8")
    path = folder / "talks.yaml"
    path.write_text(text, encoding="utf-8")
    scenario, found = check(path)
    return scenario, [(d.code, d.where.line) for d in found]


def test_what_is_read(tmp_path: Path) -> None:
    scenario, found = examined(tmp_path, TEXT)
    assert found == []
    gone, done = scenario.hindcast  # type: ignore[attr-defined]
    assert gone.by == (dt.date(2019, 12, 31), dt.date(2020, 6, 30)) and not gone.again  # in order; a month's last day
    assert (gone.covered_from, gone.covered_to, gone.public) == (None, None, ())
    assert done.by == (dt.date(2020, 12, 31),) and done.again and done.note == "a remark"
    assert (done.covered_from, done.covered_to) == (dt.date(2018, 1, 1), dt.date(2020, 11, 30))
    assert [show_selected(r) for r in done.happened] == [
        "diary where what = go and day > 2019-11", "diary where what = end",
    ]  # fmt: skip
    assert [(q.question, q.deadline, q.opposite) for q in done.public] == [
        ("Q1", dt.date(2020, 2, 29), False), ("Q2", dt.date(2020, 3, 4), True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("by: [2020-06, 2019-12-31]", "by: []", "S308", 13),
        ("by: [2020-06, 2019-12-31]", "by: [2020-13]", "T701", 13),
        ("by: [2020-06, 2019-12-31], ", "", "S302", 13),
        ("happened: diary where what = go}", 'happened: ""}', "S204", 13),
        ("happened: diary where what = go}", "happened: diry}", "C431", 13),
        ("happened: diary where what = go}", "happened: diary where wat = go}", "C432", 13),
        ("happened: diary where what = go}", "happened: list where what = go}", "C435", 13),
        ("happened: diary where what = go}", "happened: diary where what go}", "S203", 13),
        ("ask: P(a plays go)", "ask: P(a plays gone)", "N107", 13),
        ("ask: P(a plays go)", "ask: P(a plays go given work = 1)", "C442", 13),
        ("again: true", "again: perhaps", "S304", 18),
        ("ask: P(a plays wait)", "ask: P(work = 3)", "C445", 14),
        ("public: {Q1: 2020-02}", "public: {Q1: soon}", "T701", 21),
    ],
)
def test_a_slip_has_its_place(old: str, new: str, code: str, line: int, tmp_path: Path) -> None:
    assert old in TEXT
    _, found = examined(tmp_path, TEXT.replace(old, new, 1))
    assert (code, line) in found, found


def test_the_canonical_text_keeps_it(tmp_path: Path) -> None:
    text = format_text(TEXT)
    assert format_text(text) == text
    assert examined(tmp_path, text)[0] == examined(tmp_path, TEXT)[0]
