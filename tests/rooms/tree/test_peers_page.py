"""The page of comparisons: each benchmark replaces its own section and leaves the others alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path

FILE = Path(__file__).resolve().parents[3] / "benchmarks" / "peers" / "page.py"


def test_sections_are_replaced_and_kept(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("peers_page", FILE)
    assert spec is not None and spec.loader is not None
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    file = tmp_path / "peers.md"
    page.write_section("Second", "two\n\n| a |", file)
    page.write_section("First", "one", file)
    page.write_section("Second", "new", file)
    assert file.read_text(encoding="utf-8") == f"{page.HEAD}\n## First\n\none\n\n## Second\n\nnew\n"
    page.write_section("Second", "new", file)
    assert file.read_text(encoding="utf-8").count("## ") == 2
