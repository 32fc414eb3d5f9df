"""The brief: everything about a scenario, as data (see `brief_data`).

`brief` looks into the cache first and loads the numeric rooms only when there is something to compute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from winset.language.given import given_grid, given_values
from winset.language.scenario import Scenario
from winset.language.stacked import taken
from winset.study import cache as store
from winset.study.brief_data import Brief
from winset.study.cards import ShownBrief
from winset.study.children import Setup, tell_ahead


def brief(
    scenario: Scenario,
    *,
    variant: str = "",
    values: dict[str, float] | None = None,
    grid: int | None = None,
    full: bool = False,
    all_variants: bool = False,
    cache: bool = True,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Brief:
    """Solves, certifies, forecasts, and answers every question and claim of a scenario.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        variant: the variant to take as the base; other variants are read on top of it, and what then has no one
            meaning is undecided for that reason.
        values: parameter values that replace the central ones.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        full: measure the grid error on a grid with about twice the inner nodes, not half.
        all_variants: solve every variant, not only those that a question or claim reads.
        cache: look into and keep briefs in the disk cache.
        memory: most bytes a solution may take.
        progress: progress(done, total, label).

    Returns:
        The brief. Same scenario, settings and versions, same bytes, `timings` apart.

    Raises:
        ScenarioError: there is no such variant.
        SizeError: the game would not fit; says what to change.
    """
    values = given_values(scenario, values)
    given_grid(grid)
    name = _entry(scenario, variant, values, grid, full=full, all_variants=all_variants)
    if cache and (kept := _kept(name)) is not None:
        return kept
    base = taken(scenario, variant)
    if not full:
        tell_ahead(Setup.of(base.scenario, values=values, grid=grid, memory=memory, base=base.solve))
    from winset.study.making import make_brief
    from winset.study.stacking import put_back, without_refused

    out = make_brief(
        without_refused(base), variant=base.solve, values=values, grid=grid, full=full,
        all_variants=all_variants and not base.solve, memory=memory, progress=progress,
    )  # fmt: skip
    if variant:
        out = put_back(out, base, scenario, values)
    if cache:
        store.store(name, out)
    return cast(Brief, ShownBrief(out))


def known(scenario: Scenario, *, variant: str, values: dict[str, float], grid: int | None) -> Brief | None:
    """The brief, where one is kept in the cache already."""
    return _kept(_entry(scenario, variant, values, grid))


def _entry(
    scenario: Scenario, variant: str, values: dict[str, float], grid: int | None, *, full: bool = False,
    all_variants: bool = False,
) -> str:  # fmt: skip
    """The name under which a brief is kept."""
    parts = {
        "scenario": store.scenario_hash(scenario, values, variant), "grid": grid, "full": full,
        "all_variants": all_variants, "file": scenario.file,
    }  # fmt: skip
    return store.key("brief", parts)


def _kept(name: str) -> Brief | None:
    kept = store.load(name)
    if isinstance(kept, dict) and kept.keys() >= Brief.__required_keys__:
        return cast(Brief, ShownBrief({**kept, "timings": {**kept["timings"], "from_cache": 1.0}}))
    return None
