"""Public histories that a formula states: followed observation by observation, by Bayes' rule, at exact beliefs.

Moves at which nobody has a choice and chance draws nothing are skipped; at every other move the history has to say
what the public saw of each side (at a simultaneous move in any order) and then of chance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from winset.base.diagnostics import NOWHERE
from winset.base.errors import ScenarioError
from winset.game.game import Bools, Floats, Game, Ints, Mover
from winset.game.reach import Believe, Nodes
from winset.game.shape import NATURE
from winset.game.solution import Respond
from winset.language.expr import Plays
from winset.language.lexer import problem
from winset.language.printing import show
from winset.learn.histories import Layer, Place, led_to, next_round, observables, opened, start_nodes
from winset.study.atoms import Language, matches


def beginning(game: Game) -> Place:
    """The start of the game."""
    return Place(nodes=start_nodes(game))


def follow(game: Game, respond: Respond, language: Language, observations: tuple[Plays, ...], *,
           start: Place | None = None, believe: Believe | None = None) -> Place:  # fmt: skip
    """Follows public observations from the start, or from a place; `believe`: how beliefs move (`game.reach`).

    Raises:
        ScenarioError: an observation does not fit where it stands, or the history has probability zero.
    """
    place = start or beginning(game)
    left = list(observations)
    while left:
        if place.nodes is None:
            raise _unfit(left[0], f"the game is over before `{_shown(left[0])}`")
        layer = opened(game, respond, place.nodes, place.round)
        keep = _observed(game, language, layer, left)
        if not keep.any():
            raise _unfit(observations[-1], "this history has probability zero")
        layer = replace(
            layer, node=layer.node[keep], joint=layer.joint[keep], branch=layer.branch[keep], child=layer.child[keep],
            probability=layer.probability[keep],
        )  # fmt: skip
        reached = float((layer.mass[layer.node] * layer.probability).sum())
        layer, nodes = led_to(game, layer, believe)
        place = Place(nodes=nodes, before=(*place.before, layer), reached=reached, round=next_round(game, layer))
    return place


def _observed(game: Game, language: Language, layer: Layer, left: list[Plays]) -> Bools:
    """(E,) the edges that agree with the next observations, which are taken from the front of `left`."""
    stage = game.stages[layer.stage]
    keep = np.ones(len(layer.node), dtype=bool)
    parts = observables(stage, layer.joint)
    window = len(stage.movers)
    for side, sign in zip(stage.movers, parts, strict=True):
        who = "chance" if side.actions == (NATURE,) else game.players[side.player].name
        if not _has_choice(layer, side, sign):
            continue
        spot = next((i for i, atom in enumerate(left[:window]) if atom.player == who), None)
        if spot is None:
            raise _missing(game, layer, who, side.observables, left)
        atom = left.pop(spot)
        fits = np.array([matches(atom, label, language.numbers) for label in side.observables])
        if not fits.any():
            text = f"at move {stage.move} of round {layer.round} the public sees one of {_few(side.observables)}"
            raise _unfit(atom, f"{text}, not `{show(atom).removeprefix(who + ' plays ')}`")
        keep &= fits[sign] & side.happens[layer.state[layer.node]]
        window -= 1
    drawn = stage.outcome[layer.branch]
    if keep.any() and len(np.unique(drawn[keep])) > 1:
        labels = tuple(stage.outcomes[o] for o in np.unique(drawn[keep]))
        if not left or left[0].player != "chance":
            raise _missing(game, layer, "chance", labels, left)
        atom = left.pop(0)
        fits = np.array([matches(atom, label, language.numbers) for label in stage.outcomes])
        if not fits.any():
            raise _unfit(atom, f"at move {stage.move} of round {layer.round} chance draws one of {', '.join(labels)}")
        keep &= fits[drawn]
    return keep


def _has_choice(layer: Layer, side: Mover, sign: Ints) -> bool:
    """Whether more than one thing can be seen of this side at some node."""
    pairs = np.unique(np.stack([layer.node, sign]), axis=1)
    return bool(np.bincount(pairs[0]).max(initial=0) > 1)


def _missing(game: Game, layer: Layer, who: str, labels: tuple[str, ...], left: list[Plays]) -> ScenarioError:
    move = game.stages[layer.stage].move
    given = f", where it says `{_shown(left[0])}`" if left else ""
    message = f"the history does not say what {who} does at move {move} of round {layer.round}{given}"
    where = left[0].where if left else NOWHERE
    fix = f"add `{who} plays` one of {_few(labels)}"
    return problem("C491", message, where, fix=fix)


def _few(labels: tuple[str, ...]) -> str:
    """A list of labels, the middle of a long one left out."""
    named = [label for label in labels if label]
    return ", ".join(named if len(named) <= 8 else [*named[:3], "…", named[-1]])


def _unfit(atom: Plays, message: str) -> ScenarioError:
    return problem("C491", message, atom.where)


def _shown(atom: Plays) -> str:
    return f"{atom.player} plays {atom.action}"


def placed(game: Game, *, round_: int, states: tuple[int, ...], weights: Floats, belief: Floats) -> Place | None:
    """A stated place: the first stage of a round, at these rows of `Game.states`; None where one cannot be reached."""
    stages = [k for k, s in enumerate(game.stages) if game.infinite or s.round == round_]
    if not stages:
        return None
    index = {int(row): i for i, row in enumerate(game.stages[stages[0]].states)}
    if any(row not in index for row in states):
        return None
    state = np.array([index[row] for row in states], dtype=np.int64)
    nodes = Nodes(
        stage=stages[0], round=round_, state=state, belief=np.tile(belief, (len(state), 1)),
        mass=np.asarray(weights, dtype=float),
    )  # fmt: skip
    return Place(nodes=nodes, round=round_)


def domain_value(game: Game, name: str, value: Any) -> Any:
    """The value of a variable's domain that a 0-d array stands for; what is not in it comes back as it is."""
    domain = dict(game.variables)[name]
    for item in domain:
        if isinstance(item, str) == (value.dtype.kind == "U") and (
            item == str(value) if isinstance(item, str) else abs(float(item) - float(value)) < 1e-9
        ):
            return item
    return str(value) if value.dtype.kind == "U" else float(value)


def rows_like_start(game: Game, wanted: dict[str, Any]) -> tuple[tuple[int, ...] | None, Any]:
    """Rows of `Game.states` like the start but for some variables, with their probabilities; None if not there."""
    names = [n for n, _ in game.variables]
    found: dict[tuple[int, ...], int] = {tuple(int(x) for x in row): i for i, row in enumerate(game.states)}
    weights: dict[int, float] = {}
    for state, weight in game.start:
        row = game.states[game.stages[0].states[state]].copy()
        for name, value in wanted.items():
            domain = list(dict(game.variables)[name])
            item = domain_value(game, name, value)
            if item not in domain:
                return None, None
            row[names.index(name)] = domain.index(item)
        at = found.get(tuple(int(x) for x in row))
        if at is None:
            return None, None
        weights[at] = weights.get(at, 0.0) + weight
    return tuple(weights), np.array(list(weights.values()))
