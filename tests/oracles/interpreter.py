"""The rules of a scenario read word by word, in dictionaries and loops: slow, and shares nothing with the compiler.

`happenings` plays one move from one state with everyone's type and action given, and lists all that may follow.
`reachable` walks from the start with it. Imports the language only.
"""

from __future__ import annotations

import itertools
import math

from winset.language import clock
from winset.language.expr import Among, Binary, Call, Date, If, IsType, Name, Number, Plays, Truth, Unary


class World:
    """A scenario, its parameter values and its round number."""

    def __init__(self, scenario, now=None):
        self.scenario = scenario
        self.now = now
        self.values = {p.name: p.value for p in scenario.parameters}
        self.definitions = {d.name: d.value for d in scenario.definitions}
        self.variables = {v.name: v for v in scenario.state}
        self.dates = {name: clock.round_of(scenario.clock, day) for name, day in scenario.clock.dates}


def read(world, tree, state, types=None, plays=None, given=None, beside=None):
    """The value of an expression: a number, a truth value or the name of a value."""

    def go(t, beside=None):
        return read(world, t, state, types, plays, given, beside)

    if isinstance(tree, (Number, Truth)):
        return tree.value
    if isinstance(tree, Date):
        return clock.round_of_text(world.scenario.clock, tree.text)
    if isinstance(tree, Name):
        return _look_up(world, tree.name, state, types, plays, given, beside)
    if isinstance(tree, Unary):
        return (not go(tree.operand)) if tree.op == "not" else -go(tree.operand)
    if isinstance(tree, If):
        return go(tree.yes, beside) if go(tree.condition) else go(tree.no, beside)
    if isinstance(tree, IsType):
        return types[tree.player] == tree.type
    if isinstance(tree, Plays):
        action, parameters, signal = plays[tree.player]
        if tree.action not in (action, signal):
            return False
        return tree.given is None or bool(read(world, tree.given, state, types, plays, parameters))
    if isinstance(tree, Among):
        return any(go(Binary("=", tree.subject, item)) for item in tree.items)
    if isinstance(tree, Call):
        arguments = [go(a) for a in tree.arguments]
        table = {"min": min, "max": max, "abs": abs, "exp": math.exp, "log": math.log, "sqrt": math.sqrt}
        table |= {"floor": math.floor, "ceil": math.ceil, "round": lambda x: math.floor(x + 0.5)}
        return (
            table[tree.function](*arguments)
            if len(arguments) > 1 or tree.function not in ("min", "max")
            else arguments[0]
        )
    return _binary(go, tree, _names(world, tree.left) or _names(world, tree.right))


def _binary(go, tree, names):
    if tree.op == "and":
        return bool(go(tree.left)) and bool(go(tree.right))
    if tree.op == "or":
        return bool(go(tree.left)) or bool(go(tree.right))
    left, right = go(tree.left, names), go(tree.right, names)
    if names:
        left, right = (names.index(x) if isinstance(x, str) else x for x in (left, right))
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "^": lambda: left**right,
        "=": lambda: abs(left - right) < 1e-9,
        "!=": lambda: abs(left - right) >= 1e-9,
        "<": lambda: left < right - 1e-9,
        "<=": lambda: left <= right + 1e-9,
        ">": lambda: left > right + 1e-9,
        ">=": lambda: left >= right - 1e-9,
    }[tree.op]()


def _names(world, tree):
    """The values of the enumerated variable a side of a comparison is, if it is one."""
    if isinstance(tree, Name) and tree.name in world.variables and world.variables[tree.name].kind == "names":
        return world.variables[tree.name].values
    if isinstance(tree, Name) and tree.name in world.definitions:
        return _names(world, world.definitions[tree.name])
    if isinstance(tree, If):
        return _names(world, tree.yes) or _names(world, tree.no)
    return None


