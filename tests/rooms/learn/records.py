"""Records made by hand, and a filter by enumeration: every public history with the joint weights of all types."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from winset.game.game import Game
from winset.game.shape import NATURE
from winset.game.solution import Response
from winset.learn.sighting import Chances, Observations, Report, Sighting


def report(act: str, move: str = "", player: str = "") -> Report:
    return Report(date="2019-10-02", player=player, move=move, act=act)


def sighting(round_: int, move: str, player: str, likelihood: Mapping[str, float], *, otherwise: float = 0.0,
             absent: float = 0.0, says: str = "", might: Mapping[str, Chances] | None = None) -> Sighting:  # fmt: skip
    reports = (report(says, move, player),) if says else ()
    return Sighting(
        round=round_, move=move, player=player, says=says, reports=reports, likelihood=likelihood,
        otherwise=otherwise, absent=absent, might=might or {},
    )  # fmt: skip


def record(*sightings: Sighting, last: int, over: bool = True) -> Observations:
    return Observations(until="", last_round=last, over=over, sightings=sightings)


class Loose:
    """Strategies that depend on stage, state, type and belief, and on nothing that a solver did."""

    def __init__(self, game: Game, seed: int, scale: float = 1.0) -> None:
        self.game, self.seed, self.scale = game, seed, scale

    def __call__(self, index, states, beliefs):
        stage, out = self.game.stages[index], []
        for j, mover in enumerate(stage.movers):
            kinds, actions = self.game.type_counts[mover.player], len(mover.actions)
            rng = np.random.default_rng([self.seed, index, j])
            base = rng.normal(size=(len(stage.states), kinds, actions))
            slope = rng.normal(size=(beliefs.shape[1], kinds, actions))
            q = base[states] + np.einsum("nr,rka->nka", beliefs, slope)
            q = np.where(mover.available[states][:, None, :], self.scale * q, -np.inf)
            q = np.exp(q - q.max(axis=2, keepdims=True))
            out.append(q / q.sum(axis=2, keepdims=True))
        count = len(states)
        zero = np.zeros(count, dtype=np.int64)
        return Response(strategies=tuple(out), values=np.zeros((count, self.game.rows)),
                        residual=np.zeros(count), folds=zero, how=zero)  # fmt: skip


def enumerated(game: Game, respond, observations: Observations):
    """Evidence and posterior (R,) by adding up every play: states, joint types, actions, signals and draws, one by one.

    The public belief that strategies depend on is read off the joint weights of the public history itself."""
    kinds = game.type_counts
    joint = list(product(*(range(k) for k in kinds)))
    prior = {t: float(np.prod([p.prior[k] for p, k in zip(game.players, t, strict=True)])) for t in joint}
    total = 0.0
    posterior = np.zeros(game.rows)
    waiting = {}
    for s in observations.sightings:
        waiting.setdefault((s.round, s.move), []).append(s)

    def close(weights, likelihood, round_, move):
        """A history to its end of the record, over already: later sightings are of moves that do not come about."""
        nonlocal total
        for (number, name), group in waiting.items():
            later = number > round_ or (number == round_ and order[name] > order[move])
            for s in group if later else ():
                likelihood *= s.absent
        for types, w in weights.items():
            total += w * likelihood
            for i, k in enumerate(types):
                posterior[game.row_start[i] + k] += w * likelihood

    order = {s.move: i for i, s in enumerate(game.stages) if s.round == game.stages[0].round}

    def expand(index, round_, state, weights, likelihood):
        stage = game.stages[index]
        mass = sum(weights.values())
        belief = np.zeros(game.rows)
        for types, w in weights.items():
            for i, k in enumerate(types):
                belief[game.row_start[i] + k] += w / mass
        played = respond(index, np.array([state]), belief[None]).strategies if stage.movers else ()
        after: dict = {}
        sizes = [len(m.observables) for m in stage.movers]
        for types, w in weights.items():
            options = []
            for mover, gamma in zip(stage.movers, played, strict=True):
                k, side = types[mover.player], []
                for a, p in enumerate(gamma[0, k]):
                    if p <= 0:
                        continue
                    law = -1 if mover.law is None else int(mover.law[state, a])
                    becomes = np.eye(kinds[mover.player])[k] if law < 0 else stage.laws[law, k, : kinds[mover.player]]
                    signals = [(a, 1.0)] if mover.signal is None else list(enumerate(mover.signal[state, a, k]))
                    side += [(o, l, p * q * b) for o, q in signals for l, b in enumerate(becomes) if q * b > 0]
                options.append(side)
            for choice in product(*options):
                p, new = w, list(types)
                for mover, (_, kind, q) in zip(stage.movers, choice, strict=True):
                    p, new[mover.player] = p * q, kind
                seen = tuple(o for o, _, _ in choice)
                cell = state * stage.joint_observables + (int(np.ravel_multi_index(seen, sizes)) if sizes else 0)
                for branch in range(stage.first[cell], stage.first[cell + 1]):
                    changed = {tuple(new): p * float(stage.probability[branch])}
                    if stage.branch_law is not None:
                        for i in range(len(kinds)):
                            law, spread = int(stage.branch_law[branch, i]), {}
                            for t, q in changed.items():
                                row = np.eye(kinds[i])[t[i]] if law < 0 else stage.laws[law, t[i], : kinds[i]]
                                for l, b in enumerate(row):
                                    t2 = (*t[:i], l, *t[i + 1 :])
                                    spread[t2] = spread.get(t2, 0.0) + q * float(b)
                            changed = spread
                    there = after.setdefault((seen, branch), {})
                    for t, q in changed.items():
                        there[t] = there.get(t, 0.0) + q
        for (seen, branch), there in after.items():
            factor = likelihood
            for s in waiting.get((round_, stage.move), ()):
                factor *= _chance(game, stage, s, state, seen, branch)
            there = {t: q for t, q in there.items() if q > 0}
            if factor <= 0 or not there:
                continue
            target, following = int(stage.target[branch]), game.next_stage(index)
            turns = following is None or game.stages[following].round != stage.round
            if target < 0 or following is None:
                close(there, factor, round_, stage.move)
            elif turns and round_ == observations.last_round:
                close(there, factor, round_ + 1, stage.move)
            else:
                expand(following, round_ + int(turns), target, there, factor)

    for state, p in game.start:
        expand(0, game.stages[0].round, state, {t: p * q for t, q in prior.items() if q > 0}, 1.0)
    return total, posterior / total


def _chance(game, stage, s, state, seen, branch):
    labels = []
    for mover, o in zip(stage.movers, seen, strict=True):
        name = "chance" if mover.actions == (NATURE,) else game.players[mover.player].name
        if name == s.player:
            labels.append(mover.observables[o] if mover.happens[state] else None)
    if s.player == "chance" and stage.outcome[branch] > 0:
        labels = [stage.outcomes[stage.outcome[branch]]]
    if not labels or labels[0] is None:
        return s.absent
    return s.likelihood.get(labels[0], s.likelihood.get(labels[0].split("(")[0], s.otherwise))
