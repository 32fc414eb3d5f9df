"""Forecasts by date: states, actions, beliefs, and the curves of questions, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from winset.base.errors import ScenarioError
from winset.game.game import Floats
from winset.game.shape import NATURE
from winset.language.clock import label, round_of
from winset.language.formula import In, Probability, parse_formula
from winset.language.scenario import Clock, Question, Scenario
from winset.learn.histories import observables
from winset.study.brief_data import (
    ActionForecast,
    BeliefCurve,
    Curve,
    Forecast,
    MarkData,
    StrategyRow,
    VariableForecast,
)
from winset.study.cards import ShownForecast
from winset.study.events import Event
from winset.study.graph import happens, player_slice
from winset.study.measures import RoundEnd, quantiles
from winset.study.solved import Solved, Study, StudySettings
from winset.study.wording import show_formula

BANDS = {"50": (0.25, 0.75), "80": (0.10, 0.90), "95": (0.025, 0.975)}

MOST_ROUNDS = 60
"""Rounds shown of an infinite game."""


def forecast(
    scenario: Scenario,
    *,
    variant: str = "",
    values: dict[str, float] | None = None,
    grid: int | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Forecast:
    """Outcomes by date under the equilibrium: every state variable, every action, every question's curve.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        variant: which variant; "" for the base.
        values: parameter values that replace the central ones.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        progress: progress(done, total, label).

    Returns:
        Plain JSON data; `variables`, `actions` and `curves` hold series over `dates`, the labels of the rounds.

    Raises:
        ScenarioError: there is no such variant.
        SizeError: the game would not fit.
    """
    study = Study(scenario=scenario, values=values, settings=StudySettings(grid=grid), progress=progress, base=variant)
    solved = study.solved()
    return cast(Forecast, ShownForecast(outcomes(solved, curves(solved, scenario.questions))))


def outcomes(solved: Solved, lines: list[Curve]) -> Forecast:
    """The forecast of one solved variant, with these curves."""
    ends = shown(solved)
    clock = solved.game.scenario.clock
    return Forecast(
        dates=[label(clock, e.round) for e in ends],
        marks=_marks(clock, {e.round for e in ends}),
        variables=[_variable(solved, v, ends) for v in range(len(solved.game.variables))],
        actions=_actions(solved, len(ends)),
        curves=lines,
        ended=_series([e.ended for e in ends]),
        mass_lost=float(solved.graph.mass_lost),
    )


def _marks(clock: Clock, rounds: set[int]) -> list[MarkData]:
    """The named dates that fall into these rounds."""
    if clock.start is None:
        return []
    named = [(name, round_of(clock, day)) for name, day in clock.dates]
    return [MarkData(name=name, date=label(clock, number)) for name, number in named if number in rounds]


def shown(solved: Solved) -> list[RoundEnd]:
    """The ends of the rounds that a forecast shows."""
    return solved.ends[1 : MOST_ROUNDS + 1] if solved.game.infinite else solved.ends[1:]


def _series(values: Any) -> list[float]:
    return [round(float(v), 10) for v in values]


def _variable(solved: Solved, index: int, ends: list[RoundEnd]) -> VariableForecast:
    game = solved.game
    name, domain = game.variables[index]
    column = game.states[:, index]
    table = np.array([np.bincount(column, e.rows, len(domain)) for e in ends])
    numeric = not isinstance(domain[0], str | bool)
    kind = "numbers" if numeric else ("truth" if isinstance(domain[0], bool) else "names")
    out = VariableForecast(
        name=name, kind=kind, values=[_text(v) for v in domain],  # type: ignore[typeddict-item]
        probability=[_series(table[:, i]) for i in range(len(domain))], mean=None, median=None, bands=None,
    )  # fmt: skip
    if numeric:
        values = np.array([float(v) for v in domain])
        whole = np.maximum(table.sum(axis=1), 1e-300)
        out["mean"] = _series((table @ values) / whole)
        out["median"] = _series([quantiles(values, row, (0.5,))[0] for row in table])
        out["bands"] = {
            key: [_series(c) for c in zip(*(quantiles(values, row, levels) for row in table), strict=True)]
            for key, levels in BANDS.items()
        }
    return out


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{float(value):g}"


def _actions(solved: Solved, rounds: int) -> list[ActionForecast]:
    """How often each action is played, and each outcome drawn, by round."""
    game, graph = solved.game, solved.graph
    found: dict[tuple[str, str, str], Floats] = {}

    def add(move: str, by: str, action: str, number: int, amount: float) -> None:
        if number <= rounds and action:
            found.setdefault((move, by, action), np.zeros(rounds))[number - 1] += amount

    for layer in graph.layers:
        stage = graph.stage(layer)
        if not stage.move:
            continue
        edge_mass = layer.mass[layer.node] * layer.probability
        seen = observables(stage, layer.joint)
        for j, side in enumerate(stage.movers):
            natural = side.actions == (NATURE,)
            here = layer.mass * side.happens[layer.state]
            if natural or side.signal is not None:
                mass = np.bincount(seen[j], edge_mass * side.happens[layer.state[layer.node]], len(side.observables))
                for o, text in enumerate(side.observables):
                    add(stage.move, "chance", text, layer.round, float(mass[o]))
            if not natural:
                belief = layer.belief[:, player_slice(game, side.player)] * here[:, None]
                mass = np.einsum("mk,mka->a", belief, layer.strategies[j])
                for a, text in enumerate(side.actions):
                    add(stage.move, game.players[side.player].name, text, layer.round, float(mass[a]))
        drawn = np.bincount(stage.outcome[layer.branch], edge_mass, len(stage.outcomes))
        for o, text in enumerate(stage.outcomes):
            add(stage.move, "chance", text, layer.round, float(drawn[o]))
    return [
        ActionForecast(move=move, by=by, action=action, probability=_series(series))
        for (move, by, action), series in found.items()
    ]


def curves(solved: Solved, questions: tuple[Question, ...], *, variant: str = "") -> list[Curve]:
    """P(X by D) over all dates, for every question of the form `P(X)` or `P(X by D)`."""
    out = []
    for question in questions:
        tree = parse_formula(question.formula)
        if isinstance(tree, In):
            continue
        if not isinstance(tree, Probability) or tree.event.form != "eventually" or tree.given is not None:
            continue
        flow = solved.flow(Event(form="eventually", condition=tree.event.condition))
        series = flow.by_round[: MOST_ROUNDS if solved.game.infinite else None, 1] / flow.total
        event = show_formula(Probability(type(tree.event)(tree.event.condition)))[2:-1]
        out.append(Curve(question=question.name, event=event, variant=variant, probability=_series(series)))
    return out


def belief_curves(solved: Solved) -> list[BeliefCurve]:
    """The public belief about each player's type by round, across histories."""
    game = solved.game
    ends = shown(solved)
    out = []
    for i, player in enumerate(game.players):
        if len(player.types) < 2:
            continue
        for k, kind in enumerate(player.types):
            try:
                column = solved.course.column(i, k)
            except ScenarioError:  # the others do not believe the same
                continue
            table = [quantiles(e.belief[:, column], e.weight, (0.1, 0.5, 0.9)) for e in ends]
            mean = [float((e.belief[:, column] * e.weight).sum() / max(e.weight.sum(), 1e-300)) for e in ends]
            low, mid, high = ([_row[q] for _row in table] for q in range(3))
            out.append(
                BeliefCurve(
                    player=player.name,
                    type=kind,
                    start=float(solved.course.prior({})[column]),
                    mean=_series(mean),
                    q10=_series(low),
                    q50=_series(mid),
                    q90=_series(high),
                )  # fmt: skip
            )
    return out


