"""A scenario of one's own from one that comes with winset, and names that could mean two things."""

from __future__ import annotations

from pathlib import Path

import pytest

import winset
from winset.face.cli.main import main


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, " ".join(err.split())


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_copy_is_as_shipped_and_checks_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["new", "mine.yaml", "--from", "us-dprk-2019"], capsys)
    assert code == 0
    assert "winset diff us-dprk-2019 mine.yaml" in " ".join(out.split())
    shipped = Path(str(winset.locate("us-dprk-2019")))
    assert Path("mine.yaml").read_text(encoding="utf-8") == shipped.read_text(encoding="utf-8")
    read = winset.read("mine.yaml")
    assert read.content() == winset.read("us-dprk-2019").content()
    assert len(read.tables) > 1
    for table in read.tables:
        assert Path(table.file).read_bytes() == (shipped.parent / table.file).read_bytes()
        assert table.file in out
    code, out, _ = run(["check", "mine.yaml"], capsys)
    assert code == 0 and out.startswith("mine.yaml: no problems\nThe record: ")


def test_a_copy_writes_over_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "mine.yaml", "--from", "us-dprk-2019"], capsys)[0] == 0
    assert run(["new", "second.yaml", "--from", "us-dprk-2019"], capsys)[0] == 0  # the same record files are there
    assert run(["new", "mine.yaml", "--from", "us-dprk-2019"], capsys)[0] == 2
    record = Path(winset.read("mine.yaml").tables[0].file)
    record.write_text("date\n", encoding="utf-8")
    code, _, err = run(["new", "third.yaml", "--from", "us-dprk-2019"], capsys)
    assert code == 2
    assert f"{record} exists" in err
    assert not Path("third.yaml").exists()
    assert record.read_text(encoding="utf-8") == "date\n"
    assert run(["new", "third.yaml", "--from", "us-dprk-2019", "--force"], capsys)[0] == 0
    assert record.read_text(encoding="utf-8") != "date\n"


def test_a_file_can_be_copied_too_and_what_is_not_there_cannot(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "talks.yaml"], capsys)[0] == 0
    assert run(["new", "other/talks.yaml", "--from", "talks.yaml"], capsys)[0] == 0
    assert Path("other/talks.yaml").read_text() == Path("talks.yaml").read_text()
    code, _, err = run(["new", "x.yaml", "--from", "us-drpk-2019"], capsys)
    assert code == 2
    assert "us-dprk-2019" in err
    assert not Path("x.yaml").exists()


@pytest.mark.parametrize("name", ["us-dprk-2019", "beer-quiche", "textbook/beer-quiche"])
def test_no_file_is_written_that_would_hide_a_scenario(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["new", name], capsys)
    assert code == 2
    assert "--from" in err
    assert not Path(name).exists()


def test_a_name_that_means_two_things_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    run(["new", "talks.yaml"], capsys)
    Path("talks.yaml").rename("beer-quiche")
    code, _, err = run(["check", "beer-quiche"], capsys)
    assert code == 2
    assert "S002" in err
    assert "`./beer-quiche`" in err
    assert run(["check", "./beer-quiche"], capsys)[0] == 0
    assert run(["check", "textbook/beer-quiche"], capsys)[0] == 0
    with pytest.raises(winset.ScenarioError) as caught:
        winset.read("beer-quiche")
    assert caught.value.diagnostics[0].code == "S002"
    assert winset.read(Path("beer-quiche")).title == winset.read("./beer-quiche").title


def test_format_says_how_to_get_a_file_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(["format", "us-dprk-2019"], capsys)
    assert (code, out) == (2, "")
    assert "winset new mine.yaml --from us-dprk-2019" in err
    code, _, err = run(["format", "nothing.yaml"], capsys)
    assert code == 2
    assert "S001" in err
