"""What the page on game files shows comes out: every command on it is run, in order, in an empty folder."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

import pytest

from winset.face.cli.main import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "solve-a-game-file.md"
FILE = re.compile(r"Save this as `([\w.]+)`:\n\n```text\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"```text\n\$ (winset .*?)\n(.*?)```", re.DOTALL)


def outputs(folder: Path) -> list[tuple[str, str, str]]:
    """Command, what the page shows, what comes out; the files of the page are written first."""
    text = PAGE.read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")
    rows, before = [], Path.cwd()
    os.chdir(folder)
    try:
        for command, shown in SHOWN.findall(text):
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                assert main(shlex.split(command)[1:]) == 0
            rows.append((command, shown, out.getvalue()))
        for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
            with contextlib.redirect_stdout(io.StringIO()) as told:
                exec(compile(code, PAGE.name, "exec"), {})
            rows.append(("python", "", told.getvalue()))
    finally:
        os.chdir(before)
    return rows


def settled(output: str) -> list[str]:
    """The lines but those of the certificate, whose last digits differ between machines."""
    inside, kept = False, []
    for line in output.rstrip().splitlines():
        inside = line == "Certificate" or (inside and line.startswith(" "))
        kept += [] if inside else [line.rstrip()]
    return kept


def test_the_page_shows_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = outputs(tmp_path)
    assert len(rows) >= 6
    for command, shown, out in rows:
        if command == "python":
            assert "all-equilibria two players with few strategies" in out and "lambda,residual,Ann:1:opera" in out
        else:
            assert settled(out) == settled(shown), command
    assert (tmp_path / "path.csv").is_file() and (tmp_path / "path.svg").is_file()


if __name__ == "__main__":  # writes what comes out into the page
    import tempfile

    os.environ["COLUMNS"] = "80"
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        for command, shown, out in outputs(Path(name)):
            if command != "python":
                text = text.replace(f"$ {command}\n{shown}```", f"$ {command}\n{out}```")
    PAGE.write_text(text, encoding="utf-8")
