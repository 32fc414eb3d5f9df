"""A variant applied: a scenario rewritten as data, nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from winset.language.clock import begun
from winset.language.expr import Name, Number
from winset.language.formula import walk
from winset.language.lexer import problem
from winset.language.scenario import Clock, Move, Scenario, Side, Variant


def apply(scenario: Scenario, name: str) -> Scenario:
    """The scenario with a variant's changes, those of the variants it is based on first.

    Variants, questions, claims and the record stay as they are, so that a formula may name them still.
    An empty name gives the scenario itself.

    Raises:
        ScenarioError: N110 there is no such variant.
    """
    if not name:
        return scenario
    for variant in chain(scenario, name):
        scenario = _apply_one(scenario, variant)
    return scenario


def chain(scenario: Scenario, name: str) -> tuple[Variant, ...]:
    """The variants that `name` is made of, the base-most first."""
    known = {v.name: v for v in scenario.variants}
    found: list[Variant] = []
    while name:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            fix = "" if near else f"Name one of {', '.join(known)}." if known else "Declare it under `variants`."
            raise problem("N110", f"there is no variant `{name}`", nearest=near[0] if near else "", fix=fix)
        if known[name] in found:
            raise problem("N116", f"the variant `{name}` is based on itself", known[name].where)
        found.append(known[name])
        name = known[name].based_on
    return tuple(reversed(found))


def clocks(scenario: Scenario) -> tuple[Clock, ...]:
    """The scenario's clock, then those of its variants that begin on another day."""
    begins = dict.fromkeys(v.begins for v in scenario.variants if v.begins is not None)
    return (scenario.clock, *(begun(scenario.clock, day) for day in begins))


@dataclass(frozen=True, kw_only=True)
class Perception:
    """Who takes which variant for the game, and who knows of it; empty where nobody errs.

    Attributes:
        seen: the perceived variant, by player.
        aware: players who know of the error.
    """

    seen: dict[str, str]
    aware: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.seen)


def perception(scenario: Scenario, name: str) -> Perception:
    """What players wrongly perceive in a variant, with what it takes over from those it is based on.

    A variant that states `perceives` or `aware` replaces the whole of that key.

    Raises:
        ScenarioError: N110 there is no such variant.
    """
    seen: dict[str, str] = {}
    aware: tuple[str, ...] = ()
    for variant in chain(scenario, name) if name else ():
        seen, aware = dict(variant.perceives) or seen, variant.aware or aware
    return Perception(seen=seen, aware=aware)


def played_alike(scenario: Scenario, names: Iterable[str]) -> dict[str, int]:
    """Variants (by name; "" the base) that differ only in where play begins and what is believed at first.

    Returns:
        A number for each, the same for those that are alike: 0 for those like the first.

    Raises:
        ScenarioError: N110 there is no such variant.
    """
    players = tuple((p.discount, p.precision) for p in scenario.players)
    played = scenario.round, scenario.each_round, scenario.at_end, scenario.ends_when, scenario.definitions, players
    read = {node.name for node in walk(played) if isinstance(node, Name)}
    kinds: list[Scenario] = []
    out: dict[str, int] = {}
    for name in names:
        kind = _going_on(apply(scenario, name), read)
        if kind not in kinds:
            kinds.append(kind)
        out[name] = kinds.index(kind)
    return out


def _going_on(scenario: Scenario, read: set[str]) -> Scenario:
    """The scenario without where play begins, what is believed at first, and parameters but those named in `read`."""
    certain = Number(1.0)
    return replace(
        scenario,
        state=tuple(replace(v, start=()) for v in scenario.state),
        players=tuple(replace(p, types=tuple(replace(t, prior=certain) for t in p.types)) for p in scenario.players),
        parameters=tuple(p for p in scenario.parameters if p.name in read),
    )


def _apply_one(scenario: Scenario, variant: Variant) -> Scenario:
    start, prior = dict(variant.start), {p: dict(t) for p, t in variant.prior}
    values, dates = dict(variant.parameters), dict(variant.dates)
    players = tuple(
        replace(p, types=tuple(replace(t, prior=prior[p.name].get(t.name, t.prior)) for t in p.types))
        if p.name in prior
        else p
        for p in scenario.players
    )
    known = dict(scenario.clock.dates)
    return replace(
        scenario,
        players=players,
        state=tuple(replace(v, start=start[v.name]) if v.name in start else v for v in scenario.state),
        parameters=tuple(
            replace(p, value=values[p.name], is_open=False, low=None, high=None, distribution=None)
            if p.name in values
            else p
            for p in scenario.parameters
        ),
        round=tuple(_without(move, variant.without) for move in scenario.round),
        clock=begun(replace(scenario.clock, dates=tuple({**known, **dates}.items())), variant.begins),
    )


def _without(move: Move, names: tuple[str, ...]) -> Move:
    """The move with the named actions (`action` or `move.action`) taken away; itself where it has none of them."""
    gone = {n for n in names if "." not in n} | {n.split(".", 1)[1] for n in names if n.startswith(move.name + ".")}
    if not any(action.name in gone for side in move.sides for action in side.actions):
        return move
    sides: tuple[Side, ...] = tuple(
        replace(side, actions=tuple(a for a in side.actions if a.name not in gone)) for side in move.sides
    )
    return replace(move, sides=sides)
