"""One stage at one state, for many beliefs at once: payoffs by the definition, in numpy.

Axis letters: N beliefs, E events (a joint observable and a branch of it), K types, A actions, R value rows.
Where an observable has probability zero the belief about its mover stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from winset.game.game import Floats, Game, Ints, Mover, Stage

Ahead = Callable[[int, Ints, Floats], Floats]
"""ahead(stage index, (N,) states, (N, R) beliefs) -> (N, R) values before that stage."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A mover at this state: its available `actions`, `weight` (E, A, K) probability of its part of the
    event given action and type, `passed` (E, A, K, K) the same times its change of type, `likely` (A, K, O) of each
    observable, `law` (A, K, K) of its type.
    """

    player: int
    actions: Ints
    weight: Floats
    passed: Floats
    likely: Floats
    law: Floats
    observed: Ints


@dataclass(frozen=True, kw_only=True)
class Place:
    """A stage at one state. `moved` holds, per player, (E, K, K) changes of type by the branch; `reward`
    (E, P, K...).
    """

    game: Game
    stage: int
    state: int
    sides: tuple[Side, ...]
    events: tuple[tuple[tuple[int, ...], int], ...]
    chance: Floats
    target: Ints
    reward: Floats
    moved: tuple[Floats, ...]
    hidden_reward: Floats | None
    following: int | None

    @property
    def size(self) -> int:
        """Number of unknown logits, Σ K_j A_j."""
        return sum(s.law.shape[1] * len(s.actions) for s in self.sides)

    def softmax(self, logits: Floats) -> list[Floats]:
        """Strategies (N, K, A) of stacked logits (N, size)."""
        out, at = [], 0
        for s in self.sides:
            kinds, actions = s.law.shape[1], len(s.actions)
            x = logits[:, at : at + kinds * actions].reshape(-1, kinds, actions)
            e = np.exp(x - x.max(axis=2, keepdims=True))
            out.append(e / e.sum(axis=2, keepdims=True))
            at += kinds * actions
        return out


def _side(st: Stage, m: Mover, state: int, kinds: int, observed: Ints) -> Side:
    """One mover; `observed` (E,) is its observable at each event."""
    actions = np.flatnonzero(m.available[state])
    likely = np.zeros((len(actions), kinds, len(m.observables)))
    law = np.tile(np.eye(kinds), (len(actions), 1, 1))
    for n, a in enumerate(actions):
        if m.signal is None:
            likely[n, :, a] = 1.0
        else:
            likely[n] = m.signal[state, a, :kinds]
        if m.law is not None and st.laws is not None and m.law[state, a] >= 0:
            law[n] = st.laws[m.law[state, a], :kinds, :kinds]
    weight = np.moveaxis(likely[:, :, observed], 2, 0)
    return Side(
        player=m.player,
        actions=actions,
        weight=weight,
        passed=weight[..., None] * law,
        likely=likely,
        law=law,
        observed=observed,
    )


def place(game: Game, stage: int, state: int) -> Place:
    """Gathers what `payoffs` needs."""
    st, counts = game.stages[stage], game.type_counts
    events, chance, target, reward, rows = [], [], [], [], []
    for joint, seen in enumerate(product(*(range(len(m.observables)) for m in st.movers))):
        at = state * st.joint_observables + joint
        for b in range(st.first[at], st.first[at + 1]):
            events.append((seen, b))
            rows.append(b)
            chance.append(st.probability[b])
            target.append(st.target[b])
            reward.append(st.reward[b].reshape(len(counts), *counts))
    sides = []
    for j, m in enumerate(st.movers):
        observed = np.array([seen[j] for seen, _ in events], dtype=np.int64)
        sides.append(_side(st, m, state, counts[m.player], observed))
    moved = []
    for i, kinds in enumerate(counts):
        change = np.tile(np.eye(kinds), (len(rows), 1, 1))
        for e, b in enumerate(rows):
            if st.branch_law is not None and st.laws is not None and st.branch_law[b, i] >= 0:
                change[e] = st.laws[st.branch_law[b, i], :kinds, :kinds]
        moved.append(change)
    hidden = None
    if st.action_reward is not None:
        shape = [len(m.actions) for m in st.movers]
        hidden = st.action_reward[state].reshape(*shape, len(counts), *counts)
        for j, s in enumerate(sides):
            hidden = np.take(hidden, s.actions, axis=j)
    return Place(
        game=game,
        stage=stage,
        state=state,
        sides=tuple(sides),
        events=tuple(events),
        chance=np.array(chance),
        target=np.array(target, dtype=np.int64),
        reward=np.array(reward),
        moved=tuple(moved),
        hidden_reward=hidden,
        following=game.next_stage(stage),
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the public learns: `mass` (N, E) of each side's observable, `before` and `after` per player (N, E, K):
    the posterior that rewards read, and the one with which the next stage begins."""

    mass: list[Floats]
    before: list[Floats]
    after: list[Floats]


