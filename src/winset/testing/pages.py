"""The pages that are made from the canon: the table of targets, and the gallery.

`python -m winset.testing.pages docs` writes `docs/reference/canon.md` and `docs/gallery/`.
"""

from __future__ import annotations

import argparse
import json
import math
import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from winset.language.scenario import Scenario
from winset.language.shelf import read
from winset.testing.plot import Figure, svg
from winset.testing.registry import Page, pages, recipes
from winset.testing.run import Row, missing, table
from winset.testing.targets import models

_LONGEST = 120
_FLOOR = 1e-12
"""Errors below this are told as this: they are rounding, and differ between machines."""

_TABLE = """# The canon

This page is made from solved scenarios (`make canon`); do not edit it by hand.

Models of the literature whose answers are known, each a scenario of the library. A row is one number: what is true
(*target*, with its source), what came out of winset's own solution or certificate (*got*), how far off that is
(*error*) and how far off it may be (*tolerance*). `tests/truth/test_canon.py` holds every row. Pictures of what each
model is famous for are in [the gallery](../gallery/README.md).

Offers and types that are continuous in the literature lie on grids here, which are refined until the answer stands. No
answer is computed from the closed form that it is compared with. Where a source says *derived here* or *own reduction*,
the result is this project's: do not quote it as the author's.
"""

_GALLERY = """# The gallery

These pages are made from solved scenarios (`make canon`); do not edit them by hand.

Each page has a model of the literature as a scenario of the library: its story, what theory says, and the comparative
static that it is famous for. Circles were solved, lines are the closed form. Every number behind them is in
[the table of the canon](../reference/canon.md).
"""


def bound(error: float) -> str:
    """An error as the power of ten that it does not exceed; 0 where there is none."""
    if error == 0:
        return "0"
    return f"{10.0 ** math.ceil(math.log10(max(error, _FLOOR)) - 1e-9):.0e}"


def number(value: float) -> str:
    """A number to ten digits."""
    return f"{value + 0.0:.10g}" if abs(value) > _FLOOR else "0"


def _given(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{value:g}"
    return f"({', '.join(map(_given, value))})" if isinstance(value, list) else str(value)


def row_text(row: Row) -> str:
    """One line of the table."""
    one = row.target
    if row.got is None:
        got, error = "not yet", ""
    else:
        got, error = number(row.got), bound(row.error or 0.0)
        error = error if row.met else f"**{error}**, missed"
    parameters = ", ".join(f"{name} = {_given(value)}" for name, value in sorted(one.parameters.items()))
    cells = [parameters, one.quantity, number(one.value), got, error, f"{one.tolerance:g}"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def canon_page(rows: Sequence[Row]) -> str:
    """The page with the table of targets."""
    met, made = sum(row.met for row in rows), recipes()
    shorts = missing(rows)
    lines = [_TABLE, f"{met} of {len(rows)} targets are met, in {len({r.target.model for r in rows})} models.", ""]
    if shorts:
        lines += ["Not met:", ""]
        for model, short in shorts.items():
            why = "; ".join(dict.fromkeys(row.why for row in short if row.why)) or "not yet solved"
            lines.append(f"- {model} ({len(short)}): {why}")
        lines.append("")
    for model, group in groupby(rows, key=lambda row: row.target.model):
        these = list(group)
        lines += [f"## {model}", ""]
        if model in made:
            lines += [f"Scenario `{made[model].scenario}`.", ""]
        lines += [f"Source: {source}" for source in dict.fromkeys(row.target.source for row in these)]
        lines += ["", "| parameters | quantity | target | got | error at most | tolerance |"]
        lines += ["| --- | --- | --- | --- | --- | --- |", *map(row_text, these), ""]
    return "\n".join(_wrapped(lines)).rstrip() + "\n"


def _wrapped(lines: Sequence[str]) -> list[str]:
    """Lines no longer than the docs allow; rows of tables stay whole."""
    out: list[str] = []
    for line in "\n".join(lines).split("\n"):
        if len(line) <= _LONGEST or line.startswith("|"):
            out.append(line)
        else:
            indent = "  " if line.startswith("- ") else ""
            out += textwrap.wrap(line, _LONGEST, subsequent_indent=indent, break_long_words=False)
    return out


def gallery_page(page: Page, scenario: Scenario, figure: Figure) -> str:
    """The page of one scenario, without its figure's file.

    Raises:
        ValueError: a line of the scenario's file is too long for the docs.
    """
    long = [i for i, line in enumerate(scenario.text.splitlines(), 1) if len(line) > _LONGEST]
    if long:
        raise ValueError(f"{page.scenario}: lines {long} have more than {_LONGEST} characters")
    lines = [f"# {scenario.title}", "", *scenario.about.strip().splitlines(), ""]
    lines += [f"- {text}" for _, text in scenario.sources]
    lines += ["", "## What theory says", "", *page.closed_form.strip().splitlines(), ""]
    lines += [f"![{figure.y_label} against {figure.x_label}]({page.name}.svg)", "", figure.caption, ""]
    if page.models:
        names = ", ".join(f"[{m}](../reference/canon.md#{m.lower()})" for m in page.models)
        lines += [f"Numbers held in the tests: {names}.", ""]
    lines += ["## The scenario", "", f"`winset new mine.yaml --from {page.scenario}` copies it, to change.", ""]
    lines += ["```yaml", *scenario.text.strip().splitlines(), "```"]
    return "\n".join(_wrapped(lines)) + "\n"


def gallery_index(titles: Mapping[str, str]) -> str:
    """The page that lists the others; `titles` by the name of the page."""
    return "\n".join([_GALLERY, *(f"- [{title}]({name}.md)" for name, title in sorted(titles.items()))]) + "\n"


def write(docs: Path, chosen: Sequence[str], workers: int) -> None:
    """Writes the table and the gallery below `docs`; with `chosen` scenarios, only their pages of the gallery."""
    folder = docs / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    all_pages = pages()
    titles = {page.name: read(page.scenario).title for page in all_pages.values()}
    for page in all_pages.values():
        if not chosen or page.name in chosen:
            figure = page.draw()
            (folder / f"{page.name}.svg").write_text(svg(figure), encoding="utf-8")
            (folder / f"{page.name}.md").write_text(gallery_page(page, read(page.scenario), figure), encoding="utf-8")
    (folder / "README.md").write_text(gallery_index(titles), encoding="utf-8")
    if not chosen:
        rows = table(models(), workers=workers)
        (docs / "reference" / "canon.md").write_text(canon_page(rows), encoding="utf-8")
        print(json.dumps({"targets": len(rows), "met": sum(row.met for row in rows), "missed": list(missing(rows))}))


def main() -> None:
    """Writes the pages; see the module's text."""
    parser = argparse.ArgumentParser(description="Write the table of the canon and the gallery.")
    parser.add_argument("docs", type=Path, help="the folder of the docs")
    parser.add_argument("--only", nargs="*", default=[], help="pages of the gallery to write, and nothing else")
    parser.add_argument("--workers", type=int, default=1, help="processes that solve")
    given = parser.parse_args()
    write(given.docs, given.only, given.workers)


if __name__ == "__main__":
    main()
