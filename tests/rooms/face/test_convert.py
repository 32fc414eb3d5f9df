"""`winset convert`: what it writes, says and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import winset
from winset.face.cli.main import main


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_scenario_becomes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "game.efg"
    code, out, _ = run(["convert", "beer-quiche", "--to", str(target)], capsys)
    assert code == 0
    assert "15 nodes, 5 information sets, players stranger and bully" in " ".join(out.split())
    text = target.read_text(encoding="utf-8")
    assert '"round 1: provoke after quiche" { "duel" "leave" }' in text
    assert '{ "strong" 9/10 "weak" 1/10 }' in text
    tree = winset.read_game(target)
    assert isinstance(tree, winset.Tree) and tree.nodes == 15


def test_what_a_reader_has_to_know_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["convert", "chain-store", "--to", str(tmp_path / "a.efg"), "--json"], capsys)
    told = json.loads(out)
    assert code == 0 and told["nodes"] == 107
    assert "a player of its own in every round" in told["notes"][0]
    code, out, _ = run(["convert", "alternating-offers", "--to", str(tmp_path / "b.efg"), "--json"], capsys)
    assert "discounted" in json.loads(out)["notes"][0]


def test_a_game_file_is_tidied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wild.efg").write_text(
        'EFG 2 D "t" {"A"}p "" 1 4 "s"{"x" "y"}0 t "" 1 "o"{.50}\nt ""\n1', encoding="utf-8"
    )
    assert run(["convert", str(tmp_path / "wild.efg"), "--to", str(tmp_path / "tidy.efg")], capsys)[0] == 0
    assert (tmp_path / "tidy.efg").read_text(encoding="utf-8").splitlines() == [
        'EFG 2 R "t" { "A" }', '""', "", 'p "" 1 4 "s" { "x" "y" } 0', 't "" 1 "o" { 0.5 }', 't "" 1 "o" { 0.5 }',
    ]  # fmt: skip
    (tmp_path / "w.nfg").write_text('NFG 1 R "t" { "A" } { 2 } 1 2', encoding="utf-8")
    code, out, _ = run(["convert", str(tmp_path / "w.nfg"), "--to", str(tmp_path / "v.nfg")], capsys)
    assert code == 0 and "a table of 2 strategies" in out


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["beer-quiche", "--to", "a.txt"], "X120"),
        (["beer-quiche", "--to", "a.nfg"], "X120"),
        (["treaty", "--to", "a.efg"], "X302"),
        (["spence", "--to", "a.efg", "--limit", "50"], "X301"),
        (["none.efg", "--to", "a.efg"], "X101"),
    ],
)
def test_what_cannot_be_is_refused(
    argv: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = run(["convert", *argv], capsys)
    assert status == 2 and code in err
    assert "why:" in err and "fix:" in err
    assert list(tmp_path.iterdir()) == []
