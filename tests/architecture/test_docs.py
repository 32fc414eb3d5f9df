"""What the docs name exists: commands, files, rule codes, links; and no file carries a path of one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import winset
from winset.face.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
FOLDERS = ("src", "tests", "docs", "benchmarks", "requirements", ".ci")
NOT_TEXT = {".png", ".ico", ".gz"}
BUILT = {".nbi", ".nbc", ".pyc", ".html"}


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_exist(page: Path) -> None:
    verbs = {*VERBS, "VERB"}
    text = re.sub(
        r"```yaml\n.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )  # scenarios have no commands
    code = "\n".join(re.findall(r"```.*?```", text, re.DOTALL) + re.findall(r"`[^`\n]+`", text))
    named = set(re.findall(r"(?:^|[`$\s])winset ([a-z]+(?:-[a-z]+)*)\b", code, re.MULTILINE))
    assert named <= verbs
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", code)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_paths_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(rf"`((?:{'|'.join(re.escape(f) for f in FOLDERS)})/[\w./-]+)`", text)
    assert [p for p in named if not (ROOT / p).exists()] == []
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_rule_codes_exist(page: Path) -> None:
    named = set(re.findall(r"`([SNUTIPGCEBKX]\d{3})`", page.read_text(encoding="utf-8")))
    assert named <= set(winset.RULES)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_lines_fit_the_width(page: Path) -> None:
    """Tables apart, whose rows cannot be broken."""
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [i for i, line in enumerate(lines, 1) if len(line) > 120 and not line.startswith("|")] == []


def test_figures_of_the_page_on_limits_are_those_measured() -> None:
    page, measured = (
        (ROOT / "docs" / "explain" / name).read_text(encoding="utf-8")
        for name in ("when-not-to-use-winset.md", "measured.md")
    )
    for pattern in (
        r"([\d,]+)\s+cells\b",
        r"takes ([\d.]+ s)",
        r"s and ([\d.]+ GB)",
        r"up to (0\.\d+)",
        r"measured at (\d+ s)",
    ):
        found = re.findall(pattern, page)
        assert found, pattern
        assert all(re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,])", measured) for figure in found), found


@pytest.mark.slow
def test_the_docs_build_without_warnings(tmp_path: Path) -> None:
    """Every page is in the navigation, every link and anchor leads somewhere."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "explain" / "when-not-to-use-winset" / "index.html").exists()


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).suffix not in NOT_TEXT]


def test_no_path_of_one_machine() -> None:
    private = re.compile(r"(?<![\w.<])/(?:home|Users|root|work|opt|tmp)/[\w.-]+")
    found = [
        f"{ids(path)}: {match[0]}"
        for path in tracked()
        if path.is_file()
        for match in private.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_nothing_built_is_tracked() -> None:
    assert [ids(path) for path in tracked() if path.suffix in BUILT] == []


def test_lock_files_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^(-i|--\w*index|--find-links)", text, re.MULTILINE)


def test_no_merge_was_left_half_done() -> None:
    mark = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
    found = [
        f"{ids(path)}: {match[0]}"
        for path in tracked()
        if path.is_file()
        for match in mark.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
