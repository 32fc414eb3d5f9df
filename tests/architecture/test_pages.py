"""Pages made from the code are current, and what the README shows is what comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import winset
from winset.face.cli.main import main
from winset.face.pages import pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(pages()))
def test_made_pages_are_current(name: str) -> None:
    kept = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert kept == pages()[name], "run `make pages`"


def shown() -> list[tuple[str, str]]:
    """Commands of the README and of the how-to pages that stand with their output, and that output."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)```", text, re.DOTALL)
    return [(command, output) for command, output in blocks]


def settled(output: str) -> list[str]:
    """The lines of an output without the certificate, whose last digits differ between machines."""
    return output.split("Certificate:")[0].split("certificate:")[0].rstrip().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize(("command", "output"), shown(), ids=lambda text: text[:40])
def test_the_readme_shows_what_comes_out(
    command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    words = shlex.split(command)
    assert words.pop(0) == "winset"
    assert main(words) in (0, 1)
    assert settled(capsys.readouterr().out) == settled(output)


def test_the_readme_shows_something() -> None:
    assert len(shown()) >= 2


def python_examples() -> list[str]:
    """The programs on the page of the façade."""
    text = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    return [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if code.startswith("import winset")]


@pytest.mark.slow
@pytest.mark.parametrize("code", python_examples(), ids=lambda code: code.splitlines()[2][:30])
def test_the_python_page_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, "python.md", "exec"), {})
    assert capsys.readouterr().out.strip()


def test_a_result_that_is_a_dictionary_lists_its_keys() -> None:
    part = pages()["python.md"].split("### Brief")[1].split("###")[0]
    assert "**Attributes**" not in part
    assert all(f"`{key}`" in part for key in winset.Brief.__annotations__)
