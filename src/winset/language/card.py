"""What a scenario shows of itself where a result is looked at: in a terminal and in a notebook."""

from __future__ import annotations

from winset.base.card import Card, Table, few
from winset.language.clock import label
from winset.language.printing import number, show, span
from winset.language.scenario import Clock, Move, Player, Scenario


def scenario_card(scenario: Scenario) -> Card:
    """The scenario in short: clock, players, state, round, and what is asked of it."""
    asked = tuple((q.name, q.formula) for q in scenario.questions)
    claims = tuple((c.name, f"“{c.quote}” ({c.by})") for c in scenario.claims)
    return Card(
        title=scenario.title,
        lines=tuple(line for line in (_clock(scenario.clock), _parts(scenario)) if line),
        tables=(
            Table(heading="Players", columns=("", "types", "precision"), rows=tuple(map(_player, scenario.players))),
            Table(
                heading="State",
                columns=("", "values", "at the start"),
                rows=tuple(
                    (v.name, span(v.values), ", ".join(_start(value, show(p)) for value, p in v.start))
                    for v in scenario.state
                ),
            ),
            Table(heading="Round", columns=("", "by", "actions"), rows=tuple(map(_move, scenario.round))),
            Table(heading="Questions", columns=("", ""), rows=few(asked)),
            Table(heading="Claims", columns=("", ""), rows=few(claims)),
        ),
        notes=tuple(f"{d.code}: {d.message}" for d in scenario.warnings),
    )


def _clock(clock: Clock) -> str:
    if clock.rounds is None:
        return "rounds without end" + (f", each a {clock.unit}" if clock.unit else "")
    told = f"{clock.rounds} round{'s' if clock.rounds != 1 else ''}"
    if clock.start is None:
        return told
    return f"{told}, each a {clock.unit}, from {label(clock, 1)} to {label(clock, clock.rounds)}"


def _parts(scenario: Scenario) -> str:
    counted = (
        (len(scenario.parameters), "parameter"),
        (len(scenario.variants), "variant"),
        (len(scenario.record), "entry of the record", "entries of the record"),
        (len(scenario.observed.moves), "move read from rows", "moves read from rows"),
    )
    return ", ".join(f"{n} {(one if n == 1 else more[0] if more else one + 's')}" for n, one, *more in counted if n)


def _player(player: Player) -> tuple[str, str, str]:
    kinds = ", ".join(f"{t.name} {show(t.prior)}" for t in player.types)
    alone = len(player.types) == 1
    return player.name, "nothing private" if alone else kinds, show(player.precision)


def _start(value: object, probability: str) -> str:
    text = str(value).lower() if isinstance(value, bool) else number(value) if isinstance(value, float) else str(value)
    return text if probability == "1" else f"{text} ({probability})"


def _move(move: Move) -> tuple[str, str, str]:
    if move.kind == "chance":
        return move.name, "chance", ", ".join(o.name for o in move.outcomes)
    told = [
        ", ".join(_action(a.name, a.parameters) for a in side.actions)
        + (f"; seen as {', '.join(s.name for s in side.signals)}" if side.hidden else "")
        for side in move.sides
    ]
    return move.name, " and ".join(side.player for side in move.sides), " | ".join(told)


def _action(name: str, parameters: tuple[tuple[str, tuple[float, ...]], ...]) -> str:
    if not parameters:
        return name
    return f"{name}({', '.join(f'{key}: {span(values)}' for key, values in parameters)})"
