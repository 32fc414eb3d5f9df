"""Random small games, built directly as arrays from a seed, with a check of every invariant that `Game` states.

They hold what the model class holds: single and simultaneous moves, hidden actions, chance that does and does
not read a type, types that change by the mover's own law and on a branch, payoffs that depend on everybody's
type, early ends, actions that are not available, moves that do not happen, different discounts and precisions.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from winset.game.game import Game, GamePlayer, Mover, Stage
from winset.language.scenario import Clock, Scenario

SCENARIO = Scenario(title="random game", clock=Clock(rounds=2), players=(), round=())
KINDS = ("single", "simultaneous", "hidden", "nature", "chance")


def random_game(
    seed: int, *, dimensions: int = 2, strategic: int | None = None, infinite: bool = False, strength: float = 1.0
) -> Game:
    """A game with 2 or 3 players and at most `dimensions` belief coordinates.

    Args:
        seed: the only source of randomness.
        dimensions: largest Σ (K_i - 1).
        strategic: number of stages with movers or chance; None: 2 or 3.
        infinite: the last settlement leads to the first stage.
        strength: factor on every precision; larger means more folds.
    """
    rng = np.random.default_rng(seed)
    counts = _type_counts(rng, dimensions)
    players = tuple(
        GamePlayer(
            name=f"p{i}",
            types=tuple(f"t{k}" for k in range(count)),
            prior=rng.dirichlet(np.full(count, 3.0)),
            discount=float(rng.choice([0.8, 0.9, 1.0])) if not infinite else float(rng.uniform(0.5, 0.8)),
            precision=float(rng.uniform(0.5, 3.0)) * strength,
        )
        for i, count in enumerate(counts)
    )
    number = strategic or int(rng.integers(2, 4))
    kinds = [str(rng.choice(KINDS, p=[0.35, 0.25, 0.2, 0.1, 0.1])) for _ in range(number)]
    if all(k in ("nature", "chance") for k in kinds):
        kinds[-1] = "simultaneous"
    plan = [*kinds, "settle"]
    if number > 2 and rng.random() < 0.5:
        plan.insert(2, "settle")
    sizes = [int(rng.integers(1, 3)) for _ in plan]
    stages, turn = [], 1
    for k, kind in enumerate(plan):
        last = k == len(plan) - 1
        following = (sizes[0] if infinite else 0) if last else sizes[k + 1]
        stages.append(_stage(rng, kind=kind, turn=turn, states=sizes[k], following=following, players=players))
        turn += kind == "settle"
    start = ((0, 1.0),) if sizes[0] == 1 else ((0, 0.4), (1, 0.6))
    game = Game(
        scenario=SCENARIO,
        players=players,
        variables=(("place", ("here", "there", "over")),),
        states=np.arange(3, dtype=np.int64).reshape(3, 1),
        stages=tuple(stages),
        start=start,
        infinite=infinite,
        shocks=bool(rng.random() < 0.25),
        dates=tuple(str(r + 1) for r in range(turn)),
        key=f"random-{seed}-{dimensions}-{strategic}-{infinite}-{strength}",
    )
    validate(game)
    return game


def _type_counts(rng: np.random.Generator, dimensions: int) -> list[int]:
    counts = [int(k) for k in rng.integers(1, 4, size=int(rng.integers(2, 4)))]
    while sum(k - 1 for k in counts) > dimensions:
        counts[int(np.argmax(counts))] -= 1
    return counts


def _mover(rng: np.random.Generator, player: int, types: int, states: int, kind: str, laws: int) -> Mover:
    actions = 1 if kind == "nature" else int(rng.integers(2, 4))
    available = np.ones((states, actions), dtype=np.bool_)
    happens = np.ones(states, dtype=np.bool_)
    labels = tuple(f"a{a}" for a in range(actions)) if kind != "nature" else ("(nature)",)
    observables, signal = labels, None
    for s in range(states):
        if actions > 2 and rng.random() < 0.3:
            available[s, int(rng.integers(actions))] = False
    if kind in ("hidden", "nature"):
        observables = tuple(f"o{o}" for o in range(int(rng.integers(2, 4))))
        signal = rng.dirichlet(np.ones(len(observables)), size=(states, actions, types))
        if rng.random() < 0.3:
            signal[:, :, 0, 0] = 0.0
            signal /= signal.sum(axis=3, keepdims=True)
    elif states > 1 and rng.random() < 0.15:
        happens[1] = False
        available[1] = False
        available[1, 0] = True
    law = rng.integers(-1, laws, size=(states, actions)) if laws and types > 1 and rng.random() < 0.7 else None
    if law is not None:
        law[~happens] = -1
    return Mover(
        player=player,
        actions=labels,
        available=available,
        happens=happens,
        observables=observables,
        signal=signal,
        law=law,
    )


def _laws(rng: np.random.Generator, players: tuple[GamePlayer, ...], number: int) -> np.ndarray:
    widest = max(len(p.types) for p in players)
    out = np.tile(np.eye(widest), (number, 1, 1))
    for law in out:
        width = min(len(p.types) for p in players if len(p.types) > 1) if widest > 1 else 1
        law[:width, :width] = rng.dirichlet(np.ones(width), size=width) * 0.5 + 0.5 * np.eye(width)
    return out


def _stage(
    rng: np.random.Generator, *, kind: str, turn: int, states: int, following: int, players: tuple[GamePlayer, ...]
) -> Stage:
    counts = [len(p.types) for p in players]
    joint_types = int(np.prod(counts))
    laws = _laws(rng, players, 2) if max(counts) > 1 and kind != "settle" and rng.random() < 0.35 else None
    movers: tuple[Mover, ...] = ()
    if kind in ("single", "hidden", "nature"):
        who = int(rng.integers(len(players)))
        movers = (_mover(rng, who, counts[who], states, kind, 0 if laws is None else len(laws)),)
    elif kind == "simultaneous":
        hidden = "hidden" if rng.random() < 0.2 else "single"
        movers = tuple(
            _mover(rng, i, counts[i], states, hidden if i == 0 else "single", 0 if laws is None else len(laws))
            for i in (0, 1)
        )
    first, probability, target, outcome, reward = [0], [], [], [], []
    for s in range(states):
        for joint in product(*(range(len(m.observables)) for m in movers)):
            possible = all(
                m.available[s, o] if m.signal is None else bool(np.any(m.signal[s, m.available[s], :, o] > 0))
                for m, o in zip(movers, joint, strict=True)
            )
            branches = 0 if not possible else (int(rng.integers(2, 4)) if kind == "chance" else int(rng.integers(1, 3)))
            branches = 1 if kind == "settle" else branches
            still = movers and not any(m.happens[s] for m in movers)
            if branches:
                probability.extend(rng.dirichlet(np.ones(branches)))
            for b in range(branches):
                over = following == 0 or (kind != "settle" and not still and rng.random() < 0.12)
                target.append(-1 if over else int(rng.integers(following)))
                outcome.append(b + 1 if branches > 1 else 0)
                pay = rng.uniform(-1, 1, size=(len(players), joint_types))
                if rng.random() < 0.5:
                    pay = pay.mean(axis=1, keepdims=True) + 0.0 * pay
                reward.append(np.zeros_like(pay) if still else pay)
            first.append(len(target))
    landing = np.where(np.array(target) < 0, 2, np.array(target))
    hidden_pay = None
    if any(m.signal is not None for m in movers):
        joint_actions = int(np.prod([len(m.actions) for m in movers]))
        hidden_pay = rng.uniform(-1, 1, size=(states, joint_actions, len(players), joint_types))
    branch_law = None
    if laws is not None and rng.random() < 0.6:
        branch_law = rng.integers(-1, len(laws), size=(len(target), len(players)))
        branch_law[:, [i for i, c in enumerate(counts) if c < 2]] = -1
    settle = np.array([p.discount for p in players]) if kind == "settle" else np.ones(len(players))
    return Stage(
        round=turn,
        move="" if kind == "settle" else kind,
        states=np.arange(states, dtype=np.int64),
        movers=movers,
        discount=settle,
        first=np.array(first, dtype=np.int64),
        probability=np.array(probability, dtype=np.float64),
        target=np.array(target, dtype=np.int64),
        landing=landing.astype(np.int64),
        outcome=np.array(outcome, dtype=np.int64),
        outcomes=("", "x", "y", "z"),
        reward=np.array(reward, dtype=np.float64),
        action_reward=hidden_pay,
        laws=laws,
        branch_law=branch_law,
    )


def validate(game: Game) -> None:
    """Raises AssertionError where the arrays break what `winset.game.game` promises."""
    assert abs(sum(p for _, p in game.start) - 1) < 1e-12
    players = len(game.players)
    joint_types = int(np.prod(game.type_counts))
    for p in game.players:
        assert p.prior.shape == (len(p.types),) and abs(p.prior.sum() - 1) < 1e-12 and np.all(p.prior > 0)
        assert 0 <= p.discount <= 1 and p.precision >= 0
    for k, stage in enumerate(game.stages):
        states, joint = len(stage.states), stage.joint_observables
        following = game.next_stage(k)
        room = 0 if following is None else len(game.stages[following].states)
        assert stage.first.shape == (states * joint + 1,) and stage.first[0] == 0
        assert stage.first[-1] == len(stage.target) == len(stage.probability)
        assert stage.reward.shape == (len(stage.target), players, joint_types)
        assert np.all((stage.target >= -1) & (stage.target < max(room, 0)))
        assert stage.discount.shape == (players,)
        for lo, hi in zip(stage.first[:-1], stage.first[1:], strict=True):
            assert hi == lo or abs(stage.probability[lo:hi].sum() - 1) < 1e-12
        for m in stage.movers:
            assert m.available.shape == (states, len(m.actions)) and np.all(m.available.any(axis=1))
            assert np.all(m.available[~m.happens].sum(axis=1) == 1)
            if m.signal is None:
                assert m.observables == m.actions
            else:
                assert m.signal.shape == (states, len(m.actions), game.type_counts[m.player], len(m.observables))
                assert np.allclose(m.signal.sum(axis=3), 1)
            if m.law is not None:
                assert stage.laws is not None and m.law.max() < len(stage.laws)
        if stage.laws is not None:
            assert np.allclose(stage.laws.sum(axis=2), 1) and np.all(stage.laws >= 0)
            for i, count in enumerate(game.type_counts):
                used = [m.law for m in stage.movers if m.player == i and m.law is not None]
                if stage.branch_law is not None:
                    used.append(stage.branch_law[:, i])
                for number in {int(n) for u in used for n in np.ravel(u) if n >= 0}:
                    assert np.allclose(stage.laws[number, :count, count:], 0)
