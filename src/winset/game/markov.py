"""Markov (stochastic) games of complete information, as arrays, and what a solver of them returns.

In state s every player i chooses one of its actions, all at once; u_i(s, c) is paid for the joint action c, and the
game goes on in s' with probability P(s' | s, c), worth δ_i(s) times what it is worth there. Rows of P may sum to less
than 1: with the rest the game ends and pays nothing more. Strategies are stationary (Shapley 1953; Fink 1964).

Axis letters: P players, S states, A actions of one player (the most that anybody has anywhere), C joint actions
(row-major over players in order, over the most actions that each has anywhere).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from winset.base.card import Card, Shown, Table, few
from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.game.game import Bools, Floats, Ints

_SUM = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Transition probabilities that are mostly 0: those of row s * C + c are entries begin[row] : begin[row + 1].

    `target` (E,) is the state that an entry leads to, `probability` (E,) how likely."""

    begin: Ints
    target: Ints
    probability: Floats

    @cached_property
    def row(self) -> Ints:
        """(E,) the row of each entry."""
        return np.repeat(np.arange(len(self.begin) - 1), np.diff(self.begin))

    def expected(self, values: Floats) -> Floats:
        """(k, rows) Σ_s' P(s' | row) values[k, s']."""
        size = len(self.begin) - 1
        return np.stack([np.bincount(self.row, self.probability * v[self.target], size) for v in values])

    def dense(self, states: int) -> Floats:
        """(S, C, S) the same as one array."""
        out = np.zeros((len(self.begin) - 1, states))
        np.add.at(out, (self.row, self.target), self.probability)
        return out.reshape(states, -1, states)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MarkovGame(Shown):
    """A stochastic game; `markov_game` of `winset.game.markov` makes one from lists and checks it.

    Attributes:
        players: P names.
        states: S names.
        counts: (P, S) number of actions; the first so many of A are there.
        widths: (P,) the most actions that each player has in any state; C is their product.
        payoff: (P, S, C) what the joint action pays; 0 where it is not there.
        transition: (S, C, S) probabilities, or `Rows`.
        discount: (P, S) in [0, 1], by the state that is left.
        labels: labels[i][s], the names of the actions of player i in state s; empty: numbered.
    """

    players: tuple[str, ...]
    states: tuple[str, ...]
    counts: Ints
    widths: tuple[int, ...]
    payoff: Floats
    transition: Floats | Rows
    discount: Floats
    labels: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @cached_property
    def available(self) -> Bools:
        """(P, S, A) which actions there are."""
        return np.asarray(np.arange(max(self.widths)) < self.counts[:, :, None])

    @cached_property
    def own(self) -> Ints:
        """(P, C) each player's action in every joint action."""
        return np.indices(self.widths).reshape(len(self.widths), -1)

    def uniform(self) -> Floats:
        """(P, S, A) every action with the same probability."""
        return self.available / self.counts[:, :, None]

    def expected(self, values: Floats) -> Floats:
        """(k, S, C) expected value where each joint action leads, for values (k, S); not discounted."""
        size, joint = len(self.states), self.own.shape[1]
        if isinstance(self.transition, Rows):
            return self.transition.expected(values).reshape(-1, size, joint)
        flat = self.transition.reshape(size * joint, size)
        return (values @ flat.T).reshape(-1, size, joint)

    def action(self, player: int, state: int, index: int) -> str:
        """Name of an action."""
        return self.labels[player][state][index] if self.labels else str(index + 1)

    def card(self) -> Card:
        """What it shows of itself: its size."""
        entries = len(self.transition.target) if isinstance(self.transition, Rows) else self.transition.size
        low, high = self.counts.min(), self.counts.max()
        return Card(
            title=f"Markov game of {', '.join(self.players)}",
            tables=(Table(rows=(
                (f"{len(self.states):,}", "states"),
                (f"{low:,}" if low == high else f"{low:,} to {high:,}", "actions of a player in a state"),
                (f"{entries:,}", "transition probabilities kept"),
            )),),
        )  # fmt: skip


