"""Several equilibria of one game: finding them at its start, and playing another one than the principal.

*Finite games, and starts that never come again.* At the first stage at which anyone has a choice, at the very states
and beliefs that forced moves and chance lead to, the other fixed points of the stage are looked for while play
afterwards stays on the principal branch. The profile "that fixed point at the start, principal play afterwards" is an
equilibrium of the whole game: nobody chose before, and strategies later depend on the date, the state and the public
belief alone, so each later stage answers the same continuation as before.

*Infinite games* are also solved with other expectations of the far future: the best and the worst that each player
could get from each state. Where that converges to something else, it is another stationary equilibrium.

Each is offered only if the certificate's own code finds it good (`certify.spot`, and all of `certify` for a stationary
one). Other equilibria at later stages are not looked for: another choice there changes what every earlier stage
answers. Nor is the search at the start exhaustive (`solve.others`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product
from math import prod

import numpy as np

from winset.base.words import fine
from winset.certify.certificate import certify
from winset.certify.spot import Spot, certify_spot
from winset.game.bayes import update
from winset.game.extremes import extremes
from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.reach import Nodes, reach
from winset.game.solution import Response, Solution
from winset.learn.histories import led_to, opened, start_nodes
from winset.solve.backward import solve
from winset.solve.others import APART, CONVERGED, choosers, other_fixed_points, padded

OFFERED = 12
"""Most equilibria offered besides the principal one."""
_NODES = 2000
"""Histories before the first choice beyond which none is looked for."""
_ROUNDS = 20
_SEEN = 1e-3
"""Two stationary solutions are compared over so many rounds, at histories at least so likely."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Places of one stage: `states` (N,), `beliefs` (N, R), `mass` (N,) their probabilities; and the `round`."""

    stage: int
    states: Ints
    beliefs: Floats
    mass: Floats
    round: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class AtStart:
    """Other fixed points at the start: `strategies` (N, M, K, A), `changed` (N,) where they are not principal."""

    places: Places
    strategies: Floats
    changed: Bools
    origin: str

    def of(self, principal: Solution) -> Solution:
        """The solution with these played at the start, on whatever grid."""
        return replace(principal, respond=_Opening(principal, self), origin=self.origin)


@dataclass(frozen=True, kw_only=True, eq=False)
class Stationary:
    """A stationary solution reached from other values (S, R) of the far future."""

    start_values: Floats
    sweeps: int
    origin: str

    def of(self, principal: Solution) -> Solution:
        """The game of a solution solved from there, on the same grid."""
        found = solve(
            principal.game, grid=principal.grid, start_values=self.start_values, sweeps=self.sweeps, memory=float("inf")
        )
        return replace(found, origin=self.origin)


