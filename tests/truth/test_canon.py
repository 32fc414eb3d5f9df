"""Every model of the canon: what its scenario's solution says against what is known."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from winset.language.shelf import list_scenarios
from winset.testing import Row, Target, recipes, run, targets
from winset.testing.pages import bound, canon_page, number, row_text
from winset.testing.plot import Curve, Figure, nice_ticks, svg
from winset.testing.registry import answers, pages
from winset.testing.targets import models

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_canon_is_whole() -> None:
    assert len(models()) == 49 and len(targets()) == 591
    assert all(target.source and target.tolerance >= 0 and math.isfinite(target.value) for target in targets())
    assert set(recipes()) == set(models())


@pytest.mark.slow
@pytest.mark.parametrize("model", models())
def test_targets_are_met(model: str) -> None:
    """A miss that is known, and its reason told, has to be one; any other fails."""
    rows = run(model)
    missed = {row.target.quantity for row in rows if not row.met}
    assert missed == set(recipes()[model].short), [row.as_dict() for row in rows if not row.met]


@pytest.mark.parametrize("model", models())
def test_the_page_tells_every_target(model: str) -> None:
    page = (DOCS / "reference" / "canon.md").read_text(encoding="utf-8")
    part = page.split(f"## {model}\n")[1].split("\n## ")[0]
    told = part.count("\n| ") - 2
    assert told == sum(target.model == model for target in targets())
    assert "not yet" not in part and ("missed" in part) == bool(recipes()[model].short)
    assert f"`{recipes()[model].scenario}`" in part


def test_recipes_solve_scenarios_of_the_library() -> None:
    shelf = {entry.name for entry in list_scenarios()}
    assert {recipe.scenario for recipe in recipes().values()} | set(pages()) <= shelf


@pytest.mark.parametrize("name", sorted(page.name for page in pages().values()))
def test_gallery_pages_are_current(name: str) -> None:
    """All but the figures, which `make canon` draws anew."""
    page = next(page for page in pages().values() if page.name == name)
    text = (DOCS / "gallery" / f"{name}.md").read_text(encoding="utf-8")
    from winset.language.shelf import read

    assert read(page.scenario).text.strip() in text
    assert page.closed_form.strip() in text
    assert all(f"#{model.lower()})" in text for model in page.models)
    drawing = (DOCS / "gallery" / f"{name}.svg").read_text(encoding="utf-8")
    assert drawing.count("<circle") >= 4 and "<polyline" in drawing
    assert f"({name}.md)" in (DOCS / "gallery" / "README.md").read_text(encoding="utf-8")


ONE = Target(model="m", parameters={"d": 0.5}, quantity="q", value=1.0, tolerance=1e-8, source="s")


def test_a_miss_is_told() -> None:
    near, far = Row(target=ONE, scenario="s", got=1.0 + 5e-9), Row(target=ONE, scenario="s", got=1.0 + 2e-8)
    assert near.met and not far.met and not Row(target=ONE).met
    assert not Row(target=ONE, scenario="s", got=math.nan).met
    assert row_text(near) == "| d = 0.5 | q | 1 | 1.000000005 | 1e-08 | 1e-08 |"
    assert "**1e-07**, missed" in row_text(far)
    assert "not yet" in row_text(Row(target=ONE))
    page = canon_page([near, far])
    assert "1 of 2 targets are met" in page and "Not met:" in page


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(KeyError, match="the canon has no model '99Z'"):
        run("99Z")


def test_a_model_has_one_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    recipes()
    monkeypatch.setattr("winset.testing.registry._RECIPES", {})
    answers("m", scenario="x")(lambda parameters, quantities: {})
    with pytest.raises(ValueError, match="the model m has a recipe already, on x"):
        answers("m", scenario="y")(lambda parameters, quantities: {})


def test_numbers_are_told_plainly() -> None:
    assert [bound(e) for e in (0.0, 3e-17, 2e-9, 1e-8, 0.3)] == ["0", "1e-12", "1e-08", "1e-08", "1e+00"]
    assert [number(x) for x in (1e-17, -0.0, 0.1, 1 / 3)] == ["0", "0", "0.1", "0.3333333333"]


def test_a_figure_is_drawn_where_it_should_be() -> None:
    curve = Curve(x=(0.0, 1.0), y=(0.0, 2.0), exact_x=(0.0, 0.5, 1.0), exact_y=(0.0, math.nan, 2.0), name="a < b")
    text = svg(Figure(x_label="x", y_label="y", curves=(curve,), caption=""))
    assert text.count("<circle") == 3 and "a &lt; b" in text
    assert "<polyline" not in text, "a line that is broken between its points has none"
    with pytest.raises(ValueError, match="at least one point"):
        svg(Figure(x_label="x", y_label="y", curves=(), caption=""))
    assert nice_ticks(0.0, 1.0, 6) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
