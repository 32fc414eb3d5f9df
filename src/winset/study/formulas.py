"""Formulas evaluated over solved variants.

A number carries a band: what was dropped or cut off, and how far the number moves when the game is solved on a
coarser belief grid. A comparison whose sides differ by less than their bands is undecided.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from winset.base.errors import ScenarioError, WinsetError
from winset.game.game import Game
from winset.language.days import settled_by_rows
from winset.language.expr import Expr, Plays
from winset.language.formula import (
    After,
    Apply,
    Belief,
    Expectation,
    Formula,
    From,
    In,
    Near,
    Operation,
    Plain,
    Probability,
    Sign,
    StrategyOf,
    ValueOf,
    walk,
)  # fmt: skip
from winset.language.formula import Event as Asked
from winset.language.lexer import problem
from winset.learn.histories import Place
from winset.study.along import Along, payoffs_along
from winset.study.arithmetic import Judgement, Quantity, apply, combine, compare, joined, near
from winset.study.atoms import Language
from winset.study.conditions import evaluate, unanswerable
from winset.study.context import Context, Leaf, Part, bare, leaves
from winset.study.events import Event
from winset.study.facts import fact
from winset.study.flow import Flow, run
from winset.study.graph import Graph
from winset.study.history import beginning, domain_value, placed, rows_like_start
from winset.study.measures import at_round, mean_belief, next_choice, round_ends, value_at
from winset.study.solved import Solved, Study, half
from winset.study.wording import show_formula

Raw = dict[tuple[Any, Context], "Quantity | Judgement | WinsetError"]
"""What leaves measure in their contexts, without the band for the grid; or why they cannot be measured."""


@dataclass
class Asker:
    """Evaluates formulas over one study, remembering every leaf.

    Attributes:
        study: where variants are solved.
        grid_check: measure how far each leaf moves on another grid and put it into its band.
        check: the study on that grid; None: the one with about half the inner nodes.
        movement: how far a leaf moves, where that is known from elsewhere; it is then put into the leaf's band.
        parts: the leaves of the formula evaluated last.
        chosen: which equilibrium is read, by variant; 0, the principal one, where a variant is not named.
    """

    study: Study
    grid_check: bool = True
    check: Study | None = None
    movement: Callable[[Any, Context], float] | None = None
    parts: list[Part] = field(default_factory=list)
    chosen: Mapping[str, int] = field(default_factory=dict)
    _memo: dict[tuple[Leaf, Context], Quantity] = field(default_factory=dict)
    _raw: Raw = field(default_factory=dict)
    _places: dict[Context, tuple[Solved, Place]] = field(default_factory=dict)
    _graphs: dict[Context, Graph] = field(default_factory=dict)
    _along: dict[Context, tuple[Along, float]] = field(default_factory=dict)
    _coarse: Asker | None = None
    _side: Asker | None = None

    def ask(self, formula: Formula, chosen: Mapping[str, int] | None = None) -> Quantity | Judgement:
        """The value of a formula in the principal equilibria, or in those chosen; `parts` then holds its leaves.

        A formula that reads variants is a comparison of solutions. Unless the game is small, all its leaves, the
        base's too, are then computed alike on the half grid, with the walk that serves variants; each leaf's band
        holds what was dropped and how far the base's own such leaf moves from there to the full grid and the finer
        walk, so grid and merging are both in it. Where that leaves a judgement undecided by less than a factor
        `NEAR`, all sides are computed again on the full grid, with the same bands. Each part says its grid.
        """
        self.parts, self.chosen = [], chosen or {}
        home = self.home
        if not self.compares(formula):
            return self.value(formula, home)
        side = self.side
        side.parts, side.chosen = [], self.chosen
        got = side.value(formula, home)
        self.parts = side.parts
        if isinstance(got, Judgement) and got.value is None and _close(got):
            read = list(leaves(formula, home, self.chosen))
            for variant in sorted({c.variant for _, c in read}):
                for leaf, context in read:
                    if context.variant == variant:
                        self.leaf(leaf, context)
                self.forget(variant)
            self.parts = []
            got = self.value(formula, home)
        return got

    @property
    def home(self) -> Context:
        """Where a formula is read that names no variant."""
        return Context(variant=self.study.base, equilibrium=self.chosen.get(self.study.base, 0))

    def compares(self, formula: Formula) -> bool:
        """Whether a formula is to be read on the half grid first; see `ask`."""
        if not self.grid_check or self.check is not None or self.study.coarse is self.study or self.small:
            return False
        reads = any(isinstance(n, In) for n in walk(formula))
        return reads and self.study.dimensions > 0

    @property
    def small(self) -> bool:
        """Whether the base is so small that variants are solved on the full grid at once."""
        return self.study.size().cells <= SMALL

    @property
    def side(self) -> Asker:
        """The asker for formulas that read variants: on the half grid, but for small games."""
        if not self.grid_check or self.small:
            return self
        if self._side is None:
            self._side = Asker(self.study.coarse, grid_check=False, movement=self.grid_movement)
            if self.check is None:  # else the other grid is not the side's
                self._side.share(self.rough)
        return self._side

    @property
    def rough(self) -> Asker:
        """The asker on the other grid, without bands for it."""
        if self._coarse is None:
            self._coarse = Asker(self.check or self.study.coarse, grid_check=False)
        return self._coarse

    def forget(self, variant: str) -> None:
        """Lets a variant go and keeps the numbers; of the base, only what was solved from another start state."""
        stays = variant == self.study.base
        for context in [c for c in self._places if c.variant == variant and not (stays and c.start is None)]:
            del self._places[context]
            self._graphs.pop(context, None)
        self.study.forget(variant)

    def compared(self, formulas: Iterable[Formula]) -> dict[str, list[tuple[Any, Context]]]:
        """By variant, the leaves of those formulas that compare variants."""
        wanted: dict[str, list[tuple[Any, Context]]] = {}
        for tree in formulas:
            if self.compares(tree):
                for leaf, context in leaves(tree, Context(variant=self.study.base), {}):
                    wanted.setdefault(context.variant, []).append((leaf, context))
        return wanted

    def raw_of(self, variant: str) -> Raw:
        """What leaves measure in a variant."""
        return {key: got for key, got in self._raw.items() if key[1].variant == variant}

    def adopt(self, raw: Raw) -> None:
        """Takes over what leaves measure elsewhere."""
        self._raw.update(raw)

    def equilibria(self, variant: str, *, side: bool) -> int:
        """How many equilibria of a variant are known; sought now, on the half grid if `side`, where nobody has yet."""
        study = self.side.study if side and variant != self.study.base else self.study
        return study.count(variant)

    def share(self, other: Asker) -> None:
        """Takes over the graphs that another asker of the same study has walked, and what leaves measure there."""
        self._places, self._graphs, self._raw = other._places, other._graphs, other._raw

    def value(self, tree: Formula, context: Context) -> Quantity | Judgement:
        """The value of a formula in a context."""
        if settled_by_rows(tree):
            return self.fact(tree, context)
        match tree:
            case In(formula=inner, variant=variant):
                return self.value(inner, replace(context, variant=variant, equilibrium=self.chosen.get(variant, 0)))
            case After(formula=inner, observations=observations):
                return self.value(inner, replace(context, after=observations))
            case From(formula=inner):
                return self.value(inner, replace(context, start=bare(tree)))
            case Plain(value=expression):
                return self._kept(tree, context, lambda: self.plain(expression, context))
            case Sign(op="not", operand=operand):
                return self.value(operand, context).as_judgement().negated()
            case Sign(operand=operand):
                return combine("-", Quantity.exact(0.0), self.value(operand, context).as_quantity())
            case Near(left=left, right=right, tolerance=tolerance):
                sides = [self.value(f, context).as_quantity() for f in (left, right, tolerance)]
                return near(*sides)
            case Apply(function=function, arguments=arguments):
                return apply(function, [self.value(a, context).as_quantity() for a in arguments])
            case Operation():
                return self.operation(tree, context)
        return self.leaf(tree, context)

    def fact(self, tree: Formula, context: Context) -> Quantity | Judgement:
        """The value of what record files answer, without error; undecided where a day of no rows is asked for."""
        facts = self.study.facts
        if tree not in facts:
            facts[tree] = fact(self.study.scenario, tree)
        got = facts[tree]
        for found in got.found:
            if found.value is not None:
                self.parts.append(Part(found.tree, Context(variant=self.study.base), Quantity.exact(found.value)))
        if got.value is None:
            return Judgement(None, got.undecided)
        return Judgement(got.value) if isinstance(got.value, bool) else Quantity.exact(got.value)

    def operation(self, tree: Operation, context: Context) -> Quantity | Judgement:
        """Logic, comparison or arithmetic."""
        left, right = self.value(tree.left, context), self.value(tree.right, context)
        if tree.op in ("and", "or"):
            return joined(tree.op, left.as_judgement(), right.as_judgement())
        if tree.op in ("=", "!=", "<", "<=", ">", ">="):
            return compare(tree.op, left.as_quantity(), right.as_quantity())
        return combine(tree.op, left.as_quantity(), right.as_quantity())

    def plain(self, expression: Expr, context: Context) -> Quantity | Judgement:
        """A number, truth value, date or parameter."""
        scope = self.study.language(context.variant).scope(None, {})
        value = np.asarray(evaluate(expression, replace(scope, columns={}, types={})))
        if value.dtype.kind == "U" or value.size != 1:
            raise unanswerable(f"`{show_formula(Plain(expression))}` is not a number or a parameter", expression)
        if value.dtype.kind == "b":
            return Judgement(value=bool(value))
        return Quantity.exact(float(value))

    def leaf(self, leaf: Any, context: Context) -> Quantity:
        """The value of P, E, belief, value or strategy, with its band."""
        key = (leaf, context)
        if key not in self._memo:
            quantity = self.measured(leaf, context)
            moved = self.movement or (self.grid_movement if self.grid_check else None)
            if moved is not None and not math.isnan(quantity.value):
                quantity = quantity.widened(moved(leaf, context), unit=_unit(leaf))
            self._memo[key] = quantity
        self.parts.append(Part(leaf, context, self._memo[key], self.study.settings.inner(self.study.scenario)))
        return self._memo[key]

    def measured(self, leaf: Any, context: Context) -> Quantity:
        """What a leaf measures, without the band for the grid."""
        return self._kept(leaf, context, lambda: self.measure(leaf, context)).as_quantity()

    def _kept(self, tree: Any, context: Context, work: Callable[[], Quantity | Judgement]) -> Quantity | Judgement:
        """What the work gives, done once; what it could not do it cannot do again."""
        key = (tree, context)
        if key not in self._raw:
            try:
                self._raw[key] = work()
            except WinsetError as error:
                self._raw[key] = error
        got = self._raw[key]
        if isinstance(got, WinsetError):
            raise got
        return got

    def grid_movement(self, leaf: Any, context: Context) -> float:
        """How far a leaf moves on the coarser grid; for a leaf of a variant, what the base's own moves by."""
        study, at_home = self.study, context.variant == self.study.base
        if not study.dimensions:
            return 0.0
        home = replace(context, variant=study.base, equilibrium=context.equilibrium if at_home else 0)
        try:
            return abs(self.rough.measured(leaf, home).value - self.measured(leaf, home).value)
        except ScenarioError:
            return 0.0

    @property
    def other_grid(self) -> str:
        """Which other belief grid answers are compared with, in words."""
        inner = self.study.settings.inner(self.study.scenario)
        if not self.grid_check:
            return ""
        if self.check is None:
            return f"about half the inner nodes: {half(inner)} instead of {inner}"
        return f"about twice the inner nodes: {self.check.settings.grid} instead of {inner}"

    def elsewhere(self, tree: Formula) -> float | None:
        """The value of a formula on the other grid; None where it reads a variant or has none there."""
        if any(isinstance(n, In) for n in walk(tree)) or not self.grid_check:
            return None
        try:
            return self.rough.ask(tree).as_quantity().value
        except WinsetError:
            return None

    def place(self, context: Context) -> tuple[Solved, Place]:
        """The variant, and where in it the formula is read."""
        if context not in self._places:
            solved = self.study.solved(context.variant, context.equilibrium)
            if context.start is not None:
                solved, place = self._stated(solved, context)
            elif context.after:
                place = solved.after(context.after)
            else:
                place = solved.beginning
            self._places[context] = solved, place
        return self._places[context]

    def graph(self, context: Context) -> Graph:
        """The public histories of a context."""
        if context not in self._graphs:
            solved, place = self.place(context)
            plain = not context.after and context.start is None
            self._graphs[context] = solved.graph if plain else solved.graph_from(place)
        return self._graphs[context]

    def _stated(self, solved: Solved, context: Context) -> tuple[Solved, Place]:
        """The place that `from (...)` describes."""
        asked = context.start
        assert asked is not None
        game, language = solved.game, solved.language
        round_ = 1 if asked.round is None else number(asked.round, language)
        stated = {(p, t): float(evaluate(v, language.scope(None, {}))) for p, t, v in asked.beliefs}
        belief = solved.course.prior(stated)
        wanted = {
            name: np.asarray(evaluate(v, replace(language.scope(None, {}), columns={}))) for name, v in asked.state
        }
        rows, weights = rows_like_start(game, wanted)
        if rows is not None:
            place = placed(game, round_=round_, states=rows, weights=weights, belief=belief)
            if place is not None:
                return solved, place
        if round_ != 1:
            raise unanswerable(f"the game never comes to the state after `from` in round {round_}", asked)
        if context.equilibrium:
            raise unanswerable("the game never comes to the state after `from` in this equilibrium", asked)
        start = tuple((name, domain_value(game, name, value)) for name, value in wanted.items())
        solved = self.study.restarted(context.variant, start)
        place = beginning(solved.game)
        assert place.nodes is not None
        nodes = replace(place.nodes, belief=np.tile(belief, (len(place.nodes.mass), 1)))
        return solved, replace(place, nodes=nodes)

    def measure(self, leaf: Any, context: Context) -> Quantity:
        """A leaf's value, with what was dropped on the way as its band."""
        match leaf:
            case Probability(event=event, given=given):
                return self.probability(event, given, context)
            case Expectation(value=value, at=at):
                return self.expectation(value, at, context)
            case Belief():
                return self.belief(leaf, context)
            case ValueOf(player=player, type=kind):
                solved, place = self.place(context)
                if place.nodes is None:
                    return Quantity.exact(0.0)
                i, k = _player(solved.game, player, kind, leaf)
                if solved.course.perceived:
                    return self.true_value(leaf, context, i, k)
                return Quantity.exact(value_at(solved.game, solved.solution.respond, place.nodes, i, k))
            case StrategyOf(player=player, action=action, type=kind, given=restricted):
                solved, place = self.place(context)
                _, k = _player(solved.game, player, kind, leaf)
                atom = Plays(player, action, restricted)
                near_ = solved.graph_from(place, rounds=1)
                chance, comes = next_choice(near_, solved.language, atom, k, len(place.before))
                if comes < 1.0 - 1e-9:
                    chance, comes = next_choice(self.graph(context), solved.language, atom, k, len(place.before))
                if comes <= 0:
                    raise unanswerable(f"{player} has no move ahead that offers `{action}`", leaf)
                return Quantity.exact(chance)
        raise unanswerable(f"a {type(leaf).__name__} has no value", leaf)

    def true_value(self, leaf: Any, context: Context, player: int, kind: int | None) -> Quantity:
        """What a player really gets where somebody errs, along the histories; the band is what was dropped."""
        solved, place = self.place(context)
        if solved.game.infinite:
            raise problem(
                "C492", f"in `{context.variant}` somebody errs about a game without end",
                why="payoffs are then added up along histories, which have to end",
                fix="ask for P, E, belief or strategy, or give the clock a number of rounds", where=leaf.where,
            )  # fmt: skip
        if context not in self._along:
            self._along[context] = payoffs_along(self.graph(context), len(place.before)), self.graph(context).mass_lost
        found, lost = self._along[context]
        value, off = found.mean(solved.game, player, kind), lost * found.largest
        return Quantity(value, value - off, value + off)

    def flow(self, events: tuple[Asked, ...], context: Context) -> Flow:
        """The flow of probability under some events."""
        solved, place = self.place(context)
        first = place.round if context.start is not None else 1
        ready = tuple(ready_event(e, solved.language, first) for e in events)
        return run(self.graph(context), solved.language, ready)

    def probability(self, event: Asked, given: Asked | None, context: Context) -> Quantity:
        """`P(EVENT)` or `P(EVENT given PREMISE)`."""
        if given is None:
            hit, lost, whole = self._unconditional(event, context)
            followed = max(whole - lost, 1e-300)
            return Quantity.clipped(hit / followed if lost < whole else 0.0, hit / whole, (hit + lost) / whole)
        flow = self.flow((event, given), context)
        lost, base, hit = flow.lost, flow.accepted((1,)), flow.accepted((0, 1))
        if base <= 0:
            raise unanswerable("the premise after `given` has probability zero", given)
        return Quantity.clipped(hit / base, hit / (base + lost), (hit + lost) / (base + lost))

    def _unconditional(self, event: Asked, context: Context) -> tuple[float, float, float]:
        """Probability of an event, what was lost until it is settled, and of the history that is its condition."""
        solved, _ = self.place(context)
        if event.form == "eventually" and not context.after and context.start is None:
            ready = ready_event(event, solved.language, 1)
            flow = solved.flow(replace(ready, deadline=None))
            if ready.deadline is None or not flow.rounds or ready.deadline >= flow.rounds[0]:
                return *flow.by(ready.deadline), flow.total
        flow = self.flow((event,), context)
        return flow.accepted((0,)), flow.lost, flow.total

    def expectation(self, value: Expr, at: Expr | None, context: Context) -> Quantity:
        """`E(EXPR at D)`, over followed histories; the band lets the rest take any value on the states of the game."""
        solved, _ = self.place(context)
        language = solved.language
        plain = not context.after and context.start is None
        ends = solved.ends if plain else round_ends(self.graph(context))
        end = at_round(ends, None if at is None else number(at, language))
        scope = replace(language.scope(max(end.round, 1), {}), types={})
        amounts = np.asarray(evaluate(value, scope))
        if amounts.dtype.kind == "U":
            raise unanswerable("the expectation of a name; write a condition instead, such as `deal = none`", value)
        amounts = np.broadcast_to(amounts.astype(float).reshape(-1), (len(solved.game.states),))
        followed = float(end.rows.sum())
        mean = float((end.rows * amounts).sum()) / max(followed, 1e-300)
        lost = max(1.0 - followed, 0.0)
        low, high = float(amounts.min()), float(amounts.max())
        return Quantity(mean, (1 - lost) * mean + lost * low, (1 - lost) * mean + lost * high)

    def belief(self, leaf: Belief, context: Context) -> Quantity:
        """The public belief at a place, or its mean at the end of a round."""
        solved, place = self.place(context)
        i, k = _player(solved.game, leaf.player, leaf.type, leaf)
        assert k is not None
        if leaf.at is None and place.nodes is not None:
            return Quantity.exact(mean_belief(place.nodes, solved.course.column(i, k)))
        ends = round_ends(self.graph(context))
        end = at_round(ends, None if leaf.at is None else number(leaf.at, solved.language))
        followed = float(end.weight.sum())
        mean = float((end.weight * end.belief[:, solved.course.column(i, k)]).sum()) / max(followed, 1e-300)
        lost = max(1.0 - followed, 0.0)
        return Quantity(mean, (1 - lost) * mean, (1 - lost) * mean + lost)


