"""Recipes: how the targets of a model are answered by solving its scenario; and figures for the gallery.

A recipe is a function of the model's parameters and of the quantities wanted. It solves the scenario that it names, or
certifies a profile of it, and reads the answers off; it never computes them from the closed form. Recipes stand in
`winset.testing.canon`, one file for each family of models, and are found there.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from winset.testing.plot import Figure

Answer = Callable[[Mapping[str, Any], Sequence[str]], dict[str, float]]
"""answer(parameters, quantities) -> the quantities' values, by name."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one model is answered.

    Attributes:
        model: its name in the table of targets.
        scenario: name of the library scenario that is solved.
        answer: parameters and quantities to values.
        short: quantities that miss their tolerance, and why; they are reported as missed, never left out.
    """

    model: str
    scenario: str
    answer: Answer
    short: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the gallery: a library scenario with the comparative static that it is famous for.

    Attributes:
        scenario: name of the library scenario (`textbook/rubinstein`).
        closed_form: what theory says, as Markdown, lines of at most 120 characters.
        draw: solves the scenario at many values and returns the figure.
        models: models of the table of targets that this scenario answers.
    """

    scenario: str
    closed_form: str
    draw: Callable[[], Figure]
    models: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last part of the scenario's name, which names the page's files."""
        return self.scenario.rsplit("/", 1)[-1]


_RECIPES: dict[str, Recipe] = {}
_PAGES: dict[str, Page] = {}


def answers(model: str, *, scenario: str, short: Mapping[str, str] | None = None) -> Callable[[Answer], Answer]:
    """Marks a function as the recipe of a model.

    Args:
        model: its name in the table of targets.
        scenario: name of the library scenario that it solves.
        short: quantities whose tolerance it misses, and why.

    Raises:
        ValueError: the model has a recipe already.
    """

    def mark(function: Answer) -> Answer:
        if model in _RECIPES:
            raise ValueError(f"the model {model} has a recipe already, on {_RECIPES[model].scenario}")
        _RECIPES[model] = Recipe(model=model, scenario=scenario, answer=function, short=dict(short or {}))
        return function

    return mark


def gallery(
    scenario: str, *, closed_form: str, models: Sequence[str] = ()
) -> Callable[[Callable[[], Figure]], Callable[[], Figure]]:
    """Marks a function as the one that draws the figure of a scenario's page in the gallery.

    Raises:
        ValueError: the scenario has a page already.
    """

    def mark(function: Callable[[], Figure]) -> Callable[[], Figure]:
        if scenario in _PAGES:
            raise ValueError(f"the scenario {scenario} has a page already")
        _PAGES[scenario] = Page(scenario=scenario, closed_form=closed_form, draw=function, models=tuple(models))
        return function

    return mark


@cache
def _load() -> None:
    from winset.testing import canon

    for found in pkgutil.iter_modules(canon.__path__):
        if not found.name.startswith("_"):
            import_module(f"{canon.__name__}.{found.name}")


def recipes() -> dict[str, Recipe]:
    """All recipes, by model."""
    _load()
    return dict(sorted(_RECIPES.items()))


def pages() -> dict[str, Page]:
    """All pages of the gallery, by scenario."""
    _load()
    return dict(sorted(_PAGES.items()))
