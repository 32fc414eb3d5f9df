"""A compiled game held against the plain interpreter, entry by entry."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np

from oracles import interpreter as plain
from winset.game.shape import NATURE, label_of


def key_of(scenario, state):
    return tuple(state[v.name] for v in scenario.state)


def compare(scenario, game):
    """Every stage, state, joint type and joint action: same states, same choices, same consequences."""
    moves = len(scenario.round)
    reached = plain.reachable(scenario)
    seen = set()
    for k, stage in enumerate(game.stages):
        number = moves if stage.move == "" else [m.name for m in scenario.round].index(stage.move)
        seen.add((stage.round, number))
        states = [key_of(scenario, game.state(row)) for row in stage.states]
        assert set(states) == reached[stage.round, number]
        assert len(set(states)) == len(states)
        world = plain.World(scenario, stage.round)
        for s, key in enumerate(states):
            state = dict(zip([v.name for v in scenario.state], key, strict=True))
            if number == moves:
                _settlement(scenario, game, k, s, world, state)
            else:
                _move(scenario, game, k, s, world, scenario.round[number], state)
    for place, states in reached.items():
        assert place in seen or not states


def _settlement(scenario, game, k, s, world, state):
    stage = game.stages[k]
    last = stage.round == scenario.clock.rounds
    assert stage.first[s + 1] - stage.first[s] == 1
    b = stage.first[s]
    assert stage.probability[b] == 1
    assert key_of(scenario, game.state(stage.landing[b])) == key_of(scenario, state)
    assert (stage.target[b] < 0) == last
    for t, types in enumerate(plain.joint_types(scenario)):
        pays = plain.due(world, state, types, last)
        for p, player in enumerate(scenario.players):
            assert np.isclose(stage.reward[b, p, t], pays.get(player.name, 0.0), atol=1e-12)
    assert np.allclose(stage.discount, [p.discount for p in game.players])


def _acts(game, stage, s, move, world, state):
    """(acts by player, action numbers), from the compiled availability; checked against the plain one."""
    rows = []
    if not move.sides:
        return [({}, tuple(0 for _ in stage.movers))]
    for side, mover in zip(move.sides, stage.movers, strict=True):
        row = []
        for a, (action, given) in enumerate(plain.choices(side)):
            assert mover.actions[a] == label_of(action, list(given.values()))
            if mover.available[s, a]:
                row.append((side.player, action, given, a))
        if plain.happens(world, move, state):
            assert [(x[1].name, x[2]) for x in row] == [(a.name, g) for a, g in plain.allowed(world, side, state)]
        else:
            assert len(row) == 1
        rows.append(row)
    return [({x[0]: (x[1], x[2]) for x in c}, tuple(x[3] for x in c)) for c in itertools.product(*rows)]


def _move(scenario, game, k, s, world, move, state):
    stage = game.stages[k]
    hidden = {game.players[m.player].name for m in stage.movers if m.signal is not None}
    for acts, numbers in _acts(game, stage, s, move, world, state):
        for t, types in enumerate(plain.joint_types(scenario)):
            told, pay_told = defaultdict(lambda: [0.0, defaultdict(float)]), np.zeros(len(game.players))
            for p, signals, labels, end, over, last, pays in plain.happenings(world, move, state, types, acts):
                kind = (tuple(sorted(signals.items())) if move.sides else (), labels, key_of(scenario, end), over)
                told[kind][0] += p
                told[kind][1][tuple(last.values())] += p
                pay_told += [p * pays.get(q.name, 0.0) for q in scenario.players]
            found, pay_found = _compiled(scenario, game, k, s, numbers, t, hidden, move, world, state)
            assert set(found) == set(told), (stage.move, state, types, acts)
            for kind, (p, after) in told.items():
                assert np.isclose(found[kind][0], p, atol=1e-12)
                for last in {*after, *found[kind][1]}:
                    assert np.isclose(found[kind][1].get(last, 0.0), after.get(last, 0.0), atol=1e-12)
            assert np.allclose(pay_found, pay_told, atol=1e-10), (stage.move, state, types, acts)


def _compiled(scenario, game, k, s, numbers, t, hidden, move, world, state):
    """The same list as the interpreter's, read from the arrays."""
    stage = game.stages[k]
    counts = game.type_counts
    joint = list(itertools.product(*(range(n) for n in counts)))
    theta = joint[t]
    sizes = [len(m.observables) for m in stage.movers]
    found = defaultdict(lambda: [0.0, defaultdict(float)])
    pay = np.zeros(len(game.players))
    if stage.action_reward is not None:
        c = np.ravel_multi_index(numbers, [len(m.actions) for m in stage.movers])
        pay += stage.action_reward[s, c, :, t]
    for j, seen in enumerate(itertools.product(*(range(n) for n in sizes))):
        q, laws, signals = 1.0, defaultdict(list), {}
        for mover, a, o in zip(stage.movers, numbers, seen, strict=True):
            name = game.players[mover.player].name
            q *= float(a == o) if mover.signal is None else mover.signal[s, a, theta[mover.player], o]
            if name in hidden and mover.actions[0] != NATURE and mover.happens[s]:
                signals[name] = mover.observables[o]
            if mover.law is not None and mover.law[s, a] >= 0:
                laws[mover.player].append(stage.laws[mover.law[s, a]])
        branches = range(stage.first[s * stage.joint_observables + j], stage.first[s * stage.joint_observables + j + 1])
        if q > 0:
            assert np.isclose(sum(stage.probability[b] for b in branches), 1, atol=1e-9)
        for b in branches:
            p = q * stage.probability[b]
            assert stage.probability[b] > 0
            if p == 0:
                continue
            label = stage.outcomes[stage.outcome[b]]
            labels = tuple(label.split("+")) if label else ()
            landing = key_of(scenario, game.state(stage.landing[b]))
            if stage.target[b] >= 0:
                assert game.stages[k + 1].states[stage.target[b]] == stage.landing[b]
            kind = (tuple(sorted(signals.items())), labels, landing, bool(stage.target[b] < 0))
            found[kind][0] += p
            pay += p * stage.reward[b, :, t]
            for last, chance in _types(game, stage, b, theta, laws):
                if chance > 0:
                    found[kind][1][last] += p * chance
    return found, pay


def _types(game, stage, b, theta, laws):
    rows = []
    for p, player in enumerate(game.players):
        mats = list(laws[p])
        if stage.branch_law is not None and stage.branch_law[b, p] >= 0:
            mats.append(stage.laws[stage.branch_law[b, p]])
        row = np.zeros(max(game.type_counts))
        row[theta[p]] = 1
        for mat in mats:
            row = row @ mat
        rows.append([(player.types[i], row[i]) for i in range(len(player.types))])
    for combination in itertools.product(*rows):
        yield tuple(c[0] for c in combination), float(np.prod([c[1] for c in combination]))
