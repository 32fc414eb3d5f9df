"""What a move does in a state, played through: every choice and every draw, and the rules that hold or fail there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Any

from winset.base.diagnostics import Where
from winset.language.clock import label
from winset.language.expr import Expr
from winset.language.plain import Env, Interpreter, NoValue, same
from winset.language.printing import number, show, span
from winset.language.reader import Reader
from winset.language.rules.bounds import DRAWS
from winset.language.rules.names import Names
from winset.language.rules.reads import reads
from winset.language.rules.shared import Change, Part, Shared, Step
from winset.language.scenario import Action, Assignment, Becomes, Effect, Move, Outcome, Pay, Side, Value, Variable

COMBINATIONS = 150
"""Joint choices tried at one state."""

COARSEST = 1e15
"""Payment times precision beyond which the digits of a number do not tell a choice from the next."""


class Spent(Exception):
    """The search has cost as much as it may."""


class Played:
    """The moves of one scenario, or of one variant, at its central parameter values; what goes wrong is reported."""

    def __init__(self, names: Names, reader: Reader, shared: Shared, effort: int) -> None:
        self.scenario, self.names, self.reader, self.shared = names.scenario, names, reader, shared
        self.machine = Interpreter(names)
        self.variables = self.scenario.state
        self.index = {v.name: i for i, v in enumerate(self.variables)}
        self.precision = {p.name: float(self.machine.value(p.precision, {})) for p in self.scenario.players}
        self.reported: set[tuple[str, Where]] = set()
        self.effort = effort
        self.clean = True
        self.happened: set[str] = set()
        self.open: set[tuple[str, str, str]] = set()

    def spend(self, count: int) -> None:
        """Counts what the search costs.

        Raises:
            Spent: it has cost as much as it may.
        """
        self.effort -= count
        if self.effort < 0:
            raise Spent

    def env(self, state: tuple[Value, ...], now: int) -> Env:
        """The environment of a state."""
        env: Env = dict(zip(self.index, state, strict=True))
        env["now"] = float(now)
        return env

    def step(self, part: Part, env: Env) -> Step:
        """What a part of the game comes to in a state.

        Raises:
            Spent: the search has cost as much as it may.
        """
        before = self.effort
        self.clean, self.happened, self.open = True, set(), set()
        changes: list[Change] = []
        holds = False
        if isinstance(part, Move):
            changes = self.changes(part, env)
        elif isinstance(part, Pay):
            self.pays((part,), env, ())
        else:
            holds = bool(self.evaluate(part, env, "`ends when`") or False)
        return Step(changes, holds, self.happened, self.open, before - self.effort, self.clean)

    def changes(self, move: Move, env: Env) -> list[Change]:
        """What a move can change in a state."""
        if move.condition is not None and not self.evaluate(move.condition, env, f"the condition of `{move.name}`"):
            return [()]
        self.happened.add(move.name)
        if move.kind == "chance":
            self.shares(move.outcomes, env, f"the outcomes of `{move.name}`", move.where)
            found: dict[Change, None] = {}
            for outcome in move.outcomes:
                if self.possible(outcome, env):
                    found.update(dict.fromkeys(self.joined([(outcome.effect, (), outcome.name)], env)))
            return list(found) or [()]
        sides = [self.choices(move, side, env) for side in move.sides]
        if not all(sides):
            return [()]
        total = 1
        for options in sides:
            total *= len(options)
        every = itertools.islice(itertools.product(*sides), 0, None, max(1, -(-total // COMBINATIONS)))
        found = {}
        for combination in every:
            found.update(dict.fromkeys(self.joint(move, combination, env)))
        return list(found) or [()]

    def choices(self, move: Move, side: Side, env: Env) -> list[tuple[Action, tuple[tuple[str, float], ...]]]:
        """The actions that a player may take, with the values of their parameters."""
        found = []
        for action in side.actions:
            names = tuple(name for name, _ in action.parameters)
            for values in itertools.product(*(values for _, values in action.parameters)):
                given = tuple(zip(names, values, strict=True))
                self.spend(1)
                here = {**env, **dict(given)} if given else env
                if action.condition is None or self.evaluate(
                    action.condition, here, f"the condition of `{action.name}`", names
                ):
                    found.append((action, given))
                    self.open.add((move.name, side.player, action.name))
        if not found:
            trees = [a.condition for a in side.actions if a.condition is not None]
            text = f"at `{move.name}` no action of `{side.player}` is available"
            self.report("G606", text, None, env, trees + ([move.condition] if move.condition else []), side.where)
        return found

    def joint(self, move: Move, combination: tuple[Any, ...], env: Env) -> list[Change]:
        """What follows from one joint choice."""
        env = dict(env)
        for side, (action, given) in zip(move.sides, combination, strict=True):
            env["plays", side.player] = ((action.name, given),)
        signals: list[list[tuple[Side, Outcome | None]]] = []
        for side in move.sides:
            if side.signals:
                self.shares(side.signals, env, f"the signals of `{side.player}`", side.where)
                signals.append([(side, s) for s in side.signals if self.possible(s, env)] or [(side, None)])
        found: list[Change] = []
        for seen in itertools.product(*signals):
            self.spend(1)
            here = dict(env)
            effects = [
                (action.effect, given, f"{side.player} plays {action.name}")
                for side, (action, given) in zip(move.sides, combination, strict=True)
            ]
            for side, signal in seen:
                if signal is not None:
                    here["plays", side.player] = (*here["plays", side.player], (signal.name, ()))
                    effects.append((signal.effect, (), f"the signal {signal.name}"))
            for case in move.cases:
                if self.evaluate(case.condition, here, f"a case of `{move.name}`"):
                    effects.append((case.effect, (), "a case of `when`"))
            found.extend(self.joined(effects, here))
        return found

    def joined(self, effects: list[tuple[Effect, tuple[tuple[str, float], ...], str]], env: Env) -> list[Change]:
        """What several effects at once can change."""
        first: dict[str, tuple[Value, Where, str]] = {}
        draws = []
        for effect, given, source in effects:
            names = tuple(name for name, _ in given)
            here = {**env, **dict(given)} if given else env
            self.pays(effect.pays, here, names)
            self.turns(effect.becomes, here, names)
            for change in effect.then:
                self.put(first, change, here, names, source)
            if effect.chance:
                draws.append((effect.chance, given, names))
        later = {**env, **{name: value for name, (value, _, _) in first.items()}}
        listed = []
        for outcomes, given, names in draws:
            here = {**later, **dict(given)}
            self.shares(outcomes, here, "the outcomes of `chance`", outcomes[0].where, names)
            listed.append([(o, here, names) for o in outcomes if self.possible(o, here, names)])
        found: list[Change] = []
        if (count := math.prod(len(row) for row in listed)) > DRAWS:
            text = f"the draws that follow have {count:,} combinations; {DRAWS:,} are possible"
            self.report("G620", text, None, env, [], draws[0][0][0].where)
            return found
        for drawn in itertools.product(*listed):
            self.spend(1 + len(drawn))
            second: dict[str, tuple[Value, Where, str]] = {}
            for outcome, here, names in drawn:
                self.pays(outcome.effect.pays, here, names)
                self.turns(outcome.effect.becomes, here, names)
                for change in outcome.effect.then:
                    self.put(second, change, here, names, f"the outcome {outcome.name}")
            both = {**first, **second}
            found.append(tuple(sorted((self.index[name], value) for name, (value, _, _) in both.items())))
        return found

    def put(
        self,
        found: dict[str, tuple[Value, Where, str]],
        change: Assignment,
        env: Env,
        names: tuple[str, ...],
        source: str,
    ) -> None:
        """One assignment; two of the same variable at once are reported."""
        if change.variable in found:
            _, where, other = found[change.variable]
            text = f"`{change.variable}` is assigned by two effects at once: {other}, and {source}"
            chosen = {f"{k[1]} plays": v[0][0] for k, v in env.items() if isinstance(k, tuple) and k[0] == "plays"}
            self.report("G607", text, None, env, [], change.where, chosen, where)
            return
        value = self.new_value(change, env, names)
        found[change.variable] = (env[change.variable] if value is None else value, change.where, source)

    def new_value(self, change: Assignment, env: Env, names: tuple[str, ...]) -> Value | None:
        """The value that a variable takes, or None where something is wrong."""
        variable: Variable = self.variables[self.index[change.variable]]
        value = self.evaluate(change.value, env, f"the new value of `{change.variable}`", names)
        if value is None:
            return None
        if change.how != "set":
            if isinstance(value, str) or abs(value - round(value)) > 1e-9:
                text = f"`{change.variable}` moves by {value} steps"
                self.report("U327", text, change.value, env)
                return None
            if value < -1e-9 and change.how == "down" and change.value.where.block:  # a field says what is taken away
                text = f"`{change.variable}` is lowered by {number(round(float(value), 12))} levels"
                self.report("B910", text, change.value, env)
            step = round(value) if change.how == "up" else -round(value)
            now = next((i for i, v in enumerate(variable.values) if same(v, env[change.variable])), 0)
            landing: Value = variable.values[min(max(now + step, 0), len(variable.values) - 1)]
            return landing
        for known in variable.values:
            if isinstance(known, str) == isinstance(value, str) and same(known, value):
                return known
        shown = value if isinstance(value, str) else number(round(float(value), 12))
        text = f"`{change.variable}` would become {shown}, which is none of its values: {span(variable.values)}"
        inside = variable.kind == "numbers" and variable.values[0] < value < variable.values[-1]
        fix = "Let its `range` and `by` step on this value." if inside else ""
        self.report("U325", text, change.value, env, fix=fix)
        return None

    def pays(self, pays: tuple[Pay, ...], env: Env, names: tuple[str, ...]) -> None:
        """Payments have finite values for every type."""
        for pay in pays:
            for typed in self.typed([pay.amount], env):
                value = self.evaluate(pay.amount, typed, f"the payment to `{pay.player}`", names)
                precision = self.precision[pay.player]
                if isinstance(value, (int, float)) and abs(value) * max(precision, 1.0) > COARSEST:
                    text = f"the payment to `{pay.player}` is {value:.3g}, at the precision {precision:.3g}"
                    self.report("U330", text, pay.amount, typed)

    def turns(self, turns: tuple[Becomes, ...], env: Env, names: tuple[str, ...]) -> None:
        """Changes of type have probabilities."""
        sums: dict[tuple[str, str], float] = {}
        for turn in turns:
            value = self.evaluate(turn.probability, env, f"the probability that `{turn.old}` changes", names)
            if value is None or isinstance(value, str):
                continue
            if not -1e-9 <= value <= 1 + 1e-9:
                self.report(
                    "P407",
                    f"the probability that `{turn.old}` becomes `{turn.new}` is {value:g}",
                    turn.probability,
                    env,
                )
            key = (turn.player, turn.old)
            sums[key] = sums.get(key, 0.0) + value
            if sums[key] > 1 + 1e-9:
                text = f"what `{turn.old}` of `{turn.player}` becomes has probability {sums[key]:g}"
                self.report("P408", text, None, env, [turn.probability], turn.where)

    def shares(
        self, outcomes: tuple[Outcome, ...], env: Env, what: str, where: Where, names: tuple[str, ...] = ()
    ) -> None:
        """The probabilities of outcomes lie in [0, 1] and sum to 1, for every type that they read."""
        trees = [o.probability for o in outcomes if o.probability is not None]
        trees_read = trees + [o.condition for o in outcomes if o.condition is not None]
        for typed in self.typed(trees, env):
            total, rest = 0.0, False
            for outcome in outcomes:
                if outcome.condition is not None and not self.evaluate(outcome.condition, typed, what, names):
                    continue
                if outcome.probability is None:
                    rest = True
                    continue
                value = self.evaluate(outcome.probability, typed, f"the probability of `{outcome.name}`", names)
                if value is None or isinstance(value, str):
                    return
                if not -1e-9 <= value <= 1 + 1e-9:
                    self.report("P407", f"the probability of `{outcome.name}` is {value:g}", outcome.probability, typed)
                    return
                total += value
            if total > 1 + 1e-9 or (not rest and total < 1 - 1e-9):
                text = f"{what} have probability {total:.10g} together"
                self.report("P406", text, None, typed, trees_read, where)

    def possible(self, outcome: Outcome, env: Env, names: tuple[str, ...] = ()) -> bool:
        """True when an outcome can occur, for some type."""
        if outcome.condition is not None and not self.evaluate(outcome.condition, env, "the condition", names):
            return False
        if outcome.probability is None:
            return True
        for typed in self.typed([outcome.probability], env):
            value = self.evaluate(outcome.probability, typed, f"the probability of `{outcome.name}`", names)
            if value is not None and not isinstance(value, str) and value > 0:
                return True
        return False

    def typed(self, trees: list[Expr], env: Env) -> Iterable[Env]:
        """The environment with every combination of the types that the expressions read."""
        players = sorted({p for tree in trees for p in self.shared.players(tree)})
        if not players:
            return [env]
        choices = itertools.product(*(self.names.types[p] for p in players))
        return ({**env, **{("is", p): t for p, t in zip(players, types, strict=True)}} for types in choices)

    def evaluate(self, tree: Expr, env: Env, what: str, names: tuple[str, ...] = ()) -> Any:
        """The value of an expression, or None; what has no value is reported."""
        self.spend(self.shared.weight(tree))
        try:
            return self.machine.value(tree, env, names)
        except NoValue:
            self.report("U326", f"{what}, `{show(tree)}`, has no finite value", tree, env)
            return None

    def report(
        self, code: str, message: str, tree: Expr | None, env: Env, trees: list[Expr] | None = None,
        where: Where | None = None, extra: dict[str, Any] | None = None, other: Where | None = None, fix: str = "",
    ) -> None:  # fmt: skip
        """Reports once for each place, with the state in which it happens."""
        self.clean = False
        place = where if where is not None else tree.where if tree is not None else self.scenario.where
        if (code, place) in self.reported:
            return
        self.reported.add((code, place))
        listed = [*(trees or []), *([tree] if tree is not None else [])]
        read = reads(listed, self.names)
        example: dict[str, Any] = {
            name: _plain(env[name])
            for name in self.index
            if name in env and (name in read or (not read and len(self.index) <= 12))
        }
        if "now" in read and "now" in env:
            example["now"] = label(self.scenario.clock, int(env["now"]))
        for key, value in env.items():
            if isinstance(key, tuple) and key[0] == "is":
                example[f"{key[1]} is"] = value
            elif isinstance(key, str) and key not in self.index and key != "now":
                example[key] = _plain(value)
        example.update(extra or {})
        self.reader.report(code, message, place, example=example, conflicts_with=other, fix=fix)


def _plain(value: Any) -> Any:
    """A value in the words of the language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return int(value) if isinstance(value, float) and value == int(value) else value
