"""What an expression reads, found without evaluating it; and what of it depends on the round alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from winset.game.model import Model
from winset.language.expr import Among, Binary, Call, Expr, If, IsType, Name, Plays, Unary
from winset.language.scenario import Effect, Move, Outcome, Pay


@dataclass(frozen=True)
class Facts:
    """Whether `now` is read, whether the state or an action's parameter is, whose types, and which choices."""

    now: bool = False
    open: bool = False
    types: frozenset[str] = frozenset()
    plays: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Facts) -> Facts:
        return Facts(self.now or other.now, self.open or other.open, self.types | other.types, self.plays | other.plays)


_NOTHING = Facts()


def facts(tree: Expr | None, model: Model) -> Facts:
    """What a tree reads, through definitions."""
    if tree is None:
        return _NOTHING
    found = model.facts.get(id(tree))
    if not isinstance(found, Facts):
        found = model.facts[id(tree)] = _read(tree, model)
    return found


def _read(tree: Expr, model: Model) -> Facts:
    if isinstance(tree, Name):
        if tree.name == "now":
            return Facts(now=True)
        if tree.name in model.definitions:
            return facts(model.definitions[tree.name], model)
        return Facts(open=tree.name not in model.values and tree.name not in model.dates and tree.name != "rounds")
    if isinstance(tree, IsType):
        return Facts(open=True, types=frozenset({tree.player}))
    if isinstance(tree, Plays):
        return Facts(open=True, plays=frozenset({(tree.player, tree.action)})) | facts(tree.given, model)
    result = _NOTHING
    for child in _children(tree):
        result = result | facts(child, model)
    return result


def _children(tree: Expr) -> tuple[Expr, ...]:
    if isinstance(tree, Unary):
        return (tree.operand,)
    if isinstance(tree, Binary):
        return (tree.left, tree.right)
    if isinstance(tree, Among):
        return (tree.subject, *tree.items)
    if isinstance(tree, If):
        return (tree.condition, tree.yes, tree.no)
    if isinstance(tree, Call):
        return tree.arguments
    if isinstance(tree, Plays):
        return () if tree.given is None else (tree.given,)
    return ()


def clocked(trees: Iterable[Expr], model: Model) -> list[Expr]:
    """The largest parts that read `now` and no state: their values are all that the round changes."""
    found: list[Expr] = []
    for tree in trees:
        known = facts(tree, model)
        if not known.now:
            continue
        if not known.open:
            found.append(tree)
        elif isinstance(tree, Name):
            found.extend(clocked([model.definitions[tree.name]], model))
        else:
            found.extend(clocked(_children(tree), model))
    return found


def of_pays(pays: Iterable[Pay]) -> Iterator[Expr]:
    """The expressions of payments."""
    for pay in pays:
        yield pay.amount


def of_effect(effect: Effect) -> Iterator[Expr]:
    """Every expression of an effect."""
    yield from of_pays(effect.pays)
    for assignment in effect.then:
        yield assignment.value
    for change in effect.becomes:
        yield change.probability
    yield from of_outcomes(effect.chance)


def of_outcomes(outcomes: Iterable[Outcome]) -> Iterator[Expr]:
    """Every expression of outcomes or signals."""
    for outcome in outcomes:
        yield from (e for e in (outcome.probability, outcome.condition) if e is not None)
        yield from of_effect(outcome.effect)


def of_move(move: Move) -> Iterator[Expr]:
    """Every expression of a move."""
    if move.condition is not None:
        yield move.condition
    for side in move.sides:
        for action in side.actions:
            if action.condition is not None:
                yield action.condition
            yield from of_effect(action.effect)
        yield from of_outcomes(side.signals)
    yield from of_outcomes(move.outcomes)
    for case in move.cases:
        yield case.condition
        yield from of_effect(case.effect)
