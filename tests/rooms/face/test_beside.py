"""The record followed, draws and a hindcast on the page of a brief: all of a small scenario, really computed."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

import winset
from rooms.study.hindcast_samples import ROWS, TALKS, scenario
from winset.base.errors import WinsetError
from winset.base.words import percent
from winset.face import article, over
from winset.face.cli.main import main
from winset.face.html import followed
from winset.face.markdown import markdown

ASKING = """
variants:
  stormy: {parameters: {storm_rate: 0.4}}
hypotheses:
  weather: {as_written: base, stormy: stormy}
questions:
  deal: {ask: P(deal by 2019-12), headline: true, note: "a deal by the end of 2019"}
claims:
  few_storms:
    quote: "storms are rare"
    by: the harbour master
    kind: forecast
    holds if: P(chance plays storm at 2018-01) < 0.21
  signed_by_winter:
    quote: "they will sign before the winter"
    by: the harbour master
    kind: forecast
    holds if: P(deal by 2018-11) > 0.5
  worth_waiting:
    quote: "north gains from waiting"
    by: the harbour master
    kind: belief
    holds if: value(north) > 0
  talked_twice:
    quote: "they talked more than once"
    by: the harbour master
    kind: fact
    number: 7
    holds if: count(diary where what = talk) >= 2
  rough_sea:
    quote: "the sea was rough all summer"
    by: the harbour master
    kind: belief
    reason: "nobody measured the waves"
