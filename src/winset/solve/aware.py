"""The best (logit) answer of one player who knows that the other misperceives the game.

The misperceiving player plays its equilibrium strategy of the game it believes in, the *believed* one, and so moves
its beliefs; the aware player knows all of that. In the true game it faces a decision problem, not a fixed point: at a
state s and the belief π as it moves in the believed game,

    Q(θ, a; s, π) = E[ r + δ V(θ'; s', π') ],    γ(a | θ; s, π) = exp(λ Q(θ, a)) / Σ_b exp(λ Q(θ, b)),

with probabilities and payments of the true game, the misperceiving player's strategy and π' of the believed one. V
lives on the believed game's belief grid, with the same interpolant. Everything the aware player does not know is
in π: the believed game has to be right about the other types (priors, signals and laws), which is checked.
Short-sighted errors stay its own: precision and discount are those of the true game.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.base.errors import ScenarioError
from winset.game.bayes import change_types, split, update
from winset.game.counterpart import Counterpart, check_open, law_of, unknown
from winset.game.game import Floats, Game, Ints, Mover, Stage
from winset.game.kernels import in_chunks, kernel
from winset.game.model import problem
from winset.game.solution import Solution
from winset.solve.hermite import interpolate, nodal

_CHUNK = 8192
"""Points looked at at once: bounds the memory."""
_SAME = 1e-12


@kernel
def _read(x, data, dims, states, coordinates, low, high, out):
    """Fills out (N, R) with the interpolant of `data` at (state, coordinates) for points low to high."""
    room = np.empty((max(dims, 1), 2, 2))
    for n in range(low, high):
        interpolate(x, data, states[n], coordinates[n], dims, room, out[n])


@dataclass(frozen=True, kw_only=True, eq=False)
class Answering:
    """The aware player's answer.

    Attributes:
        player: index of the aware player.
        believed: the believed game, solved.
        counterpart: where the true game's states and branches stand in the believed one.
        values: per stage, (S, G, K) the aware player's continuation value, at the states of the true game and the
            belief nodes of the believed one.
    """

    player: int
    believed: Solution
    counterpart: Counterpart
    values: tuple[Floats, ...]

    def respond(self, index: int, states: Ints, beliefs: Floats, played: tuple[Floats, ...]) -> Floats:
        """(N, K, A) the answer at N points of a stage at which the aware player moves.

        Args:
            index: the stage.
            states: (N,) states of the true game.
            beliefs: (N, R) beliefs as they move in the believed game.
            played: (N, K, A) strategies of the believed game there, one for each mover.
        """
        after = self.values[index + 1] if index + 1 < len(self.values) else None
        found, _ = _answer(self, index, after, states, beliefs, played)
        assert found is not None
        return found


def answering(game: Game, player: int, believed: Solution) -> Answering:
    """Solves for the answer, last stage first.

    Args:
        game: the true game, finite.
        player: index of the aware player.
        believed: the game that the other player believes in, solved.

    Raises:
        ScenarioError: C492 the true game comes to a state that the believed one does not know, or the believed game
            is wrong about what the aware player does not know either.
    """
    counterpart = Counterpart(game, believed.game)
    out = Answering(player=player, believed=believed, counterpart=counterpart, values=())
    _check(out)
    grid = believed.grid
    beliefs = grid.beliefs(grid.points())
    values: list[Floats] = []
    for k in range(len(game.stages) - 1, -1, -1):
        states = np.arange(len(game.stages[k].states))
        where, which = np.repeat(states, grid.nodes), np.tile(np.arange(grid.nodes), len(states))
        there = counterpart.states(k)[where]
        played = tuple(g[there, which] for g in believed.strategies[k])
        after = values[-1] if values else None
        _, found = _answer(out, k, after, where, beliefs[which], played)
        values.append(found.reshape(len(states), grid.nodes, -1))
    return Answering(player=player, believed=believed, counterpart=counterpart, values=tuple(reversed(values)))


def _answer(at: Answering, index: int, after: Floats | None, states: Ints, beliefs: Floats,
            played: tuple[Floats, ...]) -> tuple[Floats | None, Floats]:  # fmt: skip
    """(N, K, A) the answer (None where the aware player does not move) and its (N, K) values, in chunks."""
    data = None if after is None else nodal(at.believed.grid, after)
    strategies, values = [], []
    for low in range(0, len(states), _CHUNK):
        part = slice(low, low + _CHUNK)
        found, value = _points(at, index, data, states[part], beliefs[part], tuple(g[part] for g in played))
        strategies.append(found)
        values.append(value)
    kinds = at.counterpart.own.type_counts[at.player]
    if not values:
        values = [np.zeros((0, kinds))]
    chosen = [s for s in strategies if s is not None]
    return (np.concatenate(chosen) if chosen else None), np.concatenate(values)


def _points(at: Answering, index: int, data: Floats | None, states: Ints, beliefs: Floats,
            played: tuple[Floats, ...]) -> tuple[Floats | None, Floats]:  # fmt: skip
    """As `_answer`, of one chunk; `data` is the next stage's values with slopes."""
    game, me = at.counterpart.own, at.player
    stage, kinds = game.stages[index], game.type_counts[at.player]
    own = next((j for j, m in enumerate(stage.movers) if m.player == me), None)
    point, observable, branch = stage.edges(states)
    chance = stage.probability[branch]
    seen = split(stage, observable)
    likely = [
        None if j == own else _likelihood(m, states, g)[point, :, seen[j]]
        for j, (m, g) in enumerate(zip(stage.movers, played, strict=True))
    ]
    weight = _others(game, stage, me, beliefs[point], likely)
    axes = tuple(1 + i for i in range(len(game.players)) if i != me)
    reward = stage.reward[branch, me].reshape(len(branch), *game.type_counts)
    now = (weight * reward).sum(axis=axes) * chance[:, None]
    ahead = _continuation(at, index, data, states, beliefs, played, point, observable, branch)
    ahead = ahead * (weight.sum(axis=axes) * chance[:, None])
    if own is None:
        total = np.stack([np.bincount(point, (now + ahead)[:, k], len(states)) for k in range(kinds)], axis=1)
        return None, total + _for_acts(game, stage, me, states, beliefs, played)[:, :, 0]
    q = _own(stage, own, states, point, seen[own], now, ahead) + _for_acts(game, stage, me, states, beliefs, played)
    return _choice(game, stage.movers[own], states, q)