Selection = AtStart | Stationary


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search gave, the principal equilibrium left out.

    Attributes:
        selections: how each equilibrium is played; its name is `origin`.
        checks: the certificate of each at the start.
        principal: that of the principal one; None where nobody has a choice.
        refused: how many converged but were not borne out by the certificate's code.
        more: how many combinations of fixed points were not looked at.
    """

    selections: tuple[Selection, ...] = ()
    checks: tuple[Spot, ...] = ()
    principal: Spot | None = None
    refused: int = 0
    more: int = 0


def find(principal: Solution) -> tuple[Found, tuple[Solution, ...]]:
    """Looks for other equilibria of a solved game; see the module's text.

    They are told apart by what believed types do: some probability has to differ by more than `solve.others.APART`.

    Returns:
        What was found, and each of it as a solution on the same grid.
    """
    places = first_choice(principal)
    if places is None:
        return Found(), ()
    game, own = principal.game, _at(principal, places)
    found: list[tuple[Selection, Solution, Spot]] = []
    more = 0
    if game.infinite:
        found += list(_stationary(principal, places))
    # in an infinite game the same stages come before a choice that first comes in a later round
    if not game.infinite or (places.round == 1 and not comes_again(game, places)):
        profiles, count = _profiles(principal, places, own)
        found += list(_at_start(principal, places, profiles, own))
        more = count - len(profiles)
    good = [item for item in found if item[2].passes()]
    named = [(replace(s, origin=f"{i}: {s.origin}"), z, c) for i, (s, z, c) in enumerate(good, start=2)]
    told = Found(
        selections=tuple(s for s, _, _ in named),
        checks=tuple(c for _, _, c in named),
        principal=_checked(principal, places, own),
        refused=len(found) - len(good),
        more=more,
    )
    return told, tuple(replace(z, origin=s.origin) for s, z, _ in named)


def first_choice(solution: Solution) -> Places | None:
    """The places of the first stage at which anyone has a choice, likeliest first; None where there is none to search.

    Nothing is searched where types change before the first choice, or where too many histories lead to it.
    """
    game, number = solution.game, 1
    last = _ROUNDS if game.infinite else len(game.dates)
    nodes: Nodes | None = start_nodes(game)
    while nodes is not None and len(nodes.mass) <= _NODES and number <= last:
        stage = game.stages[nodes.stage]
        rows = zip(nodes.state, nodes.belief, strict=True)
        free = [n for n, (s, pi) in enumerate(rows) if choosers(game, stage, int(s), pi)]
        if free:
            return replace(_merged(game, nodes, free), round=number)
        if stage.laws is not None:
            return None
        layer = opened(game, solution.respond, nodes, number)
        _, nodes = led_to(game, layer)
        number = nodes.round if nodes is not None else number
    return None


def _merged(game: Game, nodes: Nodes, free: list[int]) -> Places:
    """The nodes with a choice, equal ones put together."""
    keys = np.column_stack([nodes.state[free], np.round(nodes.belief[free], 12)])
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    mass = np.bincount(group.reshape(-1), nodes.mass[free]).astype(np.float64)
    rows = game.stages[nodes.stage].states[nodes.state[free]]
    told = [str(sorted(game.state(int(rows[n])).items(), key=str)) for n in first]
    order = sorted(range(len(first)), key=lambda g: (-round(float(mass[g]), 12), told[g]))
    chosen = np.array(free)[first[order]]
    return Places(stage=nodes.stage, states=nodes.state[chosen], beliefs=nodes.belief[chosen], mass=mass[order])


def comes_again(game: Game, places: Places) -> bool:
    """Whether play can come back to one of these states of the stage; infinite games."""
    start = np.zeros(len(game.stages[places.stage].states), dtype=bool)
    start[places.states] = True
    ahead, seen = start, np.zeros_like(start)
    while True:
        for k in range(len(game.stages)):
            index = (places.stage + k) % len(game.stages)
            ahead = _onward(game.stages[index], ahead, len(game.stages[(index + 1) % len(game.stages)].states))
        if not (ahead & ~seen).any():
            return bool((seen & start).any())
        seen |= ahead


def _onward(stage: Stage, here: Bools, size: int) -> Bools:
    """Which states of the next stage follow from those marked `here`."""
    owner = np.repeat(np.arange(len(stage.first) - 1) // stage.joint_observables, np.diff(stage.first))
    target = stage.target[here[owner] & (stage.probability > 0)]
    out = np.zeros(size, dtype=bool)
    out[target[target >= 0]] = True
    return out


def _at(solution: Solution, places: Places) -> Response:
    return solution.respond(places.stage, places.states, places.beliefs)


def _checked(solution: Solution, places: Places, response: Response) -> Spot:
    return certify_spot(solution, places.stage, places.states, places.beliefs, response.strategies)


def _profiles(principal: Solution, places: Places, own: Response) -> tuple[list[tuple[Floats, Bools]], int]:
    """Combinations of fixed points over the places, the principal one left out, and how many there are."""
    base = padded(principal.game, principal.game.stages[places.stage], own.strategies)
    options = []
    for n, (state, belief) in enumerate(zip(places.states, places.beliefs, strict=True)):
        options.append([base[n], *other_fixed_points(principal, places.stage, int(state), belief)])
    picks = product(*(range(len(some)) for some in reversed(options)))
    out = []
    for pick in islice(picks, 1, OFFERED + 1):
        numbers = pick[::-1]
        gamma = np.stack([some[i] for some, i in zip(options, numbers, strict=True)])
        out.append((gamma, np.array(numbers) > 0))
    return out, prod(len(some) for some in options) - 1


def _at_start(principal: Solution, places: Places, profiles: list[tuple[Floats, Bools]],
              own: Response) -> Iterator[tuple[Selection, Solution, Spot]]:  # fmt: skip
    """These profiles as solutions, each with its certificate at the start."""
    for gamma, changed in profiles:
        selection = AtStart(places=places, strategies=gamma, changed=changed, origin="")
        response = _at(selection.of(principal), places)
        selection = replace(selection, origin=told_apart(principal.game, places, response, own))
        yield selection, selection.of(principal), _checked(principal, places, response)


def _stationary(principal: Solution, places: Places) -> Iterator[tuple[Selection, Solution, Spot]]:
    """Other stationary solutions; none where the principal one has not converged itself."""
    if principal.status != "solved":
        return
    game, kept = principal.game, [principal]
    for values in starts(game):
        selection = Stationary(start_values=values, sweeps=2 * principal.sweeps + 50, origin="")
        other = selection.of(principal)
        if other.status != "solved" or certify(other).failures:
            continue
        apart = [difference(other, known) for known in kept]
        if any(where is None for where in apart):
            continue
        kept.append(other)
        where = apart[0]
        assert where is not None
        origin = told_apart(game, where, _at(other, where), _at(principal, where))
        yield replace(selection, origin=origin), other, _checked(other, places, _at(other, places))


def starts(game: Game) -> list[Floats]:
    """(S, R) values to expect of the far future: best for all, worst for all, best for one and worst for the rest."""
    best, worst = extremes(game, best=True), extremes(game, best=False)
    out = [best, worst]
    for i, row in enumerate(game.row_start) if len(game.players) > 1 else ():
        mixed = worst.copy()
        mixed[:, row : row + game.type_counts[i]] = best[:, row : row + game.type_counts[i]]
        out.append(mixed)
    return out


def difference(one: Solution, two: Solution) -> Places | None:
    """The first places on the histories of `one` at which `two` would play differently; None where there are none."""
    game = one.game
    found = reach(game, one.respond, rounds=_ROUNDS, prune=_SEEN)
    for layer in found.layers[:-1]:
        live = np.flatnonzero(~layer.over)
        stage = game.stages[layer.stage]
        if not stage.movers or not len(live):
            continue
        mine = padded(game, stage, layer.strategies)
        other = padded(game, stage, two.respond(layer.stage, layer.state[live], layer.belief[live]).strategies)
        moved = [
            any(np.abs(mine[n, j, k] - other[n, j, k]).max() > APART
                for j, k, _ in choosers(game, stage, int(layer.state[n]), layer.belief[n]))
            for n in live
        ]  # fmt: skip
        if any(moved):
            at = live[np.array(moved)]
            return Places(stage=layer.stage, states=layer.state[at], beliefs=layer.belief[at], mass=layer.mass[at])
    return None


def told_apart(game: Game, places: Places, mine: Response, principal: Response) -> str:
    """What a type does more than in the principal equilibrium, in words: the largest such difference of all places."""
    stage = game.stages[places.stage]
    new, old = (padded(game, stage, r.strategies) for r in (mine, principal))
    found = []
    for n, (state, belief) in enumerate(zip(places.states, places.beliefs, strict=True)):
        for j, k, some in choosers(game, stage, int(state), belief):
            player = game.players[stage.movers[j].player]
            who = f"{player.name}'s {player.types[k]}" if len(player.types) > 1 else player.name
            for a in some:
                more = round(float(new[n, j, k, a] - old[n, j, k, a]), 6)
                said = f"{who} plays {stage.movers[j].actions[a]} {fine(float(new[n, j, k, a]))}"
                found.append((-more, n, f"{said}, not {fine(float(old[n, j, k, a]))}"))
    _, n, text = min(found)
    states = [game.state(int(stage.states[s])) for s in places.states]
    differ = [f"{name} is {value}" for name, value in states[n].items() if len({s[name] for s in states}) > 1]
    return text + (f" where {', '.join(differ)}" if differ else "")


class _Opening:
    """A profile that leaves the principal one at the start only; called as `Solution.respond` is.

    At a belief near a place of the start, its branch of fixed points is followed by Newton; where that does
    not converge, in other states, and later, play is principal.
    """

    def __init__(self, principal: Solution, selection: AtStart) -> None:
        self.principal, self.selection = principal, selection

    def __call__(
        self, index: int, states: Ints, beliefs: Floats, guess: Floats | None = None, along: Ints | None = None
    ) -> Response:
        own = self.principal.respond(index, states, beliefs, guess, along)
        if guess is not None or index > self.selection.places.stage:
            return own
        if index < self.selection.places.stage:
            return replace(own, values=own.values + self._gain(index, np.asarray(states), np.asarray(beliefs)))
        return self._here(own, np.asarray(states), np.asarray(beliefs))

    def _here(self, own: Response, states: Ints, beliefs: Floats) -> Response:
        """The stage of the start: the other fixed point where there is one."""
        places, chosen = self.selection.places, self.selection
        away = np.abs(beliefs[:, None] - places.beliefs[None]).max(axis=2)
        nearest = np.where(states[:, None] == places.states[None], away, np.inf).argmin(axis=1)
        rows = np.flatnonzero((states == places.states[nearest]) & chosen.changed[nearest])
        if not len(rows):
            return own
        other = self.principal.respond(places.stage, states[rows], beliefs[rows], chosen.strategies[nearest[rows]])
        good = other.residual <= CONVERGED
        to = rows[good]
        out = replace(
            own, strategies=tuple(g.copy() for g in own.strategies), values=own.values.copy(),
            residual=own.residual.copy(), folds=own.folds.copy(), how=own.how.copy(),
        )  # fmt: skip
        for mine, theirs in zip(out.strategies, other.strategies, strict=True):
            mine[to] = theirs[good]
        for name in ("values", "residual", "folds", "how"):
            getattr(out, name)[to] = getattr(other, name)[good]
        return out

    def _gain(self, index: int, states: Ints, beliefs: Floats) -> Floats:
        """(N, R) by how much values before the start exceed the principal ones: forced moves and chance in between.

        A type expects an edge with its public probability times the type's posterior over its prior (Bayes' rule)."""
        game, stage = self.principal.game, self.principal.game.stages[index]
        if index == self.selection.places.stage:
            return self(index, states, beliefs).values - self.principal.respond(index, states, beliefs).values
        nodes = Nodes(stage=index, state=states, belief=beliefs, mass=np.ones(len(states)))
        layer = opened(game, self.principal.respond, nodes, 1)
        layer, after = led_to(game, layer)
        out = np.zeros(beliefs.shape)
        if after is None or after.stage <= index:
            return out
        on = np.flatnonzero(layer.child >= 0)
        seen = update(game, stage, states, beliefs, layer.strategies)
        posterior = seen.posterior(layer.node[on], layer.joint[on], changed=False)
        prior = beliefs[layer.node[on]]
        share = np.where(prior > 0, posterior / np.where(prior > 0, prior, 1.0), 1.0) * layer.probability[on, None]
        ahead = self._gain(after.stage, after.state, after.belief) * np.repeat(stage.discount, game.type_counts)
        np.add.at(out, layer.node[on], share * ahead)
        return out