def markov_game(
    payoffs: Sequence[Any],
    transitions: Sequence[Any] | Rows,
    *,
    discount: float | Sequence[float] | Floats,
    players: Sequence[str] = (),
    states: Sequence[str] = (),
) -> MarkovGame:
    """A Markov game from one array a state.

    Args:
        payoffs: for each state (P, A_1, …, A_P): what each player is paid for each joint action.
        transitions: for each state (A_1, …, A_P, S): where each joint action leads; sums to at most 1, with the rest
            the game ends. Or `Rows`, over the joint actions of the widest state.
        discount: in [0, 1): one number, one for each player, or (P, S).
        players, states: names; numbered where left out.

    Raises:
        ScenarioError: shapes that do not fit, numbers that are none, probabilities that are none, a discount of 1.
    """
    tables = [np.asarray(u, dtype=np.float64) for u in payoffs]
    count, size = (tables[0].shape[0] if tables and tables[0].ndim else 0), len(tables)
    if not size or any(u.ndim != count + 1 or u.shape[0] != count or 0 in u.shape for u in tables):
        raise _problem("M101", "the payoffs are not one array (P, A_1, …, A_P) for each state",
                       "with P players every state needs P tables with an axis for each player's actions",
                       "give each state such an array; a player without a choice has an axis of length 1")  # fmt: skip
    counts = np.array([u.shape[1:] for u in tables], dtype=np.int64).T.reshape(count, size)
    widths = tuple(int(w) for w in counts.max(axis=1))
    payoff = np.zeros((count, size, *widths))
    for s, u in enumerate(tables):
        at: Any = (slice(None), s, *(slice(0, n) for n in u.shape[1:]))
        payoff[at] = u
    game = MarkovGame(
        players=tuple(players) or tuple(f"player {i + 1}" for i in range(count)),
        states=tuple(states) or tuple(f"state {s + 1}" for s in range(size)),
        counts=counts,
        widths=widths,
        payoff=payoff.reshape(count, size, -1),
        transition=transitions if isinstance(transitions, Rows) else _transitions(transitions, tables, widths),
        discount=_discounts(discount, count, size),
    )
    return checked(game)


def _transitions(transitions: Sequence[Any], tables: list[Floats], widths: tuple[int, ...]) -> Floats:
    size = len(tables)
    if len(transitions) != size:
        raise _problem("M102", f"transitions for {len(transitions)} states, payoffs for {size}",
                       "every state needs both", "give one array a state")  # fmt: skip
    out = np.zeros((size, *widths, size))
    for s, given in enumerate(transitions):
        row = np.asarray(given, dtype=np.float64)
        if row.shape != (*tables[s].shape[1:], size):
            raise _problem("M102", f"the transitions of state {s + 1} have the shape {row.shape}",
                           f"the payoffs there and the {size} states make it {(*tables[s].shape[1:], size)}",
                           "give one probability for each joint action and next state")  # fmt: skip
        at: Any = (s, *(slice(0, n) for n in row.shape[:-1]))
        out[at] = row
    return out.reshape(size, -1, size)


def _discounts(discount: float | Sequence[float] | Floats, count: int, size: int) -> Floats:
    given = np.asarray(discount, dtype=np.float64)
    if given.ndim == 1 and len(given) == count:
        given = given[:, None]
    try:
        return np.ascontiguousarray(np.broadcast_to(given, (count, size)))
    except ValueError:
        raise _problem("M103", f"a discount of the shape {given.shape}",
                       f"it is one number, {count} (one for each player), or ({count}, {size})",
                       "give one of these, e.g. 0.95") from None  # fmt: skip


def checked(game: MarkovGame) -> MarkovGame:
    """The same game, if it is one.

    Raises:
        ScenarioError: a number that is none, a probability that is none, or play without end that counts in full.
    """
    count, size, joint = len(game.players), len(game.states), int(np.prod(game.widths))
    if game.payoff.shape != (count, size, joint) or game.counts.shape != (count, size):
        raise _problem("M101", f"{count} names of players and {size} of states do not fit the payoffs",
                       "each player and each state has one name", "name all of them, or none")  # fmt: skip
    sparse = isinstance(game.transition, Rows)
    chances = game.transition.probability if isinstance(game.transition, Rows) else game.transition
    if sparse and (len(game.transition.begin) != size * joint + 1 or np.any(game.transition.target >= size)):  # type: ignore[union-attr]
        raise _problem("M102", f"rows for {len(game.transition.begin) - 1} joint actions, or targets beyond the states",  # type: ignore[union-attr]
                       f"there are {size} × {joint} = {size * joint} rows and {size} states",
                       "give one row for each state and joint action, in order")  # fmt: skip
    for name, numbers in (("payoff", game.payoff), ("transition", chances), ("discount", game.discount)):
        if not np.all(np.isfinite(numbers)):
            raise _problem("M104", f"a {name} is not a finite number", "nothing can be computed from it",
                           "give a number")  # fmt: skip
    sums = game.expected(np.ones((1, size)))[0]
    if np.any(chances < 0.0) or np.any(sums > 1.0 + _SUM):
        s, c = np.unravel_index(int(np.argmax(sums)), sums.shape)
        raise _problem("M105", f"transition probabilities below 0, or above 1 in sum (the largest is {sums[s, c]:g})",
                       "they are probabilities of what comes next", "divide each row by its sum",
                       state=game.states[s], joint_action=int(c) + 1)  # fmt: skip
    if np.any((game.discount < 0.0) | (game.discount > 1.0)):
        raise _problem("M106", "a discount outside of [0, 1]", "it is what the next state is worth beside this one",
                       "give a number from 0 up to below 1, e.g. 0.95")  # fmt: skip
    _ends(game)
    return game