def _likelihood(mover: Mover, states: Ints, strategy: Floats) -> Floats:
    """(N, K, O) probability of what is seen of a mover, by its type."""
    if mover.signal is None:
        return strategy
    return np.einsum("nka,nako->nko", strategy, mover.signal[states])


def _others(game: Game, stage: Stage, me: int, beliefs: Floats, factors: list[Floats | None]) -> Floats:
    """(E, K_0, ..., 1, ..., K_P) probability of the others' types together with what is seen of them; own axis 1.

    `factors`: per mover (E, K), None for the own."""
    count, players = len(beliefs), len(game.players)
    out = np.ones((count, *([1] * players)))
    for i, (at, kinds) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
        if i == me:
            continue
        part = beliefs[:, at : at + kinds]
        for mover, factor in zip(stage.movers, factors, strict=True):
            if mover.player == i and factor is not None:
                part = part * factor
        out = out * part.reshape(count, *(kinds if p == i else 1 for p in range(players)))
    return out


def _continuation(at: Answering, index: int, data: Floats | None, states: Ints, beliefs: Floats,
                  played: tuple[Floats, ...], point: Ints, observable: Ints, branch: Ints) -> Floats:  # fmt: skip
    """(E, K) discounted value after each edge, by the type before the branch's change of types."""
    game, me = at.counterpart.own, at.player
    stage, kinds = game.stages[index], game.type_counts[at.player]
    out = np.zeros((len(branch), kinds))
    on = np.flatnonzero(stage.target[branch] >= 0)
    if data is None or not len(on):
        return out
    point, observable, branch = point[on], observable[on], branch[on]
    other = at.believed.game
    theirs, grid = other.stages[index], at.believed.grid
    moved = update(other, theirs, at.counterpart.states(index)[states], beliefs, played).posterior(point, observable)
    if theirs.branch_law is not None:
        moved = change_types(other, theirs, at.counterpart.branches(index)[branch], moved)
    coordinates = np.ascontiguousarray(grid.coordinates(moved))
    target = np.ascontiguousarray(stage.target[branch])
    value = np.empty((len(on), kinds))
    axis, dims = grid.axis, grid.dimensions
    in_chunks(lambda low, high: _read(axis, data, dims, target, coordinates, low, high, value), len(on), smallest=1024)
    if stage.branch_law is not None:
        value = np.einsum("ekl,el->ek", law_of(stage, stage.branch_law[branch, me], kinds), value)
    out[on] = stage.discount[me] * value
    return out


def _own(stage: Stage, own: int, states: Ints, point: Ints, seen: Ints, now: Floats, ahead: Floats) -> Floats:
    """(N, K, A) payoff of each action, from what follows on each edge."""
    mover, kinds = stage.movers[own], now.shape[1]
    q = np.zeros((len(states), kinds, len(mover.actions)))
    for a in range(len(mover.actions)):
        at = point if mover.signal is not None else point[seen == a]
        rows: Any = slice(None) if mover.signal is not None else seen == a
        then = ahead[rows]
        if mover.law is not None:
            then = np.einsum("ekl,el->ek", law_of(stage, mover.law[states[at], a], kinds), then)
        gain = now[rows] + then
        if mover.signal is not None:
            gain = gain * mover.signal[states[at], a, :, seen]
        for k in range(kinds):
            q[:, k, a] = np.bincount(at, gain[:, k], len(states))
    return q


