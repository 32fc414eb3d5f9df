"""The command line without solving: help, check, format, new, exit codes, messages, whole files."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

import winset
from rooms.face.sample_brief import sample
from winset.base.diagnostics import Diagnostic, Where
from winset.face.cli import ask, explain, kernels
from winset.face.cli import screen as screens
from winset.face.cli.main import VERBS, main, module_of, parser
from winset.face.cli.new import starter
from winset.language.reading import read_text
from winset.language.rules.formulas import resolve


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        code = main(argv)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_teaches_within_80_columns(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run([*([verb] if verb else []), "--help"], capsys)
    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 80
    assert f"winset {verb}" in out.split("examples" if verb else "start here:")[1]


def test_the_examples_of_ask_fit_the_starter() -> None:
    scenario = read_text(starter())
    formulas = re.findall(r"ask talks.yaml '(.*?)'", ask.EXAMPLES)
    assert len(formulas) >= 4
    for formula in formulas:
        resolve(scenario, formula)


def test_the_examples_of_explain_fit_the_starter() -> None:
    scenario = read_text(starter())
    found = re.findall(r"explain talks.yaml '(.*?)'(?: \\\n +--after '(.*?)')?", explain.EXAMPLES)
    assert len(found) >= 3
    assert any(after for _, after in found)
    for formula, after in found:
        resolve(scenario, f"({formula}) after ({after})" if after else formula)


def test_an_explanation_is_printed_within_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """The invented brief's explanations, as the verb prints them."""
    told = [q["explanation"] for q in sample()["questions"] if q["explanation"]]
    assert told
    for data in told:
        found = {"quote": "", "formula": "P(deal != none)", "value": 0.3, "confidence": "", "data": data}
        explain._print(found, screens.Screen())
        out = capsys.readouterr().out
        assert max(len(line) for line in out.splitlines()) <= 80
        assert "+20.0 points  washington plays agree" in out
        said = " ".join(out.split())
        assert "Oct 2019 40 % washington plays agree (belief that washington is dealmaker: 49 % to 60 %)" in said


@pytest.mark.slow
def test_explain_prints_the_sentence_the_parts_and_the_course(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["explain", "fearon-ultimatum", "war"], capsys)
    said = " ".join(out.split())
    assert code == 0
    assert "20 %, by way of b plays fight +20.0 points" in said
    assert "+20.0 points in all: P(b plays fight)" in said
    assert "1 100 % a plays ask(share=0.748)" in said
    assert "Of the principal equilibrium." in said
    code, out, _ = run(["explain", "fearon-ultimatum", "war", "--json"], capsys)
    data = json.loads(out)
    assert code == 0 and data["data"]["witness"]["probability"] == pytest.approx(0.2, abs=1e-3)


@pytest.mark.slow
def test_explain_says_what_is_wrong_with_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["explain", "fearon-ultimatum", "P(b plays figt)"], capsys)
    assert (code, out) == (2, "") and "N107" in err and "figt" in err


def test_every_verb_offers_json_where_it_prints_data() -> None:
    for verb in VERBS:
        assert verb == module_of(verb).NAME
        if verb not in ("format", "new"):
            assert "--json" in module_help(verb)


def module_help(verb: str) -> str:
    stream = io.StringIO()
    actions = [a for a in parser()._actions if a.dest == "verb"]
    assert actions[0].choices
    dict(actions[0].choices)[verb].print_help(stream)
    return stream.getvalue()


def test_new_writes_a_scenario_without_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "talks.yaml"
    assert run(["new", str(path)], capsys)[0] == 0
    code, out, err = run(["check", str(path)], capsys)
    assert (code, err) == (0, "")
    assert out.endswith("no problems\n")
    assert run(["new", str(path)], capsys)[0] == 2  # does not overwrite


def broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "talks.yaml"
    run(["new", str(path)], capsys)
    path.write_text(
        path.read_text(encoding="utf-8").replace("if: crisis = demand\n", "if: crisys = demand\n"), encoding="utf-8"
    )
    return path


def test_check_points_at_the_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["check", str(broken(tmp_path, capsys))], capsys)
    assert code == 2
    assert "error" in out
    lines = err.splitlines()
    at = next(i for i, line in enumerate(lines) if "| " in line and "crisys" in line)
    assert lines[at].index("crisys") == lines[at + 1].index("^")
    assert any("crisis" in line and "did you mean" in line for line in lines)