def _ends(game: MarkovGame) -> None:
    """Refuses play that may go on for ever at full worth: values would be infinite.

    The most weight that what comes after k states can have is tracked; it shrinks to 0 if and only if values exist."""
    weight = np.ones((len(game.players), len(game.states)))
    for _ in range(len(game.states) + 1):
        weight = np.max(game.discount[:, :, None] * game.expected(weight), axis=2)
        if weight.max() < 1.0 - 1e-12:
            return
    i, s = np.unravel_index(int(np.argmax(weight)), weight.shape)
    raise _problem("M107", f"what comes later may count in full for {game.players[i]}, for ever",
                   "its worth is then infinite, or undefined", "give a discount below 1, or let the game end",
                   state=game.states[s])  # fmt: skip


def _problem(code: str, message: str, why: str, fix: str, **example: Any) -> ScenarioError:
    return ScenarioError([Diagnostic(code=code, message=message, why=why, fix=fix, example=example)])


@dataclass(frozen=True, kw_only=True, eq=False)
class MarkovPath:
    """Stationary logit equilibria on the principal branch, in the order in which the path meets them.

    Attributes:
        precision: (K,) λ of each point, from 0; it falls between folds.
        probability: (K, P, S, A) strategies at each point, as far as they are kept.
        folds: λ at which the path turns around, as far as its points tell.
        limit: (P, S, A) stationary Nash equilibrium that the path leads to, None where it was not followed so far.
        limit_moved: the largest change of a probability from the last point of the path to `limit`.
    """

    precision: Floats
    probability: Floats
    folds: Floats
    limit: Floats | None = None
    limit_moved: float = float("nan")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MarkovSolution(Shown):
    """A profile of stationary strategies, as its solver left it; a certificate judges it.

    Attributes:
        game: what was solved.
        profile: (P, S, A) probability of every action; 0 where there is none.
        values: (P, S) expected discounted payoff from each state on.
        precision: (P,) λ of each player at this profile; infinite in the limit.
        method: one line, the name of the method.
        status: "solved", or what was not reached, in a few words.
        advice: what to do where it is not "solved", else empty.
        path: the logit path.
        facts: seconds, counts and settings of the method.
    """

    game: MarkovGame
    profile: Floats
    values: Floats
    precision: Floats
    method: str
    path: MarkovPath
    status: str = "solved"
    advice: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def card(self) -> Card:
        """What it shows of itself: values and strategies of the first states."""
        game = self.game
        rows = tuple(
            (
                game.states[s],
                who,
                f"{self.values[i, s]:.6g}",
                ", ".join(f"{game.action(i, s, a)} {self.profile[i, s, a]:.4f}" for a in range(game.counts[i, s])),
            )
            for s in range(min(len(game.states), 12))
            for i, who in enumerate(game.players)
        )
        facts = tuple((k, f"{v:,.6g}" if isinstance(v, (int, float)) else str(v)) for k, v in self.facts.items())
        return Card(
            title=f"Markov game of {', '.join(game.players)}: {self.status} ({self.method})",
            lines=(self.advice,) if self.advice else (),
            tables=(
                Table(heading="Strategies", columns=("state", "player", "value", ""), rows=few(rows, 24)),
                Table(heading="Solved", columns=("", ""), rows=facts),
            ),
        )


__all__ = ["MarkovGame", "MarkovPath", "MarkovSolution", "Rows", "checked", "markov_game"]
