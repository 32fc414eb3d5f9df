"""Ways to hold a solver and the scenarios against what is known.

`check_scenario` and `check_solver` (of trees: `check_tree_solver`) hold a scenario or a solver against everything that
has to be so, and plant errors to see that the certificate catches them. `table` solves the canon: the models of the
literature whose answers were proved, each a scenario of the library, and says what came out beside what is true. The
targets stand in `canon.csv` with their sources.
"""

from __future__ import annotations

from winset.testing.registry import Recipe, answers, recipes
from winset.testing.report import BatteryError, Check, Report
from winset.testing.run import Row, run, table
from winset.testing.scenarios import check_scenario
from winset.testing.solvers import check_solver, check_tree_solver
from winset.testing.targets import Target, targets

__all__ = [
    "BatteryError",
    "Check",
    "Recipe",
    "Report",
    "Row",
    "Target",
    "answers",
    "check_scenario",
    "check_solver",
    "check_tree_solver",
    "recipes",
    "run",
    "table",
    "targets",
]
