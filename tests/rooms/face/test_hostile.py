"""Bad files, closed and endless streams, places that cannot be written: one message, code 2, never a traceback."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import winset
from winset.__main__ import run as run_winset
from winset.base.errors import ScenarioError, WinsetError
from winset.base.places import kernel_folder
from winset.face.cli import kernels
from winset.face.cli import screen as screens
from winset.face.cli.main import main
from winset.language.document import LARGEST

TEXT = "winset: 1\nscenario: T\nclock: {rounds: 2}\nplayers: {a: {}}\nround:\n- move: m\n  by: a\n  actions: {w: {}}\n"
READERS = (["check"], ["format"], ["solve"], ["brief"], ["ask"])


def run(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    argv = [*argv[:2], "P(true)", *argv[2:]] if argv[0] == "ask" else argv
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def bad_files(folder: Path) -> dict[str, str]:
    """Names of files that cannot be scenarios, with the code each gets."""
    (folder / "empty.yaml").write_bytes(b"")
    (folder / "binary.yaml").write_bytes(bytes(range(256)) * 20)
    (folder / "latin.yaml").write_bytes(b"scenario: caf\xe9\n")
    (folder / "utf16.yaml").write_bytes(TEXT.encode("utf-16"))
    (folder / "large.yaml").write_bytes(b"a: b\n" * (LARGEST // 5 + 1))
    (folder / "folder.yaml").mkdir()
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    (folder / "broken.yaml").symlink_to(folder / "nothing.yaml")
    os.mkfifo(folder / "pipe.yaml")
    return {
        "empty": "S107", "binary": "S109", "latin": "S109", "utf16": "S109", "large": "S101", "folder": "S110",
        "loop": "S110", "broken": "S110", "pipe": "S110",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links")
@pytest.mark.parametrize("verb", READERS, ids=lambda v: v[0])
def test_files_that_are_no_scenario(verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, rule in bad_files(tmp_path).items():
        path = str(tmp_path / f"{name}.yaml")
        code, _, err = run([*verb, path], capsys)
        assert code == 2, name
        assert f"error {rule}" in err, (name, err)
        assert path[-20:] in err.replace("\n  ", ""), name
        if verb != ["format"]:
            code, out, _ = run([*verb, path, "--json"], capsys)
            data = json.loads(out)
            assert (code, data["ok"], data["diagnostics"][0]["code"]) == (2, False, rule)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r", b"\n"])
def test_line_endings_and_marks_do_not_matter(ending: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode().replace(b"\n", ending))
    scenario, found = winset.check(path)
    assert scenario is not None, found
    path.write_bytes(TEXT.replace("by: a", "by: b").encode().replace(b"\n", ending))
    assert [(d.code, d.where.line) for d in winset.check(path)[1] if d.severity == "error"] == [("N105", 7)]


class _Endless(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        into[:] = b"a" * len(into)
        return len(into)


@pytest.mark.parametrize("verb", ["check", "format"])
def test_standard_input_closed_binary_or_endless(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    code, _, err = run([verb, "-"], capsys)
    assert (code, err) == (2, "winset: standard input: it is closed\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"scenario: caf\xe9\n")))
    code, _, err = run([verb, "-"], capsys)
    assert code == 2
    assert "standard input:1:14:" in err
    assert "S109" in err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(_Endless())))
    code, _, err = run([verb, "-"], capsys)
    assert code == 2
    assert "S101" in err


@pytest.mark.parametrize(
    "argv",
    [["new", ""], ["new", "--force", ""], ["new", "--force", "."], ["schema", "--out", ""], ["schema", "--out", "."]],
)
def test_a_folder_cannot_be_written_as_a_file(
    argv: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(argv, capsys)
    assert code == 2
    assert err.startswith("winset: ")
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_could_not_be_written_is_known_before_solving(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("solved for nothing")

    monkeypatch.setattr(winset, "brief", never)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, _, err = run(["brief", "beer-quiche", "--out", str(tmp_path / "file")], capsys)
    assert code == 2
    assert "is a file" in err
    code, _, err = run(["brief", "beer-quiche", "--out", str(tmp_path / "file" / "below")], capsys)
    assert code == 2
    code, out, _ = run(["brief", "beer-quiche", "--json", "--out", str(tmp_path / "file")], capsys)
    assert (code, json.loads(out)["ok"]) == (2, False)


def test_writing_follows_a_link_and_keeps_permissions(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    screens.write(link, "new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_new_does_not_write_through_a_broken_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert run(["new", str(tmp_path / "link.yaml")], capsys)[0] == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.parametrize("name", ["", "a" * 5000, "a\0b", "\udcff", "../", "us-drpk-2019"])
def test_names_that_mean_nothing(name: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        winset.read(name)
    (found,) = caught.value.diagnostics
    assert found.code in ("S001", "S110")
    assert len(found.message) < 200
    assert found.why
    assert found.fix


def winset_process(*argv: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "winset", *argv], capture_output=True, check=False,
        env={**os.environ, **environment}, timeout=60,
    )  # fmt: skip


def test_a_terminal_without_utf8_and_a_narrow_one(tmp_path: Path) -> None:
    (tmp_path / "é.yaml").write_bytes(b"scenario: caf\xe9 \xff\n")
    for environment in ({"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"COLUMNS": "40"}, {"COLUMNS": "1"}):
        done = winset_process("check", str(tmp_path / "é.yaml"), **environment)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert b"S109" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors of the shell")
@pytest.mark.parametrize(("words", "code"), [("list >&-", 0), ("list 2>&-", 0), ("rules X999 2>&-", 2)])
def test_closed_output_is_no_reason_to_fail(words: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m winset {words}"], capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of the shell")
def test_a_closed_pipe_is_no_error() -> None:
    line = f"{sys.executable} -m winset schema | head -1; test ${{PIPESTATUS[0]}} -eq 0"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_damaged_kernels_are_removed_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "solve").mkdir()
    for name in ("solve/line.nbi", "solve/line.1.nbc", "kept"):
        (tmp_path / name).write_bytes(b"half")
    scope: dict[str, Any] = {}
    reading = "import pickle\ndef load():\n    pickle.loads(b'half')\n"
    exec(compile(reading, "/somewhere/numba/core/caching.py", "exec"), scope)
    err = io.StringIO()
    with (
        pytest.raises(WinsetError, match="run the same command again"),
        kernels.prepared(screens.Screen(out=io.StringIO(), err=err)),
    ):
        scope["load"]()
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["kept"]
    with pytest.raises(ZeroDivisionError), kernels.prepared(screens.Screen(out=io.StringIO(), err=err)):
        raise ZeroDivisionError


def test_ctrl_c_while_loading_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("winset.face.cli.main.main", stopped)
    assert run_winset() == 130
    assert capsys.readouterr().err == "winset: stopped; nothing was written\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_in_the_middle_of_a_brief(tmp_path: Path) -> None:
    """At several moments, to all processes as a terminal sends it: code 130, one line, nothing written."""
    places = {"WINSET_CACHE": str(tmp_path / "cache"), "NUMBA_CACHE_DIR": str(kernel_folder())}
    for wait in (0.3, 1.2):
        made = tmp_path / "out"
        process = subprocess.Popen(
            [sys.executable, "-m", "winset", "brief", "us-dprk-2019", "--no-cache", "--out", str(made)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **places},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where the suite runs behind
            start_new_session=True,
        )  # fmt: skip
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        # a shell shows 130 for both: Python ends itself by the signal where it came inside `exec` of text (dataclasses)
        assert process.returncode in (130, -signal.SIGINT), err
        assert err.decode().splitlines()[-1] == "winset: stopped; nothing was written"
        assert (out, b"Traceback" in err, made.exists()) == (b"", False, False)


def test_a_problem_of_no_place_is_not_said_to_be_made_in_python(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["solve", "beer-quiche", "--size", "--variant", "nowhere"], capsys)
    assert code == 2
    assert err.startswith("error N110")
