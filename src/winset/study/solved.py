"""A scenario solved, variant by variant, only where a question needs it.

A `Study` holds one scenario at given values and keeps every variant that it has solved; a `Solved` is one of them:
compiled, measured, solved, and with its public histories walked when they are first asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import SizeError
from winset.base.memory import give_back
from winset.game.compile import Tables, compile_game, measure
from winset.game.game import Game, Size
from winset.game.grid import BeliefGrid
from winset.game.solution import Solution
from winset.language import variants
from winset.language.clock import round_of_text
from winset.language.expr import Expr, Number, Plays
from winset.language.formula import Formula
from winset.language.lexer import problem
from winset.language.scenario import Scenario, Value
from winset.learn.histories import Place
from winset.solve.backward import solve
from winset.study.atoms import Language
from winset.study.course import Course, Equilibrium, Misperceived, stacked_belief
from winset.study.equilibria import Found, find
from winset.study.events import Event
from winset.study.flow import Flow, run
from winset.study.graph import Graph, Walking, walk
from winset.study.history import beginning, follow, placed
from winset.study.measures import RoundEnd, round_ends

if TYPE_CHECKING:
    from winset.study.facts import Fact

Progress = Callable[[int, int, str], None]
"""progress(done, total, label), called now and then."""


@dataclass(frozen=True, kw_only=True)
class StudySettings:
    """How questions are answered.

    Attributes:
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        memory: most bytes a solution may take.
        walking: how closely histories are followed.
        walking_variants: the same on the half grid, where variants and the base are compared.
    """

    grid: int | None = None
    memory: float = 1.5e9
    walking: Walking = Walking(prune=1e-9, spread=3e-5)
    walking_variants: Walking = Walking(prune=1e-9, spread=1e-4)

    def inner(self, scenario: Scenario) -> int:
        """Inner belief nodes per dimension."""
        return self.grid if self.grid is not None else scenario.settings.grid

    def as_dict(self) -> dict[str, Any]:
        """What identifies the settings, as plain data."""
        out: dict[str, Any] = {"grid": self.grid}
        for end, how in (("", self.walking), ("_variants", self.walking_variants)):
            out |= {f"spread{end}": how.spread, f"prune{end}": how.prune}
        return out


class Solved:
    """One variant of a scenario, solved.

    Attributes:
        variant: its name; "" for the base.
        game, size, solution: as made by `compile_game`, `measure` and `solve`.
        walking: how closely its histories are followed.
        course: what is played and believed; where somebody errs about the game, not the equilibrium `solution`.
    """

    def __init__(
        self, *, variant: str, game: Game, size: Size, solution: Solution, walking: Walking,
        course: Course | None = None,
    ) -> None:  # fmt: skip
        self.variant = variant
        self.game = game
        self.size = size
        self.solution = solution
        self.walking = walking
        self.course: Course = course or Equilibrium(game, solution)
        self._flows: dict[Event, Flow] = {}

    @cached_property
    def language(self) -> Language:
        """What formulas may read of this game."""
        return language_of(self.game)

    @cached_property
    def without_error(self) -> Solved:
        """The same game with everyone in the equilibrium `solution`: what can be certified."""
        if not self.course.perceived:
            return self
        return Solved(
            variant=self.variant, game=self.game, size=self.size, solution=self.solution, walking=self.walking
        )

    @property
    def beginning(self) -> Place:
        """The start of the game."""
        place = beginning(self.game)
        assert place.nodes is not None
        belief = np.tile(self.course.prior({}), (len(place.nodes.mass), 1))
        return replace(place, nodes=replace(place.nodes, belief=belief))

    @cached_property
    def graph(self) -> Graph:
        """Public histories from the start."""
        return self.graph_from(self.beginning)

    @cached_property
    def ends(self) -> list[RoundEnd]:
        """What stands at the end of each round, from the start."""
        return round_ends(self.graph)

    def flow(self, event: Event) -> Flow:
        """The flow of probability from the start under one event, kept: curves and dated questions share it."""
        if event not in self._flows:
            self._flows[event] = run(self.graph, self.language, (event,))
        return self._flows[event]

    def graph_from(self, place: Place, rounds: int | None = None) -> Graph:
        """Public histories from a place on, with what led there; `rounds`: only so far."""
        if place.nodes is None:
            return Graph(
                game=self.game, layers=place.before, mass_lost=0.0, reached=place.reached, believe=self.course.believe
            )
        return walk(
            self.game, self.course.respond, place.nodes, how=self.walking, before=place.before, reached=place.reached,
            rounds=rounds, believe=self.course.believe,
        )  # fmt: skip

    def after(self, observations: tuple[Plays, ...]) -> Place:
        """Where a public history leads."""
        course = self.course
        return follow(
            self.game, course.respond, self.language, observations, start=self.beginning, believe=course.believe
        )


@dataclass
class Study:
    """A scenario at given values, with every variant solved so far.

    Attributes:
        scenario: the scenario.
        values: parameter values that replace the central ones.
        settings: how questions are answered.
        progress: told what is being done.
        seconds: time spent, by part.
    """

    scenario: Scenario
    values: dict[str, float] | None = None
    settings: StudySettings = field(default_factory=StudySettings)
    progress: Progress | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    base: str = ""
    """The variant that counts as the base."""
    found: dict[str, Found] = field(default_factory=dict)
    """Other equilibria by variant, found once on whichever grid a variant was first searched (`study.equilibria`)."""
    tables: Tables = field(default_factory=dict)
    """What compiling has made so far, shared by variants and grids; what the base does not use goes with a variant."""
    facts: dict[Formula, Fact] = field(default_factory=dict)
    """What record files answered, which is the same in every variant and on every grid."""
    games: dict[str, tuple[Game, frozenset[object]]] = field(default_factory=dict)
    """The base compiled, which is the same on every grid, and the tables that it uses."""

    def __post_init__(self) -> None:
        self._solved: dict[Any, Solved] = {}
        self._others: dict[str, tuple[Solved, ...]] = {}
        self._coarse: Study | None = None
        self._size: Size | None = None
        self._left: Solution | None = None

    @property
    def dimensions(self) -> int:
        """Dimensions of the grid of beliefs; 0 where nobody has private information."""
        return sum(max(len(p.types) - 1, 0) for p in self.scenario.players)

    def size(self) -> Size:
        """How large the base is; it is compiled for that, and not solved."""
        return self._of_size(self.scenario, self.base)[1]

    def solved(self, variant: str = "", equilibrium: int = 0) -> Solved:
        """A variant, solved now if it was not before; in its principal equilibrium (0), or in another one.

        Raises:
            ScenarioError: there is no such variant.
            SizeError: it would not fit; says what to change.
        """
        name = variant or self.base
        if name not in self._solved:
            self._solved[name] = self._solve(self.scenario, name)
        return self._others_of(name)[equilibrium - 1] if equilibrium else self._solved[name]

    def language(self, variant: str = "") -> Language:
        """What formulas may read in a variant; it is compiled for that, and not solved.

        Raises:
            ScenarioError: there is no such variant.
        """
        name = variant or self.base
        if name in self._solved:
            return self._solved[name].language
        return language_of(self._of_size(self.scenario, name)[0])

    def count(self, variant: str = "") -> int:
        """How many equilibria of a variant are known, the principal one among them; searches where nobody has yet.

        Raises:
            ScenarioError: there is no such variant.
            SizeError: it would not fit; says what to change.
        """
        name = variant or self.base
        if name not in self.found:
            self.solved(name)
            self._others_of(name)
        return 1 + len(self.found[name].selections)

    def _others_of(self, name: str) -> tuple[Solved, ...]:
        """A solved variant in its other equilibria: found now, or played as they were found on another grid."""
        if name not in self._others:
            one = self._solved[name]
            if name in self.found:
                others = tuple(s.of(one.solution) for s in self.found[name].selections)
            else:
                search = (lambda: find(one.solution)) if one.course.plays_game else (lambda: (Found(), ()))
                self.found[name], others = self._timed("equilibria", search)
                for view in one.course.perceived:
                    self.count(view)  # so that a reader is told of others
            self._others[name] = tuple(
                Solved(
                    variant=one.variant, game=one.game, size=one.size, solution=other, walking=one.walking,
                    course=one.course.of(other),
                )
                for other in others
            )  # fmt: skip
        return self._others[name]

    def holds(self, variant: str) -> bool:
        """Whether a variant is solved and has not been let go."""
        return (variant or self.base) in self._solved

    def forget(self, variant: str) -> None:
        """Lets a variant's solution and histories go; what went last helps to solve the next.

        Of the base, only what was solved from another start state goes."""
        own = self._solved.get(variant)
        if own is not None and variant != self.base:
            self._left = own.solution
        gone = {variant, *(own.course.perceived if own is not None else ())} - {self.base}
        for key in [k for k in self._solved if (k in gone if isinstance(k, str) else k[0] in gone | {variant})]:
            del self._solved[key]
        for name in gone:
            self._others.pop(name, None)
        for mark in set(self.tables) - self.games[self.base][1] if self.games else ():
            del self.tables[mark]
        give_back()

    def restarted(self, variant: str, start: tuple[tuple[str, Value], ...]) -> Solved:
        """A variant with another start state, solved on its own.

        Raises:
            ScenarioError: C492 somebody errs about the game in that variant.
        """
        key = (variant or self.base, start)
        if variants.perception(self.scenario, key[0]):
            raise problem(
                "C492", f"in `{key[0]}` somebody errs about the game, which never comes to the state after `from`",
                fix="ask from a state that the game comes to, or state the start in both variants",
            )  # fmt: skip
        if key not in self._solved:
            for other in [k for k in self._solved if not isinstance(k, str)]:
                del self._solved[other]  # read once, as a rule
            changed = dict(start)
            scenario = variants.apply(self.scenario, key[0])
            one: Expr = Number(1.0)
            state = tuple(
                replace(v, start=((changed[v.name], one),)) if v.name in changed else v for v in scenario.state
            )
            self._solved[key] = self._solve(replace(scenario, state=state), "", shown=key[0])
        return self._solved[key]

    @property
    def coarse(self) -> Study:
        """The same scenario on a belief grid with about half the inner nodes, to see how far answers move."""
        if self._coarse is None:
            self._coarse = self.on_grid(half(self.settings.inner(self.scenario)))
            quick = replace(self._coarse.settings, walking=self.settings.walking_variants)
            self._coarse.settings = quick
        return self._coarse

    def on_grid(self, inner: int) -> Study:
        """The same scenario on another belief grid."""
        return Study(
            scenario=self.scenario, values=self.values, settings=replace(self.settings, grid=inner),
            progress=self.progress, seconds=self.seconds, base=self.base, found=self.found, tables=self.tables,
            facts=self.facts, games=self.games,
        )  # fmt: skip

    def _solve(self, scenario: Scenario, variant: str, shown: str | None = None) -> Solved:
        perception = variants.perception(scenario, variant)
        views = {name: self.solved(name) for name in perception.seen.values()}
        game, size = self._of_size(scenario, variant)
        label = (variant if shown is None else shown) or "base"
        grid = self._grid(game)
        refuse(size, self.settings.memory, grid)
        tell = None
        if self.progress is not None:
            report = self.progress
            tell = lambda done, total, what: report(done, total, f"{label}: {what}")  # noqa: E731
        known = tuple(s.solution for s in self._solved.values()) + ((self._left,) if self._left else ())
        solution = self._timed(
            "solve", lambda: solve(game, grid=grid, memory=self.settings.memory, progress=tell, known=known)
        )
        course: Course | None = None
        if perception:
            seen = {name: one.solution for name, one in views.items()}
            course = self._timed(
                "answer", lambda: Misperceived(solution, perception=perception, views=seen, variant=variant)
            )
        return Solved(
            variant=variant, game=game, size=size, solution=solution, walking=self.settings.walking, course=course
        )

    def _grid(self, game: Game) -> BeliefGrid:
        return BeliefGrid(game.type_counts, self.settings.inner(self.scenario), game.scenario.settings.span)

    def _of_size(self, scenario: Scenario, variant: str) -> tuple[Game, Size]:
        """The game compiled, and its size; the base's is kept."""
        base = scenario is self.scenario and variant == self.base
        if not base or self.base not in self.games:
            game = self._timed(
                "compile", lambda: compile_game(scenario, variant=variant, values=self.values, tables=self.tables)
            )
            if not base:
                return game, measure(game, self._grid(game))
            self.games[self.base] = game, frozenset(self.tables)
        game = self.games[self.base][0]
        self._size = self._size or measure(game, self._grid(game))
        return game, self._size

    def _timed(self, part: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        out = work()
        self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - begun
        return out


def language_of(game: Game) -> Language:
    """What formulas may read of a game."""
    return Language(game, lambda text: round_of_text(game.scenario.clock, text))


def half(inner: int) -> int:
    """About half the inner nodes, on nodes of the same span."""
    return max((inner + 1) // 2, 1)


def refuse(size: Size, memory: float, grid: BeliefGrid) -> None:
    """Refuses a game that would not fit, with advice.

    Raises:
        SizeError: the estimate exceeds `memory`.
    """
    if size.bytes <= memory:
        return
    message = f"solving needs about {size.bytes / 1e9:.1f} GB and {memory / 1e9:.1f} GB are allowed"
    largest = ", ".join(f"{name}: {count}" for name, count in size.largest)
    fix = f"lower `solution: grid` (now {grid.inner}), drop a state variable or coarsen its range, or allow more memory"
    raise SizeError([Diagnostic(code="G900", message=message, why=f"the largest parts are {largest}", fix=fix)])


__all__ = ["Progress", "Solved", "Study", "StudySettings", "half", "placed", "stacked_belief"]