def _look_up(world, name, state, types, plays, given, beside):
    if given and name in given:
        return given[name]
    if beside and name in beside:
        return name
    if name in state:
        return state[name]
    if name in world.definitions:
        return read(world, world.definitions[name], state, types, plays, None, beside)
    if name in world.values:
        return world.values[name]
    if name in world.dates:
        return world.dates[name]
    return {"now": world.now, "rounds": world.scenario.clock.rounds}[name]


def choices(side):
    """(action, parameter values) of everything a side may do."""
    for action in side.actions:
        names = [n for n, _ in action.parameters]
        for values in itertools.product(*(v for _, v in action.parameters)):
            yield action, dict(zip(names, values, strict=True))


def happens(world, move, state):
    """Whether the move takes place."""
    return move.condition is None or bool(read(world, move.condition, state))


def allowed(world, side, state):
    """The choices open to a side."""
    return [(a, p) for a, p in choices(side) if a.condition is None or read(world, a.condition, state, None, None, p)]


def drawn(world, outcomes, state, types, plays, given):
    """(outcome, probability) of a draw, zero ones left out."""
    found, total = [], 0.0
    for outcome in outcomes:
        if outcome.condition is not None and not read(world, outcome.condition, state, types, plays, given):
            continue
        if outcome.probability is not None:
            p = float(read(world, outcome.probability, state, types, plays, given))
            found.append((outcome, p))
            total += p
    found += [
        (o, 1 - total)
        for o in outcomes
        if o.probability is None and (o.condition is None or read(world, o.condition, state, types, plays, given))
    ]
    return [(o, p) for o, p in found if p > 1e-12]


def follow(world, effects, state, types, plays):
    """All (probability, labels, state, types, pays) that a level of effects, each with its parameters, leads to."""
    pays, after = {}, dict(state)
    for effect, given in effects:
        for pay in effect.pays:
            amount = float(read(world, pay.amount, state, types, plays, given))
            pays[pay.player] = pays.get(pay.player, 0.0) + amount
        for item in effect.then:
            after[item.variable] = _assigned(world, item, state, plays, given)
    for p, turned in _turned(world, effects, state, types, plays):
        levels = [
            [(o, given, q) for o, q in drawn(world, effect.chance, after, turned, plays, given)]
            for effect, given in effects
            if effect.chance
        ]
        for combination in itertools.product(*levels):
            q = math.prod(c[2] for c in combination)
            inner = [(o.effect, given) for o, given, _ in combination]
            if not inner:
                yield p, (), after, turned, dict(pays)
                continue
            names = tuple(o.name for o, _, _ in combination)
            for r, labels, end, last, more in follow(world, inner, after, turned, plays):
                total = {k: pays.get(k, 0.0) + more.get(k, 0.0) for k in {*pays, *more}}
                yield p * q * r, names + labels, end, last, total


def _assigned(world, item, state, plays, given):
    variable = world.variables[item.variable]
    beside = variable.values if variable.kind == "names" else None
    value = read(world, item.value, state, None, plays, given, beside)
    if item.how == "set":
        if variable.kind == "names":
            return value
        return min(variable.values, key=lambda v: abs(float(v) - float(value)))
    at = variable.values.index(state[item.variable]) + (1 if item.how == "up" else -1) * round(value)
    return variable.values[max(0, min(at, len(variable.values) - 1))]


def _turned(world, effects, state, types, plays):
    """(probability, types) after the changes of type of a level."""
    found = [(1.0, dict(types))]
    for effect, given in effects:
        for player in {b.player for b in effect.becomes}:
            row = []
            for p, now in found:
                stay = 1.0
                for b in effect.becomes:
                    if b.player == player and b.old == now[player]:
                        q = float(read(world, b.probability, state, None, plays, given))
                        stay -= q
                        row.append((p * q, {**now, player: b.new}))
                row.append((p * stay, now))
            found = row
    return [(p, t) for p, t in found if p > 0]


