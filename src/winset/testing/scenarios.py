"""What any scenario has to pass, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from winset.base.errors import ScenarioError, WinsetError
from winset.certify.certificate import Certificate
from winset.game.compile import compile_game
from winset.game.game import Game
from winset.game.grid import BeliefGrid
from winset.game.solution import FAILED, Solution
from winset.language.format import format_text
from winset.language.reading import build, read_text
from winset.language.scenario import Scenario
from winset.language.shelf import read
from winset.solve.backward import solve as solve_backward
from winset.study.claims import judge
from winset.study.equilibria import Found as NoOthers
from winset.study.formulas import Asker
from winset.study.graph import Graph
from winset.study.solved import Study, StudySettings
from winset.testing import planted
from winset.testing.planted import Planted, Solve
from winset.testing.report import Check, Report, found, held, without
from winset.testing.rewriting import (
    Affine,
    Found,
    answers,
    differences,
    formulas_about,
    order_of,
    other_names,
    payoffs_of,
    renamed,
    renamed_formula,
    rescaled,
    shuffled,
)

TOLERANCE = 1e-9
"""Largest difference of answers that ought to be equal, relative to 1 or to the answer."""
EXACT = 1e-8
"""Largest probability by which beliefs may miss the joint distribution of types and histories."""
FLAT = 1e-6
"""Movement between grids below which an answer stands still."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A scenario under the battery: solved and walked once, whatever the number of checks that read it."""

    scenario: Scenario
    grid: int | None
    solve: Solve
    everything: bool
    seed: int

    @cached_property
    def game(self) -> Game:
        return compile_game(self.scenario)

    @cached_property
    def solution(self) -> Solution:
        settings = self.scenario.settings
        inner = settings.grid if self.grid is None else self.grid
        return self.solve(self.game, grid=BeliefGrid(self.game.type_counts, inner, settings.span))

    @cached_property
    def graph(self) -> Graph:
        return planted.histories(self.solution)

    @cached_property
    def certificate(self) -> Certificate:
        return planted.judged(self.solution, self.graph)

    @cached_property
    def formulas(self) -> tuple[str, ...]:
        every = formulas_about(self.scenario)
        return tuple(f for f in every if self.everything or " in " not in f)

    def answers(self, scenario: Scenario, formulas: Sequence[str], grid: int | None = None) -> Found:
        study = Study(scenario=scenario, settings=StudySettings(grid=self.grid if grid is None else grid))
        if not self.everything:
            study.found[""] = NoOthers()
        return answers(scenario, formulas, equilibria=self.everything, study=study)

    @cached_property
    def kept(self) -> Found:
        return self.answers(self.scenario, self.formulas)

    def compared(self, name: str, other: Scenario, formulas: Sequence[str] | None = None, says: str = "") -> Check:
        """The answers of a scenario that ought to have the same ones."""
        got = self.answers(other, formulas or self.formulas)
        return alike(name, self.kept.values(), got.values(), self.formulas, says)


def alike(name: str, one: Any, two: Any, names: Sequence[str], says: str) -> Check:
    """A check that two lots of answers are the same."""
    pairs = list(zip(one, two, strict=True))
    apart = differences([a for a, _ in pairs], [b for _, b in pairs], names, TOLERANCE)
    sizes = [abs(a - b) / max(1.0, abs(a)) for a, b in pairs if isinstance(a, float) and isinstance(b, float)]
    told = f"{len(names)} answers{says}" if not apart else f"{len(apart)} of {len(names)} answers differ: {apart[0]}"
    check = held(name, max(sizes, default=0.0), TOLERANCE, told)
    return replace(check, outcome="failed") if apart else check


def _compiles(one: _Asked) -> Check:
    game = one.game
    return found("compiles", True, f"{len(game.stages)} stages, {len(game.states)} public states")


def _solves(one: _Asked) -> Check:
    solution = one.solution
    cells = sum(h.size for h in solution.how)
    failed = sum(int((h == FAILED).sum()) for h in solution.how)
    says = f"{failed:,} of {cells:,} cells missed the tolerance" if solution.status == "solved" else solution.status
    check = held("solves", failed / max(cells, 1), 1e-4, says)
    return check if solution.status in ("solved", "some cells failed") else replace(check, outcome="failed")


def _certificate(one: _Asked) -> Check:
    got = one.certificate
    return found("certificate", not got.failures, ", ".join(got.failures) or "no figure beyond its limit")


def _gains(one: _Asked) -> Check:
    got = one.certificate
    gains = (*got.one_shot_gain, *got.full_gain)
    below = max((-min(g.interim, g.ex_ante) for g in gains), default=0.0)
    above = max((g.ex_ante - g.ex_ante_bound for g in got.full_gain), default=0.0)
    worst = max(below, above, got.beyond_logit.value)
    return held(
        "deviation gains", max(worst, 0.0), got.tolerances.beyond_logit,
        "no gain below 0, none beyond what the logit errors explain",
    )  # fmt: skip


