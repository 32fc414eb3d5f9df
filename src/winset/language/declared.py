"""Where each name of a scenario is declared, whatever sort of thing it names."""

from __future__ import annotations

from collections.abc import Iterator

from winset.base.diagnostics import Where
from winset.language.element import Element
from winset.language.scenario import Effect, Move, Scenario


def declared(scenario: Scenario) -> dict[str, list[Where]]:
    """The places at which each name is declared; one that several things share has several.

    Names of players, types, variables, parameters, definitions, moves, actions, signals, outcomes, dates and variants.
    """
    found: dict[str, list[Where]] = {}
    for name, element in _elements(scenario):
        found.setdefault(name, []).append(element.where)
    for name, _ in scenario.clock.dates:
        found.setdefault(name, []).append(scenario.clock.where)
    return found


def _elements(scenario: Scenario) -> Iterator[tuple[str, Element]]:
    for player in scenario.players:
        yield player.name, player
        yield from ((kind.name, kind) for kind in player.types)
    for group in (scenario.state, scenario.parameters, scenario.definitions, scenario.variants):
        yield from ((item.name, item) for item in group)
    for move in scenario.round:
        yield move.name, move
        yield from _of_move(move)


def _of_move(move: Move) -> Iterator[tuple[str, Element]]:
    for side in move.sides:
        for action in side.actions:
            yield action.name, action
            yield from _draws(action.effect)
        for signal in side.signals:
            yield signal.name, signal
            yield from _draws(signal.effect)
    for outcome in move.outcomes:
        yield outcome.name, outcome
        yield from _draws(outcome.effect)
    for case in move.cases:
        yield from _draws(case.effect)


def _draws(effect: Effect) -> Iterator[tuple[str, Element]]:
    yield from ((outcome.name, outcome) for outcome in effect.chance)
