"""What the record can speak of at a move: what the public sees of each side, and the outcomes that may be drawn.

A text names an act as `push`, or as `north plays push` where two sides of a move have an act of that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from winset.language.scenario import Action, Move, Scenario

CHANCE = "chance"
_PLAYS = re.compile(r"^(\w+)\s+plays\s+(\w+)$")


@dataclass(frozen=True, order=True)
class Act:
    """An act of a side of a move: the player ("chance" for an outcome) and the name."""

    player: str
    name: str


def acts_of(move: Move) -> tuple[Act, ...]:
    """Everything that can be seen at a move, in the order in which it is declared.

    Of a side whose action is hidden these are its signals.
    """
    found: list[Act] = []
    for side in move.sides:
        names = [one.name for one in side.signals] or [one.name for one in side.actions]
        found += [Act(side.player, name) for name in names]
    found += [Act(CHANCE, outcome.name) for outcome in move.outcomes]
    drawn = [action.effect.chance for side in move.sides for action in side.actions]
    drawn += [signal.effect.chance for side in move.sides for signal in side.signals]
    drawn += [case.effect.chance for case in move.cases]
    found += [Act(CHANCE, outcome.name) for outcomes in drawn for outcome in outcomes]
    return tuple(dict.fromkeys(found))


def hidden_of(move: Move) -> tuple[Act, ...]:
    """The actions at a move that nobody but the player sees."""
    return tuple(Act(side.player, action.name) for side in move.sides if side.hidden for action in side.actions)


def meant(move: Move, text: str, acts: tuple[Act, ...] | None = None) -> tuple[Act, ...]:
    """The acts that a text may mean at a move: one where it is clear, none, or several."""
    known = acts_of(move) if acts is None else acts
    told = _PLAYS.match(text.strip())
    if told is not None:
        return tuple(act for act in known if (act.player, act.name) == told.groups())
    return tuple(act for act in known if act.name == text.strip())


def draws(move: Move) -> dict[str, frozenset[Act] | None]:
    """The acts after which each outcome may be drawn; None where it may be after any."""
    found: dict[str, frozenset[Act] | None] = {outcome.name: None for outcome in move.outcomes}
    found |= {outcome.name: None for case in move.cases for outcome in case.effect.chance}
    for side in move.sides:
        effects = [(s.name, s.effect) for s in side.signals] or [(a.name, a.effect) for a in side.actions]
        for name, effect in effects:
            for outcome in effect.chance:
                before = found.get(outcome.name, frozenset())
                found[outcome.name] = None if before is None else before | {Act(side.player, name)}
    return found


def moves_of(scenario: Scenario, act: Act) -> tuple[Move, ...]:
    """The moves at which an act can be seen."""
    return tuple(move for move in scenario.round if act in acts_of(move))


def labels(move: Move, act: Act) -> tuple[str, ...]:
    """How the solved game calls an act: its name, or one label for each combination of its parameters' values."""
    for side in move.sides:
        for action in side.actions if not side.hidden else ():
            if (side.player, action.name) == (act.player, act.name):
                return _labels(action)
    return (act.name,)


def _labels(action: Action) -> tuple[str, ...]:
    """`offer(share=0.1, relief=2)` for each combination, numbers in their shortest form."""
    if not action.parameters:
        return (action.name,)
    names = [name for name, _ in action.parameters]
    return tuple(
        f"{action.name}({', '.join(f'{n}={v:g}' for n, v in zip(names, values, strict=True))})"
        for values in product(*(values for _, values in action.parameters))
    )