SMALL = 100_000
"""Cells with a choice up to which the half grid would save no time worth having."""
NEAR = 4.0
"""A margin more than so many times the effect is not put to the full grid: it would stay undecided."""


def _close(got: Judgement) -> bool:
    return got.effect is None or got.margin is None or NEAR * abs(got.effect) >= got.margin


def ready_event(asked: Asked, language: Language, first: int) -> Event:
    """An event with its deadline as the number of a round; `within N rounds` counts from round `first`."""
    deadline = None
    if asked.by is not None:
        deadline = number(asked.by, language)
    elif asked.within is not None:
        deadline = first - 1 + number(asked.within, language)
    return Event(form=asked.form, condition=asked.condition, goal=asked.goal, deadline=deadline)


def number(tree: Expr, language: Language) -> int:
    """A whole number, such as that of a round."""
    value = np.asarray(evaluate(tree, replace(language.scope(None, {}), columns={}, types={})))
    if value.dtype.kind == "U" or value.size != 1 or abs(float(value) - round(float(value))) > 1e-9:
        raise unanswerable("a date or the whole number of a round should stand here", tree)
    return round(float(value))


def _player(game: Game, name: str, kind: str, leaf: Any) -> tuple[int, int | None]:
    names = [p.name for p in game.players]
    if name not in names:
        raise unanswerable(f"there is no player `{name}`; players are {', '.join(names)}", leaf)
    i = names.index(name)
    if not kind:
        return i, None
    types = game.players[i].types
    if kind not in types:
        raise unanswerable(f"{name} has no type `{kind}`; its types are {', '.join(types)}", leaf)
    return i, types.index(kind)


def _unit(leaf: Any) -> bool:
    """Whether a leaf is a probability."""
    return isinstance(leaf, Probability | Belief | StrategyOf)
