"""`winset solve` of game files and `winset cite`: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import winset
from oracles.logit_games import beer_quiche
from winset.face.cli.main import main
from winset.tree.games import kuhn
from winset.tree.random_trees import random_tree

SEXES = 'NFG 1 R "sexes" { "Ann" "Bob" } { { "opera" "fight" } { "opera" "fight" } } 2 1 0 0 0 0 1 2'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sexes.nfg").write_text(SEXES, encoding="utf-8")
    winset.write_game(kuhn(), "kuhn.efg")
    winset.write_game(beer_quiche("9/10"), "beer.efg")
    return tmp_path


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_game_is_solved_with_method_reason_and_certificate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["solve", "kuhn.efg"], capsys)
    assert code == 0 and max(map(len, out.splitlines())) <= 80
    text = " ".join(out.split())
    assert "sequence-form linear programme: two players whose payoffs add up to 0 at every end" in text
    assert "not logit or logit-by-subgame: the answer is exact already" in text
    assert "First expects -0.0555556" in text and "“Q cb”" in text
    assert "Certificate this is a Nash equilibrium: nobody gains" in text


def test_all_equilibria_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["solve", "sexes.nfg"], capsys)
    assert code == 0
    assert "  3 equilibria in all; there is no other\n" in out
    assert "  2   2/3   2/3\n" in out and "  Ann: opera 2/3, fight 1/3\n" in out
    code, out, _ = run(["solve", "beer.efg"], capsys)
    assert "4 extreme equilibria in 2 components" in out and "(never reached)" in out
    assert "The strategies of 1 more: `--json`" in out


def test_the_path_is_written_and_drawn(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["solve", "sexes.nfg", "--lambda", "1", "--path", "p.csv", "--plot", "p.svg"], capsys)
    assert code == 0 and "p.csv: the logit path" in out and "agent logit equilibrium at λ = 1" in out
    rows = list(csv.reader((folder / "p.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0][0] == "lambda" and float(rows[1][0]) == 0.0 and float(rows[-1][0]) == 1.0
    ElementTree.parse(folder / "p.svg")
    code, out, _ = run(["solve", "sexes.nfg", "--plot", "p.html", "--json"], capsys)
    told = json.loads(out)
    assert told["method"]["key"] == "logit" and told["lambda"] is None and told["files"] == ["p.html"]
    page = (folder / "p.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and "<svg" in page and "http" not in page.replace("http://www.w3.org", "")


def test_everything_is_in_the_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["solve", "beer.efg", "--json"], capsys)
    told = json.loads(out)
    assert code == 0 and len(told["equilibria"]) == 4 and told["certificate"]["holds"]
    assert told["equilibria"][0]["exact_values"] == {"sender": "29/10", "receiver": "9/10"}
    for each in told["equilibria"]:
        assert all(sum(s["probabilities"]) == pytest.approx(1.0) for s in each["strategies"])
        assert len(each["strategies"]) == 4


def test_a_large_tree_prints_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = random_tree(1, nodes=20000, together=1)
    winset.write_game(tree, "large.efg")
    code, out, _ = run(["solve", "large.efg"], capsys)
    assert code == 0 and len(out.splitlines()) < 60 and max(map(len, out.splitlines())) <= 80
    assert "information sets more; `--json` has them all" in out
    code, out, _ = run(["solve", "large.efg", "--size", "--json"], capsys)
    assert json.loads(out)["size"]["nodes"] == tree.nodes


def test_a_scenario_is_solved_as_a_tree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["solve", "beer-quiche", "--as-tree", "--json"], capsys)
    told = json.loads(out)
    assert code == 0 and told["method"]["key"] == "all-equilibria" and "without the precision" in told["notes"][0]
    values = {tuple(np.round(list(e["values"].values()), 9)) for e in told["equilibria"]}
    assert values == {(2.9, 0.9), (2.1, 0.9)}


def test_a_variant_that_errs_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(v.name for v in winset.read("misperceived-ultimatum").variants if v.perceives)
    code, out, _ = run(["convert", "misperceived-ultimatum", "--variant", name, "--to", "a.efg"], capsys)
    assert code == 0 and f"`{name}` is written as if nobody erred" in " ".join(out.split())
    code, out, _ = run(["convert", "misperceived-ultimatum", "--to", "a.efg"], capsys)
    assert "erred" not in out
    code, out, _ = run(["solve", "misperceived-ultimatum", "--variant", name, "--as-tree"], capsys)
    assert code == 0 and f"`{name}` is solved as if nobody erred" in " ".join(out.split())


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["kuhn.efg", "--method", "backward"], "X414"),
        (["sexes.nfg", "--method", "zero-sum"], "X412"),
        (["kuhn.efg", "--method", "zero-sum", "--lambda", "1"], "X415"),
        (["sexes.nfg", "--plot", "p.png"], "X415"),
        (["beer-quiche", "--lambda", "2"], "X415"),
        (["beer-quiche", "--path", "p.csv"], "X415"),
        (["none.efg"], "X101"),
    ],
)
def test_what_cannot_be_is_refused(
    argv: list[str], code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    status, out, err = run(["solve", *argv], capsys)
    assert status == 2 and code in err and "why:" in err and "fix:" in err and not out
    assert sorted(folder.iterdir()) == before


def test_sources_are_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["cite", "kuhn.efg"], capsys)
    assert code == 0 and "Koller, Megiddo and von Stengel (1996)" in out and "McKelvey" not in out
    assert max(map(len, out.splitlines())) <= 80
    code, out, _ = run(["cite", "beer-quiche"], capsys)
    assert "McKelvey and Palfrey (1998)" in out and "CK87: Cho and Kreps 1987" in out
    code, out, _ = run(["cite", "beer-quiche", "--json"], capsys)
    assert json.loads(out)["scenario"][0]["key"] == "CK87"
    code, out, _ = run(["cite", "kuhn.efg", "--method", "logit", "--bibtex"], capsys)
    assert "@article{turocy2010," in out and "pages = {255--269}" in out
    code, out, _ = run(["cite"], capsys)
    assert code == 0 and "Mangasarian (1964)" in out
