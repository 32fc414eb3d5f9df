"""Checks a layered graph of public histories: does each layer follow from the one before by Bayes' rule?

From the nodes of a layer the next one is worked out afresh, by state: its probability and its probability-weighted
belief. Merging histories preserves both sums, so any difference is lost mass, a lost branch or a wrong posterior.

And what do the players get along them? `paid_along` adds up payoffs history by history, with no interpolation between
belief nodes, to be held against the values that the solution states at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.certify.arrays import parts, stacked
from winset.certify.kernel import make_seen, observe
from winset.certify.sweep import Histories
from winset.game.game import Floats, Game
from winset.game.kernels import kernel


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Over all steps from a layer to the next, and from the start to the first.

    Attributes:
        mass_missing: probability that ought to be in the layers and is not, summed over the steps.
        mass_moved: largest total variation between a layer's distribution over states and the one worked out.
        belief_moved: largest difference of a probability-weighted belief.
        layer: where the larger of the two last is, counted from 0.
    """

    mass_missing: float
    mass_moved: float
    belief_moved: float
    layer: int


def follow_layers(game: Game, layers: Sequence[Histories]) -> Followed:
    """Works every layer out from the one before. See the module's text."""
    missing = moved = bent = 0.0
    where = 0
    if not layers:
        return Followed(mass_missing=0.0, mass_moved=0.0, belief_moved=0.0, layer=0)
    mass = np.zeros(len(game.stages[layers[0].stage].states))
    for s, p in game.start:
        mass[s] += p
    belief = mass[:, None] * np.concatenate([p.prior for p in game.players])
    for n, layer in enumerate(layers):
        states = np.asarray(layer.state, dtype=np.int64)
        found_mass, found_belief = np.zeros_like(mass), np.zeros_like(belief)
        np.add.at(found_mass, states, layer.mass)
        np.add.at(found_belief, states, layer.mass[:, None] * layer.belief)
        off, bend = 0.5 * float(np.abs(found_mass - mass).sum()), float(np.abs(found_belief - belief).max(initial=0.0))
        if max(off, bend) > max(moved, bent):
            where = n
        missing += float(mass.sum() - found_mass.sum())
        moved, bent = max(moved, off), max(bent, bend)
        following = game.next_stage(layer.stage)
        if following is None or n + 1 == len(layers):
            break
        mass = np.zeros(len(game.stages[following].states))
        belief = np.zeros((mass.size, game.rows))
        gamma = stacked(layer.strategies, max(game.type_counts), states.size)
        beliefs = np.ascontiguousarray(layer.belief, dtype=np.float64)
        _forward(parts(game, layer.stage), states, beliefs, np.asarray(layer.mass), gamma, mass, belief)
    return Followed(mass_missing=missing, mass_moved=moved, belief_moved=bent, layer=where)


@kernel
def _forward(st, states, beliefs, weight, gamma, mass_out, belief_out):
    """Adds to mass_out (S',) and belief_out (S', R) what the nodes lead to."""
    movers = st.player.size
    _, mass, seen, after = make_seen(st)
    joint = st.joint_observables.shape[0]
    for n in range(states.size):
        s = states[n]
        observe(st, s, beliefs[n], gamma[n], mass, seen, after)
        for jo in range(joint):
            p = weight[n]
            belief = beliefs[n].copy()
            for j in range(movers):
                o, i = st.joint_observables[jo, j], st.player[j]
                p *= mass[j, o]
                for th in range(st.types[i]):
                    belief[st.row[i] + th] = after[j, o, th]
            for b in range(st.first[s * joint + jo], st.first[s * joint + jo + 1]):
                if st.target[b] < 0:
                    continue
                share = p * st.probability[b]
                mass_out[st.target[b]] += share
                for i in range(st.types.size):
                    law = st.branch_law[b, i]
                    for th in range(st.types[i]):
                        r = st.row[i] + th
                        if law < 0:
                            belief_out[st.target[b], r] += share * belief[r]
                        else:
                            for new in range(st.types[i]):
                                r2 = st.row[i] + new
                                belief_out[st.target[b], r2] += share * belief[r] * st.laws[law, th, new]


def paid_along(game: Game, layers: Sequence[Histories]) -> Floats:
    """(P,) expected discounted payoffs from the start to the last layer, by Bayes' rule along the histories.

    With EV1 shocks a choice also pays its expected shock, entropy / λ."""
    out, level = np.zeros(len(game.players)), np.ones(len(game.players))
    for layer in layers:
        states = np.asarray(layer.state, dtype=np.int64)
        gamma = stacked(layer.strategies, max(game.type_counts), states.size)
        beliefs = np.ascontiguousarray(layer.belief, dtype=np.float64)
        here = np.zeros(len(game.players))
        _pay(parts(game, layer.stage), states, beliefs, np.asarray(layer.mass), gamma, here)
        out += level * here
        level = level * game.stages[layer.stage].discount
    return out


@kernel
def _pay(st, states, beliefs, weight, gamma, out):
    """Adds to out (P,) what is paid at the nodes of one layer."""
    movers, players = st.player.size, st.types.size
    _, mass, seen, after = make_seen(st)
    joint = st.joint_observables.shape[0]
    for n in range(states.size):
        s = states[n]
        observe(st, s, beliefs[n], gamma[n], mass, seen, after)
        for jo in range(joint):
            p = weight[n]
            for j in range(movers):
                p *= mass[j, st.joint_observables[jo, j]]
            for t in range(st.joint_types.shape[0] if p > 0.0 else 0):
                likely = p
                for i in range(players):
                    th = st.joint_types[t, i]
                    j = st.mover[i]
                    likely *= beliefs[n, st.row[i] + th] if j < 0 else seen[j, st.joint_observables[jo, j], th]
                for i in range(players):
                    out[i] += likely * st.reward[s * joint + jo, i, t]
        for c in range(st.joint_actions.shape[0] if st.action_reward.size else 0):
            for t in range(st.joint_types.shape[0]):
                likely = weight[n]
                for i in range(players):
                    th = st.joint_types[t, i]
                    likely *= beliefs[n, st.row[i] + th]
                    if st.mover[i] >= 0:
                        likely *= gamma[n, st.mover[i], th, st.joint_actions[c, st.mover[i]]]
                for i in range(players):
                    out[i] += likely * st.action_reward[s, c, i, t]
        for j in range(movers if st.shocks else 0):
            i = st.player[j]
            for th in range(st.types[i]):
                for a in range(st.actions[j]):
                    g = gamma[n, j, th, a]
                    if g > 0.0 and st.precision[i] > 0.0:
                        out[i] -= weight[n] * beliefs[n, st.row[i] + th] * g * np.log(g) / st.precision[i]
