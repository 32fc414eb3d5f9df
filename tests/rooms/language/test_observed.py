"""The section `observed`, coded events and record files in YAML, as text."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from language_samples import HERE
from ruamel.yaml import YAML

import winset
from winset.base.diagnostics import Where
from winset.language import codebook
from winset.language.row_parser import parse_rows
from winset.language.rows import show_selected
from winset.language.selecting import fits, told
from winset.language.tables import TableError, load

BROKEN = HERE / "broken"
GOOD = (BROKEN / "E521.yaml").read_text(encoding="utf-8").replace("clahs:", "clash:")
CODED = GOOD.replace(
    "date: day, source: CNS}\n", "date: day, source: CNS}\n  events: {file: data/events.csv, date: day, cameo: code}\n"
)


def folder(tmp_path: Path, text: str, **files: str) -> Path:
    """A scenario with its record files; `events` stands for data/events.csv."""
    (tmp_path / "data").mkdir(exist_ok=True)
    launches = (BROKEN / "data" / "launches.csv").read_text(encoding="utf-8")
    for name, rows in {"launches": launches, **files}.items():
        (tmp_path / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "talks.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "talks.yaml"


def test_the_sample_is_sound_and_fits_the_schema(tmp_path: Path) -> None:
    assert winset.read(folder(tmp_path, GOOD)).warnings == ()
    data = YAML(typ="safe", pure=True).load(re.sub(r"(\d{4}-\d\d(?:-\d\d)?)", r'"\1"', GOOD))
    validator = jsonschema.Draft202012Validator(winset.schema())
    assert [e.message for e in validator.iter_errors(data)] == []
    data["observed"]["clash"]["act"] = {}
    assert not validator.is_valid(data)


def test_formatting_keeps_the_order_of_acts_and_means_the_same(tmp_path: Path) -> None:
    other = "    mistaken: 0.10*0.5\n    acts: {south plays push: launches, north plays push"
    text = GOOD.replace("    mistaken: 0.05\n", "").replace("    acts: {north plays push", other, 1)
    text = text.replace(", south plays push: launches where class = SLBM", "")
    text = text.replace("trust unchecked", "trust_unchecked")
    formatted = winset.format_text(text)
    assert winset.format_text(formatted) == formatted
    assert "trust unchecked: 0.9" in formatted and "mistaken: 0.1 * 0.5" in formatted
    assert formatted.index("acts: {south") < formatted.index("mistaken: 0.1")
    assert formatted.index("  clash:\n") < formatted.index("  comply:\n") < formatted.index("  trust unchecked")
    one, other = winset.read(folder(tmp_path, text)), winset.read(folder(tmp_path, formatted))
    assert one.observed == other.observed
    assert [a.act for a in one.observed.moves[0].acts] == ["south plays push", "north plays push"]


def test_expanded_and_built_it_is_the_same(tmp_path: Path) -> None:
    wanted = winset.read(folder(tmp_path, GOOD)).observed
    assert winset.read(folder(tmp_path, winset.expand_text(GOOD))).observed == wanted
    data = YAML(typ="safe", pure=True).load(GOOD)
    assert winset.build(**{str(k).replace(" ", "_"): v for k, v in data.items()}).observed == wanted


def test_a_chance_with_a_range_is_a_parameter(tmp_path: Path) -> None:
    text = GOOD.replace("mistaken: 0.05", "mistaken: {value: 0.05, range: [0, 0.1]}")
    names = {p.name: (p.low, p.high) for p in winset.read(folder(tmp_path, text)).parameters}
    assert names["observed.clash.mistaken"] == (0.0, 0.1)


def test_a_parameter_that_only_the_record_reads_is_used(tmp_path: Path) -> None:
    text = GOOD.replace("mistaken: 0.05", "mistaken: slip").replace("  cost: 0.05", "  cost: 0.05\n  slip: 0.01")
    assert winset.read(folder(tmp_path, text)).warnings == ()


@pytest.mark.parametrize(
    "text", ["launches", "launches where class = SRBM", 'a where not b = "x y" and (c >= 2019-10 or d in {1, 2})']
)
def test_selected_rows_are_shown_as_they_are_written(text: str) -> None:
    assert show_selected(parse_rows(text)) == text
    assert parse_rows(show_selected(parse_rows(text))) == parse_rows(text)


@pytest.mark.parametrize(
    ("code", "event"),
    [("01", ""), ("013", ""), ("02", "REQUEST"), ("08", "CONCEDE"), ("0811", "CONCEDE"), ("0841", "RETREAT"),
     ("13", "THREATEN"), ("138", "THREATEN"), ("163", "COERCE"), ("1621", "SANCTION"), ("20", "ASSAULT")],
)  # fmt: skip
def test_codes_stand_for_events(code: str, event: str) -> None:
    assert codebook.code(code) == code
    assert codebook.event_of(code) == event


@pytest.mark.parametrize("text", ["4", "40", "00", "21", "1a", "12345", "١٣", ""])
def test_what_is_no_code(text: str) -> None:
    assert codebook.code(text) == ""


def test_there_are_twenty_roots_and_sixteen_events() -> None:
    assert [c for c in codebook.codes() if len(c) == 2] == [f"{n:02d}" for n in range(1, 21)]
    assert len(codebook.events()) == 16


EVENTS = """\
day,code,what
2019-10-02,138,a threat
2019-10-03,036,a meeting agreed
2019-10-04,010,a statement
,,
2019-10-05,10,a demand
"""


@pytest.mark.parametrize(
    ("condition", "rows"),
    [("plover = THREATEN", [0]), ("plover in {AGREE, REQUEST}", [1, 3]), ("cameo_root = 01", [2]), ("code = 10", [3]),
     ("cameo_root = 13 or code = 036", [0, 1]), ('plover = ""', [2])],
)  # fmt: skip
def test_conditions_on_events_work_on_a_table_of_codes(condition: str, rows: list[int], tmp_path: Path) -> None:
    text = CODED.replace(
        "caught: launches where name contains KN and class in {SRBM, SLBM}", f"caught: events where {condition}"
    )
    scenario = winset.read(folder(tmp_path, text, events=EVENTS))
    table = scenario.tables[1]
    test = fits(table.sheet, scenario.observed.moves[1].acts[0].rows[0].condition)
    assert [i for i, row in enumerate(table.sheet.rows) if test(row)] == rows
    assert winset.ask(scenario, f"count(events where {condition})").value == len(rows)
    assert table.sheet.own == ("day", "code", "what")
    assert told(table, table.sheet.rows[0]) == "138, a threat"


def test_what_follows_from_codes_does_not_enter_the_hash(tmp_path: Path) -> None:
    path = folder(tmp_path, CODED, events=EVENTS)
    assert winset.read(path).tables[1].sha256 == load(tmp_path, "data/events.csv", Where()).sha256


def test_codes_have_no_order(tmp_path: Path) -> None:
    _, found = winset.check(folder(tmp_path, CODED.replace("class in {SRBM", "code > 13 and class in {SRBM").replace(
        "caught: launches", "caught: events"), events=EVENTS))  # fmt: skip
    assert "C434" in [d.code for d in found]


YAML_ROWS = """\
# by hand
- {day: 2019-10-02, what: "a  threat", certain: true}
- day: 2019-10-05
  what: >
    talks,
    broken off
  n: 007
