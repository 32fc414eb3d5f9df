"""The notebook runs from top to bottom, and shows what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).resolve().parents[2] / "docs" / "start" / "from-blank-file-to-brief.ipynb"
SMALL = re.compile(r"-?\d(?:\.\d+)?e-\d+")
"""Residuals and other traces of rounding, which differ between machines."""


def settled(outputs: list[Any]) -> list[dict[str, str]]:
    """What a cell shows, as text and as a page, without traces of rounding."""
    out = []
    for output in outputs:
        data = output.get("data", {"text/plain": output.get("text", "")})
        texts = {kind: "".join(text) for kind, text in data.items() if kind.startswith("text/")}
        out.append({kind: SMALL.sub("…", text) for kind, text in texts.items()})
    return out


def cells() -> Iterator[Any]:
    return (cell for cell in json.loads(PATH.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code")


def test_the_notebook_is_kept_without_traces_of_one_run() -> None:
    kept = list(cells())
    assert len(kept) > 10
    assert {cell["execution_count"] for cell in kept} == {None}
    assert all("metadata" in cell and not cell["metadata"] for cell in kept)
    shown = json.dumps([cell["outputs"] for cell in kept])
    assert "Traceback" not in shown
    assert "error N102" in shown  # the mistake that is made on purpose


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_notebook_shows_what_comes_out() -> None:
    """`make notebook` renews it."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    notebook = nbformat.read(PATH, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", coalesce_streams=True)
    run = client.execute()
    found = [settled(cell["outputs"]) for cell in run["cells"] if cell["cell_type"] == "code"]
    assert found == [settled(cell["outputs"]) for cell in cells()]
