"""Record files: what is read, what is refused, and that nothing outside the scenario's folder is ever opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from language_samples import HERE

import winset
from winset.base.diagnostics import Where
from winset.language.formula import parse_formula
from winset.language.tables import LARGEST, TableError, load
from winset.study.wording import show_formula

BROKEN = HERE / "broken"
SCENARIO = (BROKEN / "C433.yaml").read_text(encoding="utf-8").replace("class = SRMB) = 0", "class = SRBM) > 1")


def talks(folder: Path, rows: str = "day,class\n2019-05-04,SRBM\n2019-05-09,SLBM\n") -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "launches.csv").write_text(rows, encoding="utf-8", newline="")
    path = folder / "talks.yaml"
    path.write_text(SCENARIO.replace(", source: CNS}\nmechanisms", "}\nmechanisms"), encoding="utf-8")
    return path


def test_quotes_line_ends_and_a_mark_are_read(tmp_path: Path) -> None:
    rows = '\ufeffday,class\r\n2019-05-04,"a, ""b""\nc"\r\n\r\n2019-05-09,d\r\n'
    scenario = winset.read(talks(tmp_path, rows))
    sheet = scenario.tables[0].sheet
    assert sheet.columns == ("day", "class")
    assert sheet.rows == (("2019-05-04", 'a, "b" c'), ("2019-05-09", "d"))
    assert sheet.lines == (2, 5)
    assert sheet.kinds == {"day": "date", "class": "text"}


def test_a_text_without_a_folder_is_a_scenario_whose_facts_are_undecided() -> None:
    scenario, found = winset.check(SCENARIO)
    assert scenario is not None
    assert [d.code for d in found if d.code.startswith("E5")] == ["E515"]
    with pytest.raises(winset.ScenarioError) as caught:
        winset.ask(scenario, "count(launches)")
    assert [d.code for d in caught.value.diagnostics] == ["E515"]


@pytest.mark.parametrize(
    "name", ["/etc/hosts", "../talks.yaml", "data/../../x.csv", "~/x.csv", "C:/x.csv", "a\\..\\..\\x"]
)
def test_a_path_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        load(tmp_path, name, Where("talks.yaml", 3, 1))
    assert caught.value.code == "E511"
    assert caught.value.where == Where("talks.yaml", 3, 1)
    assert "inside" in caught.value.message


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outside.csv").write_text("a\n1\n", encoding="utf-8")
    os.symlink(tmp_path / "outside.csv", inner / "link.csv")
    with pytest.raises(TableError, match="leads out"):
        load(inner, "link.csv", Where())
    (inner / "own.csv").write_text("a\n1\n", encoding="utf-8")
    os.symlink(inner / "own.csv", inner / "near.csv")
    assert load(inner, "near.csv", Where()).rows == (("1",),)


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"day,class\n2019-05-04\n", 2, "1 cells"),
        (b"day,day\n", 1, "two columns"),
        (b"", 1, "empty"),
        (b"day;class\n2019-05-04;SRBM\n", 1, "separated by semicolons"),
        (b"day\tclass\n2019-05-04\tSRBM\n", 1, "separated by tabs"),
        (b"day,class\n2019-05-04,\xff\n", 2, "UTF-8"),
        (b"day,class\n2019-05-04,a\x00b\n", 2, "control"),
        (b'day,class\n2019-05-04,"a"b\n', 2, "cannot be split"),
        (b"day,class\n2019-05-04," + b"x" * 6000 + b"\n", 2, "characters"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_line(data: bytes, line: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(data)
    with pytest.raises(TableError, match=said) as caught:
        load(tmp_path, "rows.csv", Where())
    assert caught.value.code == "E512"
    assert caught.value.where == Where(str(tmp_path / "rows.csv"), line, 1)
    assert caught.value.fix


def test_what_is_too_large_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a\n" + b"1\n" * (LARGEST // 2))
    with pytest.raises(TableError, match="bytes"):
        load(tmp_path, "rows.csv", Where())
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(TableError, match="no regular file"):
        load(tmp_path, "pipe.csv", Where())


def test_a_changed_file_is_read_again_and_changes_the_hash(tmp_path: Path) -> None:
    from winset.study.cache import scenario_hash

    path = talks(tmp_path)
    before = winset.read(path)
    quoted = 'day,class\n"2019-05-04",SRBM\r\n2019-05-09,SLBM\n'
    (tmp_path / "data" / "launches.csv").write_text(quoted, encoding="utf-8", newline="")
    assert scenario_hash(winset.read(path)) == scenario_hash(before)
    (tmp_path / "data" / "launches.csv").write_text("day,class\n2019-05-04,SRBM\n2019-06-09,SLBM\n", encoding="utf-8")
    assert scenario_hash(winset.read(path)) != scenario_hash(before)
    assert winset.ask(winset.read(path), "count(launches where day > 2019-05)").value == 1


@pytest.mark.parametrize(
    "text",
    [
        'count(launches where name = "Hwasong-11B (KN-24)" and not (class in {SRBM, "a b"} or day <= 2019-05)) > 1',
        "first(launches) - last(launches where class != SLBM) >= 60",
        "days(launches where range_km > 300.5)",
        'count(launches where (a = 1 or b = 2) and c contains "x") = 0',
    ],
)
def test_text_of_a_formula_reads_back(text: str) -> None:
    tree = parse_formula(text)
    assert show_formula(tree) == text
    assert parse_formula(show_formula(tree)) == tree


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("count(launches where class SRBM)", "S203", 28),
        ("count(launches where name = Hwasong-15)", "S203", 29),
        ("count(launches class = SRBM)", "S203", 16),
        ("count(launches where class in {SRBM)", "S203", 36),
        ("count()", "S203", 7),
        ('count(launches where class = "SRBM)', "S202", 30),
    ],
)
def test_a_slip_in_a_formula_has_its_place(text: str, code: str, column: int) -> None:
    with pytest.raises(winset.ScenarioError) as caught:
        parse_formula(text, Where("", 1, 1))
    assert [(d.code, d.where.column) for d in caught.value.diagnostics] == [(code, column)]


def test_a_condition_cannot_be_nested_without_end() -> None:
    for text in ("(" * 5000, "not " * 5000, "a = 1 or " * 400):
        with pytest.raises(winset.ScenarioError):
            parse_formula(f"count(t where {text}a = 1)"[:3990])


def test_names_that_carry_a_mechanism_have_their_lines() -> None:
    scenario = winset.read(BROKEN / "C433.yaml")
    text = (BROKEN / "C433.yaml").read_text(encoding="utf-8").splitlines()
    (mechanism,) = scenario.mechanisms
    assert [c.name for c in mechanism.carried_by] == ["cheat", "caught"]
    for carrier in mechanism.carried_by:
        lines = scenario.lines(carrier.name)
        assert lines
        assert all(f"{carrier.name}:" in text[line - 1] for line in lines)
    assert scenario.lines("nobody") == ()