def _martingale(one: _Asked) -> Check:
    belief, mass, mean, count = planted.joint_walk(one.solution)
    return held(
        "beliefs average to the prior", max(belief, mass, mean), EXACT,
        f"{count:,} histories: beliefs are shares of the joint distribution of types, and their mean does not move",
    )  # fmt: skip


def _names(one: _Asked) -> Check:
    names = other_names(one.scenario)
    other = renamed(one.scenario, names)
    return one.compared(
        "relabelling", other, [renamed_formula(f, names) for f in one.formulas], f", {len(names)} names changed"
    )


def _order(one: _Asked) -> Check:
    name, text = "order of declaration", one.scenario.text
    if not text:
        return without(name, "the scenario has no text, so nothing was declared in an order")
    document = dict(YAML(typ="safe").load(text))
    wide = any(len(p.types) > 2 for p in one.scenario.players)  # three types: their order is that of the grid
    turned = shuffled(document, one.seed, keep=("types",) if wide else ())
    if order_of(turned) == order_of(document):
        return without(name, "nothing in it can be declared in another order")
    try:
        other = build(**{key.replace(" ", "_"): part for key, part in turned.items()})
    except ScenarioError as error:
        return found(name, False, f"in another order it is refused: {error.diagnostics[0].message}")
    return one.compared(name, other, says=", types in their order since three lie on an uneven grid" if wide else "")


def units(scenario: Scenario) -> dict[str, Affine]:
    """Another unit and another zero for each player; no other zero where a game has no end but may stop."""
    stops = scenario.clock.rounds is None and scenario.ends_when is not None
    return {
        p.name: Affine(scale=1.7 + i, shift=0.0 if stops else 0.3 - i) for i, p in enumerate(scenario.players)
    }  # fmt: skip


def without_payoffs(formulas: Sequence[str]) -> tuple[str, ...]:
    """The formulas whose answers do not change with the units of payoffs."""
    return tuple(f for f in formulas if "value(" not in f)


def in_unit(game: Game, how: dict[str, Affine], formula: str, value: Any) -> Any:
    """A payoff in the new unit; without end the shift is paid every round."""
    if not isinstance(value, float):
        return value
    name = formula.removeprefix("value(").removesuffix(")").split(" is ")[0]
    worth = 1.0
    if game.infinite:
        worth = 1.0 / (1.0 - next(p.discount for p in game.players if p.name == name))
    return how[name].scale * value + how[name].shift * worth


def _units(one: _Asked) -> Check:
    name, how = "units of payoffs", units(one.scenario)
    if any(p.discount == 1.0 for p in one.game.players) and one.game.infinite:
        how = {player: replace(unit, shift=0.0) for player, unit in how.items()}
    if "included" in one.scenario.settings.shocks and any(a.shift for a in how.values()):
        return without(name, "payoffs include the expected shocks, which a constant does not move alike")
    choices, payoffs = without_payoffs(one.formulas), payoffs_of(one.scenario)
    formulas = [*choices, *payoffs]
    got = one.answers(rescaled(one.scenario, how), formulas)
    due = [one.kept[f] for f in choices] + [in_unit(one.game, how, f, one.kept[f]) for f in payoffs]
    return alike(name, due, [got[f] for f in formulas], formulas, ", payoffs in their new units, λ with them")


