"""Errors planted in a good solution: would the certificate have noticed?

Each error is one that a solver, or a walk over histories, could make: a strategy that is not the equilibrium's, beliefs
that do not move by Bayes' rule, a branch of chance whose probability is lost, histories that are dropped unsaid. A
planted error is caught when the certificate fails, by the figures that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from winset.certify.certificate import Certificate, Reach, certify
from winset.certify.sweep import Histories
from winset.game.game import Floats, Game, Ints
from winset.game.reach import reach
from winset.game.solution import Response, Search, Solution
from winset.learn.histories import start_nodes
from winset.study.graph import Graph, Walking, walk

Solve = Callable[..., Solution]
SHARE = 0.05
"""Probability that is moved from the likeliest action to another."""
LITTLE = 0.01
"""Probability times the square of what a belief moves: histories in which it is less teach little."""
ROUNDS = 3
"""Rounds of an infinite game that are followed."""
WALKING = Walking(prune=1e-9, spread=3e-5, rounds=ROUNDS)


@dataclass(frozen=True, kw_only=True)
class Planted:
    """What came of one planted error.

    Attributes:
        caught: by these figures of the certificate; empty where it was not noticed.
        where: what was changed, in words.
        why: why the error cannot be made in this game; empty where it was made.
    """

    caught: tuple[str, ...] = ()
    where: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Walked:
    """Histories changed by hand, as the certificate reads them."""

    layers: Sequence[Histories]
    mass_lost: float


def histories(solution: Solution, *, respond: Search | None = None, believe: Any = None) -> Graph:
    """The public histories of a solution, three rounds of an infinite game."""
    return walk(solution.game, respond or solution.respond, start_nodes(solution.game), how=WALKING, believe=believe)


def judged(solution: Solution, graph: Reach | None = None) -> Certificate:
    """The certificate of a solution, along its histories."""
    return certify(solution, reach=histories(solution) if graph is None else graph)


def choice(solution: Solution, graph: Graph) -> tuple[int, int, int, int] | None:
    """(stage, mover, state, type) of the likeliest place at which a type has a choice that it is believed to make.

    None where nobody ever chooses."""
    game, best, out = solution.game, 0.0, None
    for layer in graph.layers:
        stage = game.stages[layer.stage]
        for j, mover in enumerate(stage.movers):
            open_ = (mover.available[layer.state].sum(axis=1) > 1) & mover.happens[layer.state]
            row = game.row_start[mover.player]
            weight = layer.mass[:, None] * layer.belief[:, row : row + game.type_counts[mover.player]]
            weight = np.where(open_[:, None], weight, 0.0)
            if weight.size and weight.max() > best * 1.000001:
                n, kind = np.unravel_index(int(weight.argmax()), weight.shape)
                best, out = float(weight.max()), (layer.stage, j, int(layer.state[n]), int(kind))
    return out


def perturbed_strategy(solution: Solution, *, share: float = SHARE) -> Planted:
    """One type's strategy at one move and state moved by a little, at all beliefs, on the grid and off it."""
    place = choice(solution, histories(solution))
    if place is None:
        return Planted(why="nobody ever has a choice")
    index, j, state, kind = place
    stage, game = solution.game.stages[index], solution.game
    open_ = np.flatnonzero(stage.movers[j].available[state])

    def moved(gamma: Floats) -> Floats:
        """(N, A) strategies, each with a share of the likeliest action given to the least likely one."""
        out = gamma.copy()
        part, each = out[:, open_], np.arange(len(out))
        high, low = part.argmax(axis=1), part.argmin(axis=1)
        low = np.where(high == low, (high + 1) % len(open_), low)
        amount = share * part[each, high]
        part[each, high] -= amount
        part[each, low] += amount
        out[:, open_] = part
        return out

    strategies = [tuple(part) for part in solution.strategies]
    here = [np.array(gamma) for gamma in strategies[index]]
    here[j][state, :, kind] = moved(here[j][state, :, kind])
    strategies[index] = tuple(here)

    def respond(
        index: int, states: Ints, beliefs: Floats, guess: Floats | None = None, along: Ints | None = None
    ) -> Response:
        got = solution.respond(index, states, beliefs)
        if index != place[0]:
            return got
        own = [np.array(gamma) for gamma in got.strategies]
        rows = np.flatnonzero(np.asarray(states) == state)
        own[j][rows, kind] = moved(own[j][rows, kind])
        return replace(got, strategies=tuple(own))

    bad = replace(solution, strategies=tuple(strategies), respond=respond)
    player = game.players[stage.movers[j].player]
    return Planted(
        caught=judged(bad).failures,
        where=f"{player.name}'s strategy at {stage.move}, {share:.0%} of the likeliest action moved to another",
    )