def observe(here: Place, beliefs: Floats, strategies: list[Floats]) -> Seen:
    """Bayes' rule at every event."""
    game, number, count = here.game, len(beliefs), len(here.events)
    parts = [beliefs[:, r : r + k] for r, k in zip(game.row_start, game.type_counts, strict=True)]
    before = [np.broadcast_to(p[:, None, :], (number, count, p.shape[1])) for p in parts]
    after = list(before)
    mass = []
    for s, g in zip(here.sides, strategies, strict=True):
        own = parts[s.player]
        joint = np.einsum("nk,nka,ako->noak", own, g, s.likely)
        told = joint.sum(axis=2)
        then = np.einsum("noak,akl->nol", joint, s.law)
        total = told.sum(axis=2, keepdims=True)
        safe = np.where(total > 0, total, 1.0)
        told = np.where(total > 0, told / safe, own[:, None, :])
        then = np.where(total > 0, then / safe, own[:, None, :])
        before[s.player], after[s.player] = told[:, s.observed], then[:, s.observed]
        mass.append(total[:, s.observed, 0])
    after = [np.einsum("nek,ekl->nel", a, m) for a, m in zip(after, here.moved, strict=True)]
    return Seen(mass=mass, before=before, after=after)


def payoffs(here: Place, beliefs: Floats, strategies: list[Floats], ahead: Ahead) -> tuple[list[Floats], Floats]:
    """Each side's payoff of its actions (N, K, A), and the values (N, R) of the players who do not move (else 0)."""
    game, discount = here.game, here.game.stages[here.stage].discount
    number, count = len(beliefs), len(here.events)
    seen = observe(here, beliefs, strategies)
    then = np.zeros((number, count, game.rows))
    alive = np.flatnonzero(here.target >= 0)
    if here.following is not None and alive.size:
        posterior = np.concatenate(seen.after, axis=2)[:, alive].reshape(-1, game.rows)
        values = ahead(here.following, np.tile(here.target[alive], number), posterior)
        then[:, alive] = values.reshape(number, alive.size, game.rows)
    payoff: list[Floats] = [np.zeros(0)] * len(here.sides)
    rest = np.zeros((number, game.rows))
    for i, (row, kinds) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
        reach = here.chance * np.ones((number, 1))
        own = -1
        for j, s in enumerate(here.sides):
            if s.player == i:
                own = j
            else:
                reach = reach * seen.mass[j]
        now = reach[:, :, None] * _expected(here.reward[:, i], seen.before, i)
        later = np.einsum("ekl,nel->nek", here.moved[i], then[:, :, row : row + kinds])
        later *= discount[i] * reach[:, :, None]
        if own < 0:
            rest[:, row : row + kinds] = (now + later).sum(axis=1)
        else:
            s = here.sides[own]
            payoff[own] = np.einsum("nek,eak->nka", now, s.weight) + np.tensordot(
                later, s.passed, ((1, 2), (0, 3))
            ).transpose(0, 2, 1)
    if here.hidden_reward is not None:
        _add_hidden(here, beliefs, strategies, payoff, rest)
    return payoff, rest


LETTERS = "abcdefgh"


def _expected(reward: Floats, beliefs: list[Floats], player: int) -> Floats:
    """(N, E, K) mean of reward (E, K_0, K_1, ...) over the other players' types."""
    players = len(beliefs)
    others = [i for i in range(players) if i != player]
    terms = ["z" + LETTERS[:players], *["yz" + LETTERS[i] for i in others]]
    return np.einsum(",".join(terms) + "->yz" + LETTERS[player], reward, *[beliefs[i] for i in others])


def _add_hidden(here: Place, beliefs: Floats, strategies: list[Floats], payoff: list[Floats], rest: Floats) -> None:
    """Adds what is paid for the joint action itself, where some action is hidden."""
    game, reward = here.game, here.hidden_reward
    assert reward is not None
    players, sides = len(game.players), len(here.sides)
    kinds, acts = "abcdefgh"[:players], "stuvwxyz"[:sides]
    for i, (row, count) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
        operands, terms = [np.take(reward, i, axis=sides)], [acts + kinds]
        own = ""
        for k, (r, c) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
            if k != i:
                operands.append(beliefs[:, r : r + c])
                terms.append("n" + kinds[k])
        for j, s in enumerate(here.sides):
            if s.player == i:
                own = acts[j]
            else:
                operands.append(strategies[j])
                terms.append("n" + kinds[s.player] + acts[j])
        if not any(t[0] == "n" for t in terms):
            operands.append(np.ones(len(beliefs)))
            terms.append("n")
        total = np.einsum(",".join(terms) + f"->n{kinds[i]}{own}", *operands)
        if own:
            payoff[acts.index(own)] = payoff[acts.index(own)] + total
        else:
            rest[:, row : row + count] += total
