"""Gambit's files: read exactly, written the same way every time, and every mistake told with its place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from oracles.trees import CARD, card, random_tree
from winset.base.errors import ScenarioError
from winset.tree.build import build, chance, move, pays
from winset.tree.efg_read import parse_efg
from winset.tree.efg_write import efg_text
from winset.tree.files import read_game, write_game
from winset.tree.nfg import nfg_text, parse_nfg
from winset.tree.numbers import exact_odds, number_text, odds_text, parse_number
from winset.tree.tree import NormalForm, Tree

PAYOFFS = """NFG 1 R "Selten 1975, figure 2" { "Player 1" "Player 2" } { 3 2 }
1 1 0 2 0 2 1 1 0 3 2 0 """
OUTCOMES = """NFG 1 D "the same" { "Player 1" "Player 2" }
{ { "1" "2" "3" } { "1" "2" } }
"a comment"
{ { "" 1, 1 } { "a" 0, 2 } { "" 0, 3 } { "never" 1/2 .5 } { "" 2 0 } }
1 2 2 1 3 5"""


def same(a: Tree, b: Tree) -> None:
    """Every field of two trees is equal."""
    for name in Tree.__dataclass_fields__:
        one, two = getattr(a, name), getattr(b, name)
        if isinstance(one, np.ndarray):
            assert np.array_equal(one, two, equal_nan=one.dtype.kind == "f"), name
        else:
            assert one == two, name


def test_a_tree_is_read_exactly() -> None:
    tree = parse_efg(CARD)
    assert tree.title == 'One card "poker" \\ Myerson' and tree.comment.startswith("after Myerson")
    assert tree.players == ("Fred", "Alice")
    assert tree.exact_chance is not None and tree.exact_chance[:2] == (Fraction(1, 2), Fraction(1, 2))
    paid = dict(zip(tree.outcome_number.tolist(), tree.exact_payoff or (), strict=True))
    assert paid[7] == (Fraction(1, 10), Fraction(1, 10**7)) and paid[4] == (Fraction(-1), Fraction(1, 3))
    assert tree.outcome[1] == 0 and tree.player[1] == 1  # an outcome at an inner node
    assert tree.node_label is not None and "x" in tree.node_label and "red" in tree.set_label
    assert tree.set_number.tolist() == [1, 1, 2, 1]
    assert tree.outcome_number.tolist() == [7, 2, 4, 1, 3]
    assert [int(np.sum(tree.outcome == o)) for o in range(5)] == [1, 3, 1, 1, 1]


@pytest.mark.parametrize("text", [CARD, *(efg_text(random_tree(s)) for s in range(25))])
def test_writing_is_stable_and_both_ways_of_reading_agree(text: str) -> None:
    tree = parse_efg(text)
    same(tree, parse_efg(text, quick=False))
    once = efg_text(tree)
    same(tree, parse_efg(once))
    assert efg_text(parse_efg(once)) == once
    strange = once.replace(" { ", "{").replace(", ", "\n,\t").replace('" "', '""')
    same(tree, parse_efg(strange))


@pytest.mark.parametrize("seed", range(10))
def test_floats_come_back(seed: int) -> None:
    tree = random_tree(seed, exact=False)
    text = efg_text(tree)
    back = parse_efg(text)
    assert np.array_equal(back.payoff, tree.payoff)
    assert np.nanmax(np.abs(back.chance - tree.chance), initial=0.0) <= 2**-52
    assert efg_text(back) == text


def test_thirds_kept_as_floats_are_written_as_thirds() -> None:
    third = build("", ["A"], chance(dict.fromkeys("abc", 1 / 3), {x: pays(i) for i, x in enumerate("abc")}))
    assert '"a" 1/3 "b" 1/3 "c" 1/3' in efg_text(third)
    assert sum(exact_odds([0.1] * 10)) == sum(exact_odds([0.123456789, 0.876543211])) == 1
    assert sum(exact_odds(np.full(7, 1 / 7 + 1e-17).tolist())) == 1
    with pytest.raises(ValueError, match="add up to"):
        exact_odds([0.5, 0.4])


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES])
def test_tables_are_read_exactly(text: str) -> None:
    table = parse_nfg(text)
    assert table.payoff[0].tolist() == [[1, 1], [0, 0], [0, 2]]
    assert table.payoff[1].tolist() == [[1, 1], [2, 3], [2, 0]]
    once = nfg_text(table)
    back = parse_nfg(once)
    assert nfg_text(back) == once
    assert back.exact_payoff == table.exact_payoff and back.strategies == table.strategies
    assert (back.title, back.comment, back.players) == (table.title, table.comment, table.players)


def test_outcomes_of_a_table_are_kept() -> None:
    table = parse_nfg(OUTCOMES)
    assert table.outcome is not None and table.outcome.tolist() == [[1, 1], [2, 3], [2, 5]]
    assert table.outcome_label == ("", "a", "", "never", "")
    assert table.outcome_payoff is not None and table.outcome_payoff[3] == (Fraction(1, 2), Fraction(1, 2))
    assert '{ "never" 0.5, 0.5 }' in nfg_text(table)


def test_a_table_of_three_players_keeps_its_order() -> None:
    payoff = np.arange(3 * 2 * 3 * 4, dtype=float).reshape(3, 2, 3, 4)
    strategies = tuple(tuple(f"{i}{k}" for k in range(n)) for i, n in enumerate((2, 3, 4)))
    table = NormalForm(title="", players=("A", "B", "C"), strategies=strategies, payoff=payoff)
    text = nfg_text(table)
    assert text.splitlines()[9:11] == ["0 24 48", "12 36 60"]  # the first player's strategy changes fastest
    assert np.array_equal(parse_nfg(text).payoff, payoff)


@pytest.mark.parametrize(
    ("text", "number", "written"),
    [
        ("3", Fraction(3), "3"), ("-0.50", Fraction(-1, 2), "-0.5"), (".25", Fraction(1, 4), "0.25"),
        ("+1.", Fraction(1), "1"), ("2/6", Fraction(1, 3), "1/3"), ("1e-7", Fraction(1, 10**7), "0.0000001"),
        ("-2.5E+3", Fraction(-2500), "-2500"), ("1e300", Fraction(10**300), "1e300"),
        ("123456789012345678901", Fraction(123456789012345678901), "123456789012345678901"),
        ("1.5e-40", Fraction(3, 2 * 10**40), "1.5e-40"), ("-12e-30", Fraction(-12, 10**30), "-1.2e-29"),
        ("0.1234567890123456789", Fraction(1234567890123456789, 10**19), "1234567890123456789/10000000000000000000"),
    ],
)  # fmt: skip
def test_numbers(text: str, number: Fraction, written: str) -> None:
    assert parse_number(text) == number
    assert number_text(number) == written
    assert parse_number(written) == number
    assert parse_number(odds_text(number)) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1/0", "1/-2", "1.5/2", "1e999999999", "1e400", "--1", "1_0", "٣", "nan", "inf", "9" * 2000]
)
def test_no_numbers(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no number|divides|exponent|characters|too large"):
        parse_number(text)


HEAD = 'EFG 2 R "t" { "A" "B" }\n'
WRONG = [
    ("X102", "1:5", 'EFG 1 R "t" { "A" }'),
    ("X102", "1:1", "winset: 1\n"),
    ("X103", "1:13", 'EFG 2 R "t" "A" }'),
    ("X114", "2:6", HEAD + 't "" 1 { 1, 2 }'),
    ("X103", "2:11", HEAD + 't "" 1 "" 1, 2'),
    ("X103", "2:1", HEAD + 'q "" 1 "" { 1, 2 }'),
    ("X103", "1:15", 'EFG 2 R "t" { }'),
    ("X103", "2:15", HEAD + 'p "" 1 1 "" { } 0'),
    ("X104", "2:3", HEAD + 't "open 1 { 1, 2 }'),
    ("X105", "2:13", HEAD + 't "" 1 "" { 1.2.3, 2 }'),
    ("X105", "2:6", HEAD + 't "" -1 "" { 1, 2 }'),
    ("X105", "2:8", HEAD + 'p "" 1 0 "" { "a" } 0 t "" 0'),
    ("X106", "4:1", HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 0\n'),
    ("X107", "3:1", HEAD + 't "" 0\nt "" 0\n'),
    ("X108", "2:6", HEAD + 'p "" 3 1 "" { "a" } 0 t "" 0'),
    ("X109", "3:10", HEAD + 'p "" 1 1 "" { "a" } 0\np "" 1 1 "" { "b" } 0 t "" 0'),
    ("X110", "2:8", HEAD + 'p "" 1 7 0 t "" 0'),
    ("X112", "2:8", HEAD + 'c "" 1 "" { "a" 0.3 "b" 0.6 } 0 t "" 0 t "" 0'),
    ("X112", "2:17", HEAD + 'c "" 1 "" { "a" -1/2 "b" 3/2 } 0 t "" 0 t "" 0'),
    ("X113", "3:8", HEAD + 'p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1, 2 }\nt "" 1 "" { 1, 3 }'),
    ("X114", "2:6", HEAD + 't "" 5'),
    ("X114", "2:6", HEAD + 't "" 0 "" { 0, 0 }'),
    ("X115", "2:15", HEAD + 't "" 1 "" { 1 }'),
    ("X116", "1:34", 'NFG 1 R "t" { "A" "B" } { 2 2 } 1 2 3'),
    ("X116", "1:33", 'NFG 1 R "t" { "A" "B" } { 1 1 } 1 2 3'),
    ("X116", "1:25", 'NFG 1 R "t" { "A" "B" } { 2 } 1 2'),
    ("X116", "1:27", 'NFG 1 R "t" { "A" "B" } { 9999999999 2 } 1 2'),
    ("X117", "1:40", 'NFG 1 R "t" { "A" } { 1 } { { "" 1 } } 2'),
]


@pytest.mark.parametrize(("code", "place", "text"), WRONG)
def test_a_mistake_is_told_with_its_place(code: str, place: str, text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_game(text.encode(), file="game.efg")
    (found,) = caught.value.diagnostics
    assert found.code == code, str(found)
    if code != "X116":
        assert f"{found.where.line}:{found.where.column}" == place, str(found)
    assert found.where.file == "game.efg"
    assert found.message and found.why and found.fix and found.example


def test_where_the_first_description_stood_is_told() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_game(WRONG[15][2])
    (found,) = caught.value.diagnostics
    assert found.conflicts_with is not None and (found.conflicts_with.line, found.conflicts_with.column) == (2, 1)
    assert 'its actions were "a"' in found.message


def test_files_are_written_whole_and_read_back(tmp_path: Path) -> None:
    path = write_game(card(), tmp_path / "card.efg")
    tree = read_game(path)
    assert isinstance(tree, Tree)
    assert efg_text(tree) == path.read_text() == efg_text(read_game(str(path)))  # type: ignore[arg-type]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert efg_text(read_game(path)) == efg_text(tree)  # type: ignore[arg-type]
    assert isinstance(read_game(write_game(parse_nfg(PAYOFFS), tmp_path / "t.nfg")), NormalForm)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["card.efg", "t.nfg"]


def test_what_cannot_be_read_or_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "latin.efg").write_bytes('EFG 2 R "é"\n{ "A" }'.encode("latin-1"))
    cases = [
        ("X101", lambda: read_game(tmp_path / "none.efg")),
        ("X101", lambda: read_game(tmp_path)),
        ("X101", lambda: read_game(tmp_path / "latin.efg")),
        ("X101", lambda: write_game(card(), tmp_path / "no" / "folder.efg")),
        ("X120", lambda: write_game(card(), tmp_path / "card.nfg")),
        ("X118", lambda: write_game(build("to\\", ["A"], pays(1)), tmp_path / "a.efg")),
        ("X102", lambda: read_game(b"")),
    ]
    for code, run in cases:
        with pytest.raises(ScenarioError) as caught:
            run()
        assert [d.code for d in caught.value.diagnostics] == [code]
    assert [p.name for p in tmp_path.iterdir()] == ["latin.efg"]


def test_a_deep_file_is_read_and_written() -> None:
    lines = [f'p "" 1 {i} "" {{ "go" "stop" }} 0\n' for i in range(1, 20_001)]
    text = HEAD + "".join(lines) + 't "" 1 "" { 1, 2 }\n' + 't "" 0\n' * 20_000
    tree = parse_efg(text)
    assert tree.depth == 20_001
    assert efg_text(parse_efg(efg_text(tree))) == efg_text(tree)


def test_labels_may_hold_anything_but_a_last_backslash() -> None:
    for label in ('say "so"', "a\\b", 'a\\"b', "two\nlines", "{ } , é 🎲", "", "\\\\x", '"'):
        tree = build(label, [label or "A"], move(label or "A", label, {label: pays(1, outcome=label).named(label)}))
        back = parse_efg(efg_text(tree))
        assert (back.title, back.players[0], back.set_label[0]) == (label, label or "A", label)
        assert (back.action_label[0], back.outcome_label[0]) == (label, label)
        assert (back.node_label or ("", ""))[1] == label