def wrong_posterior(solution: Solution) -> Planted:
    """Histories along which nobody learns: beliefs stay as they are whatever is seen.

    Where little is to be learnt, the belief in one history is moved instead."""
    game = solution.game
    if max(game.type_counts) == 1:
        return Planted(why="no player has private information")

    def still(
        stage: int, states: Ints, beliefs: Floats, strategies: Sequence[Floats], point: Ints, seen: Ints, branch: Ints
    ) -> Floats:
        return np.asarray(beliefs[point])

    right = histories(solution)
    prior = solution.prior()
    learnt = max(float((g.mass[:, None] * (g.belief - prior) ** 2).max(initial=0.0)) for g in right.layers)
    if learnt <= LITTLE:
        return _moved_belief(solution, right)
    return Planted(
        caught=judged(solution, histories(solution, believe=still)).failures,
        where="beliefs kept at the prior whatever is seen",
    )


def _moved_belief(solution: Solution, graph: Graph) -> Planted:
    if len(graph.layers) < 2:
        return Planted(why="the game is over after one move")
    game, layer = solution.game, graph.layers[1]
    which, belief = int(layer.mass.argmax()), layer.belief.copy()
    player = int(np.argmax(game.type_counts))
    row, kinds = game.row_start[player], game.type_counts[player]
    part = belief[which, row : row + kinds]
    belief[which, row : row + kinds] = (1 - SHARE) * part + SHARE * np.eye(kinds)[int(part.argmin())]
    layers = (graph.layers[0], replace(layer, belief=belief), *graph.layers[2:])
    return Planted(
        caught=judged(solution, Walked(layers=layers, mass_lost=graph.mass_lost)).failures,
        where=f"what is believed of {game.players[player].name} in one history moved by {SHARE:.0%}; little is learnt",
    )


def lost_branch(solution: Solution, solve: Solve) -> Planted:
    """The game solved with one branch's probability gone, held against the game as it is.

    The broken game's draw has to be seen not to add up, and its solution not to fit the game as it is. Where several
    equilibria exist the solution may be another of them, at which the branch is never come to; the next likely branch
    is lost then, up to five."""
    game = solution.game
    places = likely_branches(histories(solution))[:5]
    if not places:
        return Planted(why="no branch pays anything or leads anywhere")
    for index, branch in places:
        broken = without_branch(game, index, branch)
        bad = solve(broken, grid=solution.grid)
        if "chance_residual" not in judged(bad).failures:
            break
        caught = certify(replace(bad, game=game)).failures
        if caught:
            return Planted(
                caught=(*caught, "chance_residual (of the broken game)"),
                where=f"a likely branch of {game.stages[index].move or 'the end of a round'} has probability 0",
            )
    return Planted(where=f"a likely branch of {game.stages[places[0][0]].move or 'the end of a round'} lost")


def likely_branches(graph: Graph) -> list[tuple[int, int]]:
    """(stage, branch) of what pays something or leads somewhere, the likeliest first."""
    weight: dict[tuple[int, int], float] = {}
    for layer in graph.layers:
        pays = np.abs(graph.game.stages[layer.stage].reward[layer.branch]).max(axis=(1, 2), initial=0.0)
        for k in np.flatnonzero((layer.child >= 0) | (pays > 0)):
            place = layer.stage, int(layer.branch[k])
            weight[place] = weight.get(place, 0.0) + float(layer.mass[layer.node[k]] * layer.probability[k])
    return sorted((p for p, w in weight.items() if w > 1e-3), key=lambda place: (-weight[place], place))


def without_branch(game: Game, index: int, branch: int) -> Game:
    """The game in which one branch of a stage has lost its probability."""
    probability = game.stages[index].probability.copy()
    probability[branch] = 0.0
    stages = list(game.stages)
    stages[index] = replace(stages[index], probability=probability)
    return replace(game, stages=tuple(stages))


def lost_history(solution: Solution) -> Planted:
    """The likeliest history of the second layer dropped, and its mass not owned to be lost."""
    graph = histories(solution)
    if len(graph.layers) < 2:
        return Planted(why="the game is over after one move")
    layer = graph.layers[1]
    which = int(layer.mass.argmax())
    less = replace(layer, mass=np.where(np.arange(len(layer.mass)) == which, 0.0, layer.mass))
    layers = (graph.layers[0], less, *graph.layers[2:])
    return Planted(
        caught=judged(solution, Walked(layers=layers, mass_lost=graph.mass_lost)).failures,
        where=f"a history of probability {layer.mass[which]:.3g} dropped, and nothing said",
    )