def ended(world, state):
    """Whether the game is over in this state."""
    condition = world.scenario.ends_when
    return condition is not None and bool(read(world, condition, state))


def due(world, state, types, end):
    """What the end of a round pays, and the end of the game with it."""
    pays = {}
    for pay in (*world.scenario.each_round, *(world.scenario.at_end if end else ())):
        pays[pay.player] = pays.get(pay.player, 0.0) + float(read(world, pay.amount, state, types))
    return pays


def happenings(world, move, state, types, acts):
    """All that may follow one move.

    Args:
        world: the rules, with the round number.
        move: the move.
        state: names to values.
        types: everyone's type.
        acts: (action, parameters) of each side, by player; nothing for a move of chance.

    Yields:
        (probability, signals by player, labels, state, over, types, pays).
    """
    if not happens(world, move, state):
        yield from _closed(world, 1.0, {}, (), state, types, {})
        return
    hidden = [side for side in move.sides if side.signals]
    known = {p: (a.name, given, "") for p, (a, given) in acts.items()}
    rows = [
        [(side, o, p) for o, p in drawn(world, side.signals, state, types, known, acts[side.player][1])]
        for side in hidden
    ]
    for signals in itertools.product(*rows):
        q = math.prod(p for _, _, p in signals)
        plays = dict(known)
        for side, o, _ in signals:
            plays[side.player] = (*known[side.player][:2], o.name)
        effects = [(acts[side.player][0].effect, acts[side.player][1]) for side in move.sides]
        effects += [(o.effect, {}) for _, o, _ in signals]
        effects += [(c.effect, {}) for c in move.cases if read(world, c.condition, state, None, plays)]
        opening = [(o, {}, p) for o, p in drawn(world, move.outcomes, state, types, plays, {})] if move.outcomes else []
        seen = {side.player: o.name for side, o, _ in signals}
        if opening:
            for o, given, p in opening:
                for r, labels, end, last, pays in follow(world, [*effects, (o.effect, given)], state, types, plays):
                    yield from _closed(world, q * p * r, seen, (o.name, *labels), end, last, pays)
        else:
            for r, labels, end, last, pays in follow(world, effects, state, types, plays):
                yield from _closed(world, q * r, seen, labels, end, last, pays)


def _closed(world, p, seen, labels, state, types, pays):
    over = ended(world, state)
    if over:
        more = due(world, state, types, True)
        pays = {k: pays.get(k, 0.0) + more.get(k, 0.0) for k in {*pays, *more}}
    yield p, seen, labels, state, over, types, pays


def joint_types(scenario):
    """Everyone's types in all combinations, row-major over players."""
    names = [p.name for p in scenario.players]
    for combination in itertools.product(*([t.name for t in p.types] for p in scenario.players)):
        yield dict(zip(names, combination, strict=True))


def joint_acts(world, move, state):
    """Every joint choice open at a move that happens."""
    players = [side.player for side in move.sides]
    for combination in itertools.product(*(allowed(world, side, state) for side in move.sides)):
        yield dict(zip(players, combination, strict=True))


def reachable(scenario):
    """(round, move number) -> the set of states that can stand before it; the settlement is the last number."""
    names = [v.name for v in scenario.state]
    free = [[v for v, p in s.start if read(World(scenario), p, {}) > 0] for s in scenario.state]
    states = {tuple(c) for c in itertools.product(*free)}
    found = {}
    for number in range(1, scenario.clock.rounds + 1):
        world = World(scenario, number)
        for m, move in enumerate(scenario.round):
            found[number, m] = states
            following = set()
            for key in states:
                state = dict(zip(names, key, strict=True))
                for types in joint_types(scenario):
                    acts = joint_acts(world, move, state) if happens(world, move, state) else [{}]
                    for act in acts:
                        for row in happenings(world, move, state, types, act):
                            if not row[4]:
                                following.add(tuple(row[3][n] for n in names))
            states = following
        found[number, len(scenario.round)] = states
    return found
