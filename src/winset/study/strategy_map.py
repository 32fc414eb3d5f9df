"""Strategy maps: what a player does at one move, by what is believed of the other side and by circumstances.

Which map is drawn follows rules, none of them about any one scenario:

- the variable of the panels: one that no player moves (circumstances), if there is one, else any that is not a number;
  among these the one with which the strategies differ most. Panels compare like with like: the same actions are open.
- the place, for each player: of the moves and kinds of choice (sets of open actions) that are reached with `REACHED` or
  more in one of the first `EARLIEST` rounds, each at its likeliest state, the one with the largest product of the
  chance that it is reached and of how far the strategy differs there over belief and panels; places with a single
  panel only where there are no others.

How far a strategy differs is its mean total variation from its mean over all beliefs and panels, averaged over the
player's own types as the public sees them. It is at most 1, so places are tried in order of the chance that they are
reached, and no further than one of them can still be the best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from winset.game.game import Floats, Game, Mover, Stage
from winset.language.scenario import Effect, Scenario
from winset.study.figure_data import MapData, PanelData
from winset.study.graph import player_slice
from winset.study.solved import Solved

REACHED = 0.005
"""Least probability of a place that is mapped."""
PLACES = 6
"""Kinds of choice (sets of open actions) tried per move, each at its likeliest state."""
EARLIEST = 12
"""Rounds among which the one to map is sought."""
MOST_PANELS = 5
FINE = tuple(i / 20 for i in range(21))
ROUGH = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True)
class _Spot:
    """A place to map: a player's move at a state, the mean belief there, and its panels.

    `variable` is an index into `Game.variables`, -1 for none; `panels` pairs of a value's index and a stage's state."""

    stage: int
    side: int
    state: int
    belief: Floats
    mass: float
    variable: int = -1
    panels: tuple[tuple[int, int], ...] = ()


def strategy_maps(solved: Solved) -> list[MapData]:
    """One map per player with a choice to make and somebody in doubt; see the module's text for which."""
    game = solved.game
    if all(count < 2 for count in game.type_counts):
        return []
    best: tuple[float, list[_Spot], str] = (-1.0, [], "")
    places = _places(solved)
    for variable, why in _variables(game, untouched(game.scenario)):
        found = [_best(solved, spots, variable) for _, spots in sorted(places.items())]
        total = sum(score for score, _ in found)
        if found and total > best[0] + 1e-12:
            best = (total, [spot for _, spot in found], why)
    return [_map(solved, spot, best[2]) for spot in best[1]]


def _best(solved: Solved, spots: list[_Spot], variable: int) -> tuple[float, _Spot]:
    """The place at which a player's choice differs most, weighted by how likely the place is; they come likeliest
    first. Places with one panel count only where there are no others."""
    best: tuple[float, _Spot] | None = None
    panelled = [_panelled(solved.game, spot, variable) for spot in spots]
    for spot in [p for p in panelled if len(p.panels) > 1] or panelled:
        if best is not None and spot.mass <= best[0]:
            break
        score = spot.mass * _moved(solved, spot, ROUGH)
        if best is None or score > best[0] + 1e-12:
            best = (score, spot)
    assert best is not None
    return best


def untouched(scenario: Scenario) -> set[str]:
    """The variables that chance moves change and no choice of a player does: circumstances."""

    def changed(effect: Effect) -> set[str]:
        inner = set().union(*(changed(o.effect) for o in effect.chance)) if effect.chance else set()
        return {a.variable for a in effect.then} | inner

    chosen: set[str] = set()
    drawn: set[str] = set()
    for move in scenario.round:
        for case in move.cases:
            (drawn if move.kind == "chance" else chosen).update(changed(case.effect))
        for outcome in move.outcomes:
            drawn |= changed(outcome.effect)
        for side in move.sides:
            for effect in (*(a.effect for a in side.actions), *(s.effect for s in side.signals)):
                chosen |= changed(effect)
    return drawn - chosen


def _variables(game: Game, free: set[str]) -> list[tuple[int, str]]:
    """The variables to try, with the rule by which each comes in; -1, for no panels, when there are no others."""
    named = [i for i, (_, domain) in enumerate(game.variables) if isinstance(domain[0], str | bool) and len(domain) > 1]
    outside = [i for i in named if game.variables[i][0] in free]
    rule = "of the circumstances that no player moves, the one" if outside else "the variable"
    reason = f"{rule} with which strategies differ most"
    return [(i, reason) for i in outside or named] or [(-1, "")]


def _places(solved: Solved) -> dict[int, list[_Spot]]:
    """For each player the places of the first rounds where it has a choice, the likeliest first."""
    game = solved.game
    out: dict[int, list[_Spot]] = {}
    for layer in solved.graph.layers:
        if layer.round > EARLIEST:
            break
        stage = game.stages[layer.stage]
        mass = np.bincount(layer.state, layer.mass, len(stage.states))
        for j, side in enumerate(stage.movers):
            opened = (side.available.sum(axis=1) > 1) & side.happens
            for state in _likeliest(side, mass * opened):
                at = layer.state == state
                belief = (layer.mass[at, None] * layer.belief[at]).sum(axis=0) / layer.mass[at].sum()
                spot = _Spot(stage=layer.stage, side=j, state=int(state), belief=belief, mass=float(mass[state]))
                out.setdefault(side.player, []).append(spot)
    return {player: sorted(spots, key=lambda s: -s.mass) for player, spots in out.items()}


