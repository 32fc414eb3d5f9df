"""The rules of size: what would multiply beyond what can be looked at, said before any memory is taken."""

from __future__ import annotations

import math

from winset.language.reader import Reader
from winset.language.scenario import Action, Move, Player, Scenario, Variable

JOINT_TYPES = 4096
"""Combinations of the players' types."""

JOINT_CHOICES = 20_000
"""Combinations of what the players may do, or the public may see, at one move."""

STARTS = 20_000
"""Combinations of the values that the variables may start with."""

DRAWS = 10_000
"""Combinations of the draws that follow one joint choice."""


def bounds(scenario: Scenario, reader: Reader) -> None:
    """Applies the rules of this file."""
    types(scenario.players, reader)
    starts(scenario.state, reader)
    for move in scenario.round:
        choices(move, reader)


def types(players: tuple[Player, ...], reader: Reader) -> None:
    """Payoffs are kept for every combination of types."""
    count = math.prod(max(1, len(p.types)) for p in players)
    if count > JOINT_TYPES:
        text = f"the players' types have {count:,} combinations; {JOINT_TYPES:,} are possible"
        last = max((p for p in players if len(p.types) > 1), key=lambda p: p.where)
        reader.report("G617", text, last.where)


def starts(state: tuple[Variable, ...], reader: Reader) -> None:
    """Every combination of start values is a state."""
    count = math.prod(max(1, len(v.start)) for v in state)
    if count > STARTS:
        text = f"the start has {count:,} combinations of values; {STARTS:,} are possible"
        reader.report("G619", text, max(state, key=lambda v: len(v.start)).where)


def choices(move: Move, reader: Reader) -> None:
    """Every combination of choices at one move, and of what is seen of them, is looked at."""
    for what, count in (
        ("choices", math.prod(sum(map(combinations, side.actions)) or 1 for side in move.sides)),
        ("signals", math.prod(len(side.signals) or 1 for side in move.sides)),
    ):
        if count > JOINT_CHOICES:
            text = f"the {what} at `{move.name}` have {count:,} combinations; {JOINT_CHOICES:,} are possible"
            reader.report("G618", text, move.where)


def combinations(action: Action) -> int:
    """The number of actions that a parameterised one stands for."""
    return math.prod(len(values) for _, values in action.parameters)
