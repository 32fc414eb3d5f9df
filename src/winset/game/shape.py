"""A move before any state is looked at: its actions listed, its observables named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from winset.game.facts import facts
from winset.game.model import Model, problem
from winset.game.table import MoverShape
from winset.language.scenario import Action, Effect, Move, Outcome, Side

NATURE = "(nature)"
"""The single action of a player whose type decides a draw of chance."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """An action at given parameter values."""

    action: Action
    parameters: dict[str, float]
    label: str


@dataclass(frozen=True, kw_only=True, eq=False)
class MoveShape:
    """A move with its actions listed: what is known of it before any state is looked at."""

    move: Move
    sides: tuple[Side, ...]
    choices: tuple[tuple[Labelled, ...], ...]
    movers: tuple[MoverShape, ...]


def label_of(action: Action, values: Sequence[float]) -> str:
    """`offer(share=0.1, relief=2)`, numbers in their shortest form."""
    if not action.parameters:
        return action.name
    inside = ", ".join(f"{name}={value:g}" for (name, _), value in zip(action.parameters, values, strict=True))
    return f"{action.name}({inside})"


def shape_of(move: Move, model: Model) -> MoveShape:
    """Lists the actions and observables of a move.

    Raises:
        ScenarioError: K815 a draw of chance reads the types of two players; K816 a hidden action does what is seen.
    """
    sides = move.sides
    if move.kind == "chance":
        readers = sorted(_types_read(move.outcomes, model), key=lambda p: model.players[p])
        if len(readers) > 1:
            raise problem("K815", f"the draw `{move.name}` reads the types of {' and '.join(readers)}", move.where,
                          fix="let each draw read one player's type")  # fmt: skip
        sides = tuple(Side(player=p, actions=(Action(name=NATURE),), signals=move.outcomes) for p in readers)
    choices = []
    movers = []
    for side in sides:
        listed = tuple(
            Labelled(action=a, parameters=dict(zip([n for n, _ in a.parameters], v, strict=True)), label=label_of(a, v))
            for a in side.actions
            for v in product(*(values for _, values in a.parameters))
        )
        for item in listed if side.hidden else ():
            _hidden_only_pays(item.action.effect, side.player, item.action)
        choices.append(listed)
        actions = tuple(item.label for item in listed)
        seen = tuple(s.name for s in side.signals) if side.hidden else actions
        movers.append(
            MoverShape(player=model.players[side.player], actions=actions, observables=seen, hidden=side.hidden)
        )
    return MoveShape(move=move, sides=sides, choices=tuple(choices), movers=tuple(movers))


def _types_read(outcomes: Sequence[Outcome], model: Model) -> frozenset[str]:
    """The players with several types that the probabilities of a draw read."""
    found: frozenset[str] = frozenset()
    for outcome in outcomes:
        found |= facts(outcome.probability, model).types | facts(outcome.condition, model).types
    return frozenset(p for p in found if model.counts[model.players[p]] > 1)


def _hidden_only_pays(effect: Effect, player: str, action: Action) -> None:
    others = [b for b in effect.becomes if b.player != player]
    if effect.then or effect.chance or others:
        raise problem("K816", f"the hidden action `{action.name}` does what everybody would see", action.where,
                      why="a hidden action may pay and may change its own player's type; only its signal is public",
                      fix="put what is seen under `signals`")  # fmt: skip
