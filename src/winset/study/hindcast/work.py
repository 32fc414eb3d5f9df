"""One draw of the parameters: solved, the record followed to each date, every event forecast from there.

A *date* is the first day of a round; what is known then is the record up to the day before. Nothing else of the record
reaches the solution, the filter or the forecast.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from winset.language.clock import first_day, round_of
from winset.language.expr import Binary, Expr, Name, Number
from winset.language.formula import Probability, parse_formula
from winset.language.scenario import Clock, Scenario
from winset.language.variants import apply
from winset.learn.filter import Followed, Trail, follow_record
from winset.learn.observe import observe
from winset.learn.sighting import Observations
from winset.study.events import Event
from winset.study.flow import Watch, begin, run
from winset.study.graph import Walking
from winset.study.solved import Solved, Study, StudySettings


@dataclass(frozen=True, kw_only=True)
class Hindcasting:
    """What all draws share.

    Attributes:
        scenario: with its tables read.
        variant: which variant is hindcast; "" for the base.
        rounds: numbers of the rounds on whose first days forecasts are made.
        deadlines: for each event of the scenario, the days up to which it is forecast.
        unchecked: count rows that nobody has checked.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        memory: most bytes a solution may take.
        walking: how closely histories are followed after each date.
    """

    scenario: Scenario
    variant: str
    rounds: tuple[int, ...]
    deadlines: tuple[tuple[dt.date, ...], ...]
    unchecked: bool = True
    grid: int | None = None
    memory: float = 1.5e9
    walking: Walking = Walking(prune=1e-6, spread=3e-4)

    @property
    def clock(self) -> Clock:
        """The calendar in force."""
        return apply(self.scenario, self.variant).clock


def known_at(scenario: Scenario, number: int, *, variant: str = "", unchecked: bool = True) -> Observations:
    """What the record says on the first day of a round: its rows up to the day before."""
    until = first_day(apply(scenario, variant).clock, number) - dt.timedelta(days=1)
    return observe(scenario, until=until.isoformat(), variant=variant, unchecked=unchecked)


class Worker:
    """Forecasts at each date, for one draw after another."""

    def __init__(self, shared: Hindcasting) -> None:
        self.shared = shared
        self.known = [
            known_at(shared.scenario, r, variant=shared.variant, unchecked=shared.unchecked) for r in shared.rounds
        ]
        self.conditions = [condition_of(event.formula) for event in shared.scenario.hindcast]

    def __call__(self, own: dict[str, Any]) -> dict[str, Any]:
        """What one draw says.

        Args:
            own: `values`: parameter values that replace the central ones.

        Returns:
            By date: `log_evidence` of the record up to then (None: the model cannot have it), `belief` of its reader
            about each player's types, `forecast` by event and deadline (None where the deadline has passed, lies
            outside the calendar, or the record cannot be), and `lost`, the probability dropped on the way.
        """
        shared = self.shared
        how = StudySettings(grid=shared.grid, memory=shared.memory, walking=shared.walking)
        study = Study(scenario=shared.scenario, values=own["values"], settings=how, base=shared.variant)
        solved = study.solved()
        out: dict[str, Any] = {"log_evidence": [], "belief": [], "forecast": [], "lost": []}
        trail: Trail = []
        for number, known in zip(shared.rounds, self.known, strict=True):
            followed = self.followed(solved, known, trail)
            possible = followed.broken is None
            out["log_evidence"].append(followed.log_evidence if possible else None)
            out["belief"].append([float(x) for x in followed.end])
            chances, lost = self.forecasts(solved, followed, number) if possible else (self.nothing(), 0.0)
            out["forecast"].append(chances)
            out["lost"].append(lost + followed.mass_lost)
        return out

    def followed(self, solved: Solved, known: Observations, trail: Trail) -> Followed:
        """The record followed as far as it is known; `trail` holds the stages of the date before."""
        course = solved.course
        return follow_record(
            solved.game, course.respond, known, believe=course.believe, prior=course.prior({}), trail=trail
        )

    def nothing(self) -> list[list[float | None]]:
        """No forecast at all."""
        return [[None for _ in days] for days in self.shared.deadlines]

    def forecasts(self, solved: Solved, followed: Followed, number: int) -> tuple[list[list[float | None]], float]:
        """Every event by each of its deadlines, from where the record leads; and the probability dropped on the way."""
        clock, place = solved.game.scenario.clock, followed.place
        ends = [[end_of(clock, number, day) for day in days] for days in self.shared.deadlines]
        last = max((e[0] for each in ends for e in each if e is not None), default=0)
        if last < number:
            return self.nothing(), 0.0
        if place.nodes is None:
            return [[None if e is None else 0.0 for e in each] for each in ends], 0.0
        here = replace(place, before=(), reached=1.0)
        graph = solved.graph_from(here, rounds=last - place.round + 1)
        out: list[list[float | None]] = []
        for condition, each in zip(self.conditions, ends, strict=True):
            # what happened before the date, unknown to the reader because rows are late, is no matter of the forecast
            asked = condition if place.round >= number else since(condition, number)
            event = Event(form="eventually", condition=asked)
            flow, watch = run(graph, solved.language, (event,)), Watch(solved.language, (event,))
            private = any(solved.language.is_private(c) for c in event.conditions)
            at = {n: float(flow.by_round[i, 1]) for i, n in enumerate(flow.rounds)}
            at[number - 1] = float(begin(graph, watch, private)[:, 1].sum()) if place.round >= number else 0.0
            out.append([None if e is None else chance(at, *e) for e in each])
        return out, float(graph.mass_lost)


def condition_of(formula: str) -> Expr:
    """X of `P(X)`."""
    tree = parse_formula(formula)
    assert isinstance(tree, Probability)
    return tree.event.condition


def since(condition: Expr, number: int) -> Expr:
    """The condition, from a round on."""
    return Binary("and", condition, Binary(">=", Name("now"), Number(float(number))))


def end_of(clock: Clock, number: int, deadline: dt.date) -> tuple[int, float] | None:
    """The round in which a deadline lies, and the share of its days that are over by the end of that day.

    None where it has passed at the beginning of round `number`, or lies outside the calendar."""
    end = round_of(clock, deadline)
    if end < number or end < 1 or (clock.rounds is not None and end > clock.rounds):
        return None
    first, following = first_day(clock, end), first_day(clock, end + 1)
    return end, ((deadline - first).days + 1) / (following - first).days


def chance(at: dict[int, float], end: int, share: float) -> float:
    """Probability by a deadline: that by the end of the round before, and its share of what the round itself adds."""
    latest = max(at)
    before, after = at[min(end - 1, latest)], at[min(end, latest)]
    return min(max(before + share * (after - before), 0.0), 1.0)


def finite(values: Sequence[float | None]) -> list[float]:
    """Log evidence as numbers; minus infinity where the model cannot have the record."""
    return [-math.inf if v is None else v for v in values]


__all__ = ["Hindcasting", "Worker", "chance", "condition_of", "end_of", "finite", "known_at"]
