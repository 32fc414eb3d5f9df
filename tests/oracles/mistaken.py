"""Games in which somebody believes in another game, by walking every public history in dictionaries and loops.

Each game's belief is kept as the joint probability of the public history and everyone's types *in that game*, so no
product of beliefs and no formula of Bayes is taken over from the package. What follows a move is read from the
scenario's text by `oracles.interpreter`. Strategies come from outside, as functions of (game, date, state, belief).
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

from oracles import interpreter as plain
from winset.game.shape import label_of
from winset.language.variants import apply


class Tree:
    """All public histories of a finite scenario.

    Args:
        scenario: the scenario.
        true: variant of the game as it is.
        homes: the variant that each player believes in, by player.
        solutions: solved games by variant.
        aware: the player who answers what the others really do, if any; its home's beliefs are used.
    """

    def __init__(self, scenario, true, homes, solutions, aware=None):
        self.scenario, self.homes, self.solutions, self.aware = scenario, homes, solutions, aware
        self.texts = {v: apply(scenario, v) for v in {true, *homes.values()}}
        self.true = true
        self.players = [p.name for p in scenario.players]
        self.kinds = {p.name: [t.name for t in p.types] for p in scenario.players}
        self.index = {
            v: [
                {tuple(s.game.state(int(r)).values()): i for i, r in enumerate(stage.states)} for stage in s.game.stages
            ]
            for v, s in solutions.items()
        }
        self.answers = {}
        self.values = {}

    def prior(self, variant):
        """Joint prior of everyone's types."""
        game = self.solutions[variant].game
        each = [list(zip(p.types, p.prior, strict=True)) for p in game.players]
        return {tuple(t for t, _ in c): math.prod(p for _, p in c) for c in itertools.product(*each)}

    def start(self):
        """The start state (these scenarios have one)."""
        return {v.name: v.start[0][0] for v in self.scenario.state}

    def marginals(self, joint):
        """Belief about each player, from joint weights."""
        total = sum(joint.values())
        out = []
        for i, name in enumerate(self.players):
            for kind in self.kinds[name]:
                out.append(sum(p for t, p in joint.items() if t[i] == kind) / total)
        return out

    def strategies(self, variant, k, state, joint):
        """player -> type -> action label -> probability, as played in one game at its belief."""
        import numpy as np

        solution = self.solutions[variant]
        stage = solution.game.stages[k]
        if not stage.movers:
            return {}
        at = self.index[variant][k][tuple(state.values())]
        found = solution.respond(k, np.array([at]), np.array([self.marginals(joint)]))
        out = {}
        for mover, gamma in zip(stage.movers, found.strategies, strict=True):
            name = self.players[mover.player]
            out[name] = {
                kind: dict(zip(mover.actions, gamma[0, n].tolist(), strict=True))
                for n, kind in enumerate(self.kinds[name])
            }
        return out

    def steps(self, variant, number, move, state, joint, played):
        """What one game makes of a move: key -> joint weights after it, and what was paid to whom of which first types.

        Rows of `joint` are everyone's types, and for the truth also the types that everyone began with."""
        world = plain.World(self.texts[variant], number)
        after = defaultdict(lambda: defaultdict(float))
        paid = defaultdict(float)
        for types, weight in joint.items():
            first = types[len(self.players) :]
            named = dict(zip(self.players, types, strict=False))
            for acts, chance in self.joint_acts(world, move, state, named, played):
                for p, seen, labels, end, over, last, pays in plain.happenings(world, move, state, named, acts):
                    key = self.key(move, acts, seen, labels, end, over)
                    after[key][(*(last[n] for n in self.players), *first)] += weight * chance * p
                    for player, amount in pays.items():
                        paid[player, first] += weight * chance * p * amount
        return after, paid

    def joint_acts(self, world, move, state, named, played):
        """Everyone's acts with their probability at these types."""
        if not plain.happens(world, move, state) or not move.sides:
            yield {}, 1.0
            return
        for acts in plain.joint_acts(world, move, state):
            chance = math.prod(
                played[p][named[p]][label_of(action, list(given.values()))] for p, (action, given) in acts.items()
            )
            if chance > 0:
                yield acts, chance

    @staticmethod
    def key(move, acts, seen, labels, end, over):
        """What the public sees of a move."""
        shown = tuple(
            seen.get(side.player) or label_of(acts[side.player][0], list(acts[side.player][1].values()))
            for side in move.sides
            if acts
        )
        return shown, labels, tuple(end.values()), over

    def walk(self, visit=None):
        """Expected discounted payoffs by player, and by (player, type it begins with); `visit` sees every end.

        visit(round, k, state, truth, joints, over) is told of every history at the end of a round or of the game.
        """
        prior = self.prior(self.true)
        joints = {v: self.prior(v) for v in set(self.homes.values())}
        self.total = defaultdict(float)
        self.visit = visit
        self._go(1, 0, self.start(), {t + t: p for t, p in prior.items()}, joints, ())
        out = {p: sum(v for (q, _), v in self.total.items() if q == p) for p in self.players}
        for i, name in enumerate(self.players):
            for kind in self.kinds[name]:
                mine = sum(v for (q, first), v in self.total.items() if q == name and first[i] == kind)
                out[name, kind] = mine / sum(p for t, p in prior.items() if t[i] == kind)
        return out

    def _go(self, number, m, state, truth, joints, history):
        rounds, moves = self.scenario.clock.rounds, self.scenario.round
        k = (number - 1) * (len(moves) + 1) + m
        factor = self.factors(number)
        if m == len(moves):
            world = plain.World(self.texts[self.true], number)
            for types, weight in truth.items():
                named = dict(zip(self.players, types, strict=False))
                for player, amount in plain.due(world, state, named, number == rounds).items():
                    self.total[player, types[len(self.players) :]] += factor[player] * weight * amount
            if self.visit:
                self.visit(number, state, truth, joints, number == rounds)
            if number < rounds:
                self._go(number + 1, 0, state, truth, joints, history)
            return
        move = moves[m]
        theirs = {v: self.strategies(v, k, state, j) for v, j in joints.items()}
        real = {p: theirs[self.homes[p]][p] for p in next(iter(theirs.values()))}
        if self.aware and history in self.answers:
            real[self.aware] = self.answers[history]
        after, paid = self.steps(self.true, number, move, state, truth, real)
        for (player, first), amount in paid.items():
            self.total[player, first] += factor[player] * amount
        believed = {v: self.steps(v, number, move, state, j, theirs[v])[0] for v, j in joints.items()}
        for key, weights in after.items():
            if sum(weights.values()) <= 0:
                continue
            end = dict(zip(state, key[2], strict=True))
            inner = {v: dict(believed[v][key]) for v in joints}
            if key[3]:
                if self.visit:
                    self.visit(number, end, weights, inner, True)
                continue
            self._go(number, m + 1, end, dict(weights), inner, (*history, key))

    def factors(self, number):
        """Discounting up to a round, by player."""
        return {p.name: p.discount ** (number - 1) for p in self.solutions[self.true].game.players}

    def solve_aware(self):
        """Fills `answers` (by public history) with the logit answer of the aware player, from the leaves up."""
        (variant,) = set(self.homes.values())
        joint = self.prior(variant)
        return self._answer(1, 0, self.start(), joint, self.others(self.prior(self.true)), ())

    def others(self, joint):
        """Distribution over the types of everyone but the aware player."""
        me = self.players.index(self.aware)
        out = defaultdict(float)
        for types, weight in joint.items():
            out[types[:me] + types[me + 1 :]] += weight
        total = sum(out.values())
        return {t: p / total for t, p in out.items()}

    def _answer(self, number, m, state, joint, others, history):
        """Own type -> expected discounted payoff from here on, to the aware player."""
        (variant,) = set(self.homes.values())
        me, mine = self.players.index(self.aware), self.kinds[self.aware]
        rounds, moves = self.scenario.clock.rounds, self.scenario.round
        game = self.solutions[self.true].game
        world = plain.World(self.texts[self.true], number)
        k = (number - 1) * (len(moves) + 1) + m
        if m == len(moves):
            ahead = dict.fromkeys(mine, 0.0)
            if number < rounds:
                ahead = self._answer(number + 1, 0, state, joint, others, history)
            out = {}
            for own in mine:
                out[own] = game.players[me].discount * ahead[own]
                for rest, weight in others.items():
                    named = dict(zip(self.players, (*rest[:me], own, *rest[me:]), strict=True))
                    out[own] += weight * plain.due(world, state, named, number == rounds).get(self.aware, 0.0)
            return out
        move = moves[m]
        played = self.strategies(variant, k, state, joint)
        open_ = plain.happens(world, move, state) and any(s.player == self.aware for s in move.sides)
        believed, _ = self.steps(variant, number, move, state, joint, played)
        rows = defaultdict(list)  # own type, own act -> what may follow
        weights = defaultdict(lambda: defaultdict(float))
        for own in mine:
            for rest, weight in others.items():
                named = dict(zip(self.players, (*rest[:me], own, *rest[me:]), strict=True))
                free = {**played, self.aware: defaultdict(lambda: defaultdict(lambda: 1.0))}
                for acts, chance in self.joint_acts(world, move, state, named, free):
                    act = label_of(acts[self.aware][0], list(acts[self.aware][1].values())) if open_ else ""
                    for p, seen, labels, end, over, last, pays in plain.happenings(world, move, state, named, acts):
                        key = self.key(move, acts, seen, labels, end, over)
                        q = weight * chance * p
                        rows[own, act].append((q, key, last[self.aware], pays.get(self.aware, 0.0)))
                        rest_now = tuple(last[n] for n in self.players if n != self.aware)
                        weights[key, own, act][rest_now] += q
        ahead = {}
        for (key, _, _), found in weights.items():
            total = sum(found.values())
            if key in ahead or key[3] or total <= 0:
                continue
            end = dict(zip(state, key[2], strict=True))
            now = {t: p / total for t, p in found.items()}
            ahead[key] = self._answer(number, m + 1, end, dict(believed[key]), now, (*history, key))
        q = defaultdict(dict)
        for (own, act), found in rows.items():
            q[own][act] = sum(p * (pay + (0.0 if key[3] else ahead[key][last])) for p, key, last, pay in found if p > 0)
        if not open_:
            return {own: q[own][""] for own in mine}
        precision = game.players[me].precision
        answer, out = {}, {}
        for own in mine:
            top = max(q[own].values())
            raw = {a: math.exp(precision * (v - top)) for a, v in q[own].items()}
            total = sum(raw.values())
            answer[own] = defaultdict(float, {a: r / total for a, r in raw.items()})
            out[own] = sum(answer[own][a] * q[own][a] for a in raw)
        self.answers[history] = answer
        return out