def strategy_table(solved: Solved, rounds: int = 2) -> list[StrategyRow]:
    """What each type does in the first rounds, along the likeliest public history."""
    game, graph = solved.game, solved.graph
    out: list[StrategyRow] = []
    node, reached = int(np.argmax(graph.layers[0].mass)), 1.0
    reached = float(graph.layers[0].mass[node])
    for i, layer in enumerate(graph.layers):
        if layer.round > rounds:
            break
        stage = graph.stage(layer)
        state = dict(game.state(int(stage.states[layer.state[node]])))
        for j, side in enumerate(stage.movers):
            open_to = side.available[layer.state[node]]
            if open_to.sum() < 2 or not happens(stage, layer.state)[node]:
                continue
            for k, kind in enumerate(game.players[side.player].types):
                chances = layer.strategies[j][node, k]
                out.append(
                    StrategyRow(
                        round=label(game.scenario.clock, layer.round),
                        move=stage.move,
                        player=game.players[side.player].name,
                        type=kind,
                        reached=reached,
                        state=state,
                        actions={a: float(chances[n]) for n, a in enumerate(side.actions) if open_to[n]},
                    )  # fmt: skip
                )
        edges = np.nonzero((layer.node == node) & (layer.child >= 0))[0]
        if not len(edges) or i + 1 == len(graph.layers):
            break
        best = edges[np.argmax(layer.probability[edges])]
        reached *= float(layer.probability[best])
        node = int(layer.child[best])
    return out
