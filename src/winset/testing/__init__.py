"""Ways to hold a solver and the scenarios against what is known.

`winset.testing.run.table()` solves the canon: the models of the literature whose answers were proved, each a scenario
of the library, and says what came out beside what is true. The targets stand in `canon.csv` with their sources.
"""

from __future__ import annotations

from winset.testing.registry import Recipe, answers, recipes
from winset.testing.run import Row, run, table
from winset.testing.targets import Target, targets

__all__ = ["Recipe", "Row", "Target", "answers", "recipes", "run", "table", "targets"]
