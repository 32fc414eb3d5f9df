"""winset: arguments about negotiations, made runnable.

A scenario file is read and checked, compiled into a dynamic game with private information, solved,
certified, and asked:

    import winset

    scenario = winset.read("talks.yaml")           # or winset.read("us-dprk-2019") from the library
    winset.ask(scenario, "P(deal by 2020-06)")     # one formula
    winset.brief(scenario)                         # everything, as JSON-able data

Importing this module loads nothing else: each name is fetched from its room when it is first used, so that
reading and checking a scenario never load a numeric library.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from winset.base.version import __version__ as __version__

if TYPE_CHECKING:
    from winset.base.errors import ScenarioError, SizeError, WinsetError
    from winset.base.errors import SolveError as SolveError
    from winset.certify.certificate import Certificate, certify
    from winset.certify.extensive import TreeCertificate, certify_tree
    from winset.certify.markov import MarkovCertificate, certify_markov
    from winset.face.html.page import render
    from winset.game.compile import compile_game
    from winset.game.compile import measure as measure
    from winset.game.game import Game
    from winset.game.grid import BeliefGrid
    from winset.game.markov import MarkovGame, MarkovSolution, markov_game
    from winset.game.markov_form import markov_form
    from winset.game.solution import Solution
    from winset.language.blocks.page import block_pages as block_pages
    from winset.language.blocks.text import expand_text as expand_text
    from winset.language.format import format_text as format_text
    from winset.language.loading import text_of as text_of
    from winset.language.reading import build, check
    from winset.language.rules.catalogue import RULES as RULES
    from winset.language.rules.page import rules_page as rules_page
    from winset.language.scenario import Scenario
    from winset.language.schema import schema as schema
    from winset.language.shelf import list_scenarios, read
    from winset.language.shelf import locate as locate
    from winset.learn.coverage import coverage as coverage
    from winset.learn.observe import observe
    from winset.learn.sighting import Observations, Sighting
    from winset.solve.backward import solve
    from winset.solve.markov.logit import solve_markov
    from winset.study.answer import Answer, ask
    from winset.study.beside import beside
    from winset.study.beside import fitting_results as fitting_results
    from winset.study.brief import brief
    from winset.study.brief_data import Brief, Forecast
    from winset.study.children import ahead as ahead
    from winset.study.diff import Diff, diff
    from winset.study.explanation import Explanation, explain
    from winset.study.following.data import Following
    from winset.study.following.run import follow
    from winset.study.forecast import forecast
    from winset.study.frames import to_pandas, to_xarray
    from winset.study.game_solution import GameSolution, TreeEquilibrium
    from winset.study.hindcast.data import Hindcast
    from winset.study.hindcast.making import hindcast
    from winset.study.judged import Claims, claims
    from winset.study.robust.data import Condition, Robust
    from winset.study.robust.inverse import what_if_true
    from winset.study.robust.robust import robust
    from winset.study.solver_table import solvers_page as solvers_page
    from winset.study.sources import CERTIFICATE_SOURCES as CERTIFICATE_SOURCES
    from winset.study.sources import SCENARIO_SOURCES as SCENARIO_SOURCES
    from winset.study.sources import SOURCES as SOURCES
    from winset.study.sources import cited as cited
    from winset.study.tree_answer import solve_game
    from winset.study.tree_methods import choose_method as choose_method
    from winset.tree.files import read_game, write_game
    from winset.tree.from_game import Unfolded, unfold
    from winset.tree.tree import NormalForm, Tree

_HOMES = {
    "read": "winset.language.shelf",
    "locate": "winset.language.shelf",
    "list_scenarios": "winset.language.shelf",
    "build": "winset.language.reading",
    "check": "winset.language.reading",
    "text_of": "winset.language.loading",
    "format_text": "winset.language.format",
    "expand_text": "winset.language.blocks.text",
    "block_pages": "winset.language.blocks.page",
    "schema": "winset.language.schema",
    "RULES": "winset.language.rules.catalogue",
    "rules_page": "winset.language.rules.page",
    "Scenario": "winset.language.scenario",
    "observe": "winset.learn.observe",
    "coverage": "winset.learn.coverage",
    "Observations": "winset.learn.sighting",
    "Sighting": "winset.learn.sighting",
    "compile_game": "winset.game.compile",
    "measure": "winset.game.compile",
    "Game": "winset.game.game",
    "BeliefGrid": "winset.game.grid",
    "Solution": "winset.game.solution",
    "solve": "winset.solve.backward",
    "certify": "winset.certify.certificate",
    "Certificate": "winset.certify.certificate",
    "Tree": "winset.tree.tree",
    "NormalForm": "winset.tree.tree",
    "read_game": "winset.tree.files",
    "write_game": "winset.tree.files",
    "unfold": "winset.tree.from_game",
    "Unfolded": "winset.tree.from_game",
    "SOURCES": "winset.study.sources",
    "SCENARIO_SOURCES": "winset.study.sources",
    "CERTIFICATE_SOURCES": "winset.study.sources",
    "cited": "winset.study.sources",
    "solvers_page": "winset.study.solver_table",
    "solve_game": "winset.study.tree_answer",
    "GameSolution": "winset.study.game_solution",
    "TreeEquilibrium": "winset.study.game_solution",
    "choose_method": "winset.study.tree_methods",
    "certify_tree": "winset.certify.extensive",
    "TreeCertificate": "winset.certify.extensive",
    "MarkovGame": "winset.game.markov",
    "MarkovSolution": "winset.game.markov",
    "markov_game": "winset.game.markov",
    "markov_form": "winset.game.markov_form",
    "solve_markov": "winset.solve.markov.logit",
    "certify_markov": "winset.certify.markov",
    "MarkovCertificate": "winset.certify.markov",
    "forecast": "winset.study.forecast",
    "ask": "winset.study.answer",
    "Answer": "winset.study.answer",
    "brief": "winset.study.brief",
    "beside": "winset.study.beside",
    "fitting_results": "winset.study.beside",
    "ahead": "winset.study.children",
    "Brief": "winset.study.brief_data",
    "claims": "winset.study.judged",
    "Claims": "winset.study.judged",
    "diff": "winset.study.diff",
    "Diff": "winset.study.diff",
    "hindcast": "winset.study.hindcast.making",
    "Hindcast": "winset.study.hindcast.data",
    "follow": "winset.study.following.run",
    "Following": "winset.study.following.data",
    "explain": "winset.study.explanation",
    "robust": "winset.study.robust.robust",
    "Robust": "winset.study.robust.data",
    "what_if_true": "winset.study.robust.inverse",
    "Condition": "winset.study.robust.data",
    "Explanation": "winset.study.explanation",
    "Forecast": "winset.study.brief_data",
    "to_pandas": "winset.study.frames",
    "to_xarray": "winset.study.frames",
    "render": "winset.face.html.page",
    "WinsetError": "winset.base.errors",
    "ScenarioError": "winset.base.errors",
    "SizeError": "winset.base.errors",
    "SolveError": "winset.base.errors",
}

__all__ = [
    "Answer",
    "BeliefGrid",
    "Brief",
    "Certificate",
    "Claims",
    "Condition",
    "Diff",
    "Explanation",
    "Following",
    "Forecast",
    "Game",
    "GameSolution",
    "Hindcast",
    "MarkovCertificate",
    "MarkovGame",
    "MarkovSolution",
    "NormalForm",
    "Observations",
    "Robust",
    "Scenario",
    "ScenarioError",
    "Sighting",
    "SizeError",
    "Solution",
    "Tree",
    "TreeCertificate",
    "TreeEquilibrium",
    "Unfolded",
    "WinsetError",
    "ask",
    "beside",
    "brief",
    "build",
    "certify",
    "certify_markov",
    "certify_tree",
    "check",
    "claims",
    "compile_game",
    "diff",
    "explain",
    "follow",
    "forecast",
    "hindcast",
    "list_scenarios",
    "markov_form",
    "markov_game",
    "observe",
    "read",
    "read_game",
    "render",
    "robust",
    "solve",
    "solve_game",
    "solve_markov",
    "to_pandas",
    "to_xarray",
    "unfold",
    "what_if_true",
    "write_game",
]
"""What is promised. The other names of `_HOMES` serve the command line and may change without notice."""


class _Facade(ModuleType):
    """Keeps `winset.solve` and `winset.certify` the functions they are promised to be.

    The rooms of the same names would otherwise take their place as soon as a module inside is imported.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Facade


def __getattr__(name: str) -> Any:
    """Fetches a public name from its room on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'winset' has no attribute {name!r}; it offers {', '.join(__all__)}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