def test_check_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["check", str(broken(tmp_path, capsys)), "--json"], capsys)
    data = json.loads(out)
    assert (code, err, data["ok"]) == (2, "", False)
    assert data["diagnostics"][0]["line"] > 0


@pytest.mark.parametrize(
    "argv", [["check", "nothing.yaml"], ["brief", "nothing"], ["ask", "nothing", "P(x)"], ["format", "no"]]
)
def test_a_missing_file_is_bad_input(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(argv, capsys)
    assert code == 2
    assert "no" in err
    assert "Traceback" not in err


def test_unknown_verb_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["breif"], capsys)
    assert code == 2
    assert "did you mean `winset brief`?" in err
    assert "there are brief, check" in run(["zzz"], capsys)[2]


def test_a_part_of_a_name_finds_the_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["check", "fearon"], capsys)
    assert code == 2
    assert "did you mean: textbook/fearon-ultimatum" in err


def test_no_verb_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run([], capsys)
    assert (code, out) == (2, "")
    assert "start here:" in err


def test_an_unknown_variant_is_no_place_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["solve", "fearon-ultimatum", "--size", "--variant", "abov"], capsys)
    assert code == 2
    assert err.startswith("error N110")
    assert "did you mean: above" in err


def test_size_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["solve", "fearon-ultimatum", "--size"], capsys)
    assert code == 0
    assert "largest       answer 340, demanding 17" in out


def test_a_certificate_without_a_grid_error_says_so() -> None:
    figures = {"stage_residual": 1e-17, "passes": None, "grid_error": None}
    answer = {"value": True, "unit": "truth", "certificate": figures}
    assert ask.lines(answer)[-1] == "certificate: passes, grid error not measured (residual 1.0e-17)"
    figures |= {"passes": False}
    assert ask.lines(answer)[-1].startswith("certificate: does not pass")


def test_format_leaves_the_starter_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "talks.yaml"
    run(["new", str(path)], capsys)
    assert run(["format", str(path), "--check"], capsys)[0] == 0
    path.write_text(path.read_text(encoding="utf-8").replace("rounds: 3", "rounds:   3"), encoding="utf-8")
    assert run(["format", str(path), "--check"], capsys)[0] == 1
    assert run(["format", str(path), "--write"], capsys)[0] == 0
    assert run(["format", str(path), "--check"], capsys)[0] == 0


def test_rules_explains_and_lists(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["rules"], capsys)
    assert code == 0
    first = out.split()[0]
    code, out, _ = run(["rules", first.lower()], capsys)
    assert code == 0
    assert "fix:" in out
    assert run(["rules", "X999"], capsys)[0] == 2


def test_schema_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["schema"], capsys)
    assert code == 0
    assert json.loads(out) == winset.schema()
    run(["schema", "--out", str(tmp_path / "s.json")], capsys)
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == winset.schema()


def invented(verdict: str) -> Any:
    brief = sample()
    brief["claims"] = [{**brief["claims"][0], "verdict": verdict}]
    return lambda *_, **__: brief


@pytest.mark.parametrize(("verdict", "code"), [("holds", 0), ("undecided", 0), ("fails", 1)])
def test_brief_ends_with_one_when_a_claim_fails(
    verdict: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winset, "brief", invented(verdict))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    path = tmp_path / "talks.yaml"
    run(["new", str(path)], capsys)
    got, out, _ = run(["brief", str(path), "--out", str(tmp_path / "out")], capsys)
    assert got == code
    assert max(len(line) for line in out.splitlines() if str(tmp_path) not in line) <= 80
    assert "\x1b" not in out
    written = sorted(p.suffix for p in (tmp_path / "out").iterdir())
    assert written == [".html", ".json", ".md"]
    json.loads(next((tmp_path / "out").glob("*.json")).read_text(encoding="utf-8"))


