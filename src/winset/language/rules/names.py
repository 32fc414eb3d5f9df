"""What the names of a scenario mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from winset.base.diagnostics import Where
from winset.language.expr import Expr, IsType, Name, Plays, parts
from winset.language.lexer import shown
from winset.language.reader import nearest
from winset.language.rules.sizes import DEEPEST, LARGEST, measured, order
from winset.language.scenario import Effect, Move, Scenario, Variable


@dataclass(frozen=True)
class Option:
    """An action or outcome of some move, by name."""

    player: str
    name: str
    parameters: tuple[tuple[str, tuple[float, ...]], ...] = ()
    hidden: bool = False
    is_signal: bool = False


@dataclass
class Names:
    """The names of a scenario by what they are."""

    scenario: Scenario
    variables: dict[str, Variable] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    definitions: dict[str, Expr] = field(default_factory=dict)
    dates: set[str] = field(default_factory=set)
    types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    large: set[str] = field(default_factory=set)
    written: int = 0

    @property
    def known(self) -> set[str]:
        """Every name that an expression may use anywhere."""
        return {*self.variables, *self.parameters, *self.definitions, *self.dates}


def no_type(player: str, kind: str, types: tuple[str, ...]) -> dict[str, str]:
    """What a diagnostic says of a type that a player does not have: its message, nearest name and fix."""
    if types == ("only",):
        fix = f"Give it types and their odds: `types: {{{kind}: 0.5, other: 0.5}}`."
        return {"message": f"`{player}` has no types, so it cannot be `{kind}`", "fix": fix}
    text = f"`{player}` has no type `{kind}`: {', '.join(types)}"
    return {"message": text, "nearest": nearest(kind, types)}


def no_action(names: Names, player: str, action: str) -> dict[str, str]:
    """What a diagnostic says of an action or outcome that a player, or chance, does not have."""
    own = list(dict.fromkeys(o.name for o in names.options if o.player == player))
    near = nearest(action, own)
    kind = "outcomes" if player == "chance" else "actions"
    fix = f"Name one of its {kind}: {shown(', '.join(own), 400)}." if own else f"It has no {kind}."
    if kind == "actions":
        fix += " To take an action away that is named elsewhere, keep it and write `if: false`."
    text = f"`{player}` has no {kind.removesuffix('s')} `{shown(action)}`"
    return {"message": text, "nearest": near, "fix": "" if near else fix}


def gather(scenario: Scenario, base: Names | None = None) -> Names:
    """Collects the names; circles of definitions and too large ones are in `broken`, sizes of the others in `sizes`.

    Args:
        scenario: the scenario.
        base: the names of the scenario of which it is a variant; the definitions are the same and not measured again.
    """
    names = Names(scenario)
    names.variables = {v.name: v for v in scenario.state}
    names.parameters = {p.name: p.value for p in scenario.parameters}
    names.definitions = {d.name: d.value for d in scenario.definitions}
    names.dates = {name for name, _ in scenario.clock.dates}
    names.types = {p.name: tuple(t.name for t in p.types) for p in scenario.players}
    for move in scenario.round:
        for side in move.sides:
            for action in side.actions:
                names.options.append(Option(side.player, action.name, action.parameters, side.hidden))
                names.options.extend(Option("chance", o.name) for o in action.effect.chance)
            for signal in side.signals:
                names.options.append(Option(side.player, signal.name, is_signal=True))
                names.options.extend(Option("chance", o.name) for o in signal.effect.chance)
        names.options.extend(Option("chance", o.name) for o in move.outcomes)
        for case in move.cases:
            names.options.extend(Option("chance", o.name) for o in case.effect.chance)
    if base is not None:
        names.sizes, names.large, names.broken = base.sizes, base.large, base.broken
        return names
    listed, names.broken = order(names.definitions)
    for name in listed:
        levels, count = measured(names.definitions[name], names.sizes)
        if levels > DEEPEST or count > LARGEST:
            names.large.add(name)
            levels, count = 1, 1
        names.sizes[name] = levels, count
    names.broken |= names.large
    return names


def nodes(tree: Expr, names: Names | None = None) -> list[Expr]:
    """Every node, those of the definitions it uses included when `names` are given."""
    found: list[Expr] = []
    todo, seen = [tree], set()
    while todo:
        node = todo.pop()
        found.append(node)
        todo.extend(parts(node))
        if names is not None and isinstance(node, Name) and node.name in names.definitions and node.name not in seen:
            seen.add(node.name)
            todo.append(names.definitions[node.name])
    return found


def names_in(tree: Expr) -> set[str]:
    """The names that an expression uses itself."""
    return {node.name for node in nodes(tree) if isinstance(node, Name)}


def types_read(tree: Expr, names: Names) -> set[str]:
    """The players whose types an expression reads."""
    return {node.player for node in nodes(tree, names) if isinstance(node, IsType)}


def plays_read(tree: Expr, names: Names) -> set[str]:
    """The players whose choices an expression reads."""
    return {node.player for node in nodes(tree, names) if isinstance(node, Plays)}


def effects(move: Move) -> list[tuple[Effect, str, Where]]:
    """The effects of a move with their sort: *action*, *hidden*, *signal*, *case*, *outcome*."""
    found: list[tuple[Effect, str, Where]] = []
    for side in move.sides:
        sort = "hidden" if side.hidden else "action"
        found.extend((a.effect, sort, a.where) for a in side.actions)
        found.extend((s.effect, "signal", s.where) for s in side.signals)
    found.extend((c.effect, "case", c.where) for c in move.cases)
    found.extend((o.effect, "outcome", o.where) for o in move.outcomes)
    return found
