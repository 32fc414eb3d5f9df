"""`winset claims`, `forecast` and `diff` at 80 columns, on an invented brief; `diff` without solving."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import winset
from rooms.face.sample_brief import DATES, rise, sample
from winset.base.columns import columns, wrapped
from winset.face.by_date import lines, rows
from winset.face.cli.diff import named
from winset.face.cli.main import main
from winset.study import judged
from winset.study.judged import Claims


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def talks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """A scenario file with four claims of the invented brief's names, which is then its brief."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    path = tmp_path / "talks.yaml"
    run(["new", str(path)], capsys)
    text = path.read_text(encoding="utf-8")
    claims = "\n".join(f"  {c['id']}: {{quote: q, by: x, kind: {c['kind']}, reason: r}}" for c in sample()["claims"])
    head, _, _ = text.partition("\nclaims:")
    path.write_text(f"{head}\nclaims:\n{claims}\n", encoding="utf-8")
    monkeypatch.setattr(judged, "brief", lambda *_, **__: sample())
    monkeypatch.setattr(winset, "brief", lambda *_, **__: sample())
    return str(path)


def test_claims_are_told_with_their_numbers(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["claims", talks], capsys)
    assert code == 1  # one fails
    assert max(map(len, out.splitlines())) <= 80
    flat = " ".join(out.split())
    for part in ("3 hold, 1 fails, 1 undecided", "✗ fails deadline cause", "is 17.0 points",
                 "numerical error up to 0.4 points", "not a variable of this model"):  # fmt: skip
        assert part in flat


@pytest.mark.parametrize(
    ("words", "names", "code"),
    [
        (["--kind", "belief"], ["time", "miscalculation"], 0),
        (["debilitated"], ["debilitated"], 0),
        (["deadline", "time"], ["time", "deadline"], 1),
        (["deadline", "--kind", "belief"], [], 0),
    ],
)
def test_claims_can_be_chosen(
    words: list[str], names: list[str], code: int, talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    got, out, _ = run(["claims", talks, *words, "--json"], capsys)
    assert [c["id"] for c in json.loads(out)] == names
    assert got == code


def test_an_unknown_claim_is_bad_input(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["claims", talks, "deadlin"], capsys)
    assert (code, out) == (2, "")
    assert "C493" in err
    assert "did you mean: deadline" in err


def test_claims_print_well_from_python() -> None:
    told = str(Claims(sample()["claims"]))
    assert max(map(len, told.splitlines())) <= 80
    assert "Confidence." in told
    assert str(Claims()) == "no claims"


def test_why_there_is_no_claim_is_said_before_anything_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judged, "brief", lambda *_, **__: pytest.fail("solved"))
    made = winset.read("beer-quiche")
    assert str(winset.claims(made, kind="fact")) == "no claims of the kind fact: the scenario has 5 of result"
    one = made.claims[0].name
    assert str(winset.claims(made, [one], kind="belief")) == f"no claims of the kind belief: {one} is a result"
    assert "the scenario has none" in str(winset.claims(replace(made, claims=())))
    with pytest.raises(winset.ScenarioError, match="no kind of claim `facts`"):
        winset.claims(made, kind="facts")
    with pytest.raises(winset.ScenarioError, match="no variant `nope`"):
        winset.claims(made, kind="fact", variant="nope")


def test_a_forecast_by_date(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["forecast", talks], capsys)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    for part in ("Oct 2019", "18 %", "Arsenal, mean", "95 % in", "deal very unlikely"):
        assert part in " ".join(out.split())


def test_a_forecast_at_one_date(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["forecast", talks, "--by", "2020-03", "--json"], capsys)
    data = json.loads(out)
    here = DATES.index("2020-03")
    assert data["dates"] == ["2020-03"]
    assert [e["probability"] for e in data["events"]] == [[rise(0.18)[here]], [rise(0.55, 0.3)[here]]]
    assert [e["words"] for e in data["events"]] == [["very unlikely"], ["roughly even"]]
    assert run(["forecast", talks, "--by", "2020-03-15", "--json"], capsys)[1] == out  # a day within it
    assert "By the end of March 2020" in run(["forecast", talks, "--by", "2020-03"], capsys)[1]


def test_a_forecast_of_some(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["forecast", talks, "test", "groundwork", "playing", "--json"], capsys)
    data = json.loads(out)
    assert [e["question"] for e in data["events"]] == ["test"]
    assert [n["name"] for n in data["numbers"]] == ["groundwork"]
    assert [q["name"] for q in data["others"]] == ["playing"]


@pytest.mark.parametrize(("words", "near"), [(["--by", "2021-06"], "2021-01"), (["tests"], "test")])
def test_what_is_not_there_is_bad_input(
    words: list[str], near: str, talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(["forecast", talks, *words], capsys)
    assert (code, out) == (2, "")
    assert "C493" in err
    assert f"did you mean: {near}" in err


def test_nothing_to_forecast_is_said() -> None:
    brief: Any = sample()
    brief["questions"] = brief["forecast"]["curves"] = brief["forecast"]["variables"] = []
    assert lines(rows(brief))[0].startswith("nothing is forecast")


def test_diff_of_a_file_and_its_variant(talks: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["diff", talks, f"{talks}:known_weak", "--inputs", "--json"], capsys)
    data = json.loads(out)
    assert code == 0
    assert data["new"] == "talks:known_weak"
    assert {c["section"] for c in data["inputs"]} == {"players"}
    assert run(["diff", talks, talks, "--inputs"], capsys)[1].endswith("Inputs: no difference\n")
    code, _, err = run(["diff", talks, f"{talks}:known_week", "--inputs"], capsys)
    assert code == 2
    assert "did you mean: known_weak" in err


def test_a_colon_names_a_variant_unless_it_is_part_of_a_file(tmp_path: Path) -> None:
    odd = tmp_path / "a:b.yaml"
    odd.write_text("", encoding="utf-8")
    assert named(str(odd)) == (str(odd), "")
    assert named("us-dprk-2019:no_inquiry") == ("us-dprk-2019", "no_inquiry")
    assert named(r"C:\talks.yaml") == (r"C:\talks.yaml", "")
    assert named("talks.yaml") == ("talks.yaml", "")


def test_columns_keep_to_the_width() -> None:
    told = columns(
        [("1 %", "a long text that has to be broken somewhere"), ("20 %", "b")], width=24, wide=1, right=(0,)
    )
    assert told == ["   1 %  a long text that", "        has to be broken", "        somewhere", "  20 %  b"]
    assert wrapped("about 20 % of it", 9) == ["about", "20 % of", "it"]