def test_ctrl_c_leaves_nothing_half_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(winset, "brief", stopped)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    path = tmp_path / "talks.yaml"
    run(["new", str(path)], capsys)
    code, out, _ = run(["brief", str(path), "--out", str(tmp_path / "out")], capsys)
    assert (code, out) == (130, "")
    assert not (tmp_path / "out").exists()


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    screens.write(path, "old")

    def refuse(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(KeyboardInterrupt):
        screens.write(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_long_lines_are_cut_around_the_column() -> None:
    err = io.StringIO()
    screen = screens.Screen(out=io.StringIO(), err=err)
    text = "x" * 300 + "HERE" + "y" * 300
    found = Diagnostic(code="N101", message="wrong", where=Where("f", 1, 301), fix="z " * 100)
    screen.diagnostics([found], texts={"f": text})
    lines = err.getvalue().splitlines()
    assert max(len(line) for line in lines) <= 80
    at = next(i for i, line in enumerate(lines) if "HERE" in line)
    assert lines[at].index("HERE") == lines[at + 1].index("^")


def test_compiling_is_announced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    told = []
    for _ in range(2):
        err = io.StringIO()
        with kernels.prepared(screens.Screen(out=io.StringIO(), err=err)):
            pass
        told.append(err.getvalue())
    assert "Compiling" in told[0]
    assert told[1] == ""


def test_kernels_go_where_the_user_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("WINSET_CACHE", str(tmp_path / "a file"))
    (tmp_path / "a file").write_text("in the way", encoding="utf-8")
    with kernels.prepared(screens.Screen(out=io.StringIO(), err=io.StringIO())):
        chosen = Path(os.environ["NUMBA_CACHE_DIR"])
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert tmp_path not in chosen.parents


def test_a_narrow_terminal_is_asked_for_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "")  # so that what `main` sets is undone
    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size((60, 24)))
    with pytest.raises(SystemExit):
        main(["--help"])
    assert os.environ["COLUMNS"] == "60"


def test_expand_prints_the_plain_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vow.yaml"
    path.write_text(
        "winset: 1\nscenario: T\nclock: {rounds: 2}\nplayers: {a: {}}\n"
        "blocks: {vow: {audience cost: {of: a, made by: [say], broken by: [run], cost: 0.2}}}\n"
        "round: [{move: m, by: a, actions: {say: {}, run: {}}}]\n",
        encoding="utf-8",
    )
    code, out, _ = run(["expand", str(path)], capsys)
    assert code == 0
    assert "run: {pays: {a: {vow: -0.2 * vow}}, then: {vow: false}}" in out
    assert read_text(out) == winset.read(path)
    assert json.loads(run(["expand", str(path), "--json"], capsys)[1]) == {"text": out}
    path.write_text(out.replace("round:", "blocks: {vow: {vow: {}}}\nround:"), encoding="utf-8")
    code, _, err = run(["expand", str(path)], capsys)
    assert code == 2
    assert "B901" in err


def test_expand_of_a_library_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["expand", "beer-quiche"], capsys)
    assert code == 0
    assert read_text(out) == winset.read("beer-quiche")


def test_a_fact_is_answered_with_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    formula = "count(launches where missile_class = SLBM and date_kst >= 2019-10 and date_kst <= 2019-10)"
    assert main(["ask", "us-dprk-2019", formula]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["1  (1 of 339 rows of launches)", "  2019-10-02 Pukguksong-3, SLBM, success (CNS)"]


def test_a_brief_overwrites_briefs_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = tmp_path / "beer-quiche.md"
    notes.write_text("my notes\n", encoding="utf-8")
    code, out, err = run(["brief", "beer-quiche", "--out", str(tmp_path)], capsys)
    assert (code, out) == (2, "")
    assert "is there and is no brief" in err
    assert [p.name for p in tmp_path.iterdir()] == ["beer-quiche.md"]
    assert notes.read_text(encoding="utf-8") == "my notes\n"
    notes.unlink()
    for _ in range(2):
        assert run(["brief", "beer-quiche", "--out", str(tmp_path)], capsys)[0] == 0
    (tmp_path / "beer-quiche.json").unlink()
    (tmp_path / "beer-quiche.json").mkdir()
    code, _, err = run(["brief", "beer-quiche", "--out", str(tmp_path)], capsys)
    assert (code, "beer-quiche.json is a folder" in err) == (2, True)


def test_nothing_is_not_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["explain", "beer-quiche", ""], capsys)
    assert (code, "C401" in err) == (2, True)