def joint_walk(solution: Solution, *, most: int = 4000, rounds: int = ROUNDS) -> tuple[float, float, float, int]:
    """Beliefs against the joint distribution of types and histories, carried along by definition.

    The probability of every (public history, everybody's type) is pushed forward: by the strategies, the signals and
    the laws of types; nothing is ever divided. The beliefs that the histories carry have to be its shares.

    Returns:
        The largest difference of a belief from them and of a history's probability, both weighted by probability; the
        largest difference of the mean of all beliefs from the prior, where no type ever changes (else 0); how
        many histories were looked at.
    """
    game = solution.game
    found = reach(game, solution.respond, merge=0.0, prune=1e-12, max_nodes=most, rounds=rounds)
    counts = game.type_counts
    prior = np.ones(())
    for player in game.players:
        prior = np.multiply.outer(prior, player.prior)
    first = found.layers[0]
    joint = first.mass.reshape(-1, *[1] * len(counts)) * prior
    belief = mass = mean = 0.0
    changes = any(s.branch_law is not None or any(m.law is not None for m in s.movers) for s in game.stages)
    for layer, following in zip(found.layers, (*found.layers[1:], None), strict=True):
        axes = tuple(range(1, joint.ndim))
        total = joint.sum(axis=axes)
        mass = max(mass, float(np.abs(total - layer.mass).max(initial=0.0)))
        shares = np.concatenate([joint.sum(axis=tuple(a for a in axes if a != i + 1)) for i in range(len(counts))], 1)
        stated = layer.mass[:, None] * layer.belief
        belief = max(belief, float(np.abs(stated - shares).max(initial=0.0)))
        if not changes:
            lost = 1.0 - layer.mass.sum()
            moved = float(np.abs(stated.sum(axis=0) - solution.prior() * layer.mass.sum()).max())
            mean = max(mean, moved - lost)
        if following is not None:
            joint, apart = _pushed(game, layer, joint, following.belief)
            belief = max(belief, apart)
    return belief, mass, max(mean, 0.0), sum(len(layer.mass) for layer in found.layers)


def _pushed(game: Game, layer: Any, joint: Floats, believed: Floats) -> tuple[Floats, float]:
    """(N', K_1, ..., K_P) the joint distribution at the next layer, edges one after the other; and by how much what is
    `believed` there, (N', R), differs from the shares along a single edge, weighted by its probability."""
    edges, stage = layer.edges, game.stages[layer.stage]
    out, apart = np.zeros((len(believed), *game.type_counts)), 0.0
    sizes = [len(m.observables) for m in stage.movers]
    for source, target, seen, branch in zip(edges.source, edges.target, edges.observable, edges.branch, strict=True):
        here = joint[source]
        if branch < 0:  # the game was over already
            out[target] += here
            continue
        state = layer.state[source]
        parts = np.unravel_index(int(seen), sizes) if sizes else ()
        for j, (mover, o) in enumerate(zip(stage.movers, parts, strict=True)):
            kinds = game.type_counts[mover.player]
            step = np.zeros((kinds, kinds))
            for kind in range(kinds):
                for a in np.flatnonzero(mover.available[state]):
                    p = layer.strategies[j][source, kind, a]
                    p *= float(a == o) if mover.signal is None else mover.signal[state, a, kind, o]
                    law = -1 if mover.law is None else int(mover.law[state, a])
                    step[kind] += p * (np.eye(kinds)[kind] if law < 0 else stage.laws[law, kind, :kinds])
            here = np.moveaxis(np.tensordot(here, step, axes=(mover.player, 0)), -1, mover.player)
        here = here * stage.probability[branch]
        for i, kinds in enumerate(game.type_counts):
            law = -1 if stage.branch_law is None else int(stage.branch_law[branch, i])
            if law >= 0:
                here = np.moveaxis(np.tensordot(here, stage.laws[law, :kinds, :kinds], axes=(i, 0)), -1, i)
        out[target] += here
        for i, row in enumerate(game.row_start):
            share = here.sum(axis=tuple(k for k in range(here.ndim) if k != i))
            apart = max(apart, float(np.abs(share - here.sum() * believed[target, row : row + len(share)]).max()))
    return out, apart
