"""Which reports the record can make of each side of each move, and how probable each is under what was done.

Of a side the record says one act, or nothing. An act that is listed leaves rows, or with the chance `missed` none; an
act that is not listed leaves none. With the chance `mistaken` the record says one of the other possible reports
instead, each as probably as the others. A report from rows that nobody has checked is right with the chance `trust`;
else it names any of the acts, whatever was done, or leaves the word to the next act that has rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winset.language.acts import CHANCE, Act, acts_of, draws, labels, meant
from winset.language.expr import Expr
from winset.language.lexer import problem, shown
from winset.language.plain import Interpreter, NoValue
from winset.language.reader import nearest
from winset.language.rows import Rows
from winset.language.rules.names import gather
from winset.language.scenario import Move, ObservedMove, Scenario


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One side of one move, as the record speaks of it.

    Attributes:
        acts: the acts listed, in the order in which they count, each with the rows that stand for it.
        missed: chance that a listed act leaves no row, by its name.
        silent: whether silence says something once a round is over.
        mistaken: chance that the record says another thing than it should.
        delay: days after its date that a row is known.
        labels: how the solved game calls each act that can be seen.
    """

    move: str
    player: str
    acts: tuple[tuple[str, tuple[Rows, ...]], ...]
    missed: dict[str, float]
    silent: bool
    mistaken: float
    delay: int
    labels: dict[str, tuple[str, ...]]

    def chance(self, says: str, done: str, known: Sequence[str]) -> float:
        """P(the record says this | this was done); "" for silence, and for anything that leaves no row.

        Args:
            known: the acts that the record may name here.
        """
        missed = self.missed.get(done, 0.0) if done in known else 1.0
        should = missed if not says else (1.0 - missed) * (says == done)
        return (1.0 - self.mistaken) * should + self.mistaken * (1.0 - should) / len(known)

    def weighed(self, said: Sequence[tuple[str, bool]], trust: float, done: str, known: Sequence[str]) -> float:
        """P(the reports | this was done), where the acts said, in order, rest on checked rows (True) or not."""
        if not said:
            return self.chance("", done, known)
        total, left = 0.0, 1.0
        for act, checked in said:
            sure = 1.0 if checked else trust
            total += left * sure * self.chance(act, done, known)
            left *= 1.0 - sure
        return total + left * self.wrong(said[0][0], done, known)

    def wrong(self, says: str, done: str, known: Sequence[str]) -> float:
        """P(the record says this | this was done), where rows that nobody checked are wrong and name any act alike.

        What was really done has rows of its own unless they are missed; where it counts before the act that the wrong
        rows name, it is what the record says.
        """
        count = len(known)
        if done not in known:
            return 1.0 / count
        own, at, missed = known.index(done), known.index(says), self.missed.get(done, 0.0)
        if own < at:
            return missed / count
        return (1.0 + (1.0 - missed) * (count - 1 - at)) / count if own == at else 1.0 / count


@dataclass(frozen=True, kw_only=True)
class WatchedMove:
    """A move with its sides, in the order of the acts listed.

    Attributes:
        order: every act listed, in the order in which they count over all sides.
        after: the acts after which each outcome may be drawn; None where it may be after any.
    """

    move: Move
    sides: dict[str, Watched]
    order: tuple[Act, ...]
    after: dict[str, frozenset[Act] | None]
    ruled: bool

    def together(self, one: Act, other: Act) -> bool:
        """Whether acts of two sides of this move can come in one round: an outcome follows what may draw it."""
        for outcome, act in ((one, other), (other, one)):
            before = self.after.get(outcome.name) if outcome.player == CHANCE else None
            if before is not None and {b.player for b in before} == {act.player} and act not in before:
                return False
        return True


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Every move of the round as the record speaks of it.

    Attributes:
        trust: the chance that a report from unchecked rows is right.
    """

    moves: tuple[WatchedMove, ...]
    trust: float


def watched(scenario: Scenario, variant: Scenario, values: Mapping[str, float] | None = None) -> Watch:
    """How the record speaks of a scenario whose chances are numbers.

    What a variant takes away the record may report all the same; such a report then speaks against the variant.

    Args:
        variant: the scenario whose parameters are in force.
        values: parameters with other values than it gives them.

    Raises:
        ScenarioError: N115 there is no such parameter; P403, U328 a chance is none with these values.
    """
    names = gather(variant)
    for name in values or {}:
        if name not in names.parameters:
            near = nearest(name, names.parameters)
            raise problem("N115", f"there is no parameter `{shown(name)}`", nearest=near)
    names.parameters |= values or {}
    chance = _Chances(Interpreter(names))
    rules = {rule.move: rule for rule in scenario.observed.moves}
    moves = tuple(_move(move, rules.get(move.name), chance) for move in scenario.round)
    return Watch(moves=moves, trust=chance.of(scenario.observed.trust_unchecked, "`trust unchecked`"))


class _Chances:
    """Computes chances."""

    def __init__(self, machine: Interpreter) -> None:
        self.machine = machine

    def of(self, tree: Expr, what: str) -> float:
        """The number from 0 to 1 that an expression is."""
        try:
            value = float(self.machine.value(tree, {}))
        except NoValue:
            raise problem("U328", f"{what} has no finite value with these parameters", tree.where) from None
        if not 0 <= value <= 1:
            raise problem("P403", f"{what} is {value:g}, outside 0 to 1", tree.where)
        return value


def _move(move: Move, rule: ObservedMove | None, chance: _Chances) -> WatchedMove:
    known = acts_of(move)
    listed = [(act, one.rows) for one in (rule.acts if rule else ()) for act in meant(move, one.act, known)]
    silent = {act.player for text in (rule.silence if rule else ()) for act in meant(move, text, known)}
    where = f"of `{move.name}` in `observed`"
    missed = {text: chance.of(tree, f"`missed` {where}") for text, tree in (rule.missed if rule else ())}
    mistaken = chance.of(rule.mistaken, f"`mistaken` {where}") if rule else 0.0
    by_act = {act: missed.get("", 0.0) for act, _ in listed}
    by_act |= {act: value for text, value in missed.items() if text for act in meant(move, text, known)}
    sides = {
        player: Watched(
            move=move.name, player=player,
            acts=tuple((act.name, rows) for act, rows in listed if act.player == player),
            missed={act.name: value for act, value in by_act.items() if act.player == player},
            silent=player in silent, mistaken=mistaken,
            delay=rule.known_after if rule else 0,
            labels={act.name: labels(move, act) for act in known if act.player == player},
        )
        for player in dict.fromkeys(act.player for act in known)
    }  # fmt: skip
    return WatchedMove(
        move=move, sides=sides, order=tuple(act for act, _ in listed), after=draws(move), ruled=rule is not None
    )