def _for_acts(game: Game, stage: Stage, me: int, states: Ints, beliefs: Floats, played: tuple[Floats, ...]) -> Floats:
    """(N, K, A) what is paid for the joint action itself, by the own action; one action where one does not move."""
    own = next((j for j, m in enumerate(stage.movers) if m.player == me), None)
    kinds = game.type_counts[me]
    out = np.zeros((len(states), kinds, 1 if own is None else len(stage.movers[own].actions)))
    if stage.action_reward is None:
        return out
    axes = tuple(1 + i for i in range(len(game.players)) if i != me)
    sizes = [len(m.actions) for m in stage.movers]
    for c in range(stage.joint_actions):
        acts = np.unravel_index(c, sizes)
        factors = [None if j == own else g[:, :, acts[j]] for j, g in enumerate(played)]
        weight = _others(game, stage, me, beliefs, factors)
        reward = stage.action_reward[states, c, me].reshape(len(states), *game.type_counts)
        out[:, :, 0 if own is None else acts[own]] += (weight * reward).sum(axis=axes)
    return out


def _choice(game: Game, mover: Mover, states: Ints, q: Floats) -> tuple[Floats, Floats]:
    """(N, K, A) logit choice among what is available, and the (N, K) values."""
    precision = game.players[mover.player].precision
    open_to = mover.available[states][:, None, :]
    top = np.where(open_to, q, -np.inf).max(axis=2, keepdims=True)
    raw = np.where(open_to, np.exp(precision * (np.where(open_to, q, top) - top)), 0.0)
    gamma = raw / raw.sum(axis=2, keepdims=True)
    value = (gamma * q).sum(axis=2)
    if game.shocks and precision > 0:
        value = value - (gamma * np.log(np.where(gamma > 0, gamma, 1.0))).sum(axis=2) / precision
    return gamma, value


def _check(at: Answering) -> None:
    """The believed game knows every state, offers no more than there is, and is right about the others' types."""
    own, other, me = at.counterpart.own, at.believed.game, at.player
    for i, (p, q) in enumerate(zip(own.players, other.players, strict=True)):
        if i != me and np.abs(p.prior - q.prior).max() > _SAME:
            raise _wrong(at, f"the prior of {p.name} differs between the two games", "prior")
    for k, one in enumerate(own.stages):
        there = at.counterpart.states(k)
        if (there < 0).any():
            raise unknown(own, k, int(np.flatnonzero(there < 0)[0]))
        two = other.stages[k]
        for m, n in zip(one.movers, two.movers, strict=True):
            check_open(own, k, m, n, np.arange(len(there)), there, strict=m.player != me)
            kinds = own.type_counts[m.player]
            if m.player != me and not _same_signal(m, n, there):
                raise _wrong(at, f"what is seen of {own.players[m.player].name} at `{one.move}` differs", "signal")
            if m.player != me and not _same_law(one, two, m, n, there, kinds):
                raise _wrong(at, f"how {own.players[m.player].name} changes its type at `{one.move}` differs", "law")
        if not _same_branch_laws(at, k):
            raise _wrong(at, f"how a type changes at `{one.move}` differs between the two games", "law")


def _wrong(at: Answering, message: str, what: str) -> ScenarioError:
    name = at.counterpart.own.players[at.player].name
    return problem(
        "C492", f"{name} is aware of an error, but {message}",
        why=f"then {name} would learn about types in another way than the other side thinks it does",
        fix=f"give both variants the same {what}, or leave `aware` out",
    )  # fmt: skip


def _same_signal(one: Mover, two: Mover, there: Ints) -> bool:
    if one.signal is None or two.signal is None:
        return one.signal is two.signal
    return bool(np.abs(one.signal - two.signal[there]).max(initial=0.0) <= _SAME)


def _same_law(one: Stage, two: Stage, m: Mover, n: Mover, there: Ints, kinds: int) -> bool:
    none = np.full(m.available.shape, -1, dtype=np.int64)
    mine = (none if m.law is None else m.law).ravel()
    theirs = (none if n.law is None else n.law[there]).ravel()
    return bool(np.abs(law_of(one, mine, kinds) - law_of(two, theirs, kinds)).max(initial=0.0) <= _SAME)


def _same_branch_laws(at: Answering, index: int) -> bool:
    own, other = at.counterpart.own, at.believed.game
    one, two = own.stages[index], other.stages[index]
    if one.branch_law is None and two.branch_law is None:
        return True
    match = at.counterpart.branches(index)
    if (match < 0).any():
        return False
    for i, kinds in enumerate(own.type_counts):
        none = np.full(len(match), -1, dtype=np.int64)
        mine = none if one.branch_law is None else one.branch_law[:, i]
        theirs = none if two.branch_law is None else two.branch_law[match, i]
        if i != at.player and np.abs(law_of(one, mine, kinds) - law_of(two, theirs, kinds)).max(initial=0.0) > _SAME:
            return False
    return True
