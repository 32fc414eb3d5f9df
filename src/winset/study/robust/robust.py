"""`winset.robust`: answers and verdicts over everything that the author of a scenario left uncertain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from winset.base.errors import WinsetError
from winset.language.days import settled_by_rows
from winset.language.formula import Formula, From, parse_formula, walk
from winset.language.given import given_grid, given_values
from winset.language.rules.formulas import resolve
from winset.language.scenario import Claim, Question, Scenario
from winset.language.stacked import taken, variants_read
from winset.study.cache import scenario_hash
from winset.study.judged import known_names
from winset.study.robust.data import Robust

DRAWS = 256
"""Draws that are made where no number is asked for: a power of two, as Sobol points like it."""
CHECKS = 8
"""Draws that are solved on the finer grid too."""


def robust(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    compared: int | None = None,
    seed: int = 1,
    questions: Sequence[str] = (),
    variant: str = "",
    values: dict[str, float] | None = None,
    grid: int | None = None,
    fine: int | None = None,
    checks: int = CHECKS,
    leading: int = 2,
    bars: int = 6,
    maps: Sequence[str] = (),
    side: int = 9,
    workers: int | None = None,
    on: str = "",
    store: Path | str | None = None,
    evidence: str = "",
    facts: Any = None,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Robust:
    """Answers every question and judges every claim over draws from all ranges and distributions of the parameters.

    Draws are the points of a scrambled Sobol sequence; each is solved, measured and kept on disk, so that a run that
    was ended goes on where it was, and a longer run begins with what a shorter one has done. A draw that cannot be
    solved is counted and told, and is in no average.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        draws: how many; powers of two are covered most evenly.
        compared: in how many of them, the first, what reads variants or starts elsewhere (`from`) is asked too: each of
            these is another solution. None: in all.
        seed: of the scrambling.
        questions: names of the questions and claims that are asked; by default all that can be computed.
        variant: the variant to take as the base.
        values: central values that replace the scenario's.
        grid: inner belief nodes per dimension in the draws; None: about half of what the scenario asks for.
        fine: the same of the draws that are checked; None: what the scenario asks for.
        checks: how many draws are solved on the finer grid too, and certified in full.
        leading: for how many parameters of each claim that turns the turning value is sought.
        bars: how many bars each tornado has.
        maps: names of questions and claims of which a two-way map is made.
        side: points a side of a map.
        workers: how many processes; None: as many as cores.
        on: "" for processes of this machine, "here" for this very process, "dask" or "dask://HOST:PORT" for a cluster.
        store: the folder in which results are kept; None: in the user's cache folder.
        evidence: `package.module:name` of a function of a solved base (`winset.study.solved.Solved`) and `facts` that
            gives numbers by name; they are kept with each draw.
        facts: JSON data for it.
        memory: most bytes that a solution may take.
        progress: progress(done, total, label).

    Raises:
        ScenarioError: C493 there is no such question or claim; there is no such variant.
        WinsetError: no parameter has a range; something that is needed is not installed; no cluster answers.
    """
    from winset.study.robust.axes import axes
    from winset.study.robust.draw import Setup
    from winset.study.robust.making import Making, Plan
    from winset.study.runs.running import executor
    from winset.study.runs.store import Store
    from winset.study.solved import half

    central = given_values(scenario, values)
    given_grid(grid)
    given_grid(fine)
    first = draws if compared is None else compared
    at_least(draws=(draws, 1), compared=(first, 0), checks=(checks, 0), leading=(leading, 0), bars=(bars, 0))
    at_least(side=(side, 2))
    base = taken(scenario, variant)
    items = _items(scenario, base, questions)
    known_names(maps, [item.name for item in items], "question or claim of the run")
    found = axes(base.scenario, central)
    if maps and len(found) < 2:
        raise WinsetError("a two-way map needs two parameters with a range; the scenario has one")
    asks = base.scenario.settings.grid
    setup = Setup(
        scenario=base.scenario, base=base.solve, formulas=tuple((i.name, i.formula) for i in items),
        grid=grid or half(asks), evidence=evidence, facts=facts, memory=memory,
    )  # fmt: skip
    plan = Plan(
        setup=setup, items=items, axes=found, central=central, draws=draws, compared=first, seed=seed,
        checks=checks, fine=fine or max(asks, setup.grid), leading=leading, bars=bars, maps=tuple(maps), side=side,
        variant=variant, hash=scenario_hash(scenario, None, variant),
    )  # fmt: skip
    with executor(on, workers) as at:
        return Making(plan=plan, store=Store(store), at=at, progress=progress).make()


def _items(scenario: Scenario, base: Any, wanted: Sequence[str]) -> Any:
    """The questions and claims that are asked, those left out that the record answers or that nothing computes."""
    from winset.study.asking import unit_of
    from winset.study.robust.making import Item

    known = [q.name for q in scenario.questions] + [c.name for c in scenario.claims]
    known_names(wanted, known, "question or claim")
    out = []
    named: list[tuple[str, Question | None, Claim | None]] = [
        *((q.formula, q, None) for q in scenario.questions), *((c.holds_if, None, c) for c in scenario.claims),
    ]  # fmt: skip
    for text, question, claim in named:
        name = question.name if question else claim.name if claim else ""
        if not text or (wanted and name not in wanted):
            continue
        tree = parse_formula(text)
        if settled_by_rows(tree) or base.refuses(tree):
            continue
        compares = any(read != base.solve for read in variants_read(tree, base.solve))
        compares |= any(isinstance(node, From) for node in walk(tree))
        unit = "truth" if is_truth(tree) else unit_of(tree)
        out.append(Item(name=name, formula=text, unit=unit, compares=compares, question=question, claim=claim))
    if not out:
        raise WinsetError(
            "there is nothing to ask: no question or claim of those named has a formula that the model computes"
        )
    return tuple(out)


def is_truth(tree: Formula) -> bool:
    """Whether a formula is true or false rather than a number."""
    from winset.language.formula import Near, Operation, Sign

    while hasattr(tree, "formula"):
        tree = tree.formula
    if isinstance(tree, Operation):
        return tree.op in ("and", "or", "=", "!=", "<", "<=", ">", ">=")
    return isinstance(tree, Near) or (isinstance(tree, Sign) and tree.op == "not")


def checked_formula(scenario: Scenario, text: str) -> Formula:
    """The tree of a formula that is true or false, its names checked.

    Raises:
        ScenarioError: a name in it is wrong.
        WinsetError: it is a number.
    """
    from winset.base.diagnostics import Where

    tree = resolve(scenario, text, Where("", 1, 1))
    if not is_truth(tree):
        raise WinsetError(f"`{text}` is a number, not something true or false\n    fix: Compare it: `{text} > 0.5`.")
    return tree


def at_least(**given: tuple[int, int]) -> None:
    """Refuses what is no whole number, or less than the least: `name=(value, least)`.

    Raises:
        WinsetError: one is.
    """
    for name, (value, least) in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise WinsetError(f"`{name}` is a whole number of at least {least}, not {value!r}")


__all__ = ["CHECKS", "DRAWS", "at_least", "checked_formula", "is_truth", "robust"]