def _refines(one: _Asked) -> Check:
    name = "refinement converges"
    if not any(len(p.types) > 1 for p in one.scenario.players):
        return without(name, "nobody has private information, so there is no grid of beliefs")
    inner = one.scenario.settings.grid if one.grid is None else one.grid
    formulas = [*payoffs_of(one.scenario), *(q.formula for q in one.scenario.questions if " in " not in q.formula)]
    by_grid = [one.answers(one.scenario, formulas, grid=g) for g in (max((inner + 1) // 2, 1), inner, 2 * inner)]
    moved = [largest(a, b) for a, b in pairwise(by_grid)]
    return held(
        name, moved[1], max(moved[0], FLAT),
        f"headline answers move by {moved[0]:.2g} to {inner} inner nodes of belief and by {moved[1]:.2g} to twice as "
        "many",
    )  # fmt: skip


def largest(one: Found, two: Found) -> float:
    """The largest difference of two lots of answers, of those that are numbers in both."""
    return max(
        (abs(a - b) for a, b in zip(one.values(), two.values(), strict=True)
         if isinstance(a, float) and isinstance(b, float)), default=0.0,
    )  # fmt: skip


def _round_trip(one: _Asked) -> Check:
    name, text = "round trip through text", one.scenario.text
    if not text:
        return without(name, "the scenario has no text")
    tidy = format_text(text)
    again = read_text(tidy, one.scenario.file)
    if format_text(tidy) != tidy:
        return found(name, False, "formatting the formatted text changes it again")
    same = again == read_text(text, one.scenario.file) == one.scenario
    return found(name, same, "formatted and read again it is the same" if same else "formatted, it is another scenario")


def _claims(one: _Asked) -> Check:
    name = "claims that are results"
    results = [c for c in one.scenario.claims if c.kind == "result"]
    if not results:
        return without(name, "it makes no claim of the kind `result`")
    asker = Asker(Study(scenario=one.scenario), grid_check=False)
    said = {c.name: judge(asker, c) for c in results}
    several = [n for n, v in said.items() if v["verdict"] == "undecided" and "depends on which of" in v["why"]]
    bad = [n for n, v in said.items() if v["verdict"] != "holds" and n not in several]
    told = f"{len(results) - len(bad) - len(several)} of {len(results)} hold, on the scenario's own grid"
    if several:
        told += f"; {', '.join(several)} in some of its equilibria"
    return found(name, not bad, told + (f"; {bad[0]}: {said[bad[0]]['why']}" if bad else ""))


def _planted(name: str, make: Callable[[_Asked], Planted]) -> Callable[[_Asked], Check]:
    def check(one: _Asked) -> Check:
        got = make(one)
        if got.why:
            return without(name, got.why)
        by = f"caught by {', '.join(got.caught)}" if got.caught else "the certificate did not notice"
        return found(name, bool(got.caught), f"{by}: {got.where}")

    return check


CHECKS: dict[str, Callable[[_Asked], Check]] = {
    "compiles": _compiles,
    "solves": _solves,
    "certificate": _certificate,
    "deviation gains": _gains,
    "beliefs average to the prior": _martingale,
    "relabelling": _names,
    "order of declaration": _order,
    "units of payoffs": _units,
    "refinement converges": _refines,
    "round trip through text": _round_trip,
    "claims that are results": _claims,
    "planted: a perturbed strategy": _planted(
        "planted: a perturbed strategy", lambda one: planted.perturbed_strategy(one.solution)),
    "planted: a wrong posterior": _planted(
        "planted: a wrong posterior", lambda one: planted.wrong_posterior(one.solution)),
    "planted: a lost branch": _planted(
        "planted: a lost branch", lambda one: planted.lost_branch(one.solution, one.solve)),
    "planted: a lost history": _planted(
        "planted: a lost history", lambda one: planted.lost_history(one.solution)),
}  # fmt: skip
"""The checks of a scenario, by name, in the order in which they are made."""


def check_scenario(
    scenario: Scenario | str | Path,
    *,
    grid: int | None = None,
    solve: Solve = solve_backward,
    only: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    everything: bool = False,
    seed: int = 1,
) -> Report:
    """Holds a scenario against everything that has to be so whatever it is about.

    It compiles and is solved; the certificate passes; no deviation gains less than nothing or more than the logit
    errors explain; beliefs are the shares of the joint distribution of types and histories, so that they average to the
    prior; other names, another order of declaration and other units of payoffs (with λ to match) change no answer;
    headline answers move less on a finer grid of beliefs; formatted and read again it is the same scenario; its claims
    of the kind `result` hold. And the certificate is seen to work here: a perturbed strategy, a wrong posterior, a lost
    branch and a lost history are planted, and each has to be caught.

    Args:
        scenario: as made by `winset.read` or `winset.build`; or the name or path of one.
        grid: inner belief nodes per dimension, for all but the claims; None: what the scenario asks for.
        solve: the solver of the checks on one solution, called as `solve(game, grid=grid)`.
        only: names of the checks to make; by default all of `CHECKS`.
        leave_out: names of checks not to make.
        everything: compare also the answers that read variants or other equilibria, which takes longer.
        seed: of the order of declaration.

    Returns:
        The report. A check that ends in an error has failed.

    Raises:
        ScenarioError: the scenario cannot be read.
        KeyError: no check has such a name.
    """
    subject = scenario if isinstance(scenario, Scenario) else read(scenario)
    for name in (*only, *leave_out):
        if name not in CHECKS:
            raise KeyError(f"no check `{name}`; there are {', '.join(CHECKS)}")
    one = _Asked(scenario=subject, grid=grid, solve=solve, everything=everything, seed=seed)
    wanted = [name for name in (only or CHECKS) if name not in leave_out]
    return Report(subject=subject.title, checks=tuple(_made(one, wanted)))


def _made(one: _Asked, names: Sequence[str]) -> Iterator[Check]:
    for name in names:
        try:
            yield CHECKS[name](one)
        except WinsetError as error:
            yield found(name, False, f"it ended in an error: {error}".splitlines()[0])