def _likeliest(side: Mover, mass: Floats) -> list[int]:
    """For each set of open actions the likeliest state, if it is reached at all often; the likeliest sets first."""
    best: dict[bytes, int] = {}
    for state in np.argsort(-mass, kind="stable"):
        if mass[state] < REACHED:
            break
        best.setdefault(side.available[state].tobytes(), int(state))
    return list(best.values())[:PLACES]


def _panelled(game: Game, spot: _Spot, variable: int) -> _Spot:
    """The place with its panels: the states that differ from it in the variable alone, where the same can be done."""
    stage = game.stages[spot.stage]
    if variable < 0:
        return replace(spot, panels=((0, spot.state),))
    rows = game.states[stage.states]
    others = np.delete(rows, variable, axis=1)
    like = (others == others[spot.state]).all(axis=1)
    open_to = stage.movers[spot.side].available
    like &= (open_to == open_to[spot.state]).all(axis=1) & stage.movers[spot.side].happens
    panels = sorted((int(rows[s, variable]), int(s)) for s in np.nonzero(like)[0])
    return replace(spot, variable=variable, panels=tuple(panels[:MOST_PANELS]))


def _axis(game: Game, player: int) -> list[int]:
    """The players whose type may make the axis: the others in doubt, else the player itself."""
    doubt = [i for i, count in enumerate(game.type_counts) if count > 1]
    return [i for i in doubt if i != player] or doubt


def _beliefs(game: Game, spot: _Spot, about: int, levels: tuple[float, ...]) -> Floats:
    """(X, R) beliefs like those at the place, but for the first type of one player; its others keep proportions."""
    out = np.tile(spot.belief, (len(levels), 1))
    columns = player_slice(game, about)
    rest = spot.belief[columns][1:]
    share = rest / rest.sum() if rest.sum() > 0 else np.full(len(rest), 1 / len(rest))
    x = np.array(levels)
    out[:, columns.start] = x
    out[:, columns.start + 1 : columns.stop] = (1 - x)[:, None] * share
    return out


def _played(solved: Solved, spot: _Spot, about: int, levels: tuple[float, ...]) -> tuple[Floats, Any]:
    """(panels, X, K, A) strategies of the player, and (panels, X) whether the path folds."""
    beliefs = _beliefs(solved.game, spot, about, levels)
    count = len(levels)
    states = np.repeat([s for _, s in spot.panels], count)
    got = solved.solution.respond(spot.stage, states, np.tile(beliefs, (len(spot.panels), 1)))
    table = np.asarray(got.strategies[spot.side])
    return table.reshape(len(spot.panels), count, *table.shape[1:]), np.reshape(got.folds, (-1, count)) > 0


def _own(game: Game, spot: _Spot, about: int, levels: tuple[float, ...]) -> Floats:
    """(X, K) weights of the player's own types: as the public believes."""
    player = game.stages[spot.stage].movers[spot.side].player
    return _beliefs(game, spot, about, levels)[:, player_slice(game, player)]


def _moved(solved: Solved, spot: _Spot, levels: tuple[float, ...]) -> float:
    """How far the strategy differs over beliefs and panels, about whichever player it differs most with."""
    return max(_differs(solved, spot, about, levels) for about in _axis(solved.game, _player(solved.game, spot)))


def _differs(solved: Solved, spot: _Spot, about: int, levels: tuple[float, ...]) -> float:
    table, _ = _played(solved, spot, about, levels)
    weight = spot.belief[player_slice(solved.game, _player(solved.game, spot))]
    away = 0.5 * np.abs(table - table.mean(axis=(0, 1))).sum(axis=3).mean(axis=(0, 1))
    return float(away @ weight)


def _player(game: Game, spot: _Spot) -> int:
    return game.stages[spot.stage].movers[spot.side].player


def _map(solved: Solved, spot: _Spot, why: str) -> MapData:
    game = solved.game
    player = _player(game, spot)
    about = max(_axis(game, player), key=lambda i: _differs(solved, spot, i, ROUGH))
    table, folds = _played(solved, spot, about, FINE)
    own = _own(game, spot, about, FINE)
    stage = game.stages[spot.stage]
    split = spot.variable >= 0 and len(spot.panels) > 1
    name, domain = game.variables[spot.variable] if split else ("", ("",))
    panels = [
        _panel(game, stage, spot, _said(domain[value]) if split else "", state == spot.state, table[i], own, folds[i])
        for i, (value, state) in enumerate(spot.panels)
    ]
    return MapData(
        player=game.players[player].name, move=stage.move, round=game.dates[min(stage.round, len(game.dates)) - 1],
        state=game.state(int(stage.states[spot.state])), reached=round(spot.mass, 10), variable=name,
        why=why if name else "", about=game.players[about].name, type=game.players[about].types[0], belief=list(FINE),
        base=round(float(spot.belief[game.row_start[about]]), 10),
        moved=round(_differs(solved, spot, about, FINE), 10), panels=panels,
    )  # fmt: skip


def _panel(
    game: Game, stage: Stage, spot: _Spot, value: str, here: bool, table: Floats, own: Floats, folds: Any
) -> PanelData:
    """One panel from (X, K, A) strategies and (X, K) weights of the types."""
    side = stage.movers[spot.side]
    opened = [a for a in range(len(side.actions)) if side.available[spot.state, a]]
    mean = np.einsum("xka,xk->xa", table, own)
    return PanelData(
        value=value,
        here=here,
        mean={side.actions[a]: _series(mean[:, a]) for a in opened},
        types={
            kind: {side.actions[a]: _series(table[:, k, a]) for a in opened}
            for k, kind in enumerate(game.players[side.player].types)
        },
        several=[bool(f) for f in folds],
    )


def _series(values: Any) -> list[float]:
    return [round(float(v), 6) for v in values]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