- what: ~
"""


def test_a_record_file_in_yaml_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "rows.yml").write_text(YAML_ROWS, encoding="utf-8")
    sheet = load(tmp_path, "rows.yml", Where())
    assert sheet.columns == ("day", "what", "certain", "n")
    assert sheet.rows == (
        ("2019-10-02", "a threat", "true", ""), ("2019-10-05", "talks, broken off", "", "007")
    )  # fmt: skip
    assert sheet.lines == (2, 3)
    assert sheet.kinds["day"] == "date"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("day: 2019-10-02\n", 1, "no list"),
        ("- {day: 2019-10-02}\n- threat\n", 2, "no mapping"),
        ("- {day: [2019-10-02]}\n", 1, "a list"),
        ("- &a {day: 2019-10-02}\n- *a\n", 1, "anchors"),
        ("- {day: !!python/name:os.system x}\n", 1, "tags"),
        ("- {the day: 2019-10-02}\n", 1, "no name"),
        ("- {day: a, day: b}\n", 1, "twice"),
        ("[]\n", 1, "empty"),
        ("- {day: '" + "x" * 6000 + "'}\n", 1, "characters"),
        ("- [\n", 2, "not YAML"),
    ],
)
def test_a_yaml_file_that_is_no_table_is_refused(text: str, line: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "rows.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=said) as caught:
        load(tmp_path, "rows.yaml", Where())
    assert (caught.value.code, caught.value.where.line) == ("E512", line)
    assert caught.value.fix


def test_a_yaml_file_of_too_many_values_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.yaml").write_text("- {a: 1}\n" * 120_000, encoding="utf-8")
    with pytest.raises(TableError, match="bytes") as caught:
        load(tmp_path, "rows.yaml", Where())
    assert caught.value.fix == "Save long records as CSV."