"""
TEXT = TALKS.replace("signing: 0.05", "signing: {value: 0.05, range: [0.01, 0.1]}") + ASKING


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("beside")
    given = scenario(folder, text=TEXT)
    results = {
        "record": winset.follow(given),
        "robust": winset.robust(given, draws=16, checks=1, on="here", store=folder / "store", maps=["deal"], side=3),
        "hindcast": winset.hindcast(given, start="2018-01", end="2018-06", on="here", store=folder / "store"),
    }
    brief = winset.brief(given)
    whole = winset.beside(brief, scenario=given, results=list(results.values()))
    return {"scenario": given, "results": results, "brief": brief, "page": winset.render(dict(whole)), "whole": whole}


def section(page: str, name: str) -> str:
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', page, re.S)
    return found[1] if found else ""


def words_of(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup))).replace("\N{NO-BREAK SPACE}", " ")


def test_a_brief_alone_has_none_of_these_sections(small: dict[str, Any]) -> None:
    page = winset.render(dict(small["brief"]))
    for name in ("record", "hypotheses", "robust", "hindcast"):
        assert not section(page, name)
        assert f'href="#{name}"' not in page


def test_every_event_of_the_record_has_a_row_and_a_mark(small: dict[str, Any]) -> None:
    shown = section(small["page"], "record")
    events = [e for e in small["results"]["record"].entries if e.kind == "event"]
    table = re.search(r'<table class="record fit">(.*?)</table>', shown, re.S)
    assert table
    assert table[1].count("<tr>") == len(events) + 1
    for row, entry in zip(table[1].split("<tr>")[2:], events, strict=True):
        assert f'data-of="chance">{escape(percent(entry.probability))}<'.replace(" %", "\N{NO-BREAK SPACE}%") in row
    drawing = shown[: shown.index("<table")]
    for number in range(1, len(events) + 1):
        assert f">{number}</text>" in drawing


def test_the_waterfalls_end_where_the_belief_ends(small: dict[str, Any]) -> None:
    found = small["results"]["record"]
    trader = next(w for w in found.types if w.name == "north is trader")
    shown = words_of(section(small["page"], "record"))
    assert f"from {percent(trader.start)} to {percent(trader.end)}" in shown
    gathered = followed.gathered([p.__dict__ for p in trader.parts])
    assert sum(c.by for c in gathered) == pytest.approx(trader.end - trader.start, abs=1e-12)


def test_the_matrix_shows_the_odds_after_the_record(small: dict[str, Any]) -> None:
    matrix = small["results"]["record"].matrices[0]
    shown = words_of(section(small["page"], "hypotheses"))
    for p in matrix.posterior:
        assert f"{100 * p:.0f} %" in shown
    assert followed.named(matrix.text, matrix.hypotheses)[:40] in shown
    rows = section(small["page"], "hypotheses").count("<tr>")
    assert rows == min(len(matrix.rows), followed.MOST_ROWS) + 4  # the head, before, after, evidence
    assert followed.named("favours neither most", ["neither"]) == "favours “neither” most"


def test_a_claim_says_its_share_and_where_it_turns(small: dict[str, Any]) -> None:
    share = next(c for c in small["results"]["robust"].claims if c.name == "few_storms")
    assert 0 < share.share < 1
    claim = re.search(r'id="claim-few_storms">(.*?)</article>', small["page"], re.S)
    assert claim
    told = words_of(claim[1])
    assert f"holds in {100 * share.share:.0f} % of 16 draws" in told
    assert "storm rate: holds below 0.21 (now 0.15)" in told


def test_a_claim_says_what_the_record_made_of_it(small: dict[str, Any]) -> None:
    """Signed on 22 November 2018; before the record it had less than an even chance."""
    assert next(c for c in small["brief"]["claims"] if c["id"] == "signed_by_winter")["verdict"] == "fails"
    seen = {c.name: c for c in small["results"]["record"].claims}
    assert seen["signed_by_winter"].verdict == "holds"
    assert seen["signed_by_winter"].figures["P(deal by 2018-11)"] == pytest.approx(1.0)
    assert seen["few_storms"].verdict == "fails"  # a storm on 20 January 2018
    assert not seen["worth_waiting"].verdict
    claim = re.search(r'id="claim-signed_by_winter">(.*?)</article>', small["page"], re.S)
    assert claim
    assert "Given the record to 2019-12-31: holds: P(deal by 2018-11) is 100 %" in words_of(claim[1])


def test_every_claim_says_its_share_or_why_it_has_none(small: dict[str, Any]) -> None:
    told = over.claims(dict(small["whole"]))
    assert set(told) == {c["id"] for c in small["brief"]["claims"]}
    assert all(any(pair) for pair in told.values())
    assert told["talked_twice"] == ("", over.BY_ROWS)
    assert told["rough_sea"] == ("", over.NO_FORMULA)
    assert {name for name, (share, _) in told.items() if share} == {"few_storms", "signed_by_winter", "worth_waiting"}
    recorded = over.recorded(dict(small["whole"]))
    assert recorded["talked_twice"] == "holds: its rows are the record"
    assert recorded["rough_sea"].startswith("cannot say: ")
    assert over.claims(dict(small["brief"])) == {}
    page = re.search(r'id="claim-rough_sea">(.*?)</article>', small["page"], re.S)
    assert page
    assert f"Over what is uncertain: {over.NO_FORMULA}." in words_of(page[1])


def test_a_fact_that_the_model_answers_is_no_row_and_a_claim_asked_in_no_draw_says_so(small: dict[str, Any]) -> None:
    whole = json.loads(json.dumps(small["whole"]))
    claim = next(c for c in whole["claims"] if c["id"] == "signed_by_winter")
    claim["kind"] = "fact"
    assert claim["numbers"]
    assert over.recorded(whole)["signed_by_winter"].startswith("holds: P(deal by 2018-11) is")
    drawn = next(c for c in whole["robust"]["claims"] if c["name"] == "few_storms")
    drawn |= {"holds": 0, "fails": 0, "undecided": 0, "share": None, "low": None, "high": None}
    assert over.claims(whole)["few_storms"] == ("", over.NOT_ASKED)


def test_a_verdict_that_most_draws_do_not_share_is_told(small: dict[str, Any]) -> None:
    found = small["results"]["robust"].as_dict()
    assert over.minority(found) == ""
    claim = next(c for c in found["claims"] if c["name"] == "few_storms")
    claim |= {"central": "fails", "holds": 11, "fails": 5, "undecided": 0}
    told = over.minority(found)
    assert told.endswith("most draws: “storms are rare” fails there, but in 31 % of the draws only")
    page = winset.render({**small["whole"], "robust": found})
    assert told in words_of(section(page, "robust"))
    assert told in markdown({**small["whole"], "robust": found})


def test_the_page_of_an_argument_tells_the_same(small: dict[str, Any]) -> None:
    told = article.page(small["scenario"], dict(small["whole"]))
    table = told.split("## Over everything uncertain, and given the record")[1]
    rows = {row.split(" | ")[1]: row for row in table.splitlines() if row.startswith("| ")}
    share = next(c for c in small["results"]["robust"].claims if c.name == "few_storms")
    row = rows["“storms are rare”"]
    assert f"holds in {percent(share.share)} of 16 draws" in row
    assert "holds below 0.21" in row
    assert "| fails: " in row
    assert rows["“they talked more than once”"].startswith("| 7 | ")
    assert "fails: P(deal by 2018-11)" not in table
    assert "Over everything uncertain" not in article.page(small["scenario"], dict(small["brief"]))


def test_the_shares_tornadoes_and_maps_are_drawn(small: dict[str, Any]) -> None:
    shown = section(small["page"], "robust")
    assert "storms are rare" in words_of(shown)
    assert shown.count('class="chart"') >= 2
    assert "strong line: where it turns" in words_of(shown)


def test_the_hindcast_begins_with_what_it_got_wrong(small: dict[str, Any]) -> None:
    shown = words_of(section(small["page"], "hindcast"))
    assert shown.index("What it got wrong") < shown.index("Brier score")
    for reference in small["results"]["hindcast"]["references"]:
        if reference["forecasts"]:
            assert reference["about"].replace("'", "\N{RIGHT SINGLE QUOTATION MARK}") in shown


def test_the_hindcast_shows_skill_and_days_as_they_are(small: dict[str, Any]) -> None:
    shown, found = words_of(section(small["page"], "hindcast")), small["results"]["hindcast"]
    told = 0
    for reference in found["references"]:
        skill = next((k for k in reference["skill"] if k["score"] == "brier" and k["value"] is not None), None)
        if skill is not None:
            told += 1
            assert f"{skill['value']:+.2f}".replace("-", "\N{MINUS SIGN}") in shown
    assert told
    days = {d["on"] for e in found["events"] for d in e["deadlines"] if d["happened"]}
    assert days
    assert all(followed.day(day) in shown.split("Events")[1] for day in days)


def test_the_text_tells_the_same(small: dict[str, Any]) -> None:
    told = markdown(dict(small["whole"]))
    assert told.count("## Along the record") == told.count("## Hindcast") == 1
    share = next(c for c in small["results"]["robust"].claims if c.name == "few_storms")
    assert f"holds in {percent(share.share)} of 16 draws" in told
    assert "storm rate: holds below 0.21" in told
    for p in small["results"]["record"].matrices[0].posterior:
        assert percent(p) in told.split("## Which reading")[1]
    assert "## Along the record" not in markdown(dict(small["brief"]))


def test_results_of_another_scenario_are_refused(small: dict[str, Any], tmp_path: Path) -> None:
    other = scenario(tmp_path, text=TEXT.replace("zeal: 0.3", "zeal: 0.4"))
    for result in small["results"].values():
        with pytest.raises(WinsetError, match="of another scenario"):
            winset.beside(small["brief"], scenario=other, results=[result])


def test_results_of_another_variant_are_refused_and_those_of_the_same_taken(
    small: dict[str, Any], tmp_path: Path
) -> None:
    given = small["scenario"]
    record = winset.follow(given, variant="stormy", forecasts=False, hypotheses=False)
    drawn = winset.robust(given, variant="stormy", draws=4, checks=0, on="here", store=tmp_path, questions=["deal"])
    stormy = winset.brief(given, variant="stormy")
    whole = winset.beside(stormy, scenario=given, results=[record, drawn])
    assert "In the variant stormy." in markdown(dict(whole)).split("## Along the record")[1].split("##")[0]
    for result in (record, drawn):
        with pytest.raises(WinsetError, match="is of the variant `stormy`, and the brief of the base"):
            winset.beside(small["brief"], scenario=given, results=[result])
    with pytest.raises(
        WinsetError, match=r"is of the base, and the brief of the variant `stormy`[\s\S]*--variant stormy"
    ):
        winset.beside(stormy, scenario=given, results=[small["results"]["record"]])
    hindcast = winset.beside(stormy, scenario=given, results=[small["results"]["hindcast"]])
    assert "hindcast" in hindcast  # that may be of the variant that begins early enough


def test_the_text_names_rows_sources_and_what_is_unchecked(small: dict[str, Any]) -> None:
    told = markdown(dict(small["whole"])).split("## Along the record")[1]
    assert "(MEM), unchecked" in told
    assert "CC and C speak for a reading" in told


def test_two_of_a_kind_and_what_is_no_result_are_refused(small: dict[str, Any]) -> None:
    record = small["results"]["record"]
    with pytest.raises(WinsetError, match="two results of `winset follow`"):
        winset.beside(small["brief"], scenario=small["scenario"], results=[record, record])
    with pytest.raises(WinsetError, match="no result"):
        winset.beside(small["brief"], scenario=small["scenario"], results=[{"title": "x"}])


def test_the_command_line_takes_files(
    small: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(tmp_path, text=TEXT, rows=ROWS)
    file = tmp_path / "record.json"
    assert main(["follow", str(tmp_path / "talks.yaml"), "--json", str(file)]) == 0
    assert "Does the model fit the record?" in capsys.readouterr().out
    assert main(["brief", str(tmp_path / "talks.yaml"), "--out", str(tmp_path / "out"), "--with", str(file)]) == 1
    assert section((tmp_path / "out" / "talks.html").read_text(encoding="utf-8"), "record")
    data = json.loads((tmp_path / "out" / "talks.json").read_text(encoding="utf-8"))
    assert data["record"]["entries"]
    file.write_text("no data", encoding="utf-8")
    assert main(["brief", str(tmp_path / "talks.yaml"), "--with", str(file)]) == 2
    assert "holds no JSON data" in capsys.readouterr().err
    file.write_text("{}", encoding="utf-8")
    assert main(["brief", str(tmp_path / "talks.yaml"), "--with", str(file)]) == 2
    said = capsys.readouterr().err
    assert "record.json: this is no result" in " ".join(said.split())
    assert "\n  example: winset robust" in said  # a line by itself


def test_what_does_not_fit_is_refused_before_anything_is_solved(
    small: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario(tmp_path, text=TEXT, rows=ROWS)
    talks, file = str(tmp_path / "talks.yaml"), tmp_path / "record.json"
    assert main(["follow", talks, "--json", str(file)]) == 0
    monkeypatch.setattr(winset, "brief", None)
    assert main(["brief", talks, "--variant", "stormy", "--with", str(file)]) == 2
    assert "record.json: the result of `winset follow` is of the base" in _joined(capsys)
    assert main(["brief", talks, "--variant", "stromy", "--with", str(file)]) == 2
    assert "there is no variant `stromy`" in _joined(capsys)
    assert main(["brief", talks, "--with", str(file), str(file)]) == 2
    assert "two results of `winset follow`" in _joined(capsys)
    scenario(tmp_path, text=TEXT.replace("zeal: 0.3", "zeal: 0.4"), rows=ROWS)
    assert main(["brief", talks, "--with", str(file)]) == 2
    assert "or of this one before it was changed" in _joined(capsys)


def _joined(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


def test_an_error_is_for_reading_where_the_data_go_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talks.yaml").write_text(TEXT.replace("signing: {value", "signing: {{value"), encoding="utf-8")
    target = tmp_path / "record.json"
    assert main(["follow", str(tmp_path / "talks.yaml"), "--json", str(target)]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "error" in err
    assert not target.exists()
    assert main(["follow", str(tmp_path / "talks.yaml"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_a_record_that_is_not_there_or_says_nothing_is_told(
    small: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["follow", "fearon-ultimatum"]) == 2
    said = capsys.readouterr().err
    assert "the scenario has no record to follow\n  fix: List dated acts" in said
    early = winset.follow(small["scenario"], until="2017-06")
    assert early.matrices[0].text == "The record tells none of these apart."
    assert early.misfit.text == "the record has nothing to follow"


def test_claims_that_the_record_cannot_judge_say_so(small: dict[str, Any]) -> None:
    told = " ".join("\n".join(small["results"]["record"].lines(80)).split())
    assert "✓ signed_by_winter holds: P(deal by 2018-11): 100 %" in told
    assert "rough_sea: cannot say, it has no formula" in told
    assert "nothing reported" in told
    assert "CC and C speak for a hypothesis" in told
