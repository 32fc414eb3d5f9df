"""The exact solver of small finite games, on the full tree of public histories: the oracle for the grid.

At every public history, with its exact belief, the stage's fixed point γ = softmax(λ Q(γ)) is followed from the
uniform profile to λ (`exact_path`). Whenever Q is evaluated, continuation values come from the following stage
solved in the same way *at the very posterior*, recursively; nothing is interpolated. The rule of selection is
therefore that of the grid solver: at each stage the principal branch, with the play to come already on its own.
Where Q does not depend on γ (nobody's choice moves a belief that matters, and nobody chooses at the same time)
the softmax is taken directly.

The cost grows with the power of the number of stages at which somebody chooses: two such stages take a second,
three several. Plain numpy; shares no code with the kernels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import SizeError
from winset.game.game import Floats, Game, Ints
from winset.solve.exact_path import follow
from winset.solve.exact_stage import Place, Side, observe, payoffs, place


@dataclass(frozen=True, kw_only=True)
class TreeNode:
    """One public history.

    Attributes:
        history: what the public has seen, as labels ("p0 plays wait", "p0 shows quiet", "chance plays vote").
        stage, state: index of the stage, and of the state within it.
        belief: (R,) stacked.
        probability: of the history from the start, types by the prior.
        strategies: one (K_j, A_j) array per mover; unavailable actions 0.
        values: (R,) expected discounted payoff before the move.
        residual: largest |x - λQ| in logits; folds: met on the way from λ = 0.
        reached: False where the path from λ = 0 was lost.
    """

    history: tuple[str, ...]
    stage: int
    state: int
    belief: Floats
    probability: float
    strategies: tuple[Floats, ...]
    values: Floats
    residual: float
    folds: int
    reached: bool


@dataclass(frozen=True, kw_only=True)
class TreeSolution:
    """The equilibrium at every public history, in order of stages.

    `lost` counts the paths that were lost while values were computed inside the recursion (their values come from
    the last point reached), `inner_folds` the folds met there: with any of either, selection may jump."""

    game: Game
    nodes: tuple[TreeNode, ...]
    lost: int = 0
    inner_folds: int = 0

    @cached_property
    def by_history(self) -> dict[tuple[str, ...], TreeNode]:
        """The nodes by history."""
        return {n.history: n for n in self.nodes}

    @property
    def folded(self) -> tuple[TreeNode, ...]:
        """The histories at which the path from λ = 0 folds or is lost."""
        return tuple(n for n in self.nodes if n.folds or not n.reached)


def solve_tree(game: Game, *, limit_nodes: int = 20_000) -> TreeSolution:
    """Solves a small finite game exactly.

    Args:
        game: finite.
        limit_nodes: most public histories to accept.

    Raises:
        SizeError: the game is infinite, or has more public histories than the limit.
    """
    _refuse(game, limit_nodes)
    work = _Recursion(game=game)
    prior = np.concatenate([p.prior for p in game.players])
    start = [i for i, _ in game.start]
    labels: list[tuple[str, ...]] = [() if len(start) == 1 else (f"start {i}",) for i in start]
    states, beliefs = np.array(start, dtype=np.int64), np.tile(prior, (len(start), 1))
    chance = np.array([p for _, p in game.start])
    nodes: list[TreeNode] = []
    for k in range(len(game.stages)):
        if not states.size:
            break
        solved = work.solve(k, states, beliefs)
        coming: list[tuple[tuple[str, ...], int, Floats, float]] = []
        for n in range(states.size):
            node = TreeNode(
                history=labels[n],
                stage=k,
                state=int(states[n]),
                belief=beliefs[n],
                probability=float(chance[n]),
                strategies=tuple(g[n] for g in solved.strategies),
                values=solved.values[n],
                residual=float(solved.residual[n]),
                folds=int(solved.folds[n]),
                reached=bool(solved.reached[n]),
            )
            nodes.append(node)
            coming.extend(_children(work, node))
        labels = [c[0] for c in coming]
        states = np.array([c[1] for c in coming], dtype=np.int64)
        beliefs = np.array([c[2] for c in coming]).reshape(len(coming), game.rows)
        chance = np.array([c[3] for c in coming])
    return TreeSolution(game=game, nodes=tuple(nodes), lost=work.lost, inner_folds=work.folds)


def _children(work: _Recursion, node: TreeNode) -> list[tuple[tuple[str, ...], int, Floats, float]]:
    """(history, state, belief, probability) of every public continuation."""
    game, here = work.game, work.place(node.stage, node.state)
    stage = game.stages[node.stage]
    plays = [g[:, s.actions][None] for g, s in zip(node.strategies, here.sides, strict=True)]
    seen = observe(here, node.belief[None], plays)
    out = []
    for e, (shown, branch) in enumerate(here.events):
        if here.target[e] < 0:
            continue
        label = list(node.history)
        probability = node.probability * here.chance[e]
        for j, (mover, o) in enumerate(zip(stage.movers, shown, strict=True)):
            probability *= seen.mass[j][0, e]
            verb = "plays" if mover.signal is None else "shows"
            label.append(f"{game.players[mover.player].name} {verb} {mover.observables[o]}")
        if stage.outcome[branch] or len(here.events) > np.prod([len(m.observables) for m in stage.movers]):
            label.append(f"chance plays {stage.outcomes[stage.outcome[branch]]}#{branch}")
        belief = np.concatenate([a[0, e] for a in seen.after])
        out.append((tuple(label), int(here.target[e]), belief, float(probability)))
    return out


@dataclass(frozen=True, kw_only=True)
class _Solved:
    strategies: tuple[Floats, ...]
    values: Floats
    residual: Floats
    folds: Ints
    reached: np.ndarray


@dataclass(kw_only=True)
class _Recursion:
    """Solves stages at any beliefs; remembers only the places and how often a path was lost or folded."""

    game: Game
    lost: int = 0
    folds: int = 0
    places: dict[tuple[int, int], Place] = field(default_factory=dict)

    def place(self, stage: int, state: int) -> Place:
        if (stage, state) not in self.places:
            self.places[stage, state] = place(self.game, stage, state)
        return self.places[stage, state]

    @cached_property
    def quiet_after(self) -> tuple[bool, ...]:
        """Per stage: nobody has a choice at any later one."""
        chooses = [any(np.any(m.available.sum(axis=1) > 1) for m in s.movers) for s in self.game.stages]
        return tuple(not any(chooses[k + 1 :]) for k in range(len(chooses)))

    def ahead(self, stage: int, states: Ints, beliefs: Floats) -> Floats:
        solved = self.solve(stage, states, beliefs)
        self.lost += int(np.sum(~solved.reached))
        self.folds += int(np.sum(solved.folds > 0))
        return solved.values

    def solve(self, stage: int, states: Ints, beliefs: Floats) -> _Solved:
        """The stage at (N,) states and (N, R) beliefs."""
        movers, number = self.game.stages[stage].movers, len(states)
        out = _Solved(
            strategies=tuple(np.zeros((number, self.game.type_counts[m.player], len(m.actions))) for m in movers),
            values=np.full((number, self.game.rows), np.nan),
            residual=np.zeros(number),
            folds=np.zeros(number, dtype=np.int64),
            reached=np.ones(number, dtype=bool),
        )
        for state in np.unique(states):
            rows = np.flatnonzero(states == state)
            self._solve_place(self.place(stage, int(state)), rows, beliefs[rows], out)
        return out

    def _solve_place(self, here: Place, rows: Ints, beliefs: Floats, out: _Solved) -> None:
        precisions = [self.game.players[s.player].precision for s in here.sides]
        logits = np.zeros((len(rows), here.size))

        def pull(which: Ints, x: Floats) -> Floats:
            paid, _ = payoffs(here, beliefs[which], here.softmax(x), self.ahead)
            parts = [lam * (q - q.mean(axis=2, keepdims=True)) for lam, q in zip(precisions, paid, strict=True)]
            return np.concatenate([p.reshape(len(which), -1) for p in parts], axis=1)

        choosing = [s for s in here.sides if len(s.actions) > 1]
        if choosing and self._direct(here, choosing):
            logits = pull(np.arange(len(rows)), logits)
        elif choosing:
            found = follow(pull, len(rows), here.size)
            logits = found.logits
            out.residual[rows], out.folds[rows], out.reached[rows] = found.residual, found.folds, found.reached
        strategies = here.softmax(logits)
        paid, values = payoffs(here, beliefs, strategies, self.ahead)
        for j, (s, g, q, lam) in enumerate(zip(here.sides, strategies, paid, precisions, strict=True)):
            row = self.game.row_start[s.player]
            out.strategies[j][rows[:, None], :, s.actions] = np.moveaxis(g, 1, 2)
            values[:, row : row + q.shape[1]] = self._worth(g, q, lam)
        out.values[rows] = values

    def _worth(self, strategy: Floats, payoff: Floats, precision: float) -> Floats:
        """(N, K) what the move is worth to the mover."""
        if not self.game.shocks or precision == 0:
            return np.einsum("nka,nka->nk", strategy, payoff)
        top = payoff.max(axis=2)
        return top + np.log(np.exp(precision * (payoff - top[..., None])).sum(axis=2)) / precision

    def _direct(self, here: Place, choosing: list[Side]) -> bool:
        """True where payoffs of the actions do not depend on the strategies at this place."""
        if len(choosing) > 1:
            return False
        own = choosing[0]
        if self.game.type_counts[own.player] == 1 and len(here.sides) == 1:
            return True
        return self.quiet_after[here.stage] or bool(np.all(here.target < 0))


def _refuse(game: Game, limit: int) -> None:
    if game.infinite:
        raise SizeError(
            [Diagnostic(code="G902", message="the tree of an infinite game has no end", fix="solve it on a grid")]
        )
    count = np.zeros(len(game.stages[0].states))
    for i, _ in game.start:
        count[i] += 1
    total = count.sum()
    for k, stage in enumerate(game.stages[:-1]):
        following = np.zeros(len(game.stages[k + 1].states))
        per_state = stage.joint_observables
        for s, number in enumerate(count):
            targets = stage.target[stage.first[s * per_state] : stage.first[(s + 1) * per_state]]
            np.add.at(following, targets[targets >= 0], number)
        count = following
        total += count.sum()
    if total > limit:
        raise SizeError(
            [
                Diagnostic(
                    code="G903",
                    message=f"the tree has {total:.0f} public histories, more than {limit}",
                    why="the exact solver visits every one, and solves each stage inside the one before",
                    fix="solve it on a grid, or raise limit_nodes",
                )
            ]
        )
